#include "dcat/values_impl.h"

#include <stdlib.h>

#include "base/ctype.h"

static int
by_code(const void *a, const void *b)
{
    uint32_t x = ((const struct ascii *)a)->code, y = ((const struct ascii *)b)->code;

    return (x > y) - (x < y);
}

static uint32_t
code_of(const char *hex)
{
    uint32_t code = 0;

    for (int digit; (digit = mo_hex_digit(*hex)) >= 0; ++hex)
        code = code << 4 | (uint32_t)digit;
    return code;
}

/* Room for all, so that reading them cannot fail. */
static int
prepare_ascii(struct mo_values *v)
{
    const struct mo_table *t = mo_table(v->vocab->tables, "transliterations");

    v->transliterations = t;
    v->ascii = mo_arena_alloc(
        v->arena, sizeof *v->ascii + (t->rows + 1) * sizeof v->ascii->at[0]);
    if (!v->ascii)
        return -1;
    v->ascii->read = false;
    return 0;
}

/* The rows of the table are in order but for those that were laid over it. */
static void
read_ascii(const struct mo_values *v)
{
    const struct mo_table *t = v->transliterations;
    struct ascii *at = v->ascii->at;
    bool sorted = true;

    v->ascii->read = true;
    for (size_t i = 0; i < t->rows; ++i) {
        at[i] = (struct ascii){code_of(mo_table_cell(t, i, 0)), (uint32_t)i};
        sorted = sorted && (i == 0 || at[i - 1].code < at[i].code);
    }
    if (!sorted)
        qsort(at, t->rows, sizeof *at, by_code);
}

struct mo_str
mo_ascii_of(const struct mo_values *v, uint32_t code)
{
    const struct mo_table *t = v->transliterations;
    const struct ascii key = {.code = code}, *hit;

    if (!v->ascii->read)
        read_ascii(v);
    hit = bsearch(&key, v->ascii->at, t->rows, sizeof key, by_code);
    return hit ? mo_str(mo_table_cell(t, hit->row, 1)) : mo_str_n(NULL, 0);
}

uint32_t
mo_entity(const struct mo_values *v, struct mo_str name)
{
    const struct mo_lookup *l = &v->entities;
    size_t row = 0;

    while (mo_lookup_next(l, name, &row))
        if (mo_str_is(name, mo_lookup_cell(l, row, l->column)))
            return code_of(mo_lookup_cell(l, row, mo_table_column(l->table, "code")));
    return 0;
}

struct mo_values *
mo_values_new(const struct mo_vocab *vocab)
{
    struct mo_values *v = calloc(1, sizeof *v);

    if (!v)
        return NULL;
    v->vocab = vocab;
    v->arena = mo_arena_new(64u << 20);
    if (!v->arena || prepare_ascii(v) ||
        mo_lookup_init(
            &v->entities, mo_table(vocab->tables, "entities"), "name", v->arena) ||
        mo_codes_prepare(v) || mo_licences_prepare(v) || mo_formats_prepare(v) ||
        mo_exports_prepare(v) || mo_languages_prepare(v) || mo_dates_prepare(v)) {
        mo_values_free(v);
        return NULL;
    }
    return v;
}

void
mo_values_read(const struct mo_values *v)
{
    struct known *const known[] = {
        v->frequencies, v->licences, v->categories, v->protocols};
    const struct mo_lookup *const lookups[] = {&v->entities, &v->languages[0],
        &v->languages[1], &v->file_forms, &v->file_types, &v->media_forms,
        &v->export_formats, &v->date_words, &v->time_zones};

    if (!v->ascii->read)
        read_ascii(v);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; ++i)
        mo_known(v, known[i]);
    for (size_t i = 0; i < sizeof lookups / sizeof lookups[0]; ++i)
        mo_lookup_read(lookups[i]);
}

struct mo_values *
mo_values_share(struct mo_values *v)
{
    ++v->users;
    return v;
}

void
mo_values_free(struct mo_values *v)
{
    if (!v || v->users-- > 0)
        return;
    mo_arena_free(v->arena);
    free(v);
}
