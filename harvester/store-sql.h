/* What the files of the store share: SQLite is met in these only. */
#ifndef HARVESTER_STORE_SQL_H
#define HARVESTER_STORE_SQL_H

#include <sqlite3.h>

#include "store.h"

enum { STORE_KEPT = 128 };

struct store {
    sqlite3 *db;
    struct kept { /* statements that were prepared once, to be used again */
        const char *sql;
        sqlite3_stmt *stmt;
        bool used;
    } kept[STORE_KEPT];
    size_t n_kept;
    int lock;
    int64_t now; /* 0: the clock's */
    char error[256];
};

/* Keep what SQLite says: -1. */
int store_failed(struct store *s);

int store_execute(struct store *s, const char *sql);

/*
 * A statement with its values: "i" int64_t, "n" the same, which is NULL below 0, "d" double,
 * "t" C string or NULL, "s" struct mo_str *, which is NULL where its `p` is. NULL on failure.
 * The same text at the same address is prepared once, so it must stay as it is; texts must
 * until it is released.
 */
sqlite3_stmt *store_prepare(struct store *s, const char *sql, const char *types, ...);

/* A text, which must stay as above, or NULL where its `p` is. */
void store_bind_text(sqlite3_stmt *stmt, int parameter, struct mo_str text);

/* Done with a statement, which may be NULL: it lets go of its rows and its values. */
void store_release(struct store *s, sqlite3_stmt *stmt);

/* Run a statement that gives no rows, and release it. */
int store_finish(struct store *s, sqlite3_stmt *stmt);

/* The first number that the statement gives, which is released. */
int store_number(struct store *s, sqlite3_stmt *stmt, int64_t *number);

/* Where the next record is staged. 0, or -1. */
int store_find_ordinal(struct store *s, struct job *job);

/* A column as text, or NULL; as bytes, whose `p` is NULL then. Until the next row. */
const char *store_text(sqlite3_stmt *stmt, int column);
struct mo_str store_bytes(sqlite3_stmt *stmt, int column);

/* Now, `before` seconds ago: as 2026-01-31T12:00:00Z. */
enum { STORE_TIME = 32 };
void store_time(const struct store *s, int64_t before, char text[STORE_TIME]);

/* Nothing of another program is touched. */
int store_schema_check(struct store *s);

/* Make the tables, or those of an earlier version into these (store-schema.c). */
int store_schema_make(struct store *s);

#endif
