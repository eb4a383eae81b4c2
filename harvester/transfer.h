/*
 * A transfer: one page, from a server through a converter and a filter into lines. It
 * waits for its host's turn, asks what robots.txt says, goes where redirects lead, and
 * tries again when another try may go better. One thread, but for fetcher_wake().
 */
#ifndef HARVESTER_TRANSFER_H
#define HARVESTER_TRANSFER_H

#include <stdbool.h>
#include <stdint.h>

#include <moisson/str.h>

#include "config.h"
#include "http.h"
#include "pipeline.h"

/* What all transfers share. */
struct fetcher;

/*
 * NULL when libcurl cannot be used. `agent` is the User-Agent, `token` its part that
 * robots.txt knows; both are borrowed. `seed` is where chance begins.
 */
struct fetcher *fetcher_new(const char *agent, const char *token, uint64_t seed);
void fetcher_free(struct fetcher *fetcher);

/*
 * Move what can be moved, of all transfers. Time in which it was not called, though it should have
 * been, does not count for servers nor converters: this process may have been stopped, or its
 * machine have too much to do.
 */
void fetcher_perform(struct fetcher *fetcher);

/* Sleep until there is more to move. */
void fetcher_wait(struct fetcher *fetcher);

/* End that sleep, or else the next; from any thread. */
void fetcher_wake(struct fetcher *fetcher);

struct transfer_options {
    const struct source *source;
    const struct credentials *credentials;
    const char *filter;          /* of records, or "" */
    struct tool *cleaner;        /* see converter_start_filter() */
    const char *accept;          /* of the request */
    const char *etag, *modified; /* of the page as it is known; NULL or "": none */
    size_t head; /* bytes before the converter is chosen; 0: as few as will do */
    bool talks;  /* messages of the converter go to standard error too */
    /* The program that reads what begins with `head`, borrowed; NULL: none. */
    struct tool *(*converter)(void *ctx, struct mo_str head);
    /* A try begins: forget what came of the one before. */
    void (*begin)(void *ctx);
    /* What the diagnostics say against the page as a whole, borrowed; NULL: nothing. */
    const char *(*broken)(void *ctx);
    /* A line of the converter, a record behind the filter, a diagnostic: JSON objects. */
    enum pipeline_line (*line)(void *ctx, struct mo_str json);
    int (*record)(void *ctx, struct mo_str json);
    int (*diagnostic)(void *ctx, struct mo_str json);
    /* Bytes of the page as they come; NULL: they are not wanted once the converter fails. */
    void (*keep)(void *ctx, struct mo_str bytes);
    void *ctx;
};

/* What a page that came from `base` goes through. */
void transfer_pipeline(const struct transfer_options *options, struct tool *converter,
    const char *base, const char *charset, struct pipeline_options *pipeline);

struct transfer;

/*
 * Begin; the options are borrowed, and so is the address. With `from`, the page that
 * leads to it, links are as robots.txt says; without, the address is one that a person
 * named. NULL when memory is short.
 */
struct transfer *transfer_new(struct fetcher *fetcher,
    const struct transfer_options *options, const char *url, bool linked);
void transfer_free(struct transfer *transfer);

/* Whether there is nothing more to come. */
bool transfer_is_over(struct transfer *transfer);

enum transfer_end {
    TRANSFER_FINE,
    TRANSFER_UNCHANGED,     /* what is known of the page is still true */
    TRANSFER_HALF,          /* the last try broke off: what came whole is good */
    TRANSFER_NOT_CONVERTED, /* the converter or the filter failed */
    TRANSFER_BROKEN         /* nothing came: the server, the network, or a ceiling */
};

/* How it ended, once it is over; `*why` in English, borrowed. */
enum transfer_end transfer_end(struct transfer *transfer, const char **why);

/* The address behind all redirects, without fragment; NULL before the first byte. */
const char *transfer_came_from(const struct transfer *transfer);

struct transfer_facts {
    long status;   /* of HTTP, the last; 0: no answer came */
    int64_t bytes; /* of the body, decompressed */
    int64_t wire;  /* received in all tries, as sent */
    long requests, retries;
    long long filtered;          /* records that the filter dropped */
    uint64_t hash;               /* of the body: equal for equal bytes */
    const char *etag, *modified; /* of the answer; "": none. Borrowed */
    const char *charset; /* that the server gave, where it counts; or "". Borrowed */
    bool whole;          /* all of the body came */
};

void transfer_facts(const struct transfer *transfer, struct transfer_facts *facts);

#endif
