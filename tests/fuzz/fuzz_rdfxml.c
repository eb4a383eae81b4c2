/*
 * The RDF/XML reader. What comes out does not depend on how the bytes came in; records are
 * the graph that was read; what our writers write is read back as the same graph.
 */
#include "convert.h"

/* Whether reading said that it dropped or could not keep something. */
static bool
is_whole(const struct conversion *c)
{
    return c->state == MO_READER_FINE && c->worst < MO_ERROR && c->rejected == 0;
}

static void
check_records_are_the_graph(struct mo_str data, const struct mo_reader_options *in)
{
    struct collected all, parts;
    struct conversion graph = {.reader = mo_rdfxml_reader,
        .writer = mo_ntriples_writer,
        .in = *in,
        .look = collected_take,
        .ctx = &all};
    struct conversion records = graph;

    collected_init(&all);
    collected_init(&parts);
    graph.in.graph = true;
    records.ctx = &parts;
    convert_both_ways(&graph, data);
    convert_both_ways(&records, data);
    if (is_whole(&graph) && is_whole(&records))
        collected_must_equal(&all, &parts);
    convert_done(&graph);
    convert_done(&records);
    collected_done(&all);
    collected_done(&parts);
}

/* A record as the RDF/XML of rejects, read back. */
static void
look_at_record(void *ctx, const struct mo_record *record)
{
    struct collected before, after;
    struct mo_buf text;
    struct mo_writer_options to = {
        .vocab = fuzz_vocab(), .write = convert_take, .ctx = &text};
    struct mo_writer *writer;
    struct conversion back = {.reader = mo_rdfxml_reader,
        .writer = mo_ntriples_writer,
        .in = {.graph = true, .max_depth = 400},
        .look = collected_take,
        .ctx = &after};

    (void)ctx;
    collected_init(&before);
    collected_init(&after);
    collected_take(&before, record);
    mo_buf_init(&text, FUZZ_MAX);
    writer = mo_rdfxml_record_writer(&to);
    MUST(writer && mo_writer_put(writer, record) == MO_PUT_WRITTEN);
    MUST(mo_writer_end(writer, false) == 0);
    mo_writer_free(writer);
    convert(&back, mo_buf_view(&text), 0);
    if (back.rejected || back.state != MO_READER_FINE)
        fprintf(stderr, MO_FMT "\n" MO_FMT, MO_ARG(mo_buf_view(&text)),
            MO_ARG(mo_buf_view(&back.read_said)));
    MUST(back.rejected == 0 && back.state == MO_READER_FINE);
    if (back.read_said.n == 0)
        collected_must_equal(&before, &after);
    convert_done(&back);
    mo_buf_done(&text);
    collected_done(&before);
    collected_done(&after);
}

static void
check_records(struct mo_str data, const struct mo_reader_options *in)
{
    struct conversion c = {.reader = mo_rdfxml_reader,
        .writer = mo_ntriples_writer,
        .in = *in,
        .look = look_at_record};

    convert(&c, data, 0);
    convert_done(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mo_str text = fuzz_str(data, size);
    uint64_t dice = fuzz_seed(text);
    struct mo_reader_options in = convert_options(&dice, 400);

    check_records_are_the_graph(text, &in);
    convert_to_dcatap(mo_rdfxml_reader, text, &in, fuzz_roll(&dice, 2));
    convert_to_rdfxml(mo_rdfxml_reader, text, &in);
    check_records(text, &in);
    in.strict = true;
    convert_to_dcatap(mo_rdfxml_reader, text, &in, false);
    return 0;
}
