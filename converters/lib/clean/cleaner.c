#include <stdlib.h>

#include "clean/clean.h"

enum {
    MAX_GRAPH = 1 << 30,
    MAX_SHOWN = 2000,
    MAX_ADDRESS = 1 << 20,
    MAX_GEOMETRY = 64 << 20,
    MAX_TEXT = 64 << 20,
    MAX_KEPT = 1 << 20, /* from record to record */
    MAX_ROUNDS = 4
};

/* ---- Nodes of the record ---- */

int
mo_clean_list(struct mo_cleaner *c, struct mo_term *node)
{
    if (c->n_nodes == c->cap_nodes) {
        size_t cap = c->cap_nodes ? 2 * c->cap_nodes : 64;
        struct mo_term **grown = realloc(c->nodes, cap * sizeof *grown);

        if (!grown)
            return -1;
        c->nodes = grown;
        c->cap_nodes = cap;
    }
    node->level = MO_CLEAN_LISTED;
    c->nodes[c->n_nodes++] = node;
    return 0;
}

/* A term of what was read, in our graph, with the text that it has there. */
static struct mo_term *
borrow(struct mo_cleaner *c, const struct mo_term *term)
{
    struct mo_borrowed *known = &c->borrowed[term->known];

    if (!term->known || known->record != c->records) {
        known->ours = mo_graph_borrow(c->graph, term);
        known->record = c->records;
        c->trouble = c->trouble || !known->ours;
    }
    return known->ours;
}

/* What is said of `from`, said of `node`, and the links to it. */
static void
copy_stmts(struct mo_cleaner *c, const struct mo_term *from, struct mo_term *node)
{
    for (const struct mo_stmt *s = from->first; s && !c->trouble; s = s->next) {
        struct mo_term *p = borrow(c, s->p), *o = borrow(c, s->o);

        c->trouble = c->trouble || mo_graph_add_new(c->graph, node, p, o);
        if (!c->trouble)
            mo_fine_look(c, node->last);
    }
    for (const struct mo_stmt *s = from->first_link; s && !c->trouble; s = s->next) {
        struct mo_term *subject = borrow(c, s->s), *p = borrow(c, s->p);

        c->trouble = c->trouble || mo_graph_link(c->graph, subject, p, node);
    }
}

static void
copy_record(struct mo_cleaner *c, const struct mo_record *from)
{
    mo_graph_reset(c->graph);
    ++c->records;
    c->from = from;
    c->n_nodes = c->n_blanks = 0;
    c->swept = c->changed = c->trouble = false;
    c->unsettled = 0;
    c->shapes = 0;
    c->classes.node = NULL;
    c->address.term = c->geometry.term = c->date.term = c->sound = NULL;
    if (c->geometry.text.cap > MAX_KEPT)
        mo_buf_done(&c->geometry.text);
    if (c->text.cap > MAX_KEPT)
        mo_buf_done(&c->text);
    c->nothing = mo_graph_blank(c->graph, mo_str("")); /* which no property is */
    c->trouble = !c->nothing;
    for (size_t i = 0; i < from->n_nodes && !c->trouble; ++i) {
        struct mo_term *node = borrow(c, from->nodes[i]);

        if (!node || mo_clean_list(c, node)) {
            c->trouble = true;
            return;
        }
        copy_stmts(c, from->nodes[i], node);
    }
    c->n_from = c->n_nodes;
    c->record = *from;
    c->record.root = borrow(c, from->root);
    c->record.graph = from->graph ? borrow(c, from->graph) : NULL;
}

/* ---- Applying rules ---- */

static bool
concerns(struct mo_cleaner *c, const struct mo_rule *rule, const struct mo_term *node)
{
    const struct mo_classes *classes = &c->classes;

    if (!rule->class)
        return true;
    if (classes->node != node)
        classes = mo_clean_classes(c, node);
    for (size_t i = 0; i < classes->n; ++i)
        if (classes->ids[i] == rule->class)
            return true;
    return false;
}

static enum mo_kind_of_value
value_of(const struct mo_term *o)
{
    switch (o->kind) {
    case MO_IRI: return o->first ? MO_VALUE_DESCRIBED : MO_VALUE_IRI;
    case MO_BLANK: return MO_VALUE_BLANK;
    default: return o->datatype ? MO_VALUE_TYPED : MO_VALUE_PLAIN;
    }
}

/*
 * Where nothing is said of a node any more, or it is there again, what leads to it and what is
 * said of it is as good as new.
 */
static enum mo_stage
stage_of(const struct mo_cleaner *c, const struct mo_stmt *stmt)
{
    uint8_t changed = stmt->round > c->unsettled ? stmt->round : c->unsettled;

    if (c->rounds == 1)
        return stmt->fine == MO_FINE_FOUND && !stmt->o->first ? MO_FIRST_FINE : MO_FIRST;
    if (c->rounds <= changed + 1u)
        return MO_AGAIN;
    return stmt->fine == MO_FINE_UNKNOWN ? MO_SETTLED : MO_SETTLED_FINE;
}

/* Made when they are first asked for. */
static const struct mo_rule *const *
make_rules_for(struct mo_cleaner *c, const struct mo_pass *pass,
    const struct mo_stmt *stmt, enum mo_stage stage)
{
    static const struct mo_rule *const none[] = {NULL};
    const struct mo_rule *const *list =
        mo_rules_for(c, pass, stmt->p->known, value_of(stmt->o), stage);

    c->trouble = c->trouble || !list;
    return list ? list : none;
}

static inline const struct mo_rule *const *
rules_for(struct mo_cleaner *c, const struct mo_pass *pass, const struct mo_stmt *stmt)
{
    const struct mo_rule_lists *lists = pass->by_property[stmt->p->known];
    enum mo_stage stage = stage_of(c, stmt);
    const struct mo_rule *const *list =
        lists ? lists->at[stage][value_of(stmt->o)] : NULL;

    return list ? list : make_rules_for(c, pass, stmt, stage);
}

/* Whether any pass has rules for it as it stands. */
static bool
is_due(struct mo_cleaner *c, const struct mo_stmt *stmt)
{
    enum mo_stage stage = stage_of(c, stmt);
    uint8_t *any = &c->any[stmt->p->known].at[stage][value_of(stmt->o)];

    for (size_t i = 0; i < c->n_passes && *any == MO_ANY_UNKNOWN; ++i)
        if (!c->passes[i].nodes && *make_rules_for(c, &c->passes[i], stmt, stage))
            *any = MO_ANY_SOME;
    if (*any == MO_ANY_UNKNOWN && !c->trouble)
        *any = MO_ANY_NONE;
    return *any != MO_ANY_NONE;
}

static void
find_due(struct mo_cleaner *c)
{
    c->described = false;
    for (size_t i = 0; i < c->n_nodes; ++i)
        for (struct mo_stmt *s = c->nodes[i]->first; s; s = s->next)
            s->due = is_due(c, s);
}

/*
 * The first rule that was asked about the statement as it is now in the round before, with all
 * behind it; or the end of the table.
 */
static const struct mo_rule *
asked_of(const struct mo_cleaner *c, const struct mo_stmt *stmt)
{
    bool before = c->rounds > 1 && stmt->round == c->rounds - 1 &&
                  c->unsettled < stmt->round && stmt->asked < c->n_rules;

    return c->rules + (before ? stmt->asked : c->n_rules);
}

/* The rule gave the statement another value; those behind it are asked about that now. */
static void
set_asked(const struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    size_t next = (size_t)(rule - c->rules);

    if (!(rule->function->traits & MO_ONCE))
        next += 1 + rule->more;
    stmt->asked = next < UINT16_MAX ? (uint16_t)next : UINT16_MAX;
}

/* A statement that gets another property or value goes on with the rules for that. */
static void
apply_to_stmt(struct mo_cleaner *c, const struct mo_pass *pass, struct mo_stmt *stmt,
    const struct mo_rule *const *next)
{
    const struct mo_rule *asked = asked_of(c, stmt);
    unsigned said = c->said;

    while (*next && !c->trouble) {
        const struct mo_rule *rule = *next++;
        const struct mo_term *property = stmt->p, *value = stmt->o;

        if ((rule >= asked && mo_rule_is_by_value(rule, value_of(value), MO_BY_VALUE)) ||
            !concerns(c, rule, stmt->s))
            continue;
        rule->function->stmt(c, rule, stmt);
        if (!mo_clean_is_there(c, stmt))
            return;
        if (stmt->p == property && stmt->o == value)
            continue;
        set_asked(c, rule, stmt);
        asked = c->rules + c->n_rules;
        next = rules_for(c, pass, stmt);
        while (*next && *next <= rule + rule->more)
            ++next;
    }
    if (c->said != said)
        stmt->fine = MO_FINE_UNKNOWN;
}

/* Statements that were dropped are taken out of the list. */
static void
sweep(struct mo_cleaner *c, struct mo_term *node)
{
    struct mo_stmt **at = &node->first;
    bool described = node->first != NULL;

    node->last = NULL;
    while (*at) {
        if (mo_clean_is_there(c, *at)) {
            node->last = *at;
            at = &(*at)->next;
        } else {
            *at = (*at)->next;
        }
    }
    if (described && !node->first)
        c->unsettled = c->rounds;
}

/*
 * Nodes to which nothing leads any more go: what was said of them was shown when the last
 * statement that led there was changed. The root, what stands beside it and what has
 * links are there by themselves.
 */
static void
find_nodes(struct mo_cleaner *c)
{
    struct mo_term **queue =
        mo_arena_alloc(c->graph->arena, (c->n_nodes + 1) * sizeof *queue);
    size_t n = 0;

    if (!queue) {
        c->trouble = true;
        return;
    }
    ++c->graph->marks;
    for (size_t i = 0; i < c->n_from; ++i)
        if (i == 0 || i >= c->from->n_body || c->nodes[i]->first_link) {
            c->nodes[i]->mark = c->graph->marks;
            queue[n++] = c->nodes[i];
        }
    for (size_t i = 0; i < n; ++i)
        for (struct mo_stmt *s = queue[i]->first; s; s = s->next)
            if (s->o->first && s->o->mark != c->graph->marks && n < c->n_nodes) {
                s->o->mark = c->graph->marks;
                queue[n++] = s->o;
            }
    for (size_t i = 0; i < c->n_nodes; ++i)
        if (c->nodes[i]->mark != c->graph->marks)
            c->nodes[i]->level = MO_CLEAN_GONE;
    c->changed = false;
}

static void
apply_to_stmts(struct mo_cleaner *c, const struct mo_pass *pass, struct mo_term *node)
{
    for (struct mo_stmt *s = node->first; s && !c->trouble; s = s->next) {
        const struct mo_rule *const *rules;

        if ((!s->due && !c->described) || !mo_clean_is_there(c, s))
            continue;
        rules = rules_for(c, pass, s);
        if (*rules)
            apply_to_stmt(c, pass, s, rules);
    }
}

/* `idle`: traits of rules that have nothing to do. */
static void
apply_to_node(
    struct mo_cleaner *c, const struct mo_pass *pass, struct mo_term *node, unsigned idle)
{
    for (size_t i = 0; i < pass->n && !c->trouble; ++i) {
        const struct mo_rule *rule = &pass->rules[i];

        if (!(rule->function->traits & idle) && concerns(c, rule, node))
            rule->function->node(c, rule, node);
    }
}

static void
apply(struct mo_cleaner *c, struct mo_pass *pass)
{
    unsigned idle = !mo_clean_again(c)          ? 0
                    : pass->shapes == c->shapes ? MO_SAYS | MO_BY_SHAPE
                                                : MO_SAYS;

    pass->shapes = c->shapes;
    if (pass->nodes && (pass->traits & idle))
        return;
    for (size_t i = 0; i < c->n_nodes && !c->trouble; ++i) {
        struct mo_term *node = c->nodes[i];

        if (node->level == MO_CLEAN_GONE)
            continue;
        if (pass->nodes)
            apply_to_node(c, pass, node, idle);
        else
            apply_to_stmts(c, pass, node);
    }
    for (size_t i = 0; c->swept && i < c->n_nodes; ++i)
        sweep(c, c->nodes[i]);
    c->swept = false;
    if (c->changed)
        find_nodes(c);
}

/*
 * Values of which all rules were asked, and nothing was said, are fine. Where nodes came back
 * or lost what was said of them, nobody knows what was asked.
 */
static void
keep_fine(const struct mo_cleaner *c)
{
    for (size_t i = 0; i < c->n_from && !c->unsettled; ++i) {
        const struct mo_term *node = c->nodes[i];

        if (node->level == MO_CLEAN_GONE)
            continue;
        for (const struct mo_stmt *s = node->first; s; s = s->next)
            if (s->fine == MO_FINE_IF_QUIET && !s->o->first && !s->o->first_link)
                mo_fine_keep(c, s);
    }
}

/* ---- The record that comes of it ---- */

/* Body, what is new, then what stands beside. */
static void
settle(struct mo_cleaner *c)
{
    struct mo_term **nodes =
        mo_arena_alloc(c->graph->arena, (c->n_nodes + 1) * sizeof *nodes);
    const struct {
        size_t from, to;
    } runs[] = {
        {0, c->from->n_body}, {c->n_from, c->n_nodes}, {c->from->n_body, c->n_from}};
    size_t n = 0;

    if (!nodes || c->trouble) {
        c->trouble = true;
        return;
    }
    for (size_t run = 0; run < 3; ++run) {
        for (size_t i = runs[run].from; i < runs[run].to; ++i) {
            struct mo_term *node = c->nodes[i];
            bool there = node->level != MO_CLEAN_GONE;

            if (i == 0 || (there && (node->first || node->first_link)))
                nodes[n++] = node;
        }
        if (run == 1)
            c->record.n_body = n;
    }
    c->record.nodes = nodes;
    c->record.n_nodes = n;
}

const struct mo_record *
mo_cleaner_put(struct mo_cleaner *c, const struct mo_record *record)
{
    copy_record(c, record);
    c->dirty = true;
    /* What one rule made may be for another that stands before it. */
    for (c->rounds = 1; c->rounds <= MAX_ROUNDS && c->dirty && !c->trouble; ++c->rounds) {
        c->dirty = false;
        find_due(c);
        for (size_t i = 0; i < c->n_passes && !c->trouble; ++i)
            apply(c, &c->passes[i]);
        if (c->rounds == 1 && !c->trouble)
            keep_fine(c);
    }
    if (!c->trouble)
        settle(c);
    return c->trouble ? NULL : &c->record;
}

/* ---- Making one ---- */

struct mo_cleaner *
mo_cleaner_new(const struct mo_clean_options *options)
{
    struct mo_cleaner *c = calloc(1, sizeof *c);

    if (!c)
        return NULL;
    c->options = *options;
    c->vocab = options->vocab;
    mo_buf_init(&c->detail, 1 << 20);
    mo_buf_init(&c->shown, MAX_SHOWN);
    mo_buf_init(&c->name, 1 << 20);
    mo_buf_init(&c->text, MAX_TEXT);
    mo_buf_init(&c->address.text, MAX_ADDRESS);
    mo_buf_init(&c->geometry.text, MAX_GEOMETRY);
    c->arena = mo_arena_new(64u << 20);
    c->values = mo_values_new(c->vocab);
    if (c->arena) {
        c->meanings = mo_arena_zero(c->arena, MO_CLEAN_MEANINGS * sizeof *c->meanings);
        c->fine = mo_arena_zero(c->arena, MO_CLEAN_FINE * sizeof *c->fine);
    }
    c->concepts = c->values ? mo_concepts_new(c->values) : NULL;
    c->graph = mo_graph_new(c->vocab->lexicon, MAX_GRAPH);
    if (!c->meanings || !c->fine || !c->concepts || !c->graph || mo_rules_read(c)) {
        mo_cleaner_free(c);
        return NULL;
    }
    return c;
}

int
mo_cleaner_prepare(struct mo_cleaner *c)
{
    mo_values_read(c->values);
    mo_concepts_read(c->concepts);
    return mo_concepts_failed(c->concepts) ? -1 : 0;
}

int
mo_cleaner_options(struct mo_cleaner *c, const struct mo_clean_options *options)
{
    if (c->records || options->vocab != c->vocab ||
        !mo_str_eq(options->only, c->options.only) ||
        !mo_str_eq(options->except, c->options.except))
        return -1;
    c->options = *options;
    return 0;
}

void
mo_cleaner_free(struct mo_cleaner *c)
{
    if (!c)
        return;
    mo_graph_free(c->graph);
    mo_concepts_free(c->concepts);
    mo_values_free(c->values);
    mo_arena_free(c->arena);
    mo_buf_done(&c->detail);
    mo_buf_done(&c->shown);
    mo_buf_done(&c->name);
    mo_buf_done(&c->text);
    mo_buf_done(&c->address.text);
    mo_buf_done(&c->geometry.text);
    free(c->nodes);
    free(c);
}

void
mo_cleaner_file(struct mo_cleaner *c, struct mo_str file)
{
    c->options.file = file;
}
