#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "sources/protocol.h"
#include "sources/query.h"

static void
check_text(char *text, const char *wanted, const char *what)
{
    CHECK(
        text && wanted ? strcmp(text, wanted) == 0 : text == wanted, text ? text : what);
    free(text);
}

static void
parameters_are_found_and_decoded(void)
{
    static const struct {
        const char *url, *name, *value;
    } rows[] = {
        {"http://a/b?x=1", "x", "1"},
        {"http://a/b?x=1&y=a+b%20c%C3%A9", "y", "a b c\xC3\xA9"},
        {"http://a/b?x", "x", ""},
        {"http://a/b?xx=1#?x=2", "x", NULL},
        {"http://a/b", "x", NULL},
        {"http://a/b?x=%4", "x", "%4"},
        {"http://a/b?x=%zz&x=2", "x", "%zz"},
        {"http://a/b?&&x=1", "x", "1"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i)
        check_text(query_get(rows[i].url, rows[i].name), rows[i].value, rows[i].url);
}

static void
parameters_are_set_and_others_stay_as_they_are(void)
{
    static const struct {
        const char *url, *name, *value, *made;
    } rows[] = {
        {"http://a/b", "x", "1", "http://a/b?x=1"},
        {"http://a/b?", "x", "1", "http://a/b?x=1"},
        {"http://a/b?y=%c3%A9+&z", "x", "a b", "http://a/b?y=%c3%A9+&z&x=a%20b"},
        {"http://a/b?x=0&y=2", "x", "1", "http://a/b?x=1&y=2"},
        {"http://a/b?x=0&y=2&x=3", "x", "1", "http://a/b?x=1&y=2"},
        {"http://a/b?x=0&y=2#top", "y", "1", "http://a/b?x=0&y=1"},
        {"http://a/b?x=0&y=2", "x", NULL, "http://a/b?y=2"},
        {"http://a/b?x=0", "x", NULL, "http://a/b"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i)
        check_text(query_set(rows[i].url, rows[i].name, rows[i].value), rows[i].made,
            rows[i].url);
}

static void
counting_ends_at_the_end_whatever_the_total_says(void)
{
    static const struct {
        const char *url;
        int64_t members, total;
        const char *next;
    } rows[] = {
        {"http://a?n=10", 10, 25, "http://a?n=10&at=10"},
        {"http://a?n=10&at=10", 10, 25, "http://a?n=10&at=20"},
        {"http://a?n=10&at=20", 5, 25, NULL},
        {"http://a?n=10&at=20", 5, -1, NULL},             /* not said: it was not full */
        {"http://a?n=10", 4, 25, "http://a?n=10&at=4"},   /* a ceiling of the server's */
        {"http://a?n=10", 10, 3, "http://a?n=10&at=10"},  /* it lies */
        {"http://a?n=10", 10, 10, "http://a?n=10&at=10"}, /* it may lie */
        {"http://a?n=10&at=20", 0, 999, NULL},
        {"http://a?n=x&at=y", 2, 3, "http://a?n=x&at=2"},
        {"http://a?n=99999999999999999999", 2, 2, "http://a?n=99999999999999999999&at=2"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct page_facts page = {rows[i].url, rows[i].members, rows[i].total, -1};

        check_text(query_count_on(&page, "at", "n"), rows[i].next, rows[i].url);
    }
}

static void
a_csw_says_where_it_goes_on_or_is_counted(void)
{
    static const struct {
        const char *url;
        int64_t members, total, next_record;
        const char *next;
    } rows[] = {
        {"http://a?maxRecords=10&startPosition=1", 10, 25, 11, "11"},
        {"http://a?maxRecords=10&startPosition=1", 3, 25, 11,
            "11"}, /* others are no datasets */
        {"http://a?maxRecords=10&startPosition=11", 10, 25, 0, NULL},
        {"http://a?maxRecords=10&startPosition=11", 10, 20, 21,
            NULL}, /* beyond the count */
        {"http://a?maxRecords=10&startPosition=11", 10, -1, 21, "21"},
        {"http://a?maxRecords=10&startPosition=11", 10, 25, 11,
            "11"}, /* goes round: seen there */
        {"http://a?maxRecords=10&startPosition=11", 10, 25, 4, "11"},
        {"http://a?maxRecords=10&startPosition=11", 10, 25, -1, "21"},
        {"http://a?maxRecords=10&startPosition=21", 5, 25, -1, NULL},
        {"http://a?maxRecords=10&startPosition=1", 0, 25, -1, NULL},
        {"http://a?maxRecords=10", 4, 25, -1, "5"}, /* a ceiling of the server's */
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct page_facts page = {
            rows[i].url, rows[i].members, rows[i].total, rows[i].next_record};
        char *next = protocol_csw.following(&page);

        check_text(
            next ? query_get(next, "startPosition") : NULL, rows[i].next, rows[i].url);
        free(next);
    }
}

#define DCAT "outputSchema=http://www.w3.org/ns/dcat%23"
#define CSW "resultType=results&typeNames=csw:Record&elementSetName=full&"
#define COUNTED "sortBy=dc:identifier:A&maxRecords=50&startPosition=1"

#define SORTED "sort=id%20asc&rows=100"

static void
what_a_person_writes_becomes_the_first_page(void)
{
    static const struct {
        const char *type, *url, *first;
    } rows[] = {
        {"ckan", "https://x.fr", "https://x.fr/api/3/action/package_search?" SORTED},
        {"ckan", "https://x.fr/data/",
            "https://x.fr/data/api/3/action/package_search?" SORTED},
        {"ckan", "https://x.fr/dataset",
            "https://x.fr/api/3/action/package_search?" SORTED},
        {"ckan", "https://x.fr/fr/dataset/?q=mus%C3%A9e&tags=art&page=3",
            "https://x.fr/fr/api/3/action/package_search?q=mus%C3%A9e&"
            "fq=tags:%22art%22&" SORTED},
        {"ckan", "https://x.fr/organization/louvre?res_format=CSV",
            "https://x.fr/api/3/action/package_search?"
            "fq=organization:%22louvre%22%20res_format:%22CSV%22&" SORTED},
        {"ckan", "https://x.fr/group/culture",
            "https://x.fr/api/3/action/package_search?fq=groups:%22culture%22&" SORTED},
        {"ckan", "https://x.fr/organization",
            "https://x.fr/organization/api/3/action/package_search?" SORTED},
        {"ckan", "https://x.fr/api/3",
            "https://x.fr/api/3/action/package_search?" SORTED},
        {"ckan", "https://x.fr/api/3/action/",
            "https://x.fr/api/3/action/package_search?" SORTED},
        {"ckan", "https://x.fr/api/action/package_search?fq=a:b&fq=c:d&rows=5",
            "https://x.fr/api/action/package_search?fq=a:b&fq=c:d&rows=5&sort=id%20asc"},
        {"ckan", "https://x.fr/api/3/action/package_search?sort=name+asc",
            "https://x.fr/api/3/action/package_search?sort=name+asc&rows=100"},
        {"ckan", "https://x.fr/api/3/action/current_package_list_with_resources",
            "https://x.fr/api/3/action/current_package_list_with_resources?"
            "limit=100&offset=0"},
        {"ckan", "https://x.fr/api/3/action/package_show?id=a",
            "https://x.fr/api/3/action/package_show?id=a"},
        {"ckan", "https://x.fr/catalog.xml", "https://x.fr/catalog.xml"},
        {"csw", "https://x.fr/geonetwork/srv/fre/csw",
            "https://x.fr/geonetwork/srv/fre/csw?service=CSW&version=2.0.2&"
            "request=GetRecords&" CSW DCAT "&" COUNTED},
        {"csw", "https://x.fr/csw?SERVICE=CSW&REQUEST=GetCapabilities&map=a%2Fb",
            "https://x.fr/csw?service=CSW&request=GetRecords&map=a%2Fb&version=2.0.2&" CSW
                DCAT "&" COUNTED},
        {"csw", "https://x.fr/csw?outputschema=http://data.europa.eu/930/&MaxRecords=10",
            "https://x.fr/csw?outputSchema=http://data.europa.eu/930/&maxRecords=10&"
            "service=CSW&version=2.0.2&request=GetRecords&" CSW
            "sortBy=dc:identifier:A&startPosition=1"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i)
        check_text(
            protocol_named(rows[i].type)->first(rows[i].url), rows[i].first, rows[i].url);
}

static void
an_address_of_a_service_is_known(void)
{
    static const struct {
        const char *url, *type;
    } rows[] = {
        {"https://x.fr/catalogue.rdf", "dcat"},
        {"https://x.fr/", "dcat"},
        {"https://x.fr/api/3/action/package_search?q=a", "ckan"},
        {"https://x.fr/?/api/3/action/package_search", "dcat"},
        {"https://x.fr/geonetwork/srv/fre/csw", "csw"},
        {"https://x.fr/cgi?map=x&Service=csw", "csw"},
        {"https://x.fr/?q=service=CSW", "dcat"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i)
        CHECK(strcmp(protocol_of(rows[i].url)->type, rows[i].type) == 0, rows[i].url);
    CU_ASSERT_PTR_NULL(protocol_named("dact"));
}

static const struct unit_test tests[] = {TEST(parameters_are_found_and_decoded),
    TEST(parameters_are_set_and_others_stay_as_they_are),
    TEST(counting_ends_at_the_end_whatever_the_total_says),
    TEST(a_csw_says_where_it_goes_on_or_is_counted),
    TEST(what_a_person_writes_becomes_the_first_page),
    TEST(an_address_of_a_service_is_known)};

UNIT_MAIN("protocols", tests)
