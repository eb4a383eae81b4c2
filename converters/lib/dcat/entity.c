#include <moisson/text.h>

#include "base/ctype.h"
#include "dcat/values_impl.h"

enum { LONGEST_NAME = 12 };

const uint16_t mo_windows_1252[32] = {0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020,
    0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019,
    0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,
    0x017E, 0x0178};

/* "#233", "#xe9": the code, with `*i` at its end; 0: it is none. */
static uint32_t
numbered(struct mo_str s, size_t *i)
{
    bool hex = s.p[2] == 'x' || s.p[2] == 'X';
    uint32_t code = 0;

    for (*i = hex ? 3 : 2; *i < s.n && *i < 10 && s.p[*i] != ';'; ++*i) {
        int digit = mo_hex_digit(s.p[*i]);

        if (digit < 0 || (!hex && digit > 9))
            return 0;
        code = code * (hex ? 16 : 10) + (uint32_t)digit;
    }
    return code >= 0x80 && code < 0xA0 ? mo_windows_1252[code - 0x80] : code;
}

size_t
mo_reference(const struct mo_values *values, struct mo_str s, char utf8[4], size_t *n)
{
    size_t i = 1;
    uint32_t code;

    if (s.n > 2 && s.p[1] == '#') {
        code = numbered(s, &i);
    } else {
        while (
            i < s.n && i < LONGEST_NAME && (mo_is_alpha(s.p[i]) || mo_is_digit(s.p[i])))
            ++i;
        code = mo_entity(values, mo_str_n(s.p + 1, i - 1));
    }
    if (i >= s.n || s.p[i] != ';' || code < ' ' || code == 0x7F)
        return 0;
    *n = mo_utf8_put(code, utf8);
    return *n ? i + 1 : 0;
}
