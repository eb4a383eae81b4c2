/*
 * RDF terms and statements (RDF 1.1 Concepts, 3). Terms are interned: within one
 * record, two terms are equal exactly when their pointers are.
 */
#ifndef MOISSON_TERM_H
#define MOISSON_TERM_H

#include <stdint.h>

#include <moisson/str.h>

#ifdef __cplusplus
extern "C" {
#endif

enum mo_term_kind { MO_IRI, MO_BLANK, MO_LITERAL };

struct mo_stmt;

struct mo_term {
    struct mo_str text;             /* IRI, label without "_:", or lexical form */
    const struct mo_term *datatype; /* of a literal; NULL: xsd:string, rdf:langString */
    struct mo_str lang;             /* of a literal, as written; empty: none */
    enum mo_term_kind kind;
    uint16_t known; /* its number in the lexicon, or 0 */
    bool anonymous; /* a blank node that nothing but its parent refers to */
    bool topical;   /* a catalogue record, which goes where its topic goes */
    bool brought;   /* all that is said of it was put away before */

    /* The statements about this node, in document order. */
    struct mo_stmt *first, *last;
    /* Statements of other roots about this one, which travel with it. */
    struct mo_stmt *first_link, *last_link;

    /* For the library's own use. */
    uint64_t hash;
    struct mo_term *next_in_bucket, *next_subject;
    uint32_t closed;         /* order in which descriptions ended; 0: it has none */
    uint32_t mark;           /* the last walk that met it */
    uint32_t level;          /* at which it did */
    uint32_t packed, number; /* its number in the last packing that met it */
    uint32_t written;        /* for writers */
};

struct mo_stmt {
    struct mo_term *s, *p, *o;
    struct mo_stmt *next; /* with the same subject; of a link: the same object */
    bool used;            /* for writers: what it says has found its place */
    bool aside;           /* for writers: it is written elsewhere */
    uint8_t round;  /* for the cleaner: in which it was changed; 0: it was read so */
    uint8_t fine;   /* for the cleaner: whether its value was found fine; 0: not known */
    bool due;       /* for the cleaner: rules are to look at it in this round */
    uint16_t asked; /* for the cleaner: from which rule on all know it as it is */
};

static inline bool
mo_is_node(const struct mo_term *term)
{
    return term->kind != MO_LITERAL;
}

#ifdef __cplusplus
}
#endif

#endif
