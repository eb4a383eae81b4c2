/* How a run went, as JSON: an object a source, and a total. */
#ifndef HARVESTER_SUMMARY_H
#define HARVESTER_SUMMARY_H

#include "program.h"

struct summary;

/* Remember which jobs there are already. */
struct summary *summary_begin(struct run *r);

/*
 * Write what the later ones did, as --summary and --json say; free it. Dry jobs leave
 * nothing to be told. 0, or -1 once it is said why.
 */
int summary_end(struct summary *summary, struct run *r);

#endif
