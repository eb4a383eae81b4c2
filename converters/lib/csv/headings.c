#include "csv/csv.h"

#include "base/ctype.h"

#define RESOURCES "resources."

enum { LONGEST_HEADING = 512 };

/* ---- Names ---- */

static struct mo_str
slug_of(const struct mo_values *values, struct mo_str text, char *memory, size_t size)
{
    struct mo_buf slug;

    mo_buf_fixed(&slug, memory, size);
    mo_slug(values, text, &slug);
    return slug.failed ? mo_str("") : mo_buf_view(&slug);
}

/* The field of this name in csv-fields, which tells those of resources apart. */
static const struct csv_field *
field_of(const struct csv_fields *fields, const char *name)
{
    bool resource = mo_str_starts(mo_str(name), mo_str(RESOURCES));

    for (size_t i = 0; i < fields->n; ++i)
        if (fields->at[i].resource == resource &&
            strcmp(fields->at[i].name, resource ? name + strlen(RESOURCES) : name) == 0)
            return &fields->at[i];
    return NULL;
}

static int
read_names(struct csv_fields *fields, const struct mo_values *values,
    const struct mo_table *t, struct mo_arena *arena)
{
    size_t heading = mo_table_column(t, "heading"), field = mo_table_column(t, "field");
    char memory[LONGEST_HEADING];

    fields->names = mo_arena_alloc(arena, (t->rows + 1) * sizeof *fields->names);
    if (!fields->names)
        return -1;
    for (size_t i = 0; i < t->rows; ++i) {
        struct csv_name *name = &fields->names[fields->n_names];
        struct mo_str text = mo_str(mo_table_cell(t, i, heading));

        name->field = field_of(fields, mo_table_cell(t, i, field));
        if (mo_arena_copy(
                arena, slug_of(values, text, memory, sizeof memory), &name->slug))
            return -1;
        fields->n_names += name->field && name->slug.n;
    }
    return 0;
}

/* The field of datasets of this name, or NULL. */
static const struct csv_field *
field_of_datasets(const struct csv_fields *fields, const char *name)
{
    for (size_t i = 0; *name && i < fields->n; ++i)
        if (!fields->at[i].resource && strcmp(fields->at[i].name, name) == 0)
            return &fields->at[i];
    return NULL;
}

int
mo_csv_fields(struct csv_fields *fields, const struct mo_values *values,
    const struct mo_tables *tables, struct mo_arena *arena, const struct mo_sink *sink)
{
    const struct mo_table *t = mo_table(tables, "csv-fields");
    size_t name = mo_table_column(t, "field"), kind = mo_table_column(t, "kind");
    size_t unless = mo_table_column(t, "unless");

    for (size_t i = 0; i < t->rows; ++i) {
        struct csv_field *field = &fields->at[fields->n];
        struct mo_str text = mo_str(mo_table_cell(t, i, name));

        if (fields->n == MO_MAX_FIELDS ||
            !mo_cell_kind(mo_table_cell(t, i, kind), field)) {
            struct mo_diag diag = {.id = MO_DIAG_FIELD, .detail = text};

            mo_report(sink, &diag);
            return -1;
        }
        field->resource = mo_str_starts(text, mo_str(RESOURCES));
        field->name = field->resource ? text.p + strlen(RESOURCES) : text.p;
        ++fields->n;
    }
    for (size_t i = 0; i < fields->n; ++i)
        fields->at[i].unless = field_of_datasets(fields, mo_table_cell(t, i, unless));
    return read_names(fields, values, mo_table(tables, "csv-headings"), arena);
}

static const struct csv_field *
field_called(const struct csv_fields *fields, struct mo_str slug)
{
    for (size_t i = 0; i < fields->n_names; ++i)
        if (mo_str_eq(fields->names[i].slug, slug))
            return fields->names[i].field;
    return NULL;
}

/*
 * A slug without the number that is one of its words, which is put into `*number`. False when
 * none is.
 */
static bool
take_number(struct mo_str slug, char *memory, struct mo_str *rest, size_t *number)
{
    size_t from = 0;

    while (from < slug.n) {
        size_t end = mo_str_find(slug, mo_str("-"), from), digits = from;

        while (digits < end && mo_is_digit(slug.p[digits]))
            ++digits;
        if (digits == end && end > from && end - from <= 3) {
            *number = 0;
            for (size_t i = from; i < end; ++i)
                *number = 10 * *number + (size_t)(slug.p[i] - '0');
            size_t n = from ? from - 1 : 0;
            memcpy(memory, slug.p, n);
            end = from || end == slug.n ? end : end + 1;
            memcpy(memory + n, slug.p + end, slug.n - end);
            *rest = mo_str_n(memory, n + slug.n - end);
            return true;
        }
        from = end + 1;
    }
    return false;
}

/* ---- A row of them ---- */

/* Numbers as they are first met are the resources 0, 1, 2 ... */
static size_t
resource_numbered(size_t *numbers, size_t *n, size_t number)
{
    for (size_t i = 0; i < *n; ++i)
        if (numbers[i] == number)
            return i;
    if (*n == MO_MAX_RESOURCES)
        return MO_MAX_RESOURCES;
    numbers[*n] = number;
    return (*n)++;
}

/* A column of the row that holds the same of the same resource, or NULL. */
static const struct csv_column *
twin_of(const struct csv_headings *h, const struct csv_column *column)
{
    for (const struct csv_column *c = h->columns; c < column; ++c)
        if (c->field == column->field && c->resource == column->resource)
            return c;
    return NULL;
}

static void
find_field(struct csv_headings *h, struct csv_column *column,
    const struct mo_values *values, const struct csv_fields *fields, size_t *numbers)
{
    char memory[LONGEST_HEADING], shorter[LONGEST_HEADING];
    struct mo_str slug = slug_of(values, column->heading, memory, sizeof memory), rest;
    const struct csv_field *field = field_called(fields, slug);
    size_t number = 0;

    if (!field && take_number(slug, shorter, &rest, &number)) {
        field = field_called(fields, rest);
        if (field && !field->resource && !field->list)
            field = NULL;
    }
    column->field = field;
    column->resource = 0;
    if (field && field->resource) {
        column->resource = resource_numbered(numbers, &h->n_resources, number);
        /* The same heading again is about one more. */
        while (column->resource < MO_MAX_RESOURCES && twin_of(h, column))
            column->resource =
                resource_numbered(numbers, &h->n_resources, ++number + 1000);
        if (column->resource == MO_MAX_RESOURCES)
            column->field = NULL;
    }
}

int
mo_csv_headings(struct csv_headings *h, const struct mo_row *row,
    const struct mo_values *values, const struct csv_fields *fields,
    struct mo_arena *arena)
{
    size_t numbers[MO_MAX_RESOURCES];

    memset(h, 0, sizeof *h);
    h->columns = mo_arena_zero(arena, (row->n + 1) * sizeof *h->columns);
    if (!h->columns)
        return -1;
    for (size_t i = 0; i < row->n; ++i) {
        struct csv_column *column = &h->columns[i];
        struct mo_str heading = mo_str_trim(row->cells[i]);
        char letters[16];
        struct mo_buf name;

        mo_buf_fixed(&name, letters, sizeof letters);
        mo_csv_cell_name(&name, i, 0);
        column->named = heading.n > 0;
        if (mo_arena_copy(
                arena, column->named ? heading : mo_buf_view(&name), &column->heading))
            return -1;
        if (column->named)
            find_field(h, column, values, fields, numbers);
        h->n_known += column->field != NULL;
        if (column->field && strcmp(column->field->name, "title") == 0 &&
            !column->field->resource)
            h->has_title = true;
    }
    h->n = row->n;
    return 0;
}

bool
mo_csv_is_comment(const struct mo_row *row)
{
    return row->n && mo_str_starts(mo_str_trim(row->cells[0]), mo_str("#"));
}

void
mo_csv_cell_name(struct mo_buf *out, size_t column, size_t row)
{
    char letters[16];
    size_t n = sizeof letters;

    for (++column; column; column = (column - 1) / 26)
        letters[--n] = (char)('A' + (column - 1) % 26);
    mo_buf_add(out, letters + n, sizeof letters - n);
    if (row)
        mo_buf_printf(out, "%zu", row);
}
