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

/* ---- Text (html.c) ---- */

/*
 * Append `text`: when it holds tags of HTML, as Markdown without any HTML left; else
 * as it is. White space around it goes. Doing it again changes nothing.
 */
void mo_markdown(const struct mo_values *values, struct mo_str text, struct mo_buf *out);

/* ---- Words (slug.c) ---- */

/*
 * Append a slug: ASCII letters and digits in lower case, apostrophes gone, "-" for
 * every other run. "L'été à la plage" gives lete-a-la-plage.
 */
void mo_slug(const struct mo_values *values, struct mo_str text, struct mo_buf *out);

/* ---- Vocabularies (codes.c) ---- */

/* data.gouv.fr's id of a frequency, given as an IRI or in any known form; or empty. */
struct mo_str mo_frequency(const struct mo_values *values, struct mo_str text);

/* The id of the reason for which access is restricted, by IRI or French label; or empty. */
struct mo_str mo_access_category(const struct mo_values *values, struct mo_str text);

/* The French name of a high-value category, by IRI; or empty. */
struct mo_str mo_hvd_category(const struct mo_values *values, struct mo_str iri);

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
