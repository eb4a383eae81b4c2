/*
 * A cleaner: a record in, the same record repaired out. What is repaired is said by the
 * rows of the table "rules", and each repair is reported with the value before and after.
 * Cleaning what was cleaned changes nothing. One thread at a time; any number of cleaners.
 */
#ifndef MOISSON_CLEAN_H
#define MOISSON_CLEAN_H

#include <moisson/diag.h>
#include <moisson/record.h>
#include <moisson/vocab.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mo_clean_options {
    const struct mo_vocab *vocab; /* must outlive the cleaner */
    const struct mo_sink *sink;   /* told what was repaired; may be NULL */
    struct mo_str file;           /* the input's name, for diagnostics; borrowed */
    /* Codes of rules with commas between: only these, and not those. Empty: all, none. */
    struct mo_str only, except;
    int64_t now; /* seconds since 1970: what is later is in the future */
    /* Told each value that table `table` does not know, as in struct mo_writer_options. */
    void (*unmatched)(void *ctx, const char *table, struct mo_str row);
    void *unmatched_ctx;
};

struct mo_cleaner;

/* You own it; NULL when memory is short or the table has a row that cannot be used (which is reported). */
MO_API struct mo_cleaner *mo_cleaner_new(const struct mo_clean_options *options);

/*
 * Do now what the first records would have to wait for, where others wait for a copy of this
 * process. 0, or -1 when memory is short.
 */
MO_API int mo_cleaner_prepare(struct mo_cleaner *cleaner);

/*
 * Before its first record: these options in place of those that it has. 0; or -1, and it keeps
 * them, where the vocabulary is another, or other rules are wanted.
 */
MO_API int mo_cleaner_options(
    struct mo_cleaner *cleaner, const struct mo_clean_options *options);

/* NULL is fine. */
MO_API void mo_cleaner_free(struct mo_cleaner *cleaner);

/* The records of another input follow; `file` is for diagnostics, and borrowed. */
MO_API void mo_cleaner_file(struct mo_cleaner *cleaner, struct mo_str file);

/*
 * The record as it should be: valid until the next call of the cleaner, and as long as
 * `record` is. NULL when memory is short.
 */
MO_API const struct mo_record *mo_cleaner_put(
    struct mo_cleaner *cleaner, const struct mo_record *record);

#ifdef __cplusplus
}
#endif

#endif
