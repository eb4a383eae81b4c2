/*
 * The IRIs that the program knows by heart, numbered from 1, so that terms can be
 * told apart by number. Once filled, it is shared by any number of graphs.
 */
#ifndef MO_RDF_LEXICON_H
#define MO_RDF_LEXICON_H

#include <stdint.h>

#include <moisson/str.h>

struct mo_lexicon;

/* Room for `max` IRIs, at most 65534. You own it; NULL when memory is short. */
struct mo_lexicon *mo_lexicon_new(size_t max);
void mo_lexicon_free(struct mo_lexicon *lexicon);

/*
 * Number of `iri`, which is added (the text is kept, and must outlive the lexicon)
 * when it is new. 0 when there is no more room.
 */
uint16_t mo_lexicon_add(struct mo_lexicon *lexicon, const char *iri);

/* The highest number given. */
uint16_t mo_lexicon_size(const struct mo_lexicon *lexicon);

/* The key with which `hash` below is made: random, the same for its whole life. */
uint64_t mo_lexicon_key(const struct mo_lexicon *lexicon);

/* Number of the IRI whose mo_hash with that key is `hash`, or 0. */
uint16_t mo_lexicon_find(
    const struct mo_lexicon *lexicon, uint64_t hash, struct mo_str iri);

/* What mo_hash with that key makes of the text of number `known`. */
uint64_t mo_lexicon_hash(const struct mo_lexicon *lexicon, uint16_t known);

/* The text of number `known` (from 1). */
struct mo_str mo_lexicon_text(const struct mo_lexicon *lexicon, uint16_t known);

#endif
