#include "dcat/gathering.h"

#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"
#include "dcat/pack.h"

uint64_t
mo_gather_content(struct mo_term *const *nodes, size_t n)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < n; ++i)
        for (const struct mo_stmt *s = nodes[i]->first; s; s = s->next)
            sum += mo_mix((s->s->anonymous ? 1 : s->s->hash) ^ mo_mix(s->p->hash + 3) ^
                          mo_mix((s->o->anonymous ? 1 : s->o->hash) + 7));
    return mo_mix(sum);
}

int
mo_gather_read_chunk(
    struct mo_gather *g, uint64_t at, struct chunk *chunk, bool with_bytes)
{
    if (mo_spill_read(g->spill, at, chunk, sizeof *chunk))
        return mo_gather_trouble(g, MO_DIAG_SPILL);
    if (!with_bytes)
        return 0;
    mo_buf_clear(&g->bytes);
    if (mo_buf_reserve(&g->bytes, chunk->size) ||
        mo_spill_read(g->spill, at + sizeof *chunk, g->bytes.p, chunk->size))
        return mo_gather_trouble(g, MO_DIAG_SPILL);
    g->bytes.n = chunk->size;
    return 0;
}

void
mo_gather_begin_chunk(struct mo_gather *g)
{
    static const char room[sizeof(struct chunk)];

    mo_buf_clear(&g->bytes);
    mo_buf_add(&g->bytes, room, sizeof room);
}

int
mo_gather_write_chunk(struct mo_gather *g, struct chunk *chunk, uint64_t *at)
{
    if (g->bytes.failed)
        return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
    chunk->size = (uint32_t)(g->bytes.n - sizeof *chunk);
    memcpy(g->bytes.p, chunk, sizeof *chunk);
    if (mo_spill_write(g->spill, mo_buf_view(&g->bytes), at))
        return mo_gather_trouble(g, MO_DIAG_SPILL);
    return 0;
}

int
mo_gather_chain_up(struct mo_gather *g, uint64_t hash, struct chunk *chunk, bool claimed)
{
    struct mo_slot *slot = mo_index_add(&g->index, hash);
    uint64_t at;

    if (!slot)
        return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
    if (slot->flags & MO_SLOT_CHAIN) {
        chunk->has_prev = 1;
        chunk->prev = slot->at;
        chunk->prev_claimed = (slot->flags & MO_SLOT_CLAIMED) != 0;
    }
    if (mo_gather_write_chunk(g, chunk, &at))
        return -1;
    slot->at = at & MO_SLOT_AT;
    slot->flags |= MO_SLOT_CHAIN;
    if (claimed && (!chunk->has_prev || chunk->prev_claimed))
        slot->flags |= MO_SLOT_CLAIMED;
    else
        slot->flags &= (uint16_t)~MO_SLOT_CLAIMED;
    return 0;
}

int
mo_gather_is_known(struct mo_gather *g, const struct mo_slot *slot, uint64_t content)
{
    uint64_t at = slot->at;

    if (!(slot->flags & MO_SLOT_CHAIN))
        return 0;
    for (int i = 0; i < MAX_COMPARED; ++i) {
        struct chunk chunk;

        if (mo_gather_read_chunk(g, at, &chunk, false))
            return -1;
        if (chunk.content == content)
            return 1;
        if (!chunk.has_prev)
            break;
        at = chunk.prev;
    }
    return 0;
}

static int
enclose(struct mo_gather *g, struct mo_term *node, uint32_t mark)
{
    if (!node->anonymous || node->mark == mark)
        return 0;
    node->mark = mark;
    return node->first || node->first_link ? mo_gather_push(g, node) : 0;
}

int
mo_gather_closure(struct mo_gather *g, struct mo_graph *graph, struct mo_term *node)
{
    uint32_t mark = ++graph->marks;
    size_t from = g->n_nodes;

    node->mark = mark;
    if (mo_gather_push(g, node))
        return -1;
    for (size_t i = from; i < g->n_nodes; ++i) {
        for (const struct mo_stmt *s = g->nodes[i]->first; s; s = s->next)
            if (enclose(g, s->o, mark))
                return -1;
        for (const struct mo_stmt *s = g->nodes[i]->first_link; s; s = s->next)
            if (s->s->topical && enclose(g, s->s, mark))
                return -1;
    }
    return 0;
}

int
mo_gather_put_away(struct mo_gather *g, struct mo_graph *graph, struct mo_term *node,
    const struct mo_place *place, bool claimed)
{
    size_t from = g->n_nodes;
    struct chunk chunk = {0};
    const struct mo_slot *slot;
    int known = 0, failed = 0;

    if (mo_gather_closure(g, graph, node))
        return -1;
    chunk.content = mo_gather_content(g->nodes + from, g->n_nodes - from);
    chunk.links = node->first == NULL;
    slot = mo_index_find(&g->index, node->hash);
    if (slot && claimed)
        known = mo_gather_is_known(g, slot, chunk.content);
    if (known == 0) {
        mo_gather_begin_chunk(g);
        mo_pack(graph, g->nodes + from, g->n_nodes - from, place, &g->bytes);
        failed = mo_gather_chain_up(g, node->hash, &chunk, claimed);
    }
    g->n_nodes = from;
    return failed || known < 0 ? -1 : 0;
}

int
mo_gather_bring(
    struct mo_gather *g, struct mo_graph *graph, struct mo_slot *slot, unsigned how)
{
    bool fresh = (how & BRING_FRESH) != 0, claimed = (slot->flags & MO_SLOT_CLAIMED) != 0;
    uint64_t at = slot->at;
    struct mo_term *node = NULL;
    struct chunk chunk;

    if (!(slot->flags & MO_SLOT_CHAIN) || (fresh && claimed))
        return 0;
    for (g->chain.n = 0;; at = chunk.prev) {
        if (g->chain.n == MAX_CHAIN && !(how & BRING_ALL)) {
            if (!claimed && mo_gather_note(g, &g->rest, at))
                return -1;
            break;
        }
        if (mo_gather_note(g, &g->chain, at) ||
            mo_gather_read_chunk(g, at, &chunk, false))
            return -1;
        claimed = claimed || chunk.prev_claimed;
        if (!chunk.has_prev || (fresh && chunk.prev_claimed))
            break;
    }
    while (g->chain.n > 0) {
        if (mo_gather_read_chunk(g, g->chain.at[--g->chain.n], &chunk, true))
            return -1;
        if (!(node = mo_unpack(graph, mo_buf_view(&g->bytes), NULL)))
            return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
    }
    if (mo_graph_unique(graph, node)) /* else the next chunk has all of it twice */
        return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
    slot->flags |= MO_SLOT_CLAIMED;
    return 0;
}

int
mo_gather_put_record(struct mo_gather *g, struct mo_graph *graph,
    const struct mo_record *record, struct offsets *list)
{
    struct chunk chunk = {0};
    uint64_t at;

    mo_gather_begin_chunk(g);
    mo_pack(graph, record->nodes, record->n_nodes, &record->place, &g->bytes);
    return mo_gather_write_chunk(g, &chunk, &at) || mo_gather_note(g, list, at) ? -1 : 0;
}
