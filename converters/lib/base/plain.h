/*
 * Where the next byte of a JSON text is that cannot stand in a string as it is: a control, a
 * quote or a backslash (RFC 8259, 7). Sixteen bytes are looked at in one go.
 */
#ifndef MO_BASE_PLAIN_H
#define MO_BASE_PLAIN_H

#include "base/block.h"

static inline bool
mo_is_plain(char c)
{
    return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

/* How many bytes of the block at `p` are plain before the first that is not. */
static inline size_t
mo_plain_block(const char *p)
{
    mo_block block = mo_block_at(p);

    return mo_block_first((mo_block)((block < 0x20) | (block == '"') | (block == '\\')));
}

/* Whether all bytes of the word are. */
static inline bool
mo_plain_word(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t quote = word ^ ones * '"', slash = word ^ ones * '\\';

    return (((word - ones * 0x20) | (quote - ones) | (slash - ones)) & ~word &
               ones << 7) == 0;
}

/* Copy 4 to 16 bytes. False, with nothing copied, if any of them is not plain. */
static inline bool
mo_copy_plain(char *to, const char *from, size_t n)
{
    if (n >= 8) {
        uint64_t head, tail; /* they may overlap */

        memcpy(&head, from, sizeof head);
        memcpy(&tail, from + n - sizeof tail, sizeof tail);
        if (!mo_plain_word(head) || !mo_plain_word(tail))
            return false;
        memcpy(to, &head, sizeof head);
        memcpy(to + n - sizeof tail, &tail, sizeof tail);
    } else {
        uint32_t head, tail;

        memcpy(&head, from, sizeof head);
        memcpy(&tail, from + n - sizeof tail, sizeof tail);
        if (!mo_plain_word((uint64_t)head << 32 | tail))
            return false;
        memcpy(to, &head, sizeof head);
        memcpy(to + n - sizeof tail, &tail, sizeof tail);
    }
    return true;
}

/* How many bytes of `s` from `i` on are plain. */
static inline size_t
mo_plain(struct mo_str s, size_t i)
{
    size_t start = i;

    for (; i + MO_BLOCK <= s.n; i += MO_BLOCK) {
        size_t n = mo_plain_block(s.p + i);

        if (n < MO_BLOCK)
            return i + n - start;
    }
    while (i < s.n && mo_is_plain(s.p[i]))
        ++i;
    return i - start;
}

#endif
