/* Numbers and JSON literals as RDF writes them (JSON-LD 1.1 API, 8.2 and 8.6). */
#ifndef MO_JSONLD_NUMBER_H
#define MO_JSONLD_NUMBER_H

#include <moisson/buf.h>

#include "base/json.h"

/*
 * The canonical form of a JSON number: of an integer when it is whole, smaller than
 * 1e21 and `as_double` is not asked for, else of a double. Whether it is an integer. What is
 * more than a double can hold stays as it was written.
 */
bool mo_number_put(
    struct mo_buf *out, struct mo_str number, bool as_double, bool *is_too_much);

/* A JSON value in the form of RFC 8785 (JCS). */
void mo_json_canonical(struct mo_buf *out, const struct mo_json *value);

#endif
