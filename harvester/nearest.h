/* Which of some known words was meant by one that is not known. */
#ifndef HARVESTER_NEAREST_H
#define HARVESTER_NEAREST_H

#include <stddef.h>

/* The word that takes the fewest changes of a letter, or NULL when none is near. */
const char *nearest(const char *word, const char *const words[], size_t n);

#endif
