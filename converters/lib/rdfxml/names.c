#include "rdfxml/rdfxml.h"

#include <stdlib.h>

#include "base/hash.h"

enum { SLOTS = 1024, MAX_NAMES = SLOTS / 2, MAX_BYTES = 8 << 20 };

struct names {
    const struct mo_vocab *vocab;
    struct mo_arena *arena;
    struct mo_arena *spare; /* a name that has no slot */
    struct name *slots[SLOTS];
    size_t n;
};

static const struct {
    const char *local;
    enum syntax syntax;
} syntax_names[] = {
    {"RDF", RDF_RDF},
    {"Description", RDF_DESCRIPTION},
    {"ID", RDF_ID},
    {"about", RDF_ABOUT},
    {"aboutEach", RDF_ABOUT_EACH},
    {"aboutEachPrefix", RDF_ABOUT_EACH_PREFIX},
    {"bagID", RDF_BAG_ID},
    {"datatype", RDF_DATATYPE},
    {"li", RDF_LI},
    {"nodeID", RDF_NODE_ID},
    {"parseType", RDF_PARSE_TYPE},
    {"resource", RDF_RESOURCE},
    {"type", RDF_TYPE_ATTRIBUTE},
};

struct names *
mo_names_new(const struct mo_vocab *vocab)
{
    struct names *names = calloc(1, sizeof *names);

    if (!names)
        return NULL;
    names->vocab = vocab;
    names->arena = mo_arena_new(MAX_BYTES);
    names->spare = mo_arena_new(MAX_BYTES);
    if (!names->arena || !names->spare) {
        mo_names_free(names);
        return NULL;
    }
    return names;
}

void
mo_names_free(struct names *names)
{
    if (!names)
        return;
    mo_arena_free(names->arena);
    mo_arena_free(names->spare);
    free(names);
}

void
mo_names_reset(struct names *names)
{
    memset(names->slots, 0, sizeof names->slots);
    mo_arena_reset(names->arena);
    names->n = 0;
}

static enum syntax
syntax_of(struct mo_str space, struct mo_str local)
{
    if (mo_str_is(space, MO_RDF))
        for (size_t i = 0; i < sizeof syntax_names / sizeof syntax_names[0]; ++i)
            if (mo_str_is(local, syntax_names[i].local))
                return syntax_names[i].syntax;
    return NO_SYNTAX;
}

static struct name *
make(const struct names *names, struct mo_arena *arena, const xmlChar *space,
    const xmlChar *local)
{
    struct mo_str s = mo_str((const char *)space), l = mo_str((const char *)local);
    struct name *name = mo_arena_zero(arena, sizeof *name);
    char *iri = mo_arena_alloc(arena, s.n + l.n + 1);
    const struct mo_lexicon *lexicon = names->vocab->lexicon;

    if (!name || !iri)
        return NULL;
    if (s.n)
        memcpy(iri, s.p, s.n);
    memcpy(iri + s.n, l.p, l.n);
    iri[s.n + l.n] = '\0';
    name->space = space;
    name->local = local;
    name->iri = mo_str_n(iri, s.n + l.n);
    name->hash = mo_node_hash(lexicon, MO_IRI, name->iri);
    name->known = mo_lexicon_find(lexicon, name->hash, name->iri);
    name->syntax = syntax_of(s, l);
    return name;
}

struct name *
mo_names_get(struct names *names, const xmlChar *space, const xmlChar *local)
{
    size_t i =
        (size_t)mo_mix((uint64_t)(uintptr_t)space ^ (uint64_t)(uintptr_t)local * 31) &
        (SLOTS - 1);

    while (names->slots[i] &&
           (names->slots[i]->space != space || names->slots[i]->local != local))
        i = (i + 1) & (SLOTS - 1);
    if (names->slots[i])
        return names->slots[i];
    if (names->n == MAX_NAMES) {
        mo_arena_reset(names->spare);
        return make(names, names->spare, space, local);
    }
    names->slots[i] = make(names, names->arena, space, local);
    if (names->slots[i])
        ++names->n;
    return names->slots[i];
}

void
mo_names_trim(struct names *names)
{
    if (names->n == MAX_NAMES) /* no document that means well has so many */
        mo_names_reset(names);
}
