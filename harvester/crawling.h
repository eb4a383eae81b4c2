/*
 * What the parts of a crawl share: crawl.c goes round the sources, page.c knows what a
 * page holds and where the next one is, stage.c keeps it and ends the job.
 */
#ifndef HARVESTER_CRAWLING_H
#define HARVESTER_CRAWLING_H

#include <moisson/buf.h>

#include "crawl.h"
#include "sources/protocol.h"
#include "transfer.h"

enum {
    MAX_ACTIVE = 16, /* sources at a time */
    MAX_FINDINGS = 256 << 20,
    MAX_TOOLS = 16
};

enum state {
    WAITING, /* for its host, or for a place */
    FETCHING,
    ENDED
};

struct crawl {
    struct crawler *crawler;
    const struct source *source;
    const struct protocol *protocol;
    struct transfer_options options;
    struct outcome outcome;
    enum state state;
    struct job job;
    char *url; /* of the page in hand; NULL behind the last */
    char **visited;
    size_t n_visited, cap_visited;

    /* The page in hand. */
    struct transfer *transfer;
    FILE *lines; /* records, until the page is whole */
    struct mo_buf findings;
    int64_t records, rejected, repeated;
    char *next;       /* as it was written */
    char broken[512]; /* the diagnostic that speaks against the whole page */
};

/* A converter that was found, and is of our version. */
struct tool {
    const char *name;
    char *path;
};

struct crawler {
    const struct crawler_options *options;
    struct tool tools[MAX_TOOLS];
    size_t n_tools;
    struct http *http;
    struct crawl *crawls;
    size_t n, active;
    int trouble;
};

/* ---- crawl.c ---- */

/* The source has failed; the first reason counts. */
void crawl_fail(struct crawl *c, const char *format, ...);

/* Nothing can go on: the sink is told, once. -1. */
int crawl_trouble(struct crawler *k, const char *what);
int crawl_trouble_with(struct crawler *k, const char *what, const char *which);

/* A copy, yours to free(); NULL in trouble. */
char *crawl_copy(struct crawl *c, struct mo_str text);

/* Full name of the converter, or NULL in trouble. */
const char *crawl_tool(struct crawler *k, const char *name);

/* ---- page.c ---- */

/* The host without port: what is harvested gently. */
struct mo_str page_host(const char *url);

/* Remember an address that was fetched, or that one led to. */
void page_visit(void *ctx, const char *url);

/* What a transfer needs to know of this crawl. */
void page_options(struct crawl *c);

/* Begin with the page at `c->url`; release what belongs to it. */
void page_start(struct crawl *c);
void page_release(struct crawl *c);

/* Its transfer is over: keep it and find the next one, or end the source. */
void page_end(struct crawl *c);

/* ---- stage.c ---- */

/* A diagnostic of our own about the page in hand. */
void stage_find(struct crawl *c, enum mo_diag_id id, struct mo_str detail);

/* Begin the job of a source, or go on with it. 0, or -1 in trouble. */
int stage_begin(struct crawl *c);

/* The page is whole: it and where to go on are there, or it never was. */
void stage_page(struct crawl *c, struct page *page);

/* There are no more pages, or the source has failed. */
void stage_end(struct crawl *c);

#endif
