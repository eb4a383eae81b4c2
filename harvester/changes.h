/*
 * What differs between two records, both as lines of DCAT-AP JSON: fields, and which
 * distributions came, went, moved or changed.
 */
#ifndef HARVESTER_CHANGES_H
#define HARVESTER_CHANGES_H

#include <stdio.h>

#include "store.h"

/*
 * Append to `d->json` a JSON array with an object for each difference, and add to the
 * counts:
 *
 *     {"field":"title","old":"Vases","new":"Vases grecs"}
 *     {"distribution":"CSV","state":"new","url":"https://..."}   or gone
 *     {"distribution":"CSV","state":"moved","url":"https://...","was":"https://..."}
 *     {"distribution":"CSV","state":"changed","url":"https://...","fields":["format"]}
 *
 * A distribution has moved when its address is another, but it is the same by its IRI, or
 * by title, format and address without the query. Long values are cut.
 */
void changes_find(struct mo_str old, struct mo_str new, struct differences *d);

/*
 * Print them, a line each behind `indent`; at most `width` columns each, 0: any. `most`
 * lines, then a count.
 */
void changes_print(
    FILE *out, struct mo_str json, const char *indent, size_t width, size_t most);

#endif
