/*
 * A temporary file without a name, written at its end and read anywhere: where
 * nodes wait for the records that need them. What is not flushed yet is read from
 * memory.
 */
#ifndef MO_BASE_SPILL_H
#define MO_BASE_SPILL_H

#include <stddef.h>
#include <stdint.h>

#include <moisson/str.h>

struct mo_spill;

/* Nothing is opened before the first byte is written. NULL when memory is short. */
struct mo_spill *mo_spill_new(void);
void mo_spill_free(struct mo_spill *spill);

/*
 * Open the file now, in $TMPDIR or /tmp (before a sandbox is shut, say).
 * 0, or -1 with errno set.
 */
int mo_spill_open(struct mo_spill *spill);

/* Append; `*offset` is where it begins. 0, or -1 with errno set. */
int mo_spill_write(struct mo_spill *spill, struct mo_str bytes, uint64_t *offset);

/* Read exactly `n` bytes at `offset`. 0, or -1. */
int mo_spill_read(struct mo_spill *spill, uint64_t offset, void *bytes, size_t n);

/* Bytes written so far. */
uint64_t mo_spill_size(const struct mo_spill *spill);

/* Forget the contents; the file stays open. */
void mo_spill_reset(struct mo_spill *spill);

#endif
