#include <moisson/text.h>

#include "base/block.h"
#include "base/ctype.h"
#include "dcat/mend.h"
#include "dcat/values_impl.h"

enum { MOST_ROUNDS = 8, LONGEST_TAG = 2048, LONGEST_REFERENCE = 16, MAX_TEXT = 64 << 20 };

#define CDATA_OPEN "<![CDATA["

/* Characters that are not seen, and matter. */
static bool
is_unseen(uint32_t c)
{
    return (c >= 0x200B && c <= 0x200F && c != 0x200D) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF || c == 0xAD;
}

/* Where the next one may begin from `at` on: their first bytes are three, the second ones four. */
static size_t
next_unseen(struct mo_str s, size_t at)
{
    for (; at + MO_BLOCK + 2 <= s.n; at += MO_BLOCK) {
        mo_block a = mo_block_at(s.p + at), b = mo_block_at(s.p + at + 1),
                 c = mo_block_at(s.p + at + 2);
        size_t n = mo_block_first(
            (mo_block)(((a == 0xC2) & (b == 0xAD)) |
                       ((a == 0xE2) & (b == 0x80) & (c != 0x99)) |
                       ((a == 0xE2) & (b == 0x81)) | ((a == 0xEF) & (b == 0xBB))));

        if (n < MO_BLOCK)
            return at + n;
    }
    return mo_find_any(s, at, 0xC2, 0xE2, 0xEF);
}

uint32_t
mo_text_unseen(struct mo_str text)
{
    size_t at = 0;

    while ((at = next_unseen(text, at)) < text.n) {
        uint32_t c = mo_utf8_next(text, &at);

        if (is_unseen(c))
            return c;
    }
    return 0;
}

/* Control characters, but for tabs and line ends; among them those of ISO-8859-1. */
static bool
is_control(uint32_t c)
{
    return (c < ' ' && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7F && c <= 0x9F);
}

/* A letter or the like of ASCII, around which there is nothing to trim. */
static bool
is_solid(char c)
{
    return c > ' ' && c < 0x7F;
}

static bool
is_around(uint32_t c)
{
    return mo_utf8_is_space(c) || c == 0xFEFF;
}

/* Where the last character begins; where no character ends, the last byte. */
static size_t
last_character(struct mo_str s)
{
    size_t from = s.n - 1, end;

    for (int i = 0; i < 3 && from > 0 && ((unsigned char)s.p[from] & 0xC0) == 0x80; ++i)
        --from;
    end = from;
    mo_utf8_next(s, &end);
    return end == s.n ? from : s.n - 1;
}

struct mo_str
mo_utf8_trim(struct mo_str s)
{
    size_t n = 0, from;

    while (s.n && !is_solid(s.p[0]) && is_around(mo_utf8_next(s, &n))) {
        s = mo_str_from(s, n);
        n = 0;
    }
    while (s.n && !is_solid(s.p[s.n - 1])) {
        n = from = last_character(s);
        if (!is_around(mo_utf8_next(s, &n)))
            break;
        s.n = from;
    }
    return s;
}

/* "<![CDATA[…]]>" that was left in the text: without its marks, both or none. */
static bool
without_cdata(struct mo_str s, struct mo_buf *out)
{
    const struct mo_str open = mo_str(CDATA_OPEN), close = mo_str("]]>");
    bool any = false;
    size_t from, end;

    while ((from = mo_str_find(s, open, 0)) < s.n &&
           (end = mo_str_find(s, close, from)) < s.n) {
        mo_buf_add(out, s.p, from);
        mo_buf_add(out, s.p + from + open.n, end - from - open.n);
        s = mo_str_from(s, end + close.n);
        any = true;
    }
    mo_buf_str(out, s);
    return any;
}

static bool
without_controls(struct mo_str s, struct mo_buf *out)
{
    for (size_t at = 0; at < s.n;) {
        size_t start = at;

        if (!is_control(mo_utf8_next(s, &at)))
            mo_buf_add(out, s.p + start, at - start);
    }
    return out->n < s.n;
}

/* The tag at the head of `s`, whose brackets are escaped; its length, or 0. */
static size_t
escaped_tag(const struct mo_values *values, struct mo_str s, struct mo_buf *tag)
{
    size_t end = mo_str_find(
        mo_str_n(s.p, s.n < LONGEST_TAG ? s.n : LONGEST_TAG), mo_str("&gt;"), 4);
    struct mo_str inside;

    if (!mo_str_starts(s, mo_str("&lt;")) || end + 4 > s.n || end >= LONGEST_TAG)
        return 0;
    inside = mo_str_n(s.p + 4, end - 4);
    mo_buf_clear(tag);
    mo_buf_byte(tag, '<');
    for (size_t at = 0; at < inside.n;) {
        char utf8[4];
        size_t n = 0,
               length = inside.p[at] == '&'
                            ? mo_reference(values, mo_str_from(inside, at), utf8, &n)
                            : 0;

        mo_buf_add(tag, length ? utf8 : inside.p + at, length ? n : 1);
        at += length ? length : 1;
    }
    mo_buf_byte(tag, '>');
    return mo_holds_html(mo_buf_view(tag)) ? end + 4 : 0;
}

/*
 * HTML whose brackets are escaped, as brackets. It is HTML when it begins with a tag or has
 * one that closes another; a tag that a sentence speaks of is none.
 */
static bool
without_escapes(const struct mo_values *values, struct mo_str s, struct mo_buf *out)
{
    struct mo_buf tag;
    bool certain = false;

    if (mo_holds_html(s))
        return false;
    mo_buf_init(&tag, 2 * LONGEST_TAG);
    for (size_t at = 0; at < s.n;) {
        size_t next = mo_str_find(s, mo_str("&lt;"), at), length;

        mo_buf_add(out, s.p + at, next - at);
        if (next == s.n)
            break;
        length = escaped_tag(values, mo_str_from(s, next), &tag);
        certain = certain || (length && (next == 0 || tag.p[1] == '/'));
        mo_buf_str(out, length ? mo_buf_view(&tag) : mo_str("&lt;"));
        at = next + (length ? length : 4);
    }
    mo_buf_done(&tag);
    return certain;
}

/* What a reference at the head of `s` stands for, however often its "&" was escaped. */
static size_t
deep_reference(const struct mo_values *values, struct mo_str s, char utf8[4], size_t *n)
{
    const struct mo_str amp = mo_str("amp;");
    char memory[LONGEST_REFERENCE + 1] = "&";
    size_t skipped = 1, length;
    struct mo_str rest;

    while (mo_str_starts(mo_str_from(s, skipped), amp))
        skipped += amp.n;
    rest = mo_str_from(s, skipped);
    if (rest.n > LONGEST_REFERENCE - 1)
        rest.n = LONGEST_REFERENCE - 1;
    memcpy(memory + 1, rest.p, rest.n);
    length = mo_reference(values, mo_str_n(memory, rest.n + 1), utf8, n);
    if (length)
        return skipped + length - 1;
    if (skipped == 1)
        return 0;
    utf8[0] = '&';
    *n = 1;
    return skipped;
}

/*
 * Text without tags: references are what they stand for. False, when a tag would come of
 * it: "&lt;" stays as it is before what could be one.
 */
static bool
without_references(const struct mo_values *values, struct mo_str s, struct mo_buf *out)
{
    if (mo_holds_html(s))
        return false;
    for (size_t at = 0, from = 0; from < s.n; from = at) {
        char utf8[4], next;
        size_t n = 0, length;

        at = mo_str_find(s, mo_str("&"), from);
        mo_buf_add(out, s.p + from, at - from);
        if (at == s.n)
            break;
        length = deep_reference(values, mo_str_from(s, at), utf8, &n);
        next = at + length < s.n ? s.p[at + length] : ' ';
        if (length && utf8[0] == '<' && !mo_is_space(next) && !mo_is_digit(next) &&
            next != '=') {
            mo_buf_c(out, "&lt;");
        } else if (length && n == 2 && memcmp(utf8, "\xC2\xA0", 2) == 0) {
            mo_buf_byte(out, ' ');
        } else {
            mo_buf_add(out, length ? utf8 : "&", length ? n : 1);
        }
        at += length ? length : 1;
    }
    return !mo_holds_html(mo_buf_view(out));
}

/* Line ends and tabs, and the spaces beside them, are one space. */
static bool
in_one_line(struct mo_str s, struct mo_buf *out)
{
    for (size_t at = 0; at < s.n;) {
        size_t end = at;
        bool breaks = false;

        while (end < s.n && mo_is_space(s.p[end]))
            breaks = s.p[end++] != ' ' || breaks;
        if (end == at)
            end = at + 1;
        if (breaks)
            mo_buf_byte(out, ' ');
        else
            mo_buf_add(out, s.p + at, end - at);
        at = end;
    }
    return true;
}

struct text {
    const struct mo_values *values;
    bool line;
    struct mo_buf now, next;
    unsigned marks; /* of `now`; space that was trimmed may have had some of them */
};

enum step { CDATA, CONTROLS, ESCAPES, HTML, REFERENCES, LINE, TRIM, N_STEPS };

/* What of a text the steps are about. */
enum {
    MARK_TAG = 1,
    MARK_CDATA = 2,
    MARK_REFERENCE = 4,
    MARK_ESCAPE = 8,
    MARK_CONTROL = 16,
    MARK_BREAK = 32
};

/* Those of the byte there. */
static unsigned
marks_at(struct mo_str s, size_t at)
{
    unsigned char c = (unsigned char)s.p[at];
    struct mo_str rest = mo_str_from(s, at);

    switch (c) {
    case '<':
        return MARK_TAG | (mo_str_starts(rest, mo_str(CDATA_OPEN)) ? MARK_CDATA : 0);
    case '&':
        return MARK_REFERENCE | (mo_str_starts(rest, mo_str("&lt;")) ? MARK_ESCAPE : 0);
    case '\t':
    case '\n':
    case '\r': return MARK_BREAK;
    case 0xC2: return rest.n > 1 && (unsigned char)rest.p[1] < 0xA0 ? MARK_CONTROL : 0;
    default:
        return (c < ' ' || c == 0x7F ? MARK_CONTROL : 0) |
               (c < ' ' && mo_is_space((char)c) ? MARK_BREAK : 0);
    }
}

/* Where the next byte is that may be one, from `at` on. */
static inline size_t
next_mark(struct mo_str s, size_t at)
{
    for (; at + MO_BLOCK + 1 <= s.n; at += MO_BLOCK) {
        mo_block b = mo_block_at(s.p + at), next = mo_block_at(s.p + at + 1);
        size_t n =
            mo_block_first((mo_block)((b < ' ') | (b == '<') | (b == '&') | (b == 0x7F) |
                                      ((b == 0xC2) & (next < 0xA0))));

        if (n < MO_BLOCK)
            return at + n;
    }
    return at;
}

/* All that are in the text. Most have none but breaks, which are only for what is one line. */
static unsigned
marks_of(struct mo_str s, bool line)
{
    unsigned marks = 0;

    for (size_t at = 0; (at = next_mark(s, at)) < s.n; ++at)
        marks |= marks_at(s, at);
    return line ? marks : marks & ~(unsigned)MARK_BREAK;
}

/* Whether the text has what the step is about. */
static bool
may(const struct text *t, enum step step, struct mo_str s)
{
    switch (step) {
    case CDATA: return t->marks & MARK_CDATA;
    case CONTROLS: return t->marks & MARK_CONTROL;
    case ESCAPES: return t->marks & MARK_ESCAPE;
    case HTML: return (t->marks & MARK_TAG) || mo_str_trim(s).n < s.n;
    case REFERENCES: return t->marks & MARK_REFERENCE;
    case LINE: return t->marks & MARK_BREAK;
    default: return mo_utf8_trim(s).n < s.n;
    }
}

/* One step; false when it has nothing to do, or must not. */
static bool
take(struct text *t, enum step step, struct mo_str s, struct mo_buf *out)
{
    switch (step) {
    case CDATA: return without_cdata(s, out);
    case CONTROLS: return without_controls(s, out);
    case ESCAPES: return without_escapes(t->values, s, out);
    case HTML: (t->line ? mo_plain : mo_markdown)(t->values, s, out); return true;
    case REFERENCES: return without_references(t->values, s, out);
    case LINE: return t->line && in_one_line(s, out);
    default: mo_buf_str(out, mo_utf8_trim(s)); return true;
    }
}

/* All steps in turn. Whether one changed the text, which is in `now`. */
static bool
round_of(struct text *t)
{
    bool changed = false;

    for (int step = 0; step < N_STEPS; ++step) {
        struct mo_str before = mo_buf_view(&t->now);
        struct mo_buf swap;

        if (!before.n || !may(t, (enum step)step, before))
            continue;
        mo_buf_clear(&t->next);
        mo_buf_add(&t->next, "", 0);
        if (!take(t, (enum step)step, before, &t->next) || t->next.failed ||
            mo_str_eq(before, mo_buf_view(&t->next)))
            continue;
        swap = t->now;
        t->now = t->next;
        t->next = swap;
        if (step != TRIM && (step != HTML || (t->marks & MARK_TAG)))
            t->marks = marks_of(mo_buf_view(&t->now), t->line);
        changed = true;
    }
    return changed;
}

static enum mo_verdict
mend(const struct mo_values *values, struct mo_str text, bool line, struct mo_buf *out)
{
    struct text t = {.values = values, .line = line};
    struct mo_str inner = mo_utf8_trim(text);
    int rounds = 0;

    if (!marks_of(inner, line)) {
        mo_buf_str(out, inner);
        return inner.n < text.n ? MO_CERTAIN : MO_NO;
    }
    t.marks = marks_of(text, line);
    mo_buf_init(&t.now, MAX_TEXT);
    mo_buf_init(&t.next, MAX_TEXT);
    mo_buf_reserve(&t.next, text.n);
    mo_buf_str(&t.now, text);
    while (rounds < MOST_ROUNDS && round_of(&t))
        ++rounds;
    if (rounds == MOST_ROUNDS) { /* it never comes to rest: it stays as it was */
        mo_buf_clear(&t.now);
        mo_buf_str(&t.now, text);
    }
    mo_buf_str(out, mo_buf_view(&t.now));
    mo_buf_done(&t.now);
    mo_buf_done(&t.next);
    return rounds == 0 ? MO_NO : rounds == MOST_ROUNDS ? MO_DOUBTFUL : MO_CERTAIN;
}

enum mo_verdict
mo_text_mend(const struct mo_values *values, struct mo_str text, struct mo_buf *out)
{
    return mend(values, text, false, out);
}

enum mo_verdict
mo_line_mend(const struct mo_values *values, struct mo_str text, struct mo_buf *out)
{
    return mend(values, text, true, out);
}
