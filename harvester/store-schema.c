#include "store-sql.h"

#include <stdio.h>
#include <string.h>

#include <moisson/buf.h>

enum { VERSION = 7, MAX_SQL = 1 << 20 };

extern const char store_tables[]; /* made from schemas/store.sql */
extern const char store_views[];  /* made from schemas/store-views.sql */

/* What columns that are copied do not say, by the last version that did not say it. */
static const struct {
    int version;
    const char *sql;
} amends[] = {
    {1, "UPDATE item SET state = 'gone' WHERE gone IS NOT NULL;"
        "ALTER TABLE old_item ADD COLUMN faithful TEXT;"
        "ALTER TABLE old_staged ADD COLUMN faithful TEXT"},
    {5, "INSERT INTO record SELECT id, json, faithful FROM old_item;"
        "UPDATE item SET record = id;"
        "INSERT INTO record SELECT (SELECT coalesce(max(id), 0) FROM item) + rowid, json,"
        " faithful FROM old_staged;"
        "UPDATE staged SET record = (SELECT (SELECT coalesce(max(id), 0) FROM item) +"
        " old.rowid FROM old_staged AS old WHERE old.job = staged.job AND old.ordinal ="
        " staged.ordinal)"},
};

static int
user_version(struct store *s, int64_t *version)
{
    return store_number(s, store_prepare(s, "PRAGMA user_version", ""), version);
}

/* Run each SQL text that the query gives. */
static int
run_all(struct store *s, const char *query)
{
    sqlite3_stmt *stmt = store_prepare(s, query, "");
    struct mo_buf sql;
    int failed;

    mo_buf_init(&sql, MAX_SQL);
    while (stmt && sqlite3_step(stmt) == SQLITE_ROW) {
        mo_buf_c(&sql, store_text(stmt, 0));
        mo_buf_c(&sql, ";\n");
    }
    store_release(s, stmt);
    failed = !stmt || mo_buf_byte(&sql, '\0') || store_execute(s, sql.p);
    mo_buf_done(&sql);
    return failed ? -1 : 0;
}

/* Fill each new table with the columns that the old one had, too. */
#define COMMON                                                                           \
    "(SELECT group_concat('\"' || new.name || '\"') FROM pragma_table_info(t.name) AS"   \
    " new JOIN pragma_table_info('old_' || t.name) AS old ON old.name = new.name)"

static int
migrate(struct store *s, int64_t from)
{
    if (run_all(s,
            "SELECT 'DROP ' || type || ' ' || name FROM sqlite_master WHERE type IN"
            " ('view', 'trigger')") ||
        run_all(s, "SELECT 'DROP INDEX ' || name FROM sqlite_master"
                   " WHERE type = 'index' AND sql IS NOT NULL") ||
        run_all(s,
            "SELECT 'ALTER TABLE ' || name || ' RENAME TO old_' || name"
            " FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'") ||
        store_execute(s, store_tables) ||
        run_all(s, "SELECT 'INSERT INTO ' || t.name || ' (' || " COMMON
                   " || ') SELECT ' || " COMMON " || ' FROM old_' || t.name"
                   " FROM sqlite_master AS t WHERE type = 'table' AND EXISTS"
                   " (SELECT 1 FROM sqlite_master WHERE name = 'old_' || t.name)"))
        return -1;
    for (size_t i = 0; i < sizeof amends / sizeof amends[0]; ++i)
        if (from > 0 && from <= amends[i].version && store_execute(s, amends[i].sql))
            return -1;
    return run_all(s, "SELECT 'DROP TABLE ' || name FROM sqlite_master"
                      " WHERE type = 'table' AND substr(name, 1, 4) = 'old_'");
}

/* In a transaction: whoever comes second finds the work done. */
static int
make(struct store *s)
{
    char sql[64];
    int64_t version;

    if (user_version(s, &version))
        return -1;
    if (version >= VERSION)
        return store_execute(s, "COMMIT");
    snprintf(sql, sizeof sql, "PRAGMA user_version = %d", VERSION);
    return migrate(s, version) || store_execute(s, store_views) ||
                   store_execute(s, sql) || store_execute(s, "COMMIT")
               ? -1
               : 0;
}

int
store_schema_check(struct store *s)
{
    int64_t fine;

    if (store_number(s,
            store_prepare(s,
                "SELECT count(*) = 0 OR sum(name IN ('source', 'job', 'page', 'item',"
                " 'finding')) = 5 FROM sqlite_master WHERE type = 'table' AND name NOT"
                " LIKE 'sqlite%'",
                ""),
            &fine))
        return -1;
    if (!fine)
        snprintf(s->error, sizeof s->error, "it is a database of another program");
    return fine ? 0 : -1;
}

int
store_schema_make(struct store *s)
{
    int64_t version;
    int failed;

    if (user_version(s, &version))
        return -1;
    if (version == VERSION)
        return store_execute(s, "PRAGMA foreign_keys = ON");
    if (version > VERSION) {
        snprintf(s->error, sizeof s->error, "the store was made by a later version");
        return -1;
    }
    /* Renaming a table must not touch those that refer to it. */
    if (store_execute(s, "PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON;"
                         "BEGIN IMMEDIATE"))
        return -1;
    failed = make(s);
    if (failed)
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    return failed || store_execute(s, "PRAGMA legacy_alter_table = OFF;"
                                      "PRAGMA foreign_keys = ON")
               ? -1
               : 0;
}
