#include "converter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <moisson/output.h>

#ifndef LIBEXEC_DIR
#define LIBEXEC_DIR "/usr/local/bin" /* the Makefile says where programs are installed */
#endif

extern char **environ;

enum {
    MAX_ARGUMENTS = 16,
    MAX_PATH_LENGTH = 4096,
    MAX_COMMAND = 16 << 10,
    MAX_OPEN = 64, /* files of a converter */
    VERSION_MS = 10000
};

static const long long most_written = 8LL << 30; /* bytes of a file of a converter */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { BOUNDS_MEMORY = 0 }; /* the sanitizers reserve terabytes */
#else
enum { BOUNDS_MEMORY = 1 };
#endif

static char *
executable(const char *dir, size_t n, const char *name)
{
    char *path = malloc(n + strlen(name) + 2);

    if (!path)
        return NULL;
    memcpy(path, dir, n);
    path[n] = '/';
    strcpy(path + n + 1, name);
    if (access(path, X_OK) == 0)
        return path;
    free(path);
    return NULL;
}

/* The directory of the running program. */
static bool
own_directory(char self[MAX_PATH_LENGTH])
{
    ssize_t n = readlink("/proc/self/exe", self, MAX_PATH_LENGTH - 1);
    char *slash;

    if (n <= 0)
        return false;
    self[n] = '\0';
    slash = strrchr(self, '/');
    if (slash)
        *slash = '\0';
    return slash != NULL;
}

char *
converter_find(const char *name)
{
    char self[MAX_PATH_LENGTH], *path = NULL;

    if (own_directory(self))
        path = executable(self, strlen(self), name);
    return path ? path : executable(LIBEXEC_DIR, strlen(LIBEXEC_DIR), name);
}

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

/* In the child: 0 is its input, 1 its output, 3 its diagnostics. */
static int
spawn(pid_t *pid, char *const arguments[], struct pipes *p, bool talks)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t set;
    int error;

    sigemptyset(&set);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &set);
    sigaddset(&set, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &set);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes,
        POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    posix_spawn_file_actions_adddup2(&files, p->ends[0][0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, p->ends[1][1], STDOUT_FILENO);
    if (!talks)
        posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&files, p->ends[2][1], 3);
    error = posix_spawn(pid, arguments[0], &files, &attributes, arguments, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    errno = error;
    return error ? -1 : 0;
}

static void
bound(pid_t pid, int resource, long long most)
{
    struct rlimit limit = {(rlim_t)most, (rlim_t)most};

    prlimit(pid, resource, &limit, NULL);
}

static void
set_limits(pid_t pid, const struct converter_limits *limits)
{
    if (BOUNDS_MEMORY)
        bound(pid, RLIMIT_AS, limits->memory);
    bound(pid, RLIMIT_CPU, limits->cpu);
    bound(pid, RLIMIT_FSIZE, most_written);
    bound(pid, RLIMIT_NOFILE, MAX_OPEN);
    bound(pid, RLIMIT_CORE, 0);
}

static int
start(struct converter *c, char *const arguments[], bool talks)
{
    struct pipes p;

    if (open_pipes(&p))
        return -1;
    if (spawn(&c->pid, arguments, &p, talks)) {
        close_pipes(&p);
        c->pid = 0;
        return -1;
    }
    close(p.ends[0][0]);
    close(p.ends[1][1]);
    close(p.ends[2][1]);
    c->in = p.ends[0][1];
    c->out = p.ends[1][0];
    c->diags = p.ends[2][0];
    return 0;
}

/* It runs already when its limits come; it has read nothing yet. */
static int
start_bounded(struct converter *c, char *const arguments[], bool talks,
    const struct converter_limits *limits)
{
    if (start(c, arguments, talks))
        return -1;
    set_limits(c->pid, limits);
    mo_output_widen(c->in); /* it need not wait while we look after others */
    mo_output_widen(c->out);
    fcntl(c->in, F_SETFL, O_NONBLOCK);
    fcntl(c->out, F_SETFL, O_NONBLOCK);
    fcntl(c->diags, F_SETFL, O_NONBLOCK);
    return 0;
}

int
converter_start(struct converter *c, const char *path, const char *base,
    const char *charset, bool talks, const struct converter_limits *limits)
{
    char *arguments[MAX_ARGUMENTS] = {(char *)path, "-l", "--diagnostics", "/dev/fd/3"};
    size_t n = 4;

    if (base[0]) {
        arguments[n++] = "-b";
        arguments[n++] = (char *)base;
    }
    if (charset[0]) {
        arguments[n++] = "--charset";
        arguments[n++] = (char *)charset;
    }
    return start_bounded(c, arguments, talks, limits);
}

/* The usual filter needs no shell. */
static int
start_cleaner(struct converter *c, bool talks, const struct converter_limits *limits)
{
    char *path = converter_find("dcatapclean");
    int result = path ? converter_start(c, path, "", "", talks, limits) : -1;

    free(path);
    return result;
}

/*
 * A shell starts others at once, so it bounds itself before it does. Our own programs are
 * those beside us, and the cleaner among them writes lines and keeps its diagnostics.
 */
static const char filter_prefix[] =
    "ulimit -c 0; ulimit -t %ld; ulimit -n %d; %s\n"
    "PATH=$1:$PATH; export PATH\n"
    "dcatapclean() {\n"
    "command dcatapclean -l --diagnostics /dev/fd/3 \"$@\"\n"
    "}\n";

int
converter_start_filter(struct converter *c, const char *command, bool talks,
    const struct converter_limits *limits)
{
    char self[MAX_PATH_LENGTH], memory[64] = "", script[MAX_COMMAND];
    char *arguments[] = {"/bin/sh", "-c", script, "filter", self, NULL};
    int n;

    if (strcmp(command, "dcatapclean") == 0)
        return start_cleaner(c, talks, limits);
    if (!own_directory(self))
        strcpy(self, LIBEXEC_DIR);
    if (BOUNDS_MEMORY)
        snprintf(memory, sizeof memory, "ulimit -v %lld", limits->memory / 1024);
    n = snprintf(script, sizeof script, filter_prefix, limits->cpu, MAX_OPEN, memory);
    if (n < 0 || (size_t)n + strlen(command) >= sizeof script) {
        errno = E2BIG;
        return -1;
    }
    strcpy(script + n, command);
    return start_bounded(c, arguments, talks, limits);
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

bool
converter_has_ended(struct converter *c, int *status)
{
    pid_t got;

    if (!c->pid)
        return true;
    do
        got = waitpid(c->pid, status, WNOHANG);
    while (got < 0 && errno == EINTR);
    if (got == 0)
        return false;
    close_ends(c);
    c->pid = 0;
    return true;
}

void
converter_kill(struct converter *c)
{
    close_ends(c);
    if (!c->pid)
        return;
    kill(-c->pid, SIGKILL);
    kill(c->pid, SIGKILL); /* should it have left its group */
    while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
        ;
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
    char *arguments[] = {(char *)path, "--version", NULL};
    struct converter c = {0, -1, -1, -1};
    char said[128], *word;

    if (start(&c, arguments, false))
        return false;
    read_all(c.out, said, sizeof said);
    converter_kill(&c);
    said[strcspn(said, "\n")] = '\0';
    word = strrchr(said, ' ');
    return word && strcmp(word + 1, version) == 0;
}
