#include <moisson/arena.h>

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

enum {
    FIRST_BLOCK = 16 << 10,
    LARGEST_BLOCK = 1 << 20,
    KEPT_BLOCK = 256 << 10,
    ALIGN = alignof(max_align_t)
};

struct block {
    struct block *next;
    size_t size;
    alignas(max_align_t) char bytes[];
};

struct mo_arena {
    struct block *blocks; /* the one in use first */
    char *at;             /* what is free of it begins here, */
    size_t room;          /* and can be handed out without a look at the ceiling */
    size_t handed_out;
    size_t ceiling;
};

struct mo_arena *
mo_arena_new(size_t ceiling)
{
    struct mo_arena *arena = calloc(1, sizeof *arena);

    if (arena)
        arena->ceiling = ceiling;
    return arena;
}

void
mo_arena_free(struct mo_arena *arena)
{
    if (!arena)
        return;
    while (arena->blocks) {
        struct block *next = arena->blocks->next;

        free(arena->blocks);
        arena->blocks = next;
    }
    free(arena);
}

static size_t
rounded(size_t n)
{
    return (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

/* All of the block in use is free. */
static void
begin_block(struct mo_arena *arena)
{
    size_t left = arena->ceiling - arena->handed_out;

    arena->at = arena->blocks ? arena->blocks->bytes : NULL;
    arena->room = arena->blocks ? arena->blocks->size : 0;
    if (arena->room > left)
        arena->room = left;
}

static int
grow(struct mo_arena *arena, size_t n)
{
    size_t size = arena->blocks ? 2 * arena->blocks->size : FIRST_BLOCK;
    struct block *block;

    if (size > LARGEST_BLOCK)
        size = LARGEST_BLOCK;
    if (size < n)
        size = n;
    block = malloc(sizeof *block + size);
    if (!block)
        return -1;
    block->size = size;
    block->next = arena->blocks;
    arena->blocks = block;
    begin_block(arena);
    return 0;
}

static void *
hand_out(struct mo_arena *arena, size_t n)
{
    char *p = arena->at;

    arena->at += n;
    arena->room -= n;
    arena->handed_out += n;
    return p;
}

/* What does not fit into the block in use, or not below the ceiling. */
static void *
alloc_slowly(struct mo_arena *arena, size_t n)
{
    if (n > SIZE_MAX - ALIGN)
        return NULL;
    n = n ? rounded(n) : ALIGN;
    if (n > arena->ceiling || arena->handed_out > arena->ceiling - n)
        return NULL;
    return n > arena->room && grow(arena, n) ? NULL : hand_out(arena, n);
}

void *
mo_arena_alloc(struct mo_arena *arena, size_t n)
{
    size_t whole = rounded(n); /* 0: of none, and of too many */

    if (whole - 1 >= arena->room)
        return alloc_slowly(arena, n);
    return hand_out(arena, whole);
}

void *
mo_arena_zero(struct mo_arena *arena, size_t n)
{
    void *p = mo_arena_alloc(arena, n);

    return p ? memset(p, 0, n) : NULL;
}

int
mo_arena_copy(struct mo_arena *arena, struct mo_str text, struct mo_str *out)
{
    char *copy = text.n < SIZE_MAX ? mo_arena_alloc(arena, text.n + 1) : NULL;

    if (!copy)
        return -1;
    if (text.n)
        memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    *out = mo_str_n(copy, text.n);
    return 0;
}

void
mo_arena_reset(struct mo_arena *arena)
{
    struct block *kept = NULL;

    while (arena->blocks) {
        struct block *next = arena->blocks->next;

        if (!kept && arena->blocks->size <= KEPT_BLOCK)
            kept = arena->blocks;
        else
            free(arena->blocks);
        arena->blocks = next;
    }
    if (kept)
        kept->next = NULL;
    arena->blocks = kept;
    arena->handed_out = 0;
    begin_block(arena);
}

size_t
mo_arena_used(const struct mo_arena *arena)
{
    return arena->handed_out;
}
