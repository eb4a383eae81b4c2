/* A number for bytes that come in pieces: to know them again in this run, not to seal them. */
#ifndef HARVESTER_DIGEST_H
#define HARVESTER_DIGEST_H

#include <stdint.h>

#include <moisson/str.h>

enum { DIGEST_LANES = 3 };

/* All zeros is that of nothing. */
struct digest {
    uint64_t
        lanes[DIGEST_LANES]; /* words by turns, so that none waits for the one before */
    char held[DIGEST_LANES * sizeof(uint64_t)]; /* bytes that do not fill a block yet */
    uint64_t n;                                 /* bytes so far */
};

void digest_add(struct digest *digest, struct mo_str bytes);

/* Equal for equal bytes, in whatever pieces they came. */
uint64_t digest_value(const struct digest *digest);

#endif
