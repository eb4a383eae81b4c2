#include "turtle/turtle.h"

#include <stdlib.h>

#include "base/ctype.h"
#include "base/hash.h"
#include "base/split.h"

enum {
    LOOK = 64 << 10,  /* bytes behind a statement in which another must begin */
    SLICE = 32 << 10, /* bytes that are forgotten at a time */
    MAX_DECLARED = 1 << 20
};

/* ---- Saying what is wrong ---- */

/* Where a byte of the window stands, at or behind the first of the statement in hand. */
static struct mo_place
place_of(const struct turtle *t, size_t at)
{
    struct mo_place place = {t->line, t->column, t->offset + at};

    mo_place_in(mo_str_from(mo_buf_view(&t->window), t->start), at - t->start,
        &place.line, &place.column);
    return place;
}

void
mo_turtle_report(struct turtle *t, enum mo_diag_id id, struct mo_str detail, size_t at)
{
    struct mo_place place = place_of(t, at);
    struct mo_str statement = mo_str_from(mo_buf_view(&t->window), t->start);
    struct mo_diag diag = {.id = id,
        .detail = mo_utf8_head(detail, 200),
        .record = mo_utf8_head(mo_turtle_subject(statement), 500),
        .line = place.line,
        .column = place.column,
        .offset = place.offset,
        .has_offset = true};

    mo_reader_report(&t->reader, &diag);
}

void
mo_turtle_trouble(struct turtle *t)
{
    struct mo_diag diag = {.id = MO_DIAG_NO_MEMORY};

    if (t->reader.state != MO_READER_TROUBLE)
        mo_reader_report(&t->reader, &diag);
    t->reader.state = MO_READER_TROUBLE;
}

/* Bytes of the statement in hand up to `end`, with what was declared before them. */
static void
put_reject(struct turtle *t, size_t end, bool more)
{
    const struct mo_reader_options *o = &t->reader.options;
    struct mo_reject reject = {.open = mo_buf_view(&t->declared),
        .bytes = mo_str_n(t->window.p + t->start, end - t->start),
        .close = mo_str(more ? "" : "\n"),
        .more = more};

    if (o->reject && o->reject(o->reject_ctx, &reject))
        t->reader.state = MO_READER_TROUBLE;
    mo_buf_clear(&t->declared);
}

/* ---- Statements ---- */

/* The statement in hand begins at `at`. */
static void
begin_at(struct turtle *t, size_t at)
{
    struct mo_place place = place_of(t, at);

    t->start = at;
    t->line = place.line;
    t->column = place.column;
}

/* The bytes up to `end` are done with. */
static void
go_on(struct turtle *t, size_t end)
{
    begin_at(t, end);
    if (end >= t->window.n - end && (end >= SLICE || end == t->window.n)) {
        t->offset += end;
        mo_buf_shift(&t->window, end);
        end = 0;
    }
    t->start = t->at = end;
    t->seen = t->depth = t->deepest = 0;
    t->lost = false;
}

void
mo_turtle_end_unit(struct turtle *t)
{
    struct mo_graph *graph = t->graph;

    t->graph = NULL;
    t->unit_bytes = 0;
    if (graph && mo_gather_unit(t->gather, graph, NULL, &t->unit_place, 0))
        t->reader.state = MO_READER_TROUBLE;
    if (t->reader.state != MO_READER_TROUBLE)
        t->graph = mo_gather_graph(t->gather);
    if (!t->graph)
        t->reader.state = MO_READER_TROUBLE;
}

/* The statement was read: what it says belongs to the unit. */
static void
commit(struct turtle *t, size_t end)
{
    struct mo_term *first = t->n_triples ? t->triples[0].s : NULL, *top = first;

    for (size_t i = 0; i < t->n_triples; ++i) {
        const struct triple *x = &t->triples[i];

        if (!x->s->anonymous && x->s != top) { /* another statement */
            mo_graph_close(t->graph, top);
            top = x->s;
        }
        if (!x->p)
            mo_graph_close(t->graph, x->s);
        else if (mo_graph_add(t->graph, x->s, x->p, x->o))
            mo_turtle_trouble(t);
    }
    if (!first)
        return;
    mo_graph_close(t->graph, top);
    if (t->unit_bytes == 0) {
        t->subject_kind = first->kind;
        mo_buf_clear(&t->subject);
        mo_buf_str(&t->subject, first->text);
    }
    t->unit_bytes += end - t->start;
    if (top != first || first->anonymous || t->subject.failed)
        mo_turtle_end_unit(t);
}

/* 0, with the statement up to `end` taken, or -1 with what is wrong in t->fault. */
static int
take(struct turtle *t, size_t end, bool mend)
{
    struct mo_str text = mo_str_n(t->window.p + t->start, end - t->start);

    if (mo_turtle_copy(text, t->reader.options.strict, mend, &t->text)) {
        mo_turtle_trouble(t);
        return -1;
    }
    if (mo_turtle_parse(t))
        return -1;
    if (t->text.n_iris)
        mo_turtle_report(t, MO_DIAG_TURTLE_IRI, mo_turtle_iri(&t->text, 0), t->start);
    commit(t, end);
    return 0;
}

static void
say_mended(struct turtle *t)
{
    const struct {
        struct mo_turtle_mended what;
        enum mo_diag_id id;
    } mended[] = {{t->text.escaped, MO_DIAG_TURTLE_ESCAPED},
        {t->text.commas, MO_DIAG_TURTLE_COMMA}, {t->text.languages, MO_DIAG_XML_LANG}};

    for (size_t i = 0; i < sizeof mended / sizeof mended[0]; ++i) {
        size_t at = t->start + mended[i].what.at;
        struct mo_str rest = mo_str_from(mo_buf_view(&t->window), at);
        size_t n =
            mo_str_find(mo_str_n(rest.p, rest.n < 40 ? rest.n : 40), mo_str("\n"), 0);

        if (mended[i].what.n)
            mo_turtle_report(t, mended[i].id, mo_str_n(rest.p, n), at);
    }
}

/* Bytes that are not UTF-8, or are 0, become U+FFFD in the window. */
static void
mend_bytes(struct turtle *t, size_t *end)
{
    struct mo_str text = mo_str_n(t->window.p + t->start, *end - t->start);
    struct mo_str rest = mo_str_from(mo_buf_view(&t->window), *end);
    struct mo_buf mended;
    const char *nul = memchr(text.p, '\0', text.n);
    size_t bad = mo_utf8_bad(nul ? mo_str_n(text.p, (size_t)(nul - text.p)) : text);

    if (bad == text.n)
        return;
    mo_turtle_report(t, MO_DIAG_BAD_BYTES, mo_str(""), t->start + bad);
    mo_buf_init(&mended, SIZE_MAX);
    mo_buf_add(&mended, t->window.p, t->start);
    mo_turtle_mend(text, &mended);
    *end = mended.n;
    mo_buf_str(&mended, rest);
    mo_buf_clear(&t->window);
    mo_buf_join(&t->window, &mended);
    if (t->window.failed)
        mo_turtle_trouble(t);
}

static void
reject(struct turtle *t, size_t end, enum mo_diag_id id, struct mo_str detail, size_t at)
{
    ++t->reader.rejected;
    mo_turtle_report(t, id, detail, at);
    put_reject(t, end, false);
}

/*
 * The end of the statement in which something is wrong at `at`: a statement that begins there,
 * at the left margin, is another, and only the "." before it is missing.
 */
static size_t
end_before(const struct turtle *t, size_t at, size_t end)
{
    struct mo_str w = mo_buf_view(&t->window);

    for (size_t i = at; i > t->start && at - i < 3; --i)
        if (w.p[i - 1] == '\n' && i < end && !mo_is_space(w.p[i]))
            return mo_turtle_begins(mo_str_n(w.p + i, end - i), true) ? i : end;
    return end;
}

/* The statement up to `end` cannot be read as it stands. */
static void
give_up(struct turtle *t, size_t end)
{
    bool strict = t->reader.options.strict;
    enum mo_diag_id id = t->fault;
    size_t fault_at = t->fault_at;
    char text[sizeof t->fault_text];

    memcpy(text, t->fault_text, sizeof text);
    if (!strict && id == MO_DIAG_TURTLE && take(t, end, true) == 0) {
        say_mended(t);
    } else if (t->reader.state != MO_READER_TROUBLE) {
        struct mo_str bytes = mo_str_n(t->window.p + t->start, t->from - t->start);

        fault_at = t->start + mo_turtle_origin(bytes, strict, fault_at);
        end = end_before(t, fault_at, end);
        reject(t, end, id, mo_str(text), fault_at);
        if (id == MO_DIAG_TOO_BIG)
            mo_turtle_end_unit(t);
    }
    go_on(t, end);
}

static void
skip_space(struct turtle *t, size_t end)
{
    size_t at = t->start;

    while (at < end && mo_is_space(t->window.p[at]))
        ++at;
    begin_at(t, at);
    t->place = place_of(t, at);
}

/* A statement, or several, ends at t->at. */
static void
read_statement(struct turtle *t)
{
    size_t end = t->at;

    skip_space(t, end);
    if (t->deepest > t->reader.options.max_depth) {
        reject(t, end, MO_DIAG_TOO_DEEP, mo_str(""), t->start);
        go_on(t, end);
        return;
    }
    mend_bytes(t, &end);
    if (take(t, end, false) == 0) {
        go_on(t, end);
        return;
    }
    t->at = t->from = end;
    t->lost = true;
    t->in_step = !mo_turtle_out_of_step(mo_str_n(t->window.p + t->start, end - t->start));
    t->search = t->in_step ? end - 1 : t->start;
}

/* ---- Going on behind what cannot be read ---- */

/*
 * Whether the "." at `at` ends a line behind which, at the left margin, a statement begins:
 * its end, 0 for no, or SIZE_MAX when that depends on bytes to come.
 */
static size_t
margin_end(const struct turtle *t, size_t at)
{
    struct mo_str w = mo_buf_view(&t->window);
    size_t end = at + 1, i = end;

    while (i < w.n && (w.p[i] == ' ' || w.p[i] == '\t' || w.p[i] == '\r'))
        ++i;
    if (i < w.n && w.p[i] != '\n')
        return 0;
    for (;;) { /* blank lines and comments */
        size_t line = i + 1;

        if (i - at > LOOK)
            return 0;
        if (i >= w.n)
            return t->ended ? end : SIZE_MAX;
        for (i = line; i < w.n && w.p[i] != '\n'; ++i)
            ;
        if (i == w.n && !t->ended)
            return i - at > LOOK ? 0 : SIZE_MAX;
        if (mo_str_blank(mo_str_n(w.p + line, i - line)) || w.p[line] == '#')
            continue;
        return !mo_is_space(w.p[line]) &&
                       mo_turtle_begins(mo_str_n(w.p + line, i - line), t->ended)
                   ? end
                   : 0;
    }
}

/*
 * The first such end before `limit`, from t->search on, which moves to where it was looked
 * for; 0 when there is none, or SIZE_MAX when more bytes are needed.
 */
static size_t
search_margin(struct turtle *t, size_t limit)
{
    struct mo_str w = mo_buf_view(&t->window);

    for (;; ++t->search) {
        size_t end;

        t->search = mo_str_find(w, mo_str("."), t->search);
        if (t->search >= limit)
            return 0;
        if (t->search == w.n)
            return t->ended ? 0 : SIZE_MAX;
        end = margin_end(t, t->search);
        if (end)
            return end;
    }
}

/* Find the end of what cannot be read. False when more bytes are needed. */
static bool
find_way(struct turtle *t)
{
    struct mo_str after = mo_str_from(mo_buf_view(&t->window), t->from);
    size_t barren = t->barren > t->offset ? (size_t)(t->barren - t->offset) : 0, end;

    if (t->in_step && after.n < LOOK && !t->ended)
        return false;
    after.n = after.n < LOOK ? after.n : LOOK;
    if (t->in_step && mo_turtle_begins(after, t->ended)) {
        give_up(t, t->from);
        return true;
    }
    t->in_step = false;
    t->search = t->search > barren ? t->search : barren;
    end = search_margin(t, t->from + LOOK);
    if (end == SIZE_MAX)
        return false;
    if (end == 0)
        t->barren = t->offset + t->search;
    give_up(t, end ? end : t->from);
    return true;
}

/*
 * The statement in hand is longer than the ceiling: its bytes are handed over as they come.
 * False when more are needed.
 */
static bool
pour(struct turtle *t)
{
    size_t end = search_margin(t, SIZE_MAX), done;

    if (end == SIZE_MAX) {
        done = t->search;
        if (done - t->start >= SLICE) {
            put_reject(t, done, true);
            go_on(t, done);
            t->search = t->start;
        }
        return false;
    }
    put_reject(t, end ? end : t->window.n, false);
    go_on(t, end ? end : t->window.n);
    t->too_big = false;
    return true;
}

/* ---- The stream ---- */

static struct mo_str
charset_of(const struct turtle *t, size_t *mark)
{
    static const struct {
        struct mo_str bytes;
        const char *charset;
    } heads[] = {{{"\xEF\xBB\xBF", 3}, "UTF-8"}, {{"\xFE\xFF", 2}, "UTF-16BE"},
        {{"\xFF\xFE", 2}, "UTF-16LE"}};
    struct mo_str said = t->reader.options.charset;

    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; ++i)
        if (mo_str_starts(mo_buf_view(&t->raw), heads[i].bytes)) {
            *mark = heads[i].bytes.n;
            return said.n ? said : mo_str(heads[i].charset);
        }
    return said;
}

static int
add_bytes(struct turtle *t, struct mo_str bytes, bool last)
{
    if (t->decoder ? mo_decoder_push(t->decoder, bytes, last, &t->window)
                   : mo_buf_str(&t->window, bytes)) {
        mo_turtle_trouble(t);
        return -1;
    }
    return 0;
}

static void
choose_charset(struct turtle *t)
{
    size_t mark = 0;
    struct mo_str charset = charset_of(t, &mark);

    if (!mo_charset_is_utf8(charset)) {
        t->decoder = mo_decoder_new(charset, t->reader.options.strict);
        if (!t->decoder) {
            mo_turtle_report(t, MO_DIAG_CHARSET, charset, 0);
            t->reader.state = MO_READER_BROKE_OFF;
            return;
        }
    }
    t->chosen = true;
    t->offset = t->decoder ? 0 : mark;
    add_bytes(t, mo_str_from(mo_buf_view(&t->raw), mark), t->ended);
    mo_buf_done(&t->raw);
}

static int
push(struct mo_reader *reader, struct mo_str bytes)
{
    struct turtle *t = (struct turtle *)reader;

    if (reader->state == MO_READER_TROUBLE)
        return -1;
    if (t->finished || reader->state != MO_READER_FINE)
        return 0;
    if (t->chosen)
        return add_bytes(t, bytes, false);
    if (mo_buf_str(&t->raw, bytes))
        mo_turtle_trouble(t);
    else if (t->raw.n >= 4)
        choose_charset(t);
    return reader->state == MO_READER_TROUBLE ? -1 : 0;
}

static int
end(struct mo_reader *reader)
{
    struct turtle *t = (struct turtle *)reader;

    t->ended = true;
    if (reader->state != MO_READER_FINE)
        return 0;
    if (t->chosen)
        return add_bytes(t, mo_str(""), true);
    choose_charset(t);
    /* cppcheck-suppress knownConditionTrueFalse */
    return reader->state == MO_READER_TROUBLE ? -1 : 0;
}

/*
 * What stands behind the last "." that ends a statement declares something, or says nothing,
 * or was cut; or a string in it took the "." in. False when there is more to read.
 */
static bool
read_rest(struct turtle *t)
{
    size_t end = t->window.n;

    skip_space(t, end);
    while (end > t->start && mo_is_space(t->window.p[end - 1]))
        --end;
    if (end == t->start)
        return true;
    if (t->deepest > t->reader.options.max_depth || t->window.p[end - 1] == '.') {
        t->at = end;
        read_statement(t);
        return false;
    }
    mend_bytes(t, &end);
    if (take(t, end, false) && t->reader.state == MO_READER_FINE) {
        reject(t, end, MO_DIAG_CUT, mo_str(""), end);
        if (t->reader.state == MO_READER_FINE)
            t->reader.state = MO_READER_BROKE_OFF;
    }
    go_on(t, t->window.n);
    return true;
}

static void
finish(struct turtle *t)
{
    if (t->reader.state != MO_READER_TROUBLE && t->graph)
        mo_turtle_end_unit(t);
    mo_reader_bad_bytes(&t->reader, t->decoder);
    t->finished = true;
    if (t->reader.state != MO_READER_TROUBLE && mo_gather_end(t->gather))
        t->reader.state = MO_READER_TROUBLE;
}

static void
check_size(struct turtle *t, size_t end)
{
    if (end - t->start <= t->reader.options.max_bytes)
        return;
    ++t->reader.rejected;
    mo_turtle_report(t, MO_DIAG_TOO_BIG, mo_str(""), t->start);
    t->too_big = true;
    t->search = t->start + t->reader.options.max_bytes;
}

/* Look for the end of the statement in hand. False when more bytes are needed. */
static bool
scan(struct turtle *t)
{
    struct mo_str w = mo_buf_view(&t->window);

    while (t->at < w.n) {
        enum mo_token token;
        size_t end = mo_turtle_token(w, t->at, t->ended, &t->seen, &token);

        if (end == 0)
            break;
        t->at = end;
        t->seen = 0;
        if (token == MO_TOKEN_OPEN && ++t->depth > t->deepest)
            t->deepest = t->depth;
        else if (token == MO_TOKEN_CLOSE && t->depth)
            --t->depth;
        else if (token == MO_TOKEN_END)
            return true;
    }
    return false;
}

/* Whether each line of the head is a statement, as in N-Triples: then any may be about anything. */
static bool
is_ntriples(struct mo_str head)
{
    bool any = false;

    while (head.n) {
        size_t n = mo_str_find(head, mo_str("\n"), 0);
        struct mo_str line = mo_str_trim(mo_str_n(head.p, n));

        if (n == head.n && any) /* it may go on */
            return true;
        head = mo_str_from(head, n + 1);
        if (line.n == 0 || line.p[0] == '#')
            continue;
        any = true;
        if ((line.p[0] != '<' && line.p[0] != '_') || line.p[line.n - 1] != '.')
            return false;
    }
    return any;
}

/* The first bytes have come. */
static void
start(struct turtle *t)
{
    t->document = mo_document_key(t->reader.options.base, mo_buf_view(&t->window));
    t->started = true;
    if (t->reader.options.join == MO_JOIN_AUTO &&
        is_ntriples(mo_str_n(t->window.p,
            t->window.n < MO_DOCUMENT_HEAD ? t->window.n : MO_DOCUMENT_HEAD)))
        t->reader.options.join = MO_JOIN_ALWAYS;
    t->graph = mo_gather_graph(t->gather);
    if (!t->graph)
        t->reader.state = MO_READER_TROUBLE;
}

/* One step. False when more bytes are needed, or there is nothing left to do. */
static bool
advance(struct mo_reader *reader)
{
    struct turtle *t = (struct turtle *)reader;
    bool whole;

    if (t->finished || (!t->chosen && reader->state == MO_READER_FINE))
        return false;
    if (reader->state != MO_READER_FINE) {
        finish(t);
        return true;
    }
    if (!t->started) {
        if (!t->ended && t->window.n < MO_DOCUMENT_HEAD)
            return false;
        start(t);
        return true;
    }
    if (t->too_big && pour(t))
        return true;
    if (t->too_big)
        return false;
    if (t->lost)
        return find_way(t);
    whole = scan(t);
    check_size(t, whole ? t->at : t->window.n);
    if (t->too_big)
        return true;
    if (whole)
        read_statement(t);
    else if (t->ended && read_rest(t))
        finish(t);
    return whole || t->ended;
}

static int
next(struct mo_reader *reader, const struct mo_record **record)
{
    return mo_gather_pull(((struct turtle *)reader)->gather, reader, advance, record);
}

static void
destroy(struct mo_reader *reader)
{
    struct turtle *t = (struct turtle *)reader;

    if (t->graph)
        mo_gather_release(t->gather, t->graph);
    mo_gather_free(t->gather);
    serd_reader_free(t->serd);
    mo_decoder_free(t->decoder);
    mo_turtle_prefixes_done(t);
    mo_turtle_text_done(&t->text);
    mo_buf_done(&t->raw);
    mo_buf_done(&t->window);
    mo_buf_done(&t->declared);
    mo_buf_done(&t->base);
    mo_buf_done(&t->subject);
    free(t->triples);
    free(t);
}

static const struct mo_reader_class turtle_class = {destroy, push, end, next, NULL};

struct mo_reader *
mo_turtle_reader(const struct mo_reader_options *options)
{
    struct turtle *t = calloc(1, sizeof *t);

    if (!t)
        return NULL;
    mo_reader_init(&t->reader, &turtle_class, options);
    mo_turtle_text_init(&t->text);
    mo_buf_init(&t->raw, SIZE_MAX);
    mo_buf_init(&t->window, SIZE_MAX);
    mo_buf_init(&t->declared, MAX_DECLARED);
    mo_buf_init(&t->base, SIZE_MAX);
    mo_buf_init(&t->subject, SIZE_MAX);
    t->line = t->column = 1;
    t->gather = mo_gather_new(&t->reader.options);
    t->serd = mo_turtle_serd(t);
    if (!t->gather || !t->serd) {
        destroy(&t->reader);
        return NULL;
    }
    serd_reader_set_strict(t->serd, options->strict);
    return &t->reader;
}
