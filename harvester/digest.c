#include "digest.h"

#include <string.h>

static uint64_t
mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9E3779B97F4A7C15; /* the golden ratio's bits */
    return hash ^ (hash >> 32);
}

static void
add_byte(struct digest *d, char byte)
{
    d->held |= (uint64_t)(unsigned char)byte << 8 * (d->n % 8);
    if (++d->n % 8)
        return;
    d->hash = mix(d->hash, d->held);
    d->held = 0;
}

/* Words begin at multiples of eight from the first byte, wherever a piece does. */
void
digest_add(struct digest *d, struct mo_str bytes)
{
    size_t i = 0;

    while (i < bytes.n && d->n % 8)
        add_byte(d, bytes.p[i++]);
    for (; i + 8 <= bytes.n; i += 8, d->n += 8) {
        const unsigned char *p = (const unsigned char *)bytes.p + i;
        uint64_t low = p[0] | p[1] << 8 | p[2] << 16 | (uint64_t)p[3] << 24;
        uint64_t high = p[4] | p[5] << 8 | p[6] << 16 | (uint64_t)p[7] << 24;

        d->hash = mix(d->hash, low | high << 32);
    }
    while (i < bytes.n)
        add_byte(d, bytes.p[i++]);
}

uint64_t
digest_value(const struct digest *d)
{
    return mix(mix(d->hash, d->held), d->n);
}
