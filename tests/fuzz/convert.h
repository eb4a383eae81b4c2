/* Fuzzing a conversion: from bytes through a reader and a writer, once whole, once in pieces. */
#ifndef TESTS_FUZZ_CONVERT_H
#define TESTS_FUZZ_CONVERT_H

#include "fuzz.h"
#include "rdf/canon.h"
#include "rdf/graph.h"

struct conversion {
    struct mo_reader *(*reader)(const struct mo_reader_options *options);
    struct mo_writer *(*writer)(const struct mo_writer_options *options);
    struct mo_reader_options in;
    struct mo_writer_options to;
    /* Told each record before the writer is, when not NULL. */
    void (*look)(void *ctx, const struct mo_record *record);
    void *ctx;

    /* What came of it. */
    struct mo_buf out, rejects;
    struct mo_buf read_said, write_said; /* diagnostics, as lines */
    enum mo_level worst;                 /* of the reader */
    enum mo_reader_state state;
    size_t rejected;
    bool trouble;
    bool refused; /* the writer had no place for some record */
};

static inline int
convert_take(void *ctx, struct mo_str bytes)
{
    return mo_buf_str(ctx, bytes);
}

static inline int
convert_reject(void *ctx, const struct mo_reject *reject)
{
    struct conversion *c = ctx;

    mo_buf_str(&c->rejects, reject->root);
    mo_buf_str(&c->rejects, reject->open);
    mo_buf_str(&c->rejects, reject->bytes);
    mo_buf_str(&c->rejects, reject->close);
    return mo_buf_str(&c->rejects, reject->finish);
}

static inline void
convert_hear_reader(void *ctx, const struct mo_diag *diag)
{
    struct conversion *c = ctx;
    enum mo_level level = mo_diag_row(diag->id)->level;

    c->worst = level > c->worst ? level : c->worst;
    mo_diag_json(&c->read_said, "fuzz", diag, MO_EN);
    mo_diag_line(&c->read_said, "fuzz", diag, MO_FR);
}

static inline void
convert_hear_writer(void *ctx, const struct mo_diag *diag)
{
    struct conversion *c = ctx;

    mo_diag_json(&c->write_said, "fuzz", diag, MO_EN);
}

static inline void
convert_drain(struct conversion *c, struct mo_reader *reader, struct mo_writer *writer)
{
    const struct mo_record *record;
    enum mo_put put;

    while (!c->trouble && mo_reader_next(reader, &record) == 1) {
        if (c->look)
            c->look(c->ctx, record);
        put = mo_writer_put(writer, record);
        c->trouble = put == MO_PUT_TROUBLE;
        c->refused = c->refused || put == MO_PUT_PASSED || put == MO_PUT_REJECTED;
    }
}

/* Convert `data`: in one piece, or, when `dice` is not 0, in pieces of sizes it rolls. */
static inline void
convert(struct conversion *c, struct mo_str data, uint64_t dice)
{
    struct mo_sink read_sink = {convert_hear_reader, c},
                   write_sink = {convert_hear_writer, c};
    struct mo_reader *reader;
    struct mo_writer *writer;

    mo_buf_init(&c->out, FUZZ_MAX);
    mo_buf_init(&c->rejects, FUZZ_MAX);
    mo_buf_init(&c->read_said, FUZZ_MAX);
    mo_buf_init(&c->write_said, FUZZ_MAX);
    c->in.vocab = c->to.vocab = fuzz_vocab();
    c->in.sink = &read_sink;
    c->in.reject = convert_reject;
    c->in.reject_ctx = c;
    c->to.sink = &write_sink;
    c->to.write = convert_take;
    c->to.ctx = &c->out;
    c->to.now = 1767225600;
    reader = c->reader(&c->in);
    writer = c->writer(&c->to);
    MUST(reader && writer);
    while (data.n) {
        struct mo_str piece = data;

        if (dice)
            piece = fuzz_chunk(&dice, &data);
        else
            data = mo_str_from(data, data.n);
        if (mo_reader_push(reader, piece))
            break;
        convert_drain(c, reader, writer);
    }
    mo_reader_end(reader);
    convert_drain(c, reader, writer);
    c->state = mo_reader_state(reader);
    c->rejected = mo_reader_rejected(reader);
    c->trouble = mo_writer_end(writer, c->state == MO_READER_BROKE_OFF) || c->trouble;
    mo_reader_free(reader);
    mo_writer_free(writer);
    MUST(mo_utf8_bad(mo_buf_view(&c->out)) == c->out.n);
    MUST(!c->trouble && c->state != MO_READER_TROUBLE);
}

static inline void
convert_done(struct conversion *c)
{
    mo_buf_done(&c->out);
    mo_buf_done(&c->rejects);
    mo_buf_done(&c->read_said);
    mo_buf_done(&c->write_said);
}

/* Convert twice, whole and in pieces: the same must come out. `c` holds the first. */
static inline void
convert_both_ways(struct conversion *c, struct mo_str data)
{
    struct conversion pieces = *c;

    pieces.look = NULL;
    convert(c, data, 0);
    convert(&pieces, data, fuzz_seed(data) | 1);
    MUST_EQUAL(mo_buf_view(&c->read_said), mo_buf_view(&pieces.read_said));
    MUST_EQUAL(mo_buf_view(&c->write_said), mo_buf_view(&pieces.write_said));
    MUST_EQUAL(mo_buf_view(&c->out), mo_buf_view(&pieces.out));
    MUST_EQUAL(mo_buf_view(&c->rejects), mo_buf_view(&pieces.rejects));
    MUST(c->state == pieces.state);
    MUST(c->rejected == pieces.rejected);
    convert_done(&pieces);
}

/* ---- Graphs: what readers made of two texts, put side by side ---- */

struct collected {
    struct mo_graph *graph;
};

static inline void
collected_init(struct collected *all)
{
    static struct mo_lexicon *lexicon;

    if (!lexicon)
        lexicon = mo_lexicon_new(1);
    all->graph = mo_graph_new(lexicon, FUZZ_MAX);
    MUST(all->graph);
}

static inline void
collected_done(struct collected *all)
{
    mo_graph_free(all->graph);
}

/* A term of whatever graph, in this one. */
static inline struct mo_term *
collected_term(struct collected *all, const struct mo_term *term)
{
    const struct mo_term *datatype = NULL;

    if (term->kind == MO_IRI)
        return mo_graph_iri(all->graph, term->text);
    if (term->kind == MO_BLANK)
        return mo_graph_blank(all->graph, term->text);
    if (term->datatype)
        datatype = mo_graph_iri(all->graph, term->datatype->text);
    return mo_graph_literal(all->graph, term->text, datatype, term->lang);
}

static inline void
collected_add(struct collected *all, const struct mo_stmt *s)
{
    for (; s; s = s->next)
        mo_graph_add(all->graph, collected_term(all, s->s), collected_term(all, s->p),
            collected_term(all, s->o));
}

/* For conversion.look. */
static inline void
collected_take(void *ctx, const struct mo_record *record)
{
    for (size_t i = 0; i < record->n_nodes; ++i) {
        collected_add(ctx, record->nodes[i]->first);
        collected_add(ctx, record->nodes[i]->first_link);
    }
}

/* The canonical N-Quads of all. False when that is too much work. */
static inline bool
collected_canon(const struct collected *all, struct mo_buf *out)
{
    const struct mo_stmt **stmts = calloc(all->graph->n_stmts + 1, sizeof *stmts);
    enum mo_canon_result result;
    size_t n = 0;

    MUST(stmts);
    for (struct mo_term *s = all->graph->subjects; s; s = s->next_subject)
        for (const struct mo_stmt *stmt = s->first; stmt; stmt = stmt->next)
            stmts[n++] = stmt;
    mo_buf_init(out, FUZZ_MAX);
    result = mo_canon(stmts, n, 2000, out);
    free(stmts);
    return result == MO_CANON_OK;
}

static inline void
collected_must_equal(const struct collected *a, const struct collected *b)
{
    struct mo_buf x, y;

    if (collected_canon(a, &x) && collected_canon(b, &y)) {
        MUST_EQUAL(mo_buf_view(&x), mo_buf_view(&y));
        mo_buf_done(&y);
    }
    mo_buf_done(&x);
}

/* DCAT-AP JSON is JSON, and is read back as the same graph. */
static inline void
convert_to_dcatap(struct mo_reader *(*reader)(const struct mo_reader_options *options),
    struct mo_str data, const struct mo_reader_options *in, bool lines)
{
    struct collected before, after;
    struct conversion there = {.reader = reader,
        .writer = mo_dcatap_writer,
        .in = *in,
        .to = {.lines = lines},
        .look = collected_take,
        .ctx = &before};
    struct conversion back = {.reader = mo_jsonld_reader,
        .writer = mo_ntriples_writer,
        .in = {.max_depth = MO_JSON_MAX_DEPTH},
        .look = collected_take,
        .ctx = &after};

    collected_init(&before);
    collected_init(&after);
    convert_both_ways(&there, data);
    if (!lines)
        fuzz_must_be_json(mo_buf_view(&there.out));
    convert(&back, mo_buf_view(&there.out), 0);
    MUST(back.rejected == 0);
    MUST(back.state == MO_READER_FINE || (!lines && there.state == MO_READER_BROKE_OFF));
    if (back.read_said.n == 0)
        collected_must_equal(&before, &after);
    convert_done(&there);
    convert_done(&back);
    collected_done(&before);
    collected_done(&after);
}

/*
 * RDF/XML can be read, whatever was in the records; where nothing was said to be lost, it
 * is read back as the same graph.
 */
static inline void
convert_to_rdfxml(struct mo_reader *(*reader)(const struct mo_reader_options *options),
    struct mo_str data, const struct mo_reader_options *in)
{
    struct collected before, after;
    struct conversion there = {.reader = reader,
        .writer = mo_rdfxml_writer,
        .in = *in,
        .look = collected_take,
        .ctx = &before};
    struct conversion back = {.reader = mo_rdfxml_reader,
        .writer = mo_ntriples_writer,
        .in = {.graph = true},
        .look = collected_take,
        .ctx = &after};

    collected_init(&before);
    collected_init(&after);
    convert_both_ways(&there, data);
    convert(&back, mo_buf_view(&there.out), 0);
    MUST(back.rejected == 0);
    MUST(back.state == there.state ||
         (back.state == MO_READER_FINE && there.state == MO_READER_STOPPED));
    MUST((back.state == MO_READER_BROKE_OFF) == (back.worst == MO_ERROR));
    if (there.write_said.n == 0 && back.read_said.n == 0)
        collected_must_equal(&before, &after);
    convert_done(&there);
    convert_done(&back);
    collected_done(&before);
    collected_done(&after);
}

/*
 * Of data.gouv.fr JSON, one document, the same is read back, unless something had no place;
 * and no field is taken for edited.
 */
static inline void
convert_to_datagouv(struct mo_reader *(*reader)(const struct mo_reader_options *options),
    struct mo_str data, const struct mo_reader_options *in)
{
    struct collected before, after;
    struct conversion there = {.reader = reader,
        .writer = mo_datagouv_writer,
        .in = *in,
        .to = {.languages = {{"fr", 2}, {"en", 2}}, .n_languages = 2},
        .look = collected_take,
        .ctx = &before};
    struct conversion back = {.reader = mo_datagouv_reader,
        .writer = mo_ntriples_writer,
        .in = {.graph = true, .max_depth = MO_JSON_MAX_DEPTH},
        .look = collected_take,
        .ctx = &after};

    collected_init(&before);
    collected_init(&after);
    convert_both_ways(&there, data);
    fuzz_must_be_json(mo_buf_view(&there.out));
    convert(&back, mo_buf_view(&there.out), 0);
    MUST(back.rejected == 0);
    if (!there.refused && there.state == MO_READER_FINE) {
        MUST_EQUAL(mo_buf_view(&back.read_said), mo_str(""));
        collected_must_equal(&before, &after);
    }
    convert_done(&there);
    convert_done(&back);
    collected_done(&before);
    collected_done(&after);
}

/* Options of a reader, drawn; now and then with a ceiling of `max_bytes`. */
static inline struct mo_reader_options
convert_options(uint64_t *dice, size_t max_bytes)
{
    struct mo_reader_options in = {.join = (enum mo_join)fuzz_roll(dice, 3)};

    if (fuzz_roll(dice, 2))
        in.base = mo_str("http://e.fr/base/");
    if (fuzz_roll(dice, 8) == 0)
        in.max_bytes = max_bytes;
    return in;
}

#endif
