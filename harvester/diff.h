/* What a harvest changed, or would change. */
#ifndef HARVESTER_DIFF_H
#define HARVESTER_DIFF_H

#include "program.h"

/* Print what the staged job of a source would change, on `r->out`. 0, or the exit status. */
int diff_job(struct run *r, const char *source, int64_t job);

/* The end of the one JSON array that all of it is, with --json. */
void diff_end(const struct run *r);

#endif
