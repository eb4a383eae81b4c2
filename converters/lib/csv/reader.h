/* The reader of spreadsheets from inside. */
#ifndef MO_CSV_READER_H
#define MO_CSV_READER_H

#include "base/ctype.h"
#include "base/hash.h"
#include "csv/csv.h"
#include "dcat/index.h"
#include "rdf/reader.h"

/* What the first row that says it says in a column, and where. */
struct csv_value {
    struct mo_str text;
    size_t number, line;
    uint64_t offset;
};

/* Where a dataset begins. */
struct csv_place {
    size_t line, number;
};

struct csv_reader {
    struct mo_reader reader;
    struct mo_reader *inner; /* of the objects that datasets become, a line each */
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

    /* The dataset in hand. */
    bool in_hand;
    bool given_up;   /* it was, and its rows go where it went */
    bool no_address; /* a cell should hold one, and does not */
    struct mo_arena *arena;
    struct mo_arena *scratch;    /* of one object */
    struct csv_value *values_of; /* by column */
    struct mo_buf resources;     /* JSON, commas between */
    struct mo_buf rows_of_dataset;
    struct mo_buf key;
    char name[512]; /* for messages */

    struct mo_index seen;     /* keys of datasets; `at` is the row */
    struct csv_place *places; /* by line of `inner` */
    size_t n_places, cap_places;
    size_t n_rejected;
    struct mo_record record;
};

#endif
