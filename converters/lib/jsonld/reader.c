#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <moisson/iri.h>
#include <moisson/text.h>

#include "base/hash.h"
#include "base/spill.h"
#include "base/split.h"
#include "dcat/gather.h"
#include "jsonld/context.h"
#include "jsonld/number.h"
#include "jsonld/processor.h"
#include "rdf/reader.h"

enum { LABEL_DIGITS = 16 };

struct jsonld {
    struct mo_reader reader;
    struct mo_gather *gather;
    struct mo_split *split;
    struct mo_buf head; /* the first bytes, by which blank nodes are named */
    uint64_t document;
    bool started, ended, finished;
    bool broke_off;  /* it says so itself */
    bool cut;        /* and was seen to be so */
    bool overflowed; /* bytes of the record in hand were rejected already */
    size_t listed;   /* records of the list in hand */
    uint64_t blanks;

    struct mo_processor *processor;
    struct mo_processor_hooks hooks;

    /* The document in hand. */
    struct mo_json *envelope; /* what it says before its list, or NULL */
    struct mo_json *tail;     /* and behind it */
    struct mo_buf frame;      /* both, as one object */
    enum mo_initial initial;  /* what its keys mean */
    bool has_context;
    struct mo_buf graph_name; /* of its records, when they are of a named graph */
    struct mo_term graph_term;
    const struct mo_term *merged; /* the same, when the record in hand is; or NULL */
    bool framing;                 /* what stands around the list is in hand */
    /* Its records, where its context may stand behind them. */
    struct mo_spill *held;
    uint64_t n_held, held_read, held_at;
    struct mo_buf held_text;
    bool holding;

    /* The record in hand. */
    struct mo_json *json;
    struct mo_graph *graph;
    struct mo_piece piece;
    uint64_t ordinal; /* of the JSON value that it is in */
    bool general;     /* it needs the processor */
    char name[512];
    bool rejected;
};

static struct mo_term *read_node(struct jsonld *r, const struct mo_json *object);

/* ---- Saying what is wrong ---- */

static void
report(struct jsonld *r, enum mo_diag_id id, struct mo_str detail, struct mo_str property,
    size_t at)
{
    struct mo_diag diag = {.id = id,
        .detail = mo_utf8_head(detail, 200),
        .record = mo_str(r->name),
        .property = property,
        .line = r->piece.line,
        .column = r->piece.column,
        .offset = r->piece.offset + at,
        .has_offset = true};

    mo_place_in(r->piece.text, at, &diag.line, &diag.column);
    mo_reader_report(&r->reader, &diag);
}

static void
put_reject(struct jsonld *r, struct mo_str bytes, bool more)
{
    const struct mo_reader_options *o = &r->reader.options;
    struct mo_reject reject = {.bytes = bytes, .more = more};

    if (o->reject && o->reject(o->reject_ctx, &reject))
        r->reader.state = MO_READER_TROUBLE;
}

static void
reject(struct jsonld *r, enum mo_diag_id id, struct mo_str detail, struct mo_str property,
    size_t at)
{
    if (r->rejected)
        return;
    r->rejected = true;
    ++r->reader.rejected;
    report(r, id, detail, property, at);
    if (r->piece.kind == MO_PIECE_RECORD)
        put_reject(r, r->overflowed ? mo_str("") : r->piece.text, false);
    r->overflowed = false;
}

/* Bytes of a record that is too big to be held. */
static void
overflow(void *ctx, struct mo_str bytes)
{
    struct jsonld *r = ctx;

    r->overflowed = true;
    put_reject(r, bytes, true);
}

static void
trouble(struct jsonld *r)
{
    struct mo_diag diag = {.id = MO_DIAG_NO_MEMORY};

    if (r->reader.state != MO_READER_TROUBLE)
        mo_reader_report(&r->reader, &diag);
    r->reader.state = MO_READER_TROUBLE;
    r->rejected = true;
}

/* ---- Terms ---- */

static struct mo_term *
must(struct jsonld *r, struct mo_term *term)
{
    if (!term)
        trouble(r);
    return term;
}

static struct mo_term *
blank(struct jsonld *r, uint64_t number, bool anonymous)
{
    char label[LABEL_DIGITS + 4];
    struct mo_term *term;

    snprintf(label, sizeof label, "m%016llx", (unsigned long long)number);
    term = must(r, mo_graph_blank(r->graph, mo_str(label)));
    if (term && anonymous)
        term->anonymous = true;
    return term;
}

/* Labels of ours hold for the whole input; all others for one JSON value. */
static bool
is_our_label(struct mo_str label)
{
    return label.n == LABEL_DIGITS + 1 && label.p[0] == 'm' &&
           strspn(label.p + 1, "0123456789abcdef") >= LABEL_DIGITS;
}

static struct mo_term *
labelled(struct jsonld *r, struct mo_str label)
{
    if (is_our_label(label))
        return must(r, mo_graph_blank(r->graph, label));
    return blank(r, mo_mix(mo_hash(r->document + r->ordinal, label)), false);
}

static struct mo_term *
node_named(struct jsonld *r, struct mo_str name)
{
    struct mo_str iri;

    if (!mo_str_starts(name, mo_str("_:"))) {
        if (mo_iri_resolve(r->graph->arena, r->reader.options.base, name, &iri)) {
            trouble(r);
            return NULL;
        }
        return must(r, mo_graph_iri(r->graph, iri));
    }
    return labelled(r, mo_str_from(name, 2));
}

static struct mo_term *
literal(struct jsonld *r, struct mo_str text, struct mo_str type, struct mo_str lang)
{
    struct mo_term *datatype = NULL;

    if (type.n && !(datatype = must(r, mo_graph_iri(r->graph, type))))
        return NULL;
    return must(r, mo_graph_literal(r->graph, text, datatype, lang));
}

static struct mo_term *
known(struct jsonld *r, enum mo_known number)
{
    return must(
        r, mo_graph_iri(r->graph, mo_lexicon_text(r->graph->lexicon, (uint16_t)number)));
}

static void
add(struct jsonld *r, struct mo_term *s, struct mo_term *p, struct mo_term *o)
{
    if (s && p && o && !r->rejected && mo_graph_add(r->graph, s, p, o))
        trouble(r);
}

/* ---- Values ---- */

static struct mo_term *
wrong(struct jsonld *r, struct mo_str key)
{
    reject(r, MO_DIAG_BAD_VALUE, mo_str(""), key, 0);
    return NULL;
}

/* true, false and numbers, as the API's algorithms type them (JSON-LD 1.1 API, 8.2). */
static struct mo_term *
native(struct jsonld *r, const struct mo_json *value, struct mo_str type)
{
    bool number = mo_json_kind(value) == MO_JSON_NUMBER, integer = false;
    struct mo_term *term;
    struct mo_buf text;

    mo_buf_init(&text, SIZE_MAX);
    if (number)
        integer =
            mo_number_put(&text, mo_json_text(value), mo_str_is(type, MO_XSD "double"));
    else
        mo_buf_c(&text, mo_json_kind(value) == MO_JSON_TRUE ? "true" : "false");
    if (type.n == 0)
        type = mo_str(!number   ? MO_XSD "boolean"
                      : integer ? MO_XSD "integer"
                                : MO_XSD "double");
    term = text.failed ? must(r, NULL) : literal(r, mo_buf_view(&text), type, mo_str(""));
    mo_buf_done(&text);
    return term;
}

static struct mo_term *read_list(
    struct jsonld *r, const struct mo_json *items, struct mo_str key);

/* {"@value"}, with a type or a language. With something else, it is for the processor. */
static struct mo_term *
read_value_object(struct jsonld *r, const struct mo_json *object,
    const struct mo_json *value, struct mo_str key)
{
    struct mo_str type = mo_str(""), lang = mo_str("");

    for (const struct mo_json *m = mo_json_first(object); m; m = mo_json_next(m))
        if (mo_str_is(mo_json_key(m), "@type"))
            type = mo_json_text(m);
        else if (mo_str_is(mo_json_key(m), "@language"))
            lang = mo_json_text(m);
        else if (!mo_str_is(mo_json_key(m), "@value"))
            r->general = true;
    switch (mo_json_kind(value)) {
    case MO_JSON_STRING: return literal(r, mo_json_text(value), type, lang);
    case MO_JSON_TRUE:
    case MO_JSON_FALSE:
    case MO_JSON_NUMBER: return native(r, value, type);
    default: return wrong(r, key);
    }
}

/* An object that is a value: {"@value"}, {"@list"}, {"@id"}, or a node. */
static struct mo_term *
read_object(struct jsonld *r, const struct mo_json *object, struct mo_str key)
{
    const struct mo_json *value = mo_json_member(object, "@value");
    const struct mo_json *list = value ? NULL : mo_json_member(object, "@list");

    if (value)
        return read_value_object(r, object, value, key);
    return list ? read_list(r, list, key) : read_node(r, object);
}

static struct mo_term *
read_value(struct jsonld *r, const struct mo_json *value, const struct mo_key *key,
    struct mo_str name)
{
    const struct mo_lexicon *lexicon = r->graph->lexicon;
    struct mo_str type = key && key->kind == MO_KIND_TYPED
                             ? mo_lexicon_text(lexicon, key->datatype)
                             : mo_str("");

    switch (mo_json_kind(value)) {
    case MO_JSON_OBJECT: return read_object(r, value, name);
    case MO_JSON_STRING:
        if (key && key->kind == MO_KIND_ID)
            return node_named(r, mo_json_text(value));
        return literal(r, mo_json_text(value), type, mo_str(""));
    case MO_JSON_TRUE:
    case MO_JSON_FALSE:
    case MO_JSON_NUMBER: return native(r, value, type);
    default: return wrong(r, name);
    }
}

static struct mo_term *
read_list(struct jsonld *r, const struct mo_json *items, struct mo_str key)
{
    struct mo_term *head = NULL, *last = NULL;
    const struct mo_json *item;

    if (mo_json_kind(items) != MO_JSON_ARRAY)
        return wrong(r, key);
    for (item = mo_json_first(items); item && !r->rejected; item = mo_json_next(item)) {
        struct mo_term *cell = blank(r, mo_mix(r->document + 2 * ++r->blanks), true);

        if (!head)
            head = cell;
        else
            add(r, last, known(r, MO_K_RDF_REST), cell);
        add(r, cell, known(r, MO_K_RDF_FIRST), read_value(r, item, NULL, key));
        last = cell;
    }
    if (!head)
        return known(r, MO_K_RDF_NIL);
    add(r, last, known(r, MO_K_RDF_REST), known(r, MO_K_RDF_NIL));
    return head;
}

/* ---- Nodes ---- */

static void
read_types(struct jsonld *r, struct mo_term *node, const struct mo_json *value)
{
    const struct mo_json *type =
        mo_json_kind(value) == MO_JSON_ARRAY ? mo_json_first(value) : value;

    for (; type;
         type = mo_json_kind(value) == MO_JSON_ARRAY ? mo_json_next(type) : NULL) {
        const struct mo_class *class;
        struct mo_term *o;

        if (mo_json_kind(type) != MO_JSON_STRING) {
            wrong(r, mo_str("@type"));
            return;
        }
        class = mo_vocab_class_named(r->reader.options.vocab, mo_json_text(type));
        o = class ? must(r, mo_graph_iri(
                                r->graph, mo_lexicon_text(r->graph->lexicon, class->id)))
                  : node_named(r, mo_json_text(type));
        add(r, node, known(r, MO_K_RDF_TYPE), o);
    }
}

static void
read_member(struct jsonld *r, struct mo_term *node, const struct mo_json *member)
{
    struct mo_str name = mo_json_key(member);
    const struct mo_key *key = mo_vocab_key_named(r->reader.options.vocab, name);
    const struct mo_json *value;
    struct mo_term *property;
    bool array = mo_json_kind(member) == MO_JSON_ARRAY;

    if (!key && !memchr(name.p, ':', name.n)) {
        report(r, MO_DIAG_KEY_UNKNOWN, name, mo_str(""), 0);
        return;
    }
    property =
        must(r, mo_graph_iri(r->graph,
                    key ? mo_lexicon_text(r->graph->lexicon, key->property) : name));
    value = array ? mo_json_first(member) : member;
    for (; value && !r->rejected; value = array ? mo_json_next(value) : NULL) {
        struct mo_term *term;

        if (mo_json_kind(value) == MO_JSON_NULL)
            continue;
        term = read_value(r, value, key, name);
        if (term && key && key->reverse && !mo_is_node(term))
            wrong(r, name);
        else if (term && key && key->reverse)
            add(r, term, property, node);
        else
            add(r, node, property, term);
    }
}

static struct mo_term *
read_node(struct jsonld *r, const struct mo_json *object)
{
    const struct mo_json *id = mo_json_member(object, "@id");
    struct mo_term *node;

    if (id && mo_json_kind(id) != MO_JSON_STRING)
        return wrong(r, mo_str("@id"));
    node = id ? node_named(r, mo_json_text(id))
              : blank(r, mo_mix(r->document + 2 * ++r->blanks), true);
    if (!node)
        return NULL;
    for (const struct mo_json *m = mo_json_first(object);
         m && !r->rejected && !r->general; m = mo_json_next(m)) {
        struct mo_str key = mo_json_key(m);

        if (mo_str_is(key, "@type"))
            read_types(r, node, m);
        else if (mo_str_is(key, "@id") || mo_str_is(key, MO_PART_KEY) ||
                 mo_str_is(key, MO_INCOMPLETE_KEY))
            continue;
        else if (mo_str_is(key, "@context") && object == r->json)
            continue;
        else if ((key.n && key.p[0] == '@') || mo_str_starts(key, mo_str("_:")))
            r->general = true;
        else
            read_member(r, node, m);
    }
    mo_graph_close(r->graph, node);
    return node;
}

/* ---- Records ---- */

static void
name_record(struct jsonld *r, const struct mo_json *object)
{
    struct mo_str id =
        mo_utf8_head(mo_json_member_text(object, "@id"), sizeof r->name / 4 - 1);

    memcpy(r->name, id.p ? id.p : "", id.n);
    r->name[id.n] = '\0';
}

static size_t
count_terms(const struct mo_json *context)
{
    size_t n = 0;

    for (const struct mo_json *c = mo_json_first(context); c; c = mo_json_next(c))
        n += mo_json_kind(context) == MO_JSON_ARRAY ? count_terms(c) : 1;
    return n;
}

/* Whether it is our own context, with all its terms and no other. */
static bool
context_is_ours(const struct jsonld *r, const struct mo_json *context)
{
    const struct mo_vocab *v = r->reader.options.vocab;
    struct mo_str culprit;

    return count_terms(context) >= v->n_class_names + v->n_names &&
           mo_context_agrees(v, context, &culprit);
}

/* Which graph they are of cannot be kept. */
static void
lose_graph_name(struct jsonld *r)
{
    const struct mo_reader_options *o = &r->reader.options;

    if (!o->lose || !r->merged)
        return;
    for (const struct mo_term *s = r->graph->subjects; s; s = s->next_subject)
        for (const struct mo_stmt *stmt = s->first; stmt; stmt = stmt->next)
            o->lose(o->lose_ctx, stmt, r->merged);
}

static void
hand_over(struct jsonld *r, struct mo_term *root, bool part)
{
    struct mo_place place = {r->piece.line, r->piece.column, r->piece.offset};
    unsigned flags = (r->piece.alone ? MO_UNIT_ALONE : 0u) | (part ? MO_UNIT_PART : 0u);
    struct mo_graph *graph = r->graph;

    r->graph = NULL;
    if (mo_gather_unit(r->gather, graph, flags ? root : NULL, &place, flags))
        r->reader.state = MO_READER_TROUBLE;
}

/* What the processor has to say. */
static void
report_for_processor(
    void *ctx, enum mo_diag_id id, struct mo_str detail, struct mo_str property)
{
    report(ctx, id, detail, property, 0);
}

static struct mo_term *
blank_for_processor(void *ctx, struct mo_graph *graph, struct mo_str label)
{
    struct jsonld *r = ctx;

    r->graph = graph;
    return label.p ? labelled(r, label)
                   : blank(r, mo_mix(r->document + 2 * ++r->blanks), true);
}

static void
take_fault(struct jsonld *r, const struct mo_processor_fault *fault)
{
    if (fault->id == MO_DIAG_NO_MEMORY)
        trouble(r);
    else
        reject(r, fault->id, mo_str(fault->detail), mo_str(""), 0);
}

/* An empty graph for what comes; false in trouble. */
static bool
begin_graph(struct jsonld *r)
{
    r->graph = mo_gather_graph(r->gather);
    if (!r->graph)
        trouble(r);
    return r->graph != NULL;
}

static void
drop_graph(struct jsonld *r)
{
    if (r->graph)
        mo_gather_release(r->gather, r->graph);
    r->graph = NULL;
}

static bool
is_part(const struct mo_json *object)
{
    const struct mo_json *part = mo_json_member(object, MO_PART_KEY);

    return part && mo_json_kind(part) == MO_JSON_TRUE;
}

/* What stands beside the list is said of such a node, though it has no name. */
static bool
names_graph(const struct jsonld *r)
{
    return r->framing && r->graph->n_stmts && !r->graph_name.n;
}

/* Through the processor, whatever its context. */
static void
process_record(struct jsonld *r, const struct mo_json *object, enum mo_initial initial)
{
    struct mo_processor_fault fault;
    struct mo_term *root = NULL;

    if (!begin_graph(r))
        return;
    if (mo_processor_read(r->processor, object, initial, r->piece.alone, r->merged,
            r->graph, &root, &fault))
        take_fault(r, &fault);
    else if (names_graph(r))
        report(r, MO_DIAG_GRAPH_NAME, mo_str("_:"), mo_str("@graph"), 0);
    if (!r->rejected && initial == MO_INITIAL_OURS && root) {
        hand_over(r, root, is_part(object));
    } else if (!r->rejected) {
        r->piece.alone = false; /* other's documents have many records in one value */
        hand_over(r, NULL, false);
    }
    drop_graph(r);
}

/* Without the processor; false when that cannot be done. */
static bool
read_simple(struct jsonld *r, const struct mo_json *object)
{
    struct mo_term *root;

    r->general = r->reader.options.strict || r->reader.options.quads;
    if (r->general)
        return false;
    if (!begin_graph(r))
        return true;
    root = read_node(r, object);
    if (!r->general && !r->rejected && root) {
        lose_graph_name(r);
        hand_over(r, root, is_part(object));
    }
    drop_graph(r);
    return !r->general;
}

static void
read_record(struct jsonld *r, const struct mo_json *object)
{
    const struct mo_json *context = mo_json_member(object, "@context");
    enum mo_initial initial = r->piece.alone ? MO_INITIAL_OURS : r->initial;
    bool ours = context && context_is_ours(r, context);

    name_record(r, object);
    if (initial == MO_INITIAL_OURS && (!context || ours) && read_simple(r, object))
        return;
    if (context && (r->piece.alone || (initial == MO_INITIAL_OURS && !r->has_context)))
        initial = ours ? MO_INITIAL_OURS : MO_INITIAL_EMPTY;
    process_record(r, object, initial);
}

/* The next named graph of the record in hand. */
static void
read_named(struct jsonld *r)
{
    struct mo_place place = {r->piece.line, r->piece.column, r->piece.offset};
    struct mo_processor_fault fault;
    struct mo_graph *graph;
    struct mo_term *name;

    if (!begin_graph(r))
        return;
    if (mo_processor_named(r->processor, r->graph, &name, &fault)) {
        take_fault(r, &fault);
        mo_processor_release(r->processor);
    } else if (name) {
        graph = r->graph;
        r->graph = NULL;
        if (mo_gather_named(r->gather, graph, name, &place))
            r->reader.state = MO_READER_TROUBLE;
    }
    drop_graph(r);
}

static void
end_record(struct jsonld *r)
{
    mo_processor_release(r->processor);
    mo_json_free(r->json);
    r->json = NULL;
}

/* For messages: the name of a record that could not be read, as it stands there. */
static void
find_name(struct jsonld *r)
{
    static const char key[] = "\"@id\":\"";
    struct mo_str text = r->piece.text;
    struct mo_str name = mo_str_from(text, mo_str_find(text, mo_str(key), 0));
    size_t n;

    name = mo_str_from(name, name.n < sizeof key - 1 ? name.n : sizeof key - 1);
    n = mo_str_find(name, mo_str("\""), 0);
    if (n < name.n && n < sizeof r->name) {
        memcpy(r->name, name.p, n);
        r->name[n] = '\0';
    }
}

static void
take_record(struct jsonld *r)
{
    static const enum mo_diag_id faults[] = {
        [MO_PIECE_BROKEN] = MO_DIAG_JSON,
        [MO_PIECE_TOO_BIG] = MO_DIAG_TOO_BIG,
        [MO_PIECE_TOO_DEEP] = MO_DIAG_TOO_DEEP,
        [MO_PIECE_CUT] = MO_DIAG_CUT,
    };
    struct mo_json_error error;

    r->ordinal += r->piece.alone;
    r->merged = r->graph_name.n && !r->piece.alone ? &r->graph_term : NULL;
    ++r->listed;
    if (r->piece.fault != MO_PIECE_FINE) {
        r->cut = r->piece.fault == MO_PIECE_CUT;
        find_name(r);
        reject(r, faults[r->piece.fault], mo_str(""), mo_str(""), r->piece.at);
        return;
    }
    r->json = mo_json_parse(r->piece.text, r->reader.options.max_depth, &error);
    if (r->json && (mo_json_kind(r->json) == MO_JSON_OBJECT ||
                       (r->reader.options.quads && !mo_json_text(r->json).n)))
        read_record(r, r->json);
    else if (r->json)
        reject(r, MO_DIAG_NOT_A_NODE, mo_str(""), mo_str(""), 0);
    else if (error.fault == MO_JSON_NO_MEMORY)
        trouble(r);
    else
        reject(r, error.fault == MO_JSON_TOO_DEEP ? MO_DIAG_TOO_DEEP : MO_DIAG_JSON,
            mo_str(""), mo_str(""), error.offset);
    if (!mo_processor_has_named(r->processor))
        end_record(r);
}

/* ---- Documents ---- */

static void
forget_document(struct jsonld *r)
{
    mo_json_free(r->envelope);
    mo_json_free(r->tail);
    r->envelope = r->tail = NULL;
    r->has_context = false;
    r->initial = MO_INITIAL_OURS;
    mo_buf_clear(&r->frame);
    mo_buf_clear(&r->graph_name);
}

/* A record whose context may come yet: its place and its bytes. */
static void
hold_record(struct jsonld *r)
{
    uint64_t offset;

    if (mo_spill_write(
            r->held, mo_str_n((const char *)&r->piece, sizeof r->piece), &offset) ||
        mo_spill_write(r->held, r->piece.text, &offset)) {
        struct mo_diag diag = {.id = MO_DIAG_SPILL, .detail = mo_str(strerror(errno))};

        mo_reader_report(&r->reader, &diag);
        r->reader.state = MO_READER_TROUBLE;
        return;
    }
    ++r->n_held;
}

/* The next record that was held. */
static void
take_held(struct jsonld *r)
{
    mo_buf_clear(&r->held_text);
    if (mo_spill_read(r->held, r->held_at, &r->piece, sizeof r->piece) ||
        mo_buf_reserve(&r->held_text, r->piece.text.n) ||
        mo_spill_read(
            r->held, r->held_at + sizeof r->piece, r->held_text.p, r->piece.text.n)) {
        trouble(r);
        return;
    }
    r->held_text.n = r->piece.text.n;
    r->piece.text = mo_buf_view(&r->held_text);
    r->held_at += sizeof r->piece + r->piece.text.n;
    if (++r->held_read == r->n_held) {
        mo_spill_reset(r->held);
        r->n_held = r->held_read = r->held_at = 0;
    }
    take_record(r);
    if (!r->n_held)
        forget_document(r);
}

/* What the keys of the document mean. */
static void
take_context(struct jsonld *r, const struct mo_json *context)
{
    struct mo_processor_fault fault;

    r->has_context = context != NULL;
    r->initial = MO_INITIAL_OURS;
    if (!context || context_is_ours(r, context))
        context = NULL;
    else
        r->initial = MO_INITIAL_DOCUMENT;
    if (mo_processor_document(r->processor, context, &fault) == 0)
        return;
    if (fault.id == MO_DIAG_NO_MEMORY)
        trouble(r);
    else {
        report(r, fault.id, mo_str(fault.detail), mo_str("@context"), 0);
        r->reader.state = MO_READER_BROKE_OFF;
    }
}

static struct mo_json *
parse_envelope(struct jsonld *r)
{
    struct mo_json_error error;
    struct mo_json *json =
        mo_json_parse(r->piece.text, r->reader.options.max_depth, &error);

    if (json)
        return json;
    report(r, MO_DIAG_JSON, mo_str(""), mo_str(""), 0);
    r->reader.state = MO_READER_BROKE_OFF;
    return NULL;
}

static bool
says_something(const struct mo_json *object)
{
    static const char *const silent[] = {
        "@context", "@id", MO_INCOMPLETE_KEY, MO_PART_KEY};

    for (const struct mo_json *m = mo_json_first(object); m; m = mo_json_next(m)) {
        bool known = false;

        for (size_t i = 0; i < sizeof silent / sizeof silent[0]; ++i)
            known = known || mo_str_is(mo_json_key(m), silent[i]);
        if (!known)
            return true;
    }
    return false;
}

/* A list that stands in a node is the graph that the node is the name of. */
static void
name_graph(struct jsonld *r, const struct mo_json *frame)
{
    struct mo_str id = mo_json_member_text(frame, "@id");
    bool blank = mo_str_starts(id, mo_str("_:"));

    if (r->graph_name.n || !id.n)
        return;
    mo_buf_str(&r->graph_name, mo_str_from(id, blank ? 2 : 0));
    r->graph_term = (struct mo_term){
        .kind = blank ? MO_BLANK : MO_IRI, .text = mo_buf_view(&r->graph_name)};
    report(r, MO_DIAG_GRAPH_NAME, id, mo_str("@graph"), 0);
}

static void
begin_document(struct jsonld *r)
{
    const struct mo_json *context;

    r->listed = 0;
    ++r->ordinal;
    forget_document(r);
    r->envelope = parse_envelope(r);
    mo_buf_str(&r->frame, r->piece.text);
    context = r->envelope ? mo_json_member(r->envelope, "@context") : NULL;
    r->holding = r->envelope && !context;
    if (context)
        take_context(r, context);
    name_graph(r, r->envelope);
}

/* What a document says of itself, before its list and behind, is one more record. */
static void
take_frame(struct jsonld *r)
{
    struct mo_json_error error;

    if (r->rejected || r->reader.state != MO_READER_FINE || !r->envelope ||
        (!says_something(r->envelope) && !says_something(r->tail)))
        return;
    if (mo_json_first(r->envelope) && mo_json_first(r->tail))
        r->frame.p[r->frame.n - 1] = ',';
    else
        --r->frame.n;
    mo_buf_str(&r->frame, mo_str_from(r->piece.text, 1));
    r->json = r->frame.failed ? NULL
                              : mo_json_parse(mo_buf_view(&r->frame),
                                    r->reader.options.max_depth, &error);
    if (!r->json) {
        trouble(r);
        return;
    }
    name_record(r, r->json);
    r->merged = NULL;
    r->framing = true;
    process_record(r, r->json, r->initial);
    r->framing = false;
    end_record(r);
}

static void
end_document(struct jsonld *r)
{
    const struct mo_json *context, *incomplete;

    r->reader.empty_list = r->reader.empty_list || r->listed == 0;
    r->tail = parse_envelope(r);
    if (!r->tail)
        return;
    name_graph(r, r->tail);
    context = mo_json_member(r->tail, "@context");
    if (r->holding || context)
        take_context(r, context);
    r->holding = false;
    incomplete = mo_json_member(r->tail, MO_INCOMPLETE_KEY);
    if (!incomplete)
        incomplete = r->envelope ? mo_json_member(r->envelope, MO_INCOMPLETE_KEY) : NULL;
    if (incomplete && mo_json_kind(incomplete) == MO_JSON_TRUE) {
        report(r, MO_DIAG_INCOMPLETE, mo_str(""), mo_str(""), 0);
        r->broke_off = true;
    }
    take_frame(r);
    ++r->ordinal;
    if (!r->n_held)
        forget_document(r);
}

/* What a document says around its list. */
static void
take_envelope(struct jsonld *r)
{
    if (r->piece.fault != MO_PIECE_FINE) {
        if (!r->cut)
            report(r, MO_DIAG_CUT, mo_str(""), mo_str(""), 0);
        if (r->holding)
            take_context(r, NULL);
        r->holding = false;
        r->reader.state = MO_READER_BROKE_OFF;
        return;
    }
    if (r->piece.kind == MO_PIECE_ENVELOPE)
        begin_document(r);
    else
        end_document(r);
}

/* ---- The stream ---- */

static int
push(struct mo_reader *reader, struct mo_str bytes)
{
    struct jsonld *r = (struct jsonld *)reader;

    if (reader->state == MO_READER_FINE && mo_split_push(r->split, bytes))
        trouble(r);
    if (!r->started && r->head.n < MO_DOCUMENT_HEAD)
        mo_buf_add(&r->head, bytes.p,
            bytes.n < MO_DOCUMENT_HEAD - r->head.n ? bytes.n
                                                   : MO_DOCUMENT_HEAD - r->head.n);
    return reader->state == MO_READER_TROUBLE ? -1 : 0;
}

static int
end(struct mo_reader *reader)
{
    struct jsonld *r = (struct jsonld *)reader;

    r->ended = true;
    if (mo_split_end(r->split))
        trouble(r);
    return reader->state == MO_READER_TROUBLE ? -1 : 0;
}

static void
finish(struct jsonld *r)
{
    r->finished = true;
    mo_reader_bad_bytes(&r->reader, mo_split_decoder(r->split));
    if (r->broke_off && r->reader.state == MO_READER_FINE)
        r->reader.state = MO_READER_BROKE_OFF;
    if (r->reader.state != MO_READER_TROUBLE && mo_gather_end(r->gather))
        r->reader.state = MO_READER_TROUBLE;
}

static void
begin_piece(struct jsonld *r)
{
    r->name[0] = '\0';
    r->rejected = false;
}

/* One step. False when more bytes are needed, or there is nothing left to do. */
static bool
advance(struct mo_reader *reader)
{
    struct jsonld *r = (struct jsonld *)reader;

    if (r->finished)
        return false;
    if (r->reader.state == MO_READER_FINE && mo_processor_has_named(r->processor)) {
        read_named(r);
        if (!mo_processor_has_named(r->processor))
            end_record(r);
        return true;
    }
    if (r->n_held && !r->holding && r->reader.state < MO_READER_STOPPED) {
        begin_piece(r);
        take_held(r);
        return true;
    }
    if (r->reader.state != MO_READER_FINE) {
        finish(r);
        return true;
    }
    if (!r->started) {
        if (!r->ended && r->head.n < MO_DOCUMENT_HEAD)
            return false;
        r->document = mo_document_key(r->reader.options.base, mo_buf_view(&r->head));
        r->started = true;
        mo_buf_done(&r->head);
    }
    begin_piece(r);
    mo_split_next(r->split, &r->piece);
    switch (r->piece.kind) {
    case MO_PIECE_RECORD:
        if (r->holding && r->piece.fault == MO_PIECE_FINE)
            hold_record(r);
        else
            take_record(r);
        return true;
    case MO_PIECE_ENVELOPE:
    case MO_PIECE_END: take_envelope(r); return true;
    case MO_PIECE_MORE: break;
    }
    if (!r->ended)
        return false;
    if (r->holding) { /* the document broke off */
        r->holding = false;
        take_context(r, NULL);
    } else {
        finish(r);
    }
    return true;
}

static int
next(struct mo_reader *reader, const struct mo_record **record)
{
    return mo_gather_pull(((struct jsonld *)reader)->gather, reader, advance, record);
}

static void
destroy(struct mo_reader *reader)
{
    struct jsonld *r = (struct jsonld *)reader;

    mo_split_free(r->split);
    mo_gather_free(r->gather);
    mo_buf_done(&r->head);
    mo_processor_free(r->processor);
    mo_json_free(r->json);
    forget_document(r);
    mo_spill_free(r->held);
    mo_buf_done(&r->held_text);
    mo_buf_done(&r->frame);
    mo_buf_done(&r->graph_name);
    free(r);
}

static const struct mo_reader_class jsonld_class = {destroy, push, end, next};

struct mo_reader *
mo_jsonld_reader(const struct mo_reader_options *options)
{
    struct jsonld *r = calloc(1, sizeof *r);
    struct mo_split_options split = {.list = "@graph"};

    if (!r)
        return NULL;
    mo_reader_init(&r->reader, &jsonld_class, options);
    if (options->quads)
        split.list = NULL; /* a graph has its name behind it as well as before */
    r->hooks.blank = blank_for_processor;
    r->hooks.report = report_for_processor;
    r->hooks.ctx = r;
    r->initial = MO_INITIAL_OURS;
    r->processor = mo_processor_new(&r->reader.options, &r->hooks);
    r->held = mo_spill_new();
    mo_buf_init(&r->held_text, SIZE_MAX);
    mo_buf_init(&r->frame, SIZE_MAX);
    mo_buf_init(&r->graph_name, SIZE_MAX);
    split.max_bytes = r->reader.options.max_bytes;
    split.max_depth = r->reader.options.max_depth;
    split.charset = options->charset;
    split.strict = options->strict;
    split.overflow = overflow;
    split.ctx = r;
    mo_buf_init(&r->head, MO_DOCUMENT_HEAD);
    r->gather = mo_gather_new(&r->reader.options);
    r->split = mo_split_new(&split);
    if (!r->gather || !r->split || !r->processor || !r->held) {
        destroy(&r->reader);
        return NULL;
    }
    return &r->reader;
}
