/* A line of DCAT-AP JSON as a record, for as long as a function looks at it. */
#ifndef HARVESTER_SEEN_H
#define HARVESTER_SEEN_H

#include <moisson/record.h>
#include <moisson/vocab.h>

/*
 * Call `look` with the record of the line. -1 when the line holds none, or memory is
 * short; else what `look` returned.
 */
int seen_record(const struct mo_vocab *vocab, struct mo_str line,
    int (*look)(void *ctx, const struct mo_record *record), void *ctx);

/* What kind of item it is: dataset, service, catalogue, part or loose. */
const char *seen_kind(const struct mo_record *record);

/* Its title, in French if there is one, else the first; or empty. */
struct mo_str seen_title(const struct mo_record *record);

#endif
