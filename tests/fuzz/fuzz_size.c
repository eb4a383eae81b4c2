/* Sizes and lists of keywords, one a line: numbers come out whole, keywords trimmed. */
#include "dcat/mend.h"
#include "fuzz.h"

static void
check_size(struct mo_str text)
{
    uint64_t bytes = 0, again = 0;
    char memory[32];
    struct mo_buf out;

    if (mo_bytes_mend(text, &bytes) != MO_CERTAIN)
        return;
    mo_buf_fixed(&out, memory, sizeof memory);
    mo_buf_printf(&out, "%llu", (unsigned long long)bytes);
    MUST(mo_bytes_mend(mo_buf_view(&out), &again) == MO_CERTAIN && again == bytes);
}

static void
check_keywords(struct mo_str text)
{
    struct mo_buf out;
    struct mo_str rest;
    size_t n = 0;

    mo_buf_init(&out, FUZZ_MAX);
    if (mo_keywords_mend(text, &out) != MO_CERTAIN)
        MUST(out.n == 0);
    for (rest = mo_buf_view(&out); rest.n; ++n) {
        struct mo_str line = fuzz_line(&rest);

        MUST(line.n && mo_str_trim(line).n == line.n);
        MUST(mo_str_find(text, mo_str_n(line.p, strcspn(line.p, " \n")), 0) < text.n);
    }
    MUST(out.n == 0 || n > 0);
    mo_buf_done(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mo_buf text;
    struct mo_str rest;

    fuzz_text(&text, fuzz_str(data, size));
    check_keywords(mo_buf_view(&text));
    for (rest = mo_buf_view(&text); rest.n;) {
        struct mo_str line = fuzz_line(&rest);

        check_size(line);
        check_keywords(line);
    }
    mo_buf_done(&text);
    return 0;
}
