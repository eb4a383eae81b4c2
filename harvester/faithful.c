#include "faithful.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "spool.h"

struct line {
    uint64_t key;
    int64_t at;
    size_t n;
    bool found;
};

struct faithful {
    struct spool text;
    struct line *lines;
    size_t n, cap, *order; /* by key, then as they came */
    bool sorted;
};

/* FNV-1a of the @id, which stands first; 0 for none. */
static uint64_t
key_of(struct mo_str line)
{
    static const char begin[] = "{\"@id\":\"";
    uint64_t key = 0xCBF29CE484222325u;
    size_t i = sizeof begin - 1;

    if (line.n <= i || memcmp(line.p, begin, i) != 0)
        return 0;
    for (; i < line.n && line.p[i] != '"'; ++i)
        key = (key ^ (unsigned char)line.p[i]) * 0x100000001B3u;
    return key ? key : 1;
}

struct faithful *
faithful_new(void)
{
    return calloc(1, sizeof(struct faithful));
}

void
faithful_free(struct faithful *f)
{
    if (!f)
        return;
    spool_done(&f->text);
    free(f->lines);
    free(f->order);
    free(f);
}

void
faithful_clear(struct faithful *f)
{
    spool_clear(&f->text);
    f->n = 0;
    f->sorted = false;
}

int
faithful_add(struct faithful *f, struct mo_str line)
{
    if (f->n == f->cap) {
        size_t cap = f->cap ? 2 * f->cap : 64;
        struct line *grown = realloc(f->lines, cap * sizeof *grown);

        if (!grown)
            return -1;
        f->lines = grown;
        f->cap = cap;
    }
    f->lines[f->n] = (struct line){.key = key_of(line), .at = f->text.n, .n = line.n};
    if (spool_add(&f->text, line))
        return -1;
    ++f->n;
    return 0;
}

static int
compare(const void *a, const void *b, void *ctx)
{
    const struct faithful *f = ctx;
    size_t i = *(const size_t *)a, k = *(const size_t *)b;

    if (f->lines[i].key != f->lines[k].key)
        return f->lines[i].key < f->lines[k].key ? -1 : 1;
    return i < k ? -1 : i > k;
}

static int
sort(struct faithful *f)
{
    size_t *order = realloc(f->order, (f->n + 1) * sizeof *order);

    if (!order)
        return -1;
    f->order = order;
    for (size_t i = 0; i < f->n; ++i)
        order[i] = i;
    qsort_r(order, f->n, sizeof *order, compare, f);
    f->sorted = true;
    return 0;
}

static int
read_line(struct faithful *f, const struct line *line, struct mo_str *text)
{
    return spool_read(&f->text, line->at, line->n, text);
}

int
faithful_find(struct faithful *f, struct mo_str line, struct mo_str *was)
{
    uint64_t key = key_of(line);
    size_t low = 0, high = f->n;

    *was = mo_str_n(NULL, 0);
    if (!f->sorted && sort(f))
        return -1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (f->lines[f->order[middle]].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    while (
        low < f->n && f->lines[f->order[low]].key == key && f->lines[f->order[low]].found)
        ++low;
    if (low == f->n || f->lines[f->order[low]].key != key)
        return 0;
    f->lines[f->order[low]].found = true;
    return read_line(f, &f->lines[f->order[low]], was);
}

int
faithful_rest(struct faithful *f, int (*tell)(void *ctx, struct mo_str line), void *ctx)
{
    struct mo_str text;

    if (!f->sorted && sort(f))
        return -1;
    for (size_t i = 0; i < f->n; ++i)
        if (!f->lines[i].found && (read_line(f, &f->lines[i], &text) || tell(ctx, text)))
            return -1;
    return 0;
}
