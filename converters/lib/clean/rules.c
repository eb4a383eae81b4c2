#include <stdlib.h>

#include "clean/clean.h"

const struct mo_rule_function mo_rule_functions[] = {
#define STMT(name, values, kind, traits)                                                 \
    {#name, mo_rule_##name, NULL, values, kind, traits},
#define NODE(name, traits) {#name, NULL, mo_rule_##name, 0, -1, traits},
#include "clean/functions.def"
#undef STMT
#undef NODE
    {NULL, NULL, NULL, 0, -1, 0}};

static const struct mo_rule_function *
function_named(const char *name)
{
    const struct mo_rule_function *f = mo_rule_functions;

    while (f->name && (f->name[0] != name[0] || strcmp(f->name, name) != 0))
        ++f;
    return f->name ? f : NULL;
}

/* A class or property: 0 for "*"; false when it is nothing that can be known. */
static bool
number_of(const struct mo_cleaner *c, const char *name, uint16_t *number)
{
    return strcmp(name, "*") == 0 ||
           (mo_vocab_named(c->vocab, mo_str(name), number) && *number);
}

static bool
listed(struct mo_str codes, const char *code)
{
    while (codes.n) {
        size_t n = mo_str_find(codes, mo_str(","), 0);

        if (mo_str_eq_nocase(mo_str_trim(mo_str_n(codes.p, n)), mo_str(code)))
            return true;
        codes = mo_str_from(codes, n + 1);
    }
    return false;
}

static bool
wanted(const struct mo_cleaner *c, const char *code)
{
    return (!c->options.only.n || listed(c->options.only, code)) &&
           !listed(c->options.except, code);
}

/* The words of the argument as numbers, where they are properties or classes. */
static int
read_words(struct mo_cleaner *c, struct mo_rule *rule)
{
    struct mo_str rest = rule->argument;

    if (!memchr(rest.p, ':', rest.n))
        return 0;
    rule->words = mo_arena_zero(c->arena, (rest.n / 2 + 1) * sizeof *rule->words);
    while (rule->words && rest.n) {
        size_t n = mo_str_find(rest, mo_str(" "), 0);

        rule->n_words +=
            mo_vocab_named(c->vocab, mo_str_n(rest.p, n), &rule->words[rule->n_words]);
        rest = mo_str_from(rest, n + 1);
    }
    return rule->words ? 0 : -1;
}

/* Rows of one code mostly stand together. */
static bool
find_code(const struct mo_cleaner *c, const char *code, enum mo_diag_id *id)
{
    enum mo_diag_id last = c->n_rules ? c->rules[c->n_rules - 1].id : 0;

    if (strcmp(mo_diag_row(last)->code, code) != 0)
        return mo_diag_find(mo_str(code), id) != NULL;
    *id = last;
    return true;
}

/* The columns of rules.tsv. */
enum column { CODE, CLASS, PROPERTY, HOW, ARGUMENT, N_COLUMNS };

static const char *const column_names[] = {
    "code", "class", "property", "how", "argument"};

static int
read_rule(struct mo_cleaner *c, const char *const cells[N_COLUMNS])
{
    const char *code = cells[CODE], *how = cells[HOW], *argument = cells[ARGUMENT],
               *class = cells[CLASS], *property = cells[PROPERTY];
    struct mo_rule *rule = &c->rules[c->n_rules];
    const char *iri = mo_vocab_expand(c->vocab, c->arena, argument);

    rule->function = function_named(how);
    if (!rule->function || !find_code(c, code, &rule->id) ||
        !number_of(c, class, &rule->class) || !number_of(c, property, &rule->property)) {
        struct mo_diag diag = {
            .id = MO_DIAG_RULE, .detail = mo_str(how), .property = mo_str(property)};

        mo_report(c->options.sink, &diag);
        return -1;
    }
    rule->argument = rule->head = mo_str(argument);
    rule->head.n = mo_str_find(rule->argument, mo_str(" "), 0);
    rule->tail = mo_str_from(rule->argument, rule->head.n + 1);
    rule->iri = mo_str(iri);
    rule->number = iri ? mo_vocab_number(c->vocab, iri) : 0;
    rule->list = mo_concept_list(rule->argument);
    if (read_words(c, rule))
        return -1;
    c->n_rules += wanted(c, code);
    return 0;
}

static int
by_class(const void *a, const void *b)
{
    const struct mo_key *x = *(const struct mo_key *const *)a;
    const struct mo_key *y = *(const struct mo_key *const *)b;

    return x->on != y->on ? x->on - y->on : (x > y) - (x < y);
}

/* What DCAT-AP must have, of each class. */
static int
find_mandatory(struct mo_cleaner *c)
{
    const struct mo_vocab *v = c->vocab;
    size_t size = (size_t)mo_lexicon_size(v->lexicon) + 1;

    c->mandatory = mo_arena_zero(c->arena, v->n_keys * sizeof(struct mo_key *));
    c->seen = mo_arena_zero(c->arena, size * sizeof *c->seen);
    c->borrowed = mo_arena_zero(c->arena, size * sizeof *c->borrowed);
    for (size_t i = 0; c->mandatory && i < v->n_keys; ++i)
        if (v->keys[i].mandatory && v->keys[i].on && !v->keys[i].reverse)
            c->mandatory[c->n_mandatory++] = &v->keys[i];
    if (c->n_mandatory)
        qsort(c->mandatory, c->n_mandatory, sizeof *c->mandatory, by_class);
    return c->mandatory && c->seen && c->borrowed ? 0 : -1;
}

/* Whether the property has a key of this kind in some class. */
static bool
has_kind(const struct mo_vocab *v, uint16_t property, int kind)
{
    const struct mo_key *key = property ? v->forward[property] : NULL;

    while (key && (int)key->kind != kind)
        key = key->next;
    return kind < 0 || key;
}

/* How many of the rows behind go with it. */
static size_t
joined(const struct mo_cleaner *c, size_t i)
{
    const struct mo_rule *rule = &c->rules[i];
    size_t n = 1;

    if (!(rule->function->traits & MO_JOINED) || rule->class || rule->property)
        return 0;
    while (i + n < c->n_rules && rule[n].function == rule->function && !rule[n].class &&
           !rule[n].property)
        ++n;
    return n - 1;
}

/* Whether the rule may find something in such a statement with one of its properties. */
static bool
looks_at(const struct mo_rule *rule, uint16_t property, enum mo_kind_of_value value)
{
    static const unsigned bits[MO_CLEAN_VALUES] = {[MO_VALUE_IRI] = MO_OF_IRI,
        [MO_VALUE_DESCRIBED] = MO_OF_IRI,
        [MO_VALUE_BLANK] = MO_OF_BLANK,
        [MO_VALUE_PLAIN] = MO_OF_PLAIN,
        [MO_VALUE_TYPED] = MO_OF_TYPED};
    const struct mo_rule_function *f = rule->function;

    return (f->values & bits[value]) || (!property && (f->traits & MO_NAMES));
}

/* Whether it may find now what it did not find before. */
static bool
is_due(const struct mo_rule *rule, enum mo_kind_of_value value, enum mo_stage stage)
{
    bool says = rule->function->traits & MO_SAYS;

    switch (stage) {
    case MO_FIRST: return true;
    case MO_FIRST_FINE:
        return !mo_rule_is_by_value(rule, value, MO_BY_VALUE | MO_QUIET_BY_VALUE);
    case MO_AGAIN: return !says;
    case MO_SETTLED: return !says && !mo_rule_is_by_value(rule, value, MO_BY_VALUE);
    default:
        return !says &&
               !mo_rule_is_by_value(rule, value, MO_BY_VALUE | MO_QUIET_BY_VALUE);
    }
}

/* As an array of its own, ended by NULL. */
static const struct mo_rule *const *
listed_rules(struct mo_cleaner *c, size_t n)
{
    const struct mo_rule **list =
        mo_arena_alloc(c->arena, (n + 1) * sizeof(struct mo_rule *));

    if (!list)
        return NULL;
    if (n)
        memcpy(list, c->listed, n * sizeof(struct mo_rule *));
    list[n] = NULL;
    return list;
}

/* Those for the property, in the order of the table. */
static const struct mo_rule *const *
list_for_property(struct mo_cleaner *c, const struct mo_pass *pass, uint16_t property)
{
    size_t n = 0;

    for (size_t i = 0; i < pass->n; i += 1 + pass->rules[i].more) {
        const struct mo_rule *rule = &pass->rules[i];

        if ((!rule->property || rule->property == property) &&
            has_kind(c->vocab, property, rule->function->kind))
            c->listed[n++] = rule;
    }
    return listed_rules(c, n);
}

static const struct mo_rule *const *
list_for(struct mo_cleaner *c, const struct mo_rule_lists *lists, uint16_t property,
    enum mo_kind_of_value value, enum mo_stage stage)
{
    size_t n = 0;

    for (const struct mo_rule *const *at = lists->all; *at; ++at)
        if (looks_at(*at, property, value) && is_due(*at, value, stage))
            c->listed[n++] = *at;
    return listed_rules(c, n);
}

const struct mo_rule *const *
mo_rules_for(struct mo_cleaner *c, const struct mo_pass *pass, uint16_t property,
    enum mo_kind_of_value value, enum mo_stage stage)
{
    struct mo_rule_lists **at = &pass->by_property[property], *lists = *at;

    if (!lists) {
        lists = mo_arena_zero(c->arena, sizeof *lists);
        if (!lists || !(lists->all = list_for_property(c, pass, property)))
            return NULL;
        *at = lists;
    }
    if (!lists->at[stage][value])
        lists->at[stage][value] = list_for(c, lists, property, value, stage);
    return lists->at[stage][value];
}

static int
make_passes(struct mo_cleaner *c)
{
    size_t size = (size_t)mo_lexicon_size(c->vocab->lexicon) + 1;

    c->passes = mo_arena_zero(c->arena, (c->n_rules + 1) * sizeof *c->passes);
    if (!c->passes)
        return -1;
    for (size_t i = 0; i < c->n_rules; ++i) {
        bool nodes = c->rules[i].function->node != NULL;
        struct mo_pass *pass = &c->passes[c->n_passes - (c->n_passes > 0)];

        if (c->n_passes == 0 || pass->nodes != nodes) {
            pass = &c->passes[c->n_passes++];
            pass->nodes = nodes;
            pass->rules = &c->rules[i];
            pass->traits = c->rules[i].function->traits;
        }
        ++pass->n;
        pass->traits &= c->rules[i].function->traits;
        c->rules[i].more = joined(c, i);
    }
    c->any = mo_arena_zero(c->arena, size * sizeof *c->any);
    c->listed = mo_arena_alloc(c->arena, (c->n_rules + 1) * sizeof(struct mo_rule *));
    if (!c->any || !c->listed)
        return -1;
    for (size_t i = 0; i < c->n_passes; ++i) {
        struct mo_pass *pass = &c->passes[i];

        if (pass->nodes)
            continue;
        pass->by_property =
            mo_arena_zero(c->arena, size * sizeof(struct mo_rule_lists *));
        if (!pass->by_property)
            return -1;
    }
    return 0;
}

int
mo_rules_read(struct mo_cleaner *c)
{
    const struct mo_table *t = mo_table(c->vocab->tables, "rules");
    size_t columns[N_COLUMNS];

    for (size_t k = 0; k < N_COLUMNS; ++k)
        columns[k] = mo_table_column(t, column_names[k]);
    c->rules = mo_arena_zero(c->arena, (t->rows + 1) * sizeof *c->rules);
    for (size_t i = 0; c->rules && i < t->rows; ++i) {
        const char *cells[N_COLUMNS];

        for (size_t k = 0; k < N_COLUMNS; ++k)
            cells[k] = mo_table_cell(t, i, columns[k]);
        memset(&c->rules[c->n_rules], 0, sizeof c->rules[0]);
        if (read_rule(c, cells))
            return -1;
    }
    return c->rules && find_mandatory(c) == 0 ? make_passes(c) : -1;
}
