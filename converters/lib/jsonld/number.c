#include "jsonld/number.h"

#include <locale.h>
#include <math.h>
#include <moisson/json.h>
#include <moisson/text.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { DIGITS = 17, ROOM = 512 };

/* Decimals have a point, whatever the locale. */
struct point {
    locale_t c, before;
};

static struct point
point_begin(void)
{
    struct point p = {.c = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0)};

    p.before = p.c ? uselocale(p.c) : (locale_t)0;
    return p;
}

static void
point_end(struct point p)
{
    if (!p.c)
        return;
    uselocale(p.before);
    freelocale(p.c);
}

/* XML Schema's canonical double: 1.5E1, at most 15 digits behind the point. */
static void
put_double(struct mo_buf *out, double value)
{
    char text[64];
    char *e, *end;

    snprintf(text, sizeof text, "%.15E", value);
    e = strchr(text, 'E');
    end = e;
    while (end[-1] == '0' && end[-2] != '.')
        --end;
    mo_buf_add(out, text, (size_t)(end - text));
    mo_buf_printf(out, "E%d", atoi(e + 1));
}

/* From 2 to the 53rd on, all doubles are whole. */
static bool
is_whole(double value)
{
    return fabs(value) >= 9007199254740992.0 || (double)(int64_t)value == value;
}

/* Where one of `bytes` stands first, or the end. */
static size_t
find_any(struct mo_str number, const char *bytes)
{
    size_t i = 0;

    while (i < number.n && !strchr(bytes, number.p[i]))
        ++i;
    return i;
}

/* Whether it is beyond what a double can be, or nearer to zero. */
static bool
is_beyond(struct mo_str number, double value)
{
    return isinf(value) ||
           (value == 0 && find_any(number, "123456789") < find_any(number, "eE"));
}

bool
mo_number_put(struct mo_buf *out, struct mo_str number, bool as_double, bool *is_too_much)
{
    struct point point = point_begin();
    double value = strtod(number.p, NULL);
    bool whole = !as_double && fabs(value) < 1e21 && is_whole(value);

    *is_too_much = is_beyond(number, value);
    if (*is_too_much) {
        mo_buf_str(out, number);
        whole = false;
    } else if (!whole)
        put_double(out, value);
    else if (find_any(number, ".eE") == number.n && !mo_str_starts(number, mo_str("-0")))
        mo_buf_str(out, number); /* exact, where a double need not be */
    else
        mo_buf_printf(out, "%.0f", value == 0 ? 0.0 : value);
    point_end(point);
    return whole;
}

/* The fewest digits that give the same double back, and its decimal exponent. */
static int
shortest(double value, char digits[DIGITS + 1])
{
    char text[64];
    size_t n = 0;
    int e;

    for (int precision = 0; precision < DIGITS; ++precision) {
        snprintf(text, sizeof text, "%.*e", precision, value);
        if (strtod(text, NULL) == value)
            break;
    }
    for (const char *c = text; *c != 'e'; ++c)
        if (*c != '.')
            digits[n++] = *c;
    e = atoi(strchr(text, 'e') + 1);
    while (n > 1 && digits[n - 1] == '0')
        --n;
    digits[n] = '\0';
    return e;
}

/* ECMAScript's Number::toString, which JCS takes over (RFC 8785, 3.2.2.3). */
static void
put_number(struct mo_buf *out, double value)
{
    char digits[DIGITS + 1];
    int e, n;

    if (value == 0) {
        mo_buf_byte(out, '0');
        return;
    }
    if (value < 0)
        mo_buf_byte(out, '-');
    e = shortest(fabs(value), digits);
    n = (int)strlen(digits);
    if (e >= 21 || e < -6) {
        mo_buf_byte(out, digits[0]);
        if (n > 1)
            mo_buf_printf(out, ".%s", digits + 1);
        mo_buf_printf(out, "e%c%d", e < 0 ? '-' : '+', abs(e));
    } else if (e < 0) {
        mo_buf_printf(out, "0.%.*s%s", -e - 1, "00000", digits);
    } else {
        for (int i = 0; i < n || i <= e; ++i) {
            if (i == e + 1)
                mo_buf_byte(out, '.');
            mo_buf_byte(out, i < n ? digits[i] : '0');
        }
    }
}

/* JCS has nothing for what no double can be: that stays as it was written. */
static void
put_any(struct mo_buf *out, struct mo_str number)
{
    struct point point = point_begin();
    double value = strtod(number.p, NULL);

    if (is_beyond(number, value))
        mo_buf_str(out, number);
    else
        put_number(out, value);
    point_end(point);
}

/* By UTF-16 code units, which differs from code points beyond U+FFFF. */
static int
compare_keys(const void *a, const void *b)
{
    struct mo_str x = mo_json_key(*(const struct mo_json *const *)a);
    struct mo_str y = mo_json_key(*(const struct mo_json *const *)b);
    size_t i = 0, k = 0;

    while (i < x.n && k < y.n) {
        uint32_t c = mo_utf8_next(x, &i), d = mo_utf8_next(y, &k);

        if (c == d)
            continue;
        if ((c > 0xFFFF) != (d > 0xFFFF)) {
            c = c > 0xFFFF ? 0xD800 : c;
            d = d > 0xFFFF ? 0xD800 : d;
        }
        return c < d ? -1 : 1;
    }
    return (i < x.n) - (k < y.n);
}

static void
put_object(struct mo_buf *out, const struct mo_json *object)
{
    const struct mo_json **members;
    size_t n = 0;
    bool first = true;

    for (const struct mo_json *m = mo_json_first(object); m; m = mo_json_next(m))
        ++n;
    members = calloc(n + 1, sizeof *members);
    if (!members) {
        out->failed = true;
        return;
    }
    n = 0;
    for (const struct mo_json *m = mo_json_first(object); m; m = mo_json_next(m))
        members[n++] = m;
    qsort(members, n, sizeof *members, compare_keys);
    mo_buf_byte(out, '{');
    for (size_t i = 0; i < n; ++i) {
        if (i + 1 < n && mo_str_eq(mo_json_key(members[i]), mo_json_key(members[i + 1])))
            continue;
        mo_buf_c(out, first ? "" : ",");
        first = false;
        mo_json_string(out, mo_json_key(members[i]));
        mo_buf_byte(out, ':');
        mo_json_canonical(out, members[i]);
    }
    mo_buf_byte(out, '}');
    free(members);
}

void
mo_json_canonical(struct mo_buf *out, const struct mo_json *value)
{
    switch (mo_json_kind(value)) {
    case MO_JSON_NULL: mo_buf_c(out, "null"); break;
    case MO_JSON_FALSE: mo_buf_c(out, "false"); break;
    case MO_JSON_TRUE: mo_buf_c(out, "true"); break;
    case MO_JSON_STRING: mo_json_string(out, mo_json_text(value)); break;
    case MO_JSON_NUMBER: put_any(out, mo_json_text(value)); break;
    case MO_JSON_ARRAY:
        mo_buf_byte(out, '[');
        for (const struct mo_json *v = mo_json_first(value); v; v = mo_json_next(v)) {
            if (v != mo_json_first(value))
                mo_buf_byte(out, ',');
            mo_json_canonical(out, v);
        }
        mo_buf_byte(out, ']');
        break;
    case MO_JSON_OBJECT: put_object(out, value); break;
    }
}
