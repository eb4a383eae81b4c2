/* Values of controlled vocabularies, in whatever form: the IRI that DCAT-AP asks for. */
#include "clean/clean.h"

/* Properties that name or number what a node stands for. */
static bool
is_name(const struct mo_term *property)
{
    switch (property->known) {
    case MO_K_RDFS_LABEL:
    case MO_K_SKOS_PREF_LABEL:
    case MO_K_SKOS_ALT_LABEL:
    case MO_K_SKOS_NOTATION:
    case MO_K_DCT_TITLE:
    case MO_K_DCT_IDENTIFIER:
    case MO_K_FOAF_NAME: return true;
    default: return false;
    }
}

/*
 * What a node means: all that it is called means one thing, or nothing. Empty when it is
 * called nothing that is known, or two different things.
 */
static struct mo_str
meaning_of_node(const struct mo_cleaner *c, unsigned list, const struct mo_term *node)
{
    struct mo_str meaning = mo_str("");

    for (const struct mo_stmt *s = node->first; s; s = s->next) {
        struct mo_str one;

        if (!is_name(s->p))
            continue;
        one = mo_concept(c->concepts, list, s->o->text);
        if (one.n && meaning.n && !mo_str_eq(one, meaning))
            return mo_str("");
        if (one.n)
            meaning = one;
    }
    return meaning;
}

void
mo_rule_concept(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    const struct mo_term *o = stmt->o;
    struct mo_str iri = mo_str("");

    if (o->kind != MO_BLANK)
        iri = mo_concept(c->concepts, rule->list, o->text);
    if (!iri.n && mo_is_node(o))
        iri = meaning_of_node(c, rule->list, o);
    if (iri.n && !(o->kind == MO_IRI && mo_str_eq(o->text, iri)))
        mo_clean_value(c, rule, stmt, mo_clean_iri(c, iri));
}
