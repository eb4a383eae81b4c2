#include "query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <moisson/buf.h>
#include <moisson/iri.h>

enum { MAX_ADDRESS = 1 << 20 };

size_t
query_path(const char *url)
{
    return strcspn(url, "?#");
}

bool
query_path_ends(const char *url, const char *tail)
{
    size_t n = query_path(url), m = strlen(tail);

    while (n > 0 && url[n - 1] == '/')
        --n;
    return n >= m && memcmp(url + n - m, tail, m) == 0;
}

/* ---- Parameters ---- */

/* One of them, as it is spelled; `name` ends at its "=". */
struct parameter {
    const char *name, *value;
    size_t n_name, n_value, n; /* n: of both */
};

/* The next one at `*at`, which goes behind it. False at the end. */
static bool
next(const char **at, struct parameter *p)
{
    *at += **at == '?' || **at == '&';
    if (!**at || **at == '#')
        return false;
    p->name = *at;
    p->n = strcspn(p->name, "&#");
    p->n_name = strcspn(p->name, "=&#");
    p->value = p->name + p->n_name + (p->name[p->n_name] == '=');
    p->n_value = p->n - (size_t)(p->value - p->name);
    *at = p->name + p->n;
    return true;
}

static bool
is_named(const struct parameter *p, const char *name)
{
    return p->n_name == strlen(name) && memcmp(p->name, name, p->n_name) == 0;
}

static int
digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c ? strchr(digits, c) : NULL;

    return at ? (int)(at - digits) % 16 : -1;
}

static char *
decoded(const char *text, size_t n)
{
    char *value = malloc(n + 1), *out = value;

    for (size_t i = 0; value && i < n; ++i) {
        int high = text[i] == '%' && i + 2 < n ? digit(text[i + 1]) : -1;
        int low = high >= 0 ? digit(text[i + 2]) : -1;

        *out++ = low >= 0 ? (char)(16 * high + low) : text[i] == '+' ? ' ' : text[i];
        i += low >= 0 ? 2 : 0;
    }
    if (value)
        *out = '\0';
    return value;
}

char *
query_get(const char *url, const char *name)
{
    const char *at = url + query_path(url);
    struct parameter p;

    while (next(&at, &p))
        if (is_named(&p, name))
            return decoded(p.value, p.n_value);
    return NULL;
}

bool
query_walk(const char **at, char **name, char **value)
{
    struct parameter p;

    if (!next(at, &p))
        return false;
    *name = decoded(p.name, p.n_name);
    *value = decoded(p.value, p.n_value);
    return true;
}

int64_t
query_number(const char *url, const char *name, int64_t otherwise)
{
    char *text = query_get(url, name);
    size_t n = text ? strspn(text, "0123456789") : 0;
    int64_t number = n && n < 16 && !text[n] ? atoll(text) : otherwise;

    free(text);
    return number;
}

/* ---- Other parameters ---- */

static void
put(struct mo_buf *out, const char *name, const char *value)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789-._~:,*/()";

    mo_buf_c(out, name);
    mo_buf_byte(out, '=');
    for (const char *p = value; *p; ++p)
        if (strchr(plain, *p))
            mo_buf_byte(out, *p);
        else
            mo_buf_printf(out, "%%%02X", (unsigned char)*p);
}

static char *
detach(struct mo_buf *out)
{
    char *url = out->failed ? NULL : strndup(out->p, out->n);

    mo_buf_done(out);
    return url;
}

/* Bytes of user and password with the sign behind them, of a host that has some. */
static size_t
user_size(struct mo_str authority)
{
    size_t n = authority.n;

    while (n > 0 && authority.p[n - 1] != '@')
        --n;
    return n;
}

char *
query_address(struct mo_str iri)
{
    struct mo_iri parts = mo_iri_parse(iri);
    size_t before = parts.has_authority ? (size_t)(parts.authority.p - iri.p) : 0;
    size_t host = before + (parts.has_authority ? parts.authority.n : 0);
    struct mo_buf out;

    mo_buf_init(&out, MAX_ADDRESS);
    mo_buf_add(&out, iri.p, before);
    for (size_t i = before + user_size(parts.authority); i < iri.n; ++i) {
        unsigned char b = (unsigned char)iri.p[i];

        if (i >= host && (b <= ' ' || b > '~' || strchr("\"<>\\^`{|}", b)))
            mo_buf_printf(&out, "%%%02X", b);
        else
            mo_buf_byte(&out, iri.p[i]);
    }
    return detach(&out);
}

char *
query_set(const char *url, const char *name, const char *value)
{
    const char *at = url + query_path(url);
    char separator = '?';
    struct parameter p;
    struct mo_buf out;

    mo_buf_init(&out, MAX_ADDRESS);
    mo_buf_add(&out, url, query_path(url));
    while (next(&at, &p)) {
        bool meant = is_named(&p, name);

        if (p.n == 0 || (meant && !value))
            continue;
        mo_buf_byte(&out, separator);
        separator = '&';
        if (meant)
            put(&out, name, value);
        else
            mo_buf_add(&out, p.name, p.n);
        value = meant ? NULL : value;
    }
    if (value) {
        mo_buf_byte(&out, separator);
        put(&out, name, value);
    }
    return detach(&out);
}

char *
query_add(const char *url, const char *name, const char *value)
{
    size_t n = strcspn(url, "#");
    struct mo_buf out;

    mo_buf_init(&out, MAX_ADDRESS);
    mo_buf_add(&out, url, n);
    mo_buf_byte(&out, query_path(url) < n ? '&' : '?');
    put(&out, name, value);
    return detach(&out);
}

char *
query_field(const char *field, const char *value)
{
    struct mo_buf out;

    mo_buf_init(&out, MAX_ADDRESS);
    mo_buf_c(&out, field);
    mo_buf_c(&out, ":\"");
    for (const char *p = value; *p; ++p) {
        if (*p == '"' || *p == '\\')
            mo_buf_byte(&out, '\\');
        mo_buf_byte(&out, *p);
    }
    mo_buf_byte(&out, '"');
    return detach(&out);
}

char *
query_joined(const char *url, size_t n, const char *tail)
{
    struct mo_buf out;

    mo_buf_init(&out, MAX_ADDRESS);
    mo_buf_add(&out, url, n);
    mo_buf_c(&out, tail);
    return detach(&out);
}

char *
query_set_number(const char *url, const char *name, int64_t value)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", (long long)value);
    return query_set(url, name, text);
}

char *
query_default(const char *url, const char *name, const char *value)
{
    char *there = query_get(url, name), *made;

    made = there ? strndup(url, strcspn(url, "#")) : query_set(url, name, value);
    free(there);
    return made;
}

char *
query_respell(const char *url, const char *name)
{
    char *made = strdup(url);
    const char *at = made ? made + query_path(made) : "";
    struct parameter p;

    while (next(&at, &p))
        if (mo_str_eq_nocase(mo_str_n(p.name, p.n_name), mo_str(name)))
            memcpy(made + (p.name - made), name, p.n_name);
    return made;
}

char *
query_then_respell(char *url, const char *name)
{
    char *made = url ? query_respell(url, name) : NULL;

    free(url);
    return made;
}

char *
query_then_set(char *url, const char *name, const char *value)
{
    char *made = url ? query_set(url, name, value) : NULL;

    free(url);
    return made;
}

char *
query_then_add(char *url, const char *name, const char *value)
{
    char *made = url ? query_add(url, name, value) : NULL;

    free(url);
    return made;
}

char *
query_then_default(char *url, const char *name, const char *value)
{
    char *made = url ? query_default(url, name, value) : NULL;

    free(url);
    return made;
}

/* ---- Counting ---- */

char *
query_count_on(const struct page_facts *page, const char *offset, const char *limit)
{
    int64_t reached = query_number(page->url, offset, 0) + page->members;

    if (page->members <= 0 ||
        (page->members < query_number(page->url, limit, 0) && page->total <= reached))
        return NULL;
    return query_set_number(page->url, offset, reached);
}
