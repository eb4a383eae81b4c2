#include "base/table.h"

#include <assert.h>
#include <stdlib.h>

#include "base/ctype.h"
#include "base/hash.h"

enum { MAX_TABLES = 64, MAX_COLUMNS = 24, MAX_ROWS = 100000 };

struct mo_tables {
    struct mo_arena *arena; /* what overlays said */
    struct mo_table tables[MAX_TABLES];
    size_t n;
};

struct mo_tables *
mo_tables_new(void)
{
    struct mo_tables *t = calloc(1, sizeof *t);

    if (!t)
        return NULL;
    t->arena = mo_arena_new(256u << 20);
    for (const struct mo_table_source *s = mo_builtin_tables; s->name; ++s) {
        struct mo_table *table = &t->tables[t->n++];

        assert(t->n <= MAX_TABLES && s->columns <= MAX_COLUMNS);
        table->source = s;
        table->columns = s->columns;
        table->rows = s->rows;
    }
    if (t->arena)
        return t;
    mo_tables_free(t);
    return NULL;
}

void
mo_tables_free(struct mo_tables *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->n; ++i)
        free(t->tables[i].cells);
    mo_arena_free(t->arena);
    free(t);
}

const char *
mo_tables_name(size_t i)
{
    return mo_builtin_tables[i].name;
}

/* Its cells in memory of its own, where they can be changed. 0, or -1 without memory. */
static int
make_own(struct mo_table *table)
{
    size_t n = table->rows * table->columns;
    const char **cells;

    if (table->cells)
        return 0;
    cells = malloc((n + 1) * sizeof *cells);
    if (!cells)
        return -1;
    for (size_t i = 0; i < n; ++i)
        cells[i] = mo_table_cell(table, i / table->columns, i % table->columns);
    table->cells = cells;
    return 0;
}

static const char *
column_name(const struct mo_table *table, size_t column)
{
    return mo_builtin_text + table->source->cells[column];
}

static struct mo_table *
find(const struct mo_tables *t, struct mo_str name)
{
    for (size_t i = 0; i < t->n; ++i)
        if (mo_str_is(name, t->tables[i].source->name))
            return (struct mo_table *)&t->tables[i];
    return NULL;
}

const struct mo_table *
mo_table(const struct mo_tables *t, const char *name)
{
    size_t i = 0;

    while (i < t->n && strcmp(t->tables[i].source->name, name) != 0)
        ++i;
    assert(i < t->n);
    return &t->tables[i];
}

static size_t
find_column(const struct mo_table *table, struct mo_str name)
{
    size_t i = 0;

    while (i < table->columns && !mo_str_is(name, column_name(table, i)))
        ++i;
    return i;
}

size_t
mo_table_column(const struct mo_table *table, const char *name)
{
    size_t i = 0;

    while (i < table->columns && strcmp(column_name(table, i), name) != 0)
        ++i;
    assert(i < table->columns);
    return i;
}

/* The piece of `*rest` before the next `stop`, which is eaten. */
static struct mo_str
piece(struct mo_str *rest, char stop)
{
    const char *hit = rest->n ? memchr(rest->p, stop, rest->n) : NULL;
    size_t n = hit ? (size_t)(hit - rest->p) : rest->n;
    struct mo_str head = mo_str_n(rest->p, n);

    *rest = mo_str_from(*rest, hit ? n + 1 : n);
    return head;
}

static bool
is_key(const struct mo_table *table, size_t column)
{
    struct mo_str rest = mo_str(table->source->key);

    while (rest.n)
        if (mo_str_is(piece(&rest, ' '), column_name(table, column)))
            return true;
    return false;
}

/* The row with the same key, or a new one at the end; NULL when memory is short. */
static const char **
place(struct mo_table *table, const char *const *row)
{
    const char **cells;

    for (size_t i = 0; i < table->rows; ++i) {
        bool same = true;

        for (size_t k = 0; same && k < table->columns; ++k)
            same = !is_key(table, k) || strcmp(mo_table_cell(table, i, k), row[k]) == 0;
        if (same)
            return table->cells + i * table->columns;
    }
    if (table->rows >= MAX_ROWS)
        return NULL;
    cells = realloc(table->cells, (table->rows + 1) * table->columns * sizeof(char *));
    if (!cells)
        return NULL;
    table->cells = cells;
    cells += table->rows++ * table->columns;
    for (size_t k = 0; k < table->columns; ++k)
        cells[k] = "";
    return cells;
}

struct overlay {
    struct mo_tables *tables;
    struct mo_table *table;
    const struct mo_sink *sink;
    struct mo_diag diag;
    size_t columns[MAX_COLUMNS]; /* which column of the table each cell is */
    size_t n_columns;
};

static int
complain(struct overlay *o, enum mo_diag_id id, struct mo_str detail)
{
    o->diag.id = id;
    o->diag.detail = detail;
    mo_report(o->sink, &o->diag);
    return -1;
}

static int
read_names(struct overlay *o, struct mo_str line)
{
    while (line.n) {
        struct mo_str name = mo_str_trim(piece(&line, '\t'));
        size_t column = find_column(o->table, name);

        if (column == o->table->columns || o->n_columns == MAX_COLUMNS)
            return complain(o, MO_DIAG_TABLE_COLUMN, name);
        o->columns[o->n_columns++] = column;
    }
    for (size_t k = 0; k < o->table->columns; ++k) {
        bool named = !is_key(o->table, k);

        for (size_t i = 0; i < o->n_columns; ++i)
            named = named || o->columns[i] == k;
        if (!named)
            return complain(o, MO_DIAG_TABLE_KEY, mo_str(column_name(o->table, k)));
    }
    return 0;
}

static int
read_row(struct overlay *o, struct mo_str line, bool apply)
{
    const char *row[MAX_COLUMNS] = {NULL};
    const char **to;
    size_t n = 0;

    for (; line.n || n < o->n_columns; ++n) {
        struct mo_str cell = piece(&line, '\t'), copy;

        if (n == o->n_columns)
            return complain(o, MO_DIAG_TABLE_CELLS, cell);
        if (!apply)
            continue;
        if (mo_arena_copy(o->tables->arena, cell, &copy))
            return complain(o, MO_DIAG_NO_MEMORY, mo_str(""));
        row[o->columns[n]] = copy.p;
    }
    if (!apply)
        return 0;
    for (size_t k = 0; k < o->table->columns; ++k)
        if (is_key(o->table, k) && !row[k])
            row[k] = "";
    to = place(o->table, row);
    if (!to)
        return complain(o, MO_DIAG_NO_MEMORY, mo_str(""));
    for (size_t k = 0; k < o->table->columns; ++k)
        if (row[k])
            to[k] = row[k];
    return 0;
}

/* The table that a line says the next rows are for, or empty. */
static struct mo_str
section_of(struct mo_str line)
{
    const struct mo_str head = mo_str("# table:");

    return mo_str_starts(line, head) ? mo_str_trim(mo_str_from(line, head.n))
                                     : mo_str("");
}

/* All lines once; `apply` the second time, when the first found no fault. */
static int
read_lines(struct overlay *o, struct mo_str text, bool apply)
{
    bool named = false, other = false;

    o->n_columns = 0;
    o->diag.line = 0;
    while (text.n) {
        struct mo_str line = piece(&text, '\n'), section = section_of(line);
        int failed;

        ++o->diag.line;
        if (line.n && line.p[line.n - 1] == '\r')
            --line.n;
        if (section.n) {
            other = !mo_str_is(section, o->table->source->name);
            named = false;
            o->n_columns = 0;
        }
        if (other || mo_str_blank(line) || line.p[0] == '#')
            continue;
        failed = named ? read_row(o, line, apply) : read_names(o, line);
        if (failed)
            return -1;
        named = true;
    }
    return 0;
}

int
mo_tables_overlay(struct mo_tables *tables, struct mo_str name, struct mo_str text,
    struct mo_str file, const struct mo_sink *sink)
{
    struct overlay o = {.tables = tables, .table = find(tables, name), .sink = sink};

    o.diag.file = file;
    if (!o.table)
        return complain(&o, MO_DIAG_TABLE_UNKNOWN, name);
    if (make_own(o.table))
        return complain(&o, MO_DIAG_NO_MEMORY, mo_str(""));
    if (mo_str_starts(text, mo_str("\xEF\xBB\xBF")))
        text = mo_str_from(text, 3);
    return read_lines(&o, text, false) || read_lines(&o, text, true) ? -1 : 0;
}

int
mo_tables_overlay_sections(struct mo_tables *tables, struct mo_str text,
    struct mo_str file, const struct mo_sink *sink)
{
    struct overlay o = {.sink = sink};
    bool named[MAX_TABLES] = {false}, any = false;
    int failed = 0;

    o.diag.file = file;
    for (struct mo_str rest = text; rest.n && !failed;) {
        struct mo_str section = section_of(piece(&rest, '\n'));
        struct mo_table *table = find(tables, section);

        ++o.diag.line;
        if (section.n && !table)
            failed = complain(&o, MO_DIAG_TABLE_UNKNOWN, section);
        if (table)
            any = named[table - tables->tables] = true;
    }
    o.diag.line = 0;
    if (!failed && !any)
        failed = complain(&o, MO_DIAG_TABLE_UNSAID, mo_str(""));
    for (size_t i = 0; i < tables->n && !failed; ++i)
        if (named[i])
            failed = mo_tables_overlay(
                tables, mo_str(tables->tables[i].source->name), text, file, sink);
    return failed;
}

static void
put_cell(struct mo_buf *out, const struct mo_table *table, size_t k, const char *cell)
{
    mo_buf_c(out, cell);
    mo_buf_byte(out, k + 1 < table->columns ? '\t' : '\n');
}

int
mo_tables_list(const struct mo_tables *tables, struct mo_str name, struct mo_buf *out)
{
    const struct mo_table *table = find(tables, name);

    if (!table)
        return -1;
    for (size_t k = 0; k < table->columns; ++k)
        put_cell(out, table, k, column_name(table, k));
    for (size_t i = 0; i < table->rows; ++i)
        for (size_t k = 0; k < table->columns; ++k)
            put_cell(out, table, k, mo_table_cell(table, i, k));
    return out->failed ? -1 : 0;
}

/* ---- Rows by the text of a column ---- */

struct mo_lookup_rows {
    bool read;
    uint64_t key;
    size_t mask;
    uint32_t *first, *next; /* rows, counted from 1 */
};

static size_t
slot_of(const struct mo_lookup_rows *r, struct mo_str text)
{
    uint64_t hash = r->key;

    for (size_t i = 0; i < text.n; ++i)
        hash = (hash ^ (unsigned char)mo_lower(text.p[i])) * UINT64_C(0x100000001B3);
    return mo_mix(hash) & r->mask;
}

int
mo_lookup_init(struct mo_lookup *l, const struct mo_table *table, const char *column,
    struct mo_arena *arena)
{
    struct mo_lookup_rows *r = mo_arena_zero(arena, sizeof *r);
    size_t slots = 8;

    while (slots < 2 * table->rows)
        slots *= 2;
    l->table = table;
    l->column = mo_table_column(table, column);
    l->rows = r;
    if (!r)
        return -1;
    r->mask = slots - 1;
    r->first = mo_arena_alloc(arena, slots * sizeof *r->first);
    r->next = mo_arena_alloc(arena, (table->rows + 1) * sizeof *r->next);
    return r->first && r->next ? 0 : -1;
}

void
mo_lookup_read(const struct mo_lookup *l)
{
    struct mo_lookup_rows *r = l->rows;

    if (r->read)
        return;
    r->read = true;
    r->key = mo_hash_key();
    memset(r->first, 0, (r->mask + 1) * sizeof *r->first);
    for (size_t row = l->table->rows; row > 0; --row) {
        size_t slot = slot_of(r, mo_str(mo_table_cell(l->table, row - 1, l->column)));

        r->next[row] = r->first[slot];
        r->first[slot] = (uint32_t)row;
    }
}

bool
mo_lookup_next(const struct mo_lookup *l, struct mo_str text, size_t *row)
{
    const struct mo_lookup_rows *r = l->rows;
    size_t at;

    mo_lookup_read(l);
    at = *row ? r->next[*row] : text.n ? r->first[slot_of(r, text)] : 0;
    while (
        at && !mo_str_eq_nocase(text, mo_str(mo_table_cell(l->table, at - 1, l->column))))
        at = r->next[at];
    *row = at;
    return at != 0;
}
