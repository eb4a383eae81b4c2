#include "converter.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef LIBEXEC_DIR
#define LIBEXEC_DIR "/usr/local/bin" /* the Makefile says where programs are installed */
#endif

extern char **environ;

enum { MAX_ARGUMENTS = 16, MAX_PATH_LENGTH = 4096 };

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

char *
converter_find(const char *name)
{
    char self[MAX_PATH_LENGTH];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    char *slash, *path = NULL;

    if (n > 0) {
        self[n] = '\0';
        slash = strrchr(self, '/');
        if (slash)
            path = executable(self, (size_t)(slash - self), name);
    }
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
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
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

int
converter_start(struct converter *c, const char *path, const char *base,
    const char *charset, bool talks)
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
    if (start(c, arguments, talks))
        return -1;
    fcntl(c->in, F_SETFL, O_NONBLOCK);
    fcntl(c->out, F_SETFL, O_NONBLOCK);
    fcntl(c->diags, F_SETFL, O_NONBLOCK);
    return 0;
}

static void
shut(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

int
converter_finish(struct converter *c)
{
    int status = 0;

    shut(&c->in);
    shut(&c->out);
    shut(&c->diags);
    if (c->pid)
        while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
            ;
    c->pid = 0;
    return status;
}

void
converter_kill(struct converter *c)
{
    if (c->pid)
        kill(c->pid, SIGKILL);
    converter_finish(c);
}

bool
converter_is_of_version(const char *path, const char *version)
{
    char *arguments[] = {(char *)path, "--version", NULL};
    struct converter c = {0, -1, -1, -1};
    char said[128], *word;
    ssize_t got;
    size_t n = 0;

    if (start(&c, arguments, false))
        return false;
    while (n < sizeof said - 1 && (got = read(c.out, said + n, sizeof said - 1 - n)) > 0)
        n += (size_t)got;
    converter_finish(&c);
    said[n] = '\0';
    said[strcspn(said, "\n")] = '\0';
    word = strrchr(said, ' ');
    return word && strcmp(word + 1, version) == 0;
}
