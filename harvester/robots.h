/*
 * robots.txt, as RFC 9309 reads it: what an agent may fetch of a host. Crawl-delay is
 * read as well. Pure functions; nothing is fetched here.
 */
#ifndef HARVESTER_ROBOTS_H
#define HARVESTER_ROBOTS_H

#include <stdbool.h>
#include <stddef.h>

#include <moisson/str.h>

enum { ROBOTS_MOST = 500 << 10 }; /* bytes that are read of a file (RFC 9309, 2.5) */

struct robots;

/*
 * The rules for the agent of this product token: of the groups that name it, else of
 * those for "*". NULL when memory is short.
 */
struct robots *robots_new(struct mo_str text, const char *agent);
void robots_free(struct robots *robots);

/*
 * Whether path and query of an address may be fetched: the longest pattern that fits
 * decides, of two as long Allow. `*rule`, unless it is NULL, is the pattern that
 * forbids, borrowed.
 */
bool robots_allow(const struct robots *robots, const char *path, const char **rule);

/* Seconds between two requests that Crawl-delay asks for; 0 when it does not. */
double robots_delay(const struct robots *robots);

#endif
