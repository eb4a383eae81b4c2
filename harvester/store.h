/*
 * What a harvest remembers, in SQLite (schemas/store.sql). Pages commit into the
 * stage of their job; a job that ended whole, and is not suspect, is promoted to the
 * live items in one transaction. All functions that return int give 0, or -1 with
 * store_error set.
 */
#ifndef HARVESTER_STORE_H
#define HARVESTER_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <moisson/buf.h>
#include <moisson/str.h>

#include "spool.h"
#include "finding.h"

struct store;

/* Open the file, made when it is not there and `create` is set. NULL: see `*error`. */
struct store *store_open(const char *file, bool create, const char **error);
void store_close(struct store *store);

/* What went wrong last, in English. */
const char *store_error(const struct store *store);

/* Take this for the present, in seconds since 1970, instead of the clock's. */
void store_set_now(struct store *store, int64_t now);

/*
 * Be the only one who harvests into this store, at once or after a wait. -1 when
 * another process is; `*holder` is its number then, or 0.
 */
int store_lock(struct store *store, const char *file, bool wait, long *holder);

/* ---- Jobs (store-jobs.c) ---- */

struct store_source {
    const char *name, *title, *url;
    const char *contact;    /* whom to tell about it; "": nobody is named */
    int64_t position;       /* in the configuration */
    const char *const *was; /* names that it had */
    size_t n_was;
};

/* A source that was harvested before takes its place, and its new name. */
int store_note_source(struct store *store, const struct store_source *source);

struct job {
    int64_t id;
    int64_t source;
    int64_t pages;   /* that are staged already */
    int64_t ordinal; /* of the next record */
    int64_t items;   /* datasets and services that are staged already */
    int64_t records; /* that came before it was cut short, not rejected */
    int64_t rejected;
    char *next;    /* where to go on; NULL: the start. Yours to free() */
    char *partial; /* why some is missing; NULL: nothing is. Yours to free() */
    char *since;   /* only changes from then on are asked for. Yours to free() */
    bool resumed;
};

/*
 * From when on changes of the source are enough to know all of it, to free(); NULL: they are
 * not. It is a day before its last job began, when that was done and so were those back to a
 * whole one that began less than `every` seconds ago, with the same settings. -1 on failure.
 */
int store_since(struct store *store, const char *source, const char *settings,
    int64_t every, char **since);

/*
 * Go on with the job of this source that was interrupted less than a day ago, or begin
 * one. A dry one always begins, and leaves nothing behind. `settings` is whatever the
 * records depend on beside the pages. `since`: of a job that asks for changes only, and
 * else NULL, when none such is gone on with.
 */
int store_begin_job(struct store *store, const struct store_source *source, bool dry,
    const char *settings, const char *since, struct job *job);

/* The job, which asked for changes only and has no page yet, asks for everything. */
int store_want_all(struct store *store, struct job *job);

/* Requests of the job that have become no page, and how many of them were retries. */
int store_add_requests(
    struct store *store, const struct job *job, int64_t requests, int64_t retries);

/* Call `visit` with each address that the job has fetched or was sent on to. */
int store_visited(struct store *store, const struct job *job,
    void (*visit)(void *ctx, const char *url), void *ctx);

/* A page: between these two, records and findings; then it is there, or it never was. */
struct page {
    int64_t number;
    const char *url, *came_from;
    const char *next; /* NULL: it was the last */
    int64_t bytes, rejected, repeated;
    int64_t requests, retries;
    const char *etag, *modified; /* of the answer; NULL: it had none */
    const char *partial;         /* why some of the job is missing; NULL: nothing is */
    bool reused;
};

int store_begin_page(struct store *store);
int store_end_page(struct store *store, const struct job *job, const struct page *page);
void store_drop_page(struct store *store);
/* What is there between them stays, without a page. */
int store_commit(struct store *store);

struct staged {
    const char *kind;
    struct mo_str identity, iri, title, json;
    struct mo_str faithful; /* before the filter; NULL: the same */
    const char *hash, *likeness;
};

/*
 * Stage a record. `*twin` is set when its identity is there already: the first is
 * kept; `*same` when both say the same.
 */
int store_stage(struct store *store, struct job *job, int64_t page,
    const struct staged *record, bool *twin, bool *same);

/* A record that is not to become an item: rejected, duplicate, filtered or foreign. */
int store_leave_out(struct store *store, const struct job *job, int64_t page,
    const char *state, const struct staged *record, const char *why);

/* Keep diagnostics; so many at a time cost the least. */
enum { STORE_FINDINGS = 16 };
int store_findings(struct store *store, const struct job *job, int64_t page,
    const struct finding_row *findings, size_t n);

/* What the last promoted job knows of a page, for a conditional request. */
struct known_page {
    char *etag, *modified, *came_from, *next; /* each may be NULL */
};

/*
 * Whether the page at this address was there, with the same settings, and has an etag or
 * a date to ask with. known_page_done() in any case.
 */
int store_known_page(struct store *store, const struct job *job, const char *url,
    struct known_page *page, bool *found);
void known_page_done(struct known_page *page);

/*
 * The page has not changed: stage what stood on it, with its findings, and what was
 * left out of it. `*records` came on it that were not rejected. Between store_begin_page and
 * store_end_page.
 */
int store_reuse_page(struct store *store, struct job *job, int64_t page, const char *url,
    int64_t *records, int64_t *rejected);

/* ---- Pages as they came (store-kept.c) ---- */

struct kept_page {
    int64_t number;              /* of the page */
    char *url, *came_from, *why; /* `why`: what broke; NULL: nothing */
    char charset[64];
    bool whole;
    struct spool *body;
};

/* Keep one, in place of the one with its number. Between store_begin_page and its end. */
int store_keep_page(struct store *store, int64_t job, const struct kept_page *page);

/* A page that was kept, for as long as it is told of. */
struct kept_row {
    int64_t id, job, number;
    const char *url, *came_from, *charset;
};

/*
 * Call `tell` with each whole page of a job that is kept, or with the one of this number;
 * one that had not changed is that of an earlier job. `tell` does not change the store.
 */
int store_kept(struct store *store, int64_t job, int64_t number,
    int (*tell)(void *ctx, const struct kept_row *page), void *ctx);

/* Call `take` with its bytes, in pieces; it returns -1 to stop. */
int store_kept_body(struct store *store, int64_t id,
    int (*take)(void *ctx, struct mo_str bytes), void *ctx);

/*
 * The page of this address that is kept as it was when the live records of the source came
 * from it; `last`: when it was fetched last. Without a source the last one that is kept of
 * any, by the address that was asked for or that it came from. 0: there is none.
 */
int store_find_kept(
    struct store *store, const char *source, const char *url, bool last, int64_t *id);

/*
 * Begin a job of pages that were kept of the job `of`, with what is staged of that. It is
 * a dry one until store_end_replay, and leaves nothing behind before. `*whole`: with
 * `pages` pages it has all that the other had.
 */
int store_begin_replay(
    struct store *store, int64_t of, int64_t pages, struct job *job, bool *whole);

/* What is staged of a page, by the other job, is to be staged anew. */
int store_unstage_page(struct store *store, const struct job *job, int64_t number);

/* A kept page is that of another job, or of its own, from now on, and broke, or did not. */
int store_move_kept(struct store *store, int64_t id, int64_t job, const char *why);

/* The job is dry no more. Between store_begin_page and store_end_job. */
int store_end_replay(struct store *store, const struct job *job);

/* Of each page of the source only the last is kept, and no longer than findings. */
int store_clear_kept(struct store *store, int64_t source);

/* ---- The end of a job (store-promote.c) ---- */

/* What differs between two records, as a JSON array; and how many distributions do. */
struct differences {
    struct mo_buf json;
    int64_t added, removed, moved;
};

typedef void store_compare(struct mo_str old, struct mo_str new, struct differences *d);

struct job_end {
    const char *reason; /* why it failed or is suspect; NULL: neither */
    bool hold;          /* whatever it is */
    bool empty;         /* it failed because there was no record at all */
    bool partial;       /* some of the source is missing */
    bool limited;       /* not all of the source was wanted */
    int64_t grace;      /* seconds that an item may be missing */
    int64_t guard;      /* percent that may be missing */
    double seconds;
    store_compare *compare;
};

enum job_verdict { JOB_DONE, JOB_FAILED, JOB_HELD };

/* How many records are in which state, as "3 new, 1 gone"; those with none are left out. */
int store_counts(struct store *store, int64_t job, char *text, size_t size);

/*
 * What became of a job: it is live, or its stage is dropped, or it is held. In the last
 * two cases the live items stay. `why` says it in English. Ends what store_begin_page
 * began, if anything; findings may stand between.
 */
int store_end_job(struct store *store, const struct job *job, const struct job_end *end,
    enum job_verdict *verdict, struct mo_buf *why);

/* The held job of a source, by the number of the job or the name; 0: there is none. */
int store_held(struct store *store, const char *name, int64_t *job);

/* Apply a held job, exactly; or drop it. */
int store_accept(struct store *store, int64_t job, store_compare *compare);
int store_reject(struct store *store, int64_t job);

/* A dry job: nothing stays of it. */
int store_forget_job(struct store *store, int64_t job);

/* All that is known of a source; -1 and no error when there is none. */
int store_forget(struct store *store, const char *source, bool *found);

/* What a job that is staged would do: for each item that it would touch. */
struct fate {
    const char *state, *kind, *identity, *was, *title;
    struct mo_str old, new; /* JSON; NULL: there is none */
};

int store_fates(struct store *store, int64_t job,
    void (*tell)(void *ctx, const struct fate *fate), void *ctx);

/* ---- Reading (store-read.c) ---- */

/* Rows that a SELECT over the views gives. */
struct rows;

/* The values of ?1 and so on, each a text or NULL. NULL on failure. */
struct rows *store_rows(
    struct store *store, const char *sql, const char *const values[], size_t n);
bool rows_next(struct rows *rows);
size_t rows_width(const struct rows *rows);
const char *rows_name(const struct rows *rows, size_t column);
const char *rows_text(const struct rows *rows, size_t column); /* NULL: none */
struct mo_str rows_bytes(const struct rows *rows, size_t column);
int64_t rows_number(const struct rows *rows, size_t column);
bool rows_is_number(const struct rows *rows, size_t column);
/* Free them; -1 when they ended before their end. */
int rows_done(struct rows *rows);

struct exported {
    const char *source;
    const char *kind, *identity, *title;
    bool parts;            /* some items of the source say more about others */
    const char *elsewhere; /* the source that gave this identity before, or NULL */
    struct mo_str json;
};

/* Call `put` with each live item, source by source in the order of the configuration. */
int store_export(struct store *store, const char *only_source,
    int (*put)(void *ctx, const struct exported *item), void *ctx);

#endif
