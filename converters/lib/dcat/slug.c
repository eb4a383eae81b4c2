#include <moisson/text.h>

#include "base/ctype.h"
#include "dcat/values_impl.h"

/* One ASCII character of the transliteration. */
static void
put(struct mo_buf *out, size_t from, char c, bool *gap)
{
    if (c == '\'')
        return;
    c = mo_lower(c);
    if (!mo_is_alpha(c) && !mo_is_digit(c)) {
        *gap = true;
        return;
    }
    if (*gap && out->n > from)
        mo_buf_byte(out, '-');
    *gap = false;
    mo_buf_byte(out, c);
}

void
mo_slug(const struct mo_values *v, struct mo_str text, struct mo_buf *out)
{
    size_t from = out->n, at = 0;
    bool gap = false;

    while (at < text.n) {
        uint32_t c = mo_utf8_next(text, &at);
        struct mo_str ascii;

        if (c < 0x80) {
            put(out, from, (char)c, &gap);
            continue;
        }
        ascii = mo_ascii_of(v, c);
        for (size_t i = 0; i < ascii.n; ++i)
            put(out, from, ascii.p[i], &gap);
        if (!ascii.p)
            gap = true;
    }
}
