/* Properties and values that stand under another name. */
#include "clean/clean.h"

/* Another property, the argument, with the same value. */
void
mo_rule_rename(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    mo_clean_property(c, rule, stmt, mo_clean_iri(c, rule->iri));
}
