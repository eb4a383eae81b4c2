/*
 * What the settings of a source add to its records in an export for data.gouv.fr, and
 * what they keep of the platform: `organization`, `tags`, `licence`, `keep` and `union`.
 * Records are lines of data.gouv.fr JSON; what is stored stays as it was.
 */
#ifndef HARVESTER_MERGE_H
#define HARVESTER_MERGE_H

#include <moisson/buf.h>

#include "config.h"

/* The objects that the platform has now. */
struct merge;

/*
 * Read them from a file: a page of its API ({"data": [...]}), an array, one object, or
 * several of these behind each other. NULL when it cannot be read: see `*line`, 0 when
 * the file cannot be opened.
 */
struct merge *merge_read(const char *file, size_t *line);
void merge_free(struct merge *merge);

/* Whether `keep` may name this field, and whether `union` may. */
bool merge_keeps(const char *field);
bool merge_unites(const char *field);

/* Whether the settings of the source ask for anything. */
bool merge_wanted(const struct source *source, const struct merge *merge);

/*
 * Append the record with what the source's settings say; or as it is, when that is
 * nothing. `merge` may be NULL. `*kept` counts the fields that are the platform's.
 */
void merge_record(const struct merge *merge, const struct source *source,
    struct mo_str record, struct mo_buf *out, size_t *kept);

#endif
