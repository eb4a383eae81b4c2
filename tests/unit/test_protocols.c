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
#define ODS_ORDER "limit=100&order_by=dataset_id"
#define ODS "https://x.fr/api/explore/v2.1/catalog/datasets?" ODS_ORDER

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
        {"ckan", "https://x.fr/dataset?tags=a&tags=b%22c",
            "https://x.fr/api/3/action/package_search?"
            "fq=tags:%22a%22%20tags:%22b%5C%22c%22&" SORTED},
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
        {"ods", "https://x.fr", ODS},
        {"ods", "https://x.fr/explore/", ODS},
        {"ods", "https://x.fr/api/explore/v2.1", ODS},
        {"ods", "https://x.fr/api/explore/v2.1/catalog/", ODS},
        {"ods",
            "https://x.fr/explore/?sort=modified&refine.theme=Mus%C3%A9es+et+arts&q=vase&"
            "exclude.keyword=a&refine.theme=%22%5C",
            "https://x.fr/api/explore/v2.1/catalog/datasets?"
            "refine=theme:%22Mus%C3%A9es%20et%20arts%22&where=%22vase%22&"
            "exclude=keyword:%22a%22&refine=theme:%22%5C%22%5C%5C%22&" ODS_ORDER},
        {"ods", "https://x.fr/explore/?q=%22vase+grec%22",
            "https://x.fr/api/explore/v2.1/catalog/datasets?where=%22%20vase%20grec%20%22&" ODS_ORDER},
        {"ods", "https://x.fr/explore/dataset/vases/information/?lang=fr",
            "https://x.fr/api/explore/v2.1/catalog/datasets/vases"},
        {"ods", "https://x.fr/api/explore/v2.1/catalog/datasets?limit=20&order_by=title",
            "https://x.fr/api/explore/v2.1/catalog/datasets?limit=20&order_by=title"},
        {"ods", "https://x.fr/api/explore/v2.1/catalog/datasets/?limit=-1&where=a%3D1",
            "https://x.fr/api/explore/v2.1/catalog/datasets/?limit=100&where=a%3D1&"
            "order_by=dataset_id"},
        {"ods", "https://x.fr/api/explore/v2.1/catalog/exports/json?where=a",
            "https://x.fr/api/explore/v2.1/catalog/exports/json?where=a"},
        {"datagouv", "https://x.fr", "https://x.fr/api/1/datasets/?page_size=100"},
        {"datagouv", "https://x.fr/fr/datasets/?tag=a&tag=b&page=4",
            "https://x.fr/api/1/datasets/?tag=a&tag=b&page_size=100"},
        {"datagouv", "https://x.fr/datasets/search?organization=5&page_size=20",
            "https://x.fr/api/1/datasets/?organization=5&page_size=20"},
        {"datagouv", "https://x.fr/fr/organizations/louvre/",
            "https://x.fr/api/1/organizations/louvre/datasets/?page_size=100"},
        {"datagouv", "https://x.fr/organizations/louvre/datasets?tag=a#x",
            "https://x.fr/api/1/organizations/louvre/datasets/?tag=a&page_size=100"},
        {"datagouv", "https://x.fr/datasets/vases/",
            "https://x.fr/api/1/datasets/vases/"},
        {"datagouv", "https://x.fr/api/2/datasets/search/?q=a",
            "https://x.fr/api/2/datasets/search/?q=a&page_size=100"},
        {"datagouv", "https://x.fr/api/1/datasets/vases/",
            "https://x.fr/api/1/datasets/vases/"},
        {"datagouv", "https://x.fr/topics/musees", "https://x.fr/topics/musees"},
        {"datajson", "https://x.fr", "https://x.fr/data.json"},
        {"datajson", "https://x.fr/", "https://x.fr/data.json"},
        {"datajson", "https://x.fr/api/feed/dcat-us/1.1.json?q=a",
            "https://x.fr/api/feed/dcat-us/1.1.json?q=a"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i)
        check_text(
            protocol_named(rows[i].type)->first(rows[i].url), rows[i].first, rows[i].url);
}

static void
changes_are_asked_for_within_what_a_person_wants(void)
{
    static const struct {
        const char *type, *first, *changes;
    } rows[] = {
        {"ckan", "http://a/package_search?q=b",
            "http://a/package_search?q=b&fq=%2Bmetadata_modified:%5B2026%20TO%20*%5D"},
        {"ckan", "http://a/package_search?fq=b+OR+c",
            "http://a/package_search?fq=%2B(b%20OR%20c)%20"
            "%2Bmetadata_modified:%5B2026%20TO%20*%5D"},
        {"ckan", "http://a/package_search?fq=-type:harvest&rows=5",
            "http://a/package_search?fq=-type:harvest%20"
            "%2Bmetadata_modified:%5B2026%20TO%20*%5D&rows=5"},
        {"ckan", "http://a/current_package_list_with_resources?limit=1", NULL},
        {"ckan", "http://a/catalog.xml", NULL},
        {"ods", "http://a/catalog/datasets?limit=5&where=b+or+c",
            "http://a/catalog/datasets?limit=5&where=(b%20or%20c)%20and%20(modified%3E%3D"
            "date%272026%27%20or%20metadata_processed%3E%3Ddate%272026%27)"},
        {"ods", "http://a/catalog/datasets",
            "http://a/catalog/datasets?where=(modified%3E%3D"
            "date%272026%27%20or%20metadata_processed%3E%3Ddate%272026%27)"},
        {"ods", "http://a/catalog/exports/json", NULL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i)
        check_text(protocol_named(rows[i].type)->since(rows[i].first, "2026"),
            rows[i].changes, rows[i].first);
}

static void
behind_the_ceiling_of_offsets_comes_the_rest(void)
{
    static const struct {
        const char *url, *next;
    } rows[] = {
        {"http://a/catalog/datasets?limit=100&offset=9700&where=b",
            "http://a/catalog/datasets?limit=100&offset=9800&where=b"},
        {"http://a/catalog/datasets/?limit=100&offset=9800&where=b",
            "http://a/catalog/exports/json?limit=-1&offset=9900&where=b"},
        {"http://a/catalog/exports/json?limit=-1&offset=9900&where=b", NULL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct page_facts page = {rows[i].url, 100, 12345, -1};

        check_text(protocol_named("ods")->following(&page), rows[i].next, rows[i].url);
    }
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
        {"https://x.fr/api/explore/v2.1/catalog/datasets?limit=2", "ods"},
        {"https://x.fr/api/explore/v2.1/catalog/exports/dcat", "dcat"},
        {"https://x.fr/api/1/datasets/?tag=a", "datagouv"},
        {"https://x.fr/api/1/organizations/a/datasets/", "datagouv"},
        {"https://x.fr/api/1/organizations/a/catalog.rdf", "dcat"},
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
    TEST(changes_are_asked_for_within_what_a_person_wants),
    TEST(behind_the_ceiling_of_offsets_comes_the_rest),
    TEST(an_address_of_a_service_is_known)};

UNIT_MAIN("protocols", tests)
