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

/* Blocks of Unicode that hold the letters of scripts, of which the table has none. */
static bool
is_of_other_script(uint32_t c)
{
    static const uint32_t blocks[][2] = {{0x530, 0x1CFF}, {0x2C00, 0x2C5F},
        {0x2C80, 0x2DDF}, {0x2E80, 0x2FDF}, {0x3005, 0x3007}, {0x3021, 0x3029},
        {0x3031, 0x3035}, {0x3041, 0xA63F}, {0xA6A0, 0xA6FF}, {0xA800, 0xAB2F},
        {0xAB70, 0xD7FF}, {0xF900, 0xFAFF}, {0xFB07, 0xFDFF}, {0xFE70, 0xFEFE},
        {0xFF66, 0xFFDC}, {0x10000, 0x1CFFF}, {0x1E000, 0x1EFFF}, {0x20000, 0x3FFFF}};

    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; ++i)
        if (c >= blocks[i][0] && c <= blocks[i][1])
            return true;
    return false;
}

/* Pictographs and what varies them: nothing stands for these. */
static bool
is_pictograph(uint32_t c)
{
    return c >= 0x1F000 && c <= 0x1FAFF;
}

bool
mo_slug(const struct mo_values *v, struct mo_str text, struct mo_buf *out)
{
    size_t from = out->n, at = 0;
    bool gap = false, whole = true;

    while (at < text.n) {
        struct mo_str ascii;
        uint32_t c;

        if ((unsigned char)text.p[at] < 0x80) {
            put(out, from, text.p[at++], &gap);
            continue;
        }
        c = mo_utf8_next(text, &at);
        ascii = mo_ascii_of(v, c);
        for (size_t i = 0; i < ascii.n; ++i)
            put(out, from, ascii.p[i], &gap);
        if (ascii.p || is_pictograph(c))
            continue;
        gap = true;
        whole = whole && !is_of_other_script(c);
    }
    return whole;
}
