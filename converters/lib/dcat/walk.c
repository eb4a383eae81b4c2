#include "dcat/gathering.h"

#include <stdlib.h>

/* Flags of a node that has, or will have, a record of its own. */
enum { OF_ITS_OWN = MO_SLOT_LEFT | MO_SLOT_WAITS | MO_SLOT_LISTED };

/* Whether a record should wait for the description of what this statement names. */
static bool
wanted(const struct mo_gather *g, const struct mo_stmt *s)
{
    const struct mo_key *key = mo_vocab_key(g->vocab, s->p, s->s);
    const struct mo_class *class =
        key && key->range ? g->vocab->classes[key->range] : NULL;

    if (s->o->kind == MO_BLANK)
        return true;
    return class && class->wanted && /* nobody describes the EU's lists again */
           !mo_str_starts(s->o->text, mo_str("http://publications.europa.eu/resource/"));
}

static int
visit(struct mo_gather *g, struct walk *w, struct mo_term *node, uint32_t level)
{
    if (level > MAX_LEVEL || w->n_stmts > MAX_STMTS) {
        w->too_deep = w->too_deep || level > MAX_LEVEL;
        w->too_big = w->too_big || w->n_stmts > MAX_STMTS;
        node->anonymous = false; /* it leaves by itself: it needs its name */
        return 0;
    }
    node->mark = w->graph->marks;
    node->level = level;
    return mo_gather_push(g, node);
}

/* What is known of `node` from elsewhere; NULL when nothing is, or may not be looked up. */
static struct mo_slot *
slot_of(struct mo_gather *g, const struct walk *w, struct mo_term *node, bool access)
{
    struct mo_slot *slot;

    if (node->anonymous || w->alone)
        return NULL;
    if (!access)
        return mo_index_find(&g->index, node->hash);
    slot = mo_index_add(&g->index, node->hash);
    if (slot)
        slot->flags |= MO_SLOT_ACCESS;
    else
        mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
    return slot;
}

bool
mo_gather_stands_alone(const struct mo_gather *g, const struct mo_stmt *s)
{
    enum mo_role role = mo_vocab_role(g->vocab, s->o);

    if (role == MO_ROLE_ROOT)
        return true;
    if (role == MO_ROLE_RECORD || role == MO_ROLE_VOCABULARY)
        return !s->o->anonymous || s->o->topical; /* else it has nowhere else to go */
    return s->p->known != MO_K_DCAT_ACCESS_SERVICE && mo_gather_has_own_record(g, s->o);
}

/* Whether a statement of the root names a catalogue record about it: no part of its body. */
static bool
names_own_record(const struct mo_gather *g, const struct walk *w, const struct mo_stmt *s)
{
    return s->p->known == MO_K_FOAF_IS_PRIMARY_TOPIC_OF && s->s == w->root &&
           mo_vocab_role(g->vocab, s->o) == MO_ROLE_RECORD;
}

/* Whether the catalogue record has the root for its topic: it goes with the record, beside the body. */
static bool
stands_beside(const struct mo_gather *g, const struct walk *w, const struct mo_term *node)
{
    const struct mo_stmt *link = w->root->first_link;

    if (node->anonymous || mo_vocab_role(g->vocab, node) != MO_ROLE_RECORD)
        return false;
    while (link && (link->p->known != MO_K_FOAF_PRIMARY_TOPIC || link->s != node))
        link = link->next;
    return link != NULL;
}

/* As it was before something was brought. */
static void
give_back(struct mo_gather *g, struct mo_slot *slot, uint16_t flags, size_t rest)
{
    slot->flags = flags;
    g->rest.n = rest;
}

/* What stands behind one statement: visited, brought, waited for, or left alone. */
static int
follow(struct mo_gather *g, struct walk *w, const struct mo_stmt *s)
{
    struct mo_term *o = s->o;
    uint32_t level = s->s->level + (s->p->known != MO_K_RDF_REST);
    bool access = s->p->known == MO_K_DCAT_ACCESS_SERVICE, packed, own, stays;
    struct mo_slot *slot;
    uint16_t flags;
    size_t rest = g->rest.n;

    if (s->p->known == MO_K_RDF_TYPE) /* a class leaves by itself: it needs its name */
        o->anonymous = false;
    if (!mo_is_node(o) || o->mark == w->graph->marks || s->p->known == MO_K_RDF_TYPE)
        return 0;
    slot = slot_of(g, w, o, access);
    flags = slot ? slot->flags : 0;
    packed = w->packed && o->closed && !stands_beside(g, w, o);
    if (!access && !packed && (flags & (MO_SLOT_LEFT | MO_SLOT_WAITS)))
        return 0;
    if (!o->first && slot && (access || !(flags & MO_SLOT_LISTED))) {
        if (mo_gather_bring(g, w->graph, slot, 0))
            return -1;
        o->brought = o->first != NULL;
    }
    own = o->first && names_own_record(g, w, s);
    stays = o->first && !own && (packed || !mo_gather_stands_alone(g, s));
    if (slot && (!stays || (flags & OF_ITS_OWN))) /* what was brought is for others too */
        give_back(g, slot, flags, rest);
    if (stays) {
        if (visit(g, w, o, level))
            return -1;
        if (slot && o->mark != w->graph->marks) /* there is no room for it here */
            give_back(g, slot, flags, rest);
        return 0;
    }
    if (o->first)
        o->anonymous = o->anonymous && !o->topical && own;
    else
        w->waits = w->waits || (!w->alone && wanted(g, s));
    return 0;
}

/* What is known of a root that waits is brought when it leaves. */
static bool
may_bring(const struct walk *w, const struct mo_term *node, const struct mo_slot *slot)
{
    return node == w->root ? w->packed || !(slot->flags & MO_SLOT_WAITS)
                           : !(slot->flags & OF_ITS_OWN);
}

/* From g->nodes[i] on, until nothing new is met. */
static int
walk_on(struct mo_gather *g, struct walk *w, size_t i)
{
    for (; i < g->n_nodes; ++i) {
        struct mo_term *node = g->nodes[i];
        struct mo_slot *slot = slot_of(g, w, node, false);

        if (slot && may_bring(w, node, slot) &&
            mo_gather_bring(
                g, w->graph, slot, BRING_FRESH | (node == w->root ? BRING_ALL : 0u)))
            return -1;
        for (const struct mo_stmt *s = node->first; s; s = s->next) {
            ++w->n_stmts;
            if (follow(g, w, s))
                return -1;
        }
    }
    return 0;
}

static int
visit_aside(struct mo_gather *g, struct walk *w, struct mo_term *record)
{
    size_t aside = g->n_nodes;

    if (record->mark == w->graph->marks ||
        mo_vocab_role(g->vocab, record) != MO_ROLE_RECORD)
        return 0;
    return visit(g, w, record, 1) || walk_on(g, w, aside) ? -1 : 0;
}

int
mo_gather_walk(struct mo_gather *g, struct walk *w, size_t *n_body)
{
    size_t from = g->n_nodes;

    ++w->graph->marks;
    if (visit(g, w, w->root, 0) || walk_on(g, w, from))
        return -1;
    *n_body = g->n_nodes - from;
    for (size_t i = from; i < g->n_nodes; ++i)
        for (const struct mo_stmt *link = g->nodes[i]->first_link; link;
             link = link->next)
            if (link->p->known == MO_K_FOAF_PRIMARY_TOPIC && visit_aside(g, w, link->s))
                return -1;
    for (const struct mo_stmt *s = w->root->first; s; s = s->next)
        if (names_own_record(g, w, s)) {
            struct mo_slot *slot = slot_of(g, w, s->o, false);

            if (slot && mo_gather_bring(g, w->graph, slot, 0))
                return -1;
            if (visit_aside(g, w, s->o))
                return -1;
        }
    return 0;
}

int
mo_gather_settle(struct mo_gather *g, struct mo_graph *graph, size_t from, size_t n_body,
    struct mo_record *record)
{
    size_t n = g->n_nodes - from;
    struct mo_term **nodes = mo_arena_alloc(graph->arena, n * sizeof(struct mo_term *));

    if (!nodes)
        return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
    memcpy(nodes, g->nodes + from, n * sizeof(struct mo_term *));
    g->n_nodes = from;
    record->nodes = nodes;
    record->n_nodes = n;
    record->n_body = n_body;
    record->root = nodes[0];
    return 0;
}
