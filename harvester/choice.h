/* Which records of a source are taken: by its settings, and by where they came from. */
#ifndef HARVESTER_CHOICE_H
#define HARVESTER_CHOICE_H

#include <moisson/record.h>

#include "config.h"

/*
 * NULL when the record is taken; else the setting or the portal that speaks against it,
 * borrowed, and `*state` is what it is then: filtered or foreign.
 */
const char *choice_against(
    const struct source *source, const struct mo_record *record, const char **state);

#endif
