/*
 * Whatever records a reader makes of a document, together they say what the document
 * says: of documents made at random, the graph and what the records came to after a
 * way through DCAT-AP JSON, or data.gouv.fr JSON, are compared in canonical form.
 */
#include "unit.h"

#include <stdlib.h>

#include <moisson/moisson.h>

#include "dcat/vocab.h"
#include "rdf/canon.h"
#include "rdf/graph.h"

enum { MAX_DOCUMENT = 64 << 10, MAX_STMTS = 4096, WORK = 20000 };

static struct mo_vocab *vocab;

/* ---- A document at random ---- */

static uint32_t state;

static uint32_t
draw(uint32_t n)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % n;
}

static const char *const classes[] = {"dcat:Dataset", "dcat:Dataset", "dcat:Catalog",
    "dcat:Distribution", "dcat:DataService", "dcat:CatalogRecord", "dcat:DatasetSeries",
    "foaf:Agent", "rdf:Description", "rdf:Description", "skos:Concept",
    "skos:ConceptScheme", "dct:Location"};

static const char *const properties[] = {"dcat:dataset", "dcat:dataset",
    "dcat:distribution", "dcat:accessService", "dcat:record", "foaf:primaryTopic",
    "foaf:isPrimaryTopicOf", "dct:hasPart", "dct:isPartOf", "dct:publisher",
    "dcat:service", "dcat:servesDataset", "dcat:inSeries", "dcat:catalog", "dcat:theme",
    "dct:spatial", "dct:relation", "dcat:downloadURL", "dcat:accessURL", "dct:license",
    "dct:format", "dct:accessRights", "dcat:contactPoint", "e:other"};

static const char *const literals[] = {"<dct:title>T%u</dct:title>",
    "<dct:description xml:lang='en'> D%u</dct:description>",
    "<dct:description>&lt;p&gt;H&lt;/p&gt;%u</dct:description>",
    "<dct:identifier>%u</dct:identifier>", "<dct:license>L%u</dct:license>",
    "<dct:modified>209%u</dct:modified>", "<dct:issued>201%u-01-01</dct:issued>",
    "<dcat:byteSize>%u</dcat:byteSize>", "<foaf:name>N%u</foaf:name>",
    "<dct:temporal>200%u/2030</dct:temporal>", "<dct:format>F%u</dct:format>",
    "<dcat:downloadURL>http://e.fr/ %u</dcat:downloadURL>",
    "<dct:accrualPeriodicity>hebdomadaire %u</dct:accrualPeriodicity>"};

enum { N_CLASSES = sizeof classes / sizeof classes[0] };

#define ONE_OF(list) (list)[draw(sizeof(list) / sizeof(list)[0])]

static void put_described(struct mo_buf *out, unsigned depth);

static void
put_property(struct mo_buf *out, unsigned depth)
{
    const char *property = ONE_OF(properties);

    switch (draw(depth < 4 ? 7 : 5)) {
    case 0:
        mo_buf_printf(out, "<dct:title xml:lang='fr'>T%u</dct:title>", draw(3));
        break;
    case 1:
        mo_buf_printf(
            out, "<%s rdf:resource='http://e.fr/%u'/>", property, draw(N_CLASSES));
        break;
    case 2:
        mo_buf_printf(out, "<%s rdf:nodeID='b%u'/>", property, draw(N_CLASSES));
        break;
    case 3: mo_buf_printf(out, "<dcat:keyword>mot %u</dcat:keyword>", draw(3)); break;
    case 4: mo_buf_printf(out, ONE_OF(literals), draw(3)); break;
    default:
        mo_buf_printf(out, "<%s>", property);
        put_described(out, depth + 1);
        mo_buf_printf(out, "</%s>", property);
    }
}

/* A node with a name has one class in a document, which is not always said. */
static void
put_described(struct mo_buf *out, unsigned depth)
{
    unsigned name = draw(4 * N_CLASSES);
    bool named = name < 2 * N_CLASSES;
    const char *class = classes[name % N_CLASSES];

    if (named && draw(4) == 0)
        class = "rdf:Description";
    mo_buf_printf(out, "<%s", class);
    if (named)
        mo_buf_printf(out, name % 2 ? " rdf:about='http://e.fr/%u'" : " rdf:nodeID='b%u'",
            name % N_CLASSES);
    mo_buf_c(out, ">");
    if (draw(2))
        mo_buf_printf(out, "<dct:title xml:lang='fr'>T%u</dct:title>", draw(3));
    for (unsigned n = draw(5); n > 0; --n)
        put_property(out, depth);
    mo_buf_printf(out, "</%s>", class);
}

static void
put_document(struct mo_buf *out)
{
    mo_buf_c(out,
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
        " xmlns:dcat='http://www.w3.org/ns/dcat#' xmlns:dct='http://purl.org/dc/terms/'"
        " xmlns:skos='http://www.w3.org/2004/02/skos/core#' xmlns:e='http://e.fr/ns#'"
        " xmlns:foaf='http://xmlns.com/foaf/0.1/'>\n");
    for (unsigned n = 1 + draw(6); n > 0; --n) {
        put_described(out, 0);
        mo_buf_c(out, "\n");
    }
    mo_buf_c(out, "</rdf:RDF>\n");
}

/* ---- Through the library ---- */

static int
append(void *ctx, struct mo_str bytes)
{
    return mo_buf_str(ctx, bytes);
}

static void
copy(struct mo_graph *graph, const struct mo_stmt *s)
{
    mo_graph_add(graph, mo_graph_import(graph, s->s), mo_graph_import(graph, s->p),
        mo_graph_import(graph, s->o));
}

static void
drain(struct mo_reader *reader, struct mo_writer *writer, struct mo_graph *graph)
{
    const struct mo_record *record;

    while (mo_reader_next(reader, &record) == 1) {
        if (writer)
            CU_ASSERT_EQUAL(mo_writer_put(writer, record), MO_PUT_WRITTEN);
        for (size_t i = 0; graph && i < record->n_nodes; ++i)
            for (const struct mo_stmt *s = record->nodes[i]->first; s; s = s->next)
                copy(graph, s);
    }
}

/* Read `text` in pieces of `step` bytes. */
static void
read_all(struct mo_reader *reader, struct mo_str text, size_t step,
    struct mo_writer *writer, struct mo_graph *graph)
{
    for (size_t at = 0; at < text.n; at += step) {
        mo_reader_push(
            reader, mo_str_n(text.p + at, text.n - at < step ? text.n - at : step));
        drain(reader, writer, graph);
    }
    mo_reader_end(reader);
    drain(reader, writer, graph);
    CU_ASSERT_EQUAL(mo_reader_state(reader), MO_READER_FINE);
    CU_ASSERT_EQUAL(mo_reader_rejected(reader), 0);
    mo_reader_free(reader);
}

static void
canonical_of(const struct mo_graph *graph, struct mo_buf *out)
{
    const struct mo_stmt **stmts = calloc(MAX_STMTS, sizeof *stmts);
    size_t n = 0;

    for (const struct mo_term *s = graph->subjects; s; s = s->next_subject)
        for (const struct mo_stmt *stmt = s->first; stmt && n < MAX_STMTS;
             stmt = stmt->next)
            stmts[n++] = stmt;
    mo_buf_clear(out);
    if (mo_canon(stmts, n, WORK, out) == MO_CANON_TOO_HARD)
        mo_buf_clear(out);
    free(stmts);
}

static void
canonical(struct mo_reader *reader, struct mo_str text, struct mo_buf *out)
{
    struct mo_graph *graph = mo_graph_new(vocab->lexicon, 16 << 20);

    read_all(reader, text, text.n, NULL, graph);
    canonical_of(graph, out);
    mo_graph_free(graph);
}

static const struct manner {
    const char *name;
    enum mo_join join;
    size_t step;
    bool lines;
} manners[] = {{"waiting where wanted", MO_JOIN_AUTO, 4096, false},
    {"in small pieces, as lines", MO_JOIN_AUTO, 7, true},
    {"all waiting", MO_JOIN_ALWAYS, 4096, false},
    {"none waiting", MO_JOIN_NEVER, 4096, false}};

/* Whether the records say what the document says; shown in full when `show`. */
static bool
compare(struct mo_str document, const struct manner *manner, bool show)
{
    struct mo_reader_options graph = {.vocab = vocab, .graph = true};
    struct mo_reader_options in = {.vocab = vocab, .join = manner->join};
    struct mo_writer_options out = {
        .vocab = vocab, .write = append, .lines = manner->lines};
    struct mo_buf want, json, got;
    struct mo_writer *writer;
    bool same;

    mo_buf_init(&want, 4 << 20);
    mo_buf_init(&json, 4 << 20);
    mo_buf_init(&got, 4 << 20);
    out.ctx = &json;
    writer = mo_dcatap_writer(&out);
    read_all(mo_rdfxml_reader(&in), document, manner->step, writer, NULL);
    CU_ASSERT_EQUAL(mo_writer_end(writer, false), 0);
    mo_writer_free(writer);
    canonical(mo_rdfxml_reader(&graph), document, &want);
    canonical(mo_jsonld_reader(&graph), mo_buf_view(&json), &got);
    same = mo_str_eq(mo_buf_view(&got), mo_buf_view(&want)) || want.n == 0;
    if (!same && show)
        printf("\n%s:\n%.*s--- as JSON:\n%.*s\n--- wanted:\n%.*s--- got:\n%.*s",
            manner->name, (int)document.n, document.p, (int)json.n, json.p, (int)want.n,
            want.p, (int)got.n, got.p);
    mo_buf_done(&want);
    mo_buf_done(&json);
    mo_buf_done(&got);
    return same;
}

static void
records_together_are_the_document(void)
{
    uint32_t seeds = getenv("SEEDS") ? (uint32_t)atol(getenv("SEEDS")) : 1000;
    struct mo_tables *tables = mo_tables_new();
    struct mo_buf document, worst;
    const struct manner *how = NULL;
    unsigned failures = 0;

    vocab = mo_vocab_new(tables, NULL);
    mo_buf_init(&document, MAX_DOCUMENT);
    mo_buf_init(&worst, MAX_DOCUMENT);
    for (uint32_t seed = 1; seed <= seeds; ++seed) {
        state = seed;
        mo_buf_clear(&document);
        put_document(&document);
        for (size_t i = 0; i < sizeof manners / sizeof manners[0]; ++i) {
            if (compare(mo_buf_view(&document), &manners[i], false))
                continue;
            ++failures;
            if (how && document.n >= worst.n)
                continue;
            how = &manners[i];
            mo_buf_clear(&worst);
            mo_buf_str(&worst, mo_buf_view(&document));
        }
    }
    if (how) { /* the shortest of those that failed */
        compare(mo_buf_view(&worst), how, true);
        printf("\n%u failures, of which this is the shortest\n", failures);
    }
    CU_ASSERT_EQUAL(failures, 0);
    mo_buf_done(&document);
    mo_buf_done(&worst);
    mo_vocab_free(vocab);
    mo_tables_free(tables);
}

/* ---- Through data.gouv.fr JSON ---- */

static void
count_loss(void *ctx, const struct mo_stmt *stmt)
{
    (void)stmt;
    ++*(unsigned *)ctx;
}

/* What was said of a field that nobody edited, or of kept RDF that is as it was written. */
static void
count_edits(void *ctx, const struct mo_diag *diag)
{
    *(unsigned *)ctx += diag->id == MO_DIAG_EDITED_FIELD ||
                        diag->id == MO_DIAG_KEPT_RDF || diag->id == MO_DIAG_KEPT_OTHERS;
}

/* That a catalogue lists a node inside is said by the node's own record. */
static void
copy_record(struct mo_graph *graph, const struct mo_record *record)
{
    for (size_t i = 0; i < record->n_nodes; ++i) {
        for (const struct mo_stmt *s = record->nodes[i]->first; s; s = s->next)
            copy(graph, s);
        for (const struct mo_stmt *s = record->nodes[i]->first_link; s; s = s->next)
            if (i == 0 || !mo_vocab_lists(vocab, s))
                copy(graph, s);
    }
}

/* Write the records as one document; `graph`: all that data.gouv.fr does not refuse. */
static void
write_datagouv(
    struct mo_str document, struct mo_buf *json, struct mo_graph *graph, unsigned *lost)
{
    struct mo_reader_options in = {.vocab = vocab};
    struct mo_writer_options out = {.vocab = vocab,
        .write = append,
        .ctx = json,
        .lose = count_loss,
        .lose_ctx = lost,
        .languages = {{"fr", 2}, {"en", 2}},
        .n_languages = 2};
    struct mo_reader *reader = mo_rdfxml_reader(&in);
    struct mo_writer *writer = mo_datagouv_writer(&out);
    const struct mo_record *record;

    mo_reader_push(reader, document);
    mo_reader_end(reader);
    while (mo_reader_next(reader, &record) == 1) {
        enum mo_put put = mo_writer_put(writer, record);

        CU_ASSERT(put != MO_PUT_TROUBLE && put != MO_PUT_PASSED);
        if (put != MO_PUT_REJECTED)
            copy_record(graph, record);
    }
    CU_ASSERT_EQUAL(mo_writer_end(writer, false), 0);
    mo_writer_free(writer);
    mo_reader_free(reader);
}

static bool
comes_back(struct mo_str document, bool show)
{
    unsigned lost = 0, edits = 0;
    struct mo_sink sink = {.report = count_edits, .ctx = &edits};
    struct mo_reader_options back = {.vocab = vocab, .sink = &sink, .graph = true};
    struct mo_graph *graph = mo_graph_new(vocab->lexicon, 16 << 20);
    struct mo_buf want, json, got;
    bool same;

    mo_buf_init(&want, 4 << 20);
    mo_buf_init(&json, 4 << 20);
    mo_buf_init(&got, 4 << 20);
    write_datagouv(document, &json, graph, &lost);
    canonical_of(graph, &want);
    canonical(mo_datagouv_reader(&back), mo_buf_view(&json), &got);
    same = (mo_str_eq(mo_buf_view(&got), mo_buf_view(&want)) || want.n == 0) &&
           lost + edits == 0;
    if (!same && show)
        printf(
            "\n%u lost, %u edited:\n%.*s--- as JSON:\n%.*s\n--- wanted:\n%.*s--- got:\n%.*s",
            lost, edits, (int)document.n, document.p, (int)json.n, json.p, (int)want.n,
            want.p, (int)got.n, got.p);
    mo_graph_free(graph);
    mo_buf_done(&want);
    mo_buf_done(&json);
    mo_buf_done(&got);
    return same;
}

static void
all_comes_back_from_datagouv(void)
{
    uint32_t seeds = getenv("SEEDS") ? (uint32_t)atol(getenv("SEEDS")) : 1000;
    struct mo_tables *tables = mo_tables_new();
    struct mo_buf document, worst;
    unsigned failures = 0;

    vocab = mo_vocab_new(tables, NULL);
    mo_buf_init(&document, MAX_DOCUMENT);
    mo_buf_init(&worst, MAX_DOCUMENT);
    for (uint32_t seed = 1; seed <= seeds; ++seed) {
        state = seed;
        mo_buf_clear(&document);
        put_document(&document);
        if (comes_back(mo_buf_view(&document), false))
            continue;
        if (failures++ && document.n >= worst.n)
            continue;
        mo_buf_clear(&worst);
        mo_buf_str(&worst, mo_buf_view(&document));
    }
    if (failures) { /* the shortest of those that failed */
        comes_back(mo_buf_view(&worst), true);
        printf("\n%u failures, of which this is the shortest\n", failures);
    }
    CU_ASSERT_EQUAL(failures, 0);
    mo_buf_done(&document);
    mo_buf_done(&worst);
    mo_vocab_free(vocab);
    mo_tables_free(tables);
}

/* ---- Kept RDF that is too much ---- */

static unsigned
complaints_of(unsigned keywords)
{
    unsigned said = 0;
    struct mo_sink sink = {.report = count_edits, .ctx = &said};
    struct mo_reader_options o = {.vocab = vocab, .sink = &sink};
    struct mo_reader *reader = mo_datagouv_reader(&o);
    const struct mo_record *record;
    struct mo_buf text;

    mo_buf_init(&text, 16 << 20);
    mo_buf_c(&text, "{\"title\":\"T\",\"resources\":[],\"extras\":{\"moisson:rdf\":\"");
    mo_buf_c(
        &text, "{\\\"title\\\":[{\\\"@value\\\":\\\"T\\\"}],\\\"source\\\":[\\\"e:0\\\"");
    for (unsigned i = 1; i < keywords; ++i)
        mo_buf_printf(&text, ",\\\"e:%u\\\"", i);
    mo_buf_c(&text, "]}\"}}\n");
    mo_reader_push(reader, mo_buf_view(&text));
    mo_reader_end(reader);
    while (mo_reader_next(reader, &record) == 1)
        CU_ASSERT_EQUAL(mo_reader_rejected(reader), 0);
    mo_reader_free(reader);
    mo_buf_done(&text);
    return said;
}

static void
kept_rdf_has_a_ceiling(void)
{
    struct mo_tables *tables = mo_tables_new();

    vocab = mo_vocab_new(tables, NULL);
    CU_ASSERT_EQUAL(complaints_of(40000), 0);
    CU_ASSERT_EQUAL(complaints_of(60000), 1);
    mo_vocab_free(vocab);
    mo_tables_free(tables);
}

/* ---- Reading again ---- */

/* Kinds and hashes of the records of a text, of which the last are left in the reader. */
static void
put_hashes(struct mo_reader *reader, const char *text, size_t most, struct mo_buf *out)
{
    const struct mo_record *record;
    char hash[65];

    mo_reader_push(reader, mo_str(text));
    mo_reader_end(reader);
    for (; most > 0 && mo_reader_next(reader, &record) == 1; --most) {
        CU_ASSERT_EQUAL(mo_record_hash(record, hash), 0);
        mo_buf_printf(out, "%d %s\n", (int)record->kind, hash);
    }
    mo_buf_printf(out, "%zu\n", mo_reader_rejected(reader));
}

/* Nothing of an input is left for the next, whatever became of it. */
static void
a_reader_begins_again(void)
{
#define LINE "{\"@id\":\"e:1\",\"@type\":[\"Dataset\"],\"title\":[{\"@value\":\"T\"}]"
    static const char *const texts[] = {LINE "}", LINE, LINE ",\"title\":0}\n" LINE "}\n",
        "{\"@context\":{\"a\":\"e:a\"},\"@graph\":[{\"@id\":\"e:2\",\"a\":1}",
        "{\"@id\":\"e:2\",\"a\":1}", "[" LINE "}," LINE "}]",
        LINE ",\"http://www.w3.org/ns/dcat#dataset\":[{\"@id\":\"e:2\"}]}",
        "{\"@id\":\"e:2\",\"identifier\":[{\"@value\":\"2\"}]}", "/* */ x", "",
        "\n" LINE "}",
        LINE ",\"contactPoint\":[{\"fn\":[{\"@value\":\"C\"}]},{\"@id\":\"_:b\"}]}"};
#undef LINE
    enum { N = sizeof texts / sizeof texts[0] };
    struct mo_tables *tables = mo_tables_new();
    struct mo_vocab *v = mo_vocab_new(tables, NULL);
    struct mo_reader_options o = {.vocab = v};
    struct mo_reader *reader = mo_jsonld_reader(&o);
    struct mo_buf again, fresh;

    mo_buf_init(&again, 1 << 20);
    mo_buf_init(&fresh, 1 << 20);
    for (size_t i = 0; i < N * N * 2; ++i) { /* each behind each, taken whole or not */
        const char *text = texts[i % 2 ? i / 2 % N : i / 2 / N];
        struct mo_reader *other = mo_jsonld_reader(&o);

        put_hashes(other, text, 1 + i % 3, &fresh);
        mo_reader_free(other);
        put_hashes(reader, text, 1 + i % 3, &again);
        CU_ASSERT_EQUAL(mo_reader_again(reader), 0);
    }
    CU_ASSERT(again.n > 0 && mo_str_eq(mo_buf_view(&again), mo_buf_view(&fresh)));
    mo_reader_free(reader);
    reader = mo_turtle_reader(&o);
    CU_ASSERT_EQUAL(mo_reader_again(reader), -1);
    mo_reader_free(reader);
    mo_buf_done(&again);
    mo_buf_done(&fresh);
    mo_vocab_free(v);
    mo_tables_free(tables);
}

static const struct unit_test tests[] = {
    TEST(a_reader_begins_again),
    TEST(kept_rdf_has_a_ceiling),
    TEST(all_comes_back_from_datagouv),
    TEST(records_together_are_the_document),
};

UNIT_MAIN("records", tests)
