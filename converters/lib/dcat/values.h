/*
 * What data.gouv.fr does to values when they enter it: one function for each kind,
 * each with its tables. Used by every writer and filter that needs them.
 */
#ifndef MO_DCAT_VALUES_H
#define MO_DCAT_VALUES_H

#include <moisson/buf.h>
#include <moisson/date.h>

#include "dcat/vocab.h"

struct mo_values;

/* Prepared from the vocabulary, which must outlive it. You own it; NULL: no memory. */
struct mo_values *mo_values_new(const struct mo_vocab *vocab);
void mo_values_free(struct mo_values *values);

/* The same, for one more that frees it. */
struct mo_values *mo_values_share(struct mo_values *values);

/* Read now all tables that would be read when they are first asked for. */
void mo_values_read(const struct mo_values *values);

/* ---- Text (html.c) ---- */

/*
 * Append `text`: when it holds tags of HTML, as Markdown without any HTML left; else
 * as it is. White space around it goes. Doing it again changes nothing.
 */
void mo_markdown(const struct mo_values *values, struct mo_str text, struct mo_buf *out);

/*
 * A character reference at the head of `s`, which begins with "&": its length, and the
 * character in `utf8`, `*n` bytes; 0 when it is none. Those of control codes are none, but
 * for &#128; to &#159;, which are read as Windows-1252 (HTML, 13.2.5.80).
 */
size_t mo_reference(
    const struct mo_values *values, struct mo_str s, char utf8[4], size_t *n);

/* Whether HTML has elements of this name, in any case. */
bool mo_html_is_tag(struct mo_str name);

/* ---- Words (slug.c) ---- */

/*
 * Append a slug: ASCII letters and digits in lower case, apostrophes gone, "-" for
 * every other run. "L'été à la plage" gives lete-a-la-plage. False when it has letters
 * of a script that nothing is known of, which are left out.
 */
bool mo_slug(const struct mo_values *values, struct mo_str text, struct mo_buf *out);

/* ---- Vocabularies (codes.c) ---- */

/* data.gouv.fr's id of a frequency, given as an IRI or in any known form; or empty. */
struct mo_str mo_frequency(const struct mo_values *values, struct mo_str text);

/* The id of the reason for which access is restricted, by IRI or French label; or empty. */
struct mo_str mo_access_category(const struct mo_values *values, struct mo_str text);

/* The French name of a high-value category, by IRI; or empty. */
struct mo_str mo_hvd_category(const struct mo_values *values, struct mo_str iri);

/* Whether the IRI, or title, is that of the list of themes of the INSPIRE directive. */
bool mo_is_inspire_scheme(struct mo_str name);

/* ---- Licences (licence.c) ---- */

struct mo_licence {
    struct mo_str id;  /* of data.gouv.fr; empty: it has no such licence */
    struct mo_str iri; /* in the EU's list, else its own; empty: it has none */
};

/*
 * The licence that a text names; false when it names none, or more than one. Markup aside,
 * the text holds an address of the table, in a sentence or by itself, or is an id or name
 * of it and no more. Addresses are compared by host and path, names as slugs; nothing is
 * guessed from what is merely like them.
 */
bool mo_licence_named(
    const struct mo_values *values, struct mo_str text, struct mo_licence *licence);

/* Its id alone; or empty. */
struct mo_str mo_licence(const struct mo_values *values, struct mo_str text);

/* ---- Formats (format.c) ---- */

/* A format of files, or the protocol of a service. */
struct mo_format {
    struct mo_str type;     /* end of the IRI of its EU file type; empty: it has none */
    struct mo_str protocol; /* wms, wfs and so on; empty: it is no service */
    struct mo_str name;     /* as data.gouv.fr calls it, but for letter case */
    bool carrier;           /* ZIP and such, which only carry files, */
    bool vague;             /* or a stream of bytes */
};

/*
 * The format that a text names: an IRI of the EU's or IANA's list, a media type, a code, an
 * extension, or one of the names in file-types and protocols. False when it names none, with
 * `*format` untouched.
 */
bool mo_format_named(
    const struct mo_values *values, struct mo_str text, struct mo_format *format);

/*
 * The same of an address: the format that a platform is asked to export, the protocol of a
 * service that is asked what it can do (not when `served`: it has a description of its own), or
 * the extension.
 */
bool mo_format_at(const struct mo_values *values, struct mo_str url, bool served,
    struct mo_format *format);

/* What is said of a distribution; texts may be empty. */
struct mo_said {
    struct mo_str format, media_type, url, title;
    bool served; /* it has an access service */
};

/*
 * The format of a distribution: what dct:format says, else the media type, else the address,
 * else a title that is nothing but a format's name. Of a media type that only carries files,
 * and of a format that says nothing, address or title say more. False: nothing is certain.
 */
bool mo_format_of(
    const struct mo_values *values, const struct mo_said *said, struct mo_format *format);

/* The media type of an EU file type; or empty. */
struct mo_str mo_media_type_of(const struct mo_values *values, struct mo_str type);

/*
 * The media type that a text names: the text itself, the end of an IRI of IANA's list, or that of
 * a format; the text as it is when it names none. Borrowed of it, or of a table.
 */
struct mo_str mo_media_type_named(const struct mo_values *values, struct mo_str text);

/* ---- Exports (exports.c) ---- */

/* A file that a platform makes when it is asked for. */
struct mo_export {
    struct mo_str type;  /* end of the IRI of its EU file type; empty: it has none */
    struct mo_str token; /* of the format, as the address has it */
    size_t rank;         /* of two that say the same, the smaller is preferred */
};

/*
 * Whether the address is one at which a platform makes a file. Where `key` is not NULL, what
 * exports of the same data in the same format have in common is appended to it.
 */
bool mo_export_at(const struct mo_values *values, struct mo_str url,
    struct mo_export *export, struct mo_buf *key);

/* The value of a parameter in a query, letter case of its name ignored; or empty. */
struct mo_str mo_url_parameter(struct mo_str query, const char *name);

/* ---- Languages (language.c) ---- */

/*
 * The tag (BCP 47) of a language that is given as a code of ISO 639 of three letters, an IRI
 * or code of the EU authority table, or a French or English name; or empty.
 */
struct mo_str mo_language_named(const struct mo_values *values, struct mo_str text);

/* The same of codes of three letters alone, and quick. */
struct mo_str mo_language_of_code(const struct mo_values *values, struct mo_str code);

/* ---- Periods (period.c) ---- */

struct mo_period {
    bool has_start, has_end;
    struct mo_date start, end; /* days */
};

/*
 * A period as one text: an interval "start/end" (either side may be open), a year, a
 * month or a day. False when it is none.
 */
bool mo_period_parse(struct mo_str text, struct mo_period *period);

/* A period from its two bounds, each empty or a date; swapped when in the wrong order. */
bool mo_period_of(struct mo_str start, struct mo_str end, struct mo_period *period);

/* ---- Places (geometry.c) ---- */

enum mo_notation { MO_BBOX, MO_WKT, MO_GEOJSON };

/*
 * Append the polygons of a geometry, that are not there yet, to `out`, which holds
 * nothing but polygons as a GeoJSON MultiPolygon lists them, "," between them. Rings
 * are closed; numbers stay as written. False when it is no polygon, or is none.
 */
bool mo_polygons(struct mo_str text, enum mo_notation notation, struct mo_buf *out);

/* ---- Addresses (url.c) ---- */

/* Whether the text begins as an address of the web does (forms.c). */
bool mo_is_web(struct mo_str text);

/*
 * Whether data.gouv.fr accepts this URL: http, https, ftp or ftps, a public host with
 * a domain, no white space.
 */
bool mo_url_is_public(struct mo_str url);

#endif
