/* The keywords of JSON-LD 1.1 (1.7), and texts that only look like them. */
#ifndef MO_JSONLD_KEYWORD_H
#define MO_JSONLD_KEYWORD_H

#include <moisson/str.h>

/* In the order of their names. */
#define MO_KEYWORDS(X)                                                                   \
    X(BASE, "@base")                                                                     \
    X(CONTAINER, "@container")                                                           \
    X(CONTEXT, "@context")                                                               \
    X(DIRECTION, "@direction")                                                           \
    X(GRAPH, "@graph")                                                                   \
    X(ID, "@id")                                                                         \
    X(IMPORT, "@import")                                                                 \
    X(INCLUDED, "@included")                                                             \
    X(INDEX, "@index")                                                                   \
    X(JSON, "@json")                                                                     \
    X(LANGUAGE, "@language")                                                             \
    X(LIST, "@list")                                                                     \
    X(NEST, "@nest")                                                                     \
    X(NONE, "@none")                                                                     \
    X(PREFIX, "@prefix")                                                                 \
    X(PROPAGATE, "@propagate")                                                           \
    X(PROTECTED, "@protected")                                                           \
    X(REVERSE, "@reverse")                                                               \
    X(SET, "@set")                                                                       \
    X(TYPE, "@type")                                                                     \
    X(VALUE, "@value")                                                                   \
    X(VERSION, "@version")                                                               \
    X(VOCAB, "@vocab")

enum mo_keyword {
    MO_KW_NOT_ONE, /* any other text */
#define X(id, text) MO_KW_##id,
    MO_KEYWORDS(X)
#undef X
        MO_KW_COUNT
};

/* A set of keywords. */
#define MO_KW_BIT(id) (1u << MO_KW_##id)

enum mo_keyword mo_keyword(struct mo_str text);

/* Whether it is "@" and letters (JSON-LD 1.1, 4.1): never a term, and ignored. */
bool mo_keyword_like(struct mo_str text);

#endif
