#include "dcat/gathering.h"

#include <stdlib.h>

#include "dcat/pack.h"

/* Values of mo_term.level for nodes that no walk has met. */
enum { TAKEN = UINT32_MAX, NAMED = UINT32_MAX - 1 };

/* Whether this statement is a link, which travels with its object. */
static bool
is_link(const struct mo_gather *g, const struct mo_stmt *s)
{
    const struct mo_slot *slot;

    if (!mo_is_node(s->o) || !mo_vocab_link(g->vocab, s->p))
        return false;
    if (s->p->known != MO_K_DCT_HAS_PART)
        return true;
    if (g->options->join == MO_JOIN_ALWAYS)
        return false; /* whatever the order in which nodes come */
    slot = mo_index_find(&g->index, s->o->hash); /* a part may be anything */
    return (s->o->first && mo_gather_is_root(g, s->o)) ||
           (slot && (slot->flags & (MO_SLOT_LEFT | MO_SLOT_WAITS)));
}

/* Take the links out of the statements of their subjects; push their objects. */
static int
take_links(struct mo_gather *g, struct mo_graph *graph)
{
    for (struct mo_term *s = graph->subjects; s; s = s->next_subject) {
        struct mo_stmt **at = &s->first;

        s->last = NULL;
        while (*at) {
            struct mo_stmt *stmt = *at;

            if (!is_link(g, stmt)) {
                s->last = stmt;
                at = &stmt->next;
                continue;
            }
            *at = stmt->next;
            if ((!stmt->o->first_link && mo_gather_push(g, stmt->o)) ||
                mo_graph_link(graph, stmt->s, stmt->p, stmt->o))
                return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
            /* A catalogue record stands inside its topic; others are named there. */
            if (stmt->p->known == MO_K_FOAF_PRIMARY_TOPIC &&
                mo_vocab_role(g->vocab, s) == MO_ROLE_RECORD &&
                mo_gather_is_root(g, stmt->o))
                s->topical = true;
            else
                s->anonymous = false;
        }
    }
    return 0;
}

/* Give an anonymous node its label, and those under it. */
static int
name_below(struct mo_gather *g, struct mo_term *node)
{
    size_t from = g->n_nodes;

    node->anonymous = false;
    if (mo_gather_push(g, node))
        return -1;
    while (g->n_nodes > from) {
        node = g->nodes[--g->n_nodes];
        for (const struct mo_stmt *s = node->first; s; s = s->next)
            if (s->o->anonymous) {
                s->o->anonymous = false;
                if (mo_gather_push(g, s->o))
                    return -1;
            }
    }
    return 0;
}

/* Whether the node, described in this unit, may stand in several records. */
static bool
may_be_shared(const struct mo_gather *g, const struct mo_term *node)
{
    return !node->anonymous && mo_vocab_role(g->vocab, node) != MO_ROLE_ROOT;
}

/* Whether something else than this statement names its object too. */
static bool
is_named_twice(const struct mo_gather *g, const struct mo_stmt *s)
{
    return s->o->topical ||
           (s->o->first && (mo_gather_stands_alone(g, s) || mo_gather_is_root(g, s->o)));
}

/* Labels for the anonymous nodes that more than one record will name or hold. */
static int
name_shared(struct mo_gather *g, const struct mo_graph *graph, bool alone)
{
    for (struct mo_term *node = graph->subjects; node; node = node->next_subject)
        for (const struct mo_stmt *s = node->first; s; s = s->next) {
            if (!s->o->anonymous)
                continue;
            if (!alone && may_be_shared(g, node)) {
                if (name_below(g, s->o))
                    return -1;
            } else if (is_named_twice(g, s)) {
                s->o->anonymous = false;
            }
        }
    return 0;
}

/* Pack one link, with its catalogue record if it is one's, into g->bytes. */
static int
pack_link(struct mo_gather *g, struct mo_graph *graph, struct mo_term *target,
    struct mo_stmt *link, const struct mo_place *place)
{
    struct mo_stmt *first = target->first_link, *next = link->next;
    size_t from = g->n_nodes;

    mo_gather_begin_chunk(g);
    if (link->p->known != MO_K_FOAF_PRIMARY_TOPIC ||
        mo_vocab_role(g->vocab, link->s) != MO_ROLE_RECORD)
        return mo_pack_link(graph, link, &g->bytes);
    if (mo_gather_push(g, target) || mo_gather_closure(g, graph, link->s))
        return -1;
    target->first_link = link;
    link->next = NULL;
    mo_pack(graph, g->nodes + from, g->n_nodes - from, place, &g->bytes);
    target->first_link = first;
    link->next = next;
    for (size_t i = from + 1; i < g->n_nodes; ++i)
        g->nodes[i]->level = TAKEN;
    g->n_nodes = from;
    return 0;
}

/* The links of a node that is not described in this unit wait for it, or follow it. */
static int
send_links(struct mo_gather *g, struct mo_graph *graph, struct mo_term *target,
    const struct mo_place *place)
{
    for (struct mo_stmt *link = target->first_link; link; link = link->next) {
        struct mo_slot *slot = mo_index_add(&g->index, target->hash);
        struct chunk chunk = {.links = 1};
        uint64_t at;

        if (!slot)
            return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
        if (mo_vocab_lists(g->vocab, link))
            slot->flags |= MO_SLOT_LISTED;
        if (pack_link(g, graph, target, link, place))
            return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
        if (slot->flags & MO_SLOT_LEFT
                ? mo_gather_write_chunk(g, &chunk, &at) ||
                      mo_gather_note(g, &g->parts, at)
                : mo_gather_chain_up(g, target->hash, &chunk, false))
            return -1;
    }
    return 0;
}

static int
copy_statements(struct mo_gather *g, const struct mo_stmt *s, struct mo_graph *to,
    int (*add)(
        struct mo_graph *graph, struct mo_term *s, struct mo_term *p, struct mo_term *o))
{
    for (; s; s = s->next) {
        struct mo_term *subject = mo_graph_import(to, s->s);
        struct mo_term *predicate = mo_graph_import(to, s->p);
        struct mo_term *object = mo_graph_import(to, s->o);

        if (!subject || !predicate || !object || add(to, subject, predicate, object))
            return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
    }
    return 0;
}

/* Move what the unit says of the open node there, with anonymous nodes that go with it. */
static int
move_to_open(struct mo_gather *g, struct mo_graph *graph, struct mo_term *node,
    struct open_node *open)
{
    size_t from = g->n_nodes;

    if (mo_gather_closure(g, graph, node))
        return -1;
    for (size_t i = from; i < g->n_nodes; ++i) {
        g->nodes[i]->level = TAKEN;
        if (copy_statements(g, g->nodes[i]->first, open->graph, mo_graph_add) ||
            copy_statements(g, g->nodes[i]->first_link, open->graph, mo_graph_link))
            return -1;
    }
    g->n_nodes = from;
    return 0;
}

static struct open_node *
find_open(struct mo_gather *g, const struct mo_term *node)
{
    for (size_t i = g->n_open; i > 0; --i) {
        struct open_node *open = &g->open[i - 1];

        if (open->node->kind == node->kind && mo_str_eq(open->node->text, node->text))
            return open;
    }
    return NULL;
}

/*
 * A described node that no root of the unit took: more about an open node or one that
 * has left, a service that may turn out to be a record, or a node for others to find.
 */
static int
keep(struct mo_gather *g, struct mo_graph *graph, struct mo_term *node,
    const struct manner *how)
{
    struct manner as_part = {.place = how->place, .part = true};
    struct manner by_itself = {.place = how->place, .alone = true};
    struct open_node *open = find_open(g, node);
    const struct mo_slot *slot = mo_index_find(&g->index, node->hash);

    if (open && open->graph->n_stmts < MAX_STMTS)
        return move_to_open(g, graph, node, open);
    if (how->alone)
        return mo_gather_leave(g, graph, node, &by_itself);
    if (open)
        return mo_gather_put_part(g, graph, node, how->place);
    if (slot && (slot->flags & (MO_SLOT_LEFT | MO_SLOT_WAITS)))
        return mo_gather_leave(g, graph, node, &as_part);
    if (mo_gather_put_away(g, graph, node, how->place, false))
        return -1;
    if (mo_vocab_role(g->vocab, node) != MO_ROLE_SERVICE)
        return 0;
    slot = mo_index_find(&g->index, node->hash);
    return mo_gather_note(g, &g->services, slot->at);
}

static bool
is_untaken(const struct mo_term *node)
{
    return node->first && node->mark == 0 && node->level != TAKEN;
}

/* What is said of nodes that are still open. */
static int
keep_open(struct mo_gather *g, struct mo_graph *graph, const struct manner *how)
{
    for (size_t i = g->n_open; i > 0; --i) {
        const struct mo_term *open = g->open[i - 1].node;
        struct mo_term *node = mo_graph_find(graph, open->kind, open->text);

        if (node && is_untaken(node) && keep(g, graph, node, how))
            return -1;
    }
    return 0;
}

/* The nodes that nothing took; anonymous ones go with those that name them. */
static int
keep_rest(struct mo_gather *g, struct mo_graph *graph, const struct manner *how)
{
    for (struct mo_term *s = graph->subjects; s; s = s->next_subject)
        for (const struct mo_stmt *stmt = s->first; is_untaken(s) && stmt;
             stmt = stmt->next)
            if (stmt->o->anonymous && stmt->o->mark == 0 && stmt->o->level != TAKEN)
                stmt->o->level = NAMED;
    for (struct mo_term *s = graph->subjects; s; s = s->next_subject)
        if (is_untaken(s) && s->level != NAMED && keep(g, graph, s, how))
            return -1;
    for (struct mo_term *s = graph->subjects; s; s = s->next_subject)
        if (is_untaken(s)) { /* anonymous nodes that name each other in a ring */
            s->anonymous = false;
            if (keep(g, graph, s, how))
                return -1;
        }
    return 0;
}

static int
by_closing(const void *a, const void *b)
{
    const struct mo_term *x = *(struct mo_term *const *)a;
    const struct mo_term *y = *(struct mo_term *const *)b;

    return (x->closed > y->closed) - (x->closed < y->closed);
}

/* The roots that the unit describes, in the order in which their descriptions ended. */
static int
leave_roots(struct mo_gather *g, struct mo_graph *graph, struct mo_term *root,
    const struct manner *how)
{
    struct manner as_record = *how;
    size_t from = g->n_nodes, n;
    struct mo_term **roots;

    as_record.part = false;
    for (struct mo_term *s = graph->subjects; s; s = s->next_subject)
        if (s != root && s->first && mo_gather_is_root(g, s) && !find_open(g, s) &&
            mo_gather_push(g, s))
            return -1;
    if (root && mo_gather_push(g, root))
        return -1;
    n = g->n_nodes - from;
    if (n == 0)
        return 0;
    qsort(g->nodes + from, n, sizeof(struct mo_term *), by_closing);
    roots = mo_arena_alloc(graph->arena, n * sizeof(struct mo_term *));
    if (!roots)
        return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
    memcpy(roots, g->nodes + from, n * sizeof(struct mo_term *));
    g->n_nodes = from;
    for (size_t i = 0; i < n; ++i)
        if (mo_gather_leave(g, graph, roots[i], roots[i] == root ? how : &as_record))
            return -1;
    return 0;
}

/* In the mode without records: everything, in the order in which it came. */
static int
pass_graph(struct mo_gather *g, struct mo_graph *graph, struct mo_term *name,
    const struct mo_place *place)
{
    struct mo_record record = {.kind = MO_RECORD_GRAPH, .place = *place, .graph = name};
    size_t from = g->n_nodes;

    for (struct mo_term *s = graph->subjects; s; s = s->next_subject)
        if (mo_gather_push(g, s))
            return -1;
    if (g->n_nodes == from)
        return 0;
    return mo_gather_settle(g, graph, from, g->n_nodes - from, &record) ||
                   mo_gather_enqueue(g, graph, &record)
               ? -1
               : 0;
}

int
mo_gather_unit(struct mo_gather *g, struct mo_graph *graph, struct mo_term *root,
    const struct mo_place *place, unsigned flags)
{
    struct manner how = {.place = place,
        .alone = (flags & MO_UNIT_ALONE) && g->options->join != MO_JOIN_ALWAYS,
        .part = (flags & MO_UNIT_PART) != 0};
    size_t from = g->n_nodes, n_links;
    int failed = g->trouble;

    if (!how.alone && !how.part)
        root = NULL; /* its types say what it is */
    if (g->options->graph) {
        failed = failed || pass_graph(g, graph, NULL, place);
    } else if (!failed) {
        failed = take_links(g, graph);
        n_links = g->n_nodes - from;
        failed = failed || name_shared(g, graph, how.alone);
        for (size_t i = 0; !failed && i < n_links; ++i) {
            struct mo_term *target = g->nodes[from + i];

            if (!target->first && target != root)
                failed = send_links(g, graph, target, place);
        }
        g->n_nodes = from;
        failed = failed || keep_open(g, graph, &how) ||
                 leave_roots(g, graph, root, &how) || keep_rest(g, graph, &how);
    }
    g->n_nodes = from;
    mo_gather_release(g, graph);
    return failed ? -1 : 0;
}

int
mo_gather_named(struct mo_gather *g, struct mo_graph *graph, struct mo_term *name,
    const struct mo_place *place)
{
    size_t from = g->n_nodes;
    int failed = g->trouble || pass_graph(g, graph, name, place);

    g->n_nodes = from;
    mo_gather_release(g, graph);
    return failed ? -1 : 0;
}
