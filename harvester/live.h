/*
 * How far a harvest is, on a terminal: a line for each source that is under way, below all
 * that is said, and one for all. What is finished has left its line above.
 */
#ifndef HARVESTER_LIVE_H
#define HARVESTER_LIVE_H

#include <stdio.h>

#include <moisson/report.h>

#include "crawl.h"

struct live;

/* NULL when `out` is no terminal that can move its cursor, or memory is short. */
struct live *live_new(FILE *out, enum mo_lang lang);
void live_free(struct live *live);

/* Show this in place of what was shown. */
void live_show(struct live *live, const struct progress *rows, size_t n);

/* Make room for something else to be said. Of NULL nothing. */
void live_clear(struct live *live);

#endif
