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
    return node->kind == MO_BLANK && node->anonymous &&
           (node->written == MO_TO_WRITE || node->written == MO_REFERRED) &&
           !node->first_link && node->first && node->first->next &&
           !node->first->next->next && value(node, "first") && value(node, "rest");
}

bool
mo_is_list(struct mo_term *node, bool of_nodes)
{
    struct mo_term *end = node;

    while (is_cell(end) && (!of_nodes || mo_is_node(mo_list_first(end))))
        end = mo_list_rest(end);
    if (end != node && end->kind == MO_IRI && is_rdf(end, "nil"))
        return true;
    if (is_cell(end))
        end->written = MO_UNLISTED;
    for (; node != end; node = mo_list_rest(node))
        node->written = MO_UNLISTED;
    return false;
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
