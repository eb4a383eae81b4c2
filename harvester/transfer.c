#include "fetching.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <moisson/flow.h>
#include <moisson/text.h>

#include "retry.h"
#include "sources/query.h"

enum { MAX_HEAD = 1 << 20 };

/* ---- Ends and further tries ---- */

/* Let go of what this try holds. */
static void
release_try(struct transfer *t, double now)
{
    bool active = t->state == RECEIVING || t->state == CONVERTING || t->state == ROBOTS;

    if (t->state == RECEIVING || t->state == ROBOTS)
        host_end(t->place->host, now);
    if (t->state == ROBOTS && t->place->state == ROBOTS_ASKED)
        t->place->state = ROBOTS_UNKNOWN; /* another may ask */
    if (active)
        --t->fetcher->active;
    request_free(t->request);
    pipeline_free(t->pipeline);
    t->request = NULL;
    t->pipeline = NULL;
    mo_buf_clear(&t->head);
}

static void
finish(struct transfer *t, enum transfer_end end)
{
    release_try(t, t->fetcher->now);
    t->state = OVER;
    t->end = end;
}

void
transfer_give_up(struct transfer *t, enum transfer_end end, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(t->why, sizeof t->why, format, args);
    va_end(args);
    finish(t, end);
}

bool
transfer_may_retry(const struct transfer *t)
{
    return t->tries < (unsigned long)t->options->source->retries;
}

void
transfer_heed(struct transfer *t, double after, double now)
{
    if (after >= 0)
        t->place->host->not_before = now + after;
}

bool
transfer_wait_for_retry(struct transfer *t, double after, double now)
{
    const struct source *source = t->options->source;
    double wait = retry_wait(source->retry_delay, ++t->tries, &t->fetcher->random);

    if (after > (double)source->max_wait)
        return false;
    t->not_before = now + (after > wait ? after : wait);
    return true;
}

bool
transfer_is_anew(struct transfer *t)
{
    return t->anew++ < MAX_ANEW;
}

/* The page from its first address on. False when memory is short. */
static bool
begin_again(struct transfer *t, double now)
{
    char *url = strdup(t->first);

    if (!url)
        return false;
    release_try(t, now);
    free(t->url);
    t->url = url;
    t->redirects = 0;
    t->last_hash = digest_value(&t->digest);
    t->state = TURN;
    ++t->facts.retries;
    return true;
}

/* The same, later. False when there is no other try. */
static bool
try_again(struct transfer *t, double after, double now)
{
    return transfer_may_retry(t) && transfer_wait_for_retry(t, after, now) &&
           begin_again(t, now);
}

/* The same, behind a fault of ours. */
static bool
try_anew(struct transfer *t, double now)
{
    return transfer_is_anew(t) && begin_again(t, now);
}

/* ---- Where it goes ---- */

/* The place of the address in hand; trouble ends the transfer. */
static bool
find_place(struct transfer *t)
{
    char *host = NULL, *origin = NULL, *address = NULL;

    if (!http_address(NULL, t->url, &address, &host, &origin)) {
        address = query_address(mo_str(t->url));
        transfer_give_up(t, TRANSFER_BROKEN, "this is no address on the web: '%.300s'",
            address ? address : "");
        free(address);
        return false;
    }
    free(t->url);
    t->url = address;
    t->place = hosts_place(t->fetcher->hosts, host, origin);
    free(host);
    free(origin);
    if (!t->place)
        transfer_give_up(t, TRANSFER_BROKEN, "out of memory");
    return t->place != NULL;
}

static void
follow(struct transfer *t, const char *location, double now)
{
    char *url = strdup(location);

    release_try(t, now);
    t->state = TURN;
    if (++t->redirects > MAX_REDIRECTS || !url) {
        free(url);
        transfer_give_up(t, TRANSFER_BROKEN, "more than %d redirects", MAX_REDIRECTS);
        return;
    }
    free(t->url);
    t->url = url;
    find_place(t);
}

int
transfer_request(
    struct transfer *t, const struct request_options *options, const char *url)
{
    ++t->facts.requests;
    request_free(t->request);
    t->request = request_new(t->fetcher->http, options, url);
    if (t->request)
        return 0;
    transfer_give_up(t, TRANSFER_BROKEN, "out of memory");
    return -1;
}

/* ---- From the server to the converter ---- */

/* The charset that the answer's Content-Type gives, or "". */
static void
charset_of(const char *type, char *charset, size_t size)
{
    const char *at = strcasestr(type, "charset=");

    at = at ? at + 8 : "";
    at += *at == '"' || *at == '\'';
    snprintf(charset, size, "%.*s", (int)strcspn(at, "\"'; \t"), at);
}

/*
 * Whether the charset of the server counts for a document that begins so: where XML says
 * nothing itself, or the server says UTF-8, which the bytes confirm or refute. JSON is UTF-8,
 * and servers that say otherwise say so of all they send (RFC 8259, 11).
 */
static bool
counts(const char *charset, struct mo_str head)
{
    struct mo_told told = mo_charset_told(head);

    return mo_str_starts(mo_str_trim(head), mo_str("<")) && !told.by_bytes &&
           (told.charset.n == 0 || mo_charset_is_utf8(mo_str(charset)));
}

void
transfer_pipeline(const struct transfer_options *o, struct tool *converter,
    const char *base, const char *charset, struct pipeline_options *pipeline)
{
    const struct source *source = o->source;

    *pipeline = (struct pipeline_options){.converter = converter,
        .base = base,
        .charset = charset,
        .filter = o->filter,
        .cleaner = o->cleaner,
        .talks = o->talks,
        .limits = {source->converter_memory, source->total_timeout},
        .patience = (double)source->converter_timeout,
        .most = (double)source->total_timeout + (double)source->converter_timeout,
        .line = o->line,
        .record = o->record,
        .diagnostic = o->diagnostic,
        .ctx = o->ctx};
}

/* The head of a good answer has come: only now is it known what it is, and from where. */
static bool
start_pipeline(struct transfer *t)
{
    const struct transfer_options *o = t->options;
    struct tool *converter = o->converter(o->ctx, mo_buf_view(&t->head));
    struct pipeline_options options;

    charset_of(request_answer(t->request)->type, t->charset, sizeof t->charset);
    if (!counts(t->charset, mo_buf_view(&t->head)))
        t->charset[0] = '\0';
    transfer_pipeline(o, converter, t->url, t->charset, &options);
    free(t->came_from);
    t->came_from = strdup(t->url);
    if (converter && t->came_from)
        t->pipeline = pipeline_new(&options, t->fetcher->now);
    t->refused = !t->pipeline || !pipeline_push(t->pipeline, mo_buf_view(&t->head));
    mo_buf_clear(&t->head);
    return !t->refused;
}

static enum http_take
take_body(void *ctx, struct mo_str bytes)
{
    struct transfer *t = ctx;

    if (transfer_must_wait(t) || (t->pipeline && pipeline_is_full(t->pipeline))) {
        t->paused = true;
        return HTTP_PAUSE;
    }
    digest_add(&t->digest, bytes);
    if (t->options->keep)
        t->options->keep(t->options->ctx, bytes);
    if (t->pipeline)
        return pipeline_push(t->pipeline, bytes) || t->options->keep ? HTTP_TAKEN
                                                                     : HTTP_STOP;
    if (t->lost)
        return HTTP_TAKEN;
    if (mo_buf_add(&t->head, bytes.p, bytes.n))
        return HTTP_STOP;
    if (t->head.n < (t->options->head ? t->options->head : MO_DIALECT_HEAD))
        return HTTP_TAKEN;
    return start_pipeline(t) ? HTTP_TAKEN : HTTP_STOP;
}

static void
ask(struct transfer *t)
{
    struct request_options options = {.source = t->options->source,
        .credentials = t->options->credentials,
        .accept = t->options->accept,
        .etag = t->options->etag,
        .modified = t->options->modified,
        .trusted = strcmp(t->place->origin, t->trusted) == 0,
        .plain = t->plain,
        .max_body = t->options->source->max_body,
        .body = take_body,
        .ctx = t};

    t->state = RECEIVING;
    memset(&t->digest, 0, sizeof t->digest);
    t->half = t->paused = t->refused = t->transient = t->lost = t->facts.whole = false;
    t->waits_since = 0;
    t->why[0] = '\0';
    t->options->begin(t->options->ctx);
    transfer_request(t, &options, t->url);
}

/* ---- The answer has come ---- */

/* It broke off: again, or what came of it. */
static void
answer_is_broken(struct transfer *t, const struct answer *answer, double now)
{
    snprintf(t->why, sizeof t->why, "%s", answer->why[0] ? answer->why : "it broke off");
    if (answer->retry_after > (double)t->options->source->max_wait)
        snprintf(t->why + strlen(t->why), sizeof t->why - strlen(t->why),
            ", to be asked again in %.0f seconds (see max-wait)", answer->retry_after);
    if (answer->ours && try_anew(t, now))
        return;
    if (answer->misnamed && !t->plain) {
        t->plain = true;
        if (try_anew(t, now))
            return;
    }
    if (answer->transient)
        transfer_heed(t, answer->retry_after, now);
    if (answer->transient && try_again(t, answer->retry_after, now))
        return;
    if (!t->pipeline || answer->excess) {
        finish(t, TRANSFER_BROKEN);
        return;
    }
    t->half = true;
    pipeline_finish(t->pipeline);
}

static void
body_is_empty(struct transfer *t, double now)
{
    snprintf(t->why, sizeof t->why, "the answer is empty");
    if (!try_again(t, -1, now))
        finish(t, TRANSFER_BROKEN);
}

static void
keep_facts(struct transfer *t, const struct answer *answer)
{
    t->facts.status = answer->status;
    t->facts.bytes = answer->bytes;
    t->facts.wire += answer->wire;
    t->facts.whole = answer->whole;
    memcpy(t->etag, answer->etag, sizeof t->etag);
    memcpy(t->modified, answer->modified, sizeof t->modified);
}

static void
end_answer(struct transfer *t, double now)
{
    const struct answer *answer = request_answer(t->request);
    bool good = answer->page || (answer->status == 200 && !answer->whole);

    keep_facts(t, answer);
    if (answer->location) {
        follow(t, answer->location, now);
        return;
    }
    if (answer->whole && answer->status == 304 && !answer->why[0]) {
        finish(t, TRANSFER_UNCHANGED);
        return;
    }
    if (good && !t->pipeline && t->head.n && !t->refused) /* it was short */
        start_pipeline(t);
    if (t->lost) {
        finish(t, TRANSFER_NOT_CONVERTED);
    } else if (t->refused) {
        if (!try_again(t, -1, now))
            transfer_give_up(
                t, TRANSFER_NOT_CONVERTED, "the converter cannot be started");
    } else if (answer->whole && good && !t->pipeline) {
        body_is_empty(t, now);
    } else {
        host_end(t->place->host, now);
        t->state = CONVERTING;
        if ((answer->whole || answer->stopped) && good && t->pipeline)
            pipeline_finish(t->pipeline);
        else
            answer_is_broken(t, answer, now);
    }
}

/* Everything has come through: was it well? */
static void
end_conversion(struct transfer *t, double now)
{
    bool outside;
    const char *fault = pipeline_fault(t->pipeline, &outside), *broken;

    t->facts.filtered = pipeline_filtered(t->pipeline);
    if (fault) {
        char text[MAX_WHY];

        snprintf(text, sizeof text, "%s", fault);
        if (pipeline_is_lost(t->pipeline) && try_anew(t, now))
            return;
        if (outside && !t->half && try_again(t, -1, now))
            return;
        transfer_give_up(t, TRANSFER_NOT_CONVERTED, "%s", text);
        return;
    }
    if (t->half) {
        finish(t, TRANSFER_HALF);
        return;
    }
    broken = t->options->broken(t->options->ctx);
    if (!broken) {
        finish(t, TRANSFER_FINE);
        return;
    }
    snprintf(t->why, sizeof t->why, "%s", broken);
    if ((t->tries == 0 || digest_value(&t->digest) != t->last_hash) &&
        try_again(t, -1, now))
        return;
    finish(t, TRANSFER_HALF);
}

/* It will not take the rest, which is kept if it is wanted. */
static void
lose_converter(struct transfer *t, double now)
{
    bool outside;
    const char *fault = pipeline_fault(t->pipeline, &outside);

    if (!fault)
        return;
    if (!t->options->keep || pipeline_is_lost(t->pipeline) ||
        (outside && transfer_may_retry(t))) {
        end_conversion(t, now);
        return;
    }
    snprintf(t->why, sizeof t->why, "%s", fault);
    pipeline_free(t->pipeline);
    t->pipeline = NULL;
    t->lost = true;
}

static void
receive(struct transfer *t, double now)
{
    if (t->pipeline)
        pipeline_service(t->pipeline, now);
    if (t->paused && !transfer_must_wait(t) &&
        !(t->pipeline && pipeline_is_full(t->pipeline))) {
        t->paused = false;
        request_go_on(t->request);
    }
    if (request_is_over(t->request))
        end_answer(t, now);
    else if (t->pipeline && pipeline_is_over(t->pipeline))
        lose_converter(t, now);
}

void
transfer_step(struct transfer *t, double now)
{
    if (t->state == TURN && fetcher_turn(t, now))
        ask(t);
    if (t->state == ROBOTS)
        fetcher_robots(t, now);
    if (t->state == RECEIVING)
        receive(t, now);
    if (t->state != CONVERTING)
        return;
    pipeline_service(t->pipeline, now);
    if (pipeline_is_over(t->pipeline))
        end_conversion(t, now);
}

/* ---- One ---- */

static bool
share_host(const struct transfer *t, const struct transfer *other)
{
    return t->place && other->place && t->place->host == other->place->host;
}

/*
 * In the order of the sources: those that come first end first, not all of them at once. But
 * those of one host take turns.
 */
static void
enlist(struct transfer *t)
{
    struct transfer **place = &t->fetcher->first;

    for (struct transfer **at = place; *at; at = &(*at)->next)
        if ((*at)->options->source->position <= t->options->source->position ||
            share_host(t, *at))
            place = &(*at)->next;
    t->next = *place;
    *place = t;
}

struct transfer *
transfer_new(struct fetcher *fetcher, const struct transfer_options *options,
    const char *url, bool linked)
{
    struct transfer *t = calloc(1, sizeof *t);
    bool fine;

    if (!t)
        return NULL;
    t->options = options;
    t->fetcher = fetcher;
    t->linked = linked;
    mo_buf_init(&t->head, MAX_HEAD);
    t->first = strdup(url);
    t->url = strdup(url);
    fine = t->first && t->url &&
           http_address(NULL, options->source->url, NULL, NULL, &t->trusted);
    if (fine)
        find_place(t);
    enlist(t);
    if (fine)
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
    release_try(t, t->fetcher->now);
    for (place = &t->fetcher->first; *place != t; place = &(*place)->next)
        ;
    *place = t->next;
    mo_buf_done(&t->head);
    free(t->first);
    free(t->url);
    free(t->trusted);
    free(t->came_from);
    free(t);
}

bool
transfer_is_over(struct transfer *t)
{
    return t->state == OVER;
}

enum transfer_end
transfer_end(struct transfer *t, const char **why)
{
    *why = t->why;
    return t->end;
}

const char *
transfer_came_from(const struct transfer *t)
{
    return t->came_from;
}

void
transfer_facts(const struct transfer *t, struct transfer_facts *facts)
{
    *facts = t->facts;
    facts->hash = digest_value(&t->digest);
    facts->etag = t->etag;
    facts->modified = t->modified;
    facts->charset = t->charset;
}
