#include "crawl.h"

#include <curl/curl.h>
#include <errno.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <arpa/inet.h>
#include <time.h>
#include <unistd.h>

#include <moisson/arena.h>
#include <moisson/buf.h>
#include <moisson/iri.h>

#include "converter.h"
#include "seen.h"
#include "sources/protocol.h"

enum {
    MAX_ACTIVE = 16,    /* sources at a time */
    MAX_REDIRECTS = 5,
    MAX_LINE = 256 << 20, /* of a converter's output */
    BLOCK = 64 << 10,
    POLL_MS = 1000,
    GRACE = 60 /* seconds a converter may go on when its page has ended */
};

enum state {
    WAITING,  /* for its host, or for a place */
    FETCHING, /* a page is on its way, or in the converter */
    ENDED
};

struct crawl {
    struct crawler *crawler;
    const struct source *source;
    const struct protocol *protocol;
    char *converter_path;
    struct outcome outcome;
    enum state state;
    struct job job;
    char *url;         /* of the page in hand */
    char **visited;
    size_t n_visited, cap_visited;

    /* The page in hand. */
    CURL *easy;
    bool transferring;
    CURLcode result;
    char error[CURL_ERROR_SIZE];
    char refused[64];  /* the address that may not be talked to */
    char *came_from;   /* where redirects led */
    int64_t bytes;
    bool too_big;
    struct converter converter;
    bool started;      /* the converter was */
    bool paused;       /* until it has taken what is pending */
    struct mo_buf pending, out, diags;
    time_t deadline;   /* of the converter, once its page has ended; 0: none yet */
    FILE *lines;       /* records, until the page is whole */
    int64_t records, rejected, repeated;
    char *next;        /* as it was written */
    char broken[512];  /* the diagnostic that speaks against the whole page */
};

struct crawler {
    const struct crawler_options *options;
    CURLM *multi;
    struct crawl *crawls;
    size_t n, active;
    int trouble;
};

static const struct protocol *const protocols[] = {&protocol_dcat};

/* ---- Small things ---- */

static void
set_reason(struct crawl *c, const char *format, ...)
{
    va_list args;

    if (c->outcome.reason[0])
        return;
    va_start(args, format);
    vsnprintf(c->outcome.reason, sizeof c->outcome.reason, format, args);
    va_end(args);
}

static int
trouble(struct crawler *k, const char *what)
{
    if (!k->trouble)
        fprintf(stderr, "%s: fatal: %s [T102]\n", k->options->program, what);
    k->trouble = -1;
    return -1;
}

static char *
copy(struct crawl *c, struct mo_str text)
{
    char *s = strndup(text.p ? text.p : "", text.n);

    if (!s)
        trouble(c->crawler, "out of memory");
    return s;
}

/* Scheme and host without port: what is harvested gently. */
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

/* ---- What libcurl calls ---- */

static bool
is_allowed(const struct source *source, const struct sockaddr *address)
{
    return address_is_public(address) ||
           address_in(address, source->allowed, source->n_allowed);
}

/* Each connection, redirects included, is checked behind name resolution. */
static curl_socket_t
open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct crawl *c = ctx;

    (void)purpose;
    if (is_allowed(c->source, &address->addr))
        return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (getnameinfo(&address->addr, address->addrlen, c->refused, sizeof c->refused, NULL, 0,
            NI_NUMERICHOST))
        snprintf(c->refused, sizeof c->refused, "an unknown address");
    return CURL_SOCKET_BAD;
}

/* A connection that another source opened may not be one that this source may use. */
static int
before_request(void *ctx, char *ip, char *local, int port, int local_port)
{
    struct crawl *c = ctx;
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

    (void)local;
    (void)port;
    (void)local_port;
    if ((inet_pton(AF_INET, ip, &v4.sin_addr) == 1 &&
            is_allowed(c->source, (struct sockaddr *)(void *)&v4)) ||
        (inet_pton(AF_INET6, ip, &v6.sin6_addr) == 1 &&
            is_allowed(c->source, (struct sockaddr *)(void *)&v6)))
        return CURL_PREREQFUNC_OK;
    snprintf(c->refused, sizeof c->refused, "%s", ip);
    return CURL_PREREQFUNC_ABORT;
}

/* The charset that the answer's Content-Type gives, or "". */
static void
charset_of(CURL *easy, char *charset, size_t size)
{
    char *type = NULL;
    struct mo_str s;
    size_t at;

    charset[0] = '\0';
    if (curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type) != CURLE_OK || !type)
        return;
    s = mo_str(type);
    at = 0;
    while (at < s.n && !mo_str_eq_nocase(mo_str_n(s.p + at, s.n - at < 8 ? s.n - at : 8),
                           mo_str("charset=")))
        ++at;
    s = mo_str_from(s, at + 8);
    if (s.n && (s.p[0] == '"' || s.p[0] == '\''))
        s = mo_str_from(s, 1);
    snprintf(charset, size, "%.*s", (int)strcspn(s.p, "\"'; \t"), s.p);
}

/* The first bytes of a good answer: only now is it known where it came from. */
static int
start_converter(struct crawl *c)
{
    char charset[64], *from = NULL;

    if (curl_easy_getinfo(c->easy, CURLINFO_EFFECTIVE_URL, &from) == CURLE_OK && from) {
        free(c->came_from);
        c->came_from = copy(c, mo_str_n(from, without_fragment(from)));
    }
    charset_of(c->easy, charset, sizeof charset);
    c->started = true;
    if (c->came_from && converter_start(&c->converter, c->converter_path, c->came_from,
                            charset, !c->crawler->options->store) == 0)
        return 0;
    return trouble(c->crawler, "cannot start the converter");
}

/* Write what is pending as far as the pipe takes it. -1 when nobody reads any more. */
static int
flush_pending(struct crawl *c)
{
    while (c->pending.n && c->converter.in >= 0) {
        ssize_t n = write(c->converter.in, c->pending.p, c->pending.n);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return 0;
        if (n < 0) {
            close(c->converter.in);
            c->converter.in = -1;
            return -1;
        }
        mo_buf_shift(&c->pending, (size_t)n);
    }
    return 0;
}

static size_t
take_body(char *bytes, size_t size, size_t n, void *ctx)
{
    struct crawl *c = ctx;
    long status = 0;

    n *= size;
    curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status < 200 || status > 299)
        return n; /* what an error page says is not looked at */
    if (c->pending.n) {
        c->paused = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    c->bytes += (int64_t)n;
    c->too_big = c->bytes > c->source->max_body;
    if (c->too_big || (!c->started && start_converter(c)))
        return 0;
    if (c->converter.in < 0 || mo_buf_add(&c->pending, bytes, n) || flush_pending(c))
        return 0;
    return n;
}

/* ---- A page ---- */

static void
set_options(struct crawl *c, struct curl_slist *headers)
{
    const struct crawler_options *o = c->crawler->options;
    char agent[256];
    CURL *e = c->easy;

    snprintf(agent, sizeof agent, "%s/%s%s%s%s", o->program, o->version,
        o->contact[0] ? " (+" : "", o->contact, o->contact[0] ? ")" : "");
    curl_easy_setopt(e, CURLOPT_URL, c->url);
    curl_easy_setopt(e, CURLOPT_USERAGENT, agent);
    curl_easy_setopt(e, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(e, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(e, CURLOPT_MAXREDIRS, (long)MAX_REDIRECTS);
    curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT, c->source->connect_timeout);
    curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, c->source->idle_timeout);
    curl_easy_setopt(e, CURLOPT_TIMEOUT, c->source->total_timeout);
    curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(e, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, c);
    curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, before_request);
    curl_easy_setopt(e, CURLOPT_PREREQDATA, c);
    curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(e, CURLOPT_WRITEDATA, c);
    curl_easy_setopt(e, CURLOPT_ERRORBUFFER, c->error);
    curl_easy_setopt(e, CURLOPT_PRIVATE, c);
}

static int
start_page(struct crawl *c, struct curl_slist *headers)
{
    struct crawler *k = c->crawler;

    c->error[0] = c->refused[0] = c->broken[0] = '\0';
    c->bytes = c->records = c->rejected = c->repeated = 0;
    c->too_big = c->started = c->paused = false;
    c->deadline = 0;
    mo_buf_clear(&c->pending);
    mo_buf_clear(&c->out);
    mo_buf_clear(&c->diags);
    c->lines = k->options->store ? tmpfile() : NULL;
    c->easy = curl_easy_init();
    if (!c->easy || (k->options->store && !c->lines))
        return trouble(k, "cannot prepare a page");
    set_options(c, headers);
    visit(c, c->url);
    if (curl_multi_add_handle(k->multi, c->easy) != CURLM_OK)
        return trouble(k, "libcurl failed");
    c->transferring = true;
    c->state = FETCHING;
    ++k->active;
    return 0;
}

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
take_line(struct crawl *c, struct mo_str line)
{
    const struct crawler_options *o = c->crawler->options;

    ++c->records;
    if (!c->next && c->protocol->may_link(line))
        seen_record(o->vocab, line, take_next, c);
    if (!o->store)
        return o->line(o->ctx, line);
    if (fwrite(line.p, 1, line.n, c->lines) != line.n || putc('\n', c->lines) == EOF)
        return trouble(c->crawler, strerror(errno));
    return 0;
}

/* A string member of one of our own diagnostics, undone as far as messages need. */
static void
member(struct mo_str json, const char *name, char *out, size_t size)
{
    char head[32];
    size_t at, n = 0;

    snprintf(head, sizeof head, "\"%s\":\"", name);
    at = mo_str_find(json, mo_str(head), 0) + strlen(head);
    for (; at < json.n && json.p[at] != '"' && n + 1 < size; ++at) {
        if (json.p[at] == '\\' && at + 1 < json.n)
            ++at;
        out[n++] = json.p[at];
    }
    out[n] = '\0';
}

/* A diagnostic: does it reject a record, or speak against the page as a whole? */
static int
take_diagnostic(struct crawl *c, struct mo_str json)
{
    const struct crawler_options *o = c->crawler->options;
    char code[8], level[8], text[200], detail[200];

    member(json, "code", code, sizeof code);
    member(json, "level", level, sizeof level);
    member(json, "text", text, sizeof text);
    member(json, "detail", detail, sizeof detail);
    if (strcmp(level, "error") == 0 && code[0] != 'D')
        ++c->rejected;
    /* A later page may be empty; the first should not be. */
    if ((strcmp(level, "fatal") == 0 || (strcmp(level, "error") == 0 && code[0] == 'D')) &&
        !(strcmp(code, "D103") == 0 && c->job.pages + c->outcome.pages > 0))
        snprintf(c->broken, sizeof c->broken, "%s%s%s%s [%s]", text, detail[0] ? ": '" : "",
            detail, detail[0] ? "'" : "", code);
    if (o->finding)
        o->finding(o->ctx, c->source, json);
    return 0;
}

/* Read what there is of a pipe, line by line; at its end it is closed. */
static int
drain(struct crawl *c, int *fd, struct mo_buf *held,
    int (*take)(struct crawl *c, struct mo_str line), bool keep)
{
    char block[BLOCK];
    ssize_t got;

    while (*fd >= 0 && (got = read(*fd, block, sizeof block)) != 0) {
        size_t from, at;

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return 0;
        from = held->n;
        if (mo_buf_add(held, block, (size_t)got))
            return -1;
        if (keep)
            continue; /* looked at when it is whole */
        at = 0;
        for (;;) {
            size_t end = mo_str_find(mo_buf_view(held), mo_str("\n"), from > at ? from : at);

            if (end == held->n)
                break;
            if (take(c, mo_str_n(held->p + at, end - at)))
                return -1;
            at = end + 1;
        }
        mo_buf_shift(held, at);
    }
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    return 0;
}

/* ---- Keeping a page ---- */

struct staging {
    struct crawl *c;
    struct mo_str line;
    int64_t page;
};

static void
find_own(struct crawl *c, int64_t page, enum mo_diag_id id, struct mo_str detail)
{
    struct mo_diag diag = {.id = id, .detail = detail, .file = mo_str(c->url)};
    struct mo_buf json;

    mo_buf_init(&json, 1 << 20);
    mo_diag_json(&json, "moisson", &diag, mo_lang_of_user());
    store_finding(c->crawler->options->store, &c->job, page, mo_buf_view(&json));
    mo_buf_done(&json);
}

static int
stage_record(void *ctx, const struct mo_record *record)
{
    struct staging *s = ctx;
    struct crawl *c = s->c;
    struct mo_buf identity;
    struct staged row = {.kind = seen_kind(record), .json = s->line};
    char hash[65];
    bool twin, same, plain = row.kind[0] == 'd' || row.kind[0] == 's';
    int failed;

    mo_buf_init(&identity, 1 << 20);
    if (mo_record_hash(record, hash))
        memcpy(hash, "unknown", sizeof "unknown");
    if (mo_record_identity(record, &identity))
        mo_buf_c(&identity, hash);
    if (record->kind != MO_RECORD_WHOLE) /* there may be several about one node */
        mo_buf_printf(&identity, " %s %lld", hash, (long long)c->job.ordinal);
    row.identity = mo_buf_view(&identity);
    row.iri = record->root->kind == MO_IRI ? record->root->text : mo_str_n(NULL, 0);
    row.title = seen_title(record);
    row.hash = hash;
    failed = store_stage(c->crawler->options->store, &c->job, s->page, &row, &twin, &same);
    if (!failed && twin && plain) {
        ++c->repeated;
        if (!same)
            find_own(c, s->page, MO_DIAG_TWIN, row.identity);
    }
    mo_buf_done(&identity);
    return failed;
}

static int
stage_lines(struct crawl *c, int64_t page)
{
    struct staging s = {.c = c, .page = page};
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    int failed = 0;

    rewind(c->lines);
    while (!failed && (n = getline(&line, &cap, c->lines)) > 0) {
        s.line = mo_str_n(line, (size_t)n - (line[n - 1] == '\n'));
        failed = seen_record(c->crawler->options->vocab, s.line, stage_record, &s);
    }
    free(line);
    return failed;
}

static int
stage_findings(struct crawl *c, int64_t page)
{
    struct mo_str rest = mo_buf_view(&c->diags);

    while (rest.n) {
        size_t n = mo_str_find(rest, mo_str("\n"), 0);

        if (store_finding(c->crawler->options->store, &c->job, page, mo_str_n(rest.p, n)))
            return -1;
        rest = mo_str_from(rest, n + 1);
    }
    return 0;
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
    if (arena && mo_iri_resolve(arena, mo_str(c->came_from), mo_str(c->next), &next) == 0)
        url = copy(c, mo_str_n(next.p, mo_str_find(next, mo_str("#"), 0)));
    mo_arena_free(arena);
    if (!url || was_visited(c, url)) {
        if (url && c->crawler->options->store)
            find_own(c, page, MO_DIAG_PAGING_LOOP, mo_str(url));
        free(url);
        return NULL;
    }
    if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0) {
        set_reason(c, "the next page is not on the web: '%s'", url);
        c->outcome.failed = true;
    } else if (page >= c->source->max_pages) {
        set_reason(c, "more than %ld pages", c->source->max_pages);
        c->outcome.failed = true;
    }
    return url;
}

/* The page is whole: it and where to go on are there, or it never was. */
static int
keep_page(struct crawl *c)
{
    struct store *store = c->crawler->options->store;
    int64_t number = c->job.pages + 1;
    struct page page = {.number = number, .url = c->url, .came_from = c->came_from,
        .bytes = c->bytes, .rejected = c->rejected};
    char *next;

    visit(c, c->came_from);
    if (store && (store_begin_page(store) || stage_lines(c, number) ||
                     stage_findings(c, number))) {
        trouble(c->crawler, store_error(store));
        store_drop_page(store);
        return -1;
    }
    next = next_url(c, number);
    page.next = next;
    page.repeated = c->repeated;
    if (store && store_end_page(store, &c->job, &page)) {
        free(next);
        return trouble(c->crawler, store_error(store));
    }
    ++c->job.pages;
    ++c->outcome.pages;
    c->outcome.records += c->records;
    c->outcome.rejected += c->rejected;
    free(c->url);
    c->url = next;
    return 0;
}

/* ---- The end of a page, and of a source ---- */

static void
release_page(struct crawl *c)
{
    if (c->easy) {
        curl_multi_remove_handle(c->crawler->multi, c->easy);
        curl_easy_cleanup(c->easy);
    }
    c->easy = NULL;
    c->transferring = false;
    converter_kill(&c->converter);
    if (c->lines)
        fclose(c->lines);
    c->lines = NULL;
    free(c->next);
    c->next = NULL;
    if (c->state == FETCHING)
        --c->crawler->active;
}

static void
end_source(struct crawl *c)
{
    const struct crawler_options *o = c->crawler->options;

    release_page(c);
    c->state = ENDED;
    if (o->store && !c->crawler->trouble &&
        (c->outcome.failed ? store_fail(o->store, &c->job, c->outcome.reason)
                           : store_promote(o->store, &c->job)))
        trouble(c->crawler, store_error(o->store));
    if (o->done)
        o->done(o->ctx, c->source, &c->outcome);
}

static void
fail_source(struct crawl *c, const char *format, ...)
{
    va_list args;

    c->outcome.failed = true;
    if (!c->outcome.reason[0]) {
        va_start(args, format);
        vsnprintf(c->outcome.reason, sizeof c->outcome.reason, format, args);
        va_end(args);
    }
    end_source(c);
}

/* What the transfer says against the page; NULL when it is fine. */
static const char *
transfer_fault(struct crawl *c, char *text, size_t size)
{
    long status = 0;

    curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
    if (c->refused[0])
        snprintf(text, size, "%s may not be talked to: it is not public (see allow-addresses)",
            c->refused);
    else if (c->too_big)
        snprintf(text, size, "the page is larger than %lld bytes (see max-body)",
            c->source->max_body);
    else if (c->broken[0])
        snprintf(text, size, "%s", c->broken);
    else if (c->result != CURLE_OK)
        snprintf(text, size, "%s",
            c->error[0] ? c->error : curl_easy_strerror(c->result));
    else if (status < 200 || status > 299)
        snprintf(text, size, "HTTP %ld", status);
    else if (!c->started)
        snprintf(text, size, "the answer is empty");
    else
        return NULL;
    return text;
}

/* The transfer has ended, and the converter has said all it will. */
static void
end_page(struct crawl *c)
{
    char text[512];
    const char *fault;
    int status = converter_finish(&c->converter);

    if (c->crawler->options->store) {
        struct mo_str rest = mo_buf_view(&c->diags);

        while (rest.n) {
            size_t n = mo_str_find(rest, mo_str("\n"), 0);

            take_diagnostic(c, mo_str_n(rest.p, n));
            rest = mo_str_from(rest, n + 1);
        }
    }
    fault = transfer_fault(c, text, sizeof text);
    if (fault) {
        fail_source(c, "%s: %s", c->url, fault);
        return;
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) {
        fail_source(c, WIFSIGNALED(status) ? "%s: the converter was stopped by signal %d"
                                           : "%s: the converter ended with status %d",
            c->url, WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        return;
    }
    if (keep_page(c)) {
        end_source(c);
        return;
    }
    release_page(c);
    c->state = WAITING;
    if (!c->url || c->outcome.failed)
        end_source(c);
}

/* ---- The loop ---- */

static bool
host_is_busy(const struct crawler *k, const struct crawl *c)
{
    for (size_t i = 0; i < k->n; ++i)
        if (k->crawls[i].state == FETCHING &&
            mo_str_eq(host_of(k->crawls[i].url), host_of(c->url)))
            return true;
    return false;
}

static void
start_pages(struct crawler *k, struct curl_slist *const *headers)
{
    for (size_t i = 0; i < k->n && k->active < MAX_ACTIVE && !k->trouble; ++i) {
        struct crawl *c = &k->crawls[i];

        if (c->state == WAITING && !host_is_busy(k, c))
            start_page(c, headers[i]);
    }
}

static void
take_messages(struct crawler *k)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(k->multi, &left))) {
        struct crawl *c = NULL;

        if (message->msg != CURLMSG_DONE ||
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&c) !=
                CURLE_OK)
            continue;
        c->transferring = false;
        c->result = message->data.result;
        c->deadline = time(NULL) + GRACE + c->source->idle_timeout;
    }
}

/* Move bytes of one source as far as they go. */
static void
service(struct crawl *c)
{
    bool keep = c->crawler->options->store != NULL;

    if (c->started && c->converter.in >= 0) {
        flush_pending(c);
        if (c->pending.n == 0 && c->paused) {
            c->paused = false;
            curl_easy_pause(c->easy, CURLPAUSE_CONT);
        }
        if (!c->transferring && c->pending.n == 0) {
            close(c->converter.in);
            c->converter.in = -1;
        }
    }
    if (drain(c, &c->converter.out, &c->out, take_line, false) ||
        drain(c, &c->converter.diags, &c->diags, take_diagnostic, keep)) {
        fail_source(c, "%s: %s", c->url, "the output of the converter stopped");
        return;
    }
    if (c->transferring)
        return;
    if (!c->started || (c->converter.out < 0 && c->converter.diags < 0)) {
        end_page(c);
    } else if (time(NULL) > c->deadline) {
        fail_source(c, "%s: %s", c->url, "the converter did not end");
    }
}

static void
wait_for_bytes(struct crawler *k)
{
    struct curl_waitfd fds[3 * MAX_ACTIVE];
    unsigned n = 0;

    for (size_t i = 0; i < k->n; ++i) {
        const struct crawl *c = &k->crawls[i];

        if (c->state != FETCHING || !c->started)
            continue;
        if (c->converter.in >= 0 && c->pending.n)
            fds[n++] = (struct curl_waitfd){c->converter.in, CURL_WAIT_POLLOUT, 0};
        if (c->converter.out >= 0)
            fds[n++] = (struct curl_waitfd){c->converter.out, CURL_WAIT_POLLIN, 0};
        if (c->converter.diags >= 0)
            fds[n++] = (struct curl_waitfd){c->converter.diags, CURL_WAIT_POLLIN, 0};
    }
    curl_multi_poll(k->multi, fds, n, POLL_MS, NULL);
}

static bool
is_over(const struct crawler *k)
{
    for (size_t i = 0; i < k->n; ++i)
        if (k->crawls[i].state != ENDED)
            return false;
    return true;
}

/* ---- Beginning and end ---- */

/* What one source needs before its first page. */
static int
begin(struct crawler *k, struct crawl *c, const struct source *source)
{
    const struct crawler_options *o = k->options;

    c->crawler = k;
    c->source = source;
    c->converter.in = c->converter.out = c->converter.diags = -1;
    mo_buf_init(&c->pending, 16 << 20);
    mo_buf_init(&c->out, MAX_LINE);
    mo_buf_init(&c->diags, MAX_LINE);
    for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; ++i)
        if (strcmp(source->type, protocols[i]->type) == 0)
            c->protocol = protocols[i];
    c->converter_path = c->protocol ? converter_find(c->protocol->converter) : NULL;
    if (!c->converter_path)
        return trouble(k, "the converter was not found");
    if (!converter_is_of_version(c->converter_path, o->version))
        return trouble(k, "the converter is of another version");
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
    free(c->converter_path);
    free(c->url);
    free(c->came_from);
    free(c->job.next);
    for (size_t i = 0; i < c->n_visited; ++i)
        free(c->visited[i]);
    free(c->visited);
    mo_buf_done(&c->pending);
    mo_buf_done(&c->out);
    mo_buf_done(&c->diags);
}

static void
run(struct crawler *k, struct curl_slist *const *headers)
{
    int running;

    for (size_t i = 0; i < k->n; ++i)
        if (!k->crawls[i].url && !k->trouble)
            end_source(&k->crawls[i]);
    while (!k->trouble && !is_over(k)) {
        start_pages(k, headers);
        curl_multi_perform(k->multi, &running);
        take_messages(k);
        for (size_t i = 0; i < k->n && !k->trouble; ++i)
            if (k->crawls[i].state == FETCHING)
                service(&k->crawls[i]);
        if (!k->trouble && k->active)
            wait_for_bytes(k);
    }
}

int
crawl(const struct crawler_options *options, const struct source *const sources[], size_t n)
{
    struct crawler k = {.options = options};
    struct curl_slist **headers = calloc(n + 1, sizeof(struct curl_slist *));
    int failed = 0;

    k.crawls = calloc(n + 1, sizeof *k.crawls);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !k.crawls || !headers ||
        !(k.multi = curl_multi_init()))
        trouble(&k, "libcurl cannot be used");
    for (size_t i = 0; i < n && !k.trouble; ++i) {
        char accept[256];

        ++k.n;
        if (begin(&k, &k.crawls[i], sources[i]))
            break;
        snprintf(accept, sizeof accept, "Accept: %s", k.crawls[i].protocol->accept);
        headers[i] = curl_slist_append(NULL, accept);
    }
    if (!k.trouble)
        run(&k, headers);
    for (size_t i = 0; i < k.n; ++i) {
        failed += k.crawls[i].outcome.failed;
        release(&k.crawls[i]);
        curl_slist_free_all(headers[i]);
    }
    if (k.multi)
        curl_multi_cleanup(k.multi);
    curl_global_cleanup();
    free(k.crawls);
    free(headers);
    return k.trouble ? -1 : failed;
}
