/* What stands at the head of a text, in ASCII. */
#ifndef MO_BASE_SCAN_H
#define MO_BASE_SCAN_H

#include <moisson/str.h>

#include "base/ctype.h"

/* How many digits it begins with. */
static inline size_t
mo_scan_digits(struct mo_str s)
{
    size_t n = 0;

    while (n < s.n && mo_is_digit(s.p[n]))
        ++n;
    return n;
}

static inline void
mo_scan_space(struct mo_str *s)
{
    while (s->n && mo_is_space(s->p[0]))
        *s = mo_str_from(*s, 1);
}

/* Past white space, then past `c`; false when that is not there. */
static inline bool
mo_scan_eat(struct mo_str *s, char c)
{
    mo_scan_space(s);
    if (s->n == 0 || s->p[0] != c)
        return false;
    *s = mo_str_from(*s, 1);
    return true;
}

/* Whether it is bytes in hexadecimal, at least one. */
static inline bool
mo_scan_is_hex(struct mo_str s)
{
    for (size_t i = 0; i < s.n; ++i)
        if (mo_hex_digit(s.p[i]) < 0)
            return false;
    return s.n > 0 && s.n % 2 == 0;
}

#endif
