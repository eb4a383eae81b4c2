/* Tags of data.gouv.fr: what keywords become (tags.c), and how all of a run look (plurals.c). */
#ifndef MO_DATAGOUV_TAGS_H
#define MO_DATAGOUV_TAGS_H

#include "dcat/index.h"
#include "dcat/values.h"

/* Sorted, each once. */
struct mo_tags {
    char **at;
    size_t n, cap;
    bool failed; /* memory was short */
};

void mo_tags_done(struct mo_tags *tags);

/*
 * Append what data.gouv.fr makes of a text for a tag. False when it takes none: no letters, other
 * letters than these, too few or too many.
 */
bool mo_tag_of(const struct mo_values *values, const struct mo_vocab *vocab,
    struct mo_str text, struct mo_buf *slug);

/* A tag, and how often it came. */
struct mo_tag_count {
    char *tag;
    size_t n;
};

/* The tags of a run, up to a ceiling. Zeroed storage is empty. */
struct mo_tag_counts {
    struct mo_tag_count *at;
    size_t n, cap;
    struct mo_index index; /* by hash */
    bool failed;           /* memory was short */
};

void mo_tag_count(struct mo_tag_counts *counts, const char *tag);
void mo_tag_counts_done(struct mo_tag_counts *counts);

/*
 * Call `tell` for each two tags that differ by a plural alone: "musee" and "musees". The texts
 * are borrowed for the time of the call.
 */
void mo_tag_plurals(struct mo_tag_counts *counts,
    void (*tell)(void *ctx, const struct mo_tag_count *a, const struct mo_tag_count *b),
    void *ctx);

#endif
