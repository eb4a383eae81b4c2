/*
 * Crawling: pages of many sources at once, one at a time from each host, and where the
 * next ones are. Of what they hold, records are printed or staged.
 */
#ifndef HARVESTER_CRAWL_H
#define HARVESTER_CRAWL_H

#include <stdbool.h>
#include <stdint.h>

#include <moisson/diag.h>
#include <moisson/str.h>
#include <moisson/tables.h>
#include <moisson/vocab.h>

#include "config.h"
#include "store.h"

/* What became of a source. */
struct outcome {
    bool failed, held;
    bool empty;   /* it failed because there was no record at all */
    bool partial; /* something is missing, and nothing is taken for gone */
    bool limited; /* not all of it was wanted */
    char reason[1024];
    int64_t pages, records, rejected;
    int64_t job;      /* in the store */
    char counts[256]; /* of its records, as "3 new, 1 gone"; "": there is none */
    bool changes;     /* only what changed was asked for */
    bool refused;     /* and that was refused: all was */
};

enum progress_state {
    PROGRESS_WAITING, /* for the turn of its host */
    PROGRESS_RETRYING,
    PROGRESS_ROBOTS,
    PROGRESS_FETCHING,
    PROGRESS_CONVERTING,
    PROGRESS_ENDED
};

/* How far a source is. */
struct progress {
    const char *source;
    enum progress_state state;
    double wait; /* seconds until the next try */
    int64_t pages, records;
    double seconds;
    bool failed, held;
};

struct crawler_options {
    const struct mo_sink *sink; /* told when the job cannot be done */
    const char *program;        /* for the User-Agent */
    const char *version;
    const char *contact; /* where to complain; "" when unset */
    const struct mo_tables *tables;
    const struct mo_vocab *vocab;
    struct store *store; /* NULL: nothing is kept, lines go to `line` */
    bool dry;            /* nothing becomes live */
    bool keep_pages;     /* all of them, not only those that break */
    bool full;           /* no source is asked for its changes only */
    /* Takes each record, a line of DCAT-AP JSON without its end; -1 to stop. */
    int (*line)(void *ctx, struct mo_str json);
    /* Told the end of each source; the store may be asked by a dry run only. */
    void (*done)(void *ctx, const struct source *source, const struct outcome *outcome);
    /* Told ten times a second how far all are, and 0 rows before something is said; or NULL. */
    void (*progress)(void *ctx, const struct progress *rows, size_t n);
    void *ctx;
};

/*
 * Crawl the sources. Returns how many failed, are held or had records rejected, or -1 when the job could not be done
 * (the sink is told).
 */
int crawl(const struct crawler_options *options, const struct source *const sources[],
    size_t n_sources);

#endif
