/*
 * The JSON-LD reader, into data.gouv.fr JSON, DCAT-AP JSON and RDF/XML. What comes out does
 * not depend on how the bytes came in, can be parsed, and but for data.gouv.fr is read back as
 * the same graph.
 */
#include "convert.h"

static void
check_datagouv(struct mo_str data, const struct mo_reader_options *in, bool pretty)
{
    struct conversion c = {.reader = mo_jsonld_reader,
        .writer = mo_datagouv_writer,
        .in = *in,
        .to = {.pretty = pretty, .languages = {{"fr", 2}, {"en", 2}}, .n_languages = 2}};

    convert_both_ways(&c, data);
    fuzz_must_be_json(mo_buf_view(&c.out));
    convert_done(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mo_str text = fuzz_str(data, size);
    uint64_t dice = fuzz_seed(text);
    struct mo_reader_options in = {.join = (enum mo_join)fuzz_roll(&dice, 3)};

    if (fuzz_roll(&dice, 2))
        in.base = mo_str("http://e.fr/base/");
    if (fuzz_roll(&dice, 8) == 0)
        in.max_bytes = 200;
    check_datagouv(text, &in, fuzz_roll(&dice, 2));
    convert_to_dcatap(mo_jsonld_reader, text, &in, fuzz_roll(&dice, 2));
    convert_to_rdfxml(mo_jsonld_reader, text, &in);
    in.strict = true;
    check_datagouv(text, &in, false);
    return 0;
}
