#include "dcat/gathering.h"

#include <stdlib.h>

#include "dcat/pack.h"

/* The chunk at `at`, in a graph of its own, with its root. NULL in trouble. */
static struct mo_graph *
take_out(struct mo_gather *g, uint64_t at, struct mo_term **root, struct mo_place *place)
{
    struct mo_graph *graph;
    struct chunk chunk;

    if (mo_gather_read_chunk(g, at, &chunk, true) || !(graph = mo_gather_graph(g)))
        return NULL;
    *root = mo_unpack(graph, mo_buf_view(&g->bytes), place);
    for (struct mo_term *s = graph->subjects; s; s = s->next_subject)
        mo_graph_close(graph, s);
    if (*root)
        return graph;
    mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
    mo_gather_release(g, graph);
    return NULL;
}

/* Let a record go that waited for the end. */
static int
let_go(struct mo_gather *g, struct mo_graph *graph, struct mo_term *root,
    const struct mo_place *place)
{
    struct walk w = {.graph = graph, .root = root, .packed = true};
    struct mo_record record = {.place = *place};
    size_t from = g->n_nodes, n_body;

    if (mo_gather_split(g, graph, root, place) || mo_gather_walk(g, &w, &n_body) ||
        mo_gather_settle(g, graph, from, n_body, &record))
        return -1;
    if (w.too_deep || w.too_big)
        mo_gather_complain(g, w.too_big ? MO_DIAG_BODY_BIG : MO_DIAG_BODY_DEEP, &record);
    if (!root->anonymous &&
        mo_gather_mark_left(g, graph, &record, mo_gather_content(record.nodes, n_body)))
        return -1;
    return mo_gather_enqueue(g, graph, &record);
}

static int
finish_waiter(struct mo_gather *g, uint64_t at)
{
    struct mo_place place;
    struct mo_term *root;
    struct mo_graph *graph = take_out(g, at, &root, &place);
    int failed;

    if (!graph)
        return -1;
    failed = let_go(g, graph, root, &place);
    mo_gather_release(g, graph);
    return failed;
}

/*
 * A data service, or a node that a catalogue lists without a type: a record, unless it
 * has left, or is the access service of a distribution and listed nowhere.
 */
static int
finish_service(struct mo_gather *g, uint64_t at)
{
    struct mo_place place;
    struct mo_term *root;
    struct mo_graph *piece = take_out(g, at, &root, &place), *graph;
    struct mo_slot *slot;
    int failed = 0;

    if (!piece)
        return -1;
    slot = mo_index_find(&g->index, root->hash);
    if (!slot || (slot->flags & MO_SLOT_LEFT) ||
        ((slot->flags & MO_SLOT_ACCESS) && !(slot->flags & MO_SLOT_LISTED))) {
        mo_gather_release(g, piece);
        return 0;
    }
    graph = mo_gather_graph(g);
    if (graph)
        root = mo_graph_import(graph, root);
    mo_gather_release(g, piece);
    if (!graph)
        return -1;
    failed = root ? mo_gather_bring(g, graph, slot, BRING_ALL)
                  : mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
    if (!failed && root->first)
        failed = let_go(g, graph, root, &place);
    else if (!failed) /* it was only listed */
        slot->flags &= (uint16_t)~MO_SLOT_CLAIMED;
    mo_gather_release(g, graph);
    return failed;
}

static int
leave_piece(struct mo_gather *g, struct mo_graph *graph, struct mo_term *root,
    const struct mo_record *like)
{
    struct mo_record record = *like;
    struct walk w = {.graph = graph, .root = root, .alone = true, .packed = true};
    size_t from = g->n_nodes, n_body;

    return mo_gather_walk(g, &w, &n_body) ||
                   mo_gather_settle(g, graph, from, n_body, &record) ||
                   mo_gather_enqueue(g, graph, &record)
               ? -1
               : 0;
}

/* Something that leaves as it was put away; what is too much for one record, as loose nodes. */
static int
finish_piece(struct mo_gather *g, uint64_t at, enum mo_record_kind kind)
{
    struct mo_record record = {.kind = kind};
    struct mo_term *root;
    struct mo_graph *graph = take_out(g, at, &root, &record.place);
    bool more = true;
    int failed;

    if (!graph)
        return -1;
    failed = leave_piece(g, graph, root, &record);
    record.kind = MO_RECORD_LOOSE;
    while (more && !failed) {
        more = false;
        for (struct mo_term *s = graph->subjects; s && !failed; s = s->next_subject)
            if (s->first && s->mark == 0 && !s->anonymous) {
                failed = leave_piece(g, graph, s, &record);
                more = true;
            }
    }
    mo_gather_release(g, graph);
    return failed ? -1 : 0;
}

static int
by_offset(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static void
sort(struct offsets *list)
{
    if (list->n)
        qsort(list->at, list->n, sizeof *list->at, by_offset);
}

/* Nodes that a catalogue lists, and that have not left. */
static int
find_listed(struct mo_gather *g)
{
    for (size_t i = 0; g->index.slots && i <= g->index.mask; ++i) {
        const struct mo_slot *slot = &g->index.slots[i];
        unsigned flags = slot->flags;

        if (slot->hash && (flags & MO_SLOT_LISTED) && (flags & MO_SLOT_CHAIN) &&
            !(flags & MO_SLOT_LEFT) && mo_gather_note(g, &g->services, slot->at))
            return -1;
    }
    sort(&g->services);
    return 0;
}

/* The chunk at `at` and those before it, up to one that a record took. */
static int
leave_chain(struct mo_gather *g, uint64_t at)
{
    struct chunk chunk;

    do {
        if (mo_gather_read_chunk(g, at, &chunk, false) ||
            mo_gather_note(g, chunk.links ? &g->parts : &g->loose, at))
            return -1;
        at = chunk.prev;
    } while (chunk.has_prev && !chunk.prev_claimed);
    return 0;
}

/* Chunks that no record took: links whose object never came, and loose nodes. */
static int
find_untaken(struct mo_gather *g)
{
    for (size_t i = 0; g->index.slots && i <= g->index.mask; ++i) {
        const struct mo_slot *slot = &g->index.slots[i];

        if (slot->hash && (slot->flags & MO_SLOT_CHAIN) &&
            !(slot->flags & MO_SLOT_CLAIMED) && leave_chain(g, slot->at))
            return -1;
    }
    for (size_t i = 0; i < g->rest.n; ++i)
        if (leave_chain(g, g->rest.at[i]))
            return -1;
    sort(&g->parts);
    sort(&g->loose);
    return 0;
}

static int
next_phase(struct mo_gather *g)
{
    g->at = 0;
    ++g->phase;
    return g->phase == SERVICES ? find_listed(g)
           : g->phase == PARTS  ? find_untaken(g)
                                : 0;
}

int
mo_gather_step(struct mo_gather *g)
{
    const struct offsets *list = g->phase == WAITERS    ? &g->waiters
                                 : g->phase == SERVICES ? &g->services
                                 : g->phase == PARTS    ? &g->parts
                                                        : &g->loose;
    uint64_t at;

    if (g->at == list->n)
        return next_phase(g);
    at = list->at[g->at++];
    switch (g->phase) {
    case WAITERS: return finish_waiter(g, at);
    case SERVICES: return finish_service(g, at);
    case PARTS: return finish_piece(g, at, MO_RECORD_PART);
    default: return finish_piece(g, at, MO_RECORD_LOOSE);
    }
}
