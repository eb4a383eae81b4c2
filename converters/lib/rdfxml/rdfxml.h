/*
 * The RDF/XML reader from inside (RDF 1.1 XML Syntax). reader.c moves bytes and finds
 * its way again behind what cannot be parsed, feed.c repairs bytes on their way to
 * libxml2, passing.c spares it elements that need no parser, careful.c does all that is
 * repaired when that was not enough, heading.c what stands around documents, envelope.c
 * what services put around them, grammar.h and its files are the grammar, names.c remembers names, literal.c
 * writes XML literals.
 *
 * The document is read in units: a node element under rdf:RDF, or, where that is a
 * catalogue or another node that lists records, each property element of it. The
 * elements around units are *kept*: what is wrong in one unit does not touch them.
 */
#ifndef MO_RDFXML_RDFXML_H
#define MO_RDFXML_RDFXML_H

#include <libxml/parser.h>

#include <moisson/text.h>

#include "dcat/gather.h"
#include "dcat/index.h"
#include "rdf/reader.h"
#include "dcat/vocab.h"

/* Names of the RDF namespace that the grammar treats by themselves (6.2.2). */
enum syntax {
    NO_SYNTAX,
    RDF_RDF,
    RDF_DESCRIPTION,
    RDF_ID,
    RDF_ABOUT,
    RDF_ABOUT_EACH,
    RDF_ABOUT_EACH_PREFIX,
    RDF_BAG_ID,
    RDF_DATATYPE,
    RDF_LI,
    RDF_NODE_ID,
    RDF_PARSE_TYPE,
    RDF_RESOURCE,
    RDF_TYPE_ATTRIBUTE
};

/* An element or attribute name, made once a parser: equal pointers, equal names. */
struct name {
    const xmlChar *space, *local; /* from libxml2's dictionary */
    struct mo_str iri;            /* the two joined */
    uint64_t hash;                /* of the IRI as a node */
    uint16_t known;
    enum syntax syntax;
    struct mo_term *term; /* in the graph of unit `unit` */
    uint64_t unit;
};

/* What an element is that stands outside of records. */
enum outside {
    OUT_NODE,     /* a record, or rdf:RDF */
    OUT_ENVELOPE, /* around records */
    OUT_LIST,     /* the same, and counts them */
    OUT_ASIDE,    /* says nothing of records */
    OUT_FAULT,    /* an error, in words */
    OUT_FOREIGN   /* metadata of another kind */
};

enum frame_kind {
    IN_DOCUMENT,   /* 7.2.8 doc */
    IN_ENVELOPE,   /* of a service: documents, or node elements without rdf:RDF */
    IN_RDF,        /* 7.2.9 RDF: node elements */
    IN_NODE,       /* 7.2.11 nodeElement, and 7.2.18 parseType Resource: properties */
    IN_PROPERTY,   /* 7.2.14 propertyElt: text or one node element */
    IN_COLLECTION, /* 7.2.19 parseType Collection: node elements */
    IN_XML         /* 7.2.17 parseType Literal: anything */
};

struct frame {
    enum frame_kind kind;
    bool kept;
    bool opened;     /* the gatherer was told that this node is open */
    bool has_object; /* of a property: an element has come */
    bool given;      /* of a property: the object came as an attribute */
    struct mo_str base, lang;
    char *own_base, *own_lang;
    struct mo_term *subject; /* of a node: itself */
    struct mo_term *predicate;
    struct mo_term *datatype;
    struct mo_term *object;    /* of a property: its first attribute's */
    struct mo_term *tail;      /* of a collection: its last cell */
    struct mo_term *statement; /* of a property: what rdf:ID names it */
    unsigned li;
    /* Of a kept node, whose term is made anew in each unit. */
    enum mo_term_kind node_kind;
    char *node_text;
    uint64_t node_unit; /* the unit that `subject` is good for */
    /* Of a kept element: its start tag as it was written. */
    char *tag;
};

/* What bytes stand in, as far as repairs need to know. */
enum lexical { CONTENT, TAG, CDATA, COMMENT, INSTRUCTION, DOCTYPE };

enum { MAX_LANGUAGES = 32 /* that are kept as long as the reader */ };

/* How the bytes of a unit are fed to the parser. */
enum careful {
    NOT_CAREFUL,
    CAREFUL,      /* again, tag by tag */
    CAREFUL_HTML, /* the same, and HTML in texts is text */
    GIVEN_UP      /* again as they stand */
};

/* From here on, a byte of the parser's input stands `add` further in the document. */
struct shift {
    uint64_t parsed;
    int64_t add;
};

/* The last tag that began, or a "<" in it, as far as it was looked at. */
struct long_tag {
    uint64_t at, seen;
    size_t attributes;
    char quote;
    bool ended;
};

struct unit {
    struct mo_graph *graph;
    struct mo_place place;
    uint64_t start;     /* offset of its first byte */
    struct mo_place at; /* the same as a place */
    size_t frame;       /* its own */
    size_t depth;       /* of its element */
    bool placed;        /* `place` is that of its first node element */
    bool rejected;      /* nothing of it is taken any more */
    bool lost;          /* its bytes are not held any more */
    enum outside aside; /* OUT_ASIDE or OUT_FAULT: it is no record */
    uint64_t kept;      /* up to here its bytes were given to whoever keeps rejects */
    size_t repairs;     /* made in it */
    uint64_t said;      /* the furthest place that was reported in it */
    uint64_t blanks;    /* how many were made before it */
    char record[512];   /* the name of its record, for messages */
};

struct rdfxml {
    struct mo_reader reader;
    struct mo_gather *gather;
    xmlParserCtxtPtr parser;
    const xmlChar *xml_space; /* the namespace of xml:lang, as the parser hands it over */
    bool chosen;              /* the character set is known */
    bool started;             /* the document has its name */
    uint64_t root_end;        /* offset behind its root element; 0: not there yet */
    bool behind;      /* what follows it is no space, and may be another document */
    bool behind_said; /* it was none, and reported */
    bool ended;       /* no more bytes will come */
    bool finished;    /* all were read */
    bool incomplete;  /* it says that not all is there */

    /* Bytes of the document, in UTF-8, from `offset` on. */
    struct mo_decoder *decoder; /* NULL: it is in UTF-8 */
    bool beyond_ascii;          /* and has shown it */
    struct mo_buf raw;          /* before the character set is known */
    struct mo_buf window;
    uint64_t offset;
    size_t line, column; /* of the first byte of the window */
    size_t fed;          /* bytes of the window that the parser has */
    uint64_t checked;    /* offset up to which they need no repair */
    uint64_t parsed;     /* bytes that the parser was given, repairs and all */
    struct shift *shifts;
    size_t n_shifts, cap_shifts;
    uint64_t lexed;       /* offset up to which it is known what bytes stand in */
    enum lexical lexical; /* what that is there */
    struct long_tag long_tag;
    uint64_t document; /* what blank nodes are named by */
    uint64_t envelope; /* the same, of all that stands in an envelope */
    uint64_t blanks;   /* how many were made */

    /* A unit that is read again. */
    enum careful careful;
    uint64_t said_to; /* what was wrong up to here was said the first time */
    bool html_said;

    /* Looking for the place where parsing can go on. */
    bool lost;
    size_t search; /* bytes of the window that were searched */

    struct frame *frames;
    size_t n_frames, cap_frames;
    size_t ghosts; /* start tags to come that were read before */
    size_t depth;  /* elements open */
    struct unit unit;
    bool in_unit;
    uint64_t units;
    const struct mo_term *fresh; /* the last term that was made: no object yet */
    char unit_name[256];         /* the element that the last unit was */
    uint64_t prolog_from;        /* where the document begins for the parser */
    struct mo_buf prolog;        /* what stood before the root element */
    struct mo_buf text;
    struct mo_xml *xml;  /* the XML literal in hand */
    int xml_depth;       /* elements open in it */
    struct mo_index ids; /* what rdf:ID has named */
    char *languages[MAX_LANGUAGES];
    size_t n_languages;
    struct names *names;
    struct passing *passing;
    bool past;             /* what is handed to the grammar goes past the parser */
    bool declares;         /* the document has a type declaration */
    bool relative_said;    /* relative IRIs were reported */
    struct mo_place place; /* the last one that was asked for */

    /* What libxml2 said last. */
    int fatal;
    enum mo_diag_id fatal_id;
    uint64_t fatal_at;
    char fatal_text[160];
    char unknown[64]; /* an entity in a start tag that has not come yet */
};

/* ---- reader.c ---- */

/* Offset in the document of the byte at which the parser stands. */
uint64_t mo_rdfxml_offset(const struct rdfxml *r);

/* Offset of the "<" of the tag at whose end the parser stands. */
uint64_t mo_rdfxml_tag(const struct rdfxml *r);

/* Line and column of an offset in the window. */
struct mo_place mo_rdfxml_place(struct rdfxml *r, uint64_t offset);

/* Report at `offset`, in the record of the unit in hand. */
void mo_rdfxml_report(struct rdfxml *r, enum mo_diag_id id, struct mo_str detail,
    struct mo_str property, uint64_t offset);

/* The same of a repair to the next byte: the record needs only so many of them. */
void mo_rdfxml_report_repair(struct rdfxml *r, enum mo_diag_id id, struct mo_str detail);
void mo_rdfxml_count_repair(struct rdfxml *r);

/* What stands before `at` is as fatal as what is not well-formed. */
void mo_rdfxml_break(struct rdfxml *r, enum mo_diag_id id, const char *text, uint64_t at);

/* The unit in hand is longer than the ceiling. */
void mo_rdfxml_too_big(struct rdfxml *r);

/* Report, and take nothing more of the unit in hand. */
void mo_rdfxml_reject(
    struct rdfxml *r, enum mo_diag_id id, struct mo_str detail, struct mo_str property);

/* The document says that its own input broke off: reported once. */
void mo_rdfxml_incomplete(struct rdfxml *r);

/* Out of memory: reported once, and the parser stops. */
void mo_rdfxml_trouble(struct rdfxml *r);

/* The unit that ends here, whole: to the gatherer, or to the rejects. */
void mo_rdfxml_end_unit(struct rdfxml *r, uint64_t end);

/* What a processing instruction says in a document whose own input broke off. */
#define MO_RDFXML_TARGET "moisson"
#define MO_RDFXML_DATA "incomplete"
#define MO_RDFXML_INCOMPLETE MO_RDFXML_TARGET " " MO_RDFXML_DATA

static inline bool
mo_rdfxml_is_well(const struct rdfxml *r)
{
    return !r->fatal && r->reader.state == MO_READER_FINE;
}

/* Whether property elements of this name stand around records, so that each is a unit. */
static inline bool
mo_rdfxml_lists(uint16_t known)
{
    return known == MO_K_DCAT_HAS_DATASET || known == MO_K_DCAT_HAS_SERVICE ||
           known == MO_K_DCAT_HAS_CATALOG || known == MO_K_DCAT_SERVES ||
           known == MO_K_DCAT_SERIES_MEMBER || known == MO_K_DCAT_HAS_RECORD;
}

/* ---- feed.c ---- */

/*
 * Give the parser bytes of the window up to `to`, references and characters repaired unless
 * reading is strict. What may be cut in two there waits, unless no more comes: `last`.
 */
void mo_rdfxml_feed_plain(struct rdfxml *r, size_t to, bool last);

/* The same of no more bytes than may be read before records are looked for. */
void mo_rdfxml_feed_slice(struct rdfxml *r);

/* Hand `text` over in place of the next `n` bytes of the window. */
void mo_rdfxml_replace(struct rdfxml *r, size_t n, struct mo_str text);

/* The parser's next byte is the window's next. */
void mo_rdfxml_shift_here(struct rdfxml *r);

/*
 * The character that the reference at the head of `s` stands for, in any document, and its
 * length; 0 if it is none, or one that must be declared.
 */
uint32_t mo_rdfxml_reference(struct mo_str s, size_t *length);

/* ---- passing.c ---- */

struct passing *mo_passing_new(void);
void mo_passing_free(struct passing *passing);

/* The parser changes: it is in no element. */
void mo_passing_reset(struct passing *passing);

/* It has read a start tag, with `n` declarations (a prefix and a namespace each), or an end tag. */
void mo_passing_enter(struct passing *passing, int n, const xmlChar **spaces);
void mo_passing_leave(struct passing *passing);

/*
 * Hand elements of the window to the grammar that need no parser, as long as they begin before
 * `stop` and end before `to`. How far the parser is to be fed before there may be more of them;
 * not at all where one `may_wait` for its end, which is not here yet.
 */
size_t mo_rdfxml_pass_elements(struct rdfxml *r, size_t stop, size_t to, bool may_wait);

/* ---- careful.c ---- */

/* Give the parser the unit in hand, as far as it is here, with its tags repaired. */
void mo_rdfxml_feed_careful(struct rdfxml *r, bool last);

/* ---- heading.c ---- */

/* Leave out what stands before the document in the window, and a broken XML declaration. */
void mo_rdfxml_heading(struct rdfxml *r);

/*
 * Behind the root element, in `s` of the window: whether another document begins, `*n` bytes
 * into it; else so many of them are done with.
 */
bool mo_rdfxml_behind(struct rdfxml *r, struct mo_str s, size_t *n);

/* ---- sax.c ---- */

/* The handlers; all take the reader as their context. */
void mo_rdfxml_handlers(xmlSAXHandler *sax);

/* ---- terms.c ---- */

/* A new blank node; NULL in trouble. */
struct mo_term *mo_rdfxml_anonymous(struct rdfxml *r);

/* ---- frames.c ---- */

/* The frame around the document. 0, or -1. */
int mo_rdfxml_first_frame(struct rdfxml *r);

/* Drop all frames above `n`. */
void mo_rdfxml_pop_frames(struct rdfxml *r, size_t n);

/* ---- entities.c ---- */

/* The handlers that have to do with entities. */
void mo_rdfxml_entities(xmlSAXHandler *sax);

/* ---- names.c ---- */

struct names *mo_names_new(const struct mo_vocab *vocab);
void mo_names_free(struct names *names);

/* Forget all: the parser, and with it its dictionary, changes. */
void mo_names_reset(struct names *names);

/* Make room for the names of an element; those that were got may be gone. */
void mo_names_trim(struct names *names);

/*
 * The name; NULL when memory is short. `space` may be NULL. The first one behind a trim
 * stays until the next trim, others perhaps only until the next name.
 */
struct name *mo_names_get(
    struct names *names, const xmlChar *space, const xmlChar *local);

/* ---- literal.c: exclusive canonical XML of what stands in parseType="Literal" ---- */

struct mo_xml *mo_xml_new(void);
void mo_xml_free(struct mo_xml *xml);
void mo_xml_start(struct rdfxml *r, const xmlChar *local, const xmlChar *prefix,
    const xmlChar *space, int n_attributes, const xmlChar **attributes);
void mo_xml_end(struct rdfxml *r, const xmlChar *local, const xmlChar *prefix);
void mo_xml_text(struct rdfxml *r, struct mo_str text);
void mo_xml_comment(struct rdfxml *r, const xmlChar *text);
void mo_xml_instruction(struct rdfxml *r, const xmlChar *target, const xmlChar *data);

/* No literal is open any more. */
void mo_xml_reset(struct rdfxml *r);

#endif
