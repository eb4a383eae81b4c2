/* A number for bytes that come in pieces: to know them again, not to seal them. */
#ifndef HARVESTER_DIGEST_H
#define HARVESTER_DIGEST_H

#include <stdint.h>

#include <moisson/str.h>

/* All zeros is that of nothing. */
struct digest {
    uint64_t hash;
    uint64_t held; /* bytes that do not fill a word yet */
    uint64_t n;    /* bytes so far */
};

void digest_add(struct digest *digest, struct mo_str bytes);

/* Equal for equal bytes, in whatever pieces they came. */
uint64_t digest_value(const struct digest *digest);

#endif
