#include "rdfxml/rdfxml.h"

#include <libxml/parserInternals.h>
#include <stdlib.h>

#include "base/block.h"
#include "base/ctype.h"

enum {
    SLICE = 8 << 10,  /* bytes that the parser gets before records are looked for */
    AHEAD = 32 << 10, /* bytes that are looked at, for the end of an element */
    MAX_ATTRIBUTES = 1000,
    PAGE = 4096,
    BLOCK = 256,
    SHORT = 16, /* bytes of text that the parser is given */
    LONGEST_REFERENCE = 40
};

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
    if (r->n_shifts && r->shifts[r->n_shifts - 1].parsed == parsed)
        --r->n_shifts; /* nothing was read between the two */
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
give(struct rdfxml *r, size_t to)
{
    size_t from = r->fed;

    if (to <= from)
        return;
    r->fed = to;
    r->parsed += to - from;
    xmlParseChunk(r->parser, r->window.p + from, (int)(to - from), 0);
}

void
mo_rdfxml_replace(struct rdfxml *r, size_t n, struct mo_str text)
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

/* ---- Texts that go past the parser ---- */

/* Whether the parser waits for the text of a property, or for more of it, and holds none back. */
static bool
awaits_text(const struct rdfxml *r)
{
    const xmlParserCtxt *parser = r->parser;
    const struct frame *frame = &r->frames[r->n_frames - 1];

    return !r->fatal && parser->instate == XML_PARSER_CONTENT && parser->inputNr == 1 &&
           parser->input->cur == parser->input->end && frame->kind == IN_PROPERTY &&
           !frame->kept;
}

uint32_t
mo_rdfxml_reference(struct mo_str s, size_t *length)
{
    static const struct {
        const char *text;
        char character;
    } known[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    uint32_t c;

    *length = reference_length(s, &c);
    for (size_t i = 0; c == 0 && i < sizeof known / sizeof known[0]; ++i)
        if (mo_str_is(mo_str_n(s.p, *length), known[i].text))
            c = (unsigned char)known[i].character;
    return *length && is_legal(c) ? c : 0;
}

/* Whether the parser would make of the text what it is, but for the references in it. */
static bool
is_plain(struct mo_str s)
{
    const char *amp;

    /* An end of line or of CDATA, or perhaps a character that XML forbids. */
    if (memchr(s.p, '\r', s.n) || memchr(s.p, ']', s.n) || memchr(s.p, 0xEF, s.n))
        return false;
    while ((amp = memchr(s.p, '&', s.n))) {
        size_t n;

        s = mo_str_from(s, (size_t)(amp - s.p));
        if (!mo_rdfxml_reference(s, &n))
            return false;
        s = mo_str_from(s, n);
    }
    return true;
}

/* Hand over the text that comes next, up to `to`: to the grammar, references to the parser. */
static void
pass_text(struct rdfxml *r, size_t to)
{
    const char *p = r->window.p;

    while (r->fed < to && awaits_text(r)) {
        const char *amp = memchr(p + r->fed, '&', to - r->fed);
        size_t end = amp ? (size_t)(amp - p) : to;

        if (end > r->fed) {
            r->parser->sax->characters(
                r, (const xmlChar *)p + r->fed, (int)(end - r->fed));
            r->fed = end;
            mo_rdfxml_shift_here(r);
        }
        if (amp)
            give(r, end + mo_str_find(mo_str_n(amp, to - end), mo_str(";"), 0) + 1);
    }
}

/* The first byte beyond ASCII from `at` to `to` of the window, or `to`. */
static size_t
find_high(const struct rdfxml *r, size_t at, size_t to)
{
    const char *p = r->window.p;

    for (; at + MO_BLOCK <= to; at += MO_BLOCK) {
        size_t n = mo_block_first(mo_block_at(p + at) & 0x80);

        if (n < MO_BLOCK)
            return at + n;
    }
    while (at < to && !(p[at] & 0x80))
        ++at;
    return at;
}

/*
 * Where the text begins that the window's byte `at` stands in: behind a start tag, or it comes
 * next. `at` itself where it is none that may go past the parser.
 */
static size_t
start_of_text(const struct rdfxml *r, size_t at)
{
    const char *p = r->window.p, *open = memrchr(p + r->fed, '<', at - r->fed), *close;

    if (!open)
        return awaits_text(r) ? r->fed : at;
    close = memchr(open, '>', (size_t)(p + at - open));
    return close && close[-1] != '/' && !strchr("/!?", open[1]) ? (size_t)(close + 1 - p)
                                                                : at;
}

/*
 * Feed the parser bytes of the window. It reads a text character by character from the first on
 * that is beyond ASCII: such a text goes past it.
 */
static void
give_but_texts(struct rdfxml *r, size_t to)
{
    size_t at = r->reader.options.strict ? to : r->fed;

    while ((at = find_high(r, at, to)) < to) {
        size_t from = start_of_text(r, at);
        const char *open = memchr(r->window.p + at, '<', to - at);
        size_t end = open ? (size_t)(open - r->window.p) : to;

        if (from < at && end - at >= SHORT &&
            is_plain(mo_str_n(r->window.p + from, end - from))) {
            give(r, from);
            pass_text(r, end);
        }
        at = end;
    }
    give(r, to);
}

/*
 * Hand over bytes of the window that were looked at, up to `stop` or the end of an element that
 * begins before it.
 */
static void
pass(struct rdfxml *r, size_t stop, size_t to, bool may_wait)
{
    while (r->fed < stop && mo_rdfxml_is_well(r)) {
        size_t until = mo_rdfxml_pass_elements(r, stop, to, may_wait);

        if (until == r->fed)
            break;
        give_but_texts(r, until);
    }
}

/*
 * The window's bytes from `at` on are not UTF-8, and no character beyond ASCII was before
 * them: the document is in the character set that those are in who do not say.
 */
static void
read_as_windows(struct rdfxml *r, size_t at)
{
    struct mo_str rest = mo_str_from(mo_buf_view(&r->window), at);
    struct mo_buf bytes;
    char detail[8];

    snprintf(detail, sizeof detail, "0x%02X", (unsigned char)rest.p[0]);
    mo_rdfxml_report(r, MO_DIAG_NOT_UTF8, mo_str(detail), mo_str(""), r->offset + at);
    mo_buf_init(&bytes, SIZE_MAX);
    mo_buf_str(&bytes, rest);
    r->decoder = mo_decoder_new(mo_str("WINDOWS-1252"), false);
    r->window.n = at;
    if (bytes.failed || !r->decoder ||
        mo_decoder_push(r->decoder, mo_buf_view(&bytes), r->ended, &r->window))
        mo_rdfxml_trouble(r);
    mo_buf_done(&bytes);
}

/* A byte that is not UTF-8 where other characters were. */
static void
replace_byte(struct rdfxml *r, size_t at)
{
    char detail[8];

    snprintf(detail, sizeof detail, "0x%02X", (unsigned char)r->window.p[at]);
    pass(r, at, at, false);
    if (r->fatal)
        return;
    mo_rdfxml_report(r, MO_DIAG_BAD_BYTES, mo_str(detail), mo_str(""), r->offset + at);
    mo_rdfxml_count_repair(r);
    mo_rdfxml_replace(r, 1, mo_str("\xEF\xBF\xBD"));
}

static void
say(struct rdfxml *r, enum mo_diag_id id, uint32_t character)
{
    char text[16];
    struct mo_str detail = mo_str_from(
        mo_str_n(r->window.p, r->window.n < r->fed + 20 ? r->window.n : r->fed + 20),
        r->fed);

    snprintf(text, sizeof text, "U+%04X", (unsigned)character);
    mo_rdfxml_report(r, id,
        id == MO_DIAG_CONTROL ? mo_str(text) : mo_utf8_head(detail, 12), mo_str(""),
        r->offset + r->fed);
    mo_rdfxml_count_repair(r);
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
    pass(r, at, at, false);
    if (r->fatal || r->root_end)
        return;
    if (state == DOCTYPE) { /* whose end only the parser knows */
        r->lexed = 0;
        state = state_of(r, at);
    }
    if (state == DOCTYPE || (s.p[0] == '&' && state != CONTENT && state != TAG))
        return;
    if (n == 0) {
        say(r, MO_DIAG_AMPERSAND, 0);
        mo_rdfxml_replace(r, 1, mo_str("&amp;"));
    } else {
        say(r, MO_DIAG_CONTROL, c);
        mo_rdfxml_replace(r, n, stand_in(c));
    }
}

static bool
is_bad_control(char b)
{
    unsigned char c = (unsigned char)b;

    return (c < 0x20) & (c != '\t') & (c != '\n') & (c != '\r');
}

/* The first byte from `at` to `to` that is a bad control or not UTF-8, or `to`. */
static size_t
find_bad(struct rdfxml *r, size_t at, size_t to, bool controls)
{
    const char *p = r->window.p;
    size_t end = r->decoder ? to : at + mo_utf8_bad(mo_str_n(p + at, to - at));
    size_t i = controls ? at : end;

    while (i < end && !is_bad_control(p[i]))
        ++i;
    for (size_t k = at; k < i && !r->beyond_ascii; ++k)
        r->beyond_ascii = p[k] & 0x80;
    return i;
}

static bool
continues(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* Whether a byte of `s` is a bad control, or is beyond ASCII. */
static void
look_at(struct mo_str s, bool *bad, bool *high)
{
    mo_block bads = {0}, all = {0};
    size_t i = 0;

    for (; i + MO_BLOCK <= s.n; i += MO_BLOCK) {
        mo_block b = mo_block_at(s.p + i);

        bads |= (mo_block)((b < 0x20) & ~((b == '\t') | (b == '\n') | (b == '\r')));
        all |= b;
    }
    *bad = mo_block_first(bads) < MO_BLOCK;
    *high = mo_block_first(all & 0x80) < MO_BLOCK;
    for (; i < s.n; ++i) {
        *bad = *bad || is_bad_control(s.p[i]);
        *high = *high || (s.p[i] & 0x80);
    }
}

/* The next byte from `at` to `to` that may need a repair, or `to`. */
static size_t
find_suspect(struct rdfxml *r, size_t at, size_t to)
{
    const char *p = r->window.p;
    const char *amp = memchr(p + at, '&', to - at);
    size_t end = amp ? (size_t)(amp - p) : to;

    while (at < end) {
        size_t n = end - at < BLOCK ? end - at : BLOCK;
        bool bad = false, high = false;

        look_at(mo_str_n(p + at, n), &bad, &high);
        if (bad || (high && !r->decoder)) {
            size_t here;

            while (at + n < end && continues(p[at + n]) && n < BLOCK + 3)
                ++n;
            here = find_bad(r, at, at + n, bad);
            if (here < at + n)
                return here;
        }
        at += n;
    }
    return end;
}

/* Where the last character before the window's byte `to` ends that is there as a whole. */
static size_t
whole_characters(const struct rdfxml *r, size_t to, bool last)
{
    const char *p = r->window.p;
    size_t back = 0;

    if (r->decoder || (last && to == r->window.n))
        return to;
    if (to < r->window.n) {
        while (back < 3 && to - back > r->fed && continues(p[to - back]))
            ++back;
        return to - back;
    }
    while (back < 3 && to - back > r->fed) {
        unsigned char c = (unsigned char)p[to - ++back];
        size_t whole = c < 0xC0 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;

        if (back < whole)
            return to - back;
        if (!continues(p[to - back]))
            break;
    }
    return to;
}

/* A reference that is cut by the end of what has come stays for the next time. */
static size_t
whole_references(const struct rdfxml *r, size_t to)
{
    for (size_t back = 1; back < LONGEST_REFERENCE && to - r->fed > back; ++back)
        if (r->window.p[to - back] == ';' || r->window.p[to - back] == '<')
            break;
        else if (r->window.p[to - back] == '&')
            return to - back;
    return to;
}

/* Go on counting the attributes of the long tag in hand, up to `to` of the window. */
static bool
is_crowded(struct rdfxml *r, size_t to)
{
    struct long_tag *tag = &r->long_tag;
    size_t i = (size_t)(tag->seen - r->offset);

    for (; i < to && !tag->ended; ++i) {
        char c = r->window.p[i];

        if (tag->quote) {
            tag->quote = c == tag->quote ? '\0' : tag->quote;
        } else {
            tag->ended = c == '>';
            tag->quote = c == '"' || c == '\'' ? c : '\0';
            tag->attributes += c == '=';
        }
    }
    tag->seen = r->offset + i;
    return tag->attributes > MAX_ATTRIBUTES;
}

/*
 * Look for a tag with more attributes than libxml2 can take in linear time. None that matters
 * is shorter than two pages: only pages in which no other tag begins are looked at.
 */
static bool
finds_crowded_tag(struct rdfxml *r, size_t to)
{
    struct long_tag *tag = &r->long_tag;
    size_t at = r->fed;

    while (at < to) {
        size_t n = PAGE - (size_t)((r->offset + at) % PAGE);
        const char *open;

        n = n < to - at ? n : to - at;
        open = memrchr(r->window.p + at, '<', n);
        if (open)
            *tag = (struct long_tag){.at = r->offset + (size_t)(open - r->window.p),
                .seen = r->offset + (size_t)(open - r->window.p),
                .ended = open[1] && strchr("!?/", open[1])};
        else if (tag->seen >= r->offset && is_crowded(r, at + n))
            return true;
        at += n;
    }
    return false;
}

/*
 * Look at bytes of the window up to `to`, and give the parser those up to `stop`, references and
 * characters repaired unless reading is strict. An element that begins there may go on to `to`.
 */
static void
feed(struct rdfxml *r, size_t stop, size_t to, bool last)
{
    bool may_wait = to == r->window.n && !r->ended;
    size_t seen = r->checked > r->offset ? (size_t)(r->checked - r->offset) : 0;
    size_t at = seen > r->fed ? seen : r->fed;

    if (finds_crowded_tag(r, to)) {
        if (r->long_tag.at > r->offset + r->fed)
            give(r, (size_t)(r->long_tag.at - r->offset));
        if (!r->fatal)
            mo_rdfxml_break(r, MO_DIAG_ATTRIBUTES, "", r->long_tag.at + 1);
        return;
    }
    if (!r->reader.options.strict) {
        to = whole_characters(r, to, last);
        for (; !r->fatal && at < to; ++at) {
            at = find_suspect(r, at, to);
            if (at == to)
                break;
            if (r->window.p[at] & 0x80 && !r->beyond_ascii) {
                read_as_windows(r, at);
                to = whole_characters(r, to < r->window.n ? to : r->window.n, last);
            } else if (r->window.p[at] & 0x80) {
                replace_byte(r, at);
            } else {
                repair(r, at, last);
            }
            if (r->fed > at)
                at = r->fed - 1;
        }
        if (!last)
            to = whole_references(r, to);
        r->checked = r->offset + to;
    }
    pass(r, stop < to ? stop : to, to, may_wait);
}

void
mo_rdfxml_feed_plain(struct rdfxml *r, size_t to, bool last)
{
    feed(r, to, to, last);
}

void
mo_rdfxml_feed_slice(struct rdfxml *r)
{
    bool all = r->window.n - r->fed <= AHEAD;

    feed(r, r->fed + SLICE, all ? r->window.n : r->fed + AHEAD, all && r->ended);
}
