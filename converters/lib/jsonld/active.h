/*
 * Active contexts: what each key means at a place of a JSON-LD document (JSON-LD 1.1
 * Processing Algorithms and API, 4: context processing, term definitions, 5.2: IRI
 * expansion). An active context never changes once it is made: each context that a
 * document gives makes another out of it.
 *
 * Functions return 0, or -1 with `error` of struct mo_ld set.
 */
#ifndef MO_JSONLD_ACTIVE_H
#define MO_JSONLD_ACTIVE_H

#include <stdint.h>

#include <moisson/arena.h>
#include <moisson/buf.h>

#include "base/json.h"
#include "jsonld/keyword.h"

/* Ceilings of memory, in bytes. */
enum { MO_LD_RECORD = 256 << 20, MO_LD_KEEP = 64 << 20 };

/* A remote context that was read. */
struct mo_remote {
    struct mo_str url;
    struct mo_json *json;
    bool known;                    /* it is one of ours, not the user's */
    const struct mo_active *alone; /* what it makes of no context; NULL: not made yet */
    struct mo_remote *next;
};

/* Where a remote context was found. */
enum mo_found { MO_FOUND_NOWHERE, MO_FOUND_THERE, MO_FOUND_KNOWN };

enum mo_ld_error {
    MO_LD_FINE,
    MO_LD_INVALID,   /* the specification forbids it: `code` says how */
    MO_LD_NO_REMOTE, /* `culprit` is the URL of a context that is not here */
    MO_LD_CEILING,   /* more of something than is allowed */
    MO_LD_NO_MEMORY
};

/* What all steps of the processing share; one for each reader. */
struct mo_ld {
    struct mo_arena *record;  /* memory of the record in hand */
    struct mo_arena *keep;    /* of what outlives it: contexts of the document */
    struct mo_arena *lasting; /* of what outlives that: remote contexts by themselves */
    size_t max_depth;         /* of remote contexts */
    uint64_t key;             /* of the hash of terms */
    bool strict;              /* what is forbidden is not tolerated */
    struct mo_str base;       /* of the document; empty: none */
    /* Append the remote context `url` to `out`. */
    enum mo_found (*load)(void *ctx, struct mo_str url, struct mo_buf *out);
    void *load_ctx;
    /* Told what was tolerated. */
    void (*tolerate)(void *ctx, const char *code, struct mo_str culprit);
    void *tolerate_ctx;

    struct mo_remote *remotes;
    size_t n_remotes;
    struct mo_arena *target; /* where the context in the making lives */
    size_t depth;            /* of contexts in contexts in the making */

    enum mo_ld_error error;
    const char *code;      /* as the API names its errors (9.4.1) */
    struct mo_str culprit; /* what is wrong; borrowed, until the record's end */
};

enum mo_direction { MO_DIR_UNSET, MO_DIR_NULL, MO_DIR_LTR, MO_DIR_RTL };

struct mo_definition {
    struct mo_str term;
    uint64_t hash;
    struct mo_str iri;   /* p NULL: the term means nothing */
    struct mo_str type;  /* p NULL: not coerced */
    struct mo_str index; /* the property that an index is kept in; p NULL: none */
    struct mo_str nest;
    struct mo_str lang; /* p NULL: no language */
    bool has_lang;
    bool prefix, protected, reverse;
    enum mo_direction direction;
    unsigned container;            /* a set of keywords */
    const struct mo_json *context; /* its scoped context, or NULL */
    struct mo_str base;            /* of that */
};

struct mo_derived;

struct mo_active {
    const struct mo_definition **slots; /* a hash table; NULL: empty */
    size_t mask, n;
    uint64_t key;
    bool owned;  /* the table is its own, not one that it was made from */
    bool shared; /* it is a remote context by itself, for all that begin with it */
    struct mo_arena *arena;          /* that it lives in */
    struct mo_str base, vocab, lang; /* p NULL: none */
    enum mo_direction direction;
    const struct mo_active *previous; /* to go back to in nodes below; or NULL */
    struct mo_derived *derived;       /* contexts made from it before */
};

/* Release the remote contexts; the arenas are the caller's. */
void mo_ld_done(struct mo_ld *ld);

/* Say what is wrong; returns -1. */
int mo_ld_invalid(struct mo_ld *ld, const char *code, struct mo_str culprit);

/* More terms or contexts than are allowed; returns -1. */
int mo_ld_overflow(struct mo_ld *ld, struct mo_str culprit);

/* No memory, or no more of it allowed; returns -1. */
int mo_ld_memory(struct mo_ld *ld);

/* The context that knows no term. In `ld->lasting`, or NULL. */
struct mo_active *mo_active_new(struct mo_ld *ld);

enum mo_process {
    MO_PROCESS_OVERRIDE = 1,     /* protected terms may be given another meaning */
    MO_PROCESS_NO_PROPAGATE = 2, /* it holds for the node in hand only */
    MO_PROCESS_KEEP = 4,         /* the result, and `local`, outlive the record */
    MO_PROCESS_LAST = 8          /* and the document */
};

/* Context processing (4.1): `local` is the value of an "@context". */
int mo_active_process(struct mo_ld *ld, const struct mo_active *active,
    const struct mo_json *local, struct mo_str base, unsigned flags,
    const struct mo_active **out);

/* The same for the scoped context of `definition`, which is made once. */
int mo_active_scoped(struct mo_ld *ld, const struct mo_active *active,
    const struct mo_definition *definition, unsigned flags, const struct mo_active **out);

/* What `term` means here, or NULL. */
const struct mo_definition *mo_active_find(
    const struct mo_active *active, struct mo_str term);

/* Whether it is an IRI, or a blank node's name, by its form. */
bool mo_is_absolute(struct mo_str text);

/* Whether it is an IRI that RDF admits (RFC 3987, 2.2, as far as bytes go). */
bool mo_is_well_formed(struct mo_str text);

enum mo_expand_flags { MO_EXPAND_VOCAB = 1, MO_EXPAND_DOCUMENT = 2 };

/* IRI expansion (5.2). `out->p` is NULL for what means nothing. */
int mo_active_iri(struct mo_ld *ld, const struct mo_active *active, struct mo_str value,
    unsigned flags, struct mo_str *out);

#endif
