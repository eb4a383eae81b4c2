/*
 * Nodes as objects of DCAT-AP JSON: what writer.c makes records of, and what other
 * dialects keep of a record that they have no place for.
 */
#ifndef MO_JSONLD_NODES_H
#define MO_JSONLD_NODES_H

#include <moisson/buf.h>
#include <moisson/term.h>

#include "base/json.h"
#include "dcat/vocab.h"
#include "rdf/list.h"

struct value;

struct mo_nodes {
    const struct mo_vocab *vocab;
    struct mo_buf *out;
    enum mo_keys keys;
    bool within;                /* `out` is inside of a JSON string */
    struct mo_str context;      /* value of "@context" of what stands alone; or empty */
    const struct mo_term *root; /* of the record */
    /* A member of this node's object that says nothing in RDF. */
    const struct mo_term *fields_of;
    struct mo_str fields;
    bool trouble;         /* memory was short */
    unsigned depth;       /* of nodes and lists that are open */
    struct value *values; /* a stack: of the nodes that are being written */
    size_t n, cap;
};

/* The member that says which statements the fields around it give. */
#define MO_FIELDS_KEY "fields"

/* Where a node stands: what is written with it. */
enum mo_stand { MO_INSIDE, MO_ALONE, MO_ALONE_AS_PART };

/* Append a string, and a name with its colon, to what is in a JSON string if `within`. */
static inline void
mo_put_text(struct mo_buf *out, bool within, struct mo_str text)
{
    if (within)
        mo_json_string_within(out, text);
    else
        mo_json_string(out, text);
}

static inline void
mo_put_key(struct mo_buf *out, bool within, struct mo_str name)
{
    mo_put_text(out, within, name);
    mo_buf_byte(out, ':');
}

/* Release the stack. */
void mo_nodes_done(struct mo_nodes *nodes);

/*
 * Append the node as an object, with those below it that are to write; they become
 * MO_WRITTEN. Statements that are `aside` are left out.
 */
void mo_nodes_put(struct mo_nodes *nodes, struct mo_term *node, enum mo_stand stand);

/* Append an object with these statements of one node, and nothing else of it. */
void mo_nodes_put_some(
    struct mo_nodes *nodes, const struct mo_stmt *const *stmts, size_t n);

#endif
