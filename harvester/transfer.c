#include "transfer.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <moisson/buf.h>
#include <moisson/flow.h>

#include "converter.h"

enum {
    MAX_REDIRECTS = 5,
    MAX_PENDING = 16 << 20,
    MAX_LINE = 256 << 20, /* of a converter's output */
    BLOCK = 64 << 10,
    POLL_MS = 1000,
    GRACE = 60, /* seconds that a converter may go on when its page has ended */
    MAX_TRANSFERS = 64
};

struct transfer {
    const struct transfer_options *options;
    struct http *http;
    struct transfer *next; /* of those under way */
    CURL *easy;
    struct curl_slist *headers;
    bool receiving;
    CURLcode result;
    char error[CURL_ERROR_SIZE];
    char refused[64]; /* the address that may not be talked to */
    char *came_from;
    int64_t bytes;
    bool too_big;
    bool stopped; /* a callback said so, or memory is short */
    bool late;    /* the converter went on for too long */
    bool quit;    /* it reads no more */
    struct converter converter;
    bool started; /* the converter was */
    int status;   /* that it ended with */
    bool paused;  /* until it has taken what is pending */
    struct mo_buf pending, lines, diagnostics;
    time_t deadline;
    char fault[512];
};

struct http {
    CURLM *multi;
    const char *user_agent;
    struct transfer *transfers;
};

/* ---- Which addresses may be talked to ---- */

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
    struct transfer *t = ctx;

    (void)purpose;
    if (is_allowed(t->options->source, &address->addr))
        return socket(
            address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (getnameinfo(&address->addr, address->addrlen, t->refused, sizeof t->refused, NULL,
            0, NI_NUMERICHOST))
        snprintf(t->refused, sizeof t->refused, "an unknown address");
    return CURL_SOCKET_BAD;
}

/* A connection that another source opened may be one that this source must not use. */
static int
before_request(void *ctx, char *ip, char *local, int port, int local_port)
{
    struct transfer *t = ctx;
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

    (void)local;
    (void)port;
    (void)local_port;
    if ((inet_pton(AF_INET, ip, &v4.sin_addr) == 1 &&
            is_allowed(t->options->source, (struct sockaddr *)(void *)&v4)) ||
        (inet_pton(AF_INET6, ip, &v6.sin6_addr) == 1 &&
            is_allowed(t->options->source, (struct sockaddr *)(void *)&v6)))
        return CURL_PREREQFUNC_OK;
    snprintf(t->refused, sizeof t->refused, "%s", ip);
    return CURL_PREREQFUNC_ABORT;
}

/* ---- From the server to the converter ---- */

/* The charset that the answer's Content-Type gives, or "". */
static void
charset_of(CURL *easy, char *charset, size_t size)
{
    char *type = NULL;
    struct mo_str s;
    size_t at = 0;

    charset[0] = '\0';
    if (curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type) != CURLE_OK || !type)
        return;
    s = mo_str(type);
    while (at < s.n && !mo_str_eq_nocase(mo_str_n(s.p + at, s.n - at < 8 ? s.n - at : 8),
                           mo_str("charset=")))
        ++at;
    s = mo_str_from(s, at + 8);
    if (s.n && (s.p[0] == '"' || s.p[0] == '\''))
        s = mo_str_from(s, 1);
    snprintf(
        charset, size, "%.*s", s.n ? (int)strcspn(s.p, "\"'; \t") : 0, s.n ? s.p : "");
}

/* The head of a good answer has come: only now is it known what it is, and from where. */
static int
start_converter(struct transfer *t)
{
    const char *program =
        t->options->converter(t->options->ctx, mo_buf_view(&t->pending));
    char charset[64], *from = NULL;

    if (!program)
        return -1;
    if (curl_easy_getinfo(t->easy, CURLINFO_EFFECTIVE_URL, &from) != CURLE_OK || !from)
        return -1;
    t->came_from = strndup(from, strcspn(from, "#"));
    charset_of(t->easy, charset, sizeof charset);
    t->started = t->came_from && converter_start(&t->converter, program, t->came_from,
                                     charset, t->options->talks) == 0;
    return t->started ? 0 : -1;
}

static void
shut(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* Write what is pending as far as the pipe takes it. */
static void
flush_pending(struct transfer *t)
{
    while (t->pending.n && t->converter.in >= 0) {
        ssize_t n = write(t->converter.in, t->pending.p, t->pending.n);

        if (n >= 0) {
            mo_buf_shift(&t->pending, (size_t)n);
        } else if (errno == EAGAIN) {
            return;
        } else if (errno != EINTR) {
            t->quit = true;
            mo_buf_clear(&t->pending);
            shut(&t->converter.in);
        }
    }
}

static size_t
take_body(char *bytes, size_t size, size_t n, void *ctx)
{
    struct transfer *t = ctx;
    long status = 0;

    n *= size;
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status < 200 || status > 299)
        return n; /* what an error page says is not looked at */
    if (t->started && t->pending.n) {
        t->paused = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    t->bytes += (int64_t)n;
    t->too_big = t->bytes > t->options->source->max_body;
    if (t->too_big || t->quit)
        return 0;
    if (mo_buf_add(&t->pending, bytes, n) ||
        (!t->started && t->pending.n >= MO_DIALECT_HEAD && start_converter(t))) {
        t->stopped = true;
        return 0;
    }
    flush_pending(t);
    return t->quit ? 0 : n;
}

/* ---- From the converter ---- */

/* Read what there is of a pipe, line by line; at its end it is closed. */
static void
drain(struct transfer *t, int *fd, struct mo_buf *held,
    int (*take)(void *ctx, struct mo_str line))
{
    char block[BLOCK];
    ssize_t got;

    while (*fd >= 0 && (got = read(*fd, block, sizeof block)) != 0) {
        size_t searched = held->n, at = 0, end;

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return;
        if (mo_buf_add(held, block, (size_t)got))
            t->stopped = true;
        while (!t->stopped && (end = mo_str_find(mo_buf_view(held), mo_str("\n"),
                                   searched > at ? searched : at)) < held->n) {
            t->stopped = take(t->options->ctx, mo_str_n(held->p + at, end - at)) != 0;
            at = end + 1;
        }
        mo_buf_shift(held, at);
        if (t->stopped)
            break;
    }
    shut(fd);
}

static void
service(struct transfer *t)
{
    if (!t->receiving && !t->started && !t->stopped && t->pending.n) /* it was short */
        t->stopped = start_converter(t) != 0;
    flush_pending(t);
    if (t->pending.n == 0 && t->paused) {
        t->paused = false;
        curl_easy_pause(t->easy, CURLPAUSE_CONT);
    }
    if (!t->receiving && t->pending.n == 0)
        shut(&t->converter.in);
    drain(t, &t->converter.out, &t->lines, t->options->line);
    drain(t, &t->converter.diags, &t->diagnostics, t->options->diagnostic);
    t->late = !t->receiving && t->started && time(NULL) > t->deadline;
}

/* ---- All of them ---- */

struct http *
http_new(const char *user_agent)
{
    struct http *http = calloc(1, sizeof *http);

    if (!http)
        return NULL;
    http->user_agent = user_agent;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK &&
        (http->multi = curl_multi_init()))
        return http;
    free(http);
    return NULL;
}

void
http_free(struct http *http)
{
    if (!http)
        return;
    curl_multi_cleanup(http->multi);
    curl_global_cleanup();
    free(http);
}

void
http_perform(struct http *http)
{
    CURLMsg *message;
    int left;

    curl_multi_perform(http->multi, &left);
    while ((message = curl_multi_info_read(http->multi, &left))) {
        char *private = NULL;
        struct transfer *t;

        if (message->msg != CURLMSG_DONE || curl_easy_getinfo(message->easy_handle,
                                                CURLINFO_PRIVATE, &private) != CURLE_OK)
            continue;
        t = (struct transfer *)(void *)private;
        t->receiving = false;
        t->result = message->data.result;
        t->deadline = time(NULL) + GRACE + t->options->source->idle_timeout;
    }
    for (struct transfer *t = http->transfers; t; t = t->next)
        service(t);
}

void
http_wait(struct http *http)
{
    struct curl_waitfd fds[3 * MAX_TRANSFERS];
    unsigned n = 0;

    for (const struct transfer *t = http->transfers; t && n + 3 <= 3 * MAX_TRANSFERS;
         t = t->next) {
        if (t->converter.in >= 0 && t->pending.n)
            fds[n++] = (struct curl_waitfd){t->converter.in, CURL_WAIT_POLLOUT, 0};
        if (t->converter.out >= 0)
            fds[n++] = (struct curl_waitfd){t->converter.out, CURL_WAIT_POLLIN, 0};
        if (t->converter.diags >= 0)
            fds[n++] = (struct curl_waitfd){t->converter.diags, CURL_WAIT_POLLIN, 0};
    }
    curl_multi_poll(http->multi, fds, n, POLL_MS, NULL);
}

/* ---- One ---- */

static void
set_options(struct transfer *t, const char *url)
{
    const struct source *source = t->options->source;
    CURL *e = t->easy;

    curl_easy_setopt(e, CURLOPT_URL, url);
    curl_easy_setopt(e, CURLOPT_USERAGENT, t->http->user_agent);
    curl_easy_setopt(e, CURLOPT_HTTPHEADER, t->headers);
    curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(e, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(e, CURLOPT_MAXREDIRS, (long)MAX_REDIRECTS);
    curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT, source->connect_timeout);
    curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, source->idle_timeout);
    curl_easy_setopt(e, CURLOPT_TIMEOUT, source->total_timeout);
    curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(e, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, t);
    curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, before_request);
    curl_easy_setopt(e, CURLOPT_PREREQDATA, t);
    curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->error);
    curl_easy_setopt(e, CURLOPT_PRIVATE, t);
}

struct transfer *
transfer_new(struct http *http, const struct transfer_options *options, const char *url)
{
    struct transfer *t = calloc(1, sizeof *t);
    char accept[256];

    if (!t)
        return NULL;
    t->options = options;
    t->http = http;
    t->converter.in = t->converter.out = t->converter.diags = -1;
    mo_buf_init(&t->pending, MAX_PENDING);
    mo_buf_init(&t->lines, MAX_LINE);
    mo_buf_init(&t->diagnostics, MAX_LINE);
    t->next = http->transfers;
    http->transfers = t;
    snprintf(accept, sizeof accept, "Accept: %s", options->accept);
    t->headers = curl_slist_append(NULL, accept);
    t->easy = curl_easy_init();
    if (t->headers && t->easy) {
        set_options(t, url);
        t->receiving = curl_multi_add_handle(http->multi, t->easy) == CURLM_OK;
    }
    if (t->receiving)
        return t;
    transfer_free(t);
    return NULL;
}

void
transfer_free(struct transfer *t)
{
    struct transfer **place;

    if (!t)
        return;
    for (place = &t->http->transfers; *place != t; place = &(*place)->next)
        ;
    *place = t->next;
    if (t->easy) {
        curl_multi_remove_handle(t->http->multi, t->easy);
        curl_easy_cleanup(t->easy);
    }
    curl_slist_free_all(t->headers);
    converter_kill(&t->converter);
    mo_buf_done(&t->pending);
    mo_buf_done(&t->lines);
    mo_buf_done(&t->diagnostics);
    free(t->came_from);
    free(t);
}

bool
transfer_is_over(struct transfer *t)
{
    if (t->stopped || t->late || t->too_big)
        converter_kill(&t->converter);
    else if (t->receiving || t->converter.out >= 0 || t->converter.diags >= 0)
        return false;
    else if (t->converter.pid)
        t->status = converter_finish(&t->converter);
    return true;
}

enum transfer_end
transfer_end(struct transfer *t, const char **why)
{
    long status = 0;

    *why = t->fault;
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    if (t->refused[0] && t->result != CURLE_OK) /* another address may have done */
        snprintf(t->fault, sizeof t->fault,
            "%s may not be talked to: it is not public (see allow-addresses)",
            t->refused);
    else if (t->too_big)
        snprintf(t->fault, sizeof t->fault,
            "the page is larger than %lld bytes (see max-body)",
            t->options->source->max_body);
    else if (t->result != CURLE_OK && !t->quit && !t->stopped)
        snprintf(t->fault, sizeof t->fault, "%s",
            t->error[0] ? t->error : curl_easy_strerror(t->result));
    else if (status < 200 || status > 299)
        snprintf(t->fault, sizeof t->fault, "HTTP %ld", status);
    else if (!t->started && !t->stopped)
        snprintf(t->fault, sizeof t->fault, "the answer is empty");
    if (t->fault[0])
        return TRANSFER_BROKEN;

    if (t->stopped)
        snprintf(
            t->fault, sizeof t->fault, "what the converter wrote could not be taken");
    else if (t->late)
        snprintf(t->fault, sizeof t->fault, "the converter did not end");
    else if (WIFSIGNALED(t->status))
        snprintf(t->fault, sizeof t->fault, "the converter was stopped by signal %d",
            WTERMSIG(t->status));
    else if (WEXITSTATUS(t->status) > 1)
        snprintf(t->fault, sizeof t->fault, "the converter ended with status %d",
            WEXITSTATUS(t->status));
    else if (t->quit)
        snprintf(t->fault, sizeof t->fault, "the converter stopped reading");
    return t->fault[0] ? TRANSFER_NOT_CONVERTED : TRANSFER_FINE;
}

const char *
transfer_came_from(const struct transfer *t)
{
    return t->came_from;
}

int64_t
transfer_bytes(const struct transfer *t)
{
    return t->bytes;
}
