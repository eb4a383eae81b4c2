#include <stdlib.h>

#include <moisson/iri.h>

#include "base/ctype.h"
#include "dcat/values_impl.h"

#define CLD "http://purl.org/cld/freq/"
#define EU_FREQUENCY "http://publications.europa.eu/resource/authority/frequency/"
#define INSPIRE_FREQUENCY                                                                \
    "http://inspire.ec.europa.eu/metadata-codelist/MaintenanceFrequency/"

/* No form is as long as this: what is longer is none. */
enum { LONGEST_FORM = 1024 };

static int
by_form(const void *a, const void *b)
{
    return mo_str_cmp(((const struct form *)a)->form, ((const struct form *)b)->form);
}

static void
sort(struct forms *forms)
{
    if (forms->n)
        qsort(forms->at, forms->n, sizeof *forms->at, by_form);
}

static struct mo_str
find(const struct forms *forms, struct mo_str form)
{
    const struct form key = {.form = form};
    const struct form *hit =
        forms->n ? bsearch(&key, forms->at, forms->n, sizeof *forms->at, by_form) : NULL;

    return hit ? hit->id : mo_str("");
}

static int
make_room(struct mo_values *v, struct forms *forms, size_t cap)
{
    forms->at = mo_arena_alloc(v->arena, (cap + 1) * sizeof *forms->at);
    forms->cap = cap;
    return forms->at ? 0 : -1;
}

/* The first row of a form counts. */
static int
add(struct mo_values *v, struct forms *forms, struct mo_str form, const char *id)
{
    struct form *f = &forms->at[forms->n];

    if (form.n == 0)
        return 0;
    for (size_t i = 0; i < forms->n; ++i)
        if (mo_str_eq(forms->at[i].form, form))
            return 0;
    if (forms->n == forms->cap || mo_arena_copy(v->arena, form, &f->form))
        return -1;
    f->id = mo_str(id);
    ++forms->n;
    return 0;
}

static int
add_slug(struct mo_values *v, struct forms *forms, struct mo_str text, const char *id)
{
    char memory[LONGEST_FORM];
    struct mo_buf slug;

    mo_buf_fixed(&slug, memory, sizeof memory);
    mo_slug(v, text, &slug);
    return add(v, forms, mo_buf_view(&slug), id);
}

/* Host and path in lower case, without scheme, "www.", final slash, query, fragment. */
static void
put_canonical(struct mo_buf *out, struct mo_str url)
{
    struct mo_iri iri = mo_iri_parse(url);
    struct mo_str path = iri.path;

    if (mo_str_eq_nocase(
            mo_str_n(iri.authority.p, iri.authority.n < 4 ? 0 : 4), mo_str("www.")))
        iri.authority = mo_str_from(iri.authority, 4);
    while (path.n && path.p[path.n - 1] == '/')
        --path.n;
    for (size_t i = 0; i < iri.authority.n; ++i)
        mo_buf_byte(out, mo_lower(iri.authority.p[i]));
    for (size_t i = 0; i < path.n; ++i)
        mo_buf_byte(out, mo_lower(path.p[i]));
}

static int
add_url(struct mo_values *v, struct forms *forms, struct mo_str url, const char *id)
{
    char memory[LONGEST_FORM];
    struct mo_buf canonical;

    mo_buf_fixed(&canonical, memory, sizeof memory);
    put_canonical(&canonical, url);
    return add(v, forms, mo_buf_view(&canonical), id);
}

/* A row of frequencies: a code of a list is found by itself, and by its IRI. */
static int
add_frequency(struct mo_values *v, const char *kind, const char *form, const char *id)
{
    static const struct {
        const char *kind, *space;
    } lists[] = {
        {"cld", CLD}, {"eu", EU_FREQUENCY}, {"inspire", INSPIRE_FREQUENCY}, {"url", ""}};
    char memory[LONGEST_FORM];
    struct mo_buf iri;

    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; ++i) {
        if (strcmp(kind, lists[i].kind) != 0)
            continue;
        mo_buf_fixed(&iri, memory, sizeof memory);
        mo_buf_c(&iri, lists[i].space);
        mo_buf_c(&iri, form);
        if (add_url(v, &v->frequency_iris, mo_buf_view(&iri), id))
            return -1;
    }
    return add_slug(v, &v->frequencies, mo_str(form), id);
}

static int
add_licence(struct mo_values *v, const char *kind, const char *form, const char *id)
{
    return strcmp(kind, "url") == 0 ? add_url(v, &v->licence_urls, mo_str(form), id)
                                    : add_slug(v, &v->licence_names, mo_str(form), id);
}

/* A table of which each row is one form of an id: its kind, and the form. */
static int
read_forms(struct mo_values *v, const char *table, struct forms *names,
    struct forms *addresses,
    int (*add_row)(
        struct mo_values *v, const char *kind, const char *form, const char *id))
{
    const struct mo_table *t = mo_table(v->vocab->tables, table);
    size_t id = mo_table_column(t, "id"), kind = mo_table_column(t, "kind");
    size_t form = mo_table_column(t, "form");

    if (make_room(v, names, t->rows) || make_room(v, addresses, t->rows))
        return -1;
    for (size_t i = 0; i < t->rows; ++i)
        if (add_row(v, mo_table_cell(t, i, kind), mo_table_cell(t, i, form),
                mo_table_cell(t, i, id)))
            return -1;
    sort(names);
    sort(addresses);
    return 0;
}

static int
read_categories(struct mo_values *v)
{
    const struct mo_table *t = mo_table(v->vocab->tables, "access-categories");
    size_t id = mo_table_column(t, "id"), category = mo_table_column(t, "category");
    size_t label = mo_table_column(t, "label");

    if (make_room(v, &v->categories, t->rows) || make_room(v, &v->category_iris, t->rows))
        return -1;
    for (size_t i = 0; i < t->rows; ++i) {
        const char *name = mo_table_cell(t, i, id);

        if (add_url(v, &v->category_iris, mo_str(mo_table_cell(t, i, category)), name) ||
            add_slug(v, &v->categories, mo_str(mo_table_cell(t, i, label)), name))
            return -1;
    }
    sort(&v->categories);
    sort(&v->category_iris);
    return 0;
}

int
mo_codes_prepare(struct mo_values *v)
{
    return read_forms(
               v, "frequencies", &v->frequencies, &v->frequency_iris, add_frequency) ||
                   read_forms(
                       v, "licences", &v->licence_names, &v->licence_urls, add_licence) ||
                   read_categories(v)
               ? -1
               : 0;
}

static bool
starts(struct mo_str text, const char *head)
{
    size_t n = strlen(head);

    return text.n >= n && mo_str_eq_nocase(mo_str_n(text.p, n), mo_str(head));
}

static bool
is_web(struct mo_str text)
{
    return starts(text, "http://") || starts(text, "https://");
}

static struct mo_str
find_url(const struct forms *forms, struct mo_str url)
{
    char memory[LONGEST_FORM];
    struct mo_buf canonical;

    mo_buf_fixed(&canonical, memory, sizeof memory);
    put_canonical(&canonical, url);
    return canonical.failed ? mo_str("") : find(forms, mo_buf_view(&canonical));
}

static struct mo_str
find_slug(const struct mo_values *v, const struct forms *forms, struct mo_str text)
{
    char memory[LONGEST_FORM];
    struct mo_buf slug;

    mo_buf_fixed(&slug, memory, sizeof memory);
    mo_slug(v, text, &slug);
    return slug.failed ? mo_str("") : find(forms, mo_buf_view(&slug));
}

struct mo_str
mo_frequency(const struct mo_values *v, struct mo_str text)
{
    text = mo_str_trim(text);
    return is_web(text) ? find_url(&v->frequency_iris, text)
                        : find_slug(v, &v->frequencies, text);
}

struct mo_str
mo_access_category(const struct mo_values *v, struct mo_str text)
{
    text = mo_str_trim(text);
    return is_web(text) ? find_url(&v->category_iris, text)
                        : find_slug(v, &v->categories, text);
}

/* The first web address in a text, without what ends a sentence or a tag. */
static struct mo_str
address_in(struct mo_str text, size_t *at)
{
    struct mo_str url = text;
    size_t n = 0;

    while (url.n && !is_web(url))
        url = mo_str_from(url, 1);
    *at = text.n - url.n;
    while (n < url.n && !mo_is_space(url.p[n]) && !strchr("<>\"'", url.p[n]))
        ++n;
    while (n > 0 && strchr(".,;:)]", url.p[n - 1]))
        --n;
    return mo_str_n(url.p, n);
}

struct mo_str
mo_licence(const struct mo_values *v, struct mo_str text)
{
    struct mo_str url, id = mo_str("");
    char memory[LONGEST_FORM];
    struct mo_buf rest;
    size_t at;

    text = mo_str_trim(text);
    while (text.n && text.p[text.n - 1] == '.')
        --text.n;
    url = address_in(text, &at);
    if (url.n)
        id = find_url(&v->licence_urls, url);
    if (id.n)
        return id;
    mo_buf_fixed(&rest, memory, sizeof memory);
    mo_buf_add(&rest, text.p, at);
    mo_buf_byte(&rest, ' ');
    mo_buf_str(&rest, mo_str_from(text, at + url.n));
    return rest.failed ? id : find_slug(v, &v->licence_names, mo_buf_view(&rest));
}

struct mo_str
mo_hvd_category(const struct mo_values *v, struct mo_str iri)
{
    const struct mo_table *t = mo_table(v->vocab->tables, "hvd-categories");

    for (size_t i = 0; i < t->rows; ++i)
        if (mo_str_is(iri, mo_table_cell(t, i, 0)))
            return mo_str(mo_table_cell(t, i, 1));
    return mo_str("");
}
