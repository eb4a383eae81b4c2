/*
 * A record: a small RDF graph with a root, which is what every reader makes and every
 * writer takes. It belongs to its reader and is valid until the reader's next call.
 */
#ifndef MOISSON_RECORD_H
#define MOISSON_RECORD_H

#include <moisson/buf.h>
#include <moisson/term.h>

#ifdef __cplusplus
extern "C" {
#endif

enum mo_record_kind {
    MO_RECORD_WHOLE, /* a dataset, series, data service or catalogue */
    MO_RECORD_PART,  /* more statements about a record that has left already */
    MO_RECORD_LOOSE, /* a node that no record reaches */
    MO_RECORD_GRAPH  /* statements as they came, when no records were asked for */
};

/* Where something stands in the input. */
struct mo_place {
    size_t line, column; /* from 1, columns in bytes; 0: unknown */
    uint64_t offset;     /* bytes, in UTF-8 */
};

struct mo_record {
    enum mo_record_kind kind;
    struct mo_term *root;
    /*
     * The nodes that have statements or links, root first. Those from `n_body` on
     * are catalogue records of the root, and what only they reach.
     */
    struct mo_term **nodes;
    size_t n_nodes, n_body;
    struct mo_place place;
    struct mo_term *graph; /* the name of the graph that says all this, or NULL */
};

/*
 * Append what identifies the record: its dct:identifier, else its IRI, else its
 * landing page, else "sha256:" and its hash. 0, or -1.
 */
MO_API int mo_record_identity(const struct mo_record *record, struct mo_buf *out);

/*
 * SHA-256 of the canonical N-Quads (RDFC-1.0) of the record without its links and
 * catalogue records, as 64 hex digits and a NUL. -1 when memory is short or its blank
 * nodes cannot be told apart with reasonable work.
 */
MO_API int mo_record_hash(const struct mo_record *record, char hex[65]);

/* A name for messages: the IRI or label of the root. Borrowed. */
MO_API struct mo_str mo_record_name(const struct mo_record *record);

#ifdef __cplusplus
}
#endif

#endif
