#include "unit.h"

#include <time.h>

#include "site/site.h"

static const struct site *
site(void)
{
    static struct site made;

    if (!made.values)
        made.values = mo_values_new(mo_vocab_new(mo_tables_new(), NULL));
    CU_ASSERT_PTR_NOT_NULL_FATAL(made.values);
    return &made;
}

static void
expect(struct mo_str text, const char *want)
{
    struct mo_buf out;

    mo_buf_init(&out, MO_SITE_MAX_TEXT);
    mo_site_prose(site(), &out, text, 1);
    if (!mo_str_is(mo_buf_view(&out), want))
        printf("\n  got:  " MO_FMT, MO_ARG(mo_buf_view(&out)));
    CHECK(mo_str_is(mo_buf_view(&out), want), want);
    mo_buf_done(&out);
}

struct row {
    const char *text, *want;
};

static void
expect_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; ++i)
        expect(mo_str(rows[i].text), rows[i].want);
}

#define REL "\" rel=\"nofollow noopener\">"
#define P(inside) "<p dir=\"auto\">" inside "</p>\n"

static void
markdown_becomes_html(void)
{
    static const struct row rows[] = {
        {"", ""},
        {"Un texte.", P("Un texte.")},
        {"Un\r\ndeux\n\n\n   trois", P("Un<br>\ndeux") P("trois")},
        {"Un  \ndeux", P("Un<br>\ndeux")},
        {"    indenté", P("indenté")},
        {"**gras** _fin_ *fin* ~~non~~ `x*y` a_b_c",
            P("<strong>gras</strong> <em>fin</em> <em>fin</em> <del>non</del> "
              "<code>x*y</code> a_b_c")},
        {"* un\n  * deux",
            "<ul>\n<li dir=\"auto\">un<ul>\n<li dir=\"auto\">deux</li>\n</ul>\n</li>\n</ul>\n"},
        {"3. un\n4. deux",
            "<ol start=\"3\">\n<li dir=\"auto\">un</li>\n<li dir=\"auto\">deux</li>\n</ol>\n"},
        {"> cité", "<blockquote>\n" P("cité") "</blockquote>\n"},
        {"a\n\n* * *\n\nb", P("a") "<hr>\n" P("b")},
        {"```\na  <b>\n```", "<pre><code>a  &lt;b&gt;\n</code></pre>\n"},
        {"a | b\n---|---\n1 | 2",
            "<div class=\"table\" tabindex=\"0\"><table>\n<thead>\n<tr><th "
            "dir=\"auto\">a</th><th dir=\"auto\">b</th></tr>\n</thead>\n<tbody>\n<tr><td "
            "dir=\"auto\">1</td><td dir=\"auto\">2</td></tr>\n</tbody>\n</table></div>\n"},
        {"1\\. un \\- deux", P("1. un - deux")},
        {"&eacute;t&#233; &amp; &nope;", P("été &amp; &amp;nope;")},
    };

    expect_rows(rows, sizeof rows / sizeof rows[0]);
}

static void
headings_stand_below_the_title(void)
{
    static const struct row rows[] = {
        {"# Un", "<h2 dir=\"auto\">Un</h2>\n"},
        {"### Un\n\n###### Deux\n\n# Trois\n\n## Quatre",
            "<h2 dir=\"auto\">Un</h2>\n<h3 dir=\"auto\">Deux</h3>\n"
            "<h2 dir=\"auto\">Trois</h2>\n<h3 dir=\"auto\">Quatre</h3>\n"},
        {"#\n\n### Un", "<h2 dir=\"auto\">Un</h2>\n"},
        {"| | b |\n|---|---|",
            "<div class=\"table\" tabindex=\"0\"><table>\n<thead>\n<tr><td></td><th "
            "dir=\"auto\">b</th></tr>\n</thead>\n</table></div>\n"},
    };

    expect_rows(rows, sizeof rows / sizeof rows[0]);
}

static void
links_lead_to_the_web_and_to_mail(void)
{
    static const struct row rows[] = {
        {"[t](http://x.fr/a_b?c&d)", P("<a href=\"http://x.fr/a_b?c&amp;d" REL "t</a>")},
        {"<http://x.fr/>", P("<a href=\"http://x.fr/" REL "http://x.fr/</a>")},
        {"<a@x.fr>", P("<a href=\"mailto:a@x.fr" REL "a@x.fr</a>")},
        {"voir https://x.fr/a_b_c.",
            P("voir <a href=\"https://x.fr/a_b_c" REL "https://x.fr/a_b_c</a>.")},
        {"https://x.fr/?a=1&amp;b\\_c",
            P("<a href=\"https://x.fr/?a=1&amp;b_c" REL "https://x.fr/?a=1&amp;b_c</a>")},
        {"![une image](http://x.fr/i.png \"titre\")",
            P("<a href=\"http://x.fr/i.png" REL "une image</a>")},
        {"![](http://x.fr/i.png)",
            P("<a href=\"http://x.fr/i.png" REL "http://x.fr/i.png</a>")},
        {"[![logo](http://x.fr/i.png)](http://x.fr/)",
            P("<a href=\"http://x.fr/" REL "logo</a>")},
        {"[https://a.fr/](https://b.fr/)",
            P("<a href=\"https://b.fr/" REL "https://a.fr/</a>")},
        {"![x [y](http://y.fr/)](z.png)", P("x <a href=\"http://y.fr/" REL "y</a>")},
        {"voir https://| ou http://.", P("voir https://| ou http://.")},
        {"[t](page.html)", P("t")},
        {"[](page.html)", P("page.html")},
        {"[t](javascript:alert(1))", P("t")},
        {"[t](java&#115;cript&colon;alert(1)) [t](data:text/html,x)", P("t t")},
        {"<javascript:alert(1)>", P("javascript:alert(1)")},
        {"[t](https://x.fr/\"onclick=\"alert(1))",
            P("<a href=\"https://x.fr/&quot;onclick=&quot;alert(1)" REL "t</a>")},
    };

    expect_rows(rows, sizeof rows / sizeof rows[0]);
}

static void
html_and_marks_do_no_harm(void)
{
    static const struct row rows[] = {
        {"<script>alert(1)</script>", P("&lt;script&gt;alert(1)&lt;/script&gt;")},
        {"a <img src=x onerror=alert(1)> b", P("a &lt;img src=x onerror=alert(1)&gt; b")},
        {"<!-- -->\n</main>", P("&lt;!-- --&gt;<br>\n&lt;/main&gt;")},
        {"&lt;script>", P("&lt;script&gt;")},
        {"a\xE2\x80\xAE"
         "b &#x202e;c\x07 &#7;",
            P("ab c &amp;#7;")},
        {"[t\xE2\x81\xA6](https://x.fr/\xE2\x80\xAE"
         "a)",
            P("<a href=\"https://x.fr/a" REL "t</a>")},
    };

    expect_rows(rows, sizeof rows / sizeof rows[0]);
}

/* What would cost much is shown as it is, and nothing takes long. */
static void
costs_have_ceilings(void)
{
    static const char *const pieces[] = {"> ", "[", "![", "*a_ ", "`", "[a](<b", "**",
        "<a ", "|", "[a][b] ", "- ", "&", "\\", "~~a ", "a|", "\n", "![[](", "[x]:y\n",
        "_a**b", "](", "<!--", "1. ", "# \n", "``a", "(", "&amp;", "http://", "|-\n",
        "| a |b\n|--|--\n", "||||||||||||||||||||"};
    enum { MOST = 64 << 10 };

    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; ++i) {
        struct mo_buf text, out;
        clock_t start = clock();

        mo_buf_init(&text, 2 * MOST);
        mo_buf_init(&out, MO_SITE_MAX_TEXT);
        while (text.n + strlen(pieces[i]) <= MOST)
            mo_buf_c(&text, pieces[i]);
        mo_site_prose(site(), &out, mo_buf_view(&text), 1);
        CHECK(!out.failed && out.n < 100 * MOST, pieces[i]);
        CHECK(clock() - start < 2 * CLOCKS_PER_SEC, pieces[i]);
        mo_buf_done(&text);
        mo_buf_done(&out);
    }
}

static const struct unit_test tests[] = {TEST(markdown_becomes_html),
    TEST(headings_stand_below_the_title), TEST(links_lead_to_the_web_and_to_mail),
    TEST(html_and_marks_do_no_harm), TEST(costs_have_ceilings)};

UNIT_MAIN("markdown", tests)
