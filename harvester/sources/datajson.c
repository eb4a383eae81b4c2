/* A data.json of DCAT-US, which stands at the root of a portal (https://resources.data.gov/). */
#include <string.h>

#include "query.h"

static const struct page_reader readers[] = {
    {"datajson", "datajson2dcatap"},
    {"jsonld", "jsonld2dcatap"},
};

/* Of a portal the file; every other address is one. */
static char *
first(const char *url)
{
    const char *host = strstr(url, "://");
    size_t n = query_path(url);
    const char *path = host ? strchr(host + 3, '/') : NULL;

    if (path && path < url + n && path + 1 < url + n)
        return query_joined(url, strlen(url), "");
    return query_joined(url, n, url[n - 1] == '/' ? "data.json" : "/data.json");
}

const struct protocol protocol_datajson = {
    .type = "datajson",
    .backend = "DCAT-US",
    .readers = readers,
    .n_readers = sizeof readers / sizeof readers[0],
    .accept = "application/json, application/ld+json;q=0.9, */*;q=0.1",
    .first = first,
};
