/*
 * Writing JSON, a piece at a time, into a buffer.
 */
#ifndef MOISSON_JSON_H
#define MOISSON_JSON_H

#include <moisson/buf.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Append `text`, which is UTF-8, as a JSON string, quotes included. Only what must be
 * escaped is.
 */
MO_API void mo_json_string(struct mo_buf *out, struct mo_str text);

/* What `piece` holds as a JSON string; it is released, and if it failed so does `out`. */
MO_API void mo_json_join(struct mo_buf *out, struct mo_buf *piece);

/* The string, or null when `text.p` is NULL. */
MO_API void mo_json_string_or_null(struct mo_buf *out, struct mo_str text);

/*
 * Append `json`, which must be one valid value, indented by two spaces a level.
 * Empty objects and arrays stay on one line. `level` is where it stands already.
 */
MO_API void mo_json_pretty(struct mo_buf *out, struct mo_str json, unsigned level);

#ifdef __cplusplus
}
#endif

#endif
