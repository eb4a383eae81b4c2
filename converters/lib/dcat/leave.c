#include "dcat/gathering.h"

int
mo_gather_enqueue(
    struct mo_gather *g, struct mo_graph *graph, const struct mo_record *record)
{
    struct item *item = mo_arena_zero(graph->arena, sizeof *item);

    if (!item)
        return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
    item->record = *record;
    item->graph = graph;
    ++graph->users;
    if (g->last)
        g->last->next = item;
    else
        g->queue = item;
    g->last = item;
    return 0;
}

/* Put the shared nodes of a record away, for records that only name them. */
static int
remember(struct mo_gather *g, struct mo_graph *graph, const struct mo_record *record)
{
    for (size_t i = 1; i < record->n_nodes; ++i) {
        struct mo_term *node = record->nodes[i];
        enum mo_role role;

        if (node->anonymous || node->brought || !node->first ||
            mo_gather_is_root(g, node))
            continue;
        role = mo_vocab_role(g->vocab, node);
        if ((role == MO_ROLE_SHARED || role == MO_ROLE_SERVICE ||
                node->kind == MO_BLANK) &&
            mo_gather_put_away(g, graph, node, &record->place, true))
            return -1;
    }
    return 0;
}

/* Take the statements over MAX_VALUES of a property out of the root's; they come back. */
static struct mo_stmt *
take_surplus(struct mo_graph *graph, struct mo_term *root)
{
    struct mo_stmt **keep = &root->first, *over = NULL, **over_end = &over;

    ++graph->packings;
    root->last = NULL;
    while (*keep) {
        struct mo_stmt *s = *keep;

        if (s->p->packed != graph->packings) {
            s->p->packed = graph->packings;
            s->p->number = 0;
        }
        if (++s->p->number <= MAX_VALUES) {
            root->last = s;
            keep = &s->next;
        } else {
            *keep = s->next;
            s->next = NULL;
            *over_end = s;
            over_end = &s->next;
        }
    }
    return over;
}

int
mo_gather_put_part(struct mo_gather *g, struct mo_graph *graph, struct mo_term *root,
    const struct mo_place *place)
{
    struct walk w = {.graph = graph, .root = root};
    struct mo_record part = {.kind = MO_RECORD_PART, .place = *place};
    size_t from = g->n_nodes, n_body;

    return mo_gather_walk(g, &w, &n_body) ||
                   mo_gather_settle(g, graph, from, n_body, &part) ||
                   remember(g, graph, &part) ||
                   mo_gather_put_record(g, graph, &part, &g->parts)
               ? -1
               : 0;
}

int
mo_gather_split(struct mo_gather *g, struct mo_graph *graph, struct mo_term *root,
    const struct mo_place *place)
{
    struct mo_stmt *first, *last, *links = root->first_link, *over;
    size_t n = 0;

    for (const struct mo_stmt *s = root->first; s && n <= MAX_VALUES; s = s->next)
        ++n;
    if (n <= MAX_VALUES || g->options->join == MO_JOIN_ALWAYS)
        return 0;
    over = take_surplus(graph, root);
    first = root->first;
    last = root->last;
    root->first_link = NULL;
    while (over) {
        struct mo_stmt *s = over;

        for (n = 1; n < MAX_VALUES && s->next; ++n)
            s = s->next;
        root->first = over;
        root->last = s;
        over = s->next;
        s->next = NULL;
        if (mo_gather_put_part(g, graph, root, place))
            return -1;
    }
    root->first = first;
    root->last = last;
    root->first_link = links;
    return 0;
}

/* Put all nodes of a record away by themselves, to be found by one that comes later. */
static int
scatter(struct mo_gather *g, struct mo_graph *graph, const struct mo_record *record)
{
    for (size_t i = 0; i < record->n_nodes; ++i)
        if (!record->nodes[i]->anonymous &&
            mo_gather_put_away(g, graph, record->nodes[i], &record->place, false))
            return -1;
    return 0;
}

/*
 * A record whose root has left already: nothing when it says the same, else a part;
 * one whose root waits goes with it. 1 when that settled it, 0, or -1.
 */
static int
meet_again(struct mo_gather *g, struct mo_graph *graph, struct mo_record *record,
    struct mo_slot *slot, uint64_t content)
{
    int same = slot->flags & MO_SLOT_CHAIN ? mo_gather_is_known(g, slot, content)
                                           : slot->at == (content & MO_SLOT_AT);

    if (slot->flags & MO_SLOT_WAITS)
        return scatter(g, graph, record) ? -1 : 1;
    if (!(slot->flags & MO_SLOT_LEFT))
        return 0;
    if (same < 0)
        return -1;
    if (same && record->kind != MO_RECORD_PART) {
        mo_gather_complain(g, MO_DIAG_REPEATED, record);
        if (!record->root->first_link)
            return 1;
        record->root->first = record->root->last = NULL;
        record->n_nodes = record->n_body = 1;
    }
    record->kind = MO_RECORD_PART;
    return mo_gather_put_record(g, graph, record, &g->parts) ? -1 : 1;
}

int
mo_gather_mark_left(struct mo_gather *g, struct mo_graph *graph,
    const struct mo_record *record, uint64_t content)
{
    struct mo_slot *slot;

    if (mo_vocab_role(g->vocab, record->root) == MO_ROLE_SERVICE) {
        /* Distributions may still name it as their access service. */
        if (mo_gather_put_away(g, graph, record->root, &record->place, true))
            return -1;
        slot = mo_index_find(&g->index, record->root->hash);
    } else {
        slot = mo_index_add(&g->index, record->root->hash);
        if (!slot)
            return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
        slot->flags &= (uint16_t) ~(MO_SLOT_CHAIN | MO_SLOT_CLAIMED);
        slot->at = content & MO_SLOT_AT;
    }
    slot->flags &= (uint16_t)~MO_SLOT_WAITS;
    slot->flags |= MO_SLOT_LEFT;
    return 0;
}

/* Whether anything but its types is said of it. */
static bool
says_something(const struct mo_term *node)
{
    for (const struct mo_stmt *s = node->first; s; s = s->next)
        if (s->p->known != MO_K_RDF_TYPE)
            return true;
    return false;
}

int
mo_gather_leave(struct mo_gather *g, struct mo_graph *graph, struct mo_term *root,
    const struct manner *how)
{
    struct walk w = {.graph = graph, .root = root, .alone = how->alone};
    struct mo_record record = {.place = *how->place};
    size_t from = g->n_nodes, n_body;
    struct mo_slot *slot = NULL;
    uint64_t content;
    bool waits;
    int met;

    if (mo_gather_split(g, graph, root, how->place) || mo_gather_walk(g, &w, &n_body) ||
        mo_gather_settle(g, graph, from, n_body, &record))
        return -1;
    if (w.too_deep || w.too_big)
        mo_gather_complain(g, w.too_big ? MO_DIAG_BODY_BIG : MO_DIAG_BODY_DEEP, &record);
    if (how->part)
        record.kind = MO_RECORD_PART;
    else if (!mo_gather_has_own_record(g, root))
        record.kind = MO_RECORD_LOOSE;
    if (how->alone)
        return mo_gather_enqueue(g, graph, &record);
    if (remember(g, graph, &record))
        return -1;
    content = mo_gather_content(record.nodes, record.n_body);
    if (!root->anonymous) {
        slot = mo_index_add(&g->index, root->hash);
        if (!slot)
            return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
        met = meet_again(g, graph, &record, slot, content);
        if (met)
            return met < 0 ? -1 : 0;
    }
    if (how->part) /* its record may still come, unless it has no name */
        return root->anonymous ? mo_gather_enqueue(g, graph, &record)
                               : scatter(g, graph, &record);
    waits = g->options->join == MO_JOIN_ALWAYS ||
            (g->options->join == MO_JOIN_AUTO && (w.waits || !says_something(root)));
    if (waits) {
        if ((slot = mo_index_find(&g->index, root->hash)))
            slot->flags |= MO_SLOT_WAITS;
        /* Distributions may name it as their access service. */
        if (g->options->join == MO_JOIN_ALWAYS && !root->anonymous &&
            mo_vocab_role(g->vocab, root) == MO_ROLE_SERVICE &&
            mo_gather_put_away(g, graph, root, how->place, true))
            return -1;
        return mo_gather_put_record(g, graph, &record, &g->waiters);
    }
    if (!root->anonymous && mo_gather_mark_left(g, graph, &record, content))
        return -1;
    return mo_gather_enqueue(g, graph, &record);
}
