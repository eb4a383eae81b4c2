/*
 * The data.gouv.fr reader, into DCAT-AP JSON and back into data.gouv.fr JSON. What comes out
 * does not depend on how the bytes came in, is JSON, and as DCAT-AP is read back as the same
 * graph; what it keeps never breaks the JSON that it goes back into; and written as
 * data.gouv.fr JSON it is read back as the same graph, whatever is kept there.
 */
#include "convert.h"

static void
check_back(struct mo_str data, const struct mo_reader_options *in, bool lines)
{
    struct conversion there = {
        .reader = mo_datagouv_reader, .writer = mo_dcatap_writer, .in = *in};
    struct conversion back = {.reader = mo_jsonld_reader,
        .writer = mo_datagouv_writer,
        .in = {.max_depth = MO_JSON_MAX_DEPTH},
        .to = {.lines = lines, .languages = {{"fr", 2}}, .n_languages = 1}};

    convert_both_ways(&there, data);
    convert(&back, mo_buf_view(&there.out), 0);
    if (!lines)
        fuzz_must_be_json(mo_buf_view(&back.out));
    convert_done(&there);
    convert_done(&back);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mo_str text = fuzz_str(data, size);
    uint64_t dice = fuzz_seed(text);
    struct mo_reader_options in = convert_options(&dice, 200);

    convert_to_dcatap(mo_datagouv_reader, text, &in, fuzz_roll(&dice, 2));
    check_back(text, &in, fuzz_roll(&dice, 2));
    convert_to_datagouv(mo_datagouv_reader, text, &in);
    in.strict = true;
    check_back(text, &in, false);
    return 0;
}
