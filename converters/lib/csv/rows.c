#include "csv/rows.h"

#include <csv.h>
#include <stdlib.h>

#include "csv/plainrow.h"

enum { MAX_FAULTS = 100, MAX_TEXT = 1 << 30 };

struct mo_rows {
    struct csv_parser parser;
    bool parsing; /* `parser` holds memory */
    bool strict;
    char separator;
    size_t max_bytes;
    struct mo_buf text; /* not read yet, from `at` on */
    size_t at;
    bool ended, lost;
    size_t n_faults;

    /* The row in hand. */
    struct mo_buf bytes,
        cells; /* as written; the texts of its cells, one behind the other */
    size_t ends[MO_MAX_CELLS];
    struct mo_plain_cell plain[MO_MAX_CELLS]; /* instead, of a plain row */
    struct mo_str views[MO_MAX_CELLS];
    size_t n;
    bool is_plain;
    bool done;     /* its end was seen */
    bool skipping; /* it was given up, and its line goes on */
    bool given;    /* the caller has it */
    bool failed;

    size_t number, line; /* rows and lines before the one in hand */
    uint64_t offset;
    bool after_cr;
};

static int
begin(struct mo_rows *r)
{
    unsigned char options = CSV_REPALL_NL;

    if (r->parsing)
        csv_free(&r->parser);
    r->parsing = csv_init(&r->parser, r->strict ? options | CSV_STRICT : options) == 0;
    if (!r->parsing)
        return -1;
    csv_set_delim(&r->parser, (unsigned char)r->separator);
    r->after_cr = false;
    return 0;
}

struct mo_rows *
mo_rows_new(char separator, bool strict, size_t max_bytes)
{
    struct mo_rows *r = calloc(1, sizeof *r);

    if (!r)
        return NULL;
    r->separator = separator;
    r->strict = strict;
    r->max_bytes = max_bytes;
    mo_buf_init(&r->text, MAX_TEXT);
    mo_buf_init(&r->bytes, MAX_TEXT);
    mo_buf_init(&r->cells, MAX_TEXT);
    if (begin(r)) {
        free(r);
        return NULL;
    }
    return r;
}

void
mo_rows_free(struct mo_rows *r)
{
    if (!r)
        return;
    if (r->parsing)
        csv_free(&r->parser);
    mo_buf_done(&r->text);
    mo_buf_done(&r->bytes);
    mo_buf_done(&r->cells);
    free(r);
}

int
mo_rows_push(struct mo_rows *r, struct mo_str text)
{
    mo_buf_shift(&r->text, r->at);
    r->at = 0;
    return mo_buf_str(&r->text, text);
}

void
mo_rows_end(struct mo_rows *r)
{
    r->ended = true;
}

/* ---- What libcsv calls ---- */

static void
take_cell(void *text, size_t n, void *ctx)
{
    struct mo_rows *r = ctx;

    if (r->n == MO_MAX_CELLS)
        return;
    if (mo_buf_add(&r->cells, text, n))
        r->failed = true;
    r->ends[r->n++] = r->cells.n;
}

static void
take_end(int c, void *ctx)
{
    struct mo_rows *r = ctx;

    (void)c;
    r->done = true;
}

/* ---- Rows ---- */

static void
forget(struct mo_rows *r)
{
    mo_buf_clear(&r->bytes);
    mo_buf_clear(&r->cells);
    r->n = 0;
    r->done = r->given = r->is_plain = false;
}

/* The next line, line end and all, or what there is of it; nothing more is looked at. */
static struct mo_str
piece_of(const struct mo_rows *r)
{
    struct mo_str rest = mo_str_from(mo_buf_view(&r->text), r->at);
    size_t n = 0;

    while (n < rest.n && rest.p[n] != '\n' && rest.p[n] != '\r')
        ++n;
    return mo_str_n(rest.p, n < rest.n ? n + 1 : n);
}

static size_t
lines_in(struct mo_str text)
{
    bool returns = text.n && memchr(text.p, '\r', text.n);
    size_t n = 0;

    for (size_t i = 0; returns && i < text.n; ++i)
        n += text.p[i] == '\r' && (i + 1 == text.n || text.p[i + 1] != '\n');
    for (size_t i = 0; i < text.n; ++i, ++n) {
        const char *hit = memchr(text.p + i, '\n', text.n - i);

        if (!hit)
            break;
        i = (size_t)(hit - text.p);
    }
    return n;
}

/* What counts places moves behind the row in hand. */
static void
pass(struct mo_rows *r)
{
    r->offset += r->bytes.n;
    r->line += lines_in(mo_buf_view(&r->bytes));
    forget(r);
}

static void
view_cells(struct mo_rows *r)
{
    size_t from = 0;

    for (size_t i = 0; i < r->n; ++i) {
        r->views[i] = mo_str_n(r->cells.p ? r->cells.p + from : "", r->ends[i] - from);
        from = r->ends[i];
    }
}

static enum mo_row_state
give(struct mo_rows *r, struct mo_row *row, enum mo_row_state state)
{
    if (!r->is_plain)
        view_cells(r);
    row->cells = r->views;
    row->n = r->n;
    row->number = r->number += state != MO_ROW_REST;
    row->line = r->line + 1;
    row->offset = r->offset;
    row->bytes = mo_buf_view(&r->bytes);
    r->given = true;
    return state;
}

/*
 * The row in hand is none. Its first line is given up, and what stands behind that is read
 * again.
 */
static enum mo_row_state
give_up(struct mo_rows *r, struct mo_row *row, enum mo_row_fault fault)
{
    struct mo_str bytes = mo_buf_view(&r->bytes);
    struct mo_buf again;
    size_t n = 0;

    row->fault = fault;
    row->column = r->n;
    if (++r->n_faults > MAX_FAULTS) {
        r->lost = true;
        row->fault = MO_ROW_LOST;
        return give(r, row, MO_ROW_FAULT);
    }
    while (n < bytes.n && bytes.p[n] != '\n')
        ++n;
    n = n < bytes.n ? n + 1 : n;
    mo_buf_init(&again, MAX_TEXT);
    mo_buf_str(&again, mo_str_from(bytes, n));
    mo_buf_str(&again, mo_str_from(mo_buf_view(&r->text), r->at));
    mo_buf_clear(&r->text);
    r->at = 0;
    mo_buf_join(&r->text, &again);
    row->more = r->skipping = n == bytes.n && n && bytes.p[n - 1] != '\n' && !r->ended;
    r->bytes.n = n;
    r->n = 0;
    return r->text.failed || begin(r) ? MO_ROW_TROUBLE : give(r, row, MO_ROW_FAULT);
}

/* The rest of a line that was given up, or what there is of it. */
static enum mo_row_state
skip(struct mo_rows *r, struct mo_row *row)
{
    struct mo_str rest = mo_str_from(mo_buf_view(&r->text), r->at);
    size_t n = mo_str_find(rest, mo_str("\n"), 0);

    r->skipping = row->more = n == rest.n && !r->ended;
    n = n < rest.n ? n + 1 : n;
    r->at += n;
    return mo_buf_add(&r->bytes, rest.p, n) ? MO_ROW_TROUBLE : give(r, row, MO_ROW_REST);
}

/* The end of the text ends the row in hand, as a line end does outside of a quotation. */
static enum mo_row_state
finish(struct mo_rows *r, struct mo_row *row)
{
    if (r->bytes.n == 0)
        return MO_ROW_MORE;
    if (csv_parse(&r->parser, "\n", 1, take_cell, take_end, r) != 1 || !r->done)
        return give_up(r, row, MO_ROW_QUOTE);
    if (r->n == 0) {
        forget(r);
        return MO_ROW_MORE;
    }
    return give(r, row, MO_ROW_READ);
}

/* The second half of a line end whose first has ended a row. */
static bool
is_rest(const struct mo_rows *r)
{
    return r->after_cr && r->bytes.n == 0 && r->text.p[r->at] == '\n';
}

/* The next row, if it is a plain one that is here as a whole. */
static bool
take_plain(struct mo_rows *r)
{
    struct mo_str rest = mo_str_from(mo_buf_view(&r->text), r->at);
    size_t n = r->bytes.n ? 0 : mo_plain_row(rest, r->separator, r->plain, &r->n);

    if (n == 0 || n > r->max_bytes) {
        r->n = r->bytes.n ? r->n : 0;
        return false;
    }
    r->at += n;
    r->after_cr = rest.p[n - 1] == '\r';
    r->is_plain = true;
    /* The texts of cells are no longer than they, so that what was put there stays. */
    r->failed = mo_buf_add(&r->bytes, rest.p, n) || mo_buf_reserve(&r->cells, n);
    for (size_t i = 0; i < r->n && !r->failed; ++i) {
        size_t from = r->cells.n;

        r->views[i] = mo_str_n(r->bytes.p + r->plain[i].from, r->plain[i].n);
        if (!r->plain[i].doubled)
            continue;
        mo_plain_text(r->views[i], &r->cells);
        r->views[i] = mo_str_from(mo_buf_view(&r->cells), from);
    }
    return true;
}

enum mo_row_state
mo_rows_next(struct mo_rows *r, struct mo_row *row)
{
    if (r->given)
        pass(r);
    if (r->skipping && r->at < r->text.n)
        return skip(r, row);
    while (!r->lost && r->at < r->text.n) {
        struct mo_str piece;

        if (is_rest(r)) {
            ++r->at;
            ++r->offset;
            r->after_cr = false;
            continue;
        }
        if (take_plain(r))
            return r->failed ? MO_ROW_TROUBLE : give(r, row, MO_ROW_READ);
        piece = piece_of(r);
        r->at += piece.n;
        r->after_cr = piece.p[piece.n - 1] == '\r';
        if (mo_buf_str(&r->bytes, piece))
            return MO_ROW_TROUBLE;
        if (csv_parse(&r->parser, piece.p, piece.n, take_cell, take_end, r) != piece.n)
            return csv_error(&r->parser) == CSV_EPARSE ? give_up(r, row, MO_ROW_SYNTAX)
                                                       : MO_ROW_TROUBLE;
        if (r->failed)
            return MO_ROW_TROUBLE;
        if (r->bytes.n > r->max_bytes)
            return give_up(r, row, MO_ROW_TOO_BIG);
        if (!r->done)
            continue;
        if (r->n)
            return give(r, row, MO_ROW_READ);
        ++r->number;
        pass(r);
    }
    return r->ended && !r->lost ? finish(r, row) : MO_ROW_MORE;
}
