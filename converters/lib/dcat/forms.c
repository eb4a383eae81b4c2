#include <assert.h>

#include <moisson/iri.h>

#include "base/ctype.h"
#include "base/hash.h"
#include "dcat/values_impl.h"

static int
make_room(struct mo_values *v, struct forms *forms, size_t cap)
{
    size_t slots = 8;

    while (slots < 2 * cap)
        slots *= 2;
    forms->cap = cap;
    forms->mask = slots - 1;
    forms->at = mo_arena_alloc(v->arena, (cap + 1) * sizeof *forms->at);
    forms->slots = mo_arena_alloc(v->arena, slots * sizeof *forms->slots);
    return forms->at && forms->slots ? 0 : -1;
}

struct known *
mo_known_new(struct mo_values *v, const char *table, known_reader *read)
{
    size_t rows = mo_table(v->vocab->tables, table)->rows;
    struct known *known = mo_arena_zero(v->arena, sizeof *known);

    if (!known || make_room(v, &known->names, rows) || make_room(v, &known->urls, rows))
        return NULL;
    known->read = read;
    return known;
}

static void
begin(const struct mo_values *v, struct forms *forms)
{
    forms->key = mo_lexicon_key(v->vocab->lexicon);
    memset(forms->slots, 0, (forms->mask + 1) * sizeof *forms->slots);
}

const struct known *
mo_known(const struct mo_values *v, struct known *known)
{
    known_reader *read = known->read;

    known->read = NULL;
    if (read) {
        begin(v, &known->names);
        begin(v, &known->urls);
        read(v, known);
    }
    return known;
}

/* The slot of the form with this hash, or the free one where it belongs. */
static uint32_t *
slot_of(const struct forms *forms, uint64_t hash)
{
    size_t slot = hash & forms->mask;

    while (forms->slots[slot] && forms->at[forms->slots[slot] - 1].hash != hash)
        slot = (slot + 1) & forms->mask;
    return &forms->slots[slot];
}

void
mo_forms_add(struct forms *forms, struct mo_str form, const char *id, const char *iri)
{
    uint64_t hash = mo_hash(forms->key, form);
    uint32_t *slot = slot_of(forms, hash);

    if (form.n == 0 || *slot)
        return;
    assert(forms->n < forms->cap);
    forms->at[forms->n] = (struct form){hash, mo_str(id), mo_str(iri)};
    *slot = (uint32_t)++forms->n;
}

void
mo_forms_add_slug(const struct mo_values *v, struct forms *forms, struct mo_str text,
    const char *id, const char *iri)
{
    char memory[LONGEST_FORM];
    struct mo_buf slug;

    mo_buf_fixed(&slug, memory, sizeof memory);
    mo_slug(v, text, &slug);
    mo_forms_add(forms, mo_buf_view(&slug), id, iri);
}

void
mo_forms_add_url(struct forms *forms, struct mo_str url, const char *id)
{
    char memory[LONGEST_FORM];
    struct mo_buf canonical;

    mo_buf_fixed(&canonical, memory, sizeof memory);
    mo_forms_put_url(&canonical, url);
    mo_forms_add(forms, mo_buf_view(&canonical), id, "");
}

const struct form *
mo_forms_find(const struct forms *forms, struct mo_str form)
{
    uint32_t at = form.n ? *slot_of(forms, mo_hash(forms->key, form)) : 0;

    return at ? &forms->at[at - 1] : NULL;
}

static void
put_lower(struct mo_buf *out, struct mo_str text)
{
    char *to;

    if (mo_buf_reserve(out, text.n))
        return;
    to = out->p + out->n;
    for (size_t i = 0; i < text.n; ++i)
        to[i] = mo_lower(text.p[i]);
    to[text.n] = '\0';
    out->n += text.n;
}

void
mo_forms_put_iri(struct mo_buf *out, const struct mo_iri *iri)
{
    struct mo_str host = iri->authority, path = iri->path;

    if (mo_str_eq_nocase(mo_str_n(host.p, host.n < 4 ? 0 : 4), mo_str("www.")))
        host = mo_str_from(host, 4);
    while (path.n && path.p[path.n - 1] == '/')
        --path.n;
    put_lower(out, host);
    put_lower(out, path);
}

void
mo_forms_put_url(struct mo_buf *out, struct mo_str url)
{
    struct mo_iri iri = mo_iri_parse(url);

    mo_forms_put_iri(out, &iri);
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
