/*
 * A protocol: how the address of a source becomes that of its first page, how the next ones
 * are found, and which filters read them. What a page says of the others, the filters say in
 * the words of Hydra (hydra.h), whatever the platform calls it.
 */
#ifndef HARVESTER_SOURCES_PROTOCOL_H
#define HARVESTER_SOURCES_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A format of pages, as mo_dialect() calls it, and the program that reads it. */
struct page_reader {
    const char *dialect, *program;
};

/* What is known of a page that came. */
struct page_facts {
    const char *url; /* as it was asked for, or where redirects have led */
    int64_t members; /* records on it, with those that were rejected */
    int64_t total;   /* on all pages, as it says; below 0: it does not */
    /* Which record the next page begins with, as it says; 0: there is none, below 0: unsaid. */
    int64_t next_record;
};

struct protocol {
    const char *type; /* in sources.conf */
    /* What udata calls a harvest of it; NULL: its records are those of a udata already. */
    const char *backend;
    const struct page_reader
        *readers; /* the first for pages of none of these formats, too */
    size_t n_readers;
    const char *accept; /* of the HTTP request */

    /*
     * Pages are answers of one service that the source's address names: robots.txt is not
     * asked about them, and one that says nothing of others and holds nothing is no page.
     */
    bool service;

    /*
     * The functions from here on may be NULL. Those that return an address give one to
     * free(), or NULL without memory.
     */

    /* Whether a bare address is one of this protocol. */
    bool (*owns)(const char *url);
    /* The first page, from what a person wrote: a portal, a search there, or the service. */
    char *(*first)(const char *url);
    /*
     * The first page of what changed since a time such as 2026-01-31T12:00:00Z, from that of
     * everything; NULL too when there is none.
     */
    char *(*since)(const char *first, const char *time);
    /* A service need not understand that: when it answers with an error, all is asked for. */
    bool may_refuse;
    /* The page behind one that links to none; NULL too when that was the last. */
    char *(*following)(const struct page_facts *page);
};

/* By type, or NULL. */
const struct protocol *protocol_named(const char *type);

/* The type that may be meant, or NULL. */
const char *protocol_nearest(const char *type);

/* The one that a bare address is of; DCAT if it is of no other. */
const struct protocol *protocol_of(const char *url);

/* DCAT in RDF/XML or JSON-LD, whatever the server calls it. */
extern const struct protocol protocol_dcat;

/* OGC CSW. */
extern const struct protocol protocol_csw;

/* CKAN's action API, and what DKAN has of it. */
extern const struct protocol protocol_ckan;

/* Opendatasoft's Explore API. */
extern const struct protocol protocol_ods;

/* The API of data.gouv.fr, and of other portals that run udata. */
extern const struct protocol protocol_datagouv;

/* A data.json (DCAT-US), in one piece. */
extern const struct protocol protocol_datajson;

#endif
