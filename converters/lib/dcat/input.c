#include "dcat/input.h"

#include <stdio.h>
#include <stdlib.h>

#include <moisson/iri.h>
#include <moisson/text.h>

#include "rdf/writer.h"

/* ---- Saying what is wrong ---- */

void
mo_input_report(struct mo_input *in, enum mo_diag_id id, struct mo_str detail,
    struct mo_str property, size_t at)
{
    struct mo_diag diag = {.id = id,
        .detail = mo_utf8_head(detail, 200),
        .record = mo_str(in->name),
        .property = property,
        .line = in->piece.line,
        .column = in->piece.column,
        .offset = in->piece.offset + at,
        .has_offset = true};

    mo_place_in(in->piece.text, at, &diag.line, &diag.column);
    mo_reader_report(&in->reader, &diag);
}

static void
put_reject(struct mo_input *in, struct mo_str bytes, bool more)
{
    const struct mo_reader_options *o = &in->reader.options;
    struct mo_reject reject = {.bytes = bytes, .more = more};

    if (!o->reject)
        return;
    if (in->dialect->wrap)
        in->dialect->wrap(in, &reject);
    if (in->overflowed)
        reject.open = mo_str("");
    if (more)
        reject.close = mo_str("");
    if (o->reject(o->reject_ctx, &reject))
        in->reader.state = MO_READER_TROUBLE;
}

void
mo_input_reject(struct mo_input *in, enum mo_diag_id id, struct mo_str detail,
    struct mo_str property, size_t at)
{
    if (in->rejected)
        return;
    in->rejected = true;
    ++in->reader.rejected;
    mo_input_report(in, id, detail, property, at);
    if (in->piece.kind == MO_PIECE_RECORD)
        put_reject(in, in->overflowed ? mo_str("") : in->piece.text, false);
    in->overflowed = false;
}

/* Bytes of a record that is too big to be held. */
static void
overflow(void *ctx, struct mo_str bytes)
{
    struct mo_input *in = ctx;

    put_reject(in, bytes, true);
    in->overflowed = true;
}

void
mo_input_trouble(struct mo_input *in)
{
    struct mo_diag diag = {.id = MO_DIAG_NO_MEMORY};

    if (in->reader.state != MO_READER_TROUBLE)
        mo_reader_report(&in->reader, &diag);
    in->reader.state = MO_READER_TROUBLE;
    in->rejected = true;
}

/* ---- Pieces ---- */

void
mo_input_begin(struct mo_input *in)
{
    mo_arena_reset(in->arena);
    in->json = NULL;
    in->line.n = 0;
    in->name[0] = '\0';
    in->rejected = false;
}

void
mo_input_name(struct mo_input *in, struct mo_str name)
{
    name = mo_utf8_head(name, sizeof in->name / 4 - 1);
    memcpy(in->name, name.p ? name.p : "", name.n);
    in->name[name.n] = '\0';
}

static void
say_twice(void *ctx, struct mo_str key)
{
    mo_input_report(ctx, MO_DIAG_KEY_TWICE, key, mo_str(""), 0);
}

static void
say_nothing(void *ctx, struct mo_str key)
{
    (void)ctx;
    (void)key;
}

/* Say what was put right in the text, which holds the piece in hand from `at` on. */
static void
say_mended(struct mo_input *in, size_t at)
{
    const struct mo_mending *m = in->mending;
    bool before_list =
        in->piece.kind == MO_PIECE_ENVELOPE || in->piece.kind == MO_PIECE_BETWEEN;

    if (!in->name[0] && in->dialect->name)
        in->dialect->name(in);
    for (size_t i = 0; i < m->n; ++i)
        /* What stands before was said before, and the comma before a list is none too many. */
        if (m->repairs[i].at >= at &&
            (m->repairs[i].id != MO_DIAG_JSON_COMMA || !before_list))
            mo_input_report(in, m->repairs[i].id, m->repairs[i].detail, mo_str(""),
                m->repairs[i].at - at);
}

bool
mo_input_mend(struct mo_input *in, struct mo_str *text)
{
    if (in->reader.options.strict)
        return false;
    if (!in->mending && !(in->mending = mo_mending_new(SIZE_MAX))) {
        mo_input_trouble(in);
        return false;
    }
    if (mo_json_mend(in->mending, *text))
        return false;
    *text = mo_buf_view(&in->mending->text);
    return true;
}

/* Once more, with what is not JSON but clear put right. */
static struct mo_json *
parse_mended(struct mo_input *in, struct mo_str *whole, size_t at, size_t depth,
    struct mo_json_error *error)
{
    struct mo_str text = *whole;
    struct mo_json_error again;
    struct mo_json *json;

    if (!mo_input_mend(in, &text))
        return NULL;
    if (mo_arena_copy(in->arena, text, &text)) {
        error->fault = MO_JSON_NO_MEMORY;
        return NULL;
    }
    json = mo_json_parse_in(in->arena, text, depth, &again);
    if (json) {
        *error = again;
        *whole = text;
        say_mended(in, at);
    }
    return json;
}

/* Whether the array that is this member may hold records: see the dialect. */
static bool
may_list(struct mo_input *in, const struct mo_json *member)
{
    const struct mo_dialect *d = in->dialect;
    struct mo_str key = mo_json_key(member);

    return mo_json_kind(member) == MO_JSON_ARRAY &&
           ((d->list && mo_str_is(key, d->list)) ||
               (d->may_list && d->may_list(in, key)));
}

static bool
is_record(void *ctx, struct mo_str line)
{
    struct mo_input *in = ctx;
    struct mo_json_error error;
    struct mo_json *json =
        mo_json_parse_in(in->arena, line, in->reader.options.max_depth, &error);
    const struct mo_json *m = mo_json_first(json);

    while (m && !may_list(in, m))
        m = mo_json_next(m);
    if (!json || m || (in->dialect->inner && mo_json_member(json, in->dialect->inner))) {
        mo_arena_reset(in->arena);
        return false;
    }
    in->line = line;
    in->line_json = json;
    in->line_twice = error.twice;
    return true;
}

/*
 * Parse, and keep one member of each key. The piece in hand begins at `at` of the text, which
 * becomes what was parsed.
 */
static struct mo_json *
parse(struct mo_input *in, struct mo_str *text, size_t at, size_t depth, bool quiet,
    struct mo_json_error *error)
{
    bool parsed = in->line.n && text->p == in->line.p && text->n == in->line.n;
    struct mo_json *json =
        parsed ? in->line_json : mo_json_parse_in(in->arena, *text, depth, error);

    if (parsed)
        error->twice = in->line_twice;
    if (!json && error->fault == MO_JSON_SYNTAX)
        json = parse_mended(in, text, at, depth, error);
    if (!json || !error->twice ||
        mo_json_settle(in->arena, json, quiet ? say_nothing : say_twice, in) == 0)
        return json;
    error->fault = MO_JSON_NO_MEMORY;
    return NULL;
}

bool
mo_input_parse(struct mo_input *in, struct mo_str text, size_t at)
{
    size_t depth = in->reader.options.max_depth + (at ? 2 : 0);
    struct mo_json_error error = {.fault = MO_JSON_NO_MEMORY};

    in->json = text.n ? parse(in, &text, at, depth, false, &error) : NULL;
    if (in->json)
        return true;
    if (error.fault == MO_JSON_NO_MEMORY)
        mo_input_trouble(in);
    else
        mo_input_reject(in,
            error.fault == MO_JSON_TOO_DEEP ? MO_DIAG_TOO_DEEP : MO_DIAG_JSON, mo_str(""),
            mo_str(""), error.offset > at ? error.offset - at : 0);
    return false;
}

/* What stands before the piece in hand and should not: false, where that is an error. */
static bool
check_before(struct mo_input *in)
{
    const struct mo_piece *p = &in->piece;

    if (p->around)
        mo_input_report(in, MO_DIAG_JSON_AROUND, mo_str(""), mo_str(""), 0);
    if (p->commented)
        mo_input_report(in, MO_DIAG_JSON_COMMENT, mo_str(""), mo_str(""), 0);
    if (p->marked)
        mo_input_report(in, MO_DIAG_MARK_INSIDE, mo_str(""), mo_str(""), 0);
    if (!in->piece.loose)
        return true;
    mo_input_report(in, in->reader.options.strict ? MO_DIAG_JSON : MO_DIAG_COMMA,
        mo_str(""), mo_str(""), 0);
    return !in->reader.options.strict;
}

void
mo_input_record(struct mo_input *in)
{
    static const enum mo_diag_id faults[] = {
        [MO_PIECE_BROKEN] = MO_DIAG_JSON,
        [MO_PIECE_TOO_BIG] = MO_DIAG_TOO_BIG,
        [MO_PIECE_TOO_DEEP] = MO_DIAG_TOO_DEEP,
        [MO_PIECE_CUT] = MO_DIAG_CUT,
    };

    ++in->listed;
    in->on_page += !in->piece.alone;
    if (in->piece.fault != MO_PIECE_FINE) {
        in->cut = in->piece.fault == MO_PIECE_CUT;
        if (in->dialect->name)
            in->dialect->name(in);
        mo_input_reject(
            in, faults[in->piece.fault], mo_str(""), mo_str(""), in->piece.at);
    } else if (mo_input_parse(in, in->piece.text, 0)) {
        in->dialect->read(in);
    }
}

static void
break_off(struct mo_input *in, enum mo_diag_id id)
{
    if (!in->cut || id != MO_DIAG_CUT)
        mo_input_report(in, id, mo_str(""), mo_str(""), 0);
    in->reader.state = MO_READER_BROKE_OFF;
}

/* What a document says around its list. */
static void
take_envelope(struct mo_input *in)
{
    const struct mo_json *incomplete;
    struct mo_str text = in->piece.text;
    struct mo_json_error error;

    if (in->piece.fault != MO_PIECE_FINE) {
        break_off(in, MO_DIAG_CUT);
        return;
    }
    if (in->piece.kind != MO_PIECE_ENVELOPE)
        in->reader.empty_list = in->reader.empty_list || in->listed == 0;
    in->listed = 0;
    in->json =
        parse(in, &text, 0, in->reader.options.max_depth, in->dialect->whole, &error);
    if (!in->json) {
        if (error.fault == MO_JSON_NO_MEMORY)
            mo_input_trouble(in);
        else
            break_off(in, MO_DIAG_JSON);
        return;
    }
    in->piece.text = text; /* the dialect may put it together with others */
    incomplete = mo_json_member(in->json, MO_INCOMPLETE_KEY);
    if (incomplete && mo_json_kind(incomplete) == MO_JSON_TRUE) {
        mo_input_report(in, MO_DIAG_INCOMPLETE, mo_str(""), mo_str(""), 0);
        in->broke_off = true;
    }
    if (in->dialect->envelope)
        in->dialect->envelope(in);
    if (in->dialect->totals[0])
        mo_input_page(in);
}

/* ---- The stream ---- */

static int
push(struct mo_reader *reader, struct mo_str bytes)
{
    struct mo_input *in = (struct mo_input *)reader;

    if (reader->state == MO_READER_FINE && mo_split_push(in->split, bytes))
        mo_input_trouble(in);
    if (!in->started)
        mo_document_add(&in->head, bytes);
    return reader->state == MO_READER_TROUBLE ? -1 : 0;
}

static int
end(struct mo_reader *reader)
{
    struct mo_input *in = (struct mo_input *)reader;

    in->ended = true;
    if (mo_split_end(in->split))
        mo_input_trouble(in);
    return reader->state == MO_READER_TROUBLE ? -1 : 0;
}

static void
finish(struct mo_input *in)
{
    in->finished = true;
    mo_reader_bad_bytes(&in->reader, mo_split_decoder(in->split));
    if (in->broke_off && in->reader.state == MO_READER_FINE)
        in->reader.state = MO_READER_BROKE_OFF;
    if (in->reader.state != MO_READER_TROUBLE && mo_gather_end(in->gather))
        in->reader.state = MO_READER_TROUBLE;
}

/* Whether the first bytes have come, by which blank nodes are named. */
static bool
start(struct mo_input *in)
{
    if (in->started)
        return true;
    if (!in->ended && in->head.n < MO_DOCUMENT_HEAD)
        return false;
    in->document = mo_document_end(&in->head);
    in->started = true;
    return true;
}

/* The record that was handed over. */
static void
read_taken(struct mo_input *in)
{
    struct mo_json *value = in->taken;

    in->taken = NULL;
    in->piece = (struct mo_piece){.kind = MO_PIECE_RECORD, .alone = true, .column = 1};
    mo_split_is_empty(in->split, &in->piece.line);
    in->piece.line += in->n_taken++;
    ++in->listed;
    in->json = value;
    if (in->taken_twice && mo_json_settle(in->arena, value, say_twice, in))
        mo_input_trouble(in);
    else
        in->dialect->read(in);
}

/* One step. False when more bytes are needed, or there is nothing left to do. */
static bool
advance(struct mo_reader *reader)
{
    struct mo_input *in = (struct mo_input *)reader;
    const struct mo_dialect *dialect = in->dialect;

    if (in->finished)
        return false;
    if (dialect->pending && dialect->pending(in))
        return true;
    if (reader->state != MO_READER_FINE) {
        finish(in);
        return true;
    }
    if (!start(in))
        return false;
    mo_input_begin(in);
    if (mo_split_shown(in->split).n && !in->shown) {
        in->shown = true;
        mo_input_report(in, MO_DIAG_UTF16_JSON, mo_split_shown(in->split), mo_str(""), 0);
    }
    if (in->taken) {
        read_taken(in);
        return true;
    }
    mo_split_next(in->split, &in->piece);
    if (!check_before(in))
        return true;
    switch (in->piece.kind) {
    case MO_PIECE_RECORD:
        if (dialect->record)
            dialect->record(in);
        else
            mo_input_record(in);
        return true;
    case MO_PIECE_ENVELOPE:
    case MO_PIECE_BETWEEN:
    case MO_PIECE_END: take_envelope(in); return true;
    case MO_PIECE_MORE: break;
    }
    if (in->ended && !(dialect->last && dialect->last(in)))
        finish(in);
    return in->ended;
}

static int
next(struct mo_reader *reader, const struct mo_record **record)
{
    return mo_gather_pull(((struct mo_input *)reader)->gather, reader, advance, record);
}

static void
destroy(struct mo_reader *reader)
{
    struct mo_input *in = (struct mo_input *)reader;

    if (in->dialect->free)
        in->dialect->free(in);
    mo_split_free(in->split);
    mo_gather_free(in->gather);
    mo_mending_free(in->mending);
    mo_sha256_free(in->head.sha);
    mo_buf_done(&in->next_page);
    mo_arena_free(in->arena);
    free(in);
}

/* Blank nodes are named after the first input, and go on being counted. */
static int
again(struct mo_reader *reader)
{
    struct mo_input *in = (struct mo_input *)reader;

    if (!in->dialect->again || mo_split_again(in->split) || mo_gather_again(in->gather))
        return -1;
    in->dialect->again(in);
    in->ended = in->finished = in->shown = false;
    in->broke_off = in->cut = in->overflowed = false;
    in->listed = in->on_page = in->n_taken = 0;
    in->taken = NULL;
    in->total = 0;
    mo_buf_clear(&in->next_page);
    memset(&in->piece, 0, sizeof in->piece);
    return 0;
}

static const struct mo_reader_class input_class = {destroy, push, end, next, again};

int
mo_input_init(struct mo_input *in, const struct mo_dialect *dialect,
    const struct mo_reader_options *options)
{
    struct mo_split_options split = {
        .list = dialect->list,
        .inner = dialect->inner,
        .charset = options->charset,
        .strict = options->strict,
        .may_list = dialect->may_list,
        .is_list = dialect->is_list,
        .is_record = is_record,
        .overflow = overflow,
        .ctx = in,
    };

    mo_reader_init(&in->reader, &input_class, options);
    in->dialect = dialect;
    split.max_bytes = in->reader.options.max_bytes;
    split.max_depth = in->reader.options.max_depth;
    mo_document_begin(&in->head, in->reader.options.base);
    mo_buf_init(&in->next_page, MO_MAX_ADDRESS);
    in->arena = mo_arena_new(SIZE_MAX);
    in->gather = mo_gather_new(&in->reader.options);
    in->split = mo_split_new(&split);
    return in->arena && in->gather && in->split ? 0 : -1;
}

/* The first of them are text, by which blank nodes are named. */
int
mo_input_take(struct mo_reader *reader, struct mo_json *value, bool twice)
{
    struct mo_input *in = (struct mo_input *)reader;
    struct mo_buf text;
    size_t line;
    int failed;

    if (in->started && in->reader.options.max_depth >= MO_MADE_LEVELS &&
        mo_split_is_empty(in->split, &line)) {
        in->taken = value;
        in->taken_twice = twice;
        return 0;
    }
    mo_buf_init(&text, SIZE_MAX);
    mo_json_put(&text, value);
    mo_buf_byte(&text, '\n');
    failed = text.failed || mo_reader_push(reader, mo_buf_view(&text));
    mo_buf_done(&text);
    return failed ? -1 : 0;
}

/* ---- Graphs ---- */

bool
mo_input_graph(struct mo_input *in)
{
    in->graph = mo_gather_graph(in->gather);
    if (!in->graph)
        mo_input_trouble(in);
    return in->graph != NULL;
}

static struct mo_place
place(const struct mo_input *in)
{
    return (struct mo_place){in->piece.line, in->piece.column, in->piece.offset};
}

void
mo_input_hand_over(struct mo_input *in, struct mo_term *root, unsigned flags)
{
    struct mo_place at = place(in);
    struct mo_graph *graph = in->graph;

    in->graph = NULL;
    if (mo_gather_unit(in->gather, graph, root, &at, flags))
        in->reader.state = MO_READER_TROUBLE;
}

void
mo_input_hand_over_named(struct mo_input *in, struct mo_term *name)
{
    struct mo_place at = place(in);
    struct mo_graph *graph = in->graph;

    in->graph = NULL;
    if (mo_gather_named(in->gather, graph, name, &at))
        in->reader.state = MO_READER_TROUBLE;
}

void
mo_input_drop_graph(struct mo_input *in)
{
    if (in->graph)
        mo_gather_release(in->gather, in->graph);
    in->graph = NULL;
}

/* ---- Terms ---- */

struct mo_term *
mo_input_must(struct mo_input *in, struct mo_term *term)
{
    if (!term)
        mo_input_trouble(in);
    return term;
}

struct mo_term *
mo_input_iri(struct mo_input *in, struct mo_str text)
{
    struct mo_str iri;

    if (mo_iri_resolve(in->graph->arena, in->reader.options.base, text, &iri))
        return mo_input_must(in, NULL);
    return mo_input_must(in, mo_graph_iri(in->graph, iri));
}

struct mo_term *
mo_input_named(struct mo_input *in, const char *iri)
{
    struct mo_named_iri *name = &in->named[((uintptr_t)iri >> 3) % MO_NAMED_IRIS];

    if (name->iri != iri) {
        name->iri = iri;
        name->known = mo_vocab_number(in->reader.options.vocab, iri);
    }
    return mo_input_must(in, name->known ? mo_graph_known(in->graph, name->known)
                                         : mo_graph_iri(in->graph, mo_str(iri)));
}

struct mo_term *
mo_input_labelled(struct mo_input *in, uint64_t number)
{
    return mo_input_must(in, mo_graph_blank_numbered(in->graph, number));
}

struct mo_term *
mo_input_blank(struct mo_input *in)
{
    struct mo_term *term = mo_input_labelled(in, mo_mix(in->document + 2 * ++in->blanks));

    if (term)
        term->anonymous = true;
    return term;
}

struct mo_term *
mo_input_literal(
    struct mo_input *in, struct mo_str text, struct mo_str type, struct mo_str lang)
{
    struct mo_term *datatype = NULL;

    if (type.n && !(datatype = mo_input_must(in, mo_graph_iri(in->graph, type))))
        return NULL;
    return mo_input_must(in, mo_graph_literal(in->graph, text, datatype, lang));
}

struct mo_term *
mo_input_date(struct mo_input *in, const struct mo_date *date)
{
    static const char *const types[] = {
        MO_XSD "gYear", MO_XSD "gYearMonth", MO_XSD "date", MO_XSD "dateTime"};
    struct mo_term *type = mo_input_named(in, types[date->precision]);
    char memory[64];
    struct mo_buf text;

    if (!type)
        return NULL;
    mo_buf_fixed(&text, memory, sizeof memory);
    mo_date_put(&text, date);
    return mo_input_must(
        in, mo_graph_literal(in->graph, mo_buf_view(&text), type, mo_str("")));
}

void
mo_input_add(struct mo_input *in, struct mo_term *s, struct mo_term *p, struct mo_term *o)
{
    if (s && p && o && !in->rejected && mo_graph_add(in->graph, s, p, o))
        mo_input_trouble(in);
}
