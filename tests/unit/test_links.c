#include <string.h>

#include "unit.h"

#include "links.h"

static void
links_to_other_forms_are_found(void)
{
    static const struct {
        const char *html, *type, *url; /* of the first; NULL: there is none */
    } rows[] = {
        {"<link rel=\"alternate\" type=\"text/turtle\" href=\"/c.ttl\">", "text/turtle",
            "/c.ttl"},
        {"<LINK HREF='a?b=1&amp;c=2'\n TYPE=text/turtle;charset=utf-8 REL=Alternate />",
            "text/turtle", "a?b=1&c=2"},
        {"<link rel=alternate type=text/turtle href=/c.ttl>", "text/turtle", "/c.ttl"},
        {"<link rel = \"alternate\" type = 'x/y' href = \" a b \" >", "x/y", "a b"},
        {"<link rel=\"alternate\" href=\"/c.ttl\">", NULL, NULL},
        {"<link rel=\"alternate\" type=\"text/turtle\">", NULL, NULL},
        {"<link rel=\"stylesheet\" type=\"text/turtle\" href=\"/c.ttl\">", NULL, NULL},
        {"<linked rel=\"alternate\" type=\"text/turtle\" href=\"/c.ttl\">", NULL, NULL},
        {"<link rel=\"alternate\" type=\"text/turtle\" href=\"/c.ttl", "text/turtle",
            "/c.ttl"},
        {"<link rel=\"alternate\" type=\"text/turtle", NULL, NULL},
        {"<link ", NULL, NULL},
        {"<link", NULL, NULL},
        {"<", NULL, NULL},
    };
    static struct links links;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        links_read(mo_str(rows[i].html), &links);
        CHECK((links.n > 0) == (rows[i].url != NULL), rows[i].html);
        if (links.n > 0 && rows[i].url)
            CHECK(strcmp(links.of[0].type, rows[i].type) == 0 &&
                      strcmp(links.of[0].url, rows[i].url) == 0,
                links.of[0].url);
    }
}

static void
ceilings_are_honoured(void)
{
    static const char head[] = "<link rel=alternate type=a/b href=";
    static char html[64 << 10];
    static struct links links;
    size_t n = 0;

    for (size_t i = 0; i < 2 * MAX_LINKS; ++i)
        n += (size_t)sprintf(html + n, "%s/%zu>", head, i);
    links_read(mo_str_n(html, n), &links);
    CU_ASSERT_EQUAL(links.n, MAX_LINKS);

    n = (size_t)sprintf(html, "%s", head); /* an address that is too long is none */
    memset(html + n, 'x', MAX_LINK);
    strcpy(html + n + MAX_LINK, "><link rel=alternate type=a/b href=/fine>");
    links_read(mo_str(html), &links);
    CU_ASSERT_EQUAL(links.n, 1);
    CU_ASSERT_STRING_EQUAL(links.of[0].url, "/fine");
}

static const struct unit_test tests[] = {
    TEST(links_to_other_forms_are_found), TEST(ceilings_are_honoured)};

UNIT_MAIN("links", tests)
