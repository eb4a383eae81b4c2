#include "jsonld/nodes.h"

#include <limits.h>
#include <stdlib.h>

#include <moisson/json.h>

#include "jsonld/context.h"

enum {
    FEW = 48,        /* statements that are sorted by insertion */
    MAX_NESTING = 40 /* nodes and lists: what we write, readers with our ceiling read */
};

/* A value and the key it goes under; without a key, its property's IRI. */
struct value {
    const struct mo_key *key;
    const struct mo_stmt *stmt;
    size_t order;  /* in the document */
    unsigned rank; /* of the key; without one, behind all */
    bool link;
};

static void put_node(struct mo_nodes *w, struct mo_term *node, enum mo_stand stand);

/* By key, in the order of the table; then by IRI; then as they came. */
static int
by_key(const void *a, const void *b)
{
    const struct value *x = a, *y = b;
    int order;

    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
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
push(struct mo_nodes *w, const struct mo_key *key, const struct mo_stmt *stmt, bool link)
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
    w->values[w->n].order = w->n;
    w->values[w->n].rank = key ? key->rank : UINT_MAX;
    w->values[w->n].link = link;
    ++w->n;
}

/* The key of this set under which the statement stands, or NULL. */
static const struct mo_key *
key_of(const struct mo_nodes *w, const struct mo_stmt *s)
{
    const struct mo_key *key = mo_vocab_key_of(w->vocab, s);

    if (w->keys == MO_KEYS_3_0_1)
        return key;
    if (!key && s->o->kind == MO_LITERAL) { /* of another datatype, which it names */
        key = mo_vocab_key(w->vocab, s->p, s->s);
        key = key && key->in_full ? key : NULL;
    }
    return key && key->names[w->keys].n ? key : NULL;
}

/* A second value of a key that has one goes under the IRI. */
static void
collect_one(struct mo_nodes *w, const struct mo_stmt *s, size_t from)
{
    const struct mo_key *key = key_of(w, s);

    for (size_t i = from; key && !key->many && i < w->n; ++i)
        if (w->values[i].rank == key->rank)
            key = NULL;
    push(w, key, s, false);
}

/* A service that a catalogue lists has a record of its own, and that one says so. */
static void
collect(struct mo_nodes *w, struct mo_term *node)
{
    const struct mo_vocab *v = w->vocab;
    size_t from = w->n;

    for (const struct mo_stmt *s = node->first_link; s; s = s->next)
        if (node == w->root || !mo_vocab_lists(v, s))
            push(w, mo_vocab_link(v, s->p), s, true);
    for (const struct mo_stmt *s = node->first; s; s = s->next)
        if (!s->aside && (s->p->known != MO_K_RDF_TYPE || !mo_is_node(s->o)))
            collect_one(w, s, from);
    if (w->n > from)
        sort(w->values + from, w->n - from);
}

static void
put_text(struct mo_nodes *w, struct mo_str text)
{
    mo_put_text(w->out, w->within, text);
}

/* A name with its colon, as it stands in JSON and within a string of it. */
#define NAME(name) "\"" name "\":", "\\\"" name "\\\":"

/* Behind what stands before it in its object, if anything does. */
static inline void
put_key(struct mo_nodes *w, bool comma, const char *plain, const char *within)
{
    if (comma)
        mo_buf_byte(w->out, ',');
    if (w->within)
        mo_buf_c(w->out, within);
    else
        mo_buf_c(w->out, plain);
}

static void
put_name(struct mo_nodes *w, const struct mo_term *node)
{
    struct mo_buf *out = w->out;

    if (node->kind == MO_IRI) {
        put_text(w, node->text);
    } else {
        mo_buf_c(out, w->within ? "\\\"_:" : "\"_:");
        mo_buf_str(out, node->text);
        mo_buf_c(out, w->within ? "\\\"" : "\"");
    }
}

static void
put_literal(struct mo_nodes *w, const struct mo_term *o)
{
    mo_buf_byte(w->out, '{');
    put_key(w, false, NAME("@value"));
    put_text(w, o->text);
    if (o->lang.n) {
        put_key(w, true, NAME("@language"));
        put_text(w, o->lang);
    } else if (o->datatype) {
        put_key(w, true, NAME("@type"));
        put_text(w, o->datatype->text);
    }
    mo_buf_byte(w->out, '}');
}

/* Whether it stands where it is named; else it comes by itself. */
static bool
goes_inside(const struct mo_nodes *w, const struct mo_term *o)
{
    return w->depth < MAX_NESTING && mo_is_to_write(o);
}

/* A value in full: an object, whatever it is. */
static void
put_expanded(struct mo_nodes *w, struct mo_term *o)
{
    struct mo_buf *out = w->out;

    if (o->kind == MO_LITERAL) {
        put_literal(w, o);
    } else if (w->depth < MAX_NESTING && mo_is_list(o, false)) {
        const char *before = "[";

        ++w->depth;
        mo_buf_byte(out, '{');
        put_key(w, false, NAME("@list"));
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
        put_node(w, o, MO_INSIDE);
    } else {
        mo_buf_byte(out, '{');
        put_key(w, false, NAME("@id"));
        put_name(w, o);
        mo_buf_byte(out, '}');
    }
}

static bool
is_in_full(const struct mo_nodes *w, const struct mo_key *key)
{
    return key->in_full && w->keys == MO_KEYS_2_1_1;
}

static void
put_value(struct mo_nodes *w, const struct value *value)
{
    struct mo_term *o = value->link ? value->stmt->s : value->stmt->o;

    if (!value->key)
        put_expanded(w, o);
    else if (value->key->kind == MO_KIND_TYPED && !is_in_full(w, value->key))
        put_text(w, o->text);
    else if (o->kind == MO_LITERAL)
        put_literal(w, o);
    else if (goes_inside(w, o))
        put_node(w, o, MO_INSIDE);
    else
        put_name(w, o);
}

static bool
same_key(const struct value *a, const struct value *b)
{
    return a->rank == b->rank && (a->key || a->stmt->p == b->stmt->p);
}

/* The values from `from` on, key by key. */
static void
put_values(struct mo_nodes *w, size_t from, bool comma)
{
    struct mo_buf *out = w->out;
    size_t end = w->n;

    for (size_t i = from; i < end && !w->trouble; ++i) {
        struct value value = w->values[i];
        bool first = i == from || !same_key(&w->values[i - 1], &value);
        bool last = i + 1 == end || !same_key(&w->values[i + 1], &value);
        bool array = !value.key || value.key->many;

        if (comma || i > from)
            mo_buf_byte(out, ',');
        if (first && value.key) {
            mo_put_key(out, w->within, value.key->names[w->keys]);
        } else if (first) {
            put_text(w, value.stmt->p->text);
            mo_buf_byte(out, ':');
        }
        if (first && array)
            mo_buf_byte(out, '[');
        put_value(w, &value);
        if (last && array)
            mo_buf_byte(out, ']');
    }
    w->n = from;
}

/* "@type", when there is one. True when it wrote something. */
static bool
put_types(struct mo_nodes *w, const struct mo_term *node, bool comma)
{
    struct mo_buf *out = w->out;
    bool any = false;

    for (const struct mo_stmt *s = node->first; s; s = s->next) {
        const struct mo_class *class;

        if (s->p->known != MO_K_RDF_TYPE || !mo_is_node(s->o))
            continue;
        if (any) {
            mo_buf_byte(out, ',');
        } else {
            put_key(w, comma, NAME("@type"));
            mo_buf_byte(out, '[');
        }
        any = true;
        class = mo_vocab_class(w->vocab, s->o);
        if (class && class->key.n)
            put_text(w, class->key);
        else
            put_name(w, s->o);
    }
    if (any)
        mo_buf_byte(out, ']');
    return any;
}

static void
put_node(struct mo_nodes *w, struct mo_term *node, enum mo_stand stand)
{
    struct mo_buf *out = w->out;
    size_t from = w->n;
    bool any = false;

    node->written = MO_WRITTEN;
    ++w->depth;
    mo_buf_byte(out, '{');
    if (stand != MO_INSIDE && w->context.n) {
        put_key(w, false, NAME("@context"));
        mo_buf_str(out, w->context);
        any = true;
    }
    if (!node->anonymous) {
        put_key(w, any, NAME("@id"));
        put_name(w, node);
        any = true;
    }
    if (stand == MO_ALONE_AS_PART) {
        put_key(w, any, NAME(MO_PART_KEY));
        mo_buf_c(out, "true");
        any = true;
    }
    any = put_types(w, node, any) || any;
    if (node == w->fields_of && w->fields.n) {
        put_key(w, any, NAME(MO_FIELDS_KEY));
        mo_buf_str(out, w->fields);
        any = true;
    }
    collect(w, node);
    put_values(w, from, any);
    mo_buf_byte(out, '}');
    --w->depth;
}

void
mo_nodes_put(struct mo_nodes *w, struct mo_term *node, enum mo_stand stand)
{
    put_node(w, node, stand);
}

void
mo_nodes_put_some(struct mo_nodes *w, const struct mo_stmt *const *stmts, size_t n)
{
    size_t from = w->n;

    mo_buf_byte(w->out, '{');
    for (size_t i = 0; i < n; ++i)
        collect_one(w, stmts[i], from);
    if (w->n > from)
        sort(w->values + from, w->n - from);
    put_values(w, from, false);
    mo_buf_byte(w->out, '}');
}

void
mo_nodes_done(struct mo_nodes *w)
{
    free(w->values);
}
