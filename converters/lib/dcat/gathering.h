/*
 * The gatherer from inside: gather.c is its life and its queue, unit.c takes units apart,
 * leave.c lets records go or wait, chain.c puts nodes away and brings them back, walk.c
 * finds what a record holds, finish.c lets go what waited.
 */
#ifndef MO_DCAT_GATHERING_H
#define MO_DCAT_GATHERING_H

#include "base/spill.h"
#include "dcat/gather.h"
#include "dcat/index.h"

enum {
    MAX_LEVEL = 8,      /* of a record's body */
    MAX_STMTS = 10000,  /* of a record's body */
    MAX_VALUES = 1000,  /* of one property; what is more leaves in parts */
    MAX_OPEN = 16,      /* catalogues within catalogues */
    MAX_CHAIN = 64,     /* chunks of one shared node that are joined; a record has all */
    MAX_COMPARED = 8,   /* chunks of one node that a new one is compared with */
    MAX_GRAPH = 1 << 30 /* bytes of one unit's graph */
};

/* What stands before each chunk in the spill. */
struct chunk {
    uint64_t prev;    /* the chunk before it in its chain */
    uint64_t content; /* hash of what it says */
    uint32_t size;    /* bytes that follow */
    uint8_t has_prev;
    uint8_t prev_claimed; /* a record took that one, and all before it */
    uint8_t links;        /* it holds nothing but links */
    uint8_t unused;
};

/* A record ready to leave. */
struct item {
    struct mo_record record;
    struct mo_graph *graph;
    struct item *next;
};

/* Offsets in the spill, in the order they came. */
struct offsets {
    uint64_t *at;
    size_t n, cap;
};

/* A node that is still open, and what was said of it so far. */
struct open_node {
    struct mo_graph *graph;
    struct mo_term *node;
    struct mo_place place;
};

enum phase { READING, WAITERS, SERVICES, PARTS, LOOSE, DONE };

struct mo_gather {
    const struct mo_reader_options *options;
    const struct mo_vocab *vocab;
    struct mo_graph *pool;
    struct item *queue, *last;
    struct item *given; /* the record that the caller has */
    struct mo_index index;
    struct mo_spill *spill;
    struct mo_buf bytes;    /* a chunk on its way */
    struct mo_term **nodes; /* of the walk in hand */
    size_t n_nodes, cap_nodes;
    struct offsets waiters, services, parts, loose;
    struct offsets chain; /* in hand */
    struct offsets rest;  /* where those begin that were over MAX_CHAIN */
    struct open_node open[MAX_OPEN];
    size_t n_open;
    enum phase phase;
    size_t at; /* in the list of the phase */
    bool trouble;
};

/* One walk from a root. */
struct walk {
    struct mo_graph *graph;
    struct mo_term *root;
    size_t n_stmts;
    bool alone;  /* nothing is looked up */
    bool packed; /* what is closed was put away with the root and stays with it */
    bool waits;
    bool too_big, too_deep;
};

/* Report once that memory or the spill failed; -1. */
int mo_gather_trouble(struct mo_gather *g, enum mo_diag_id id);
void mo_gather_complain(
    struct mo_gather *g, enum mo_diag_id id, const struct mo_record *record);

int mo_gather_note(struct mo_gather *g, struct offsets *list, uint64_t at);
int mo_gather_push(struct mo_gather *g, struct mo_term *node);

/* Whether a catalogue lists a node; whether it is a record; or may yet be one. */
bool mo_gather_is_listed(const struct mo_gather *g, const struct mo_term *node);
bool mo_gather_is_root(const struct mo_gather *g, const struct mo_term *node);
bool mo_gather_has_own_record(const struct mo_gather *g, const struct mo_term *node);

/* ---- chain.c ---- */

/* Hash of what the nodes say, whatever their anonymous nodes are called. */
uint64_t mo_gather_content(struct mo_term *const *nodes, size_t n);

/* Start a chunk in g->bytes; write it; read one, its head only or all of it. */
void mo_gather_begin_chunk(struct mo_gather *g);
int mo_gather_write_chunk(struct mo_gather *g, struct chunk *chunk, uint64_t *at);
int mo_gather_read_chunk(
    struct mo_gather *g, uint64_t at, struct chunk *chunk, bool with_bytes);

/* Put the chunk in hand at the head of the chain of the node with this hash. */
int mo_gather_chain_up(
    struct mo_gather *g, uint64_t hash, struct chunk *chunk, bool claimed);

/* 1 when one of the newest chunks of the slot says the same, 0 when none does, -1. */
int mo_gather_is_known(struct mo_gather *g, const struct mo_slot *slot, uint64_t content);

/*
 * Push a node and the anonymous ones under it or about it, which cannot be found by
 * name and go where it goes.
 */
int mo_gather_closure(struct mo_gather *g, struct mo_graph *graph, struct mo_term *node);

/*
 * Put the description of `node` away; `claimed` when a record has it already, and
 * then only if it says something new.
 */
int mo_gather_put_away(struct mo_gather *g, struct mo_graph *graph, struct mo_term *node,
    const struct mo_place *place, bool claimed);

enum {
    BRING_FRESH = 1, /* only what nobody has taken */
    BRING_ALL = 2    /* MAX_CHAIN does not count */
};

/* Bring the chain of a slot into the graph; what is too much of it leaves as loose nodes. */
int mo_gather_bring(
    struct mo_gather *g, struct mo_graph *graph, struct mo_slot *slot, unsigned how);

/* Pack a record into the spill and note its place in `list`. */
int mo_gather_put_record(struct mo_gather *g, struct mo_graph *graph,
    const struct mo_record *record, struct offsets *list);

/* ---- walk.c ---- */

/* Push the nodes of the record around w->root; how many are no catalogue records'. */
int mo_gather_walk(struct mo_gather *g, struct walk *w, size_t *n_body);

/* Whether a body ends before the object of this statement, which is described. */
bool mo_gather_stands_alone(const struct mo_gather *g, const struct mo_stmt *s);

/* Make a record of the nodes from `from` on, which are popped. */
int mo_gather_settle(struct mo_gather *g, struct mo_graph *graph, size_t from,
    size_t n_body, struct mo_record *record);

/* ---- leave.c ---- */

/* How a unit is to be taken. */
struct manner {
    const struct mo_place *place;
    bool alone; /* it names nothing that stands elsewhere */
    bool part;  /* its root has left already */
};

/* The record leaves at the caller's next call. */
int mo_gather_enqueue(
    struct mo_gather *g, struct mo_graph *graph, const struct mo_record *record);

/* A root whose description has come: its record leaves, or waits. */
int mo_gather_leave(struct mo_gather *g, struct mo_graph *graph, struct mo_term *root,
    const struct manner *how);

/* What is said of `root` here leaves as a part, at the end. */
int mo_gather_put_part(struct mo_gather *g, struct mo_graph *graph, struct mo_term *root,
    const struct mo_place *place);

/* What is over MAX_VALUES of one property of `root` leaves in parts of that many. */
int mo_gather_split(struct mo_gather *g, struct mo_graph *graph, struct mo_term *root,
    const struct mo_place *place);

/* Note that the record of this root has left; `content` is what it said. */
int mo_gather_mark_left(struct mo_gather *g, struct mo_graph *graph,
    const struct mo_record *record, uint64_t content);

/* ---- finish.c ---- */

/* One step at the end of the document: a record is enqueued, or the phase moves on. */
int mo_gather_step(struct mo_gather *g);

#endif
