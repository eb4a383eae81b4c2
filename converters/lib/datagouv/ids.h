/*
 * Ids that data.gouv.fr gave, by our keys: rows of cells with tabs between them, as jq's
 * @tsv writes them.
 *
 *     KEY ID              a record or contact point
 *     KEY ID URL TITLE    a resource of the record KEY
 *
 * Of two rows for one thing the later counts; a row without an ID (or with null, which is
 * what an answer that refuses gives) counts for nothing.
 */
#ifndef MO_DATAGOUV_IDS_H
#define MO_DATAGOUV_IDS_H

#include <moisson/diag.h>
#include <moisson/str.h>

struct mo_ids;

/*
 * You own it; `rows` must outlive it, and may be empty. NULL when memory is short or a
 * row cannot be used, which was reported.
 */
struct mo_ids *mo_ids_new(
    struct mo_str rows, struct mo_str file, const struct mo_sink *sink);
void mo_ids_free(struct mo_ids *ids);

/* The id of a record or contact point; empty when it has none. */
struct mo_str mo_ids_record(const struct mo_ids *ids, struct mo_str key);

/*
 * The id of a resource, by URL and title; with `by_url` also by its URL alone, where the
 * record has one resource of that URL. Empty when it has none.
 */
struct mo_str mo_ids_resource(const struct mo_ids *ids, struct mo_str key,
    struct mo_str url, struct mo_str title, bool by_url);

#endif
