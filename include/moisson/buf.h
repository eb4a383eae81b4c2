/*
 * A growing run of bytes that cannot be made without a ceiling.
 *
 * `p` is NULL until something is put in, then NUL-terminated. Once an addition
 * would pass the ceiling, or memory is short, `failed` is set, that addition and
 * all later ones are refused, and what was there stays as it was: callers may put
 * many pieces and look once.
 */
#ifndef MOISSON_BUF_H
#define MOISSON_BUF_H

#include <stdint.h>

#include <moisson/str.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mo_buf {
    char *p;
    size_t n;   /* bytes in use */
    size_t cap; /* bytes allocated */
    size_t max; /* ceiling of n */
    bool failed;
};

MO_API void mo_buf_init(struct mo_buf *buf, size_t max);

/*
 * A buffer in memory of yours, `size` bytes, which it never leaves: what does not fit
 * fails. It needs no mo_buf_done.
 */
static inline void
mo_buf_fixed(struct mo_buf *buf, char *memory, size_t size)
{
    buf->p = memory;
    buf->n = 0;
    buf->cap = size;
    buf->max = size - 1;
    buf->failed = false;
    memory[0] = '\0';
}

/* Releases the memory; the buffer is empty and usable again. */
MO_API void mo_buf_done(struct mo_buf *buf);

/* Empty, with its memory kept; `failed` is cleared. */
MO_API void mo_buf_clear(struct mo_buf *buf);

/* Room for `more` bytes behind the contents. 0, or -1 with `failed` set. */
MO_API int mo_buf_reserve(struct mo_buf *buf, size_t more);

MO_API int mo_buf_printf(struct mo_buf *buf, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* Drop the first `n` bytes (all when there are fewer). */
MO_API void mo_buf_shift(struct mo_buf *buf, size_t n);

/* Append the number in decimal digits. */
MO_API int mo_buf_number(struct mo_buf *buf, uint64_t number);

/* Append what `piece` holds, and release it; if it failed, so does `buf`. */
MO_API void mo_buf_join(struct mo_buf *buf, struct mo_buf *piece);

/* The memory of the contents, NUL-terminated, is yours to free(); the buffer is empty. */
MO_API char *mo_buf_take(struct mo_buf *buf);

/* Append `n` bytes. 0, or -1 with `failed` set. */
static inline int
mo_buf_add(struct mo_buf *buf, const void *bytes, size_t n)
{
    if ((buf->failed || buf->cap - buf->n <= n || n > buf->max - buf->n) &&
        mo_buf_reserve(buf, n))
        return -1;
    if (n)
        memcpy(buf->p + buf->n, bytes, n);
    buf->n += n;
    buf->p[buf->n] = '\0';
    return 0;
}

static inline int
mo_buf_str(struct mo_buf *buf, struct mo_str s)
{
    return mo_buf_add(buf, s.p, s.n);
}

static inline int
mo_buf_c(struct mo_buf *buf, const char *c_string)
{
    return mo_buf_add(buf, c_string, strlen(c_string));
}

static inline int
mo_buf_byte(struct mo_buf *buf, char c)
{
    return mo_buf_add(buf, &c, 1);
}

static inline struct mo_str
mo_buf_view(const struct mo_buf *buf)
{
    return mo_str_n(buf->p, buf->n);
}

#ifdef __cplusplus
}
#endif

#endif
