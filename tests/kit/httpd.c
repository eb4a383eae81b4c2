/*
 * A web server for tests, on loopback only.
 *
 *     httpd PORTFILE LOG CASE       answers as the section "== serve" of CASE says
 *     httpd PORTFILE LOG --files DIR   serves files, and an API to write to
 *
 * The port is written to PORTFILE once it listens; each request is a line of LOG. In a
 * case an answer is a line
 *
 *     PATH STATUS [type=T] [location=URL] [delay=MS] [option ...]
 *
 * (one line) and the lines of its body up to one with only a ".": @PORT@ in it becomes
 * the port. Answers for one path are given in turn, the last again and again. Further
 * options:
 *
 *     cut=N        the connection ends behind N bytes of the body
 *     stall        it stays open instead, and nothing more comes (without cut: nothing
 *                  behind the headers)
 *     reset        it is reset there (without cut: before the headers)
 *     repeat=N     the body comes N times
 *     lie=N        this is what Content-Length says
 *     chunked      there is none; the body comes in chunks
 *     drip=MS      a byte comes every so many milliseconds
 *     gzip deflate br    so it is encoded
 *     header=N:V   a further header, "~" for each space; @DATE+N@ is now and N seconds
 *     headers=N    so many more of them; fat=N: one of so many bytes
 *     etag=E modified=D  validators, "~" for each space; a request that holds one of them
 *                  is answered with 304 and no body
 *     show=HEADER  this header of the request is logged; may come several times
 *
 * A request that comes while another is delayed is logged as such, one to another address
 * than 127.0.0.1 (127.0.0.2 to 127.0.0.6 are served as well) with that address, and one
 * that came as to a proxy as that. CONNECT, whatever the host, makes a tunnel to its port of
 * 127.0.0.1. /robots.txt is 404, and not logged, unless the case has
 * an answer for it.
 *
 * The API is like that of data.gouv.fr as far as senders see: POST, PUT and PATCH below
 * /api/1/ with an X-API-KEY are answered with the object that was sent and its id; objects in
 * "resources" get one when they have none. Nothing is kept.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    MAX_ANSWERS = 256,
    MAX_REQUEST = 16 << 10,
    MAX_BODY = 64 << 20,
    MAX_SHOWN = 4,
    MAX_LISTENERS = 6,
    MAX_PATH = 1024
};

struct answer {
    char path[MAX_PATH], type[128], location[256], show[MAX_SHOWN][64], header[512];
    char etag[128], modified[64];
    const char *encoding;
    int status;
    long delay, cut, repeat, lie, drip, headers, fat;
    bool stall, reset, chunked, gzip, deflate, br;
    char *body;
    size_t n;
};

static struct answer answers[MAX_ANSWERS];
static size_t n_answers;
static int *turns;   /* how often each path was asked for; shared by all processes */
static int *delayed; /* requests; shared as well */
static int *made;    /* objects; shared as well */
static const char *port_file, *log_file, *dir;
static int port;

static _Noreturn void
die(const char *what)
{
    perror(what);
    exit(2);
}

/* ---- The case ---- */

static void
add_line(struct answer *a, const char *line)
{
    const char *mark;
    char number[16];
    int n = snprintf(number, sizeof number, "%d", port);

    a->body = realloc(a->body, a->n + 8 * strlen(line) + 16);
    if (!a->body)
        die("realloc");
    while ((mark = strstr(line, "@PORT@"))) {
        memcpy(a->body + a->n, line, (size_t)(mark - line));
        a->n += (size_t)(mark - line);
        memcpy(a->body + a->n, number, (size_t)n);
        a->n += (size_t)n;
        line = mark + 6;
    }
    memcpy(a->body + a->n, line, strlen(line));
    a->n += strlen(line);
}

/* The value of an option, with its spaces. */
static void
set_text(char *out, size_t size, const char *value)
{
    snprintf(out, size, "%s", value);
    for (char *c = out; *c; ++c)
        if (*c == '~')
            *c = ' ';
}

static void
add_header(struct answer *a, const char *value)
{
    char text[256], date[64], *mark;
    size_t n = strlen(a->header);
    time_t then = time(NULL);
    struct tm tm;

    set_text(text, sizeof text, value);
    mark = strstr(text, "@DATE");
    if (mark) {
        then += atol(mark + 5);
        strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&then, &tm));
        snprintf(mark, sizeof text - (size_t)(mark - text), "%s", date);
    }
    snprintf(a->header + n, sizeof a->header - n, "%s\r\n", text);
}

static void
read_option(struct answer *a, const char *word)
{
    long *numbers[] = {
        &a->delay, &a->cut, &a->repeat, &a->lie, &a->drip, &a->headers, &a->fat};
    static const char *const names[] = {
        "delay=", "cut=", "repeat=", "lie=", "drip=", "headers=", "fat="};
    bool *flags[] = {&a->stall, &a->reset, &a->chunked, &a->gzip, &a->deflate, &a->br};
    static const char *const called[] = {
        "stall", "reset", "chunked", "gzip", "deflate", "br"};
    struct answer location = {.body = NULL};
    const char *value = strchr(word, '=') ? strchr(word, '=') + 1 : "";

    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i)
        if (strncmp(word, names[i], strlen(names[i])) == 0)
            *numbers[i] = atol(value);
    for (size_t i = 0; i < sizeof called / sizeof called[0]; ++i)
        *flags[i] = *flags[i] || strcmp(word, called[i]) == 0;
    if (strncmp(word, "type=", 5) == 0)
        set_text(a->type, sizeof a->type, value);
    if (strncmp(word, "etag=", 5) == 0)
        set_text(a->etag, sizeof a->etag, value);
    if (strncmp(word, "modified=", 9) == 0)
        set_text(a->modified, sizeof a->modified, value);
    if (strncmp(word, "header=", 7) == 0)
        add_header(a, value);
    if (strncmp(word, "location=", 9) == 0) {
        add_line(&location, value);
        snprintf(a->location, sizeof a->location, "%.*s", (int)location.n, location.body);
    }
    for (int i = 0; strncmp(word, "show=", 5) == 0 && i < MAX_SHOWN; ++i)
        if (!a->show[i][0]) {
            snprintf(a->show[i], sizeof a->show[i], "%s", value);
            break;
        }
}

/* Let gzip replace the body, as often as it is to be repeated. */
static void
compress(struct answer *a)
{
    char command[1100], *name = command + strlen("gzip -n >");
    FILE *pipe, *file;
    long size;

    snprintf(command, sizeof command, "gzip -n >%s.gz", port_file);
    pipe = popen(command, "w");
    for (; pipe && a->repeat > 0; --a->repeat)
        if (fwrite(a->body, 1, a->n, pipe) != a->n)
            die("gzip");
    if (!pipe || pclose(pipe) || !(file = fopen(name, "r")) || fseek(file, 0, SEEK_END) ||
        (size = ftell(file)) <= 0 || !(a->body = realloc(a->body, (size_t)size)))
        die("gzip");
    rewind(file);
    a->n = fread(a->body, 1, (size_t)size, file);
    a->repeat = 1;
    fclose(file);
}

/* The body as often as it is to be repeated. */
static void
multiply(struct answer *a)
{
    size_t n = a->n;

    a->body = realloc(a->body, n * (size_t)a->repeat + 1);
    if (!a->body)
        die("realloc");
    for (long i = 1; i < a->repeat; ++i)
        memcpy(a->body + (size_t)i * n, a->body, n);
    a->n = n * (size_t)a->repeat;
    a->repeat = 1;
}

/* zlib's format, in blocks that are stored as they are. */
static void
deflate(struct answer *a)
{
    unsigned char *out, *end;
    unsigned long low = 1, high = 0;

    multiply(a);
    end = out = malloc(a->n + a->n / 60000 * 5 + 32);
    if (!out)
        die("malloc");
    *end++ = 0x78;
    *end++ = 0x01;
    for (size_t at = 0; at < a->n || a->n == 0;) {
        size_t n = a->n - at < 60000 ? a->n - at : 60000;

        *end++ = at + n == a->n;
        *end++ = n & 0xFF;
        *end++ = (unsigned char)(n >> 8);
        *end++ = ~n & 0xFF;
        *end++ = (unsigned char)(~n >> 8 & 0xFF);
        memcpy(end, a->body + at, n);
        end += n;
        at += n;
    }
    for (size_t i = 0; i < a->n; ++i) {
        low = (low + (unsigned char)a->body[i]) % 65521;
        high = (high + low) % 65521;
    }
    for (int shift = 24; shift >= 0; shift -= 8)
        *end++ = (unsigned char)((high << 16 | low) >> shift);
    free(a->body);
    a->body = (char *)out;
    a->n = (size_t)(end - out);
}

/* Brotli (RFC 7932), in meta-blocks that are not compressed. */
static void
brotli(struct answer *a)
{
    unsigned char *out, *end;

    multiply(a);
    end = out = malloc(a->n + a->n / 60000 * 3 + 32);
    if (!out)
        die("malloc");
    for (size_t at = 0; at < a->n;) {
        size_t n = a->n - at < 60000 ? a->n - at : 60000;
        unsigned long bits = (n - 1) << 3 | 1UL << 19; /* not last, 4 nibbles, as is */

        bits = at ? bits : bits << 1; /* a window of 16 bits is a 0 before */
        *end++ = bits & 0xFF;
        *end++ = bits >> 8 & 0xFF;
        *end++ = bits >> 16 & 0xFF;
        memcpy(end, a->body + at, n);
        end += n;
        at += n;
    }
    *end++ = 0x03; /* the last, and empty */
    free(a->body);
    a->body = (char *)out;
    a->n = (size_t)(end - out);
}

static void
encode(struct answer *a)
{
    a->encoding = a->gzip ? "gzip" : a->deflate ? "deflate" : a->br ? "br" : NULL;
    if (a->gzip)
        compress(a);
    else if (a->deflate)
        deflate(a);
    else if (a->br)
        brotli(a);
}

static void
read_case(const char *name)
{
    FILE *file = fopen(name, "r");
    char *line = NULL;
    size_t cap = 0;
    struct answer *a = NULL;
    bool serving = false;

    if (!file)
        die(name);
    while (getline(&line, &cap, file) > 0) {
        if (strncmp(line, "== ", 3) == 0) {
            serving = strcmp(line, "== serve\n") == 0;
        } else if (serving && !a && line[0] == '/' && n_answers < MAX_ANSWERS) {
            char *word = strtok(line, " \n");

            a = &answers[n_answers++];
            a->cut = a->lie = -1;
            a->repeat = 1;
            snprintf(a->type, sizeof a->type, "application/rdf+xml");
            snprintf(a->path, sizeof a->path, "%s", word);
            word = strtok(NULL, " \n");
            a->status = word ? atoi(word) : 200;
            while ((word = strtok(NULL, " \n")))
                read_option(a, word);
        } else if (a && strcmp(line, ".\n") == 0) {
            encode(a);
            a = NULL;
        } else if (a) {
            add_line(a, line);
        }
    }
    free(line);
    fclose(file);
}

/* The answer for a path whose turn it is. */
static const struct answer *
find(const char *path)
{
    const struct answer *found = NULL;
    int turn = -1;

    for (size_t i = 0; i < n_answers; ++i) {
        if (strcmp(answers[i].path, path) != 0)
            continue;
        if (turn < 0)
            turn = __sync_fetch_and_add(&turns[i], 1);
        found = &answers[i];
        if (turn-- == 0)
            break;
    }
    return found;
}

/* ---- One connection ---- */

static void
put(int fd, const char *bytes, size_t n)
{
    while (n) {
        ssize_t wrote = write(fd, bytes, n);

        if (wrote <= 0)
            exit(0); /* the client has gone */
        bytes += wrote;
        n -= (size_t)wrote;
    }
}

static void
put_head(int fd, const struct answer *a, long length)
{
    char *head = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&head, &n);

    if (!out)
        die("open_memstream");
    fprintf(out, "HTTP/1.1 %d Said\r\nContent-Type: %s\r\n", a->status, a->type);
    if (a->chunked)
        fputs("Transfer-Encoding: chunked\r\n", out);
    else if (a->status != 304)
        fprintf(out, "Content-Length: %ld\r\n", length);
    if (a->location[0])
        fprintf(out, "Location: %s\r\n", a->location);
    if (a->encoding)
        fprintf(out, "Content-Encoding: %s\r\n", a->encoding);
    if (a->etag[0])
        fprintf(out, "ETag: %s\r\n", a->etag);
    if (a->modified[0])
        fprintf(out, "Last-Modified: %s\r\n", a->modified);
    for (long i = 0; i < a->headers; ++i)
        fprintf(out, "X-Flood-%ld: water\r\n", i);
    if (a->fat)
        fprintf(out, "X-Fat: %0*d\r\n", (int)a->fat, 0);
    fprintf(out, "%sConnection: close\r\n\r\n", a->header);
    fclose(out);
    put(fd, head, n);
    free(head);
}

/* Wait as long, or for ever (-1), or until the client has gone. */
static void
wait_on(int fd, long ms)
{
    struct pollfd client = {.fd = fd, .events = POLLRDHUP};

    poll(&client, 1, (int)ms);
}

static void
put_piece(int fd, const struct answer *a, const char *bytes, size_t n)
{
    char length[24];

    if (a->chunked) {
        snprintf(length, sizeof length, "%zx\r\n", n);
        put(fd, length, strlen(length));
    }
    put(fd, bytes, n);
    if (a->chunked)
        put(fd, "\r\n", 2);
}

static void
put_body(int fd, const struct answer *a, const char *bytes, size_t n)
{
    for (size_t i = 0; a->drip && i < n; ++i) {
        put_piece(fd, a, bytes + i, 1);
        wait_on(fd, a->drip);
    }
    if (!a->drip && n)
        put_piece(fd, a, bytes, n);
}

static _Noreturn void
reset(int fd)
{
    struct linger now = {.l_onoff = 1, .l_linger = 0};

    usleep(20000); /* what was sent is to be read before */
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(fd);
    _exit(0);
}

static void
give(int fd, const struct answer *a)
{
    long length = (long)a->n * a->repeat;
    long left = a->cut >= 0 ? a->cut : a->stall ? 0 : length;

    if (a->delay) {
        wait_on(fd, a->delay);
        __sync_fetch_and_sub(delayed, 1);
    }
    if (a->reset && a->cut < 0)
        reset(fd);
    put_head(fd, a, a->lie >= 0 ? a->lie : length);
    for (long i = 0; i < a->repeat && left > 0; ++i) {
        long n = (long)a->n < left ? (long)a->n : left;

        put_body(fd, a, a->body, (size_t)n);
        left -= n;
    }
    if (a->reset)
        reset(fd);
    if (a->stall)
        wait_on(fd, -1);
    if (a->chunked && a->cut < 0)
        put(fd, "0\r\n\r\n", 5);
}

static const struct answer not_found = {.status = 404, .type = "text/plain"};

static const char *
type_of(const char *path)
{
    const char *dot = strrchr(path, '.');

    return dot && (strcmp(dot, ".rdf") == 0 || strcmp(dot, ".xml") == 0)
               ? "application/rdf+xml"
           : dot && strcmp(dot, ".html") == 0 ? "text/html"
                                              : "application/octet-stream";
}

static void
give_file(int fd, const char *path)
{
    char name[1024], block[64 << 10];
    struct answer head = {.status = 200};
    struct stat st;
    ssize_t got;
    int file;

    snprintf(name, sizeof name, "%s%s", dir, path);
    file = strstr(path, "..") ? -1 : open(name, O_RDONLY);
    if (file < 0 || fstat(file, &st) || !S_ISREG(st.st_mode)) {
        put_head(fd, &not_found, 0);
        return;
    }
    snprintf(head.type, sizeof head.type, "%s", type_of(path));
    put_head(fd, &head, (long)st.st_size);
    while ((got = read(file, block, sizeof block)) > 0)
        put(fd, block, (size_t)got);
}

/* The header of a request, from its name to the end of its line; n is 0 for none. */
static const char *
header_of(const char *request, const char *called, size_t *n)
{
    char name[80];
    const char *header;

    snprintf(name, sizeof name, "\r\n%s:", called);
    header = strcasestr(request, name);
    header = header ? header + 2 : "";
    *n = strcspn(header, "\r");
    return header;
}

static bool
is_known(const char *request, const struct answer *a)
{
    size_t n;
    const char *etag = header_of(request, "If-None-Match", &n);

    if (n > 15 && a->etag[0])
        return n - 15 == strlen(a->etag) && strncmp(etag + 15, a->etag, n - 15) == 0;
    etag = header_of(request, "If-Modified-Since", &n);
    return n > 19 && a->modified[0] && n - 19 == strlen(a->modified) &&
           strncmp(etag + 19, a->modified, n - 19) == 0;
}

/* Where the request has come to, when that is not the usual address. */
static void
note_address(int client, FILE *out)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;

    if (getsockname(client, (struct sockaddr *)&address, &size) == 0 &&
        address.sin_addr.s_addr != htonl(INADDR_LOOPBACK))
        fprintf(out, " at %s", inet_ntoa(address.sin_addr));
}

static void
note(int client, const char *request, const char *method, const char *path, bool proxied,
    const struct answer *a)
{
    char *line = NULL;
    size_t size = 0, n;
    FILE *out = open_memstream(&line, &size);
    int fd = open(log_file, O_WRONLY | O_APPEND | O_CREAT, 0666), others = 0;

    if (fd < 0 || !out)
        die(log_file);
    flock(fd, LOCK_EX); /* lines stand in the order in which they were counted */
    if (a && a->delay)
        others = __sync_fetch_and_add(delayed, 1);
    fprintf(out, "%s %s", method, path);
    note_address(client, out);
    fputs(proxied ? " by proxy" : "", out);
    fputs(others ? " beside another" : "", out);
    for (int i = 0; a && i < MAX_SHOWN && a->show[i][0]; ++i) {
        const char *header = header_of(request, a->show[i], &n);

        fprintf(out, "%s%.*s", n ? " " : "", (int)n, header);
    }
    fputc('\n', out);
    fclose(out);
    if (write(fd, line, size) >= 0)
        close(fd);
    free(line);
}

/* The body of a request, of which the first bytes came with the head. NULL: none. */
static char *
read_body(int fd, const char *request, size_t n)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    const char *begin = strstr(request, "\r\n\r\n") + 4;
    const char *length = strcasestr(request, "\r\nContent-Length:");
    size_t have = n - (size_t)(begin - request), size;
    char *body;
    ssize_t got = 1;

    size = length ? strtoul(length + 17, NULL, 10) : 0;
    if (size == 0 || size > MAX_BODY || !(body = malloc(size + 1)))
        return NULL;
    if (strcasestr(request, "\r\nExpect: 100-continue"))
        put(fd, go_on, sizeof go_on - 1);
    memcpy(body, begin, have < size ? have : size);
    while (have < size && (got = read(fd, body + have, size - have)) > 0)
        have += (size_t)got;
    body[size] = '\0';
    return have >= size ? body : NULL;
}

static void
put_id(FILE *out, bool resource)
{
    int n = __sync_add_and_fetch(made, 1);

    fprintf(out,
        resource ? "\"id\":\"00000000-0000-4000-8000-%012x\"," : "\"id\":\"%024x\",", n);
}

/* What was sent, with ids; of two members of a name readers take the last. */
static void
answer_api(FILE *out, const char *path, const char *body)
{
    const char *id = strrchr(path, '/'), *list = strstr(body, "\"resources\":[{"), *mark;

    while (id > path && id[-1] != '/')
        --id;
    fputc('{', out);
    if (strchr("0123456789", *id))
        fprintf(out, "\"id\":\"%.*s\",", (int)strcspn(id, "/"), id);
    else
        put_id(out, false);
    for (++body; list && (mark = strstr(body, "{\"title\":")); body = mark + 1) {
        fwrite(body, 1, (size_t)(mark + 1 - body), out);
        if (mark > list)
            put_id(out, true);
    }
    fputs(body, out);
}

static void
serve_api(int fd, const char *method, const char *path, const char *request, size_t n)
{
    struct answer a = {.status = 400, .type = "application/json"};
    char *body = read_body(fd, request, n), *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return;
    if (!strcasestr(request, "\r\nX-API-KEY:"))
        a.status = 401;
    else if (body && body[0] == '{' && strncmp(path, "/api/1/", 7) == 0)
        a.status = strcmp(method, "POST") == 0 ? 201 : 200;
    if (a.status < 300)
        answer_api(out, path, body);
    else
        fputs("{\"message\":\"no\"}", out);
    fclose(out);
    put_head(fd, &a, (long)size);
    put(fd, text, size);
    free(text);
    free(body);
}

/* Bytes that come from one go to the other. False: it has ended. */
static bool
pass(int from, int to)
{
    char block[16 << 10];
    ssize_t got = read(from, block, sizeof block);

    if (got > 0)
        put(to, block, (size_t)got);
    return got > 0;
}

/* What CONNECT asks for: bytes go through unseen, until either side ends. */
static void
make_tunnel(int client, const char *host)
{
    static const char made_it[] = "HTTP/1.1 200 Tunnel\r\n\r\n";
    const char *colon = strrchr(host, ':');
    struct sockaddr_in address = {.sin_family = AF_INET,
        .sin_addr = {htonl(INADDR_LOOPBACK)},
        .sin_port = htons((uint16_t)(colon ? atoi(colon + 1) : 0))};
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct pollfd ends[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};

    if (connect(server, (struct sockaddr *)&address, sizeof address)) {
        put_head(client, &not_found, 0);
        return;
    }
    put(client, made_it, sizeof made_it - 1);
    while (poll(ends, 2, -1) > 0)
        if ((ends[0].revents && !pass(client, server)) ||
            (ends[1].revents && !pass(server, client)))
            return;
}

static void
serve(int fd)
{
    char request[MAX_REQUEST], path[MAX_PATH], method[8];
    const struct answer *a;
    bool proxied;
    size_t n = 0;
    ssize_t got;

    while (n < sizeof request - 1 &&
           (got = read(fd, request + n, sizeof request - 1 - n)) > 0) {
        n += (size_t)got;
        request[n] = '\0';
        if (strstr(request, "\r\n\r\n"))
            break;
    }
    request[n] = '\0';
    if (sscanf(request, "%7s %1023s", method, path) != 2 ||
        (!dir && strcmp(method, "GET") != 0 && strcmp(method, "CONNECT") != 0))
        return;
    if (strcmp(method, "CONNECT") == 0) {
        note(fd, request, method, path, true, NULL);
        make_tunnel(fd, path);
        return;
    }
    proxied = strncmp(path, "http://", 7) == 0;
    if (proxied)
        memmove(path, path + 7 + strcspn(path + 7, "/"),
            strlen(path + 7 + strcspn(path + 7, "/")) + 1);
    a = dir ? NULL : find(path);
    if (a || strcmp(path, "/robots.txt") != 0)
        note(fd, request, method, path, proxied, a);
    if (strcmp(method, "GET") != 0) {
        if (strstr(request, "\r\n\r\n"))
            serve_api(fd, method, path, request, n);
        return;
    }
    if (dir) {
        path[strcspn(path, "?")] = '\0';
        give_file(fd, path);
    } else if (a && is_known(request, a)) {
        struct answer known = *a;

        known.status = 304;
        known.encoding = NULL;
        known.chunked = false;
        put_head(fd, &known, 0);
    } else if (a) {
        give(fd, a);
    } else {
        put_head(fd, &not_found, 0);
    }
}

static void
write_port(const char *file)
{
    char beside[1024];
    FILE *out;

    snprintf(beside, sizeof beside, "%s.new", file);
    out = fopen(beside, "w");
    if (!out || fprintf(out, "%d\n", port) < 0 || fclose(out) || rename(beside, file))
        die(file);
}

/* Listen on 127.0.0.N, at the port that is known, or at any. */
static int
listen_on(unsigned last, bool must)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
        .sin_addr = {htonl((INADDR_LOOPBACK & ~0xFFu) + last)},
        .sin_port = htons((uint16_t)port)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;

    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        listen(fd, 64) == 0 && getsockname(fd, (struct sockaddr *)&address, &size) == 0) {
        port = ntohs(address.sin_port);
        return fd;
    }
    if (must)
        die("listen");
    return -1;
}

static void
accept_one(struct pollfd listeners[])
{
    poll(listeners, MAX_LISTENERS, -1);
    for (int i = 0; i < MAX_LISTENERS; ++i) {
        int fd = listeners[i].revents ? accept(listeners[i].fd, NULL, NULL) : -1;

        if (fd < 0)
            continue;
        if (fork() == 0) {
            for (int k = 0; k < MAX_LISTENERS; ++k)
                close(listeners[k].fd);
            serve(fd);
            shutdown(fd, SHUT_WR);
            _exit(0);
        }
        close(fd);
    }
}

int
main(int argc, char *argv[])
{
    struct pollfd listeners[MAX_LISTENERS];

    if (argc < 4) {
        fputs("usage: httpd PORTFILE LOG CASE | --files DIR\n", stderr);
        return 2;
    }
    port_file = argv[1];
    log_file = argv[2];
    signal(SIGPIPE, SIG_IGN);
    for (int i = 0; i < MAX_LISTENERS; ++i)
        listeners[i] =
            (struct pollfd){.fd = listen_on((unsigned)i + 1, i == 0), .events = POLLIN};
    if (strcmp(argv[3], "--files") == 0 && argc > 4)
        dir = argv[4];
    else
        read_case(argv[3]);
    turns = mmap(NULL, sizeof(int) * (MAX_ANSWERS + 2), PROT_READ | PROT_WRITE,
        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (turns == MAP_FAILED)
        die("mmap");
    delayed = turns + MAX_ANSWERS;
    made = delayed + 1;
    signal(SIGCHLD, SIG_IGN);
    write_port(port_file);
    for (;;)
        accept_one(listeners);
}
