#include "choice.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "seen.h"

#define DCT "http://purl.org/dc/terms/"
#define DCAT "http://www.w3.org/ns/dcat#"
#define FOAF_NAME "http://xmlns.com/foaf/0.1/name"

/* ---- Where it came from ---- */

/*
 * Portals whose records others harvest and give again: what an identifier, an address or
 * a landing page of theirs begins with, behind http:// or https://.
 */
static const struct origin {
    const char *portal, *begins;
} origins[] = {
    {"www.data.gouv.fr", "www.data.gouv.fr/datasets/"},
    {"www.data.gouv.fr", "www.data.gouv.fr/fr/datasets/"},
    {"www.data.gouv.fr", "www.data.gouv.fr/en/datasets/"},
    {"www.data.gouv.fr", "www.data.gouv.fr/es/datasets/"},
    {"www.data.gouv.fr", "www.data.gouv.fr/dataservices/"},
    {"www.data.gouv.fr", "www.data.gouv.fr/fr/dataservices/"},
    {"www.data.gouv.fr", "www.data.gouv.fr/api/1/datasets/"},
    {"www.data.gouv.fr", "www.data.gouv.fr/api/1/dataservices/"},
    {"www.data.gouv.fr", "data.gouv.fr/datasets/"},
    {"www.data.gouv.fr", "data.gouv.fr/fr/datasets/"},
    {"transport.data.gouv.fr", "transport.data.gouv.fr/datasets/"},
    {"data.europa.eu", "data.europa.eu/data/datasets/"},
    {"data.europa.eu", "data.europa.eu/88u/dataset/"},
    {"data.europa.eu", "data.europa.eu/api/hub/repo/datasets/"},
    {"data.culture.gouv.fr", "data.culture.gouv.fr/explore/dataset/"},
};

/* What says where a record was first: its own IRI, and these. */
static const char *const tells_origin[] = {DCT "identifier", DCAT "landingPage",
    "http://www.w3.org/ns/adms#identifier", "http://www.w3.org/2002/07/owl#sameAs"};

static struct mo_str
without_scheme(struct mo_str text)
{
    static const char *const schemes[] = {"https://", "http://"};

    text = mo_str_trim(text);
    for (size_t i = 0; i < 2; ++i)
        if (text.n > strlen(schemes[i]) &&
            memcmp(text.p, schemes[i], strlen(schemes[i])) == 0)
            return mo_str_from(text, strlen(schemes[i]));
    return mo_str("");
}

struct search {
    const struct source *source;
    const char *portal;
};

static bool
comes_from(void *ctx, const struct mo_term *value)
{
    struct search *s = ctx;
    struct mo_str text = without_scheme(value->text);
    struct mo_str own = without_scheme(mo_str(s->source->url));

    for (size_t i = 0; i < sizeof origins / sizeof origins[0]; ++i) {
        size_t n = strlen(origins[i].begins), host = strcspn(origins[i].begins, "/");

        if (text.n <= n || memcmp(text.p, origins[i].begins, n) != 0)
            continue;
        if (own.n >= host && memcmp(own.p, origins[i].begins, host) == 0)
            continue; /* the portal itself is harvested */
        s->portal = origins[i].portal;
        return true;
    }
    return false;
}

static const char *
foreign_portal(const struct source *source, const struct mo_record *record)
{
    struct search s = {.source = source};

    if (source->take_foreign)
        return NULL;
    if (record->root->kind == MO_IRI && comes_from(&s, record->root))
        return s.portal;
    for (size_t i = 0; i < sizeof tells_origin / sizeof tells_origin[0]; ++i)
        if (seen_any(record, tells_origin[i], comes_from, &s))
            return s.portal;
    return NULL;
}

/* ---- What the settings say ---- */

static bool
matches(const struct words *patterns, struct mo_str text)
{
    char *copy = strndup(text.p ? text.p : "", text.n);
    bool found = false;

    for (size_t i = 0; copy && i < patterns->n && !found; ++i)
        found = fnmatch(patterns->text[i], copy, FNM_CASEFOLD) == 0;
    free(copy);
    return found;
}

static bool
text_matches(void *ctx, const struct mo_term *value)
{
    return matches(ctx, value->text);
}

/* A publisher by its name or its IRI. */
static bool
publisher_matches(void *ctx, const struct mo_term *value)
{
    if (matches(ctx, value->text))
        return true;
    for (const struct mo_stmt *s = value->first; s; s = s->next)
        if (mo_str_is(s->p->text, FOAF_NAME) && matches(ctx, s->o->text))
            return true;
    return false;
}

static bool
is_not_before(void *ctx, const struct mo_term *value)
{
    const char *since = ctx;
    size_t n = strlen(since) < value->text.n ? strlen(since) : value->text.n;

    return memcmp(value->text.p, since, n) >= 0;
}

static bool
any_value(void *ctx, const struct mo_term *value)
{
    (void)ctx;
    (void)value;
    return true;
}

static const char *
filtered_by(const struct source *o, const struct mo_record *record)
{
    static const char modified[] = DCT "modified";

    if (o->only_types.n && !matches(&o->only_types, mo_str(seen_kind(record))))
        return "only-types";
    if (o->only_titles.n &&
        !seen_any(record, DCT "title", text_matches, (void *)(size_t)&o->only_titles))
        return "only-titles";
    if (o->only_tags.n &&
        !seen_any(record, DCAT "keyword", text_matches, (void *)(size_t)&o->only_tags))
        return "only-tags";
    if (o->only_publishers.n && !seen_any(record, DCT "publisher", publisher_matches,
                                    (void *)(size_t)&o->only_publishers))
        return "only-publishers";
    if (o->modified_since[0] && seen_any(record, modified, any_value, NULL) &&
        !seen_any(record, modified, is_not_before, (void *)(size_t)o->modified_since))
        return "modified-since";
    return NULL;
}

const char *
choice_against(
    const struct source *source, const struct mo_record *record, const char **state)
{
    const char *kind = seen_kind(record), *why;

    if (strcmp(kind, "dataset") != 0 && strcmp(kind, "service") != 0)
        return NULL;
    why = foreign_portal(source, record);
    *state = why ? "foreign" : "filtered";
    return why ? why : filtered_by(source, record);
}
