#include <stdlib.h>

#include "jsonld/context.h"
#include "rdf/list.h"
#include "rdf/writer.h"

enum {
    FEW = 48,        /* statements that are sorted by insertion */
    MAX_NESTING = 40 /* nodes and lists: what we write, readers with our ceiling read */
};

/* A value and the key it goes under; without a key, its property's IRI. */
struct value {
    const struct mo_key *key;
    const struct mo_stmt *stmt;
    bool link;
    size_t order; /* in the document */
};

struct dcatap {
    struct mo_writer writer;
    struct value *values; /* a stack: of the nodes that are being written */
    size_t n, cap;
    bool trouble;
    unsigned depth;             /* of nodes and lists that are open */
    const struct mo_term *root; /* of the record */
    struct mo_buf context;      /* the value of "@context"; empty: it is not written */
};

/* Where a node stands: what is written with it. */
enum place { INSIDE, ALONE, ALONE_AS_PART };

static void put_node(struct dcatap *w, struct mo_term *node, enum place place);

static unsigned
rank(const struct value *value)
{
    return value->key ? value->key->rank : ~0u;
}

/* By key, in the order of the table; then by IRI; then as they came. */
static int
by_key(const void *a, const void *b)
{
    const struct value *x = a, *y = b;
    int order;

    if (rank(x) != rank(y))
        return rank(x) < rank(y) ? -1 : 1;
    if (!x->key && x->stmt->p != y->stmt->p) {
        order = mo_str_cmp(x->stmt->p->text, y->stmt->p->text);
        if (order)
            return order;
    }
    return x->order < y->order ? -1 : 1;
}

static void
sort(struct value *values, size_t n)
{
    if (n > FEW) {
        qsort(values, n, sizeof *values, by_key);
        return;
    }
    for (size_t i = 1; i < n; ++i) {
        struct value value = values[i];
        size_t k = i;

        for (; k > 0 && by_key(&values[k - 1], &value) > 0; --k)
            values[k] = values[k - 1];
        values[k] = value;
    }
}

static void
push(struct dcatap *w, const struct mo_key *key, const struct mo_stmt *stmt, bool link)
{
    if (w->n == w->cap) {
        size_t cap = w->cap ? 2 * w->cap : 256;
        struct value *grown = realloc(w->values, cap * sizeof *grown);

        if (!grown) {
            w->trouble = true;
            return;
        }
        w->values = grown;
        w->cap = cap;
    }
    w->values[w->n].key = key;
    w->values[w->n].stmt = stmt;
    w->values[w->n].link = link;
    w->values[w->n].order = w->n;
    ++w->n;
}

/* The key of this set under which the statement stands, or NULL. */
static const struct mo_key *
key_of(const struct dcatap *w, const struct mo_stmt *s)
{
    const struct mo_vocab *v = w->writer.options.vocab;
    enum mo_keys keys = w->writer.options.keys;
    const struct mo_key *key = mo_vocab_key_of(v, s);

    if (keys == MO_KEYS_3_0_1)
        return key;
    if (!key && s->o->kind == MO_LITERAL) { /* of another datatype, which it names */
        key = mo_vocab_key(v, s->p, s->s);
        key = key && key->in_full ? key : NULL;
    }
    return key && key->names[keys].n ? key : NULL;
}

/* A service that a catalogue lists has a record of its own, and that one says so. */
static void
collect(struct dcatap *w, struct mo_term *node)
{
    const struct mo_vocab *v = w->writer.options.vocab;
    size_t from = w->n;

    for (const struct mo_stmt *s = node->first_link; s; s = s->next)
        if (node == w->root || !mo_vocab_lists(v, s))
            push(w, mo_vocab_link(v, s->p), s, true);
    for (const struct mo_stmt *s = node->first; s; s = s->next) {
        const struct mo_key *key;

        if (s->p->known == MO_K_RDF_TYPE && mo_is_node(s->o))
            continue;
        key = key_of(w, s);
        for (size_t i = from; key && !key->many && i < w->n; ++i)
            if (w->values[i].key && w->values[i].key->rank == key->rank)
                key = NULL;
        push(w, key, s, false);
    }
    if (w->n > from)
        sort(w->values + from, w->n - from);
}

static void
put_name(struct dcatap *w, const struct mo_term *node)
{
    struct mo_buf *out = &w->writer.item;

    if (node->kind == MO_IRI) {
        mo_json_string(out, node->text);
    } else {
        mo_buf_c(out, "\"_:");
        mo_buf_str(out, node->text);
        mo_buf_byte(out, '"');
    }
}

static void
put_literal(struct dcatap *w, const struct mo_term *o)
{
    struct mo_buf *out = &w->writer.item;

    mo_buf_c(out, "{\"@value\":");
    mo_json_string(out, o->text);
    if (o->lang.n) {
        mo_buf_c(out, ",\"@language\":");
        mo_json_string(out, o->lang);
    } else if (o->datatype) {
        mo_buf_c(out, ",\"@type\":");
        mo_json_string(out, o->datatype->text);
    }
    mo_buf_byte(out, '}');
}

/* Whether it stands where it is named; else it comes by itself. */
static bool
goes_inside(const struct dcatap *w, const struct mo_term *o)
{
    return w->depth < MAX_NESTING && mo_is_to_write(o);
}

/* A value in full: an object, whatever it is. */
static void
put_expanded(struct dcatap *w, struct mo_term *o)
{
    struct mo_buf *out = &w->writer.item;

    if (o->kind == MO_LITERAL) {
        put_literal(w, o);
    } else if (w->depth < MAX_NESTING && mo_is_list(o, false)) {
        const char *before = "{\"@list\":[";

        ++w->depth;
        for (; o->known != MO_K_RDF_NIL; before = ",") {
            struct mo_term *first = mo_list_first(o);

            o->written = MO_WRITTEN;
            o = mo_list_rest(o);
            mo_buf_c(out, before);
            put_expanded(w, first);
        }
        mo_buf_c(out, "]}");
        --w->depth;
    } else if (goes_inside(w, o)) {
        put_node(w, o, INSIDE);
    } else {
        mo_buf_c(out, "{\"@id\":");
        put_name(w, o);
        mo_buf_byte(out, '}');
    }
}

static bool
is_in_full(const struct dcatap *w, const struct mo_key *key)
{
    return key->in_full && w->writer.options.keys == MO_KEYS_2_1_1;
}

static void
put_value(struct dcatap *w, const struct value *value)
{
    struct mo_term *o = value->link ? value->stmt->s : value->stmt->o;

    if (!value->key)
        put_expanded(w, o);
    else if (value->key->kind == MO_KIND_TYPED && !is_in_full(w, value->key))
        mo_json_string(&w->writer.item, o->text);
    else if (o->kind == MO_LITERAL)
        put_literal(w, o);
    else if (goes_inside(w, o))
        put_node(w, o, INSIDE);
    else
        put_name(w, o);
}

static bool
same_key(const struct value *a, const struct value *b)
{
    return rank(a) == rank(b) && (a->key || a->stmt->p == b->stmt->p);
}

/* The values from `from` on, key by key. */
static void
put_values(struct dcatap *w, size_t from, bool comma)
{
    struct mo_buf *out = &w->writer.item;
    enum mo_keys keys = w->writer.options.keys;
    size_t end = w->n;

    for (size_t i = from; i < end && !w->trouble; ++i) {
        struct value value = w->values[i];
        bool first = i == from || !same_key(&w->values[i - 1], &value);
        bool last = i + 1 == end || !same_key(&w->values[i + 1], &value);
        bool array = !value.key || value.key->many;

        if (comma || i > from)
            mo_buf_byte(out, ',');
        if (first) {
            mo_json_string(out, value.key ? value.key->names[keys] : value.stmt->p->text);
            mo_buf_c(out, array ? ":[" : ":");
        }
        put_value(w, &value);
        if (last && array)
            mo_buf_byte(out, ']');
    }
    w->n = from;
}

/* "@type", when there is one. True when it wrote something. */
static bool
put_types(struct dcatap *w, const struct mo_term *node, bool comma)
{
    struct mo_buf *out = &w->writer.item;
    bool any = false;

    for (const struct mo_stmt *s = node->first; s; s = s->next) {
        const struct mo_class *class;

        if (s->p->known != MO_K_RDF_TYPE || !mo_is_node(s->o))
            continue;
        if (any)
            mo_buf_byte(out, ',');
        else
            mo_buf_c(out, comma ? ",\"@type\":[" : "\"@type\":[");
        any = true;
        class = mo_vocab_class(w->writer.options.vocab, s->o);
        if (class && class->key.n)
            mo_json_string(out, class->key);
        else
            put_name(w, s->o);
    }
    if (any)
        mo_buf_byte(out, ']');
    return any;
}

static void
put_node(struct dcatap *w, struct mo_term *node, enum place place)
{
    struct mo_buf *out = &w->writer.item;
    size_t from = w->n;
    bool any = false;

    node->written = MO_WRITTEN;
    ++w->depth;
    mo_buf_byte(out, '{');
    if (place != INSIDE && w->writer.options.lines && w->context.n) {
        mo_buf_c(out, "\"@context\":");
        mo_buf_str(out, mo_buf_view(&w->context));
        any = true;
    }
    if (!node->anonymous) {
        mo_buf_c(out, any ? ",\"@id\":" : "\"@id\":");
        put_name(w, node);
        any = true;
    }
    if (place == ALONE_AS_PART) {
        mo_buf_c(out, any ? ",\"" MO_PART_KEY "\":true" : "\"" MO_PART_KEY "\":true");
        any = true;
    }
    any = put_types(w, node, any) || any;
    collect(w, node);
    put_values(w, from, any);
    mo_buf_byte(out, '}');
    --w->depth;
}

static enum mo_put
put(struct mo_writer *writer, const struct mo_record *record)
{
    struct dcatap *w = (struct dcatap *)writer;
    enum mo_put result = MO_PUT_WRITTEN;

    w->root = record->root;
    for (size_t i = 0; i < record->n_nodes; ++i)
        record->nodes[i]->written = MO_TO_WRITE;
    for (size_t i = 0; result == MO_PUT_WRITTEN && i < record->n_nodes; ++i) {
        if (!mo_is_to_write(record->nodes[i]))
            continue;
        if (i > 0) /* nothing in the record leads to it: it needs its name */
            record->nodes[i]->anonymous = false;
        put_node(w, record->nodes[i],
            i == 0 && record->kind == MO_RECORD_PART ? ALONE_AS_PART : ALONE);
        result =
            w->trouble || w->context.failed ? MO_PUT_TROUBLE : mo_writer_item(writer);
    }
    for (size_t i = 0; i < record->n_nodes; ++i)
        record->nodes[i]->written = MO_NOT_OURS;
    return result;
}

static void
head(struct mo_writer *writer)
{
    struct dcatap *w = (struct dcatap *)writer;
    struct mo_buf *out = &writer->out;

    mo_buf_byte(out, '{');
    if (w->context.n) {
        mo_buf_c(out, "\"@context\":");
        if (writer->options.pretty)
            mo_json_pretty(out, mo_buf_view(&w->context), 0);
        else
            mo_buf_str(out, mo_buf_view(&w->context));
        mo_buf_byte(out, ',');
    }
    mo_buf_c(out, "\"@graph\":[\n");
}

static void
foot(struct mo_writer *w, bool incomplete)
{
    mo_buf_c(&w->out, w->n_items ? "\n]" : "]");
    if (incomplete)
        mo_buf_c(&w->out, ",\"" MO_INCOMPLETE_KEY "\":true");
    mo_buf_c(&w->out, "}\n");
}

static void
destroy(struct mo_writer *writer)
{
    struct dcatap *w = (struct dcatap *)writer;

    free(w->values);
    mo_buf_done(&w->context);
    mo_writer_done(writer);
    free(w);
}

static const struct mo_writer_class dcatap_class = {
    .free = destroy, .put = put, .head = head, .foot = foot};

/* By default lines do without: our readers know what their keys mean. */
static void
prepare_context(struct dcatap *w)
{
    const struct mo_writer_options *o = &w->writer.options;
    struct mo_str wanted = o->context;

    if (wanted.n == 0)
        wanted = mo_str(o->lines ? "none" : "inline");
    if (mo_str_is(wanted, "inline"))
        mo_context_put(o->vocab, o->keys, &w->context);
    else if (!mo_str_is(wanted, "none"))
        mo_json_string(&w->context, wanted);
}

struct mo_writer *
mo_dcatap_writer(const struct mo_writer_options *options)
{
    struct dcatap *w = calloc(1, sizeof *w);

    if (!w)
        return NULL;
    mo_writer_init(&w->writer, &dcatap_class, options);
    mo_buf_init(&w->context, 1 << 20);
    prepare_context(w);
    return &w->writer;
}
