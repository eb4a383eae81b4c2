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
};

/* Read a line; what it does not say is empty. False when it is no JSON object. */
bool finding_read(struct mo_str line, struct finding *finding);

#endif
