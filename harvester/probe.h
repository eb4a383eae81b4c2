/*
 * One address, asked for as a harvest would ask for it, once: what it answers, what the
 * converter and dcatapclean say of it, and how many records are on it.
 */
#ifndef HARVESTER_PROBE_H
#define HARVESTER_PROBE_H

#include "crawling.h"
#include "finding.h"
#include "links.h"

enum { MAX_CODES = 64, PROBE_HEAD = 256 << 10 };

/* A finding, and how often its code was met. */
struct probe_code {
    struct finding first;
    int64_t n;
};

struct probe {
    struct crawler *crawler;
    const struct source *source;
    const struct credentials *credentials;
    const struct protocol *protocol;

    /* What came. */
    const char *dialect; /* "": none that is known */
    char head[(8 << 10) + 1];
    struct links links; /* of an HTML page */
    int64_t members, rejected;
    int64_t total; /* on all pages; below 0: it does not say */
    bool more;     /* there is another page */
    bool answered; /* with a status of HTTP, whatever it was */
    char why[768]; /* why it is no page; "": it is one */
    struct probe_code codes[MAX_CODES];
    size_t n_codes;
};

/* Ask for `url`; `linked`: a page leads there, so that robots.txt is asked. 0, or -1 in trouble. */
int probe_ask(struct probe *probe, const char *url, bool linked);

#endif
