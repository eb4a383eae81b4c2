/* The names of elements in RDF/XML that is written: properties, classes, prefixes. */
#ifndef MO_RDFXML_ELEMENTS_H
#define MO_RDFXML_ELEMENTS_H

#include "dcat/vocab.h"

enum { MAX_XML_TEXT = 10000000 /* bytes; what libxml2 takes for a text or attribute */ };

/* A prefix and its namespace; of several for one namespace, the first of the table. */
struct prefix {
    struct mo_str name, space;
    bool used;
};

/* The IRI of a property or class as an element's name. */
struct element {
    struct prefix *prefix; /* NULL: none of the table */
    struct mo_str space, local;
    bool fine; /* it is a name, and of something that an element may name */
    struct mo_str open, close; /* "<dct:title" and its end tag, of those that are kept */
};

struct elements {
    const struct mo_lexicon *lexicon;
    struct prefix *prefixes;
    size_t n_prefixes;
    struct element *kept; /* by number in the lexicon; made when first needed */
    size_t n_kept;
    struct mo_arena *tags;
    struct element description; /* of a node without a type */
};

/* 0, or -1 when memory is short; mo_elements_done either way. `vocab` must outlive it. */
int mo_elements_init(struct elements *all, const struct mo_vocab *vocab);
void mo_elements_done(struct elements *all);

/* That of a property or class; in `own` when it is none of those that are kept. */
const struct element *mo_element_of(
    struct elements *all, const struct mo_term *term, struct element *own);

/* Whether it is a name without a colon (Namespaces in XML, 3). */
bool mo_is_ncname(struct mo_str text);

#endif
