/*
 * Active contexts from inside: active.c processes contexts, define.c defines the terms
 * of one and expands IRIs, which can need terms that are not defined yet.
 */
#ifndef MO_JSONLD_DEFINING_H
#define MO_JSONLD_DEFINING_H

#include <moisson/iri.h>

#include "jsonld/active.h"

enum { MO_MAX_TERMS = 20000 };

/* A "@context" that is being processed. */
struct mo_process_run {
    struct mo_str base; /* what relative references in it are resolved against */
    struct mo_str url;  /* of the remote context that it stands in; empty: none */
    unsigned flags;     /* enum mo_process */
    bool scoped;        /* it is only checked, because a term has it */
    bool known;         /* it is a remote one of ours */
    const struct mo_process_run *outer; /* the one that asked for this remote one */
};

enum mo_progress { MO_NOT_BEGUN, MO_BEGUN, MO_DEFINED };

/* A term of the context in hand. */
struct mo_local_term {
    struct mo_str name;
    uint64_t hash;
    const struct mo_json *value;
    enum mo_progress progress;
};

/* The context in hand, an object, and what comes of it. */
struct mo_local {
    const struct mo_process_run *run;
    struct mo_active *active;
    bool protected;
    struct mo_local_term *terms; /* in the order of the document */
    size_t n;
    uint32_t *slots; /* a hash table of numbers of terms, from 1 */
    size_t mask;
    size_t depth; /* of terms that need each other */
};

/* Put a definition into the table of a context in the making. */
int mo_active_define(
    struct mo_ld *ld, struct mo_active *active, const struct mo_definition *definition);

/* Process a scoped context only to see whether it is valid. */
int mo_active_check_scoped(struct mo_ld *ld, const struct mo_process_run *outer,
    const struct mo_active *active, const struct mo_json *context);

/* Create term definitions (4.2) for all terms of `context`, over those of `imported`. */
int mo_define_terms(struct mo_ld *ld, struct mo_local *local,
    const struct mo_json *context, const struct mo_json *imported);

/* "ltr", "rtl" or null. */
int mo_read_direction(
    struct mo_ld *ld, const struct mo_json *value, enum mo_direction *direction);

static inline bool
mo_json_is_bool(const struct mo_json *value)
{
    return mo_json_kind(value) == MO_JSON_TRUE || mo_json_kind(value) == MO_JSON_FALSE;
}

#endif
