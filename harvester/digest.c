#include "digest.h"

#include <string.h>

enum { BLOCK = sizeof((struct digest *)NULL)->held };

static uint64_t
mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9E3779B97F4A7C15; /* the golden ratio's bits */
    return hash ^ (hash >> 32);
}

static uint64_t
word_at(const char *p)
{
    uint64_t word;

    memcpy(&word, p, sizeof word);
    return word;
}

/* Lanes are variables, since a compiler multiplies more slowly in a vector. */
static void
add_blocks(struct digest *d, const char *p, size_t n)
{
    uint64_t a = d->lanes[0], b = d->lanes[1], c = d->lanes[2];

    for (; n; --n, p += BLOCK) {
        a = mix(a, word_at(p));
        b = mix(b, word_at(p + 8));
        c = mix(c, word_at(p + 16));
    }
    d->lanes[0] = a;
    d->lanes[1] = b;
    d->lanes[2] = c;
}

/* Blocks begin at multiples of their size from the first byte, wherever a piece does. */
void
digest_add(struct digest *d, struct mo_str bytes)
{
    size_t held = d->n % BLOCK, n = BLOCK - held;

    d->n += bytes.n;
    if (held && bytes.n >= n) {
        memcpy(d->held + held, bytes.p, n);
        add_blocks(d, d->held, 1);
        bytes = mo_str_from(bytes, n);
        held = 0;
    }
    if (held == 0) {
        add_blocks(d, bytes.p, bytes.n / BLOCK);
        bytes = mo_str_from(bytes, bytes.n / BLOCK * BLOCK);
    }
    if (bytes.n)
        memcpy(d->held + held, bytes.p, bytes.n);
}

uint64_t
digest_value(const struct digest *digest)
{
    struct digest d = *digest;
    uint64_t hash = d.n;

    memset(d.held + d.n % BLOCK, 0, BLOCK - d.n % BLOCK);
    add_blocks(&d, d.held, 1);
    for (int i = 0; i < DIGEST_LANES; ++i)
        hash = mix(hash, d.lanes[i]);
    return hash;
}
