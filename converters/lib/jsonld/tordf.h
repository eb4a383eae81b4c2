/* From expanded objects to statements (JSON-LD 1.1 API, 8). */
#ifndef MO_JSONLD_TORDF_H
#define MO_JSONLD_TORDF_H

#include "dcat/vocab.h"
#include "jsonld/expand.h"
#include "rdf/graph.h"

/* A named graph that is still to be said. */
struct mo_named {
    struct mo_str name; /* an IRI, or a blank node with its "_:" */
    const struct mo_items *items;
    struct mo_named *next;
};

enum mo_ill_formed {
    MO_ILL_RELATIVE,  /* a relative IRI, kept as it is */
    MO_ILL_DROPPED,   /* the statement was left out */
    MO_ILL_DIRECTION, /* the direction of a text was left out */
    MO_ILL_GRAPH,     /* the name of a graph was left out */
    MO_ILL_LANGUAGE,  /* the language was left out */
    MO_ILL_NUMBER     /* more than a double can hold, kept as it is */
};

struct mo_tordf {
    struct mo_ld *ld;
    const struct mo_vocab *vocab;
    struct mo_graph *graph; /* that statements go to */
    bool quads;             /* named graphs are put into `named`, else into `graph` */
    struct mo_named *named, *last_named;
    const struct mo_term *merged; /* name of the graph in hand, which is left out */
    /* The blank node of this label; a new one when `label.p` is NULL. NULL: no memory. */
    struct mo_term *(*blank)(void *ctx, struct mo_str label);
    /* `property` is the IRI of the text's, or empty. */
    void (*ill_formed)(
        void *ctx, enum mo_ill_formed what, struct mo_str text, struct mo_str property);
    /* A statement as it was, of which something was left out. */
    void (*lost)(void *ctx, const struct mo_stmt *stmt, const struct mo_term *graph);
    void *ctx;
};

/*
 * Add what `items` say. `*root`: the node of the first, or NULL. 0, or -1 when memory
 * is short or its ceiling is met.
 */
int mo_tordf(struct mo_tordf *t, const struct mo_items *items, struct mo_term **root);

/* The term of a node's name; NULL with 0 when it is ill-formed. */
int mo_tordf_name(struct mo_tordf *t, struct mo_str name, struct mo_term **term);

#endif
