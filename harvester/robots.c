#include "robots.h"

#include <stdlib.h>
#include <string.h>

#include <moisson/arena.h>
#include <moisson/buf.h>

enum { MAX_RULES = 20000 };

struct rule {
    bool allow;
    size_t n; /* of the pattern */
    const char *pattern;
};

struct robots {
    struct mo_arena *arena;
    struct rule *rules;
    size_t n, cap;
    double delay;
    bool failed;
};

/* ---- Patterns and paths, in one spelling (RFC 9309, 2.2.2) ---- */

static int
hex(char c)
{
    const char *digits = "0123456789abcdef0123456789ABCDEF",
               *at = c ? strchr(digits, c) : NULL;

    return at ? (int)(at - digits) % 16 : -1;
}

static bool
is_unreserved(unsigned char b)
{
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') ||
           (b && strchr("-._~", b));
}

/* Unreserved characters stand for themselves, bytes beyond ASCII are escaped. */
static void
normalise(struct mo_str text, struct mo_buf *out)
{
    for (size_t i = 0; i < text.n; ++i) {
        unsigned char b = (unsigned char)text.p[i];
        int high = b == '%' && i + 2 < text.n ? hex(text.p[i + 1]) : -1;
        int low = high >= 0 ? hex(text.p[i + 2]) : -1;

        if (low >= 0) {
            b = (unsigned char)(high * 16 + low);
            i += 2;
            if (is_unreserved(b))
                mo_buf_byte(out, (char)b);
            else
                mo_buf_printf(out, "%%%02X", b);
        } else if (b > '~' || b <= ' ') {
            mo_buf_printf(out, "%%%02X", b);
        } else {
            mo_buf_byte(out, (char)b);
        }
    }
}

/* Whether the pattern fits the beginning of the path; "*" is anything, "$" the end. */
static bool
fits(const char *pattern, size_t n, const char *path)
{
    const char *p = pattern, *end = pattern + n, *star = NULL, *from = path;

    for (;;) {
        if (p < end && *p == '*') {
            star = ++p;
            from = path;
        } else if (p == end || (p + 1 == end && *p == '$' && *path == '\0')) {
            return true;
        } else if (*path && *p == *path) {
            ++p;
            ++path;
        } else if (star && *from) {
            p = star;
            path = ++from;
        } else {
            return false;
        }
    }
}

/* ---- Reading ---- */

static void
add_rule(struct robots *r, bool allow, struct mo_str value)
{
    struct mo_buf pattern;
    struct mo_str kept;

    if (value.n == 0) /* "Disallow:" forbids nothing */
        return;
    if (r->n == r->cap) {
        size_t cap = r->cap ? 2 * r->cap : 16;
        struct rule *grown =
            cap <= 2 * MAX_RULES ? realloc(r->rules, cap * sizeof *grown) : NULL;

        if (!grown) {
            r->failed = cap <= 2 * MAX_RULES;
            return;
        }
        r->rules = grown;
        r->cap = cap;
    }
    mo_buf_init(&pattern, 3 * ROBOTS_MOST);
    normalise(value, &pattern);
    if (pattern.failed || mo_arena_copy(r->arena, mo_buf_view(&pattern), &kept))
        r->failed = true;
    else
        r->rules[r->n++] = (struct rule){allow, kept.n, kept.p};
    mo_buf_done(&pattern);
}

/* The next line, without comment; `*text` is what is behind it. */
static struct mo_str
take_line(struct mo_str *text)
{
    size_t end = 0;
    struct mo_str line;

    while (end < text->n && text->p[end] != '\n' && text->p[end] != '\r')
        ++end;
    line = mo_str_n(text->p, end);
    *text = mo_str_from(*text, end < text->n ? end + 1 : end);
    return mo_str_trim(mo_str_n(line.p, mo_str_find(line, mo_str("#"), 0)));
}

enum aim { ANY_OTHER, EVERYONE, US };

/* Whom a User-agent line names; what follows a product token does not count. */
static enum aim
aim_of(struct mo_str value, const char *agent)
{
    size_t n = 0;

    if (value.n && value.p[0] == '*')
        return EVERYONE;
    while (n < value.n && (is_unreserved((unsigned char)value.p[n])) &&
           value.p[n] != '.' && value.p[n] != '~')
        ++n;
    return n && mo_str_eq_nocase(mo_str_n(value.p, n), mo_str(agent)) ? US : ANY_OTHER;
}

static void
take_delay(struct robots *r, struct mo_str value)
{
    char number[32] = "", *end;
    double delay;

    memcpy(number, value.p, value.n < 31 ? value.n : 31);
    delay = strtod(number, &end);
    if (end > number && delay > 0 && delay < 1e9)
        r->delay = delay;
}

/* Rules of all groups with this aim. Whether there is such a group. */
static bool
read_groups(struct robots *r, struct mo_str text, const char *agent, enum aim wanted)
{
    bool naming = false, ours = false, found = false;

    while (text.n && !r->failed) {
        struct mo_str line = take_line(&text), key, value;
        size_t colon = mo_str_find(line, mo_str(":"), 0);

        if (colon == line.n)
            continue;
        key = mo_str_trim(mo_str_n(line.p, colon));
        value = mo_str_trim(mo_str_from(line, colon + 1));
        if (mo_str_eq_nocase(key, mo_str("user-agent"))) {
            ours = (naming && ours) || aim_of(value, agent) == wanted;
            naming = true;
            found = found || ours;
            continue;
        }
        if (mo_str_eq_nocase(key, mo_str("allow")) ||
            mo_str_eq_nocase(key, mo_str("disallow"))) {
            naming = false;
            if (ours)
                add_rule(r, key.n == 5, value);
        } else if (mo_str_eq_nocase(key, mo_str("crawl-delay"))) {
            naming = false;
            if (ours)
                take_delay(r, value);
        }
    }
    return found;
}

struct robots *
robots_new(struct mo_str text, const char *agent)
{
    struct robots *r = calloc(1, sizeof *r);

    if (!r || !(r->arena = mo_arena_new(8 * ROBOTS_MOST))) {
        free(r);
        return NULL;
    }
    if (text.n > ROBOTS_MOST)
        text.n = ROBOTS_MOST;
    if (text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0)
        text = mo_str_from(text, 3);
    if (!read_groups(r, text, agent, US))
        read_groups(r, text, agent, EVERYONE);
    if (!r->failed)
        return r;
    robots_free(r);
    return NULL;
}

void
robots_free(struct robots *r)
{
    if (!r)
        return;
    mo_arena_free(r->arena);
    free(r->rules);
    free(r);
}

/* ---- Asking ---- */

bool
robots_allow(const struct robots *r, const char *path, const char **rule)
{
    const struct rule *best = NULL;
    struct mo_buf spelt;

    if (strcmp(path, "/robots.txt") == 0)
        return true;
    mo_buf_init(&spelt, 1 << 20);
    normalise(mo_str(path[0] ? path : "/"), &spelt);
    for (size_t i = 0; i < r->n && !spelt.failed; ++i) {
        const struct rule *one = &r->rules[i];

        if ((!best || one->n > best->n || (one->n == best->n && one->allow)) &&
            fits(one->pattern, one->n, spelt.p))
            best = one;
    }
    mo_buf_done(&spelt);
    if (best && !best->allow && rule)
        *rule = best->pattern;
    return !best || best->allow;
}

double
robots_delay(const struct robots *r)
{
    return r->delay;
}
