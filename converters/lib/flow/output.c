#include "flow/flow.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HELD = 64 << 10, MAX_FILE = 256 << 20 };

int
mo_output_open(struct mo_output *o, const char *name)
{
    size_t n;
    struct stat st;

    memset(o, 0, sizeof *o);
    mo_buf_init(&o->held, 4 * HELD);
    if (!name || strcmp(name, "-") == 0) {
        o->fd = STDOUT_FILENO;
        return 0;
    }
    o->name = name;
    if (stat(name, &st) == 0 && !S_ISREG(st.st_mode)) { /* /dev/null, a pipe */
        o->fd = open(name, O_WRONLY | O_CLOEXEC);
        return o->fd < 0 ? -1 : 0;
    }
    n = strlen(name) + sizeof ".XXXXXX";
    o->memory = malloc(n);
    if (!o->memory)
        return -1;
    snprintf(o->memory, n, "%s.XXXXXX", name);
    o->fd = mkstemp(o->memory);
    if (o->fd < 0)
        return -1;
    o->beside = o->memory;
    n = (size_t)umask(0);
    umask((mode_t)n);
    fchmod(o->fd, 0666 & ~(mode_t)n);
    fcntl(o->fd, F_SETFD, FD_CLOEXEC);
    return 0;
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

    if (o->held.n + bytes.n < HELD)
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
    if (o->fd > STDERR_FILENO || o->name)
        failed = (close(o->fd) && keep) || failed;
    if (o->beside && keep && !failed)
        failed = rename(o->beside, o->name);
    if (o->beside && (!keep || failed))
        unlink(o->beside);
    free(o->memory);
    o->memory = NULL;
    o->beside = NULL;
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
