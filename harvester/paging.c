#include "crawling.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <moisson/arena.h>
#include <moisson/iri.h>

#include "fetching.h"
#include "sources/query.h"

enum { MAX_IDLE = 3 /* pages in a row that bring nothing new */ };

/* ---- Addresses ---- */

/* In one spelling, where it has one. */
static char *
spelt(const char *url)
{
    char *address;

    if (http_address(NULL, url, &address, NULL, NULL))
        return address;
    return strndup(url, strcspn(url, "#"));
}

static bool
was_visited(const struct crawl *c, const char *url)
{
    char *address = spelt(url);
    bool found = false;

    for (size_t i = 0; address && i < c->n_visited && !found; ++i)
        found = strcmp(c->visited[i], address) == 0;
    free(address);
    return found;
}

void
paging_visit(void *ctx, const char *url)
{
    struct crawl *c = ctx;

    if (!url || was_visited(c, url))
        return;
    if (c->n_visited == c->cap_visited) {
        size_t cap = c->cap_visited ? 2 * c->cap_visited : 16;
        char **grown = realloc(c->visited, cap * sizeof(char *));

        if (!grown) {
            crawl_trouble(c->crawler, "out of memory");
            return;
        }
        c->visited = grown;
        c->cap_visited = cap;
    }
    c->visited[c->n_visited] = spelt(url);
    if (c->visited[c->n_visited])
        ++c->n_visited;
    else
        crawl_trouble(c->crawler, "out of memory");
}

bool
paging_was_read(struct crawl *c, uint64_t hash)
{
    for (size_t i = 0; i < c->n_bodies; ++i)
        if (c->bodies[i] == hash)
            return true;
    if (c->n_bodies == c->cap_bodies) {
        size_t cap = c->cap_bodies ? 2 * c->cap_bodies : 16;
        uint64_t *grown = realloc(c->bodies, cap * sizeof *grown);

        if (!grown)
            return false;
        c->bodies = grown;
        c->cap_bodies = cap;
    }
    c->bodies[c->n_bodies++] = hash;
    return false;
}

/* The address of the page in hand, behind redirects; of one that has not changed, then. */
static const char *
came_from(const struct crawl *c)
{
    const char *from = transfer_came_from(c->transfer);

    return from ? from : c->known.came_from;
}

/* ---- Where to go on ---- */

/* An IRI as HTTP wants it; NULL in trouble. */
static char *
web_address(struct crawl *c, struct mo_str iri)
{
    char *url = query_address(iri);

    if (!url)
        crawl_trouble(c->crawler, "out of memory");
    return url;
}

/* Where `next` leads, with the base resolved; NULL in trouble. */
static char *
resolve(struct crawl *c)
{
    struct mo_arena *arena = mo_arena_new(1 << 20);
    struct mo_str next = mo_str("");
    char *url = NULL;

    if (arena && mo_iri_resolve(arena, mo_str(came_from(c)), mo_str(c->next), &next) == 0)
        url = web_address(c, mo_str_n(next.p, mo_str_find(next, mo_str("#"), 0)));
    mo_arena_free(arena);
    return url;
}

/*
 * Links to http behind an https door are the mark of a server that does not know of the
 * door: a page that came by https has its neighbours there.
 */
static char *
behind_the_door(struct crawl *c, char *url)
{
    const char *from = came_from(c);
    size_t n = strncmp(from, "https://", 8) == 0 ? strcspn(from + 8, "/?#") : 0;
    char *better;

    if (!n || strncmp(url, "http://", 7) != 0 || strncmp(url + 7, from + 8, n) != 0 ||
        (url[7 + n] && !strchr("/?#", url[7 + n])) || !(better = malloc(strlen(url) + 2)))
        return url;
    sprintf(better, "https%s", url + 4);
    stage_find(c, MO_DIAG_NEXT_UNSAFE, mo_str(url));
    free(url);
    return better;
}

static void
look_at_host(struct crawl *c, const char *url)
{
    char *there = NULL, *here = NULL;

    if (http_address(NULL, url, NULL, &there, NULL) &&
        http_address(NULL, came_from(c), NULL, &here, NULL) && strcmp(there, here) != 0)
        stage_find(c, MO_DIAG_NEXT_ELSEWHERE, mo_str(url));
    free(there);
    free(here);
}

/* Whether paging goes round, or on and on without bringing anything. */
static bool
leads_nowhere(struct crawl *c, const char *url, bool same)
{
    if (was_visited(c, url)) {
        stage_find(c, MO_DIAG_PAGING_LOOP, mo_str(url));
        return true;
    }
    if (same) {
        stage_find(c, MO_DIAG_SAME_PAGE, mo_str(url));
        return true;
    }
    if (c->idle >= MAX_IDLE) {
        stage_find(c, MO_DIAG_NOTHING_NEW, mo_str(url));
        return true;
    }
    return false;
}

/* Whether a ceiling ends the paging, or the web does. */
static bool
is_too_far(struct crawl *c, const char *url, int64_t page)
{
    if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
        crawl_partial(c, "the next page is not on the web: '%s'", url);
    else if (page >= c->source->max_pages)
        crawl_partial(c, "more than %ld pages (see max-pages)", c->source->max_pages);
    else if (fetcher_now() > c->asked + (double)c->source->max_time)
        crawl_partial(c, "more than %ld seconds (see max-time)", c->source->max_time);
    else
        return false;
    return true;
}

/* The address of the page in hand for counting on: behind redirects that left its query. */
static const char *
counted_from(const struct crawl *c)
{
    const char *from = came_from(c);

    return strcmp(from + strcspn(from, "?#"), c->url + strcspn(c->url, "?#")) == 0
               ? from
               : c->url;
}

/* Whether two addresses differ in their queries only. */
static bool
is_of(const char *url, const char *service)
{
    size_t n = strcspn(service, "?#");

    return strcspn(url, "?#") == n && memcmp(url, service, n) == 0;
}

/* The page that is linked, else the one that counting leads to, which is no link. */
static char *
next_of(struct crawl *c)
{
    const struct protocol *p = c->protocol;
    struct page_facts facts = {.url = counted_from(c),
        .members = c->came + c->rejected,
        .total = c->said,
        .next_record = c->next_record};
    char *url;

    c->linked = c->next != NULL;
    if (!c->next)
        return p->following ? p->following(&facts) : NULL;
    url = resolve(c);
    if (!url)
        return NULL;
    url = behind_the_door(c, url);
    c->linked = !p->service || !(is_of(url, c->url) || is_of(url, came_from(c)));
    return url;
}

char *
paging_next(struct crawl *c, int64_t page, bool same)
{
    char *url = next_of(c);

    if (!url)
        return NULL;
    if (leads_nowhere(c, url, same)) {
        free(url);
        return NULL;
    }
    if (is_too_far(c, url, page)) {
        free(url);
        return NULL;
    }
    look_at_host(c, url);
    return url;
}
