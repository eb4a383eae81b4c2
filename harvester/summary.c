#include "summary.h"

#include <stdlib.h>
#include <string.h>

#include "columns.h"

struct summary {
    char last[24]; /* the last job before the run */
    char *cut;     /* those that were cut short, as a JSON array */
};

/* One row a source, and one behind them for all. */
#define COUNTS                                                                           \
    "pages", "bytes", "requests", "retries", "new", "changed", "unchanged", "moved",     \
        "back", "missing", "gone", "rejected", "duplicate", "filtered", "foreign",       \
        "distributions_new", "distributions_moved", "distributions_gone"
static const char *const counts[] = {COUNTS};
enum { N_COUNTS = sizeof counts / sizeof counts[0] };

struct summary *
summary_begin(struct run *r)
{
    struct summary *s = calloc(1, sizeof *s);
    struct rows *rows =
        s ? store_rows(r->store,
                "SELECT coalesce(max(job), 0), json_group_array(job) FILTER (WHERE state ="
                " 'running') FROM all_jobs",
                NULL, 0)
          : NULL;

    if (rows && rows_next(rows)) {
        snprintf(s->last, sizeof s->last, "%s", rows_text(rows, 0));
        s->cut = strdup(rows_text(rows, 1));
    }
    rows_done(rows);
    return s;
}

/* Jobs of this run: those that began in it, and those that it went on with. */
static struct rows *
select_jobs(const struct summary *s, struct run *r)
{
    char sql[1024];
    const char *values[] = {s->last, s->cut};
    size_t n = (size_t)snprintf(sql, sizeof sql, "SELECT source, job, state, reason");

    for (size_t i = 0; i < N_COUNTS; ++i)
        n += (size_t)snprintf(sql + n, sizeof sql - n, ", \"%s\"", counts[i]);
    snprintf(sql + n, sizeof sql - n,
        ", round(seconds, 3) AS seconds FROM all_jobs WHERE job > ?1 + 0 OR state <>"
        " 'running' AND reason IS NOT 'interrupted' AND job IN (SELECT value FROM"
        " json_each(?2)) ORDER BY job");
    return store_rows(r->store, sql, values, 2);
}

static int
write_summary(const struct summary *s, struct run *r, FILE *out)
{
    struct rows *rows = select_jobs(s, r);
    int64_t totals[N_COUNTS] = {0}, n = 0;
    double seconds = 0;

    fputs("{\"sources\":[", out);
    while (rows && rows_next(rows)) {
        fputs(n++ ? ",\n{" : "\n{", out);
        for (size_t i = 0; i < rows_width(rows); ++i) {
            if (i)
                putc(',', out);
            columns_member(out, rows, i);
        }
        putc('}', out);
        for (size_t i = 0; i < N_COUNTS; ++i)
            totals[i] += rows_number(rows, 4 + i);
        seconds += strtod(rows_text(rows, 4 + N_COUNTS), NULL);
    }
    fprintf(out, "\n],\n\"total\":{\"sources\":%lld", (long long)n);
    for (size_t i = 0; i < N_COUNTS; ++i)
        fprintf(out, ",\"%s\":%lld", counts[i], (long long)totals[i]);
    fprintf(out, ",\"seconds\":%.3f}}\n", seconds);
    return rows_done(rows);
}

/* To standard output, or into a file that is put in place once it is whole. */
static int
write_file(const struct summary *s, struct run *r)
{
    struct mo_output file;
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    int failed = !out || write_summary(s, r, out);

    failed |= out && fclose(out);
    if (!failed && r->json && !r->dry)
        failed = fwrite(text, 1, n, r->out) != n;
    if (!failed && r->summary) {
        failed =
            mo_output_open(&file, r->summary) ||
            (mo_output_write(&file, mo_str_n(text, n)) | mo_output_close(&file, true));
        r->output = r->summary;
    }
    free(text);
    return failed ? program_cannot_write(r) : 0;
}

int
summary_end(struct summary *s, struct run *r)
{
    int failed = s && (r->json || r->summary) ? write_file(s, r) : 0;

    if (s)
        free(s->cut);
    free(s);
    return failed ? -1 : 0;
}
