#include "fetching.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    POLL_MS = 1000,
    WAITING_MS = 100, /* while a page waits for the converters of others */
    ENDING_MS = 5,    /* while a process has closed its output and not ended yet */
    MUCH = 1, /* seconds that we were late: it is our fault what ran out meanwhile */
    MOST_DELAY = 60 /* seconds of Crawl-delay that are obeyed */
};

double
fetcher_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct fetcher *
fetcher_new(const char *agent, const char *token, uint64_t seed)
{
    struct fetcher *f = calloc(1, sizeof *f);

    if (!f)
        return NULL;
    f->http = http_new(agent);
    f->hosts = hosts_new();
    f->token = token;
    f->random = seed;
    if (f->http && f->hosts)
        return f;
    fetcher_free(f);
    return NULL;
}

void
fetcher_free(struct fetcher *f)
{
    if (!f)
        return;
    http_free(f->http);
    hosts_free(f->hosts);
    free(f);
}

/* ---- robots.txt ---- */

static enum http_take
take_robots(void *ctx, struct mo_str bytes)
{
    struct transfer *t = ctx;
    size_t room = ROBOTS_MOST - t->head.n;

    mo_buf_add(&t->head, bytes.p, bytes.n < room ? bytes.n : room);
    return t->head.failed || t->head.n == ROBOTS_MOST ? HTTP_STOP : HTTP_TAKEN;
}

static void
ask_robots(struct transfer *t, const char *url)
{
    struct request_options options = {.source = t->options->source,
        .credentials = t->options->credentials,
        .accept = "text/plain, */*;q=0.1",
        .max_body = 1LL << 40,
        .body = take_robots,
        .ctx = t};
    size_t n = strlen(t->place->origin) + sizeof "/robots.txt";
    char *address = url ? strdup(url) : malloc(n);

    mo_buf_clear(&t->head);
    if (address && !url)
        snprintf(address, n, "%s/robots.txt", t->place->origin);
    t->state = ROBOTS;
    t->place->state = ROBOTS_ASKED;
    if (!address)
        transfer_give_up(t, TRANSFER_BROKEN, "out of memory");
    else
        transfer_request(t, &options, address);
    free(address);
}

static void
read_robots(struct transfer *t)
{
    struct place *place = t->place;

    place->robots = robots_new(mo_buf_view(&t->head), t->fetcher->token);
    place->state = place->robots ? ROBOTS_RULES : ROBOTS_ALLOW_ALL;
    if (place->robots && robots_delay(place->robots) > place->host->delay)
        place->host->delay = robots_delay(place->robots);
    if (place->host->delay > MOST_DELAY)
        place->host->delay = MOST_DELAY;
}

/* What RFC 9309, 2.3.1 makes of an answer: rules, no rules, or no leave. */
static void
judge_robots(struct transfer *t, const struct answer *answer)
{
    struct place *place = t->place;

    if (answer->page || t->head.n == ROBOTS_MOST) {
        read_robots(t);
    } else if (answer->whole && answer->status < 500) {
        place->state = ROBOTS_ALLOW_ALL;
    } else {
        place->state = ROBOTS_UNREACHABLE;
        snprintf(place->why, sizeof place->why, "%.*s", (int)sizeof place->why - 1,
            answer->why);
    }
}

static void
give_up_unread(struct transfer *t, const char *why)
{
    transfer_give_up(t, TRANSFER_BROKEN,
        "%s/robots.txt cannot be read, so the page is not asked for: %s",
        t->place->origin, why);
}

/* Whether the source could not read it in its own way; another may, with other settings. */
static bool
is_unread(const struct transfer *t, const struct answer *answer)
{
    return !answer->whole && t->head.n < ROBOTS_MOST;
}

void
fetcher_robots(struct transfer *t, double now)
{
    const struct answer *answer;
    double wait;
    char *url = NULL;

    if (!request_is_over(t->request))
        return;
    answer = request_answer(t->request);
    if (answer->refused) { /* to this source; another may */
        transfer_give_up(t, TRANSFER_BROKEN, "%s", answer->why);
        return;
    }
    wait = answer->retry_after;
    t->facts.wire += answer->wire;
    if (answer->location && t->hops < MAX_REDIRECTS)
        http_address(NULL, answer->location, &url, NULL, NULL);
    if (!url) {
        bool anew = answer->ours && transfer_is_anew(t);
        bool again = answer->transient && transfer_may_retry(t);

        if (!anew && !again && is_unread(t, answer)) {
            give_up_unread(t, answer->why);
            return;
        }
        judge_robots(t, answer);
        if (answer->transient)
            transfer_heed(t, wait, now);
        host_end(t->place->host, now);
        --t->fetcher->active;
        if (anew || (again && transfer_wait_for_retry(t, wait, now)))
            t->place->state = ROBOTS_UNKNOWN;
        else
            t->tries = 0;
        t->state = TURN;
    }
    request_free(t->request);
    t->request = NULL;
    mo_buf_clear(&t->head);
    if (url) {
        ++t->hops;
        ask_robots(t, url);
    }
    free(url);
}

/* An address that a person named is no crawling; what pages lead to is. */
static bool
is_crawled(const struct transfer *t)
{
    return t->options->source->robots &&
           (t->linked || strcmp(t->place->origin, t->trusted) != 0);
}

/* Whether robots.txt lets us; without it, nothing can be said yet. */
static bool
is_allowed(struct transfer *t)
{
    const struct place *place = t->place;
    const char *path = t->url + strcspn(t->url, ":"), *rule = "";

    path += strspn(path, ":/");
    path += strcspn(path, "/?");
    switch (place->state) {
    case ROBOTS_UNREACHABLE: give_up_unread(t, place->why); return false;
    case ROBOTS_RULES:
        if (robots_allow(place->robots, path, &rule))
            return true;
        transfer_give_up(t, TRANSFER_BROKEN,
            "%s/robots.txt forbids this page: 'Disallow: %.200s' (see robots)",
            place->origin, rule);
        return false;
    default: return place->state == ROBOTS_ALLOW_ALL;
    }
}

bool
fetcher_turn(struct transfer *t, double now)
{
    struct host *host = t->place->host;
    double turn = host_turn(host, t->options->source->min_delay);
    bool crawled = is_crawled(t);

    if (now < t->not_before || (crawled && t->place->state == ROBOTS_ASKED))
        return false;
    if (host->not_before > now + (double)t->options->source->max_wait) {
        transfer_give_up(t, TRANSFER_BROKEN,
            "%s asks to be left alone for %.0f seconds (see max-wait)", host->name,
            host->not_before - now);
        return false;
    }
    if (crawled && t->place->state != ROBOTS_UNKNOWN && !is_allowed(t))
        return false;
    if (turn < 0 || turn > now || t->fetcher->active >= MAX_ACTIVE)
        return false;
    host_begin(host);
    ++t->fetcher->active;
    if (!crawled || t->place->state != ROBOTS_UNKNOWN)
        return true;
    t->hops = 0;
    ask_robots(t, NULL);
    return false;
}

/* ---- All of them ---- */

/* Time goes on, by as much as we sleep at most. Whether much more has passed. */
static bool
go_on(struct fetcher *f)
{
    double now = fetcher_now();
    double missed = f->looked > 0 ? now - f->looked - POLL_MS / 1000.0 : 0;

    if (missed > 0)
        f->missed += missed;
    f->looked = now;
    f->now = now - f->missed;
    return missed > MUCH;
}

void
fetcher_perform(struct fetcher *f)
{
    bool behind = go_on(f);

    http_perform(f->http, f->now, behind);
    for (struct transfer *t = f->first; t; t = t->next)
        transfer_step(t, f->now);
}

/* Milliseconds until the transfer has something to do by itself. */
static double
due(const struct transfer *t, double now)
{
    double turn = host_turn(t->place->host, t->options->source->min_delay);

    if (t->state != TURN || turn < 0)
        return POLL_MS;
    return 1000 * ((turn > t->not_before ? turn : t->not_before) - now) + 1;
}

void
fetcher_wait(struct fetcher *f)
{
    struct pollfd fds[PIPELINE_FDS * MAX_ACTIVE];
    double now = f->now + fetcher_now() - f->looked, ms = POLL_MS;
    size_t n = 0;

    for (const struct transfer *t = f->first; t; t = t->next) {
        size_t more = 0;

        if (t->pipeline && n + PIPELINE_FDS <= sizeof fds / sizeof fds[0])
            more = pipeline_fds(t->pipeline, fds + n);
        if (t->pipeline && t->state == CONVERTING && more == 0 && ms > ENDING_MS)
            ms = ENDING_MS;
        n += more;
        if (t->paused && !t->pipeline && ms > WAITING_MS)
            ms = WAITING_MS;
        if (f->active < MAX_ACTIVE && due(t, now) < ms)
            ms = due(t, now);
    }
    http_wait(f->http, fds, n, ms < 1 ? 1 : (int)ms);
}

void
fetcher_wake(struct fetcher *f)
{
    http_wake(f->http);
}
