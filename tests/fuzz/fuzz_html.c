/* HTML to Markdown, which is done once for all; and the other readings of a text. */
#include "dcat/values.h"
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
