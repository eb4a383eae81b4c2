/*
 * The readers of CKAN's, Opendatasoft's and data.json's JSON. What comes out does not depend on
 * how the bytes came in; DCAT-AP JSON is read back as the same graph, and data.gouv.fr JSON is
 * JSON.
 */
#include "convert.h"

static void
check_datagouv(struct mo_reader *(*reader)(const struct mo_reader_options *options),
    struct mo_str data, const struct mo_reader_options *in)
{
    struct conversion there = {.reader = reader,
        .writer = mo_datagouv_writer,
        .in = *in,
        .to = {.languages = {{"fr", 2}}, .n_languages = 1}};

    convert_both_ways(&there, data);
    fuzz_must_be_json(mo_buf_view(&there.out));
    convert_done(&there);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct mo_reader *(*const readers[])(const struct mo_reader_options *) = {
        mo_ckan_reader, mo_ods_reader, mo_datajson_reader};
    struct mo_str text = fuzz_str(data, size);
    uint64_t dice = fuzz_seed(text);
    struct mo_reader_options in = convert_options(&dice, 200);

    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; ++i) {
        convert_to_dcatap(readers[i], text, &in, fuzz_roll(&dice, 2));
        check_datagouv(readers[i], text, &in);
    }
    in.strict = true;
    convert_to_dcatap(readers[fuzz_roll(&dice, 3)], text, &in, true);
    return 0;
}
