#include <moisson/text.h>

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

struct mo_decoder {
    iconv_t cd;
    size_t invalid;
    bool lenient; /* it says ISO-8859-1, and is read as Windows-1252 */
    size_t controls;
    char held[8]; /* a character whose bytes have not all come yet */
    size_t n_held;
};

bool
mo_charset_is_utf8(struct mo_str charset)
{
    return charset.n == 0 || mo_str_eq_nocase(charset, mo_str("utf-8")) ||
           mo_str_eq_nocase(charset, mo_str("utf8")) ||
           mo_str_eq_nocase(charset, mo_str("us-ascii"));
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

/* Convert what can be; what is left of `bytes` is a character cut in two. */
static int
convert(struct mo_decoder *decoder, struct mo_str *bytes, struct mo_buf *out)
{
    char *in = (char *)bytes->p;
    size_t left = bytes->n, from = out->n;

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
            ++decoder->invalid;
            ++in;
            --left;
            if (mo_buf_c(out, REPLACEMENT))
                return -1;
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
