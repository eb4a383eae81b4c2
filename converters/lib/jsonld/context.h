/*
 * Our JSON-LD context, made from the tables: flat, so that every processor of JSON-LD
 * 1.0 or 1.1 reads it, with the keys of DCAT-AP 3.0.1 and the same IRIs.
 */
#ifndef MO_JSONLD_CONTEXT_H
#define MO_JSONLD_CONTEXT_H

#include <moisson/buf.h>

#include "base/json.h"
#include "dcat/vocab.h"

/* A member of records that says nothing in RDF; null in the context. */
#define MO_PART_KEY "partOfRecord"

/* Append the value of "@context". */
void mo_context_put(const struct mo_vocab *vocab, struct mo_buf *out);

/*
 * Whether `context`, the value of some "@context", gives no key another meaning than
 * ours does. `*culprit` is the term that it does, or the IRI of a remote context.
 */
bool mo_context_agrees(
    const struct mo_vocab *vocab, const struct mo_json *context, struct mo_str *culprit);

#endif
