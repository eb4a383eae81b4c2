#include "http.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "retry.h"

enum {
    RECEIVED = 128 << 10, /* bytes of a body at a time */
    MAX_HEADERS = 256,
    MAX_HEADER_BYTES = 64 << 10,
    MAX_ERROR_PAGE = 64 << 10,
    MAX_CONNECTIONS = 64,
    FREE_BYTES = 16 << 20, /* below this a good ratio is no bomb */
    MAX_RATIO = 150,
    MAX_FDS = 512
};

struct request {
    struct request_options options;
    struct http *http;
    struct request *next;
    CURL *easy;
    struct curl_slist *headers;
    struct answer answer;
    bool receiving, paused;
    double began, heard; /* later by all the time that it was paused */
    double paused_at;    /* heard: of the server, last; 0 before we are connected */
    curl_off_t wire;     /* bytes of the body that had come by then */
    CURLcode result;
    char error[CURL_ERROR_SIZE];
    char refused[64];   /* the address that may not be talked to */
    bool tried;         /* another one, that may */
    const char *excess; /* the ceiling that was met */
    size_t n_headers, header_bytes;
    char retry_after[128], reset[128], date[128];
    bool foreign; /* headers that the source gives were kept back */
};

struct http {
    CURLM *multi;
    const char *user_agent;
    struct request *first;
    double now;  /* when all were moved last */
    bool behind; /* that was late */
};

/* ---- Which addresses may be talked to ---- */

static bool
is_allowed(const struct source *source, const struct sockaddr *address)
{
    return address_is_public(address) ||
           address_in(address, source->allowed, source->n_allowed);
}

static bool
has_proxy(const struct source *source)
{
    return source->proxy[0];
}

/* Each connection is checked behind name resolution; the proxy is the user's word. */
static curl_socket_t
open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct request *r = ctx;

    (void)purpose;
    if (has_proxy(r->options.source) || is_allowed(r->options.source, &address->addr)) {
        r->tried = true;
        return socket(
            address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    }
    if (getnameinfo(&address->addr, address->addrlen, r->refused, sizeof r->refused, NULL,
            0, NI_NUMERICHOST))
        snprintf(r->refused, sizeof r->refused, "an unknown address");
    return CURL_SOCKET_BAD;
}

/* Whether this text is an address, and one that may not be talked to. */
static bool
is_refused(struct request *r, const char *ip)
{
    struct sockaddr_storage address;

    if (!address_parse(ip, &address) ||
        is_allowed(r->options.source, (struct sockaddr *)&address))
        return false;
    snprintf(r->refused, sizeof r->refused, "%.63s", ip);
    return true;
}

/* A connection that another source opened may be one that this source must not use. */
static int
before_request(void *ctx, char *ip, char *local, int port, int local_port)
{
    struct request *r = ctx;

    (void)local;
    (void)port;
    (void)local_port;
    r->heard = r->http->now;
    if (has_proxy(r->options.source))
        return CURL_PREREQFUNC_OK;
    if (address_parse(ip, &(struct sockaddr_storage){0}) && !is_refused(r, ip))
        return CURL_PREREQFUNC_OK;
    snprintf(r->refused, sizeof r->refused, "%.63s", ip);
    return CURL_PREREQFUNC_ABORT;
}

/* ---- The answer ---- */

/* Keep the value of a header of this name, or take nothing that does not fit. */
static void
keep(struct mo_str line, const char *name, char *value, size_t size)
{
    size_t n = strlen(name);
    struct mo_str rest;

    if (line.n <= n || !mo_str_eq_nocase(mo_str_n(line.p, n), mo_str(name)) ||
        line.p[n] != ':')
        return;
    rest = mo_str_trim(mo_str_from(line, n + 1));
    value[0] = '\0';
    if (rest.n < size && !memchr(rest.p, '\0', rest.n))
        snprintf(value, size, "%.*s", (int)rest.n, rest.p);
}

static void
forget_headers(struct request *r)
{
    struct answer *a = &r->answer;

    a->type[0] = a->etag[0] = a->modified[0] = '\0';
    r->retry_after[0] = r->reset[0] = r->date[0] = '\0';
}

static size_t
take_header(char *bytes, size_t size, size_t n, void *ctx)
{
    struct request *r = ctx;
    struct mo_str line = mo_str_n(bytes, n * size);

    r->heard = r->http->now;
    r->header_bytes += line.n;
    if (++r->n_headers > MAX_HEADERS || r->header_bytes > MAX_HEADER_BYTES) {
        r->excess = "the answer has too many or too large headers";
        return 0;
    }
    if (line.n > 5 && memcmp(line.p, "HTTP/", 5) == 0)
        forget_headers(r);
    keep(line, "Content-Type", r->answer.type, sizeof r->answer.type);
    keep(line, "ETag", r->answer.etag, sizeof r->answer.etag);
    keep(line, "Last-Modified", r->answer.modified, sizeof r->answer.modified);
    keep(line, "Retry-After", r->retry_after, sizeof r->retry_after);
    keep(line, "X-RateLimit-Reset", r->reset, sizeof r->reset);
    keep(line, "Date", r->date, sizeof r->date);
    return line.n;
}

/* 202 promises a page for later, 205 is none, 206 is a part; 204 is an empty one. */
static bool
is_page(long status)
{
    return status == 200 || status == 203 || status == 204;
}

static bool
is_bomb(struct request *r)
{
    curl_off_t wire = 0;

    if (r->answer.bytes < FREE_BYTES)
        return false;
    curl_easy_getinfo(r->easy, CURLINFO_SIZE_DOWNLOAD_T, &wire);
    return wire > 0 && r->answer.bytes / wire > MAX_RATIO;
}

static size_t
take_body(char *bytes, size_t size, size_t n, void *ctx)
{
    struct request *r = ctx;
    long status = 0;
    enum http_take took;

    n *= size;
    curl_easy_getinfo(r->easy, CURLINFO_RESPONSE_CODE, &status);
    if (!is_page(status)) { /* what an error page says is not looked at */
        r->answer.bytes += (int64_t)n;
        return r->answer.bytes > MAX_ERROR_PAGE ? 0 : n;
    }
    if (r->answer.bytes + (int64_t)n > r->options.max_body)
        r->excess = "max-body";
    else if (is_bomb(r))
        r->excess = "the answer is a decompression bomb";
    if (r->excess)
        return 0;
    took = r->options.body(r->options.ctx, mo_str_n(bytes, n));
    r->paused = took == HTTP_PAUSE;
    if (r->paused) {
        r->paused_at = r->http->now;
        return CURL_WRITEFUNC_PAUSE;
    }
    r->answer.bytes += (int64_t)n;
    r->answer.stopped = took == HTTP_STOP;
    return r->answer.stopped ? 0 : n;
}

static void
say_status(struct request *r)
{
    struct answer *a = &r->answer;
    const char *hint = "";

    if ((a->status == 401 || a->status == 403) && r->foreign)
        hint = " (headers and password go to the address of the source only)";
    snprintf(a->why, sizeof a->why, "HTTP %ld%s", a->status, hint);
}

/* Statuses that say all there is to say, and redirects that lead somewhere. */
static void
judge_status(struct request *r)
{
    struct answer *a = &r->answer;

    a->whole = true;
    if (a->status != 304)
        curl_easy_getinfo(r->easy, CURLINFO_REDIRECT_URL, &a->location);
    a->page = is_page(a->status);
    if (a->page || a->location)
        return;
    if (a->status == 304 && (r->options.etag || r->options.modified))
        return;
    say_status(r);
    a->transient = retry_status(a->status) || a->status == 202;
}

static bool
is_transient(CURLcode code)
{
    static const CURLcode lasting[] = {CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT,
        CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_OUT_OF_MEMORY,
        CURLE_BAD_CONTENT_ENCODING, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
        CURLE_LOGIN_DENIED, CURLE_SSL_ISSUER_ERROR, CURLE_ABORTED_BY_CALLBACK};

    for (size_t i = 0; i < sizeof lasting / sizeof lasting[0]; ++i)
        if (code == lasting[i])
            return false;
    return true;
}

static void
judge(struct request *r)
{
    struct answer *a = &r->answer;
    curl_off_t wire = 0;

    curl_easy_getinfo(r->easy, CURLINFO_RESPONSE_CODE, &a->status);
    curl_easy_getinfo(r->easy, CURLINFO_SIZE_DOWNLOAD_T, &wire);
    a->wire = wire;
    a->refused = r->refused[0] && r->result != CURLE_OK &&
                 (!r->tried || r->result == CURLE_ABORTED_BY_CALLBACK);
    a->ours = r->result == CURLE_OPERATION_TIMEDOUT && r->http->behind;
    a->excess = r->excess != NULL;
    a->misnamed = r->result == CURLE_BAD_CONTENT_ENCODING && a->bytes == 0;
    a->retry_after = retry_after(r->retry_after, r->date, (int64_t)time(NULL));
    if (a->retry_after < 0 && a->status == 429)
        a->retry_after = retry_reset(r->reset, r->date, (int64_t)time(NULL));
    if (r->result == CURLE_OK ||
        (r->result == CURLE_WRITE_ERROR && !is_page(a->status) && !r->excess)) {
        judge_status(r);
    } else if (a->refused) {
        snprintf(a->why, sizeof a->why,
            "%s may not be talked to: it is not public (see allow-addresses)",
            r->refused);
    } else if (r->excess && strcmp(r->excess, "max-body") == 0) {
        snprintf(a->why, sizeof a->why,
            "the page is larger than %lld bytes (see max-body)", r->options.max_body);
    } else if (r->excess) {
        snprintf(a->why, sizeof a->why, "%s", r->excess);
    } else {
        a->transient = !a->stopped && is_transient(r->result);
        snprintf(a->why, sizeof a->why, "%s",
            r->error[0] ? r->error : curl_easy_strerror(r->result));
    }
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
        (http->multi = curl_multi_init())) {
        curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, (long)MAX_CONNECTIONS);
        return http;
    }
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

/* It ends before libcurl ends it. */
static void
end(struct request *r, CURLcode result)
{
    curl_multi_remove_handle(r->http->multi, r->easy);
    r->receiving = false;
    r->result = result;
    judge(r);
}

/* Seconds that the server still has, while we take what it sends. */
static double
time_left(const struct request *r, bool *idle)
{
    const struct source *s = r->options.source;
    double end = r->began + (double)s->total_timeout;
    double silent = r->heard + (double)s->idle_timeout;

    *idle = r->heard > 0 && silent < end;
    return (*idle ? silent : end) - r->http->now;
}

/* Compressed bytes need not make up any others yet. */
static void
listen_to(struct request *r)
{
    curl_off_t wire = 0;

    curl_easy_getinfo(r->easy, CURLINFO_SIZE_DOWNLOAD_T, &wire);
    if (wire != r->wire)
        r->heard = r->http->now;
    r->wire = wire;
}

static void
end_late(struct http *http)
{
    bool idle;

    for (struct request *r = http->first; r; r = r->next) {
        if (!r->receiving || r->paused)
            continue;
        listen_to(r);
        if (time_left(r, &idle) > 0)
            continue;
        if (idle)
            snprintf(r->error, sizeof r->error,
                "nothing came for %ld seconds (see idle-timeout)",
                r->options.source->idle_timeout);
        else
            snprintf(r->error, sizeof r->error,
                "no end of the answer after %ld seconds (see total-timeout)",
                r->options.source->total_timeout);
        end(r, CURLE_OPERATION_TIMEDOUT);
    }
}

void
http_perform(struct http *http, double now, bool behind)
{
    CURLMsg *message;
    int left;

    http->now = now;
    http->behind = behind;
    curl_multi_perform(http->multi, &left);
    while ((message = curl_multi_info_read(http->multi, &left))) {
        char *private = NULL;
        struct request *r;

        if (message->msg != CURLMSG_DONE || curl_easy_getinfo(message->easy_handle,
                                                CURLINFO_PRIVATE, &private) != CURLE_OK)
            continue;
        r = (struct request *)(void *)private;
        r->receiving = false;
        r->result = message->data.result;
        judge(r);
    }
    end_late(http); /* what had come by now was taken before */
}

void
http_wait(struct http *http, const struct pollfd *fds, size_t n, int ms)
{
    struct curl_waitfd waits[MAX_FDS];
    unsigned waiting = 0;
    bool idle;

    while (waiting < n && waiting < MAX_FDS) {
        bool out = (fds[waiting].events & POLLOUT) != 0;

        waits[waiting] = (struct curl_waitfd){
            fds[waiting].fd, out ? CURL_WAIT_POLLOUT : CURL_WAIT_POLLIN, 0};
        ++waiting;
    }
    for (const struct request *r = http->first; r; r = r->next) {
        double left = r->receiving && !r->paused ? 1000 * time_left(r, &idle) : ms;

        if (left < ms)
            ms = left > 0 ? (int)left + 1 : 1;
    }
    curl_multi_poll(http->multi, waits, waiting, ms, NULL);
}

void
http_wake(struct http *http)
{
    curl_multi_wakeup(http->multi);
}

/* ---- One ---- */

static int
add_header(struct request *r, const char *name, const char *value)
{
    char line[HTTP_ADDRESS];
    struct curl_slist *grown;
    int n = snprintf(line, sizeof line, "%s%s", name, value);

    if (n < 0 || (size_t)n >= sizeof line || strpbrk(line, "\r\n"))
        return 0;
    grown = curl_slist_append(r->headers, line);
    r->headers = grown ? grown : r->headers;
    return grown ? 0 : -1;
}

/* What only the source's own address may be told. */
static int
set_secrets(struct request *r)
{
    const struct words *headers = &r->options.source->headers;
    const struct credentials *c = r->options.credentials;

    r->foreign = !r->options.trusted && (headers->n || c->user || c->token);
    if (!r->options.trusted)
        return 0;
    for (size_t i = 0; i < headers->n; ++i)
        if (add_header(r, "", headers->text[i]))
            return -1;
    if (c->user) {
        curl_easy_setopt(r->easy, CURLOPT_USERNAME, c->user);
        curl_easy_setopt(r->easy, CURLOPT_PASSWORD, c->password ? c->password : "");
        curl_easy_setopt(r->easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    }
    return c->token ? add_header(r, "Authorization: Bearer ", c->token) : 0;
}

static int
set_headers(struct request *r)
{
    const struct request_options *o = &r->options;

    if (add_header(r, "Accept: ", o->accept))
        return -1;
    if (o->etag && o->etag[0] && add_header(r, "If-None-Match: ", o->etag))
        return -1;
    if (o->modified && o->modified[0] &&
        add_header(r, "If-Modified-Since: ", o->modified))
        return -1;
    if (set_secrets(r))
        return -1;
    curl_easy_setopt(r->easy, CURLOPT_HTTPHEADER, r->headers);
    return 0;
}

static void
set_limits(CURL *e, const struct source *source)
{
    curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT, source->connect_timeout);
    curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
    curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L); /* no waiting for a name server */
#endif
}

static void
set_options(struct request *r, const char *url)
{
    const struct source *source = r->options.source;
    CURL *e = r->easy;

    set_limits(e, source);
    curl_easy_setopt(e, CURLOPT_URL, url);
    curl_easy_setopt(e, CURLOPT_BUFFERSIZE, (long)RECEIVED);
    curl_easy_setopt(e, CURLOPT_USERAGENT, r->http->user_agent);
    curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    if (!r->options.plain)
        curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "gzip, deflate, br");
    curl_easy_setopt(e, CURLOPT_PROXY, has_proxy(source) ? source->proxy : "");
    if (source->ca_file[0])
        curl_easy_setopt(e, CURLOPT_CAINFO, source->ca_file);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, r);
    curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, before_request);
    curl_easy_setopt(e, CURLOPT_PREREQDATA, r);
    curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(e, CURLOPT_HEADERDATA, r);
    curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(e, CURLOPT_WRITEDATA, r);
    curl_easy_setopt(e, CURLOPT_ERRORBUFFER, r->error);
    curl_easy_setopt(e, CURLOPT_PRIVATE, r);
}

/* A proxy resolves names itself: what can be known of a host before is looked at. */
static bool
is_refused_host(struct request *r, const char *url)
{
    char *host = NULL;
    bool refused = false;
    size_t n;

    if (!has_proxy(r->options.source) || !http_address(NULL, url, NULL, &host, NULL))
        return false;
    n = strlen(host);
    refused = is_refused(r, host);
    if (!refused && (strcmp(host, "localhost") == 0 ||
                        (n > 10 && strcmp(host + n - 10, ".localhost") == 0)))
        refused = is_refused(r, "127.0.0.1");
    free(host);
    return refused;
}

struct request *
request_new(struct http *http, const struct request_options *options, const char *url)
{
    struct request *r = calloc(1, sizeof *r);

    if (!r)
        return NULL;
    r->options = *options;
    r->http = http;
    r->began = http->now;
    r->next = http->first;
    http->first = r;
    r->answer.retry_after = -1;
    r->easy = curl_easy_init();
    if (r->easy && set_headers(r) == 0) {
        set_options(r, url);
        if (is_refused_host(r, url)) {
            r->result = CURLE_COULDNT_CONNECT;
            judge(r);
            return r;
        }
        r->receiving = curl_multi_add_handle(http->multi, r->easy) == CURLM_OK;
    }
    if (r->receiving)
        return r;
    request_free(r);
    return NULL;
}

void
request_free(struct request *r)
{
    struct request **place;

    if (!r)
        return;
    for (place = &r->http->first; *place != r; place = &(*place)->next)
        ;
    *place = r->next;
    if (r->easy) {
        curl_multi_remove_handle(r->http->multi, r->easy);
        curl_easy_cleanup(r->easy);
    }
    curl_slist_free_all(r->headers);
    free(r);
}

void
request_go_on(struct request *r)
{
    CURLcode result;

    r->began += r->http->now - r->paused_at;
    r->heard += r->http->now - r->paused_at;
    r->paused = false;
    result = curl_easy_pause(r->easy, CURLPAUSE_CONT);
    if (result != CURLE_OK && r->receiving)
        end(r, result); /* what waited was refused */
}

bool
request_is_over(const struct request *r)
{
    return !r->receiving;
}

const struct answer *
request_answer(struct request *r)
{
    if (r->receiving)
        curl_easy_getinfo(r->easy, CURLINFO_RESPONSE_CODE, &r->answer.status);
    return &r->answer;
}

/* ---- Addresses ---- */

static char *
part(CURLU *url, CURLUPart which, unsigned flags)
{
    char *text = NULL, *copy;

    if (curl_url_get(url, which, &text, flags) != CURLUE_OK)
        return NULL;
    copy = strdup(text);
    curl_free(text);
    return copy;
}

static char *
origin_of(CURLU *url)
{
    char *scheme = part(url, CURLUPART_SCHEME, 0), *host = part(url, CURLUPART_HOST, 0);
    char *port = part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    size_t n = scheme && host && port ? strlen(scheme) + strlen(host) + strlen(port) : 0;
    char *origin = n ? malloc(n + 5) : NULL;

    if (origin)
        snprintf(origin, n + 5, "%s://%s:%s", scheme, host, port);
    free(scheme);
    free(host);
    free(port);
    return origin;
}

/* Names of hosts are the same in capitals and with a dot behind. */
static void
fold_host(char *host)
{
    size_t n = strlen(host);

    for (char *s = host; *s; ++s)
        if (*s >= 'A' && *s <= 'Z')
            *s = (char)(*s - 'A' + 'a');
    if (n > 1 && host[n - 1] == '.')
        host[n - 1] = '\0';
}

static bool
prepare(CURLU *url)
{
    char *scheme = part(url, CURLUPART_SCHEME, 0), *host = part(url, CURLUPART_HOST, 0);
    bool fine =
        scheme && host && (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);

    if (fine) {
        fold_host(host);
        fine = curl_url_set(url, CURLUPART_HOST, host, 0) == CURLUE_OK;
        curl_url_set(url, CURLUPART_USER, NULL, 0);
        curl_url_set(url, CURLUPART_PASSWORD, NULL, 0);
        curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0);
    }
    free(scheme);
    free(host);
    return fine;
}

bool
http_address(
    const char *base, const char *url, char **address, char **host, char **origin)
{
    CURLU *u = curl_url();
    char *parts[3] = {NULL, NULL, NULL};
    bool fine = u && strlen(url) < HTTP_ADDRESS &&
                (!base || curl_url_set(u, CURLUPART_URL, base, 0) == CURLUE_OK) &&
                curl_url_set(u, CURLUPART_URL, url, CURLU_URLENCODE) == CURLUE_OK &&
                prepare(u);

    if (fine) {
        parts[0] = part(u, CURLUPART_URL, 0);
        parts[1] = part(u, CURLUPART_HOST, 0);
        parts[2] = origin_of(u);
        fine = parts[0] && parts[1] && parts[2];
    }
    for (int i = 0; i < 3; ++i) {
        char **out = i == 0 ? address : i == 1 ? host : origin;

        if (fine && out)
            *out = parts[i];
        else
            free(parts[i]);
    }
    curl_url_cleanup(u);
    return fine;
}
