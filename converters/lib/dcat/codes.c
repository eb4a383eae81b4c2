#include "dcat/values_impl.h"

#define CLD "http://purl.org/cld/freq/"
#define EU_FREQUENCY "http://publications.europa.eu/resource/authority/frequency/"
#define INSPIRE_FREQUENCY                                                                \
    "http://inspire.ec.europa.eu/metadata-codelist/MaintenanceFrequency/"

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
        if (mo_forms_add_url(v, &v->frequency_iris, mo_buf_view(&iri), id, ""))
            return -1;
    }
    return mo_forms_add_slug(v, &v->frequencies, mo_str(form), id, "");
}

static int
read_frequencies(struct mo_values *v)
{
    const struct mo_table *t = mo_table(v->vocab->tables, "frequencies");
    size_t id = mo_table_column(t, "id"), kind = mo_table_column(t, "kind");
    size_t form = mo_table_column(t, "form");

    if (mo_forms_room(v, &v->frequencies, t->rows) ||
        mo_forms_room(v, &v->frequency_iris, t->rows))
        return -1;
    for (size_t i = 0; i < t->rows; ++i)
        if (add_frequency(v, mo_table_cell(t, i, kind), mo_table_cell(t, i, form),
                mo_table_cell(t, i, id)))
            return -1;
    return 0;
}

static int
read_categories(struct mo_values *v)
{
    const struct mo_table *t = mo_table(v->vocab->tables, "access-categories");
    size_t id = mo_table_column(t, "id"), category = mo_table_column(t, "category");
    size_t label = mo_table_column(t, "label");

    if (mo_forms_room(v, &v->categories, t->rows) ||
        mo_forms_room(v, &v->category_iris, t->rows))
        return -1;
    for (size_t i = 0; i < t->rows; ++i) {
        const char *name = mo_table_cell(t, i, id);

        if (mo_forms_add_url(
                v, &v->category_iris, mo_str(mo_table_cell(t, i, category)), name, "") ||
            mo_forms_add_slug(
                v, &v->categories, mo_str(mo_table_cell(t, i, label)), name, ""))
            return -1;
    }
    return 0;
}

int
mo_codes_prepare(struct mo_values *v)
{
    return read_frequencies(v) || read_categories(v) ? -1 : 0;
}

/* By its address, or its name. */
static struct mo_str
id_of(const struct mo_values *v, const struct forms *names, const struct forms *iris,
    struct mo_str text)
{
    const struct form *f;

    text = mo_str_trim(text);
    f = mo_is_web(text) ? mo_forms_find_url(iris, text)
                        : mo_forms_find_slug(v, names, text);
    return f ? f->id : mo_str("");
}

struct mo_str
mo_frequency(const struct mo_values *v, struct mo_str text)
{
    return id_of(v, &v->frequencies, &v->frequency_iris, text);
}

struct mo_str
mo_access_category(const struct mo_values *v, struct mo_str text)
{
    return id_of(v, &v->categories, &v->category_iris, text);
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

bool
mo_is_inspire_scheme(struct mo_str name)
{
    return mo_str_is(name, "http://inspire.ec.europa.eu/theme") ||
           mo_str_is(name, "http://www.eionet.europa.eu/gemet/inspire_themes") ||
           mo_str_eq_nocase(name, mo_str("GEMET - INSPIRE themes, version 1.0"));
}
