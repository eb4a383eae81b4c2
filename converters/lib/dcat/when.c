#include <stdio.h>
#include <stdlib.h>

#include "base/scan.h"
#include "dcat/mend.h"
#include "dcat/values_impl.h"

enum { LONGEST_DATE = 120, LONGEST_WORD = 24 };

/* What was read of a date so far. */
struct stamp {
    const struct mo_values *values;
    int year, month, day; /* 0: not said */
    bool ambiguous;       /* day and month could change places */
    bool is_local;        /* it has a time */
    bool has_zone;
    char time[64];      /* "THH:MM:SS.S" */
    char offset[32];    /* "+HH:MM" */
    struct mo_str zone; /* a name */
};

static bool
eat(struct mo_str *s, const char *any)
{
    if (s->n == 0 || !s->p[0] || !strchr(any, s->p[0]))
        return false;
    *s = mo_str_from(*s, 1);
    return true;
}

static void
skip(struct mo_str *s, const char *any)
{
    while (eat(s, any))
        ;
}

/* A number of `least` to `most` digits, with no other behind it; or -1, and nothing eaten. */
static int
number(struct mo_str *s, size_t least, size_t most)
{
    size_t n = 0;
    int value = 0;

    for (; n < s->n && n <= most && mo_is_digit(s->p[n]); ++n)
        value = 10 * value + (s->p[n] - '0');
    if (n < least || n > most)
        return -1;
    *s = mo_str_from(*s, n);
    return value;
}

/* ---- Days ---- */

/* 2023-01-02, 2023/1/2, 2023.01.02, 2023/01, 20230102 */
static bool
year_first(struct stamp *d, struct mo_str *s)
{
    struct mo_str rest = *s;
    char separator[2] = "";

    if (mo_scan_digits(rest) == 8) {
        d->year = number(&(struct mo_str){rest.p, 4}, 4, 4);
        d->month = number(&(struct mo_str){rest.p + 4, 2}, 2, 2);
        d->day = number(&(struct mo_str){rest.p + 6, 2}, 2, 2);
        *s = mo_str_from(rest, 8);
        return d->year >= 1500 && d->year < 2200;
    }
    d->year = number(&rest, 4, 4);
    if (d->year < 0 || rest.n == 0)
        return false;
    separator[0] = rest.p[0];
    if (!eat(&rest, "-/.") || (d->month = number(&rest, 1, 2)) < 0)
        return false;
    if (eat(&rest, separator) && (d->day = number(&rest, 1, 2)) < 0)
        return false;
    *s = rest;
    return true;
}

/* 31/12/2023, 31.12.2023, 12/2023 */
static bool
year_last(struct stamp *d, struct mo_str *s)
{
    struct mo_str rest = *s;
    int first = number(&rest, 1, 2), second;
    char separator[2] = "";

    if (first < 0 || rest.n == 0)
        return false;
    separator[0] = rest.p[0];
    if (!eat(&rest, "-/."))
        return false;
    second = number(&rest, 1, 2);
    if (second < 0) {
        d->month = first;
    } else if (!eat(&rest, separator)) {
        return false;
    } else {
        bool swap = second > 12 && first <= 12;

        d->day = swap ? second : first;
        d->month = swap ? first : second;
        d->ambiguous =
            separator[0] != '.' && first <= 12 && second <= 12 && first != second;
    }
    d->year = number(&rest, 4, 4);
    *s = rest;
    return d->year > 0;
}

/* A word of letters, with accents; eaten with the "." behind it. */
static struct mo_str
word(struct mo_str *s)
{
    struct mo_str w;
    size_t n = 0;

    while (n < s->n && (mo_is_alpha(s->p[n]) || (unsigned char)s->p[n] >= 0x80))
        ++n;
    w = mo_str_n(s->p, n);
    *s = mo_str_from(*s, n);
    if (n)
        eat(s, ".");
    return w;
}

/* The month that a word names; 0: a day of the week; -1: neither. */
static int
month_named(const struct mo_values *v, struct mo_str name)
{
    const struct mo_lookup *l = &v->date_words;
    char memory[LONGEST_WORD];
    struct mo_buf slug;
    size_t row = 0;

    mo_buf_fixed(&slug, memory, sizeof memory);
    mo_slug(v, name, &slug);
    if (slug.failed || !slug.n || !mo_lookup_next(l, mo_buf_view(&slug), &row))
        return -1;
    return (int)strtol(
        mo_lookup_cell(l, row, mo_table_column(l->table, "month")), NULL, 10);
}

/* 2 janvier 2023, 1er mars 2023, Mon, 02 Jan 2023, January 2, 2023, mai 2023 */
static bool
with_words(struct stamp *d, struct mo_str *s)
{
    struct mo_str rest = *s;

    while (rest.n && d->year == 0) {
        size_t digits = mo_scan_digits(rest);

        if (digits == 4) {
            d->year = number(&rest, 4, 4);
        } else if (digits && digits <= 2 && d->day == 0) {
            d->day = number(&rest, 1, 2);
            if (mo_str_starts(rest, mo_str("er ")))
                rest = mo_str_from(rest, 2);
        } else if (digits) {
            return false;
        } else {
            struct mo_str name = word(&rest);
            int month = name.n ? month_named(d->values, name) : -1;

            if (month < 0 && !mo_str_eq_nocase(name, mo_str("le")))
                return false;
            if (month > 0)
                d->month = month; /* "mar. 3 janvier": the last one counts */
        }
        if (d->year == 0)
            skip(&rest, " ,-");
    }
    *s = rest;
    return d->year > 0 && d->month > 0;
}

/* ---- Time and zone ---- */

/* 10:00, 10:00:00.000, 10h30, 10:00:00,5; false: there is one, and it is wrong. */
static bool
read_time(struct stamp *d, struct mo_str *s)
{
    struct mo_str rest = *s, fraction = mo_str("");
    int hour, minute, second = 0;

    skip(&rest, " ,");
    eat(&rest, "Tt");
    skip(&rest, " ");
    hour = number(&rest, 1, 2);
    if (hour < 0)
        return true;
    if (!eat(&rest, ":hH") || (minute = number(&rest, 2, 2)) < 0)
        return false;
    if (eat(&rest, ":")) {
        second = number(&rest, 2, 2);
        if (second >= 0 && rest.n > 1 && strchr(".,", rest.p[0]) &&
            mo_is_digit(rest.p[1])) {
            fraction = mo_str_from(rest, 1);
            fraction.n = mo_scan_digits(fraction);
            rest = mo_str_from(rest, 1 + fraction.n);
        }
    }
    if (second < 0 || fraction.n > 9)
        return false;
    snprintf(d->time, sizeof d->time, "T%02d:%02d:%02d%s%.*s", hour, minute, second,
        fraction.n ? "." : "", (int)fraction.n, fraction.p);
    d->is_local = true;
    *s = rest;
    return true;
}

/* "+01:00", "+0100", "+01" */
static bool
read_offset(struct stamp *d, struct mo_str *s)
{
    char sign = s->n ? s->p[0] : '\0';
    struct mo_str rest = mo_str_from(*s, 1);
    int hours, minutes = 0;

    if (sign != '+' && sign != '-')
        return false;
    if (mo_scan_digits(rest) == 4) {
        hours = number(&(struct mo_str){rest.p, 2}, 2, 2);
        minutes = number(&(struct mo_str){rest.p + 2, 2}, 2, 2);
        rest = mo_str_from(rest, 4);
    } else {
        hours = number(&rest, 2, 2);
        if (hours < 0 || (eat(&rest, ":") && (minutes = number(&rest, 2, 2)) < 0))
            return false;
    }
    snprintf(d->offset, sizeof d->offset, "%c%02d:%02d", sign, hours, minutes);
    *s = rest;
    return true;
}

/* Text between brackets, which is eaten with them. */
static bool
bracketed(struct mo_str *s, char open, const char *close, struct mo_str *inside)
{
    size_t end = mo_str_find(*s, mo_str(close), 0);

    if (s->n == 0 || s->p[0] != open || end == s->n)
        return false;
    *inside = mo_str_n(s->p + 1, end - 1);
    *s = mo_str_from(*s, end + 1);
    return true;
}

/* Z, +01:00, GMT+0100 (CET), Europe/Brussels, +01:00[Europe/Paris]; false: something else. */
static bool
read_zone(struct stamp *d, struct mo_str *s)
{
    struct mo_str name, ignored;
    size_t n = 0;

    skip(s, " ");
    while (
        n < s->n && (mo_is_alpha(s->p[n]) || (n && (s->p[n] == '/' || s->p[n] == '_'))))
        ++n;
    name = mo_str_n(s->p, n);
    *s = mo_str_from(*s, n);
    if (!read_offset(d, s) && n == 0)
        bracketed(s, '[', "]", &name);
    skip(s, " ");
    if (d->offset[0])
        while (bracketed(s, '[', "]", &ignored) || bracketed(s, '(', ")", &ignored))
            ;
    d->zone = name;
    d->has_zone = d->offset[0] || name.n;
    skip(s, " ");
    return s->n == 0;
}

/* Days from a month's last Sunday, 1:00 UTC, on: summer time begins and ends there. */
static int64_t
last_sunday(int year, int month)
{
    struct mo_date date = {.precision = MO_MONTH, .year = year, .month = month, .day = 1};
    int64_t day;

    date = mo_date_last_day(&date);
    day = mo_date_seconds(&date) / 86400;
    return (day - (day + 4) % 7) * 86400 + 3600; /* 1970-01-01 was a Thursday */
}

/* Minutes east of UTC of a cell, "+01:00". */
static int
minutes_of(const char *cell)
{
    int minutes = (cell[1] - '0') * 600 + (cell[2] - '0') * 60 + (cell[4] - '0') * 10 +
                  (cell[5] - '0');

    return cell[0] == '-' ? -minutes : minutes;
}

/*
 * The offset of a named zone at a time in it. MO_DOUBTFUL in the hour that autumn has
 * twice, and before 1996, when countries changed on days of their own.
 */
static enum mo_verdict
offset_of(const struct mo_values *v, struct mo_str zone, const struct mo_date *local,
    int *minutes)
{
    const struct mo_lookup *l = &v->time_zones;
    const char *winter, *summer;
    int64_t now = mo_date_seconds(local), from, to;
    size_t row = 0;

    if (!mo_lookup_next(l, zone, &row))
        return MO_NO;
    winter = mo_lookup_cell(l, row, mo_table_column(l->table, "offset"));
    summer = mo_lookup_cell(l, row, mo_table_column(l->table, "summer"));
    if (strlen(winter) != 6 || (summer[0] && strlen(summer) != 6))
        return MO_NO;
    *minutes = minutes_of(winter);
    if (!summer[0])
        return MO_CERTAIN;
    if (local->year < 1996)
        return MO_DOUBTFUL;
    from = last_sunday(local->year, 3) + INT64_C(60) * minutes_of(winter);
    to = last_sunday(local->year, 10) + INT64_C(60) * minutes_of(summer);
    if ((now >= from && now < from + 3600) || (now >= to - 3600 && now < to))
        return MO_DOUBTFUL;
    if (now >= from && now < to)
        *minutes = minutes_of(summer);
    return MO_CERTAIN;
}

/* ---- Together ---- */

/* What was read as one text of XML Schema, read again: that checks it. */
static enum mo_verdict
stamp_to_date(struct stamp *d, struct mo_date *date, enum mo_time *kind)
{
    char text[160];
    int n = snprintf(text, sizeof text, "%04d", d->year);

    if (d->month)
        n += snprintf(text + n, sizeof text - (size_t)n, "-%02d", d->month);
    if (d->day)
        n += snprintf(text + n, sizeof text - (size_t)n, "-%02d", d->day);
    if (d->is_local && d->day)
        snprintf(text + n, sizeof text - (size_t)n, "%s%s", d->time, d->offset);
    *kind = MO_IMPOSSIBLE;
    if (!mo_date_parse(mo_str(text), date))
        return MO_NO;
    *kind = MO_DATE;
    if (d->ambiguous)
        return MO_DOUBTFUL;
    if (d->zone.n && !d->offset[0] && d->is_local) {
        enum mo_verdict known = offset_of(d->values, d->zone, date, &date->zone);

        date->has_zone = known == MO_CERTAIN;
        return known == MO_CERTAIN ? known : MO_DOUBTFUL;
    }
    return MO_CERTAIN;
}

static bool
read_stamp(struct stamp *d, struct mo_str s)
{
    struct stamp empty = {.values = d->values};
    bool (*const forms[])(struct stamp *, struct mo_str *) = {
        year_first, year_last, with_words};

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; ++i) {
        struct mo_str rest = s;

        *d = empty;
        if (forms[i](d, &rest) && read_time(d, &rest) && read_zone(d, &rest))
            return true;
    }
    return false;
}

/* P1M; "P1M, P1D"; P1H, which should be PT1H. */
static bool
is_duration(struct mo_str s)
{
    bool any = false;

    for (size_t i = 0; i < s.n; ++i) {
        char c = s.p[i];

        if (c == 'P' && i + 1 < s.n && (mo_is_digit(s.p[i + 1]) || s.p[i + 1] == 'T'))
            any = true;
        else if (!mo_is_digit(c) && !strchr("YMWDTHS.,; ", c))
            return false;
    }
    return any && s.p[0] == 'P';
}

/* "R/P1D", "R5/2020-01-01/P1D" (ISO 8601, 5.6) */
static bool
is_repetition(struct mo_str s)
{
    size_t n = s.n && s.p[0] == 'R' ? 1 + mo_scan_digits(mo_str_from(s, 1)) : 0;

    return n > 0 && n + 1 < s.n && s.p[n] == '/';
}

static bool
is_epoch(struct mo_str s)
{
    return mo_scan_digits(s) == s.n && (s.n == 10 || s.n == 13) && s.p[0] == '1';
}

/* What follows `head`, letter case aside; or nothing. */
static struct mo_str
behind(struct mo_str s, struct mo_str head)
{
    return s.n > head.n && mo_str_eq_nocase(mo_str_n(s.p, head.n), head)
               ? mo_str_trim(mo_str_from(s, head.n))
               : mo_str("");
}

/* "2015-2018" */
static bool
split_years(struct mo_str s, struct mo_str *start, struct mo_str *end)
{
    static const char *const between[] = {"-", "\xE2\x80\x93"};

    if (mo_scan_digits(s) != 4)
        return false;
    for (size_t i = 0; i < sizeof between / sizeof between[0]; ++i) {
        struct mo_str last = behind(mo_str_from(s, 4), mo_str(between[i]));

        if (last.n != 4 || mo_scan_digits(last) != 4 || memcmp(s.p, last.p, 4) >= 0)
            continue;
        *start = mo_str_n(s.p, 4);
        *end = last;
        return true;
    }
    return false;
}

/* "depuis 2010", "jusqu'en 2020": one side, and none. */
static bool
split_open(struct mo_str s, struct mo_str *start, struct mo_str *end)
{
    static const char *const since[] = {"depuis le ", "depuis ", "\xC3\xA0 partir du ",
        "\xC3\xA0 partir de ", "\xC3\x80 partir du ", "\xC3\x80 partir de ", "since ",
        "from "};
    static const char *const until[] = {"jusqu'au ", "jusqu'en ",
        "jusqu\xE2\x80\x99"
        "au ",
        "jusqu\xE2\x80\x99"
        "en ",
        "until "};
    struct mo_str from = mo_str(""), to = mo_str("");

    for (size_t i = 0; i < sizeof since / sizeof since[0] && !from.n; ++i)
        from = behind(s, mo_str(since[i]));
    for (size_t i = 0; i < sizeof until / sizeof until[0] && !from.n && !to.n; ++i)
        to = behind(s, mo_str(until[i]));
    if (!from.n && !to.n)
        return false;
    *start = from;
    *end = to;
    return true;
}

bool
mo_period_split(struct mo_str s, struct mo_str *start, struct mo_str *end)
{
    static const struct {
        const char *before, *between;
        bool bare; /* nothing need stand before */
    } ways[] = {{"", "/", true}, {"", " - ", true}, {"", " \xE2\x80\x93 ", true},
        {"du ", " au ", true}, {"de ", " \xC3\xA0 ", false}, {"from ", " to ", true},
        {"entre ", " et ", false}, {"between ", " and ", false},
        {"", " \xE2\x86\x92 ", true}};

    if (split_years(s, start, end))
        return true;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; ++i) {
        const struct mo_str b = mo_str(ways[i].between);
        size_t at = mo_str_find(s, b, 0);
        struct mo_str first;

        if (at == s.n || mo_str_find(s, b, at + b.n) < s.n)
            continue;
        first = behind(mo_str_n(s.p, at), mo_str(ways[i].before));
        if (!first.n && !ways[i].bare)
            continue;
        *start = first.n ? first : mo_str_trim(mo_str_n(s.p, at));
        *end = mo_str_trim(mo_str_from(s, at + b.n));
        return start->n || end->n;
    }
    return split_open(s, start, end);
}

/* An interval where a date is due; the date when it is of one day. */
static enum mo_verdict
one_day(const struct mo_values *values, struct mo_str start, struct mo_str end,
    struct mo_date *date, enum mo_time *kind)
{
    enum mo_time parts[2];
    struct mo_date from, to;
    enum mo_verdict a = mo_date_mend(values, start, &from, &parts[0]);
    enum mo_verdict b = mo_date_mend(values, end, &to, &parts[1]);

    if ((a != MO_NO && parts[0] != MO_DATE) || (b != MO_NO && parts[1] != MO_DATE) ||
        (a == MO_NO && b == MO_NO))
        return MO_NO;
    *kind = MO_INTERVAL;
    if (a != MO_CERTAIN || b != MO_CERTAIN || from.precision != to.precision ||
        from.precision < MO_DAY || mo_date_seconds(&from) != mo_date_seconds(&to))
        return MO_NO;
    *date = from;
    return MO_CERTAIN;
}

static bool
looks_like_a_date(struct mo_str s)
{
    size_t digits = 0, others = 0;

    for (size_t i = 0; i < s.n; ++i) {
        digits += mo_is_digit(s.p[i]);
        others += !mo_is_digit(s.p[i]) && !strchr("-/.:TZ +", s.p[i]);
    }
    return digits >= 6 && others == 0;
}

enum mo_verdict
mo_date_mend(const struct mo_values *values, struct mo_str text, struct mo_date *date,
    enum mo_time *kind)
{
    struct stamp stamp = {.values = values};
    struct mo_str s = mo_str_trim(text), start, end;
    struct mo_date found;
    enum mo_verdict verdict = MO_NO;

    *kind = MO_DATE;
    if (mo_date_parse(s, date))
        return MO_CERTAIN;
    *kind = MO_WORDS;
    if (s.n == 0 || s.n > LONGEST_DATE)
        return MO_NO;
    if (is_duration(s) || is_repetition(s)) {
        *kind = s.p[0] == 'R' ? MO_REPETITION : MO_DURATION;
        return MO_NO;
    }
    if (is_epoch(s)) {
        *kind = MO_EPOCH;
        return MO_DOUBTFUL;
    }
    if (read_stamp(&stamp, s))
        verdict = stamp_to_date(&stamp, &found, kind);
    else if (mo_period_split(s, &start, &end))
        verdict = one_day(values, start, end, &found, kind);
    if (verdict == MO_NO && *kind == MO_WORDS && looks_like_a_date(s))
        *kind = MO_IMPOSSIBLE;
    if (verdict == MO_CERTAIN)
        *date = found;
    return verdict;
}

int
mo_dates_prepare(struct mo_values *v)
{
    const struct mo_tables *t = v->vocab->tables;

    return mo_lookup_init(&v->date_words, mo_table(t, "date-words"), "word", v->arena) ||
                   mo_lookup_init(
                       &v->time_zones, mo_table(t, "time-zones"), "zone", v->arena)
               ? -1
               : 0;
}

bool
mo_date_is_lexical(struct mo_str s, const struct mo_date *date)
{
    static const size_t lengths[] = {4, 7, 10, 19};
    size_t n = lengths[date->precision];

    if (s.n < n || (date->precision == MO_TIME && (s.p[10] != 'T' || s.p[16] != ':')))
        return false;
    s = mo_str_from(s, n);
    if (date->precision == MO_TIME && s.n && s.p[0] == '.')
        s = mo_str_from(s, 1 + mo_scan_digits(mo_str_from(s, 1)));
    return s.n == 0 || mo_str_is(s, "Z") ||
           (s.n == 6 && strchr("+-", s.p[0]) && s.p[3] == ':');
}

const char *
mo_date_datatype(enum mo_precision precision)
{
    static const char *const types[] = {"http://www.w3.org/2001/XMLSchema#gYear",
        "http://www.w3.org/2001/XMLSchema#gYearMonth",
        "http://www.w3.org/2001/XMLSchema#date",
        "http://www.w3.org/2001/XMLSchema#dateTime"};

    return types[precision];
}
