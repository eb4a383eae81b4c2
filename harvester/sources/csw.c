/*
 * OGC CSW 2.0.2, GetRecords by GET (OGC 07-006r1, 10.8), asked for DCAT as GeoNetwork has it
 * or, where the source's address says so, for another outputSchema, such as GeoDCAT-AP's.
 * Sorted by identifier, because pages are counted by records.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <moisson/str.h>

#include "query.h"

/* GetRecords and its parameters, whose names have no letter case (OGC 06-121r3, 11.5.2). */
static const struct {
    const char *name, *value;
} parameters[] = {
    {"service", "CSW"},
    {"version", "2.0.2"},
    {"request", "GetRecords"},
    {"resultType", "results"},
    {"typeNames", "csw:Record"},
    {"elementSetName", "full"},
    {"outputSchema", "http://www.w3.org/ns/dcat#"},
    {"sortBy", "dc:identifier:A"},
    {"maxRecords", "50"},
    {"startPosition", "1"},
};

enum { N_PARAMETERS = sizeof parameters / sizeof parameters[0] };

static const struct page_reader readers[] = {
    {"rdfxml", "rdfxml2dcatap"},
};

#define CONSTRAINT "constraint"
#define LANGUAGE "constraintLanguage"
#define LANGUAGE_VERSION "constraint_language_version"

/* The address with the names of parameters spelled as here. */
static char *
spelt(const char *url)
{
    static const char *const others[] = {CONSTRAINT, LANGUAGE, LANGUAGE_VERSION};
    char *made = strdup(url);

    for (size_t i = 0; i < N_PARAMETERS; ++i)
        made = query_then_respell(made, parameters[i].name);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; ++i)
        made = query_then_respell(made, others[i]);
    return made;
}

static bool
owns(const char *url)
{
    char *made = spelt(url), *service = made ? query_get(made, "service") : NULL;
    bool own = service && mo_str_eq_nocase(mo_str(service), mo_str("CSW"));

    free(service);
    free(made);
    return own || query_path_ends(url, "/csw");
}

static char *
first(const char *url)
{
    char *made = spelt(url), *request = made ? query_get(made, "request") : NULL;

    if (request && !mo_str_eq_nocase(mo_str(request),
                       mo_str("GetRecords"))) /* of a person who looked */
        made = query_then_set(made, "request", "GetRecords");
    free(request);
    for (size_t i = 0; i < N_PARAMETERS; ++i)
        made = query_then_default(made, parameters[i].name, parameters[i].value);
    return made;
}

/*
 * What was modified since, by the queryable that every catalogue has (OGC 07-006r1, 6.3.2). As a
 * filter in XML (OGC 04-095), which servers read alike, unless the address has a constraint of
 * its own: beside one in CQL there is room.
 */
static char *
since(const char *first, const char *time)
{
    char *own = query_get(first, CONSTRAINT), *language = query_get(first, LANGUAGE);
    bool some = own && own[0];
    bool cql = language && mo_str_eq_nocase(mo_str(language), mo_str("CQL_TEXT"));
    size_t n = (some ? strlen(own) : 0) + strlen(time) + 400;
    char *constraint = some && !cql ? NULL : malloc(n), *url = NULL;

    if (constraint) {
        snprintf(constraint, n,
            some ? "(%s) AND dct:modified >= '%s'"
                 : "%s<ogc:Filter xmlns:ogc=\"http://www.opengis.net/ogc\">"
                   "<ogc:PropertyIsGreaterThanOrEqualTo>"
                   "<ogc:PropertyName>dct:modified</ogc:PropertyName>"
                   "<ogc:Literal>%s</ogc:Literal>"
                   "</ogc:PropertyIsGreaterThanOrEqualTo></ogc:Filter>",
            some ? own : "", time);
        url = query_set(first, LANGUAGE, some ? "CQL_TEXT" : "FILTER");
        url = query_then_default(url, LANGUAGE_VERSION, "1.1.0");
        url = query_then_set(url, CONSTRAINT, constraint);
    }
    free(constraint);
    free(language);
    free(own);
    return url;
}

/* Where the next page begins, counted from 1; 0: there is none. */
static int64_t
next_start(const struct page_facts *page, int64_t start)
{
    int64_t reached = start - 1 + page->members;

    if (page->next_record >= 0) /* 0 and what is beyond the count are the end; 10.8.5 */
        return page->total >= 0 && page->next_record > page->total   ? 0
               : page->next_record > start || page->next_record == 0 ? page->next_record
                                                                     : start;
    if (page->members <= 0 || (page->members < query_number(page->url, "maxRecords", 0) &&
                                  page->total <= reached))
        return 0;
    return reached + 1;
}

static char *
following(const struct page_facts *page)
{
    int64_t next = next_start(page, query_number(page->url, "startPosition", 1));

    return next ? query_set_number(page->url, "startPosition", next) : NULL;
}

const struct protocol protocol_csw = {
    .type = "csw",
    .backend = "CSW-DCAT",
    .readers = readers,
    .n_readers = sizeof readers / sizeof readers[0],
    .accept = "application/xml, text/xml;q=0.9, application/rdf+xml;q=0.9, */*;q=0.1",
    .service = true,
    .owns = owns,
    .first = first,
    .since = since,
    .may_refuse = true,
    .following = following,
};
