/* Bytes that are kept for a while: in memory at first, and behind a ceiling in a temporary file. */
#ifndef HARVESTER_SPOOL_H
#define HARVESTER_SPOOL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <moisson/buf.h>
#include <moisson/str.h>

/* All zeros is an empty one. */
struct spool {
    struct mo_buf memory; /* all of them, or of the file those in hand */
    FILE *file;
    int64_t n;
    int64_t most; /* ceiling of n; 0: there is none */
    bool excess;  /* more came than that, and was left */
    bool failed;  /* errno said why */
};

/* 0, or -1 when it has failed, so with all below. */
int spool_add(struct spool *spool, struct mo_str bytes);

/* Empty, and as good as new; the memory is kept, or let go. */
void spool_clear(struct spool *spool);
void spool_done(struct spool *spool);

/* `n` bytes from `at` on, which are there. Borrowed until the next call. */
int spool_read(struct spool *spool, int64_t at, size_t n, struct mo_str *bytes);

/* Call `take` with all bytes, in pieces; it returns -1 to stop, which is returned. */
int spool_pieces(
    struct spool *spool, int (*take)(void *ctx, struct mo_str bytes), void *ctx);

/* The same with each line, without its newline. */
int spool_lines(
    struct spool *spool, int (*take)(void *ctx, struct mo_str line), void *ctx);

/*
 * Texts behind each other, with their sizes before them; one without `p` comes back so. 0,
 * or -1 as spool_add() and spool_read(). The next ones are at `*at`, which moves on; they
 * are good until the spool is touched.
 */
enum { SPOOL_TEXTS = 16 };
int spool_add_texts(struct spool *spool, const struct mo_str texts[], size_t n);
int spool_read_texts(struct spool *spool, int64_t *at, struct mo_str texts[], size_t n);

#endif
