#include "base/splitting.h"
#include "ctype.h"

size_t
mo_json_blank(struct mo_str s)
{
    size_t n = 0;

    for (;;) {
        struct mo_str rest = mo_str_from(s, n);

        if (rest.n && mo_is_space(rest.p[0]))
            ++n;
        else if (mo_str_starts(rest, mo_str("/*")) &&
                 mo_str_find(rest, mo_str("*/"), 2) < rest.n)
            n += mo_str_find(rest, mo_str("*/"), 2) + 2;
        else if (mo_str_starts(rest, mo_str("//")))
            n += mo_str_find(rest, mo_str("\n"), 0);
        else
            return n;
    }
}

/* Whether `s` may stand before JSON: against its use in other pages, a call, an assignment. */
static bool
is_javascript(struct mo_str s)
{
    static const char *const guards[] = {
        ")]}'", ")]}',", "while(1);", "while (1);", "for(;;);", "for (;;);"};

    s = mo_str_trim(s);
    for (size_t i = 0; i < sizeof guards / sizeof guards[0]; ++i)
        if (mo_str_is(s, guards[i]))
            return true;
    if (s.n == 0 || (s.p[s.n - 1] != '(' && s.p[s.n - 1] != '=') ||
        !(mo_is_alpha(s.p[0]) || s.p[0] == '_' || s.p[0] == '$'))
        return false;
    for (size_t i = 0; i < s.n; ++i)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == '<' || s.p[i] == '@')
            return false;
    return true;
}

size_t
mo_json_heading(struct mo_str head)
{
    size_t blank = mo_json_blank(head), n;
    struct mo_str s = mo_str_from(head, blank);

    if (s.n > MO_HEADING)
        s.n = MO_HEADING;
    for (n = 0; n < s.n && s.p[n] != '{' && s.p[n] != '['; ++n)
        ;
    return blank + (n < s.n && is_javascript(mo_str_n(s.p, n)) ? n : 0);
}
