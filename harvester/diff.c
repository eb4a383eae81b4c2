#include "diff.h"

#include <stdlib.h>
#include <string.h>

#include "changes.h"
#include "columns.h"

enum { MOST = 20 }; /* differences of one record that are shown */

static const struct {
    const char *state;
    char mark;
} marks[] = {{"new", '+'}, {"changed", '~'}, {"moved", '>'}, {"back", '<'},
    {"missing", '?'}, {"gone", '-'}, {"rejected", '!'}, {"filtered", '-'},
    {"foreign", '-'}};

static char
mark_of(const char *state)
{
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; ++i)
        if (strcmp(marks[i].state, state) == 0)
            return marks[i].mark;
    return ' ';
}

struct printing {
    struct run *run;
    const char *source;
    size_t width, n;
};

static void
print_item(struct printing *p, const char *state, const char *title, const char *identity,
    const char *was, struct mo_str changes)
{
    FILE *out = p->run->out;
    struct mo_buf line;

    if (p->run->json) {
        fputs(p->run->n_listed++ ? ",\n{\"source\":" : "[\n{\"source\":", out);
        columns_json(out, mo_str(p->source));
        fputs(",\"state\":", out);
        columns_json(out, mo_str(state));
        fputs(",\"identity\":", out);
        columns_json(out, mo_str(identity));
        fputs(",\"title\":", out);
        columns_json(out, mo_str(title ? title : ""));
        if (was) {
            fputs(",\"was\":", out);
            columns_json(out, mo_str(was));
        }
        fprintf(out, ",\"changes\":%.*s}", changes.n ? (int)changes.n : 2,
            changes.n ? changes.p : "[]");
        return;
    }
    ++p->n;
    mo_buf_init(&line, 1 << 20);
    mo_buf_printf(&line, "%c %-9s %s  [%s]", mark_of(state), state,
        title && title[0] ? title : "-", identity);
    columns_text(out, mo_buf_view(&line), p->width);
    fputc('\n', out);
    if (was) {
        mo_buf_clear(&line);
        mo_buf_printf(&line, "    %s [%s]", program_say(p->run, "was", "était"), was);
        columns_text(out, mo_buf_view(&line), p->width);
        fputc('\n', out);
    }
    mo_buf_done(&line);
    changes_print(out, changes, "    ", p->width, MOST);
}

static void
tell_fate(void *ctx, const struct fate *fate)
{
    struct differences d = {.added = 0};

    mo_buf_init(&d.json, 1 << 20);
    if (fate->old.p && fate->new.p)
        changes_find(fate->old, fate->new, &d);
    print_item(
        ctx, fate->state, fate->title, fate->identity, fate->was, mo_buf_view(&d.json));
    mo_buf_done(&d.json);
}

static void
end_source(const struct printing *p)
{
    if (!p->run->json && p->n == 0)
        fprintf(p->run->out, "%s\n",
            program_say(p->run, "nothing is different", "rien ne diffère"));
}

void
diff_end(const struct run *r)
{
    if (r->json)
        fputs(r->n_listed ? "\n]\n" : "[]\n", r->out);
}

int
diff_job(struct run *r, const char *source, int64_t job)
{
    struct printing p = {.run = r, .source = source, .width = columns_width(r->out)};

    if (store_fates(r->store, job, tell_fate, &p))
        return program_store_failed(r);
    end_source(&p);
    return 0;
}

/* ---- What has happened ---- */

/* Events behind job `from` up to job `to`, of the source of `to`. */
static int
diff_events(struct run *r, const char *from, const char *to)
{
    const char *values[] = {from, to};
    struct printing p = {.run = r, .width = columns_width(r->out)};
    struct rows *rows = store_rows(r->store,
        "SELECT e.state, e.title, e.identity, e.source, e.detail FROM v_event AS e WHERE"
        " e.job > ?1 + 0 AND e.job <= ?2 + 0 AND e.source = (SELECT source FROM v_job"
        " WHERE job = ?2 + 0) ORDER BY e.job, e.item",
        values, 2);

    while (rows && rows_next(rows)) {
        p.source = rows_text(rows, 3);
        print_item(&p, rows_text(rows, 0), rows_text(rows, 1), rows_text(rows, 2), NULL,
            rows_bytes(rows, 4));
    }
    if (rows_done(rows))
        return program_store_failed(r);
    end_source(&p);
    return 0;
}

/* The number in the first row, or 0; each value is ?1, ?2. */
static int64_t
number_of(const struct run *r, const char *sql, const char *const values[], size_t n)
{
    struct rows *rows = store_rows(r->store, sql, values, n);
    int64_t number = rows && rows_next(rows) ? rows_number(rows, 0) : 0;

    rows_done(rows);
    return number;
}

static int
diff_held(struct run *r, int64_t job)
{
    char number[24];
    const char *values[] = {number};
    struct rows *rows;
    int status = 0;

    snprintf(number, sizeof number, "%lld", (long long)job);
    rows = store_rows(r->store, "SELECT source FROM v_job WHERE job = ?1 + 0", values, 1);
    if (rows && rows_next(rows))
        status = diff_job(r, rows_text(rows, 0), job);
    return rows_done(rows) ? program_store_failed(r) : status;
}

/* What a job did; or, when it is held, would do. */
static int
diff_one(struct run *r, const char *name)
{
    const char *values[] = {name};
    char from[24], to[24];
    int64_t held, job;

    if (store_held(r->store, name, &held))
        return program_store_failed(r);
    if (held)
        return diff_held(r, held);
    job = number_of(r,
        "SELECT job FROM v_job WHERE state = 'done' AND (source = ?1 OR job = ?1 + 0 AND"
        " NOT EXISTS (SELECT 1 FROM v_source WHERE source = ?1)) ORDER BY job DESC LIMIT 1",
        values, 1);
    if (!job)
        return program_fatal(r, MO_DIAG_NO_JOB, name, r->store_file);
    snprintf(from, sizeof from, "%lld", (long long)job - 1);
    snprintf(to, sizeof to, "%lld", (long long)job);
    return diff_events(r, from, to);
}

static int
diff_two(struct run *r)
{
    const char *values[] = {r->operands[0], r->operands[1]};

    for (size_t i = 0; i < 2; ++i)
        if (!number_of(r, "SELECT job FROM v_job WHERE job = ?1 + 0", &values[i], 1))
            return program_fatal(r, MO_DIAG_NO_JOB, values[i], r->store_file);
    if (!number_of(r,
            "SELECT count(DISTINCT source) = 1 FROM v_job WHERE job IN (?1 + 0, ?2 + 0)",
            values, 2))
        return program_misuse("the jobs are of two sources", values[1]);
    return diff_events(r, values[0], values[1]);
}

/* Of every source: what is held, else what its last job did. */
static int
diff_all(struct run *r)
{
    struct rows *rows = store_rows(r->store,
        "SELECT source FROM v_source WHERE promoted IS NOT NULL OR held IS NOT NULL ORDER"
        " BY position, source",
        NULL, 0);
    int status = 0;

    while (rows && status == 0 && rows_next(rows)) {
        if (!r->json)
            fprintf(r->out, "%s:\n", rows_text(rows, 0));
        status = diff_one(r, rows_text(rows, 0));
    }
    if (rows_done(rows))
        return program_store_failed(r);
    return status;
}

int
command_diff(struct run *r)
{
    int status;

    if (program_open_store(r, false))
        return MO_EXIT_TROUBLE;
    status = r->n_operands == 0   ? diff_all(r)
             : r->n_operands == 1 ? diff_one(r, r->operands[0])
                                  : diff_two(r);
    if (status == 0)
        diff_end(r);
    return status;
}
