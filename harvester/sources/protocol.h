/*
 * A protocol: which filters read the pages of a source, and how to find the next one.
 */
#ifndef HARVESTER_SOURCES_PROTOCOL_H
#define HARVESTER_SOURCES_PROTOCOL_H

#include <stdbool.h>
#include <stdint.h>

#include <moisson/record.h>

/* A format of pages, as mo_dialect() calls it, and the program that reads it. */
struct page_reader {
    const char *dialect, *program;
};

struct protocol {
    const char *type; /* in sources.conf */
    const struct page_reader
        *readers; /* the first for pages of none of these formats, too */
    size_t n_readers;
    const char *accept; /* of the HTTP request */
    /* Whether a line may say something of the page itself; cheap. */
    bool (*may_link)(struct mo_str line);
    /* The address of the next page, as it is written there; empty for none. */
    struct mo_str (*next)(const struct mo_record *record);
    /* How many records all pages hold, as it says; below 0: it does not. */
    int64_t (*total)(const struct mo_record *record);
};

/* DCAT in RDF/XML or JSON-LD, whatever the server calls it, paged by Hydra. */
extern const struct protocol protocol_dcat;

#endif
