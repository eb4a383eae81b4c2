/* The columns of a spreadsheet that is written: columns.c fills their cells from an object. */
#ifndef MO_CSV_COLUMNS_H
#define MO_CSV_COLUMNS_H

#include "base/json.h"
#include "csv/csv.h"

enum {
    MO_MAX_COLUMNS = 128,
    MO_MAX_WAYS = 4,
    MO_MAX_WAY_STEPS = 4,
    MO_MAX_FORMATS = 1024 /* bytes of a list of formats */
};

struct mo_csv_object;

/* Appends the text of a cell. */
typedef void fill_fn(
    const struct mo_csv_object *object, const struct mo_json *value, struct mo_buf *out);

/* Members in order of precedence. */
struct csv_way {
    struct mo_str steps[MO_MAX_WAY_STEPS];
    size_t n;
};

struct csv_filling {
    const char *heading;
    fill_fn *fill; /* NULL: the cell stays empty */
    struct csv_way ways[MO_MAX_WAYS];
    size_t n_ways;
    bool resource; /* its value is in a resource */
};

/* A dataset of data.gouv.fr JSON. */
struct mo_csv_object {
    const struct mo_json *json;
    const struct mo_json *resource; /* the one that a row is about, or NULL */
    const struct mo_table *licences;
    struct mo_str id;       /* of the platform; empty: it is none of its datasets */
    struct mo_str platform; /* "https://www.data.gouv.fr", or empty */
    bool harvested;         /* it has another name than its id */
};

/* The columns of csv-catalogue; those of the template, with headings of column `fr` or `en`. */
int mo_csv_catalogue(struct csv_filling *columns, size_t *n,
    const struct mo_tables *tables, const struct mo_sink *sink);
int mo_csv_form(struct csv_filling *columns, size_t *n, const struct mo_tables *tables,
    const char *headings, const struct mo_sink *sink);

/* Find out what the object is. */
void mo_csv_look_at(struct mo_csv_object *object, const struct mo_json *json);

/* Append the cell, with its quotation marks. `scratch` is overwritten. */
void mo_csv_fill(const struct csv_filling *column, const struct mo_csv_object *object,
    struct mo_buf *scratch, struct mo_buf *out);

/* Append a cell that holds this text. */
void mo_csv_put_cell(struct mo_buf *out, struct mo_str text);

#endif
