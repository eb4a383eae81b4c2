#include <moisson/standby.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "flow/flowing.h"

/* What goes over the socket, beside the files. */
struct message {
    size_t n_bounds, n_arguments, n; /* bytes of the text */
    struct mo_bound bounds[MO_STANDBY_BOUNDS];
    char text[MO_STANDBY_TEXT]; /* the arguments, each up to its NUL */
};

union control {
    struct cmsghdr header;
    char room[CMSG_SPACE(MO_STANDBY_FILES * sizeof(int))];
};

/* ---- Asking ---- */

int
mo_standby_open(int ends[2])
{
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
}

static int
write_message(const struct mo_task *task, struct message *m)
{
    m->n_bounds = task->n_bounds;
    m->n_arguments = m->n = 0;
    if (task->n_bounds > MO_STANDBY_BOUNDS)
        return -1;
    memcpy(m->bounds, task->bounds, task->n_bounds * sizeof *m->bounds);
    for (const char *const *word = task->arguments; *word; ++word) {
        size_t n = strlen(*word) + 1;

        if (n > sizeof m->text - m->n || m->n_arguments == MO_STANDBY_ARGUMENTS)
            return -1;
        memcpy(m->text + m->n, *word, n);
        m->n += n;
        ++m->n_arguments;
    }
    return 0;
}

int
mo_standby_ask(int end, const struct mo_task *task)
{
    struct message message;
    union control control = {.header = {.cmsg_len = CMSG_LEN(sizeof task->files),
                                 .cmsg_level = SOL_SOCKET,
                                 .cmsg_type = SCM_RIGHTS}};
    struct iovec bytes = {.iov_base = &message};
    struct msghdr what = {.msg_iov = &bytes,
        .msg_iovlen = 1,
        .msg_control = &control,
        .msg_controllen = sizeof control};

    if (write_message(task, &message)) {
        errno = E2BIG;
        return -1;
    }
    bytes.iov_len = offsetof(struct message, text) + message.n;
    memcpy(CMSG_DATA(&control.header), task->files, sizeof task->files);
    return sendmsg(end, &what, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -1 : 0;
}

int
mo_standby_answer(int end)
{
    int number;
    ssize_t n;

    do
        n = read(end, &number, sizeof number);
    while (n < 0 && errno == EINTR);
    if (n == sizeof number && number >= 0)
        return number;
    if (n >= 0)
        errno = n == sizeof number ? -number : EPIPE;
    return -1;
}

/* ---- Standing by ---- */

/* Whether `n` bytes of it came, and hold what they say. */
static bool
is_whole(const struct message *m, size_t n)
{
    size_t words = 0;

    if (n < offsetof(struct message, text) ||
        m->n != n - offsetof(struct message, text) || m->n_bounds > MO_STANDBY_BOUNDS ||
        m->n_arguments > MO_STANDBY_ARGUMENTS)
        return false;
    for (size_t i = 0; i < m->n; ++i)
        words += m->text[i] == '\0';
    return words == m->n_arguments && words > 0 && m->text[m->n - 1] == '\0';
}

/* 1 with a task; 0 at the end; -1 with errno set, EBADMSG when that is no task. */
static int
receive(struct message *m, int files[MO_STANDBY_FILES])
{
    union control control;
    struct iovec bytes = {.iov_base = m, .iov_len = sizeof *m};
    struct msghdr what = {.msg_iov = &bytes,
        .msg_iovlen = 1,
        .msg_control = &control,
        .msg_controllen = sizeof control};
    const struct cmsghdr *header;
    ssize_t n;

    do
        n = recvmsg(STDIN_FILENO, &what, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    if (n < 0 && errno == ECONNRESET) /* who asked has gone, before it took all answers */
        n = 0;
    if (n <= 0)
        return (int)n;
    errno = EBADMSG;
    header = CMSG_FIRSTHDR(&what);
    if (!is_whole(m, (size_t)n) || !header || header->cmsg_type != SCM_RIGHTS ||
        header->cmsg_len != CMSG_LEN(MO_STANDBY_FILES * sizeof(int)))
        return -1;
    memcpy(files, CMSG_DATA(header), MO_STANDBY_FILES * sizeof(int));
    return 1;
}

/* A process like this one, whose parent is ours. It has no threads that could be missed. */
static int
clone_beside(void)
{
    return (int)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);
}

/* First out of the way of each other. */
static int
take_files(int files[MO_STANDBY_FILES])
{
    for (int i = 0; i < MO_STANDBY_FILES; ++i) {
        files[i] = fcntl(files[i], F_DUPFD_CLOEXEC, MO_STANDBY_FILES);
        if (files[i] < 0)
            return -1;
    }
    for (int i = 0; i < MO_STANDBY_FILES; ++i)
        if (dup2(files[i], i) < 0)
            return -1;
    close_range(MO_STANDBY_FILES, ~0U, 0);
    return 0;
}

/* What is bounded lower stays so. */
static int
set_bounds(const struct mo_bound *bounds, size_t n)
{
    for (size_t i = 0; i < n; ++i) {
        unsigned resource = (unsigned)bounds[i].resource;
        struct rlimit limit;

        if (getrlimit(resource, &limit))
            return -1;
        if (limit.rlim_max > (rlim_t)bounds[i].most)
            limit.rlim_cur = limit.rlim_max = (rlim_t)bounds[i].most;
        if (setrlimit(resource, &limit))
            return -1;
    }
    return 0;
}

static int
prepare(const struct message *m, int files[MO_STANDBY_FILES])
{
    setpgid(0, 0);
    return take_files(files) || set_bounds(m->bounds, m->n_bounds) ? -1 : 0;
}

static int
carry_out(struct message *m, mo_flow_work *work, void *ctx)
{
    char *arguments[MO_STANDBY_ARGUMENTS + 1] = {NULL}, *at = m->text;

    for (size_t i = 0; i < m->n_arguments; ++i) {
        arguments[i] = at;
        at += strlen(at) + 1;
    }
    return work(ctx, (int)m->n_arguments, arguments);
}

static int
answer(int number)
{
    return send(STDIN_FILENO, &number, sizeof number, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

int
mo_flow_stand_by(mo_flow_work *work, void *ctx)
{
    struct message message;
    int files[MO_STANDBY_FILES], came = answer(0);

    while (came == 0 && (came = receive(&message, files)) > 0) {
        int pid = clone_beside();

        if (pid == 0)
            _exit(prepare(&message, files) ? MO_EXIT_TROUBLE
                                           : carry_out(&message, work, ctx));
        if (pid < 0)
            pid = -errno;
        for (int i = 0; i < MO_STANDBY_FILES; ++i)
            close(files[i]);
        came = answer(pid);
    }
    return came;
}
