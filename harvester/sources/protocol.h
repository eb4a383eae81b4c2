/*
 * A protocol: which filter reads the pages of a source, and how to find the next one.
 */
#ifndef HARVESTER_SOURCES_PROTOCOL_H
#define HARVESTER_SOURCES_PROTOCOL_H

#include <stdbool.h>

#include <moisson/record.h>

struct protocol {
    const char *type;      /* in sources.conf */
    const char *converter; /* the program that reads a page */
    const char *accept;    /* of the HTTP request */
    /* Whether a line may hold a link to the next page; cheap. */
    bool (*may_link)(struct mo_str line);
    /* The address of the next page, as it is written there; empty for none. */
    struct mo_str (*next)(const struct mo_record *record);
};

/* DCAT in RDF/XML, paged by Hydra. */
extern const struct protocol protocol_dcat;

#endif
