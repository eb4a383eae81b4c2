/*
 * The Turtle reader from inside (RDF 1.1 Turtle; N-Triples is a part of it). reader.c moves
 * bytes, cuts them into statements and finds its way behind those that cannot be read, text.c
 * knows what a statement looks like, parse.c has Serd read one and makes terms of it.
 */
#ifndef MO_TURTLE_TURTLE_H
#define MO_TURTLE_TURTLE_H

#include <serd/serd.h>

#include "dcat/gather.h"
#include "dcat/vocab.h"
#include "rdf/reader.h"

/* ---- text.c ---- */

enum mo_token {
    MO_TOKEN_RUN, /* bytes that mean nothing here: names, space, "." inside a name */
    MO_TOKEN_IRI,
    MO_TOKEN_STRING, /* between single quotation marks, of either kind */
    MO_TOKEN_LONG,   /* between three of them */
    MO_TOKEN_COMMENT,
    MO_TOKEN_OPEN, /* "[" or "(" */
    MO_TOKEN_CLOSE,
    MO_TOKEN_END /* the "." that ends a statement */
};

/*
 * Where the token ends that begins at `at`, or 0 when that depends on bytes to come (never
 * when `last`). `*seen`, 0 at first, says how far was looked, and goes back in when there are more.
 */
size_t mo_turtle_token(
    struct mo_str text, size_t at, bool last, size_t *seen, enum mo_token *token);

/* A statement, or several, as Serd is given them. */
struct mo_turtle_text {
    struct mo_buf bytes;
    struct mo_buf iris; /* that Serd refuses, one behind the other */
    struct mo_buf ends; /* where each ends there, as size_t */
    size_t n_iris;
    bool escapes;  /* strings may have escapes that give no character */
    bool hopeless; /* a string has no end that is certain */
    bool open;     /* the last IRI has no end */
    /* What was mended: how often, and where in the text first. */
    struct mo_turtle_mended {
        size_t n, at;
    } escaped, commas, languages;
};

/*
 * Blank nodes get labels that Serd makes none like, "u" and what they had; an IRI with
 * characters that none may hold becomes MO_TURTLE_IRI and its number, unless `strict`. With
 * `mend`, what can be meant in one way only is made so. 0, or -1 without memory.
 */
int mo_turtle_copy(
    struct mo_str text, bool strict, bool mend, struct mo_turtle_text *out);

void mo_turtle_text_init(struct mo_turtle_text *text);
void mo_turtle_text_done(struct mo_turtle_text *text);

/* The IRI of this number. */
struct mo_str mo_turtle_iri(const struct mo_turtle_text *text, size_t number);

#define MO_TURTLE_IRI "\xEF\xB7\x90" /* U+FDD0, which is no character */

/* Append the text with U+FFFD for U+0000 and for what is not UTF-8. */
void mo_turtle_mend(struct mo_str text, struct mo_buf *out);

/* The offset in the text that `at`, an offset in what mo_turtle_copy made of it, stems from. */
size_t mo_turtle_origin(struct mo_str text, bool strict, size_t at);

/* Whether a line break stands in a string that may have none. */
bool mo_turtle_out_of_step(struct mo_str text);

/* Whether a statement may begin here, behind white space and comments, or the text ends. */
bool mo_turtle_begins(struct mo_str text, bool last);

/* What the statement is about, as it is written. */
struct mo_str mo_turtle_subject(struct mo_str text);

/* ---- parse.c ---- */

enum { MAX_PREFIXES = 1000 };

struct prefix {
    struct mo_str name, space; /* in one piece of memory, from `name.p` on */
};

/* A statement that was read, or with no predicate a node whose description ends. */
struct triple {
    struct mo_term *s, *p, *o;
};

struct turtle {
    struct mo_reader reader;
    struct mo_gather *gather;
    SerdReader *serd;
    struct mo_decoder *decoder;
    struct mo_buf raw; /* before the character set is known */
    bool chosen, started, ended, finished;
    uint64_t document; /* what blank nodes are named by */

    /* Bytes of the document, in UTF-8, from `offset` on. */
    struct mo_buf window;
    uint64_t offset;
    size_t start;        /* of the statement in hand */
    size_t line, column; /* of its first byte */
    size_t at, seen;     /* how far it was looked at */
    size_t depth, deepest;
    bool in_step;        /* as far as can be seen, its strings end where they should */
    bool lost;           /* it cannot be read: where does the next one begin? */
    size_t from, search; /* looked for from here on; and from where it is not known yet */
    uint64_t barren;     /* offset up to which nothing was found */
    bool too_big;        /* its bytes are handed over as they come */
    struct mo_buf declared; /* what was declared since the last reject */

    /* The statement in hand. */
    struct mo_turtle_text text;
    struct mo_str unread; /* by Serd */
    struct mo_place place;
    struct triple *triples;
    size_t n_triples, cap_triples;
    struct mo_buf base;
    struct prefix prefixes[MAX_PREFIXES];
    size_t n_prefixes;
    bool relative_said;

    /* What is wrong with it: the last that Serd said, or what we found. */
    enum mo_diag_id fault;
    char fault_text[160];
    size_t fault_at; /* in `text.bytes` */

    /* Statements about one subject, one behind the other. */
    struct mo_graph *graph;
    struct mo_place unit_place;
    enum mo_term_kind subject_kind;
    struct mo_buf subject;
    size_t unit_bytes;
};

/*
 * Read the statement in `text`: its triples into `triples`, what it declares at once. 0, or
 * -1 with `fault` set.
 */
int mo_turtle_parse(struct turtle *t);

/* A Serd that tells `t`; NULL when memory is short. */
SerdReader *mo_turtle_serd(struct turtle *t);

void mo_turtle_prefixes_done(struct turtle *t);

/* ---- reader.c ---- */

void mo_turtle_report(
    struct turtle *t, enum mo_diag_id id, struct mo_str detail, size_t at);
void mo_turtle_trouble(struct turtle *t);

/* The unit in hand is whole. */
void mo_turtle_end_unit(struct turtle *t);

#endif
