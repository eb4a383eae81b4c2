/*
 * Many web servers that fail in many ways, on loopback only: what `make chaos` harvests.
 *
 *     chaosd PORTFILE SOURCES SEED
 *
 * Source N is at 127.30.N/250.N%250+1, all at one port. Its pages /0, /1 ... hold datasets,
 * the same whatever the seed. Some sources are as they are for good: paging that goes
 * round, a page that is a bomb, broken or never whole. Beyond that each answer may fail by
 * chance, from the seed: at most twice for a page. SIGUSR1 ends chance. SIGUSR2 writes the
 * number of requests to PORTFILE.count, and of those beside another of their source.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    MAX_SOURCES = 1000,
    MAX_PAGES = 4,
    MAX_FAULTS = 2, /* of a page */
    MAX_BOMB = 1 << 20,
    SILENCE_MS = 5000,
    POLL_MS = 100 /* a signal may come just before */
};

/* What all processes share. */
struct shared {
    volatile sig_atomic_t calm;
    int requests, beside;
    int asked[MAX_SOURCES][MAX_PAGES + 1]; /* the last is robots.txt */
    int faults[MAX_SOURCES][MAX_PAGES + 1];
    int busy[MAX_SOURCES];
};

/* What a source is for good, by its number. */
enum nature { GOOD, CIRCLE, SELF, BOMB, BROKEN, DRIP, ELSEWHERE, N_NATURES };

static struct shared *shared;
static uint64_t seed;
static int port;
static const char *port_file;
static char *bomb;
static size_t bomb_size;

static _Noreturn void
die(const char *what)
{
    perror(what);
    exit(2);
}

/* A number below `n`, by chance of the seed and of these three. */
static unsigned
chance(unsigned n, int source, int page, int turn)
{
    uint64_t z = seed + (uint64_t)source * 0x9E3779B97F4A7C15u +
                 (uint64_t)page * 0xC2B2AE3D27D4EB4Fu +
                 (uint64_t)turn * 0x165667B19E3779F9u;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (unsigned)((z ^ (z >> 31)) % n);
}

static enum nature
nature_of(int source)
{
    return source % 40 < N_NATURES ? (enum nature)(source % 40) : GOOD;
}

static int
pages_of(int source)
{
    return 1 + source * 7 % MAX_PAGES;
}

/* ---- Answers ---- */

static void
put(int fd, const char *bytes, size_t n)
{
    while (n) {
        ssize_t wrote = write(fd, bytes, n);

        if (wrote <= 0)
            _exit(0); /* the client has gone */
        bytes += wrote;
        n -= (size_t)wrote;
    }
}

static void
put_head(int fd, int status, size_t length, const char *more)
{
    char head[512];

    snprintf(head, sizeof head,
        "HTTP/1.1 %d Said\r\nContent-Type: application/rdf+xml\r\nContent-Length: %zu\r\n"
        "%sConnection: close\r\n\r\n",
        status, length, more);
    put(fd, head, strlen(head));
}

static void
silence(int fd)
{
    struct pollfd client = {.fd = fd, .events = POLLRDHUP};

    poll(&client, 1, SILENCE_MS);
}

/* Where the page leads, or -1: to none. */
static int
next_of(int source, int page)
{
    int last = pages_of(source) - 1;

    if (page < last)
        return page + 1;
    return nature_of(source) == CIRCLE ? 0 : nature_of(source) == SELF ? page : -1;
}

/* `head` is what stands before the first dataset. */
static char *
make_page(int source, int page, size_t *n, size_t *head)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, n);
    int next = next_of(source, page);

    if (!out)
        die("open_memstream");
    fputs(
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"\n"
        "  xmlns:dcat=\"http://www.w3.org/ns/dcat#\" xmlns:dct=\"http://purl.org/dc/terms/\"\n"
        "  xmlns:hydra=\"http://www.w3.org/ns/hydra/core#\">\n",
        out);
    if (next >= 0)
        fprintf(out,
            "<hydra:PartialCollectionView><hydra:next rdf:resource=\"%d\"/>"
            "</hydra:PartialCollectionView>\n",
            next);
    *head = (size_t)ftell(out);
    for (int i = 0; i < 4 + source % 5; ++i)
        fprintf(out,
            "<dcat:Dataset rdf:about=\"https://source-%d.example/d/%d-%d\">"
            "<dct:title>Jeu %d de la page %d, source %d</dct:title>"
            "<dct:description>Une description.</dct:description></dcat:Dataset>\n",
            source, page, i, i, page, source);
    fputs("</rdf:RDF>\n", out);
    fclose(out);
    return text;
}

static void
drip(int fd, const char *text, size_t n)
{
    put_head(fd, 200, n, "");
    for (size_t i = 0; i < n; ++i) {
        put(fd, text + i, 1);
        usleep(40000);
    }
}

static void
give_garbage(int fd, int source, int page)
{
    char bytes[300];

    for (size_t i = 0; i < sizeof bytes; ++i)
        bytes[i] = (char)chance(256, source, page, (int)i);
    put_head(fd, 200, sizeof bytes, "");
    put(fd, bytes, sizeof bytes);
}

static void
give_bomb(int fd)
{
    put_head(fd, 200, bomb_size, "Content-Encoding: gzip\r\n");
    put(fd, bomb, bomb_size);
}

static _Noreturn void
reset(int fd)
{
    struct linger now = {.l_onoff = 1, .l_linger = 0};

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(fd);
    _exit(0);
}

/* By chance; false when the answer is to be as it should. */
static bool
fail(int fd, int source, int page, int turn, const char *text, size_t n)
{
    static const char html[] = "<!DOCTYPE html>\n<html><body>Maintenance</body></html>\n";

    switch (chance(50, source, page, turn)) {
    case 0: silence(fd); return true;
    case 1:
        put_head(fd, 200, n, "");
        put(fd, text, n / 2);
        silence(fd);
        return true;
    case 2:
    case 3: reset(fd);
    case 4:
        put_head(fd, 200, n, "");
        put(fd, text, n / 3);
        reset(fd);
    case 5:
    case 6: put_head(fd, 500, 0, ""); return true;
    case 7: put_head(fd, 503, 0, "Retry-After: 0\r\n"); return true;
    case 8: put_head(fd, 429, 0, "Retry-After: 1\r\n"); return true;
    case 9:
    case 10:
        put_head(fd, 200, n, "");
        put(fd, text, n - 20);
        return true;
    case 11:
        put_head(fd, 200, n / 2, ""); /* cut, and not to be seen from the length */
        put(fd, text, n / 2);
        return true;
    case 12: give_garbage(fd, source, page); return true;
    case 13:
        put_head(fd, 200, sizeof html - 1, "");
        put(fd, html, sizeof html - 1);
        return true;
    case 14: put_head(fd, 200, 0, ""); return true;
    case 15: drip(fd, text, n); return true;
    default: return false;
    }
}

/* How much of the page ever comes through: no fault may give more than calm does. */
static size_t
reach_of(int source, int page, size_t head, size_t n)
{
    if (page < pages_of(source) - 1)
        return n;
    switch (nature_of(source)) {
    case BOMB:
    case DRIP: return head;
    case BROKEN: return n / 2;
    default: return n;
    }
}

static void
give(int fd, int source, int page, int turn)
{
    enum nature nature = nature_of(source);
    bool last = page == pages_of(source) - 1;
    size_t n, head;
    char *text = make_page(source, page, &n, &head);

    if (!shared->calm && shared->faults[source][page] < MAX_FAULTS) {
        ++shared->faults[source][page];
        if (fail(fd, source, page, turn, text, reach_of(source, page, head, n)))
            return;
        --shared->faults[source][page];
    }
    if (nature == BOMB && last) {
        give_bomb(fd);
    } else if (nature == BROKEN && last) {
        put_head(fd, 200, n / 2, "");
        put(fd, text, n / 2);
    } else if (nature == DRIP && last) {
        drip(fd, text, n);
    } else {
        put_head(fd, 200, n, "");
        put(fd, text, n);
    }
    free(text);
}

static void
serve(int fd, int source)
{
    char request[4096], path[64];
    size_t n = 0;
    ssize_t got = 1;
    int page;

    request[0] = '\0';
    while (!strstr(request, "\r\n\r\n") && n < sizeof request - 1 && got > 0) {
        got = read(fd, request + n, sizeof request - 1 - n);
        n += got > 0 ? (size_t)got : 0;
        request[n] = '\0';
    }
    if (sscanf(request, "GET %63s", path) != 1)
        return;
    __sync_fetch_and_add(&shared->requests, 1);
    if (__sync_fetch_and_add(&shared->busy[source], 1) > 0)
        __sync_fetch_and_add(&shared->beside, 1);
    page = strcmp(path, "/robots.txt") == 0 ? MAX_PAGES : atoi(path + 1);
    if (page < 0 || page > MAX_PAGES || (page < MAX_PAGES && page >= pages_of(source)))
        put_head(fd, 404, 0, "");
    else if (page < MAX_PAGES)
        give(fd, source, page, __sync_fetch_and_add(&shared->asked[source][page], 1));
    else if (nature_of(source) == ELSEWHERE && pages_of(source) > 1)
        put_head(
            fd, 302, 0, "Location: /0\r\n"); /* not what it should be, and harmless */
    else
        put_head(fd,
            !shared->calm && chance(10, source, page, shared->requests) == 0 ? 500 : 404,
            0, "");
}

/* ---- All of them ---- */

static void
make_bomb(void)
{
    FILE *pipe = popen("head -c 24000000 /dev/zero | tr '\\0' ' ' | gzip -n", "r");

    bomb = malloc(MAX_BOMB);
    if (!pipe || !bomb)
        die("gzip");
    bomb_size = fread(bomb, 1, MAX_BOMB, pipe);
    pclose(pipe);
}

static int
listen_on(int source)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
        .sin_addr = {htonl(127u << 24 | 30u << 16 | (unsigned)(source / 250) << 8 |
                           (unsigned)(source % 250 + 1))},
        .sin_port = htons((uint16_t)port)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;

    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
        bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 16) ||
        getsockname(fd, (struct sockaddr *)&address, &size))
        die("listen");
    port = ntohs(address.sin_port);
    return fd;
}

static void
write_number(const char *suffix, int a, int b)
{
    char name[1024], beside[1100];
    FILE *out;

    snprintf(name, sizeof name, "%s%s", port_file, suffix);
    snprintf(beside, sizeof beside, "%s.new", name);
    out = fopen(beside, "w");
    if (!out || fprintf(out, b < 0 ? "%d\n" : "%d %d\n", a, b) < 0 || fclose(out) ||
        rename(beside, name))
        die(name);
}

static volatile sig_atomic_t to_count;

static void
take_signal(int signal)
{
    if (signal == SIGUSR1)
        shared->calm = 1;
    else
        to_count = 1;
}

/* A connection is a process; the next of a source may come when it has gone. */
static void
accept_one(const struct pollfd listeners[], int sources, int source)
{
    int fd = accept(listeners[source].fd, NULL, NULL);

    if (fd < 0)
        return;
    if (fork() == 0) {
        for (int i = 0; i < sources; ++i)
            close(listeners[i].fd);
        serve(fd, source);
        __sync_fetch_and_sub(&shared->busy[source], 1);
        shutdown(fd, SHUT_WR);
        _exit(0);
    }
    close(fd);
}

int
main(int argc, char *argv[])
{
    static struct pollfd listeners[MAX_SOURCES];
    int sources = argc == 4 ? atoi(argv[2]) : 0;

    if (sources < 1 || sources > MAX_SOURCES) {
        fputs("usage: chaosd PORTFILE SOURCES SEED\n", stderr);
        return 2;
    }
    port_file = argv[1];
    seed = strtoull(argv[3], NULL, 10);
    shared = mmap(
        NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        die("mmap");
    make_bomb();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_IGN);
    signal(SIGUSR1, take_signal);
    signal(SIGUSR2, take_signal);
    for (int i = 0; i < sources; ++i)
        listeners[i] = (struct pollfd){.fd = listen_on(i), .events = POLLIN};
    write_number("", port, -1);
    for (;;) {
        if (to_count) {
            to_count = 0;
            write_number(".count", shared->requests, shared->beside);
        }
        if (poll(listeners, (nfds_t)sources, POLL_MS) <= 0)
            continue;
        for (int i = 0; i < sources; ++i)
            if (listeners[i].revents)
                accept_one(listeners, sources, i);
    }
}
