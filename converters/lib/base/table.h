/* Tables by row and column, for the rooms that use them. */
#ifndef MO_BASE_TABLE_H
#define MO_BASE_TABLE_H

#include <stdint.h>

#include <moisson/arena.h>
#include <moisson/tables.h>

/* A table as the build made it: column names, then `rows` rows. The last has no name. */
struct mo_table_source {
    const char *name;
    const char *key; /* column names, with spaces between */
    size_t columns, rows;
    const uint32_t *cells; /* where in mo_builtin_text each is */
};

extern const struct mo_table_source mo_builtin_tables[];
extern const char mo_builtin_text[];

struct mo_table {
    const struct mo_table_source *source;
    size_t columns, rows;
    const char **cells; /* rows only; NULL: those of the source */
};

/* The table of this name; asserts that there is one. */
const struct mo_table *mo_table(const struct mo_tables *tables, const char *name);

/* Number of the column of this name; asserts that there is one. */
size_t mo_table_column(const struct mo_table *table, const char *name);

static inline const char *
mo_table_cell(const struct mo_table *table, size_t row, size_t column)
{
    size_t i = row * table->columns + column;

    return table->cells ? table->cells[i]
                        : mo_builtin_text + table->source->cells[table->columns + i];
}

/* Rows by the text of a column, letter case of ASCII ignored. Read when they are first asked for. */
struct mo_lookup_rows;
struct mo_lookup {
    const struct mo_table *table;
    size_t column;
    struct mo_lookup_rows *rows;
};

/* Room in `arena`, so that reading it cannot fail. 0, or -1 without memory. */
int mo_lookup_init(struct mo_lookup *lookup, const struct mo_table *table,
    const char *column, struct mo_arena *arena);

/* Read it now. */
void mo_lookup_read(const struct mo_lookup *lookup);

/* The first row behind `*row` (0: of all) that has the text, which is put there. */
bool mo_lookup_next(const struct mo_lookup *lookup, struct mo_str text, size_t *row);

/* Cell of a row that was found. */
static inline const char *
mo_lookup_cell(const struct mo_lookup *lookup, size_t row, size_t column)
{
    return mo_table_cell(lookup->table, row - 1, column);
}

#endif
