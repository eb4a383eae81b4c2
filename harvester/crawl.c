#include "crawl.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <moisson/arena.h>
#include <moisson/buf.h>
#include <moisson/flow.h>
#include <moisson/iri.h>

#include "converter.h"
#include "finding.h"
#include "seen.h"
#include "sources/protocol.h"
#include "transfer.h"

enum {
    MAX_ACTIVE = 16, /* sources at a time */
    MAX_FINDINGS = 256 << 20,
    MAX_TOOLS = 16
};

enum state {
    WAITING, /* for its host, or for a place */
    FETCHING,
    ENDED
};

struct crawl {
    struct crawler *crawler;
    const struct source *source;
    const struct protocol *protocol;
    struct transfer_options options;
    struct outcome outcome;
    enum state state;
    struct job job;
    char *url; /* of the page in hand; NULL behind the last */
    char **visited;
    size_t n_visited, cap_visited;

    /* The page in hand. */
    struct transfer *transfer;
    FILE *lines; /* records, until the page is whole */
    struct mo_buf findings;
    int64_t records, rejected, repeated;
    char *next;       /* as it was written */
    char broken[512]; /* the diagnostic that speaks against the whole page */
};

/* A converter that was found, and is of our version. */
struct tool {
    const char *name;
    char *path;
};

struct crawler {
    const struct crawler_options *options;
    struct tool tools[MAX_TOOLS];
    size_t n_tools;
    struct http *http;
    struct crawl *crawls;
    size_t n, active;
    int trouble;
};

static const struct protocol *const protocols[] = {&protocol_dcat};

/* ---- Small things ---- */

/* The source has failed; the first reason counts. */
static void
fail(struct crawl *c, const char *format, ...)
{
    va_list args;

    if (c->outcome.failed)
        return;
    c->outcome.failed = true;
    va_start(args, format);
    vsnprintf(c->outcome.reason, sizeof c->outcome.reason, format, args);
    va_end(args);
}

static int
trouble(struct crawler *k, const char *what)
{
    struct mo_diag diag = {.id = MO_DIAG_HARVEST, .detail = mo_str(what)};

    if (!k->trouble)
        mo_report(k->options->sink, &diag);
    k->trouble = -1;
    return -1;
}

static int
trouble_with(struct crawler *k, const char *what, const char *which)
{
    char text[512];

    snprintf(text, sizeof text, "%s: %s", what, which);
    return trouble(k, text);
}

static char *
copy(struct crawl *c, struct mo_str text)
{
    char *s = strndup(text.p ? text.p : "", text.n);

    if (!s)
        trouble(c->crawler, "out of memory");
    return s;
}

/* The host without port: what is harvested gently. */
static struct mo_str
host_of(const char *url)
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

static void
visit(void *ctx, const char *url)
{
    struct crawl *c = ctx;

    if (!url || was_visited(c, url))
        return;
    if (c->n_visited == c->cap_visited) {
        size_t cap = c->cap_visited ? 2 * c->cap_visited : 16;
        char **grown = realloc(c->visited, cap * sizeof(char *));

        if (!grown) {
            trouble(c->crawler, "out of memory");
            return;
        }
        c->visited = grown;
        c->cap_visited = cap;
    }
    c->visited[c->n_visited] = copy(c, mo_str_n(url, without_fragment(url)));
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
        c->next = copy(c, next);
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
        return trouble(c->crawler, strerror(errno));
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

/* A diagnostic of our own. */
static void
find(struct crawl *c, enum mo_diag_id id, struct mo_str detail)
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
            find(c, MO_DIAG_TWIN, row.identity);
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
            fail(c, "%s: the converter wrote what is no record: '%.40s'", c->url, line);
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
    url = out.failed ? NULL : copy(c, mo_buf_view(&out));
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
            find(c, MO_DIAG_PAGING_LOOP, mo_str(url));
        free(url);
        return NULL;
    }
    if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
        fail(c, "the next page is not on the web: '%s'", url);
    else if (page >= c->source->max_pages)
        fail(c, "more than %ld pages (see max-pages)", c->source->max_pages);
    return url;
}

/* The page is whole: it and where to go on are there, or it never was. */
static int
keep_page(struct crawl *c)
{
    struct store *store = c->crawler->options->store;
    int64_t number = c->job.pages + 1;
    struct page page = {.number = number,
        .url = c->url,
        .came_from = transfer_came_from(c->transfer),
        .bytes = transfer_bytes(c->transfer),
        .rejected = c->rejected};
    char *next;

    c->records = store ? 0 : c->records;
    visit(c, page.came_from);
    next = next_url(c, number);
    page.next = next;
    if (store && (store_begin_page(store) || stage_lines(c, number) ||
                     stage_findings(c, number))) {
        trouble(c->crawler, store_error(store));
        store_drop_page(store);
    } else if (c->outcome.failed && store) {
        store_drop_page(store);
    } else {
        page.repeated = c->repeated;
        if (store && store_end_page(store, &c->job, &page))
            trouble(c->crawler, store_error(store));
    }
    ++c->job.pages;
    ++c->outcome.pages;
    c->outcome.records += c->records;
    c->outcome.rejected += c->rejected;
    free(c->url);
    c->url = next;
    return c->crawler->trouble;
}

/* ---- Pages ---- */

static void
start_page(struct crawl *c)
{
    struct crawler *k = c->crawler;

    c->broken[0] = '\0';
    c->records = c->rejected = c->repeated = 0;
    mo_buf_clear(&c->findings);
    c->lines = k->options->store ? tmpfile() : NULL;
    visit(c, c->url);
    c->transfer = transfer_new(k->http, &c->options, c->url);
    c->state = FETCHING;
    ++k->active;
    if (!c->transfer || (k->options->store && !c->lines))
        trouble(k, "cannot prepare a page");
}

static void
release_page(struct crawl *c)
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

static void
end_source(struct crawl *c)
{
    const struct crawler_options *o = c->crawler->options;

    release_page(c);
    c->state = ENDED;
    if (c->outcome.records == 0 && c->outcome.rejected)
        fail(c, "all records were rejected");
    if (o->store && !c->crawler->trouble &&
        (c->outcome.failed ? drop_job(c) : store_promote(o->store, &c->job)))
        trouble(c->crawler, store_error(o->store));
    if (o->done)
        o->done(o->ctx, c->source, &c->outcome);
}

static void
end_page(struct crawl *c)
{
    const char *why;
    enum transfer_end end = transfer_end(c->transfer, &why);

    if (end != TRANSFER_BROKEN && c->broken[0]) {
        why = c->broken;
        end = TRANSFER_NOT_CONVERTED;
    }
    if (end != TRANSFER_FINE) {
        fail(c, "%s: %s", c->url, why);
    } else if (keep_page(c) == 0) {
        if (!c->outcome.failed)
            mo_buf_clear(&c->findings); /* they are kept */
        release_page(c);
    }
    if (!c->url || c->outcome.failed)
        end_source(c);
}

/* ---- The loop ---- */

static bool
host_is_busy(const struct crawler *k, const struct crawl *c)
{
    for (size_t i = 0; i < k->n; ++i)
        if (k->crawls[i].state == FETCHING &&
            mo_str_eq_nocase(host_of(k->crawls[i].url), host_of(c->url)))
            return true;
    return false;
}

static void
start_pages(struct crawler *k)
{
    for (size_t i = 0; i < k->n && k->active < MAX_ACTIVE && !k->trouble; ++i) {
        struct crawl *c = &k->crawls[i];

        if (c->state == WAITING && !host_is_busy(k, c))
            start_page(c);
    }
}

static bool
is_over(const struct crawler *k)
{
    for (size_t i = 0; i < k->n; ++i)
        if (k->crawls[i].state != ENDED)
            return false;
    return true;
}

/* ---- Converters ---- */

/* Full name of the converter, or NULL in trouble. */
static const char *
tool(struct crawler *k, const char *name)
{
    struct tool *t = &k->tools[k->n_tools];

    for (size_t i = 0; i < k->n_tools; ++i)
        if (strcmp(k->tools[i].name, name) == 0)
            return k->tools[i].path;
    if (k->n_tools == MAX_TOOLS || !(t->path = converter_find(name))) {
        trouble_with(k, "the converter was not found", name);
        return NULL;
    }
    if (!converter_is_of_version(t->path, k->options->version)) {
        trouble_with(k, "the converter is of another version", t->path);
        free(t->path);
        return NULL;
    }
    t->name = name;
    ++k->n_tools;
    return t->path;
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
    return tool(c->crawler, reader->program);
}

/* ---- Beginning and end ---- */

/* What one source needs before its first page. */
static int
begin(struct crawler *k, struct crawl *c, const struct source *source)
{
    const struct crawler_options *o = k->options;

    c->crawler = k;
    c->source = source;
    mo_buf_init(&c->findings, MAX_FINDINGS);
    for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; ++i)
        if (strcmp(source->type, protocols[i]->type) == 0)
            c->protocol = protocols[i];
    if (!c->protocol)
        return trouble_with(k, "there is no such type of source", source->type);
    if (!tool(k, c->protocol->readers[0].program)) /* before anything is asked for */
        return -1;
    c->options = (struct transfer_options){.source = source,
        .accept = c->protocol->accept,
        .converter = converter,
        .talks = !o->store,
        .line = take_line,
        .diagnostic = take_diagnostic,
        .ctx = c};
    c->url = copy(c, mo_str(source->url));
    if (!o->store)
        return c->url ? 0 : -1;
    if (store_begin_job(o->store, source->name, source->title, source->url, &c->job) ||
        store_visited(o->store, &c->job, visit, c))
        return trouble(k, store_error(o->store));
    if (c->job.resumed) { /* its last page may have been the last of all */
        free(c->url);
        c->url = c->job.next;
        c->job.next = NULL;
    }
    return 0;
}

static void
release(struct crawl *c)
{
    release_page(c);
    free(c->url);
    free(c->job.next);
    for (size_t i = 0; i < c->n_visited; ++i)
        free(c->visited[i]);
    free(c->visited);
    mo_buf_done(&c->findings);
}

static void
run(struct crawler *k)
{
    for (size_t i = 0; i < k->n; ++i)
        if (!k->crawls[i].url && !k->trouble)
            end_source(&k->crawls[i]);
    while (!k->trouble && !is_over(k)) {
        start_pages(k);
        http_perform(k->http);
        for (size_t i = 0; i < k->n && !k->trouble; ++i)
            if (k->crawls[i].state == FETCHING && transfer_is_over(k->crawls[i].transfer))
                end_page(&k->crawls[i]);
        if (!k->trouble && k->active)
            http_wait(k->http);
    }
}

int
crawl(
    const struct crawler_options *options, const struct source *const sources[], size_t n)
{
    struct crawler k = {.options = options};
    char agent[256];
    int failed = 0;

    snprintf(agent, sizeof agent, options->contact[0] ? "%s/%s (+%s)" : "%s/%s",
        options->program, options->version, options->contact);
    k.crawls = calloc(n + 1, sizeof *k.crawls);
    k.http = http_new(agent);
    if (!k.crawls || !k.http)
        trouble(&k, "libcurl cannot be used");
    while (k.n < n && !k.trouble) {
        struct crawl *c = &k.crawls[k.n];

        begin(&k, c, sources[k.n++]);
    }
    if (!k.trouble)
        run(&k);
    for (size_t i = 0; i < k.n; ++i) {
        failed += k.crawls[i].outcome.failed || k.crawls[i].outcome.rejected;
        release(&k.crawls[i]);
    }
    for (size_t i = 0; i < k.n_tools; ++i)
        free(k.tools[i].path);
    http_free(k.http);
    free(k.crawls);
    return k.trouble ? -1 : failed;
}
