/* Properties, classes and values that stand under another name. */
#include "clean/clean.h"

#include "base/ctype.h"

/* Another property, the argument, with the same value. */
void
mo_rule_rename(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    mo_clean_property(c, rule, stmt, mo_clean_iri(c, rule->iri));
}

/* An IRI made of a namespace and what stood behind another. */
static struct mo_term *
moved(struct mo_cleaner *c, struct mo_str space, struct mo_str local)
{
    mo_buf_clear(&c->name);
    mo_buf_str(&c->name, space);
    mo_buf_str(&c->name, local);
    return c->name.failed ? NULL : mo_clean_iri(c, mo_buf_view(&c->name));
}

/* The same value with another IRI, or another datatype. */
static void
set_value(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt,
    struct mo_term *iri)
{
    if (stmt->o->kind == MO_LITERAL && iri)
        iri = mo_clean_literal(c, stmt->o->text, iri, stmt->o->lang);
    mo_clean_value(c, rule, stmt, iri);
}

/* Of a value: itself, or its datatype. Nodes that are described keep their name. */
static const struct mo_term *
name_in(const struct mo_term *o)
{
    return o->kind == MO_LITERAL            ? o->datatype
           : o->kind == MO_IRI && !o->first ? o
                                            : NULL;
}

/* Most IRIs do not, and the last letter of a namespace tells soonest. */
static bool
is_in(struct mo_str iri, struct mo_str space)
{
    return iri.n >= space.n && iri.p[space.n - 1] == space.p[space.n - 1] &&
           mo_str_starts(iri, space);
}

static void
replace(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    struct mo_str wrong = rule->head, right = rule->tail;
    const struct mo_term *name = name_in(stmt->o);

    if (!wrong.n)
        return;
    if (!stmt->p->known && is_in(stmt->p->text, wrong))
        mo_clean_property(
            c, rule, stmt, moved(c, right, mo_str_from(stmt->p->text, wrong.n)));
    if (mo_clean_is_there(c, stmt) && name && is_in(name->text, wrong))
        set_value(c, rule, stmt, moved(c, right, mo_str_from(name->text, wrong.n)));
}

/* Whether the IRI is in the wrong namespace of the rule, or of those that go with it. */
static bool
is_in_any(struct mo_str iri, const struct mo_rule *rule)
{
    const struct mo_rule *last = rule + rule->more;

    while (rule <= last && !(rule->head.n && is_in(iri, rule->head)))
        ++rule;
    return rule <= last;
}

/* The argument: a namespace, and the one that is meant. */
void
mo_rule_namespace(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    const struct mo_term *name = name_in(stmt->o);

    if ((stmt->p->known || !is_in_any(stmt->p->text, rule)) &&
        (!name || !is_in_any(name->text, rule)))
        return;
    for (size_t i = 0; i <= rule->more && mo_clean_is_there(c, stmt); ++i)
        replace(c, &rule[i], stmt);
}

/* Whether the IRI is a prefixed name: a prefix that everybody knows, and one word. */
static bool
split_qname(const struct mo_cleaner *c, struct mo_str iri, struct mo_str *space,
    struct mo_str *local)
{
    size_t colon = mo_str_find(iri, mo_str(":"), 0);

    *local = mo_str_from(iri, colon + 1);
    if (colon > 16 || !local->n || !mo_is_alpha(local->p[0]))
        return false;
    for (size_t i = 0; i < local->n; ++i)
        if (!mo_is_alpha(local->p[i]) && !mo_is_digit(local->p[i]) &&
            !strchr("_-", local->p[i]))
            return false;
    *space = mo_vocab_namespace(c->vocab, mo_str_n(iri.p, colon));
    return space->n > 0;
}

void
mo_rule_qname(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    const struct mo_term *name = name_in(stmt->o);
    struct mo_str space, local;

    if (!stmt->p->known && split_qname(c, stmt->p->text, &space, &local))
        mo_clean_property(c, rule, stmt, moved(c, space, local));
    if (mo_clean_is_there(c, stmt) && name && !name->known &&
        split_qname(c, name->text, &space, &local))
        set_value(c, rule, stmt, moved(c, space, local));
}
