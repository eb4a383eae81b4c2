#include "store-sql.h"

#include <stdlib.h>
#include <string.h>

enum { DAY = 86400 };

/* ---- Sources ---- */

/* A source that has a new name keeps its items. */
static int
rename_source(struct store *s, const struct store_source *source)
{
    for (size_t i = 0; i < source->n_was; ++i)
        if (store_finish(s, store_prepare(s,
                                "UPDATE source SET name = ?1 WHERE name = ?2 AND NOT"
                                " EXISTS (SELECT 1 FROM source WHERE name = ?1)",
                                "tt", source->name, source->was[i])))
            return -1;
    return 0;
}

int
store_note_source(struct store *s, const struct store_source *source)
{
    return rename_source(s, source) ||
                   store_finish(
                       s, store_prepare(s,
                              "UPDATE source SET position = ?2, title = ?3, url = ?4,"
                              " contact = ?5 WHERE name = ?1",
                              "tittt", source->name, source->position, source->title,
                              source->url, source->contact))
               ? -1
               : 0;
}

static int
find_source(struct store *s, const struct store_source *source, int64_t *id)
{
    return rename_source(s, source) ||
                   store_finish(
                       s, store_prepare(s,
                              "INSERT INTO source (name, title, url, position, contact)"
                              " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (name) DO UPDATE"
                              " SET title = ?2, url = ?3, position = ?4, contact = ?5",
                              "tttit", source->name, source->title, source->url,
                              source->position, source->contact)) ||
                   store_number(s,
                       store_prepare(
                           s, "SELECT id FROM source WHERE name = ?1", "t", source->name),
                       id)
               ? -1
               : 0;
}

/* ---- Jobs ---- */

static char *
column_copy(sqlite3_stmt *stmt, int column)
{
    const char *text = store_text(stmt, column);

    return text ? strdup(text) : NULL;
}

int
store_since(struct store *s, const char *source, const char *settings, int64_t every,
    char **since)
{
    char oldest[STORE_TIME];
    sqlite3_stmt *stmt;
    int result;

    *since = NULL;
    store_time(s, every, oldest);
    stmt = store_prepare(s,
        "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', last.started, '-1 day') FROM job AS last"
        " JOIN source ON source.id = last.source WHERE source.name = ?1 AND last.id ="
        " (SELECT max(id) FROM job WHERE job.source = source.id AND state NOT IN"
        " ('dry', 'running')) AND last.state = 'done' AND NOT last.partial AND"
        " last.settings = ?2 AND EXISTS (SELECT 1 FROM job AS whole WHERE whole.source ="
        " source.id AND whole.state = 'done' AND NOT whole.partial AND whole.since IS NULL"
        " AND whole.settings = ?2 AND whole.started > ?3)",
        "ttt", source, settings, oldest);
    result = stmt ? sqlite3_step(stmt) : SQLITE_ERROR;
    if (result == SQLITE_ROW)
        *since = column_copy(stmt, 0);
    store_release(s, stmt);
    return result == SQLITE_ROW || result == SQLITE_DONE ? 0 : store_failed(s);
}

/* The job that was cut short, if it got as far as a page that says where to go on. */
static int
find_interrupted(
    struct store *s, const char *url, const char *settings, bool changes, struct job *job)
{
    char yesterday[STORE_TIME];
    sqlite3_stmt *stmt;
    int result;

    store_time(s, DAY, yesterday);
    stmt = store_prepare(s,
        "SELECT job.id, max(page.number), page.next,"
        " (SELECT coalesce(max(ordinal), 0) FROM staged WHERE staged.job = job.id),"
        " (SELECT count(*) FROM staged WHERE staged.job = job.id AND kind IN"
        " ('dataset', 'service')), CASE WHEN job.partial THEN job.reason END,"
        " since, (SELECT count(*) FROM staged WHERE staged.job = job.id AND kind NOT IN"
        " ('part', 'loose')) + (SELECT count(*) FROM left_out WHERE left_out.job = job.id AND"
        " left_out.state <> 'rejected'), (SELECT sum(rejected) FROM page AS of_job WHERE"
        " of_job.job = job.id) FROM job JOIN page ON page.job = job.id"
        " WHERE job.source = ?1 AND state = 'running' AND started > ?3"
        " AND (?5 OR since IS NULL) AND (settings = ?4 OR settings = '' AND (SELECT url FROM page AS first"
        " WHERE first.job = job.id AND number = 1) = ?2)"
        " GROUP BY job.id ORDER BY job.id DESC LIMIT 1",
        "ittti", job->source, url, yesterday, settings, (int64_t)changes);
    result = stmt ? sqlite3_step(stmt) : SQLITE_ERROR;
    if (result == SQLITE_ROW) {
        job->id = sqlite3_column_int64(stmt, 0);
        job->pages = sqlite3_column_int64(stmt, 1);
        job->next = column_copy(stmt, 2);
        job->ordinal = sqlite3_column_int64(stmt, 3) + 1;
        job->items = sqlite3_column_int64(stmt, 4);
        job->partial = column_copy(stmt, 5);
        job->since = column_copy(stmt, 6);
        job->records = sqlite3_column_int64(stmt, 7);
        job->rejected = sqlite3_column_int64(stmt, 8);
        job->resumed = true;
    }
    store_release(s, stmt);
    return result == SQLITE_ROW || result == SQLITE_DONE ? 0 : store_failed(s);
}

/* Of jobs that were cut short, only the one that is gone on with stays. */
static int
clear_away(struct store *s, const struct job *job)
{
    char now[STORE_TIME];

    store_time(s, 0, now);
    return store_finish(
               s, store_prepare(s, "DELETE FROM job WHERE source = ?1 AND state = 'dry'",
                      "i", job->source)) ||
                   store_finish(
                       s, store_prepare(s,
                              "UPDATE job SET state = 'failed', ended = ?3, reason ="
                              " 'interrupted' WHERE source = ?1 AND state = 'running' AND"
                              " id <> ?2",
                              "iit", job->source, job->id, now)) ||
                   store_finish(
                       s, store_prepare(s,
                              "DELETE FROM staged WHERE job IN (SELECT id FROM job WHERE"
                              " source = ?1 AND state NOT IN ('running', 'held'))",
                              "i", job->source))
               ? -1
               : 0;
}

int
store_begin_job(struct store *s, const struct store_source *source, bool dry,
    const char *settings, const char *since, struct job *job)
{
    char now[STORE_TIME];

    memset(job, 0, sizeof *job);
    job->ordinal = 1;
    if (find_source(s, source, &job->source) ||
        (!dry && find_interrupted(s, source->url, settings, since != NULL, job)) ||
        (!dry && clear_away(s, job)))
        return -1;
    if (job->resumed)
        return 0;
    store_time(s, 0, now);
    if (store_finish(
            s, store_prepare(s,
                   "INSERT INTO job (source, state, started, settings, since)"
                   " VALUES (?1, ?2, ?3, ?4, ?5)",
                   "itttt", job->source, dry ? "dry" : "running", now, settings, since)))
        return -1;
    job->since = since ? strdup(since) : NULL;
    job->id = sqlite3_last_insert_rowid(s->db);
    return 0;
}

int
store_want_all(struct store *s, struct job *job)
{
    free(job->since);
    job->since = NULL;
    return store_finish(
        s, store_prepare(s, "UPDATE job SET since = NULL WHERE id = ?1", "i", job->id));
}

int
store_add_requests(
    struct store *s, const struct job *job, int64_t requests, int64_t retries)
{
    return store_finish(
        s, store_prepare(s,
               "UPDATE job SET requests = requests + ?2, retries = retries + ?3 WHERE"
               " id = ?1",
               "iii", job->id, requests, retries));
}

int
store_visited(struct store *s, const struct job *job,
    void (*visit)(void *ctx, const char *url), void *ctx)
{
    sqlite3_stmt *stmt = store_prepare(s,
        "SELECT url, came_from FROM page WHERE job = ?1 ORDER BY number", "i", job->id);

    while (stmt && sqlite3_step(stmt) == SQLITE_ROW) {
        visit(ctx, store_text(stmt, 0));
        visit(ctx, store_text(stmt, 1));
    }
    store_release(s, stmt);
    return stmt ? 0 : -1;
}

/* ---- Pages ---- */

int
store_begin_page(struct store *s)
{
    return store_execute(s, "BEGIN IMMEDIATE");
}

int
store_commit(struct store *s)
{
    return store_execute(s, "COMMIT");
}

void
store_drop_page(struct store *s)
{
    sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

/* With the page, so that a job that goes on later knows it as well. */
static int
keep_partial(struct store *s, const struct job *job, const char *why)
{
    return why ? store_finish(
                     s, store_prepare(s,
                            "UPDATE job SET partial = 1, reason = ?2 WHERE id = ?1", "it",
                            job->id, why))
               : 0;
}

int
store_end_page(struct store *s, const struct job *job, const struct page *page)
{
    char now[STORE_TIME];

    store_time(s, 0, now);
    if (store_finish(
            s, store_prepare(s,
                   "INSERT INTO page (job, number, url, came_from, next, bytes, rejected,"
                   " repeated, fetched, requests, retries, etag, modified, reused) VALUES"
                   " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
                   "iitttiiitiitti", job->id, page->number, page->url, page->came_from,
                   page->next, page->bytes, page->rejected, page->repeated, now,
                   page->requests, page->retries, page->etag, page->modified,
                   (int64_t)page->reused)) == 0 &&
        keep_partial(s, job, page->partial) == 0 && store_execute(s, "COMMIT") == 0)
        return 0;
    store_drop_page(s);
    return -1;
}

static int
find_twin(struct store *s, const struct job *job, const struct staged *r, bool *twin,
    bool *same)
{
    sqlite3_stmt *stmt = store_prepare(s,
        "SELECT hash = ?4 FROM staged WHERE job = ?1 AND kind = ?2 AND identity = ?3",
        "itst", job->id, r->kind, &r->identity, r->hash);
    int result = stmt ? sqlite3_step(stmt) : SQLITE_ERROR;

    *twin = result == SQLITE_ROW;
    *same = *twin && sqlite3_column_int(stmt, 0);
    store_release(s, stmt);
    return result == SQLITE_ROW || result == SQLITE_DONE ? 0 : store_failed(s);
}

/* The texts that the item has, where they are the same to the byte; 0: they are not. */
static int
find_texts(struct store *s, const struct job *job, const struct staged *r, int64_t *id)
{
    sqlite3_stmt *stmt = store_prepare(s,
        "SELECT record.id FROM item JOIN record ON record.id = item.record WHERE"
        " item.source = ?1 AND kind = ?2 AND identity = ?3 AND json = ?4 AND faithful IS"
        " ?5",
        "itsss", job->source, r->kind, &r->identity, &r->json, &r->faithful);
    int result = stmt ? sqlite3_step(stmt) : SQLITE_ERROR;

    *id = result == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    store_release(s, stmt);
    return result == SQLITE_ROW || result == SQLITE_DONE ? 0 : store_failed(s);
}

static int
put_texts(struct store *s, const struct job *job, const struct staged *r, int64_t *id)
{
    if (find_texts(s, job, r, id))
        return -1;
    if (*id)
        return 0;
    if (store_finish(
            s, store_prepare(s, "INSERT INTO record (json, faithful) VALUES (?1, ?2)",
                   "ss", &r->json, &r->faithful)))
        return -1;
    *id = sqlite3_last_insert_rowid(s->db);
    return 0;
}

int
store_stage(struct store *s, struct job *job, int64_t page, const struct staged *r,
    bool *twin, bool *same)
{
    int64_t record;

    if (find_twin(s, job, r, twin, same))
        return -1;
    if (*twin)
        return 0;
    if (put_texts(s, job, r, &record) ||
        store_finish(s, store_prepare(s,
                            "INSERT INTO staged (job, ordinal, page, kind, identity,"
                            " iri, title, hash, likeness, record) VALUES (?1, ?2, ?3,"
                            " ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                            "iiitsss"
                            "tti",
                            job->id, job->ordinal, page, r->kind, &r->identity, &r->iri,
                            &r->title, r->hash, r->likeness, record)))
        return -1;
    ++job->ordinal;
    return 0;
}

int
store_leave_out(struct store *s, const struct job *job, int64_t page, const char *state,
    const struct staged *r, const char *why)
{
    return store_finish(s, store_prepare(s,
                               "INSERT INTO left_out (job, page, state, kind, identity,"
                               " iri, title, json, why) VALUES (?1, ?2, ?3, ?4, ?5, ?6,"
                               " ?7, ?8, ?9)",
                               "iittsssst", job->id, page, state, r->kind, &r->identity,
                               &r->iri, &r->title, &r->json, why));
}

/* ---- Findings ---- */

#define INTO_FINDING                                                                     \
    "INSERT INTO finding (job, page, code, level, text, detail, record, property, line," \
    " \"column\", \"offset\") VALUES "
#define ROW "(?1, ?2, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
#define ROWS_4 ROW ", " ROW ", " ROW ", " ROW

enum { FIRST_OF_ROW = 3 };

/* Bind a row from parameter `at` on. Returns where the next one begins. */
static int
bind_finding(sqlite3_stmt *stmt, int at, const struct finding_row *f)
{
    const struct mo_str *needed[] = {&f->code, &f->level, &f->text};
    const struct mo_str *others[] = {&f->detail, &f->record, &f->property};
    const int64_t numbers[] = {f->line, f->column, f->offset};

    for (int i = 0; i < 3; ++i)
        store_bind_text(stmt, at++, needed[i]->p ? *needed[i] : mo_str(""));
    for (int i = 0; i < 3; ++i)
        store_bind_text(stmt, at++, *others[i]);
    for (int i = 0; i < 3; ++i, ++at)
        if (numbers[i] >= 0)
            sqlite3_bind_int64(stmt, at, numbers[i]);
    return at;
}

/* Some of the rows, by one statement. How many; 0: it failed. */
static size_t
put_findings(struct store *s, const struct job *job, int64_t page,
    const struct finding_row *rows, size_t n)
{
    bool all = n == STORE_FINDINGS;
    sqlite3_stmt *stmt = store_prepare(s,
        all ? INTO_FINDING ROWS_4 ", " ROWS_4 ", " ROWS_4 ", " ROWS_4 : INTO_FINDING ROW,
        "ii", job->id, page);
    int at = FIRST_OF_ROW;

    n = all ? STORE_FINDINGS : 1;
    for (size_t i = 0; stmt && i < n; ++i)
        at = bind_finding(stmt, at, &rows[i]);
    return store_finish(s, stmt) ? 0 : n;
}

int
store_findings(struct store *s, const struct job *job, int64_t page,
    const struct finding_row *rows, size_t n)
{
    size_t done;

    for (; n; rows += done, n -= done)
        if (!(done = put_findings(s, job, page, rows, n)))
            return -1;
    return 0;
}

/* ---- Pages that have not changed ---- */

/* The last job of the source that was promoted, with the same settings. */
#define LAST                                                                             \
    "(SELECT last.id FROM job AS last JOIN job ON job.id = ?1 WHERE last.source ="       \
    " job.source AND last.state = 'done' AND NOT last.partial AND last.since IS NULL"    \
    " AND last.settings = job.settings AND last.id = (SELECT max(id) FROM job AS done"   \
    " WHERE done.source = job.source AND done.state = 'done'))"

int
store_known_page(struct store *s, const struct job *job, const char *url,
    struct known_page *page, bool *found)
{
    sqlite3_stmt *stmt = store_prepare(s,
        "SELECT etag, modified, came_from, next FROM page WHERE job = " LAST
        " AND url = ?2 AND coalesce(etag, modified) IS NOT NULL",
        "it", job->id, url);
    int result = stmt ? sqlite3_step(stmt) : SQLITE_ERROR;

    memset(page, 0, sizeof *page);
    *found = result == SQLITE_ROW;
    if (*found) {
        page->etag = column_copy(stmt, 0);
        page->modified = column_copy(stmt, 1);
        page->came_from = column_copy(stmt, 2);
        page->next = column_copy(stmt, 3);
    }
    store_release(s, stmt);
    return result == SQLITE_ROW || result == SQLITE_DONE ? 0 : store_failed(s);
}

void
known_page_done(struct known_page *page)
{
    free(page->etag);
    free(page->modified);
    free(page->came_from);
    free(page->next);
}

int
store_find_ordinal(struct store *s, struct job *job)
{
    return store_number(s,
        store_prepare(s,
            "SELECT coalesce(max(ordinal), 0) + 1 FROM staged WHERE job = ?1", "i",
            job->id),
        &job->ordinal);
}

int
store_reuse_page(struct store *s, struct job *job, int64_t page, const char *url,
    int64_t *records, int64_t *rejected)
{
    int64_t left_out;

    if (store_finish(s,
            store_prepare(s,
                "INSERT OR IGNORE INTO staged (job, ordinal, page, kind, identity, iri,"
                " title, hash, likeness, record) SELECT ?1, ?4 +"
                " row_number() OVER (ORDER BY ordinal) - 1, ?3, kind, identity, iri,"
                " title, hash, likeness, record FROM item JOIN job ON"
                " item.source = job.source WHERE job.id = ?1 AND item.page = ?2"
                " AND item.gone IS NULL AND item.missing IS NULL AND item.state <>"
                " 'rejected' ORDER BY ordinal",
                "itii", job->id, url, page, job->ordinal)))
        return -1;
    *records = sqlite3_changes(s->db);
    if (store_finish(
            s, store_prepare(s,
                   "INSERT INTO finding (job, page, code, level, text, detail, record,"
                   " property, line, \"column\", \"offset\") SELECT ?1, ?3, code, level,"
                   " text, detail, record, property, line, \"column\", \"offset\""
                   " FROM finding WHERE (job, page) IN (SELECT job, number FROM page"
                   " WHERE job = " LAST " AND url = ?2)",
                   "iti", job->id, url, page)) ||
        store_finish(
            s, store_prepare(s,
                   "INSERT INTO left_out (job, page, state, kind, identity, iri, title,"
                   " json, why) SELECT ?1, ?3, state, kind, identity, iri, title, json,"
                   " why FROM left_out WHERE (job, page) IN (SELECT job, number FROM page"
                   " WHERE job = " LAST " AND url = ?2)",
                   "iti", job->id, url, page)) ||
        store_find_ordinal(s, job) ||
        store_number(s,
            store_prepare(s,
                "SELECT count(*) FROM left_out WHERE job = ?1 AND page = ?2 AND"
                " state = 'rejected'",
                "ii", job->id, page),
            rejected) ||
        store_number(s,
            store_prepare(s, "SELECT count(*) FROM left_out WHERE job = ?1 AND page = ?2",
                "ii", job->id, page),
            &left_out))
        return -1;
    *records += left_out - *rejected;
    return 0;
}

int
store_counts(struct store *s, int64_t job, char *text, size_t size)
{
    sqlite3_stmt *row = store_prepare(s,
        "SELECT new, changed, unchanged, moved, back, missing, gone, rejected, duplicate,"
        " filtered, \"foreign\" FROM all_jobs WHERE job = ?1",
        "i", job);
    int result = row ? sqlite3_step(row) : SQLITE_ERROR;
    size_t n = 0;

    text[0] = '\0';
    for (int i = 0; result == SQLITE_ROW && i < sqlite3_column_count(row); ++i)
        if (sqlite3_column_int64(row, i) && n < size)
            n += (size_t)snprintf(text + n, size - n, "%s%s %s", n ? ", " : "",
                store_text(row, i), sqlite3_column_name(row, i));
    store_release(s, row);
    return result == SQLITE_ROW || result == SQLITE_DONE ? 0 : store_failed(s);
}
