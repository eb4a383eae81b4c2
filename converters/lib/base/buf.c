#include <moisson/buf.h>

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

void
mo_buf_init(struct mo_buf *buf, size_t max)
{
    memset(buf, 0, sizeof *buf);
    buf->max = max < SIZE_MAX / 4 ? max : SIZE_MAX / 4;
}

void
mo_buf_done(struct mo_buf *buf)
{
    free(buf->p);
    mo_buf_init(buf, buf->max);
}

void
mo_buf_clear(struct mo_buf *buf)
{
    buf->n = 0;
    buf->failed = false;
    if (buf->p)
        buf->p[0] = '\0';
}

int
mo_buf_reserve(struct mo_buf *buf, size_t more)
{
    size_t cap = buf->cap ? buf->cap : 128;
    char *p;

    if (buf->failed || more > buf->max || buf->n > buf->max - more) {
        buf->failed = true;
        return -1;
    }
    if (buf->n + more < buf->cap)
        return 0;
    while (cap <= buf->n + more)
        cap *= 2;
    if (cap > buf->max + 1)
        cap = buf->max + 1;
    p = realloc(buf->p, cap);
    if (!p) {
        buf->failed = true;
        return -1;
    }
    buf->p = p;
    buf->cap = cap;
    buf->p[buf->n] = '\0';
    return 0;
}

int
mo_buf_number(struct mo_buf *buf, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;

    do
        digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    return mo_buf_add(buf, digits + at, sizeof digits - at);
}

int
mo_buf_printf(struct mo_buf *buf, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0 || mo_buf_reserve(buf, (size_t)n)) {
        buf->failed = true;
        return -1;
    }
    va_start(args, format);
    vsnprintf(buf->p + buf->n, (size_t)n + 1, format, args);
    va_end(args);
    buf->n += (size_t)n;
    return 0;
}

void
mo_buf_shift(struct mo_buf *buf, size_t n)
{
    if (n >= buf->n) {
        buf->n = 0;
    } else if (n) {
        memmove(buf->p, buf->p + n, buf->n - n);
        buf->n -= n;
    }
    if (buf->p)
        buf->p[buf->n] = '\0';
}

void
mo_buf_join(struct mo_buf *buf, struct mo_buf *piece)
{
    mo_buf_add(buf, piece->p, piece->n);
    buf->failed = buf->failed || piece->failed;
    mo_buf_done(piece);
}

char *
mo_buf_take(struct mo_buf *buf)
{
    char *p = mo_buf_reserve(buf, 0) ? NULL : buf->p;

    if (p)
        mo_buf_init(buf, buf->max);
    return p;
}
