/*
 * The JSON-LD reader from inside: reader.c takes documents apart and chooses the way of each
 * record, simple.c reads those in our own context, processor.c all others.
 */
#ifndef MO_JSONLD_READING_H
#define MO_JSONLD_READING_H

#include "base/spill.h"
#include "dcat/input.h"
#include "jsonld/frame.h"
#include "jsonld/processor.h"
#include "jsonld/simple.h"

struct jsonld {
    struct mo_input in;
    struct mo_processor *processor;
    struct mo_processor_hooks hooks;

    /* The document in hand. */
    struct mo_frame frame;
    struct mo_json *context; /* what holds its context, or NULL */
    enum mo_initial initial; /* what its keys mean */
    bool has_context;
    bool open;    /* its end has not come */
    bool unknown; /* nobody knows what they mean: its records are passed over */
    bool says;    /* it says something of itself */
    size_t list;  /* the one in hand */
    /* The name of the graph that the lists are, and whether there is such a list. */
    struct mo_buf graph_name;
    struct mo_term graph_term;
    bool has_graph, graph_said;
    bool framing; /* what stands around the lists is in hand */
    /* Its records, where what they need to be understood may stand behind them. */
    struct mo_spill *held;
    uint64_t n_held, held_read, held_at;
    struct mo_buf held_text;
    bool holding;
    struct mo_buf wrapping; /* what a rejected record stands in */

    /* The record in hand. */
    struct mo_simple simple;
    const struct mo_term *merged; /* the graph that it is of, whose name is left out */
};

#endif
