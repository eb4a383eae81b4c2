/* Addresses of services: their path, and the parameters behind it. */
#ifndef HARVESTER_SOURCES_QUERY_H
#define HARVESTER_SOURCES_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include <moisson/str.h>

#include "protocol.h"

/*
 * An IRI as HTTP wants it (RFC 3987, 3.1), but for the host, which is not ours to spell, and
 * without user and password. To free(); NULL without memory.
 */
char *query_address(struct mo_str iri);

/* Length of the address without query and fragment. */
size_t query_path(const char *url);

/* Whether its path ends so, with a slash behind that or without. */
bool query_path_ends(const char *url, const char *tail);

/* The value of a parameter, decoded, to free(); NULL when it is not there. */
char *query_get(const char *url, const char *name);

/* The same where it is a number; else `otherwise`. */
int64_t query_number(const char *url, const char *name, int64_t otherwise);

/*
 * The address with another value of a parameter, where the first one of that name stood or at
 * the end, and the others of that name gone; all else stays as it is spelled, but for the
 * fragment. With NULL for a value the parameter goes. To free(); NULL without memory.
 */
char *query_set(const char *url, const char *name, const char *value);

/* The address with one parameter more. To free(); NULL without memory. */
char *query_add(const char *url, const char *name, const char *value);

/*
 * Name and value of the parameter at `*at`, decoded, each to free(); `*at`, at first behind the
 * path, goes on. False at the end.
 */
bool query_walk(const char **at, char **name, char **value);

/* `field:"value"`, with what is special in quotes escaped. To free(); NULL without memory. */
char *query_field(const char *field, const char *value);

/* `n` bytes of the address, and `tail`. To free(); NULL without memory. */
char *query_joined(const char *url, size_t n, const char *tail);

/* As query_set, with a whole number, and with a value that only counts where there is none. */
char *query_set_number(const char *url, const char *name, int64_t value);
char *query_default(const char *url, const char *name, const char *value);

/* The address with all parameters of this name, whatever their letter case, spelled so. */
char *query_respell(const char *url, const char *name);

/* Take `url`, free it, and return what one of these makes of it; NULL stays NULL. */
char *query_then_set(char *url, const char *name, const char *value);
char *query_then_default(char *url, const char *name, const char *value);
char *query_then_respell(char *url, const char *name);
char *query_then_add(char *url, const char *name, const char *value);

/*
 * The page behind `page` where pages are counted by records: `offset` names the parameter that
 * says how many come before, `limit` the one that says how many are asked for. NULL when there
 * is none: nothing came, or less than asked for and as much as there is. A page of fewer than
 * asked for is no last one as long as there are more: servers have ceilings of their own. And
 * a full one is none whatever it says: totals may be wrong.
 */
char *query_count_on(
    const struct page_facts *page, const char *offset, const char *limit);

#endif
