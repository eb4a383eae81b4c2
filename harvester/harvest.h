/* What became of a harvest, for people. */
#ifndef HARVESTER_HARVEST_H
#define HARVESTER_HARVEST_H

#include "crawl.h"
#include "program.h"

/* Say the end of a job; of a dry one what it would change, and forget it. `ctx`: the run. */
void harvest_outcome(
    void *ctx, const struct source *source, const struct outcome *outcome);

#endif
