#include "store-sql.h"

#include <stdlib.h>
#include <string.h>

struct rows {
    struct store *store;
    sqlite3_stmt *stmt;
    int result;
};

struct rows *
store_rows(struct store *s, const char *sql, const char *const values[], size_t n)
{
    struct rows *rows = calloc(1, sizeof *rows);

    if (!rows)
        return NULL;
    rows->store = s;
    rows->result = sqlite3_prepare_v2(s->db, sql, -1, &rows->stmt, NULL);
    if (rows->result != SQLITE_OK) {
        store_failed(s);
        free(rows);
        return NULL;
    }
    for (size_t i = 0; i < n; ++i)
        sqlite3_bind_text(rows->stmt, (int)i + 1, values[i], -1, SQLITE_TRANSIENT);
    return rows;
}

bool
rows_next(struct rows *rows)
{
    rows->result = sqlite3_step(rows->stmt);
    return rows->result == SQLITE_ROW;
}

size_t
rows_width(const struct rows *rows)
{
    return (size_t)sqlite3_column_count(rows->stmt);
}

const char *
rows_name(const struct rows *rows, size_t column)
{
    return sqlite3_column_name(rows->stmt, (int)column);
}

const char *
rows_text(const struct rows *rows, size_t column)
{
    return store_text(rows->stmt, (int)column);
}

struct mo_str
rows_bytes(const struct rows *rows, size_t column)
{
    return store_bytes(rows->stmt, (int)column);
}

int64_t
rows_number(const struct rows *rows, size_t column)
{
    return sqlite3_column_int64(rows->stmt, (int)column);
}

bool
rows_is_number(const struct rows *rows, size_t column)
{
    int type = sqlite3_column_type(rows->stmt, (int)column);

    return type == SQLITE_INTEGER || type == SQLITE_FLOAT;
}

int
rows_done(struct rows *rows)
{
    int failed = 0;

    if (!rows)
        return -1;
    if (rows->result != SQLITE_ROW && rows->result != SQLITE_DONE &&
        rows->result != SQLITE_OK)
        failed = store_failed(rows->store);
    sqlite3_finalize(rows->stmt);
    free(rows);
    return failed;
}

/*
 * The first source, by their order, that gives this record, else that did: one of the same
 * IRI, or of an identity that is not of one source only. What is said about a record goes
 * with it.
 */
#define SAME                                                                              \
    "(other.iri = item.iri OR item.kind <> 'part' AND other.identity = item.identity AND" \
    " (item.identity LIKE '%://%' OR item.identity LIKE 'urn:%' OR item.identity LIKE"    \
    " 'doi:%' OR item.identity LIKE '10.%/%' OR item.identity LIKE"                       \
    " '________-____-____-____-____________'))"
#define FIRST                                                                            \
    "CASE WHEN item.kind IN ('dataset', 'service', 'part') THEN (SELECT first.name FROM" \
    " item AS other JOIN source AS first ON first.id = other.source WHERE " SAME         \
    " AND other.kind IN ('dataset', 'service') AND other.gone IS NULL ORDER BY"          \
    " other.missing IS NOT NULL, first.position, first.name LIMIT 1) END"

/* In its source another record has this IRI now, as when only the identifier is another. */
#define REPLACED                                                                          \
    "(item.missing IS NOT NULL AND EXISTS (SELECT 1 FROM item AS other WHERE other.iri =" \
    " item.iri AND +other.source = item.source AND other.kind IN ('dataset', 'service')"  \
    " AND other.gone IS NULL AND other.missing IS NULL))"

int
store_export(struct store *s, const char *only_source,
    int (*put)(void *ctx, const struct exported *item), void *ctx)
{
    sqlite3_stmt *stmt = store_prepare(s,
        "SELECT json, source.name, parts.source IS NOT NULL, kind, identity, item.title,"
        " nullif(" FIRST ", source.name) FROM item JOIN source ON source.id = item.source"
        " JOIN record ON record.id = item.record"
        " LEFT JOIN (SELECT DISTINCT source FROM item WHERE gone IS NULL AND"
        " kind IN ('part', 'loose')) AS parts ON parts.source = item.source"
        " WHERE gone IS NULL AND (?1 IS NULL OR source.name = ?1) AND NOT " REPLACED
        " ORDER BY source.position, source.name, ordinal, item.id",
        "t", only_source);
    int result = SQLITE_ERROR;

    while (stmt && (result = sqlite3_step(stmt)) == SQLITE_ROW) {
        struct exported item = {.json = store_bytes(stmt, 0),
            .source = store_text(stmt, 1),
            .parts = sqlite3_column_int(stmt, 2) != 0,
            .kind = store_text(stmt, 3),
            .identity = store_text(stmt, 4),
            .title = store_text(stmt, 5),
            .elsewhere = store_text(stmt, 6)};

        if (put(ctx, &item)) {
            store_release(s, stmt);
            return 0;
        }
    }
    store_release(s, stmt);
    return result == SQLITE_DONE ? 0 : store_failed(s);
}
