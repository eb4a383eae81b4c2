/*
 * The API of data.gouv.fr and of other portals that run udata. Its pages link to the next one.
 * It cannot be asked for changes.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query.h"

#define LIST "/api/1/datasets/"
#define PAGE_SIZE "100"

static const struct page_reader readers[] = {
    {"datagouv", "datagouv2dcatap"},
    {"rdfxml", "rdfxml2dcatap"},
    {"jsonld", "jsonld2dcatap"},
};

static bool
is_list(const char *url)
{
    return query_path_ends(url, "/datasets") ||
           query_path_ends(url, "/datasets/search") ||
           query_path_ends(url, "/dataservices") ||
           query_path_ends(url, "/dataservices/search");
}

/* Where "/api/1/" or "/api/2/" is, or NULL. */
static const char *
service(const char *url)
{
    const char *api = strstr(url, "/api/");

    return api && api < url + query_path(url) && (api[5] == '1' || api[5] == '2') &&
                   api[6] == '/'
               ? api
               : NULL;
}

static bool
owns(const char *url)
{
    return service(url) && is_list(url);
}

/* ---- Pages of the portal, as the service has them ---- */

/* The path behind the host, without the language that it may begin with. */
static const char *
path_of(const char *url)
{
    const char *host = strstr(url, "://");
    const char *path = host ? host + 3 + strcspn(host + 3, "/?#") : url;

    if (path[0] == '/' && islower((unsigned char)path[1]) &&
        islower((unsigned char)path[2]) && (path[3] == '/' || !path[3]))
        path += 3;
    return path;
}

/* "/kind/NAME", NAME being none of the lists; its length, or 0. */
static size_t
name_behind(const char *path, const char *kind)
{
    size_t m = strlen(kind), n;

    if (strncmp(path, kind, m) != 0 || path[m] != '/')
        return 0;
    n = strcspn(path + m + 1, "/?#");
    return n == 6 && strncmp(path + m + 1, "search", n) == 0 ? 0 : n;
}

static char *
portal_page(const char *url)
{
    const char *path = path_of(url), *query = url + query_path(url);
    size_t organization = name_behind(path, "/organizations");
    size_t dataset = name_behind(path, "/datasets");
    char *text = malloc(strlen(url) + 64), *list;

    if (!text)
        return NULL;
    if (dataset)
        sprintf(text, LIST "%.*s/", (int)dataset, path + 10);
    else if (organization)
        sprintf(text, "/api/1/organizations/%.*s/datasets/%s", (int)organization,
            path + 15, query);
    else
        sprintf(text, LIST "%s", query);
    list = query_joined(url,
        strcspn(strstr(url, "://") + 3, "/?#") + (size_t)(strstr(url, "://") + 3 - url),
        text);
    free(text);
    return query_then_set(list, "page", NULL);
}

static char *
first(const char *url)
{
    const char *path = path_of(url);
    char *list;

    if (!service(url) &&
        (query_path_ends(path, "/datasets") ||
            query_path_ends(path, "/datasets/search") || name_behind(path, "/datasets") ||
            name_behind(path, "/organizations") || path[strspn(path, "/")] == '\0' ||
            path[strspn(path, "/")] == '?'))
        list = portal_page(url);
    else
        list = query_joined(url, strlen(url), "");
    return list && is_list(list) ? query_then_default(list, "page_size", PAGE_SIZE)
                                 : list;
}

const struct protocol protocol_datagouv = {
    .type = "datagouv",
    .readers = readers,
    .n_readers = sizeof readers / sizeof readers[0],
    .accept = "application/json, */*;q=0.1",
    .service = true,
    .owns = owns,
    .first = first,
};
