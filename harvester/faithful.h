/*
 * The records of a page as they came, before the filter of the source: to be kept beside
 * what the filter made of them, and to know those of which it made nothing.
 */
#ifndef HARVESTER_FAITHFUL_H
#define HARVESTER_FAITHFUL_H

#include <stdbool.h>

#include <moisson/str.h>

struct faithful;

/* NULL when memory is short. */
struct faithful *faithful_new(void);
void faithful_free(struct faithful *faithful);

void faithful_clear(struct faithful *faithful); /* forget all lines */

/* 0, or -1 with errno set; so with all below. */
int faithful_add(struct faithful *faithful, struct mo_str line);

/*
 * The line that the filter made this one of, with the same @id; where there is none, the
 * next without. Each is given once. Without one `was->p` is NULL. Borrowed until the next
 * call.
 */
int faithful_find(struct faithful *faithful, struct mo_str line, struct mo_str *was);

/* Call `tell` with each line that was not found; it returns -1 to stop. */
int faithful_rest(
    struct faithful *faithful, int (*tell)(void *ctx, struct mo_str line), void *ctx);

#endif
