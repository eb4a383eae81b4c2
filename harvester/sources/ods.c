/*
 * Opendatasoft's Explore API (https://help.opendatasoft.com/apis/ods-explore-v2/), by limit and
 * offset. Without an order of its own the list is in none: pages repeat some datasets and omit
 * others, so they are asked for by their ids.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query.h"

#define DATASETS "/catalog/datasets"
#define EXPLORE "/api/explore/v2.1"

/* A page has at most so many datasets, and ends before so many. Exports have no ceiling. */
enum { MOST = 100, END = 10000 };

static const struct page_reader readers[] = {
    {"ods", "ods2dcatap"},
    {"rdfxml", "rdfxml2dcatap"},
    {"turtle", "ttl2dcatap"},
};

static bool
owns(const char *url)
{
    const char *api = strstr(url, "/api/");

    return api && api < url + query_path(url) && query_path_ends(url, DATASETS);
}

/* ---- What is read on the portal, as what the service calls it ---- */

static char *
refined(char *search, const char *name, const char *field, const char *value)
{
    char *text = query_field(field, value);

    search = text ? query_then_add(search, name, text) : search;
    free(text);
    return search;
}

/* Words to be found anywhere; in quotes, so without those that they have. */
static char *
with_words(char *search, const char *words)
{
    char *text = malloc(strlen(words) + 3);

    if (!text)
        return search;
    sprintf(text, "\"%s\"", words);
    for (char *p = text + 1; p[1]; ++p)
        if (*p == '"' || *p == '\\')
            *p = ' ';
    search = query_then_set(search, "where", text);
    free(text);
    return search;
}

/* The search of the page /explore/: "refine.theme", "exclude.theme" and "q". */
static char *
search_of(const char *url, size_t portal)
{
    const char *at = url + query_path(url);
    char *search = query_joined(url, portal, EXPLORE DATASETS), *name, *value;

    while (query_walk(&at, &name, &value)) {
        bool says = name && value && value[0];

        if (says && strcmp(name, "q") == 0)
            search = with_words(search, value);
        else if (says && strncmp(name, "refine.", 7) == 0)
            search = refined(search, "refine", name + 7, value);
        else if (says && strncmp(name, "exclude.", 8) == 0)
            search = refined(search, "exclude", name + 8, value);
        free(name);
        free(value);
    }
    return search;
}

/* The page /explore/dataset/ID/ and those below it: that dataset. */
static char *
dataset_of(const char *url, const char *id)
{
    size_t portal = (size_t)(strstr(url, "/explore/dataset/") - url);
    char *list = query_joined(url, portal, EXPLORE DATASETS "/");
    char *name = query_joined(id, strcspn(id, "/?#"), ""), *dataset = NULL;

    if (list && name)
        dataset = query_joined(list, strlen(list), name);
    free(list);
    free(name);
    return dataset;
}

static char *
portal_page(const char *url)
{
    const char *explore = strstr(url, "/explore"),
               *dataset = strstr(url, "/explore/dataset/");
    size_t n = query_path(url);

    if (dataset && dataset < url + n && dataset[17] && !strchr("/?#", dataset[17]))
        return dataset_of(url, dataset + 17);
    if (explore && explore < url + n && query_path_ends(url, "/explore"))
        n = (size_t)(explore - url);
    else
        n -= n && url[n - 1] == '/';
    return search_of(url, n);
}

/* ---- Pages ---- */

static char *
first(const char *url)
{
    const char *api = strstr(url, "/api/");
    char *list, *page;
    int64_t limit;

    if (query_path_ends(url, "/catalog") || query_path_ends(url, EXPLORE))
        list = query_joined(url, (size_t)(api ? api - url : 0), EXPLORE DATASETS);
    else if (api && api < url + query_path(url))
        list = query_joined(url, strlen(url), "");
    else
        list = portal_page(url);
    if (!list || !query_path_ends(list, DATASETS))
        return list;
    limit = query_number(list, "limit", MOST);
    page = query_set_number(list, "limit", limit > 0 && limit < MOST ? limit : MOST);
    free(list);
    return query_then_default(page, "order_by", "dataset_id");
}

/* What was published or changed since: not every change of metadata sets "modified". */
static char *
since(const char *first, const char *time)
{
    char *where, *all, *url = NULL;
    size_t n;

    if (!query_path_ends(first, DATASETS))
        return NULL;
    where = query_get(first, "where");
    n = (where ? strlen(where) : 0) + 2 * strlen(time) + 80;
    all = malloc(n);
    if (all) {
        bool some = where && where[0];

        snprintf(all, n, "%s%s%s(modified>=date'%s' or metadata_processed>=date'%s')",
            some ? "(" : "", some ? where : "", some ? ") and " : "", time, time);
        url = query_set(first, "where", all);
    }
    free(all);
    free(where);
    return url;
}

/* The rest, from where pages end on, in one piece. */
static char *
rest(const char *page)
{
    size_t n = query_path(page);
    char *head, *export;

    while (n > 0 && page[n - 1] == '/')
        --n;
    head = query_joined(page, n - strlen("/datasets"), "/exports/json");
    export = head ? query_joined(head, strlen(head), page + query_path(page)) : NULL;
    free(head);
    return query_then_set(export, "limit", "-1");
}

static char *
following(const struct page_facts *page)
{
    char *next, *all;

    if (!query_path_ends(page->url, DATASETS))
        return NULL;
    next = query_count_on(page, "offset", "limit");
    if (!next ||
        query_number(next, "offset", 0) + query_number(next, "limit", MOST) < END)
        return next;
    all = rest(next);
    free(next);
    return all;
}

const struct protocol protocol_ods = {
    .type = "ods",
    .backend = "OpenDataSoft",
    .readers = readers,
    .n_readers = sizeof readers / sizeof readers[0],
    .accept = "application/json, */*;q=0.1",
    .service = true,
    .owns = owns,
    .first = first,
    .since = since,
    .following = following,
};
