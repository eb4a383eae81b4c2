/*
 * Objects in our own context into statements, the short way: where the processor would
 * read the same, and for what other dialects keep of a record.
 */
#ifndef MO_JSONLD_SIMPLE_H
#define MO_JSONLD_SIMPLE_H

#include "dcat/input.h"

struct mo_simple {
    struct mo_input *in; /* statements go to its graph */
    uint64_t ordinal;    /* of the JSON value in hand: labels hold within it */
    /*
     * It says something that only the processor understands, or, when `kept`, something
     * wrong: what was read is worth nothing.
     */
    bool general;
    bool kept;              /* nothing is said of what is wrong, and nothing rejected */
    struct mo_str own_name; /* "@id" of the node that is `own`, whatever it is called */
    struct mo_term *own;    /* or NULL */
};

/* Read a node; NULL when memory is short, or it is none. */
struct mo_term *mo_simple_node(struct mo_simple *r, const struct mo_json *object);

/* The same of what `object` says, about `node`. */
void mo_simple_members(
    struct mo_simple *r, struct mo_term *node, const struct mo_json *object);

/* The blank node of this label, without "_:". */
struct mo_term *mo_simple_labelled(struct mo_simple *r, struct mo_str label);

#endif
