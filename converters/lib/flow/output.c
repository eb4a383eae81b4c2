#include "flow/flow.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HELD = 64 << 10, MUCH = 16 << 10, MAX_FILE = 256 << 20, PIPE_BYTES = 512 << 10 };

/* Something that is not to be replaced: a device, a pipe, or an open file's other name. */
static bool
is_written_in_place(const char *name)
{
    struct stat st;

    return strncmp(name, "/dev/", 5) == 0 || strncmp(name, "/proc/", 6) == 0 ||
           (stat(name, &st) == 0 && !S_ISREG(st.st_mode));
}

/* A new file beside the one of this name, or beside the one that a link leads to. */
static int
open_beside(struct mo_output *o, const char *name)
{
    char *target = realpath(name, NULL);
    size_t n;
    mode_t mask;

    o->target = target ? target : strdup(name);
    n = o->target ? strlen(o->target) + sizeof ".XXXXXX" : 0;
    o->beside = n ? malloc(n) : NULL;
    if (!o->beside)
        return -1;
    snprintf(o->beside, n, "%s.XXXXXX", o->target);
    o->fd = mkstemp(o->beside);
    if (o->fd < 0)
        return -1;
    mask = umask(0);
    umask(mask);
    fchmod(o->fd, 0666 & ~mask);
    fcntl(o->fd, F_SETFD, FD_CLOEXEC);
    return 0;
}

static void
forget_names(struct mo_output *o)
{
    free(o->target);
    free(o->beside);
    o->target = o->beside = NULL;
}

void
mo_output_widen(int fd)
{
#ifdef F_SETPIPE_SZ
    int bytes = fcntl(fd, F_GETPIPE_SZ);

    if (bytes >= 0 && bytes < PIPE_BYTES)
        fcntl(fd, F_SETPIPE_SZ, PIPE_BYTES);
#else
    (void)fd;
#endif
}

int
mo_output_open(struct mo_output *o, const char *name)
{
    int error;

    memset(o, 0, sizeof *o);
    mo_buf_init(&o->held, 4 * HELD);
    o->fd = STDOUT_FILENO;
    if (!name || strcmp(name, "-") == 0) {
        mo_output_widen(o->fd);
        return 0;
    }
    o->own = true;
    if (is_written_in_place(name)) {
        o->fd = open(name, O_WRONLY | O_APPEND | O_CLOEXEC);
        return o->fd < 0 ? -1 : 0;
    }
    if (open_beside(o, name) == 0)
        return 0;
    error = errno;
    forget_names(o);
    errno = error;
    return -1;
}

static int
write_all(struct mo_output *o, struct mo_str bytes)
{
    while (bytes.n && !o->failed) {
        ssize_t wrote = write(o->fd, bytes.p, bytes.n);

        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            o->failed = true;
        else
            bytes = mo_str_from(bytes, (size_t)wrote);
    }
    return o->failed ? -1 : 0;
}

int
mo_output_write(struct mo_output *o, struct mo_str bytes)
{
    int failed;

    if (bytes.n < MUCH && o->held.n + bytes.n < HELD)
        return mo_buf_str(&o->held, bytes);
    failed = write_all(o, mo_buf_view(&o->held)) || write_all(o, bytes);
    mo_buf_clear(&o->held);
    return failed ? -1 : 0;
}

int
mo_output_close(struct mo_output *o, bool keep)
{
    int failed = keep || !o->beside ? write_all(o, mo_buf_view(&o->held)) : 0;

    mo_buf_done(&o->held);
    if (o->own)
        failed = (close(o->fd) && keep) || failed;
    if (o->beside && keep && !failed)
        failed = rename(o->beside, o->target);
    if (o->beside && (!keep || failed))
        unlink(o->beside);
    forget_names(o);
    return failed ? -1 : 0;
}

bool
mo_same_file(const char *a, const char *b)
{
    struct stat x, y;

    if (strcmp(a, "-") == 0 || strcmp(b, "-") == 0)
        return strcmp(a, b) == 0;
    if (strcmp(a, b) == 0)
        return strcmp(a, "/dev/null") != 0;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && S_ISREG(x.st_mode) &&
           x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

int
mo_read_file(const char *name, struct mo_buf *out)
{
    char block[8192];
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    ssize_t got;

    if (fd < 0)
        return -1;
    while ((got = read(fd, block, sizeof block)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 || mo_buf_add(out, block, (size_t)got)) {
            int error = got < 0 ? errno : EFBIG;

            close(fd);
            errno = error;
            return -1;
        }
    }
    close(fd);
    return 0;
}
