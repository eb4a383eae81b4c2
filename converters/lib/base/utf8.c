#include <moisson/text.h>

#include "base/block.h"
#include "base/ctype.h"

/* What a first byte announces: length, and the bounds of the second byte (RFC 3629, 4). */
static size_t
sequence(unsigned char c, unsigned char *low, unsigned char *high)
{
    *low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
    *high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
    return c < 0x80 ? 1 : c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
}

/* Length of the well-formed character at the head of `s`, or 0. */
static size_t
character(struct mo_str s)
{
    unsigned char low, high, c;
    size_t n = sequence((unsigned char)s.p[0], &low, &high);

    if (n > s.n)
        return 0;
    for (size_t i = 1; i < n; ++i) {
        c = (unsigned char)s.p[i];
        if (c < low || c > high)
            return 0;
        low = 0x80;
        high = 0xBF;
    }
    return n;
}

/* Through what is ASCII, from `at` on. */
static size_t
skip_ascii(struct mo_str s, size_t at)
{
    for (; at + MO_BLOCK <= s.n; at += MO_BLOCK) {
        size_t n = mo_block_first((mo_block)(mo_block_at(s.p + at) >= 0x80));

        if (n < MO_BLOCK)
            return at + n;
    }
    while (at < s.n && (unsigned char)s.p[at] < 0x80)
        ++at;
    return at;
}

size_t
mo_utf8_bad(struct mo_str s)
{
    size_t at = skip_ascii(s, 0);

    while (at < s.n) {
        unsigned char c = (unsigned char)s.p[at];
        size_t n = 2;

        /* Two bytes, as Latin letters with accents have. */
        if (c < 0xC2 || c >= 0xE0 || s.n - at < 2 ||
            ((unsigned char)s.p[at + 1] & 0xC0) != 0x80)
            n = character(mo_str_from(s, at));
        if (n == 0)
            return at;
        at += n;
        if (at < s.n && (unsigned char)s.p[at] < 0x80)
            at = skip_ascii(s, at);
    }
    return s.n;
}

uint32_t
mo_utf8_next(struct mo_str s, size_t *at)
{
    static const unsigned char mask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    struct mo_str rest = mo_str_from(s, *at);
    size_t n = character(rest);
    uint32_t c;

    if (n == 0) {
        ++*at;
        return 0xFFFD;
    }
    c = (unsigned char)rest.p[0] & mask[n];
    for (size_t i = 1; i < n; ++i)
        c = c << 6 | ((unsigned char)rest.p[i] & 0x3F);
    *at += n;
    return c;
}

size_t
mo_utf8_put(uint32_t c, char out[4])
{
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return 0;
    for (size_t i = n - 1; i > 0; --i) {
        out[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    out[0] = (char)(lead[n] | c);
    return n;
}

void
mo_utf8_mend(struct mo_str s, struct mo_buf *out)
{
    while (s.n) {
        size_t n = mo_utf8_bad(s);

        mo_buf_add(out, s.p, n);
        if (n < s.n)
            mo_buf_c(out, "\xEF\xBF\xBD");
        s = mo_str_from(s, n + 1);
    }
}

static bool
continues(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

size_t
mo_utf8_length(struct mo_str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; ++i)
        n += !continues(s.p[i]);
    return n;
}

struct mo_str
mo_utf8_head(struct mo_str s, size_t n)
{
    size_t i = 0;

    if (s.n <= n)
        return s;
    while (i < s.n && (continues(s.p[i]) || n-- > 0))
        ++i;
    return mo_str_n(s.p, i);
}

/* What belongs to the character before it, by range: marks, joiners, tones, tags. */
static bool
is_mark(uint32_t c)
{
    static const uint32_t ranges[][2] = {{0x300, 0x36F}, {0x483, 0x489}, {0x591, 0x5BD},
        {0x610, 0x61A}, {0x64B, 0x65F}, {0x900, 0x903}, {0x93A, 0x94F}, {0xE31, 0xE31},
        {0xE34, 0xE3A}, {0xE47, 0xE4E}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
        {0x200C, 0x200D}, {0x20D0, 0x20FF}, {0x302A, 0x302F}, {0x3099, 0x309A},
        {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0x1F3FB, 0x1F3FF}, {0xE0020, 0xE007F},
        {0xE0100, 0xE01EF}};

    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0] && c >= ranges[i][0]; ++i)
        if (c <= ranges[i][1])
            return true;
    return false;
}

struct mo_str
mo_utf8_letters(struct mo_str s, size_t n)
{
    enum { JOINER = 0x200D };
    size_t at = 0, end = 0, from;
    uint32_t last = 0;

    if (s.n <= n)
        return s;
    for (size_t i = 0; at < s.n; ++i) {
        uint32_t c;

        if (last != JOINER && (unsigned char)s.p[at] < 0x80) {
            from = at;
            at = skip_ascii(mo_str_n(s.p, s.n - from < n - i ? s.n : from + n - i), from);
            i += at - from;
            end = at > from ? at - 1 : end;
            if (at == s.n)
                break;
        }
        from = at;
        c = mo_utf8_next(s, &at);
        if (!is_mark(c) && last != JOINER)
            end = from;
        if (i == n)
            return mo_str_n(s.p, end);
        last = c;
    }
    return s;
}

bool
mo_utf8_is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1C && c <= 0x1F) ||
           c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
           c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

static bool
is_language(struct mo_str tag)
{
    size_t part = 0;
    bool first = true;

    for (size_t i = 0; i < tag.n; ++i) {
        if (tag.p[i] == '-' && part) {
            part = 0;
            first = false;
        } else if (!mo_is_alpha(tag.p[i]) && (first || !mo_is_digit(tag.p[i]))) {
            return false;
        } else {
            ++part;
        }
    }
    return part > 0;
}

struct mo_str
mo_language(struct mo_str tag, char memory[MO_LANGUAGE_SIZE])
{
    struct mo_str mended = mo_str_n(memory, tag.n);

    if (tag.n == 0 || is_language(tag))
        return tag;
    for (size_t i = 0; i < tag.n && tag.n <= MO_LANGUAGE_SIZE; ++i)
        memory[i] = (char)(tag.p[i] == '_' ? '-' : tag.p[i]);
    return tag.n <= MO_LANGUAGE_SIZE && is_language(mended) ? mended : mo_str("");
}
