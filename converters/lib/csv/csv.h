/*
 * Spreadsheets, from inside. A row is a dataset, or one more resource of it; what it says becomes
 * an object of data.gouv.fr JSON, whose reader does the rest. rows.c and plainrow.c cut rows,
 * headings.c knows what a column holds, cells.c reads a cell, dataset.c puts an object together,
 * reader.h says where the rest of reading is; template.c prints an empty spreadsheet; columns.c
 * and writer.c go the other way.
 */
#ifndef MO_CSV_CSV_H
#define MO_CSV_CSV_H

#include <moisson/buf.h>
#include <moisson/diag.h>

#include "base/json.h"
#include "base/table.h"
#include "csv/rows.h"
#include "dcat/values.h"

enum { MO_MAX_FIELDS = 128, MO_MAX_RESOURCES = 256 /* of a row */ };

/* Extras that begin so belong into the column of csv-catalogue that their name goes on with. */
#define MO_CSV_BESIDE "catalogue:"

/* A cell that is read. */
struct csv_cell {
    const struct mo_values *values;
    struct mo_arena *arena;
    bool lasts;            /* its text is in the arena */
    struct mo_json *value; /* what it says; NULL: nothing */
    bool twice;            /* with a key that stands twice */
    bool failed;           /* memory was short */
};

/* How it is read. False when it cannot be read so. */
typedef bool cell_fn(struct csv_cell *cell, struct mo_str text);

/* A row of csv-fields. */
struct csv_field {
    const char *name;
    cell_fn *read; /* NULL: metadata has no place for it */
    enum mo_diag_id complaint;
    bool list;                      /* cells add up */
    bool looked_up;                 /* in tables */
    bool verbatim;                  /* white space around it is of it */
    bool resource;                  /* of a resource: `name` is without "resources." */
    const struct csv_field *unless; /* says the same, of datasets; NULL: none does */
};

/* What a heading is called, as a slug. */
struct csv_name {
    struct mo_str slug;
    const struct csv_field *field;
};

struct csv_fields {
    struct csv_field at[MO_MAX_FIELDS];
    size_t n;
    struct csv_name *names; /* in the arena */
    size_t n_names;
};

/* From the tables. 0, or -1 (reported, but for memory). */
int mo_csv_fields(struct csv_fields *fields, const struct mo_values *values,
    const struct mo_tables *tables, struct mo_arena *arena, const struct mo_sink *sink);

/* A string of the cell. */
struct mo_json *mo_csv_string(struct csv_cell *cell, struct mo_str text);

/* A kind of cell by its name; false when there is none. */
bool mo_cell_kind(const char *name, struct csv_field *field);

/* ---- headings.c ---- */

struct csv_column {
    const struct csv_field *field; /* NULL: none is known */
    struct mo_str heading;         /* or the letter of the column */
    bool named;                    /* it has a heading */
    size_t resource;               /* which of the row's resources it is about, from 0 */
};

struct csv_headings {
    struct csv_column *columns; /* in the arena */
    size_t n;
    size_t n_known;
    size_t n_resources; /* of a row */
    bool has_title;
};

/* What a row of headings says. 0, or -1 when memory is short. */
int mo_csv_headings(struct csv_headings *headings, const struct mo_row *row,
    const struct mo_values *values, const struct csv_fields *fields,
    struct mo_arena *arena);

/* Whether the row is a comment: its first cell begins with "#". */
bool mo_csv_is_comment(const struct mo_row *row);

/* Append "F12", the name of a cell in spreadsheets; `column` from 0, `row` from 1, or 0. */
void mo_csv_cell_name(struct mo_buf *out, size_t column, size_t row);

/* ---- Cells that spreadsheets would take for formulas ---- */

/*
 * Whether one that begins so stands behind an apostrophe. A text that begins with "- " is an
 * item of a list, unless it calls something.
 */
bool mo_csv_is_formula(struct mo_str text);

/* ---- dataset.c ---- */

/* A value, and the way to it. */
struct csv_member {
    const char *name;      /* "." goes into an object */
    struct mo_json *value; /* what stands there */
};

/*
 * The members as one object, of which their values become a part; those of one object must stand
 * together. NULL when memory is short; `*twice` is set when a key stands twice.
 */
struct mo_json *mo_csv_object(
    struct mo_arena *arena, const struct csv_member *members, size_t n, bool *twice);

#endif
