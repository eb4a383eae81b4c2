#include "base/scan.h"
#include "dcat/mend.h"
#include "dcat/values_impl.h"

static struct mo_date
last_day(const struct mo_date *date)
{
    struct mo_date last = mo_date_last_day(date);

    return mo_date_plus(&last, 0);
}

bool
mo_period_of(struct mo_str start, struct mo_str end, struct mo_period *p)
{
    struct mo_date from, to;

    memset(p, 0, sizeof *p);
    start = mo_str_trim(start);
    end = mo_str_trim(end);
    if ((start.n && !mo_date_parse(start, &p->start)) ||
        (end.n && !mo_date_parse(end, &p->end)) || (start.n == 0 && end.n == 0))
        return false;
    p->has_start = start.n > 0;
    p->has_end = end.n > 0;
    from = p->start;
    to = p->end;
    if (p->has_start)
        p->start = mo_date_plus(&from, 0);
    if (p->has_end)
        p->end = last_day(&to);
    if (p->has_start && p->has_end &&
        mo_date_seconds(&p->start) > mo_date_seconds(&p->end)) {
        p->start = mo_date_plus(&to, 0);
        p->end = last_day(&from);
    }
    return true;
}

bool
mo_period_parse(struct mo_str text, struct mo_period *p)
{
    size_t slash = mo_str_find(text, mo_str("/"), 0);
    struct mo_str start = mo_str_trim(mo_str_n(text.p, slash));
    struct mo_str end = mo_str_trim(mo_str_from(text, slash + 1));

    if (slash == text.n)
        return mo_period_of(text, text, p);
    if (mo_str_is(start, "..")) /* ISO 8601-2: an open bound */
        start.n = 0;
    if (mo_str_is(end, ".."))
        end.n = 0;
    return mo_period_of(start, end, p);
}

/* "292269055-12-02", "9999-12-31": the last day that a program knows, which means none. */
static bool
is_for_ever(struct mo_str s)
{
    size_t n = mo_scan_digits(s);

    return (n > 4 && n < s.n && s.p[n] == '-') || mo_str_starts(s, mo_str("9999-12-31"));
}

/* What stands for a bound that is not there. */
static bool
is_open(struct mo_str s)
{
    static const char *const words[] = {"..", "present", "pr\xC3\xA9sent", "now",
        "ongoing", "en cours", "aujourd'hui", "aujourd\xE2\x80\x99hui"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; ++i)
        if (mo_str_eq_nocase(s, mo_str(words[i])))
            return true;
    return s.n == 0 || is_for_ever(s);
}

/* The bound of a period as mo_period_of takes it, in `memory`; empty: it is open. */
static enum mo_verdict
bound(const struct mo_values *values, struct mo_str *text, char memory[64])
{
    struct mo_date date;
    enum mo_time kind;
    enum mo_verdict verdict;
    struct mo_buf out;

    if (is_open(*text)) {
        text->n = 0;
        return MO_CERTAIN;
    }
    verdict = mo_date_mend(values, *text, &date, &kind);
    if (verdict == MO_NO && kind == MO_DURATION)
        return MO_DOUBTFUL;
    if (verdict != MO_CERTAIN)
        return verdict;
    mo_buf_fixed(&out, memory, 64);
    mo_date_put(&out, &date);
    *text = mo_buf_view(&out);
    return MO_CERTAIN;
}

enum mo_verdict
mo_period_mend_bounds(const struct mo_values *values, struct mo_str start,
    struct mo_str end, struct mo_period *period)
{
    char memory[2][64];
    enum mo_verdict a, b;

    start = mo_str_trim(start);
    end = mo_str_trim(end);
    a = bound(values, &start, memory[0]);
    b = bound(values, &end, memory[1]);
    if (a == MO_NO || b == MO_NO)
        return MO_NO;
    if (a == MO_DOUBTFUL || b == MO_DOUBTFUL)
        return MO_DOUBTFUL;
    return mo_period_of(start, end, period) ? MO_CERTAIN : MO_NO;
}

enum mo_verdict
mo_period_mend(
    const struct mo_values *values, struct mo_str text, struct mo_period *period)
{
    struct mo_date date;
    struct mo_str start, end;
    enum mo_time kind;
    enum mo_verdict verdict = mo_date_mend(values, text, &date, &kind);

    text = mo_str_trim(text);
    if (kind == MO_DATE && verdict != MO_NO)
        return verdict == MO_CERTAIN ? mo_period_mend_bounds(values, text, text, period)
                                     : verdict;
    if (!mo_period_split(text, &start, &end))
        return MO_NO;
    return mo_period_mend_bounds(values, start, end, period);
}
