#include "unit.h"

#include <moisson/moisson.h>

static struct mo_tables *tables;
static struct mo_vocab *vocab;

/* What was said, a line each: code and detail. */
static struct mo_buf said;

static void
hear(void *ctx, const struct mo_diag *diag)
{
    (void)ctx;
    mo_buf_printf(
        &said, "%s " MO_FMT "\n", mo_diag_row(diag->id)->code, MO_ARG(diag->detail));
}

static const struct mo_sink sink = {hear, NULL};

static int
take(void *ctx, struct mo_str bytes)
{
    return mo_buf_str(ctx, bytes);
}

static void
prepare(void)
{
    if (vocab)
        return;
    tables = mo_tables_new();
    vocab = mo_vocab_new(tables, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(vocab);
}

/* Clean the records of a text of DCAT-AP JSON, lines, into `out`. */
static void
clean_with(struct mo_cleaner *cleaner, struct mo_str text, struct mo_buf *out)
{
    struct mo_reader_options in = {.vocab = vocab};
    struct mo_writer_options to = {
        .vocab = vocab, .write = take, .ctx = out, .lines = true};
    struct mo_reader *reader = mo_jsonld_reader(&in);
    struct mo_writer *writer = mo_dcatap_writer(&to);
    const struct mo_record *record;

    mo_buf_init(out, 64 << 20);
    mo_buf_init(&said, 64 << 20);
    CU_ASSERT_PTR_NOT_NULL_FATAL(cleaner);
    CU_ASSERT_EQUAL(mo_reader_push(reader, text), 0);
    mo_reader_end(reader);
    while (mo_reader_next(reader, &record) == 1) {
        record = mo_cleaner_put(cleaner, record);
        CU_ASSERT_PTR_NOT_NULL_FATAL(record);
        CU_ASSERT_EQUAL(mo_writer_put(writer, record), MO_PUT_WRITTEN);
    }
    CU_ASSERT_EQUAL(mo_writer_end(writer, false), 0);
    mo_reader_free(reader);
    mo_writer_free(writer);
}

static void
clean(const char *only, struct mo_str text, struct mo_buf *out)
{
    struct mo_clean_options o = {.vocab = vocab, .sink = &sink, .only = mo_str(only)};
    struct mo_cleaner *cleaner = mo_cleaner_new(&o);

    clean_with(cleaner, text, out);
    mo_cleaner_free(cleaner);
}

#define RECORD(more)                                                                     \
    "{\"@id\":\"http://e.fr/1\",\"@type\":[\"Dataset\"],\"description\":[{\"@value\":"   \
    "\"d\"}]" more ",\"title\":[{\"@value\":\"t\"}]}\n"

static void
what_is_right_passes_unchanged_and_unsaid(void)
{
    static const char *const rows[] = {
        RECORD(""),
        RECORD(",\"keyword\":[{\"@value\":\"musée\",\"@language\":\"fr\"}]"),
        RECORD(",\"publisher\":{\"@type\":[\"Agent\"],\"name\":[{\"@value\":\"M\"}]}"),
        RECORD(",\"http://p.example/unknown\":[{\"@value\":\"x\"}]"),
        RECORD(
            ",\"http://p.example/node\":[{\"http://p.example/q\":[{\"@value\":\"x\"}]}]"),
    };

    prepare();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_buf once, twice;

        clean("", mo_str(rows[i]), &once);
        CHECK(said.n == 0, rows[i]);
        mo_buf_done(&said);
        clean("", mo_buf_view(&once), &twice);
        CHECK(mo_str_eq(mo_buf_view(&once), mo_buf_view(&twice)), rows[i]);
        mo_buf_done(&once);
        mo_buf_done(&twice);
        mo_buf_done(&said);
    }
}

static void
repairs_are_said_with_the_value_before_and_after(void)
{
    static const char *const rows[][2] = {
        {RECORD(
             ",\"http://purl.org/dc/terms/accrualPeriodicity\":[{\"@value\":\"daily\"}]"),
            "C111 \"daily\" -> "
            "<http://publications.europa.eu/resource/authority/frequency/DAILY>\n"},
        {RECORD(",\"keyword\":[{\"@value\":\"\",\"@language\":\"fr\"}]"),
            "C102 \"\"@fr\n"},
        {RECORD(",\"http://purl.org/dc/terms/publisher\":[{\"@value\":\"M\"}]"),
            "C132 \"M\" -> [a foaf:Agent; foaf:name \"M\"]\n"},
        {RECORD(
             ",\"label\":[{\"@value\":\"x\"}],\"http://www.w3.org/ns/dcat#distributions\":"
             "[{\"@id\":\"http://e.fr/d\"}]"),
            "C101 dcat:distributions -> dcat:distribution\n"},
    };

    prepare();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_buf out;

        clean("", mo_str(rows[i][0]), &out);
        CHECK(mo_str_is(mo_buf_view(&said), rows[i][1]), rows[i][1]);
        mo_buf_done(&out);
        mo_buf_done(&said);
    }
}

static void
rules_can_be_chosen_by_code(void)
{
    static const char record[] =
        RECORD(",\"keyword\":[{\"@value\":\"\"}],\"http://purl.org/dc/terms/language\":[{"
               "\"@value\":\"fre\"}]");
    struct mo_buf out;

    prepare();
    clean("C999, c102", mo_str(record), &out);
    CU_ASSERT_TRUE(mo_str_is(mo_buf_view(&said), "C102 \"\"\n"));
    mo_buf_done(&out);
    mo_buf_done(&said);
}

/* Many values, all to be repaired: in time, and all of them said. */
static void
wide_nodes_are_cleaned_in_time(void)
{
    enum { MANY = 9000 };
    struct mo_buf text, out;
    size_t lines = 0;

    prepare();
    mo_buf_init(&text, 64 << 20);
    mo_buf_c(&text,
        "{\"@id\":\"http://e.fr/1\",\"@type\":[\"Dataset\"],\"description\":[{"
        "\"@value\":\"d\"}],\"title\":[{\"@value\":\"t\"}],"
        "\"http://purl.org/dc/terms/provenance\":[");
    for (int i = 0; i < MANY; ++i)
        mo_buf_printf(&text, "%s{\"@value\":\"text %d\"}", i ? "," : "", i);
    mo_buf_c(&text, "]}\n");
    clean("", mo_buf_view(&text), &out);
    for (size_t i = 0; i < said.n; ++i)
        lines += said.p[i] == '\n';
    CU_ASSERT_EQUAL(lines, MANY);
    mo_buf_done(&text);
    mo_buf_done(&out);
    mo_buf_done(&said);
}

static void
a_prepared_cleaner_cleans_as_a_fresh_one(void)
{
    static const char record[] = RECORD(
        ",\"http://purl.org/dc/terms/language\":[{\"@value\":\"fre\"}],"
        "\"http://purl.org/dc/terms/license\":[{\"@value\":\"licence ouverte\"}],"
        "\"http://purl.org/dc/terms/accrualPeriodicity\":[{\"@value\":\"annuel\"}],"
        "\"http://purl.org/dc/terms/publisher\":[{\"@value\":\"a &amp; b\"}]");
    struct mo_clean_options plain = {.sink = NULL}, told = {.sink = &sink},
                            few = {.sink = &sink, .only = mo_str("C102")};
    struct mo_cleaner *cleaner;
    struct mo_buf fresh, prepared, all;

    prepare();
    clean("", mo_str(record), &fresh);
    all = said;
    plain.vocab = told.vocab = few.vocab = vocab;
    cleaner = mo_cleaner_new(&plain);
    CU_ASSERT_PTR_NOT_NULL_FATAL(cleaner);
    CU_ASSERT_EQUAL(mo_cleaner_prepare(cleaner), 0);
    CU_ASSERT_EQUAL(mo_cleaner_options(cleaner, &few), -1);
    CU_ASSERT_EQUAL(mo_cleaner_options(cleaner, &told), 0);
    clean_with(cleaner, mo_str(record), &prepared);
    CU_ASSERT_TRUE(mo_str_eq(mo_buf_view(&fresh), mo_buf_view(&prepared)));
    CU_ASSERT_TRUE(all.n > 0 && mo_str_eq(mo_buf_view(&all), mo_buf_view(&said)));
    CU_ASSERT_EQUAL(mo_cleaner_options(cleaner, &plain), -1);
    mo_cleaner_free(cleaner);
    mo_buf_done(&fresh);
    mo_buf_done(&prepared);
    mo_buf_done(&all);
    mo_buf_done(&said);
}

static const struct unit_test tests[] = {TEST(what_is_right_passes_unchanged_and_unsaid),
    TEST(repairs_are_said_with_the_value_before_and_after),
    TEST(rules_can_be_chosen_by_code), TEST(wide_nodes_are_cleaned_in_time),
    TEST(a_prepared_cleaner_cleans_as_a_fresh_one)};

UNIT_MAIN("clean", tests)
