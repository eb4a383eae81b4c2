/*
 * Borrowed bytes: a pointer and a length, not NUL-terminated, valid for as long
 * as their owner says. Text is UTF-8 unless a header says otherwise.
 */
#ifndef MOISSON_STR_H
#define MOISSON_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Functions that the shared library shows; everything else stays hidden in it. */
#if defined(__GNUC__)
#define MO_API __attribute__((visibility("default")))
#else
#define MO_API
#endif

struct mo_str {
    const char *p;
    size_t n; /* bytes */
};

/* Print with "%.*s": printf(MO_FMT, MO_ARG(text)). Cut at INT_MAX bytes. */
#define MO_FMT "%.*s"
#define MO_ARG(s) (int)((s).n > 0x7fffffff ? 0x7fffffff : (s).n), (s).p

static inline struct mo_str
mo_str_n(const char *p, size_t n)
{
    struct mo_str s = {p, n};

    return s;
}

/* NULL gives the empty text. */
static inline struct mo_str
mo_str(const char *c_string)
{
    return mo_str_n(c_string, c_string ? strlen(c_string) : 0);
}

static inline bool
mo_str_eq(struct mo_str a, struct mo_str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool
mo_str_is(struct mo_str a, const char *c_string)
{
    return mo_str_eq(a, mo_str(c_string));
}

static inline bool
mo_str_starts(struct mo_str s, struct mo_str head)
{
    return s.n >= head.n && (head.n == 0 || memcmp(s.p, head.p, head.n) == 0);
}

static inline bool
mo_str_ends(struct mo_str s, struct mo_str tail)
{
    return s.n >= tail.n &&
           (tail.n == 0 || memcmp(s.p + s.n - tail.n, tail.p, tail.n) == 0);
}

/* What is left after `n` bytes; the empty text when there are fewer. */
static inline struct mo_str
mo_str_from(struct mo_str s, size_t n)
{
    if (n < s.n)
        return mo_str_n(s.p + n, s.n - n);
    return mo_str_n(s.n ? s.p + s.n : s.p, 0);
}

/* Order of bytes, which for UTF-8 is the order of code points. */
MO_API int mo_str_cmp(struct mo_str a, struct mo_str b);

/* Order and equality with A-Z taken as a-z; other letters as they are. */
MO_API bool mo_str_eq_nocase(struct mo_str a, struct mo_str b);

/* Offset of the first `needle` in `s` at or after `from`, or s.n. */
MO_API size_t mo_str_find(struct mo_str s, struct mo_str needle, size_t from);

/* Without the ASCII white space around it. */
MO_API struct mo_str mo_str_trim(struct mo_str s);

/* Whether it holds nothing but XML white space (space, tab, CR, LF). */
MO_API bool mo_str_blank(struct mo_str s);

#ifdef __cplusplus
}
#endif

#endif
