#include <moisson/text.h>

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

struct mo_decoder {
    iconv_t cd;
    size_t invalid;
    bool utf8;    /* what is well-formed needs no conversion */
    bool lenient; /* it says ISO-8859-1, and is read as Windows-1252 */
    size_t controls;
    size_t in_utf8;   /* characters beyond ASCII that the bytes would be in UTF-8 */
    unsigned to_come; /* bytes of the one in hand */
    bool not_utf8;    /* they are none, or it is said */
    char held[8];     /* a character whose bytes have not all come yet */
    size_t n_held;
};

bool
mo_charset_is_utf8(struct mo_str charset)
{
    return charset.n == 0 || mo_str_eq_nocase(charset, mo_str("utf-8")) ||
           mo_str_eq_nocase(charset, mo_str("utf8")) ||
           mo_str_eq_nocase(charset, mo_str("us-ascii"));
}

/* What the XML declaration says, or empty. XML 1.0, 2.8 */
static struct mo_str
declared_charset(struct mo_str s)
{
    char quote;

    s = mo_str_trim(s);
    if (!mo_str_starts(s, mo_str("<?xml")))
        return mo_str("");
    s = mo_str_n(s.p, mo_str_find(s, mo_str("?>"), 0));
    s = mo_str_trim(mo_str_from(s, mo_str_find(s, mo_str("encoding"), 0) + 8));
    if (s.n == 0 || s.p[0] != '=')
        return mo_str("");
    s = mo_str_trim(mo_str_from(s, 1));
    quote = s.n ? s.p[0] : '\0';
    if (quote != '"' && quote != '\'')
        return mo_str("");
    s = mo_str_from(s, 1);
    return mo_str_n(s.p, mo_str_find(s, mo_str_n(&quote, 1), 0));
}

struct mo_told
mo_charset_told(struct mo_str head)
{
    static const struct {
        struct mo_str bytes;
        const char *charset;
        size_t mark;
    } heads[] = {
        {{"\xEF\xBB\xBF", 3}, "UTF-8", 3},
        {{"\xFF\xFE\0\0", 4}, "UTF-32LE", 4},
        {{"\0\0\xFE\xFF", 4}, "UTF-32BE", 4},
        {{"\xFE\xFF", 2}, "UTF-16BE", 2},
        {{"\xFF\xFE", 2}, "UTF-16LE", 2},
    };

    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; ++i)
        if (mo_str_starts(head, heads[i].bytes))
            return (struct mo_told){mo_str(heads[i].charset), heads[i].mark, true};
    /* What XML and JSON begin with is ASCII, so its other halves are zero. */
    if (head.n >= 4 && head.p[0] == '\0' && head.p[1] && head.p[2] == '\0' && head.p[3])
        return (struct mo_told){mo_str("UTF-16BE"), 0, true};
    if (head.n >= 4 && head.p[0] && head.p[1] == '\0' && head.p[2] && head.p[3] == '\0')
        return (struct mo_told){mo_str("UTF-16LE"), 0, true};
    return (struct mo_told){declared_charset(head), 0, false};
}

bool
mo_charset_is_wide(struct mo_str charset)
{
    static const char *const heads[] = {"UTF-16", "UTF16", "UTF-32", "UCS-2", "UCS-4"};

    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; ++i) {
        size_t n = strlen(heads[i]);

        if (charset.n >= n && mo_str_eq_nocase(mo_str_n(charset.p, n), mo_str(heads[i])))
            return true;
    }
    return false;
}

static bool
is_latin1(struct mo_str charset)
{
    return mo_str_eq_nocase(charset, mo_str("iso-8859-1")) ||
           mo_str_eq_nocase(charset, mo_str("latin1")) ||
           mo_str_eq_nocase(charset, mo_str("iso_8859-1"));
}

struct mo_decoder *
mo_decoder_new(struct mo_str charset, bool strict)
{
    struct mo_decoder *decoder;
    bool lenient = !strict && is_latin1(charset);
    char name[64];

    if (lenient)
        charset = mo_str("WINDOWS-1252");
    if (charset.n == 0 || charset.n >= sizeof name || memchr(charset.p, '/', charset.n))
        return NULL;
    memcpy(name, charset.p, charset.n);
    name[charset.n] = '\0';
    decoder = calloc(1, sizeof *decoder);
    if (!decoder)
        return NULL;
    decoder->lenient = lenient;
    decoder->not_utf8 = mo_charset_is_utf8(charset); /* that is no news */
    decoder->utf8 = decoder->not_utf8 && !mo_str_eq_nocase(charset, mo_str("us-ascii"));
    decoder->cd = iconv_open("UTF-8", name);
    if (decoder->cd == (iconv_t)-1) {
        free(decoder);
        return NULL;
    }
    return decoder;
}

void
mo_decoder_free(struct mo_decoder *decoder)
{
    if (!decoder)
        return;
    iconv_close(decoder->cd);
    free(decoder);
}

size_t
mo_decoder_invalid(const struct mo_decoder *decoder)
{
    return decoder->invalid;
}

/* Some iconv know characters that Unicode does not have: mend what stands from `from` on. */
static int
mend(struct mo_decoder *decoder, struct mo_buf *out, size_t from)
{
    struct mo_str fresh = mo_str_from(mo_buf_view(out), from);
    size_t good = mo_utf8_bad(fresh);
    struct mo_buf mended;

    if (good == fresh.n)
        return 0;
    mo_buf_init(&mended, out->max);
    while (fresh.n) {
        mo_buf_add(&mended, fresh.p, good);
        fresh = mo_str_from(fresh, good);
        if (fresh.n) {
            ++decoder->invalid;
            mo_buf_c(&mended, REPLACEMENT);
        }
        do
            fresh = mo_str_from(fresh, 1);
        while (fresh.n && ((unsigned char)fresh.p[0] & 0xC0) == 0x80);
        good = mo_utf8_bad(fresh);
    }
    out->n = from;
    mo_buf_join(out, &mended);
    return out->failed ? -1 : 0;
}

/* What a character set with states still holds back, at the end. */
static int
flush(struct mo_decoder *decoder, struct mo_buf *out)
{
    size_t room = sizeof decoder->held * 4;
    char *to;

    if (mo_buf_reserve(out, room))
        return -1;
    to = out->p + out->n;
    iconv(decoder->cd, NULL, NULL, &to, &room);
    out->n = (size_t)(to - out->p);
    out->p[out->n] = '\0';
    return 0;
}

size_t
mo_decoder_controls(const struct mo_decoder *decoder)
{
    return decoder->controls;
}

size_t
mo_decoder_in_utf8(const struct mo_decoder *decoder)
{
    return decoder->not_utf8 ? 0 : decoder->in_utf8;
}

/* Whether the bytes might be UTF-8 all the same. */
static void
look_for_utf8(struct mo_decoder *decoder, struct mo_str bytes)
{
    for (size_t i = 0; i < bytes.n && !decoder->not_utf8; ++i) {
        unsigned char c = (unsigned char)bytes.p[i];
        bool goes_on = c >= 0x80 && c < 0xC0;

        decoder->not_utf8 =
            goes_on != (decoder->to_come > 0) || c == 0xC0 || c == 0xC1 || c > 0xF4;
        if (goes_on)
            --decoder->to_come;
        else if (c >= 0xC0)
            decoder->to_come = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
        decoder->in_utf8 += goes_on && decoder->to_come == 0;
    }
}

/* A byte that is no character; but ISO-8859-1 has control codes where Windows-1252 has none. */
static int
put_wrong(struct mo_decoder *decoder, char byte, struct mo_buf *out)
{
    if (decoder->lenient)
        return mo_buf_add(out, (const char[]){'\xC2', byte}, 2);
    ++decoder->invalid;
    return mo_buf_c(out, REPLACEMENT);
}

/* Convert what can be; what is left of `bytes` is a character cut in two. */
static int
convert(struct mo_decoder *decoder, struct mo_str *bytes, struct mo_buf *out)
{
    size_t good = decoder->utf8 ? mo_utf8_bad(*bytes) : 0;
    char *in = (char *)bytes->p + good;
    size_t left = bytes->n - good, from;

    if (mo_buf_add(out, bytes->p, good))
        return -1;
    from = out->n;
    while (left) {
        char *to;
        size_t room, got;
        int error;

        if (mo_buf_reserve(out, 3 * left + 16))
            return -1;
        to = out->p + out->n;
        room = out->cap - out->n - 1;
        got = iconv(decoder->cd, &in, &left, &to, &room);
        error = errno;
        out->n = (size_t)(to - out->p);
        out->p[out->n] = '\0';
        if (got != (size_t)-1 || error == EINVAL)
            break;
        if (error == EILSEQ) {
            if (put_wrong(decoder, *in, out))
                return -1;
            ++in;
            --left;
        }
    }
    *bytes = mo_str_n(in, left);
    return mend(decoder, out, from);
}

int
mo_decoder_push(
    struct mo_decoder *decoder, struct mo_str bytes, bool last, struct mo_buf *out)
{
    for (size_t i = 0; decoder->lenient && i < bytes.n; ++i)
        decoder->controls += (bytes.p[i] & 0xE0) == 0x80;
    look_for_utf8(decoder, bytes);
    while (decoder->n_held && bytes.n) {
        struct mo_str held;

        decoder->held[decoder->n_held++] = bytes.p[0];
        bytes = mo_str_from(bytes, 1);
        held = mo_str_n(decoder->held, decoder->n_held);
        if (convert(decoder, &held, out))
            return -1;
        memmove(decoder->held, held.p, held.n);
        decoder->n_held = held.n;
    }
    if (convert(decoder, &bytes, out))
        return -1;
    if (bytes.n > sizeof decoder->held - 1)
        bytes.n = sizeof decoder->held - 1;
    if (bytes.n && decoder->n_held == 0) {
        memcpy(decoder->held, bytes.p, bytes.n);
        decoder->n_held = bytes.n;
    }
    if (last && flush(decoder, out))
        return -1;
    if (last && decoder->n_held) {
        ++decoder->invalid;
        decoder->n_held = 0;
        return mo_buf_c(out, REPLACEMENT);
    }
    return 0;
}
