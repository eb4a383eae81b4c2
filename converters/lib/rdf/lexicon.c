#include "rdf/lexicon.h"

#include <stdlib.h>

#include "base/hash.h"

struct mo_lexicon {
    uint64_t key;
    struct mo_str *texts; /* by number; 0 is not used */
    uint64_t *hashes;
    uint16_t n, max;
    uint16_t *slots; /* open addressing; 0 is free */
    size_t mask;
};

struct mo_lexicon *
mo_lexicon_new(size_t max)
{
    struct mo_lexicon *lexicon = calloc(1, sizeof *lexicon);
    size_t size = 16;

    if (!lexicon)
        return NULL;
    while (size < 2 * max)
        size *= 2;
    lexicon->key = mo_hash_key();
    lexicon->max = (uint16_t)max;
    lexicon->mask = size - 1;
    lexicon->texts = malloc((max + 1) * sizeof *lexicon->texts);
    lexicon->hashes = malloc((max + 1) * sizeof *lexicon->hashes);
    lexicon->slots = calloc(size, sizeof *lexicon->slots);
    if (!lexicon->texts || !lexicon->hashes || !lexicon->slots) {
        mo_lexicon_free(lexicon);
        return NULL;
    }
    return lexicon;
}

void
mo_lexicon_free(struct mo_lexicon *lexicon)
{
    if (!lexicon)
        return;
    free(lexicon->texts);
    free(lexicon->hashes);
    free(lexicon->slots);
    free(lexicon);
}

/* The slot that holds `iri`, or the free one where it belongs. */
static size_t
slot_of(const struct mo_lexicon *lexicon, uint64_t hash, struct mo_str iri)
{
    size_t slot = hash & lexicon->mask;

    while (lexicon->slots[slot] && !mo_str_eq(lexicon->texts[lexicon->slots[slot]], iri))
        slot = (slot + 1) & lexicon->mask;
    return slot;
}

uint16_t
mo_lexicon_add(struct mo_lexicon *lexicon, const char *iri)
{
    struct mo_str text = mo_str(iri);
    uint64_t hash = mo_hash(lexicon->key, text);
    size_t slot = slot_of(lexicon, hash, text);

    if (!lexicon->slots[slot] && lexicon->n < lexicon->max) {
        lexicon->slots[slot] = ++lexicon->n;
        lexicon->texts[lexicon->n] = text;
        lexicon->hashes[lexicon->n] = hash;
    }
    return lexicon->slots[slot];
}

uint16_t
mo_lexicon_size(const struct mo_lexicon *lexicon)
{
    return lexicon->n;
}

uint64_t
mo_lexicon_key(const struct mo_lexicon *lexicon)
{
    return lexicon->key;
}

uint16_t
mo_lexicon_find(const struct mo_lexicon *lexicon, uint64_t hash, struct mo_str iri)
{
    return lexicon->slots[slot_of(lexicon, hash, iri)];
}

uint64_t
mo_lexicon_hash(const struct mo_lexicon *lexicon, uint16_t known)
{
    return lexicon->hashes[known];
}

struct mo_str
mo_lexicon_text(const struct mo_lexicon *lexicon, uint16_t known)
{
    return lexicon->texts[known];
}
