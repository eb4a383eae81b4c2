#include "base/json.h"
#include "base/plain.h"

#include <stdint.h>

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
 * The escape whose letter this is; within a string of JSON each backslash and quote of it is
 * escaped again. Returns where it ends, LONGEST_ESCAPE bytes on at most.
 */
enum { LONGEST_ESCAPE = 4 };

static inline char *
put_escape(char *to, char letter, bool within)
{
    size_t n = !within ? 1 : letter == '"' || letter == '\\' ? 3 : 2;

    memcpy(to, "\\\\\\", 3);
    to[n] = letter;
    return to + n + 1;
}

/*
 * From s.p[*i] on, what has a letter for an escape if it needs one. There is room for the longest
 * for each byte, and a block more. Returns where it ends.
 */
static inline __attribute__((always_inline)) char *
put_run(char *to, struct mo_str s, size_t *i, bool within)
{
    size_t at = *i;

    while (at < s.n) {
        char letter;

        if (at + MO_BLOCK <= s.n) {
            size_t n = mo_plain_block(s.p + at);

            memcpy(to, s.p + at, MO_BLOCK);
            at += n;
            to += n;
            if (n == MO_BLOCK)
                continue;
        } else if (s.n - at >= 4 && mo_copy_plain(to, s.p + at, s.n - at)) {
            to += s.n - at;
            at = s.n;
            continue;
        } else if (mo_is_plain(s.p[at])) {
            *to++ = s.p[at++];
            continue;
        }
        letter = escape_of(s.p[at]);
        if (!letter)
            break;
        to = put_escape(to, letter, within);
        ++at;
    }
    *i = at;
    return to;
}

/* A piece, and the byte behind it that has to be escaped, without room to spare. */
static size_t
put_piece(struct mo_buf *out, struct mo_str s, size_t i, bool within)
{
    size_t n = mo_plain(s, i);
    char memory[LONGEST_ESCAPE];

    mo_buf_add(out, s.p + i, n);
    i += n;
    if (i == s.n)
        return i;
    if (escape_of(s.p[i])) {
        n = (size_t)(put_escape(memory, escape_of(s.p[i]), within) - memory);
        mo_buf_add(out, memory, n);
    } else {
        mo_buf_printf(
            out, within ? "\\\\u%04x" : "\\u%04x", (unsigned)(unsigned char)s.p[i]);
    }
    return i + 1;
}

/* Copy what is plain, up to a byte that may not be; its offset. There is room for a block more. */
static inline size_t
copy_plain(char *to, struct mo_str s)
{
    size_t at = 0, n;

    if (s.n < 4)
        return 0;
    if (s.n < MO_BLOCK)
        return mo_copy_plain(to, s.p, s.n) ? s.n : 0;
    for (; at + MO_BLOCK <= s.n; at += MO_BLOCK) {
        memcpy(to + at, s.p + at, MO_BLOCK);
        n = mo_plain_block(s.p + at);
        if (n < MO_BLOCK)
            return at + n;
    }
    if (at == s.n)
        return at;
    at = s.n - MO_BLOCK; /* the last block once more, with what is behind it */
    memcpy(to + at, s.p + at, MO_BLOCK);
    return at + mo_plain_block(s.p + at);
}

/* Room for a string of which all bytes have the longest escape. False where there is none. */
static bool
reserve(struct mo_buf *out, size_t n, size_t each, size_t around)
{
    return n < SIZE_MAX / 8 && each * n + around < out->max - out->n &&
           !mo_buf_reserve(out, each * n + around);
}

static void
put_pieces(struct mo_buf *out, struct mo_str s, size_t i, bool within)
{
    while (i < s.n)
        i = put_piece(out, s, i, within);
    mo_buf_c(out, within ? "\\\"" : "\"");
}

static inline __attribute__((always_inline)) void
put_string(struct mo_buf *out, struct mo_str s, bool within)
{
    const char *quote = within ? "\\\"" : "\"";
    const size_t n_quote = within ? 2 : 1, each = within ? LONGEST_ESCAPE : 2;
    const size_t around = MO_BLOCK + 2 * n_quote + each;
    size_t left = out->cap - out->n, i;
    char *to;

    if (out->failed || ((left <= around || s.n >= (left - around) / each) &&
                           !reserve(out, s.n, each, around))) {
        mo_buf_c(out, quote);
        put_pieces(out, s, 0, within);
        return;
    }
    to = out->p + out->n;
    memcpy(to, quote, n_quote);
    to += n_quote;
    i = copy_plain(to, s);
    to += i;
    if (i < s.n)
        to = put_run(to, s, &i, within);
    memcpy(to, quote, n_quote);
    to += i == s.n ? n_quote : 0;
    out->n = (size_t)(to - out->p);
    *to = '\0';
    if (i < s.n)
        put_pieces(out, s, i, within);
}

void
mo_json_string(struct mo_buf *out, struct mo_str s)
{
    put_string(out, s, false);
}

void
mo_json_string_within(struct mo_buf *out, struct mo_str s)
{
    put_string(out, s, true);
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
