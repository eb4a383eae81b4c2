/* What sources.conf says. */
#ifndef HARVESTER_CONFIG_H
#define HARVESTER_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include <moisson/diag.h>

#include "address.h"

struct source {
    const char *name;
    const char *title; /* "" when it has none */
    const char *type;
    const char *url;
    bool enabled;
    long connect_timeout; /* seconds */
    long idle_timeout;    /* seconds without a byte */
    long total_timeout;   /* seconds for one page */
    long long max_body;   /* bytes of one page, decompressed */
    long max_pages;
    struct block *allowed; /* addresses that are not public, and may be talked to */
    size_t n_allowed;
};

struct config {
    const char *contact; /* where to complain, for the User-Agent; "" when unset */
    struct source *sources;
    size_t n_sources;
    void *memory;
};

/* Read `file`; the sink is told what is wrong, with file and line. 0, or -1. */
int config_read(const struct mo_sink *sink, const char *file, struct config *config);
void config_done(struct config *config);

/* The source of this name or URL, or NULL. */
const struct source *config_find(const struct config *config, const char *name);

/* A source for a bare URL, with the defaults. */
void config_bare(const char *url, struct source *source);

#endif
