/*
 * What sources.conf says: a file, or a directory of files *.conf, read in the order of
 * their names. Each key is a row of a table in keys.c.
 */
#ifndef HARVESTER_CONFIG_H
#define HARVESTER_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include <moisson/diag.h>

#include "address.h"

struct words {
    const char **text; /* borrowed texts */
    size_t n;
};

/* A text that is not set is "". */
struct source {
    const char *name;
    long position; /* in the configuration, from 1 */
    const char *title;
    const char *type;
    const char *url;
    bool enabled;
    struct words was;         /* names that it had */
    const char *organization; /* its id on data.gouv.fr */
    const char *contact;      /* whom to tell about it */
    struct words tags;        /* to add to what it gives */
    const char *licence;      /* of what gives none */
    struct words languages;   /* of its titles, the preferred first */

    /* What is taken of it: patterns as of fnmatch, any of which does. */
    struct words only_tags, only_titles, only_publishers, only_types;
    const char *modified_since; /* a date */
    bool take_foreign;          /* what came from a portal that gives it itself, too */
    long max_items;             /* 0: any number */

    /* How it is fetched. */
    double min_delay;     /* seconds between two requests to a host */
    long connect_timeout; /* seconds */
    long idle_timeout;    /* seconds without a byte */
    long total_timeout;   /* seconds for one page */
    long retries;         /* of a page */
    double retry_delay;   /* seconds before the first of them */
    long max_wait;        /* seconds that a server may ask to wait */
    long max_time;        /* seconds for all pages */
    long full_every;      /* seconds after which changes are not enough */
    bool robots;          /* robots.txt is obeyed where links lead */
    long long max_body;   /* bytes of one page, decompressed */
    long max_pages;
    struct words headers; /* "Name: value", sent and never shown */
    const char *user, *password_file, *password_env;
    const char *token_file, *token_env;
    const char *ca_file, *proxy;
    struct block *allowed; /* addresses that are not public, and may be talked to */
    size_t n_allowed;
    long converter_timeout;     /* seconds without a sign of life */
    long long converter_memory; /* bytes */
    const char *filter;         /* the pipeline that its records pass; "": none */

    /* What becomes of it. */
    long grace_period;        /* seconds that a record may be missing */
    long shrink_guard;        /* percent; with more missing, a harvest is held */
    struct words keep, unite; /* fields of data.gouv.fr, in an export */
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

/* The source of this name, old name or URL, or NULL. */
const struct source *config_find(const struct config *config, const char *name);

/* Seconds, or a number with s, m, h or d behind it. */
bool config_time(const char *text, long *seconds);

/* A source for a bare URL, of the type that it shows, with the defaults; source_done() when it is of no use. */
void config_bare(const char *url, struct source *source);
void source_done(struct source *source);

#endif
