/*
 * JSON: what was parsed and written again is the same, plain or indented. What is JSON needs no
 * mending, and what was mended is the same when it is mended again.
 */
#include "base/mend.h"
#include "fuzz.h"

/* Append `text` again; false when it is not JSON. */
static bool
again(struct mo_str text, struct mo_buf *out)
{
    struct mo_json_error error = {.fault = MO_JSON_FINE};
    struct mo_json *json = mo_json_parse(text, 50, &error);

    mo_buf_init(out, FUZZ_MAX);
    if (json) {
        mo_json_put(out, json);
    } else {
        MUST(error.fault != MO_JSON_FINE && error.fault != MO_JSON_NO_MEMORY);
        MUST(error.offset <= text.n);
    }
    mo_json_free(json);
    return json != NULL;
}

/* As a string in a string it is what its string is as a string. */
static void
check_within(struct mo_str text, struct mo_str string)
{
    struct mo_buf within, twice;

    mo_buf_init(&within, 2 * FUZZ_MAX);
    mo_buf_init(&twice, 2 * FUZZ_MAX);
    mo_buf_byte(&within, '"');
    mo_json_string_within(&within, text);
    mo_buf_byte(&within, '"');
    mo_json_string(&twice, string);
    MUST_EQUAL(mo_buf_view(&within), mo_buf_view(&twice));
    mo_buf_done(&within);
    mo_buf_done(&twice);
}

/* Any text makes a string, which holds it. */
static void
check_string(struct mo_str data)
{
    struct mo_json_error error;
    struct mo_json *json;
    struct mo_buf text, string;

    fuzz_text(&text, data);
    for (size_t i = 0; i < text.n; ++i) /* U+0000 reads as something else */
        if (!text.p[i])
            text.p[i] = ' ';
    mo_buf_init(&string, FUZZ_MAX);
    mo_json_string(&string, mo_buf_view(&text));
    json = mo_json_parse(mo_buf_view(&string), 1, &error);
    MUST(json);
    MUST_EQUAL(mo_json_text(json), mo_buf_view(&text));
    mo_json_free(json);
    check_within(mo_buf_view(&text), mo_buf_view(&string));
    mo_buf_done(&text);
    mo_buf_done(&string);
}

static void
check_mending(struct mo_str text, bool is_json)
{
    struct mo_mending *m = mo_mending_new(FUZZ_MAX), *twice = mo_mending_new(FUZZ_MAX);
    struct mo_buf once, again_mended;
    bool mended;

    MUST(m && twice);
    mended = mo_json_mend(m, text) == 0;
    if (is_json)
        MUST(mended && m->n == 0);
    for (size_t i = 0; i < m->n; ++i)
        MUST(m->repairs[i].at <= (m->utf8.n > text.n ? m->utf8.n : text.n));
    if (mended && again(mo_buf_view(&m->text), &once)) {
        MUST(mo_json_mend(twice, mo_buf_view(&m->text)) == 0 && twice->n == 0);
        MUST(again(mo_buf_view(&twice->text), &again_mended));
        MUST_EQUAL(mo_buf_view(&once), mo_buf_view(&again_mended));
        mo_buf_done(&again_mended);
        mo_buf_done(&once);
    } else if (mended) {
        mo_buf_done(&once);
    }
    mo_mending_free(m);
    mo_mending_free(twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mo_buf first, second, third, pretty;
    struct mo_str text = fuzz_str(data, size);

    check_string(text);
    if (!again(text, &first)) {
        check_mending(text, false);
    } else {
        check_mending(text, true);
        MUST(again(mo_buf_view(&first), &second));
        MUST_EQUAL(mo_buf_view(&first), mo_buf_view(&second));
        mo_buf_init(&pretty, FUZZ_MAX);
        mo_json_pretty(&pretty, text, 0);
        MUST(again(mo_buf_view(&pretty), &third));
        MUST_EQUAL(mo_buf_view(&first), mo_buf_view(&third));
        mo_buf_done(&second);
        mo_buf_done(&third);
        mo_buf_done(&pretty);
    }
    mo_buf_done(&first);
    return 0;
}
