#include "jsonld/expand.h"

#include <stdlib.h>

static const struct mo_str NONE = {NULL, 0};

/* An object on its way. */
struct object {
    struct mo_expansion *x;
    const struct mo_active *active;
    const struct mo_active *typed; /* what its types are looked up in */
    struct mo_str property;        /* that it is a value of; p NULL: none */
    struct mo_item item;
    struct mo_node_item node;
    struct mo_items list, set;
    bool is_json; /* its "@value" is a JSON literal */
};

static int expand(struct mo_expansion *x, const struct mo_active *active,
    struct mo_str property, const struct mo_json *element, bool from_map,
    struct mo_items *out);

/* ---- Small things ---- */

static int
invalid(const struct mo_expansion *x, const char *code, struct mo_str culprit)
{
    return mo_ld_invalid(x->ld, code, culprit);
}

static void *
make(const struct mo_expansion *x, size_t size)
{
    void *memory = mo_arena_zero(x->ld->record, size);

    if (!memory)
        mo_ld_memory(x->ld);
    return memory;
}

static void
append(struct mo_items *list, struct mo_item *item)
{
    if (list->last)
        list->last->next = item;
    else
        list->first = item;
    list->last = item;
}

static void
append_all(struct mo_items *list, const struct mo_items *more)
{
    if (!more->first)
        return;
    append(list, more->first);
    list->last = more->last;
}

static struct mo_item *
new_item(const struct mo_expansion *x, enum mo_item_kind kind)
{
    struct mo_item *item = make(x, sizeof *item);

    if (!item)
        return NULL;
    item->kind = kind;
    if (kind == MO_ITEM_NODE && !(item->node = make(x, sizeof *item->node)))
        return NULL;
    return item;
}

static int
add_property(const struct mo_expansion *x, struct mo_properties *properties,
    struct mo_str iri, const struct mo_items *values)
{
    struct mo_property *p = make(x, sizeof *p);

    if (!p)
        return -1;
    p->iri = iri;
    p->values = *values;
    if (properties->last)
        properties->last->next = p;
    else
        properties->first = p;
    properties->last = p;
    return 0;
}

static int
add_type(const struct mo_expansion *x, struct mo_node_item *node, struct mo_str iri)
{
    struct mo_name *name = make(x, sizeof *name);

    if (!name)
        return -1;
    name->iri = iri;
    if (node->last_type)
        node->last_type->next = name;
    else
        node->types = name;
    node->last_type = name;
    return 0;
}

/* Where only nodes count: at the top, and in graphs. */
static bool
is_top(struct mo_str property)
{
    return !property.p || mo_keyword(property) == MO_KW_GRAPH;
}

static int
key_iri(const struct mo_expansion *x, const struct mo_active *active, struct mo_str key,
    struct mo_str *iri)
{
    return mo_active_iri(x->ld, active, key, MO_EXPAND_VOCAB, iri);
}

static enum mo_keyword
key_keyword(const struct mo_expansion *x, const struct mo_active *active,
    const struct mo_json *member)
{
    struct mo_str iri;

    return key_iri(x, active, mo_json_key(member), &iri) ? MO_KW_NOT_ONE
                                                         : mo_keyword(iri);
}

static const struct mo_json *
first_of(const struct mo_json *value)
{
    return mo_json_kind(value) == MO_JSON_ARRAY ? mo_json_first(value) : value;
}

static const struct mo_json *
next_of(const struct mo_json *value, const struct mo_json *element)
{
    return element == value ? NULL : mo_json_next(element);
}

static bool
is_kind(const struct mo_json *value, enum mo_json_kind kind)
{
    return mo_json_kind(value) == kind;
}

/* ---- Values (5.3) ---- */

static struct mo_item *
named_item(struct mo_expansion *x, const struct mo_active *active, struct mo_str text,
    unsigned flags)
{
    struct mo_item *item = new_item(x, MO_ITEM_NODE);

    if (!item || mo_active_iri(x->ld, active, text, flags, &item->id))
        return NULL;
    item->has = MO_KW_BIT(ID);
    return item;
}

static void
set_direction(
    struct mo_item *item, const struct mo_active *active, const struct mo_definition *d)
{
    enum mo_direction direction =
        d && d->direction != MO_DIR_UNSET ? d->direction : active->direction;

    if (direction != MO_DIR_LTR && direction != MO_DIR_RTL)
        return;
    item->has |= MO_KW_BIT(DIRECTION);
    item->direction = mo_str(direction == MO_DIR_LTR ? "ltr" : "rtl");
}

/* `value`, or where that is NULL `text`, as a value of the term `d`. */
static struct mo_item *
scalar_item(struct mo_expansion *x, const struct mo_active *active,
    const struct mo_definition *d, const struct mo_json *value, struct mo_str text)
{
    bool string = !value || is_kind(value, MO_JSON_STRING);
    enum mo_keyword type = d ? mo_keyword(d->type) : MO_KW_NOT_ONE;
    struct mo_item *item;

    if (value)
        text = mo_json_text(value);
    if (string && type == MO_KW_ID)
        return named_item(x, active, text, MO_EXPAND_DOCUMENT);
    if (string && type == MO_KW_VOCAB)
        return named_item(x, active, text, MO_EXPAND_VOCAB | MO_EXPAND_DOCUMENT);
    item = new_item(x, MO_ITEM_VALUE);
    if (!item)
        return NULL;
    item->has = MO_KW_BIT(VALUE);
    item->value = value;
    item->text = text;
    if (d && d->type.p && type == MO_KW_NOT_ONE) {
        item->type = d->type;
    } else if (string) {
        item->lang = d && d->has_lang ? d->lang : active->lang;
        set_direction(item, active, d);
    }
    return item;
}

/* ---- Keywords ---- */

static int
take_id(struct object *o, const struct mo_json *value)
{
    if (!is_kind(value, MO_JSON_STRING))
        return invalid(o->x, "invalid @id value", mo_json_text(value));
    return mo_active_iri(
        o->x->ld, o->active, mo_json_text(value), MO_EXPAND_DOCUMENT, &o->item.id);
}

static int
take_type(struct object *o, const struct mo_json *value)
{
    for (const struct mo_json *t = first_of(value); t; t = next_of(value, t)) {
        struct mo_str iri;

        if (!is_kind(t, MO_JSON_STRING))
            return invalid(o->x, "invalid type value", mo_json_text(t));
        if (mo_active_iri(o->x->ld, o->typed, mo_json_text(t),
                MO_EXPAND_VOCAB | MO_EXPAND_DOCUMENT, &iri))
            return -1;
        if (iri.p && add_type(o->x, &o->node, iri))
            return -1;
    }
    return 0;
}

static int
take_graph(struct object *o, const struct mo_json *value)
{
    return expand(o->x, o->active, mo_str("@graph"), value, false, &o->node.graph);
}

static int
take_included(struct object *o, const struct mo_json *value)
{
    for (const struct mo_json *v = first_of(value); v; v = next_of(value, v)) {
        if (!is_kind(v, MO_JSON_OBJECT))
            return invalid(o->x, "invalid @included value", mo_json_text(v));
        for (const struct mo_json *m = mo_json_first(v); m; m = mo_json_next(m)) {
            enum mo_keyword keyword = key_keyword(o->x, o->active, m);

            if (keyword == MO_KW_VALUE || keyword == MO_KW_LIST)
                return invalid(o->x, "invalid @included value", mo_json_key(m));
        }
    }
    return expand(o->x, o->active, NONE, value, false, &o->node.included);
}

static int
take_value(struct object *o, const struct mo_json *value)
{
    bool scalar = !is_kind(value, MO_JSON_ARRAY) && !is_kind(value, MO_JSON_OBJECT);

    if (!scalar && !o->is_json)
        return invalid(o->x, "invalid value object value", NONE);
    o->item.value = value;
    o->item.text = mo_json_text(value);
    return 0;
}

static int
take_language(struct object *o, const struct mo_json *value)
{
    if (!is_kind(value, MO_JSON_STRING))
        return invalid(o->x, "invalid language-tagged string", mo_json_text(value));
    o->item.lang = mo_json_text(value);
    return 0;
}

static int
take_direction(struct object *o, const struct mo_json *value)
{
    struct mo_str text = mo_json_text(value);

    o->item.direction = text;
    return mo_str_is(text, "ltr") || mo_str_is(text, "rtl")
               ? 0
               : invalid(o->x, "invalid base direction", text);
}

static int
take_index(struct object *o, const struct mo_json *value)
{
    return is_kind(value, MO_JSON_STRING)
               ? 0
               : invalid(o->x, "invalid @index value", mo_json_text(value));
}

static int
take_list(struct object *o, const struct mo_json *value)
{
    return is_top(o->property)
               ? 0
               : expand(o->x, o->active, o->property, value, false, &o->list);
}

static int
take_set(struct object *o, const struct mo_json *value)
{
    return expand(o->x, o->active, o->property, value, false, &o->set);
}

static int
add_reverse(struct object *o, struct mo_str iri, const struct mo_items *values)
{
    for (const struct mo_item *i = values->first; i; i = i->next)
        if (i->kind != MO_ITEM_NODE)
            return invalid(o->x, "invalid reverse property value", iri);
    return add_property(o->x, &o->node.reverse, iri, values);
}

static int
take_reverse(struct object *o, const struct mo_json *value)
{
    struct mo_items items = {NULL, NULL};

    if (!is_kind(value, MO_JSON_OBJECT))
        return invalid(o->x, "invalid @reverse value", mo_json_text(value));
    if (expand(o->x, o->active, mo_str("@reverse"), value, false, &items))
        return -1;
    if (!items.first || items.first->kind != MO_ITEM_NODE)
        return 0;
    for (const struct mo_property *p = items.first->node->properties.first; p;
         p = p->next)
        if (add_reverse(o, p->iri, &p->values))
            return -1;
    for (const struct mo_property *p = items.first->node->reverse.first; p; p = p->next)
        if (add_property(o->x, &o->node.properties, p->iri, &p->values))
            return -1;
    return 0;
}

static int
take_keyword(struct object *o, enum mo_keyword keyword, const struct mo_json *member)
{
    static int (*const takes[MO_KW_COUNT])(struct object *, const struct mo_json *) = {
        [MO_KW_ID] = take_id,
        [MO_KW_TYPE] = take_type,
        [MO_KW_GRAPH] = take_graph,
        [MO_KW_INCLUDED] = take_included,
        [MO_KW_VALUE] = take_value,
        [MO_KW_LANGUAGE] = take_language,
        [MO_KW_DIRECTION] = take_direction,
        [MO_KW_INDEX] = take_index,
        [MO_KW_LIST] = take_list,
        [MO_KW_SET] = take_set,
        [MO_KW_REVERSE] = take_reverse,
    };
    unsigned bit = 1u << keyword, repeatable = MO_KW_BIT(INCLUDED) | MO_KW_BIT(TYPE);

    if (mo_keyword(o->property) == MO_KW_REVERSE)
        return invalid(o->x, "invalid reverse property map", mo_json_key(member));
    if (!takes[keyword])
        return 0;
    if (o->item.has & bit & ~repeatable)
        return invalid(o->x, "colliding keywords", mo_json_key(member));
    if (keyword != MO_KW_LIST || !is_top(o->property))
        o->item.has |= bit;
    return takes[keyword](o, member);
}

/* ---- Maps ---- */

static int
expand_language_map(struct object *o, const struct mo_active *active,
    const struct mo_definition *d, const struct mo_json *map, struct mo_items *out)
{
    for (const struct mo_json *m = mo_json_first(map); m; m = mo_json_next(m)) {
        struct mo_str iri;

        if (key_iri(o->x, active, mo_json_key(m), &iri))
            return -1;
        for (const struct mo_json *v = first_of(m); v; v = next_of(m, v)) {
            struct mo_item *item;

            if (is_kind(v, MO_JSON_NULL))
                continue;
            if (!is_kind(v, MO_JSON_STRING))
                return invalid(o->x, "invalid language map value", mo_json_key(m));
            item = new_item(o->x, MO_ITEM_VALUE);
            if (!item)
                return -1;
            item->has = MO_KW_BIT(VALUE);
            item->value = v;
            item->text = mo_json_text(v);
            if (mo_keyword(iri) != MO_KW_NONE)
                item->lang = mo_json_key(m);
            set_direction(item, active, d);
            append(out, item);
        }
    }
    return 0;
}

static bool
is_graph(const struct mo_item *item)
{
    const unsigned allowed = MO_KW_BIT(GRAPH) | MO_KW_BIT(ID) | MO_KW_BIT(INDEX);

    return item->kind == MO_ITEM_NODE && (item->has & MO_KW_BIT(GRAPH)) &&
           !(item->has & ~allowed) && !item->node->properties.first &&
           !item->node->reverse.first;
}

static struct mo_item *
graph_around(const struct mo_expansion *x, struct mo_item *item)
{
    struct mo_item *graph = new_item(x, MO_ITEM_NODE);

    if (!graph)
        return NULL;
    graph->has = MO_KW_BIT(GRAPH);
    append(&graph->node->graph, item);
    return graph;
}

/* What an index says of the item behind it. */
static int
apply_index(struct object *o, const struct mo_active *active,
    const struct mo_definition *d, struct mo_str index, struct mo_item *item)
{
    struct mo_items values = {NULL, NULL};
    struct mo_item *value;
    struct mo_str iri;

    if (key_iri(o->x, active, index, &iri))
        return -1;
    if (mo_keyword(iri) == MO_KW_NONE)
        return 0;
    if (d->container & MO_KW_BIT(INDEX)) {
        if (!d->index.p)
            return 0;
        if (item->kind != MO_ITEM_NODE)
            return invalid(o->x, "invalid value object", index);
        value = scalar_item(o->x, active, mo_active_find(active, d->index), NULL, index);
        if (!value || key_iri(o->x, active, d->index, &iri))
            return -1;
        append(&values, value);
        return add_property(o->x, &item->node->properties, iri, &values);
    }
    if (item->kind != MO_ITEM_NODE)
        return invalid(o->x, "invalid value object", index);
    if (d->container & MO_KW_BIT(ID)) {
        if (item->has & MO_KW_BIT(ID))
            return 0;
        item->has |= MO_KW_BIT(ID);
        return mo_active_iri(o->x->ld, active, index, MO_EXPAND_DOCUMENT, &item->id);
    }
    item->has |= MO_KW_BIT(TYPE);
    if (mo_active_iri(
            o->x->ld, active, index, MO_EXPAND_VOCAB | MO_EXPAND_DOCUMENT, &iri))
        return -1;
    return iri.p ? add_type(o->x, item->node, iri) : 0;
}

static int
expand_index_map(struct object *o, const struct mo_active *active,
    const struct mo_definition *d, struct mo_str key, const struct mo_json *map,
    struct mo_items *out)
{
    const unsigned reverting = MO_KW_BIT(ID) | MO_KW_BIT(TYPE);

    for (const struct mo_json *m = mo_json_first(map); m; m = mo_json_next(m)) {
        const struct mo_active *inner = active;
        const struct mo_definition *type;
        struct mo_items items = {NULL, NULL};
        struct mo_item *next;

        if ((d->container & reverting) && active->previous)
            inner = active->previous;
        type = (d->container & MO_KW_BIT(TYPE)) ? mo_active_find(inner, mo_json_key(m))
                                                : NULL;
        if (type && type->context &&
            mo_active_scoped(o->x->ld, inner, type, MO_PROCESS_NO_PROPAGATE, &inner))
            return -1;
        for (const struct mo_json *v = first_of(m); v; v = next_of(m, v))
            if (expand(o->x, inner, key, v, true, &items))
                return -1;
        for (struct mo_item *i = items.first; i; i = next) {
            next = i->next;
            i->next = NULL;
            if ((d->container & MO_KW_BIT(GRAPH)) && !is_graph(i) &&
                !(i = graph_around(o->x, i)))
                return -1;
            if (apply_index(o, active, d, mo_json_key(m), i))
                return -1;
            append(out, i);
        }
    }
    return 0;
}

/* ---- Members ---- */

static int
json_item(struct object *o, const struct mo_json *value, struct mo_items *out)
{
    struct mo_item *item = new_item(o->x, MO_ITEM_VALUE);

    if (!item)
        return -1;
    item->has = MO_KW_BIT(VALUE);
    item->value = value;
    item->type = mo_str("@json");
    append(out, item);
    return 0;
}

static int
wrap_list(struct mo_expansion *x, struct mo_items *items)
{
    struct mo_item *list = new_item(x, MO_ITEM_LIST);

    if (!list)
        return -1;
    list->has = MO_KW_BIT(LIST);
    list->list = *items;
    items->first = items->last = list;
    return 0;
}

static int
wrap_graphs(struct mo_expansion *x, struct mo_items *items)
{
    struct mo_items graphs = {NULL, NULL};
    struct mo_item *next;

    for (struct mo_item *i = items->first; i; i = next) {
        next = i->next;
        i->next = NULL;
        i = graph_around(x, i);
        if (!i)
            return -1;
        append(&graphs, i);
    }
    *items = graphs;
    return 0;
}

/* The values of a property, by what its term says of them. */
static int
expand_values(struct object *o, const struct mo_active *active,
    const struct mo_definition *d, const struct mo_json *member, struct mo_items *out)
{
    const unsigned maps = MO_KW_BIT(INDEX) | MO_KW_BIT(TYPE) | MO_KW_BIT(ID);
    bool object = is_kind(member, MO_JSON_OBJECT);
    struct mo_str key = mo_json_key(member);

    if (d && mo_keyword(d->type) == MO_KW_JSON)
        return json_item(o, member, out);
    if (d && object && (d->container & MO_KW_BIT(LANGUAGE)))
        return expand_language_map(o, active, d, member, out);
    if (d && object && (d->container & maps))
        return expand_index_map(o, active, d, key, member, out);
    return expand(o->x, active, key, member, false, out);
}

static int
take_property(struct object *o, const struct mo_active *active, struct mo_str iri,
    const struct mo_json *member)
{
    const struct mo_definition *d = mo_active_find(active, mo_json_key(member));
    bool array = is_kind(member, MO_JSON_ARRAY);
    struct mo_items items = {NULL, NULL};
    unsigned container = d ? d->container : 0;

    if (expand_values(o, active, d, member, &items))
        return -1;
    if (!array && !items.first)
        return 0;
    if ((container & MO_KW_BIT(LIST)) &&
        (array || items.first != items.last || items.first->kind != MO_ITEM_LIST) &&
        wrap_list(o->x, &items))
        return -1;
    if ((container & MO_KW_BIT(GRAPH)) &&
        !(container & (MO_KW_BIT(ID) | MO_KW_BIT(INDEX))) && wrap_graphs(o->x, &items))
        return -1;
    return d && d->reverse ? add_reverse(o, iri, &items)
                           : add_property(o->x, &o->node.properties, iri, &items);
}

static int
take_member(struct object *o, const struct mo_json *member)
{
    struct mo_str key = mo_json_key(member), iri;
    enum mo_keyword keyword;

    if (key_iri(o->x, o->active, key, &iri))
        return -1;
    keyword = mo_keyword(iri);
    if (keyword != MO_KW_NOT_ONE)
        return take_keyword(o, keyword, member);
    if (iri.p && memchr(iri.p, ':', iri.n))
        return take_property(o, o->active, iri, member);
    if ((iri.p || mo_keyword_like(key)) && o->x->dropped)
        o->x->dropped(o->x->ctx, key);
    return 0;
}

static int take_members(struct object *o, const struct mo_json *element);

static int
take_nested(struct object *o, const struct mo_json *member)
{
    const struct mo_definition *d = mo_active_find(o->active, mo_json_key(member));
    const struct mo_active *before = o->active;
    int failed = 0;

    for (const struct mo_json *v = first_of(member); v && !failed;
         v = next_of(member, v)) {
        if (!is_kind(v, MO_JSON_OBJECT))
            return invalid(o->x, "invalid @nest value", mo_json_key(member));
        for (const struct mo_json *m = mo_json_first(v); m; m = mo_json_next(m))
            if (key_keyword(o->x, o->active, m) == MO_KW_VALUE)
                return invalid(o->x, "invalid @nest value", mo_json_key(member));
        if (d && d->context)
            failed =
                mo_active_scoped(o->x->ld, before, d, MO_PROCESS_OVERRIDE, &o->active);
        failed = failed || take_members(o, v);
        o->active = before;
    }
    return failed;
}

static int
take_members(struct object *o, const struct mo_json *element)
{
    bool nests = false;

    for (const struct mo_json *m = mo_json_first(element); m; m = mo_json_next(m)) {
        if (mo_str_is(mo_json_key(m), "@context"))
            continue;
        if (key_keyword(o->x, o->active, m) == MO_KW_NEST)
            nests = true;
        else if (take_member(o, m))
            return -1;
    }
    for (const struct mo_json *m = nests ? mo_json_first(element) : NULL; m;
         m = mo_json_next(m))
        if (key_keyword(o->x, o->active, m) == MO_KW_NEST && take_nested(o, m))
            return -1;
    return 0;
}

/* ---- Objects ---- */

static int
finish_value(struct object *o, struct mo_items *out)
{
    const unsigned typed = MO_KW_BIT(VALUE) | MO_KW_BIT(TYPE) | MO_KW_BIT(INDEX);
    const unsigned tagged =
        MO_KW_BIT(VALUE) | MO_KW_BIT(LANGUAGE) | MO_KW_BIT(DIRECTION) | MO_KW_BIT(INDEX);
    const struct mo_name *type = o->node.types;
    struct mo_item *item;

    if (((o->item.has & ~typed) && (o->item.has & ~tagged)) || o->node.properties.first ||
        o->node.reverse.first)
        return invalid(o->x, "invalid value object", NONE);
    if (o->is_json)
        return json_item(o, o->item.value, out);
    if (is_kind(o->item.value, MO_JSON_NULL))
        return 0;
    if ((o->item.has & MO_KW_BIT(LANGUAGE)) && !is_kind(o->item.value, MO_JSON_STRING))
        return invalid(o->x, "invalid language-tagged value", o->item.lang);
    if (type && (type->next || mo_str_starts(type->iri, mo_str("_:")) ||
                    (o->x->ld->strict && !mo_is_well_formed(type->iri))))
        return invalid(o->x, "invalid typed value", type->iri);
    item = new_item(o->x, MO_ITEM_VALUE);
    if (!item)
        return -1;
    *item = o->item;
    item->next = NULL;
    item->kind = MO_ITEM_VALUE;
    if (type)
        item->type = type->iri;
    append(out, item);
    return 0;
}

static int
finish_node(struct object *o, struct mo_items *out)
{
    bool empty = !o->node.properties.first && !o->node.reverse.first;
    struct mo_item *item;

    if (empty && o->item.has == MO_KW_BIT(LANGUAGE))
        return 0;
    if (is_top(o->property) && empty && !(o->item.has & ~MO_KW_BIT(ID)))
        return 0;
    item = new_item(o->x, MO_ITEM_NODE);
    if (!item)
        return -1;
    *item->node = o->node;
    item->has = o->item.has;
    item->id = o->item.id;
    append(out, item);
    return 0;
}

static int
finish(struct object *o, struct mo_items *out)
{
    const unsigned sets = MO_KW_BIT(LIST) | MO_KW_BIT(SET);
    struct mo_items dropped = {NULL, NULL};

    if (o->item.has & MO_KW_BIT(VALUE))
        return finish_value(o, is_top(o->property) ? &dropped : out);
    if (!(o->item.has & sets))
        return finish_node(o, out);
    if ((o->item.has & ~(sets | MO_KW_BIT(INDEX))) || (o->item.has & sets) == sets ||
        o->node.properties.first || o->node.reverse.first)
        return invalid(o->x, "invalid set or list object", NONE);
    if ((o->item.has & MO_KW_BIT(LIST)) && wrap_list(o->x, &o->list))
        return -1;
    append_all(out, (o->item.has & MO_KW_BIT(LIST)) ? &o->list : &o->set);
    return 0;
}

/* A context for the node above only is left again, but by values and references. */
static bool
leaves_context(const struct mo_expansion *x, const struct mo_active *active,
    const struct mo_json *element)
{
    const struct mo_json *first = mo_json_first(element);

    for (const struct mo_json *m = first; m; m = mo_json_next(m))
        if (key_keyword(x, active, m) == MO_KW_VALUE)
            return false;
    return !(first && !mo_json_next(first) && key_keyword(x, active, first) == MO_KW_ID);
}

static int
by_term(const void *a, const void *b)
{
    const struct mo_definition *const *x = a, *const *y = b;

    return mo_str_cmp((*x)->term, (*y)->term);
}

/* The scoped contexts of all its types, in the order of their terms (5.1.2, 11). */
static int
enter_types(struct object *o, const struct mo_json *element)
{
    const struct mo_definition **found;
    size_t n = 0, k = 0;
    bool first = true;

    for (const struct mo_json *m = mo_json_first(element); m; m = mo_json_next(m)) {
        if (key_keyword(o->x, o->typed, m) != MO_KW_TYPE)
            continue;
        for (const struct mo_json *t = first_of(m); t; t = next_of(m, t)) {
            const struct mo_definition *d =
                is_kind(t, MO_JSON_STRING) ? mo_active_find(o->typed, mo_json_text(t))
                                           : NULL;

            n += d && d->context;
        }
    }
    found = make(o->x, (n + 1) * sizeof(void *));
    if (!found)
        return -1;
    for (const struct mo_json *m = mo_json_first(element); m; m = mo_json_next(m)) {
        struct mo_str last = NONE, iri;

        if (key_keyword(o->x, o->typed, m) != MO_KW_TYPE)
            continue;
        for (const struct mo_json *t = first_of(m); t; t = next_of(m, t)) {
            const struct mo_definition *d =
                is_kind(t, MO_JSON_STRING) ? mo_active_find(o->typed, mo_json_text(t))
                                           : NULL;

            if (d && d->context)
                found[k++] = d;
            last = mo_json_text(t);
        }
        if (first && last.n && key_iri(o->x, o->typed, last, &iri) == 0)
            o->is_json = mo_keyword(iri) == MO_KW_JSON;
        first = false;
    }
    qsort(found, n, sizeof(void *), by_term);
    for (size_t i = 0; i < n; ++i)
        if (mo_active_scoped(
                o->x->ld, o->active, found[i], MO_PROCESS_NO_PROPAGATE, &o->active))
            return -1;
    return 0;
}

static int
expand_object(struct mo_expansion *x, const struct mo_active *active,
    struct mo_str property, const struct mo_json *element, bool from_map,
    struct mo_items *out)
{
    const struct mo_definition *d = property.p ? mo_active_find(active, property) : NULL;
    const struct mo_json *context = mo_json_member(element, "@context");
    struct object o = {.x = x, .active = active, .property = property};

    if (active->previous && !from_map && leaves_context(x, active, element))
        o.active = active->previous;
    if (d && d->context &&
        mo_active_scoped(x->ld, o.active, d, MO_PROCESS_OVERRIDE, &o.active))
        return -1;
    if (context && mo_active_process(x->ld, o.active, context, x->ld->base, 0, &o.active))
        return -1;
    o.typed = o.active;
    if (enter_types(&o, element) || take_members(&o, element))
        return -1;
    return finish(&o, out);
}

/* 5.1.2 */
static int
expand(struct mo_expansion *x, const struct mo_active *active, struct mo_str property,
    const struct mo_json *element, bool from_map, struct mo_items *out)
{
    const struct mo_definition *d = property.p ? mo_active_find(active, property) : NULL;
    struct mo_item *item;

    switch (mo_json_kind(element)) {
    case MO_JSON_NULL: return 0;
    case MO_JSON_OBJECT:
        return expand_object(x, active, property, element, from_map, out);
    case MO_JSON_ARRAY:
        for (const struct mo_json *e = mo_json_first(element); e; e = mo_json_next(e)) {
            bool list =
                d && (d->container & MO_KW_BIT(LIST)) && is_kind(e, MO_JSON_ARRAY);
            struct mo_items items = {NULL, NULL};

            if (expand(x, active, property, e, from_map, &items) ||
                (list && wrap_list(x, &items)))
                return -1;
            append_all(out, &items);
        }
        return 0;
    default:
        if (is_top(property))
            return 0;
        if (d && d->context &&
            mo_active_scoped(x->ld, active, d, MO_PROCESS_OVERRIDE, &active))
            return -1;
        item = scalar_item(x, active, d, element, NONE);
        if (!item)
            return -1;
        append(out, item);
        return 0;
    }
}

int
mo_expand(struct mo_expansion *x, const struct mo_active *active,
    const struct mo_json *element, struct mo_items *out)
{
    return expand(x, active, NONE, element, false, out);
}
