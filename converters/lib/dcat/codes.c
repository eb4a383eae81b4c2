#include "dcat/values_impl.h"

#define CLD "http://purl.org/cld/freq/"
#define EU_FREQUENCY "http://publications.europa.eu/resource/authority/frequency/"
#define INSPIRE_FREQUENCY                                                                \
    "http://inspire.ec.europa.eu/metadata-codelist/MaintenanceFrequency/"

/* A row of frequencies: a code of a list is found by itself, and by its IRI. */
static void
add_frequency(const struct mo_values *v, struct known *known, const char *kind,
    const char *form, const char *id)
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
        mo_forms_add_url(&known->urls, mo_buf_view(&iri), id);
    }
    mo_forms_add_slug(v, &known->names, mo_str(form), id, "");
}

static void
read_frequencies(const struct mo_values *v, struct known *known)
{
    const struct mo_table *t = mo_table(v->vocab->tables, "frequencies");
    size_t id = mo_table_column(t, "id"), kind = mo_table_column(t, "kind");
    size_t form = mo_table_column(t, "form");

    for (size_t i = 0; i < t->rows; ++i)
        add_frequency(v, known, mo_table_cell(t, i, kind), mo_table_cell(t, i, form),
            mo_table_cell(t, i, id));
}

static void
read_categories(const struct mo_values *v, struct known *known)
{
    const struct mo_table *t = mo_table(v->vocab->tables, "access-categories");
    size_t id = mo_table_column(t, "id"), category = mo_table_column(t, "category");
    size_t label = mo_table_column(t, "label");

    for (size_t i = 0; i < t->rows; ++i) {
        const char *name = mo_table_cell(t, i, id);

        mo_forms_add_url(&known->urls, mo_str(mo_table_cell(t, i, category)), name);
        mo_forms_add_slug(v, &known->names, mo_str(mo_table_cell(t, i, label)), name, "");
    }
}

int
mo_codes_prepare(struct mo_values *v)
{
    v->frequencies = mo_known_new(v, "frequencies", read_frequencies);
    v->categories = mo_known_new(v, "access-categories", read_categories);
    return v->frequencies && v->categories ? 0 : -1;
}

/* By its address, or its name. */
static struct mo_str
id_of(const struct mo_values *v, const struct known *known, struct mo_str text)
{
    const struct form *f;

    text = mo_str_trim(text);
    f = mo_is_web(text) ? mo_forms_find_url(&known->urls, text)
                        : mo_forms_find_slug(v, &known->names, text);
    return f ? f->id : mo_str("");
}

struct mo_str
mo_frequency(const struct mo_values *v, struct mo_str text)
{
    return id_of(v, mo_known(v, v->frequencies), text);
}

struct mo_str
mo_access_category(const struct mo_values *v, struct mo_str text)
{
    return id_of(v, mo_known(v, v->categories), text);
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
