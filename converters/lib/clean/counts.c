/* How many values there are: too many, too few, and what can stand in for them. */
#include "clean/clean.h"

/* ---- At most one ---- */

/*
 * Which value stays: one of an official list before other IRIs, these before nodes without a
 * name, these before text; of texts a geometry in WKT, then GeoJSON, then those with a
 * datatype. Of equals the first.
 */
static int
preference(const struct mo_term *o)
{
    static const char *const lists[] = {
        "http://publications.europa.eu/resource/authority/",
        "http://www.iana.org/assignments/media-types/"};

    if (o->kind == MO_LITERAL)
        return !o->datatype ? 0
               : o->datatype->known == MO_K_GEO_WKT
                   ? 3
                   : 1 + (o->datatype->known == MO_K_GEO_GEOJSON);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; ++i)
        if (mo_str_starts(o->text, mo_str(lists[i])))
            return 6;
    return o->kind == MO_IRI ? 5 : 4;
}

static bool
takes_one(struct mo_cleaner *c, const struct mo_stmt *stmt)
{
    const struct mo_key *key = mo_clean_key(c, stmt);

    return key && key->single;
}

/* For all properties of which DCAT-AP takes one value, or for that of the row. */
void
mo_rule_single(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_term *node)
{
    ++c->round;
    for (struct mo_stmt *s = node->first; s && !c->trouble; s = s->next) {
        struct mo_seen *seen = &c->seen[s->p->known];

        if (!s->p->known || (rule->property && s->p->known != rule->property) ||
            !mo_clean_is_there(c, s))
            continue;
        if (seen->round != c->round) {
            seen->round = c->round;
            seen->stmt = s;
        } else if (!rule->property && !takes_one(c, s)) {
            continue;
        } else if (preference(s->o) > preference(seen->stmt->o)) {
            mo_clean_drop(c, rule, seen->stmt);
            seen->stmt = s;
        } else {
            mo_clean_drop(c, rule, s);
        }
    }
}

/* ---- One a language ---- */

enum { MAX_TAGS = 64 };

/* A second text in the same language becomes the value of another property, the argument. */
void
mo_rule_apart(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_term *node)
{
    struct mo_str tags[MAX_TAGS];
    size_t n = 0;

    for (struct mo_stmt *s = node->first; s && !c->trouble; s = s->next) {
        size_t i = 0;

        if (s->p->known != rule->property || s->o->kind != MO_LITERAL)
            continue;
        while (i < n && !mo_str_eq_nocase(tags[i], s->o->lang))
            ++i;
        if (i < n)
            mo_clean_move(c, rule, s, mo_clean_iri(c, rule->iri));
        else if (n < MAX_TAGS)
            tags[n++] = s->o->lang;
    }
}

/* ---- At least one ---- */

/* Another property says it: the first of the argument that has such values. */
void
mo_rule_from(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_term *node)
{
    const struct mo_key *key = NULL;

    if (mo_clean_first(node, rule->property) || mo_clean_is_part(c, node))
        return;
    for (size_t i = 0; i < rule->n_words; ++i) {
        bool found = false;

        for (struct mo_stmt *s = node->first; s && !c->trouble; s = s->next) {
            struct mo_term *property;

            if (s->p->known != rule->words[i])
                continue;
            property = mo_clean_known(c, rule->property);
            key = property ? mo_vocab_key(c->vocab, property, node) : NULL;
            if (!key || (key->kind == MO_KIND_ID) != mo_is_node(s->o))
                continue;
            mo_clean_add(c, rule, node, property, s->o);
            found = true;
        }
        if (found)
            return;
    }
}

/* Whether it is said of the node by way of what it links to. */
static bool
is_linked(const struct mo_cleaner *c, const struct mo_term *node, uint16_t property)
{
    const struct mo_stmt *link = c->record.root->first_link;

    while (link && (link->s != node || link->p->known != property))
        link = link->next;
    return link != NULL;
}

/* The first of the mandatory keys of a class. */
static size_t
first_of(const struct mo_cleaner *c, uint16_t class)
{
    size_t low = 0, high = c->n_mandatory;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (c->mandatory[middle]->on < class)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* What DCAT-AP wants and nothing says: it is said, no more. */
void
mo_rule_mandatory(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_term *node)
{
    const struct mo_classes classes = *mo_clean_classes(c, node);

    if (mo_clean_is_part(c, node))
        return;
    for (size_t i = 0; i < classes.n; ++i)
        for (size_t k = first_of(c, classes.ids[i]);
             k < c->n_mandatory && c->mandatory[k]->on == classes.ids[i]; ++k) {
            uint16_t property = c->mandatory[k]->property;

            if (!mo_clean_first(node, property) && !is_linked(c, node, property))
                mo_clean_say_of(c, rule, node, mo_clean_known(c, property));
        }
}

/* ---- Catalogue records ---- */

/*
 * What the root says of a catalogue record is turned round: that one says it, by the argument.
 * Readers keep it inside of what is a record in any case, which a service is not.
 */
void
mo_rule_inverse(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    struct mo_term *property = mo_clean_iri(c, rule->iri), *record = stmt->o;

    if (!property || stmt->s != c->record.root ||
        mo_vocab_role(c->vocab, stmt->s) != MO_ROLE_ROOT ||
        mo_vocab_role(c->vocab, record) != MO_ROLE_RECORD)
        return;
    mo_clean_drop(c, rule, stmt);
    record->topical = true;
    record->level = MO_CLEAN_LISTED;
    c->unsettled = c->rounds;
    c->trouble = c->trouble || mo_graph_link(c->graph, record, property, stmt->s);
}

/*
 * A catalogue record is about a record. What it is about and nobody describes, as far as the
 * record in hand goes, is none that can be told.
 */
void
mo_rule_topic(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_term *node)
{
    const struct mo_stmt *link = node->first ? NULL : node->first_link;

    for (; link && !c->trouble; link = link->next)
        if (link->p->known == rule->property)
            mo_clean_say(c, rule, link->p, node, NULL);
}
