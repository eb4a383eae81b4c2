/*
 * Expansion (JSON-LD 1.1 API, 5.1): what an object of JSON-LD says, free of contexts,
 * aliases, indexes and nesting.
 */
#ifndef MO_JSONLD_EXPAND_H
#define MO_JSONLD_EXPAND_H

#include "jsonld/active.h"

enum mo_item_kind { MO_ITEM_NODE, MO_ITEM_VALUE, MO_ITEM_LIST };

struct mo_items {
    struct mo_item *first, *last;
};

/* A property and some of its values; a property can have several of these. */
struct mo_property {
    struct mo_str iri;
    struct mo_items values;
    struct mo_property *next;
};

struct mo_properties {
    struct mo_property *first, *last;
};

/* An IRI among others. */
struct mo_name {
    struct mo_str iri;
    struct mo_name *next;
};

struct mo_node_item {
    struct mo_name *types, *last_type;
    struct mo_properties properties, reverse;
    struct mo_items graph, included;
};

/* One thing that an expanded document holds. */
struct mo_item {
    struct mo_item *next;
    enum mo_item_kind kind;
    unsigned has;     /* the keywords that it has, a set */
    struct mo_str id; /* of a node; p NULL: it has none that means something */
    union {
        struct mo_node_item *node;
        struct mo_items list;
        const struct mo_json *value; /* or NULL: `text` is the value */
    };
    struct mo_str text;
    struct mo_str type; /* of a value */
    struct mo_str lang, direction;
};

/*
 * Expand `element` under `active`, in the memory of the record. `*out` is what it says
 * by itself, in no property. `dropped` is told each key that means nothing.
 */
struct mo_expansion {
    struct mo_ld *ld;
    void (*dropped)(void *ctx, struct mo_str key);
    void *ctx;
};

int mo_expand(struct mo_expansion *x, const struct mo_active *active,
    const struct mo_json *element, struct mo_items *out);

#endif
