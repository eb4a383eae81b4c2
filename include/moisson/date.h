/*
 * Dates as XML Schema writes them: gYear, gYearMonth, date and dateTime, with the
 * precision and the zone they came with, and nothing made up.
 */
#ifndef MOISSON_DATE_H
#define MOISSON_DATE_H

#include <stdint.h>

#include <moisson/buf.h>
#include <moisson/str.h>

#ifdef __cplusplus
extern "C" {
#endif

enum mo_precision { MO_YEAR, MO_MONTH, MO_DAY, MO_TIME };

struct mo_date {
    enum mo_precision precision;
    int year;         /* 1 to 9999 */
    int month, day;   /* from 1; 1 where the precision is coarser */
    int hour, minute; /* 24:00:00 is the next day's 0:00 */
    int second;       /* 0 to 59 */
    int nanosecond;   /* digits beyond the ninth are cut */
    bool has_zone;
    int zone; /* minutes east of UTC */
};

/*
 * Read the whole of `text` (white space around it is ignored; a space instead of
 * "T" is taken). False, with `*out` untouched, for anything else: a day that does
 * not exist, a year outside 1 to 9999, words.
 */
MO_API bool mo_date_parse(struct mo_str text, struct mo_date *out);

/* Seconds since 1970-01-01T00:00:00Z; a date without a zone is taken as UTC. */
MO_API int64_t mo_date_seconds(const struct mo_date *date);

/* The date `days` later, precision MO_DAY. */
MO_API struct mo_date mo_date_plus(const struct mo_date *date, int days);

/* The last day of its year or month, for MO_YEAR and MO_MONTH; else the same day. */
MO_API struct mo_date mo_date_last_day(const struct mo_date *date);

/* From seconds since 1970, in UTC, precision MO_TIME. */
MO_API struct mo_date mo_date_of(int64_t seconds);

/* Append YYYY, YYYY-MM, YYYY-MM-DD or the whole with fraction and zone, by precision. */
MO_API void mo_date_put(struct mo_buf *out, const struct mo_date *date);

#ifdef __cplusplus
}
#endif

#endif
