/* User, password and token of a source: from files and the environment, never shown. */
#ifndef HARVESTER_CREDENTIALS_H
#define HARVESTER_CREDENTIALS_H

#include "http.h"

/*
 * Read what the source names. NULL when all is there; else what is wrong, in English,
 * borrowed: the name of a file or a variable may stand in it, a secret does not.
 */
const char *credentials_read(
    const struct source *source, struct credentials *credentials, char *why, size_t size);

void credentials_done(struct credentials *credentials);

#endif
