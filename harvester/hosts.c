#include "hosts.h"

#include <stdlib.h>
#include <string.h>

struct hosts {
    struct host *hosts;
    struct place *places;
};

struct hosts *
hosts_new(void)
{
    return calloc(1, sizeof(struct hosts));
}

void
hosts_free(struct hosts *hosts)
{
    if (!hosts)
        return;
    for (struct place *p = hosts->places, *next; p; p = next) {
        next = p->next;
        robots_free(p->robots);
        free(p->origin);
        free(p);
    }
    for (struct host *h = hosts->hosts, *next; h; h = next) {
        next = h->next;
        free(h->name);
        free(h);
    }
    free(hosts);
}

static struct host *
find_host(struct hosts *hosts, const char *name)
{
    struct host *h = hosts->hosts;

    while (h && strcmp(h->name, name) != 0)
        h = h->next;
    if (h || !(h = calloc(1, sizeof *h)))
        return h;
    h->name = strdup(name);
    if (!h->name) {
        free(h);
        return NULL;
    }
    h->last = -1;
    h->next = hosts->hosts;
    hosts->hosts = h;
    return h;
}

struct place *
hosts_place(struct hosts *hosts, const char *host, const char *origin)
{
    struct place *p = hosts->places;

    while (p && strcmp(p->origin, origin) != 0)
        p = p->next;
    if (p || !(p = calloc(1, sizeof *p)))
        return p;
    p->host = find_host(hosts, host);
    p->origin = strdup(origin);
    if (!p->host || !p->origin) {
        free(p->origin);
        free(p);
        return NULL;
    }
    p->next = hosts->places;
    hosts->places = p;
    return p;
}

double
host_turn(const struct host *host, double pause)
{
    double turn;

    if (host->busy)
        return -1;
    if (pause < host->delay)
        pause = host->delay;
    turn = host->last < 0 ? 0 : host->last + pause;
    return turn > host->not_before ? turn : host->not_before;
}

void
host_begin(struct host *host)
{
    host->busy = true;
}

void
host_end(struct host *host, double now)
{
    host->busy = false;
    host->last = now;
}
