/*
 * What a converter says of a page: the diagnostics that it writes, one JSON object a line.
 */
#ifndef HARVESTER_FINDING_H
#define HARVESTER_FINDING_H

#include <stdbool.h>

#include <moisson/str.h>

struct finding {
    char code[8], level[8];
    char text[200], detail[200]; /* UTF-8, cut between characters */
    char record[1024];
};

/* Read a line; what it does not say is empty. False when it is no JSON object. */
bool finding_read(struct mo_str line, struct finding *finding);

/* Whether it speaks against the page as a whole, and against no record. */
bool finding_is_of_page(const struct finding *finding);

/* Whether it says no more than that there are other pages. */
bool finding_is_of_paging(const struct finding *finding);

/* Whether it rejects a record. */
bool finding_rejects(const struct finding *finding);

/* Whether it says that there is no record at all. */
bool finding_is_empty(const struct finding *finding);

#endif
