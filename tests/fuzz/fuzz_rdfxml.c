/*
 * The RDF/XML reader. What comes out does not depend on how the bytes came in; records are
 * the graph that was read; what our writers write is read back as the same graph. What was
 * repaired is refused when reading is strict.
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

static void
count_loss(void *ctx, const struct mo_diag *diag)
{
    (void)diag;
    ++*(size_t *)ctx;
}

/* A record as the RDF/XML of rejects, read back. */
static void
look_at_record(void *ctx, const struct mo_record *record)
{
    struct collected before, after;
    struct mo_buf text;
    size_t losses = 0;
    struct mo_sink sink = {count_loss, &losses};
    struct mo_writer_options to = {
        .vocab = fuzz_vocab(), .sink = &sink, .write = convert_take, .ctx = &text};
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
    if (back.read_said.n == 0 && losses == 0)
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

/* Whether something was put right that the specifications forbid. */
static bool
is_repaired(struct mo_str said)
{
    static const char *const codes[] = {"D106", "D111", "D113", "X103", "X104", "X105",
        "X107", "X117", "X119", "X120", "X121", "X124", "X125", "X126", "X127", "X128",
        "X129", "X130", "X131", "X132", "X133", "X134", "X135", "X136"};
    char code[16];

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; ++i) {
        snprintf(code, sizeof code, "[%s]", codes[i]);
        if (mo_str_find(said, mo_str(code), 0) < said.n)
            return true;
    }
    return false;
}

/* Strict reading passes nothing that needed a repair. */
static void
check_strict(struct mo_str data, const struct mo_reader_options *in)
{
    struct conversion tolerant = {
        .reader = mo_rdfxml_reader, .writer = mo_ntriples_writer, .in = *in};
    struct conversion strict = tolerant;

    strict.in.strict = true;
    convert(&tolerant, data, 0);
    convert(&strict, data, 0);
    if (is_repaired(mo_buf_view(&tolerant.read_said)))
        MUST(strict.rejected || strict.state != MO_READER_FINE);
    convert_done(&tolerant);
    convert_done(&strict);
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
    check_strict(text, &in);
    in.strict = true;
    convert_to_dcatap(mo_rdfxml_reader, text, &in, false);
    return 0;
}
