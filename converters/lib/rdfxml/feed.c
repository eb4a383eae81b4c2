#include "rdfxml/rdfxml.h"

#include <libxml/parserInternals.h>
#include <stdlib.h>

#include "base/ctype.h"

enum { MAX_REPAIRS = 10000, BLOCK = 4096, LONGEST_REFERENCE = 40 };

static const struct opening {
    const char *open, *close;
    enum lexical state;
} openings[] = {
    {"<!--", "-->", COMMENT},
    {"<![CDATA[", "]]>", CDATA},
    {"<!DOCTYPE", NULL, DOCTYPE},
    {"<?", "?>", INSTRUCTION},
    {"<", ">", TAG},
};

static void
note_shift(struct rdfxml *r, uint64_t parsed, int64_t add)
{
    if (r->n_shifts == r->cap_shifts) {
        size_t cap = r->cap_shifts ? 2 * r->cap_shifts : 16;
        struct shift *grown = realloc(r->shifts, cap * sizeof *grown);

        if (!grown) {
            mo_rdfxml_trouble(r);
            return;
        }
        r->shifts = grown;
        r->cap_shifts = cap;
    }
    r->shifts[r->n_shifts].parsed = parsed;
    r->shifts[r->n_shifts++].add = add;
}

void
mo_rdfxml_shift_here(struct rdfxml *r)
{
    note_shift(r, r->parsed, (int64_t)(r->offset + r->fed) - (int64_t)r->parsed);
}

/* Hand bytes of the window over as they are. */
static void
pass(struct rdfxml *r, size_t to)
{
    size_t from = r->fed;

    if (to <= from)
        return;
    r->fed = to;
    r->parsed += to - from;
    xmlParseChunk(r->parser, r->window.p + from, (int)(to - from), 0);
}

/* Hand `text` over in place of `n` bytes of the window. */
static void
replace(struct rdfxml *r, size_t n, struct mo_str text)
{
    r->fed += n;
    r->parsed += text.n;
    mo_rdfxml_shift_here(r);
    if (text.n)
        xmlParseChunk(r->parser, text.p, (int)text.n, 0);
}

/* What stands behind `s`, which begins in `state`. */
static enum lexical
walk(struct mo_str s, enum lexical state)
{
    for (;;) {
        const struct opening *o = openings;
        size_t n;

        if (state == CONTENT) {
            n = mo_str_find(s, mo_str("<"), 0);
            if (n == s.n)
                return CONTENT;
            s = mo_str_from(s, n);
            while (!mo_str_starts(s, mo_str(o->open)))
                ++o;
            state = o->state;
            s = mo_str_from(s, strlen(o->open));
        }
        for (o = openings; o->state != state; ++o)
            ;
        if (!o->close)
            return state;
        n = mo_str_find(s, mo_str(o->close), 0);
        if (n == s.n)
            return state;
        s = mo_str_from(s, n + strlen(o->close));
        state = CONTENT;
    }
}

/*
 * What the window's byte `to` stands in, told from where that was known last, or the
 * parser stands. No delimiter goes across it: it may be wrong.
 */
static enum lexical
state_of(struct rdfxml *r, size_t to)
{
    uint64_t at = mo_rdfxml_offset(r);
    enum lexical state = r->parser->instate == XML_PARSER_CDATA_SECTION ? CDATA : CONTENT;

    if (r->lexed > at) {
        at = r->lexed;
        state = r->lexical;
    }
    state = walk(
        mo_str_n(r->window.p + (at - r->offset), to - (size_t)(at - r->offset)), state);
    r->lexed = r->offset + to;
    r->lexical = state;
    return state;
}

static bool
is_legal(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xD7FF) ||
           (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

/*
 * Length of the reference at the head of `s`, which begins with "&", with its ";"; 0
 * when it is none. `*character` is the one a character reference names, else 0.
 */
static size_t
reference_length(struct mo_str s, uint32_t *character)
{
    bool number = s.n > 2 && s.p[1] == '#', hex = number && s.p[2] == 'x';
    size_t from = hex ? 3 : number ? 2 : 1, n = from;
    uint32_t c = 0;

    for (; n < s.n && n < LONGEST_REFERENCE && s.p[n] != ';'; ++n) {
        char b = s.p[n];

        if (number) {
            int digit = mo_hex_digit(b);

            if (digit < 0 || (!hex && digit > 9))
                return 0;
            c = c > 0x10FFFF ? c : c * (hex ? 16 : 10) + (uint32_t)digit;
        } else if (!mo_is_alpha(b) && (unsigned char)b < 0x80 && b != '_' && b != ':' &&
                   (n == from || (!mo_is_digit(b) && b != '-' && b != '.'))) {
            return 0;
        }
    }
    if (n == from || n >= s.n || s.p[n] != ';')
        return 0;
    *character = number ? (c ? c : 0xFFFF) : 0;
    return n + 1;
}

static void
say(struct rdfxml *r, enum mo_diag_id id, uint32_t character)
{
    char text[16];
    struct mo_str detail = mo_str_from(
        mo_str_n(r->window.p, r->window.n < r->fed + 20 ? r->window.n : r->fed + 20),
        r->fed);

    snprintf(text, sizeof text, "U+%04X", (unsigned)character);
    mo_rdfxml_report(r, id, character ? mo_str(text) : mo_utf8_head(detail, 12),
        mo_str(""), r->offset + r->fed);
    if (r->in_unit && ++r->unit.repairs == MAX_REPAIRS)
        mo_rdfxml_reject(r, MO_DIAG_TOO_MANY_REPAIRS, mo_str(""), mo_str(""));
}

/* What stands for a character that XML cannot hold: nothing, or the space it meant. */
static struct mo_str
stand_in(uint32_t c)
{
    return mo_str(c == 0x0B || c == 0x0C ? " " : "");
}

/* The window's byte `at` may be wrong: a lone "&", or a control. It comes next. */
static void
repair(struct rdfxml *r, size_t at, bool last)
{
    struct mo_str s = mo_str_from(mo_buf_view(&r->window), at);
    uint32_t c = (unsigned char)s.p[0];
    size_t n = 1;
    enum lexical state;

    if (c == '&') {
        n = reference_length(s, &c);
        if (n && (c == 0 || is_legal(c)))
            return;
        if (n == 0 && s.n < LONGEST_REFERENCE && !last && !memchr(s.p, '<', s.n))
            return; /* its end is not here yet: the caller holds it back */
    }
    state = state_of(r, at);
    if ((state == COMMENT || state == INSTRUCTION) && s.p[0] != '&') {
        r->window.p[at] = ' '; /* it says nothing, and needs no place of its own */
        return;
    }
    if (state == COMMENT || state == INSTRUCTION)
        return;
    pass(r, at);
    if (r->fatal)
        return;
    if (state == DOCTYPE) { /* whose end only the parser knows */
        r->lexed = 0;
        state = state_of(r, at);
    }
    if (state == DOCTYPE || (s.p[0] == '&' && state != CONTENT && state != TAG))
        return;
    if (n == 0) {
        say(r, MO_DIAG_AMPERSAND, 0);
        replace(r, 1, mo_str("&amp;"));
    } else {
        say(r, MO_DIAG_CONTROL, c);
        replace(r, n, stand_in(c));
    }
}

static bool
is_bad_control(char b)
{
    unsigned char c = (unsigned char)b;

    return c < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

/* The next byte from `at` to `to` that may need a repair, or `to`. */
static size_t
find_suspect(const struct rdfxml *r, size_t at, size_t to)
{
    const char *p = r->window.p;
    const char *amp = memchr(p + at, '&', to - at);
    size_t end = amp ? (size_t)(amp - p) : to;

    while (at < end) {
        size_t n = end - at < BLOCK ? end - at : BLOCK;
        unsigned bad = 0;

        for (size_t i = at; i < at + n; ++i)
            bad |= is_bad_control(p[i]);
        if (bad) {
            while (!is_bad_control(p[at]))
                ++at;
            return at;
        }
        at += n;
    }
    return end;
}

void
mo_rdfxml_feed(struct rdfxml *r, size_t to, bool last)
{
    size_t at = r->fed;

    if (!r->reader.options.strict) {
        for (; !r->fatal && at < to; ++at) {
            at = find_suspect(r, at, to);
            if (at < to)
                repair(r, at, last);
            if (r->fed > at)
                at = r->fed - 1;
        }
        /* A reference that is cut by the end of what has come stays for the next time. */
        for (size_t back = 1; !last && back < LONGEST_REFERENCE && to - r->fed > back;
             ++back)
            if (r->window.p[to - back] == ';' || r->window.p[to - back] == '<')
                break;
            else if (r->window.p[to - back] == '&')
                to -= back;
    }
    if (!r->fatal)
        pass(r, to);
}
