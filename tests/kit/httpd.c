/*
 * A web server for tests, on loopback only.
 *
 *     httpd PORTFILE LOG CASE       answers as the section "== serve" of CASE says
 *     httpd PORTFILE LOG --files DIR   serves files, and an API to write to
 *
 * The port is written to PORTFILE once it listens; each request is a line of LOG. In a
 * case an answer is a line
 *
 *     PATH STATUS [type=T] [location=URL] [delay=MS] [stall] [cut=N] [repeat=N] [lie=N]
 *         [gzip] [show=HEADER]
 *
 * (one line) and the lines of its body up to one with only a ".": @PORT@ in it becomes
 * the port. Answers for one path are given in turn, the last again and again. cut: the
 * connection ends behind N bytes of the body; stall: it stays open instead, and nothing
 * more comes (without cut: nothing behind the headers); repeat: the body comes N times;
 * lie: this is what Content-Length says; gzip: so it is encoded; show: this header of the
 * request is logged. A request that comes while another is delayed is logged as such.
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

enum { MAX_ANSWERS = 256, MAX_REQUEST = 16 << 10, MAX_BODY = 64 << 20 };

struct answer {
    char path[256], type[128], location[256], show[64];
    int status;
    long delay, cut, repeat, lie;
    bool stall, gzip;
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

static void
read_option(struct answer *a, const char *word)
{
    long *numbers[] = {&a->delay, &a->cut, &a->repeat, &a->lie};
    static const char *const names[] = {"delay=", "cut=", "repeat=", "lie="};
    struct answer location = {.body = NULL};

    for (size_t i = 0; i < 4; ++i)
        if (strncmp(word, names[i], strlen(names[i])) == 0)
            *numbers[i] = atol(word + strlen(names[i]));
    if (strncmp(word, "type=", 5) == 0)
        snprintf(a->type, sizeof a->type, "%s", word + 5);
    if (strncmp(word, "location=", 9) == 0) {
        add_line(&location, word + 9);
        snprintf(a->location, sizeof a->location, "%.*s", (int)location.n, location.body);
    }
    if (strncmp(word, "show=", 5) == 0)
        snprintf(a->show, sizeof a->show, "%s", word + 5);
    if (strcmp(word, "stall") == 0)
        a->stall = true;
    if (strcmp(word, "gzip") == 0)
        a->gzip = true;
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
            if (a->gzip)
                compress(a);
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
    char head[1024];
    int n = snprintf(head, sizeof head,
        "HTTP/1.1 %d Said\r\nContent-Type: %s\r\nContent-Length: %ld\r\n%s%s%s%s"
        "Connection: close\r\n\r\n",
        a->status, a->type, length, a->location[0] ? "Location: " : "", a->location,
        a->location[0] ? "\r\n" : "", a->gzip ? "Content-Encoding: gzip\r\n" : "");

    put(fd, head, (size_t)n);
}

/* Wait as long, or for ever (-1), or until the client has gone. */
static void
wait_on(int fd, long ms)
{
    struct pollfd client = {.fd = fd, .events = POLLRDHUP};

    poll(&client, 1, (int)ms);
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
    put_head(fd, a, a->lie >= 0 ? a->lie : length);
    for (long i = 0; i < a->repeat && left > 0; ++i) {
        long n = (long)a->n < left ? (long)a->n : left;

        put(fd, a->body, (size_t)n);
        left -= n;
    }
    if (a->stall)
        wait_on(fd, -1);
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

static void
note(const char *request, const char *method, const char *path, const struct answer *a)
{
    char line[1024], name[80];
    int fd = open(log_file, O_WRONLY | O_APPEND | O_CREAT, 0666), others = 0;
    const char *header = NULL;

    if (fd >= 0)
        flock(fd, LOCK_EX); /* lines stand in the order in which they were counted */
    if (a && a->delay)
        others = __sync_fetch_and_add(delayed, 1);
    if (a && a->show[0]) {
        snprintf(name, sizeof name, "\r\n%s:", a->show);
        header = strcasestr(request, name);
    }
    header = header ? header + 2 : "";
    snprintf(line, sizeof line, "%s %s%s%s%.*s\n", method, path,
        others ? " beside another" : "", header[0] ? " " : "", (int)strcspn(header, "\r"),
        header);
    if (fd >= 0 && write(fd, line, strlen(line)) >= 0)
        close(fd);
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

static void
serve(int fd)
{
    char request[MAX_REQUEST], path[512], method[8];
    const struct answer *a;
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
    if (sscanf(request, "%7s %511s", method, path) != 2 ||
        (!dir && strcmp(method, "GET") != 0))
        return;
    a = dir ? NULL : find(path);
    note(request, method, path, a);
    if (strcmp(method, "GET") != 0) {
        if (strstr(request, "\r\n\r\n"))
            serve_api(fd, method, path, request, n);
        return;
    }
    if (dir) {
        path[strcspn(path, "?")] = '\0';
        give_file(fd, path);
        return;
    }
    if (a)
        give(fd, a);
    else
        put_head(fd, &not_found, 0);
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

int
main(int argc, char *argv[])
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (argc < 4) {
        fputs("usage: httpd PORTFILE LOG CASE | --files DIR\n", stderr);
        return 2;
    }
    port_file = argv[1];
    log_file = argv[2];
    signal(SIGPIPE, SIG_IGN);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) ||
        listen(listener, 64) || getsockname(listener, (struct sockaddr *)&address, &size))
        die("listen");
    port = ntohs(address.sin_port);
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
    for (;;) {
        int fd = accept(listener, NULL, NULL);

        if (fd < 0)
            continue;
        if (fork() == 0) {
            close(listener);
            serve(fd);
            shutdown(fd, SHUT_WR);
            _exit(0);
        }
        close(fd);
    }
}
