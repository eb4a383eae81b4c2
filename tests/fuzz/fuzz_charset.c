/*
 * The name of a character set in the first line, bytes in it behind: UTF-8 comes out, the same
 * however the bytes came in. And what is said of UTF-8 agrees.
 */
#include "fuzz.h"

static bool
decode(struct mo_str charset, struct mo_str rest, uint64_t dice, struct mo_buf *out,
    size_t *invalid)
{
    struct mo_decoder *decoder = mo_decoder_new(charset, true);
    int failed = 0;

    mo_buf_init(out, FUZZ_MAX);
    if (!decoder)
        return false;
    while (!failed && dice && rest.n) {
        struct mo_str chunk = fuzz_chunk(&dice, &rest);

        failed = mo_decoder_push(decoder, chunk, false, out);
        MUST(mo_utf8_bad(mo_buf_view(out)) == out->n);
    }
    failed = failed || mo_decoder_push(decoder, rest, true, out);
    *invalid = mo_decoder_invalid(decoder);
    mo_decoder_free(decoder);
    MUST(!failed && mo_utf8_bad(mo_buf_view(out)) == out->n);
    return true;
}

static void
check_utf8(struct mo_str text)
{
    size_t length = 0, good = mo_utf8_bad(text);
    struct mo_buf mended;
    char bytes[4];

    MUST(good <= text.n);
    for (size_t at = 0; at < text.n; ++length) {
        size_t from = at;
        uint32_t c = mo_utf8_next(text, &at);

        MUST(at > from && at <= text.n);
        if (at <= good)
            MUST_EQUAL(mo_str_n(bytes, mo_utf8_put(c, bytes)),
                mo_str_n(text.p + from, at - from));
        if (good == text.n)
            MUST(mo_utf8_head(text, length).n == from);
    }
    fuzz_text(&mended, text);
    MUST(mo_utf8_bad(mo_buf_view(&mended)) == mended.n);
    MUST(mo_utf8_length(mo_buf_view(&mended)) == length);
    MUST(mo_utf8_head(mo_buf_view(&mended), length).n == mended.n);
    if (good == text.n)
        MUST_EQUAL(mo_buf_view(&mended), text);
    mo_buf_done(&mended);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mo_str rest = fuzz_str(data, size), charset = fuzz_line(&rest);
    struct mo_buf whole, pieces;
    size_t invalid = 0, invalid_too = 0;

    check_utf8(mo_str_n(rest.p, rest.n < 1000 ? rest.n : 1000));
    if (decode(charset, rest, 0, &whole, &invalid)) {
        MUST(decode(charset, rest, fuzz_seed(rest) | 1, &pieces, &invalid_too));
        MUST_EQUAL(mo_buf_view(&whole), mo_buf_view(&pieces));
        MUST(invalid == invalid_too);
        mo_buf_done(&pieces);
    }
    mo_buf_done(&whole);
    return 0;
}
