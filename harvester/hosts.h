/*
 * Whose turn it is: one request at a time to a host (name without port), with a pause
 * between two; and what robots.txt of each place (scheme, host and port) says. Times are
 * seconds of a clock that never goes back.
 */
#ifndef HARVESTER_HOSTS_H
#define HARVESTER_HOSTS_H

#include <stdbool.h>

#include "robots.h"

struct hosts;

struct host {
    char *name;
    bool busy;
    double last;       /* end of the last request; below 0: there was none */
    double not_before; /* the host asked to be left alone until then */
    double delay;      /* Crawl-delay */
    struct host *next;
};

enum robots_state {
    ROBOTS_UNKNOWN,
    ROBOTS_ASKED,
    ROBOTS_RULES,
    ROBOTS_ALLOW_ALL,
    ROBOTS_UNREACHABLE
};

struct place {
    char *origin;
    struct host *host;
    enum robots_state state;
    struct robots *robots; /* with ROBOTS_RULES */
    char why[256];         /* with ROBOTS_UNREACHABLE */
    struct place *next;
};

struct hosts *hosts_new(void);
void hosts_free(struct hosts *hosts);

/* The place of an origin, made when it is new; borrowed. NULL: memory is short. */
struct place *hosts_place(struct hosts *hosts, const char *host, const char *origin);

/*
 * When a request with this pause may begin: `now` or before it for at once, below 0 for
 * when the one under way is over.
 */
double host_turn(const struct host *host, double pause);

void host_begin(struct host *host);
void host_end(struct host *host, double now);

#endif
