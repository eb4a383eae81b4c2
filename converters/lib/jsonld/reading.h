/*
 * The JSON-LD reader from inside: reader.c takes documents apart and chooses the way of each
 * record, simple.c reads those in our own context, processor.c all others.
 */
#ifndef MO_JSONLD_READING_H
#define MO_JSONLD_READING_H

#include "base/spill.h"
#include "dcat/input.h"
#include "jsonld/processor.h"

struct jsonld {
    struct mo_input in;
    struct mo_processor *processor;
    struct mo_processor_hooks hooks;

    /* The document in hand. */
    struct mo_json *envelope; /* what it says before its list, or NULL */
    struct mo_json *tail;     /* and behind it */
    struct mo_buf frame;      /* both, as one object */
    enum mo_initial initial;  /* what its keys mean */
    bool has_context;
    struct mo_buf graph_name; /* of its records, when they are of a named graph */
    struct mo_term graph_term;
    bool framing; /* what stands around the list is in hand */
    /* Its records, where its context may stand behind them. */
    struct mo_spill *held;
    uint64_t n_held, held_read, held_at;
    struct mo_buf held_text;
    bool holding;

    /* The record in hand. */
    uint64_t ordinal;             /* of the JSON value that it is in */
    bool general;                 /* it needs the processor */
    const struct mo_term *merged; /* the graph that it is of, whose name is left out */
};

/* ---- simple.c ---- */

/*
 * Read a node in our own context. When it says something that only the processor
 * understands, r->general is set and what was read is worth nothing.
 */
struct mo_term *mo_jsonld_simple(struct jsonld *r, const struct mo_json *object);

/* The blank node of this label, without "_:". */
struct mo_term *mo_jsonld_labelled(struct jsonld *r, struct mo_str label);

#endif
