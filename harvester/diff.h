/* What a harvest changed, or would change. */
#ifndef HARVESTER_DIFF_H
#define HARVESTER_DIFF_H

#include "program.h"

/* Print what the staged job would change, on `r->out`. 0, or the exit status. */
int diff_job(const struct run *r, int64_t job);

#endif
