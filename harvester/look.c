#include "program.h"

#include <string.h>
#include <unistd.h>

#include <moisson/json.h>

#include "columns.h"

/* ---- Tables ---- */

/* A time as people read it. */
#define SHORT(column) "replace(substr(" column ", 1, 16), 'T', ' ')"

/* A count and its name, where it is not 0. */
#define SOME(column)                                                                     \
    "CASE WHEN " column " THEN ', ' || " column " || ' " column "' ELSE '' END"
#define WHAT                                                                                                                                                                               \
    "substr(" SOME("new") " || " SOME("changed") " || " SOME("unchanged") " || " SOME("moved") " || " SOME("back") " || " SOME(                                                            \
        "missing") " || " SOME("gone") " || " SOME("rejected") " || " SOME("duplicate") " || " SOME("filtered") " || "                                                                     \
                                                                                                                "CASE WHEN \"foreign\" THEN ', ' || \"foreign\" || ' foreign' ELSE '' END" \
                                                                                                                " || CASE WHEN reason IS NULL THEN '' ELSE ', ' ||"                        \
                                                                                                                " reason END, 3)"

/* A command that prints one SELECT, in columns or as JSON; ?1 is its operand, ?2 another. */
static int
print(struct run *r, const char *table, const char *json, const char *second)
{
    const char *values[] = {r->n_operands ? r->operands[0] : NULL, second};

    if (columns_print(
            r->out, store_rows(r->store, r->json ? json : table, values, 2), r->json))
        return program_store_failed(r);
    return MO_EXIT_CLEAN;
}

int
command_jobs(struct run *r)
{
    if (program_open_store(r, false) || program_check_source(r))
        return MO_EXIT_TROUBLE;
    return print(r,
        "SELECT job, source, state, " SHORT(
            "started") " AS started, round(seconds, 1) || 's'"
                       " AS took, " WHAT
                       " AS what FROM v_job WHERE ?2 IS NULL AND (?1 IS NULL OR source"
                       " = ?1) ORDER BY job",
        "SELECT * FROM v_job WHERE ?2 IS NULL AND (?1 IS NULL OR source = ?1) ORDER BY job",
        NULL);
}

int
command_items(struct run *r)
{
    if (program_open_store(r, false) || program_check_source(r))
        return MO_EXIT_TROUBLE;
    return print(r,
        "SELECT source, state, kind, coalesce(title, '') AS title, identity FROM v_item"
        " WHERE (?1 IS NULL OR source = ?1) AND CASE WHEN ?2 IS NULL THEN gone IS NULL AND"
        " kind IN ('dataset', 'service') ELSE state = ?2 AND kind NOT IN ('part', 'loose')"
        " END ORDER BY source, item IS NULL, item",
        "SELECT source, state, kind, identity, iri, title, first_seen, changed, last_seen,"
        " missing, gone, was, page, hash FROM v_item WHERE (?1 IS NULL OR source = ?1) AND"
        " CASE WHEN ?2 IS NULL THEN gone IS NULL AND kind IN ('dataset', 'service') ELSE"
        " state = ?2 AND kind NOT IN ('part', 'loose') END ORDER BY source, item IS NULL,"
        " item",
        r->state);
}

/* What happened, in order: the ends of jobs, and what became of records. */
#define LOG                                                                              \
    " FROM (SELECT coalesce(ended, started) AS time, source, job, state, " WHAT          \
    " AS what, 0 AS item FROM v_job UNION ALL SELECT time, source, job, state,"          \
    " coalesce(title, identity), item FROM v_event) WHERE ?2 IS NULL AND (?1 IS NULL OR" \
    " source = ?1 OR job = ?1 + 0 AND NOT EXISTS (SELECT 1 FROM v_source WHERE source =" \
    " ?1)) ORDER BY time, job, item"

/* Whether the operand is the number of a job. */
static bool
is_job(const struct run *r)
{
    const char *values[] = {r->n_operands ? r->operands[0] : NULL};
    struct rows *rows = store_rows(
        r->store, "SELECT 1 FROM v_job WHERE CAST(job AS TEXT) = ?1", values, 1);
    bool found = rows && rows_next(rows);

    rows_done(rows);
    return found;
}

int
command_log(struct run *r)
{
    if (program_open_store(r, false) || (!is_job(r) && program_check_source(r)))
        return MO_EXIT_TROUBLE;
    return print(r, "SELECT " SHORT("time") " AS time, source, job, state, what" LOG,
        "SELECT time, source, job, state, what" LOG, NULL);
}

/* ---- status ---- */

/* What needs someone: not the last harvest of each source was done, or not well. */
#define PROBLEM                                                                           \
    "(state IN ('failed', 'held') OR held IS NOT NULL OR rejected OR missing OR state IS" \
    " NULL)"

/* The codes of a job that are met most. */
static void
print_codes(struct run *r, const char *job)
{
    const char *values[] = {job};
    struct rows *rows = store_rows(r->store,
        "SELECT code, text, count(*) AS n FROM v_finding WHERE job = ?1 + 0 AND level <>"
        " 'note' GROUP BY code ORDER BY level <> 'error', n DESC, code LIMIT 5",
        values, 1);

    while (rows && rows_next(rows))
        fprintf(r->out, "    %s: %s (%lld)\n", rows_text(rows, 0), rows_text(rows, 1),
            (long long)rows_number(rows, 2));
    rows_done(rows);
}

/* How many records are in a state, and how they are listed. */
static void
print_left(const struct run *r, const char *state, const char *word, const char *count,
    const char *source)
{
    if (count && strcmp(count, "0") != 0)
        fprintf(r->out, "    %s %s: " PROGRAM " items %s --state %s\n", count, word,
            source, state);
}

static void
print_problem(struct run *r, const struct rows *row)
{
    const char *source = rows_text(row, 0), *held = rows_text(row, 6);

    fprintf(r->out, "%s: %s, %s %s, %s\n", source, rows_text(row, 1),
        program_say(r, "job", "moisson"), rows_text(row, 2), rows_text(row, 3));
    if (rows_text(row, 4))
        fprintf(r->out, "    %s\n", rows_text(row, 4));
    if (rows_text(row, 5))
        fprintf(r->out, "    %s %s\n",
            program_say(r, "last good harvest", "dernière bonne moisson"),
            rows_text(row, 5));
    print_left(
        r, "missing", program_say(r, "missing", "manquent"), rows_text(row, 7), source);
    print_left(
        r, "rejected", program_say(r, "rejected", "rejetées"), rows_text(row, 9), source);
    print_codes(r, rows_text(row, 2));
    if (rows_text(row, 8))
        fprintf(r->out, "    %s %s\n", program_say(r, "write to", "écrire à"),
            rows_text(row, 8));
    if (held)
        fprintf(r->out,
            "    -> " PROGRAM " diff %s; " PROGRAM " accept %s | " PROGRAM " reject %s\n",
            source, source, source);
}

/* The sources that the configuration, if there is one, does not enable: a JSON array. */
static int
list_disabled(struct run *r, struct mo_buf *names)
{
    if (access(r->config_file, R_OK) == 0 && program_load_config(r))
        return MO_EXIT_TROUBLE;
    mo_buf_c(names, "[\"\"");
    for (size_t i = 0; i < r->config.n_sources; ++i)
        if (!r->config.sources[i].enabled) {
            mo_buf_c(names, ",");
            mo_json_string(names, mo_str(r->config.sources[i].name));
        }
    return mo_buf_c(names, "]") || mo_buf_byte(names, '\0') ? MO_EXIT_TROUBLE : 0;
}

/* Of one source, or of all that are enabled; with --for, what was well too long ago. */
#define CHOSEN                                                                           \
    " FROM v_source WHERE (" PROBLEM " OR ?3 <> '0') AND coalesce(promoted, CASE state"  \
    " WHEN 'running' THEN time END, '') <= strftime('%Y-%m-%dT%H:%M:%SZ', ?2 + 0,"       \
    " 'unixepoch') AND CASE WHEN ?1 IS NULL THEN source NOT IN (SELECT value FROM"       \
    " json_each(?4)) ELSE source = ?1 END ORDER BY position, source"

/* 1 when there is one, so that others can watch. */
static int
print_chosen(struct run *r, const char *disabled)
{
    char since[24], lasting[24];
    const char *values[] = {
        r->n_operands ? r->operands[0] : NULL, since, lasting, disabled};
    struct rows *rows;
    bool any = false;

    snprintf(since, sizeof since, "%lld",
        (long long)((r->now ? r->now : mo_present()) - r->lasting));
    snprintf(lasting, sizeof lasting, "%ld", r->lasting);
    rows = store_rows(r->store,
        "SELECT source, coalesce(state, 'new'), coalesce(job, '-'), coalesce(time, '-'),"
        " reason, promoted, held, missing, contact, rejected" CHOSEN,
        values, 4);
    while (rows && rows_next(rows)) {
        any = true;
        if (!r->json)
            print_problem(r, rows);
    }
    if (rows_done(rows) ||
        (r->json && columns_print(r->out,
                        store_rows(r->store, "SELECT *" CHOSEN, values, 4), true)))
        return program_store_failed(r);
    return any ? MO_EXIT_FINDINGS : MO_EXIT_CLEAN;
}

static int
print_problems(struct run *r)
{
    struct mo_buf disabled;
    int status;

    mo_buf_init(&disabled, 1 << 24);
    status = list_disabled(r, &disabled);
    if (status == 0)
        status = print_chosen(r, disabled.p);
    mo_buf_done(&disabled);
    return status;
}

int
command_status(struct run *r)
{
    if (program_open_store(r, false) || program_check_source(r))
        return MO_EXIT_TROUBLE;
    if (r->problems || r->lasting)
        return print_problems(r);
    return print(r,
        "SELECT source, CASE WHEN state <> 'held' AND held THEN state || '+held' ELSE"
        " coalesce(state, 'new') END AS state, " SHORT(
            "time") " AS time, datasets, services, missing, rejected, coalesce(reason, '') AS reason"
                    " FROM v_source WHERE ?2 IS NULL AND (?1 IS NULL OR source = ?1)"
                    " ORDER BY position, source",
        "SELECT * FROM v_source WHERE ?2 IS NULL AND (?1 IS NULL OR source = ?1) ORDER BY"
        " position, source",
        NULL);
}
