/* A line of DCAT-AP JSON as a record, for as long as a function looks at it. */
#ifndef HARVESTER_SEEN_H
#define HARVESTER_SEEN_H

#include <stdbool.h>

#include <moisson/record.h>
#include <moisson/vocab.h>

/* What reads line after line; `vocab` must outlive it. You own it; NULL: no memory. */
struct seen;
struct seen *seen_new(const struct mo_vocab *vocab);
void seen_free(struct seen *seen);

/*
 * Call `look` with the record of the line. -1 when the line holds none, or memory is
 * short; else what `look` returned.
 */
int seen_line(struct seen *seen, struct mo_str line,
    int (*look)(void *ctx, const struct mo_record *record), void *ctx);

/* The same of one line by itself. */
int seen_record(const struct mo_vocab *vocab, struct mo_str line,
    int (*look)(void *ctx, const struct mo_record *record), void *ctx);

/* What kind of item it is: dataset, service, catalogue, part or loose. */
const char *seen_kind(const struct mo_record *record);

/*
 * Its title, in the first of these languages that there is (French, when none is
 * named), else the first; or empty.
 */
struct mo_str seen_title(
    const struct mo_record *record, const char *const languages[], size_t n);

/*
 * What it says, without identifiers, addresses and the date of change: equal for a record
 * that moved. Empty for one without a title. 32 hex digits and a NUL.
 */
enum { SEEN_LIKENESS = 33 };
void seen_likeness(const struct mo_record *record, char likeness[SEEN_LIKENESS]);

/* Call `look` with each value of a property of the root; true when it said so once. */
bool seen_any(const struct mo_record *record, const char *property,
    bool (*look)(void *ctx, const struct mo_term *value), void *ctx);

/* Whether a line is a whole record of a member of the catalogue, by its first types. */
bool seen_is_member(struct mo_str line);

#endif
