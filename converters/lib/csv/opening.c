#include <stdlib.h>

#include <moisson/text.h>

#include "csv/reader.h"

/* ---- Headings ---- */

/* Commas, semicolons or tabs: what makes most known headings of the first row. */
static int
choose(struct csv_reader *r, struct mo_str head, char *best, size_t *most)
{
    static const char separators[] = ";,\t";

    *most = 0;
    for (const char *s = separators; *s; ++s) {
        struct mo_rows *rows = mo_rows_new(*s, false, r->reader.options.max_bytes);
        struct csv_headings headings = {0};
        enum mo_row_state state = MO_ROW_MORE;
        struct mo_row row = {0};

        if (!rows || mo_rows_push(rows, head)) {
            mo_rows_free(rows);
            return -1;
        }
        mo_rows_end(rows);
        do
            state = mo_rows_next(rows, &row);
        while (state == MO_ROW_READ && mo_csv_is_comment(&row));
        if (state == MO_ROW_READ &&
            mo_csv_headings(&headings, &row, r->values, &r->fields, r->arena) == 0 &&
            headings.n_known > *most) {
            *best = *s;
            *most = headings.n_known;
        }
        mo_rows_free(rows);
        mo_arena_reset(r->arena);
    }
    return 0;
}

static void
say_headings(struct csv_reader *r, const struct mo_row *row)
{
    for (size_t i = 0; i < r->headings.n; ++i) {
        const struct csv_column *column = &r->headings.columns[i];

        if (column->named && !column->field)
            mo_csv_tell(r, MO_DIAG_HEADING_UNKNOWN, column->heading, i, row);
        else if (column->field && !column->field->read)
            mo_csv_tell(r, MO_DIAG_HEADING_COMPUTED, column->heading, i, row);
    }
}

/* The first column of each field that tells datasets apart. */
static void
find_keys(struct csv_reader *r)
{
    static const char *const names[MO_CSV_KEYS] = {
        "harvest.remote_id", "id", "harvest.uri", "title"};

    for (size_t k = 0; k < MO_CSV_KEYS; ++k)
        for (size_t i = r->headings.n; i-- > 0;) {
            const struct csv_field *field = r->headings.columns[i].field;

            if (field && !field->resource && strcmp(field->name, names[k]) == 0)
                r->key_columns[k] = i;
        }
}

void
mo_csv_take_headings(struct csv_reader *r, const struct mo_row *row)
{
    if (mo_csv_headings(&r->headings, row, r->values, &r->fields, r->heading_arena))
        mo_csv_trouble(r);
    find_keys(r);
    r->has_headings = true;
    r->values_of = calloc(r->headings.n + 1, sizeof *r->values_of);
    mo_buf_str(&r->heading_row, row->bytes);
    if (!r->values_of || r->heading_row.failed)
        mo_csv_trouble(r);
    else if (!r->headings.has_title)
        mo_csv_tell(r, MO_DIAG_NO_TITLE_HEADING, row->n ? row->cells[0] : mo_str(""),
            MO_MAX_CELLS, row);
    else
        say_headings(r, row);
    if (!r->headings.has_title && r->reader.state == MO_READER_FINE)
        r->reader.state = MO_READER_BROKE_OFF;
}

/* ---- Bytes ---- */

/*
 * The character set of a head of text that does not name one. What is mostly no UTF-8 is what
 * spreadsheets write that do not write UTF-8.
 */
static const char *
charset_of(struct csv_reader *r, struct mo_str head)
{
    struct mo_diag diag = {.id = MO_DIAG_CELL_CHARSET, .detail = mo_str("windows-1252")};
    size_t good = 0, bad = 0;

    if (mo_str_starts(head, mo_str("\xFF\xFE")) ||
        mo_str_starts(head, mo_str("\xFE\xFF")))
        return "UTF-16";
    for (size_t i = 0, from = 0; i < head.n; from = i) {
        uint32_t c = mo_utf8_next(head, &i);

        if (i - from > 1)
            ++good;
        else if (c > 127 && head.n - from > 3) /* else it may go on */
            ++bad;
    }
    if (bad <= good)
        return "UTF-8";
    mo_reader_report(&r->reader, &diag);
    return diag.detail.p;
}

int
mo_csv_take_text(struct csv_reader *r, struct mo_str bytes, bool last)
{
    struct mo_buf text;
    int failed;

    mo_buf_init(&text, SIZE_MAX);
    failed = mo_decoder_push(r->decoder, bytes, last, &text) ||
             mo_rows_push(r->rows, mo_buf_view(&text));
    mo_buf_done(&text);
    return failed;
}

int
mo_csv_start(struct csv_reader *r)
{
    struct mo_str head = mo_buf_view(&r->head);
    struct mo_str charset = r->reader.options.charset;
    struct mo_buf text;
    char separator = ';';
    size_t most;
    int failed;

    if (charset.n == 0)
        charset = mo_str(charset_of(r, head));
    if (mo_str_starts(head, mo_str("\xEF\xBB\xBF")))
        head = mo_str_from(head, 3);
    r->decoder = mo_decoder_new(charset, false);
    if (!r->decoder)
        return -1;
    mo_buf_init(&text, SIZE_MAX);
    failed = mo_decoder_push(r->decoder, head, false, &text) ||
             choose(r, mo_buf_view(&text), &separator, &most);
    r->rows = failed ? NULL
                     : mo_rows_new(separator, r->reader.options.strict,
                           r->reader.options.max_bytes);
    failed = !r->rows || mo_rows_push(r->rows, mo_buf_view(&text));
    mo_buf_done(&text);
    mo_buf_done(&r->head);
    return failed;
}
