/* The value functions from inside: their tables, prepared. */
#ifndef MO_DCAT_VALUES_IMPL_H
#define MO_DCAT_VALUES_IMPL_H

#include <moisson/iri.h>

#include "dcat/values.h"

/* A form under which something is known, its id, and its IRI where the table has one. */
struct form {
    uint64_t hash; /* which nothing else has */
    struct mo_str id, iri;
};

struct forms {
    struct form *at; /* in the order in which they were added */
    size_t n, cap;
    uint64_t key;    /* of the hash */
    uint32_t *slots; /* numbers of them, from 1; open addressing */
    size_t mask;
};

/* What a table knows, by name and by address. It is read when it is first asked for. */
struct known;
typedef void known_reader(const struct mo_values *values, struct known *known);
struct known {
    known_reader *read; /* NULL: it was read */
    struct forms names, urls;
};

/* A character, and the row that says what stands for it in ASCII. */
struct ascii {
    uint32_t code, row;
};

/* Read when they are first asked for. */
struct asciis {
    bool read;
    struct ascii at[]; /* sorted by code */
};

struct mo_values {
    unsigned users; /* besides the first */
    const struct mo_vocab *vocab;
    struct mo_arena *arena;
    const struct mo_table *transliterations;
    struct asciis *ascii;
    struct mo_lookup entities;
    struct known *frequencies, *licences, *categories, *protocols;
    struct mo_lookup languages[2]; /* by their codes of three letters */
    struct mo_lookup file_forms, file_types, media_forms, export_formats;
    const struct mo_table *exports;
    struct mo_lookup date_words, time_zones;
};

/* ---- Forms (forms.c) ---- */

/* No form is as long as this: what is longer is none. */
enum { LONGEST_FORM = 1024 };

/* Room for all rows of the table, so that reading it cannot fail. NULL: no memory. */
struct known *mo_known_new(
    struct mo_values *values, const char *table, known_reader *read);

/* The same, read. */
const struct known *mo_known(const struct mo_values *values, struct known *known);

/*
 * One more for a row; id and IRI must last. An empty form is none, and of one form the first
 * that was added stays.
 */
void mo_forms_add(
    struct forms *forms, struct mo_str form, const char *id, const char *iri);

/* The same of the slug of a text, and of host and path of an address. */
void mo_forms_add_slug(const struct mo_values *values, struct forms *forms,
    struct mo_str text, const char *id, const char *iri);
void mo_forms_add_url(struct forms *forms, struct mo_str url, const char *id);

/* The form, or NULL. */
const struct form *mo_forms_find(const struct forms *forms, struct mo_str form);
const struct form *mo_forms_find_slug(
    const struct mo_values *values, const struct forms *forms, struct mo_str text);
const struct form *mo_forms_find_url(const struct forms *forms, struct mo_str url);

/* Host and path in lower case, without scheme, "www.", final slash, query, fragment. */
void mo_forms_put_url(struct mo_buf *out, struct mo_str url);
void mo_forms_put_iri(struct mo_buf *out, const struct mo_iri *iri);

/* Prepare the tables of licence.c, format.c and exports.c. 0, or -1. */
int mo_licences_prepare(struct mo_values *values);
int mo_formats_prepare(struct mo_values *values);
int mo_exports_prepare(struct mo_values *values);

/* Prepare the tables of codes.c; the others must be there. 0, or -1. */
int mo_codes_prepare(struct mo_values *values);

/* The same for language.c. */
int mo_languages_prepare(struct mo_values *values);

/* The same for when.c. */
int mo_dates_prepare(struct mo_values *values);

/* What stands for a character in ASCII; NULL pointer when the table does not say. */
struct mo_str mo_ascii_of(const struct mo_values *values, uint32_t code);

/* Code point of a named character, or 0. */
uint32_t mo_entity(const struct mo_values *values, struct mo_str name);

/* What Windows-1252 has at 0x80 to 0x9F; 0: nothing. */
extern const uint16_t mo_windows_1252[32];

/* Whether the text holds a tag of HTML. */
bool mo_holds_html(struct mo_str text);

/* As mo_markdown, without the marks: text alone. */
void mo_plain(const struct mo_values *values, struct mo_str text, struct mo_buf *out);

/* White space of any kind around it goes, and marks of byte order. */
struct mo_str mo_utf8_trim(struct mo_str text);

/* The host of an authority, and whether it is an address of numbers. */
struct mo_str mo_url_host(struct mo_str authority);
bool mo_url_is_number(struct mo_str host);

/* The same brackets around the same numbers, 1 being 1.0. */
bool mo_same_places(struct mo_str a, struct mo_str b);

/*
 * The reference system before WKT, which is eaten, and its axes; false when it is not in
 * degrees.
 */
bool mo_wkt_system(struct mo_str *wkt, bool *north_first);

#endif
