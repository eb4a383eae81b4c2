/* Lists (RDF Schema 1.1, 5.2) in a record that is being written. */
#ifndef MO_RDF_LIST_H
#define MO_RDF_LIST_H

#include <moisson/term.h>

/* Values of mo_term.written while a record is being written. */
enum { MO_NOT_OURS, MO_TO_WRITE, MO_REFERRED /* and to write */, MO_WRITTEN };

static inline bool
mo_is_to_write(const struct mo_term *node)
{
    return node->written == MO_TO_WRITE || node->written == MO_REFERRED;
}

/*
 * Whether a well-formed list begins here, of cells to which nothing else refers and
 * that say nothing else.
 */
bool mo_is_list(const struct mo_term *node);

/* Item and rest of a cell of such a list. */
struct mo_term *mo_list_first(const struct mo_term *cell);
struct mo_term *mo_list_rest(const struct mo_term *cell);

#endif
