#include "live.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <moisson/buf.h>

#include "columns.h"

enum {
    MAX_LINE = 4096,
    WIDTH = 80, /* of a terminal that does not say */
    LINES = 24,
    MOST_NAME = 32,
    STATE = 14,
    LANGUAGES = 2
};

struct live {
    FILE *out;
    enum mo_lang lang;
    bool colours;
    size_t lines; /* that are shown */
    size_t width; /* to draw with */
};

struct live *
live_new(FILE *out, enum mo_lang lang)
{
    const char *term = getenv("TERM"), *plain = getenv("NO_COLOR");
    struct live *l;

    if (!isatty(fileno(out)) || !term || !term[0] || strcmp(term, "dumb") == 0)
        return NULL;
    l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    l->out = out;
    l->lang = lang;
    l->colours = !plain || !plain[0];
    return l;
}

void
live_free(struct live *l)
{
    live_clear(l);
    free(l);
}

/*
 * Where the terminal became narrower and broke lines in two, some of the picture stays: what
 * was said above it must not be wiped out.
 */
void
live_clear(struct live *l)
{
    if (!l || l->lines == 0)
        return;
    fprintf(l->out, "\r\033[%zuA\033[J", l->lines);
    fflush(l->out);
    l->lines = 0;
}

/* ---- One line ---- */

static const struct {
    const char *text[LANGUAGES], *colour;
} states[] = {
    [PROGRESS_WAITING] = {{"waiting", "attend"}, ""},
    [PROGRESS_RETRYING] = {{"again in", "nouvel essai"}, "33"},
    [PROGRESS_ROBOTS] = {{"robots.txt", "robots.txt"}, ""},
    [PROGRESS_FETCHING] = {{"fetching", "reçoit"}, "32"},
    [PROGRESS_CONVERTING] = {{"converting", "convertit"}, "32"},
    [PROGRESS_ENDED] = {{"ended", "fini"}, ""},
};

static void
pad(struct mo_buf *line, size_t from, size_t width)
{
    size_t n = columns_of(mo_str_n(line->p + from, line->n - from));

    for (; n < width; ++n)
        mo_buf_byte(line, ' ');
}

static void
put_state(struct mo_buf *line, const struct live *l, const struct progress *row)
{
    size_t from = line->n;

    mo_buf_c(line, states[row->state].text[l->lang]);
    if (row->state == PROGRESS_RETRYING)
        mo_buf_printf(line, " %.0f s", row->wait + 0.5);
    pad(line, from, STATE);
}

static double
rate(int64_t records, double seconds)
{
    return seconds > 0.5 ? (double)records / seconds : 0;
}

static void
put_counts(struct mo_buf *line, const struct live *l, int64_t pages, int64_t records,
    double seconds)
{
    static const char *const forms[LANGUAGES] = {
        " %5lld pages %8lld records %6.0f/s", " %5lld pages %8lld fiches %6.0f/s"};

    mo_buf_printf(line, forms[l->lang], (long long)pages, (long long)records,
        rate(records, seconds));
}

/* Print a line in the columns that there are; its last one stays free, lest it breaks. */
static void
print(struct live *l, const struct mo_buf *line, const char *colour)
{
    bool coloured = l->colours && colour[0];

    if (coloured)
        fprintf(l->out, "\033[%sm", colour);
    columns_text(l->out, mo_buf_view(line), l->width);
    fputs(coloured ? "\033[0m\n" : "\n", l->out);
    ++l->lines;
}

static void
print_source(struct live *l, const struct progress *row, size_t name)
{
    char memory[MAX_LINE];
    struct mo_buf line;

    mo_buf_fixed(&line, memory, sizeof memory);
    mo_buf_c(&line, row->source);
    pad(&line, 0, name);
    mo_buf_c(&line, "  ");
    put_state(&line, l, row);
    put_counts(&line, l, row->pages, row->records, row->seconds);
    print(l, &line, states[row->state].colour);
}

/* ---- All of them ---- */

static void
print_total(struct live *l, const struct progress *rows, size_t n, size_t hidden)
{
    static const char *const forms[LANGUAGES] = {
        "%zu of %zu sources ended", "%zu sources sur %zu finies"};
    static const char *const failed[LANGUAGES] = {", %zu not well", ", %zu mal"};
    static const char *const more[LANGUAGES] = {", %zu more", ", %zu de plus"};
    size_t ended = 0, bad = 0;
    int64_t pages = 0, records = 0;
    double seconds = 0;
    char memory[MAX_LINE];
    struct mo_buf line;

    for (size_t i = 0; i < n; ++i) {
        ended += rows[i].state == PROGRESS_ENDED;
        bad += rows[i].failed || rows[i].held;
        pages += rows[i].pages;
        records += rows[i].records;
        seconds = rows[i].seconds > seconds ? rows[i].seconds : seconds;
    }
    mo_buf_fixed(&line, memory, sizeof memory);
    mo_buf_printf(&line, forms[l->lang], ended, n);
    if (bad)
        mo_buf_printf(&line, failed[l->lang], bad);
    if (hidden)
        mo_buf_printf(&line, more[l->lang], hidden);
    mo_buf_byte(&line, ':');
    put_counts(&line, l, pages, records, seconds);
    print(l, &line, bad ? "31" : "1");
}

static bool
is_busy(const struct progress *row)
{
    return row->state == PROGRESS_FETCHING || row->state == PROGRESS_CONVERTING;
}

/*
 * Where there are more sources than lines, those that are at work go first. `chosen` of the
 * rows are to be shown; how many.
 */
static size_t
choose(const struct progress *rows, size_t n, size_t most, bool chosen[])
{
    size_t shown = 0;

    for (int busy = 1; busy >= 0; --busy)
        for (size_t i = 0; i < n && shown < most; ++i)
            if (rows[i].state != PROGRESS_ENDED && is_busy(&rows[i]) == (busy == 1)) {
                chosen[i] = true;
                ++shown;
            }
    return shown;
}

void
live_show(struct live *l, const struct progress *rows, size_t n)
{
    size_t lines = columns_lines(l->out), width = columns_width(l->out), name = 0;
    size_t most = (lines ? lines : LINES) - 2; /* lines of sources */
    bool *chosen = calloc(n + 1, sizeof *chosen);
    size_t shown, open = 0;

    live_clear(l);
    l->width = (width ? width : WIDTH) - 1;
    if (!chosen || lines == 1 || lines == 2 || l->width < 2) {
        free(chosen);
        return;
    }
    shown = choose(rows, n, most, chosen);
    for (size_t i = 0; i < n; ++i) {
        size_t w = columns_of(mo_str(rows[i].source));

        open += rows[i].state != PROGRESS_ENDED;
        if (chosen[i] && w > name)
            name = w < MOST_NAME ? w : MOST_NAME;
    }
    for (size_t i = 0; i < n; ++i)
        if (chosen[i])
            print_source(l, &rows[i], name);
    print_total(l, rows, n, open - shown);
    fflush(l->out);
    free(chosen);
}
