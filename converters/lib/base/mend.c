#include "base/mend.h"

#include <stdio.h>
#include <stdlib.h>

#include <moisson/text.h>

#include "base/ctype.h"

enum { MAX_DEPTH = 1024, SHOWN = 24 };

/* What was last written that is no white space. */
enum last { NOTHING, OPENED, COMMA, COLON, ENDED };

struct mend {
    struct mo_mending *to;
    struct mo_str in;
    size_t at;
    enum last last;
    bool scalar; /* what ended was no object or array */
    bool line;   /* a line has ended since */
    bool comma;  /* a comma is due before the next value, if there is one */
    size_t comma_at;
    size_t depth;
    char levels[MAX_DEPTH]; /* the bracket that opened each */
};

static bool
is_label(char c, bool first)
{
    return mo_is_alpha(c) || c == '_' || c == '$' || (!first && mo_is_digit(c));
}

static char
peek(const struct mend *m, size_t ahead)
{
    return ahead < m->in.n - m->at ? m->in.p[m->at + ahead] : '\0';
}

/* False when there were too many repairs. */
static bool
say_at(struct mend *m, enum mo_diag_id id, size_t at, size_t n)
{
    struct mo_mending *to = m->to;
    size_t rest = m->in.n - at, shown = n < SHOWN ? n : SHOWN;

    if (to->n == MO_MEND_MAX)
        return false;
    to->repairs[to->n++] = (struct mo_mend){.id = id,
        .at = at,
        .detail = mo_str_n(m->in.p + at, shown < rest ? shown : rest)};
    return true;
}

static bool
say(struct mend *m, enum mo_diag_id id, size_t n)
{
    return say_at(m, id, m->at, n);
}

static void
put(struct mend *m, const char *text)
{
    mo_buf_c(&m->to->text, text);
}

/* ---- Between tokens ---- */

/* A comment at m->at; its length, or 0. */
static size_t
comment_length(const struct mend *m)
{
    struct mo_str s = mo_str_from(m->in, m->at);
    size_t n;

    if (mo_str_starts(s, mo_str("//")))
        return mo_str_find(s, mo_str("\n"), 0);
    if (!mo_str_starts(s, mo_str("/*")))
        return 0;
    n = mo_str_find(s, mo_str("*/"), 2);
    return n == s.n ? 0 : n + 2;
}

/* White space that JSON does not have at m->at; its length, or 0. */
static size_t
odd_space(const struct mend *m)
{
    static const char *const spaces[] = {
        "\xC2\xA0", "\xE2\x80\xA8", "\xE2\x80\xA9", "\x0B", "\x0C"};
    struct mo_str s = mo_str_from(m->in, m->at);

    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; ++i)
        if (mo_str_starts(s, mo_str(spaces[i])))
            return strlen(spaces[i]);
    return 0;
}

/* Past white space and comments. */
static bool
skip(struct mend *m)
{
    while (m->at < m->in.n) {
        char c = m->in.p[m->at];
        size_t n;

        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            m->line = m->line || c == '\n';
            ++m->at;
        } else if (mo_str_starts(mo_str_from(m->in, m->at), mo_str("\xEF\xBB\xBF"))) {
            if (!say(m, MO_DIAG_MARK_INSIDE, 0))
                return false;
            m->at += 3;
        } else if ((n = comment_length(m)) > 0) {
            if (!say(m, MO_DIAG_JSON_COMMENT, n))
                return false;
            m->at += n;
        } else if ((n = odd_space(m)) > 0) {
            if (!say(m, MO_DIAG_JSON_SPACE, 0))
                return false;
            m->at += n;
        } else {
            return true;
        }
    }
    return true;
}

static bool
take_comma(struct mend *m)
{
    bool superfluous = m->last != ENDED || m->comma;

    if (superfluous && (m->last == COLON || m->last == NOTHING))
        return false;
    if (superfluous && !say(m, MO_DIAG_JSON_COMMA, 1))
        return false;
    if (!superfluous)
        m->comma_at = m->at;
    m->comma = m->last == ENDED;
    ++m->at;
    return true;
}

/* A value or key begins: the comma before it, or the lack of one. */
static bool
begin(struct mend *m, bool scalar)
{
    if (m->last == ENDED) {
        if (m->depth == 0)
            return false;
        if (!m->comma) {
            /* Two texts in a row in an array may be one; others are two. */
            bool array = m->levels[m->depth - 1] == '[';

            if ((array && m->scalar && scalar) || (!m->line && m->scalar) ||
                !say(m, MO_DIAG_JSON_COMMA, 0))
                return false;
        }
        put(m, ",");
    }
    m->comma = m->line = false;
    return true;
}

static void
end(struct mend *m, bool scalar)
{
    m->last = ENDED;
    m->scalar = scalar;
    m->line = false;
}

static bool
close_level(struct mend *m, char c)
{
    if (m->depth == 0 || m->levels[m->depth - 1] != (c == ']' ? '[' : '{') ||
        m->last == COLON)
        return false;
    if (m->comma && !say_at(m, MO_DIAG_JSON_COMMA, m->comma_at, 1))
        return false;
    m->comma = false;
    --m->depth;
    mo_buf_byte(&m->to->text, c);
    ++m->at;
    end(m, false);
    return true;
}

static bool
open_level(struct mend *m, char c)
{
    if (m->depth == MAX_DEPTH || !begin(m, false))
        return false;
    m->levels[m->depth++] = c;
    mo_buf_byte(&m->to->text, c);
    ++m->at;
    m->last = OPENED;
    return true;
}

/* ---- Texts ---- */

static int
four_hex(const struct mend *m, size_t ahead)
{
    int value = 0;

    for (size_t i = ahead; i < ahead + 4; ++i) {
        int digit = mo_hex_digit(peek(m, i));

        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

/* "\u" at m->at. A surrogate without the other half of its pair stands for nothing. */
static bool
take_code(struct mend *m)
{
    int unit = four_hex(m, 2), low;
    size_t n = 6;

    if (unit < 0)
        return false;
    low = peek(m, 6) == '\\' && peek(m, 7) == 'u' ? four_hex(m, 8) : -1;
    if (unit >= 0xD800 && unit <= 0xDBFF && low >= 0xDC00 && low <= 0xDFFF)
        n = 12;
    else if (unit >= 0xD800 && unit <= 0xDFFF) {
        if (!say(m, MO_DIAG_JSON_SURROGATE, 6))
            return false;
        put(m, "\\uFFFD");
        m->at += 6;
        return true;
    }
    mo_buf_add(&m->to->text, m->in.p + m->at, n);
    m->at += n;
    return true;
}

/* A backslash at m->at, and what it escapes. One that escapes nothing is itself. */
static bool
take_escape(struct mend *m, char quote)
{
    char c = peek(m, 1);

    if (c == 'u')
        return take_code(m);
    if (c == '\0' || c == '\n' || c == '\r')
        return false;
    if (c == '\'') {
        if (quote == '"' && !say(m, MO_DIAG_JSON_ESCAPE, 2))
            return false;
        put(m, "'");
        m->at += 2;
    } else if (strchr("\"\\/bfnrt", c)) {
        mo_buf_add(&m->to->text, m->in.p + m->at, 2);
        m->at += 2;
    } else {
        if (!say(m, MO_DIAG_JSON_ESCAPE, 2))
            return false;
        put(m, "\\\\");
        ++m->at;
    }
    return true;
}

/* A control character at m->at, which must be escaped; `*said`: once a text. */
static bool
take_control(struct mend *m, bool *said)
{
    char code[8];

    if (!*said && !say(m, MO_DIAG_JSON_CONTROL, 0))
        return false;
    *said = true;
    snprintf(code, sizeof code, "\\u%04X", (unsigned char)m->in.p[m->at++]);
    put(m, code);
    return true;
}

/* A text in `quote`s, whose first is at m->at. */
static bool
take_string(struct mend *m, char quote)
{
    bool said = false;

    if (quote == '\'' && !say(m, MO_DIAG_JSON_QUOTES, SHOWN))
        return false;
    put(m, "\"");
    for (++m->at; m->at < m->in.n && m->in.p[m->at] != quote;) {
        char c = m->in.p[m->at];

        if (c == '\\') {
            if (!take_escape(m, quote))
                return false;
        } else if ((unsigned char)c < 0x20) {
            if ((c == '\n' && quote == '\'') || !take_control(m, &said))
                return false;
        } else {
            if (c == '"')
                put(m, "\\");
            mo_buf_byte(&m->to->text, c);
            ++m->at;
        }
    }
    put(m, "\"");
    return m->at++ < m->in.n;
}

/* Whether a key is due, not a value. */
static bool
wants_key(const struct mend *m)
{
    return m->depth && m->levels[m->depth - 1] == '{' && m->last != COLON;
}

/* Whether what ended with a quote may end there: an apostrophe goes on. */
static bool
is_at_end(struct mend *m)
{
    char c;

    if (!skip(m))
        return false;
    c = peek(m, 0);
    return m->at == m->in.n || (c && strchr(",:]}", c));
}

static bool
take_text(struct mend *m, char quote)
{
    if (!begin(m, true) || !take_string(m, quote))
        return false;
    end(m, true);
    return quote == '"' || is_at_end(m);
}

/* ---- Words and numbers ---- */

static const struct {
    const char *word, *means;
} words[] = {{"true", NULL}, {"false", NULL}, {"null", NULL}, {"NaN", "null"},
    {"Infinity", "null"}, {"undefined", "null"}, {"None", "null"}, {"True", "true"},
    {"False", "false"}};

static bool
take_word(struct mend *m)
{
    struct mo_str word;
    size_t n = 0;

    while (is_label(peek(m, n), n == 0))
        ++n;
    word = mo_str_n(m->in.p + m->at, n);
    if (!begin(m, true))
        return false;
    if (wants_key(m)) {
        if (!say(m, MO_DIAG_JSON_QUOTES, n))
            return false;
        mo_buf_printf(&m->to->text, "\"" MO_FMT "\"", MO_ARG(word));
        m->at += n;
        end(m, true);
        return skip(m) && peek(m, 0) == ':';
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; ++i) {
        if (!mo_str_is(word, words[i].word))
            continue;
        if (words[i].means && !say(m, MO_DIAG_JSON_WORD, n))
            return false;
        put(m, words[i].means ? words[i].means : words[i].word);
        m->at += n;
        end(m, true);
        return true;
    }
    return false;
}

/* What may be a number at m->at: what JSON does not allow of it is put right if it is clear. */
static bool
take_number(struct mend *m)
{
    struct mo_str s = mo_str_from(m->in, m->at), word;
    size_t n = 0;
    bool sign = s.p[0] == '+' || s.p[0] == '-', odd = s.p[0] == '+';

    while (n < s.n && (is_label(s.p[n], false) || strchr("+-.", s.p[n])) && s.p[n])
        ++n;
    word = mo_str_n(s.p, n);
    if (!begin(m, true))
        return false;
    if (sign && (mo_str_is(mo_str_from(word, 1), "Infinity") ||
                    mo_str_is(mo_str_from(word, 1), "NaN"))) {
        if (!say(m, MO_DIAG_JSON_WORD, n))
            return false;
        put(m, "null");
        m->at += n;
        end(m, true);
        return true;
    }
    word = mo_str_from(word, s.p[0] == '+');
    if (mo_str_starts(word, mo_str("-")))
        put(m, "-");
    word = mo_str_from(word, mo_str_starts(word, mo_str("-")));
    if (mo_str_starts(word, mo_str("."))) {
        put(m, "0");
        odd = true;
    }
    if (word.n > 1 && word.p[word.n - 1] == '.') {
        --word.n;
        odd = true;
    }
    if (odd && !say(m, MO_DIAG_JSON_NUMBER, n))
        return false;
    mo_buf_str(&m->to->text, word);
    m->at += n;
    end(m, true);
    return true;
}

static bool
take_token(struct mend *m)
{
    char c = m->in.p[m->at];

    switch (c) {
    case '{':
    case '[': return open_level(m, c);
    case '}':
    case ']': return close_level(m, c);
    case ',': return take_comma(m);
    case ':':
        if (m->last != ENDED || m->comma)
            return false;
        m->last = COLON;
        put(m, ":");
        ++m->at;
        return true;
    case '"':
    case '\'': return take_text(m, c);
    default: break;
    }
    if (mo_is_digit(c) || c == '-' || c == '+' || c == '.')
        return take_number(m);
    return is_label(c, true) && take_word(m);
}

/* ---- Bytes ---- */

/*
 * Bytes that are not all UTF-8, as UTF-8. The first character beyond ASCII decides: where it
 * is UTF-8, the others are errors; else all are of Windows-1252.
 */
static int
decode(struct mend *m, struct mo_str text)
{
    struct mo_mending *to = m->to;
    size_t bad = mo_utf8_bad(text), first = 0;
    struct mo_decoder *decoder;
    int failed;

    if (bad == text.n) {
        m->in = text;
        return 0;
    }
    while ((unsigned char)text.p[first] < 0x80)
        ++first;
    m->in = text;
    say_at(m, first == bad ? MO_DIAG_NOT_UTF8 : MO_DIAG_BAD_BYTES, bad, 0);
    snprintf(to->byte, sizeof to->byte, "0x%02X", (unsigned char)text.p[bad]);
    to->repairs[0].detail = mo_str(to->byte);
    mo_buf_clear(&to->utf8);
    if (first < bad) {
        mo_utf8_mend(text, &to->utf8);
        failed = to->utf8.failed;
    } else {
        decoder = mo_decoder_new(mo_str("WINDOWS-1252"), false);
        failed = !decoder || mo_decoder_push(decoder, text, true, &to->utf8);
        mo_decoder_free(decoder);
    }
    m->in = mo_buf_view(&to->utf8);
    return failed ? -1 : 0;
}

int
mo_json_mend(struct mo_mending *to, struct mo_str text)
{
    struct mend m = {.to = to};

    mo_buf_clear(&to->text);
    to->n = 0;
    if (decode(&m, text))
        return -1;
    while (skip(&m) && m.at < m.in.n)
        if (!take_token(&m))
            return -1;
    return m.at < m.in.n || to->text.failed ? -1 : 0;
}

struct mo_mending *
mo_mending_new(size_t max)
{
    struct mo_mending *m = calloc(1, sizeof *m); /* large, and rarely needed */

    if (m) {
        mo_buf_init(&m->text, max);
        mo_buf_init(&m->utf8, max);
    }
    return m;
}

void
mo_mending_free(struct mo_mending *m)
{
    if (!m)
        return;
    mo_buf_done(&m->text);
    mo_buf_done(&m->utf8);
    free(m);
}
