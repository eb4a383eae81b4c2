#include <stdio.h>

#include "datagouv/read.h"

/* ---- The tables ---- */

/* "harvest.uri id" as ways into an object; the text is cut up in place. */
static void
read_paths(char *text, struct paths *paths)
{
    while (*text && paths->n < MAX_PATHS) {
        size_t n = strcspn(text, " ");
        char *next = text[n] ? text + n + 1 : text + n, *step = text;
        size_t *steps = &paths->n_steps[paths->n];

        text[n] = '\0';
        while (*step && *steps < MAX_STEPS) {
            size_t end = strcspn(step, ".");
            bool more = step[end] != '\0';

            step[end] = '\0';
            paths->steps[paths->n][(*steps)++] =
                (struct step){mo_str_n(step, end), mo_json_tag(mo_str_n(step, end))};
            step += more ? end + 1 : end;
        }
        paths->bits |= mo_json_bit(paths->steps[paths->n][0].tag);
        ++paths->n;
        text = next;
    }
}

static int
copy_paths(struct gouv *r, const char *cell, struct paths *paths)
{
    struct mo_str copy;

    if (mo_arena_copy(r->arena, mo_str(cell), &copy))
        return -1;
    read_paths((char *)copy.p, paths);
    return 0;
}

static int
read_rule(struct gouv *r, const struct mo_table *t, size_t row)
{
    const struct mo_vocab *v = r->in.reader.options.vocab;
    struct rule *rule = &r->rules[r->n_rules];
    const char *argument = mo_table_cell(t, row, mo_table_column(t, "argument"));

    rule->object = mo_table_cell(t, row, mo_table_column(t, "object"))[0];
    rule->field = mo_table_cell(t, row, mo_table_column(t, "field"));
    rule->say = mo_rule_named(mo_table_cell(t, row, mo_table_column(t, "how")));
    rule->property = mo_str(mo_vocab_expand(
        v, r->arena, mo_table_cell(t, row, mo_table_column(t, "property"))));
    rule->argument = mo_str(argument);
    rule->argument_iri = mo_str(mo_vocab_expand(v, r->arena, argument));
    rule->known = rule->property.n ? mo_vocab_number(v, rule->property.p) : 0;
    if (!rule->say || !rule->property.n || ++r->n_rules == MAX_RULES) {
        struct mo_diag diag = {.id = MO_DIAG_FIELD, .detail = mo_str(rule->field)};

        mo_report(r->in.reader.options.sink, &diag);
        return -1;
    }
    return copy_paths(r, rule->field, &rule->paths) ||
                   copy_paths(r, argument, &rule->other)
               ? -1
               : 0;
}

/* ---- Lists ---- */

static int
prepare_lists(struct gouv *r)
{
    static const struct {
        const char *table, *column;
    } lists[N_LISTS] = {
        [LIST_ACCESS_CATEGORIES] = {"access-categories", "id"},
        [LIST_ACCESS_RIGHTS] = {"access-rights", "id"},
        [LIST_FILE_TYPES] = {"file-types", "form"},
        [LIST_FREQUENCIES] = {"frequencies", "id"},
        [LIST_LICENCES] = {"licences", "id"},
        [LIST_MEDIA_TYPES] = {"media-types", "form"},
        [LIST_THEMES] = {"themes", "tag"},
        [LIST_ZONES] = {"zones", "zone"},
    };
    const struct mo_tables *tables = r->in.reader.options.vocab->tables;

    for (size_t i = 0; i < N_LISTS; ++i)
        if (mo_lookup_init(&r->lists[i], mo_table(tables, lists[i].table),
                lists[i].column, r->arena))
            return -1;
    return 0;
}

struct mo_str
mo_gouv_cell(const struct gouv *r, enum list list, struct mo_str value, const char *want)
{
    return mo_gouv_cell_of(r, list, value, NULL, want, "");
}

struct mo_str
mo_gouv_cell_of(const struct gouv *r, enum list list, struct mo_str value,
    const char *kind, const char *want, const char *head)
{
    const struct mo_lookup *l = &r->lists[list];
    size_t wanted = mo_table_column(l->table, want);
    size_t kinds = kind ? mo_table_column(l->table, "kind") : 0, row = 0;

    while (mo_lookup_next(l, value, &row)) {
        struct mo_str cell = mo_str(mo_lookup_cell(l, row, wanted));

        if ((!kind || strcmp(kind, mo_lookup_cell(l, row, kinds)) == 0) &&
            mo_str_starts(cell, mo_str(head)))
            return cell;
    }
    return mo_str("");
}

/* ---- Rules ---- */

int
mo_gouv_prepare(struct gouv *r)
{
    const struct mo_vocab *v = r->in.reader.options.vocab;
    const struct mo_table *rules = mo_table(v->tables, "datagouv-dcat");
    const struct mo_table *roles = mo_table(v->tables, "contact-roles");

    for (size_t i = 0; i < rules->rows; ++i)
        if (read_rule(r, rules, i))
            return -1;
    for (size_t i = r->n_rules; i-- > 0;) {
        const struct rule **first = &r->first[(unsigned char)r->rules[i].object];

        r->rules[i].next = *first;
        *first = &r->rules[i];
    }
    for (size_t i = 0; i < roles->rows && r->n_roles < MAX_READ_ROLES; ++i) {
        struct read_role *role = &r->roles[r->n_roles++];

        role->name = mo_str(mo_table_cell(roles, i, mo_table_column(roles, "role")));
        role->property = mo_str(mo_vocab_expand(
            v, r->arena, mo_table_cell(roles, i, mo_table_column(roles, "property"))));
        role->vcard = strcmp(mo_table_cell(roles, i, mo_table_column(roles, "first")),
                          "vcard") == 0;
    }
    return prepare_lists(r);
}

void
mo_gouv_walk(
    struct gouv *r, char object, struct mo_term *node, const struct mo_json *json)
{
    const struct rule *rule = r->first[(unsigned char)object];

    for (; rule && !r->in.rejected; rule = rule->next)
        rule->say(r, node, json, rule);
}

/* ---- Values ---- */

bool
mo_gouv_says_nothing(const struct mo_json *value)
{
    return mo_json_says_nothing(value);
}

const struct mo_json *
mo_gouv_at(const struct mo_json *object, const struct step *steps, size_t n)
{
    for (size_t i = 0; i < n && object; ++i)
        object = mo_json_may_have(object, mo_json_bit(steps[i].tag))
                     ? mo_json_find_tagged(object, steps[i].key, steps[i].tag)
                     : NULL;
    return object;
}

const struct mo_json *
mo_gouv_value(const struct mo_json *object, const struct paths *paths)
{
    if (!mo_json_may_have(object, paths->bits))
        return NULL;
    for (size_t i = 0; i < paths->n; ++i) {
        const struct mo_json *value =
            mo_gouv_at(object, paths->steps[i], paths->n_steps[i]);

        if (!mo_gouv_says_nothing(value))
            return value;
    }
    return NULL;
}

struct mo_str
mo_gouv_code(const struct mo_json *value)
{
    if (value && mo_json_kind(value) == MO_JSON_OBJECT)
        value = mo_json_member(value, "id");
    return value ? mo_json_text(value) : mo_str("");
}

void
mo_gouv_tell_of(struct gouv *r, enum mo_diag_id id, struct mo_str detail,
    const struct mo_json *object, const struct rule *rule)
{
    const struct paths *p = &rule->paths;
    struct mo_str field = mo_str(rule->field);
    char name[128];

    for (size_t i = 0; i + 1 < p->n; ++i) {
        if (!mo_gouv_says_nothing(mo_gouv_at(object, p->steps[i], p->n_steps[i])))
            break;
        field = mo_str_from(field, mo_str_find(field, mo_str(" "), 0) + 1);
    }
    field.n = mo_str_find(field, mo_str(" "), 0);
    snprintf(name, sizeof name, MO_FMT, MO_ARG(field));
    mo_gouv_tell(r, id, detail, name);
}
