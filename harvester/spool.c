#include "spool.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MEMORY = 1 << 20, LITTLE = 64 << 10, BUFFER = 128 << 10, MAX_SPARE = 32 };

/*
 * Blocks of MEMORY bytes of spools that are done, for those that come, in any thread. They are
 * as large as a page of a source, and each new one would be filled with zeros first.
 */
static char *_Atomic spare[MAX_SPARE];

static char *
take_block(void)
{
    char *block = NULL;

    for (size_t i = 0; i < MAX_SPARE && !block; ++i)
        block = atomic_exchange(&spare[i], NULL);
    return block ? block : malloc(MEMORY);
}

static void
give_block(char *block)
{
    for (size_t i = 0; i < MAX_SPARE && block; ++i)
        block = atomic_exchange(&spare[i], block);
    free(block);
}

static void
release_memory(struct mo_buf *memory)
{
    if (memory->cap == MEMORY) {
        give_block(memory->p);
        memory->p = NULL;
    }
    mo_buf_done(memory);
}

static int
fail(struct spool *s)
{
    s->failed = true;
    return -1;
}

/* What is in memory goes to a file, as all does that follows. */
static int
open_file(struct spool *s)
{
    s->file = tmpfile();
    if (!s->file || setvbuf(s->file, NULL, _IOFBF, BUFFER) ||
        fwrite(s->memory.p, 1, s->memory.n, s->file) != s->memory.n)
        return fail(s);
    release_memory(&s->memory);
    return 0;
}

/* What is more than a little may be as much as there is room for: it need not move again. */
static int
add_to_memory(struct mo_buf *memory, struct mo_str bytes)
{
    size_t n = memory->n + bytes.n;
    char *block;

    if (n > LITTLE && n < MEMORY && memory->cap < MEMORY && (block = take_block())) {
        if (memory->n)
            memcpy(block, memory->p, memory->n);
        free(memory->p);
        memory->p = block;
        memory->cap = MEMORY;
    }
    return mo_buf_add(memory, bytes.p, bytes.n);
}

int
spool_add(struct spool *s, struct mo_str bytes)
{
    if (s->failed || s->excess)
        return s->failed ? -1 : 0;
    if (s->most && s->n + (int64_t)bytes.n > s->most) {
        s->excess = true;
        return 0;
    }
    s->memory.max = SIZE_MAX / 4;
    if (!s->file && s->memory.n > 0 && s->memory.n + bytes.n > MEMORY && open_file(s))
        return -1;
    if (s->file ? fwrite(bytes.p, 1, bytes.n, s->file) != bytes.n
                : add_to_memory(&s->memory, bytes) != 0)
        return fail(s);
    s->n += (int64_t)bytes.n;
    return 0;
}

void
spool_clear(struct spool *s)
{
    if (s->file)
        fclose(s->file);
    s->file = NULL;
    mo_buf_clear(&s->memory);
    s->n = 0;
    s->excess = s->failed = false;
}

void
spool_done(struct spool *s)
{
    spool_clear(s);
    release_memory(&s->memory);
}

int
spool_read(struct spool *s, int64_t at, size_t n, struct mo_str *bytes)
{
    if (s->failed)
        return -1;
    if (!s->file) {
        *bytes = mo_str_n(s->memory.p + at, n);
        return 0;
    }
    mo_buf_clear(&s->memory);
    if (mo_buf_reserve(&s->memory, n) || fseek(s->file, (long)at, SEEK_SET) ||
        fread(s->memory.p, 1, n, s->file) != n)
        return fail(s);
    *bytes = mo_str_n(s->memory.p, n);
    return 0;
}

int
spool_pieces(struct spool *s, int (*take)(void *ctx, struct mo_str bytes), void *ctx)
{
    struct mo_str bytes;

    for (int64_t at = 0; at < s->n; at += (int64_t)bytes.n) {
        int64_t left = s->n - at;

        if (spool_read(s, at, left < BUFFER ? (size_t)left : BUFFER, &bytes) ||
            take(ctx, bytes))
            return -1;
    }
    return s->failed ? -1 : 0;
}

static int
lines_of_memory(struct spool *s, int (*take)(void *ctx, struct mo_str line), void *ctx)
{
    struct mo_str rest = mo_buf_view(&s->memory);

    while (rest.n) {
        size_t n = mo_str_find(rest, mo_str("\n"), 0);

        if (take(ctx, mo_str_n(rest.p, n)))
            return -1;
        rest = mo_str_from(rest, n + 1);
    }
    return 0;
}

static int
lines_of_file(struct spool *s, int (*take)(void *ctx, struct mo_str line), void *ctx)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    int stopped = 0;

    if (fseek(s->file, 0, SEEK_SET))
        return fail(s);
    while (!stopped && (n = getline(&line, &cap, s->file)) > 0)
        stopped = take(ctx, mo_str_n(line, (size_t)n - (line[n - 1] == '\n')));
    free(line);
    return stopped || !ferror(s->file) ? stopped : fail(s);
}

int
spool_lines(struct spool *s, int (*take)(void *ctx, struct mo_str line), void *ctx)
{
    if (s->failed)
        return -1;
    return s->file ? lines_of_file(s, take, ctx) : lines_of_memory(s, take, ctx);
}

enum { NO_TEXT = -1 };

int
spool_add_texts(struct spool *s, const struct mo_str texts[], size_t n)
{
    int64_t sizes[SPOOL_TEXTS];

    for (size_t i = 0; i < n; ++i)
        sizes[i] = texts[i].p ? (int64_t)texts[i].n : NO_TEXT;
    if (spool_add(s, mo_str_n((const char *)sizes, n * sizeof *sizes)))
        return -1;
    for (size_t i = 0; i < n; ++i)
        if (texts[i].n && spool_add(s, texts[i]))
            return -1;
    return s->excess ? -1 : 0;
}

int
spool_read_texts(struct spool *s, int64_t *at, struct mo_str texts[], size_t n)
{
    int64_t sizes[SPOOL_TEXTS];
    struct mo_str bytes;
    size_t total = 0;

    if (spool_read(s, *at, n * sizeof *sizes, &bytes))
        return -1;
    memcpy(sizes, bytes.p, bytes.n);
    for (size_t i = 0; i < n; ++i)
        total += sizes[i] > 0 ? (size_t)sizes[i] : 0;
    if (spool_read(s, *at + (int64_t)bytes.n, total, &bytes))
        return -1;
    *at += (int64_t)(n * sizeof *sizes + total);
    for (size_t i = 0; i < n; ++i) {
        size_t size = sizes[i] > 0 ? (size_t)sizes[i] : 0;

        texts[i] = sizes[i] == NO_TEXT ? mo_str_n(NULL, 0) : mo_str_n(bytes.p, size);
        bytes = mo_str_from(bytes, size);
    }
    return 0;
}
