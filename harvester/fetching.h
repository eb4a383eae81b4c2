/*
 * What fetcher.c (all transfers, turns of hosts, robots.txt), turns.c (turns of converters) and
 * transfer.c (one page) share.
 */
#ifndef HARVESTER_FETCHING_H
#define HARVESTER_FETCHING_H

#include <moisson/buf.h>

#include "digest.h"
#include "hosts.h"
#include "transfer.h"

enum {
    MAX_REDIRECTS = 5,
    MAX_ANEW = 3,       /* tries of a page that do not count */
    MAX_ACTIVE = 32,    /* transfers that hold a connection or a converter */
    MAX_CONVERTERS = 4, /* at a time, beside those that are slow */
    MAX_PAGES = 8,      /* in them, or not kept yet */
    MAX_WHY = 768
};

enum transfer_state {
    TURN,       /* waits for its host, for robots.txt, or until it may try again */
    ROBOTS,     /* asks for robots.txt */
    RECEIVING,  /* the answer comes */
    CONVERTING, /* it has come; the converter is at work */
    OVER
};

struct transfer {
    const struct transfer_options *options;
    struct fetcher *fetcher;
    struct transfer *next;
    enum transfer_state state;
    enum transfer_end end;
    char why[MAX_WHY];

    char *first;   /* the address of the page */
    char *url;     /* where redirects have led */
    char *trusted; /* the origin that may be told the source's secrets */
    struct place *place;
    bool linked;
    unsigned redirects, tries;
    unsigned hops; /* redirects of robots.txt */
    unsigned anew; /* tries that failed through our fault, and do not count */
    double not_before;

    struct request *request;
    struct mo_buf head; /* before the converter is chosen; or robots.txt */
    struct pipeline *pipeline;
    bool paused;        /* until the converter has taken what is pending, or may begin */
    double waits_since; /* for its turn at a converter; 0: it does not */
    bool plain;         /* no encoding is asked for, nor believed */
    bool refused;       /* no converter could be had */
    bool lost;      /* the converter failed; the rest of the body is kept all the same */
    bool half;      /* the answer broke off, and there is no other try */
    bool transient; /* another try may go better */
    char *came_from;
    char charset[64];
    struct digest digest; /* of the body */
    uint64_t last_hash;   /* of that of the try before */
    char etag[HTTP_VALIDATOR], modified[HTTP_VALIDATOR];
    struct transfer_facts facts;
};

struct fetcher {
    struct http *http;
    struct hosts *hosts;
    const char *token;
    uint64_t random;
    struct transfer *first;
    size_t active;
    double looked; /* when all were moved last */
    double missed; /* seconds, of those before, in which they should have been */
    double now;    /* the one less the other: the time of transfers */
};

/* ---- fetcher.c ---- */

/* Seconds of a clock that never goes back. */
double fetcher_now(void);

/*
 * Whether the transfer may ask its address now: its host is free, robots.txt allows it.
 * It may end here.
 */
bool fetcher_turn(struct transfer *t, double now);

/* Move a transfer that asks for robots.txt. */
void fetcher_robots(struct transfer *t, double now);

/* ---- turns.c ---- */

/*
 * Whether its page waits for its turn at a converter. Few at a time are as fast as many; but
 * servers do not wait for ever until we read on.
 */
bool transfer_must_wait(struct transfer *t);

/* ---- transfer.c ---- */

void transfer_step(struct transfer *t, double now);

/* It has ended in vain; the texts make up the reason. */
void transfer_give_up(struct transfer *t, enum transfer_end end, const char *format, ...);

/* Leave the host alone for so many seconds, for all transfers; below 0: it did not ask. */
void transfer_heed(struct transfer *t, double retry_after, double now);

/* Wait before the next try: chance, and what the server asks for. False: too long. */
bool transfer_wait_for_retry(struct transfer *t, double retry_after, double now);

/* Whether there is another try. */
bool transfer_may_retry(const struct transfer *t);

/* Whether a try that failed through our fault is one that does not count. */
bool transfer_is_anew(struct transfer *t);

/* Begin a request; 0, or -1 when the transfer has ended in trouble. */
int transfer_request(
    struct transfer *t, const struct request_options *options, const char *url);

#endif
