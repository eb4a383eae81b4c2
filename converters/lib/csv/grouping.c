#include <stdio.h>
#include <stdlib.h>

#include <moisson/json.h>
#include <moisson/text.h>

#include "base/ctype.h"
#include "csv/reader.h"

/* ---- The dataset in hand ---- */

static void
forget_dataset(struct csv_reader *r)
{
    mo_arena_reset(r->arena);
    r->resources = mo_json_new(r->arena, MO_JSON_ARRAY);
    if (r->resources)
        r->resources_end = &r->resources->first;
    else
        mo_csv_trouble(r);
    mo_buf_clear(&r->rows_of_dataset);
    mo_buf_clear(&r->key);
    memset(r->values_of, 0, r->headings.n * sizeof *r->values_of);
    r->in_hand = r->given_up = r->no_address = r->twice = false;
    r->name[0] = '\0';
}

static void
name_dataset(struct csv_reader *r, struct mo_str text)
{
    text = mo_utf8_head(text, sizeof r->name / 4 - 1);
    memcpy(r->name, text.p, text.n);
    r->name[text.n] = '\0';
}

static struct mo_str
key_in(const struct csv_reader *r, const struct mo_row *row, size_t which)
{
    size_t column = r->key_columns[which];

    return column < r->headings.n ? mo_str_trim(mo_csv_cell_of(r, row, column))
                                  : mo_str("");
}

/* What tells datasets apart; empty when the row says nothing of the kind. */
static struct mo_str
key_of(const struct csv_reader *r, const struct mo_row *row)
{
    struct mo_str key = mo_str("");

    for (size_t i = 0; i < MO_CSV_KEYS && key.n == 0; ++i)
        key = key_in(r, row, i);
    return key;
}

/* ---- Rows ---- */

static void
add_resource(struct csv_reader *r, const struct mo_row *row, size_t resource)
{
    struct csv_members m;
    struct mo_json *object;

    if (!r->resources || !mo_csv_begin_members(r, &m))
        return;
    for (size_t i = 0; i < r->headings.n; ++i)
        if (r->headings.columns[i].field && r->headings.columns[i].field->resource &&
            r->headings.columns[i].resource == resource)
            mo_csv_add_cell(r, &m, i, mo_csv_cell_of(r, row, i), row);
    if (m.n == 0 && m.n_extras == 0)
        return;
    object = mo_csv_make_object(r, &m);
    if (object)
        mo_json_append(r->resources, &r->resources_end, mo_str(""), object);
}

/* What a row says of the dataset: the first of its rows that says a thing counts. */
static void
add_values(struct csv_reader *r, const struct mo_row *row)
{
    for (size_t i = 0; i < r->headings.n; ++i) {
        const struct csv_field *field = r->headings.columns[i].field;
        struct csv_value *value = &r->values_of[i];
        struct mo_str text;

        if (field && (field->resource || !field->read))
            continue;
        text = mo_csv_cell_of(r, row, i);
        if (text.n == 0)
            continue;
        if (value->text.n && !mo_str_eq(value->text, text))
            mo_csv_tell(r, MO_DIAG_CELL_DIFFERS, text, i, row);
        if (value->text.n)
            continue;
        if (mo_arena_copy(r->arena, text, &value->text))
            mo_csv_trouble(r);
        value->number = row->number;
        value->line = row->line;
        value->offset = row->offset;
    }
}

static void
add_row(struct csv_reader *r, const struct mo_row *row)
{
    for (size_t i = r->headings.n; i < row->n; ++i)
        if (!mo_str_blank(row->cells[i])) {
            mo_csv_tell(r, MO_DIAG_CELL_BEYOND, row->cells[i], i, row);
            break;
        }
    add_values(r, row);
    for (size_t i = 0; i < r->headings.n_resources; ++i)
        add_resource(r, row, i);
    if (mo_buf_str(&r->rows_of_dataset, row->bytes))
        mo_csv_trouble(r);
}

/* The same dataset stood further up, with others between. */
static void
look_for_twin(struct csv_reader *r, const struct mo_row *row, struct mo_str key)
{
    uint64_t hash = mo_hash(r->hash_key, key);
    struct mo_slot *slot = mo_index_find(&r->seen, hash);
    char above[32];

    if (slot) {
        snprintf(above, sizeof above, "%zu", (size_t)slot->at);
        mo_csv_tell(r, MO_DIAG_ROWS_APART, mo_str(above), MO_MAX_CELLS, row);
    } else if (!(slot = mo_index_add(&r->seen, hash))) {
        mo_csv_trouble(r);
    } else {
        slot->at = row->number & MO_SLOT_AT;
    }
}

static int
note_place(struct csv_reader *r, const struct mo_row *row)
{
    if (r->n_places == r->cap_places) {
        size_t cap = r->cap_places ? 2 * r->cap_places : 64;
        struct csv_place *places = realloc(r->places, cap * sizeof *places);

        if (!places)
            return -1;
        r->places = places;
        r->cap_places = cap;
    }
    r->places[r->n_places].line = row->line;
    r->places[r->n_places++].number = row->number;
    return 0;
}

static void
begin_dataset(struct csv_reader *r, const struct mo_row *row, struct mo_str key)
{
    struct mo_str title = key_in(r, row, MO_CSV_KEYS - 1);

    forget_dataset(r);
    name_dataset(r, title.n ? title : key);
    if (mo_buf_str(&r->key, key))
        mo_csv_trouble(r);
    if (title.n == 0) {
        mo_csv_reject_row(r, MO_DIAG_ROW_UNTITLED, key, MO_MAX_CELLS, row);
        r->given_up = true;
        return;
    }
    look_for_twin(r, row, key);
    if (note_place(r, row))
        mo_csv_trouble(r);
    r->in_hand = true;
    add_row(r, row);
}

/* With a base and no IRI of its own, a dataset is named below the base. */
static void
add_iri(struct csv_reader *r, struct csv_members *m)
{
    static const char hex[] = "0123456789ABCDEF";
    struct mo_str identifier = mo_str("");
    struct csv_cell cell = {.arena = r->arena};
    struct mo_buf *iri = &r->scratch_text;

    for (size_t i = 0; i < r->headings.n; ++i) {
        const struct csv_field *field = r->headings.columns[i].field;

        if (!field || field->resource)
            continue;
        if (strcmp(field->name, "harvest.uri") == 0 && r->values_of[i].text.n)
            return;
        if (strcmp(field->name, "harvest.remote_id") == 0)
            identifier = r->values_of[i].text;
    }
    if (identifier.n == 0 || r->reader.options.base.n == 0)
        return;
    mo_buf_clear(iri);
    for (size_t i = 0; i < identifier.n; ++i) {
        unsigned char c = (unsigned char)identifier.p[i];

        if (mo_is_alpha((char)c) || mo_is_digit((char)c) || strchr("-._~", c)) {
            mo_buf_byte(iri, (char)c);
        } else {
            mo_buf_byte(iri, '%');
            mo_buf_byte(iri, hex[c >> 4]);
            mo_buf_byte(iri, hex[c & 15]);
        }
    }
    mo_csv_add_member(m, "harvest.uri", mo_csv_string(&cell, mo_buf_view(iri)));
    if (cell.failed || iri->failed)
        mo_csv_trouble(r);
}

void
mo_csv_finish_dataset(struct csv_reader *r)
{
    struct csv_members m;
    struct mo_row row = {0};
    struct mo_json *object;

    if (!r->in_hand || !mo_csv_begin_members(r, &m))
        return;
    for (size_t i = 0; i < r->headings.n; ++i) {
        row.number = r->values_of[i].number;
        row.line = r->values_of[i].line;
        row.offset = r->values_of[i].offset;
        mo_csv_add_cell(r, &m, i, r->values_of[i].text, &row);
    }
    add_iri(r, &m);
    mo_csv_add_member(&m, "resources", r->resources);
    object = mo_csv_make_object(r, &m);
    if (object && mo_input_take(r->inner, object, r->twice))
        mo_csv_trouble(r);
    r->in_hand = false;
}

static bool
is_blank(const struct mo_row *row)
{
    for (size_t i = 0; i < row->n; ++i)
        if (!mo_str_blank(row->cells[i]))
            return false;
    return true;
}

/* One more row of the dataset in hand; one with too many of them is given up, with all. */
static void
go_on(struct csv_reader *r, const struct mo_row *row)
{
    if (r->in_hand && r->rows_of_dataset.n + row->bytes.n > r->reader.options.max_bytes) {
        mo_csv_tell(r, MO_DIAG_TOO_BIG, mo_str(""), MO_MAX_CELLS, row);
        ++r->n_rejected;
        mo_csv_keep_rejected(r, mo_buf_view(&r->rows_of_dataset), false);
        --r->n_places; /* it becomes none of the objects */
        r->in_hand = false;
        r->given_up = true;
    }
    if (r->given_up)
        mo_csv_keep_rejected(r, row->bytes, false);
    else
        add_row(r, row);
}

bool
mo_csv_take_row(struct csv_reader *r, const struct mo_row *row)
{
    struct mo_str key = key_of(r, row);
    bool same = key.n == 0 || mo_str_eq(key, mo_buf_view(&r->key));

    if (is_blank(row))
        return false;
    if (same && (r->in_hand || r->given_up)) {
        go_on(r, row);
        return false;
    }
    if (r->in_hand) {
        mo_csv_finish_dataset(r);
        r->held = true; /* it begins the next one, once this one has left */
        return true;
    }
    if (key.n == 0)
        mo_csv_reject_row(r, MO_DIAG_ROW_UNTITLED, mo_str(""), MO_MAX_CELLS, row);
    else
        begin_dataset(r, row, key);
    return false;
}

void
mo_csv_take_fault(struct csv_reader *r, const struct mo_row *row)
{
    static const enum mo_diag_id ids[] = {[MO_ROW_QUOTE] = MO_DIAG_ROW_QUOTE,
        [MO_ROW_TOO_BIG] = MO_DIAG_TOO_BIG,
        [MO_ROW_SYNTAX] = MO_DIAG_ROW_QUOTE,
        [MO_ROW_LOST] = MO_DIAG_ROW_LOST};
    bool lost = row->fault == MO_ROW_LOST;
    char first = r->name[0];

    r->name[0] = '\0';
    mo_csv_reject_row(
        r, ids[row->fault], mo_str(""), lost ? MO_MAX_CELLS : row->column, row);
    r->name[0] = first;
    if (lost && r->reader.state == MO_READER_FINE)
        r->reader.state = MO_READER_BROKE_OFF;
}
