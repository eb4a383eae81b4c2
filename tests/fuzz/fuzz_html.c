/* HTML to Markdown, which is done once for all; and the other readings of a text. */
#include "dcat/mend.h"
#include "fuzz.h"

static const struct mo_values *
values(void)
{
    static struct mo_values *made;

    if (!made)
        made = mo_values_new(fuzz_vocab());
    MUST(made);
    return made;
}

typedef enum mo_verdict mender(
    const struct mo_values *values, struct mo_str text, struct mo_buf *out);

/* What comes out has no tag, no control character, and is taken as it stands. */
static void
check_mended(mender *mend, struct mo_str text)
{
    struct mo_buf once, twice;
    enum mo_verdict verdict;

    mo_buf_init(&once, FUZZ_MAX);
    mo_buf_init(&twice, FUZZ_MAX);
    verdict = mend(values(), text, &once);
    MUST(!once.failed && mo_utf8_bad(mo_buf_view(&once)) == once.n);
    if (verdict == MO_DOUBTFUL || verdict == MO_NO)
        MUST_EQUAL(mo_buf_view(&once), text);
    if (verdict != MO_DOUBTFUL) {
        MUST(mend(values(), mo_buf_view(&once), &twice) == MO_NO);
        MUST_EQUAL(mo_buf_view(&once), mo_buf_view(&twice));
        for (size_t i = 0; i < once.n; ++i)
            MUST((unsigned char)once.p[i] >= ' ' || strchr("\t\n\r", once.p[i]));
        mo_buf_clear(&twice);
        mo_markdown(values(), mo_buf_view(&once), &twice);
        MUST_EQUAL(mo_buf_view(&once), mo_buf_view(&twice));
    }
    mo_buf_done(&once);
    mo_buf_done(&twice);
}

static void
check_mojibake(struct mo_str text)
{
    struct mo_buf once, twice;

    mo_buf_init(&once, FUZZ_MAX);
    mo_buf_init(&twice, FUZZ_MAX);
    if (mo_mojibake_mend(text, &once) == MO_CERTAIN) {
        MUST(mo_utf8_bad(mo_buf_view(&once)) == once.n && once.n < text.n);
        MUST(mo_mojibake_mend(mo_buf_view(&once), &twice) == MO_NO);
    } else {
        MUST(once.n == 0);
    }
    mo_buf_done(&once);
    mo_buf_done(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mo_buf text, once, twice, slug;

    fuzz_text(&text, fuzz_str(data, size));
    mo_buf_init(&once, FUZZ_MAX);
    mo_buf_init(&twice, FUZZ_MAX);
    mo_buf_init(&slug, FUZZ_MAX);
    mo_markdown(values(), mo_buf_view(&text), &once);
    MUST(!once.failed && mo_utf8_bad(mo_buf_view(&once)) == once.n);
    mo_markdown(values(), mo_buf_view(&once), &twice);
    MUST_EQUAL(mo_buf_view(&once), mo_buf_view(&twice));
    check_mended(mo_text_mend, mo_buf_view(&text));
    check_mended(mo_line_mend, mo_buf_view(&text));
    check_mojibake(mo_buf_view(&text));
    mo_slug(values(), mo_buf_view(&text), &slug);
    for (size_t i = 0; i < slug.n; ++i)
        MUST(strchr("abcdefghijklmnopqrstuvwxyz0123456789-", slug.p[i]));
    mo_licence(values(), mo_buf_view(&text));
    mo_frequency(values(), mo_buf_view(&text));
    mo_access_category(values(), mo_buf_view(&text));
    mo_hvd_category(values(), mo_buf_view(&text));
    mo_buf_done(&text);
    mo_buf_done(&once);
    mo_buf_done(&twice);
    mo_buf_done(&slug);
    return 0;
}
