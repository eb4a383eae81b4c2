/*
 * What the parts of a crawl share: crawl.c goes round the sources, page.c knows what a
 * page holds, paging.c where the next one is, stage.c keeps it and ends the job.
 */
#ifndef HARVESTER_CRAWLING_H
#define HARVESTER_CRAWLING_H

#include <stdatomic.h>

#include <moisson/buf.h>

#include "crawl.h"
#include "facts.h"
#include "faithful.h"
#include "sources/hydra.h"
#include "sources/protocol.h"
#include "spool.h"
#include "transfer.h"
#include "worker.h"

enum { MAX_FINDINGS = 256 << 20, MAX_FINDING = 64 << 20, MAX_TOOLS = 16 };

enum state {
    FETCHING,
    SETTLING, /* the page in hand, or the beginning; see page_settle() */
    ENDED
};

struct crawl {
    struct crawler *crawler;
    const struct source *source;
    const struct protocol *protocol;
    struct transfer_options options;
    struct credentials credentials;
    struct outcome outcome;
    enum state state;
    struct job job;
    char *url; /* of the page in hand; NULL behind the last */
    char **visited;
    size_t n_visited, cap_visited;
    uint64_t *bodies; /* hashes of those that were read, one a page */
    size_t n_bodies, cap_bodies;
    int64_t total, members;  /* as the source says, and as they came */
    unsigned idle;           /* pages in a row that brought nothing new */
    double began, asked;     /* asked: when its first page had its turn */
    struct known_page known; /* what the harvest before knows of the page in hand */
    bool reused;             /* a page had not changed */
    bool dropped;            /* the filter left out a record */
    char *refused; /* why all is read, and not what changed; NULL: it is not so */
    bool linked;   /* a page led to the one in hand, and robots.txt is asked */

    /* The page in hand. */
    struct transfer *transfer;
    struct spool lines;        /* records, until the page is whole */
    struct faithful *faithful; /* the same before the filter; NULL: there is none */
    struct spool facts;        /* of the records, line by line */
    struct spool findings;
    struct mo_buf memory; /* of the finding in hand */
    int64_t came;         /* members of the catalogue, before the filter */
    int64_t records, rejected, repeated;
    bool is_page;        /* the line in hand speaks of the page itself */
    int64_t said;        /* how many records all pages hold; below 0: not said */
    int64_t next_record; /* where the next page begins; see page_facts */
    char *next;          /* as it was written */
    bool empty;          /* there is no record on it, and should be */
    char broken[512];    /* the diagnostic that speaks against the whole page */
    char nameless[512];  /* the first diagnostic that rejects what has no name */

    struct spool body;     /* as it came */
    struct kept_page kept; /* what is kept with it; a number of 0: it is not to be kept */
};

struct crawler {
    const struct crawler_options *options;
    struct tool *tools[MAX_TOOLS]; /* that were found, and are of our version */
    size_t n_tools;
    char agent[256]; /* the name that it asks under */
    struct fetcher *fetcher;
    struct crawl *crawls;
    struct worker *reader; /* reads the records of pages, while others come */
    struct worker *keeper; /* settles those that are read */
    struct progress *rows; /* of each; NULL: nobody asks */
    double told;
    size_t n;
    atomic_int trouble; /* -1: nothing can go on */
    char why[512]; /* of the trouble that came first; "" where that was told elsewhere */
};

/* ---- crawl.c ---- */

/* The source has failed; the first reason counts. */
void crawl_fail(struct crawl *c, const char *format, ...);

/* Something of the source is missing: what came counts, what did not is not gone. */
void crawl_partial(struct crawl *c, const char *format, ...);

/* Nothing can go on: the sink is told in the end, of what came first. In any thread. -1. */
int crawl_trouble(struct crawler *k, const char *what);
int crawl_trouble_with(struct crawler *k, const char *what, const char *which);

/* A copy, yours to free(); NULL in trouble. */
char *crawl_copy(struct crawl *c, struct mo_str text);

/* What asks servers, under our name and the contact's. 0, or -1. */
int crawl_open(struct crawler *k);

/* What there is of all that; the sink is told of trouble. */
void crawl_close(struct crawler *k);

/* The program of this name, borrowed; NULL in trouble. */
struct tool *crawl_tool(struct crawler *k, const char *name);

/* What the pages of a source need before they come; release it in any case. 0, or -1. */
int crawl_prepare(struct crawler *k, struct crawl *c, const struct source *source);
void crawl_release(struct crawl *c);

/* ---- paging.c ---- */

/* Remember an address that was fetched, or that one led to. */
void paging_visit(void *ctx, const char *url);

/* Whether a page of these bytes was read before; it is from now on. */
bool paging_was_read(struct crawl *c, uint64_t hash);

/*
 * Where the page behind page number `page` is; NULL when that was the last. `same`: it was
 * read before.
 */
char *paging_next(struct crawl *c, int64_t page, bool same);

/* ---- page.c ---- */

/* What a transfer needs to know of this crawl; `cleaner` where its filter uses it, or NULL. */
void page_options(struct crawl *c, struct tool *cleaner);

/* Begin with the page at `c->url`; release what belongs to it. */
void page_start(struct crawl *c);
void page_release(struct crawl *c);

/*
 * The transfer is over, or there was none yet: read the records, then keep the page and find
 * what is known of the next one, or end the source. Each is done in a thread of its own,
 * beside the transfers of other pages; all that touches the store in the second.
 */
void page_read(struct crawl *c);
void page_settle(struct crawl *c);

/* ---- stage.c ---- */

/* A diagnostic of our own about the page in hand. */
void stage_find(struct crawl *c, enum mo_diag_id id, struct mo_str detail);

/* Begin the job of a source, or go on with it. 0, or -1 in trouble. */
int stage_begin(struct crawl *c);

/* Find what the store wants to know of the records of the page in hand. */
void stage_read(struct crawl *c);

/*
 * The page is whole, and its records are read: it and where to go on are there, or it never
 * was.
 */
void stage_page(struct crawl *c, struct page *page);

/* The same for one that has not changed. */
void stage_reused(struct crawl *c, struct page *page);

/* The page in hand is to be kept as it came, `why`: it broke; NULL: it did not. */
void stage_keep(struct crawl *c, const char *why);

/* What was to be kept has been, or is not. */
void stage_kept(struct crawl *c);

/* There are no more pages, or the source has failed. */
void stage_end(struct crawl *c);

#endif
