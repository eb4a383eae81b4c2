#include "unit.h"

#include <moisson/date.h>

static void
dates_keep_precision_and_zone(void)
{
    /* what is read, what is written; NULL: it is no date */
    static const char *const rows[][2] = {{"2026", "2026"}, {"2026-02", "2026-02"},
        {"2026-02-28", "2026-02-28"}, {" 2026-02-28\n", "2026-02-28"},
        {"2026-02-28T10:11:12", "2026-02-28T10:11:12"},
        {"2026-02-28T10:11:12Z", "2026-02-28T10:11:12Z"},
        {"2026-02-28T10:11:12+02:00", "2026-02-28T10:11:12+02:00"},
        {"2026-02-28T10:11:12-0530", "2026-02-28T10:11:12-05:30"},
        {"2026-02-28T10:11:12.120", "2026-02-28T10:11:12.12"},
        {"2026-02-28T10:11:12.000Z", "2026-02-28T10:11:12Z"},
        {"2026-02-28 10:11", "2026-02-28T10:11:00"},
        {"2026-12-31T24:00:00", "2027-01-01T00:00:00"}, {"2024-02-29", "2024-02-29"},
        {"2026-05Z", "2026-05"}, {"2026-02-29", NULL}, {"1900-02-29", NULL},
        {"2000-02-29", "2000-02-29"}, {"2026-13", NULL}, {"2026-00-01", NULL},
        {"2026-01-32", NULL}, {"0000-01-01", NULL}, {"2026-01-01T25:00:00", NULL},
        {"2026-01-01T24:00:01", NULL}, {"2026-01-01T10:60:00", NULL},
        {"2026-01-01T10:00:00+15:00", NULL}, {"Invalid Date", NULL},
        {"2023-21-22T00:00:00", NULL}, {"R/P1D", NULL}, {"20260101", NULL},
        {"2026-1-1", NULL}, {"", NULL}, {"2026-01-01Tx", NULL}, {"292269055-12-02", NULL},
        {"01/02/2026", NULL}, {"2026-01-01 - 2026-02-02", NULL}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_date date;
        struct mo_buf out;
        bool fine = mo_date_parse(mo_str(rows[i][0]), &date);

        CHECK(fine == (rows[i][1] != NULL), rows[i][0]);
        if (!fine || !rows[i][1])
            continue;
        mo_buf_init(&out, 100);
        mo_date_put(&out, &date);
        CHECK(mo_str_is(mo_buf_view(&out), rows[i][1]), rows[i][0]);
        mo_buf_done(&out);
    }
}

static void
days_are_counted(void)
{
    struct mo_date date, other;

    CU_ASSERT(mo_date_parse(mo_str("1970-01-01"), &date));
    CU_ASSERT_EQUAL(mo_date_seconds(&date), 0);
    CU_ASSERT(mo_date_parse(mo_str("2026-11-22T12:00:00+01:00"), &date));
    CU_ASSERT_EQUAL(mo_date_seconds(&date), 1795345200);
    other = mo_date_of(1795345200);
    CU_ASSERT_EQUAL(mo_date_seconds(&other), 1795345200);
    CU_ASSERT_EQUAL(other.hour, 11);
    other = mo_date_of(-1);
    CU_ASSERT(
        other.year == 1969 && other.month == 12 && other.day == 31 && other.second == 59);
    CU_ASSERT(mo_date_parse(mo_str("2023-02-28"), &date));
    other = mo_date_plus(&date, 1);
    CU_ASSERT(other.month == 3 && other.day == 1);
    other = mo_date_plus(&date, -59);
    CU_ASSERT(other.year == 2022 && other.month == 12 && other.day == 31);
}

static void
coarse_dates_have_a_last_day(void)
{
    static const char *const rows[][2] = {
        {"2024", "2024-12-31"}, {"2024-02", "2024-02-29"}, {"2024-02-03", "2024-02-03"}};

    for (size_t i = 0; i < 3; ++i) {
        struct mo_date date, last;
        struct mo_buf out;

        CU_ASSERT(mo_date_parse(mo_str(rows[i][0]), &date));
        last = mo_date_last_day(&date);
        mo_buf_init(&out, 100);
        mo_date_put(&out, &last);
        CHECK(mo_str_is(mo_buf_view(&out), rows[i][1]), rows[i][0]);
        mo_buf_done(&out);
    }
}

static const struct unit_test tests[] = {
    TEST(dates_keep_precision_and_zone),
    TEST(days_are_counted),
    TEST(coarse_dates_have_a_last_day),
};

UNIT_MAIN("date", tests)
