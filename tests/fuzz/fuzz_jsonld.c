/*
 * The JSON-LD reader, into data.gouv.fr JSON, DCAT-AP JSON, RDF/XML and N-Quads. What comes
 * out does not depend on how the bytes came in, can be parsed, and as DCAT-AP and RDF/XML is
 * read back as the same graph.
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

/* Contexts by URL: one that is fine, two that include each other, one that is broken. */
static int
give_context(void *ctx, struct mo_str url, struct mo_buf *out)
{
    static const char *const contexts[][2] = {
        {"http://e.fr/c",
            "{\"@context\":{\"@vocab\":\"http://e.fr/\",\"t\":{\"@id\":\"u\","
            "\"@type\":\"@id\",\"@context\":\"http://e.fr/c\"}}}"},
        {"http://e.fr/a", "{\"@context\":[\"b\",{\"p\":\"http://e.fr/p\"}]}"},
        {"http://e.fr/b",
            "{\"@context\":{\"@import\":\"c\",\"q\":{\"@id\":\"p\",\"@context\":\"a\"}}}"},
        {"http://e.fr/x", "{\"@context\":"},
    };

    (void)ctx;
    for (size_t i = 0; i < sizeof contexts / sizeof contexts[0]; ++i)
        if (mo_str_is(url, contexts[i][0]))
            return mo_buf_c(out, contexts[i][1]);
    return -1;
}

static void
check_quads(struct mo_str data, const struct mo_reader_options *in)
{
    struct conversion c = {
        .reader = mo_jsonld_reader, .writer = mo_ntriples_writer, .in = *in};

    c.in.graph = c.in.quads = true;
    convert_both_ways(&c, data);
    convert_done(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mo_str text = fuzz_str(data, size);
    uint64_t dice = fuzz_seed(text);
    struct mo_reader_options in = convert_options(&dice, 200);

    in.context = give_context;
    in.no_default_context = fuzz_roll(&dice, 2);
    check_datagouv(text, &in, fuzz_roll(&dice, 2));
    convert_to_dcatap(mo_jsonld_reader, text, &in, fuzz_roll(&dice, 2));
    convert_to_rdfxml(mo_jsonld_reader, text, &in);
    check_quads(text, &in);
    in.strict = true;
    check_quads(text, &in);
    check_datagouv(text, &in, false);
    return 0;
}
