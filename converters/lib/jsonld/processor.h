/*
 * The JSON-LD 1.1 processor: objects under whatever context into statements. active.c
 * makes contexts, expand.c expands objects under them, tordf.c says what they say.
 */
#ifndef MO_JSONLD_PROCESSOR_H
#define MO_JSONLD_PROCESSOR_H

#include <moisson/reader.h>

#include "base/json.h"
#include "jsonld/keyword.h"
#include "rdf/graph.h"

struct mo_processor;

struct mo_processor_hooks {
    /* The blank node of this label; a new one when `label.p` is NULL. NULL: no memory. */
    struct mo_term *(*blank)(void *ctx, struct mo_graph *graph, struct mo_str label);
    /* Something to say about the record in hand, which goes on. */
    void (*report)(
        void *ctx, enum mo_diag_id id, struct mo_str detail, struct mo_str property);
    void *ctx;
};

/* What went wrong; `id` is MO_DIAG_NO_MEMORY when the job cannot go on. */
struct mo_processor_fault {
    enum mo_diag_id id;
    char detail[256];
};

/* You own it; NULL when memory is short. `options` and `hooks` must outlive it. */
struct mo_processor *mo_processor_new(
    const struct mo_reader_options *options, const struct mo_processor_hooks *hooks);
void mo_processor_free(struct mo_processor *p);

/*
 * A document begins. `context` is the value of its "@context", which must stay until
 * the next document begins; NULL: it has none. 0, or -1 with `*fault` set.
 */
int mo_processor_document(struct mo_processor *p, const struct mo_json *context,
    struct mo_processor_fault *fault);

enum mo_initial {
    MO_INITIAL_EMPTY,   /* no term is known */
    MO_INITIAL_OURS,    /* the terms of our own context are */
    MO_INITIAL_DOCUMENT /* those of the document's context */
};

/*
 * Put into `graph` what `object` says in the default graph. `alone`: it is a whole
 * document. `merged` is the name of the graph that it is of, which is left out, or NULL.
 * `*root` is its first node, or NULL. `object` must stay until the record is
 * released. 0, or -1 with `*fault` set.
 */
int mo_processor_read(struct mo_processor *p, const struct mo_json *object,
    enum mo_initial initial, bool alone, const struct mo_term *merged,
    struct mo_graph *graph, struct mo_term **root, struct mo_processor_fault *fault);

/*
 * The same for one value of the first property of `object`: what its types mean is known,
 * and not said again.
 */
int mo_processor_value(struct mo_processor *p, const struct mo_json *object,
    enum mo_initial initial, struct mo_graph *graph, struct mo_processor_fault *fault);

/* What a key of the document's node is: MO_KW_ID, MO_KW_TYPE or another. -1: no memory. */
int mo_processor_keyword(struct mo_processor *p, enum mo_initial initial,
    struct mo_str key, enum mo_keyword *keyword);

/*
 * Whether `object` lists the node called MO_PROBE in a catalogue, by a property whose values
 * mean the same one by one: 1 or 0. -1: no memory.
 */
#define MO_PROBE "urn:moisson:probe"
int mo_processor_lists(
    struct mo_processor *p, const struct mo_json *object, enum mo_initial initial);

/* Whether a named graph of the record is still to be read. */
bool mo_processor_has_named(const struct mo_processor *p);

/* Put what it says into `graph`, and its name into `*name`, a term of `graph`. */
int mo_processor_named(struct mo_processor *p, struct mo_graph *graph,
    struct mo_term **name, struct mo_processor_fault *fault);

/* Forget the record. */
void mo_processor_release(struct mo_processor *p);

#endif
