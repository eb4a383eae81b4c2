#include <stdlib.h>

#include "clean/clean.h"

const struct mo_rule_function mo_rule_functions[] = {
#define STMT(name, values, kind) {#name, mo_rule_##name, NULL, values, kind},
#define NODE(name) {#name, NULL, mo_rule_##name, 0, -1},
#include "clean/functions.def"
#undef STMT
#undef NODE
    {NULL, NULL, NULL, 0, -1}};

static const struct mo_rule_function *
function_named(const char *name)
{
    const struct mo_rule_function *f = mo_rule_functions;

    while (f->name && strcmp(f->name, name) != 0)
        ++f;
    return f->name ? f : NULL;
}

/* A class or property: 0 for "*"; false when it is nothing that can be known. */
static bool
number_of(const struct mo_cleaner *c, const char *name, uint16_t *number)
{
    const char *iri;

    if (strcmp(name, "*") == 0)
        return true;
    iri = mo_vocab_expand(c->vocab, c->arena, name);
    *number = iri ? mo_vocab_number(c->vocab, iri) : 0;
    return *number != 0;
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
    struct mo_str rest = rule->argument, word;

    rule->words = mo_arena_zero(c->arena, (rest.n / 2 + 1) * sizeof *rule->words);
    while (rule->words && rest.n) {
        size_t n = mo_str_find(rest, mo_str(" "), 0);
        const char *iri;

        if (mo_arena_copy(c->arena, mo_str_n(rest.p, n), &word))
            return -1;
        iri = mo_vocab_expand(c->vocab, c->arena, word.p);
        if (iri && n)
            rule->words[rule->n_words++] = mo_vocab_number(c->vocab, iri);
        rest = mo_str_from(rest, n + 1);
    }
    return rule->words ? 0 : -1;
}

static int
read_rule(struct mo_cleaner *c, const struct mo_table *t, size_t row)
{
    const char *code = mo_table_cell(t, row, mo_table_column(t, "code"));
    const char *how = mo_table_cell(t, row, mo_table_column(t, "how"));
    const char *argument = mo_table_cell(t, row, mo_table_column(t, "argument"));
    const char *class = mo_table_cell(t, row, mo_table_column(t, "class"));
    const char *property = mo_table_cell(t, row, mo_table_column(t, "property"));
    struct mo_rule *rule = &c->rules[c->n_rules];
    const char *iri = mo_vocab_expand(c->vocab, c->arena, argument);

    rule->function = function_named(how);
    if (!rule->function || !mo_diag_find(mo_str(code), &rule->id) ||
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
    for (size_t i = 0; c->mandatory && i < v->n_keys; ++i)
        if (v->keys[i].mandatory && v->keys[i].on && !v->keys[i].reverse)
            c->mandatory[c->n_mandatory++] = &v->keys[i];
    if (c->n_mandatory)
        qsort(c->mandatory, c->n_mandatory, sizeof *c->mandatory, by_class);
    return c->mandatory && c->seen ? 0 : -1;
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

/* The rules for the property and a kind of value, in the order of the table. */
static const struct mo_rule **
list_for(
    struct mo_cleaner *c, const struct mo_pass *pass, uint16_t property, unsigned values)
{
    size_t n = 0;
    const struct mo_rule **list =
        mo_arena_zero(c->arena, (pass->n + 1) * sizeof(struct mo_rule *));

    for (size_t i = 0; list && i < pass->n; ++i) {
        const struct mo_rule *rule = &pass->rules[i];

        if ((!rule->property || rule->property == property) &&
            (rule->function->values & values) &&
            has_kind(c->vocab, property, rule->function->kind))
            list[n++] = rule;
    }
    return list;
}

static int
index_property(struct mo_cleaner *c, struct mo_pass *pass, uint16_t property)
{
    static const unsigned values[] = {
        [MO_IRI] = MO_OF_IRI, [MO_BLANK] = MO_OF_BLANK, [MO_LITERAL] = MO_OF_TEXT};

    for (size_t kind = 0; kind < 3 && !pass->by_property[property][2]; ++kind) {
        pass->by_property[property][kind] = list_for(c, pass, property, values[kind]);
        if (!pass->by_property[property][kind])
            return -1;
    }
    return 0;
}

static int
index_pass(struct mo_cleaner *c, struct mo_pass *pass)
{
    size_t size = (size_t)mo_lexicon_size(c->vocab->lexicon) + 1;

    pass->by_property = mo_arena_zero(c->arena, size * sizeof *pass->by_property);
    if (!pass->by_property || index_property(c, pass, 0))
        return -1;
    for (size_t i = 1; i < size; ++i)
        if (c->vocab->forward[i] && index_property(c, pass, (uint16_t)i))
            return -1;
    for (size_t i = 0; i < pass->n; ++i)
        if (index_property(c, pass, pass->rules[i].property))
            return -1;
    return 0;
}

static int
make_passes(struct mo_cleaner *c)
{
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
        }
        ++pass->n;
    }
    for (size_t i = 0; i < c->n_passes; ++i)
        if (!c->passes[i].nodes && index_pass(c, &c->passes[i]))
            return -1;
    return 0;
}

int
mo_rules_read(struct mo_cleaner *c)
{
    const struct mo_table *t = mo_table(c->vocab->tables, "rules");

    c->rules = mo_arena_zero(c->arena, (t->rows + 1) * sizeof *c->rules);
    for (size_t i = 0; c->rules && i < t->rows; ++i) {
        memset(&c->rules[c->n_rules], 0, sizeof c->rules[0]);
        if (read_rule(c, t, i))
            return -1;
    }
    return c->rules && find_mandatory(c) == 0 ? make_passes(c) : -1;
}
