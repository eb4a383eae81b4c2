/*
 * Makes records of what readers read. A reader hands over units: all statements of
 * one piece of the document, a graph each. A record leaves as soon as its unit has
 * come, unless it waits for nodes described elsewhere; nodes that others may need are
 * put away in a spill file with an index in memory.
 */
#ifndef MO_DCAT_GATHER_H
#define MO_DCAT_GATHER_H

#include <moisson/reader.h>

#include "dcat/vocab.h"

struct mo_gather;

/* You own it; NULL when memory is short. `options` must outlive it. */
struct mo_gather *mo_gather_new(const struct mo_reader_options *options);
void mo_gather_free(struct mo_gather *gather);

/* Forget the document, and begin another. 0, or -1 in trouble. */
int mo_gather_again(struct mo_gather *gather);

/* An empty graph for the next unit; yours until it is handed over. NULL: no memory. */
struct mo_graph *mo_gather_graph(struct mo_gather *gather);

enum mo_unit_flags {
    MO_UNIT_ALONE = 1, /* it describes all that it names: nothing waits, nothing joins */
    MO_UNIT_PART = 2   /* what it says of its root goes on where a record left off */
};

/*
 * Take a unit, which is no longer yours. `root`, when it is known: the node whose
 * record this is, whatever its type. Returns 0, or -1 when memory or the spill failed
 * (reported).
 */
int mo_gather_unit(struct mo_gather *gather, struct mo_graph *graph, struct mo_term *root,
    const struct mo_place *place, unsigned flags);

/* Take the statements of a named graph, when graphs are asked for; `name` is in it. */
int mo_gather_named(struct mo_gather *gather, struct mo_graph *graph,
    struct mo_term *name, const struct mo_place *place);

/* Give a graph back without handing it over. */
void mo_gather_release(struct mo_gather *gather, struct mo_graph *graph);

/*
 * A description of `node` (IRI or label) begins that will come in several units, and
 * ends: a catalogue around its datasets. 0, or -1; opening too many at a time also
 * gives -1, and then nothing is reported.
 */
int mo_gather_open(struct mo_gather *gather, enum mo_term_kind kind, struct mo_str node,
    const struct mo_place *place);
int mo_gather_close(struct mo_gather *gather);

/* The document has ended: what waited can leave. 0, or -1. */
int mo_gather_end(struct mo_gather *gather);

/* 1 with `*record` set until the next call, 0 when there is none now, -1 in trouble. */
int mo_gather_next(struct mo_gather *gather, const struct mo_record **record);

/*
 * The same for a reader, which goes on by `advance` until there is a record: false when it
 * needs more bytes, or nothing is left to do.
 */
int mo_gather_pull(struct mo_gather *gather, struct mo_reader *reader,
    bool (*advance)(struct mo_reader *reader), const struct mo_record **record);

#endif
