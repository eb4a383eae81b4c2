#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { VERSION = 1, BUSY_MS = 60000 };

#define NOW "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"
#define NOW_YESTERDAY "strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-1 day')"

struct store {
    sqlite3 *db;
    int lock;
    char error[256];
};

extern const char store_schema[]; /* made from schemas/store.sql */

static int
fail(struct store *s)
{
    snprintf(s->error, sizeof s->error, "%s", sqlite3_errmsg(s->db));
    return -1;
}

static int
execute(struct store *s, const char *sql)
{
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : fail(s);
}

/* A statement with its values: "i" int64, "t" C string or NULL, "s" struct mo_str *. */
static sqlite3_stmt *
prepare(struct store *s, const char *sql, const char *types, ...)
{
    sqlite3_stmt *stmt;
    va_list args;

    if (sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL) != SQLITE_OK) {
        fail(s);
        return NULL;
    }
    va_start(args, types);
    for (int i = 0; types[i]; ++i) {
        const struct mo_str *text;

        switch (types[i]) {
        case 'i': sqlite3_bind_int64(stmt, i + 1, va_arg(args, int64_t)); break;
        case 't':
            sqlite3_bind_text(
                stmt, i + 1, va_arg(args, const char *), -1, SQLITE_TRANSIENT);
            break;
        default:
            text = va_arg(args, const struct mo_str *);
            if (text->p)
                sqlite3_bind_text64(
                    stmt, i + 1, text->p, text->n, SQLITE_TRANSIENT, SQLITE_UTF8);
            break;
        }
    }
    va_end(args);
    return stmt;
}

/* Run a statement that gives no rows. */
static int
finish(struct store *s, sqlite3_stmt *stmt)
{
    int result = stmt ? sqlite3_step(stmt) : SQLITE_ERROR;

    if (stmt && result != SQLITE_DONE && result != SQLITE_ROW)
        fail(s);
    sqlite3_finalize(stmt);
    return result == SQLITE_DONE || result == SQLITE_ROW ? 0 : -1;
}

static int
user_version(struct store *s, int *version)
{
    sqlite3_stmt *stmt = prepare(s, "PRAGMA user_version", "");

    if (!stmt || sqlite3_step(stmt) != SQLITE_ROW) {
        sqlite3_finalize(stmt);
        return fail(s);
    }
    *version = sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    return 0;
}

static int
make_schema(struct store *s)
{
    char sql[64];
    int version;

    if (user_version(s, &version))
        return -1;
    if (version == VERSION)
        return 0;
    if (version > VERSION) {
        snprintf(s->error, sizeof s->error, "the store was made by a later version");
        return -1;
    }
    snprintf(sql, sizeof sql, "PRAGMA user_version = %d", VERSION);
    if (execute(s, "BEGIN IMMEDIATE") || execute(s, store_schema) || execute(s, sql) ||
        execute(s, "COMMIT")) {
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
        return -1;
    }
    return 0;
}

struct store *
store_open(const char *file, bool create, const char **error)
{
    static char text[256];
    struct store *s = calloc(1, sizeof *s);
    int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);

    *error = "out of memory";
    if (!s)
        return NULL;
    s->lock = -1;
    if (sqlite3_open_v2(file, &s->db, flags, NULL) != SQLITE_OK)
        fail(s);
    else if (sqlite3_busy_timeout(s->db, BUSY_MS) == SQLITE_OK &&
             execute(s, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                        "PRAGMA foreign_keys = ON") == 0 &&
             make_schema(s) == 0)
        return s;
    snprintf(text, sizeof text, "%s", s->error);
    *error = text;
    store_close(s);
    return NULL;
}

void
store_close(struct store *s)
{
    if (!s)
        return;
    sqlite3_close(s->db);
    if (s->lock >= 0)
        close(s->lock);
    free(s);
}

const char *
store_error(const struct store *s)
{
    return s->error;
}

int
store_lock(struct store *s, const char *file, long *holder)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char name[4096];

    *holder = 0;
    if (snprintf(name, sizeof name, "%s.lock", file) >= (int)sizeof name) {
        snprintf(s->error, sizeof s->error, "its name is too long");
        return -1;
    }
    s->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (s->lock < 0) {
        snprintf(s->error, sizeof s->error, "%s", strerror(errno));
        return -1;
    }
    if (fcntl(s->lock, F_SETLK, &lock) == 0)
        return 0;
    snprintf(s->error, sizeof s->error, "%s", strerror(errno));
    if (fcntl(s->lock, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK)
        *holder = lock.l_pid;
    return -1;
}

/* ---- Jobs ---- */

static int
find_source(
    struct store *s, const char *name, const char *title, const char *url, int64_t *id)
{
    sqlite3_stmt *stmt;

    if (finish(s, prepare(s,
                      "INSERT INTO source (name, title, url) VALUES (?1, ?2, ?3) "
                      "ON CONFLICT (name) DO UPDATE SET title = ?2, url = ?3",
                      "ttt", name, title, url)))
        return -1;
    stmt = prepare(s, "SELECT id FROM source WHERE name = ?1", "t", name);
    if (!stmt || sqlite3_step(stmt) != SQLITE_ROW) {
        sqlite3_finalize(stmt);
        return fail(s);
    }
    *id = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return 0;
}

static char *
column_copy(sqlite3_stmt *stmt, int column)
{
    const unsigned char *text = sqlite3_column_text(stmt, column);

    return text ? strdup((const char *)text) : NULL;
}

/* The job that was cut short, if it got as far as a page that says where to go on. */
static int
find_interrupted(struct store *s, const char *url, struct job *job)
{
    sqlite3_stmt *stmt = prepare(s,
        "SELECT job.id, max(page.number), page.next,"
        " (SELECT coalesce(max(ordinal), 0) FROM staged WHERE staged.job = job.id)"
        " FROM job JOIN page ON page.job = job.id"
        " WHERE job.source = ?1 AND state = 'running' AND started > " NOW_YESTERDAY
        " AND (SELECT url FROM page AS first"
        " WHERE first.job = job.id AND number = 1) = ?2"
        " GROUP BY job.id ORDER BY job.id DESC LIMIT 1",
        "it", job->source, url);
    int result = stmt ? sqlite3_step(stmt) : SQLITE_ERROR;

    if (result == SQLITE_ROW) {
        job->id = sqlite3_column_int64(stmt, 0);
        job->pages = sqlite3_column_int64(stmt, 1);
        job->next = column_copy(stmt, 2);
        job->ordinal = sqlite3_column_int64(stmt, 3) + 1;
        job->resumed = true;
    }
    sqlite3_finalize(stmt);
    return result == SQLITE_ROW || result == SQLITE_DONE ? 0 : fail(s);
}

int
store_begin_job(struct store *s, const char *name, const char *title, const char *url,
    struct job *job)
{
    memset(job, 0, sizeof *job);
    job->ordinal = 1;
    if (find_source(s, name, title, url, &job->source) || find_interrupted(s, url, job))
        return -1;
    if (finish(s, prepare(s,
                      "UPDATE job SET state = 'failed', ended = " NOW
                      ", reason = 'interrupted' WHERE source = ?1 AND state = 'running' "
                      "AND id <> ?2",
                      "ii", job->source, job->id)) ||
        finish(s, prepare(s,
                      "DELETE FROM staged WHERE job IN"
                      " (SELECT id FROM job WHERE source = ?1 AND state <> 'running')",
                      "i", job->source)))
        return -1;
    if (job->resumed)
        return 0;
    if (finish(
            s, prepare(s,
                   "INSERT INTO job (source, state, started) VALUES (?1, 'running', " NOW
                   ")",
                   "i", job->source)))
        return -1;
    job->id = sqlite3_last_insert_rowid(s->db);
    return 0;
}

int
store_visited(struct store *s, const struct job *job,
    void (*visit)(void *ctx, const char *url), void *ctx)
{
    sqlite3_stmt *stmt = prepare(s,
        "SELECT url, came_from FROM page WHERE job = ?1 ORDER BY number", "i", job->id);

    while (stmt && sqlite3_step(stmt) == SQLITE_ROW) {
        visit(ctx, (const char *)sqlite3_column_text(stmt, 0));
        visit(ctx, (const char *)sqlite3_column_text(stmt, 1));
    }
    sqlite3_finalize(stmt);
    return stmt ? 0 : -1;
}

/* ---- Pages ---- */

int
store_begin_page(struct store *s)
{
    return execute(s, "BEGIN IMMEDIATE");
}

void
store_drop_page(struct store *s)
{
    sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

int
store_end_page(struct store *s, const struct job *job, const struct page *page)
{
    if (finish(
            s, prepare(s,
                   "INSERT INTO page (job, number, url, came_from, next, bytes, rejected,"
                   " repeated, fetched) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, " NOW ")",
                   "iitttiii", job->id, page->number, page->url, page->came_from,
                   page->next, page->bytes, page->rejected, page->repeated)) == 0 &&
        execute(s, "COMMIT") == 0)
        return 0;
    store_drop_page(s);
    return -1;
}

static int
find_twin(struct store *s, const struct job *job, const struct staged *r, bool *same)
{
    sqlite3_stmt *stmt = prepare(s,
        "SELECT hash = ?4 FROM staged WHERE job = ?1 AND kind = ?2 AND identity = ?3",
        "itst", job->id, r->kind, &r->identity, r->hash);

    *same = stmt && sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    return stmt ? 0 : -1;
}

int
store_stage(struct store *s, struct job *job, int64_t page, const struct staged *r,
    bool *twin, bool *same)
{
    *twin = *same = false;
    if (finish(s,
            prepare(s,
                "INSERT OR IGNORE INTO staged (job, ordinal, page, kind, identity, iri,"
                " title, hash, json) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                "iiitsssts", job->id, job->ordinal, page, r->kind, &r->identity, &r->iri,
                &r->title, r->hash, &r->json)))
        return -1;
    if (sqlite3_changes(s->db)) {
        ++job->ordinal;
        return 0;
    }
    *twin = true;
    return find_twin(s, job, r, same);
}

int
store_finding(struct store *s, const struct job *job, int64_t page, struct mo_str json)
{
    return finish(
        s, prepare(s,
               "INSERT INTO finding (job, page, code, level, text, detail, record,"
               " property, line, \"column\", \"offset\") SELECT ?1, ?2,"
               " json_extract(?3, '$.code'), json_extract(?3, '$.level'),"
               " json_extract(?3, '$.text'), json_extract(?3, '$.detail'),"
               " json_extract(?3, '$.record'), json_extract(?3, '$.property'),"
               " json_extract(?3, '$.line'), json_extract(?3, '$.column'),"
               " json_extract(?3, '$.offset')",
               "iis", job->id, page, &json));
}

/* ---- The end of a job ---- */

/* How many rows of the stage stand in this relation to the live items. */
#define COUNT(condition)                                                                 \
    "(SELECT count(*) FROM staged LEFT JOIN item ON item.source = ?2 AND"                \
    " item.kind = staged.kind AND item.identity = staged.identity AND item.gone IS NULL" \
    " WHERE staged.job = ?1 AND staged.kind IN ('dataset', 'service') AND " condition    \
    ")"

static int
promote(struct store *s, const struct job *job)
{
    /* clang-format off */
    static const char *const steps[] = {
        "UPDATE job SET state = 'done', ended = " NOW ", new = " COUNT("item.id IS NULL")
        ", changed = " COUNT("item.hash <> staged.hash")
        ", unchanged = " COUNT("item.hash = staged.hash")
        ", gone = (SELECT count(*) FROM item WHERE source = ?2 AND gone IS NULL AND"
        " kind IN ('dataset', 'service') AND NOT EXISTS (SELECT 1 FROM staged WHERE job = ?1"
        " AND staged.kind = item.kind AND staged.identity = item.identity))"
        " WHERE id = ?1",
        "UPDATE item SET gone = " NOW " WHERE source = ?2 AND gone IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM staged WHERE job = ?1 AND staged.kind = item.kind AND"
        " staged.identity = item.identity)",
        "INSERT INTO item (source, kind, identity, iri, title, hash, json, ordinal, first_seen,"
        " changed, last_seen) SELECT ?2, kind, identity, iri, title, hash, json, ordinal, " NOW
        ", " NOW ", " NOW " FROM staged WHERE job = ?1 ORDER BY ordinal"
        " ON CONFLICT (source, kind, identity) DO UPDATE SET iri = excluded.iri,"
        " title = excluded.title, json = excluded.json, ordinal = excluded.ordinal,"
        " last_seen = excluded.last_seen, gone = NULL,"
        " changed = CASE WHEN item.hash = excluded.hash THEN item.changed ELSE excluded.changed"
        " END, hash = excluded.hash",
        "DELETE FROM staged WHERE job = ?1 AND ?2 IS NOT NULL",
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; ++i)
        if (finish(s, prepare(s, steps[i], "ii", job->id, job->source)))
            return -1;
    return 0;
}

int
store_promote(struct store *s, const struct job *job)
{
    if (execute(s, "BEGIN IMMEDIATE") == 0 && promote(s, job) == 0 &&
        execute(s, "COMMIT") == 0)
        return 0;
    store_drop_page(s);
    return -1;
}

int
store_fail(struct store *s, const struct job *job, const char *reason)
{
    return finish(s, prepare(s,
                         "UPDATE job SET state = 'failed', ended = " NOW
                         ", reason = ?2 WHERE id = ?1",
                         "it", job->id, reason)) ||
                   finish(s,
                       prepare(s, "DELETE FROM staged WHERE job = ?1", "i", job->id)) ||
                   execute(s, "COMMIT")
               ? -1
               : 0;
}

/* ---- Reading ---- */

static const char *
text_at(sqlite3_stmt *stmt, int column)
{
    const unsigned char *text = sqlite3_column_text(stmt, column);

    return text ? (const char *)text : "-";
}

int
store_status(struct store *s, FILE *out)
{
    static const char *const heads[] = {
        "SOURCE", "STATE", "TIME", "PAGES", "DATASETS", "SERVICES", "REJECTED", "REASON"};
    static const int widths[] = {-20, -8, -20, 6, 9, 9, 9, 0};
    sqlite3_stmt *stmt = prepare(s,
        "SELECT source, coalesce(state, 'new'), time, pages, datasets, services,"
        " rejected, reason FROM v_source ORDER BY source",
        "");

    if (!stmt)
        return -1;
    for (int i = 0; i < 8; ++i)
        fprintf(out, i ? "  %*s" : "%*s", widths[i], heads[i]);
    fputc('\n', out);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        for (int i = 0; i < 8; ++i)
            fprintf(out, i ? "  %*s" : "%*s", widths[i],
                i == 7 && sqlite3_column_type(stmt, i) == SQLITE_NULL ? ""
                                                                      : text_at(stmt, i));
        fputc('\n', out);
    }
    sqlite3_finalize(stmt);
    return 0;
}

int
store_export(struct store *s,
    int (*put)(void *ctx, const char *source, bool parts, struct mo_str json), void *ctx)
{
    sqlite3_stmt *stmt = prepare(s,
        "SELECT json, source.name, parts.source IS NOT NULL FROM item"
        " JOIN source ON source.id = item.source"
        " LEFT JOIN (SELECT DISTINCT source FROM item WHERE gone IS NULL AND"
        " kind IN ('part', 'loose')) AS parts ON parts.source = item.source"
        " WHERE gone IS NULL ORDER BY source.name, ordinal",
        "");
    int result = SQLITE_ERROR;

    while (stmt && (result = sqlite3_step(stmt)) == SQLITE_ROW) {
        struct mo_str json = mo_str_n((const char *)sqlite3_column_text(stmt, 0),
            (size_t)sqlite3_column_bytes(stmt, 0));

        if (put(ctx, text_at(stmt, 1), sqlite3_column_int(stmt, 2), json)) {
            sqlite3_finalize(stmt);
            return 0;
        }
    }
    sqlite3_finalize(stmt);
    return result == SQLITE_DONE ? 0 : fail(s);
}
