/*
 * What DCAT-AP knows: made once from the tables, then shared by any number of
 * readers and writers, in any number of threads.
 */
#ifndef MOISSON_VOCAB_H
#define MOISSON_VOCAB_H

#include <moisson/tables.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mo_vocab;

/*
 * `tables` must outlive the vocabulary and not change. You own the result; NULL when
 * memory is short or a table is not consistent (which is reported).
 */
MO_API struct mo_vocab *mo_vocab_new(
    const struct mo_tables *tables, const struct mo_sink *sink);
MO_API void mo_vocab_free(struct mo_vocab *vocab);

#ifdef __cplusplus
}
#endif

#endif
