#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef LIBEXEC_DIR
#define LIBEXEC_DIR "/usr/local/bin" /* the Makefile says where programs are installed */
#endif

extern char **environ;

#ifdef __SANITIZE_THREAD__
enum { STANDS_BY = 0 }; /* the sanitizer has a thread in every process */
#else
enum { STANDS_BY = 1 };
#endif

enum { MAX_ASKED = 64, ANSWER_MS = 10000 };

struct tool {
    char *name, *path;
    int standby; /* where it is asked; -1: it does not stand by */
    pid_t pid;
    bool refuses;            /* it cannot */
    pid_t *asked[MAX_ASKED]; /* places of numbers that will be answered, in a ring */
    size_t first, n;
};

/* ---- Where it is ---- */

static char *
executable(const char *dir, const char *name)
{
    char *path = malloc(strlen(dir) + strlen(name) + 2);

    if (!path)
        return NULL;
    strcpy(path, dir);
    strcat(path, "/");
    strcat(path, name);
    if (access(path, X_OK) == 0)
        return path;
    free(path);
    return NULL;
}

void
tool_directory(char directory[TOOL_PATH])
{
    ssize_t n = readlink("/proc/self/exe", directory, TOOL_PATH - 1);
    char *slash;

    directory[n > 0 ? n : 0] = '\0';
    slash = strrchr(directory, '/');
    if (slash)
        *slash = '\0';
    else
        strcpy(directory, LIBEXEC_DIR);
}

struct tool *
tool_new(const char *name)
{
    struct tool *t = calloc(1, sizeof *t);
    char directory[TOOL_PATH];

    if (!t)
        return NULL;
    t->standby = -1;
    tool_directory(directory);
    t->name = strdup(name);
    t->path = executable(directory, name);
    if (!t->path)
        t->path = executable(LIBEXEC_DIR, name);
    if (t->name && t->path)
        return t;
    tool_free(t);
    return NULL;
}

const char *
tool_name(const struct tool *t)
{
    return t->name;
}

const char *
tool_path(const struct tool *t)
{
    return t->path;
}

/* ---- Processes ---- */

int
tool_spawn(pid_t *pid, const char *const arguments[], const int files[], size_t n_files)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t set;
    int error;

    sigemptyset(&set);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &set);
    sigaddset(&set, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &set);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes,
        POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    for (size_t i = 0; i < n_files; ++i)
        posix_spawn_file_actions_adddup2(&actions, files[i], (int)i);
    error = posix_spawn(
        pid, arguments[0], &actions, &attributes, (char *const *)arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    errno = error;
    return error ? -1 : 0;
}

/* What stands by for so long without an answer has been stopped: the next need not wait as well. */
static int
answer(const struct tool *t)
{
    struct pollfd end = {.fd = t->standby, .events = POLLIN};
    int ready;

    do
        ready = poll(&end, 1, ANSWER_MS);
    while (ready < 0 && errno == EINTR);
    if (ready == 1)
        return mo_standby_answer(t->standby);
    kill(t->pid, SIGKILL);
    return -1;
}

static void
take_answer(struct tool *t)
{
    int pid = answer(t);

    *t->asked[t->first] = pid > 0 ? pid : PROCESS_LOST;
    t->first = (t->first + 1) % MAX_ASKED;
    --t->n;
}

static void
end_standby(struct tool *t)
{
    while (t->n)
        take_answer(t);
    if (t->standby < 0)
        return;
    close(t->standby);
    kill(t->pid, SIGKILL);
    while (waitpid(t->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    t->standby = -1;
}

static int
spawn_standby(struct tool *t, int nothing)
{
    const char *arguments[] = {t->path, "--standby", NULL};
    int ends[2], files[2], failed;

    if (nothing < 0 || mo_standby_open(ends))
        return -1;
    files[0] = ends[1];
    files[1] = nothing;
    failed = tool_spawn(&t->pid, arguments, files, 2);
    close(ends[1]);
    if (failed)
        close(ends[0]);
    else
        t->standby = ends[0];
    return failed;
}

static bool
stands_by(struct tool *t)
{
    int nothing;

    if (t->standby >= 0 || !STANDS_BY || t->refuses)
        return t->standby >= 0;
    nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (spawn_standby(t, nothing) == 0 && answer(t) != 0) {
        end_standby(t);
        t->refuses = true;
    }
    if (nothing >= 0)
        close(nothing);
    return t->standby >= 0;
}

int
tool_ask(struct tool *t, const struct mo_task *task, pid_t *pid)
{
    if (!stands_by(t))
        return -1;
    if (t->n == MAX_ASKED)
        take_answer(t);
    if (mo_standby_ask(t->standby, task)) {
        if (errno != E2BIG && errno != EAGAIN)
            end_standby(t); /* it has ended; the next will find another */
        return -1;
    }
    *pid = PROCESS_ASKED;
    t->asked[(t->first + t->n++) % MAX_ASKED] = pid;
    return 0;
}

void
tool_await(struct tool *t, const pid_t *pid)
{
    while (*pid == PROCESS_ASKED)
        take_answer(t);
}

bool
tool_has_answered(struct tool *t, const pid_t *pid)
{
    struct pollfd end = {.fd = t->standby, .events = POLLIN};

    while (*pid == PROCESS_ASKED && poll(&end, 1, 0) > 0)
        take_answer(t);
    return *pid != PROCESS_ASKED;
}

void
tool_dismiss(struct tool *t)
{
    if (t->standby >= 0)
        kill(t->pid, SIGKILL);
    end_standby(t);
}

void
tool_free(struct tool *t)
{
    if (!t)
        return;
    end_standby(t);
    free(t->name);
    free(t->path);
    free(t);
}
