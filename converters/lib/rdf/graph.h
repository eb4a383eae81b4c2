/*
 * A graph: interned terms and the statements between them, in one arena. Readers
 * fill one for each unit of a document; a record is a part of one.
 */
#ifndef MO_RDF_GRAPH_H
#define MO_RDF_GRAPH_H

#include <moisson/arena.h>
#include <moisson/term.h>

#include "rdf/lexicon.h"

struct mo_graph {
    struct mo_arena *arena;
    const struct mo_lexicon *lexicon;
    struct mo_term **buckets;
    size_t mask;
    size_t n_terms;
    size_t n_stmts;
    struct mo_term *subjects, *last_subject; /* in order of first appearance */
    uint32_t closed;                         /* the last number given */
    uint32_t marks;                          /* the last walk */
    uint32_t packings;                       /* the last packing */
    unsigned users;
    struct mo_graph *next; /* in its pool */
};

/* `ceiling` bytes at most. One user; NULL when memory is short. */
struct mo_graph *mo_graph_new(const struct mo_lexicon *lexicon, size_t ceiling);
void mo_graph_free(struct mo_graph *graph);

/* Empty, for use again. */
void mo_graph_reset(struct mo_graph *graph);

/*
 * The term for this text, made (with a copy of the text) when it is new. NULL at
 * the ceiling or when memory is short.
 */
struct mo_term *mo_graph_iri(struct mo_graph *graph, struct mo_str iri);
struct mo_term *mo_graph_blank(struct mo_graph *graph, struct mo_str label);

/* The blank node that is called "m" and the number in 16 hex digits. */
struct mo_term *mo_graph_blank_numbered(struct mo_graph *graph, uint64_t number);

struct mo_term *mo_graph_literal(struct mo_graph *graph, struct mo_str text,
    const struct mo_term *datatype, struct mo_str lang);

/* The same for an IRI whose hash (keyed by the lexicon) and number are known. */
struct mo_term *mo_graph_iri_hashed(
    struct mo_graph *graph, struct mo_str iri, uint64_t hash, uint16_t known);

/* The term for the IRI of this number in the lexicon. */
struct mo_term *mo_graph_known(struct mo_graph *graph, uint16_t known);

/* A term of another graph with the same lexicon, in this one. */
struct mo_term *mo_graph_import(struct mo_graph *graph, const struct mo_term *term);

/* The same without a copy of its text, which must outlive this graph. */
struct mo_term *mo_graph_borrow(struct mo_graph *graph, const struct mo_term *term);

/* The term for this IRI or label if the graph has it, else NULL. */
struct mo_term *mo_graph_find(
    const struct mo_graph *graph, enum mo_term_kind kind, struct mo_str text);

/* What mo_term.hash of an IRI or blank node is; graphs of one lexicon agree. */
uint64_t mo_node_hash(
    const struct mo_lexicon *lexicon, enum mo_term_kind kind, struct mo_str text);

/* Add a statement; one that is there already is not added again. 0, or -1. */
int mo_graph_add(
    struct mo_graph *graph, struct mo_term *s, struct mo_term *p, struct mo_term *o);

/* The same of an object that is in no statement yet, which saves looking for it. */
int mo_graph_add_new(
    struct mo_graph *graph, struct mo_term *s, struct mo_term *p, struct mo_term *o);

/* Of statements that the node has twice, which wide nodes may, keep the first. 0, or -1. */
int mo_graph_unique(struct mo_graph *graph, struct mo_term *node);

/* Add a statement to the links of its object instead. 0, or -1. */
int mo_graph_link(
    struct mo_graph *graph, struct mo_term *s, struct mo_term *p, struct mo_term *o);

/* Say that a description of `node` ends here. */
void mo_graph_close(struct mo_graph *graph, struct mo_term *node);

/* The IRI of a literal's datatype, implied ones too (RDF 1.1, 3.3). */
struct mo_str mo_datatype_of(const struct mo_term *literal);

#define MO_RDF "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define MO_XSD "http://www.w3.org/2001/XMLSchema#"

#endif
