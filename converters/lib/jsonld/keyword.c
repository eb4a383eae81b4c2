#include "jsonld/keyword.h"

#include "base/ctype.h"

enum mo_keyword
mo_keyword(struct mo_str text)
{
    static const char *const names[MO_KW_COUNT] = {
#define X(id, name) [MO_KW_##id] = name,
        MO_KEYWORDS(X)
#undef X
    };

    if (text.n == 0 || text.p[0] != '@')
        return MO_KW_NOT_ONE;
    for (int i = MO_KW_NOT_ONE + 1; i < MO_KW_COUNT; ++i)
        if (mo_str_is(text, names[i]))
            return (enum mo_keyword)i;
    return MO_KW_NOT_ONE;
}

bool
mo_keyword_like(struct mo_str text)
{
    size_t n = 1;

    if (text.n < 2 || text.p[0] != '@')
        return false;
    while (n < text.n && mo_is_alpha(text.p[n]))
        ++n;
    return n == text.n;
}
