/* Terms as messages show them. */
#ifndef MO_CLEAN_SHOW_H
#define MO_CLEAN_SHOW_H

#include <moisson/buf.h>

#include "dcat/vocab.h"

/* Append the IRI with a prefix; false, and nothing, where there is none. */
bool mo_show_name(const struct mo_vocab *vocab, struct mo_str iri, struct mo_buf *out);

/* Append the IRI, with a prefix where there is one. */
void mo_show_iri(const struct mo_vocab *vocab, struct mo_str iri, struct mo_buf *out);

/*
 * Append the term much as Turtle has it: "text"@fr, <IRI>, and a node with what is said of
 * it, [dct:title "text"], but for `root`. Long texts are cut short.
 */
void mo_show_term(const struct mo_vocab *vocab, const struct mo_term *term,
    const struct mo_term *root, struct mo_buf *out);

#endif
