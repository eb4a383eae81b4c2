#include "base/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BUFFER = 256 << 10, AHEAD = 1 << 10 };

struct mo_spill {
    int fd;
    char *buffer; /* what is not written yet */
    size_t n;
    uint64_t flushed; /* bytes in the file */

    /* What was read last, and more behind it: it is asked for a head, then for a body. */
    char ahead[AHEAD];
    uint64_t ahead_at;
    size_t n_ahead;
};

struct mo_spill *
mo_spill_new(void)
{
    struct mo_spill *spill = calloc(1, sizeof *spill);

    if (spill)
        spill->fd = -1;
    return spill;
}

void
mo_spill_free(struct mo_spill *spill)
{
    if (!spill)
        return;
    if (spill->fd >= 0)
        close(spill->fd);
    free(spill->buffer);
    free(spill);
}

int
mo_spill_open(struct mo_spill *spill)
{
    const char *dir = getenv("TMPDIR");
    char name[4096];

    if (spill->fd >= 0)
        return 0;
    if (!dir || !dir[0])
        dir = "/tmp";
    if (snprintf(name, sizeof name, "%s/moisson.XXXXXX", dir) >= (int)sizeof name) {
        errno = ENAMETOOLONG;
        return -1;
    }
    spill->fd = mkstemp(name);
    if (spill->fd < 0)
        return -1;
    unlink(name);
    fcntl(spill->fd, F_SETFD, FD_CLOEXEC);
    return 0;
}

static int
write_all(int fd, const char *p, size_t n, uint64_t offset)
{
    while (n) {
        ssize_t wrote = pwrite(fd, p, n, (off_t)offset);

        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return -1;
        p += wrote;
        n -= (size_t)wrote;
        offset += (uint64_t)wrote;
    }
    return 0;
}

static int
flush(struct mo_spill *spill)
{
    if (mo_spill_open(spill) ||
        write_all(spill->fd, spill->buffer, spill->n, spill->flushed))
        return -1;
    spill->flushed += spill->n;
    spill->n = 0;
    return 0;
}

int
mo_spill_write(struct mo_spill *spill, struct mo_str bytes, uint64_t *offset)
{
    if (!spill->buffer && !(spill->buffer = malloc(BUFFER)))
        return -1;
    if (bytes.n > BUFFER - spill->n && flush(spill))
        return -1;
    *offset = spill->flushed + spill->n;
    if (bytes.n > BUFFER) {
        if (write_all(spill->fd, bytes.p, bytes.n, spill->flushed))
            return -1;
        spill->flushed += bytes.n;
    } else {
        memcpy(spill->buffer + spill->n, bytes.p, bytes.n);
        spill->n += bytes.n;
    }
    return 0;
}

static int
read_all(int fd, char *p, size_t n, uint64_t offset)
{
    while (n) {
        ssize_t got = pread(fd, p, n, (off_t)offset);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return -1;
        p += got;
        n -= (size_t)got;
        offset += (uint64_t)got;
    }
    return 0;
}

static bool
is_ahead(const struct mo_spill *spill, uint64_t offset, size_t n)
{
    return offset >= spill->ahead_at && n <= spill->n_ahead &&
           offset - spill->ahead_at <= spill->n_ahead - n;
}

/* `n` bytes that are in the file. */
static int
read_file(struct mo_spill *spill, uint64_t offset, char *to, size_t n)
{
    uint64_t left = spill->flushed - offset;

    if (n > AHEAD)
        return read_all(spill->fd, to, n, offset);
    if (!is_ahead(spill, offset, n)) {
        spill->ahead_at = offset;
        spill->n_ahead = 0;
        if (read_all(
                spill->fd, spill->ahead, left < AHEAD ? (size_t)left : AHEAD, offset))
            return -1;
        spill->n_ahead = left < AHEAD ? (size_t)left : AHEAD;
    }
    memcpy(to, spill->ahead + (offset - spill->ahead_at), n);
    return 0;
}

int
mo_spill_read(struct mo_spill *spill, uint64_t offset, void *bytes, size_t n)
{
    char *to = bytes;
    size_t filed = 0;

    if (offset > mo_spill_size(spill) || n > mo_spill_size(spill) - offset)
        return -1;
    if (offset < spill->flushed)
        filed = n < spill->flushed - offset ? n : (size_t)(spill->flushed - offset);
    if (filed && read_file(spill, offset, to, filed))
        return -1;
    if (n > filed)
        memcpy(to + filed, spill->buffer + (offset + filed - spill->flushed), n - filed);
    return 0;
}

uint64_t
mo_spill_size(const struct mo_spill *spill)
{
    return spill->flushed + spill->n;
}

void
mo_spill_reset(struct mo_spill *spill)
{
    spill->flushed = 0;
    spill->n = 0;
    spill->n_ahead = 0;
}
