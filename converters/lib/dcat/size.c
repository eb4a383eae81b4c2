#include "base/scan.h"
#include "dcat/mend.h"

enum { LONGEST_SIZE = 64, SURE_DIGITS = 19 };

/* A number of bytes while it is read: digits, and how many of them are a fraction. */
struct amount {
    char digits[LONGEST_SIZE];
    size_t n;
    int fraction;  /* digits behind the point */
    bool doubtful; /* its one separator may be that of thousands */
};

static const struct unit {
    const char *name;
    unsigned base, power;
} units[] = {{"", 1, 0}, {"o", 1, 0}, {"B", 1, 0}, {"octet", 1, 0}, {"octets", 1, 0},
    {"byte", 1, 0}, {"bytes", 1, 0}, {"ko", 1000, 1}, {"Ko", 1000, 1}, {"KO", 1000, 1},
    {"kB", 1000, 1}, {"KB", 1000, 1}, {"Mo", 1000, 2}, {"mo", 1000, 2}, {"MO", 1000, 2},
    {"MB", 1000, 2}, {"Go", 1000, 3}, {"go", 1000, 3}, {"GO", 1000, 3}, {"GB", 1000, 3},
    {"To", 1000, 4}, {"TB", 1000, 4}, {"kio", 1024, 1}, {"Kio", 1024, 1},
    {"kiB", 1024, 1}, {"KiB", 1024, 1}, {"Mio", 1024, 2}, {"MiB", 1024, 2},
    {"Gio", 1024, 3}, {"GiB", 1024, 3}, {"Tio", 1024, 4}, {"TiB", 1024, 4},
    {"kilooctet", 1000, 1}, {"kilooctets", 1000, 1}, {"kilobyte", 1000, 1},
    {"kilobytes", 1000, 1}, {"m\xC3\xA9gaoctet", 1000, 2}, {"m\xC3\xA9gaoctets", 1000, 2},
    {"megaoctet", 1000, 2}, {"megaoctets", 1000, 2}, {"megabyte", 1000, 2},
    {"megabytes", 1000, 2}, {"gigaoctet", 1000, 3}, {"gigaoctets", 1000, 3},
    {"gigabyte", 1000, 3}, {"gigabytes", 1000, 3}, {"t\xC3\xA9raoctet", 1000, 4},
    {"t\xC3\xA9raoctets", 1000, 4}, {"terabyte", 1000, 4}, {"terabytes", 1000, 4},
    /* Bits, as they are written; but those who write so often mean bytes. */
    {"kb", 0, 0}, {"Kb", 0, 0}, {"mb", 0, 0}, {"Mb", 0, 0}, {"gb", 0, 0}, {"Gb", 0, 0},
    {"b", 0, 0}};

/* Length of the space at the head of `s`: also the ones that do not break. */
static size_t
space_at(struct mo_str s)
{
    if (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
        return 1;
    if (mo_str_starts(s, mo_str("\xC2\xA0")))
        return 2;
    return mo_str_starts(s, mo_str("\xE2\x80\xAF")) ||
                   mo_str_starts(s, mo_str("\xE2\x80\x89"))
               ? 3
               : 0;
}

/* The same of what stands between thousands and is no point: spaces, the apostrophes of Switzerland. */
static size_t
gap_at(struct mo_str s)
{
    if (mo_str_starts(s, mo_str("'")))
        return 1;
    return mo_str_starts(s, mo_str("\xE2\x80\x99")) ? 3 : space_at(s);
}

static bool
is_point(struct mo_str s)
{
    return s.n && (s.p[0] == ',' || s.p[0] == '.');
}

static bool
take_digits(struct amount *a, struct mo_str *s, size_t n)
{
    if (n == 0 || a->n + n > sizeof a->digits)
        return false;
    memcpy(a->digits + a->n, s->p, n);
    a->n += n;
    *s = mo_str_from(*s, n);
    return true;
}

/* Groups of three behind a separator of thousands. How many. */
static size_t
take_groups(struct amount *a, struct mo_str *s, struct mo_str separator)
{
    size_t groups = 0;

    while (mo_str_starts(*s, separator) &&
           mo_scan_digits(mo_str_from(*s, separator.n)) == 3) {
        *s = mo_str_from(*s, separator.n);
        if (!take_digits(a, s, 3))
            return 0;
        ++groups;
    }
    return groups;
}

/*
 * "12323", "12323.0", "1,5", "1 234 567", "1'234", "1,234,567.0". One "," or "." before three digits
 * is doubtful, but for zeros behind a point: those are a decimal of XML Schema.
 */
static bool
read_amount(struct amount *a, struct mo_str *s)
{
    size_t head = mo_scan_digits(*s), gap, groups = 0;
    struct mo_str separator, before, fraction;

    if (!take_digits(a, s, head))
        return false;
    gap = gap_at(*s);
    before = *s;
    separator = mo_str_n(s->p, gap ? gap : is_point(*s));
    if (separator.n && head <= 3)
        groups = take_groups(a, s, separator);
    if (groups == 1 && !gap) {
        fraction = mo_str_n(before.p + 1, 3);
        a->doubtful = !(separator.p[0] == '.' && mo_str_is(fraction, "000"));
        a->fraction = 3;
        return true;
    }
    if (is_point(*s) && !(groups && !gap && s->p[0] == separator.p[0])) {
        *s = mo_str_from(*s, 1);
        a->fraction = (int)mo_scan_digits(*s);
        if (a->fraction && !take_digits(a, s, (size_t)a->fraction))
            return false;
    }
    return true;
}

/* "e6", "E+06": the point moves. */
static bool
read_exponent(struct amount *a, struct mo_str *s)
{
    int exponent = 0, sign = 1;
    struct mo_str rest = mo_str_from(*s, 1);
    size_t n;

    if (s->n < 2 || (s->p[0] != 'e' && s->p[0] != 'E'))
        return true;
    if (rest.p[0] == '+' || rest.p[0] == '-') {
        sign = rest.p[0] == '-' ? -1 : 1;
        rest = mo_str_from(rest, 1);
    }
    n = mo_scan_digits(rest);
    if (n == 0 || n > 2)
        return false;
    for (size_t i = 0; i < n; ++i)
        exponent = 10 * exponent + (rest.p[i] - '0');
    a->fraction -= sign * exponent;
    *s = mo_str_from(rest, n);
    return true;
}

static const struct unit *
read_unit(struct mo_str s)
{
    for (size_t space = space_at(s); space; space = space_at(s))
        s = mo_str_from(s, space);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; ++i)
        if (s.n > 3 ? mo_str_eq_nocase(s, mo_str(units[i].name))
                    : mo_str_is(s, units[i].name)) /* MB is no mb */
            return &units[i];
    return NULL;
}

/*
 * The amount times the unit. Behind a unit of thousands, which is rounded anyway, a
 * fraction of a byte goes; else it is doubtful.
 */
static enum mo_verdict
multiply(const struct amount *a, const struct unit *unit, uint64_t *bytes)
{
    uint64_t value = 0;
    bool rest = false;

    for (size_t i = 0; i < a->n; ++i) {
        if (value > (UINT64_MAX - 9) / 10)
            return MO_NO;
        value = 10 * value + (uint64_t)(a->digits[i] - '0');
    }
    for (int i = a->fraction; i < 0 && value; ++i) {
        if (value > UINT64_MAX / 10)
            return MO_NO;
        value *= 10;
    }
    for (unsigned i = 0; i < unit->power; ++i) {
        if (value > UINT64_MAX / unit->base)
            return MO_NO;
        value *= unit->base;
    }
    for (int i = 0; i < a->fraction && value; ++i) {
        rest = rest || value % 10;
        value /= 10;
    }
    if (rest && unit->power == 0)
        return MO_DOUBTFUL;
    *bytes = value;
    return MO_CERTAIN;
}

/* Digits and nothing else, as many as surely fit. */
static bool
read_plain(struct mo_str s, uint64_t *bytes)
{
    uint64_t value = 0;

    if (s.n == 0 || s.n > SURE_DIGITS || mo_scan_digits(s) < s.n)
        return false;
    for (size_t i = 0; i < s.n; ++i)
        value = 10 * value + (uint64_t)(s.p[i] - '0');
    *bytes = value;
    return true;
}

enum mo_verdict
mo_bytes_mend(struct mo_str text, uint64_t *bytes)
{
    struct amount amount = {.n = 0};
    struct mo_str s = mo_str_trim(text);
    const struct unit *unit;

    if (read_plain(s, bytes))
        return MO_CERTAIN;
    if (s.n > 1 && s.p[0] == '+') /* as XML Schema takes it */
        s = mo_str_from(s, 1);
    if (s.n > LONGEST_SIZE || !read_amount(&amount, &s) || !read_exponent(&amount, &s))
        return MO_NO;
    unit = read_unit(s);
    if (!unit)
        return MO_NO;
    if (amount.doubtful || unit->base == 0)
        return MO_DOUBTFUL;
    return multiply(&amount, unit, bytes);
}
