/*
 * The second look at a record that libxml2 could not read: its bytes are fed to the parser once
 * more, tag by tag, and what is wrong in a way that can mean one thing only is put right. What
 * is not comes back as the error that it was.
 */
#include "rdfxml/rdfxml.h"

#include "base/ctype.h"
#include "dcat/values.h"

enum { MAX_EDITS = 32, MAX_SEEN = 64, FAR = 64 << 10 };

/* Bytes of a tag that become others. */
struct edit {
    size_t at, n;
    const char *text;
    enum mo_diag_id id;
};

struct attribute {
    struct mo_str name, value;
};

/* A start tag as far as it was read, and what is to be done to it. */
struct tag {
    struct mo_str s; /* from its "<" on */
    size_t n;        /* bytes of it */
    struct attribute seen[MAX_SEEN];
    size_t n_seen;
    struct edit edits[MAX_EDITS];
    size_t n_edits;
};

enum found {
    WHOLE,     /* it is there, with its edits */
    CUT,       /* its end is not here yet */
    UNCERTAIN, /* it might mean several things */
    NO_TAG     /* it is none */
};

static size_t
skip_space(struct mo_str s, size_t n)
{
    while (n < s.n && mo_is_space(s.p[n]))
        ++n;
    return n;
}

/* Where what begins at `n` ends: before white space or one of `ends`. */
static size_t
skip_word(struct mo_str s, size_t n, const char *ends)
{
    while (n < s.n && !mo_is_space(s.p[n]) && (s.p[n] == '\0' || !strchr(ends, s.p[n])))
        ++n;
    return n;
}

static bool
edit(struct tag *t, size_t at, size_t n, const char *text, enum mo_diag_id id)
{
    if (t->n_edits == MAX_EDITS)
        return false;
    t->edits[t->n_edits++] = (struct edit){at, n, text, id};
    return true;
}

/* The value between quotes that begins at t->n, which becomes its end. */
static enum found
read_quoted(struct tag *t, struct mo_str *value)
{
    struct mo_str s = t->s;
    size_t from = t->n + 1, end = mo_str_find(s, mo_str_n(s.p + t->n, 1), from);

    if (end == s.n)
        return s.n - t->n < FAR ? CUT : UNCERTAIN;
    *value = mo_str_n(s.p + from, end - from);
    for (size_t i = from; i < end; ++i) {
        if (s.p[i] != '<')
            continue;
        /* A quote that was forgotten takes the next tags for its own. */
        if (mo_str_find(*value, mo_str("\n"), 0) < value->n ||
            !edit(t, i, 1, "&lt;", MO_DIAG_LESS_THAN))
            return UNCERTAIN;
    }
    t->n = end + 1;
    return WHOLE;
}

/* The same without quotes: up to white space or the end of the tag. */
static enum found
read_bare(struct tag *t, struct mo_str *value)
{
    size_t end = skip_word(t->s, t->n, "<>\"'");

    if (end == t->s.n)
        return CUT;
    *value = mo_str_n(t->s.p + t->n, end - t->n);
    if (value->n == 0 || (t->s.p[end] != '>' && !mo_is_space(t->s.p[end])) ||
        value->p[value->n - 1] == '/')
        return UNCERTAIN;
    if (!edit(t, t->n, 0, "\"", MO_DIAG_ATTRIBUTE_FORM) ||
        !edit(t, end, 0, "\"", MO_DIAG_ATTRIBUTE_FORM))
        return UNCERTAIN;
    t->n = end;
    return WHOLE;
}

/* An attribute that stands twice and says the same is one. */
static enum found
check_twin(struct tag *t, struct attribute a, size_t from, size_t edits)
{
    for (size_t i = 0; i < t->n_seen; ++i) {
        if (!mo_str_eq(t->seen[i].name, a.name))
            continue;
        t->n_edits = edits;
        return mo_str_eq(t->seen[i].value, a.value) &&
                       edit(t, from, t->n - from, "", MO_DIAG_ATTRIBUTE_TWICE)
                   ? WHOLE
                   : UNCERTAIN;
    }
    if (t->n_seen < MAX_SEEN)
        t->seen[t->n_seen++] = a;
    return WHOLE;
}

/* The attribute at t->n, with white space from `from` on before it. */
static enum found
read_attribute(struct tag *t, size_t from)
{
    struct attribute a = {{"", 0}, {"", 0}};
    size_t edits = t->n_edits, begin = t->n, end = skip_word(t->s, begin, "=/><\"'");
    enum found found;

    if (end == begin)
        return UNCERTAIN;
    if (from == begin && !edit(t, begin, 0, " ", MO_DIAG_ATTRIBUTE_FORM))
        return UNCERTAIN;
    a.name = mo_str_n(t->s.p + begin, end - begin);
    t->n = skip_space(t->s, end);
    if (t->n == t->s.n)
        return CUT;
    if (t->s.p[t->n] != '=')
        return UNCERTAIN;
    t->n = skip_space(t->s, t->n + 1);
    if (t->n == t->s.n)
        return CUT;
    found = t->s.p[t->n] == '"' || t->s.p[t->n] == '\'' ? read_quoted(t, &a.value)
                                                        : read_bare(t, &a.value);
    return found == WHOLE ? check_twin(t, a, from, edits) : found;
}

/* Up to the end of the tag whose name ends at t->n. */
static enum found
read_attributes(struct tag *t)
{
    for (;;) {
        size_t from = t->n;
        enum found found;

        t->n = skip_space(t->s, from);
        if (t->n == t->s.n || (t->s.p[t->n] == '/' && t->n + 1 == t->s.n))
            return t->n < FAR ? CUT : UNCERTAIN;
        if (t->s.p[t->n] == '>') {
            ++t->n;
            return WHOLE;
        }
        if (t->s.p[t->n] == '/') {
            t->n += 2;
            return t->s.p[t->n - 1] == '>' ? WHOLE : UNCERTAIN;
        }
        found = read_attribute(t, from);
        if (found != WHOLE)
            return found;
    }
}

/* The start or end tag at the head of t->s. */
static enum found
read_tag(struct tag *t, struct mo_str *name)
{
    bool end = t->s.n > 1 && t->s.p[1] == '/';
    size_t from = end ? 2 : 1;
    char c = from < t->s.n ? t->s.p[from] : '\0';

    t->n_seen = t->n_edits = 0;
    t->n = from;
    if (c == '\0')
        return CUT;
    if (!mo_is_alpha(c) && c != '_' && (unsigned char)c < 0x80)
        return NO_TAG;
    t->n = skip_word(t->s, from, "/><=\"'&@()");
    *name = mo_str_n(t->s.p + from, t->n - from);
    if (t->n == t->s.n)
        return t->n < FAR ? CUT : NO_TAG;
    if (!mo_is_space(t->s.p[t->n]) && t->s.p[t->n] != '>' && t->s.p[t->n] != '/')
        return NO_TAG;
    if (!end)
        return read_attributes(t);
    t->n = skip_space(t->s, t->n);
    if (t->n == t->s.n)
        return CUT;
    return t->s.p[t->n++] == '>' ? WHOLE : UNCERTAIN;
}

/* ---- What comes next ---- */

static enum frame_kind
around(const struct rdfxml *r)
{
    return r->frames[r->n_frames - 1].kind;
}

/* Replace `n` bytes, which come next, and say so. */
static void
mend(struct rdfxml *r, size_t n, const char *text, enum mo_diag_id id)
{
    struct mo_str s = mo_str_from(mo_buf_view(&r->window), r->fed);
    size_t shown = n > 12 ? n : 12;

    if (r->fatal || (r->in_unit && r->unit.rejected))
        return;
    s = mo_str_n(s.p, s.n < shown ? s.n : shown);
    mo_rdfxml_report_repair(r, id, mo_str_n(s.p, mo_str_find(s, mo_str("\n"), 0)));
    mo_rdfxml_replace(r, n, mo_str(text));
}

/* A "<" that is text, or of HTML that is. */
static void
take_as_text(struct rdfxml *r, enum mo_diag_id id)
{
    if (id == MO_DIAG_HTML_TEXT && r->html_said) {
        mo_rdfxml_replace(r, 1, mo_str("&lt;"));
        return;
    }
    r->html_said = r->html_said || id == MO_DIAG_HTML_TEXT;
    mend(r, 1, "&lt;", id);
}

static bool
has_prefix(struct mo_str name)
{
    return mo_str_find(name, mo_str(":"), 0) < name.n;
}

static void
feed_tag(struct rdfxml *r, const struct tag *t)
{
    size_t from = r->fed;

    for (size_t i = 0; i < t->n_edits && !r->fatal; ++i) {
        const struct edit *e = &t->edits[i];

        mo_rdfxml_feed_plain(r, from + e->at, true);
        if (i > 0 && e[-1].id == e->id && e->id == MO_DIAG_ATTRIBUTE_FORM)
            mo_rdfxml_replace(r, e->n, mo_str(e->text)); /* said once a tag */
        else
            mend(r, e->n, e->text, e->id);
    }
    if (!r->fatal)
        mo_rdfxml_feed_plain(r, from + t->n, true);
}

/* The tag that comes next. False when more bytes are needed. */
static bool
pass_tag(struct rdfxml *r, struct mo_str s, bool last)
{
    struct tag t = {.s = s};
    struct mo_str name = mo_str("");
    enum found found = read_tag(&t, &name);
    bool text = around(r) == IN_PROPERTY;

    if (found == CUT && !last)
        return false;
    if (text && r->careful == CAREFUL_HTML && found != NO_TAG && mo_html_is_tag(name))
        take_as_text(r, MO_DIAG_HTML_TEXT);
    else if (text && (found == NO_TAG || (found != WHOLE && !has_prefix(name))))
        take_as_text(r, MO_DIAG_LESS_THAN);
    else if (found == WHOLE)
        feed_tag(r, &t);
    else
        r->careful = GIVEN_UP;
    return true;
}

/* What has an end of its own: `open` and `close` are its delimiters. */
static bool
pass_section(
    struct rdfxml *r, struct mo_str s, const char *open, const char *close, bool last)
{
    size_t n = mo_str_find(s, mo_str(close), strlen(open));
    struct mo_str inner;

    if (n == s.n) {
        if (!last && s.n < FAR)
            return false;
        r->careful = GIVEN_UP;
        return true;
    }
    inner = mo_str_n(s.p + strlen(open), n - strlen(open));
    n += strlen(close);
    if (open[1] == '!' && open[2] == '-' &&
        (mo_str_find(inner, mo_str("--"), 0) < inner.n ||
            (inner.n && inner.p[inner.n - 1] == '-')))
        mend(r, n, "", MO_DIAG_COMMENT_HYPHENS);
    else if (open[1] == '?' && mo_str_starts(inner, mo_str("xml")) && inner.n > 3 &&
             mo_is_space(inner.p[3]))
        mend(r, n, "", MO_DIAG_XML_DECLARATION);
    else
        mo_rdfxml_feed_plain(r, r->fed + n, true);
    return true;
}

/* Text up to the next "<". False when more bytes are needed. */
static bool
pass_text(struct rdfxml *r, struct mo_str s, bool last)
{
    size_t n = mo_str_find(s, mo_str("<"), 0);
    size_t end = mo_str_find(mo_str_n(s.p, n), mo_str("]]>"), 0);

    if (end < n && around(r) != IN_XML) {
        mo_rdfxml_feed_plain(r, r->fed + end + 2, true);
        mend(r, 1, "&gt;", MO_DIAG_CDATA_END);
        return true;
    }
    if (n == s.n && !last) {
        size_t before = r->fed;

        mo_rdfxml_feed_plain(r, r->fed + (n > 2 ? n - 2 : 0), last);
        return r->fed > before;
    }
    mo_rdfxml_feed_plain(r, r->fed + n, last || n < s.n);
    return true;
}

/* One token. False when more bytes are needed. */
static bool
pass_token(struct rdfxml *r, bool last)
{
    static const struct {
        const char *open, *close;
    } sections[] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}};
    struct mo_str s = mo_str_from(mo_buf_view(&r->window), r->fed);

    if (s.p[0] != '<')
        return pass_text(r, s, last);
    if (s.n < 10 && !last && (s.n < 2 || s.p[1] == '!'))
        return false;
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; ++i)
        if (mo_str_starts(s, mo_str(sections[i].open)))
            return pass_section(r, s, sections[i].open, sections[i].close, last);
    return pass_tag(r, s, last);
}

void
mo_rdfxml_feed_careful(struct rdfxml *r, bool last)
{
    while ((r->careful == CAREFUL || r->careful == CAREFUL_HTML) && !r->fatal &&
           r->reader.state == MO_READER_FINE && r->fed < r->window.n) {
        if (!pass_token(r, last))
            return;
        r->lexed = r->offset + r->fed;
        r->lexical = CONTENT;
    }
}
