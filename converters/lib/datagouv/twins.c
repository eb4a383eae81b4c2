#include <stdlib.h>

#include <moisson/text.h>

#include "base/hash.h"
#include "datagouv/datagouv.h"

/* The number of the input in hand. */
static int
number_of(struct mo_twins *t, struct mo_str file, uint32_t *number)
{
    char **grown, *name;

    *number = t->n_files ? (uint32_t)t->n_files - 1 : 0;
    if (t->n_files && mo_str_is(file, t->files[*number]))
        return 0;
    grown = realloc(t->files, (t->n_files + 1) * sizeof *grown);
    if (!grown)
        return -1;
    t->files = grown;
    name = strndup(file.p ? file.p : "", file.n);
    if (!name)
        return -1;
    *number = (uint32_t)t->n_files;
    t->files[t->n_files++] = name;
    return 0;
}

static int
note(struct mo_twins *t, uint64_t hash, uint32_t file, const struct mo_place *place)
{
    struct mo_slot *slot;

    if (t->n == t->cap) {
        size_t cap = t->cap ? 2 * t->cap : 256;
        struct mo_first *grown = realloc(t->at, cap * sizeof *grown);

        if (!grown)
            return -1;
        t->at = grown;
        t->cap = cap;
    }
    slot = mo_index_add(&t->index, hash);
    if (!slot)
        return -1;
    t->at[t->n] = (struct mo_first){.file = file,
        .line = place->line < UINT32_MAX ? (uint32_t)place->line : 0,
        .column = place->column < UINT32_MAX ? (uint32_t)place->column : 0};
    slot->at = t->n++ & MO_SLOT_AT;
    return 0;
}

int
mo_twins_look(struct mo_twins *t, struct mo_str identity, struct mo_str file,
    const struct mo_place *place, const struct mo_first **first)
{
    uint64_t hash;
    struct mo_slot *slot;
    uint32_t number;

    if (!t->seed)
        t->seed = mo_hash_key();
    hash = mo_hash(t->seed, identity);
    *first = NULL;
    if (number_of(t, file, &number))
        return -1;
    slot = mo_index_find(&t->index, hash);
    if (!slot)
        return note(t, hash, number, place);
    *first = &t->at[slot->at];
    return 0;
}

void
mo_twins_put_place(
    const struct mo_twins *t, const struct mo_first *first, struct mo_buf *out)
{
    const char *file = t->files[first->file];

    mo_buf_c(out, file);
    if (first->line)
        mo_buf_printf(out, "%s%u:%u", file[0] ? ":" : "", first->line, first->column);
}

void
mo_twins_done(struct mo_twins *t)
{
    for (size_t i = 0; i < t->n_files; ++i)
        free(t->files[i]);
    free(t->files);
    free(t->at);
    mo_index_done(&t->index);
}

int
mo_tell_twin(struct datagouv *w, const struct mo_record *record)
{
    enum { LONGEST_SHOWN = 200 };
    struct mo_twins *t = &w->twins;
    const struct mo_first *first;
    struct mo_buf identity;
    int failed;

    mo_buf_init(&identity, 1 << 20);
    mo_buf_clear(&w->twin);
    failed = mo_record_identity(record, &identity) ||
             mo_twins_look(t, mo_buf_view(&identity), w->writer.options.file,
                 &record->place, &first);
    if (!failed && first) {
        mo_buf_str(&w->twin, mo_utf8_head(mo_buf_view(&identity), LONGEST_SHOWN));
        mo_buf_c(&w->twin, " (");
        mo_twins_put_place(t, first, &w->twin);
        mo_buf_byte(&w->twin, ')');
        /* In another input it is another source's, but for the API, which knows no sources. */
        if (!w->payload && first->file + 1 == t->n_files)
            mo_writer_report(
                &w->writer, MO_DIAG_IDENTITY_TWIN, mo_buf_view(&w->twin), record, "");
    }
    mo_buf_done(&identity);
    return failed;
}
