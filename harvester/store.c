#include "store-sql.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <moisson/flow.h>

enum { BUSY_MS = 60000 };

/* ---- For all files of the store ---- */

int
store_failed(struct store *s)
{
    snprintf(s->error, sizeof s->error, "%s", sqlite3_errmsg(s->db));
    return -1;
}

int
store_execute(struct store *s, const char *sql)
{
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : store_failed(s);
}

/* The statement of this text: one that is kept and not in use, or a new one. */
static sqlite3_stmt *
find_statement(struct store *s, const char *sql)
{
    sqlite3_stmt *stmt;
    size_t i = 0;

    while (i < s->n_kept && (s->kept[i].sql != sql || s->kept[i].used))
        ++i;
    if (i < s->n_kept) {
        s->kept[i].used = true;
        return s->kept[i].stmt;
    }
    if (sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) !=
        SQLITE_OK) {
        store_failed(s);
        return NULL;
    }
    if (i < STORE_KEPT)
        s->kept[s->n_kept++] = (struct kept){.sql = sql, .stmt = stmt, .used = true};
    return stmt;
}

void
store_bind_text(sqlite3_stmt *stmt, int parameter, struct mo_str text)
{
    if (text.p)
        sqlite3_bind_text64(stmt, parameter, text.p, text.n, SQLITE_STATIC, SQLITE_UTF8);
}

sqlite3_stmt *
store_prepare(struct store *s, const char *sql, const char *types, ...)
{
    sqlite3_stmt *stmt = find_statement(s, sql);
    va_list args;

    if (!stmt)
        return NULL;
    va_start(args, types);
    for (int i = 0; types[i]; ++i) {
        const struct mo_str *text;
        int64_t number;

        switch (types[i]) {
        case 'i': sqlite3_bind_int64(stmt, i + 1, va_arg(args, int64_t)); break;
        case 'n':
            number = va_arg(args, int64_t);
            if (number >= 0)
                sqlite3_bind_int64(stmt, i + 1, number);
            break;
        case 'd': sqlite3_bind_double(stmt, i + 1, va_arg(args, double)); break;
        case 't':
            sqlite3_bind_text(stmt, i + 1, va_arg(args, const char *), -1, SQLITE_STATIC);
            break;
        default:
            text = va_arg(args, const struct mo_str *);
            store_bind_text(stmt, i + 1, *text);
            break;
        }
    }
    va_end(args);
    return stmt;
}

void
store_release(struct store *s, sqlite3_stmt *stmt)
{
    size_t i = 0;

    while (i < s->n_kept && s->kept[i].stmt != stmt)
        ++i;
    if (i == s->n_kept) {
        sqlite3_finalize(stmt);
        return;
    }
    sqlite3_reset(stmt);
    sqlite3_clear_bindings(stmt);
    s->kept[i].used = false;
}

int
store_finish(struct store *s, sqlite3_stmt *stmt)
{
    int result = stmt ? sqlite3_step(stmt) : SQLITE_ERROR;

    if (stmt && result != SQLITE_DONE && result != SQLITE_ROW)
        store_failed(s);
    store_release(s, stmt);
    return result == SQLITE_DONE || result == SQLITE_ROW ? 0 : -1;
}

int
store_number(struct store *s, sqlite3_stmt *stmt, int64_t *number)
{
    int result = stmt ? sqlite3_step(stmt) : SQLITE_ERROR;

    if (result == SQLITE_ROW)
        *number = sqlite3_column_int64(stmt, 0);
    else
        store_failed(s);
    store_release(s, stmt);
    return result == SQLITE_ROW ? 0 : -1;
}

const char *
store_text(sqlite3_stmt *stmt, int column)
{
    return (const char *)sqlite3_column_text(stmt, column);
}

struct mo_str
store_bytes(sqlite3_stmt *stmt, int column)
{
    const char *text = store_text(stmt, column);

    return mo_str_n(text, text ? (size_t)sqlite3_column_bytes(stmt, column) : 0);
}

void
store_time(const struct store *s, int64_t before, char text[STORE_TIME])
{
    time_t now = (time_t)((s->now ? s->now : mo_present()) - before);
    struct tm tm;

    if (!gmtime_r(&now, &tm) || !strftime(text, STORE_TIME, "%Y-%m-%dT%H:%M:%SZ", &tm))
        text[0] = '\0';
}

/* ---- Opening ---- */

/* "unable to open database file" does not say why. */
static void
cannot_open(struct store *s)
{
    int why = sqlite3_system_errno(s->db);

    if (why)
        snprintf(s->error, sizeof s->error, "%s", strerror(why));
    else
        store_failed(s);
}

struct store *
store_open(const char *file, bool create, const char **error)
{
    static char text[256];
    struct store *s = calloc(1, sizeof *s);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | /* one thread at a time */
                (create ? SQLITE_OPEN_CREATE : 0);

    *error = "out of memory";
    if (!s)
        return NULL;
    s->lock = -1;
    sqlite3_config(
        SQLITE_CONFIG_MEMSTATUS, 0); /* nobody asks, and it costs a lock each time */
    if (sqlite3_open_v2(file, &s->db, flags, NULL) != SQLITE_OK)
        cannot_open(s);
    else if (sqlite3_busy_timeout(s->db, BUSY_MS) == SQLITE_OK &&
             store_schema_check(s) == 0 &&
             store_execute(s, "PRAGMA page_size = 16384; PRAGMA journal_mode = WAL;"
                              "PRAGMA synchronous = NORMAL; PRAGMA secure_delete = OFF;"
                              "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;"
                              "PRAGMA wal_autocheckpoint = 1000") == 0 &&
             store_schema_make(s) == 0)
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
    for (size_t i = 0; i < s->n_kept; ++i)
        sqlite3_finalize(s->kept[i].stmt);
    sqlite3_close(s->db);
    if (s->lock >= 0)
        close(s->lock);
    free(s);
}

void
store_set_now(struct store *s, int64_t now)
{
    s->now = now;
}

const char *
store_error(const struct store *s)
{
    return s->error;
}

int
store_lock(struct store *s, const char *file, bool wait, long *holder)
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
    if (fcntl(s->lock, wait ? F_SETLKW : F_SETLK, &lock) == 0)
        return 0;
    snprintf(s->error, sizeof s->error, "%s", strerror(errno));
    if (fcntl(s->lock, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK)
        *holder = lock.l_pid;
    return -1;
}
