/*
 * Our JSON-LD context, made from the tables: flat, so that every processor of JSON-LD
 * 1.0 or 1.1 reads it, with the keys of DCAT-AP 3.0.1 or 2.1.1 and the same IRIs. A key
 * of both means one thing, so where there is no context, the keys of both are known.
 */
#ifndef MO_JSONLD_CONTEXT_H
#define MO_JSONLD_CONTEXT_H

#include <moisson/buf.h>

#include "base/json.h"
#include "dcat/vocab.h"

/* A member of records that says nothing in RDF; null in the context. */
#define MO_PART_KEY "partOfRecord"

/* Append the value of "@context": with these keys, or, for MO_KEYS_COUNT, with all. */
void mo_context_put(const struct mo_vocab *vocab, enum mo_keys keys, struct mo_buf *out);

/* Whether `context`, the value of some "@context", is ours, and has no other terms. */
bool mo_context_is_ours(const struct mo_vocab *vocab, const struct mo_json *context);

#endif
