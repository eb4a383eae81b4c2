#include "csv/reader.h"

#include <stdio.h>
#include <stdlib.h>

#include <moisson/json.h>
#include <moisson/text.h>

enum { HEAD = 64 << 10, MAX_ARENA = 64 << 20, MAX_CEILING = 1 << 28 };

/* ---- Saying what is wrong ---- */

static void
report(struct csv_reader *r, struct mo_diag *diag)
{
    mo_reader_report(&r->reader, diag);
}

/* `column` from 0; MO_MAX_CELLS: of the row as a whole. */
static void
tell(struct csv_reader *r, enum mo_diag_id id, struct mo_str detail, size_t column,
    const struct mo_row *row)
{
    char memory[512];
    struct mo_buf cell;
    struct mo_diag diag = {.id = id,
        .detail = detail,
        .record = mo_str(r->name),
        .line = row->line,
        .offset = row->offset,
        .has_offset = true};

    mo_buf_fixed(&cell, memory, sizeof memory);
    if (column < MO_MAX_CELLS) {
        mo_csv_cell_name(&cell, column, row->number);
        if (column < r->headings.n)
            mo_buf_printf(&cell, " (" MO_FMT ")",
                MO_ARG(mo_utf8_head(r->headings.columns[column].heading, 60)));
    } else {
        mo_csv_cell_name(&cell, 0, row->number);
    }
    diag.property = mo_buf_view(&cell);
    report(r, &diag);
}

/* What the reader of data.gouv.fr JSON says of a dataset, said of the spreadsheet. */
static void
hear(void *ctx, const struct mo_diag *said)
{
    struct csv_reader *r = ctx;
    struct mo_diag diag = *said;
    size_t line = said->line;
    char memory[512];
    struct mo_buf cell;

    /* Of an address that is none, the cell was told of. */
    if (said->id == MO_DIAG_BAD_URL && said->detail.n == 0 && r->no_address)
        return;
    mo_buf_fixed(&cell, memory, sizeof memory);
    diag.line = line && line <= r->n_places ? r->places[line - 1].line : 0;
    diag.column = 0;
    diag.has_offset = false;
    for (size_t i = 0; diag.line && i < r->headings.n; ++i) {
        const struct csv_column *column = &r->headings.columns[i];

        if (!column->field || !mo_str_is(said->property, column->field->name))
            continue;
        mo_csv_cell_name(
            &cell, i, column->field->resource ? 0 : r->places[line - 1].number);
        mo_buf_printf(&cell, " (" MO_FMT ")", MO_ARG(mo_utf8_head(column->heading, 60)));
        diag.property = mo_buf_view(&cell);
        break;
    }
    report(r, &diag);
}

static void
trouble(struct csv_reader *r)
{
    struct mo_diag diag = {.id = MO_DIAG_NO_MEMORY};

    if (r->reader.state != MO_READER_TROUBLE)
        report(r, &diag);
    r->reader.state = MO_READER_TROUBLE;
}

/* ---- Rejects: a spreadsheet with the same headings ---- */

static void
keep_rejected(struct csv_reader *r, struct mo_str rows, bool more)
{
    const struct mo_reader_options *o = &r->reader.options;
    struct mo_reject reject = {
        .root = mo_buf_view(&r->heading_row), .bytes = rows, .more = more};

    while (!more && reject.bytes.n && strchr("\r\n", reject.bytes.p[reject.bytes.n - 1]))
        --reject.bytes.n;
    if (o->reject && o->reject(o->reject_ctx, &reject))
        r->reader.state = MO_READER_STOPPED;
}

static void
reject_row(struct csv_reader *r, enum mo_diag_id id, struct mo_str detail, size_t column,
    const struct mo_row *row)
{
    tell(r, id, detail, column, row);
    ++r->n_rejected;
    keep_rejected(r, row->bytes, row->more);
}

/* The object was refused: the rows that it was made of are. */
static int
take_reject(void *ctx, const struct mo_reject *reject)
{
    struct csv_reader *r = ctx;

    (void)reject;
    keep_rejected(r, mo_buf_view(&r->rows_of_dataset), false);
    return 0;
}

/* ---- The dataset in hand ---- */

static void
forget_dataset(struct csv_reader *r)
{
    mo_arena_reset(r->arena);
    mo_buf_clear(&r->resources);
    mo_buf_clear(&r->rows_of_dataset);
    mo_buf_clear(&r->key);
    memset(r->values_of, 0, r->headings.n * sizeof *r->values_of);
    r->in_hand = r->given_up = r->no_address = false;
    r->name[0] = '\0';
}

static void
name_dataset(struct csv_reader *r, struct mo_str text)
{
    text = mo_utf8_head(text, sizeof r->name / 4 - 1);
    memcpy(r->name, text.p, text.n);
    r->name[text.n] = '\0';
}

/* The text of a cell; an apostrophe before what would be a formula is not of it. */
static struct mo_str
cell_of(const struct csv_reader *r, const struct mo_row *row, size_t column)
{
    const struct csv_field *field = r->headings.columns[column].field;
    struct mo_str text = column < row->n ? row->cells[column] : mo_str("");

    if (!field || !field->verbatim || mo_str_blank(text))
        text = mo_str_trim(text);
    if (text.n > 1 && text.p[0] == '\'' && mo_csv_is_formula(mo_str_from(text, 1)))
        text = mo_str_from(text, 1);
    return text;
}

static struct mo_str
text_of_field(const struct csv_reader *r, const struct mo_row *row, const char *name)
{
    for (size_t i = 0; i < r->headings.n; ++i) {
        const struct csv_field *field = r->headings.columns[i].field;

        if (field && !field->resource && strcmp(field->name, name) == 0)
            return mo_str_trim(cell_of(r, row, i));
    }
    return mo_str("");
}

/* What tells datasets apart; empty when the row says nothing of the kind. */
static struct mo_str
key_of(const struct csv_reader *r, const struct mo_row *row)
{
    static const char *const names[] = {
        "harvest.remote_id", "id", "harvest.uri", "title"};
    struct mo_str key = mo_str("");

    for (size_t i = 0; i < sizeof names / sizeof names[0] && key.n == 0; ++i)
        key = text_of_field(r, row, names[i]);
    return key;
}

/* A cell as JSON, or as its text where it cannot be read: then it is among the extras. */
static bool
read_cell(struct csv_reader *r, struct mo_str text, size_t column,
    const struct mo_row *row, struct mo_str *json)
{
    const struct csv_field *field = r->headings.columns[column].field;
    bool known = field && field->read;
    struct mo_buf out;
    bool fine;

    mo_buf_init(&out, SIZE_MAX);
    fine = known && field->read(r->values, text, &out);
    if (known && !fine) {
        tell(r, field->complaint, text, column, row);
        r->no_address = r->no_address || field->complaint == MO_DIAG_CELL_URL;
    }
    if (!fine) {
        mo_buf_clear(&out);
        mo_json_string(&out, text);
    }
    if (out.failed || mo_arena_copy(r->scratch, mo_buf_view(&out), json))
        trouble(r);
    mo_buf_done(&out);
    return fine;
}

/* ---- Members ---- */

static int
by_name(const void *a, const void *b)
{
    return strcmp(
        ((const struct csv_member *)a)->name, ((const struct csv_member *)b)->name);
}

/* Extras are named by headings, dots and all. */
static void
put_extras(
    struct csv_reader *r, const struct csv_member *extras, size_t n, struct mo_buf *out)
{
    mo_buf_c(out, "{");
    for (size_t i = 0; i < n; ++i) {
        if (i)
            mo_buf_byte(out, ',');
        if (strcmp(extras[i].name, "dcat.license") == 0) {
            mo_buf_c(out, "\"dcat\":{\"license\":[");
            mo_buf_str(out, extras[i].json);
            mo_buf_c(out, "]}");
        } else {
            mo_json_string(out, mo_str(extras[i].name));
            mo_buf_byte(out, ':');
            mo_buf_str(out, extras[i].json);
        }
    }
    mo_buf_byte(out, '}');
    if (out->failed)
        trouble(r);
}

/* Members of one object, in r->scratch; those with `extras.` before their name stand apart. */
struct members {
    struct csv_member *at, *extras;
    size_t n, n_extras;
};

static bool
begin_members(struct csv_reader *r, struct members *m)
{
    size_t room = (2 * r->headings.n + 4) * sizeof *m->at;

    mo_arena_reset(r->scratch);
    m->at = mo_arena_alloc(r->scratch, room);
    m->extras = mo_arena_alloc(r->scratch, room);
    m->n = m->n_extras = 0;
    if (!m->at || !m->extras)
        trouble(r);
    return m->at && m->extras;
}

static struct csv_member *
member_called(const struct members *m, const char *name)
{
    for (size_t i = 0; i < m->n; ++i)
        if (strcmp(m->at[i].name, name) == 0)
            return &m->at[i];
    return NULL;
}

static void
add_member(struct members *m, const char *name, struct mo_str json)
{
    struct csv_member member = {name, json};

    if (json.n)
        m->at[m->n++] = member;
}

static void
add_extra(struct members *m, const char *name, struct mo_str json)
{
    struct csv_member member = {name, json};

    if (json.n)
        m->extras[m->n_extras++] = member;
}

/* A list stands in brackets, whatever number of columns it came from. */
static void
add_to_list(
    struct csv_reader *r, struct members *m, const char *name, struct mo_str items)
{
    struct csv_member *there = member_called(m, name);
    struct mo_str json;
    struct mo_buf out;

    if (items.n == 0)
        return;
    mo_buf_init(&out, SIZE_MAX);
    mo_buf_byte(&out, '[');
    if (there) {
        mo_buf_add(&out, there->json.p + 1, there->json.n - 2);
        mo_buf_byte(&out, ',');
    }
    mo_buf_str(&out, items);
    mo_buf_byte(&out, ']');
    if (out.failed || mo_arena_copy(r->scratch, mo_buf_view(&out), &json))
        trouble(r);
    else if (there)
        there->json = json;
    else
        add_member(m, name, json);
    mo_buf_done(&out);
}

/* An extra that dcatap2csv writes into the column that it was read from. */
static void
add_beside(
    struct csv_reader *r, struct members *m, struct mo_str heading, struct mo_str text)
{
    struct mo_str name, json;
    struct mo_buf key, value;

    mo_buf_init(&key, SIZE_MAX);
    mo_buf_init(&value, SIZE_MAX);
    mo_buf_c(&key, MO_CSV_BESIDE);
    mo_buf_str(&key, heading);
    mo_json_string(&value, text);
    if (key.failed || value.failed ||
        mo_arena_copy(r->scratch, mo_buf_view(&key), &name) ||
        mo_arena_copy(r->scratch, mo_buf_view(&value), &json))
        trouble(r);
    else
        add_extra(m, name.p, json);
    mo_buf_done(&key);
    mo_buf_done(&value);
}

/* Whether the dataset in hand says in another column what this one would. */
static bool
is_said(const struct csv_reader *r, const struct csv_field *field)
{
    for (size_t i = 0; field->unless[0] && i < r->headings.n; ++i) {
        const struct csv_field *other = r->headings.columns[i].field;

        if (other && !other->resource && strcmp(other->name, field->unless) == 0 &&
            r->values_of[i].text.n)
            return true;
    }
    return false;
}

static void
add_cell(struct csv_reader *r, struct members *m, size_t column, struct mo_str text,
    const struct mo_row *row)
{
    const struct csv_column *c = &r->headings.columns[column];
    const struct csv_field *field = c->field;
    const struct csv_member *there;
    struct mo_str json = mo_str("");
    bool fine;

    if (text.n == 0 || (field && !field->read))
        return;
    fine = read_cell(r, text, column, row, &json);
    if (fine && is_said(r, field))
        add_beside(r, m, c->heading, text);
    there = field ? member_called(m, field->name) : NULL;
    if (field && !fine && field->complaint == MO_DIAG_CELL_LICENCE)
        add_extra(m, "dcat.license", json);
    else if (!field || !fine)
        add_extra(m, c->heading.p, json);
    else if (field->list)
        add_to_list(r, m, field->name, json);
    else if (mo_str_starts(mo_str(field->name), mo_str("extras.")))
        add_extra(m, field->name + strlen("extras."), json);
    else if (!there)
        add_member(m, field->name, json);
    else if (!mo_str_eq(there->json, json)) /* another column holds the same */
        add_beside(r, m, c->heading, text);
}

static void
put_members(struct csv_reader *r, struct members *m, struct mo_buf *out)
{
    struct mo_str json;
    struct mo_buf extras;

    if (m->n_extras) {
        mo_buf_init(&extras, SIZE_MAX);
        put_extras(r, m->extras, m->n_extras, &extras);
        if (mo_arena_copy(r->scratch, mo_buf_view(&extras), &json))
            trouble(r);
        else
            add_member(m, "extras", json);
        mo_buf_done(&extras);
    }
    qsort(m->at, m->n, sizeof *m->at, by_name);
    mo_csv_put_object(out, m->at, m->n);
}

/* ---- Rows ---- */

static void
add_resource(struct csv_reader *r, const struct mo_row *row, size_t resource)
{
    struct members m;

    if (!begin_members(r, &m))
        return;
    for (size_t i = 0; i < r->headings.n; ++i)
        if (r->headings.columns[i].field && r->headings.columns[i].field->resource &&
            r->headings.columns[i].resource == resource)
            add_cell(r, &m, i, cell_of(r, row, i), row);
    if (m.n == 0 && m.n_extras == 0)
        return;
    if (r->resources.n)
        mo_buf_byte(&r->resources, ',');
    put_members(r, &m, &r->resources);
}

/* What a row says of the dataset: the first of its rows that says a thing counts. */
static void
add_values(struct csv_reader *r, const struct mo_row *row)
{
    for (size_t i = 0; i < r->headings.n; ++i) {
        const struct csv_field *field = r->headings.columns[i].field;
        struct csv_value *value = &r->values_of[i];
        struct mo_str text = cell_of(r, row, i);

        if ((field && (field->resource || !field->read)) || text.n == 0)
            continue;
        if (value->text.n && !mo_str_eq(value->text, text))
            tell(r, MO_DIAG_CELL_DIFFERS, text, i, row);
        if (value->text.n)
            continue;
        if (mo_arena_copy(r->arena, text, &value->text))
            trouble(r);
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
            tell(r, MO_DIAG_CELL_BEYOND, row->cells[i], i, row);
            break;
        }
    add_values(r, row);
    for (size_t i = 0; i < r->headings.n_resources; ++i)
        add_resource(r, row, i);
    if (mo_buf_str(&r->rows_of_dataset, row->bytes) || r->resources.failed)
        trouble(r);
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
        tell(r, MO_DIAG_ROWS_APART, mo_str(above), MO_MAX_CELLS, row);
    } else if (!(slot = mo_index_add(&r->seen, hash))) {
        trouble(r);
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
    struct mo_str title = text_of_field(r, row, "title");

    forget_dataset(r);
    name_dataset(r, title.n ? title : key);
    if (mo_buf_str(&r->key, key))
        trouble(r);
    if (title.n == 0) {
        reject_row(r, MO_DIAG_ROW_UNTITLED, key, MO_MAX_CELLS, row);
        r->given_up = true;
        return;
    }
    look_for_twin(r, row, key);
    if (note_place(r, row))
        trouble(r);
    r->in_hand = true;
    add_row(r, row);
}

/* With a base and no IRI of its own, a dataset is named below the base. */
static void
add_iri(struct csv_reader *r, struct members *m)
{
    static const char hex[] = "0123456789ABCDEF";
    struct mo_str identifier = mo_str(""), json;
    struct mo_buf iri, out;

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
    mo_buf_init(&iri, SIZE_MAX);
    mo_buf_init(&out, SIZE_MAX);
    for (size_t i = 0; i < identifier.n; ++i) {
        unsigned char c = (unsigned char)identifier.p[i];

        if (mo_is_alpha((char)c) || mo_is_digit((char)c) || strchr("-._~", c)) {
            mo_buf_byte(&iri, (char)c);
        } else {
            mo_buf_byte(&iri, '%');
            mo_buf_byte(&iri, hex[c >> 4]);
            mo_buf_byte(&iri, hex[c & 15]);
        }
    }
    mo_json_string(&out, mo_buf_view(&iri));
    if (out.failed || mo_arena_copy(r->scratch, mo_buf_view(&out), &json))
        trouble(r);
    else
        add_member(m, "harvest.uri", json);
    mo_buf_done(&iri);
    mo_buf_done(&out);
}

/* The dataset in hand is whole: its object goes to the reader that knows such objects. */
static void
finish_dataset(struct csv_reader *r)
{
    struct mo_buf object;
    struct members m;
    struct mo_row row = {0};

    if (!r->in_hand || !begin_members(r, &m))
        return;
    for (size_t i = 0; i < r->headings.n; ++i) {
        row.number = r->values_of[i].number;
        row.line = r->values_of[i].line;
        row.offset = r->values_of[i].offset;
        add_cell(r, &m, i, r->values_of[i].text, &row);
    }
    add_iri(r, &m);
    mo_buf_init(&object, SIZE_MAX);
    mo_buf_byte(&r->resources, ']');
    if (!r->resources.failed) {
        struct mo_buf list;

        mo_buf_init(&list, SIZE_MAX);
        mo_buf_byte(&list, '[');
        mo_buf_str(&list, mo_buf_view(&r->resources));
        if (!list.failed)
            add_member(&m, "resources", mo_buf_view(&list));
        put_members(r, &m, &object);
        mo_buf_byte(&object, '\n');
        if (list.failed || object.failed ||
            mo_reader_push(r->inner, mo_buf_view(&object)))
            trouble(r);
        mo_buf_done(&list);
    }
    mo_buf_done(&object);
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
        tell(r, MO_DIAG_TOO_BIG, mo_str(""), MO_MAX_CELLS, row);
        ++r->n_rejected;
        keep_rejected(r, mo_buf_view(&r->rows_of_dataset), false);
        r->in_hand = false;
        r->given_up = true;
    }
    if (r->given_up)
        keep_rejected(r, row->bytes, false);
    else
        add_row(r, row);
}

/* A row that is no comment. True when a dataset has become whole by it. */
static bool
take_row(struct csv_reader *r, const struct mo_row *row)
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
        finish_dataset(r);
        r->held = true; /* it begins the next one, once this one has left */
        return true;
    }
    if (key.n == 0)
        reject_row(r, MO_DIAG_ROW_UNTITLED, mo_str(""), MO_MAX_CELLS, row);
    else
        begin_dataset(r, row, key);
    return false;
}

/* A line that is no row is of no dataset, and ends none. */
static void
take_fault(struct csv_reader *r, const struct mo_row *row)
{
    static const enum mo_diag_id ids[] = {[MO_ROW_QUOTE] = MO_DIAG_ROW_QUOTE,
        [MO_ROW_TOO_BIG] = MO_DIAG_TOO_BIG,
        [MO_ROW_SYNTAX] = MO_DIAG_ROW_QUOTE,
        [MO_ROW_LOST] = MO_DIAG_ROW_LOST};
    bool lost = row->fault == MO_ROW_LOST;
    char first = r->name[0];

    r->name[0] = '\0';
    reject_row(r, ids[row->fault], mo_str(""), lost ? MO_MAX_CELLS : row->column, row);
    r->name[0] = first;
    if (lost && r->reader.state == MO_READER_FINE)
        r->reader.state = MO_READER_BROKE_OFF;
}

/* ---- Headings ---- */

/* Commas, semicolons or tabs: what makes most known headings of the first row. */
static int
choose(struct csv_reader *r, struct mo_str head, char *best, size_t *most)
{
    static const char separators[] = ";,\t";

    *most = 0;
    for (const char *s = separators; *s; ++s) {
        struct mo_rows *rows = mo_rows_new(*s, false, r->reader.options.max_bytes);
        struct csv_headings headings = {0};
        enum mo_row_state state = MO_ROW_MORE;
        struct mo_row row = {0};

        if (!rows || mo_rows_push(rows, head)) {
            mo_rows_free(rows);
            return -1;
        }
        mo_rows_end(rows);
        do
            state = mo_rows_next(rows, &row);
        while (state == MO_ROW_READ && mo_csv_is_comment(&row));
        if (state == MO_ROW_READ &&
            mo_csv_headings(&headings, &row, r->values, &r->fields, r->arena) == 0 &&
            headings.n_known > *most) {
            *best = *s;
            *most = headings.n_known;
        }
        mo_rows_free(rows);
        mo_arena_reset(r->arena);
    }
    return 0;
}

static void
say_headings(struct csv_reader *r, const struct mo_row *row)
{
    for (size_t i = 0; i < r->headings.n; ++i) {
        const struct csv_column *column = &r->headings.columns[i];

        if (column->named && !column->field)
            tell(r, MO_DIAG_HEADING_UNKNOWN, column->heading, i, row);
        else if (column->field && !column->field->read)
            tell(r, MO_DIAG_HEADING_COMPUTED, column->heading, i, row);
    }
}

/* The first row. */
static void
take_headings(struct csv_reader *r, const struct mo_row *row)
{
    if (mo_csv_headings(&r->headings, row, r->values, &r->fields, r->heading_arena))
        trouble(r);
    r->has_headings = true;
    r->values_of = calloc(r->headings.n + 1, sizeof *r->values_of);
    mo_buf_str(&r->heading_row, row->bytes);
    if (!r->values_of || r->heading_row.failed)
        trouble(r);
    else if (!r->headings.has_title)
        tell(r, MO_DIAG_NO_TITLE_HEADING, row->n ? row->cells[0] : mo_str(""),
            MO_MAX_CELLS, row);
    else
        say_headings(r, row);
    if (!r->headings.has_title && r->reader.state == MO_READER_FINE)
        r->reader.state = MO_READER_BROKE_OFF;
}

/* ---- Bytes ---- */

/*
 * The character set of a head of text that does not name one. What is mostly no UTF-8 is what
 * spreadsheets write that do not write UTF-8.
 */
static const char *
charset_of(struct csv_reader *r, struct mo_str head)
{
    struct mo_diag diag = {.id = MO_DIAG_CELL_CHARSET, .detail = mo_str("windows-1252")};
    size_t good = 0, bad = 0;

    if (mo_str_starts(head, mo_str("\xFF\xFE")) ||
        mo_str_starts(head, mo_str("\xFE\xFF")))
        return "UTF-16";
    for (size_t i = 0, from = 0; i < head.n; from = i) {
        uint32_t c = mo_utf8_next(head, &i);

        if (i - from > 1)
            ++good;
        else if (c > 127 && head.n - from > 3) /* else it may go on */
            ++bad;
    }
    if (bad <= good)
        return "UTF-8";
    report(r, &diag);
    return diag.detail.p;
}

static int
take_text(struct csv_reader *r, struct mo_str bytes, bool last)
{
    struct mo_buf text;
    int failed;

    mo_buf_init(&text, SIZE_MAX);
    failed = mo_decoder_push(r->decoder, bytes, last, &text) ||
             mo_rows_push(r->rows, mo_buf_view(&text));
    mo_buf_done(&text);
    return failed;
}

/* There is enough of it, or all, to tell character set and separator. */
static int
start(struct csv_reader *r)
{
    struct mo_str head = mo_buf_view(&r->head);
    struct mo_str charset = r->reader.options.charset;
    struct mo_buf text;
    char separator = ';';
    size_t most;
    int failed;

    if (charset.n == 0)
        charset = mo_str(charset_of(r, head));
    if (mo_str_starts(head, mo_str("\xEF\xBB\xBF")))
        head = mo_str_from(head, 3);
    r->decoder = mo_decoder_new(charset, false);
    if (!r->decoder)
        return -1;
    mo_buf_init(&text, SIZE_MAX);
    failed = mo_decoder_push(r->decoder, head, false, &text) ||
             choose(r, mo_buf_view(&text), &separator, &most);
    r->rows = failed ? NULL
                     : mo_rows_new(separator, r->reader.options.strict,
                           r->reader.options.max_bytes);
    failed = !r->rows || mo_rows_push(r->rows, mo_buf_view(&text));
    mo_buf_done(&text);
    mo_buf_done(&r->head);
    return failed;
}

static int
push(struct mo_reader *reader, struct mo_str bytes)
{
    struct csv_reader *r = (struct csv_reader *)reader;
    int failed = 0;

    if (reader->state != MO_READER_FINE)
        return reader->state == MO_READER_TROUBLE ? -1 : 0;
    if (!r->rows) {
        size_t n = HEAD - r->head.n < bytes.n ? HEAD - r->head.n : bytes.n;

        failed = mo_buf_add(&r->head, bytes.p, n);
        bytes = mo_str_from(bytes, n);
        if (!failed && r->head.n == HEAD)
            failed = start(r);
    }
    if (!failed && bytes.n)
        failed = take_text(r, bytes, false);
    if (failed)
        trouble(r);
    return failed ? -1 : 0;
}

static int
end(struct mo_reader *reader)
{
    struct csv_reader *r = (struct csv_reader *)reader;

    if (reader->state == MO_READER_TROUBLE || r->ended)
        return 0;
    r->ended = true;
    if ((!r->rows && start(r)) || take_text(r, mo_str(""), true)) {
        trouble(r);
        return -1;
    }
    mo_reader_bad_bytes(reader, r->decoder);
    mo_rows_end(r->rows);
    return 0;
}

/* ---- Records ---- */

/* Rows until a dataset is whole. False when there are no more for now. */
static bool
read_rows(struct csv_reader *r)
{
    while (r->rows && r->reader.state == MO_READER_FINE) {
        enum mo_row_state state = MO_ROW_READ;

        if (!r->held)
            state = mo_rows_next(r->rows, &r->row);
        r->held = false;
        if (state == MO_ROW_TROUBLE)
            trouble(r);
        if (state == MO_ROW_MORE || state == MO_ROW_TROUBLE)
            break;
        if (state == MO_ROW_FAULT)
            take_fault(r, &r->row);
        else if (state == MO_ROW_REST)
            keep_rejected(r, r->row.bytes, r->row.more);
        else if (mo_csv_is_comment(&r->row))
            continue;
        else if (!r->has_headings)
            take_headings(r, &r->row);
        else if (take_row(r, &r->row))
            return true;
    }
    if (!r->ended || r->finished)
        return false;
    r->finished = true;
    finish_dataset(r);
    if (r->inner)
        mo_reader_end(r->inner);
    return true;
}

static int
next(struct mo_reader *reader, const struct mo_record **record)
{
    struct csv_reader *r = (struct csv_reader *)reader;
    int got;

    do {
        /* cppcheck-suppress knownConditionTrueFalse */
        if (reader->state == MO_READER_TROUBLE) /* as read_rows() may say */
            return -1;
        got = mo_reader_next(r->inner, record);
    } while (got == 0 && read_rows(r));
    reader->rejected = r->n_rejected + mo_reader_rejected(r->inner);
    reader->empty_list = r->has_headings && r->headings.has_title && r->n_places == 0;
    if (reader->state == MO_READER_FINE)
        reader->state = mo_reader_state(r->inner);
    if (got != 1)
        return got;
    r->record = **record;
    if (r->record.place.line && r->record.place.line <= r->n_places)
        r->record.place.line = r->places[r->record.place.line - 1].line;
    r->record.place.column = 0;
    *record = &r->record;
    return 1;
}

static void
release(struct mo_reader *reader)
{
    struct csv_reader *r = (struct csv_reader *)reader;

    mo_reader_free(r->inner);
    mo_rows_free(r->rows);
    mo_decoder_free(r->decoder);
    mo_values_free(r->values);
    mo_arena_free(r->arena);
    mo_arena_free(r->scratch);
    mo_arena_free(r->heading_arena);
    mo_index_done(&r->seen);
    mo_buf_done(&r->head);
    mo_buf_done(&r->heading_row);
    mo_buf_done(&r->resources);
    mo_buf_done(&r->rows_of_dataset);
    mo_buf_done(&r->key);
    free(r->values_of);
    free(r->places);
    free(r);
}

struct mo_reader *
mo_csv_reader(const struct mo_reader_options *options)
{
    static const struct mo_reader_class class = {release, push, end, next};
    struct mo_reader_options inner = *options;
    struct csv_reader *r = calloc(1, sizeof *r);
    size_t ceiling;

    if (!r)
        return NULL;
    mo_reader_init(&r->reader, &class, options);
    mo_buf_init(&r->head, SIZE_MAX);
    mo_buf_init(&r->heading_row, SIZE_MAX);
    mo_buf_init(&r->resources, SIZE_MAX);
    mo_buf_init(&r->rows_of_dataset, SIZE_MAX);
    mo_buf_init(&r->key, SIZE_MAX);
    r->hash_key = mo_lexicon_key(options->vocab->lexicon);
    ceiling = r->reader.options.max_bytes < MAX_CEILING ? r->reader.options.max_bytes
                                                        : MAX_CEILING;
    r->arena = mo_arena_new(MAX_ARENA + 4 * ceiling);
    r->scratch = mo_arena_new(MAX_ARENA + 4 * ceiling);
    r->heading_arena = mo_arena_new(MAX_ARENA);
    r->values = mo_values_new(options->vocab);
    r->sink.report = hear;
    r->sink.ctx = r;
    inner.sink = &r->sink;
    inner.charset = mo_str("");
    inner.reject = take_reject;
    inner.reject_ctx = r;
    /* An object is longer than the rows that it is made of. */
    inner.max_bytes = 4 * ceiling;
    r->inner = mo_datagouv_reader(&inner);
    if (!r->arena || !r->scratch || !r->heading_arena || !r->values || !r->inner ||
        mo_csv_fields(&r->fields, r->values, options->vocab->tables, r->heading_arena,
            options->sink)) {
        mo_reader_free(&r->reader);
        return NULL;
    }
    return &r->reader;
}
