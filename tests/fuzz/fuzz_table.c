/*
 * --table: the name of a table in the first line, rows behind. Either nothing changes and the
 * reason is told, or the table as it is listed then is good for --table itself.
 */
#include "fuzz.h"

static void
hear(void *ctx, const struct mo_diag *diag)
{
    bool *told = ctx;

    *told = *told || mo_diag_row(diag->id)->level >= MO_ERROR;
}

static void
list(const struct mo_tables *tables, struct mo_buf *out)
{
    mo_buf_init(out, FUZZ_MAX);
    for (size_t i = 0; mo_tables_name(i); ++i)
        MUST(mo_tables_list(tables, mo_str(mo_tables_name(i)), out) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mo_str rest = fuzz_str(data, size), name = fuzz_line(&rest);
    struct mo_tables *tables = mo_tables_new();
    bool told = false;
    struct mo_sink sink = {hear, &told};
    struct mo_buf before, after, again, own;
    struct mo_vocab *vocab;
    int failed;

    MUST(tables);
    list(tables, &before);
    failed = mo_tables_overlay(tables, name, rest, mo_str("file"), &sink);
    MUST(!failed == !told);
    list(tables, &after);
    if (failed) {
        MUST_EQUAL(mo_buf_view(&before), mo_buf_view(&after));
    } else {
        mo_buf_init(&own, FUZZ_MAX);
        MUST(mo_tables_list(tables, name, &own) == 0);
        MUST(mo_tables_overlay(tables, name, mo_buf_view(&own), mo_str(""), &sink) == 0);
        list(tables, &again);
        MUST_EQUAL(mo_buf_view(&after), mo_buf_view(&again));
        mo_buf_done(&own);
        mo_buf_done(&again);
        vocab = mo_vocab_new(tables, &sink);
        MUST(!vocab == told);
        mo_vocab_free(vocab);
    }
    mo_buf_done(&before);
    mo_buf_done(&after);
    mo_tables_free(tables);
    return 0;
}
