#include "dcat/index.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 1024 };

void
mo_index_done(struct mo_index *index)
{
    mo_index_reset(index);
}

void
mo_index_reset(struct mo_index *index)
{
    free(index->slots);
    index->slots = NULL;
    index->mask = index->used = 0;
}

static uint64_t
proper(uint64_t hash)
{
    return hash ? hash : 1;
}

static struct mo_slot *
probe(struct mo_slot *slots, size_t mask, uint64_t hash)
{
    size_t i = hash & mask;

    while (slots[i].hash && slots[i].hash != hash)
        i = (i + 1) & mask;
    return &slots[i];
}

struct mo_slot *
mo_index_find(const struct mo_index *index, uint64_t hash)
{
    struct mo_slot *slot;

    if (!index->slots)
        return NULL;
    slot = probe(index->slots, index->mask, proper(hash));
    return slot->hash ? slot : NULL;
}

static int
grow(struct mo_index *index)
{
    size_t n = index->slots ? 2 * (index->mask + 1) : FIRST_SLOTS;
    struct mo_slot *slots = calloc(n, sizeof *slots);

    if (!slots)
        return -1;
    for (size_t i = 0; index->slots && i <= index->mask; ++i)
        if (index->slots[i].hash)
            *probe(slots, n - 1, index->slots[i].hash) = index->slots[i];
    free(index->slots);
    index->slots = slots;
    index->mask = n - 1;
    return 0;
}

struct mo_slot *
mo_index_add(struct mo_index *index, uint64_t hash)
{
    struct mo_slot *slot;

    if ((!index->slots || index->used >= index->mask / 8 * 7) && grow(index))
        return NULL;
    slot = probe(index->slots, index->mask, proper(hash));
    if (!slot->hash) {
        slot->hash = proper(hash);
        ++index->used;
    }
    return slot;
}
