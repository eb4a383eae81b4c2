#include "crawling.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <moisson/arena.h>
#include <moisson/flow.h>
#include <moisson/iri.h>

#include "finding.h"
#include "seen.h"

/* ---- Addresses ---- */

struct mo_str
page_host(const char *url)
{
    struct mo_iri iri = mo_iri_parse(mo_str(url));
    struct mo_str host = iri.authority;
    size_t at = mo_str_find(host, mo_str("@"), 0);

    if (at < host.n)
        host = mo_str_from(host, at + 1);
    if (host.n && host.p[0] == '[')
        return mo_str_n(host.p, mo_str_find(host, mo_str("]"), 0));
    return mo_str_n(host.p, mo_str_find(host, mo_str(":"), 0));
}

static size_t
without_fragment(const char *url)
{
    return strcspn(url, "#");
}

static bool
was_visited(const struct crawl *c, const char *url)
{
    size_t n = without_fragment(url);

    for (size_t i = 0; i < c->n_visited; ++i)
        if (strlen(c->visited[i]) == n && memcmp(c->visited[i], url, n) == 0)
            return true;
    return false;
}

void
page_visit(void *ctx, const char *url)
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
    c->visited[c->n_visited] = crawl_copy(c, mo_str_n(url, without_fragment(url)));
    if (c->visited[c->n_visited])
        ++c->n_visited;
}

/* ---- What a page holds ---- */

static int
take_next(void *ctx, const struct mo_record *record)
{
    struct crawl *c = ctx;
    struct mo_str next = c->protocol->next(record);

    if (next.n && !c->next)
        c->next = crawl_copy(c, next);
    return 0;
}

static int
take_line(void *ctx, struct mo_str line)
{
    struct crawl *c = ctx;
    const struct crawler_options *o = c->crawler->options;

    if (!c->next && c->protocol->may_link(line))
        seen_record(o->vocab, line, take_next, c);
    if (!o->store) {
        ++c->records;
        return o->line(o->ctx, line);
    }
    if (fwrite(line.p, 1, line.n, c->lines) != line.n || putc('\n', c->lines) == EOF)
        return crawl_trouble(c->crawler, strerror(errno));
    return 0;
}

/* A diagnostic: does it reject a record, or speak against the page as a whole? */
static int
take_diagnostic(void *ctx, struct mo_str json)
{
    struct crawl *c = ctx;
    struct finding f;
    bool fatal, error, whole;

    if (!finding_read(json, &f)) {
        snprintf(c->broken, sizeof c->broken, "diagnostics of the converter are no JSON");
        return 0;
    }
    fatal = strcmp(f.level, "fatal") == 0;
    error = strcmp(f.level, "error") == 0;
    /* Of a document whose context is not known nothing can be read. */
    whole = f.code[0] == 'D' || strcmp(f.code, "J104") == 0;
    if (error && !whole)
        ++c->rejected;
    /* A later page may be empty; the first should not be. */
    if ((fatal || (error && whole)) && !(strcmp(f.code, "D103") == 0 && c->job.pages > 0))
        snprintf(c->broken, sizeof c->broken, "%s%s%s%s [%s]", f.text,
            f.detail[0] ? ": '" : "", f.detail, f.detail[0] ? "'" : "", f.code);
    if (!c->crawler->options->store)
        return 0;
    mo_buf_str(&c->findings, json);
    return mo_buf_byte(&c->findings, '\n');
}

/* What a page is shows in its bytes; servers call it anything. */
static const char *
converter(void *ctx, struct mo_str head)
{
    struct crawl *c = ctx;
    const char *dialect = mo_dialect(c->crawler->options->tables, head);
    const struct page_reader *reader = c->protocol->readers;

    for (size_t i = 0; i < c->protocol->n_readers; ++i)
        if (strcmp(c->protocol->readers[i].dialect, dialect) == 0)
            reader = &c->protocol->readers[i];
    return crawl_tool(c->crawler, reader->program);
}

void
page_options(struct crawl *c)
{
    c->options = (struct transfer_options){.source = c->source,
        .accept = c->protocol->accept,
        .converter = converter,
        .talks = !c->crawler->options->store,
        .line = take_line,
        .diagnostic = take_diagnostic,
        .ctx = c};
}

/* ---- Keeping it, and where to go on ---- */

/* An IRI as HTTP wants it (RFC 3987, 3.1), but for the host, which is not ours to spell. */
static char *
web_address(struct crawl *c, struct mo_str iri)
{
    struct mo_iri parts = mo_iri_parse(iri);
    size_t host =
        parts.has_authority ? (size_t)(parts.authority.p - iri.p) + parts.authority.n : 0;
    struct mo_buf out;
    char *url;

    mo_buf_init(&out, 1 << 20);
    for (size_t i = 0; i < iri.n; ++i) {
        unsigned char b = (unsigned char)iri.p[i];

        if (i >= host && (b <= ' ' || b > '~' || strchr("\"<>\\^`{|}", b)))
            mo_buf_printf(&out, "%%%02X", b);
        else
            mo_buf_byte(&out, iri.p[i]);
    }
    url = out.failed ? NULL : crawl_copy(c, mo_buf_view(&out));
    mo_buf_done(&out);
    return url;
}

/* Where the next page is, with the base resolved; NULL when this was the last. */
static char *
next_url(struct crawl *c, int64_t page)
{
    struct mo_arena *arena;
    struct mo_str next = mo_str("");
    char *url = NULL;

    if (!c->next)
        return NULL;
    arena = mo_arena_new(1 << 20);
    if (arena && mo_iri_resolve(arena, mo_str(transfer_came_from(c->transfer)),
                     mo_str(c->next), &next) == 0)
        url = web_address(c, mo_str_n(next.p, mo_str_find(next, mo_str("#"), 0)));
    mo_arena_free(arena);
    if (!url || was_visited(c, url)) {
        if (url)
            stage_find(c, MO_DIAG_PAGING_LOOP, mo_str(url));
        free(url);
        return NULL;
    }
    if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
        crawl_fail(c, "the next page is not on the web: '%s'", url);
    else if (page >= c->source->max_pages)
        crawl_fail(c, "more than %ld pages (see max-pages)", c->source->max_pages);
    return url;
}

/* The page is whole: it and where to go on are there, or it never was. */
static int
keep_page(struct crawl *c)
{
    int64_t number = c->job.pages + 1;
    struct page page = {.number = number,
        .url = c->url,
        .came_from = transfer_came_from(c->transfer),
        .bytes = transfer_bytes(c->transfer),
        .rejected = c->rejected};
    char *next;

    page_visit(c, page.came_from);
    next = next_url(c, number);
    page.next = next;
    if (c->crawler->options->store)
        stage_page(c, &page);
    ++c->job.pages;
    ++c->outcome.pages;
    c->outcome.records += c->records;
    c->outcome.rejected += c->rejected;
    free(c->url);
    c->url = next;
    return c->crawler->trouble;
}

/* ---- From beginning to end ---- */

void
page_start(struct crawl *c)
{
    struct crawler *k = c->crawler;

    c->broken[0] = '\0';
    c->records = c->rejected = c->repeated = 0;
    mo_buf_clear(&c->findings);
    c->lines = k->options->store ? tmpfile() : NULL;
    page_visit(c, c->url);
    c->transfer = transfer_new(k->http, &c->options, c->url);
    c->state = FETCHING;
    ++k->active;
    if (!c->transfer || (k->options->store && !c->lines))
        crawl_trouble(k, "cannot prepare a page");
}

void
page_release(struct crawl *c)
{
    transfer_free(c->transfer);
    c->transfer = NULL;
    if (c->lines)
        fclose(c->lines);
    c->lines = NULL;
    free(c->next);
    c->next = NULL;
    if (c->state == FETCHING)
        --c->crawler->active;
    c->state = WAITING;
}

void
page_end(struct crawl *c)
{
    const char *why;
    enum transfer_end end = transfer_end(c->transfer, &why);

    if (end != TRANSFER_BROKEN && c->broken[0]) {
        why = c->broken;
        end = TRANSFER_NOT_CONVERTED;
    }
    if (end != TRANSFER_FINE) {
        crawl_fail(c, "%s: %s", c->url, why);
    } else if (keep_page(c) == 0) {
        if (!c->outcome.failed)
            mo_buf_clear(&c->findings); /* they are kept */
        page_release(c);
    }
    if (!c->url || c->outcome.failed)
        stage_end(c);
}
