#include "dcat/gathering.h"

#include <errno.h>
#include <stdlib.h>

#include "dcat/pack.h"
#include "rdf/reader.h"

/* Values of mo_term.level for nodes that no walk has met. */
enum { TAKEN = UINT32_MAX, NAMED = UINT32_MAX - 1 };

struct mo_gather *
mo_gather_new(const struct mo_reader_options *options)
{
    struct mo_gather *g = calloc(1, sizeof *g);

    if (!g)
        return NULL;
    g->options = options;
    g->vocab = options->vocab;
    g->spill = mo_spill_new();
    mo_buf_init(&g->bytes, MAX_GRAPH);
    if (!g->spill) {
        mo_gather_free(g);
        return NULL;
    }
    return g;
}

void
mo_gather_release(struct mo_gather *g, struct mo_graph *graph)
{
    if (--graph->users)
        return;
    graph->next = g->pool;
    g->pool = graph;
}

/* Records that were not taken, and nodes that are still open. */
static void
drop_all(struct mo_gather *g)
{
    if (g->given)
        mo_gather_release(g, g->given->graph);
    while (g->queue) {
        struct item *item = g->queue;

        g->queue = item->next;
        mo_gather_release(g, item->graph);
    }
    for (size_t i = 0; i < g->n_open; ++i)
        mo_gather_release(g, g->open[i].graph);
    g->given = g->last = NULL;
    g->n_open = 0;
}

int
mo_gather_again(struct mo_gather *g)
{
    struct offsets *lists[] = {
        &g->waiters, &g->services, &g->parts, &g->loose, &g->chain, &g->rest};

    if (g->trouble)
        return -1;
    drop_all(g);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; ++i)
        lists[i]->n = 0;
    mo_index_reset(&g->index);
    mo_spill_reset(g->spill);
    g->n_nodes = 0;
    g->phase = READING;
    g->at = 0;
    return 0;
}

void
mo_gather_free(struct mo_gather *g)
{
    if (!g)
        return;
    drop_all(g);
    while (g->pool) {
        struct mo_graph *graph = g->pool;

        g->pool = graph->next;
        mo_graph_free(graph);
    }
    mo_index_done(&g->index);
    mo_spill_free(g->spill);
    mo_buf_done(&g->bytes);
    free(g->nodes);
    free(g->waiters.at);
    free(g->services.at);
    free(g->parts.at);
    free(g->loose.at);
    free(g->chain.at);
    free(g->rest.at);
    free(g);
}

int
mo_gather_trouble(struct mo_gather *g, enum mo_diag_id id)
{
    struct mo_diag diag = {.id = id, .file = g->options->file};

    if (id == MO_DIAG_SPILL)
        diag.detail = mo_str(strerror(errno));
    if (!g->trouble)
        mo_report(g->options->sink, &diag);
    g->trouble = true;
    return -1;
}

void
mo_gather_complain(
    struct mo_gather *g, enum mo_diag_id id, const struct mo_record *record)
{
    struct mo_diag diag = {.id = id,
        .file = g->options->file,
        .record = mo_record_name(record),
        .line = record->place.line,
        .column = record->place.column,
        .offset = record->place.offset,
        .has_offset = record->place.line != 0};

    mo_report(g->options->sink, &diag);
}

struct mo_graph *
mo_gather_graph(struct mo_gather *g)
{
    struct mo_graph *graph = g->pool;

    if (!graph) {
        graph = mo_graph_new(g->vocab->lexicon, MAX_GRAPH);
        if (!graph)
            mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
        return graph;
    }
    g->pool = graph->next;
    graph->next = NULL;
    mo_graph_reset(graph);
    return graph;
}

int
mo_gather_note(struct mo_gather *g, struct offsets *list, uint64_t at)
{
    if (list->n == list->cap) {
        size_t cap = list->cap ? list->cap + list->cap / 2 : 64;
        uint64_t *grown = realloc(list->at, cap * sizeof *grown);

        if (!grown)
            return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
        list->at = grown;
        list->cap = cap;
    }
    list->at[list->n++] = at;
    return 0;
}

int
mo_gather_push(struct mo_gather *g, struct mo_term *node)
{
    if (g->n_nodes == g->cap_nodes) {
        size_t cap = g->cap_nodes ? 2 * g->cap_nodes : 256;
        struct mo_term **grown = realloc(g->nodes, cap * sizeof(struct mo_term *));

        if (!grown)
            return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
        g->nodes = grown;
        g->cap_nodes = cap;
    }
    g->nodes[g->n_nodes++] = node;
    return 0;
}

/* ---- What a node is ---- */

bool
mo_gather_is_listed(const struct mo_gather *g, const struct mo_term *node)
{
    const struct mo_slot *slot;

    for (const struct mo_stmt *link = node->first_link; link; link = link->next)
        if (mo_vocab_lists(g->vocab, link))
            return true;
    slot = mo_index_find(&g->index, node->hash);
    return slot && (slot->flags & MO_SLOT_LISTED);
}

bool
mo_gather_is_root(const struct mo_gather *g, const struct mo_term *node)
{
    enum mo_role role = mo_vocab_role(g->vocab, node);

    return role == MO_ROLE_ROOT ||
           (role != MO_ROLE_RECORD && mo_gather_is_listed(g, node));
}

bool
mo_gather_has_own_record(const struct mo_gather *g, const struct mo_term *node)
{
    return mo_gather_is_root(g, node) || mo_vocab_role(g->vocab, node) == MO_ROLE_SERVICE;
}

/* Whether anything but its types is said of it. */
static bool
says_something(const struct mo_term *node)
{
    for (const struct mo_stmt *s = node->first; s; s = s->next)
        if (s->p->known != MO_K_RDF_TYPE)
            return true;
    return false;
}

/* ---- Leaving ---- */

int
mo_gather_enqueue(
    struct mo_gather *g, struct mo_graph *graph, const struct mo_record *record)
{
    struct item *item = mo_arena_zero(graph->arena, sizeof *item);

    if (!item)
        return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
    item->record = *record;
    item->graph = graph;
    ++graph->users;
    if (g->last)
        g->last->next = item;
    else
        g->queue = item;
    g->last = item;
    return 0;
}

/* Put the shared nodes of a record away, for records that only name them. */
static int
remember(struct mo_gather *g, struct mo_graph *graph, const struct mo_record *record)
{
    for (size_t i = 1; i < record->n_nodes; ++i) {
        struct mo_term *node = record->nodes[i];
        enum mo_role role;

        if (node->anonymous || node->brought || !node->first ||
            mo_gather_is_root(g, node))
            continue;
        role = mo_vocab_role(g->vocab, node);
        if ((role == MO_ROLE_SHARED || role == MO_ROLE_SERVICE ||
                node->kind == MO_BLANK) &&
            mo_gather_put_away(g, graph, node, &record->place, true))
            return -1;
    }
    return 0;
}

/* Take the statements over MAX_VALUES of a property out of the root's; they come back. */
static struct mo_stmt *
take_surplus(struct mo_graph *graph, struct mo_term *root)
{
    struct mo_stmt **keep = &root->first, *over = NULL, **over_end = &over;

    ++graph->packings;
    root->last = NULL;
    while (*keep) {
        struct mo_stmt *s = *keep;

        if (s->p->packed != graph->packings) {
            s->p->packed = graph->packings;
            s->p->number = 0;
        }
        if (++s->p->number <= MAX_VALUES) {
            root->last = s;
            keep = &s->next;
        } else {
            *keep = s->next;
            s->next = NULL;
            *over_end = s;
            over_end = &s->next;
        }
    }
    return over;
}

/* What is said of `root` here leaves as a part, at the end. */
static int
put_part(struct mo_gather *g, struct mo_graph *graph, struct mo_term *root,
    const struct mo_place *place)
{
    struct walk w = {.graph = graph, .root = root};
    struct mo_record part = {.kind = MO_RECORD_PART, .place = *place};
    size_t from = g->n_nodes, n_body;

    return mo_gather_walk(g, &w, &n_body) ||
                   mo_gather_settle(g, graph, from, n_body, &part) ||
                   remember(g, graph, &part) ||
                   mo_gather_put_record(g, graph, &part, &g->parts)
               ? -1
               : 0;
}

int
mo_gather_split(struct mo_gather *g, struct mo_graph *graph, struct mo_term *root,
    const struct mo_place *place)
{
    struct mo_stmt *first, *last, *links = root->first_link, *over;
    size_t n = 0;

    for (const struct mo_stmt *s = root->first; s && n <= MAX_VALUES; s = s->next)
        ++n;
    if (n <= MAX_VALUES || g->options->join == MO_JOIN_ALWAYS)
        return 0;
    over = take_surplus(graph, root);
    first = root->first;
    last = root->last;
    root->first_link = NULL;
    while (over) {
        struct mo_stmt *s = over;

        for (n = 1; n < MAX_VALUES && s->next; ++n)
            s = s->next;
        root->first = over;
        root->last = s;
        over = s->next;
        s->next = NULL;
        if (put_part(g, graph, root, place))
            return -1;
    }
    root->first = first;
    root->last = last;
    root->first_link = links;
    return 0;
}

/* Put all nodes of a record away by themselves, to be found by one that comes later. */
static int
scatter(struct mo_gather *g, struct mo_graph *graph, const struct mo_record *record)
{
    for (size_t i = 0; i < record->n_nodes; ++i)
        if (!record->nodes[i]->anonymous &&
            mo_gather_put_away(g, graph, record->nodes[i], &record->place, false))
            return -1;
    return 0;
}

/*
 * A record whose root has left already: nothing when it says the same, else a part;
 * one whose root waits goes with it. 1 when that settled it, 0, or -1.
 */
static int
meet_again(struct mo_gather *g, struct mo_graph *graph, struct mo_record *record,
    struct mo_slot *slot, uint64_t content)
{
    int same = slot->flags & MO_SLOT_CHAIN ? mo_gather_is_known(g, slot, content)
                                           : slot->at == (content & MO_SLOT_AT);

    if (slot->flags & MO_SLOT_WAITS)
        return scatter(g, graph, record) ? -1 : 1;
    if (!(slot->flags & MO_SLOT_LEFT))
        return 0;
    if (same < 0)
        return -1;
    if (same && record->kind != MO_RECORD_PART) {
        mo_gather_complain(g, MO_DIAG_REPEATED, record);
        if (!record->root->first_link)
            return 1;
        record->root->first = record->root->last = NULL;
        record->n_nodes = record->n_body = 1;
    }
    record->kind = MO_RECORD_PART;
    return mo_gather_put_record(g, graph, record, &g->parts) ? -1 : 1;
}

int
mo_gather_mark_left(struct mo_gather *g, struct mo_graph *graph,
    const struct mo_record *record, uint64_t content)
{
    struct mo_slot *slot;

    if (mo_vocab_role(g->vocab, record->root) == MO_ROLE_SERVICE) {
        /* Distributions may still name it as their access service. */
        if (mo_gather_put_away(g, graph, record->root, &record->place, true))
            return -1;
        slot = mo_index_find(&g->index, record->root->hash);
    } else {
        slot = mo_index_add(&g->index, record->root->hash);
        if (!slot)
            return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
        slot->flags &= (uint16_t) ~(MO_SLOT_CHAIN | MO_SLOT_CLAIMED);
        slot->at = content & MO_SLOT_AT;
    }
    slot->flags &= (uint16_t)~MO_SLOT_WAITS;
    slot->flags |= MO_SLOT_LEFT;
    return 0;
}

/* How a unit is to be taken. */
struct manner {
    const struct mo_place *place;
    bool alone; /* it names nothing that stands elsewhere */
    bool part;  /* its root has left already */
};

/* A root whose description has come: its record leaves, or waits. */
static int
leave(struct mo_gather *g, struct mo_graph *graph, struct mo_term *root,
    const struct manner *how)
{
    struct walk w = {.graph = graph, .root = root, .alone = how->alone};
    struct mo_record record = {.place = *how->place};
    size_t from = g->n_nodes, n_body;
    struct mo_slot *slot = NULL;
    uint64_t content;
    bool waits;
    int met;

    if (mo_gather_split(g, graph, root, how->place) || mo_gather_walk(g, &w, &n_body) ||
        mo_gather_settle(g, graph, from, n_body, &record))
        return -1;
    if (w.too_deep || w.too_big)
        mo_gather_complain(g, w.too_big ? MO_DIAG_BODY_BIG : MO_DIAG_BODY_DEEP, &record);
    if (how->part)
        record.kind = MO_RECORD_PART;
    else if (!mo_gather_has_own_record(g, root))
        record.kind = MO_RECORD_LOOSE;
    if (how->alone)
        return mo_gather_enqueue(g, graph, &record);
    if (remember(g, graph, &record))
        return -1;
    content = mo_gather_content(record.nodes, record.n_body);
    if (!root->anonymous) {
        slot = mo_index_add(&g->index, root->hash);
        if (!slot)
            return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
        met = meet_again(g, graph, &record, slot, content);
        if (met)
            return met < 0 ? -1 : 0;
    }
    if (how->part) /* its record may still come, unless it has no name */
        return root->anonymous ? mo_gather_enqueue(g, graph, &record)
                               : scatter(g, graph, &record);
    waits = g->options->join == MO_JOIN_ALWAYS ||
            (g->options->join == MO_JOIN_AUTO && (w.waits || !says_something(root)));
    if (waits) {
        if ((slot = mo_index_find(&g->index, root->hash)))
            slot->flags |= MO_SLOT_WAITS;
        /* Distributions may name it as their access service. */
        if (g->options->join == MO_JOIN_ALWAYS && !root->anonymous &&
            mo_vocab_role(g->vocab, root) == MO_ROLE_SERVICE &&
            mo_gather_put_away(g, graph, root, how->place, true))
            return -1;
        return mo_gather_put_record(g, graph, &record, &g->waiters);
    }
    if (!root->anonymous && mo_gather_mark_left(g, graph, &record, content))
        return -1;
    return mo_gather_enqueue(g, graph, &record);
}

/* ---- Units ---- */

/* Whether this statement is a link, which travels with its object. */
static bool
is_link(const struct mo_gather *g, const struct mo_stmt *s)
{
    const struct mo_slot *slot;

    if (!mo_is_node(s->o) || !mo_vocab_link(g->vocab, s->p))
        return false;
    if (s->p->known != MO_K_DCT_HAS_PART)
        return true;
    if (g->options->join == MO_JOIN_ALWAYS)
        return false; /* whatever the order in which nodes come */
    slot = mo_index_find(&g->index, s->o->hash); /* a part may be anything */
    return (s->o->first && mo_gather_is_root(g, s->o)) ||
           (slot && (slot->flags & (MO_SLOT_LEFT | MO_SLOT_WAITS)));
}

/* Take the links out of the statements of their subjects; push their objects. */
static int
take_links(struct mo_gather *g, struct mo_graph *graph)
{
    for (struct mo_term *s = graph->subjects; s; s = s->next_subject) {
        struct mo_stmt **at = &s->first;

        s->last = NULL;
        while (*at) {
            struct mo_stmt *stmt = *at;

            if (!is_link(g, stmt)) {
                s->last = stmt;
                at = &stmt->next;
                continue;
            }
            *at = stmt->next;
            if ((!stmt->o->first_link && mo_gather_push(g, stmt->o)) ||
                mo_graph_link(graph, stmt->s, stmt->p, stmt->o))
                return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
            /* A catalogue record stands inside its topic; others are named there. */
            if (stmt->p->known == MO_K_FOAF_PRIMARY_TOPIC &&
                mo_vocab_role(g->vocab, s) == MO_ROLE_RECORD &&
                mo_gather_is_root(g, stmt->o))
                s->topical = true;
            else
                s->anonymous = false;
        }
    }
    return 0;
}

/* Give an anonymous node its label, and those under it. */
static int
name_below(struct mo_gather *g, struct mo_term *node)
{
    size_t from = g->n_nodes;

    node->anonymous = false;
    if (mo_gather_push(g, node))
        return -1;
    while (g->n_nodes > from) {
        node = g->nodes[--g->n_nodes];
        for (const struct mo_stmt *s = node->first; s; s = s->next)
            if (s->o->anonymous) {
                s->o->anonymous = false;
                if (mo_gather_push(g, s->o))
                    return -1;
            }
    }
    return 0;
}

/* Whether the node, described in this unit, may stand in several records. */
static bool
may_be_shared(const struct mo_gather *g, const struct mo_term *node)
{
    return !node->anonymous && mo_vocab_role(g->vocab, node) != MO_ROLE_ROOT;
}

/* Whether something else than this statement names its object too. */
static bool
is_named_twice(const struct mo_gather *g, const struct mo_stmt *s)
{
    return s->o->topical ||
           (s->o->first && (mo_gather_stands_alone(g, s) || mo_gather_is_root(g, s->o)));
}

/* Labels for the anonymous nodes that more than one record will name or hold. */
static int
name_shared(struct mo_gather *g, const struct mo_graph *graph, bool alone)
{
    for (struct mo_term *node = graph->subjects; node; node = node->next_subject)
        for (const struct mo_stmt *s = node->first; s; s = s->next) {
            if (!s->o->anonymous)
                continue;
            if (!alone && may_be_shared(g, node)) {
                if (name_below(g, s->o))
                    return -1;
            } else if (is_named_twice(g, s)) {
                s->o->anonymous = false;
            }
        }
    return 0;
}

/* Pack one link, with its catalogue record if it is one's, into g->bytes. */
static int
pack_link(struct mo_gather *g, struct mo_graph *graph, struct mo_term *target,
    struct mo_stmt *link, const struct mo_place *place)
{
    struct mo_stmt *first = target->first_link, *next = link->next;
    size_t from = g->n_nodes;

    mo_gather_begin_chunk(g);
    if (link->p->known != MO_K_FOAF_PRIMARY_TOPIC ||
        mo_vocab_role(g->vocab, link->s) != MO_ROLE_RECORD)
        return mo_pack_link(graph, link, &g->bytes);
    if (mo_gather_push(g, target) || mo_gather_closure(g, graph, link->s))
        return -1;
    target->first_link = link;
    link->next = NULL;
    mo_pack(graph, g->nodes + from, g->n_nodes - from, place, &g->bytes);
    target->first_link = first;
    link->next = next;
    for (size_t i = from + 1; i < g->n_nodes; ++i)
        g->nodes[i]->level = TAKEN;
    g->n_nodes = from;
    return 0;
}

/* The links of a node that is not described in this unit wait for it, or follow it. */
static int
send_links(struct mo_gather *g, struct mo_graph *graph, struct mo_term *target,
    const struct mo_place *place)
{
    for (struct mo_stmt *link = target->first_link; link; link = link->next) {
        struct mo_slot *slot = mo_index_add(&g->index, target->hash);
        struct chunk chunk = {.links = 1};
        uint64_t at;

        if (!slot)
            return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
        if (mo_vocab_lists(g->vocab, link))
            slot->flags |= MO_SLOT_LISTED;
        if (pack_link(g, graph, target, link, place))
            return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
        if (slot->flags & MO_SLOT_LEFT
                ? mo_gather_write_chunk(g, &chunk, &at) ||
                      mo_gather_note(g, &g->parts, at)
                : mo_gather_chain_up(g, target->hash, &chunk, false))
            return -1;
    }
    return 0;
}

static int
copy_statements(struct mo_gather *g, const struct mo_stmt *s, struct mo_graph *to,
    int (*add)(
        struct mo_graph *graph, struct mo_term *s, struct mo_term *p, struct mo_term *o))
{
    for (; s; s = s->next) {
        struct mo_term *subject = mo_graph_import(to, s->s);
        struct mo_term *predicate = mo_graph_import(to, s->p);
        struct mo_term *object = mo_graph_import(to, s->o);

        if (!subject || !predicate || !object || add(to, subject, predicate, object))
            return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
    }
    return 0;
}

/* Move what the unit says of the open node there, with anonymous nodes that go with it. */
static int
move_to_open(struct mo_gather *g, struct mo_graph *graph, struct mo_term *node,
    struct open_node *open)
{
    size_t from = g->n_nodes;

    if (mo_gather_closure(g, graph, node))
        return -1;
    for (size_t i = from; i < g->n_nodes; ++i) {
        g->nodes[i]->level = TAKEN;
        if (copy_statements(g, g->nodes[i]->first, open->graph, mo_graph_add) ||
            copy_statements(g, g->nodes[i]->first_link, open->graph, mo_graph_link))
            return -1;
    }
    g->n_nodes = from;
    return 0;
}

static struct open_node *
find_open(struct mo_gather *g, const struct mo_term *node)
{
    for (size_t i = g->n_open; i > 0; --i) {
        struct open_node *open = &g->open[i - 1];

        if (open->node->kind == node->kind && mo_str_eq(open->node->text, node->text))
            return open;
    }
    return NULL;
}

/*
 * A described node that no root of the unit took: more about an open node or one that
 * has left, a service that may turn out to be a record, or a node for others to find.
 */
static int
keep(struct mo_gather *g, struct mo_graph *graph, struct mo_term *node,
    const struct manner *how)
{
    struct manner as_part = {.place = how->place, .part = true};
    struct manner by_itself = {.place = how->place, .alone = true};
    struct open_node *open = find_open(g, node);
    const struct mo_slot *slot = mo_index_find(&g->index, node->hash);

    if (open && open->graph->n_stmts < MAX_STMTS)
        return move_to_open(g, graph, node, open);
    if (how->alone)
        return leave(g, graph, node, &by_itself);
    if (open)
        return put_part(g, graph, node, how->place);
    if (slot && (slot->flags & (MO_SLOT_LEFT | MO_SLOT_WAITS)))
        return leave(g, graph, node, &as_part);
    if (mo_gather_put_away(g, graph, node, how->place, false))
        return -1;
    if (mo_vocab_role(g->vocab, node) != MO_ROLE_SERVICE)
        return 0;
    slot = mo_index_find(&g->index, node->hash);
    return mo_gather_note(g, &g->services, slot->at);
}

static bool
is_untaken(const struct mo_term *node)
{
    return node->first && node->mark == 0 && node->level != TAKEN;
}

/* What is said of nodes that are still open. */
static int
keep_open(struct mo_gather *g, struct mo_graph *graph, const struct manner *how)
{
    for (size_t i = g->n_open; i > 0; --i) {
        const struct mo_term *open = g->open[i - 1].node;
        struct mo_term *node = mo_graph_find(graph, open->kind, open->text);

        if (node && is_untaken(node) && keep(g, graph, node, how))
            return -1;
    }
    return 0;
}

/* The nodes that nothing took; anonymous ones go with those that name them. */
static int
keep_rest(struct mo_gather *g, struct mo_graph *graph, const struct manner *how)
{
    for (struct mo_term *s = graph->subjects; s; s = s->next_subject)
        for (const struct mo_stmt *stmt = s->first; is_untaken(s) && stmt;
             stmt = stmt->next)
            if (stmt->o->anonymous && stmt->o->mark == 0 && stmt->o->level != TAKEN)
                stmt->o->level = NAMED;
    for (struct mo_term *s = graph->subjects; s; s = s->next_subject)
        if (is_untaken(s) && s->level != NAMED && keep(g, graph, s, how))
            return -1;
    for (struct mo_term *s = graph->subjects; s; s = s->next_subject)
        if (is_untaken(s)) { /* anonymous nodes that name each other in a ring */
            s->anonymous = false;
            if (keep(g, graph, s, how))
                return -1;
        }
    return 0;
}

static int
by_closing(const void *a, const void *b)
{
    const struct mo_term *x = *(struct mo_term *const *)a;
    const struct mo_term *y = *(struct mo_term *const *)b;

    return (x->closed > y->closed) - (x->closed < y->closed);
}

/* The roots that the unit describes, in the order in which their descriptions ended. */
static int
leave_roots(struct mo_gather *g, struct mo_graph *graph, struct mo_term *root,
    const struct manner *how)
{
    struct manner as_record = *how;
    size_t from = g->n_nodes, n;
    struct mo_term **roots;

    as_record.part = false;
    for (struct mo_term *s = graph->subjects; s; s = s->next_subject)
        if (s != root && s->first && mo_gather_is_root(g, s) && !find_open(g, s) &&
            mo_gather_push(g, s))
            return -1;
    if (root && mo_gather_push(g, root))
        return -1;
    n = g->n_nodes - from;
    if (n == 0)
        return 0;
    qsort(g->nodes + from, n, sizeof(struct mo_term *), by_closing);
    roots = mo_arena_alloc(graph->arena, n * sizeof(struct mo_term *));
    if (!roots)
        return mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
    memcpy(roots, g->nodes + from, n * sizeof(struct mo_term *));
    g->n_nodes = from;
    for (size_t i = 0; i < n; ++i)
        if (leave(g, graph, roots[i], roots[i] == root ? how : &as_record))
            return -1;
    return 0;
}

/* In the mode without records: everything, in the order in which it came. */
static int
pass_graph(struct mo_gather *g, struct mo_graph *graph, struct mo_term *name,
    const struct mo_place *place)
{
    struct mo_record record = {.kind = MO_RECORD_GRAPH, .place = *place, .graph = name};
    size_t from = g->n_nodes;

    for (struct mo_term *s = graph->subjects; s; s = s->next_subject)
        if (mo_gather_push(g, s))
            return -1;
    if (g->n_nodes == from)
        return 0;
    return mo_gather_settle(g, graph, from, g->n_nodes - from, &record) ||
                   mo_gather_enqueue(g, graph, &record)
               ? -1
               : 0;
}

int
mo_gather_unit(struct mo_gather *g, struct mo_graph *graph, struct mo_term *root,
    const struct mo_place *place, unsigned flags)
{
    struct manner how = {.place = place,
        .alone = (flags & MO_UNIT_ALONE) && g->options->join != MO_JOIN_ALWAYS,
        .part = (flags & MO_UNIT_PART) != 0};
    size_t from = g->n_nodes, n_links;
    int failed = g->trouble;

    if (!how.alone && !how.part)
        root = NULL; /* its types say what it is */
    if (g->options->graph) {
        failed = failed || pass_graph(g, graph, NULL, place);
    } else if (!failed) {
        failed = take_links(g, graph);
        n_links = g->n_nodes - from;
        failed = failed || name_shared(g, graph, how.alone);
        for (size_t i = 0; !failed && i < n_links; ++i) {
            struct mo_term *target = g->nodes[from + i];

            if (!target->first && target != root)
                failed = send_links(g, graph, target, place);
        }
        g->n_nodes = from;
        failed = failed || keep_open(g, graph, &how) ||
                 leave_roots(g, graph, root, &how) || keep_rest(g, graph, &how);
    }
    g->n_nodes = from;
    mo_gather_release(g, graph);
    return failed ? -1 : 0;
}

int
mo_gather_named(struct mo_gather *g, struct mo_graph *graph, struct mo_term *name,
    const struct mo_place *place)
{
    size_t from = g->n_nodes;
    int failed = g->trouble || pass_graph(g, graph, name, place);

    g->n_nodes = from;
    mo_gather_release(g, graph);
    return failed ? -1 : 0;
}

int
mo_gather_open(struct mo_gather *g, enum mo_term_kind kind, struct mo_str node,
    const struct mo_place *place)
{
    struct open_node *open = &g->open[g->n_open];

    if (g->n_open == MAX_OPEN || !(open->graph = mo_gather_graph(g)))
        return -1;
    open->node = kind == MO_IRI ? mo_graph_iri(open->graph, node)
                                : mo_graph_blank(open->graph, node);
    open->place = *place;
    ++g->n_open;
    return open->node ? 0 : mo_gather_trouble(g, MO_DIAG_NO_MEMORY);
}

int
mo_gather_close(struct mo_gather *g)
{
    struct open_node *open = &g->open[--g->n_open];

    mo_graph_close(open->graph, open->node);
    return mo_gather_unit(g, open->graph, NULL, &open->place, 0);
}

int
mo_gather_next(struct mo_gather *g, const struct mo_record **record)
{
    if (g->given) {
        mo_gather_release(g, g->given->graph);
        g->given = NULL;
    }
    while (!g->trouble && !g->queue && g->phase != READING && g->phase != DONE)
        if (mo_gather_step(g))
            return -1;
    if (g->trouble)
        return -1;
    if (!g->queue)
        return 0;
    g->given = g->queue;
    g->queue = g->given->next;
    if (!g->queue)
        g->last = NULL;
    *record = &g->given->record;
    return 1;
}

int
mo_gather_pull(struct mo_gather *g, struct mo_reader *reader,
    bool (*advance)(struct mo_reader *reader), const struct mo_record **record)
{
    for (;;) {
        int got = mo_gather_next(g, record);

        if (got < 0)
            reader->state = MO_READER_TROUBLE;
        if (got || reader->state == MO_READER_TROUBLE)
            return reader->state == MO_READER_TROUBLE ? -1 : got;
        if (!advance(reader))
            return 0;
    }
}

int
mo_gather_end(struct mo_gather *g)
{
    while (g->n_open && !g->trouble)
        if (mo_gather_close(g))
            return -1;
    g->phase = WAITERS;
    g->at = 0;
    return g->trouble ? -1 : 0;
}
