/*
 * The JSON-LD reader from inside: reader.c takes documents apart and chooses the way of each
 * record, simple.c reads those in our own context, processor.c all others.
 */
#ifndef MO_JSONLD_READING_H
#define MO_JSONLD_READING_H

#include "base/spill.h"
#include "dcat/input.h"
#include "jsonld/processor.h"
#include "jsonld/simple.h"

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
    /* Its records, where its context may stand behind them. */
    struct mo_spill *held;
    uint64_t n_held, held_read, held_at;
    struct mo_buf held_text;
    bool holding;

    /* The record in hand. */
    struct mo_simple simple;
};

#endif
