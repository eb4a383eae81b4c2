#include "protocol.h"

/*
 * Two generations of Hydra say where the next page is (hydra:PartialCollectionView and
 * hydra:PagedCollection), as an IRI or as a text.
 */
#define HYDRA "http://www.w3.org/ns/hydra/core#"

static bool
may_link(struct mo_str line)
{
    return mo_str_find(line, mo_str(HYDRA "next"), 0) < line.n;
}

static struct mo_str
next(const struct mo_record *record)
{
    for (size_t i = 0; i < record->n_nodes; ++i)
        for (const struct mo_stmt *s = record->nodes[i]->first; s; s = s->next)
            if ((mo_str_is(s->p->text, HYDRA "next") ||
                    mo_str_is(s->p->text, HYDRA "nextPage")) &&
                s->o->kind != MO_BLANK)
                return mo_str_trim(s->o->text);
    return mo_str("");
}

const struct protocol protocol_dcat = {
    .type = "dcat",
    .converter = "rdfxml2dcatap",
    .accept = "application/rdf+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1",
    .may_link = may_link,
    .next = next,
};
