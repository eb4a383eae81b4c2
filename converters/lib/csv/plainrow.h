/*
 * Rows as RFC 4180 has them, and nearly all are: found in one go, without libcsv, which looks at
 * every byte for what else spreadsheets may hold. It means the same by such a row.
 */
#ifndef MO_CSV_PLAINROW_H
#define MO_CSV_PLAINROW_H

#include "csv/rows.h"

/* Where a cell is in its row, without its quotation marks. */
struct mo_plain_cell {
    size_t from, n;
    bool doubled; /* quotation marks inside stand twice: see mo_plain_text */
};

/*
 * The cells of the row that `text` begins with, at most MO_MAX_CELLS. Its length with the first
 * byte of its line end; 0 when it is not whole, or is blank, or some cell has a quotation mark
 * where the RFC has none.
 */
size_t mo_plain_row(
    struct mo_str text, char separator, struct mo_plain_cell *cells, size_t *n);

/* Append the text of a cell with doubled quotation marks. */
void mo_plain_text(struct mo_str cell, struct mo_buf *out);

#endif
