#include "crawling.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <moisson/flow.h>

#include "fetching.h"
#include "finding.h"
#include "seen.h"

enum { BODY_MOST = 256 << 20 };

/* ---- What a page holds ---- */

static int
take_page(void *ctx, const struct mo_record *record)
{
    struct crawl *c = ctx;
    struct mo_str next = hydra_next(record);
    int64_t total = hydra_total(record);

    c->is_page = c->is_page || hydra_is_page(record);
    if (next.n && !c->next)
        c->next = crawl_copy(c, next);
    if (total >= 0)
        c->said = c->total = total;
    if (hydra_next_record(record) >= 0)
        c->next_record = hydra_next_record(record);
    return 0;
}

static int
take_record(void *ctx, struct mo_str line)
{
    struct crawl *c = ctx;

    ++c->records;
    if (spool_add(&c->lines, line) || spool_add(&c->lines, mo_str("\n")))
        return crawl_trouble(c->crawler, strerror(errno));
    return 0;
}

/* What a page says of itself is no matter of the filter. */
static enum pipeline_line
take_line(void *ctx, struct mo_str line)
{
    struct crawl *c = ctx;

    c->is_page = false;
    if (hydra_may_be_in(line))
        seen_record(c->crawler->options->vocab, line, take_page, c);
    c->came += seen_is_member(line);
    if (!c->is_page && c->faithful && faithful_add(c->faithful, line)) {
        crawl_trouble(c->crawler, strerror(errno));
        return LINE_STOP;
    }
    if (!c->is_page)
        return LINE_PASS;
    if (c->protocol->service) /* whose records are in one piece each */
        return LINE_KEEP;
    return take_record(c, line) ? LINE_STOP : LINE_KEEP;
}

static void
say_broken(char *text, size_t size, const struct finding *f)
{
    snprintf(text, size, "%s%s%s%s [%s]", f->text, f->detail[0] ? ": '" : "", f->detail,
        f->detail[0] ? "'" : "", f->code);
}

/* A diagnostic: does it reject a record, or speak against the page as a whole? */
static int
take_diagnostic(void *ctx, struct mo_str json)
{
    struct crawl *c = ctx;
    struct finding_row row;
    struct finding f;
    bool fatal;

    if (!finding_parse(json, &c->memory, &row)) {
        snprintf(c->broken, sizeof c->broken, "diagnostics of the converter are no JSON");
        return 0;
    }
    finding_cut(&row, &f);
    if (finding_is_of_paging(&f)) /* which is looked after here */
        return 0;
    fatal = strcmp(f.level, "fatal") == 0;
    c->rejected += finding_rejects(&f);
    if (finding_rejects(&f) && !f.record[0] && !c->nameless[0])
        say_broken(c->nameless, sizeof c->nameless, &f);
    /* A later page may be empty; the first should not be. */
    if ((fatal || (strcmp(f.level, "error") == 0 && finding_is_of_page(&f))) &&
        !(finding_is_empty(&f) && c->job.pages > 0)) {
        c->empty = finding_is_empty(&f);
        say_broken(c->broken, sizeof c->broken, &f);
    }
    if (!c->crawler->options->store || finding_keep(&c->findings, &row) == 0)
        return 0;
    return c->findings.failed ? crawl_trouble(c->crawler, strerror(errno)) : -1;
}

/* What a page is shows in its bytes; servers call it anything. */
static struct tool *
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

/* A try begins; what came of another is forgotten. */
static void
begin_try(void *ctx)
{
    struct crawl *c = ctx;

    if (c->asked == 0)
        c->asked = fetcher_now();
    c->broken[0] = c->nameless[0] = '\0';
    c->empty = false;
    spool_clear(&c->body);
    spool_clear(&c->lines);
    c->body.most = BODY_MOST;
    c->findings.most = MAX_FINDINGS;
    c->records = c->rejected = c->repeated = c->came = 0;
    c->said = c->next_record = -1;
    spool_clear(&c->findings);
    if (c->refused && c->job.pages == 0)
        stage_find(c, MO_DIAG_CHANGES_REFUSED, mo_str(c->refused));
    free(c->next);
    c->next = NULL;
    if (!c->faithful && c->options.filter[0] && !(c->faithful = faithful_new()))
        crawl_trouble(c->crawler, strerror(errno));
    if (c->faithful)
        faithful_clear(c->faithful);
}

/* Whether nothing came of it, not even where to go on: what was rejected may be all of it. */
static bool
is_unread(const struct crawl *c)
{
    return c->came == 0 && c->said < 0 && !c->next;
}

static void
keep(void *ctx, struct mo_str bytes)
{
    struct crawl *c = ctx;

    spool_add(&c->body, bytes); /* a page that cannot be kept is no matter */
}

static const char *
broken(void *ctx)
{
    const struct crawl *c = ctx;

    if (c->broken[0] || !is_unread(c))
        return c->broken[0] ? c->broken : NULL;
    if (c->protocol->service && c->rejected > 0)
        return "this is no list of datasets";
    return c->nameless[0] ? c->nameless : NULL;
}

void
page_options(struct crawl *c, struct tool *cleaner)
{
    c->options = (struct transfer_options){.source = c->source,
        .credentials = &c->credentials,
        .filter = c->crawler->options->store ? c->source->filter : "",
        .cleaner = cleaner,
        .accept = c->protocol->accept,
        .talks = !c->crawler->options->store,
        .converter = converter,
        .begin = begin_try,
        .broken = broken,
        .line = take_line,
        .record = take_record,
        .diagnostic = take_diagnostic,
        .keep = c->crawler->options->store ? keep : NULL,
        .ctx = c};
}

/* ---- Keeping it ---- */

/* Nothing is kept: what came of the page is told. */
static void
print_lines(struct crawl *c)
{
    const struct crawler_options *o = c->crawler->options;

    if (spool_lines(&c->lines, o->line, o->ctx) == 0)
        return;
    if (c->lines.failed)
        crawl_trouble(c->crawler, "what came of the page cannot be read");
    c->crawler->trouble = -1; /* else the caller knows */
}

/* Fewer than the source itself has announced. */
static void
check_total(struct crawl *c)
{
    char text[96];

    if (c->total < 0 || c->outcome.partial || c->job.resumed || c->reused ||
        c->total <= c->members)
        return;
    snprintf(text, sizeof text, "%lld, and %lld came", (long long)c->total,
        (long long)c->members);
    stage_find(c, MO_DIAG_WRONG_TOTAL, mo_str(text));
}

/* It is there with its records; go on behind it. */
static int
go_on(struct crawl *c, char *next)
{
    if (c->crawler->options->store ? c->records > c->repeated : c->came > 0)
        c->idle = 0;
    else
        ++c->idle;
    ++c->job.pages;
    ++c->outcome.pages;
    c->outcome.records += c->records;
    c->outcome.rejected += c->rejected;
    free(c->url);
    c->url = next;
    return c->crawler->trouble;
}

/* What is known of the page is still true: its records count as seen. */
static int
reuse_page(struct crawl *c)
{
    int64_t number = c->job.pages + 1;
    struct transfer_facts facts;
    struct page page = {.number = number,
        .url = c->url,
        .came_from = c->known.came_from,
        .etag = c->known.etag,
        .modified = c->known.modified,
        .reused = true};
    char *next;

    transfer_facts(c->transfer, &facts);
    page.requests = facts.requests;
    page.retries = facts.retries;
    paging_visit(c, page.came_from);
    c->reused = true;
    c->records = c->repeated = 0;
    spool_clear(&c->findings);
    free(c->next);
    c->next = c->known.next ? crawl_copy(c, mo_str(c->known.next)) : NULL;
    next = paging_next(c, number, false);
    page.next = next;
    stage_reused(c, &page);
    return go_on(c, next);
}

/* The page is whole: it and where to go on are there, or it never was. */
static int
keep_page(struct crawl *c, bool whole)
{
    int64_t number = c->job.pages + 1;
    struct transfer_facts facts;
    struct page page = {.number = number,
        .url = c->url,
        .came_from = transfer_came_from(c->transfer),
        .rejected = c->rejected};
    bool same;
    char *next;

    transfer_facts(c->transfer, &facts);
    page.bytes = facts.bytes;
    page.requests = facts.requests;
    page.retries = facts.retries;
    if (whole) { /* of a half, the validators would hide the other half */
        page.etag = facts.etag[0] ? facts.etag : NULL;
        page.modified = facts.modified[0] ? facts.modified : NULL;
    }
    same = paging_was_read(c, facts.hash);
    paging_visit(c, page.came_from);
    c->members += c->came + c->rejected;
    next = paging_next(c, number, same);
    page.next = next;
    if (!next)
        check_total(c);
    if (c->crawler->options->store)
        stage_page(c, &page);
    else
        print_lines(c);
    return go_on(c, next);
}

/* ---- From beginning to end ---- */

void
page_start(struct crawl *c)
{
    struct crawler *k = c->crawler;

    c->options.etag = c->known.etag;
    c->options.modified = c->known.modified;
    paging_visit(c, c->url);
    c->transfer = transfer_new(k->fetcher, &c->options, c->url, c->linked);
    c->state = FETCHING;
    if (!c->transfer)
        crawl_trouble(k, "cannot prepare a page");
}

void
page_release(struct crawl *c)
{
    transfer_free(c->transfer);
    c->transfer = NULL;
    spool_done(&c->lines);
    spool_done(&c->facts);
    faithful_free(c->faithful);
    c->faithful = NULL;
    free(c->next);
    c->next = NULL;
}

/* Whether nothing of a page is of use, and there was none before. */
static bool
is_nothing(const struct crawl *c, enum transfer_end end)
{
    return c->job.pages == 0 && (end != TRANSFER_HALF || c->records == 0 || c->empty);
}

/* Whether the service answered, and need not know how to say what has changed. */
static bool
is_refusal(const struct crawl *c, enum transfer_end end)
{
    struct transfer_facts facts;

    transfer_facts(c->transfer, &facts);
    return c->job.since && c->protocol->may_refuse && is_nothing(c, end) &&
           facts.status > 0;
}

/* Instead of what has changed. */
static void
ask_for_all(struct crawl *c, const char *why)
{
    struct crawler *k = c->crawler;

    c->refused = crawl_copy(c, mo_str(why));
    c->outcome.changes = false;
    c->outcome.refused = true;
    free(c->url);
    c->url = c->protocol->first(c->source->url);
    if (!c->url)
        crawl_trouble(k, "out of memory");
    else if (store_want_all(k->options->store, &c->job))
        crawl_trouble(k, store_error(k->options->store));
}

/* What was asked for in vain counts, too. */
static void
count_requests(struct crawl *c)
{
    struct store *store = c->crawler->options->store;
    struct transfer_facts facts;

    transfer_facts(c->transfer, &facts);
    if (store && store_add_requests(store, &c->job, facts.requests, facts.retries))
        crawl_trouble(c->crawler, store_error(store));
}

/* What a page that is not whole means for its source. */
static bool
is_lost(struct crawl *c, enum transfer_end end, const char *why)
{
    bool nothing = is_nothing(c, end);

    c->outcome.empty = nothing && c->empty;
    if (nothing)
        crawl_fail(c, "%s: %s", c->url, why);
    else
        crawl_partial(c, "%s: %s", c->url, why);
    return nothing || end != TRANSFER_HALF;
}

static void
end_page(struct crawl *c)
{
    const char *why;
    enum transfer_end end = transfer_end(c->transfer, &why);
    bool came = end == TRANSFER_FINE || end == TRANSFER_UNCHANGED;

    if (!came && is_refusal(c, end)) {
        count_requests(c);
        ask_for_all(c, why);
        return;
    }
    if (end == TRANSFER_HALF || end == TRANSFER_NOT_CONVERTED)
        stage_keep(c, why);
    else if (end == TRANSFER_FINE && c->crawler->options->keep_pages)
        stage_keep(c, NULL);
    if (!came && is_lost(c, end, why)) {
        count_requests(c);
        free(c->url);
        c->url = NULL;
    } else if ((end == TRANSFER_UNCHANGED ? reuse_page(c)
                                          : keep_page(c, end == TRANSFER_FINE)) == 0) {
        if (!c->outcome.failed) { /* they are kept */
            spool_done(&c->findings);
            stage_kept(c);
        }
    }
}

static void
forget_known(struct crawl *c)
{
    known_page_done(&c->known);
    memset(&c->known, 0, sizeof c->known);
}

/* What the harvest before knows of the page that comes, unless it is still to be kept. */
static void
find_known(struct crawl *c)
{
    const struct crawler_options *o = c->crawler->options;
    int64_t kept = 0;
    bool found;

    forget_known(c);
    if (o->store &&
        (store_known_page(o->store, &c->job, c->url, &c->known, &found) ||
            (found && o->keep_pages &&
                store_find_kept(o->store, c->source->name, c->url, false, &kept))))
        crawl_trouble(c->crawler, store_error(o->store));
    if (o->keep_pages && !kept)
        forget_known(c);
}

void
page_read(struct crawl *c)
{
    const char *why;
    enum transfer_end end =
        c->transfer ? transfer_end(c->transfer, &why) : TRANSFER_BROKEN;

    if (end == TRANSFER_FINE && !c->crawler->options->keep_pages)
        spool_done(&c->body);
    if (c->crawler->options->store && (end == TRANSFER_FINE || end == TRANSFER_HALF))
        stage_read(c);
}

void
page_settle(struct crawl *c)
{
    if (c->transfer && !c->crawler->trouble)
        end_page(c);
    if (c->crawler->trouble)
        return;
    if (!c->url || c->outcome.failed)
        stage_end(c);
    else
        find_known(c);
}
