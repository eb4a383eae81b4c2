#include <moisson/text.h>

#include "base/ctype.h"
#include "site/site.h"

const char *
mo_site_say(const struct site *s, enum mo_site_text text)
{
    static const char *const texts[MO_TEXT_COUNT][2] = {
#define TEXT(id, fr, en) [MO_TEXT_##id] = {fr, en},
#include "site/texts.def"
#undef TEXT
    };

    return texts[text][s->lang[0] == 'e'];
}

/* Controls, and what turns text round beyond its end (Unicode UAX #9, 2). */
static bool
is_unfit(uint32_t c)
{
    return (c < 0x20 && c != '\t' && c != '\n') || c == 0x7F || (c >= 0x80 && c < 0xA0) ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFFFE ||
           c == 0xFFFF;
}

static const char *
entity_of(uint32_t c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void
mo_html_text(struct mo_buf *out, struct mo_str text)
{
    for (size_t at = 0, from = 0; at < text.n; from = at) {
        uint32_t c = mo_utf8_next(text, &at);
        const char *entity = entity_of(c);

        if (entity)
            mo_buf_c(out, entity);
        else if (!is_unfit(c))
            mo_buf_add(out, text.p + from, at - from);
    }
}

bool
mo_html_is_link(struct mo_str url)
{
    static const char *const schemes[] = {"https://", "http://", "ftp://", "ftps://"};

    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; ++i) {
        size_t n = strlen(schemes[i]);

        if (url.n > n && mo_str_eq_nocase(mo_str_n(url.p, n), mo_str(schemes[i])))
            return true;
    }
    return false;
}

/* How much of the text, which begins like a web address, is one. */
static size_t
link_length(struct mo_str text)
{
    size_t n = 0;

    if (!mo_html_is_link(text))
        return 0;
    while (n < text.n && !mo_is_space(text.p[n]) && !strchr("<>\"|\\^`{}", text.p[n]))
        ++n;
    while (n && strchr(".,;:!?)]*_'", text.p[n - 1]))
        --n;
    return mo_html_is_link(mo_str_n(text.p, n)) ? n : 0;
}

void
mo_html_open_link(struct mo_buf *out, struct mo_str url)
{
    mo_buf_c(out, "<a href=\"");
    mo_html_text(out, url);
    mo_buf_c(out, "\" rel=\"nofollow noopener\">");
}

void
mo_html_line(struct mo_buf *out, struct mo_str line)
{
    size_t from = 0;

    for (size_t i = 0; i < line.n; ++i) {
        struct mo_str rest = mo_str_from(line, i);
        bool word = i == 0 || !(mo_is_alpha(line.p[i - 1]) || mo_is_digit(line.p[i - 1]));
        size_t n = word ? link_length(rest) : 0;

        if (n == 0)
            continue;
        mo_html_text(out, mo_str_n(line.p + from, i - from));
        mo_html_open_link(out, mo_str_n(rest.p, n));
        mo_html_text(out, mo_str_n(rest.p, n));
        mo_buf_c(out, "</a>");
        i += n - 1;
        from = i + 1;
    }
    mo_html_text(out, mo_str_from(line, from));
}

void
mo_html_prose(struct mo_buf *out, struct mo_str text)
{
    bool open = false;

    while (text.n) {
        size_t n = mo_str_find(text, mo_str("\n"), 0);
        struct mo_str line = mo_str_trim(mo_str_n(text.p, n));

        text = mo_str_from(text, n + 1);
        if (line.n == 0) {
            mo_buf_c(out, open ? "</p>\n" : "");
            open = false;
            continue;
        }
        mo_buf_c(out, open ? "<br>\n" : "<p dir=\"auto\">");
        mo_html_line(out, line);
        open = true;
    }
    mo_buf_c(out, open ? "</p>\n" : "");
}

void
mo_html_json(struct mo_buf *out, struct mo_str json)
{
    for (size_t at = 0, from = 0; at < json.n; from = at) {
        uint32_t c = mo_utf8_next(json, &at);

        if (c == '<' || (c > 127 && is_unfit(c)))
            mo_buf_printf(out, "\\u%04x", (unsigned)c);
        else
            mo_buf_add(out, json.p + from, at - from);
    }
}

void
mo_html_head(struct site *s, struct mo_buf *out, struct mo_str title, const char *root,
    const char *id)
{
    mo_buf_printf(out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n", s->lang);
    mo_buf_c(out, "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                  "content=\"width=device-width, initial-scale=1\">\n"
                  "<link rel=\"icon\" href=\"data:,\">\n<title>");
    mo_html_text(out, title);
    if (id) {
        mo_buf_c(out, " – ");
        mo_html_text(out, mo_buf_view(&s->title));
    }
    mo_buf_printf(out,
        "</title>\n<link rel=\"stylesheet\" href=\"%ssite.css\">\n"
        "<link rel=\"alternate\" type=\"application/atom+xml\" href=\"%sfeed.atom\">\n",
        root, root);
    mo_buf_printf(out,
        "<link rel=\"alternate\" type=\"application/rdf+xml\" href=\"%s.rdf\">\n"
        "<link rel=\"alternate\" type=\"application/ld+json\" href=\"%s.jsonld\">\n",
        id ? id : "catalog", id ? id : "catalog");
}

void
mo_html_foot(struct site *s, struct mo_buf *out)
{
    (void)s;
    mo_buf_c(out, "</body>\n</html>\n");
}
