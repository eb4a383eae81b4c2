#include <stdlib.h>

#include "base/hash.h"
#include "datagouv/tags.h"

/* Tags beyond are not compared. */
enum { MOST_TAGS = 50000, SHORTEST_PLURAL = 4 };

void
mo_tag_count(struct mo_tag_counts *counts, const char *tag)
{
    uint64_t hash = mo_hash(1, mo_str(tag)) | 1;
    struct mo_slot *slot = mo_index_find(&counts->index, hash);

    if (slot) {
        ++counts->at[slot->at].n;
        return;
    }
    if (counts->n == MOST_TAGS)
        return;
    if (counts->n == counts->cap) {
        size_t cap = counts->cap ? 2 * counts->cap : 256;
        struct mo_tag_count *grown = realloc(counts->at, cap * sizeof *grown);

        counts->failed = counts->failed || !grown;
        if (!grown)
            return;
        counts->at = grown;
        counts->cap = cap;
    }
    counts->at[counts->n] = (struct mo_tag_count){.tag = strdup(tag), .n = 1};
    slot = counts->at[counts->n].tag ? mo_index_add(&counts->index, hash) : NULL;
    if (slot) {
        slot->at = counts->n++ & MO_SLOT_AT;
    } else {
        free(counts->at[counts->n].tag);
        counts->failed = true;
    }
}

void
mo_tag_counts_done(struct mo_tag_counts *counts)
{
    while (counts->n)
        free(counts->at[--counts->n].tag);
    free(counts->at);
    mo_index_done(&counts->index);
}

/*
 * The next character of a tag without the plurals of its words: an "s" or "x" at the end of a
 * word of four letters or more is none. 0 at the end.
 */
static char
next(const char **tag, size_t *word)
{
    const char *p = *tag;

    if ((*p == 's' || *p == 'x') && (p[1] == '-' || !p[1]) &&
        *word + 1 >= SHORTEST_PLURAL)
        ++p;
    *word = *p == '-' ? 0 : *word + 1;
    *tag = *p ? p + 1 : p;
    return *p;
}

/* Those without their plurals beside each other, in the order of these. */
static int
by_singular(const void *a, const void *b)
{
    const char *x = ((const struct mo_tag_count *)a)->tag, *p = x;
    const char *y = ((const struct mo_tag_count *)b)->tag, *q = y;
    size_t i = 0, k = 0;
    char c, d;

    do {
        c = next(&p, &i);
        d = next(&q, &k);
    } while (c && c == d);
    return c != d ? (c > d) - (c < d) : strcmp(x, y);
}

static bool
same_singular(const char *x, const char *y)
{
    size_t i = 0, k = 0;
    char c, d;

    do {
        c = next(&x, &i);
        d = next(&y, &k);
    } while (c && c == d);
    return c == d;
}

void
mo_tag_plurals(struct mo_tag_counts *counts,
    void (*tell)(void *ctx, const struct mo_tag_count *a, const struct mo_tag_count *b),
    void *ctx)
{
    struct mo_tag_count *at = counts->at;

    if (counts->n)
        qsort(at, counts->n, sizeof *at, by_singular);
    for (size_t i = 1; i < counts->n; ++i)
        if (same_singular(at[i - 1].tag, at[i].tag))
            tell(ctx, &at[i - 1], &at[i]);
}
