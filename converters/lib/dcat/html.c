#include <moisson/iri.h>
#include <moisson/text.h>

#include "base/ctype.h"
#include "dcat/values_impl.h"

enum { MAX_NESTING = 64, MAX_CELLS = 1000, LONGEST_NAME = 12, MAX_TEXT = 64 << 20 };

/* What a tag does to the Markdown. */
enum effect {
    PLAIN, /* nothing */
    BLOCK, /* a blank line before and behind */
    LINE,  /* a line of its own */
    BREAK, /* <br> */
    RULE,  /* <hr> */
    HEADING,
    STRONG,
    EMPHASIS,
    STRUCK,
    CODE,
    PRE,
    QUOTE,
    LIST,
    NUMBERED,
    ITEM,
    LINK,
    IMAGE,
    TABLE,
    ROW,
    CELL,
    HIDDEN /* its contents are not text */
};

static const struct tag {
    const char *name;
    enum effect effect;
} tags[] = {{"a", LINK}, {"abbr", PLAIN}, {"acronym", PLAIN}, {"address", BLOCK},
    {"article", BLOCK}, {"aside", BLOCK}, {"b", STRONG}, {"bdi", PLAIN}, {"bdo", PLAIN},
    {"big", PLAIN}, {"blockquote", QUOTE}, {"body", PLAIN}, {"br", BREAK},
    {"button", PLAIN}, {"caption", BLOCK}, {"center", BLOCK}, {"cite", EMPHASIS},
    {"code", CODE}, {"dd", LINE}, {"del", STRUCK}, {"details", BLOCK}, {"dfn", PLAIN},
    {"dir", LIST}, {"div", BLOCK}, {"dl", BLOCK}, {"dt", LINE}, {"em", EMPHASIS},
    {"fieldset", BLOCK}, {"figcaption", BLOCK}, {"figure", BLOCK}, {"font", PLAIN},
    {"footer", BLOCK}, {"form", BLOCK}, {"h1", HEADING}, {"h2", HEADING}, {"h3", HEADING},
    {"h4", HEADING}, {"h5", HEADING}, {"h6", HEADING}, {"head", HIDDEN},
    {"header", BLOCK}, {"hr", RULE}, {"html", PLAIN}, {"i", EMPHASIS}, {"iframe", HIDDEN},
    {"img", IMAGE}, {"input", PLAIN}, {"ins", PLAIN}, {"kbd", CODE}, {"label", PLAIN},
    {"legend", BLOCK}, {"li", ITEM}, {"link", PLAIN}, {"main", BLOCK}, {"mark", PLAIN},
    {"menu", LIST}, {"meta", PLAIN}, {"nav", BLOCK}, {"noscript", PLAIN},
    {"object", HIDDEN}, {"ol", NUMBERED}, {"option", PLAIN}, {"p", BLOCK}, {"pre", PRE},
    {"q", PLAIN}, {"s", STRUCK}, {"samp", CODE}, {"script", HIDDEN}, {"section", BLOCK},
    {"select", PLAIN}, {"small", PLAIN}, {"span", PLAIN}, {"strike", STRUCK},
    {"strong", STRONG}, {"style", HIDDEN}, {"sub", PLAIN}, {"summary", BLOCK},
    {"sup", PLAIN}, {"svg", HIDDEN}, {"table", TABLE}, {"tbody", PLAIN}, {"td", CELL},
    {"template", HIDDEN}, {"textarea", PLAIN}, {"tfoot", PLAIN}, {"th", CELL},
    {"thead", PLAIN}, {"title", HIDDEN}, {"tr", ROW}, {"tt", CODE}, {"u", PLAIN},
    {"ul", LIST}, {"var", EMPHASIS}, {"video", HIDDEN}, {"wbr", PLAIN}};

/* A tag, comment or declaration of the input. */
struct token {
    const struct tag *tag; /* NULL: a comment or declaration */
    bool closes, empty;
    int level; /* of a heading */
    struct mo_str attributes;
    size_t length;
};

static const struct tag *
find_tag(struct mo_str name)
{
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; ++i)
        if (mo_str_eq_nocase(name, mo_str(tags[i].name)))
            return &tags[i];
    return NULL;
}

bool
mo_html_is_tag(struct mo_str name)
{
    return find_tag(name) != NULL;
}

/* Length of a tag up to its ">", quotes minded; 0 when it does not end. */
static size_t
tag_length(struct mo_str s)
{
    char quote = '\0';

    for (size_t i = 1; i < s.n; ++i) {
        char c = s.p[i];

        if (quote)
            quote = c == quote ? '\0' : quote;
        else if ((c == '"' || c == '\'') && s.p[i - 1] == '=')
            quote = c;
        else if (c == '>')
            return i + 1;
        else if (c == '<')
            return 0;
    }
    return 0;
}

/*
 * The tag at the head of `s`, which begins with "<". Only names that HTML knows count:
 * "a < b", <a@b.org> and <http://x/> are text.
 */
static bool
read_token(struct mo_str s, struct token *t)
{
    size_t from, n;

    memset(t, 0, sizeof *t);
    if (mo_str_starts(s, mo_str("<!--"))) {
        n = mo_str_find(s, mo_str("-->"), 4);
        t->length = n < s.n ? n + 3 : s.n;
        return true;
    }
    t->closes = s.n > 1 && s.p[1] == '/';
    from = n = t->closes ? 2 : 1;
    while (n < s.n && n - from < LONGEST_NAME &&
           (mo_is_alpha(s.p[n]) || mo_is_digit(s.p[n])))
        ++n;
    if (n < s.n && !mo_is_space(s.p[n]) && s.p[n] != '>' && s.p[n] != '/')
        return s.n > 9 && mo_str_eq_nocase(mo_str_n(s.p, 9), mo_str("<!doctype")) &&
               (t->length = tag_length(s)) > 0;
    t->tag = find_tag(mo_str_n(s.p + from, n - from));
    t->length = t->tag ? tag_length(s) : 0;
    if (t->length == 0)
        return false;
    t->attributes = mo_str_n(s.p + n, t->length - 1 - n);
    t->empty = t->attributes.n && t->attributes.p[t->attributes.n - 1] == '/';
    if (t->tag->effect == HEADING)
        t->level = t->tag->name[1] - '0';
    return true;
}

/* The value of an attribute; false when there is none. */
static bool
attribute(struct mo_str s, const char *name, struct mo_str *value)
{
    size_t n = strlen(name);

    for (size_t i = 0; i + n < s.n; ++i) {
        struct mo_str rest;
        char quote;

        if ((i > 0 && !mo_is_space(s.p[i - 1])) ||
            !mo_str_eq_nocase(mo_str_n(s.p + i, n), mo_str(name)))
            continue;
        rest = mo_str_trim(mo_str_from(s, i + n));
        if (rest.n == 0 || rest.p[0] != '=')
            continue;
        rest = mo_str_trim(mo_str_from(rest, 1));
        quote = rest.n ? rest.p[0] : '\0';
        if (quote == '"' || quote == '\'') {
            rest = mo_str_from(rest, 1);
            *value = mo_str_n(rest.p, mo_str_find(rest, mo_str_n(&quote, 1), 0));
        } else {
            for (n = 0; n < rest.n && !mo_is_space(rest.p[n]); ++n)
                ;
            *value = mo_str_n(rest.p, n);
        }
        return true;
    }
    return false;
}

bool
mo_holds_html(struct mo_str s)
{
    struct token token;
    size_t at = 0;

    while ((at = mo_str_find(s, mo_str("<"), at)) < s.n) {
        if (read_token(mo_str_from(s, at), &token) && token.tag)
            return true;
        ++at;
    }
    return false;
}

/* ---- Writing Markdown ---- */

struct list {
    bool numbered;
    int n;
};

struct markdown {
    const struct mo_values *values;
    struct mo_buf *out;
    size_t from; /* where its text begins in `out` */
    int lines;   /* that are due before the next text: 0, 1 or 2 */
    bool space;  /* a space is due */
    bool fresh;  /* nothing on this line yet but what opens it */
    int quotes;  /* around */
    bool pre;
    int hidden;
    struct list lists[MAX_NESTING];
    size_t n_lists;
    struct mo_str href;
    size_t link_from; /* where the text of a link begins */
    bool in_link;
    bool plain; /* text alone, without marks */
    int table;  /* its row, from 1; 0: outside */
    int cells;  /* of the row so far */
    struct {
        const char *text;
        size_t at;        /* in `out` */
    } marks[MAX_NESTING]; /* that are open */
    size_t n_marks;
};

static bool
is_empty(const struct markdown *m)
{
    return m->out->n == m->from;
}

static void
new_line(struct markdown *m)
{
    mo_buf_byte(m->out, '\n');
    for (int i = 0; i < m->quotes; ++i)
        mo_buf_c(m->out, "> ");
    m->fresh = true;
}

/* Lines and space that are due. */
static void
catch_up(struct markdown *m)
{
    if (is_empty(m)) {
        for (int i = 0; i < m->quotes; ++i)
            mo_buf_c(m->out, "> ");
        m->fresh = true;
    } else {
        for (int i = 0; i < m->lines; ++i)
            new_line(m);
        if (m->lines == 0 && m->space && !m->fresh)
            mo_buf_byte(m->out, ' ');
    }
    m->lines = 0;
    m->space = false;
}

static void
need_lines(struct markdown *m, int lines)
{
    if (lines > m->lines)
        m->lines = lines;
    m->space = false;
}

/* Whether the next text will be the first on its line. */
static bool
begins_line(const struct markdown *m)
{
    return m->fresh || m->lines > 0 || is_empty(m);
}

/*
 * Text that begins a line and would make a list of it, "1. " or "- ": what must be
 * written before its mark, with a backslash. The number of bytes of text it stands for.
 */
static size_t
escape_mark(struct markdown *m, struct mo_str text)
{
    size_t n = 0;

    if (m->plain || m->pre || m->hidden || !begins_line(m))
        return 0;
    while (n < text.n && mo_is_digit(text.p[n]))
        ++n;
    if (n + 1 >= text.n || !mo_is_space(text.p[n + 1]) ||
        !strchr(n ? "." : "-+", text.p[n]))
        return 0;
    catch_up(m);
    mo_buf_add(m->out, text.p, n);
    mo_buf_byte(m->out, '\\');
    m->fresh = false;
    return n;
}

/* One character of text. */
static void
put_char(struct markdown *m, struct mo_str c, struct mo_str rest)
{
    if (m->hidden)
        return;
    if (!m->pre && (mo_is_space(c.p[0]) || mo_str_is(c, "\xC2\xA0"))) {
        m->space = true;
        return;
    }
    if (m->pre && c.p[0] == '\n') {
        catch_up(m);
        new_line(m);
        mo_buf_c(m->out, "    ");
        return;
    }
    catch_up(m);
    if (c.p[0] == '|' && m->cells > 0 && !m->plain)
        mo_buf_c(m->out, "\\|");
    else if (c.p[0] == '<' &&
             (rest.n == 1 || mo_is_alpha(rest.p[1]) || strchr("/!?", rest.p[1])))
        mo_buf_c(m->out, "&lt;"); /* what was no tag in HTML must not become one */
    else
        mo_buf_str(m->out, c);
    m->fresh = false;
}

/* A piece of text; references are undone first, so that what it reads like is seen. */
static void
put_text(struct markdown *m, struct mo_str s)
{
    struct mo_buf plain;
    size_t at = 0;

    mo_buf_init(&plain, MAX_TEXT);
    while (at < s.n) {
        char utf8[4];
        size_t n = 0, length = 0;

        if (s.p[at] == '&')
            length = mo_reference(m->values, mo_str_from(s, at), utf8, &n);
        mo_buf_add(&plain, length ? utf8 : s.p + at, length ? n : 1);
        at += length ? length : 1;
    }
    s = mo_buf_view(&plain);
    for (at = 0; at < s.n;) {
        size_t start = at += escape_mark(m, mo_str_from(s, at));

        mo_utf8_next(s, &at);
        put_char(m, mo_str_n(s.p + start, at - start), mo_str_from(s, start));
    }
    m->out->failed = m->out->failed || plain.failed;
    mo_buf_done(&plain);
}

/* Take `n` bytes at `at` out of what was written. */
static void
cut(struct markdown *m, size_t at, size_t n)
{
    struct mo_buf *out = m->out;

    memmove(out->p + at, out->p + at + n, out->n - at - n);
    out->n -= n;
    out->p[out->n] = '\0';
}

static void
open_mark(struct markdown *m, const char *mark)
{
    if (m->plain || m->hidden || m->pre || m->n_marks == MAX_NESTING)
        return;
    catch_up(m);
    m->marks[m->n_marks].text = mark;
    m->marks[m->n_marks++].at = m->out->n;
    mo_buf_c(m->out, mark);
    m->fresh = false;
}

/* Behind the text that it closes; around nothing, both marks go. */
static void
close_mark(struct markdown *m, const char *mark)
{
    size_t i = m->n_marks, n = strlen(mark);

    while (i > 0 && m->marks[i - 1].text != mark)
        --i;
    if (i == 0 || m->hidden || m->pre || m->out->failed)
        return;
    --i;
    if (m->out->n == m->marks[i].at + n)
        cut(m, m->marks[i].at, n);
    else
        mo_buf_c(m->out, mark);
    for (; i + 1 < m->n_marks; ++i)
        m->marks[i] = m->marks[i + 1];
    --m->n_marks;
}

static void
put_mark(struct markdown *m, const char *mark, bool closes)
{
    if (closes)
        close_mark(m, mark);
    else
        open_mark(m, mark);
}

static bool
is_safe_link(struct mo_str href)
{
    static const char *const schemes[] = {"http:", "https:", "ftp:", "mailto:", "tel:"};
    size_t colon = mo_str_find(href, mo_str(":"), 0);

    if (href.n == 0 || mo_str_find(href, mo_str(" "), 0) < href.n ||
        mo_str_find(href, mo_str("<"), 0) < href.n)
        return false;
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; ++i)
        if (href.n > strlen(schemes[i]) &&
            mo_str_eq_nocase(mo_str_n(href.p, strlen(schemes[i])), mo_str(schemes[i])))
            return true;
    return colon == href.n || mo_str_find(href, mo_str("/"), 0) < colon;
}

static void
open_link(struct markdown *m, const struct token *t)
{
    struct mo_str href;

    m->in_link =
        attribute(t->attributes, "href", &href) && is_safe_link(mo_str_trim(href));
    m->in_link = m->in_link && !m->plain;
    if (!m->in_link || m->hidden)
        return;
    m->href = mo_str_trim(href);
    catch_up(m);
    mo_buf_byte(m->out, '[');
    m->fresh = false;
    m->link_from = m->out->n;
}

static void
close_link(struct markdown *m)
{
    struct mo_buf *out = m->out;
    struct mo_str text;

    if (!m->in_link || m->hidden)
        return;
    m->in_link = false;
    text = mo_str_from(mo_buf_view(out), m->link_from);
    if (text.n == 0) {
        out->n = m->link_from - 1;
        out->p[out->n] = '\0';
    } else if (mo_str_eq(text, m->href) && mo_iri_is_absolute(text)) {
        out->p[m->link_from - 1] = '<';
        mo_buf_byte(out, '>');
    } else {
        mo_buf_c(out, "](");
        for (size_t i = 0; i < m->href.n; ++i)
            if (mo_str_starts(mo_str_from(m->href, i), mo_str("&amp;"))) {
                mo_buf_byte(out, '&');
                i += 4;
            } else {
                mo_buf_byte(out, m->href.p[i]);
            }
        mo_buf_byte(out, ')');
    }
}

static void
put_image(struct markdown *m, const struct token *t)
{
    struct mo_str src, alt = mo_str("");

    if (m->plain || m->hidden || !attribute(t->attributes, "src", &src) ||
        !is_safe_link(mo_str_trim(src)))
        return;
    attribute(t->attributes, "alt", &alt);
    catch_up(m);
    mo_buf_c(m->out, "![");
    m->fresh = false;
    put_text(m, alt);
    m->space = false;
    mo_buf_c(m->out, "](");
    mo_buf_str(m->out, mo_str_trim(src));
    mo_buf_byte(m->out, ')');
}

static void
open_list(struct markdown *m, bool numbered)
{
    need_lines(m, m->n_lists ? 1 : 2);
    if (m->n_lists < MAX_NESTING) {
        m->lists[m->n_lists].numbered = numbered;
        m->lists[m->n_lists].n = 0;
    }
    ++m->n_lists;
}

static void
close_list(struct markdown *m)
{
    if (m->n_lists)
        --m->n_lists;
    need_lines(m, m->n_lists ? 1 : 2);
}

static void
open_item(struct markdown *m)
{
    size_t depth = m->n_lists < MAX_NESTING ? m->n_lists : MAX_NESTING;
    struct list *list = depth ? &m->lists[depth - 1] : NULL;

    if (m->hidden)
        return;
    need_lines(m, 1);
    if (m->plain)
        return;
    catch_up(m);
    /* cppcheck-suppress knownConditionTrueFalse */
    for (size_t i = 0; i < (depth ? depth : 1); ++i)
        mo_buf_c(m->out, "  ");
    if (list && list->numbered)
        mo_buf_printf(m->out, "%d. ", ++list->n);
    else
        mo_buf_c(m->out, "* ");
    m->fresh = true;
}

/* Behind the first row of a table stands a rule: without it Markdown knows no table. */
static void
end_row(struct markdown *m)
{
    need_lines(m, 1);
    if (m->table == 1 && m->cells > 0) {
        if (m->cells > 1 && !m->plain && !m->hidden) {
            catch_up(m);
            for (int i = 0; i < m->cells && i < MAX_CELLS; ++i)
                mo_buf_c(m->out, i ? "|---" : "---");
            m->fresh = false;
            need_lines(m, 1);
        }
        ++m->table;
    }
    m->cells = 0;
}

static void
open_cell(struct markdown *m)
{
    if (m->cells > 0 && !m->hidden) {
        catch_up(m);
        mo_buf_c(m->out, m->plain ? " " : " | ");
        m->fresh = true;
    }
    ++m->cells;
}

static void
apply(struct markdown *m, const struct token *t)
{
    static const char hashes[] = "######";
    static const char strong[] = "**", emphasis[] = "_", struck[] = "~~", code[] = "`";

    switch (t->tag->effect) {
    case PLAIN: break;
    case BLOCK: need_lines(m, 2); break;
    case LINE: need_lines(m, 1); break;
    case BREAK:
        if (!m->hidden && !is_empty(m) && m->lines == 0) {
            mo_buf_c(m->out, m->plain ? "" : "  ");
            need_lines(m, 1);
        }
        break;
    case RULE:
        need_lines(m, 2);
        if (!m->hidden && !m->plain) {
            catch_up(m);
            mo_buf_c(m->out, "* * *");
        }
        need_lines(m, 2);
        break;
    case HEADING:
        need_lines(m, 2);
        if (!t->closes && !m->hidden && !m->plain) {
            catch_up(m);
            mo_buf_add(m->out, hashes, (size_t)t->level);
            mo_buf_byte(m->out, ' ');
            m->fresh = true;
        }
        break;
    case STRONG: put_mark(m, strong, t->closes); break;
    case EMPHASIS: put_mark(m, emphasis, t->closes); break;
    case STRUCK: put_mark(m, struck, t->closes); break;
    case CODE: put_mark(m, code, t->closes); break;
    case PRE:
        need_lines(m, 2);
        if (!t->closes && !m->hidden && !m->plain) {
            catch_up(m);
            mo_buf_c(m->out, "    ");
        }
        m->pre = !t->closes && !m->plain;
        break;
    case QUOTE:
        need_lines(m, 2);
        if (!m->plain)
            m->quotes += t->closes ? -(m->quotes > 0) : m->quotes < MAX_NESTING;
        break;
    case LIST:
    case NUMBERED:
        if (t->closes)
            close_list(m);
        else
            open_list(m, t->tag->effect == NUMBERED);
        break;
    case ITEM:
        if (t->closes)
            need_lines(m, 1);
        else
            open_item(m);
        break;
    case LINK:
        if (t->closes)
            close_link(m);
        else
            open_link(m, t);
        break;
    case IMAGE: put_image(m, t); break;
    case TABLE:
        need_lines(m, 2);
        m->table = !t->closes;
        m->cells = 0;
        break;
    case ROW: end_row(m); break;
    case CELL:
        if (!t->closes)
            open_cell(m);
        m->space = false;
        break;
    case HIDDEN:
        if (!t->empty)
            m->hidden += t->closes ? -(m->hidden > 0) : 1;
        break;
    }
}

/* Marks that were never closed are taken back; so is space at both ends. */
static void
finish(struct markdown *m)
{
    struct mo_buf *out = m->out;
    size_t space = 0;

    while (m->n_marks && !out->failed) {
        --m->n_marks;
        cut(m, m->marks[m->n_marks].at, strlen(m->marks[m->n_marks].text));
    }
    while (out->n > m->from && mo_is_space(out->p[out->n - 1]))
        --out->n;
    while (m->from + space < out->n && mo_is_space(out->p[m->from + space]))
        ++space;
    if (out->p)
        cut(m, m->from, space);
}

static void
convert(struct markdown *m, struct mo_str text)
{
    size_t at = 0, plain = 0;
    struct token token;

    while ((at = mo_str_find(text, mo_str("<"), at)) < text.n) {
        if (!read_token(mo_str_from(text, at), &token)) {
            ++at;
            continue;
        }
        put_text(m, mo_str_n(text.p + plain, at - plain));
        if (token.tag)
            apply(m, &token);
        at += token.length;
        plain = at;
    }
    put_text(m, mo_str_from(text, plain));
    finish(m);
}

void
mo_markdown(const struct mo_values *values, struct mo_str text, struct mo_buf *out)
{
    struct markdown m = {.values = values, .out = out, .from = out->n, .fresh = true};

    text = mo_str_trim(text);
    if (mo_holds_html(text))
        convert(&m, text);
    else
        mo_buf_str(out, text);
}

void
mo_plain(const struct mo_values *values, struct mo_str text, struct mo_buf *out)
{
    struct markdown m = {
        .values = values, .out = out, .from = out->n, .fresh = true, .plain = true};

    text = mo_str_trim(text);
    if (mo_holds_html(text))
        convert(&m, text);
    else
        mo_buf_str(out, text);
}
