#include "unit.h"

#include <stdlib.h>

#include "robots.h"

static bool
allows(const char *text, const char *path)
{
    struct robots *robots = robots_new(mo_str(text), "moisson");
    bool yes = robots && robots_allow(robots, path, NULL);

    CU_ASSERT_PTR_NOT_NULL(robots);
    robots_free(robots);
    return yes;
}

/* The examples of RFC 9309, and of the two search engines that wrote it. */
static void
the_longest_rule_decides(void)
{
    static const struct {
        const char *rules, *path;
        bool allowed;
    } rows[] = {{"Disallow: /", "/", false}, {"Disallow:", "/a", true},
        {"Disallow: /a", "/a", false}, {"Disallow: /a", "/ab", false},
        {"Disallow: /a/", "/a", true}, {"Disallow: /a", "/A", true},
        {"Allow: /p\nDisallow: /", "/page", true},
        {"Allow: /p\nDisallow: /", "/x", false},
        {"Allow: /folder\nDisallow: /folder", "/folder/page", true},
        {"Allow: /page\nDisallow: /*.htm", "/page.htm", false},
        {"Allow: /page\nDisallow: /*.ph", "/page.php5", true},
        {"Allow: /$\nDisallow: /", "/", true},
        {"Allow: /$\nDisallow: /", "/page.htm", false},
        {"Disallow: /fish*.php", "/fishheads/catfish.php?id=1", false},
        {"Disallow: /fish*.php", "/Fish.PHP", true},
        {"Disallow: /*.php$", "/a.php", false}, {"Disallow: /*.php$", "/a.php?x", true},
        {"Disallow: /*.php$", "/a.php/b.php", false},
        {"Disallow: /*?*page=", "/c.rdf?a=1&page=2", false},
        {"Disallow: /*?", "/c.rdf", true}, {"Disallow: *", "/x", false},
        {"Disallow: **a**b**", "/xaxb", false}, {"Disallow: /a$b", "/a$b", false},
        {"Disallow: /", "/robots.txt", true}, {"Disallow: /x # not y", "/x", false},
        {"disALLOW : /x", "/x", false}, {"Disallow /x", "/x", true}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        char text[256];

        snprintf(text, sizeof text, "User-agent: *\n%s\n", rows[i].rules);
        CHECK(allows(text, rows[i].path) == rows[i].allowed, rows[i].rules);
    }
}

static void
escapes_are_compared_as_what_they_mean(void)
{
    CU_ASSERT(
        !allows("User-agent: *\nDisallow: /foo/bar/\xE3\x83\x84", "/foo/bar/%E3%83%84"));
    CU_ASSERT(
        !allows("User-agent: *\nDisallow: /foo/bar/%E3%83%84", "/foo/bar/%e3%83%84"));
    CU_ASSERT(!allows("User-agent: *\nDisallow: /foo/bar/%62%61%7A", "/foo/bar/baz"));
    CU_ASSERT(!allows("User-agent: *\nDisallow: /foo/bar/baz", "/foo/bar/b%61z"));
    CU_ASSERT(allows("User-agent: *\nDisallow: /a%2Fb", "/a/b"));
    CU_ASSERT(!allows("User-agent: *\nDisallow: /a%2", "/a%2"));
}

static void
the_group_that_names_us_counts(void)
{
    static const struct {
        const char *text;
        bool allowed;
    } rows[] = {{"", true}, {"Disallow: /", true},
        {"User-agent: other\nDisallow: /", true},
        {"User-agent: *\nDisallow: /\n\nUser-agent: moisson\nDisallow:", true},
        {"User-agent: MOISSON\nDisallow: /", false},
        {"User-agent: moisson/1.0\nDisallow: /", false},
        {"User-agent: moissonneur\nDisallow: /", true},
        {"User-agent: other\nUser-agent: moisson\nDisallow: /", false},
        {"User-agent: moisson\nUser-agent: other\nDisallow: /", false},
        {"User-agent: moisson\nAllow: /y\nUser-agent: other\nDisallow: /", true},
        {"User-agent: moisson\nDisallow: /y\nUser-agent: *\nDisallow:\nUser-agent: moisson\n"
         "Disallow: /x",
            false},
        {"User-agent: *\nSitemap: https://x.example/s.xml\nDisallow: /", false},
        {"\xEF\xBB\xBFUser-agent: *\nDisallow: /", false},
        {"User-agent: *\rDisallow: /\r", false},
        {"User-agent: *\r\n\r\nDisallow: /\r\n", false}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i)
        CHECK(allows(rows[i].text, "/x") == rows[i].allowed, rows[i].text);
}

static void
the_rule_that_forbids_is_told(void)
{
    struct robots *robots =
        robots_new(mo_str("User-agent: *\nDisallow: /a\nDisallow: /a/b*\n"), "moisson");
    const char *rule = NULL;

    CU_ASSERT(!robots_allow(robots, "/a/bc", &rule));
    CU_ASSERT_STRING_EQUAL(rule, "/a/b*");
    robots_free(robots);
}

static void
delays_are_read(void)
{
    static const struct {
        const char *text;
        double delay;
    } rows[] = {{"User-agent: *\nCrawl-delay: 10", 10},
        {"User-agent: *\ncrawl-delay:0.5", 0.5}, {"User-agent: *\nCrawl-delay: -1", 0},
        {"User-agent: *\nCrawl-delay: soon", 0}, {"User-agent: *\nCrawl-delay: nan", 0},
        {"User-agent: *\nCrawl-delay: inf", 0},
        {"User-agent: *\nCrawl-delay: 9\nUser-agent: moisson\nDisallow:", 0},
        {"User-agent: moisson\nCrawl-delay: 3\nDisallow: /x\nUser-agent: *\nCrawl-delay: 9",
            3}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct robots *robots = robots_new(mo_str(rows[i].text), "moisson");

        CHECK(robots_delay(robots) == rows[i].delay, rows[i].text);
        robots_free(robots);
    }
}

/* What lies behind 500 KiB does not count; what is before is read, and quickly. */
static void
size_is_bounded(void)
{
    static const char head[] = "User-agent: *\nDisallow: /a\n",
                      line[] = "Disallow: /*a*a*a*b$\n";
    size_t n = ROBOTS_MOST + 4096, at = sizeof head - 1;
    char *text = malloc(n + sizeof line), path[2001];
    struct robots *robots;

    memcpy(text, head, sizeof head);
    while (at < n) {
        memcpy(text + at, line, sizeof line);
        at += sizeof line - 1;
    }
    memcpy(text + ROBOTS_MOST, "\nDisallow: /z\n", 14);
    robots = robots_new(mo_str_n(text, n), "moisson");
    memset(path, 'a', sizeof path - 1);
    path[0] = '/';
    path[sizeof path - 1] = '\0';
    CU_ASSERT(!robots_allow(robots, path, NULL));
    CU_ASSERT(robots_allow(robots, "/z", NULL));
    robots_free(robots);
    free(text);
}

static const struct unit_test tests[] = {
    TEST(the_longest_rule_decides),
    TEST(escapes_are_compared_as_what_they_mean),
    TEST(the_group_that_names_us_counts),
    TEST(the_rule_that_forbids_is_told),
    TEST(delays_are_read),
    TEST(size_is_bounded),
};

UNIT_MAIN("robots", tests)
