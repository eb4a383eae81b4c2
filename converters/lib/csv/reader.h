/*
 * The reader of spreadsheets from inside. reader.c moves bytes in and records out; opening.c knows
 * what the first bytes and the first row say, grouping.c which rows are one dataset, members.c
 * what their cells become; messages.c says what is wrong with them.
 */
#ifndef MO_CSV_READER_H
#define MO_CSV_READER_H

#include "base/ctype.h"
#include "base/hash.h"
#include "csv/csv.h"
#include "dcat/index.h"
#include "dcat/input.h"
#include "rdf/reader.h"

enum {
    MO_CSV_KEYS = 4,  /* the last is the title */
    MO_CSV_KEPT = 64, /* cells that are remembered */
    MO_CSV_KEPT_TEXT = 80,
    MO_CSV_KEPT_ID = 40,
    MO_CSV_HEAD = 64 << 10 /* bytes that tell character set and separator */
};

/* What the first row that says it says in a column, and where. */
struct csv_value {
    struct mo_str text;
    size_t number, line;
    uint64_t offset;
};

/* A cell that a table was asked about, and what it says. */
struct csv_kept {
    const struct csv_field *field;
    char text[MO_CSV_KEPT_TEXT], id[MO_CSV_KEPT_ID];
    size_t n, n_id;
};

/* Where a dataset begins. */
struct csv_place {
    size_t line, number;
};

struct csv_reader {
    struct mo_reader reader;
    struct mo_reader *inner; /* of the objects that datasets become, as if a line each */
    struct mo_sink sink;     /* of that one */
    struct mo_values *values;
    struct csv_fields fields;
    uint64_t hash_key;

    /* Bytes. */
    struct mo_buf head; /* of the bytes, until there is enough to tell what they are */
    struct mo_decoder *decoder;
    struct mo_rows *rows;
    bool ended, finished;
    struct mo_row row;
    bool held; /* it was read, and not taken yet */

    struct csv_headings headings;
    struct mo_arena *heading_arena;
    struct mo_buf heading_row; /* as it was written */
    bool has_headings;
    size_t key_columns[MO_CSV_KEYS]; /* what tells datasets apart, the best first */

    /* The dataset in hand. */
    bool in_hand;
    bool given_up;   /* it was, and its rows go where it went */
    bool no_address; /* a cell should hold one, and does not */
    bool twice;      /* a key stands twice in what is made of it */
    struct mo_arena *arena;
    struct mo_arena *scratch;    /* of the members of one object */
    struct csv_value *values_of; /* by column */
    struct mo_json *resources, **resources_end;
    struct mo_buf scratch_text; /* to be used again */
    struct mo_buf rows_of_dataset;
    struct mo_buf key;
    char name[512]; /* for messages */

    struct csv_kept kept[MO_CSV_KEPT]; /* those that came last, by hash */
    struct mo_index seen;              /* keys of datasets; `at` is the row */
    struct csv_place *places;          /* by line of `inner` */
    size_t n_places, cap_places;
    size_t n_rejected;
    struct mo_record record;
};

/* ---- opening.c ---- */

/* There is enough of the text, or all, to tell character set and separator. 0, or -1. */
int mo_csv_start(struct csv_reader *r);

/* More bytes. 0, or -1 when memory is short. */
int mo_csv_take_text(struct csv_reader *r, struct mo_str bytes, bool last);

/* The first row. */
void mo_csv_take_headings(struct csv_reader *r, const struct mo_row *row);

/* ---- grouping.c ---- */

/* A row that is no comment. True when a dataset has become whole by it. */
bool mo_csv_take_row(struct csv_reader *r, const struct mo_row *row);

/* A line that is no row is of no dataset, and ends none. */
void mo_csv_take_fault(struct csv_reader *r, const struct mo_row *row);

/* The dataset in hand is whole: its object goes to the reader that knows such objects. */
void mo_csv_finish_dataset(struct csv_reader *r);

/* ---- members.c ---- */

/* Members of one object, in r->scratch; those with `extras.` before their name stand apart. */
struct csv_members {
    struct csv_member *at, *extras;
    size_t n, n_extras;
};

/* The text of a cell; an apostrophe before what would be a formula is not of it. */
struct mo_str mo_csv_cell_of(
    const struct csv_reader *r, const struct mo_row *row, size_t column);

/* None yet. False when memory is short. */
bool mo_csv_begin_members(struct csv_reader *r, struct csv_members *m);

/* Add what a cell of the column becomes; a value under a name, unless it is NULL. */
void mo_csv_add_cell(struct csv_reader *r, struct csv_members *m, size_t column,
    struct mo_str text, const struct mo_row *row);
void mo_csv_add_member(struct csv_members *m, const char *name, struct mo_json *value);

/* All of them as an object; NULL when memory is short. */
struct mo_json *mo_csv_make_object(struct csv_reader *r, struct csv_members *m);

/* ---- messages.c ---- */

/* `column` from 0; MO_MAX_CELLS: of the row as a whole. */
void mo_csv_tell(struct csv_reader *r, enum mo_diag_id id, struct mo_str detail,
    size_t column, const struct mo_row *row);

/* What the reader of data.gouv.fr JSON says of a dataset, said of the spreadsheet. */
void mo_csv_hear(void *ctx, const struct mo_diag *said);

/* Memory is short. */
void mo_csv_trouble(struct csv_reader *r);

/* Rejects are a spreadsheet with the same headings: rows of it; one, with the reason; those of the object in hand. */
void mo_csv_keep_rejected(struct csv_reader *r, struct mo_str rows, bool more);
void mo_csv_reject_row(struct csv_reader *r, enum mo_diag_id id, struct mo_str detail,
    size_t column, const struct mo_row *row);
int mo_csv_take_reject(void *ctx, const struct mo_reject *reject);

#endif
