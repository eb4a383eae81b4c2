/*
 * CSV (RFC 4180, and what spreadsheets make of it) cut into rows of cells, by libcsv, which is
 * met in rows.c only, but for plain rows (plainrow.h). Text is UTF-8 here.
 */
#ifndef MO_CSV_ROWS_H
#define MO_CSV_ROWS_H

#include <stdint.h>

#include <moisson/buf.h>

enum { MO_MAX_CELLS = 4096 };

enum mo_row_state {
    MO_ROW_MORE,   /* none yet: push more text, or there is none */
    MO_ROW_READ,   /* a row */
    MO_ROW_FAULT,  /* a line that is no row: `fault` */
    MO_ROW_REST,   /* more bytes of that line */
    MO_ROW_TROUBLE /* memory is short */
};

enum mo_row_fault {
    MO_ROW_QUOTE,   /* a quotation mark that opens a cell is never closed */
    MO_ROW_TOO_BIG, /* longer than the ceiling */
    MO_ROW_SYNTAX,  /* strict, and a quotation mark stands where none may */
    MO_ROW_LOST     /* too many such faults: nothing is read any more */
};

/* Valid until the next one is asked for. */
struct mo_row {
    const struct mo_str *cells; /* without white space around what is not quoted */
    size_t n;
    size_t number;       /* as a spreadsheet counts, from 1 */
    size_t line;         /* as an editor does */
    uint64_t offset;     /* of its first byte */
    struct mo_str bytes; /* as it was written */
    enum mo_row_fault fault;
    size_t column; /* of a fault: the cell, from 0 */
    bool more;     /* of a fault, or the rest of one: its line goes on */
};

struct mo_rows;

/* You own it; NULL when memory is short. `max_bytes`: ceiling of a row. */
struct mo_rows *mo_rows_new(char separator, bool strict, size_t max_bytes);
void mo_rows_free(struct mo_rows *rows);

/* 0, or -1 when memory is short. */
int mo_rows_push(struct mo_rows *rows, struct mo_str text);

/* No more text will come. */
void mo_rows_end(struct mo_rows *rows);

/*
 * The next row. Blank rows are counted and passed over. After a quotation mark that is never
 * closed, and a row over the ceiling, reading goes on with the next line.
 */
enum mo_row_state mo_rows_next(struct mo_rows *rows, struct mo_row *row);

#endif
