#include <moisson/arena.h>

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

enum { FIRST_BLOCK = 16 << 10, LARGEST_BLOCK = 1 << 20, KEPT_BLOCK = 256 << 10 };

struct block {
    struct block *next;
    size_t size;
    alignas(max_align_t) char bytes[];
};

struct mo_arena {
    struct block *blocks; /* the one in use first */
    size_t used;          /* in the block in use */
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
    arena->used = 0;
    return 0;
}

void *
mo_arena_alloc(struct mo_arena *arena, size_t n)
{
    const size_t align = alignof(max_align_t);
    void *p;

    if (n > arena->ceiling || n > SIZE_MAX - align)
        return NULL;
    n = n ? (n + align - 1) & ~(align - 1) : align;
    if (n > arena->ceiling || arena->handed_out > arena->ceiling - n)
        return NULL;
    if ((!arena->blocks || arena->blocks->size - arena->used < n) && grow(arena, n))
        return NULL;
    p = arena->blocks->bytes + arena->used;
    arena->used += n;
    arena->handed_out += n;
    return p;
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
    arena->used = 0;
    arena->handed_out = 0;
}

size_t
mo_arena_used(const struct mo_arena *arena)
{
    return arena->handed_out;
}
