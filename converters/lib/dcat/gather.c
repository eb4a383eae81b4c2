#include "dcat/gathering.h"

#include <errno.h>
#include <stdlib.h>

#include "rdf/reader.h"

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

/* ---- What is open, and the queue ---- */

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
