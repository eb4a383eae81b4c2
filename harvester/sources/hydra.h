/*
 * What a record says of the page that it stands on. Two generations of Hydra say where the
 * next page is (hydra:PartialCollectionView and hydra:PagedCollection), as an IRI or as a text.
 */
#ifndef HARVESTER_SOURCES_HYDRA_H
#define HARVESTER_SOURCES_HYDRA_H

#include <moisson/record.h>

/* Whether a line may say something of the page; cheap. */
bool hydra_may_be_in(struct mo_str line);

/* The address of the next page, as it is written there; empty for none. */
struct mo_str hydra_next(const struct mo_record *record);

/* How many records all pages hold; below 0: it does not say. */
int64_t hydra_total(const struct mo_record *record);

/*
 * Which record the next page of a CSW begins with, counted from 1; 0: there is none, and none
 * behind a page that holds nothing; below 0: it does not say.
 */
int64_t hydra_next_record(const struct mo_record *record);

/* Whether the record is about nothing but the page. */
bool hydra_is_page(const struct mo_record *record);

#endif
