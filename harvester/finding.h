/*
 * What a converter says of a page: the diagnostics that it writes, one JSON object a line.
 */
#ifndef HARVESTER_FINDING_H
#define HARVESTER_FINDING_H

#include <stdbool.h>
#include <stdint.h>

#include <moisson/buf.h>

#include "spool.h"

/* A line as it stands. Texts that it does not give have no `p`, numbers are -1 then. */
struct finding_row {
    struct mo_str code, level, text, detail, record, property;
    int64_t line, column, offset;
};

struct finding {
    char code[8], level[8];
    char text[200], detail[200]; /* UTF-8, cut between characters */
    char record[1024];
};

/*
 * Read a line. Texts stay in it, or in `memory`, which is yours and is emptied before. False when
 * it is no JSON object.
 */
bool finding_parse(struct mo_str line, struct mo_buf *memory, struct finding_row *row);

/*
 * Keep one behind others, and have them again: from `*at` on, which goes on behind them, `*n` at
 * a time, at least one if there is, and up to `most`. Their texts stay until the next call. 0, or
 * -1 when the spool has failed or is full.
 */
int finding_keep(struct spool *spool, const struct finding_row *row);
int finding_recall(
    struct spool *spool, int64_t *at, struct finding_row rows[], size_t most, size_t *n);

/* What is short of it; what it does not say is empty. */
void finding_cut(const struct finding_row *row, struct finding *finding);

/* Both. */
bool finding_read(struct mo_str line, struct finding *finding);

/* Whether it speaks against the page as a whole, and against no record. */
bool finding_is_of_page(const struct finding *finding);

/* Whether it says no more than that there are other pages. */
bool finding_is_of_paging(const struct finding *finding);

/* Whether it rejects a record. */
bool finding_rejects(const struct finding *finding);

/* Whether it says that there is no record at all. */
bool finding_is_empty(const struct finding *finding);

#endif
