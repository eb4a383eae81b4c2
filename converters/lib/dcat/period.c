#include "dcat/values.h"

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
