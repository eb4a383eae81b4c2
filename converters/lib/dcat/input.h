/*
 * What the readers of JSON have in common: bytes are cut into pieces, each piece is parsed and
 * handed to the dialect, and what the dialect makes of it goes to the gatherer. A dialect
 * says what an object means; where records begin, what is too big, too deep or cut
 * short, which bytes are rejected and when reading ends is settled here.
 */
#ifndef MO_DCAT_INPUT_H
#define MO_DCAT_INPUT_H

#include <moisson/date.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/mend.h"
#include "base/split.h"
#include "dcat/gather.h"
#include "rdf/reader.h"

struct mo_input;

enum {
    MO_MAX_ADDRESS = 64 << 10,
    MO_MADE_LEVELS = 64 /* records that are made nest less deep */
};

struct mo_dialect {
    const char *list;  /* the member whose array holds the records */
    const char *inner; /* the member that may stand around it; or NULL */

    /* `in->json`, a value of its own or an element of the list, in a piece without fault. */
    void (*read)(struct mo_input *in);

    /* The functions from here on may be NULL. */

    /* Which other arrays are such lists, too: see struct mo_split_options. */
    bool (*may_list)(void *in, struct mo_str key);
    bool (*is_list)(void *in, struct mo_str key, struct mo_str before, bool first);
    bool whole; /* what stands around the lists is read again, as one object */

    /* Members of a document that is a page: how many records all pages hold, the next one. */
    const char *totals[2], *next_page;

    /* Find a name for messages in a piece that cannot be parsed. */
    void (*name)(struct mo_input *in);
    /* A record, with or without a fault, instead of mo_input_record(). */
    void (*record)(struct mo_input *in);
    /* `in->json`: what a document says before, between or behind its lists. */
    void (*envelope)(struct mo_input *in);
    /* Say what stands around the element in hand, so that its bytes can be read again. */
    void (*wrap)(struct mo_input *in, struct mo_reject *reject);
    /* A step of work that is left over. False when there is none. */
    bool (*pending)(struct mo_input *in);
    /* The same once no piece is left. */
    bool (*last)(struct mo_input *in);
    /* Forget the input, for another; NULL: it cannot. */
    void (*again)(struct mo_input *in);
    void (*free)(struct mo_input *in);
};

/* An IRI that code or a table names, and its number in the lexicon, or 0. */
struct mo_named_iri {
    const char *iri;
    uint16_t known;
};

enum { MO_NAMED_IRIS = 256 };

/* The first member of each such reader. */
struct mo_input {
    struct mo_reader reader;
    const struct mo_dialect *dialect;
    struct mo_gather *gather;
    struct mo_split *split;
    struct mo_document head; /* the first bytes, by which blank nodes are named */
    uint64_t document;
    bool started, ended, finished;
    bool shown;      /* that its bytes are not UTF-8 was said */
    bool broke_off;  /* it says so itself */
    bool cut;        /* and was seen to be so */
    bool overflowed; /* bytes of the piece in hand were rejected already */
    size_t listed;   /* records of the list in hand */
    uint64_t blanks;

    struct mo_json *taken; /* the record that comes next: see mo_input_take */
    bool taken_twice;
    size_t n_taken; /* that were no text */

    /* The document in hand, as a page. */
    size_t on_page; /* records */
    uint64_t total;
    struct mo_buf next_page;

    /* The piece in hand. */
    struct mo_piece piece;
    struct mo_str line; /* its text, where that was parsed before; or empty */
    struct mo_json *line_json;
    bool line_twice;            /* a key stands twice in it */
    const struct mo_json *json; /* in `arena` and the piece */
    struct mo_arena *arena;
    struct mo_mending *mending; /* NULL until it is needed */
    struct mo_graph *graph;
    struct mo_named_iri named[MO_NAMED_IRIS]; /* those that came last, by address */
    char name[512];                           /* for messages */
    bool rejected;
};

/* `options` as for mo_reader. 0, or -1 without memory; either way mo_reader_free releases it. */
int mo_input_init(struct mo_input *in, const struct mo_dialect *dialect,
    const struct mo_reader_options *options);

/*
 * Hand a record over to the reader of a dialect that was made here and not read, after a line of
 * JSON or nothing: as one more line. The value must live until the next one is handed over; in it
 * may stand keys twice if `twice`. 0, or -1 when memory is short.
 */
int mo_input_take(struct mo_reader *reader, struct mo_json *value, bool twice);

/* ---- Saying what is wrong ---- */

/* `at`: offset into the piece in hand. */
void mo_input_report(struct mo_input *in, enum mo_diag_id id, struct mo_str detail,
    struct mo_str property, size_t at);

/* The same, and give the piece in hand up; at most once a piece. */
void mo_input_reject(struct mo_input *in, enum mo_diag_id id, struct mo_str detail,
    struct mo_str property, size_t at);

/* Memory is short: nothing goes on. */
void mo_input_trouble(struct mo_input *in);

/* ---- Pieces ---- */

/* Forget the piece in hand: another begins. */
void mo_input_begin(struct mo_input *in);

/* Parse the piece in hand, a record, and have it read; what cannot be is rejected. */
void mo_input_record(struct mo_input *in);

/*
 * Parse `text`, in->json, which holds the piece in hand from `at` on. False, with the piece
 * rejected, when that cannot be done.
 */
bool mo_input_parse(struct mo_input *in, struct mo_str text, size_t at);

/*
 * Put right what is not JSON in `*text`, without a word, unless reading is strict. False when
 * that cannot be done. Borrowed until the next parsing.
 */
bool mo_input_mend(struct mo_input *in, struct mo_str *text);

/* Call the record by the head of this text. */
void mo_input_name(struct mo_input *in, struct mo_str name);

/*
 * The document in hand goes on saying (`in->json`) what page it is, and has ended where the
 * piece says so: that there are others becomes a node of its own then, in the words of paged
 * DCAT catalogues (paging.c).
 */
void mo_input_page(struct mo_input *in);

/* ---- Graphs ---- */

/* An empty graph, in->graph. False in trouble. */
bool mo_input_graph(struct mo_input *in);

/* Hand it over as a unit, with a root if it is known (see mo_gather_unit). */
void mo_input_hand_over(struct mo_input *in, struct mo_term *root, unsigned flags);

/* The same as a named graph. */
void mo_input_hand_over_named(struct mo_input *in, struct mo_term *name);

/* Give it back, unless it was handed over. */
void mo_input_drop_graph(struct mo_input *in);

/* ---- Terms of the graph; NULL, with the piece given up, when memory is short ---- */

/* Resolved against the base. */
struct mo_term *mo_input_iri(struct mo_input *in, struct mo_str iri);

/*
 * An IRI that code or a table names: its text stays where it is, and as it is, for as long as the
 * reader is used.
 */
struct mo_term *mo_input_named(struct mo_input *in, const char *iri);

/* An anonymous node, and one whose label is made of a number. */
struct mo_term *mo_input_blank(struct mo_input *in);
struct mo_term *mo_input_labelled(struct mo_input *in, uint64_t number);

/* `type`: an IRI, or empty. */
struct mo_term *mo_input_literal(
    struct mo_input *in, struct mo_str text, struct mo_str type, struct mo_str lang);

/* A date, with the datatype of its precision. */
struct mo_term *mo_input_date(struct mo_input *in, const struct mo_date *date);

/* A term that may be NULL, which is trouble. */
struct mo_term *mo_input_must(struct mo_input *in, struct mo_term *term);

/* Nothing is said of NULL terms, nor of a record that was given up. */
void mo_input_add(
    struct mo_input *in, struct mo_term *s, struct mo_term *p, struct mo_term *o);

#endif
