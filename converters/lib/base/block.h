/* Sixteen bytes looked at in one go. */
#ifndef MO_BASE_BLOCK_H
#define MO_BASE_BLOCK_H

#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <moisson/str.h>

enum { MO_BLOCK = 16 };

typedef unsigned char mo_block __attribute__((vector_size(16)));

static inline mo_block
mo_block_at(const char *p)
{
    mo_block block;

    memcpy(&block, p, sizeof block);
    return block;
}

/* Which of eight bytes in memory is the first that is not 0; one is. */
static inline size_t
mo_first_byte(uint64_t bytes)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return (size_t)__builtin_ctzll(bytes) / 8;
#else
    return (size_t)__builtin_clzll(bytes) / 8;
#endif
}

/* Which byte of the block is the first that is 255 and not 0; MO_BLOCK: none is. */
static inline size_t
mo_block_first(mo_block hits)
{
#ifdef __SSE2__
    return (size_t)__builtin_ctz(
        (unsigned)_mm_movemask_epi8((__m128i)hits) | 1u << MO_BLOCK);
#else
    uint64_t halves[2];

    memcpy(halves, &hits, sizeof halves);
    return halves[0]   ? mo_first_byte(halves[0])
           : halves[1] ? 8 + mo_first_byte(halves[1])
                       : MO_BLOCK;
#endif
}

/* The sum of its bytes. */
static inline size_t
mo_block_sum(mo_block block)
{
    const uint64_t every_other = UINT64_C(0x00FF00FF00FF00FF);
    uint64_t halves[2], sums = 0;

    memcpy(halves, &block, sizeof halves);
    for (int i = 0; i < 2; ++i)
        sums += (halves[i] & every_other) + (halves[i] >> 8 & every_other);
    return (size_t)(sums * UINT64_C(0x0001000100010001) >> 48);
}

/* How many bytes of `s` are this one. */
static inline size_t
mo_count(struct mo_str s, unsigned char byte)
{
    size_t n = 0, at = 0;

    while (at + MO_BLOCK <= s.n) {
        mo_block sums = {0};

        for (int i = 0; i < UINT8_MAX && at + MO_BLOCK <= s.n; ++i, at += MO_BLOCK)
            sums -= (mo_block)(mo_block_at(s.p + at) == byte);
        n += mo_block_sum(sums);
    }
    for (; at < s.n; ++at)
        n += (unsigned char)s.p[at] == byte;
    return n;
}

/* Offset of the first byte of `s` from `at` on that is one of these, or s.n. */
static inline size_t
mo_find_any(struct mo_str s, size_t at, unsigned char a, unsigned char b, unsigned char c)
{
    for (; at + MO_BLOCK <= s.n; at += MO_BLOCK) {
        mo_block block = mo_block_at(s.p + at);
        size_t n = mo_block_first((mo_block)((block == a) | (block == b) | (block == c)));

        if (n < MO_BLOCK)
            return at + n;
    }
    for (; at < s.n; ++at) {
        unsigned char byte = (unsigned char)s.p[at];

        if (byte == a || byte == b || byte == c)
            return at;
    }
    return at;
}

#endif
