#include <moisson/text.h>

#include "dcat/values_impl.h"

enum { CHUNK = 128 };

/* A slug in the making. */
struct slug {
    struct mo_buf *out;
    bool any, gap; /* a letter was put; and something between words since */
    size_t n;
    char chunk[CHUNK]; /* what is not in `out` yet */
};

static void
flush(struct slug *s)
{
    if (s->n)
        mo_buf_add(s->out, s->chunk, s->n);
    s->n = 0;
}

/* What the characters of ASCII are in a slug: a gap between words is "-", nothing a NUL. */
static const char letters[] = "--------------------------------"
                              "-------\0--------0123456789------"
                              "-abcdefghijklmnopqrstuvwxyz-----"
                              "-abcdefghijklmnopqrstuvwxyz-----";

/* ASCII of the transliteration, up to what is not; the rest of `text`. */
static struct mo_str
put(struct slug *s, struct mo_str text)
{
    size_t i = 0, n = s->n;
    bool any = s->any, gap = s->gap;

    for (; i < text.n && (unsigned char)text.p[i] < 0x80; ++i) {
        char c = letters[(unsigned char)text.p[i]];

        if (c <= '-') {
            gap = gap || c;
            continue;
        }
        if (n > CHUNK - 2) {
            s->n = n;
            flush(s);
            n = 0;
        }
        s->chunk[n] = '-';
        n += gap && any;
        s->chunk[n++] = c;
        gap = false;
        any = true;
    }
    s->n = n;
    s->any = any;
    s->gap = gap;
    return mo_str_from(text, i);
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
    struct slug slug = {.out = out, .any = false, .gap = false, .n = 0};
    bool whole = true;

    while ((text = put(&slug, text)).n) {
        size_t at = 0;
        uint32_t c = mo_utf8_next(text, &at);
        struct mo_str ascii = mo_ascii_of(v, c);

        put(&slug, ascii);
        text = mo_str_from(text, at);
        if (ascii.p || is_pictograph(c))
            continue;
        slug.gap = true;
        whole = whole && !is_of_other_script(c);
    }
    flush(&slug);
    return whole;
}
