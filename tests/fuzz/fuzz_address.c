/* Web and e-mail addresses, one a line: what is mended is as a URI is written, and rests. */
#include "dcat/mend.h"
#include "fuzz.h"

static void
check_address(struct mo_str text)
{
    struct mo_buf once, twice;
    unsigned faults, again;
    enum mo_verdict verdict;

    mo_buf_init(&once, FUZZ_MAX);
    mo_buf_init(&twice, FUZZ_MAX);
    verdict = mo_address_mend(text, &once, &faults);
    MUST((verdict == MO_NO) == (once.n == 0));
    if (faults == 0)
        MUST_EQUAL(mo_buf_view(&once), text);
    MUST(mo_iri_bad_byte(mo_buf_view(&once)) == once.n);
    mo_address_mend(mo_buf_view(&once), &twice, &again);
    MUST_EQUAL(mo_buf_view(&once), mo_buf_view(&twice));
    MUST(!(again & ~(unsigned)(MO_ADDRESS_TWO | MO_ADDRESS_ESCAPE)));
    if (mo_address_reach(text) == MO_REACH_PUBLIC)
        MUST(mo_url_is_public(text));
    mo_buf_done(&once);
    mo_buf_done(&twice);
}

static void
check_emails(struct mo_str text)
{
    struct mo_buf once, twice;
    size_t n, again;

    mo_buf_init(&once, FUZZ_MAX);
    mo_buf_init(&twice, FUZZ_MAX);
    if (mo_emails_mend(text, &once, &n) == MO_CERTAIN) {
        struct mo_str rest = mo_buf_view(&once);

        MUST(n > 0);
        for (; rest.n; --n) {
            struct mo_str line = fuzz_line(&rest);

            MUST(mo_str_starts(line, mo_str("mailto:")));
            mo_buf_clear(&twice);
            MUST(mo_emails_mend(line, &twice, &again) == MO_CERTAIN && again == 1);
            MUST_EQUAL(line, mo_buf_view(&twice));
        }
        MUST(n == 0);
    } else {
        MUST(once.n == 0 && n == 0);
    }
    mo_email_is_personal(text);
    mo_buf_done(&once);
    mo_buf_done(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mo_buf text;
    struct mo_str rest;

    fuzz_text(&text, fuzz_str(data, size));
    check_address(mo_buf_view(&text));
    for (rest = mo_buf_view(&text); rest.n;) {
        struct mo_str line = fuzz_line(&rest);

        check_address(line);
        check_emails(line);
    }
    mo_buf_done(&text);
    return 0;
}
