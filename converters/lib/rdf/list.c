#include "rdf/list.h"

#include "rdf/graph.h"

static bool
is_rdf(const struct mo_term *iri, const char *local)
{
    return mo_str_starts(iri->text, mo_str(MO_RDF)) &&
           mo_str_is(mo_str_from(iri->text, sizeof MO_RDF - 1), local);
}

/* The value of this property in a cell, which has two statements; or NULL. */
static struct mo_term *
value(const struct mo_term *cell, const char *property)
{
    return is_rdf(cell->first->p, property)         ? cell->first->o
           : is_rdf(cell->first->next->p, property) ? cell->first->next->o
                                                    : NULL;
}

static bool
is_cell(const struct mo_term *node)
{
    return node->kind == MO_BLANK && node->anonymous && mo_is_to_write(node) &&
           !node->first_link && node->first && node->first->next &&
           !node->first->next->next && value(node, "first") && value(node, "rest");
}

bool
mo_is_list(const struct mo_term *node)
{
    if (!is_cell(node))
        return false;
    while (is_cell(node))
        node = mo_list_rest(node);
    return node->kind == MO_IRI && is_rdf(node, "nil");
}

struct mo_term *
mo_list_first(const struct mo_term *cell)
{
    return value(cell, "first");
}

struct mo_term *
mo_list_rest(const struct mo_term *cell)
{
    return value(cell, "rest");
}
