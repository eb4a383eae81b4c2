/*
 * CKAN's package_search, by rows and start (https://docs.ckan.org/en/latest/api/). Sorted by
 * id, because what is changed or added meanwhile then moves no other from page to page. Its
 * list of packages with resources, which is all that the first DKAN has, goes by limit and
 * offset.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query.h"

#define SEARCH "/package_search"
#define LIST "/current_package_list_with_resources"

static const struct page_reader readers[] = {
    {"ckan", "ckan2dcatap"},
    {"rdfxml", "rdfxml2dcatap"},
    {"jsonld", "jsonld2dcatap"},
    {"turtle", "ttl2dcatap"},
};

/* Where "/api/action/…" or "/api/3/action/…" begins, or NULL. */
static const char *
service(const char *url)
{
    const char *at = strstr(url, "/api/");

    return at && at < url + query_path(url) ? at : NULL;
}

static bool
owns(const char *url)
{
    return service(url) && strstr(url, "/action/") &&
           (query_path_ends(url, SEARCH) || query_path_ends(url, LIST));
}

/* ---- A search on the portal, as one of the service ---- */

/* Parameters of pages of the portal, and the field of the index that they filter by. */
static const char *const facets[] = {
    "organization", "groups", "tags", "res_format", "license_id"};

/* Pages of the portal that list datasets, and the field that the name behind them is of. */
static const struct {
    const char *page, *field;
} lists[] = {{"/dataset", NULL}, {"/organization", "organization"}, {"/group", "groups"}};

/* The filters, which are taken, and one more. NULL without memory. */
static char *
narrowed(char *filters, const char *field, const char *value)
{
    char *more = query_field(field, value), *both = NULL;

    if (!filters)
        return more;
    if (more && (both = malloc(strlen(filters) + strlen(more) + 2)))
        sprintf(both, "%s %s", filters, more);
    free(filters);
    free(more);
    return both;
}

static bool
is_facet(const char *name)
{
    for (size_t i = 0; i < sizeof facets / sizeof facets[0]; ++i)
        if (strcmp(name, facets[i]) == 0)
            return true;
    return false;
}

/* The filters that the address of a portal's page has, and those that its path means. */
static char *
filters_of(const char *url, const char *field, const char *name)
{
    const char *at = url + query_path(url);
    char *filters = field ? narrowed(NULL, field, name) : NULL, *facet, *value;

    while (query_walk(&at, &facet, &value)) {
        if (facet && value && value[0] && is_facet(facet))
            filters = narrowed(filters, facet, value);
        free(facet);
        free(value);
    }
    return filters;
}

/* Where the page of the portal that the path names begins, which page, and what is behind it. */
static size_t
portal(const char *url, const char **field, char name[256])
{
    size_t n = query_path(url);

    *field = NULL;
    name[0] = '\0';
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; ++i) {
        size_t m = strlen(lists[i].page);

        for (const char *at = strstr(url, lists[i].page); at && at + m <= url + n;
             at = strstr(at + 1, lists[i].page)) {
            const char *behind = at + m + (at[m] == '/');
            size_t rest = at + m < url + n ? (size_t)(url + n - behind) : 0;

            if (at + m < url + n && at[m] != '/')
                continue;
            rest -= rest && behind[rest - 1] == '/';
            if (!lists[i].field == !rest && rest < 256 && !memchr(behind, '/', rest)) {
                *field = lists[i].field;
                memcpy(name, behind, rest);
                name[rest] = '\0';
                return (size_t)(at - url);
            }
        }
    }
    return n - (n && url[n - 1] == '/');
}

static char *
search_of(const char *url)
{
    const char *field;
    char name[256], *words = query_get(url, "q"), *search, *filters;

    search = query_joined(url, portal(url, &field, name), "/api/3/action" SEARCH);
    filters = filters_of(url, field, name);
    if (words && words[0])
        search = query_then_set(search, "q", words);
    if (filters)
        search = query_then_set(search, "fq", filters);
    free(filters);
    free(words);
    return search;
}

/* A file, whatever is in it. */
static bool
is_file(const char *url)
{
    size_t n = query_path(url);

    while (n > 0 && url[n - 1] != '/' && url[n - 1] != '.')
        --n;
    return n > 0 && url[n - 1] == '.' && strchr(url + 8, '/') &&
           strchr(url + 8, '/') < url + n;
}

static char *
first(const char *url)
{
    const char *api = service(url);
    char *search;

    if (query_path_ends(url, LIST))
        return query_then_default(query_default(url, "limit", "100"), "offset", "0");
    if (query_path_ends(url, SEARCH))
        search = query_joined(url, strlen(url), "");
    else if (query_path_ends(url, "/api") || query_path_ends(url, "/api/3") ||
             query_path_ends(url, "/action"))
        search = query_joined(url, (size_t)(api - url), "/api/3/action" SEARCH);
    else if (api || is_file(url))
        return query_joined(url, strlen(url), "");
    else
        search = search_of(url);
    return query_then_default(
        query_then_default(search, "sort", "id asc"), "rows", "100");
}

/*
 * What was changed since, of what the filters take. Theirs stand in parentheses, for they may
 * be alternatives; but one that only excludes finds nothing in them.
 */
static char *
since(const char *first, const char *time)
{
    char *filters, *all, *url = NULL;
    size_t n;

    if (!query_path_ends(first, SEARCH))
        return NULL;
    filters = query_get(first, "fq");
    if (filters && !filters[0]) {
        free(filters);
        filters = NULL;
    }
    n = (filters ? strlen(filters) : 0) + strlen(time) + 64;
    all = malloc(n);
    if (all) {
        bool plain = filters && filters[0] == '-';

        snprintf(all, n, "%s%s%s%s+metadata_modified:[%s TO *]",
            filters && !plain ? "+(" : "", filters ? filters : "",
            filters && !plain ? ")" : "", filters ? " " : "", time);
        url = query_set(first, "fq", all);
    }
    free(all);
    free(filters);
    return url;
}

static char *
following(const struct page_facts *page)
{
    if (query_path_ends(page->url, SEARCH))
        return query_count_on(page, "start", "rows");
    if (query_path_ends(page->url, LIST))
        return query_count_on(page, "offset", "limit");
    return NULL;
}

const struct protocol protocol_ckan = {
    .type = "ckan",
    .backend = "CKAN",
    .readers = readers,
    .n_readers = sizeof readers / sizeof readers[0],
    .accept = "application/json, */*;q=0.1",
    .service = true,
    .owns = owns,
    .first = first,
    .since = since,
    .following = following,
};
