#include <moisson/str.h>

#include "ctype.h"

/* Bytes from which on preparing a search pays, where the first byte of what is looked for is common. */
enum { LONG = 1024, COMMON = 16 };

int
mo_str_cmp(struct mo_str a, struct mo_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;

    return order ? order : (a.n > b.n) - (a.n < b.n);
}

bool
mo_str_eq_nocase(struct mo_str a, struct mo_str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; ++i)
        if (mo_lower(a.p[i]) != mo_lower(b.p[i]))
            return false;
    return true;
}

size_t
mo_str_find(struct mo_str s, struct mo_str needle, size_t from)
{
    const char *hit;

    if (needle.n == 0)
        return from < s.n ? from : s.n;
    for (size_t misses = 0; from + needle.n <= s.n; ++misses) {
        if (misses >= COMMON && s.n - from > LONG) {
            hit = memmem(s.p + from, s.n - from, needle.p, needle.n);
            return hit ? (size_t)(hit - s.p) : s.n;
        }
        hit = memchr(s.p + from, needle.p[0], s.n - needle.n - from + 1);
        if (!hit)
            break;
        if (memcmp(hit, needle.p, needle.n) == 0)
            return (size_t)(hit - s.p);
        from = (size_t)(hit - s.p) + 1;
    }
    return s.n;
}

struct mo_str
mo_str_trim(struct mo_str s)
{
    while (s.n && mo_is_space(s.p[0])) {
        ++s.p;
        --s.n;
    }
    while (s.n && mo_is_space(s.p[s.n - 1]))
        --s.n;
    return s;
}

bool
mo_str_blank(struct mo_str s)
{
    for (size_t i = 0; i < s.n; ++i)
        if (s.p[i] != ' ' && s.p[i] != '\n' && s.p[i] != '\t' && s.p[i] != '\r')
            return false;
    return true;
}
