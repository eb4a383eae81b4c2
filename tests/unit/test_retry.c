#include "unit.h"

#include "retry.h"

static const int64_t now = 1767225600; /* Thu, 01 Jan 2026 00:00:00 GMT */

static void
some_statuses_are_worth_another_try(void)
{
    static const long yes[] = {408, 425, 429, 500, 502, 503, 504, 507, 599};
    static const long no[] = {
        0, 200, 204, 301, 304, 400, 401, 403, 404, 410, 426, 451, 499, 600};

    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; ++i)
        CU_ASSERT(retry_status(yes[i]));
    for (size_t i = 0; i < sizeof no / sizeof no[0]; ++i)
        CU_ASSERT(!retry_status(no[i]));
}

static void
waits_double_up_to_a_ceiling(void)
{
    for (uint64_t seed = 0; seed < 200; ++seed) {
        uint64_t random = seed;
        double most = 2;

        for (unsigned failed = 1; failed < 100; ++failed) {
            double wait = retry_wait(2, failed, &random);

            CU_ASSERT(wait >= most / 2 && wait <= most);
            most = most * 2 > RETRY_MOST ? RETRY_MOST : most * 2;
        }
    }
    CU_ASSERT(retry_wait(0, 3, &(uint64_t){7}) == 0);
    CU_ASSERT(retry_wait(9999, 1, &(uint64_t){7}) <= RETRY_MOST);
}

static void
waits_are_by_chance_but_the_same_from_the_same_seed(void)
{
    uint64_t a = 42, b = 42, c = 43;
    double first = retry_wait(1, 1, &a);

    CU_ASSERT(first == retry_wait(1, 1, &b));
    CU_ASSERT(first != retry_wait(1, 1, &c));
    CU_ASSERT(first != retry_wait(1, 1, &a));
}

static void
retry_after_is_a_number_or_a_date(void)
{
    static const struct {
        const char *value, *date;
        double seconds;
    } rows[] = {{"0", "", 0}, {"120", "", 120}, {"000007", "", 7},
        {"Thu, 01 Jan 2026 00:02:00 GMT", "", 120},
        {"Thursday, 01-Jan-26 00:02:00 GMT", "", 120},
        {"Thu Jan  1 00:02:00 2026", "", 120},
        {"Wed, 31 Dec 2025 23:59:59 GMT", "", 0}, /* it is past */
        {"Thu, 01 Jan 2026 10:00:30 GMT", "Thu, 01 Jan 2026 10:00:00 GMT", 30},
        {"Thu, 01 Jan 2026 00:00:30 GMT", "nonsense", 30}, {"", "", -1}, {"soon", "", -1},
        {"-5", "", -1}, {"1.5", "", -1}, {"5 s", "", -1},
        {"Thu, 01 Jan 2026 00:02:00 CET", "", -1}, {"99 Jan 2026", "", -1}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i)
        CHECK(retry_after(rows[i].value, rows[i].date, now) == rows[i].seconds,
            rows[i].value);
    CU_ASSERT(retry_after("99999999999999999999999", "", now) > 1e12);
}

static void
a_quota_ends_in_seconds_or_at_a_time(void)
{
    static const struct {
        const char *value, *date;
        double seconds;
    } rows[] = {{"60", "", 60}, {"1767225660", "", 60},
        {"1767225660", "Thu, 01 Jan 2026 00:00:30 GMT", 30}, {"1767225600", "", 0},
        {"1000000000", "", 0}, {"2026-01-01T00:02:00Z", "", 120},
        {"2026-01-01T00:02:00+00:00", "", 120}, {"2026-01-01T00:02:00+01:00", "", -1},
        {"", "", -1}, {"tomorrow", "", -1}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i)
        CHECK(retry_reset(rows[i].value, rows[i].date, now) == rows[i].seconds,
            rows[i].value);
}

static const struct unit_test tests[] = {
    TEST(a_quota_ends_in_seconds_or_at_a_time),
    TEST(some_statuses_are_worth_another_try),
    TEST(waits_double_up_to_a_ceiling),
    TEST(waits_are_by_chance_but_the_same_from_the_same_seed),
    TEST(retry_after_is_a_number_or_a_date),
};

UNIT_MAIN("retry", tests)
