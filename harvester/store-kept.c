#include "store-sql.h"

#include <string.h>

enum { PIECE = 64 << 10 };

struct writing {
    sqlite3_blob *blob;
    int at;
};

static int
write_piece(void *ctx, struct mo_str bytes)
{
    struct writing *w = ctx;
    int result = sqlite3_blob_write(w->blob, bytes.p, (int)bytes.n, w->at);

    w->at += (int)bytes.n;
    return result == SQLITE_OK ? 0 : -1;
}

int
store_keep_page(struct store *s, int64_t job, const struct kept_page *page)
{
    struct writing w = {.blob = NULL};
    int failed;

    if (store_finish(
            s, store_prepare(s,
                   "INSERT OR REPLACE INTO kept (job, number, url, came_from, charset,"
                   " why, whole, bytes, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
                   " zeroblob(?8))",
                   "iittttii", job, page->number, page->url, page->came_from,
                   page->charset, page->why, (int64_t)page->whole, page->body->n)))
        return -1;
    if (sqlite3_blob_open(s->db, "main", "kept", "body", sqlite3_last_insert_rowid(s->db),
            1, &w.blob) != SQLITE_OK)
        return store_failed(s);
    failed = spool_pieces(page->body, write_piece, &w);
    if (failed)
        store_failed(s);
    sqlite3_blob_close(w.blob);
    return failed;
}

/* clang-format off */
static const char *const cleared[] = {
    "DELETE FROM kept WHERE job IN (SELECT id FROM job WHERE source = ?1) AND EXISTS (SELECT 1 FROM kept AS later"
    " JOIN job ON job.id = later.job WHERE later.url = kept.url AND later.job > kept.job AND job.source = ?1)",
    "DELETE FROM kept WHERE job IN (SELECT id FROM job WHERE source = ?1 ORDER BY id DESC LIMIT -1 OFFSET 10)"
    " AND (why IS NOT NULL OR url NOT IN (SELECT url FROM page WHERE job IN (SELECT id FROM job WHERE source = ?1"
    " ORDER BY id DESC LIMIT 10)))",
};
/* clang-format on */

int
store_clear_kept(struct store *s, int64_t source)
{
    for (size_t i = 0; i < sizeof cleared / sizeof cleared[0]; ++i)
        if (store_finish(s, store_prepare(s, cleared[i], "i", source)))
            return -1;
    return 0;
}

/* ---- Again ---- */

/* clang-format off */
static const char pages_kept[] =
    "SELECT kept.id, kept.job, page.number, kept.url, kept.came_from, kept.charset, max(kept.job) FROM page JOIN job"
    " ON job.id = page.job JOIN kept ON kept.url = page.url AND kept.job IN (SELECT id FROM job AS other WHERE"
    " other.source = job.source) AND (kept.job = page.job AND kept.number = page.number OR page.reused AND"
    " kept.job < page.job) WHERE page.job = ?1 AND ?2 IN (0, page.number) AND kept.whole GROUP BY page.number"
    " UNION ALL SELECT id, job, number, url, came_from, charset, job FROM kept WHERE job = ?1 AND ?2 IN (0, number)"
    " AND whole AND number NOT IN (SELECT number FROM page WHERE job = ?1) ORDER BY 3";
/* clang-format on */

int
store_kept(struct store *s, int64_t job, int64_t number,
    int (*tell)(void *ctx, const struct kept_row *page), void *ctx)
{
    sqlite3_stmt *row = store_prepare(s, pages_kept, "ii", job, number);
    int result = SQLITE_ERROR, stopped = 0;

    while (row && !stopped && (result = sqlite3_step(row)) == SQLITE_ROW) {
        struct kept_row page = {.id = sqlite3_column_int64(row, 0),
            .job = sqlite3_column_int64(row, 1),
            .number = sqlite3_column_int64(row, 2),
            .url = store_text(row, 3),
            .came_from = store_text(row, 4),
            .charset = store_text(row, 5)};

        stopped = tell(ctx, &page);
    }
    store_release(s, row);
    return stopped || result == SQLITE_DONE ? stopped : store_failed(s);
}

/* clang-format off */
static const char kept_then[] =
    "SELECT kept.id FROM source JOIN kept ON kept.url = ?2 AND kept.job = (SELECT max(page.job) FROM page JOIN job ON"
    " job.id = page.job WHERE job.source = source.id AND page.url = ?2 AND NOT page.reused AND (job.state = 'done' OR"
    " ?3 AND job.state <> 'dry')) WHERE source.name = ?1";
static const char kept_last[] =
    "SELECT id FROM kept WHERE ?1 IS NULL AND ?2 IN (url, came_from) AND ?3 IS NOT NULL ORDER BY job DESC LIMIT 1";
/* clang-format on */

int
store_find_kept(
    struct store *s, const char *source, const char *url, bool last, int64_t *id)
{
    sqlite3_stmt *row = store_prepare(
        s, source ? kept_then : kept_last, "tti", source, url, (int64_t)last);
    int result = row ? sqlite3_step(row) : SQLITE_ERROR;

    *id = result == SQLITE_ROW ? sqlite3_column_int64(row, 0) : 0;
    store_release(s, row);
    return result == SQLITE_ROW || result == SQLITE_DONE ? 0 : store_failed(s);
}

int
store_kept_body(
    struct store *s, int64_t id, int (*take)(void *ctx, struct mo_str bytes), void *ctx)
{
    sqlite3_blob *blob;
    char block[PIECE];
    int n, failed = 0;

    if (sqlite3_blob_open(s->db, "main", "kept", "body", id, 0, &blob) != SQLITE_OK)
        return store_failed(s);
    n = sqlite3_blob_bytes(blob);
    for (int at = 0; at < n && !failed; at += PIECE) {
        int piece = n - at < PIECE ? n - at : PIECE;

        failed = sqlite3_blob_read(blob, block, piece, at) != SQLITE_OK
                     ? store_failed(s)
                     : take(ctx, mo_str_n(block, (size_t)piece));
    }
    sqlite3_blob_close(blob);
    return failed;
}

/* clang-format off */

/* ?1: the job, ?2: the one that it is of. What was not held has left its stage. */
static const char *const copies[] = {
    "INSERT INTO page SELECT ?1, number, url, came_from, next, bytes, rejected, repeated, fetched, requests, retries,"
    " etag, modified, reused FROM page WHERE job = ?2 AND (SELECT state = 'held' FROM job WHERE id = ?2)",
    "INSERT INTO staged SELECT ?1, ordinal, page, kind, identity, iri, title, hash, likeness, record FROM"
    " staged WHERE job = ?2 AND (SELECT state = 'held' FROM job WHERE id = ?2)",
    "INSERT INTO left_out (job, page, state, kind, identity, iri, title, json, why) SELECT ?1, page, state, kind,"
    " identity, iri, title, json, why FROM left_out WHERE job = ?2 AND (SELECT state = 'held' FROM job WHERE id = ?2)",
    "INSERT INTO finding (job, page, code, level, text, detail, record, property, line, \"column\", \"offset\") SELECT"
    " ?1, page, code, level, text, detail, record, property, line, \"column\", \"offset\" FROM finding WHERE job = ?2"
    " AND (SELECT state = 'held' FROM job WHERE id = ?2)",
};

static const char *const unstaged[] = {
    "DELETE FROM page WHERE job = ?1 AND number = ?2",
    "DELETE FROM staged WHERE job = ?1 AND page = ?2",
    "DELETE FROM left_out WHERE job = ?1 AND page = ?2",
    "DELETE FROM finding WHERE job = ?1 AND page = ?2",
};
/* clang-format on */

/* Run each with these two numbers. */
static int
run_each(struct store *s, const char *const sql[], size_t n, int64_t a, int64_t b)
{
    for (size_t i = 0; i < n; ++i)
        if (store_finish(s, store_prepare(s, sql[i], "ii", a, b)))
            return -1;
    return 0;
}

#define RUN_EACH(s, list, a, b) run_each(s, list, sizeof(list) / sizeof *(list), a, b)

static int
find_whole(struct store *s, int64_t of, int64_t pages, bool *whole)
{
    int64_t n = 0;

    if (store_number(s,
            store_prepare(s,
                "SELECT NOT partial AND (state = 'held' OR state IN ('done', 'dropped')"
                " AND (SELECT count(*) FROM page WHERE job = ?1) = ?2) FROM job WHERE"
                " id = ?1",
                "ii", of, pages),
            &n))
        return -1;
    *whole = n != 0;
    return 0;
}

/* Without its settings: pages are older than the job, so that none can go on from it. */
int
store_begin_replay(
    struct store *s, int64_t of, int64_t pages, struct job *job, bool *whole)
{
    char now[STORE_TIME];

    memset(job, 0, sizeof *job);
    store_time(s, 0, now);
    if (find_whole(s, of, pages, whole) ||
        store_finish(s, store_prepare(s,
                            "INSERT INTO job (source, state, started, since) SELECT"
                            " source, 'dry', ?2, since FROM job WHERE id = ?1",
                            "it", of, now)))
        return -1;
    job->id = sqlite3_last_insert_rowid(s->db);
    if (RUN_EACH(s, copies, job->id, of) ||
        store_number(s, store_prepare(s, "SELECT source FROM job WHERE id = ?1", "i", of),
            &job->source) ||
        store_find_ordinal(s, job))
        return -1;
    return store_number(s,
        store_prepare(s,
            "SELECT count(*) FROM staged WHERE job = ?1 AND kind IN ('dataset',"
            " 'service')",
            "i", job->id),
        &job->items);
}

int
store_unstage_page(struct store *s, const struct job *job, int64_t number)
{
    return RUN_EACH(s, unstaged, job->id, number);
}

int
store_move_kept(struct store *s, int64_t id, int64_t job, const char *why)
{
    return store_finish(
        s, store_prepare(s, "UPDATE OR REPLACE kept SET job = ?2, why = ?3 WHERE id = ?1",
               "iit", id, job, why));
}

int
store_end_replay(struct store *s, const struct job *job)
{
    return store_finish(s,
        store_prepare(s, "UPDATE job SET state = 'running' WHERE id = ?1", "i", job->id));
}
