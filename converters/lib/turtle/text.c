#include "turtle/turtle.h"

#include <moisson/iri.h>

#include "base/ctype.h"

/* ---- Tokens ---- */

static bool
is_special(char c)
{
    switch (c) {
    case '<':
    case '"':
    case '\'':
    case '#':
    case '\\':
    case '[':
    case '(':
    case ']':
    case ')':
    case '.': return true;
    default: return false;
    }
}

/* A string that begins with one quotation mark, or with three. */
static size_t
string_end(struct mo_str text, size_t at, bool last, size_t *seen, enum mo_token *token)
{
    char quote = text.p[at];
    bool two = at + 1 < text.n && text.p[at + 1] == quote;
    bool three = two && at + 2 < text.n && text.p[at + 2] == quote;
    size_t n = three ? 3 : 1, i;

    if (!last && (at + 1 >= text.n || (two && at + 2 >= text.n)))
        return 0;
    *token = three ? MO_TOKEN_LONG : MO_TOKEN_STRING;
    if (two && !three)
        return at + 2;
    for (i = *seen > at + n ? *seen : at + n; i < text.n; ++i) {
        if (text.p[i] == '\\') {
            if (i + 1 == text.n)
                break;
            ++i;
        } else if (text.p[i] == quote) {
            if (n == 1)
                return i + 1;
            if (text.n - i < 3 && !last)
                break;
            if (text.n - i >= 3 && text.p[i + 1] == quote && text.p[i + 2] == quote)
                return i + 3;
        }
    }
    *seen = i;
    return last ? text.n : 0;
}

/* An IRI; "<" without a ">" on its line is none. */
static size_t
iri_end(struct mo_str text, size_t at, bool last, size_t *seen, enum mo_token *token)
{
    size_t i = *seen > at ? *seen : at + 1;

    while (i < text.n && text.p[i] != '>' && text.p[i] != '\n')
        ++i;
    *token = i < text.n && text.p[i] == '>' ? MO_TOKEN_IRI : MO_TOKEN_RUN;
    if (*token == MO_TOKEN_IRI)
        return i + 1;
    *seen = i;
    return i < text.n || last ? i : 0;
}

static bool
ends_statement(char after)
{
    return mo_is_space(after) || after == '#' || after == '<';
}

size_t
mo_turtle_token(
    struct mo_str text, size_t at, bool last, size_t *seen, enum mo_token *token)
{
    size_t i = at;

    *token = MO_TOKEN_RUN;
    while (i < text.n && !is_special(text.p[i]))
        ++i;
    if (i > at)
        return i;
    switch (text.p[at]) {
    case '<': return iri_end(text, at, last, seen, token);
    case '"':
    case '\'': return string_end(text, at, last, seen, token);
    case '[':
    case '(': *token = MO_TOKEN_OPEN; return at + 1;
    case ']':
    case ')': *token = MO_TOKEN_CLOSE; return at + 1;
    case '#':
        *token = MO_TOKEN_COMMENT;
        i = *seen > at ? *seen : at;
        while (i < text.n && text.p[i] != '\n')
            ++i;
        *seen = i;
        return i < text.n || last ? i : 0;
    case '.':
        if (at + 1 == text.n && !last)
            return 0;
        if (at + 1 == text.n || ends_statement(text.p[at + 1]))
            *token = MO_TOKEN_END;
        return at + 1;
    default: /* "\" */
        if (at + 1 == text.n)
            return last ? at + 1 : 0;
        return at + 2;
    }
}

/* ---- What Serd is given ---- */

static bool
is_name_byte(char c)
{
    return mo_is_alpha(c) || mo_is_digit(c) || c == '_' || c == '-' || c == '.' ||
           c == ':' || (unsigned char)c >= 0x80;
}

/* The labels of blank nodes in a run of bytes. */
static void
copy_run(struct mo_str text, size_t at, size_t end, struct mo_buf *out)
{
    for (size_t i = at; i < end; ++i) {
        mo_buf_byte(out, text.p[i]);
        if (text.p[i] == ':' && i > at && text.p[i - 1] == '_' &&
            (i < at + 2 || !is_name_byte(text.p[i - 2])))
            mo_buf_byte(out, 'u');
    }
}

/* `\uXXXX` and `\UXXXXXXXX` as what they stand for; others stay. */
static void
unescape(struct mo_str text, struct mo_buf *out)
{
    for (size_t i = 0; i < text.n; ++i) {
        size_t n = 0, want;
        uint32_t c = 0;
        char bytes[4];

        if (text.p[i] != '\\' || i + 1 == text.n ||
            (text.p[i + 1] != 'u' && text.p[i + 1] != 'U')) {
            mo_buf_byte(out, text.p[i]);
            continue;
        }
        want = text.p[i + 1] == 'u' ? 4 : 8;
        while (n < want && i + 2 + n < text.n && mo_hex_digit(text.p[i + 2 + n]) >= 0)
            c = c << 4 | (uint32_t)mo_hex_digit(text.p[i + 2 + n++]);
        if (c == 0)
            c = 0xFFFD; /* as in JSON */
        if (n == want && mo_utf8_put(c, bytes)) {
            mo_buf_add(out, bytes, mo_utf8_put(c, bytes));
            i += 1 + n;
        } else {
            mo_buf_byte(out, '\\');
        }
    }
}

/* An IRI, between "<" and ">", that Serd would refuse or that looks like one of ours. */
static bool
is_odd_iri(struct mo_str iri, struct mo_buf *plain)
{
    mo_buf_init(plain, SIZE_MAX);
    if (mo_iri_bad_byte(iri) == iri.n && !mo_str_starts(iri, mo_str(MO_TURTLE_IRI)))
        return false;
    unescape(iri, plain);
    return plain->failed || mo_iri_bad_byte(mo_buf_view(plain)) < plain->n ||
           mo_str_starts(mo_buf_view(plain), mo_str(MO_TURTLE_IRI));
}

static void
copy_iri(struct mo_str text, bool strict, struct mo_turtle_text *out)
{
    struct mo_str iri = mo_str_n(text.p + 1, text.n - 2);
    struct mo_buf plain;

    if (strict || !is_odd_iri(iri, &plain)) {
        mo_buf_str(&out->bytes, text);
        if (!strict)
            mo_buf_done(&plain);
        return;
    }
    mo_buf_printf(&out->bytes, "<" MO_TURTLE_IRI "%zu>", out->n_iris++);
    mo_buf_join(&out->iris, &plain);
    mo_buf_add(&out->ends, &out->iris.n, sizeof out->iris.n);
}

/* Whether what stands behind a string, and white space, shows that it ends there. */
static bool
ends_string(struct mo_str after)
{
    after = mo_str_trim(after);
    return after.n == 0 || strchr(";,.])@#^", after.p[0]) != NULL;
}

static bool
is_quote(char c)
{
    return c == '"' || c == '\'';
}

/*
 * A string in quotation marks of one kind, from `at` on: where it ends, if marks inside it
 * stand there as text. A mark is the last when what may follow a string follows, or another
 * string behind white space. 0 when there is none, or when it holds marks and line breaks:
 * its last mark may as well have been forgotten.
 */
static size_t
meant_end(struct mo_str text, size_t at)
{
    char quote = text.p[at];
    bool marks = false, lines = false;

    for (size_t i = at + 1; i < text.n && !(marks && lines); ++i) {
        struct mo_str after = mo_str_from(text, i + 1);
        bool space = after.n && mo_is_space(after.p[0]);

        lines = lines || text.p[i] == '\n';
        if (text.p[i] == '\\')
            ++i;
        else if (text.p[i] == quote &&
                 (ends_string(after) || (space && is_quote(mo_str_trim(after).p[0]))))
            return i + 1;
        else
            marks = marks || text.p[i] == quote;
    }
    return 0;
}

static void
mended(struct mo_turtle_mended *what, size_t at)
{
    if (what->n++ == 0)
        what->at = at;
}

/* The string with its marks and line breaks escaped. */
static size_t
mend_string(struct mo_str text, size_t at, struct mo_turtle_text *out)
{
    size_t end = out->hopeless ? 0 : meant_end(text, at), i;

    if (end == 0) {
        out->hopeless = true;
        mo_buf_byte(&out->bytes, text.p[at]);
        return at + 1;
    }
    mo_buf_byte(&out->bytes, text.p[at]);
    for (i = at + 1; i + 1 < end; ++i) {
        bool line = text.p[i] == '\n' || text.p[i] == '\r';

        if (text.p[i] == '\\')
            mo_buf_byte(&out->bytes, text.p[i++]);
        else if (line || text.p[i] == text.p[at])
            mended(&out->escaped, i);
        if (line)
            mo_buf_c(&out->bytes, text.p[i] == '\n' ? "\\n" : "\\r");
        else if (i > at && text.p[i - 1] != '\\' && text.p[i] == text.p[at])
            mo_buf_c(&out->bytes, text.p[at] == '"' ? "\\\"" : "\\'");
        else
            mo_buf_byte(&out->bytes, text.p[i]);
    }
    mo_buf_byte(&out->bytes, text.p[at]);
    return end;
}

/* "@fr_FR" behind a string, with "-". */
static size_t
mend_language(struct mo_str text, size_t at, struct mo_turtle_text *out)
{
    size_t from = at;
    bool under = false;

    if (at >= text.n || text.p[at] != '@')
        return at;
    do {
        under = under || text.p[at] == '_';
        mo_buf_byte(&out->bytes, text.p[at] == '_' ? '-' : text.p[at]);
        ++at;
    } while (at < text.n && (mo_is_alpha(text.p[at]) || mo_is_digit(text.p[at]) ||
                                text.p[at] == '-' || text.p[at] == '_'));
    if (under)
        mended(&out->languages, from + 1);
    return at;
}

/* What is amiss behind a string: its language, or that another string follows. */
static size_t
mend_behind(struct mo_str text, size_t at, struct mo_turtle_text *out)
{
    struct mo_str after;

    at = mend_language(text, at, out);
    after = mo_str_from(text, at);
    if (after.n && mo_is_space(after.p[0])) {
        after = mo_str_trim(after);
        if (after.n && is_quote(after.p[0])) {
            mo_buf_byte(&out->bytes, ',');
            mended(&out->commas, at);
        }
    }
    return at;
}

static void
clear_text(struct mo_turtle_text *out)
{
    mo_buf_clear(&out->bytes);
    mo_buf_clear(&out->iris);
    mo_buf_clear(&out->ends);
    out->n_iris = out->escaped.n = out->commas.n = out->languages.n = 0;
    out->escapes = out->hopeless = out->open = false;
}

void
mo_turtle_mend(struct mo_str text, struct mo_buf *out)
{
    while (text.n) {
        size_t n = mo_str_find(text, mo_str_n("", 1), 0);

        mo_utf8_mend(mo_str_n(text.p, n), out);
        if (n < text.n)
            mo_buf_c(out, "\xEF\xBF\xBD");
        text = mo_str_from(text, n + 1);
    }
}

int
mo_turtle_copy(struct mo_str text, bool strict, bool mend, struct mo_turtle_text *out)
{
    clear_text(out);
    for (size_t at = 0; at < text.n;) {
        enum mo_token token;
        size_t seen = 0, end = mo_turtle_token(text, at, true, &seen, &token);

        if (token == MO_TOKEN_IRI)
            copy_iri(mo_str_n(text.p + at, end - at), strict, out);
        else if (token == MO_TOKEN_RUN)
            copy_run(text, at, end, &out->bytes);
        else if (mend && token == MO_TOKEN_STRING)
            end = mend_string(text, at, out);
        else
            mo_buf_add(&out->bytes, text.p + at, end - at);
        out->escapes = out->escapes || memchr(text.p + at, '\\', end - at);
        out->open = (out->open || (token == MO_TOKEN_RUN && text.p[at] == '<')) &&
                    !memchr(text.p + at, '>', end - at);
        if (mend && (token == MO_TOKEN_STRING || token == MO_TOKEN_LONG))
            end = mend_behind(text, end, out);
        at = end;
    }
    return out->bytes.failed || out->iris.failed || out->ends.failed ? -1 : 0;
}

void
mo_turtle_text_init(struct mo_turtle_text *text)
{
    mo_buf_init(&text->bytes, SIZE_MAX);
    mo_buf_init(&text->iris, SIZE_MAX);
    mo_buf_init(&text->ends, SIZE_MAX);
}

void
mo_turtle_text_done(struct mo_turtle_text *text)
{
    mo_buf_done(&text->bytes);
    mo_buf_done(&text->iris);
    mo_buf_done(&text->ends);
}

struct mo_str
mo_turtle_iri(const struct mo_turtle_text *text, size_t number)
{
    size_t from = 0, to;

    if (number)
        memcpy(&from, text->ends.p + (number - 1) * sizeof from, sizeof from);
    memcpy(&to, text->ends.p + number * sizeof to, sizeof to);
    return mo_str_n(text->iris.p + from, to - from);
}

size_t
mo_turtle_origin(struct mo_str text, bool strict, size_t at)
{
    struct mo_turtle_text copy;
    size_t from = 0, to = text.n;

    mo_turtle_text_init(&copy);
    while (from < to) { /* copies of longer texts are longer */
        size_t middle = from + (to - from + 1) / 2;

        if (mo_turtle_copy(mo_str_n(text.p, middle), strict, false, &copy) == 0 &&
            copy.bytes.n <= at)
            from = middle;
        else
            to = middle - 1;
    }
    mo_turtle_text_done(&copy);
    return from;
}

/* ---- Where statements begin ---- */

bool
mo_turtle_out_of_step(struct mo_str text)
{
    for (size_t at = 0; at < text.n;) {
        enum mo_token token;
        size_t seen = 0, end = mo_turtle_token(text, at, true, &seen, &token);

        if (token == MO_TOKEN_STRING && memchr(text.p + at, '\n', end - at))
            return true;
        at = end;
    }
    return false;
}

/* Behind white space and comments. */
static struct mo_str
first_token(struct mo_str text)
{
    for (;;) {
        text = mo_str_trim(text);
        if (text.n == 0 || text.p[0] != '#')
            return text;
        text = mo_str_from(text, mo_str_find(text, mo_str("\n"), 0));
    }
}

bool
mo_turtle_begins(struct mo_str text, bool last)
{
    size_t n = 0;

    text = first_token(text);
    if (text.n == 0)
        return last;
    if (strchr("<@[(", text.p[0]))
        return true;
    while (n < text.n && is_name_byte(text.p[n]))
        ++n;
    return memchr(text.p, ':', n) ||
           mo_str_eq_nocase(mo_str_n(text.p, n), mo_str("prefix")) ||
           mo_str_eq_nocase(mo_str_n(text.p, n), mo_str("base"));
}

struct mo_str
mo_turtle_subject(struct mo_str text)
{
    size_t n = 0;

    text = first_token(text);
    if (text.n && text.p[0] == '<') {
        n = mo_str_find(text, mo_str(">"), 0);
        return mo_str_n(text.p + 1, n - 1);
    }
    while (n < text.n && is_name_byte(text.p[n]))
        ++n;
    return mo_str_n(text.p, n);
}
