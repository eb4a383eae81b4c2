/* What the store wants to know of a record, found before it is staged and kept until then. */
#ifndef HARVESTER_FACTS_H
#define HARVESTER_FACTS_H

#include <stdbool.h>

#include <moisson/buf.h>
#include <moisson/record.h>

#include "config.h"
#include "seen.h"
#include "spool.h"

struct facts {
    const char *kind;        /* NULL: it is the page itself that the line speaks of */
    const char *state, *why; /* see choice_against(); NULL: the record is taken */
    bool whole;              /* no part, and no loose node */
    char hash[65];           /* "": too costly */
    char likeness[SEEN_LIKENESS];
    struct mo_str identity; /* "": it has none */
    struct mo_str iri;      /* no `p`: it has none */
    struct mo_str title;
};

/* Of a record; texts are borrowed from it and from `identity`. */
void facts_find(const struct mo_record *record, const struct source *source,
    struct mo_buf *identity, struct facts *facts);

/* As finding_keep() and finding_recall(), one at a time. */
int facts_keep(struct spool *spool, const struct facts *facts);
int facts_recall(struct spool *spool, int64_t *at, struct facts *facts);

#endif
