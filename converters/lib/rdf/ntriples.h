/*
 * N-Triples (RDF 1.1 N-Triples), in the canonical form of RDFC-1.0; where a record is of
 * a named graph, N-Quads (RDF 1.1 N-Quads). An IRI with a
 * character that the grammar forbids is written with a \u escape and stays whole.
 */
#ifndef MO_RDF_NTRIPLES_H
#define MO_RDF_NTRIPLES_H

#include <moisson/buf.h>
#include <moisson/term.h>

void mo_nt_term(struct mo_buf *out, const struct mo_term *term);

/* A line; `graph` NULL: of the default graph. */
void mo_nt_stmt(
    struct mo_buf *out, const struct mo_stmt *stmt, const struct mo_term *graph);

#endif
