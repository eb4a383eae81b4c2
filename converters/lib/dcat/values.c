#include "dcat/values_impl.h"

#include <stdlib.h>

static int
by_code(const void *a, const void *b)
{
    uint32_t x = ((const struct ascii *)a)->code, y = ((const struct ascii *)b)->code;

    return (x > y) - (x < y);
}

static int
by_name(const void *a, const void *b)
{
    return mo_str_cmp(((const struct entity *)a)->name, ((const struct entity *)b)->name);
}

static int
read_ascii(struct mo_values *v)
{
    const struct mo_table *t = mo_table(v->vocab->tables, "transliterations");

    v->n_ascii = t->rows;
    v->ascii = mo_arena_zero(v->arena, (t->rows + 1) * sizeof *v->ascii);
    if (!v->ascii)
        return -1;
    for (size_t i = 0; i < t->rows; ++i) {
        v->ascii[i].code = (uint32_t)strtoul(mo_table_cell(t, i, 0), NULL, 16);
        v->ascii[i].text = mo_str(mo_table_cell(t, i, 1));
    }
    qsort(v->ascii, v->n_ascii, sizeof *v->ascii, by_code);
    return 0;
}

static int
read_entities(struct mo_values *v)
{
    const struct mo_table *t = mo_table(v->vocab->tables, "entities");

    v->n_entities = t->rows;
    v->entities = mo_arena_zero(v->arena, (t->rows + 1) * sizeof *v->entities);
    if (!v->entities)
        return -1;
    for (size_t i = 0; i < t->rows; ++i) {
        v->entities[i].name = mo_str(mo_table_cell(t, i, 0));
        v->entities[i].code = (uint32_t)strtoul(mo_table_cell(t, i, 1), NULL, 16);
    }
    qsort(v->entities, v->n_entities, sizeof *v->entities, by_name);
    return 0;
}

struct mo_str
mo_ascii_of(const struct mo_values *v, uint32_t code)
{
    const struct ascii key = {.code = code};
    const struct ascii *hit =
        bsearch(&key, v->ascii, v->n_ascii, sizeof *v->ascii, by_code);

    return hit ? hit->text : mo_str_n(NULL, 0);
}

uint32_t
mo_entity(const struct mo_values *v, struct mo_str name)
{
    const struct entity key = {.name = name};
    const struct entity *hit =
        bsearch(&key, v->entities, v->n_entities, sizeof *v->entities, by_name);

    return hit ? hit->code : 0;
}

struct mo_values *
mo_values_new(const struct mo_vocab *vocab)
{
    struct mo_values *v = calloc(1, sizeof *v);

    if (!v)
        return NULL;
    v->vocab = vocab;
    v->arena = mo_arena_new(64u << 20);
    if (!v->arena || read_ascii(v) || read_entities(v) || mo_codes_prepare(v) ||
        mo_licences_prepare(v) || mo_formats_prepare(v) || mo_exports_prepare(v) ||
        mo_languages_prepare(v) || mo_dates_prepare(v)) {
        mo_values_free(v);
        return NULL;
    }
    return v;
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
