/*
 * Nodes and their statements as bytes, to be put away and brought back into another
 * graph of the same vocabulary. The same statements in the same order are the same
 * bytes.
 */
#ifndef MO_DCAT_PACK_H
#define MO_DCAT_PACK_H

#include <moisson/buf.h>
#include <moisson/record.h>

#include "rdf/graph.h"

/*
 * Append `nodes`, with their statements and links; `nodes[0]` is the root. 0, or -1.
 */
int mo_pack(struct mo_graph *graph, struct mo_term *const *nodes, size_t n,
    const struct mo_place *place, struct mo_buf *out);

/* A single link; its object is the root. 0, or -1. */
int mo_pack_link(struct mo_graph *graph, const struct mo_stmt *link, struct mo_buf *out);

/* What was packed, in `graph`. `*place` may be NULL. The root, or NULL. */
struct mo_term *mo_unpack(
    struct mo_graph *graph, struct mo_str bytes, struct mo_place *place);

#endif
