#include "program.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "changes.h"
#include "crawling.h"
#include "fetching.h"
#include "harvest.h"

enum { ENDING_MS = 5, WAITING_MS = 1000 };

/* A page that was kept, and what came of it now. */
struct again {
    int64_t id, number, job;
    char *url, *came_from, *charset;
    char why[512]; /* "": nothing broke */
};

struct replay {
    struct run *run;
    struct crawler crawler;
    struct crawl crawl;
    struct again *pages;
    size_t n, cap;
    struct pipeline *pipeline;
    struct mo_buf head; /* before the converter is chosen */
    struct again *page; /* in hand */
    int64_t bytes;      /* of it */
};

/* ---- Through the converter ---- */

static void
turn(struct pipeline *p)
{
    struct pollfd fds[PIPELINE_FDS];
    size_t n = pipeline_fds(p, fds);

    poll(fds, n, n ? WAITING_MS : ENDING_MS);
    pipeline_service(p, fetcher_now());
}

/* Its first bytes say what it is. */
static int
start_pipeline(struct replay *r)
{
    const struct transfer_options *o = &r->crawl.options;
    struct tool *converter = o->converter(o->ctx, mo_buf_view(&r->head));
    struct pipeline_options options;

    if (!converter)
        return -1;
    transfer_pipeline(o, converter, r->page->came_from, r->page->charset, &options);
    r->pipeline = pipeline_new(&options, fetcher_now());
    if (!r->pipeline)
        return crawl_trouble(&r->crawler, "the converter cannot be started");
    pipeline_push(r->pipeline, mo_buf_view(&r->head));
    return 0;
}

static int
take_bytes(void *ctx, struct mo_str bytes)
{
    struct replay *r = ctx;

    r->bytes += (int64_t)bytes.n;
    if (!r->pipeline) {
        mo_buf_str(&r->head, bytes);
        return r->head.n < MO_DIALECT_HEAD ? 0 : start_pipeline(r);
    }
    while (pipeline_is_full(r->pipeline) && !pipeline_is_over(r->pipeline))
        turn(r->pipeline);
    pipeline_push(r->pipeline, bytes); /* what is wrong is found at the end */
    return 0;
}

/* What broke this time stands in the page. -1 in trouble. */
static int
convert(struct replay *r)
{
    const struct transfer_options *o = &r->crawl.options;
    struct store *store = r->run->store;
    const char *why;
    bool outside;

    o->begin(o->ctx);
    mo_buf_clear(&r->head);
    r->bytes = 0;
    if (store_kept_body(store, r->page->id, take_bytes, r) ||
        (!r->pipeline && start_pipeline(r)))
        return r->crawler.trouble ? -1 : crawl_trouble(&r->crawler, store_error(store));
    pipeline_finish(r->pipeline);
    while (!pipeline_is_over(r->pipeline))
        turn(r->pipeline);
    why = pipeline_fault(r->pipeline, &outside);
    snprintf(r->page->why, sizeof r->page->why, "%s", why ? why : "");
    if (!why && o->broken(o->ctx))
        snprintf(r->page->why, sizeof r->page->why, "%s", o->broken(o->ctx));
    if (why) /* what came before is not to be trusted */
        r->crawl.records = 0;
    pipeline_free(r->pipeline);
    r->pipeline = NULL;
    return r->crawler.trouble;
}

/* ---- Into the stage ---- */

static int
stage(struct replay *r)
{
    struct crawl *c = &r->crawl;
    struct page page = {.number = r->page->number,
        .url = r->page->url,
        .came_from = r->page->came_from,
        .bytes = r->bytes,
        .rejected = c->rejected};

    free(c->url);
    c->url = crawl_copy(c, mo_str(r->page->url));
    c->job.pages = page.number - 1;
    if (!c->url || convert(r))
        return -1;
    if (r->page->why[0] && c->records == 0)
        return 0;
    page.rejected = c->rejected;
    if (store_unstage_page(r->run->store, &c->job, page.number))
        return crawl_trouble(&r->crawler, store_error(r->run->store));
    stage_read(c);
    stage_page(c, &page);
    ++c->outcome.pages;
    c->outcome.records += c->records;
    spool_clear(&c->findings);
    return r->crawler.trouble;
}

/* Why the job is held: what it is of, and what still breaks. */
static void
give_reason(struct replay *r, int64_t of, bool *whole)
{
    struct outcome *o = &r->crawl.outcome;
    int n =
        snprintf(o->reason, sizeof o->reason, "replayed from job %lld", (long long)of);

    for (size_t i = 0; i < r->n; ++i)
        if (r->pages[i].why[0] && n > 0 && (size_t)n < sizeof o->reason) {
            *whole = false;
            n += snprintf(o->reason + n, sizeof o->reason - (size_t)n, "; page %lld: %s",
                (long long)r->pages[i].number, r->pages[i].why);
        }
}

/* The job is held, and the pages are its own; or there is nothing in it. */
static int
end_job(struct replay *r, bool whole)
{
    struct crawl *c = &r->crawl;
    struct store *store = r->run->store;
    struct job_end end = {.reason = c->outcome.reason,
        .hold = true,
        .partial = !whole,
        .limited = c->outcome.limited,
        .grace = c->source->grace_period,
        .guard = c->source->shrink_guard,
        .seconds = fetcher_now() - c->began,
        .compare = changes_find};
    bool nothing = c->outcome.pages == 0, dry = r->run->dry;
    enum job_verdict verdict;
    struct mo_buf why;
    int failed = store_begin_page(store);

    mo_buf_init(&why, sizeof c->outcome.reason);
    for (size_t i = 0; i < r->n && !failed && !dry; ++i)
        failed =
            store_move_kept(store, r->pages[i].id, nothing ? r->pages[i].job : c->job.id,
                r->pages[i].why[0] ? r->pages[i].why : NULL);
    if (nothing)
        failed = failed || store_forget_job(store, c->job.id) || store_commit(store);
    else
        failed = failed || (!dry && store_end_replay(store, &c->job)) ||
                 store_end_job(store, &c->job, &end, &verdict, &why);
    if (failed)
        store_drop_page(store);
    else if (!nothing)
        snprintf(c->outcome.reason, sizeof c->outcome.reason, "%.*s", (int)why.n, why.p);
    c->outcome.failed = nothing;
    c->outcome.held = !nothing;
    mo_buf_done(&why);
    return failed ? crawl_trouble(&r->crawler, store_error(store)) : 0;
}

/* ---- One job ---- */

static int
note_page(void *ctx, const struct kept_row *row)
{
    struct replay *r = ctx;
    struct again *page;

    if (r->n == r->cap) {
        size_t cap = r->cap ? 2 * r->cap : 16;
        struct again *grown = realloc(r->pages, cap * sizeof *grown);

        if (!grown)
            return -1;
        r->pages = grown;
        r->cap = cap;
    }
    page = &r->pages[r->n++];
    memset(page, 0, sizeof *page);
    page->id = row->id;
    page->number = row->number;
    page->job = row->job;
    page->url = strdup(row->url);
    page->came_from = strdup(row->came_from);
    page->charset = strdup(row->charset);
    return page->url && page->came_from && page->charset ? 0 : -1;
}

static int
replay_pages(struct replay *r, int64_t of)
{
    struct crawl *c = &r->crawl;
    bool whole;

    if (store_begin_replay(r->run->store, of, (int64_t)r->n, &c->job, &whole))
        return crawl_trouble(&r->crawler, store_error(r->run->store));
    c->outcome.job = c->job.id;
    for (size_t i = 0; i < r->n; ++i) {
        r->page = &r->pages[i];
        if (stage(r))
            return -1;
    }
    give_reason(r, of, &whole);
    if (end_job(r, whole))
        return -1;
    harvest_outcome(r->run, c->source, &c->outcome);
    return 0;
}

static int
status_of(const struct replay *r)
{
    for (size_t i = 0; i < r->n; ++i)
        if (r->pages[i].why[0])
            return MO_EXIT_FINDINGS;
    return r->n ? MO_EXIT_CLEAN : MO_EXIT_FINDINGS;
}

static void
release(struct replay *r)
{
    for (size_t i = 0; i < r->n; ++i) {
        free(r->pages[i].url);
        free(r->pages[i].came_from);
        free(r->pages[i].charset);
    }
    free(r->pages);
    pipeline_free(r->pipeline);
    mo_buf_done(&r->head);
    crawl_release(&r->crawl);
    crawl_close(&r->crawler);
}

/* Nothing is asked of any server. */
static int
replay_job(struct run *run, const struct source *source, int64_t job, int64_t page)
{
    struct crawler_options options = {.sink = &run->sink,
        .program = PROGRAM,
        .version = MO_VERSION,
        .contact = "",
        .tables = run->tables,
        .vocab = run->vocab,
        .store = run->store,
        .dry = run->dry};
    struct replay r = {.run = run, .crawler = {.options = &options}};
    int status = MO_EXIT_TROUBLE;

    mo_buf_init(&r.head, 1 << 20);
    if (store_kept(run->store, job, page, note_page, &r))
        crawl_trouble(&r.crawler, store_error(run->store));
    else if (r.n == 0)
        fprintf(stderr, PROGRAM ": %s: %s %lld: %s\n", source->name,
            program_say(run, "job", "moisson"), (long long)job,
            program_say(run, "no page of it is kept (see run --keep-pages)",
                "aucune page n'en est gardée (voyez run --keep-pages)"));
    else if (crawl_prepare(&r.crawler, &r.crawl, source) == 0)
        replay_pages(&r, job);
    if (!r.crawler.trouble)
        status = status_of(&r);
    release(&r);
    return status;
}

/* ---- Which ---- */

/* JOB/PAGE: the page; NULL: all. */
static const char *
page_of(const char *word)
{
    size_t n = word ? strspn(word, "0123456789") : 0;
    const char *page = n && word[n] == '/' ? word + n + 1 : NULL;

    return page && *page && !page[strspn(page, "0123456789")] ? page : NULL;
}

/*
 * The last harvest of the source that is named, or the one of this number; without an
 * operand the last one of each source, where a page of it broke.
 */
static struct rows *
select_jobs(const struct run *r)
{
    const char *values[] = {r->n_operands ? r->operands[0] : NULL};

    return store_rows(r->store,
        "SELECT source, max(job) FROM v_job WHERE state <> 'running' AND (source = ?1 OR"
        " (?1 + 0 = job AND NOT EXISTS (SELECT 1 FROM v_source WHERE source = ?1)) OR ?1"
        " IS NULL AND EXISTS (SELECT 1 FROM v_kept WHERE v_kept.job = v_job.job AND why IS"
        " NOT NULL AND whole) AND job = (SELECT max(job) FROM v_job AS last WHERE"
        " last.source = v_job.source AND state <> 'running')) GROUP BY source",
        values, 1);
}

static int
worse(int a, int b)
{
    return a > b ? a : b;
}

int
command_replay(struct run *r)
{
    const char *word = r->n_operands ? r->operands[0] : NULL, *page = page_of(word);
    int status = MO_EXIT_CLEAN;
    bool any = false;
    struct rows *rows;

    if (program_load_config(r) || program_load_vocab(r) || program_open_store(r, false) ||
        program_lock_store(r))
        return MO_EXIT_TROUBLE;
    if (word && config_find(&r->config, word))
        r->operands[0] = (char *)config_find(&r->config, word)->name;
    rows = select_jobs(r);
    while (rows && status != MO_EXIT_TROUBLE && rows_next(rows)) {
        const struct source *source = config_find(&r->config, rows_text(rows, 0));

        any = true;
        status = worse(status,
            source ? replay_job(r, source, rows_number(rows, 1), page ? atoll(page) : 0)
                   : program_fatal(
                         r, MO_DIAG_NO_SOURCE, rows_text(rows, 0), r->config_file));
    }
    if (rows_done(rows) && status != MO_EXIT_TROUBLE)
        return program_store_failed(r);
    if (!any && word)
        return program_fatal(r, MO_DIAG_NO_JOB, word, r->store_file);
    return status;
}
