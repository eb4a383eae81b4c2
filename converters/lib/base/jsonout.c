#include "base/json.h"

#include <stdint.h>

/*
 * The high bit of each byte of the eight that is a control, a quote or a backslash; also, it
 * may be, of bytes behind such a one.
 */
static uint64_t
specials(uint64_t w)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
    uint64_t quote = w ^ ones * '"', slash = w ^ ones * '\\';

    return ((w - ones * 0x20) | (quote - ones) | (slash - ones)) & ~w & high;
}

/* Which byte in memory has the first of these bits. */
static size_t
first_byte(uint64_t bits)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return (size_t)__builtin_ctzll(bits) / 8;
#else
    (void)bits;
    return 0; /* it is looked for byte by byte */
#endif
}

static bool
is_plain(char c)
{
    return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

size_t
mo_json_plain(struct mo_str s, size_t i)
{
    size_t start = i;

    for (; i + 8 <= s.n; i += 8) {
        uint64_t w, bits;

        memcpy(&w, s.p + i, sizeof w);
        bits = specials(w);
        if (bits) {
            i += first_byte(bits);
            break;
        }
    }
    while (i < s.n && is_plain(s.p[i]))
        ++i;
    return i - start;
}

/* The letter behind the backslash; 0: it has none. */
static char
escape_of(char c)
{
    static const char letters[] = "btn\0fr";

    if (c == '"' || c == '\\')
        return c;
    return c >= '\b' && c <= '\r' ? letters[c - '\b'] : '\0';
}

/*
 * From s.p[i] on, what needs two bytes for each at most; where it stops. There is room for
 * that, and 8 bytes more.
 */
static size_t
put_run(struct mo_buf *out, struct mo_str s, size_t i)
{
    char *to = out->p + out->n;

    while (i < s.n) {
        char letter;

        if (i + 8 <= s.n) {
            uint64_t w, bits;
            size_t n = 8;

            memcpy(&w, s.p + i, sizeof w);
            memcpy(to, &w, sizeof w);
            bits = specials(w);
            if (bits)
                n = first_byte(bits);
            i += n;
            to += n;
            if (!bits)
                continue;
        }
        if (is_plain(s.p[i])) {
            *to++ = s.p[i++];
            continue;
        }
        letter = escape_of(s.p[i]);
        if (!letter)
            break;
        *to++ = '\\';
        *to++ = letter;
        ++i;
    }
    out->n = (size_t)(to - out->p);
    *to = '\0';
    return i;
}

/* Without room to spare, a piece at a time. */
static size_t
put_piece(struct mo_buf *out, struct mo_str s, size_t i)
{
    size_t n = mo_json_plain(s, i);

    mo_buf_add(out, s.p + i, n);
    i += n;
    if (i < s.n && escape_of(s.p[i])) {
        mo_buf_byte(out, '\\');
        mo_buf_byte(out, escape_of(s.p[i++]));
    }
    return i;
}

void
mo_json_string(struct mo_buf *out, struct mo_str s)
{
    size_t i = 0;

    mo_buf_byte(out, '"');
    while (i < s.n) {
        size_t room = 2 * (s.n - i) + 8;
        bool fast = room < out->max - out->n && !mo_buf_reserve(out, room);

        i = fast ? put_run(out, s, i) : put_piece(out, s, i);
        if (i < s.n && !is_plain(s.p[i]) && !escape_of(s.p[i]))
            mo_buf_printf(out, "\\u%04x", (unsigned char)s.p[i++]);
    }
    mo_buf_byte(out, '"');
}

void
mo_json_join(struct mo_buf *out, struct mo_buf *piece)
{
    mo_json_string(out, mo_buf_view(piece));
    out->failed = out->failed || piece->failed;
    mo_buf_done(piece);
}

void
mo_json_string_or_null(struct mo_buf *out, struct mo_str text)
{
    if (text.p)
        mo_json_string(out, text);
    else
        mo_buf_c(out, "null");
}

static void
new_line(struct mo_buf *out, unsigned level)
{
    mo_buf_byte(out, '\n');
    for (unsigned i = 0; i < level; ++i)
        mo_buf_c(out, "  ");
}

static size_t
string_length(struct mo_str json, size_t at)
{
    size_t i = at + 1;

    while (i < json.n && json.p[i] != '"')
        i += json.p[i] == '\\' ? 2 : 1;
    return (i < json.n ? i + 1 : json.n) - at;
}

void
mo_json_pretty(struct mo_buf *out, struct mo_str json, unsigned level)
{
    bool fresh = false; /* just behind an opening bracket */
    size_t n;

    for (size_t i = 0; i < json.n; i += n) {
        char c = json.p[i];
        bool closes = c == '}' || c == ']';

        n = 1;
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r')
            continue;
        if (closes)
            --level;
        if (fresh != closes)
            new_line(out, level);
        fresh = c == '{' || c == '[';
        if (c == '"')
            n = string_length(json, i);
        mo_buf_add(out, json.p + i, n);
        if (fresh)
            ++level;
        else if (c == ',')
            new_line(out, level);
        else if (c == ':')
            mo_buf_byte(out, ' ');
    }
}
