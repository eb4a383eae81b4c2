#include "converter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <moisson/output.h>
#include <moisson/text.h>

enum {
    MAX_ARGUMENTS = 16,
    MAX_COMMAND = 16 << 10,
    MAX_OPEN = 64, /* files of a converter */
    VERSION_MS = 10000,
    MAX_WORDS = 4096
};

static const long long most_written = 8LL << 30; /* bytes of a file of a converter */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { BOUNDS_MEMORY = 0 }; /* the sanitizers reserve terabytes */
#else
enum { BOUNDS_MEMORY = 1 };
#endif

/* Three pipes: input, output, diagnostics. */
struct pipes {
    int ends[3][2];
};

static void
close_pipes(struct pipes *p)
{
    for (int i = 0; i < 3; ++i)
        for (int k = 0; k < 2; ++k)
            if (p->ends[i][k] >= 0)
                close(p->ends[i][k]);
}

static int
open_pipes(struct pipes *p)
{
    memset(p, 0xFF, sizeof *p);
    for (int i = 0; i < 3; ++i)
        if (pipe2(p->ends[i], O_CLOEXEC)) {
            close_pipes(p);
            return -1;
        }
    return 0;
}

/* What one may use. */
static size_t
bounds_of(
    const struct converter_limits *limits, struct mo_bound bounds[MO_STANDBY_BOUNDS])
{
    size_t n = 0;

    if (!limits)
        return 0;
    if (BOUNDS_MEMORY)
        bounds[n++] = (struct mo_bound){RLIMIT_AS, limits->memory};
    bounds[n++] = (struct mo_bound){RLIMIT_CPU, limits->cpu};
    bounds[n++] = (struct mo_bound){RLIMIT_FSIZE, most_written};
    bounds[n++] = (struct mo_bound){RLIMIT_NOFILE, MAX_OPEN};
    bounds[n++] = (struct mo_bound){RLIMIT_CORE, 0};
    return n;
}

/* It runs already when its limits come; it has read nothing yet. */
static int
spawn_bounded(pid_t *pid, const struct mo_task *task)
{
    if (tool_spawn(pid, task->arguments, task->files, MO_STANDBY_FILES))
        return -1;
    for (size_t i = 0; i < task->n_bounds; ++i) {
        const struct mo_bound *bound = &task->bounds[i];
        struct rlimit limit = {(rlim_t)bound->most, (rlim_t)bound->most};

        prlimit(*pid, (unsigned)bound->resource, &limit, NULL);
    }
    return 0;
}

/* Ours stay with it; without a process there are none. */
static void
take_ends(struct converter *c, struct pipes *p, bool failed)
{
    if (failed) {
        close_pipes(p);
        return;
    }
    close(p->ends[0][0]);
    close(p->ends[1][1]);
    close(p->ends[2][1]);
    c->in = p->ends[0][1];
    c->out = p->ends[1][0];
    c->diags = p->ends[2][0];
}

/*
 * 0 is its input, 1 its output, 3 its diagnostics. `tool` is asked for the process, where it
 * is not NULL.
 */
static int
start(struct converter *c, struct tool *tool, const char *const arguments[], bool talks,
    const struct converter_limits *limits)
{
    struct mo_bound bounds[MO_STANDBY_BOUNDS];
    struct mo_task task = {
        .arguments = arguments, .bounds = bounds, .n_bounds = bounds_of(limits, bounds)};
    struct pipes p;
    int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC), failed = -1;

    if (nothing >= 0 && open_pipes(&p) == 0) {
        task.files[0] = p.ends[0][0];
        task.files[1] = p.ends[1][1];
        task.files[2] = talks ? STDERR_FILENO : c->said ? fileno(c->said) : nothing;
        task.files[3] = p.ends[2][1];
        c->tool = tool;
        failed = tool ? tool_ask(tool, &task, &c->pid) : -1;
        if (failed)
            failed = spawn_bounded(&c->pid, &task);
        if (failed)
            c->pid = 0;
        take_ends(c, &p, failed);
    }
    if (nothing >= 0)
        close(nothing);
    return failed;
}

static int
start_for_pages(struct converter *c, struct tool *tool, const char *const arguments[],
    bool talks, const struct converter_limits *limits)
{
    if (start(c, tool, arguments, talks, limits))
        return -1;
    mo_output_widen(c->in); /* it need not wait while we look after others */
    mo_output_widen(c->out);
    fcntl(c->in, F_SETFL, O_NONBLOCK);
    fcntl(c->out, F_SETFL, O_NONBLOCK);
    fcntl(c->diags, F_SETFL, O_NONBLOCK);
    return 0;
}

int
converter_start(struct converter *c, struct tool *tool, const char *base,
    const char *charset, bool talks, const struct converter_limits *limits)
{
    const char *arguments[MAX_ARGUMENTS] = {
        tool_path(tool), "-l", "--diagnostics", "/dev/fd/3"};
    size_t n = 4;

    if (base[0]) {
        arguments[n++] = "-b";
        arguments[n++] = base;
    }
    if (charset[0]) {
        arguments[n++] = "--charset";
        arguments[n++] = charset;
    }
    return start_for_pages(c, tool, arguments, talks, limits);
}

/*
 * A shell starts others at once, so it bounds itself before it does. Our own programs are
 * those beside us, and the cleaner among them writes lines and keeps its diagnostics.
 */
static const char filter_prefix[] =
    "ulimit -c 0; ulimit -t %ld; ulimit -n %d; ulimit -f %lld; %s\n"
    "PATH=$1:$PATH; export PATH\n"
    "dcatapclean() {\n"
    "command dcatapclean -lq --diagnostics /dev/fd/3 \"$@\"\n"
    "}\n";

int
converter_start_filter(struct converter *c, const char *command, struct tool *cleaner,
    bool talks, const struct converter_limits *limits)
{
    char directory[TOOL_PATH], memory[64] = "", script[MAX_COMMAND];
    const char *arguments[] = {"/bin/sh", "-c", script, "filter", directory, NULL};
    int n;

    if (cleaner && strcmp(command, tool_name(cleaner)) == 0) /* that needs no shell */
        return converter_start(c, cleaner, "", "", talks, limits);
    tool_directory(directory);
    if (BOUNDS_MEMORY)
        snprintf(memory, sizeof memory, "ulimit -v %lld", limits->memory / 1024);
    n = snprintf(script, sizeof script, filter_prefix, limits->cpu, MAX_OPEN,
        most_written / 512, memory);
    if (n < 0 || (size_t)n + strlen(command) >= sizeof script) {
        errno = E2BIG;
        return -1;
    }
    strcpy(script + n, command);
    c->said = talks ? NULL : tmpfile();
    if (c->said)
        fcntl(fileno(c->said), F_SETFD, FD_CLOEXEC);
    return start_for_pages(c, NULL, arguments, talks, limits);
}

static void
shut(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void
close_ends(struct converter *c)
{
    shut(&c->in);
    shut(&c->out);
    shut(&c->diags);
}

static void
await(struct converter *c)
{
    tool_await(c->tool, &c->pid);
    converter_is_lost(c, false);
}

bool
converter_has_ended(struct converter *c, int *status)
{
    pid_t got = 0;

    if (!c->pid)
        return true;
    await(c);
    *status = SIGKILL; /* of one that is lost: as if it had been killed */
    while (c->pid > 0 && (got = waitpid(c->pid, status, WNOHANG)) < 0 && errno == EINTR)
        ;
    if (c->pid > 0 && got == 0)
        return false;
    close_ends(c);
    c->pid = 0;
    return true;
}

bool
converter_is_lost(struct converter *c, bool now)
{
    if (now && c->pid == PROCESS_ASKED && !tool_has_answered(c->tool, &c->pid))
        tool_dismiss(c->tool);
    c->lost = c->lost || c->pid == PROCESS_LOST;
    return c->lost;
}

void
converter_last_words(const struct converter *c, char *text, size_t size)
{
    char tail[MAX_WORDS];
    off_t end = c->said ? lseek(fileno(c->said), 0, SEEK_END) : 0;
    off_t from = end > MAX_WORDS ? end - MAX_WORDS : 0;
    ssize_t n = end > 0 ? pread(fileno(c->said), tail, (size_t)(end - from), from) : 0;
    struct mo_str rest = mo_str_n(tail, n > 0 ? (size_t)n : 0), last = mo_str("");
    struct mo_buf mended;

    while (rest.n) {
        const char *eol = memchr(rest.p, '\n', rest.n);
        struct mo_str line = mo_str_n(rest.p, eol ? (size_t)(eol - rest.p) : rest.n);

        rest = mo_str_from(rest, eol ? line.n + 1 : line.n);
        line = mo_str_trim(line);
        if (line.n &&
            !mo_str_eq_nocase(mo_str_n(line.p, line.n < 4 ? line.n : 4), mo_str("try ")))
            last = line;
    }
    mo_buf_init(&mended, 4 * MAX_WORDS);
    mo_utf8_mend(last, &mended);
    last = mo_utf8_head(mo_buf_view(&mended), size - 1);
    snprintf(text, size, "%.*s", (int)last.n, last.p ? last.p : "");
    mo_buf_done(&mended);
}

void
converter_kill(struct converter *c)
{
    close_ends(c);
    if (c->said)
        fclose(c->said);
    c->said = NULL;
    if (!c->pid)
        return;
    await(c);
    if (c->pid > 0) {
        kill(-c->pid, SIGKILL);
        kill(c->pid, SIGKILL); /* should it not be, or be no more, in its group */
        while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    c->pid = 0;
}

/* A program that says nothing for so long is none of ours. */
static size_t
read_all(int fd, char *text, size_t size)
{
    struct pollfd out = {.fd = fd, .events = POLLIN};
    ssize_t got = 1;
    size_t n = 0;

    while (n < size - 1 && got > 0 && poll(&out, 1, VERSION_MS) > 0) {
        got = read(fd, text + n, size - 1 - n);
        n += got > 0 ? (size_t)got : 0;
    }
    text[n] = '\0';
    return n;
}

bool
converter_is_of_version(const char *path, const char *version)
{
    const char *arguments[] = {path, "--version", NULL};
    struct converter c = {.in = -1, .out = -1, .diags = -1};
    char said[128], *word;

    if (start(&c, NULL, arguments, false, NULL))
        return false;
    read_all(c.out, said, sizeof said);
    converter_kill(&c);
    said[strcspn(said, "\n")] = '\0';
    word = strrchr(said, ' ');
    return word && strcmp(word + 1, version) == 0;
}
