/*
 * What a value was meant to be: one function for each kind. None makes anything up; each
 * says how sure it is, and writes only what is certain. What is written is read as it
 * stands when it comes again.
 */
#ifndef MO_DCAT_MEND_H
#define MO_DCAT_MEND_H

#include <moisson/date.h>

#include "dcat/values.h"

enum mo_verdict {
    MO_NO,       /* it is nothing of the kind */
    MO_DOUBTFUL, /* it may be, but there are several readings, or none is safe */
    MO_CERTAIN   /* there is one reading */
};

/* ---- Dates (when.c) ---- */

/* What stands where a date is due. */
enum mo_time {
    MO_WORDS,      /* nothing that tells a time: "Invalid Date" */
    MO_IMPOSSIBLE, /* a day that does not exist: 2023-21-22 */
    MO_DATE,
    MO_INTERVAL,   /* "2017/2018", or two dates with " - " between them */
    MO_DURATION,   /* ISO 8601: "P1M", "P1M, P1D", and "P1H", which is wrong */
    MO_REPETITION, /* ISO 8601: "R/P1D" */
    MO_EPOCH       /* seconds or milliseconds since 1970 */
};

/*
 * Read `text` as a date: as XML Schema writes it, or as people and programs do
 * (31/12/2023, 2023/1/2, 20230102, 2 janvier 2023, Mon, 02 Jan 2023 10:00:00 GMT,
 * 2023-01-02 10:00:00 Europe/Brussels). Precision and zone are kept. MO_CERTAIN with the
 * date; MO_DOUBTFUL when it could be another day (01/02/2023), or is a number of
 * seconds; MO_NO for the rest. `*kind` says what it is in all cases. An interval is certain
 * when it begins and ends on one day.
 */
enum mo_verdict mo_date_mend(const struct mo_values *values, struct mo_str text,
    struct mo_date *date, enum mo_time *kind);

/* Whether the text is what XML Schema writes for a date that mo_date_parse took. */
bool mo_date_is_lexical(struct mo_str text, const struct mo_date *date);

/* The IRI of the datatype for a precision. */
const char *mo_date_datatype(enum mo_precision precision);

/* ---- Periods (period.c) ---- */

/*
 * As mo_period_parse, with dates as mo_date_mend takes them, " - " between two of them,
 * "2015-2018", words such as "du … au …" and "depuis …", and a bound that is "present" or
 * beyond the year 9999, which is none. MO_DOUBTFUL when one bound is, or is a duration.
 */
enum mo_verdict mo_period_mend(
    const struct mo_values *values, struct mo_str text, struct mo_period *period);

/* The two sides of an interval, trimmed: "start/end", "du start au end". False: it is none. */
bool mo_period_split(struct mo_str text, struct mo_str *start, struct mo_str *end);

/* The same of two bounds, each empty or a date. */
enum mo_verdict mo_period_mend_bounds(const struct mo_values *values, struct mo_str start,
    struct mo_str end, struct mo_period *period);

/* ---- Numbers of bytes (size.c) ---- */

/*
 * A size with or without a unit ("12 Ko", "1,5 Mo", "10 KiB", "12323.0", "1.2e6"). ko, kB,
 * Mo and so on are powers of 1000, KiB and so on of 1024. MO_DOUBTFUL when the separator may be that of
 * thousands ("1,234"), for a fraction of a byte, and for "Kb", which are bits.
 */
enum mo_verdict mo_bytes_mend(struct mo_str text, uint64_t *bytes);

/* ---- Addresses (address.c) ---- */

/* What was found in an address. */
enum mo_address_fault {
    MO_ADDRESS_SPACE = 1,         /* around it */
    MO_ADDRESS_SCHEME = 1 << 1,   /* misspelt: ttps://, http//, http:/x */
    MO_ADDRESS_PORT = 1 << 2,     /* an empty one: https://h:/x */
    MO_ADDRESS_ENCODING = 1 << 3, /* spaces, braces, accents, backslashes, as they are */
    MO_ADDRESS_TWO = 1 << 4,      /* two addresses in one value */
    MO_ADDRESS_ESCAPE = 1 << 5,   /* "%" without two hexadecimal digits */
    MO_ADDRESS_ENTITY = 1 << 6    /* &amp; */
};

/*
 * Append the address as it was meant: trimmed, its scheme spelt right, percent-encoded
 * where no URI may hold what it holds. MO_DOUBTFUL when it holds two addresses or an
 * escape that is none; what is written then is no more than encoded. MO_NO for the empty
 * text. `*faults` says what was found (enum mo_address_fault); 0: it is written as it stands.
 */
enum mo_verdict mo_address_mend(struct mo_str text, struct mo_buf *out, unsigned *faults);

/* Where an address leads. */
enum mo_reach {
    MO_REACH_PUBLIC,   /* as mo_url_is_public */
    MO_REACH_RELATIVE, /* it has no scheme */
    MO_REACH_LOCAL,    /* localhost, a host of one word, loopback */
    MO_REACH_PRIVATE,  /* an address of a private network, or reserved */
    MO_REACH_FILE,     /* file:, a disk: C:\, \\server */
    MO_REACH_OTHER     /* another scheme, such as mailto: and urn:, or no host */
};

enum mo_reach mo_address_reach(struct mo_str url);

/* Both in one go. */
enum mo_verdict mo_address_look(
    struct mo_str text, struct mo_buf *out, unsigned *faults, enum mo_reach *reach);

/* ---- E-mail (email.c) ---- */

/*
 * Read the e-mail addresses in a text: with or without mailto:, however often, "Name
 * <address>", several with ";", "," or white space between them, spaces beside "@". Each is
 * appended to `out` as a mailto: IRI, with a line feed between them. MO_DOUBTFUL for what
 * is hidden from robots ("a [at] b.fr") or has an "@" but is none; `*n` is their number.
 */
enum mo_verdict mo_emails_mend(struct mo_str text, struct mo_buf *out, size_t *n);

/* Whether an address (with or without mailto:) is that of a person: prenom.nom@. */
bool mo_email_is_personal(struct mo_str address);

/* ---- Keywords (keywords.c) ---- */

/*
 * Several keywords in one text: append them to `out`, trimmed, with a line feed between
 * them. MO_CERTAIN at ";" and "|", and at commas when there are two or more,
 * each with a space behind it or none of them, no piece is long, and the last is no "x et y", as
 * in an enumeration. MO_DOUBTFUL when it has commas and is none of these; MO_NO when it is one keyword.
 */
enum mo_verdict mo_keywords_mend(struct mo_str text, struct mo_buf *out);

/* ---- Text (text.c, mojibake.c) ---- */

/*
 * UTF-8 that was read as ISO-8859-1 or Windows-1252 ("Ã©", "â€™"): append it as it was.
 * MO_CERTAIN when the whole text can be turned back, however often it was done, and only letters and signs
 * of Western Europe come of it; MO_DOUBTFUL when a part of it looks so, or characters are lost (U+FFFD); MO_NO
 * when nothing looks so.
 */
enum mo_verdict mo_mojibake_mend(struct mo_str text, struct mo_buf *out);

/*
 * Append the text as Markdown: HTML, also when it is escaped (&lt;p&gt;) or stands in CDATA
 * marks, becomes Markdown (mo_markdown); entities that are left are what they stand for,
 * also when they were escaped twice, unless that would make a tag; control characters go. MO_NO: there was nothing
 * to do, and it is appended as it stands.
 */
enum mo_verdict mo_text_mend(
    const struct mo_values *values, struct mo_str text, struct mo_buf *out);

/* The same for text of one line, such as a title: no Markdown, white space is one space. */
enum mo_verdict mo_line_mend(
    const struct mo_values *values, struct mo_str text, struct mo_buf *out);

/* The first character that is not seen: of no width or that turns direction; or 0. */
uint32_t mo_text_unseen(struct mo_str text);

/* ---- Places (place.c) ---- */

enum mo_shape {
    MO_SHAPE_NONE,
    MO_SHAPE_POINT,
    MO_SHAPE_AREA, /* polygons */
    MO_SHAPE_OTHER /* lines and collections, which are left as they are */
};

enum mo_place_fault {
    MO_PLACE_RANGE = 1,        /* not in degrees, or beyond 180 and 90 */
    MO_PLACE_SWAPPED = 1 << 1, /* the latitude stands first, or seems to */
    MO_PLACE_NUMBER = 1 << 2,  /* NaN */
    MO_PLACE_SYSTEM = 1 << 3,  /* another reference system than that of degrees */
    MO_PLACE_FORM = 1 << 4     /* written otherwise than the notation asks */
};

struct mo_place_found {
    enum mo_shape shape;
    enum mo_notation notation; /* in which it is written now */
    bool box;                  /* it was the four sides of one */
    unsigned faults;
};

/*
 * Read a geometry in any notation that is met: "west,south,east,north", WKT in any case
 * with SRID=…; before it, ENVELOPE and BOX, DCMI Box and Point, GeoJSON with Feature and
 * Envelope. MO_CERTAIN with it in `out`: GeoJSON stays so, the rest is WKT; rings are closed, numbers
 * as they were. MO_DOUBTFUL with faults and nothing in `out` when it is not in degrees or seems
 * to have its axes swapped. MO_NO: it is no geometry, or holds NaN.
 */
enum mo_verdict mo_place_mend(
    struct mo_str text, struct mo_buf *out, struct mo_place_found *found);

#endif
