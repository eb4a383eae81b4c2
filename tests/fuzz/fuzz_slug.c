/* Slugs: letters, digits and single hyphens between them; doing it again changes nothing. */
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

static bool
is_letter_or_digit(char c)
{
    return c && strchr("abcdefghijklmnopqrstuvwxyz0123456789", c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mo_buf text, once, twice;
    bool whole;

    fuzz_text(&text, fuzz_str(data, size));
    mo_buf_init(&once, FUZZ_MAX);
    mo_buf_init(&twice, FUZZ_MAX);
    whole = mo_slug(values(), mo_buf_view(&text), &once);
    for (size_t i = 0; i < once.n; ++i)
        MUST(is_letter_or_digit(once.p[i]) ||
             (once.p[i] == '-' && i > 0 && i + 1 < once.n && once.p[i + 1] != '-'));
    MUST(mo_slug(values(), mo_buf_view(&once), &twice));
    MUST_EQUAL(mo_buf_view(&once), mo_buf_view(&twice));
    /* A letter that nothing is known of is told wherever it stands, and adds none. */
    mo_buf_c(&text, "\xE6\x9D\xB1");
    mo_buf_clear(&twice);
    MUST(!mo_slug(values(), mo_buf_view(&text), &twice));
    MUST_EQUAL(mo_buf_view(&once), mo_buf_view(&twice));
    (void)whole;
    mo_buf_done(&text);
    mo_buf_done(&once);
    mo_buf_done(&twice);
    return 0;
}
