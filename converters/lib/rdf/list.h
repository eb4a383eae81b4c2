/* Lists (RDF Schema 1.1, 5.2) in a record that is being written. */
#ifndef MO_RDF_LIST_H
#define MO_RDF_LIST_H

#include <moisson/term.h>

/* Values of mo_term.written while a record is being written; there may be others. */
enum {
    MO_NOT_OURS,
    MO_TO_WRITE,
    MO_REFERRED, /* the same, and something refers to it */
    MO_UNLISTED, /* the same, and it is no cell of a list that can be written as one */
    MO_WRITTEN
};

static inline bool
mo_is_to_write(const struct mo_term *node)
{
    return node->written >= MO_TO_WRITE && node->written <= MO_UNLISTED;
}

/*
 * Whether a well-formed list begins here, of cells to which nothing else refers and
 * that say nothing else; with `of_nodes`, one that has no literals. What is found not to
 * be in a list is marked, so that no cell is walked again and again.
 */
bool mo_is_list(struct mo_term *node, bool of_nodes);

/* Item and rest of a cell of such a list. */
struct mo_term *mo_list_first(const struct mo_term *cell);
struct mo_term *mo_list_rest(const struct mo_term *cell);

#endif
