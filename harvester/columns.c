#include "columns.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <moisson/json.h>

enum { MAX_COLUMNS = 32, MAX_CELL = 64 << 10, GAP = 2, LEAST = 8 };

static bool
begins_character(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

size_t
columns_of(struct mo_str text)
{
    size_t n = 0;

    for (size_t i = 0; i < text.n; ++i)
        n += begins_character(text.p[i]);
    return n;
}

size_t
columns_text(FILE *out, struct mo_str text, size_t width)
{
    size_t all = columns_of(text), took = 0;
    bool short_of = width && all > width;

    for (size_t i = 0; i < text.n; ++i) {
        unsigned char c = (unsigned char)text.p[i];

        if (begins_character(text.p[i]) && short_of && took == width - 1)
            break;
        took += begins_character(text.p[i]);
        putc(c < ' ' || c == 0x7F ? ' ' : c, out);
    }
    if (short_of)
        fputs("…", out);
    return took + short_of;
}

/* What the environment says, else the terminal: columns, or lines. */
static size_t
size_of(FILE *out, const char *variable, bool lines)
{
    const char *said = getenv(variable);
    struct winsize size;

    if (said && atoi(said) > 0)
        return (size_t)atoi(said);
    if (isatty(fileno(out)) && ioctl(fileno(out), TIOCGWINSZ, &size) == 0)
        return lines ? size.ws_row : size.ws_col;
    return 0;
}

size_t
columns_width(FILE *out)
{
    return size_of(out, "COLUMNS", false);
}

size_t
columns_lines(FILE *out)
{
    return size_of(out, "LINES", true);
}

void
columns_json(FILE *out, struct mo_str text)
{
    struct mo_buf json;

    mo_buf_init(&json, (6 * text.n) + 64);
    mo_json_string(&json, text);
    if (!json.failed)
        fwrite(json.p, 1, json.n, out);
    mo_buf_done(&json);
}

/* ---- JSON ---- */

void
columns_member(FILE *out, const struct rows *rows, size_t i)
{
    columns_json(out, mo_str(rows_name(rows, i)));
    putc(':', out);
    if (!rows_text(rows, i))
        fputs("null", out);
    else if (rows_is_number(rows, i))
        fputs(rows_text(rows, i), out);
    else
        columns_json(out, rows_bytes(rows, i));
}

static void
print_object(FILE *out, const struct rows *rows)
{
    for (size_t i = 0; i < rows_width(rows); ++i) {
        putc(i ? ',' : '{', out);
        columns_member(out, rows, i);
    }
    putc('}', out);
}

static int
print_json(FILE *out, struct rows *rows)
{
    bool any = false;

    putc('[', out);
    while (rows_next(rows)) {
        fputs(any ? ",\n" : "\n", out);
        print_object(out, rows);
        any = true;
    }
    fputs(any ? "\n]\n" : "]\n", out);
    return rows_done(rows);
}

/* ---- Columns ---- */

struct table {
    size_t width, n_columns, n_rows, cap;
    char **cells; /* NULL: memory was short */
    bool right[MAX_COLUMNS];
    size_t widths[MAX_COLUMNS];
};

/* Room for one more row. */
static int
grow(struct table *t)
{
    size_t cap = t->cap ? 2 * t->cap : 64 * MAX_COLUMNS;
    char **grown;

    if ((t->n_rows + 1) * t->n_columns <= t->cap)
        return 0;
    grown = realloc(t->cells, cap * sizeof(char *));
    if (!grown)
        return -1;
    t->cells = grown;
    t->cap = cap;
    return 0;
}

static int
read_row(struct table *t, const struct rows *rows)
{
    if (grow(t))
        return -1;
    for (size_t i = 0; i < t->n_columns; ++i) {
        struct mo_str cell = rows_bytes(rows, i);
        size_t n = columns_of(cell);

        t->cells[t->n_rows * t->n_columns + i] = strndup(cell.p ? cell.p : "", cell.n);
        t->right[i] |= rows_is_number(rows, i);
        if (n > t->widths[i])
            t->widths[i] = n;
    }
    ++t->n_rows;
    return 0;
}

static void
print_cell(
    FILE *out, const struct table *t, size_t column, const char *text, size_t width)
{
    size_t n = columns_of(mo_str(text));

    for (size_t pad = t->right[column] && n < width ? width - n : 0; pad; --pad)
        putc(' ', out);
    n = columns_text(out, mo_str(text), width);
    for (size_t pad =
             t->right[column] || column + 1 == t->n_columns || n > width ? 0 : width - n;
         pad; --pad)
        putc(' ', out);
}

/* Narrow the widest columns of text until a row fits. */
static void
fit(struct table *t, size_t terminal)
{
    size_t sum = GAP * (t->n_columns - 1);

    for (size_t i = 0; i < t->n_columns; ++i)
        sum += t->widths[i];
    while (terminal && sum > terminal) {
        size_t widest = t->n_columns;

        for (size_t i = 0; i < t->n_columns; ++i)
            if (!t->right[i] && t->widths[i] > LEAST &&
                (widest == t->n_columns || t->widths[i] >= t->widths[widest]))
                widest = i;
        if (widest == t->n_columns)
            break;
        --t->widths[widest];
        --sum;
    }
}

static void
print_table(FILE *out, struct table *t)
{
    for (size_t row = 0; row < t->n_rows; ++row) {
        for (size_t i = 0; i < t->n_columns; ++i) {
            const char *cell = t->cells[row * t->n_columns + i];

            if (i + 1 == t->n_columns && (!cell || !cell[0]))
                break;
            for (size_t gap = i ? GAP : 0; gap; --gap)
                putc(' ', out);
            print_cell(out, t, i, cell ? cell : "", t->widths[i]);
        }
        putc('\n', out);
    }
}

static int
read_heads(struct table *t, const struct rows *rows)
{
    if (grow(t))
        return -1;
    for (size_t i = 0; i < t->n_columns; ++i) {
        char *head = strdup(rows_name(rows, i));

        for (char *c = head; c && *c; ++c)
            *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
        t->cells[i] = head;
        t->widths[i] = columns_of(mo_str(rows_name(rows, i)));
    }
    t->n_rows = 1;
    return 0;
}

int
columns_print(FILE *out, struct rows *rows, bool json)
{
    struct table t = {.width = columns_width(out)};
    int failed;

    if (!rows)
        return -1;
    if (json)
        return print_json(out, rows);
    t.n_columns = rows_width(rows);
    failed = t.n_columns > MAX_COLUMNS || read_heads(&t, rows);
    while (!failed && rows_next(rows))
        failed = read_row(&t, rows);
    fit(&t, t.width);
    if (!failed)
        print_table(out, &t);
    for (size_t i = 0; i < t.n_rows * t.n_columns; ++i)
        free(t.cells[i]);
    free(t.cells);
    return rows_done(rows) || failed ? -1 : 0;
}
