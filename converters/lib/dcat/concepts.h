/*
 * Values of controlled vocabularies: any form in which one is met (a code, a label in
 * French or English, its IRI, the IRI of another list that means the same) and the IRI that
 * DCAT-AP asks for. A vocabulary is read from its tables when it is first asked for.
 */
#ifndef MO_DCAT_CONCEPTS_H
#define MO_DCAT_CONCEPTS_H

#include "dcat/values.h"

struct mo_concepts;

/* From the values, which must outlive it. You own it; NULL: no memory. */
struct mo_concepts *mo_concepts_new(const struct mo_values *values);
void mo_concepts_free(struct mo_concepts *concepts);

/* Whether memory was short for a vocabulary: what was asked for may have a meaning all the same. */
bool mo_concepts_failed(const struct mo_concepts *concepts);

/* Read now all vocabularies that would be read when they are first asked for. */
void mo_concepts_read(struct mo_concepts *concepts);

/* Number of the vocabulary of this name, from 1; 0: there is none. */
unsigned mo_concept_list(struct mo_str name);

/*
 * The IRI of what the text (a literal, or an IRI) means in the vocabulary; or empty. Words are
 * compared as slugs, addresses as host, path and fragment.
 */
struct mo_str mo_concept(struct mo_concepts *concepts, unsigned list, struct mo_str text);

/* Whether a table says what the text is: it may be a licence that has no IRI. */
bool mo_concept_is_known(struct mo_concepts *concepts, unsigned list, struct mo_str text);

/* Whether the IRI is of the vocabulary, known or not. */
bool mo_concept_is_of(unsigned list, struct mo_str iri);

/*
 * The table that a form of this vocabulary would stand in; a row of it for `form`, without
 * what it means, is appended to `row`.
 */
const char *mo_concept_row(unsigned list, struct mo_str form, struct mo_buf *row);

#endif
