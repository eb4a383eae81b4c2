#include <moisson/date.h>

#include <stdio.h>

#include "ctype.h"

static bool
is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
days_in_month(int year, int month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days since 1970-01-01, counted in years that begin in March. */
static int64_t
day_number(int year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1;
    int64_t m = (month + 9) % 12;

    return y * 365 + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day - 1 - 719468;
}

static struct mo_date
date_of_day(int64_t number)
{
    struct mo_date date = {.precision = MO_DAY};
    int year = (int)(1970 + number / 366);

    while (day_number(year + 1, 1, 1) <= number)
        ++year;
    while (day_number(year, 1, 1) > number)
        --year;
    number -= day_number(year, 1, 1);
    date.year = year;
    date.month = 1;
    while (number >= days_in_month(year, date.month))
        number -= days_in_month(year, date.month++);
    date.day = (int)number + 1;
    return date;
}

/* Exactly `n` digits at the head of `*s`, eaten; or -1. */
static int
digits(struct mo_str *s, size_t n)
{
    int value = 0;

    if (s->n < n)
        return -1;
    for (size_t i = 0; i < n; ++i) {
        if (!mo_is_digit(s->p[i]))
            return -1;
        value = 10 * value + (s->p[i] - '0');
    }
    *s = mo_str_from(*s, n);
    return value;
}

static bool
eat(struct mo_str *s, char c)
{
    if (s->n == 0 || s->p[0] != c)
        return false;
    *s = mo_str_from(*s, 1);
    return true;
}

static bool
between(int value, int low, int high)
{
    return value >= low && value <= high;
}

static bool
read_fraction(struct mo_str *s, struct mo_date *d)
{
    int scale = 100000000;

    if (s->n == 0 || !mo_is_digit(s->p[0]))
        return false;
    while (s->n && mo_is_digit(s->p[0])) {
        d->nanosecond += (s->p[0] - '0') * scale;
        scale /= 10;
        *s = mo_str_from(*s, 1);
    }
    return true;
}

static bool
read_zone(struct mo_str *s, struct mo_date *d)
{
    int hours, minutes, sign;

    if (s->n == 0)
        return true;
    d->has_zone = true;
    if (eat(s, 'Z') || eat(s, 'z'))
        return true;
    sign = eat(s, '+') ? 1 : eat(s, '-') ? -1 : 0;
    hours = digits(s, 2);
    if (sign == 0 || !between(hours, 0, 14))
        return false;
    eat(s, ':');
    minutes = digits(s, 2);
    d->zone = sign * (60 * hours + minutes);
    return between(minutes, 0, 59) && between(d->zone, -14 * 60, 14 * 60);
}

static bool
read_time(struct mo_str *s, struct mo_date *d)
{
    d->precision = MO_TIME;
    d->hour = digits(s, 2);
    if (!between(d->hour, 0, 24) || !eat(s, ':'))
        return false;
    d->minute = digits(s, 2);
    if (!between(d->minute, 0, 59))
        return false;
    if (eat(s, ':')) {
        d->second = digits(s, 2);
        if (!between(d->second, 0, 59) || (eat(s, '.') && !read_fraction(s, d)))
            return false;
    }
    return d->hour < 24 || (d->minute == 0 && d->second == 0 && d->nanosecond == 0);
}

/* Everything but the zone: as much of YYYY-MM-DDTHH:MM:SS.S as there is. */
static bool
read_date(struct mo_str *s, struct mo_date *d)
{
    d->year = digits(s, 4);
    if (!between(d->year, 1, 9999))
        return false;
    if (s->n < 3 || s->p[0] != '-' || (s->n >= 4 && s->p[3] == ':'))
        return true; /* a year, perhaps with a zone such as -05:00 */
    eat(s, '-');
    d->month = digits(s, 2);
    d->precision = MO_MONTH;
    if (!between(d->month, 1, 12))
        return false;
    if (s->n < 3 || s->p[0] != '-' || (s->n >= 4 && s->p[3] == ':'))
        return true;
    eat(s, '-');
    d->day = digits(s, 2);
    d->precision = MO_DAY;
    if (!between(d->day, 1, days_in_month(d->year, d->month)))
        return false;
    return (!eat(s, 'T') && !eat(s, 't') && !eat(s, ' ')) || read_time(s, d);
}

bool
mo_date_parse(struct mo_str text, struct mo_date *out)
{
    struct mo_date d = {.precision = MO_YEAR, .month = 1, .day = 1};
    struct mo_str s = mo_str_trim(text);

    if (!read_date(&s, &d) || !read_zone(&s, &d) || s.n)
        return false;
    if (d.hour == 24) {
        struct mo_date next = mo_date_plus(&d, 1);

        if (next.year > 9999)
            return false;
        d.hour = 0;
        d.year = next.year;
        d.month = next.month;
        d.day = next.day;
    }
    *out = d;
    return true;
}

int64_t
mo_date_seconds(const struct mo_date *d)
{
    return day_number(d->year, d->month, d->day) * 86400 + d->hour * 3600 +
           d->minute * 60 + d->second - (d->has_zone ? d->zone * 60 : 0);
}

struct mo_date
mo_date_plus(const struct mo_date *d, int days)
{
    return date_of_day(day_number(d->year, d->month, d->day) + days);
}

struct mo_date
mo_date_last_day(const struct mo_date *d)
{
    struct mo_date last = *d;

    if (last.precision == MO_YEAR)
        last.month = 12;
    if (last.precision <= MO_MONTH)
        last.day = days_in_month(last.year, last.month);
    last.precision = MO_DAY;
    last.has_zone = false;
    return last;
}

struct mo_date
mo_date_of(int64_t seconds)
{
    int64_t day = seconds / 86400 - (seconds % 86400 < 0);
    int rest = (int)(seconds - day * 86400);
    struct mo_date date = date_of_day(day);

    date.precision = MO_TIME;
    date.hour = rest / 3600;
    date.minute = rest / 60 % 60;
    date.second = rest % 60;
    date.has_zone = true;
    return date;
}

/* As many digits as `width`, the last ones of `n`. */
static void
put_digits(struct mo_buf *out, int n, size_t width)
{
    char text[16];

    for (size_t i = width; i > 0; n /= 10)
        text[--i] = (char)('0' + n % 10);
    mo_buf_add(out, text, width);
}

static void
put_fraction(struct mo_buf *out, int nanosecond)
{
    size_t width = 9;

    if (nanosecond == 0)
        return;
    for (; nanosecond % 10 == 0; nanosecond /= 10)
        --width;
    mo_buf_byte(out, '.');
    put_digits(out, nanosecond, width);
}

/* A pair of digits behind what separates it from the one before. */
static void
put_pair(struct mo_buf *out, char before, int n)
{
    mo_buf_byte(out, before);
    put_digits(out, n, 2);
}

void
mo_date_put(struct mo_buf *out, const struct mo_date *d)
{
    int east = d->zone < 0 ? -d->zone : d->zone;

    put_digits(out, d->year, 4);
    if (d->precision >= MO_MONTH)
        put_pair(out, '-', d->month);
    if (d->precision >= MO_DAY)
        put_pair(out, '-', d->day);
    if (d->precision < MO_TIME)
        return;
    put_pair(out, 'T', d->hour);
    put_pair(out, ':', d->minute);
    put_pair(out, ':', d->second);
    put_fraction(out, d->nanosecond);
    if (d->has_zone && d->zone == 0) {
        mo_buf_byte(out, 'Z');
    } else if (d->has_zone) {
        put_pair(out, d->zone < 0 ? '-' : '+', east / 60);
        put_pair(out, ':', east % 60);
    }
}
