/* Values that say nothing. */
#include <moisson/text.h>

#include "clean/clean.h"

enum { DEEP = 8 }; /* as far as records go */

/*
 * A text of white space, an IRI without characters, a node without a name of which nothing
 * is said but what it is, or nothing but that.
 */
static bool
is_empty(const struct mo_cleaner *c, const struct mo_term *o, int depth)
{
    if (o->kind != MO_BLANK)
        return mo_str_blank(o->text);
    if (!o->anonymous || o->first_link || depth > DEEP)
        return false;
    for (const struct mo_stmt *s = o->first; s; s = s->next)
        if (mo_clean_is_there(c, s) && s->p->known != MO_K_RDF_TYPE &&
            !is_empty(c, s->o, depth + 1))
            return false;
    return true;
}

void
mo_rule_empty(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    if (is_empty(c, stmt->o, 0))
        mo_clean_drop(c, rule, stmt);
}
