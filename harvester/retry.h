/* When to ask again, and how long to wait before. Pure functions. */
#ifndef HARVESTER_RETRY_H
#define HARVESTER_RETRY_H

#include <stdbool.h>
#include <stdint.h>

/* Whether an answer of this status may go better a second time: 408, 425, 429, 5xx. */
bool retry_status(long status);

/*
 * Seconds to wait once `failed` tries (1 or more) have failed: `first` seconds, doubled
 * for each further one up to RETRY_MOST, and of that a random part between half and all, so that
 * many who failed together do not come back together. `*random` is the state of the
 * generator, any number to begin with.
 */
enum { RETRY_MOST = 300 };
double retry_wait(double first, unsigned failed, uint64_t *random);

/*
 * Seconds that Retry-After asks to wait: a number, or a date in one of the three forms of
 * RFC 9110, 5.6.7, against the Date of the answer, else against `now` (seconds since
 * 1970). 0 for the past, below 0 when it says nothing that can be read.
 */
double retry_after(const char *value, const char *date, int64_t now);

/*
 * The same of X-RateLimit-Reset, which no standard describes: seconds, seconds since 1970, or a
 * date, of ISO 8601 too.
 */
double retry_reset(const char *value, const char *date, int64_t now);

#endif
