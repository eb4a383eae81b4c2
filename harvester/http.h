/*
 * One request over HTTP and its answer, by libcurl (met in http.c only). Redirects are
 * not followed here: where they lead is asked for like any other address. Addresses that
 * the source may not talk to are refused behind name resolution. One thread.
 */
#ifndef HARVESTER_HTTP_H
#define HARVESTER_HTTP_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <moisson/str.h>

#include "config.h"

/* What all requests share: connections, names. */
struct http;

/* NULL when libcurl cannot be used. The string is borrowed. */
struct http *http_new(const char *user_agent);
void http_free(struct http *http);

/*
 * Move what can be moved, of all requests; `now` in seconds of a clock that never goes back.
 * A request that takes longer than its source's total-timeout ends, and so does one of which
 * nothing comes for its idle-timeout; while it is paused, no time passes for it. `behind`: we
 * come late, and what ran out meanwhile is our fault.
 */
void http_perform(struct http *http, double now, bool behind);

/* Sleep until there is more to move, one of `fds` is ready, or `ms` have passed. */
void http_wait(struct http *http, const struct pollfd *fds, size_t n, int ms);

/* End that sleep, or else the next; from any thread. */
void http_wake(struct http *http);

enum http_take { HTTP_TAKEN, HTTP_PAUSE, HTTP_STOP };

/* What a server asks for to let us in, as read from files or the environment; NULL: none. */
struct credentials {
    const char *user;
    char *password, *token;
};

struct request_options {
    const struct source *source;
    const struct credentials *credentials;
    const char *accept;
    const char *etag, *modified; /* of what is there already; NULL or "": none */
    bool trusted;                /* headers and credentials of the source go with it */
    bool plain; /* the body is as it comes, whatever encoding it is said to have */
    long long max_body; /* bytes, decompressed */
    /* A piece of the body of a page. */
    enum http_take (*body)(void *ctx, struct mo_str bytes);
    void *ctx;
};

enum { HTTP_VALIDATOR = 512, HTTP_ADDRESS = 8 << 10, HTTP_WHY = 512 };

struct answer {
    bool whole;     /* it came to its end */
    bool page;      /* with a body that is worth reading */
    bool stopped;   /* because no more was taken */
    bool refused;   /* the address may not be talked to */
    bool excess;    /* a ceiling was met */
    bool transient; /* another try may go better */
    bool misnamed;  /* it is not encoded as it says: plain may do */
    bool ours;      /* it did not go well because we did not look after it */
    long status;    /* 0: none came */
    char why[HTTP_WHY];
    char *location; /* absolute, when it sends us on; borrowed */
    char type[256], etag[HTTP_VALIDATOR], modified[HTTP_VALIDATOR];
    double retry_after; /* seconds; below 0: it does not say */
    int64_t bytes;      /* of the body, decompressed */
    int64_t wire;       /* and as sent */
};

struct request;

/* Begin; options are copied, what they point to is borrowed. NULL: memory is short. */
struct request *request_new(
    struct http *http, const struct request_options *options, const char *url);
void request_free(struct request *request);

/* Take the body again, behind HTTP_PAUSE. */
void request_go_on(struct request *request);

bool request_is_over(const struct request *request);

/* What has come so far; whole and why are set once it is over. Borrowed. */
const struct answer *request_answer(struct request *request);

/*
 * An address as it is asked for, from `url`, resolved against `base` unless that is NULL:
 * the host in one spelling (numbers included), without user, password and fragment.
 * `host` is the name without port, `origin` scheme, host and port; each may be NULL. All
 * are yours to free(). False when it is none that can be asked for.
 */
bool http_address(
    const char *base, const char *url, char **address, char **host, char **origin);

#endif
