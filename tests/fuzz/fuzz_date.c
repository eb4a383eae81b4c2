/* Dates and periods, one a line: what is written is read back, and time goes forward. */
#include "dcat/mend.h"
#include "fuzz.h"

/* The same, but for a zone where there is no time, which is not written. */
static void
must_be(const struct mo_date *date, const struct mo_date *other)
{
    MUST(date->precision == other->precision && date->year == other->year);
    MUST(date->month == other->month && date->day == other->day);
    if (date->precision < MO_TIME)
        return;
    MUST(mo_date_seconds(date) == mo_date_seconds(other));
    MUST(date->nanosecond == other->nanosecond);
    MUST(date->has_zone == other->has_zone && date->zone == other->zone);
}

/* Days are counted forwards and back, from year 1 on. */
static void
check_counted(const struct mo_date *date, int days)
{
    struct mo_date later = mo_date_plus(date, days), day = mo_date_plus(date, 0), back;

    MUST(later.precision == MO_DAY);
    if (later.year < 1)
        return;
    back = mo_date_plus(&later, -days);
    MUST(mo_date_seconds(&later) - mo_date_seconds(&day) == days * INT64_C(86400));
    must_be(&back, &day);
}

static void
check_date(struct mo_str text)
{
    struct mo_date date, again;
    struct mo_buf out;

    if (!mo_date_parse(text, &date))
        return;
    mo_buf_init(&out, 100);
    mo_date_put(&out, &date);
    MUST(!out.failed && mo_date_parse(mo_buf_view(&out), &again));
    must_be(&date, &again);
    mo_buf_done(&out);
    again = mo_date_of(mo_date_seconds(&date));
    MUST(again.year < 1 || mo_date_seconds(&again) == mo_date_seconds(&date));
    again = mo_date_last_day(&date);
    MUST(mo_date_seconds(&again) >= mo_date_seconds(&date) - 86400);
    check_counted(&date, 0);
    check_counted(&date, 1);
    check_counted(&date, -1);
    check_counted(&date, 36525);
}

static const struct mo_values *
values(void)
{
    static struct mo_values *made;

    if (!made)
        made = mo_values_new(fuzz_vocab());
    MUST(made);
    return made;
}

/* What is certain is a date of XML Schema, and stays what it is. */
static void
check_mended(struct mo_str text)
{
    struct mo_date date, again;
    enum mo_time kind;
    struct mo_buf out;

    if (mo_date_mend(values(), text, &date, &kind) != MO_CERTAIN)
        return;
    MUST(kind == MO_DATE || kind == MO_INTERVAL);
    mo_buf_init(&out, 100);
    mo_date_put(&out, &date);
    MUST(mo_date_parse(mo_buf_view(&out), &again));
    MUST(mo_date_is_lexical(mo_buf_view(&out), &again));
    must_be(&date, &again);
    MUST(mo_date_mend(values(), mo_buf_view(&out), &again, &kind) == MO_CERTAIN);
    must_be(&date, &again);
    mo_buf_done(&out);
}

static void
check_mended_period(struct mo_str text)
{
    struct mo_period period = {.has_start = false};

    if (mo_period_mend(values(), text, &period) != MO_CERTAIN)
        return;
    MUST(period.has_start || period.has_end);
    if (period.has_start && period.has_end)
        MUST(mo_date_seconds(&period.start) <= mo_date_seconds(&period.end));
}

static void
check_period(struct mo_str text)
{
    struct mo_period period = {.has_start = false};

    if (!mo_period_parse(text, &period))
        return;
    MUST(period.has_start || period.has_end);
    if (period.has_start && period.has_end)
        MUST(mo_date_seconds(&period.start) <= mo_date_seconds(&period.end));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mo_str rest = fuzz_str(data, size), before = mo_str("");

    while (rest.n) {
        struct mo_str line = fuzz_line(&rest);
        struct mo_period period;

        check_date(line);
        check_period(line);
        check_mended(line);
        check_mended_period(line);
        if (mo_period_of(before, line, &period) && period.has_start && period.has_end)
            MUST(mo_date_seconds(&period.start) <= mo_date_seconds(&period.end));
        before = line;
    }
    return 0;
}
