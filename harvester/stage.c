#include "crawling.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <moisson/flow.h>

#include "changes.h"
#include "fetching.h"
#include "finding.h"
#include "seen.h"

enum { MAX_IDENTITY = 1 << 20 };

/* ---- Findings ---- */

void
stage_find(struct crawl *c, enum mo_diag_id id, struct mo_str detail)
{
    struct mo_diag diag = {.id = id, .detail = detail, .file = mo_str(c->url)};
    struct finding_row row;
    struct mo_buf json;

    if (!c->crawler->options->store)
        return;
    mo_buf_init(&json, MAX_FINDING);
    mo_diag_json(&json, c->crawler->options->program, &diag, mo_lang_of_user());
    if (finding_parse(mo_str_trim(mo_buf_view(&json)), &c->memory, &row))
        finding_keep(&c->findings, &row);
    mo_buf_done(&json);
}

/* ---- The page as it came ---- */

void
stage_keep(struct crawl *c, const char *why)
{
    struct kept_page *kept = &c->kept;
    struct transfer_facts facts;
    const char *from = transfer_came_from(c->transfer);

    if (!c->crawler->options->store || !from || c->body.n == 0)
        return;
    if (c->body.excess || c->body.failed) {
        stage_find(c, MO_DIAG_NOT_KEPT, mo_str(c->body.excess ? "256M" : "disk"));
        return;
    }
    transfer_facts(c->transfer, &facts);
    kept->number = c->job.pages + 1;
    kept->url = crawl_copy(c, mo_str(c->url));
    kept->came_from = crawl_copy(c, mo_str(from));
    kept->why = why ? crawl_copy(c, mo_str(why)) : NULL;
    snprintf(kept->charset, sizeof kept->charset, "%s", facts.charset);
    kept->whole = facts.whole;
    kept->body = &c->body;
}

void
stage_kept(struct crawl *c)
{
    free(c->kept.url);
    free(c->kept.came_from);
    free(c->kept.why);
    memset(&c->kept, 0, sizeof c->kept);
    spool_done(&c->body);
}

/* In the transaction that something else goes into. */
static int
put_kept(struct crawl *c)
{
    return c->kept.number
               ? store_keep_page(c->crawler->options->store, c->job.id, &c->kept)
               : 0;
}

/* ---- Keeping a page ---- */

struct reading {
    struct crawl *c;
    struct seen *seen;
    struct mo_buf identity;
};

static int
read_record(void *ctx, const struct mo_record *record)
{
    struct reading *r = ctx;
    struct facts facts;

    facts_find(record, r->c->source, &r->identity, &facts);
    if (facts_keep(&r->c->facts, &facts))
        return crawl_trouble(r->c->crawler, strerror(errno));
    return 0;
}

/* A line that is no record speaks against the whole page. */
static int
read_line(void *ctx, struct mo_str line)
{
    struct reading *r = ctx;
    struct crawl *c = r->c;

    if (seen_line(r->seen, line, read_record, r) && !c->facts.failed)
        crawl_fail(c, "%s: the converter wrote what is no record: '%.*s'", c->url,
            (int)(line.n < 40 ? line.n : 40), line.p);
    return c->facts.failed || c->outcome.failed ? -1 : 0;
}

void
stage_read(struct crawl *c)
{
    struct reading r = {.c = c, .seen = seen_new(c->crawler->options->vocab)};

    mo_buf_init(&r.identity, MAX_IDENTITY);
    spool_clear(&c->facts);
    if (!r.seen)
        crawl_trouble(c->crawler, "out of memory");
    else
        spool_lines(&c->lines, read_line, &r);
    if (c->lines.failed)
        crawl_trouble(c->crawler, "what came of the page cannot be read");
    mo_buf_done(&r.identity);
    seen_free(r.seen);
}

struct staging {
    struct crawl *c;
    struct mo_str line;
    struct mo_str faithful; /* what the filter made it of, where that differs */
    int64_t page, at;       /* of the facts that come next */
    struct mo_buf identity;
    bool failed; /* the store did, with what the filter dropped */
};

/* Of two records with one identity the first counts. */
static int
note_twin(struct staging *s, const struct staged *row, bool same)
{
    struct crawl *c = s->c;

    ++c->repeated;
    if (!same)
        stage_find(c, MO_DIAG_TWIN, row->identity);
    return store_leave_out(c->crawler->options->store, &c->job, s->page, "duplicate", row,
        same ? "same" : "differs");
}

static int
stage_row(struct staging *s, const struct facts *facts, const struct staged *row)
{
    struct crawl *c = s->c;
    struct store *store = c->crawler->options->store;
    const char *state = facts->state, *why = facts->why;
    bool twin, same, plain = row->kind[0] == 'd' || row->kind[0] == 's';

    if (!why && c->source->max_items > 0 && plain &&
        c->job.items >= c->source->max_items) {
        c->outcome.limited = true;
        state = "filtered";
        why = "max-items";
    }
    if (why)
        return store_leave_out(store, &c->job, s->page, state, row, why);
    if (store_stage(store, &c->job, s->page, row, &twin, &same))
        return -1;
    c->job.items += plain && !twin;
    return twin && plain ? note_twin(s, row, same) : 0;
}

/* What cannot be told from others by itself can be by its place. */
static int
stage_record(struct staging *s, struct facts *facts)
{
    struct crawl *c = s->c;
    struct staged row = {.kind = facts->kind,
        .iri = facts->iri,
        .title = facts->title,
        .hash = facts->hash,
        .likeness = facts->likeness,
        .json = s->line,
        .faithful = s->faithful};

    c->records += facts->whole;
    if (!facts->hash[0]) /* it is like no other record */
        snprintf(facts->hash, sizeof facts->hash, "unknown-%lld-%lld",
            (long long)c->job.id, (long long)c->job.ordinal);
    mo_buf_clear(&s->identity);
    if (facts->identity.n)
        mo_buf_str(&s->identity, facts->identity);
    else
        mo_buf_c(&s->identity, facts->hash);
    if (!facts->whole) /* there may be several about one node */
        mo_buf_printf(&s->identity, " %s %lld", facts->hash, (long long)c->job.ordinal);
    row.identity = mo_buf_view(&s->identity);
    return stage_row(s, facts, &row);
}

/* A record that the filter made nothing of. */
static int
leave_out_record(void *ctx, const struct mo_record *record)
{
    struct staging *s = ctx;
    struct facts facts;
    struct staged row = {.json = s->line};

    facts_find(record, s->c->source, &s->identity, &facts);
    if (!facts.whole)
        return 0;
    row.kind = facts.kind;
    row.identity = facts.identity;
    row.iri = facts.iri;
    row.title = facts.title;
    s->c->dropped = true;
    s->failed = store_leave_out(s->c->crawler->options->store, &s->c->job, s->page,
                    "filtered", &row, "filter") != 0;
    return s->failed ? -1 : 0;
}

static int
leave_out(void *ctx, struct mo_str line)
{
    struct staging *s = ctx;

    s->line = line;
    seen_record(s->c->crawler->options->vocab, line, leave_out_record, s);
    return s->failed ? -1 : 0;
}

/* Before the filter, the line in hand was this; NULL where it was the same. */
static int
find_faithful(struct staging *s)
{
    s->faithful = mo_str_n(NULL, 0);
    if (!s->c->faithful)
        return 0;
    if (faithful_find(s->c->faithful, s->line, &s->faithful))
        return crawl_trouble(s->c->crawler, "what came before the filter cannot be read");
    if (mo_str_eq(s->faithful, s->line))
        s->faithful = mo_str_n(NULL, 0);
    return 0;
}

static int
stage_line(void *ctx, struct mo_str line)
{
    struct staging *s = ctx;
    struct facts facts;

    s->line = line;
    if (facts_recall(&s->c->facts, &s->at, &facts))
        return crawl_trouble(s->c->crawler, "what is known of records cannot be read");
    return find_faithful(s) || (facts.kind && stage_record(s, &facts)) ? -1 : 0;
}

static int
stage_lines(struct crawl *c, int64_t page)
{
    struct staging s = {.c = c, .page = page};
    int failed;

    mo_buf_init(&s.identity, MAX_IDENTITY);
    failed = spool_lines(&c->lines, stage_line, &s);
    if (c->lines.failed)
        crawl_trouble(c->crawler, "what came of the page cannot be read");
    if (!failed && c->faithful) {
        failed = faithful_rest(c->faithful, leave_out, &s);
        if (failed && !s.failed)
            crawl_trouble(c->crawler, "what came before the filter cannot be read");
    }
    mo_buf_done(&s.identity);
    return failed;
}

/* A finding that rejects a record of a page that is kept is a record that is left out. */
static int
leave_out_rejected(struct crawl *c, int64_t page, const struct finding_row *f)
{
    struct finding cut;
    struct staged row = {.kind = "record"};

    if (!mo_str_is(f->level, "error"))
        return 0;
    finding_cut(f, &cut);
    if (!finding_rejects(&cut))
        return 0;
    row.identity = row.iri = mo_str(cut.record);
    return store_leave_out(
        c->crawler->options->store, &c->job, page, "rejected", &row, cut.code);
}

static int
stage_findings(struct crawl *c, int64_t page, bool kept)
{
    struct finding_row rows[STORE_FINDINGS];
    int64_t at = 0;
    size_t n;

    while (at < c->findings.n) {
        if (finding_recall(&c->findings, &at, rows, STORE_FINDINGS, &n))
            return crawl_trouble(c->crawler, "what was found of the page cannot be read");
        if (store_findings(c->crawler->options->store, &c->job, page, rows, n))
            return -1;
        for (size_t i = 0; kept && i < n; ++i)
            if (leave_out_rejected(c, page, &rows[i]))
                return -1;
    }
    return 0;
}

void
stage_page(struct crawl *c, struct page *page)
{
    struct store *store = c->crawler->options->store;

    c->records = 0;
    if (c->outcome.failed || c->crawler->trouble) /* not all of it was read */
        return;
    if (store_begin_page(store) || stage_lines(c, page->number) ||
        stage_findings(c, page->number, true)) {
        crawl_trouble(c->crawler, store_error(store));
        store_drop_page(store);
    } else if (put_kept(c)) {
        store_drop_page(store);
        crawl_trouble(c->crawler, store_error(store));
    } else {
        page->repeated = c->repeated;
        if (c->repeated) /* what it repeats may leave the other page */
            page->etag = page->modified = NULL;
        page->partial = c->outcome.partial ? c->outcome.reason : NULL;
        if (store_end_page(store, &c->job, page))
            crawl_trouble(c->crawler, store_error(store));
    }
}

void
stage_reused(struct crawl *c, struct page *page)
{
    struct store *store = c->crawler->options->store;

    if (store_begin_page(store) == 0 &&
        store_reuse_page(
            store, &c->job, page->number, c->url, &c->records, &c->rejected) == 0 &&
        stage_findings(c, page->number, true) == 0) {
        page->rejected = c->rejected;
        page->partial = c->outcome.partial ? c->outcome.reason : NULL;
        if (store_end_page(store, &c->job, page) == 0)
            return;
    }
    crawl_trouble(c->crawler, store_error(store));
    store_drop_page(store);
}

/* ---- A job ---- */

/* What records depend on beside pages: with other settings no page is as it was. */
static void
fingerprint(const struct crawl *c, char settings[17])
{
    const struct source *o = c->source;
    const struct words *lists[] = {&o->only_tags, &o->only_titles, &o->only_publishers,
        &o->only_types, &o->languages};
    const char *texts[] = {c->crawler->options->version, o->filter, o->modified_since,
        o->take_foreign ? "all" : "own", o->type, o->url};
    uint64_t hash = 0xCBF29CE484222325 ^ (uint64_t)o->max_items;

#define MIX(text)                                                                        \
    for (const char *p = text; *p; ++p)                                                  \
        hash = (hash ^ (unsigned char)*p) * 0x100000001B3;                               \
    hash = (hash ^ 0xFF) * 0x100000001B3
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        MIX(texts[i]);
    }
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; ++i) {
        for (size_t k = 0; k < lists[i]->n; ++k) {
            MIX(lists[i]->text[k]);
        }
        MIX("/");
    }
#undef MIX
    snprintf(settings, 17, "%016llx", (unsigned long long)hash);
}

/* Where a harvest of changes begins, and since when; NULL: a whole one is due. 0 or -1. */
static int
find_changes(struct crawl *c, const char *settings, char **since, char **url)
{
    const struct crawler_options *o = c->crawler->options;

    *since = *url = NULL;
    if (!c->protocol->since || o->full)
        return 0;
    if (store_since(o->store, c->source->name, settings, c->source->full_every, since))
        return -1;
    *url = *since ? c->protocol->since(c->url, *since) : NULL;
    if (!*url) {
        free(*since);
        *since = NULL;
    }
    return 0;
}

/* Go on where the job was interrupted; its last page may have been the last of all. */
static void
resume(struct crawl *c)
{
    free(c->url);
    c->url = c->job.next;
    c->job.next = NULL;
    c->outcome.rejected = c->job.rejected;
    if (c->job.partial)
        crawl_partial(c, "%s", c->job.partial);
}

int
stage_begin(struct crawl *c)
{
    const struct crawler_options *o = c->crawler->options;
    struct store_source source = {.name = c->source->name,
        .title = c->source->title,
        .url = c->source->url,
        .contact = c->source->contact,
        .position = c->source->position,
        .was = c->source->was.text,
        .n_was = c->source->was.n};
    char settings[17], *since, *changes;
    int failed;

    fingerprint(c, settings);
    failed = find_changes(c, settings, &since, &changes) ||
             store_begin_job(o->store, &source, o->dry, settings, since, &c->job) ||
             store_visited(o->store, &c->job, paging_visit, c);
    free(since);
    if (!failed && !c->job.resumed && changes) {
        free(c->url);
        c->url = changes;
        changes = NULL;
    }
    free(changes);
    if (failed)
        return crawl_trouble(c->crawler, store_error(o->store));
    c->outcome.job = c->job.id;
    c->outcome.changes = c->job.since != NULL;
    if (c->job.resumed)
        resume(c);
    return 0;
}

/* The job is live, dropped, or held: the store says which. */
static int
end_job(struct crawl *c)
{
    struct store *store = c->crawler->options->store;
    struct job_end end = {
        .reason = c->outcome.failed || c->outcome.partial ? c->outcome.reason : NULL,
        .empty = c->outcome.empty,
        .partial = c->outcome.partial && c->job.ordinal > 1,
        .limited = c->outcome.limited,
        .grace = c->source->grace_period,
        .guard = c->source->shrink_guard,
        .seconds = fetcher_now() - c->began,
        .compare = changes_find};
    enum job_verdict verdict;
    struct mo_buf why;
    int failed;

    mo_buf_init(&why, sizeof c->outcome.reason);
    failed = store_begin_page(store) || stage_findings(c, c->job.pages + 1, false) ||
             put_kept(c) || store_end_job(store, &c->job, &end, &verdict, &why) ||
             store_counts(store, c->job.id, c->outcome.counts, sizeof c->outcome.counts);
    if (failed)
        store_drop_page(store);
    else if (verdict == JOB_HELD)
        snprintf(c->outcome.reason, sizeof c->outcome.reason, "%.*s", (int)why.n, why.p);
    c->outcome.held = !failed && verdict == JOB_HELD;
    c->outcome.failed = !failed && verdict == JOB_FAILED;
    mo_buf_done(&why);
    return failed;
}

void
stage_end(struct crawl *c)
{
    const struct crawler_options *o = c->crawler->options;

    if (c->outcome.records + c->job.records == 0 && c->outcome.rejected &&
        !c->outcome.changes && !c->dropped)
        crawl_fail(c, "all records were rejected");
    if (c->outcome.partial && !o->store)
        c->outcome.failed = true;
    if (o->store && !c->crawler->trouble && end_job(c))
        crawl_trouble(c->crawler, store_error(o->store));
    spool_done(&c->findings);
    stage_kept(c);
}
