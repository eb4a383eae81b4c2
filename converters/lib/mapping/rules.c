#include <assert.h>
#include <stdlib.h>

#include <moisson/iri.h>

#include "base/ctype.h"
#include "mapping/mapping.h"

/* ---- Names ---- */

/* The number of the name, which is added when it is new; MAX_MAP_NAMES when there are too many. */
static size_t
add_name(struct map_object *object, struct mo_str name)
{
    for (size_t i = 0; i < object->n_names; ++i)
        if (mo_str_eq(object->names[i], name))
            return i;
    if (object->n_names < MAX_MAP_NAMES)
        object->names[object->n_names++] = name;
    return object->n_names <= MAX_MAP_NAMES ? object->n_names - 1 : MAX_MAP_NAMES;
}

/* Where a name is looked for first. */
static size_t
slot_of(struct mo_str name)
{
    uint32_t head = 0, tail = 0;

    if (name.n >= 4) {
        memcpy(&head, name.p, 4);
        memcpy(&tail, name.p + name.n - 4, 4);
    } else {
        for (size_t i = 0; i < name.n; ++i)
            head = head << 8 | (unsigned char)name.p[i];
    }
    return (size_t)(((uint64_t)tail << 32 ^ head ^ (uint64_t)name.n << 27) *
                        0x9E3779B97F4A7C15u >>
                    40) %
           MAP_NAME_SLOTS;
}

/* Its number, or MAX_MAP_NAMES. */
static size_t
find_name(const struct map_object *object, struct mo_str name)
{
    size_t slot = slot_of(name);

    for (; object->slots[slot]; slot = (slot + 1) % MAP_NAME_SLOTS)
        if (mo_str_eq(object->names[object->slots[slot] - 1], name))
            return object->slots[slot] - 1;
    return MAX_MAP_NAMES;
}

/* Once all have their numbers. */
static void
index_names(struct map_object *object)
{
    for (size_t i = 0; i < object->n_names; ++i) {
        size_t slot = slot_of(object->names[i]);

        while (object->slots[slot])
            slot = (slot + 1) % MAP_NAME_SLOTS;
        object->slots[slot] = (uint16_t)(i + 1);
    }
    object->uri = find_name(object, mo_str("uri"));
    object->id = find_name(object, mo_str("@id"));
    object->called = find_name(object, mo_str("name"));
}

/* The words of a cell as members of the object. */
static void
read_names(struct map_object *object, struct mo_str cell, struct map_names *names)
{
    while (cell.n && names->n < MAX_MAP_FIELDS) {
        size_t n = mo_str_find(cell, mo_str(" "), 0);

        if (n)
            names->at[names->n++] = add_name(object, mo_str_n(cell.p, n));
        cell = mo_str_from(cell, n + 1);
    }
}

/* ---- The table ---- */

static struct map_object *
object_named(struct map *m, struct mo_str name, bool make)
{
    for (size_t i = 0; i < m->n_objects; ++i)
        if (mo_str_eq(m->objects[i].name, name))
            return &m->objects[i];
    if (!make || m->n_objects == MAX_MAP_OBJECTS)
        return NULL;
    m->objects[m->n_objects].name = name;
    return &m->objects[m->n_objects++];
}

const struct map_object *
mo_map_object(const struct map *m, const char *name)
{
    const struct map_object *object = object_named((struct map *)m, mo_str(name), false);

    assert(object);
    return object;
}

/* "contact vcard:Kind contact_": the object, its class, and what its names begin with. */
static bool
read_part(struct map *m, struct map_rule *rule)
{
    struct mo_str rest = rule->argument;
    size_t n = mo_str_find(rest, mo_str(" "), 0);
    char name[64];

    rule->part = object_named(m, mo_str_n(rest.p, n), true);
    rest = mo_str_from(rest, n + 1);
    n = mo_str_find(rest, mo_str(" "), 0);
    if (n >= sizeof name)
        return false;
    memcpy(name, rest.p, n);
    name[n] = '\0';
    rule->class = mo_vocab_expand(m->in.reader.options.vocab, m->arena, name);
    rule->argument = mo_str_from(rest, n + 1);
    return rule->part && rule->class;
}

static bool
read_rule(struct map *m, const struct mo_table *t, size_t row)
{
    const struct mo_vocab *v = m->in.reader.options.vocab;
    struct map_rule *rule = &m->rules[m->n_rules++];
    struct map_object *object = object_named(
        m, mo_str(mo_table_cell(t, row, mo_table_column(t, "object"))), true);
    const char *how = mo_table_cell(t, row, mo_table_column(t, "how"));
    const char *property = mo_table_cell(t, row, mo_table_column(t, "property"));

    rule->kind = mo_map_kind(how);
    rule->property = mo_str(mo_vocab_expand(v, m->arena, property));
    rule->argument = mo_str(mo_table_cell(t, row, mo_table_column(t, "argument")));
    if (!rule->kind || !object || object->n_rules == MAX_MAP_RULES ||
        m->n_rules == MAX_MAP_RULES)
        return false;
    rule->object = object;
    object->rules[object->n_rules++] = rule;
    if (rule->property.n) {
        rule->known = mo_vocab_number(v, rule->property.p);
        rule->key = rule->known ? v->forward[rule->known] : NULL;
    }
    read_names(object, mo_str(mo_table_cell(t, row, mo_table_column(t, "field"))),
        &rule->fields);
    if (rule->kind->view)
        read_names(object, rule->argument, &rule->others);
    if (strcmp(how, "nodes") == 0 || strcmp(how, "flat") == 0)
        return read_part(m, rule);
    rule->class = mo_vocab_expand(v, m->arena, rule->argument.p);
    return true;
}

/* The members of a flat part are members of the object around it, with a prefix. */
static bool
add_flat_names(struct map *m, struct map_rule *rule)
{
    struct map_object *object = (struct map_object *)rule->object;

    rule->n_flat = rule->part->n_names;
    rule->flat = mo_arena_alloc(m->arena, rule->n_flat * sizeof *rule->flat);
    for (size_t i = 0; rule->flat && i < rule->n_flat; ++i) {
        struct mo_str part = rule->part->names[i], name;
        struct mo_buf whole;
        size_t at;

        mo_buf_init(&whole, 256);
        mo_buf_str(&whole, rule->argument);
        mo_buf_str(&whole, part);
        if (whole.failed || mo_arena_copy(m->arena, mo_buf_view(&whole), &name)) {
            mo_buf_done(&whole);
            return false;
        }
        mo_buf_done(&whole);
        at = add_name(object, name);
        if (at == MAX_MAP_NAMES)
            return false;
        rule->flat[i] = (uint16_t)at;
    }
    return rule->flat != NULL;
}

static int
prepare_rules(struct map *m, const struct mo_table *t)
{
    size_t row = 0;
    bool good = true;

    for (; good && row < t->rows; ++row)
        good = read_rule(m, t, row);
    for (size_t i = 0; good && i < m->n_rules; ++i)
        if (strcmp(m->rules[i].kind->name, "flat") == 0)
            good = add_flat_names(m, &m->rules[i]);
    if (!good) {
        struct mo_diag diag = {.id = MO_DIAG_FIELD,
            .detail = mo_str(
                row ? mo_table_cell(t, row - 1, mo_table_column(t, "field")) : "")};

        mo_report(m->in.reader.options.sink, &diag);
        return -1;
    }
    for (size_t i = 0; i < m->n_objects; ++i)
        index_names(&m->objects[i]);
    return 0;
}

/* "https://data.example.org", of whatever address there. */
static void
find_origin(struct map *m)
{
    struct mo_str base = m->in.reader.options.base;
    struct mo_iri iri = mo_iri_parse(base);

    if (iri.has_scheme && iri.authority.n)
        mo_buf_str(&m->origin,
            mo_str_n(base.p, (size_t)(iri.authority.p - base.p) + iri.authority.n));
}

int
mo_map_init(struct map *m, const struct mo_dialect *dialect,
    const struct mo_reader_options *options, const char *table, const char *space)
{
    m->space = space;
    mo_buf_init(&m->origin, 1024);
    mo_buf_init(&m->scratch, SIZE_MAX);
    m->arena = mo_arena_new(1 << 20);
    m->values = mo_values_new(options->vocab);
    if (mo_input_init(&m->in, dialect, options) || !m->arena || !m->values ||
        prepare_rules(m, mo_table(options->vocab->tables, table)) ||
        mo_lookup_init(
            &m->themes, mo_table(options->vocab->tables, "themes"), "tag", m->arena))
        return -1;
    find_origin(m);
    return 0;
}

void
mo_map_done(struct map *m)
{
    mo_concepts_free(m->concepts);
    mo_values_free(m->values);
    mo_arena_free(m->arena);
    mo_buf_done(&m->origin);
    mo_buf_done(&m->scratch);
}

/* ---- Members ---- */

void
mo_map_view(struct map_view *view, const struct map_object *object)
{
    memset(view->value, 0, object->n_names * sizeof view->value[0]);
    memset(view->used, 0, object->n_names);
    memset(view->odd, 0, object->n_names);
    view->object = object;
    view->rest = NULL;
    view->rest_end = &view->rest;
}

void
mo_map_member(
    struct map *m, struct map_view *view, struct mo_str key, const struct mo_json *value)
{
    size_t at;
    struct map_rest *rest;

    if (mo_json_says_nothing(value))
        return;
    at = find_name(view->object, key);
    if (at < MAX_MAP_NAMES && !view->value[at]) {
        view->value[at] = value;
        return;
    }
    rest = mo_arena_alloc(m->in.arena, sizeof *rest);
    if (!rest || mo_arena_copy(m->in.arena, key, &key)) {
        mo_input_trouble(&m->in);
        return;
    }
    *rest = (struct map_rest){key, value, NULL};
    *view->rest_end = rest;
    view->rest_end = &rest->next;
}

void
mo_map_members(struct map *m, struct map_view *view, const char *prefix,
    const struct mo_json *object)
{
    struct mo_buf name;
    char memory[512];

    if (!object || mo_json_kind(object) != MO_JSON_OBJECT)
        return;
    for (const struct mo_json *e = mo_json_first(object); e; e = mo_json_next(e)) {
        mo_buf_fixed(&name, memory, sizeof memory);
        mo_buf_c(&name, prefix);
        mo_buf_str(&name, mo_json_key(e));
        mo_map_member(
            m, view, *prefix && !name.failed ? mo_buf_view(&name) : mo_json_key(e), e);
    }
}

const struct mo_json *
mo_map_peek(const struct map_view *view, const char *name)
{
    size_t at = find_name(view->object, mo_str(name));

    return at < MAX_MAP_NAMES ? view->value[at] : NULL;
}

bool
mo_map_has(struct map *m, const struct mo_term *node, struct mo_str property)
{
    const struct mo_term *p = mo_graph_find(m->in.graph, MO_IRI, property);

    for (const struct mo_stmt *s = node && p ? node->first : NULL; s; s = s->next)
        if (s->p == p)
            return true;
    return false;
}

bool
mo_map_says(struct map *m, const struct mo_term *node, const struct map_rule *rule)
{
    if (!rule->known)
        return mo_map_has(m, node, rule->property);
    for (const struct mo_stmt *s = node ? node->first : NULL; s; s = s->next)
        if (s->p->known == rule->known)
            return true;
    return false;
}

/* ---- Keeping ---- */

static bool
is_simple(struct mo_str key)
{
    for (size_t i = 0; i < key.n; ++i)
        if (!mo_is_alpha(key.p[i]) && key.p[i] != '_' &&
            (i == 0 || (!mo_is_digit(key.p[i]) && key.p[i] != '-' && key.p[i] != '.')))
            return false;
    return key.n > 0 && key.n < 64;
}

static void
keep(struct map *m, struct mo_term *node, struct mo_str name, struct mo_str json)
{
    struct mo_buf property;
    char memory[256];

    mo_buf_fixed(&property, memory, sizeof memory);
    mo_buf_c(&property, m->space);
    mo_buf_str(&property, name);
    mo_input_add(&m->in, node,
        mo_input_must(&m->in, mo_graph_iri(m->in.graph, mo_buf_view(&property))),
        mo_map_literal(m, json, MO_RDF "JSON"));
}

/* Under its own name where that can be the name of a property. */
static void
keep_member(struct map *m, struct mo_term *node, struct mo_str key,
    const struct mo_json *value, struct mo_buf *others)
{
    if (is_simple(key)) {
        mo_buf_clear(&m->scratch);
        mo_json_put(&m->scratch, value);
        if (m->scratch.failed)
            mo_input_trouble(&m->in);
        else
            keep(m, node, key, mo_buf_view(&m->scratch));
        return;
    }
    mo_buf_byte(others, others->n ? ',' : '{');
    mo_json_string(others, key);
    mo_buf_byte(others, ':');
    mo_json_put(others, value);
}

static void
keep_rest(struct map *m, struct mo_term *node, const struct map_view *view)
{
    struct mo_buf others;

    mo_buf_init(&others, SIZE_MAX);
    for (size_t i = 0; i < view->object->n_names; ++i)
        if (view->value[i] && !view->used[i]) {
            if (view->odd[i])
                mo_input_report(&m->in, MO_DIAG_MEMBER_KIND, mo_json_text(view->value[i]),
                    view->object->names[i], 0);
            keep_member(m, node, view->object->names[i], view->value[i], &others);
        }
    for (const struct map_rest *r = view->rest; r; r = r->next)
        keep_member(m, node, r->key, r->value, &others);
    if (others.n) {
        mo_buf_byte(&others, '}');
        if (others.failed)
            mo_input_trouble(&m->in);
        else
            keep(m, node, mo_str("others"), mo_buf_view(&others));
    }
    mo_buf_done(&others);
}

/* ---- Walking ---- */

const struct mo_json *
mo_map_decode(struct map *m, const struct mo_json *value)
{
    struct mo_str text = mo_str_trim(mo_json_text(value));
    struct mo_json_error error;
    const struct mo_json *json;

    if (text.n == 0 || (text.p[0] != '[' && text.p[0] != '{'))
        return value;
    json = mo_json_parse_in(m->in.arena, text, m->in.reader.options.max_depth, &error);
    return json ? json : value;
}

/* Whether all of it could be used. */
static bool
say(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *value)
{
    bool good = true;

    if (rule->kind->decode)
        value = mo_map_decode(m, value);
    if (mo_json_kind(value) != MO_JSON_ARRAY || rule->kind->whole)
        return rule->kind->value(m, node, rule, value);
    for (const struct mo_json *e = mo_json_first(value); e; e = mo_json_next(e))
        if (!mo_json_says_nothing(e) && !rule->kind->value(m, node, rule, e))
            good = false;
    return good;
}

/* Whether both are the same text. */
static bool
is_same(const struct mo_json *a, const struct mo_json *b)
{
    return mo_json_text(a).n && mo_str_eq(mo_json_text(a), mo_json_text(b));
}

static void
apply(struct map *m, struct mo_term *node, const struct map_rule *rule,
    struct map_view *view)
{
    const struct mo_json *said = NULL;

    for (size_t i = 0; i < rule->fields.n && !m->in.rejected; ++i) {
        size_t at = rule->fields.at[i];

        if (!view->value[at] || view->used[at])
            continue;
        if (said)
            view->used[at] = is_same(said, view->value[at]);
        else if ((view->used[at] = say(m, node, rule, view->value[at])))
            said = view->value[at];
        else
            view->odd[at] = true;
    }
}

/* Properties that have one value take the first that is said. */
static bool
is_taken(struct map *m, const struct mo_term *node, const struct map_rule *rule)
{
    return rule->key && !rule->key->many && mo_map_says(m, node, rule);
}

void
mo_map_walk(struct map *m, struct mo_term *node, struct map_view *view)
{
    const struct map_object *object = view->object;

    for (size_t i = 0; node && i < object->n_rules && !m->in.rejected; ++i) {
        const struct map_rule *rule = object->rules[i];

        if (is_taken(m, node, rule))
            continue;
        if (rule->kind->view)
            rule->kind->view(m, node, rule, view);
        else
            apply(m, node, rule, view);
    }
    if (node && !m->in.rejected)
        keep_rest(m, node, view);
}

void
mo_map_begin(struct map *m, struct mo_term *node, const struct map_view *view)
{
    m->subject = node;
    m->dataset = view;
    m->licence = NULL;
    memset(m->licence_said, 0, sizeof m->licence_said);
}

void
mo_map_finish(struct map *m, struct mo_term *node)
{
    m->dataset = NULL;
    if (node && !m->in.rejected) {
        mo_graph_close(m->in.graph, node);
        mo_input_hand_over(&m->in, node, MO_UNIT_ALONE);
    }
}
