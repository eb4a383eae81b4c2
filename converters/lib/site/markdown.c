/*
 * Markdown as HTML that does no harm: elements and links of ours alone, nothing that the reader's
 * browser would ask for. Line ends are kept, as on data.gouv.fr. Texts that are only indented are no
 * code: catalogues indent what they quote.
 */
#include <md4c.h>

#include "site/site.h"

enum {
    MAX_MARKDOWN = 64 << 10, /* bytes of a text beyond which it is shown as it is */
    MAX_GROWTH = 64,         /* bytes of HTML for one of it, and a page's worth */
    MAX_PAGE = 64 << 10,
    MAX_DEPTH = 64, /* of elements */
    MAX_HEADING = 6,
    FLAGS = MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS | MD_FLAG_TABLES |
            MD_FLAG_STRIKETHROUGH
};

struct prose {
    const struct mo_values *values;
    struct mo_buf *out;
    size_t most;        /* that `out` may hold */
    struct mo_buf text; /* that is not written yet: a link may go on */
    int above;          /* level of the heading that the text stands below */
    int heading;        /* level of the one before */
    size_t depth;
    struct {
        size_t at;     /* in `out`, where the element begins */
        size_t within; /* behind its tag */
    } open[MAX_DEPTH];
    size_t link; /* depth of the link that text stands in; 0: none */
};

struct tags {
    const char *open, *close;
};

static const struct tags blocks[] = {
    [MD_BLOCK_DOC] = {"", ""},
    [MD_BLOCK_QUOTE] = {"<blockquote>\n", "</blockquote>\n"},
    [MD_BLOCK_UL] = {"<ul>\n", "</ul>\n"},
    [MD_BLOCK_OL] = {"<ol>\n", "</ol>\n"},
    [MD_BLOCK_LI] = {"<li dir=\"auto\">", "</li>\n"},
    [MD_BLOCK_HR] = {"<hr>\n", ""},
    [MD_BLOCK_CODE] = {"<pre><code>", "</code></pre>\n"},
    [MD_BLOCK_P] = {"<p dir=\"auto\">", "</p>\n"},
    [MD_BLOCK_TABLE] = {"<div class=\"table\" tabindex=\"0\"><table>\n",
        "</table></div>\n"},
    [MD_BLOCK_THEAD] = {"<thead>\n", "</thead>\n"},
    [MD_BLOCK_TBODY] = {"<tbody>\n", "</tbody>\n"},
    [MD_BLOCK_TR] = {"<tr>", "</tr>\n"},
    [MD_BLOCK_TH] = {"<th dir=\"auto\">", "</th>"},
    [MD_BLOCK_TD] = {"<td dir=\"auto\">", "</td>"},
};

static const struct tags spans[] = {
    [MD_SPAN_EM] = {"<em>", "</em>"},
    [MD_SPAN_STRONG] = {"<strong>", "</strong>"},
    [MD_SPAN_CODE] = {"<code>", "</code>"},
    [MD_SPAN_DEL] = {"<del>", "</del>"},
};

/* ---- Text ---- */

/* Append text as md4c hands it over; a reference is the character that it stands for. */
static void
add_text(const struct prose *p, struct mo_buf *out, MD_TEXTTYPE type, struct mo_str text)
{
    char utf8[4];
    size_t n;

    if (type == MD_TEXT_NULLCHAR)
        mo_buf_c(out, "\xEF\xBF\xBD");
    else if (type == MD_TEXT_ENTITY && mo_reference(p->values, text, utf8, &n))
        mo_buf_add(out, utf8, n);
    else
        mo_buf_str(out, text);
}

static void
flush(struct prose *p)
{
    if (p->link)
        mo_html_text(p->out, mo_buf_view(&p->text));
    else
        mo_html_line(p->out, mo_buf_view(&p->text));
    mo_buf_clear(&p->text);
}

/* -1: it becomes too much, and md4c gives up. */
static int
checked(const struct prose *p)
{
    return p->out->n > p->most || p->depth == MAX_DEPTH || p->out->failed ||
                   p->text.failed
               ? -1
               : 0;
}

static int
put_text(MD_TEXTTYPE type, const MD_CHAR *bytes, MD_SIZE n, void *ctx)
{
    struct prose *p = ctx;
    struct mo_str text = mo_str_n(bytes, n);

    switch (type) {
    case MD_TEXT_CODE: mo_html_text(p->out, text); break;
    case MD_TEXT_BR:
    case MD_TEXT_SOFTBR:
        flush(p);
        mo_buf_c(p->out, "<br>\n");
        break;
    default: add_text(p, &p->text, type, text);
    }
    return checked(p);
}

/* ---- Elements ---- */

static int
begin(struct prose *p, size_t at)
{
    p->open[p->depth].at = at;
    p->open[p->depth].within = p->out->n;
    ++p->depth;
    return checked(p);
}

/* Whether the element that ends holds nothing. */
static bool
end(struct prose *p)
{
    flush(p);
    --p->depth;
    return p->out->n == p->open[p->depth].within;
}

/* The element that has ended was none. */
static void
take_back(struct prose *p, const char *instead)
{
    p->out->n = p->open[p->depth].at;
    mo_buf_c(p->out, instead);
}

/* No level is left out between a heading and the one before. */
static int
heading_level(const struct prose *p, const MD_BLOCK_H_DETAIL *detail)
{
    int level = (int)detail->level + p->above;

    level = level > p->heading + 1 ? p->heading + 1 : level;
    return level > MAX_HEADING ? MAX_HEADING : level;
}

static int
enter_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    struct prose *p = ctx;
    unsigned start = 1;
    size_t at;

    flush(p);
    at = p->out->n;
    if (type == MD_BLOCK_OL)
        start = ((const MD_BLOCK_OL_DETAIL *)detail)->start;
    if (type == MD_BLOCK_H)
        mo_buf_printf(p->out, "<h%d dir=\"auto\">", heading_level(p, detail));
    else if (start != 1)
        mo_buf_printf(p->out, "<ol start=\"%u\">\n", start);
    else
        mo_buf_c(p->out, blocks[type].open);
    return begin(p, at);
}

static int
leave_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    struct prose *p = ctx;
    bool empty = end(p);

    if (type == MD_BLOCK_H && empty) {
        take_back(p, "");
    } else if (type == MD_BLOCK_TH && empty) {
        take_back(p, "<td></td>");
    } else if (type == MD_BLOCK_H) {
        p->heading = heading_level(p, detail);
        mo_buf_printf(p->out, "</h%d>\n", p->heading);
    } else {
        mo_buf_c(p->out, blocks[type].close);
    }
    return checked(p);
}

/* Where a link leads, or where an image is, which becomes a link: nothing is asked for. */
static void
read_address(
    const struct prose *p, MD_SPANTYPE type, const void *detail, struct mo_buf *out)
{
    const MD_ATTRIBUTE *a = type == MD_SPAN_A
                                ? &((const MD_SPAN_A_DETAIL *)detail)->href
                                : &((const MD_SPAN_IMG_DETAIL *)detail)->src;

    mo_buf_init(out, MAX_MARKDOWN);
    for (size_t i = 0; a->size && a->substr_offsets[i] < a->size; ++i)
        add_text(p, out, a->substr_types[i],
            mo_str_n(a->text + a->substr_offsets[i],
                a->substr_offsets[i + 1] - a->substr_offsets[i]));
}

static bool
is_mail(struct mo_str url)
{
    static const char scheme[] = "mailto:";
    size_t n = sizeof scheme - 1;

    return url.n > n && mo_str_eq_nocase(mo_str_n(url.p, n), mo_str(scheme));
}

static bool
is_link(MD_SPANTYPE type)
{
    return type == MD_SPAN_A || type == MD_SPAN_IMG;
}

static int
enter_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    struct prose *p = ctx;
    struct mo_buf url;
    size_t at;

    flush(p);
    at = p->out->n;
    if (!is_link(type)) {
        mo_buf_c(p->out, spans[type].open);
        return begin(p, at);
    }
    read_address(p, type, detail, &url);
    if (!p->link && (mo_html_is_link(mo_buf_view(&url)) || is_mail(mo_buf_view(&url)))) {
        mo_html_open_link(p->out, mo_buf_view(&url));
        p->link = p->depth + 1;
    }
    mo_buf_done(&url);
    return begin(p, at);
}

static int
leave_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    struct prose *p = ctx;
    bool empty = end(p), opened = p->link == p->depth + 1;
    struct mo_buf url;

    if (!is_link(type)) {
        mo_buf_c(p->out, spans[type].close);
        return checked(p);
    }
    read_address(p, type, detail, &url);
    if (empty && (opened || !p->link)) /* it has no text: where it leads is one */
        mo_html_text(p->out, mo_buf_view(&url));
    mo_buf_done(&url);
    if (opened) {
        mo_buf_c(p->out, "</a>");
        p->link = 0;
    }
    return checked(p);
}

void
mo_site_prose(const struct site *s, struct mo_buf *out, struct mo_str text, int heading)
{
    static const MD_PARSER parser = {
        0, FLAGS, enter_block, leave_block, enter_span, leave_span, put_text, NULL, NULL};
    struct prose p = {.values = s->values,
        .out = out,
        .most = out->n + MAX_GROWTH * text.n + MAX_PAGE,
        .above = heading,
        .heading = heading};
    size_t from = out->n;

    mo_buf_init(&p.text, MAX_MARKDOWN + 1);
    if (text.n > MAX_MARKDOWN || md_parse(text.p, (MD_SIZE)text.n, &parser, &p)) {
        out->n = from;
        mo_html_prose(out, text);
    }
    mo_buf_done(&p.text);
}
