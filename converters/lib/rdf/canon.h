/*
 * The canonical form of a graph (W3C RDF Dataset Canonicalization, RDFC-1.0 with
 * SHA-256): equal for isomorphic graphs, whatever the order or the labels.
 */
#ifndef MO_RDF_CANON_H
#define MO_RDF_CANON_H

#include <moisson/buf.h>
#include <moisson/term.h>

enum mo_canon_result { MO_CANON_OK, MO_CANON_NO_MEMORY, MO_CANON_TOO_HARD };

/*
 * Append the canonical N-Quads of `stmts` (doubles count once) to `out`. `work`
 * bounds the tries that telling alike blank nodes apart may cost; a hostile graph
 * needs factorially many.
 */
enum mo_canon_result mo_canon(
    const struct mo_stmt *const stmts[], size_t n, size_t work, struct mo_buf *out);

/* The same, and of that text the SHA-256, as 64 hex digits and a NUL. */
enum mo_canon_result mo_canon_hash(
    const struct mo_stmt *const stmts[], size_t n, size_t work, char hex[65]);

#endif
