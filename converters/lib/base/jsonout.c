#include "base/json.h"

#include <stdint.h>

/* Whether any byte of the eight is a control, a quote or a backslash. */
static bool
any_special(uint64_t w)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
    uint64_t quote = w ^ ones * '"', slash = w ^ ones * '\\';

    return ((((w - ones * 0x20) | (quote - ones) | (slash - ones)) & ~w) & high) != 0;
}

size_t
mo_json_plain(struct mo_str s, size_t i)
{
    size_t start = i;

    for (; i + 8 <= s.n; i += 8) {
        uint64_t w;

        memcpy(&w, s.p + i, sizeof w);
        if (any_special(w))
            break;
    }
    while (i < s.n && (unsigned char)s.p[i] >= 0x20 && s.p[i] != '"' && s.p[i] != '\\')
        ++i;
    return i - start;
}

static void
put_escaped(struct mo_buf *out, unsigned char c)
{
    static const char letters[] = "btn?fr";

    if (c == '"' || c == '\\')
        mo_buf_printf(out, "\\%c", c);
    else if (c >= '\b' && c <= '\r' && c != '\v')
        mo_buf_printf(out, "\\%c", letters[c - '\b']);
    else
        mo_buf_printf(out, "\\u%04x", c);
}

void
mo_json_string(struct mo_buf *out, struct mo_str s)
{
    size_t i = 0;

    mo_buf_byte(out, '"');
    while (i < s.n) {
        size_t n = mo_json_plain(s, i);

        mo_buf_add(out, s.p + i, n);
        i += n;
        if (i < s.n)
            put_escaped(out, (unsigned char)s.p[i++]);
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
