#include "crawling.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <moisson/flow.h>

#include "seen.h"

/* ---- Findings ---- */

void
stage_find(struct crawl *c, enum mo_diag_id id, struct mo_str detail)
{
    struct mo_diag diag = {.id = id, .detail = detail, .file = mo_str(c->url)};

    if (c->crawler->options->store)
        mo_diag_json(
            &c->findings, c->crawler->options->program, &diag, mo_lang_of_user());
}

/* ---- Keeping a page ---- */

struct staging {
    struct crawl *c;
    struct mo_str line;
    int64_t page;
    bool failed; /* the store did, not the line */
};

static int
stage_record(void *ctx, const struct mo_record *record)
{
    struct staging *s = ctx;
    struct crawl *c = s->c;
    struct mo_buf identity;
    struct staged row = {.kind = seen_kind(record), .json = s->line};
    char hash[65];
    bool twin, same, plain = row.kind[0] == 'd' || row.kind[0] == 's';

    if (c->protocol->next(record)
            .n) /* the page itself, which is no part of the catalogue */
        return 0;
    c->records += record->kind == MO_RECORD_WHOLE;
    mo_buf_init(&identity, 1 << 20);
    if (mo_record_hash(record, hash)) /* too costly: like no other record */
        snprintf(hash, sizeof hash, "unknown-%lld-%lld", (long long)c->job.id,
            (long long)c->job.ordinal);
    if (mo_record_identity(record, &identity))
        mo_buf_c(&identity, hash);
    if (record->kind != MO_RECORD_WHOLE) /* there may be several about one node */
        mo_buf_printf(&identity, " %s %lld", hash, (long long)c->job.ordinal);
    row.identity = mo_buf_view(&identity);
    row.iri = record->root->kind == MO_IRI ? record->root->text : mo_str_n(NULL, 0);
    row.title = seen_title(record);
    row.hash = hash;
    s->failed = store_stage(c->crawler->options->store, &c->job, s->page, &row, &twin,
                    &same) != 0;
    if (!s->failed && twin && plain) {
        ++c->repeated;
        if (!same)
            stage_find(c, MO_DIAG_TWIN, row.identity);
    }
    mo_buf_done(&identity);
    return s->failed ? -1 : 0;
}

/* -1 when the store failed; a line that is no record speaks against the whole page. */
static int
stage_lines(struct crawl *c, int64_t page)
{
    struct staging s = {.c = c, .page = page};
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;

    rewind(c->lines);
    while (!s.failed && !c->outcome.failed && (n = getline(&line, &cap, c->lines)) > 0) {
        s.line = mo_str_n(line, (size_t)n - (line[n - 1] == '\n'));
        if (seen_record(c->crawler->options->vocab, s.line, stage_record, &s) &&
            !s.failed)
            crawl_fail(
                c, "%s: the converter wrote what is no record: '%.40s'", c->url, line);
    }
    free(line);
    return s.failed ? -1 : 0;
}

static int
stage_findings(struct crawl *c, int64_t page)
{
    struct mo_str rest = mo_buf_view(&c->findings);

    while (rest.n) {
        size_t n = mo_str_find(rest, mo_str("\n"), 0);

        if (store_finding(c->crawler->options->store, &c->job, page, mo_str_n(rest.p, n)))
            return -1;
        rest = mo_str_from(rest, n + 1);
    }
    return 0;
}

void
stage_page(struct crawl *c, struct page *page)
{
    struct store *store = c->crawler->options->store;

    c->records = 0;
    if (store_begin_page(store) || stage_lines(c, page->number) ||
        stage_findings(c, page->number)) {
        crawl_trouble(c->crawler, store_error(store));
        store_drop_page(store);
    } else if (c->outcome.failed) {
        store_drop_page(store);
    } else {
        page->repeated = c->repeated;
        if (store_end_page(store, &c->job, page))
            crawl_trouble(c->crawler, store_error(store));
    }
}

/* ---- A job ---- */

int
stage_begin(struct crawl *c)
{
    struct store *store = c->crawler->options->store;

    if (store_begin_job(
            store, c->source->name, c->source->title, c->source->url, &c->job) ||
        store_visited(store, &c->job, page_visit, c))
        return crawl_trouble(c->crawler, store_error(store));
    if (c->job.resumed) { /* its last page may have been the last of all */
        free(c->url);
        c->url = c->job.next;
        c->job.next = NULL;
    }
    return 0;
}

/* A failed job keeps what was found, and nothing else. */
static int
drop_job(struct crawl *c)
{
    struct store *store = c->crawler->options->store;

    if (store_begin_page(store) == 0 &&
        (c->findings.n == 0 || stage_findings(c, c->job.pages + 1) == 0) &&
        store_fail(store, &c->job, c->outcome.reason) == 0)
        return 0;
    store_drop_page(store);
    return -1;
}

void
stage_end(struct crawl *c)
{
    const struct crawler_options *o = c->crawler->options;

    page_release(c);
    c->state = ENDED;
    if (c->outcome.records == 0 && c->outcome.rejected)
        crawl_fail(c, "all records were rejected");
    if (c->outcome.partial)
        c->outcome.failed = true;
    if (o->store && !c->crawler->trouble &&
        (c->outcome.failed ? drop_job(c) : store_promote(o->store, &c->job)))
        crawl_trouble(c->crawler, store_error(o->store));
    if (o->done)
        o->done(o->ctx, c->source, &c->outcome);
}
