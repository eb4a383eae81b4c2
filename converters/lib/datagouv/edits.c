#include <stdlib.h>

#include <moisson/date.h>

#include "base/ctype.h"
#include "datagouv/read.h"
#include "jsonld/number.h"

/* Items of a list: as many as a record can have statements. */
enum { MAX_MADE = 1 << 30, MAX_ITEMS = 10000 };

struct edit;
typedef void edit_fn(const struct edit *e);

/* What is special about a field, by the function that makes it. */
enum trait {
    SAYS_NOTHING = 1, /* of its own, or what cannot be seen here */
    NOT_OF_PARTS = 2, /* of resources that are no distributions */
    OF_RESOURCES = 4, /* of a dataset, as its resources say it */
    NEVER_EMPTY = 8,  /* or left out as it is not past yet */
    IDENTITY = 16,
    PAGE = 32,
    LICENCE = 64
};

struct manner {
    const char *how;
    edit_fn *edit;
    unsigned traits;
};

/* A field of an object that is no longer what its record gives. */
struct edit {
    struct gouv *r;
    struct datagouv *w;
    const struct mo_record *record;
    const struct kept_node *k;
    const struct field *field;
    const struct mo_json *present; /* NULL: nothing */
};

void
mo_gouv_drop(struct mo_stmt *stmt)
{
    struct mo_term *node = stmt->s;
    struct mo_stmt **at = &node->first, *before = NULL;

    while (*at && *at != stmt) {
        before = *at;
        at = &before->next;
    }
    if (!*at)
        return;
    *at = stmt->next;
    if (node->last == stmt)
        node->last = before;
}

/* ---- Whether a field was edited ---- */

static bool
same_text(struct mo_str made, struct mo_str present)
{
    struct mo_date a, b;

    return mo_str_eq(made, present) ||
           (mo_date_parse(made, &a) && mo_date_parse(present, &b) &&
               mo_date_seconds(&a) == mo_date_seconds(&b));
}

/* 1.0 is 1, as other programs write it. */
static bool
same_number(struct mo_str made, struct mo_str present)
{
    struct mo_buf a, b;
    bool same = mo_str_eq(made, present), too_much;

    if (same)
        return true;
    mo_buf_init(&a, SIZE_MAX);
    mo_buf_init(&b, SIZE_MAX);
    mo_number_put(&a, made, true, &too_much);
    mo_number_put(&b, present, true, &too_much);
    same = mo_str_eq(mo_buf_view(&a), mo_buf_view(&b));
    mo_buf_done(&a);
    mo_buf_done(&b);
    return same;
}

/* By meaning; what the present value has beyond the one that was made is the platform's. */
static bool
same_value(const struct mo_json *made, const struct mo_json *present)
{
    const struct mo_json *a, *b;

    if (mo_gouv_says_nothing(made) || mo_gouv_says_nothing(present))
        return mo_gouv_says_nothing(made) && mo_gouv_says_nothing(present);
    if (mo_json_kind(made) != mo_json_kind(present))
        return false;
    switch (mo_json_kind(made)) {
    case MO_JSON_NUMBER: return same_number(mo_json_text(made), mo_json_text(present));
    case MO_JSON_STRING: return same_text(mo_json_text(made), mo_json_text(present));
    case MO_JSON_ARRAY:
        a = mo_json_first(made);
        b = mo_json_first(present);
        for (; a && b; a = mo_json_next(a), b = mo_json_next(b))
            if (!same_value(a, b))
                return false;
        return !a && !b;
    case MO_JSON_OBJECT:
        for (a = mo_json_first(made); a; a = mo_json_next(a)) {
            char key[64];

            if (mo_json_key(a).n >= sizeof key)
                return false;
            memcpy(key, mo_json_key(a).p, mo_json_key(a).n);
            key[mo_json_key(a).n] = '\0';
            if (!same_value(a, mo_json_member(present, key)))
                return false;
        }
        return true;
    default: return true;
    }
}

/* JSON of our own making; yours. NULL, with the record given up, when memory is short. */
static struct mo_json *
parse(struct gouv *r, const struct mo_buf *text)
{
    struct mo_json_error error;
    struct mo_json *json = NULL;

    if (!text->failed)
        json = mo_json_parse(mo_buf_view(text), MO_JSON_MAX_DEPTH, &error);
    if (!json)
        mo_input_trouble(&r->in);
    return json;
}

static bool
agrees(struct gouv *r, const struct mo_buf *made, const struct mo_json *present)
{
    struct mo_json *json;
    bool same;

    mo_buf_clear(&r->scratch);
    if (present)
        mo_json_put(&r->scratch, present);
    if (mo_str_eq(mo_buf_view(made), mo_buf_view(&r->scratch)) && !made->failed)
        return true;
    if (made->n == 0 && !made->failed)
        return mo_gouv_says_nothing(present);
    json = parse(r, made);
    same = json && same_value(json, present);
    mo_json_free(json);
    return same;
}

/* The extras that are no other field's, as one object; yours. */
static struct mo_json *
other_extras(struct gouv *r, const struct mo_json *object)
{
    if (!mo_gouv_put_extras(r, mo_json_member(object, "extras")))
        mo_buf_c(&r->scratch, "{}");
    return parse(r, &r->scratch);
}

/* False when the object that the field stands in is not there: nothing is said of it. */
static bool
find_present(
    const struct kept_node *k, const struct field *field, const struct mo_json **value)
{
    *value = k->object;
    for (size_t i = 0; *value && i < field->n_steps; ++i) {
        *value = mo_json_find(*value, field->steps[i]);
        if (i == 0 && field->n_steps > 1 && !*value)
            return false;
    }
    return true;
}

static bool
has_any(const struct mo_term *node, const struct field *field)
{
    for (const struct mo_stmt *s = node->first; s; s = s->next)
        for (size_t i = 0; i < field->n_sources; ++i)
            if (s->p->known == field->sources[i])
                return true;
    return false;
}

static bool
is(const struct gouv *r, const struct field *field, unsigned traits)
{
    const struct datagouv *w = (const struct datagouv *)r->again;

    return (r->manners[field - w->fields]->traits & traits) != 0;
}

/* Fields that say nothing of their own, or what cannot be seen here. */
static bool
is_beyond(const struct gouv *r, const struct kept_node *k, const struct field *field)
{
    return is(r, field, SAYS_NOTHING) || (k->part && is(r, field, NOT_OF_PARTS)) ||
           (r->fewer && is(r, field, OF_RESOURCES) && !has_any(k->node, field));
}

/* A value that the mapping leaves out for a reason of the day, or that names no statement. */
static bool
is_excused(const struct gouv *r, const struct field *field, const struct mo_json *present)
{
    struct mo_str text = present ? mo_json_text(present) : mo_str("");

    if (is(r, field, NEVER_EMPTY))
        return mo_gouv_says_nothing(present);
    if (is(r, field, IDENTITY | PAGE) && mo_str_eq(text, r->kept_name))
        return true; /* its name, which stands in another field too */
    return is(r, field, IDENTITY) &&
           (text.n == 0 || mo_str_starts(text, mo_str("sha256:")));
}

static bool
is_no_licence(struct mo_str made)
{
    return made.n == 0 || mo_str_is(made, "\"notspecified\"");
}

/* ---- Statements ---- */

static bool
is_source(const struct field *field, const struct mo_term *property)
{
    for (size_t i = 0; i < field->n_sources; ++i)
        if (field->sources[i] && field->sources[i] == property->known)
            return true;
    return field->n_sources == 0;
}

/* Make the value again, so that what it is made of is marked as used. */
static void
mark_used(const struct edit *e)
{
    struct mo_buf value;

    mo_buf_init(&value, MAX_MADE);
    for (size_t i = 0; i < e->record->n_nodes; ++i)
        for (struct mo_stmt *s = e->record->nodes[i]->first; s; s = s->next)
            s->used = false;
    e->w->part = e->k->part;
    mo_make_value(e->w, e->k->node, e->field, &value);
    if (value.failed)
        mo_input_trouble(&e->r->in);
    mo_buf_done(&value);
}

/* Take away what the field is made of; `all`: what it could be made of as well. */
static void
drop_sources(const struct edit *e, bool all)
{
    mark_used(e);
    for (struct mo_stmt *s = e->k->node->first, *next; s; s = next) {
        next = s->next;
        if (((s->used || (all && e->field->n_sources)) && is_source(e->field, s->p)) ||
            (e->field->kept && s->p->known == e->field->kept))
            mo_gouv_drop(s);
    }
}

static bool
names(const char *fields, struct mo_str path)
{
    struct mo_str rest = mo_str(fields);

    if (mo_str_ends(path, mo_str(".*")))
        path.n -= 2;
    while (rest.n) {
        size_t n = mo_str_find(rest, mo_str(" "), 0);

        if (mo_str_eq(mo_str_n(rest.p, n), path))
            return true;
        rest = mo_str_from(rest, n + 1);
    }
    return false;
}

/* Say what the reader makes of the field in `object`; only the first rule, if `one`. */
static void
say_again(const struct edit *e, const struct mo_json *object, bool one)
{
    struct gouv *r = e->r;

    for (size_t i = 0; i < r->n_rules && !r->in.rejected; ++i) {
        if (r->rules[i].object != e->k->kind[0] ||
            !names(r->rules[i].field, e->field->path))
            continue;
        r->rules[i].say(r, e->k->node, object, &r->rules[i]);
        if (one)
            return;
    }
}

/* ---- Kinds of fields ---- */

static void
edit_any(const struct edit *e)
{
    drop_sources(e, mo_gouv_says_nothing(e->present));
    if (!mo_gouv_says_nothing(e->present))
        say_again(e, e->k->object, false);
}

/* A text keeps the language of the one that it replaces, and other languages stay. */
static void
edit_text(const struct edit *e)
{
    struct mo_term *node = e->k->node;
    struct mo_str lang = mo_str("");
    struct mo_stmt *last;

    mark_used(e);
    for (const struct mo_stmt *s = node->first; s; s = s->next)
        if (s->used && is_source(e->field, s->p) && s->o->lang.n)
            lang = s->o->lang;
    edit_any(e);
    last = node->last;
    for (struct mo_stmt *s = node->first; s && lang.n; s = s->next)
        if (s->o->kind == MO_LITERAL && !s->o->lang.n && !s->o->datatype &&
            is_source(e->field, s->p) && mo_str_eq(s->o->text, mo_json_text(e->present)))
            last = s;
    if (lang.n && last && last->o->kind == MO_LITERAL && !last->o->datatype &&
        is_source(e->field, last->p))
        last->o = mo_input_literal(&e->r->in, last->o->text, mo_str(""), lang);
}

/* The same address elsewhere among its properties is edited with it. */
static void
edit_url(const struct edit *e)
{
    struct mo_str text = e->present ? mo_str_trim(mo_json_text(e->present)) : mo_str("");
    const struct mo_term *old = NULL;

    mark_used(e);
    for (const struct mo_stmt *s = e->k->node->first; s && !old; s = s->next)
        if (s->used && is_source(e->field, s->p))
            old = s->o;
    if (!old || text.n == 0) {
        edit_any(e);
        return;
    }
    for (struct mo_stmt *s = e->k->node->first; s; s = s->next)
        if (s->o == old && is_source(e->field, s->p))
            s->o = mo_gouv_iri(e->r, text);
}

static bool
is_licence(const struct edit *e, const struct mo_stmt *s)
{
    return s->used && s->p->known == e->field->sources[0];
}

/* Where the licence was said, the new one is. */
static void
edit_licence(const struct edit *e)
{
    struct gouv *r = e->r;
    struct mo_str property = mo_lexicon_text(r->in.graph->lexicon, e->field->sources[0]);
    struct mo_str id = mo_gouv_code(e->present);
    bool any = id.n && !mo_str_is(id, "notspecified"), said = false;

    mark_used(e);
    for (size_t i = 0; i < e->record->n_nodes && !r->in.rejected; ++i) {
        struct mo_term *node = e->record->nodes[i];
        bool had = false;

        for (struct mo_stmt *s = node->first, *next; s; s = next) {
            next = s->next;
            if (!is_licence(e, s))
                continue;
            mo_gouv_drop(s);
            had = true;
        }
        if (had && any)
            mo_gouv_licence(r, node, property, NULL);
        said = said || had;
    }
    if (!said && any)
        mo_gouv_licence(r, e->k->node, property, NULL);
}

/* Whether the IRI is one of those that kinds of access have. */
static bool
is_right(const struct edit *e, struct mo_str iri)
{
    const struct mo_table *t =
        mo_table(e->r->in.reader.options.vocab->tables, "access-rights");

    for (size_t i = 0; i < t->rows; ++i)
        if (mo_str_is(iri, mo_table_cell(t, i, mo_table_column(t, "right"))))
            return true;
    return false;
}

static bool
is_access(const struct edit *e, const struct mo_stmt *s)
{
    return is_source(e->field, s->p) && s->o->kind == MO_IRI &&
           (is_right(e, s->o->text) || mo_access_category(e->r->values, s->o->text).n);
}

static void
edit_access(const struct edit *e)
{
    struct gouv *r = e->r;
    struct mo_str type = mo_gouv_code(e->present), right;
    struct mo_str property = mo_lexicon_text(r->in.graph->lexicon, e->field->sources[0]);
    const struct rule rule = {.property = property};

    for (struct mo_stmt *s = e->k->node->first, *next; s; s = next) {
        next = s->next;
        if (is_access(e, s) || (e->field->kept && s->p->known == e->field->kept))
            mo_gouv_drop(s);
    }
    right = mo_gouv_cell(r, LIST_ACCESS_RIGHTS, type, "right");
    if (right.n)
        mo_gouv_say(r, e->k->node, &rule, mo_gouv_iri(r, right));
    if (type.n && !mo_str_is(type, "open"))
        mo_gouv_keep(r, e->k->node, mo_str(MO_DATAGOUV "access_type"), e->present);
}

/* ---- Lists: each item by itself ---- */

static bool
is_item_of(const struct edit *e, const struct mo_stmt *s)
{
    if (e->field->n_sources)
        return is_source(e->field, s->p);
    for (size_t i = 0; i < e->w->n_roles; ++i)
        if (s->p->known == e->w->roles[i].property)
            return !mo_is_owner(e->k->node, s->o);
    return false;
}

/* What the statement alone gives the field; yours. */
static struct mo_json *
items_of(const struct edit *e, struct mo_stmt *s)
{
    struct mo_term *node = e->k->node;
    struct mo_stmt *first = node->first, *last = node->last, *next = s->next;
    struct mo_json *items = NULL;
    struct mo_buf value;

    mo_buf_init(&value, MAX_MADE);
    node->first = node->last = s;
    s->next = NULL;
    if (e->field->make(e->w, node, e->field, &value) || value.failed)
        items = parse(e->r, &value);
    s->next = next;
    node->first = first;
    node->last = last;
    mo_buf_done(&value);
    return items;
}

/* An item of the list as it is now. */
struct item {
    const struct mo_json *value;
    uint32_t digest; /* of a text that is no date; else 0, and it is compared */
    bool covered;
};

static uint32_t
digest_of(const struct mo_json *value)
{
    struct mo_str text = mo_json_text(value);
    bool plain = mo_json_kind(value) == MO_JSON_STRING && !mo_str_blank(text) &&
                 !mo_is_digit(text.p[0]) && text.p[0] != '-';

    return plain ? mo_tell_digest(text) | 1 : 0;
}

/* Yours; `*n` of them. NULL, with the record given up, when memory is short. */
static struct item *
list_items(const struct edit *e, size_t *n)
{
    const struct mo_json *first = mo_json_first(e->present);
    struct item *items;

    *n = 0;
    for (const struct mo_json *p = first; p && *n < MAX_ITEMS; p = mo_json_next(p))
        ++*n;
    items = calloc(*n + 1, sizeof *items);
    if (!items)
        mo_input_trouble(&e->r->in);
    for (size_t i = 0; items && i < *n; ++i, first = mo_json_next(first))
        items[i] = (struct item){.value = first, .digest = digest_of(first)};
    return items;
}

/* Mark the items that are among `given`. False when one of those is gone. */
static bool
cover(struct item *items, size_t n, const struct mo_json *given)
{
    bool all = true;

    for (const struct mo_json *m = mo_json_first(given); m; m = mo_json_next(m)) {
        uint32_t digest = digest_of(m);
        bool found = false;

        for (size_t i = 0; i < n; ++i)
            if (digest == items[i].digest && same_value(m, items[i].value))
                items[i].covered = found = true;
        all = all && found;
    }
    return all;
}

/* The items that nothing gives, as an object with that field; yours. */
static struct mo_json *
uncovered(const struct edit *e, const struct item *items)
{
    struct mo_str path = e->field->path;
    struct mo_buf text;
    struct mo_json *json = NULL;
    size_t i = 0, n = 0;

    mo_buf_init(&text, MAX_MADE);
    mo_buf_byte(&text, '{');
    mo_json_string(&text, path);
    mo_buf_c(&text, ":[");
    for (const struct mo_json *p = mo_json_first(e->present); p; p = mo_json_next(p), ++i)
        if (i >= MAX_ITEMS || !items[i].covered) {
            mo_buf_c(&text, n++ ? "," : "");
            mo_json_put(&text, p);
        }
    mo_buf_c(&text, "]}");
    if (n || text.failed)
        json = parse(e->r, &text);
    mo_buf_done(&text);
    return json;
}

/* The class that values of the property have. */
static const char *
range_of(struct gouv *r, uint16_t property)
{
    const struct mo_vocab *v = r->in.reader.options.vocab;
    const struct mo_key *key = v->forward[property];

    return key && key->range ? mo_lexicon_text(v->lexicon, key->range).p
                             : MO_DCT "RightsStatement";
}

static void
edit_items(const struct edit *e)
{
    struct gouv *r = e->r;
    struct item *now;
    struct mo_json *rest;
    size_t n;

    if (!(now = list_items(e, &n)))
        return;
    for (struct mo_stmt *s = e->k->node->first, *next; s; s = next) {
        struct mo_json *items;

        next = s->next;
        if (!is_item_of(e, s) || !(items = items_of(e, s)))
            continue;
        if (!cover(now, n, items))
            mo_gouv_drop(s);
        mo_json_free(items);
    }
    rest = uncovered(e, now);
    if (rest && strchr(e->field->path.p, '.'))
        mo_gouv_labels(r, e->k->node,
            mo_lexicon_text(r->in.graph->lexicon, e->field->sources[0]),
            mo_json_first(rest), range_of(r, e->field->sources[0]));
    else if (rest)
        say_again(e, rest, true);
    mo_json_free(rest);
    free(now);
}

/* ---- All fields ---- */

/* The last is for those that are not named. */
static const struct manner manners[] = {
    {"access_reason", edit_any, OF_RESOURCES},
    {"access_type", edit_access, OF_RESOURCES | NEVER_EMPTY},
    {"constant", edit_any, NEVER_EMPTY},
    {"contacts", edit_items, 0},
    {"identity", edit_any, IDENTITY},
    {"iri", edit_any, SAYS_NOTHING},
    {"licence", edit_licence, OF_RESOURCES | LICENCE},
    {"list", edit_items, 0},
    {"markdown", edit_text, 0},
    {"page", edit_any, PAGE},
    {"past_date", edit_any, NEVER_EMPTY},
    {"rdf", edit_any, SAYS_NOTHING},
    {"resource_title", edit_text, 0},
    {"resource_type", edit_any, NEVER_EMPTY},
    {"resource_url", edit_url, NOT_OF_PARTS},
    {"resources", edit_any, SAYS_NOTHING},
    {"served", edit_any, SAYS_NOTHING},
    {"shared_list", edit_items, OF_RESOURCES},
    {"tags", edit_items, 0},
    {"text", edit_text, 0},
    {NULL, edit_any, 0},
};

void
mo_gouv_prepare_edits(struct gouv *r)
{
    const struct datagouv *w = (const struct datagouv *)r->again;

    for (size_t i = 0; i < w->n_fields; ++i) {
        const struct manner *manner = manners;

        while (manner->how && strcmp(manner->how, w->fields[i].how) != 0)
            ++manner;
        r->manners[i] = manner;
    }
}

/* The extras that are no other field's. */
static bool
extras_are_as_kept(struct edit *e, struct mo_buf *made)
{
    struct mo_json *extras = other_extras(e->r, e->k->object);
    struct mo_buf object;
    bool same;

    mo_make_value(e->w, e->k->node, e->field, made);
    mo_buf_init(&object, MAX_MADE);
    mo_buf_byte(&object, '{');
    mo_buf_str(&object, mo_buf_view(made));
    mo_buf_byte(&object, '}');
    same = agrees(e->r, &object, extras);
    mo_buf_done(&object);
    mo_json_free(extras);
    e->present = mo_json_member(e->k->object, "extras");
    return same;
}

/* Whether the field is what the record gives; else its present value is noted. */
static bool
is_as_kept(struct edit *e, struct mo_buf *made)
{
    const struct field *field = e->field;
    mo_buf_clear(made);
    e->w->part = e->k->part;
    if (mo_str_ends(field->path, mo_str(".*")))
        return extras_are_as_kept(e, made);
    if (!find_present(e->k, field, &e->present))
        return true;
    if (!mo_make_value(e->w, e->k->node, field, made) && !made->failed)
        mo_buf_clear(made);
    if (is(e->r, field, LICENCE) && is_no_licence(mo_buf_view(made)) &&
        (mo_gouv_says_nothing(e->present) ||
            mo_str_is(mo_gouv_code(e->present), "notspecified")))
        return true;
    return agrees(e->r, made, e->present) || is_excused(e->r, field, e->present);
}

/* All that was edited: compared before anything is changed, as fields share statements. */
struct edits {
    struct edit *list;
    size_t n, cap;
};

static void
note_edit(struct edits *edits, const struct edit *e)
{
    size_t cap = edits->cap ? 2 * edits->cap : 16;
    struct edit *grown;

    if (edits->n == edits->cap) {
        grown = realloc(edits->list, cap * sizeof *grown);
        if (!grown) {
            mo_input_trouble(&e->r->in);
            return;
        }
        edits->list = grown;
        edits->cap = cap;
    }
    edits->list[edits->n++] = *e;
}

static void
find_edits(struct gouv *r, const struct mo_record *record, const struct kept_node *k,
    struct edits *edits)
{
    struct datagouv *w = (struct datagouv *)r->again;
    struct edit e = {.r = r, .w = w, .record = record, .k = k};
    size_t n;

    e.field = mo_fields_of(w, k->kind, &n);
    for (; n > 0 && !r->in.rejected; --n, ++e.field)
        if (!k->given[e.field - w->fields] && !is_beyond(r, k, e.field) &&
            !is_as_kept(&e, &r->made))
            note_edit(edits, &e);
}

void
mo_gouv_edit(struct gouv *r, const struct mo_record *record)
{
    struct datagouv *w = (struct datagouv *)r->again;
    struct edits edits = {.n = 0};

    mo_put_prepare(w, record);
    for (size_t i = 0; i < r->n_kept && !r->in.rejected; ++i)
        find_edits(r, record, &r->kept[i], &edits);
    for (size_t i = 0; i < edits.n && !r->in.rejected; ++i) {
        const struct edit *e = &edits.list[i];

        w->part = e->k->part;
        mo_gouv_edited(
            r, e->k, e->field, e->present ? mo_json_text(e->present) : mo_str(""));
        r->manners[e->field - w->fields]->edit(e);
    }
    free(edits.list);
    w->part = false;
    mo_put_finish(record);
}
