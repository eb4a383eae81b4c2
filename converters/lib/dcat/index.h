/*
 * What is known of each node of a document, by the hash of its IRI or label: 16 bytes
 * a node. Two nodes with the same 64-bit keyed hash would be taken for one.
 */
#ifndef MO_DCAT_INDEX_H
#define MO_DCAT_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mo_slot_flags {
    MO_SLOT_CHAIN = 1,   /* `at` is the offset of its newest chunk in the spill */
    MO_SLOT_LEFT = 2,    /* its record has left; `at` is a hash of what it said */
    MO_SLOT_WAITS = 4,   /* its record waits for the end */
    MO_SLOT_CLAIMED = 8, /* records took all chunks of its chain along */
    MO_SLOT_LISTED = 16, /* a catalogue lists it */
    MO_SLOT_ACCESS = 32  /* a distribution has it as its access service */
};

/* The bits of `at`. */
#define MO_SLOT_AT ((UINT64_C(1) << 48) - 1)

struct mo_slot {
    uint64_t hash; /* 0: free */
    uint64_t at : 48;
    uint64_t flags : 16;
};

struct mo_index {
    struct mo_slot *slots;
    size_t mask, used;
};

/* Zeroed storage is an empty index. */
void mo_index_done(struct mo_index *index);

/* Empty, with its memory released. */
void mo_index_reset(struct mo_index *index);

/* The slot, or NULL when there is none. Valid until the next add. */
struct mo_slot *mo_index_find(const struct mo_index *index, uint64_t hash);

/* The slot, made when it is new. NULL when memory is short. */
struct mo_slot *mo_index_add(struct mo_index *index, uint64_t hash);

#endif
