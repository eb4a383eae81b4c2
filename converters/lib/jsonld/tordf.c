#include "jsonld/tordf.h"

#include <moisson/iri.h>
#include <moisson/text.h>

#include "jsonld/number.h"

static int object_term(
    struct mo_tordf *t, const struct mo_item *item, struct mo_term **term);

static int
must(struct mo_tordf *t, struct mo_term *term, struct mo_term **out)
{
    *out = term;
    return term ? 0 : mo_ld_memory(t->ld);
}

/* A missing part is ill-formed: there is no such statement. */
static int
add(struct mo_tordf *t, struct mo_term *s, struct mo_term *p, struct mo_term *o)
{
    struct mo_stmt stmt = {.s = s, .p = p, .o = o};

    if (!s || !p || !o)
        return 0;
    if (t->merged)
        t->lost(t->ctx, &stmt, t->merged);
    return mo_graph_add(t->graph, s, p, o) ? mo_ld_memory(t->ld) : 0;
}

static void
ill_formed(struct mo_tordf *t, enum mo_ill_formed what, struct mo_str text)
{
    t->ill_formed(t->ctx, what, text, mo_str(""));
}

static int
known(struct mo_tordf *t, enum mo_known number, struct mo_term **term)
{
    return must(t, mo_graph_known(t->graph, (uint16_t)number), term);
}

/* ---- Names ---- */

static int
iri_term(struct mo_tordf *t, struct mo_str iri, struct mo_term **term)
{
    *term = NULL;
    if (t->ld->strict && !mo_is_well_formed(iri)) {
        ill_formed(t, MO_ILL_DROPPED, iri);
        return 0;
    }
    if (!mo_iri_is_absolute(iri))
        ill_formed(t, MO_ILL_RELATIVE, iri);
    return must(t, mo_graph_iri(t->graph, iri), term);
}

int
mo_tordf_name(struct mo_tordf *t, struct mo_str name, struct mo_term **term)
{
    *term = NULL;
    if (!name.p)
        return 0;
    if (mo_str_starts(name, mo_str("_:")))
        return must(t, t->blank(t->ctx, mo_str_from(name, 2)), term);
    return iri_term(t, name, term);
}

static int
property_term(struct mo_tordf *t, struct mo_str iri, struct mo_term **term)
{
    if (!mo_str_starts(iri, mo_str("_:")))
        return iri_term(t, iri, term);
    *term = NULL;
    ill_formed(t, MO_ILL_DROPPED, iri);
    return 0;
}

/* ---- Values (8.2) ---- */

static int
literal(struct mo_tordf *t, struct mo_str text, struct mo_str type, struct mo_str lang,
    struct mo_term **term)
{
    struct mo_term *datatype = NULL;
    char memory[MO_LANGUAGE_SIZE];
    struct mo_str language = mo_language(lang, memory);

    *term = NULL;
    if (type.n && iri_term(t, type, &datatype))
        return -1;
    if (type.n && !datatype)
        return 0;
    if (!type.n && !mo_str_eq(language, lang)) {
        ill_formed(t, t->ld->strict ? MO_ILL_DROPPED : MO_ILL_LANGUAGE, lang);
        if (t->ld->strict)
            return 0;
    }
    return must(t,
        mo_graph_literal(t->graph, text, datatype, type.n ? mo_str("") : language), term);
}

static int
number_term(struct mo_tordf *t, const struct mo_item *item, struct mo_term **term)
{
    struct mo_str type = item->type;
    struct mo_buf text;
    bool integer, too_much;
    int failed;

    mo_buf_init(&text, SIZE_MAX);
    integer = mo_number_put(
        &text, mo_json_text(item->value), mo_str_is(type, MO_XSD "double"), &too_much);
    if (too_much)
        ill_formed(t, MO_ILL_NUMBER, mo_str_n(text.p, text.n < 40 ? text.n : 40));
    if (!type.n)
        type = mo_str(integer ? MO_XSD "integer" : MO_XSD "double");
    failed = text.failed ? mo_ld_memory(t->ld)
                         : literal(t, mo_buf_view(&text), type, mo_str(""), term);
    mo_buf_done(&text);
    return failed;
}

static int
json_term(struct mo_tordf *t, const struct mo_item *item, struct mo_term **term)
{
    struct mo_buf text;
    int failed;

    mo_buf_init(&text, SIZE_MAX);
    mo_json_canonical(&text, item->value);
    failed = text.failed ? mo_ld_memory(t->ld)
                         : literal(t, mo_buf_view(&text), mo_str(MO_RDF "JSON"),
                               mo_str(""), term);
    mo_buf_done(&text);
    return failed;
}

static int
value_term(struct mo_tordf *t, const struct mo_item *item, struct mo_term **term)
{
    enum mo_json_kind kind = item->value ? mo_json_kind(item->value) : MO_JSON_STRING;
    struct mo_str boolean = item->type.n ? item->type : mo_str(MO_XSD "boolean");

    if (mo_str_is(item->type, "@json"))
        return json_term(t, item, term);
    switch (kind) {
    case MO_JSON_TRUE: return literal(t, mo_str("true"), boolean, mo_str(""), term);
    case MO_JSON_FALSE: return literal(t, mo_str("false"), boolean, mo_str(""), term);
    case MO_JSON_NUMBER: return number_term(t, item, term);
    default: return literal(t, item->text, item->type, item->lang, term);
    }
}

/* A statement whose text had a direction, with it: as a datatype (JSON-LD 1.1, 10.1). */
static void
lose_direction(struct mo_tordf *t, const struct mo_item *item, struct mo_term *s,
    struct mo_term *p, const struct mo_term *o)
{
    struct mo_term type = {.kind = MO_IRI}, text = {.kind = MO_LITERAL, .text = o->text};
    struct mo_stmt stmt = {.s = s, .p = p, .o = &text};
    struct mo_buf iri;

    mo_buf_init(&iri, SIZE_MAX);
    mo_buf_printf(&iri, "https://www.w3.org/ns/i18n#" MO_FMT "_" MO_FMT, MO_ARG(o->lang),
        MO_ARG(item->direction));
    type.text = mo_buf_view(&iri);
    text.datatype = &type;
    t->ill_formed(t->ctx, MO_ILL_DIRECTION, o->text, p->text);
    t->lost(t->ctx, &stmt, t->merged);
    mo_buf_done(&iri);
}

/* What `item` says where it is a value of `s`. */
static int
add_item(
    struct mo_tordf *t, struct mo_term *s, struct mo_term *p, const struct mo_item *item)
{
    struct mo_term *value;

    if (object_term(t, item, &value) || add(t, s, p, value))
        return -1;
    if (s && p && value && item->kind == MO_ITEM_VALUE &&
        (item->has & MO_KW_BIT(DIRECTION)))
        lose_direction(t, item, s, p, value);
    return 0;
}

/* ---- Lists (8.4) ---- */

static int
list_term(struct mo_tordf *t, const struct mo_items *list, struct mo_term **term)
{
    struct mo_term *first, *rest, *nil, *last = NULL;

    if (known(t, MO_K_RDF_FIRST, &first) || known(t, MO_K_RDF_REST, &rest) ||
        known(t, MO_K_RDF_NIL, &nil))
        return -1;
    *term = nil;
    for (const struct mo_item *i = list->first; i; i = i->next) {
        struct mo_term *cell;

        if (must(t, t->blank(t->ctx, mo_str_n(NULL, 0)), &cell) ||
            add_item(t, cell, first, i) || add(t, last, rest, cell))
            return -1;
        if (!last)
            *term = cell;
        last = cell;
    }
    return add(t, last, rest, nil);
}

/* ---- Nodes ---- */

static int
add_values(struct mo_tordf *t, struct mo_term *node, const struct mo_properties *list,
    bool reverse)
{
    for (const struct mo_property *p = list->first; p; p = p->next) {
        struct mo_term *property;

        if (property_term(t, p->iri, &property))
            return -1;
        for (const struct mo_item *i = p->values.first; i; i = i->next) {
            struct mo_term *value;

            if (reverse ? object_term(t, i, &value) || add(t, value, property, node)
                        : add_item(t, node, property, i))
                return -1;
        }
    }
    return 0;
}

/*
 * A type that no context knows and no base makes an IRI: where it is the name of a class
 * of DCAT-AP, it can only be meant.
 */
static int
type_term(struct mo_tordf *t, struct mo_str name, struct mo_term **type)
{
    const struct mo_class *class = t->ld->strict || mo_is_absolute(name)
                                       ? NULL
                                       : mo_vocab_class_named(t->vocab, name);

    if (!class)
        return mo_tordf_name(t, name, type);
    ill_formed(t, MO_ILL_RELATIVE, name);
    return known(t, (enum mo_known) class->id, type);
}

static int
add_types(struct mo_tordf *t, struct mo_term *node, const struct mo_name *types)
{
    struct mo_term *property, *type;

    if (types && known(t, MO_K_RDF_TYPE, &property))
        return -1;
    for (; types; types = types->next)
        if (type_term(t, types->iri, &type) || add(t, node, property, type))
            return -1;
    return 0;
}

static int
add_all(struct mo_tordf *t, const struct mo_items *items)
{
    struct mo_term *unused;

    for (const struct mo_item *i = items->first; i; i = i->next)
        if (object_term(t, i, &unused))
            return -1;
    return 0;
}

/* The graph becomes part of the default graph. */
static int
merge_graph(struct mo_tordf *t, const struct mo_term *name, const struct mo_items *items)
{
    const struct mo_term *outer = t->merged;
    int failed;

    if (name)
        ill_formed(t, MO_ILL_GRAPH, name->kind == MO_IRI ? name->text : mo_str("_:"));
    t->merged = name;
    failed = add_all(t, items);
    t->merged = outer;
    return failed;
}

static int
add_graph(struct mo_tordf *t, struct mo_term *name, const struct mo_items *items)
{
    struct mo_named *named;
    bool blank = name && name->kind == MO_BLANK;
    char *text;

    if (!t->quads)
        return merge_graph(t, name, items);
    if (!name)
        return 0;
    named = mo_arena_zero(t->ld->record, sizeof *named + 2 + name->text.n);
    if (!named)
        return mo_ld_memory(t->ld);
    text = (char *)(named + 1);
    memcpy(text, "_:", 2);
    memcpy(text + 2, name->text.p, name->text.n);
    named->name = mo_str_n(blank ? text : text + 2, name->text.n + (blank ? 2 : 0));
    named->items = items;
    if (t->last_named)
        t->last_named->next = named;
    else
        t->named = named;
    t->last_named = named;
    return 0;
}

static int
node_term(struct mo_tordf *t, const struct mo_item *item, struct mo_term **term)
{
    const struct mo_node_item *n = item->node;

    if ((item->has & MO_KW_BIT(ID)) ? mo_tordf_name(t, item->id, term)
                                    : must(t, t->blank(t->ctx, mo_str_n(NULL, 0)), term))
        return -1;
    if (add_types(t, *term, n->types) || add_values(t, *term, &n->properties, false) ||
        add_values(t, *term, &n->reverse, true) || add_all(t, &n->included))
        return -1;
    if ((item->has & MO_KW_BIT(GRAPH)) && add_graph(t, *term, &n->graph))
        return -1;
    if (*term && (n->types || n->properties.first))
        mo_graph_close(t->graph, *term);
    return 0;
}

static int
object_term(struct mo_tordf *t, const struct mo_item *item, struct mo_term **term)
{
    switch (item->kind) {
    case MO_ITEM_NODE: return node_term(t, item, term);
    case MO_ITEM_VALUE: return value_term(t, item, term);
    case MO_ITEM_LIST: return list_term(t, &item->list, term);
    }
    return 0;
}

/* A graph that stands alone has a name that nothing can refer to. */
static bool
is_bare_graph(const struct mo_item *item)
{
    return item->kind == MO_ITEM_NODE && item->has == MO_KW_BIT(GRAPH) &&
           !item->node->properties.first && !item->node->reverse.first;
}

int
mo_tordf(struct mo_tordf *t, const struct mo_items *items, struct mo_term **root)
{
    struct mo_term *term;

    *root = NULL;
    for (const struct mo_item *i = items->first; i; i = i->next) {
        term = NULL;
        if (!t->quads && is_bare_graph(i) ? add_all(t, &i->node->graph)
                                          : object_term(t, i, &term))
            return -1;
        if (i == items->first)
            *root = term;
    }
    return 0;
}
