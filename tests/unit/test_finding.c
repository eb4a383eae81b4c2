#include "unit.h"

#include "finding.h"

static void
members_are_read_and_unescaped(void)
{
    static const char line[] =
        "{\"program\":\"p\",\"code\":\"J101\",\"level\":\"error\",\"text\":\"pas du JSON\","
        "\"detail\":\"a \\\"b\\\"\\n\\u00e9\\\\\",\"line\":3}";
    struct finding f;

    CU_ASSERT(finding_read(mo_str(line), &f));
    CU_ASSERT_STRING_EQUAL(f.code, "J101");
    CU_ASSERT_STRING_EQUAL(f.level, "error");
    CU_ASSERT_STRING_EQUAL(f.text, "pas du JSON");
    CU_ASSERT_STRING_EQUAL(f.detail, "a \"b\"\né\\");
}

/* However it is written, the same comes of it. */
static void
rows_are_read_whole(void)
{
    static const char *const lines[] = {
        "{\"code\":\"C1\",\"detail\":\"a \\\"b\\\"\",\"record\":\"\",\"line\":12,\"offset\":0}",
        "{\"code\": \"C1\", \"detail\": \"a \\u0022b\\\"\", \"record\": \"\",\n \"line\": 12, "
        "\"offset\": 0, \"x\": [1]}",
        "{\"offset\":0,\"line\":12,\"record\":\"\",\"x\":\"\\t\",\"n\":3,\"detail\":\"a \\\"b\\\"\","
        "\"code\":\"C1\",\"code\":\"C2\",\"line\":7}"};
    struct finding_row row;
    struct mo_buf memory;

    mo_buf_init(&memory, 1 << 20);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; ++i) {
        CHECK(finding_parse(mo_str(lines[i]), &memory, &row), lines[i]);
        CHECK(mo_str_is(row.code, "C1") && mo_str_is(row.detail, "a \"b\""), lines[i]);
        CHECK(row.record.p && !row.record.n && !row.text.p && !row.property.p, lines[i]);
        CHECK(row.line == 12 && row.column == -1 && row.offset == 0, lines[i]);
    }
    mo_buf_done(&memory);
}

static void
what_is_not_there_is_empty(void)
{
    struct finding f;

    CU_ASSERT(finding_read(mo_str("{\"code\":7,\"text\":null}"), &f));
    CHECK(!f.code[0] && !f.level[0] && !f.text[0] && !f.detail[0], "empty");
}

static void
long_texts_are_cut_between_characters(void)
{
    char line[1000] = "{\"detail\":\"a";
    struct finding f;

    for (int i = 0; i < 200; ++i)
        strcat(line, "é");
    strcat(line, "\"}");
    CU_ASSERT(finding_read(mo_str(line), &f));
    CU_ASSERT_EQUAL(strlen(f.detail), 199);
    CU_ASSERT_STRING_EQUAL(f.detail + 197, "é");
    line[12] = 'a'; /* one byte more before them */
    memmove(line + 13, line + 12, strlen(line + 12) + 1);
    CU_ASSERT(finding_read(mo_str(line), &f));
    CU_ASSERT_EQUAL(strlen(f.detail), 198);
}

static void
other_lines_are_none(void)
{
    static const char *const rows[] = {
        "", "oops", "[]", "\"code\"", "{\"code\":", "null"};
    struct finding f;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i)
        CHECK(!finding_read(mo_str(rows[i]), &f), rows[i]);
}

static void
check_row(const struct finding_row *row, const struct finding_row *kept)
{
    CHECK(mo_str_eq(row->code, kept->code) && mo_str_eq(row->level, kept->level) &&
              mo_str_eq(row->text, kept->text) && mo_str_eq(row->record, kept->record),
        "texts");
    CHECK(!row->detail.p == !kept->detail.p && !row->property.p == !kept->property.p,
        "what is there");
    CHECK(row->line == kept->line && row->column == -1 && row->offset == kept->offset,
        "numbers");
}

/* What is not there stays so, what is empty too. */
static void
rows_are_kept_and_recalled(void)
{
    const struct finding_row rows[] = {
        {mo_str("C1"), mo_str("warning"), mo_str("a text"), mo_str(""), {NULL, 0},
            mo_str("dct:title"), 3, -1, 0},
        {mo_str("C2"), mo_str("error"), mo_str(""), {NULL, 0}, mo_str("a record"),
            {NULL, 0}, -1, -1, -1}};
    struct spool spool = {.most = 1000};
    struct finding_row again[2];
    int64_t at = 0;
    size_t n = 0;
    int kept = 0, failed = 0;

    for (size_t i = 0; i < 3; ++i)
        failed += finding_keep(&spool, &rows[i % 2]);
    failed += finding_recall(&spool, &at, again, 2, &n);
    CHECK(failed == 0 && n == 2, "recalled");
    check_row(&again[0], &rows[0]);
    check_row(&again[1], &rows[1]);
    failed = finding_recall(&spool, &at, again, 2, &n);
    CHECK(failed == 0 && n == 1, "the last");
    check_row(&again[0], &rows[0]);
    CHECK(at == spool.n, "all of it");
    while (kept < 100 && finding_keep(&spool, &rows[0]) == 0)
        ++kept;
    CHECK(kept > 0 && kept < 100, "a ceiling");
    spool_done(&spool);
}

/* More than is held in memory. */
static void
rows_of_a_file_are_recalled_too(void)
{
    static char text[100 << 10];
    struct finding_row row = {.code = mo_str("C1"), .text = mo_str_n(text, sizeof text)};
    struct spool spool = {.most = 0};
    struct finding_row again[4];
    int64_t at = 0;
    size_t n = 0, count = 0;

    memset(text, 'x', sizeof text);
    row.line = row.column = row.offset = -1;
    while (count < 20 && finding_keep(&spool, &row) == 0)
        ++count;
    while (at < spool.n && finding_recall(&spool, &at, again, 4, &n) == 0 && n)
        for (size_t i = 0; i < n; ++i, --count)
            check_row(&again[i], &row);
    CHECK(count == 0 && at == spool.n && spool.file, "all of it");
    spool_done(&spool);
}

static const struct unit_test tests[] = {TEST(members_are_read_and_unescaped),
    TEST(rows_are_read_whole), TEST(what_is_not_there_is_empty),
    TEST(long_texts_are_cut_between_characters), TEST(other_lines_are_none),
    TEST(rows_are_kept_and_recalled), TEST(rows_of_a_file_are_recalled_too)};

UNIT_MAIN("finding", tests)
