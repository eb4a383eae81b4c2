/*
 * An arena: memory that lives and dies together. Nothing in it is freed by
 * itself; all that was parsed from one record goes at once.
 *
 * Not for use by two threads at the same time.
 */
#ifndef MOISSON_ARENA_H
#define MOISSON_ARENA_H

#include <moisson/str.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mo_arena;

/*
 * A new arena that refuses to hold more than `ceiling` bytes. You own it.
 * NULL when memory is short.
 */
MO_API struct mo_arena *mo_arena_new(size_t ceiling);

/* NULL is fine. */
MO_API void mo_arena_free(struct mo_arena *arena);

/*
 * `n` bytes, aligned for any object and not cleared, valid until the arena is
 * reset or freed. NULL past the ceiling or when memory is short.
 */
MO_API void *mo_arena_alloc(struct mo_arena *arena, size_t n);

/* The same, cleared. */
MO_API void *mo_arena_zero(struct mo_arena *arena, size_t n);

/*
 * Copy `text` into `arena` and point `*out` at the copy, which is also
 * NUL-terminated for C callers. Returns 0, or -1 with `*out` untouched.
 */
MO_API int mo_arena_copy(struct mo_arena *arena, struct mo_str text, struct mo_str *out);

/* Forget everything in it; a little memory is kept for the next use. */
MO_API void mo_arena_reset(struct mo_arena *arena);

/* Bytes handed out since the last reset. */
MO_API size_t mo_arena_used(const struct mo_arena *arena);

#ifdef __cplusplus
}
#endif

#endif
