/*
 * What a harvest remembers, in SQLite (schemas/store.sql). Pages commit into the
 * stage of their job; a job that ended whole is promoted to the live items in one
 * transaction. All functions that return int give 0, or -1 with store_error set.
 */
#ifndef HARVESTER_STORE_H
#define HARVESTER_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <moisson/str.h>

struct store;

/* Open the file, made when it is not there and `create` is set. NULL: see `*error`. */
struct store *store_open(const char *file, bool create, const char **error);
void store_close(struct store *store);

/* What went wrong last, in English. */
const char *store_error(const struct store *store);

/*
 * Be the only one who harvests into this store. -1 when another process is; `*holder`
 * is its number then, or 0.
 */
int store_lock(struct store *store, const char *file, long *holder);

struct job {
    int64_t id;
    int64_t source;
    int64_t pages;   /* that are staged already */
    int64_t ordinal; /* of the next record */
    char *next;      /* where to go on; NULL: the start. Yours to free() */
    bool resumed;
};

/*
 * Go on with the job of this source that was interrupted less than a day ago, or begin
 * one.
 */
int store_begin_job(struct store *store, const char *name, const char *title,
    const char *url, struct job *job);

/* Call `visit` with each address that the job has fetched or was sent on to. */
int store_visited(struct store *store, const struct job *job,
    void (*visit)(void *ctx, const char *url), void *ctx);

/* A page: between these two, records and findings; then it is there, or it never was. */
struct page {
    int64_t number;
    const char *url, *came_from;
    const char *next; /* NULL: it was the last */
    int64_t bytes, rejected, repeated;
};

int store_begin_page(struct store *store);
int store_end_page(struct store *store, const struct job *job, const struct page *page);
void store_drop_page(struct store *store);

struct staged {
    const char *kind;
    struct mo_str identity, iri, title, json;
    const char *hash;
};

/*
 * Stage a record. `*twin` is set when its identity is there already: the first is
 * kept; `*same` when both say the same.
 */
int store_stage(struct store *store, struct job *job, int64_t page,
    const struct staged *record, bool *twin, bool *same);

/* Keep a diagnostic, as its JSON object. */
int store_finding(
    struct store *store, const struct job *job, int64_t page, struct mo_str json);

/* The crawl ended whole: what was staged is live. */
int store_promote(struct store *store, const struct job *job);

/*
 * It did not: the live items stay, the stage is dropped. Ends what store_begin_page
 * began; findings may stand between.
 */
int store_fail(struct store *store, const struct job *job, const char *reason);

/* Print a table of the sources and their last jobs. */
int store_status(struct store *store, FILE *out);

/*
 * Call `put` with the JSON of each live item, source by source, in order; `parts`: some
 * items of the source say more about others. It returns -1 to stop.
 */
int store_export(struct store *store,
    int (*put)(void *ctx, const char *source, bool parts, struct mo_str json), void *ctx);

#endif
