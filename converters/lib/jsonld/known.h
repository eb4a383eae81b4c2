/*
 * Contexts that are known by their URL and never fetched, from the tables contexts and
 * context-terms.
 */
#ifndef MO_JSONLD_KNOWN_H
#define MO_JSONLD_KNOWN_H

#include <moisson/buf.h>

#include "dcat/vocab.h"

/*
 * Append the document that is known as `url`, {"@context":…}. 0, or -1 when there is
 * none; memory that was short shows in `out`.
 */
int mo_known_context(const struct mo_vocab *vocab, struct mo_str url, struct mo_buf *out);

#endif
