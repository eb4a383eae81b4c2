#include <stdlib.h>

#include <moisson/iri.h>

#include "base/ctype.h"
#include "dcat/values_impl.h"

/* Forms of one text stand in the order of their rows. */
static int
by_form(const void *a, const void *b)
{
    const struct form *x = a, *y = b;
    int order = mo_str_cmp(x->form, y->form);

    return order ? order : (x->order > y->order) - (x->order < y->order);
}

int
mo_forms_room(struct mo_values *v, struct forms *forms, size_t cap)
{
    forms->at = mo_arena_alloc(v->arena, (cap + 1) * sizeof *forms->at);
    forms->cap = cap;
    return forms->at ? 0 : -1;
}

int
mo_forms_add(struct mo_values *v, struct forms *forms, struct mo_str form, const char *id,
    const char *iri)
{
    struct form *f = &forms->at[forms->n];

    if (form.n == 0)
        return 0;
    if (forms->n == forms->cap || mo_arena_copy(v->arena, form, &f->form))
        return -1;
    f->id = mo_str(id);
    f->iri = mo_str(iri);
    f->order = forms->n++;
    return 0;
}

int
mo_forms_add_slug(struct mo_values *v, struct forms *forms, struct mo_str text,
    const char *id, const char *iri)
{
    char memory[LONGEST_FORM];
    struct mo_buf slug;

    mo_buf_fixed(&slug, memory, sizeof memory);
    mo_slug(v, text, &slug);
    return mo_forms_add(v, forms, mo_buf_view(&slug), id, iri);
}

int
mo_forms_add_url(struct mo_values *v, struct forms *forms, struct mo_str url,
    const char *id, const char *iri)
{
    char memory[LONGEST_FORM];
    struct mo_buf canonical;

    mo_buf_fixed(&canonical, memory, sizeof memory);
    mo_forms_put_url(&canonical, url);
    return mo_forms_add(v, forms, mo_buf_view(&canonical), id, iri);
}

void
mo_forms_sort(struct forms *forms)
{
    size_t n = 0;

    if (forms->n)
        qsort(forms->at, forms->n, sizeof *forms->at, by_form);
    for (size_t i = 0; i < forms->n; ++i)
        if (n == 0 || !mo_str_eq(forms->at[n - 1].form, forms->at[i].form))
            forms->at[n++] = forms->at[i];
    forms->n = n;
}

const struct form *
mo_forms_find(const struct forms *forms, struct mo_str form)
{
    size_t from = 0, to = forms->n;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = mo_str_cmp(forms->at[middle].form, form);

        if (order == 0)
            return &forms->at[middle];
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

static void
put_lower(struct mo_buf *out, struct mo_str text)
{
    if (mo_buf_reserve(out, text.n))
        return;
    for (size_t i = 0; i < text.n; ++i)
        out->p[out->n++] = mo_lower(text.p[i]);
    out->p[out->n] = '\0';
}

void
mo_forms_put_url(struct mo_buf *out, struct mo_str url)
{
    struct mo_iri iri = mo_iri_parse(url);
    struct mo_str path = iri.path;

    if (mo_str_eq_nocase(
            mo_str_n(iri.authority.p, iri.authority.n < 4 ? 0 : 4), mo_str("www.")))
        iri.authority = mo_str_from(iri.authority, 4);
    while (path.n && path.p[path.n - 1] == '/')
        --path.n;
    put_lower(out, iri.authority);
    put_lower(out, path);
}

const struct form *
mo_forms_find_slug(
    const struct mo_values *v, const struct forms *forms, struct mo_str text)
{
    char memory[LONGEST_FORM];
    struct mo_buf slug;

    mo_buf_fixed(&slug, memory, sizeof memory);
    if (!mo_slug(v, text, &slug) || slug.failed)
        return NULL;
    return mo_forms_find(forms, mo_buf_view(&slug));
}

const struct form *
mo_forms_find_url(const struct forms *forms, struct mo_str url)
{
    char memory[LONGEST_FORM];
    struct mo_buf canonical;

    mo_buf_fixed(&canonical, memory, sizeof memory);
    mo_forms_put_url(&canonical, url);
    return canonical.failed ? NULL : mo_forms_find(forms, mo_buf_view(&canonical));
}

bool
mo_is_web(struct mo_str text)
{
    static const char *const heads[] = {"http://", "https://"};

    for (size_t i = 0; i < 2; ++i) {
        size_t n = strlen(heads[i]);

        if (text.n >= n && mo_str_eq_nocase(mo_str_n(text.p, n), mo_str(heads[i])))
            return true;
    }
    return false;
}
