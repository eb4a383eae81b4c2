#include "protocol.h"

#include <stdlib.h>
#include <string.h>

/*
 * Two generations of Hydra say where the next page is (hydra:PartialCollectionView and
 * hydra:PagedCollection), as an IRI or as a text.
 */
#define HYDRA "http://www.w3.org/ns/hydra/core#"

static bool
may_link(struct mo_str line)
{
    return mo_str_find(line, mo_str(HYDRA), 0) < line.n;
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

static int64_t
total(const struct mo_record *record)
{
    for (size_t i = 0; i < record->n_nodes; ++i)
        for (const struct mo_stmt *s = record->nodes[i]->first; s; s = s->next)
            if (mo_str_is(s->p->text, HYDRA "totalItems") && s->o->kind == MO_LITERAL &&
                s->o->text.n > 0 && s->o->text.n < 16) {
                char digits[16] = "";

                memcpy(digits, s->o->text.p, s->o->text.n);
                return digits[strspn(digits, "0123456789")] ? -1 : atoll(digits);
            }
    return -1;
}

static const struct page_reader readers[] = {
    {"rdfxml", "rdfxml2dcatap"},
    {"jsonld", "jsonld2dcatap"},
};

const struct protocol protocol_dcat = {
    .type = "dcat",
    .readers = readers,
    .n_readers = sizeof readers / sizeof readers[0],
    .accept = "application/rdf+xml, application/ld+json;q=0.9, application/xml;q=0.8, "
              "text/xml;q=0.7, application/json;q=0.6, */*;q=0.1",
    .may_link = may_link,
    .next = next,
    .total = total,
};
