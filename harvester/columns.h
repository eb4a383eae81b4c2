/* Tables for people and for programs: rows of the store as columns, or as JSON. */
#ifndef HARVESTER_COLUMNS_H
#define HARVESTER_COLUMNS_H

#include <stdbool.h>
#include <stdio.h>

#include <moisson/str.h>

#include "store.h"

/* Columns that a text takes; it need not end with a NUL. */
size_t columns_of(struct mo_str text);

/*
 * Print a text in at most `width` columns (0: any number), cut with "…" if need be; control
 * characters as spaces. Returns the columns that it took.
 */
size_t columns_text(FILE *out, struct mo_str text, size_t width);

/* Lines of the terminal that `out` is, or 0 when it is none; LINES counts more. */
size_t columns_lines(FILE *out);

/* Columns of the terminal that `out` is, or 0 when it is none; COLUMNS counts more. */
size_t columns_width(FILE *out);

/*
 * Print all rows and free them: with heads, the columns as wide as their widest cell and
 * the last one cut to fit the terminal; or as a JSON array with an object a row. -1 when
 * the rows ended before their end.
 */
int columns_print(FILE *out, struct rows *rows, bool json);

/* A JSON string. */
void columns_json(FILE *out, struct mo_str text);

/* Column `i` of the row in hand as the member of a JSON object: its name, then its value. */
void columns_member(FILE *out, const struct rows *rows, size_t i);

#endif
