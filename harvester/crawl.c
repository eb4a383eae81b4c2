#include "crawling.h"

#include <errno.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "converter.h"
#include "credentials.h"
#include "fetching.h"

static const double tell_every = 0.1; /* seconds */

/* ---- Small things ---- */

void
crawl_fail(struct crawl *c, const char *format, ...)
{
    va_list args;

    if (c->outcome.failed)
        return;
    c->outcome.failed = true;
    va_start(args, format);
    vsnprintf(c->outcome.reason, sizeof c->outcome.reason, format, args);
    va_end(args);
}

void
crawl_partial(struct crawl *c, const char *format, ...)
{
    va_list args;

    if (c->outcome.failed || c->outcome.partial)
        return;
    c->outcome.partial = true;
    va_start(args, format);
    vsnprintf(c->outcome.reason, sizeof c->outcome.reason, format, args);
    va_end(args);
}

int
crawl_trouble(struct crawler *k, const char *what)
{
    int none = 0;

    if (atomic_compare_exchange_strong(&k->trouble, &none, -1))
        snprintf(k->why, sizeof k->why, "%s", what);
    return -1;
}

int
crawl_trouble_with(struct crawler *k, const char *what, const char *which)
{
    char text[512];

    snprintf(text, sizeof text, "%s: %s", what, which);
    return crawl_trouble(k, text);
}

char *
crawl_copy(struct crawl *c, struct mo_str text)
{
    char *s = strndup(text.p ? text.p : "", text.n);

    if (!s)
        crawl_trouble(c->crawler, "out of memory");
    return s;
}

/* ---- Converters ---- */

struct tool *
crawl_tool(struct crawler *k, const char *name)
{
    struct tool *t;

    for (size_t i = 0; i < k->n_tools; ++i)
        if (strcmp(tool_name(k->tools[i]), name) == 0)
            return k->tools[i];
    t = k->n_tools < MAX_TOOLS ? tool_new(name) : NULL;
    if (!t) {
        crawl_trouble_with(k, "the converter was not found", name);
    } else if (!converter_is_of_version(tool_path(t), k->options->version)) {
        crawl_trouble_with(k, "the converter is of another version", tool_path(t));
        tool_free(t);
        t = NULL;
    } else {
        k->tools[k->n_tools++] = t;
    }
    return t;
}

static void
release_tools(struct crawler *k)
{
    while (k->n_tools)
        tool_free(k->tools[--k->n_tools]);
}

/* ---- How far it is ---- */

static enum progress_state
state_of(const struct crawl *c, double now, double *wait)
{
    const struct transfer *t = c->transfer;

    *wait = t ? t->not_before - now : 0;
    if (!t || c->state == ENDED)
        return c->state == ENDED ? PROGRESS_ENDED : PROGRESS_WAITING;
    switch (t->state) {
    case ROBOTS: return PROGRESS_ROBOTS;
    case RECEIVING: return PROGRESS_FETCHING;
    case CONVERTING:
    case OVER: return PROGRESS_CONVERTING;
    default: return *wait > 0 ? PROGRESS_RETRYING : PROGRESS_WAITING;
    }
}

static void
tell_progress(struct crawler *k)
{
    double now = fetcher_now();

    if (!k->rows || now < k->told + tell_every)
        return;
    k->told = now;
    for (size_t i = 0; i < k->n; ++i) {
        const struct crawl *c = &k->crawls[i];
        struct progress *row = &k->rows[i];

        if (row->state == PROGRESS_ENDED && row->source)
            continue;
        row->source = c->source->name;
        if (c->state == SETTLING) /* in other hands */
            continue;
        row->state = state_of(c, k->fetcher->now, &row->wait);
        row->pages = c->outcome.pages;
        row->records = c->outcome.records + (c->state == ENDED ? 0 : c->came);
        row->seconds = now - c->began;
        row->failed = c->outcome.failed;
        row->held = c->outcome.held;
    }
    k->options->progress(k->options->ctx, k->rows, k->n);
}

/* ---- The loop ---- */

static bool
is_over(const struct crawler *k)
{
    for (size_t i = 0; i < k->n; ++i)
        if (k->crawls[i].state != ENDED)
            return false;
    return true;
}

/* ---- Beginning and end ---- */

static bool
uses_cleaner(const char *filter)
{
    return mo_str_is(mo_str_n(filter, strcspn(filter, " \t|;&<>\n")), "dcatapclean");
}

int
crawl_prepare(struct crawler *k, struct crawl *c, const struct source *source)
{
    const struct crawler_options *o = k->options;
    struct tool *cleaner = NULL;

    c->crawler = k;
    c->source = source;
    mo_buf_init(&c->memory, MAX_FINDING);
    c->protocol = protocol_named(source->type);
    if (!c->protocol)
        return crawl_trouble_with(k, "there is no such type of source", source->type);
    if (!crawl_tool(
            k, c->protocol->readers[0].program)) /* before anything is asked for */
        return -1;
    if (o->store && uses_cleaner(source->filter) &&
        !(cleaner = crawl_tool(k, "dcatapclean")))
        return -1;
    page_options(c, cleaner);
    c->total = -1;
    c->began = fetcher_now();
    return 0;
}

/* What one source needs before its first page. */
static int
begin(struct crawler *k, struct crawl *c, const struct source *source)
{
    const struct crawler_options *o = k->options;
    const char *wrong;
    char why[512];

    if (crawl_prepare(k, c, source))
        return -1;
    wrong = credentials_read(source, &c->credentials, why, sizeof why);
    if (wrong)
        crawl_fail(c, "%s", wrong);
    c->url = c->protocol->first ? c->protocol->first(source->url)
                                : crawl_copy(c, mo_str(source->url));
    if (!c->url)
        return crawl_trouble(k, "out of memory");
    return o->store ? stage_begin(c) : 0;
}

void
crawl_release(struct crawl *c)
{
    page_release(c);
    stage_kept(c);
    free(c->url);
    free(c->job.next);
    free(c->job.partial);
    free(c->job.since);
    free(c->refused);
    for (size_t i = 0; i < c->n_visited; ++i)
        free(c->visited[i]);
    free(c->visited);
    free(c->bodies);
    known_page_done(&c->known);
    credentials_done(&c->credentials);
    spool_done(&c->findings);
    mo_buf_done(&c->memory);
}

static void
read_page(void *crawl)
{
    page_read(crawl);
}

static void
settle_page(void *crawl)
{
    page_settle(crawl);
}

static void
wake(void *fetcher)
{
    fetcher_wake(fetcher);
}

static void
begin_settling(struct crawl *c)
{
    c->state = SETTLING;
    worker_give(c->crawler->reader, c);
}

static void
tell_end(struct crawl *c)
{
    const struct crawler_options *o = c->crawler->options;

    c->state = ENDED;
    if (o->dry)
        worker_rest(c->crawler->keeper);
    o->done(o->ctx, c->source, &c->outcome);
    if (o->dry)
        worker_go_on(c->crawler->keeper);
}

/* Settled: on to the page that comes, or the end. */
static void
go_on(struct crawl *c)
{
    page_release(c);
    if (c->crawler->trouble)
        return;
    if (!c->url || c->outcome.failed)
        tell_end(c);
    else
        page_start(c);
}

static void
take_settled(struct crawler *k)
{
    struct crawl *c;

    while ((c = worker_take(k->reader)))
        worker_give(k->keeper, c);
    while ((c = worker_take(k->keeper)))
        go_on(c);
}

static void
run(struct crawler *k)
{
    struct worker_options o = {
        .done = wake, .ctx = k->fetcher, .most = k->n, .alone = !k->options->store};

    o.work = read_page;
    k->reader = worker_new(&o);
    o.work = settle_page;
    k->keeper = worker_new(&o);
    if (!k->reader || !k->keeper)
        crawl_trouble(k, "out of memory");
    for (size_t i = 0; i < k->n && !k->trouble; ++i)
        begin_settling(&k->crawls[i]);
    while (!k->trouble && !is_over(k)) {
        take_settled(k);
        fetcher_perform(k->fetcher);
        tell_progress(k);
        for (size_t i = 0; i < k->n && !k->trouble; ++i)
            if (k->crawls[i].state == FETCHING && transfer_is_over(k->crawls[i].transfer))
                begin_settling(&k->crawls[i]);
        if (!k->trouble && !is_over(k))
            fetcher_wait(k->fetcher);
    }
    worker_free(k->reader);
    worker_free(k->keeper);
}

/*
 * Blocks of pages come from one thread and go in another. In the heaps of threads they would
 * leave holes, which grow with every source.
 */
static void
keep_blocks_apart(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 512 << 10);
#endif
}

int
crawl_open(struct crawler *k)
{
    const struct crawler_options *o = k->options;
    uint64_t seed;

    keep_blocks_apart();
    if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) < 0)
        seed = (uint64_t)getpid();
    snprintf(k->agent, sizeof k->agent, o->contact[0] ? "%s/%s (+%s)" : "%s/%s",
        o->program, o->version, o->contact);
    k->fetcher = fetcher_new(k->agent, o->program, seed);
    return k->fetcher ? 0 : crawl_trouble(k, "libcurl cannot be used");
}

/* Of trouble that was told elsewhere there is no word. */
static void
tell_trouble(struct crawler *k)
{
    struct mo_diag diag = {.id = MO_DIAG_HARVEST, .detail = mo_str(k->why)};

    if (!k->why[0])
        return;
    if (k->options->progress)
        k->options->progress(k->options->ctx, NULL, 0);
    mo_report(k->options->sink, &diag);
}

void
crawl_close(struct crawler *k)
{
    tell_trouble(k);
    release_tools(k);
    fetcher_free(k->fetcher);
}

int
crawl(
    const struct crawler_options *options, const struct source *const sources[], size_t n)
{
    struct crawler k = {.options = options};
    int failed = 0;

    k.crawls = calloc(n + 1, sizeof *k.crawls);
    if (options->progress)
        k.rows = calloc(n + 1, sizeof *k.rows);
    if (!k.crawls)
        crawl_trouble(&k, "out of memory");
    else
        crawl_open(&k);
    while (k.n < n && !k.trouble) {
        struct crawl *c = &k.crawls[k.n];

        begin(&k, c, sources[k.n++]);
    }
    if (!k.trouble)
        run(&k);
    for (size_t i = 0; i < k.n; ++i) {
        failed += k.crawls[i].outcome.failed || k.crawls[i].outcome.held ||
                  k.crawls[i].outcome.rejected;
        crawl_release(&k.crawls[i]);
    }
    crawl_close(&k);
    free(k.crawls);
    free(k.rows);
    return k.trouble ? -1 : failed;
}
