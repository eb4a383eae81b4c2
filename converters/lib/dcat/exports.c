#include <moisson/iri.h>

#include "base/ctype.h"
#include "dcat/values_impl.h"

int
mo_exports_prepare(struct mo_values *v)
{
    v->exports = mo_table(v->vocab->tables, "exports");
    return mo_lookup_init(&v->export_formats,
        mo_table(v->vocab->tables, "export-formats"), "token", v->arena);
}

/* The next parameter of a query, whose rest stays. */
static bool
next_parameter(struct mo_str *query, struct mo_str *name, struct mo_str *value)
{
    size_t n = mo_str_find(*query, mo_str("&"), 0), equals;
    struct mo_str one = mo_str_n(query->p, n);

    if (query->n == 0)
        return false;
    equals = mo_str_find(one, mo_str("="), 0);
    *name = mo_str_n(one.p, equals);
    *value = mo_str_from(one, equals + 1);
    *query = mo_str_from(*query, n + 1);
    return true;
}

struct mo_str
mo_url_parameter(struct mo_str query, const char *wanted)
{
    struct mo_str name, value;

    while (next_parameter(&query, &name, &value))
        if (mo_str_eq_nocase(name, mo_str(wanted)))
            return value;
    return mo_str("");
}

/* What a pattern finds in a text. */
struct found {
    struct mo_str dataset, format;
};

static bool
take(struct found *found, struct mo_str name, struct mo_str text)
{
    if (text.n == 0 || memchr(text.p, '/', text.n))
        return false;
    if (mo_str_is(name, "dataset"))
        found->dataset = text;
    else
        found->format = text;
    return true;
}

/* Text that stands as it is, and names in braces that take all up to what stands behind. */
static bool
fits(struct mo_str pattern, struct mo_str text, struct found *found)
{
    while (pattern.n) {
        size_t brace = mo_str_find(pattern, mo_str("{"), 0), end, n;
        struct mo_str name, behind;

        if (!mo_str_starts(text, mo_str_n(pattern.p, brace)))
            return false;
        text = mo_str_from(text, brace);
        if (brace == pattern.n)
            return text.n == 0;
        end = mo_str_find(pattern, mo_str("}"), brace);
        name = mo_str_n(pattern.p + brace + 1, end - brace - 1);
        pattern = mo_str_from(pattern, end + 1);
        behind = mo_str_n(pattern.p, mo_str_find(pattern, mo_str("{"), 0));
        n = behind.n ? mo_str_find(text, behind, 0) : text.n;
        if (!take(found, name, mo_str_n(text.p, n)))
            return false;
        text = mo_str_from(text, n);
    }
    return text.n == 0;
}

static bool
fits_host(struct mo_str pattern, struct mo_str host)
{
    if (pattern.n == 0)
        return host.n > 0;
    if (mo_str_starts(pattern, mo_str("*."))) {
        pattern = mo_str_from(pattern, 1);
        return host.n > pattern.n &&
               mo_str_eq_nocase(
                   mo_str_n(host.p + host.n - pattern.n, pattern.n), pattern);
    }
    return mo_str_eq_nocase(host, pattern);
}

/* Each parameter of the pattern is there. */
static bool
fits_query(struct mo_str pattern, struct mo_str query, struct found *found)
{
    struct mo_str name, value;

    while (next_parameter(&pattern, &name, &value)) {
        char wanted[32];

        if (name.n >= sizeof wanted)
            return false;
        memcpy(wanted, name.p, name.n);
        wanted[name.n] = '\0';
        if (!fits(value, mo_url_parameter(query, wanted), found))
            return false;
    }
    return true;
}

/* Whether the address is one of the row's. */
static bool
fits_row(struct mo_str pattern, const struct mo_iri *iri, struct found *found)
{
    size_t slash = mo_str_find(pattern, mo_str("/"), 0);
    size_t mark = mo_str_find(pattern, mo_str("?"), 0);
    struct mo_str path = iri->path;

    while (path.n && path.p[path.n - 1] == '/')
        --path.n;
    return fits_host(mo_str_n(pattern.p, slash), iri->authority) &&
           fits(mo_str_n(pattern.p + slash, mark - slash), path, found) &&
           fits_query(mo_str_from(pattern, mark + 1), iri->query, found);
}

static bool
is_word_of(const char *words, struct mo_str word)
{
    struct mo_str rest = mo_str(words);

    while (rest.n) {
        size_t n = mo_str_find(rest, mo_str(" "), 0);

        if (mo_str_eq_nocase(mo_str_n(rest.p, n), word))
            return true;
        rest = mo_str_from(rest, n + 1);
    }
    return false;
}

/* All that tells one export from another but how it is written. */
static void
put_key(struct mo_buf *key, const char *platform, const char *free, const char *one,
    const struct mo_iri *iri, const struct found *found)
{
    struct mo_str query = iri->query, name, value;

    mo_buf_printf(key, "%s %s ", platform, one);
    for (size_t i = 0; i < iri->authority.n; ++i)
        mo_buf_byte(key, mo_lower(iri->authority.p[i]));
    mo_buf_byte(key, ' ');
    mo_buf_str(key, found->dataset);
    while (next_parameter(&query, &name, &value)) {
        if (is_word_of(free, name) || value.p == found->dataset.p ||
            value.p == found->format.p)
            continue;
        mo_buf_printf(key, " " MO_FMT "=" MO_FMT, MO_ARG(name), MO_ARG(value));
    }
}

bool
mo_export_at(const struct mo_values *v, struct mo_str url, struct mo_export *export,
    struct mo_buf *key)
{
    const struct mo_table *t = v->exports, *formats = v->export_formats.table;
    size_t pattern = mo_table_column(t, "url");
    struct mo_iri iri;

    url = mo_str_trim(url);
    if (!mo_is_web(url))
        return false;
    iri = mo_iri_parse(url);
    for (size_t i = 0; i < t->rows; ++i) {
        struct found found = {.dataset = mo_str(""), .format = mo_str("")};
        size_t row = 0;

        if (!fits_row(mo_str(mo_table_cell(t, i, pattern)), &iri, &found) ||
            !mo_lookup_next(&v->export_formats, found.format, &row))
            continue;
        export->token =
            mo_str(mo_table_cell(formats, row - 1, mo_table_column(formats, "token")));
        export->type =
            mo_str(mo_table_cell(formats, row - 1, mo_table_column(formats, "type")));
        export->rank = row * t->rows + i;
        if (key)
            put_key(key, mo_table_cell(t, i, mo_table_column(t, "platform")),
                mo_table_cell(t, i, mo_table_column(t, "free")),
                mo_table_cell(formats, row - 1, mo_table_column(formats, "one")), &iri,
                &found);
        return true;
    }
    return false;
}
