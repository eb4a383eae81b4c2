#include <moisson/text.h>

#include "base/block.h"
#include "dcat/mend.h"
#include "dcat/values_impl.h"

enum { MOST_TIMES = 3, LONGEST_CHARACTER = 4 };

/* The byte that Windows-1252, or ISO-8859-1, has for a character; -1: none. */
static int
byte_of(uint32_t c)
{
    if (c < 0x100)
        return (int)c;
    for (int i = 0; i < 32; ++i)
        if (mo_windows_1252[i] == c)
            return 0x80 + i;
    return -1;
}

/*
 * Letters and signs of Western Europe, and pictures: what people write here. "É»" would
 * be a letter of phonetics, and is left alone.
 */
static bool
is_plausible(uint32_t c)
{
    static const uint32_t ranges[][2] = {{0xA0, 0xFF}, {0x152, 0x153}, {0x160, 0x161},
        {0x178, 0x178}, {0x17D, 0x17E}, {0x2009, 0x200B}, {0x2010, 0x2027},
        {0x202F, 0x203A}, {0x20AC, 0x20AC}, {0x2116, 0x2116}, {0x2122, 0x2122},
        {0x2190, 0x2193}, {0x2260, 0x2265}, {0x2600, 0x27BF}, {0xFEFF, 0xFEFF},
        {0x1F300, 0x1FAFF}};

    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; ++i)
        if (c >= ranges[i][0] && c <= ranges[i][1])
            return true;
    return false;
}

/* Turn it back once. False: not all of it can be, or nothing would come of it. */
static bool
turn_back(struct mo_str text, struct mo_buf *out)
{
    size_t at = 0, strange = 0;

    while (at < text.n) {
        int byte = byte_of(mo_utf8_next(text, &at));

        if (byte < 0)
            return false;
        mo_buf_byte(out, (char)byte);
    }
    text = mo_buf_view(out);
    if (mo_utf8_bad(text) < text.n)
        return false;
    for (at = 0; at < text.n;) {
        uint32_t c = mo_utf8_next(text, &at);

        if (c >= 0x80 && !is_plausible(c) && byte_of(c) < 0)
            return false;
        strange += c >= 0x80;
    }
    return strange > 0;
}

static bool
is_plausible_text(struct mo_str text)
{
    for (size_t at = 0; at < text.n;) {
        uint32_t c = mo_utf8_next(text, &at);

        if (c >= 0x80 && !is_plausible(c))
            return false;
    }
    return true;
}

/* Whether the characters at `at` were bytes of one that is plausible. */
static bool
were_bytes(struct mo_str text, size_t at)
{
    char bytes[LONGEST_CHARACTER];
    size_t n = 0, again = 0;

    while (n < sizeof bytes && at < text.n) {
        int byte = byte_of(mo_utf8_next(text, &at));

        if (byte < 0x80)
            break;
        bytes[n++] = (char)byte;
        if (n > 1 && mo_utf8_bad(mo_str_n(bytes, n)) == n)
            break;
    }
    return n > 1 && mo_utf8_bad(mo_str_n(bytes, n)) == n &&
           is_plausible(mo_utf8_next(mo_str_n(bytes, n), &again));
}

/*
 * Where the next byte is, from `at` on, that may begin one: 0xC3 of a letter with no ASCII
 * behind it, or 0xEF.
 */
static size_t
next_sign(struct mo_str s, size_t at)
{
    for (; at + MO_BLOCK + 2 <= s.n; at += MO_BLOCK) {
        mo_block b = mo_block_at(s.p + at), behind = mo_block_at(s.p + at + 2);
        size_t n =
            mo_block_first((mo_block)(((b == 0xC3) & (behind >= 0x80)) | (b == 0xEF)));

        if (n < MO_BLOCK)
            return at + n;
    }
    return mo_find_any(s, at, 0xC3, 0xEF, 0xEF);
}

/*
 * Whether some characters look so, or one was lost. What begins a character in UTF-8 is a
 * letter from U+00C2 to U+00F4, which is 0xC3 and another byte.
 */
static bool
looks_so(struct mo_str text)
{
    for (size_t at = 0; (at = next_sign(text, at)) < text.n; ++at) {
        bool alone = at + 2 < text.n && (unsigned char)text.p[at + 2] < 0x80;

        if ((unsigned char)text.p[at] == 0xC3 && !alone && were_bytes(text, at))
            return true;
        if ((unsigned char)text.p[at] == 0xEF &&
            mo_str_starts(mo_str_from(text, at), mo_str("\xEF\xBF\xBD")))
            return true;
    }
    return false;
}

enum mo_verdict
mo_mojibake_mend(struct mo_str text, struct mo_buf *out)
{
    struct mo_buf turned[2];
    struct mo_str now = text;
    bool plausible = false;

    if (!looks_so(text))
        return MO_NO;
    mo_buf_init(&turned[0], out->max);
    mo_buf_init(&turned[1], out->max);
    for (int i = 0; i < MOST_TIMES; ++i) {
        struct mo_buf *next = &turned[i & 1];

        mo_buf_clear(next);
        if (!turn_back(now, next))
            break;
        now = mo_buf_view(next);
        plausible = true;
    }
    plausible = plausible && is_plausible_text(now) && !looks_so(now) && now.n;
    if (plausible) /* a mark of byte order in its midst is none */
        mo_buf_str(
            out, mo_str_starts(now, mo_str("\xEF\xBB\xBF")) ? mo_str_from(now, 3) : now);
    mo_buf_done(&turned[0]);
    mo_buf_done(&turned[1]);
    return plausible ? MO_CERTAIN : MO_DOUBTFUL;
}
