/*
 * The grammar of RDF/XML, shared by the files that make it up: sax.c takes what the parser
 * says, grammar.c makes nodes and properties of elements, attributes.c reads attributes,
 * frames.c keeps what is open around them, terms.c makes terms and statements.
 */
#ifndef MO_RDFXML_GRAMMAR_H
#define MO_RDFXML_GRAMMAR_H

#include "rdfxml/rdfxml.h"

/* The attributes of one element, sorted by what the grammar does with them. */
struct attributes {
    int n;
    const xmlChar **at;   /* local, prefix, namespace, value, end */
    const char *property; /* the first property attribute, or NULL */
    bool has_base, has_lang;
    bool has[RDF_TYPE_ATTRIBUTE + 1];
    /* Of those that it has. */
    struct mo_str value[RDF_TYPE_ATTRIBUTE + 1];
    struct mo_str base, lang;
};

static inline struct frame *
mo_rdfxml_top(const struct rdfxml *r)
{
    return &r->frames[r->n_frames - 1];
}

static inline bool
mo_rdfxml_is_strict(const struct rdfxml *r)
{
    return r->reader.options.strict;
}

/* Nothing more is taken: all was read, or there was trouble. */
static inline bool
mo_rdfxml_is_idle(const struct rdfxml *r)
{
    return r->finished || !mo_rdfxml_is_well(r);
}

/* ---- terms.c: in the graph of the unit in hand; NULL in trouble ---- */

/* An error where reading is strict, else a repair. */
void mo_rdfxml_blame(struct rdfxml *r, enum mo_diag_id error, enum mo_diag_id repair,
    struct mo_str detail, struct mo_str property);
void mo_rdfxml_refuse(struct rdfxml *r, enum mo_diag_id id, const char *detail);

struct mo_term *mo_rdfxml_term_of(struct rdfxml *r, struct name *name);
struct mo_term *mo_rdfxml_known_term(struct rdfxml *r, enum mo_known known);

/* `text` against `base`. */
struct mo_term *mo_rdfxml_iri(struct rdfxml *r, struct mo_str base, struct mo_str text);

/* rdf:nodeID; NULL also where it was refused. */
struct mo_term *mo_rdfxml_named_blank(struct rdfxml *r, struct mo_str id);

/* rdf:ID: "#" and the name, against the base; NULL also where it was refused. */
struct mo_term *mo_rdfxml_named_by_id(
    struct rdfxml *r, struct mo_str base, struct mo_str id);

struct mo_term *mo_rdfxml_literal(
    struct rdfxml *r, struct mo_str text, struct mo_term *datatype, struct mo_str lang);

/* A statement; none where a term is NULL, or the unit was rejected. */
void mo_rdfxml_add(
    struct rdfxml *r, struct mo_term *s, struct mo_term *p, struct mo_term *o);

/* A statement, and the four that name it when the property had rdf:ID (7.3). */
void mo_rdfxml_state(struct rdfxml *r, const struct frame *property,
    struct mo_term *subject, struct mo_term *object);

/* ---- frames.c ---- */

/* Another frame, with the base and the language of the one below; NULL in trouble. */
struct frame *mo_rdfxml_push_frame(struct rdfxml *r, enum frame_kind kind);

/* xml:base and xml:lang hold from this element on. */
void mo_rdfxml_change_scope(
    struct rdfxml *r, struct frame *frame, const struct attributes *a);

static inline void
mo_rdfxml_enter_scope(struct rdfxml *r, struct frame *frame, const struct attributes *a)
{
    if (a->has_base || a->has_lang)
        mo_rdfxml_change_scope(r, frame, a);
}

/* The node that a frame is about, in the graph in hand. */
struct mo_term *mo_rdfxml_subject_of(struct rdfxml *r, struct frame *frame);

/* A unit begins with the tag at whose end the parser stands. */
void mo_rdfxml_begin_unit(struct rdfxml *r, const xmlChar *prefix, const xmlChar *local);

/* The frame, whose start tag is at `tag_at`, stays while units come and go in it. */
void mo_rdfxml_keep_frame(struct rdfxml *r, struct frame *frame, uint64_t tag_at);

/*
 * The unit's node lists records: what it says goes to the gatherer in pieces from
 * here on, and each of its property elements is a unit of its own. `node` is its
 * frame, whose element begins at `at`.
 */
void mo_rdfxml_keep_unit(struct rdfxml *r, size_t node, uint64_t at);

/* ---- attributes.c ---- */

/* The namespace of a prefix that was not declared, if everybody knows it. */
const xmlChar *mo_rdfxml_known_prefix(struct rdfxml *r, const xmlChar *prefix);

/* The same, and say so; or refuse. */
const xmlChar *mo_rdfxml_repair_prefix(struct rdfxml *r, const xmlChar *prefix);

/* The name of attribute `i`, or NULL for one that says nothing in RDF. */
struct name *mo_rdfxml_attribute_name(
    struct rdfxml *r, const struct attributes *a, int i, bool report);

/* Sort the attributes; false when one of them may not stand there. `allowed`: bits of enum syntax. */
bool mo_rdfxml_read_attributes(struct rdfxml *r, struct attributes *a, unsigned allowed);

/* Property attributes are statements about `subject` (7.2.11, 7.2.21). */
void mo_rdfxml_state_attributes(struct rdfxml *r, const struct attributes *a,
    struct mo_term *subject, struct mo_str base, struct mo_str lang);

/* ---- grammar.c ---- */

void mo_rdfxml_start_node(struct rdfxml *r, struct name *name, struct attributes *a);
void mo_rdfxml_start_property(struct rdfxml *r, struct name *name, struct attributes *a);

/* What ends here: a property with its text, a collection, an XML literal. */
void mo_rdfxml_end_property(struct rdfxml *r, struct frame *frame);
void mo_rdfxml_end_collection(struct rdfxml *r, struct frame *frame);
void mo_rdfxml_end_xml(struct rdfxml *r, struct frame *frame);

#endif
