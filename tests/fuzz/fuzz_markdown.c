/* Descriptions as HTML: elements of ours alone, each closed where it was opened, and no link but to the web and to mail. */
#include "fuzz.h"
#include "site/site.h"

enum { DEEPEST = 80 };

static const char *const elements[] = {"p", "blockquote", "ul", "ol", "li", "hr", "pre",
    "code", "div", "table", "thead", "tbody", "tr", "th", "td", "em", "strong", "del",
    "a", "br", "h3", "h4", "h5", "h6"};

static const char *const starts[] = {"", " dir=\"auto\"",
    " class=\"table\" tabindex=\"0\"", " start=\"*\"",
    " href=\"*\" rel=\"nofollow noopener\""};

static bool
is_element(struct mo_str name)
{
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; ++i)
        if (mo_str_is(name, elements[i]))
            return true;
    return false;
}

/* Whether attributes are these, where "*" is a value. */
static bool
are(struct mo_str attributes, const char *wanted, struct mo_str *value)
{
    size_t star = strcspn(wanted, "*"), behind;
    const char *end = wanted[star] ? wanted + star + 1 : "";

    if (!wanted[star])
        return mo_str_is(attributes, wanted);
    if (!mo_str_starts(attributes, mo_str_n(wanted, star)))
        return false;
    *value = mo_str_from(attributes, star);
    behind = mo_str_find(*value, mo_str("\""), 0);
    attributes = mo_str_from(*value, behind);
    value->n = behind;
    return mo_str_is(attributes, end);
}

static void
check_start(struct mo_str attributes)
{
    struct mo_str value = mo_str("");
    bool known = false;

    for (size_t i = 0; !known && i < sizeof starts / sizeof starts[0]; ++i)
        known = are(attributes, starts[i], &value);
    MUST(known);
    MUST(!mo_str_starts(attributes, mo_str(" href")) || mo_html_is_link(value) ||
         mo_str_eq_nocase(
             mo_str_n(value.p, value.n < 7 ? value.n : 7), mo_str("mailto:")));
}

static bool
is_void(struct mo_str name)
{
    return mo_str_is(name, "hr") || mo_str_is(name, "br");
}

/* Every tag. */
static void
check(struct mo_str html)
{
    struct mo_str open[DEEPEST];
    size_t depth = 0;

    for (size_t at = 0; (at = mo_str_find(html, mo_str("<"), at)) < html.n;) {
        struct mo_str tag = mo_str_from(html, at + 1), name;
        bool closes = tag.n && tag.p[0] == '/';

        tag.n = mo_str_find(tag, mo_str(">"), 0);
        at += tag.n + 1;
        tag = mo_str_from(tag, closes);
        name = mo_str_n(tag.p, mo_str_find(tag, mo_str(" "), 0));
        MUST(is_element(name));
        if (closes) {
            MUST(depth && mo_str_eq(open[--depth], name) && name.n == tag.n);
            continue;
        }
        check_start(mo_str_from(tag, name.n));
        if (!is_void(name)) {
            MUST(depth < DEEPEST);
            open[depth++] = name;
        }
    }
    MUST(depth == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct site site;
    struct mo_buf text, html;

    if (!site.values)
        site.values = mo_values_new(fuzz_vocab());
    fuzz_text(&text, fuzz_str(data, size));
    mo_buf_init(&html, FUZZ_MAX);
    mo_site_prose(&site, &html, mo_buf_view(&text), 2);
    MUST(!html.failed && mo_utf8_bad(mo_buf_view(&html)) == html.n);
    for (size_t i = 0; i < html.n; ++i)
        MUST((unsigned char)html.p[i] >= ' ' || strchr("\t\n", html.p[i]));
    check(mo_buf_view(&html));
    mo_buf_done(&text);
    mo_buf_done(&html);
    return 0;
}
