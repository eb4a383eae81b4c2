/* What nodes are. */
#include "clean/clean.h"

static struct mo_stmt *
type_of(const struct mo_term *node, uint16_t class)
{
    struct mo_stmt *s = node->first;

    while (s && (s->p->known != MO_K_RDF_TYPE || s->o->known != class))
        s = s->next;
    return s;
}

/* Dataset and series at once: what has distributions is no series. */
void
mo_rule_series(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_term *node)
{
    struct mo_stmt *dataset = type_of(node, MO_K_DCAT_DATASET);
    struct mo_stmt *series = type_of(node, MO_K_DCAT_SERIES);

    if (dataset && series)
        mo_clean_drop(
            c, rule, mo_clean_first(node, MO_K_DCAT_DISTRIBUTION) ? series : dataset);
}

/* Whether nothing is said of the node but labels. */
static bool
is_bare_label(const struct mo_term *node)
{
    const struct mo_stmt *s = node->first;

    while (s && s->p->known == MO_K_RDFS_LABEL)
        s = s->next;
    return s == NULL;
}

/* What an official list describes, nobody needs to describe again. */
static bool
is_listed(const struct mo_term *node)
{
    return mo_str_starts(
               node->text, mo_str("http://publications.europa.eu/resource/authority/")) ||
           mo_str_starts(
               node->text, mo_str("http://www.iana.org/assignments/media-types/"));
}

/* A node that is described here and is no record of its own, and lacks a type. */
static bool
lacks_type(const struct mo_cleaner *c, const struct mo_term *node)
{
    return node->first && node != c->record.root && mo_is_node(node) &&
           !mo_clean_first(node, MO_K_RDF_TYPE);
}

/* Whether it may be taken for the class that DCAT-AP asks for. */
static bool
may_have(const struct mo_cleaner *c, const struct mo_term *node, uint16_t class)
{
    const struct mo_class *known = c->vocab->classes[class];
    uint16_t label;

    return !is_listed(node) && known &&
           (known->role == MO_ROLE_PLAIN || known->role == MO_ROLE_SHARED) &&
           (!is_bare_label(node) || mo_clean_may_be_labelled(c, class, &label));
}

/* What its values are, where DCAT-AP says that and they do not. */
void
mo_rule_typed(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_term *node)
{
    for (struct mo_stmt *s = node->first; s && !c->trouble; s = s->next) {
        const struct mo_key *key = lacks_type(c, s->o) ? mo_clean_key(c, s) : NULL;

        if (key && key->range && may_have(c, s->o, key->range))
            mo_clean_type(c, rule, s->o, key->range);
    }
}
