#include "hydra.h"

#include <stdlib.h>
#include <string.h>

#define HYDRA "http://www.w3.org/ns/hydra/core#"
#define CSW "http://www.opengis.net/cat/csw/2.0.2#"

bool
hydra_may_be_in(struct mo_str line)
{
    return mo_str_find(line, mo_str(HYDRA), 0) < line.n;
}

struct mo_str
hydra_next(const struct mo_record *record)
{
    for (size_t i = 0; i < record->n_nodes; ++i)
        for (const struct mo_stmt *s = record->nodes[i]->first; s; s = s->next)
            if ((mo_str_is(s->p->text, HYDRA "next") ||
                    mo_str_is(s->p->text, HYDRA "nextPage")) &&
                s->o->kind != MO_BLANK)
                return mo_str_trim(s->o->text);
    return mo_str("");
}

/* The value of a property that is a number; below 0: it has none. */
static int64_t
number(const struct mo_record *record, const char *property)
{
    for (size_t i = 0; i < record->n_nodes; ++i)
        for (const struct mo_stmt *s = record->nodes[i]->first; s; s = s->next)
            if (mo_str_is(s->p->text, property) && s->o->kind == MO_LITERAL &&
                s->o->text.n > 0 && s->o->text.n < 16) {
                char digits[16] = "";

                memcpy(digits, s->o->text.p, s->o->text.n);
                return digits[strspn(digits, "0123456789")] ? -1 : atoll(digits);
            }
    return -1;
}

int64_t
hydra_total(const struct mo_record *record)
{
    return number(record, HYDRA "totalItems");
}

int64_t
hydra_next_record(const struct mo_record *record)
{
    return number(record, CSW "numberOfRecordsReturned") == 0
               ? 0
               : number(record, CSW "nextRecord");
}

bool
hydra_is_page(const struct mo_record *record)
{
    return hydra_next(record).n ||
           (record->kind == MO_RECORD_LOOSE && hydra_total(record) >= 0);
}
