#include "store-sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DETAIL = 1 << 20 };

#define PLAIN " kind IN ('dataset', 'service')"

/* What a step of the end of a job needs to know. */
struct ending {
    struct store *s;
    int64_t job, source;
    bool partial; /* or limited, or of changes only: nothing is absent */
    char now[STORE_TIME], deadline[STORE_TIME];
    store_compare *compare;
};

/* A statement of the steps below: ?1 is the job, ?2 the source, ?3 now, ?4 the deadline. */
static int
step(const struct ending *e, const char *sql)
{
    return store_finish(
        e->s, store_prepare(e->s, sql, "iitt", e->job, e->source, e->now, e->deadline));
}

static int
steps(const struct ending *e, const char *const sql[], size_t n)
{
    for (size_t i = 0; i < n; ++i)
        if (step(e, sql[i]))
            return -1;
    return 0;
}

#define STEPS(e, list) steps(e, list, sizeof(list) / sizeof *(list))

/* ---- What becomes of each item ---- */

/* clang-format off */

/* Each staged record, beside the item that it is; and each item that is not staged. */
static const char *const staged_fates[] = {
    "CREATE TEMP TABLE IF NOT EXISTS fate (ordinal INTEGER, item INTEGER, state TEXT, kind TEXT,"
    " likeness TEXT)",
    "CREATE INDEX IF NOT EXISTS temp.fate_by_item ON fate (item)",
    "DELETE FROM fate",
    "INSERT INTO fate SELECT staged.ordinal, item.id, CASE WHEN item.id IS NULL THEN 'new'"
    " WHEN item.gone IS NOT NULL OR item.missing IS NOT NULL THEN 'back'"
    " WHEN item.hash <> staged.hash THEN 'changed' ELSE 'unchanged' END, staged.kind, staged.likeness"
    " FROM staged LEFT JOIN item ON item.source = ?2 AND item.kind = staged.kind AND"
    " item.identity = staged.identity WHERE staged.job = ?1",
};

/* What was left out leaves now, or stays as it was when it was rejected. */
static const char *const left_out_fates[] = {
    "INSERT INTO fate SELECT NULL, item.id, left_out.state, item.kind, '' FROM left_out CROSS JOIN item ON"
    " left_out.job = ?1 AND left_out.kind = item.kind AND left_out.identity = item.identity WHERE"
    " item.source = ?2 AND item.gone IS NULL AND left_out.state IN ('filtered', 'foreign')"
    " AND item.id NOT IN (SELECT item FROM fate WHERE item IS NOT NULL) GROUP BY item.id",
    "INSERT INTO fate SELECT NULL, item.id, 'rejected', item.kind, '' FROM left_out CROSS JOIN item ON"
    " left_out.job = ?1 AND (item.identity = left_out.identity OR item.iri = left_out.identity) WHERE +item.source = ?2"
    " AND item.gone IS NULL AND item." PLAIN " AND left_out.state = 'rejected'"
    " AND item.id NOT IN (SELECT item FROM fate WHERE item IS NOT NULL) GROUP BY item.id",
};

/*
 * The rest is absent: a part or a loose node goes at once, unless what it speaks of is
 * missing; a record when its grace period is over. One that is the only one to be like a
 * new one has moved there.
 */
static const char *const absent_fates[] = {
    "INSERT INTO fate SELECT NULL, id, CASE WHEN coalesce(missing, ?3) <= ?4 THEN 'gone' ELSE 'missing'"
    " END, kind, likeness FROM item WHERE source = ?2 AND gone IS NULL AND kind NOT IN ('part', 'loose')"
    " AND id NOT IN (SELECT item FROM fate WHERE item IS NOT NULL)",
    "CREATE TEMP TABLE IF NOT EXISTS move (ordinal INTEGER PRIMARY KEY, item INTEGER)",
    "DELETE FROM move",
    "INSERT INTO move SELECT max(ordinal), max(item) FROM fate WHERE EXISTS (SELECT 1 FROM fate WHERE ordinal IS NULL)"
    " AND likeness <> '' AND state IN ('new', 'missing', 'gone') GROUP BY kind, likeness HAVING count(*) = 2 AND count(ordinal) = 1"
    " AND count(item) = 1",
    "DELETE FROM fate WHERE ordinal IS NULL AND item IN (SELECT item FROM move)",
    "UPDATE fate SET state = 'moved', item = move.item FROM move WHERE move.ordinal = fate.ordinal",
    "INSERT INTO fate SELECT NULL, id, 'gone', kind, '' FROM item WHERE source = ?2 AND gone IS NULL"
    " AND kind IN ('part', 'loose') AND id NOT IN (SELECT item FROM fate WHERE item IS NOT NULL)"
    " AND NOT (EXISTS (SELECT 1 FROM fate WHERE state = 'missing') AND (kind = 'part' AND iri IN"
    " (SELECT whole.iri FROM fate CROSS JOIN item AS whole ON whole.id = fate.item WHERE fate.state = 'missing')"
    " OR kind = 'loose' AND iri NOT IN (SELECT iri FROM staged WHERE job = ?1 AND iri IS NOT NULL)))",
};

/* ---- Applying it ---- */

static const char *const counts[] = {
#define COUNT(state) "(SELECT count(*) FROM fate WHERE state = '" state "' AND" PLAIN ")"
    "UPDATE job SET new = " COUNT("new") ", changed = " COUNT("changed") ", unchanged = "
    COUNT("unchanged") ", moved = " COUNT("moved") ", back = " COUNT("back") ", missing = "
    COUNT("missing") ", gone = " COUNT("gone") " WHERE id = ?1",
};

static const char *const moves[] = {
    "UPDATE item SET was = item.identity, identity = staged.identity FROM fate CROSS JOIN staged ON"
    " staged.job = ?1 AND staged.ordinal = fate.ordinal WHERE fate.item = item.id AND fate.state = 'moved'",
};

/* What newly happened, but for what has a detail. */
static const char *const events[] = {
    "INSERT INTO event (item, job, time, state) SELECT item.id, ?1, ?3, fate.state FROM fate CROSS JOIN item"
    " ON item.id = fate.item WHERE item." PLAIN " AND fate.state <> item.state AND"
    " fate.state IN ('missing', 'gone', 'rejected', 'filtered', 'foreign') ORDER BY item.id",
};

/* Of a job of changes, items keep their places, and new ones come behind them. */
#define ONLY_CHANGES "(SELECT since IS NOT NULL FROM job WHERE id = ?1)"

static const char *const applied[] = {
    "INSERT INTO item (source, kind, identity, iri, title, hash, ordinal, first_seen, changed,"
    " last_seen, state, likeness, page, record) SELECT ?2, staged.kind, identity, iri, title, hash,"
    " staged.ordinal + CASE WHEN " ONLY_CHANGES " THEN (SELECT coalesce(max(ordinal), 0) FROM item WHERE"
    " source = ?2) ELSE 0 END, ?3, ?3, ?3, 'new', staged.likeness, page.url, record FROM fate CROSS JOIN staged ON"
    " staged.job = ?1 AND staged.ordinal = fate.ordinal LEFT JOIN page ON page.job = ?1 AND"
    " page.number = staged.page WHERE fate.state = 'new' ORDER BY staged.ordinal",
    "INSERT INTO event (item, job, time, state) SELECT item.id, ?1, ?3, 'new' FROM fate CROSS JOIN staged ON"
    " staged.job = ?1 AND staged.ordinal = fate.ordinal CROSS JOIN item ON item.source = ?2 AND"
    " item.kind = staged.kind AND item.identity = staged.identity WHERE fate.state = 'new' AND item." PLAIN
    " ORDER BY item.id",
    "UPDATE item SET iri = staged.iri, title = staged.title, record = staged.record,"
    " ordinal = CASE WHEN " ONLY_CHANGES " THEN item.ordinal ELSE staged.ordinal END, likeness = staged.likeness, last_seen = ?3, gone = NULL, missing = NULL,"
    " state = fate.state, page = (SELECT url FROM page WHERE page.job = ?1 AND number = staged.page),"
    " changed = CASE WHEN item.hash = staged.hash THEN item.changed ELSE ?3 END, hash = staged.hash"
    " FROM fate CROSS JOIN staged ON staged.job = ?1 AND staged.ordinal = fate.ordinal WHERE"
    " fate.item = item.id",
    "UPDATE item SET state = fate.state, missing = CASE WHEN fate.state IN ('missing', 'gone') THEN"
    " coalesce(missing, ?3) WHEN fate.state = 'rejected' THEN NULL ELSE missing END, gone = CASE WHEN"
    " fate.state IN ('missing', 'rejected') THEN NULL ELSE ?3 END FROM fate WHERE fate.item = item.id AND"
    " fate.ordinal IS NULL",
};

/* Of a job that is none of the last ten, nor the last one that was promoted: pages may be as that had them. */
#define OF_OLD                                                                                    \
    " WHERE job IN (SELECT id FROM job WHERE source = ?2 ORDER BY id DESC LIMIT -1 OFFSET 10) AND" \
    " job <> (SELECT coalesce(max(id), 0) FROM job WHERE source = ?2 AND state = 'done')"

/* There is one held job at a time, and findings of the last ten. */
static const char *const cleared[] = {
    "UPDATE job SET state = 'dropped', reason = 'a later harvest has replaced it' WHERE source = ?2 AND"
    " state = 'held' AND id <> ?1",
    "DELETE FROM staged WHERE job IN (SELECT id FROM job WHERE source = ?2 AND state NOT IN"
    " ('running', 'held', 'dry'))",
    "DELETE FROM finding" OF_OLD,
    "DELETE FROM left_out" OF_OLD,
};

/* clang-format on */

static int
find_fates(const struct ending *e)
{
    return STEPS(e, staged_fates) || STEPS(e, left_out_fates) ||
                   (!e->partial && STEPS(e, absent_fates)) || STEPS(e, counts)
               ? -1
               : 0;
}

/* One record that is not what it was: what differs, and an event. */
static int
note_difference(const struct ending *e, sqlite3_stmt *row, struct differences *d)
{
    struct mo_str detail;

    mo_buf_clear(&d->json);
    e->compare(store_bytes(row, 2), store_bytes(row, 3), d);
    detail = mo_buf_view(&d->json);
    return store_finish(
        e->s, store_prepare(e->s,
                  "INSERT INTO event (item, job, time, state, detail) VALUES"
                  " (?1, ?2, ?3, ?4, ?5)",
                  "iitts", (int64_t)sqlite3_column_int64(row, 0), e->job, e->now,
                  store_text(row, 1), &detail));
}

static int
note_differences(const struct ending *e)
{
    sqlite3_stmt *row = store_prepare(e->s,
        "SELECT item.id, fate.state, old.json, new.json FROM fate CROSS JOIN item ON"
        " item.id = fate.item CROSS JOIN staged ON staged.job = ?1 AND staged.ordinal ="
        " fate.ordinal JOIN record AS old ON old.id = item.record JOIN record AS new ON"
        " new.id = staged.record WHERE fate.state IN ('changed', 'moved', 'back') AND item." PLAIN
        " ORDER BY staged.ordinal",
        "i", e->job);
    struct differences d = {.added = 0};
    int result = SQLITE_ERROR, failed = 0;

    mo_buf_init(&d.json, MAX_DETAIL);
    while (row && !failed && (result = sqlite3_step(row)) == SQLITE_ROW)
        failed = note_difference(e, row, &d);
    if (!failed && result != SQLITE_DONE)
        failed = store_failed(e->s);
    store_release(e->s, row);
    mo_buf_done(&d.json);
    return failed ||
                   store_finish(e->s,
                       store_prepare(e->s,
                           "UPDATE job SET distributions_new = ?2, distributions_moved ="
                           " ?3, distributions_gone = ?4 WHERE id = ?1",
                           "iiii", e->job, d.added, d.moved, d.removed))
               ? -1
               : 0;
}

static int
apply(const struct ending *e)
{
    return find_fates(e) || note_differences(e) || STEPS(e, events) || STEPS(e, moves) ||
                   STEPS(e, applied) || STEPS(e, cleared)
               ? -1
               : 0;
}

static void
begin(struct ending *e, struct store *s, const struct job *job, int64_t grace)
{
    e->s = s;
    e->job = job->id;
    e->source = job->source;
    store_time(s, 0, e->now);
    store_time(s, grace, e->deadline);
}

/* ---- The verdict ---- */

static int
count(const struct ending *e, const char *sql, int64_t *n)
{
    return store_number(e->s, store_prepare(e->s, sql, "ii", e->job, e->source), n);
}

/*
 * What the source had, and what it has; what was live and is left out counts on both sides,
 * and what has left, within its grace period or before, on none.
 */
struct sizes {
    int64_t live, missing, now;
};

static int
measure(const struct ending *e, struct sizes *n)
{
    int64_t kept;

    if (count(e,
            "SELECT count(*) FROM item WHERE ?1 AND source = ?2 AND gone IS NULL AND"
            " missing IS NULL AND" PLAIN,
            &n->live) ||
        count(e,
            "SELECT count(*) FROM item WHERE ?1 AND source = ?2 AND missing IS NOT NULL"
            " AND" PLAIN,
            &n->missing) ||
        count(
            e, "SELECT count(*) FROM staged WHERE job = ?1 AND ?2 AND" PLAIN, &n->now) ||
        count(e,
            "SELECT count(*) FROM left_out WHERE job = ?1 AND state <> 'duplicate' AND"
            " EXISTS (SELECT 1 FROM item WHERE +source = ?2 AND gone IS NULL AND"
            " (identity = left_out.identity OR iri = left_out.identity))",
            &kept))
        return -1;
    n->now += kept;
    return 0;
}

/* Why the job should not become live by itself, if so. */
static bool
is_suspect(
    const struct job_end *end, const struct sizes *n, bool changes, struct mo_buf *why)
{
    const char *reason = end->reason ? end->reason : "";

    if (end->partial)
        mo_buf_printf(why, "partial, %lld now and %lld before: %s", (long long)n->now,
            (long long)n->live, reason);
    else if (end->hold)
        mo_buf_c(why, reason);
    else if (changes)
        return false;
    else if (n->now == 0 && n->live > 0)
        mo_buf_printf(why, "none now and %lld before%s%s", (long long)n->live,
            reason[0] ? ": " : "", reason);
    else if (!end->limited && (n->live - n->now) * 100 > end->guard * n->live)
        mo_buf_printf(why, "%lld now and %lld before, %lld %% fewer", (long long)n->now,
            (long long)n->live, (long long)((n->live - n->now) * 100 / n->live));
    else
        return false;
    return true;
}

static int
set_state(const struct ending *e, const struct job_end *end, const char *state,
    const char *reason)
{
    return store_finish(e->s,
        store_prepare(e->s,
            "UPDATE job SET state = CASE state WHEN 'dry' THEN 'dry' ELSE ?2 END,"
            " ended = ?3, reason = ?4, partial = ?5, grace = ?6, seconds = seconds +"
            " ?7 WHERE id = ?1",
            "itttiid", e->job, state, e->now, reason,
            (int64_t)(end->partial || end->limited), end->grace, end->seconds));
}

static int
is(const struct ending *e, const char *sql, bool *yes)
{
    int64_t n = 0;

    if (count(e, sql, &n))
        return -1;
    *yes = n != 0;
    return 0;
}

/* An empty answer fails, unless that there is nothing was accepted before. */
static int
judge(const struct ending *e, const struct job_end *end, bool changes,
    enum job_verdict *verdict, struct mo_buf *why)
{
    bool failed = end->reason && !end->partial && !end->hold;
    struct sizes n;

    if (measure(e, &n))
        return -1;
    *verdict = failed && !end->empty               ? JOB_FAILED
               : is_suspect(end, &n, changes, why) ? JOB_HELD
               : failed && n.missing == 0          ? JOB_FAILED
                                                   : JOB_DONE;
    if (*verdict == JOB_FAILED)
        mo_buf_c(why, end->reason);
    if (mo_buf_byte(why, '\0'))
        return -1;
    --why->n;
    return 0;
}

static int
decide(struct ending *e, const struct job_end *end, enum job_verdict *verdict,
    struct mo_buf *why)
{
    static const char *const states[] = {
        [JOB_DONE] = "done", [JOB_FAILED] = "failed", [JOB_HELD] = "held"};
    bool dry, changes;

    if (is(e, "SELECT state = 'dry' FROM job WHERE id = ?1 AND ?2", &dry) ||
        is(e, "SELECT since IS NOT NULL FROM job WHERE id = ?1 AND ?2", &changes) ||
        judge(e, end, changes, verdict, why) ||
        set_state(e, end, states[*verdict], why->n ? why->p : NULL))
        return -1;
    e->partial = e->partial || changes;
    if (!dry && store_clear_kept(e->s, e->source))
        return -1;
    if (*verdict == JOB_FAILED)
        return step(e, "DELETE FROM staged WHERE job = ?1 AND ?2 AND ?3 AND ?4");
    if (*verdict == JOB_HELD || dry)
        return find_fates(e) || (!dry && STEPS(e, cleared)) ? -1 : 0;
    return apply(e);
}

int
store_end_job(struct store *s, const struct job *job, const struct job_end *end,
    enum job_verdict *verdict, struct mo_buf *why)
{
    struct ending e = {.partial = end->partial || end->limited, .compare = end->compare};

    begin(&e, s, job, end->grace);
    if ((!sqlite3_get_autocommit(s->db) || store_execute(s, "BEGIN IMMEDIATE") == 0) &&
        decide(&e, end, verdict, why) == 0 && store_execute(s, "COMMIT") == 0)
        return 0;
    store_drop_page(s);
    return -1;
}

/* ---- Held jobs ---- */

int
store_held(struct store *s, const char *name, int64_t *job)
{
    sqlite3_stmt *stmt = store_prepare(s,
        "SELECT job.id FROM job JOIN source ON source.id = job.source WHERE state = 'held'"
        " AND (source.name = ?1 OR job.id = ?1) ORDER BY source.name <> ?1 LIMIT 1",
        "t", name);
    int result = stmt ? sqlite3_step(stmt) : SQLITE_ERROR;

    *job = result == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    store_release(s, stmt);
    return result == SQLITE_ROW || result == SQLITE_DONE ? 0 : store_failed(s);
}

/* What the job was held with. */
static int
recall(struct store *s, int64_t id, struct ending *e)
{
    sqlite3_stmt *stmt = store_prepare(s,
        "SELECT source, partial OR since IS NOT NULL, grace FROM job WHERE id = ?1", "i",
        id);
    struct job job = {.id = id};
    bool found = stmt && sqlite3_step(stmt) == SQLITE_ROW;

    if (found) {
        job.source = sqlite3_column_int64(stmt, 0);
        e->partial = sqlite3_column_int(stmt, 1) != 0;
        begin(e, s, &job, sqlite3_column_int64(stmt, 2));
    }
    store_release(s, stmt);
    return found ? 0 : store_failed(s);
}

int
store_accept(struct store *s, int64_t job, store_compare *compare)
{
    struct ending e = {.compare = compare};

    if (store_execute(s, "BEGIN IMMEDIATE") == 0 && recall(s, job, &e) == 0 &&
        step(&e, "UPDATE job SET state = 'done', ended = ?3 WHERE id = ?1 AND ?2 AND ?4"
                 " IS NOT NULL") == 0 &&
        apply(&e) == 0 && store_execute(s, "COMMIT") == 0)
        return 0;
    store_drop_page(s);
    return -1;
}

int
store_reject(struct store *s, int64_t job)
{
    if (store_execute(s, "BEGIN IMMEDIATE") == 0 &&
        store_finish(s, store_prepare(s,
                            "UPDATE job SET state = 'dropped' WHERE id = ?1 AND state ="
                            " 'held'",
                            "i", job)) == 0 &&
        store_finish(
            s, store_prepare(s, "DELETE FROM staged WHERE job = ?1", "i", job)) == 0 &&
        store_execute(s, "COMMIT") == 0)
        return 0;
    store_drop_page(s);
    return -1;
}

int
store_forget_job(struct store *s, int64_t job)
{
    return store_finish(s, store_prepare(s, "DELETE FROM job WHERE id = ?1", "i", job));
}

int
store_forget(struct store *s, const char *source, bool *found)
{
    static const char *const tables[] = {
        "DELETE FROM job WHERE source = (SELECT id FROM source WHERE name = ?1)",
        "DELETE FROM item WHERE source = (SELECT id FROM source WHERE name = ?1)",
        "DELETE FROM source WHERE name = ?1",
    };

    *found = false;
    if (store_execute(s, "BEGIN IMMEDIATE"))
        return -1;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; ++i)
        if (store_finish(s, store_prepare(s, tables[i], "t", source))) {
            store_drop_page(s);
            return -1;
        }
    *found = sqlite3_changes(s->db) > 0;
    return store_execute(s, "COMMIT");
}

/* ---- Looking at a job that is staged ---- */

static int
tell_fates(
    const struct ending *e, void (*tell)(void *ctx, const struct fate *fate), void *ctx)
{
    sqlite3_stmt *row = store_prepare(e->s,
        "SELECT fate.state, fate.kind, coalesce(staged.identity, item.identity),"
        " CASE fate.state WHEN 'moved' THEN item.identity END,"
        " coalesce(staged.title, item.title), old.json, new.json FROM fate"
        " LEFT JOIN item ON item.id = fate.item LEFT JOIN staged ON staged.job = ?1 AND"
        " staged.ordinal = fate.ordinal LEFT JOIN record AS old ON old.id = item.record"
        " LEFT JOIN record AS new ON new.id = staged.record WHERE fate." PLAIN
        " AND fate.state <> 'unchanged' AND (fate.ordinal IS NOT NULL OR fate.state <>"
        " item.state) ORDER BY coalesce(fate.ordinal, item.ordinal),"
        " item.id",
        "i", e->job);
    int result = SQLITE_ERROR;

    while (row && (result = sqlite3_step(row)) == SQLITE_ROW) {
        struct fate fate = {.state = store_text(row, 0),
            .kind = store_text(row, 1),
            .identity = store_text(row, 2),
            .was = store_text(row, 3),
            .title = store_text(row, 4),
            .old = store_bytes(row, 5),
            .new = store_bytes(row, 6)};

        tell(ctx, &fate);
    }
    store_release(e->s, row);
    return result == SQLITE_DONE ? 0 : store_failed(e->s);
}

int
store_fates(struct store *s, int64_t job,
    void (*tell)(void *ctx, const struct fate *fate), void *ctx)
{
    struct ending e = {.compare = NULL};

    return recall(s, job, &e) || STEPS(&e, staged_fates) || STEPS(&e, left_out_fates) ||
                   (!e.partial && STEPS(&e, absent_fates)) || tell_fates(&e, tell, ctx)
               ? -1
               : 0;
}
