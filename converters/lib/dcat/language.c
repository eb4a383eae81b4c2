#include "base/ctype.h"
#include "dcat/values_impl.h"

#define EU_LANGUAGE "http://publications.europa.eu/resource/authority/language/"

/* The columns whose texts are compared as they are, and those that are as slugs. */
static const char *const codes[] = {"iso639_3", "iso639_2b"};
static const char *const names[] = {"fr", "en"};

enum {
    N_CODES = sizeof codes / sizeof codes[0],
    N_NAMES = sizeof names / sizeof names[0]
};

int
mo_languages_prepare(struct mo_values *v)
{
    const struct mo_table *t = mo_table(v->vocab->tables, "languages");

    _Static_assert(N_CODES == sizeof v->languages / sizeof v->languages[0], "lookups");
    for (size_t i = 0; i < N_CODES; ++i)
        if (mo_lookup_init(&v->languages[i], t, codes[i], v->arena))
            return -1;
    return 0;
}

/* The row, counted from 1; 0: none. */
static size_t
row_of_code(const struct mo_values *v, struct mo_str code)
{
    size_t row = 0;

    for (size_t i = 0; i < N_CODES && code.n; ++i)
        if (mo_lookup_next(&v->languages[i], code, &row))
            return row;
    return 0;
}

static size_t
row_of_name(const struct mo_values *v, struct mo_str text)
{
    const struct mo_table *t = v->languages[0].table;
    char memory[2][256];
    struct mo_buf wanted, name;

    mo_buf_fixed(&wanted, memory[0], sizeof memory[0]);
    mo_slug(v, text, &wanted);
    for (size_t i = 0; i < N_NAMES && wanted.n && !wanted.failed; ++i)
        for (size_t row = 0; row < t->rows; ++row) {
            mo_buf_fixed(&name, memory[1], sizeof memory[1]);
            mo_slug(
                v, mo_str(mo_table_cell(t, row, mo_table_column(t, names[i]))), &name);
            if (mo_str_eq(mo_buf_view(&wanted), mo_buf_view(&name)))
                return row + 1;
        }
    return 0;
}

/* Its tag: the code of two letters, or where there is none the one of three. */
static struct mo_str
tag_of(const struct mo_values *v, size_t row)
{
    const struct mo_lookup *l = &v->languages[0];
    struct mo_str tag = mo_str("");

    if (row)
        tag = mo_str(mo_lookup_cell(l, row, mo_table_column(l->table, "iso639_1")));
    if (row && !tag.n)
        tag = mo_str(mo_lookup_cell(l, row, l->column));
    return tag;
}

struct mo_str
mo_language_of_code(const struct mo_values *v, struct mo_str code)
{
    return tag_of(v, row_of_code(v, code));
}

struct mo_str
mo_language_named(const struct mo_values *v, struct mo_str text)
{
    size_t row;

    text = mo_str_trim(text);
    if (mo_str_starts(text, mo_str(EU_LANGUAGE)))
        text = mo_str_from(text, sizeof EU_LANGUAGE - 1);
    row = row_of_code(v, text);
    return tag_of(v, row || text.n == 2 ? row : row_of_name(v, text));
}
