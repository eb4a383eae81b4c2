/*
 * A catalogue as a folder of files that any web server can serve, from inside. writer.c takes the
 * records, which wait in a spill file until their number is known, and then goes through
 * them once; catalogue.c writes the pages that are harvested, page.c a page for people, index.c
 * the list of all of them, feed.c what machines read of that list; html.c writes text, markdown.c
 * descriptions.
 */
#ifndef MO_SITE_SITE_H
#define MO_SITE_SITE_H

#include "base/json.h"
#include "base/spill.h"
#include "dcat/values.h"
#include "rdf/graph.h"
#include "rdf/writer.h"

enum {
    MO_SITE_PAGE = 100,   /* records of a page of the catalogue */
    MO_SITE_LISTED = 500, /* records that the index lists by itself */
    MO_SITE_NEWS = 50,    /* entries of the feed */
    MO_SITE_MAP = 50000,  /* addresses of a site map (sitemaps.org) */
    MO_SITE_ID = 80,      /* bytes of an id */
    MO_SITE_WORDS = 400,  /* characters of a description that a search looks through */
    MO_SITE_MAX_TEXT = 1 << 28
};

enum mo_site_text {
#define TEXT(id, fr, en) MO_TEXT_##id,
#include "site/texts.def"
#undef TEXT
    MO_TEXT_COUNT
};

/* What is remembered of each record. */
struct site_entry {
    uint64_t at;                                 /* in the spill file */
    size_t n;                                    /* bytes there */
    char *id;                                    /* "registres-1a2b3c4d" */
    struct mo_str title, publisher, words, date; /* in the arena; the date may be empty */
    bool service;                                /* a data service */
    bool exposed;                                /* it has a page */
};

struct site {
    struct mo_writer writer;
    struct mo_values *values;
    struct mo_spill *spill;
    struct mo_graph *graph;
    struct mo_buf packed, scratch;
    struct mo_arena *arena; /* of the entries */
    struct site_entry *entries;
    size_t n_entries, cap_entries;
    size_t n_exposed, n_services; /* of those */

    /* The catalogue itself, packed; empty while none came. */
    struct mo_buf catalogue;
    struct mo_buf own; /* its IRI */

    /* While the files are written. */
    struct mo_writer *fields; /* of data.gouv.fr JSON, a line each */
    struct mo_buf line;       /* what it wrote last */
    struct mo_arena *of_line; /* what that says */
    struct mo_buf title;      /* of the catalogue */
    const char *lang;         /* "fr" or "en" */
    struct mo_sink sink;      /* of `fields` */
    void *file;               /* that is written to */
    bool trouble;
};

/* ---- Files ---- */

/* A file below the folder. NULL, with trouble, when it cannot be begun. */
void *mo_site_open(struct site *s, const char *path);

void mo_site_close(struct site *s, void *file);

/* The whole of one. */
void mo_site_put(struct site *s, const char *path, struct mo_buf *bytes);

/* ---- Text ---- */

const char *mo_site_say(const struct site *s, enum mo_site_text text);

/*
 * Append text for HTML and XML, in elements and in attributes, without what XML cannot hold and
 * without marks that turn the direction of what follows.
 */
void mo_html_text(struct mo_buf *out, struct mo_str text);

/* Append a line, with links where there are web addresses. */
void mo_html_line(struct mo_buf *out, struct mo_str line);

/* Append paragraphs of such lines. */
void mo_html_prose(struct mo_buf *out, struct mo_str text);

/*
 * Append what the Markdown of data.gouv.fr means: paragraphs, lists, tables, links to the web and
 * to mail. Its headings are below `heading`, the level of the one that it stands below; HTML is text.
 */
void mo_site_prose(
    const struct site *s, struct mo_buf *out, struct mo_str text, int heading);

/* Whether a link may lead there. */
bool mo_html_is_link(struct mo_str url);

/* The tag that opens a link to somewhere else. */
void mo_html_open_link(struct mo_buf *out, struct mo_str url);

/* Head and foot of a page; `root` leads to the folder: "" or "../". */
void mo_html_head(struct site *s, struct mo_buf *out, struct mo_str title,
    const char *root, const char *id);
void mo_html_foot(struct site *s, struct mo_buf *out);

/* JSON that stands in an element of HTML. */
void mo_html_json(struct mo_buf *out, struct mo_str json);

/* The address of a file below the base. */
void mo_site_address(struct site *s, struct mo_buf *out, const char *path);

/* ---- The parts ---- */

/* The pages of the catalogue. */
void mo_site_catalogue(struct site *s);

/* A record brought back, with what joins it to the catalogue; NULL in trouble. */
const struct mo_record *mo_site_record(struct site *s, const struct site_entry *entry,
    struct mo_record *record, bool in_catalogue);

/* What the catalogue says of itself, brought back into s->graph; NULL in trouble. */
struct mo_term *mo_site_own(struct site *s);

/* Say something in s->graph; NULL terms are trouble. */
void mo_site_add(
    struct site *s, struct mo_term *subject, const char *p, struct mo_term *o);
void mo_site_say_iri(
    struct site *s, struct mo_term *subject, const char *p, const char *iri);

/* The page of an entry, from its fields. */
void mo_site_page(
    struct site *s, const struct site_entry *entry, const struct mo_json *fields);

/* Append what schema.org calls a dataset, or a service. */
void mo_site_schema_org(struct site *s, const struct site_entry *entry,
    const struct mo_json *fields, struct mo_buf *out);

/* The index, with what its search looks through. */
void mo_site_index(struct site *s);

/* sitemap.xml and feed.atom. */
void mo_site_feeds(struct site *s);

/* Label of a licence or frequency of data.gouv.fr; the id itself when there is none. */
struct mo_str mo_site_label(
    const struct site *s, const char *table, const char *kind, struct mo_str id);

/* The publisher of an object of data.gouv.fr JSON; may be empty. */
struct mo_str mo_site_publisher(const struct mo_json *fields);

#endif
