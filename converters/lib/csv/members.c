#include "csv/reader.h"

/* Among the extras: what could not be read as a licence. */
#define DCAT_LICENCE "dcat.license"

/* ---- Cells ---- */

struct mo_str
mo_csv_cell_of(const struct csv_reader *r, const struct mo_row *row, size_t column)
{
    const struct csv_field *field = r->headings.columns[column].field;
    struct mo_str text = column < row->n ? row->cells[column] : mo_str("");

    if (text.n == 0)
        return text;
    if (!field || !field->verbatim || mo_str_blank(text))
        text = mo_str_trim(text);
    if (text.n > 1 && text.p[0] == '\'' && mo_csv_is_formula(mo_str_from(text, 1)))
        text = mo_str_from(text, 1);
    return text;
}

/* What tables say of a cell is remembered: a catalogue has few licences. */
static bool
read_known(struct csv_reader *r, const struct csv_field *field, struct mo_str text,
    struct csv_cell *cell)
{
    struct csv_kept *kept;
    struct mo_str id;

    if (!field->looked_up || text.n > sizeof kept->text)
        return field->read(cell, text);
    kept = &r->kept[mo_hash(0, text) % MO_CSV_KEPT];
    if (kept->field == field && mo_str_eq(mo_str_n(kept->text, kept->n), text)) {
        cell->value = mo_csv_string(cell, mo_str_n(kept->id, kept->n_id));
        return true;
    }
    if (!field->read(cell, text))
        return false;
    id = cell->value ? mo_json_text(cell->value) : mo_str("");
    if (id.n && id.n <= sizeof kept->id) {
        kept->field = field;
        kept->n = text.n;
        kept->n_id = id.n;
        memcpy(kept->text, text.p, text.n);
        memcpy(kept->id, id.p, id.n);
    }
    return true;
}

/* A cell as a value, or as its text where it cannot be read: then it is among the extras. */
static bool
read_cell(struct csv_reader *r, struct mo_str text, size_t column,
    const struct mo_row *row, struct mo_json **value)
{
    const struct csv_field *field = r->headings.columns[column].field;
    struct csv_cell cell = {
        .values = r->values, .arena = r->arena, .lasts = !field || !field->resource};
    bool known = field && field->read;
    bool fine = known && read_known(r, field, text, &cell);

    if (known && !fine) {
        mo_csv_tell(r, field->complaint, text, column, row);
        r->no_address = r->no_address || field->complaint == MO_DIAG_CELL_URL;
    }
    if (!fine)
        cell.value = mo_csv_string(&cell, text);
    if (cell.failed)
        mo_csv_trouble(r);
    r->twice = r->twice || cell.twice;
    *value = cell.value;
    return fine;
}

/* ---- Members ---- */

/* By name; they are few. */
static void
sort(struct csv_member *members, size_t n)
{
    for (size_t i = 1; i < n; ++i) {
        struct csv_member member = members[i];
        size_t at = i;

        for (; at > 0 && strcmp(members[at - 1].name, member.name) > 0; --at)
            members[at] = members[at - 1];
        members[at] = member;
    }
}

/* {"license": [value]}. NULL: no memory. */
static struct mo_json *
in_dcat(struct csv_reader *r, struct mo_json *value)
{
    struct mo_json *dcat = mo_json_new(r->arena, MO_JSON_OBJECT);
    struct mo_json *list = mo_json_new(r->arena, MO_JSON_ARRAY);
    struct mo_json **end;

    if (!dcat || !list)
        return NULL;
    end = &list->first;
    mo_json_append(list, &end, mo_str(""), value);
    end = &dcat->first;
    mo_json_append(dcat, &end, mo_str("license"), list);
    return dcat;
}

/* Extras are named by headings, dots and all. NULL: no memory. */
static struct mo_json *
make_extras(struct csv_reader *r, const struct csv_member *extras, size_t n)
{
    struct mo_json *object = mo_json_new(r->arena, MO_JSON_OBJECT);
    struct mo_json **end = object ? &object->first : NULL;

    for (size_t i = 0; i < n && object; ++i) {
        struct mo_str name = mo_str(extras[i].name);
        struct mo_json *value = extras[i].value;

        if (mo_str_is(name, DCAT_LICENCE)) {
            name = mo_str("dcat");
            value = in_dcat(r, value);
        }
        if (!value)
            return NULL;
        if (mo_json_append(object, &end, name, value))
            r->twice = true;
    }
    return object;
}

bool
mo_csv_begin_members(struct csv_reader *r, struct csv_members *m)
{
    size_t room = (2 * r->headings.n + 4) * sizeof *m->at;

    mo_arena_reset(r->scratch);
    m->at = mo_arena_alloc(r->scratch, room);
    m->extras = mo_arena_alloc(r->scratch, room);
    m->n = m->n_extras = 0;
    if (!m->at || !m->extras)
        mo_csv_trouble(r);
    return m->at && m->extras;
}

/* The member that cells of the same field have become. */
static struct csv_member *
member_called(const struct csv_members *m, const char *name)
{
    for (size_t i = 0; i < m->n; ++i)
        if (m->at[i].name == name)
            return &m->at[i];
    return NULL;
}

void
mo_csv_add_member(struct csv_members *m, const char *name, struct mo_json *value)
{
    struct csv_member member = {name, value};

    if (value)
        m->at[m->n++] = member;
}

static void
add_extra(struct csv_members *m, const char *name, struct mo_json *value)
{
    struct csv_member member = {name, value};

    if (value)
        m->extras[m->n_extras++] = member;
}

/* One list, whatever number of columns it comes from. */
static void
add_to_list(struct csv_members *m, const char *name, struct mo_json *list)
{
    struct csv_member *there = member_called(m, name);
    struct mo_json **end;

    if (!there) {
        mo_csv_add_member(m, name, list);
    } else if (list) {
        for (end = &there->value->first; *end; end = &(*end)->next)
            ;
        *end = list->first;
    }
}

/* An extra that dcatap2csv writes into the column that it was read from. */
static void
add_beside(struct csv_reader *r, struct csv_members *m, struct mo_str heading,
    struct mo_str text)
{
    struct csv_cell cell = {.arena = r->arena};
    struct mo_json *value = mo_csv_string(&cell, text);
    struct mo_str name;

    mo_buf_clear(&r->scratch_text);
    mo_buf_c(&r->scratch_text, MO_CSV_BESIDE);
    mo_buf_str(&r->scratch_text, heading);
    if (!value || r->scratch_text.failed ||
        mo_arena_copy(r->arena, mo_buf_view(&r->scratch_text), &name))
        mo_csv_trouble(r);
    else
        add_extra(m, name.p, value);
}

/* Whether the dataset in hand says in another column what this one would. */
static bool
is_said(const struct csv_reader *r, const struct csv_field *field)
{
    for (size_t i = 0; field->unless && i < r->headings.n; ++i)
        if (r->headings.columns[i].field == field->unless && r->values_of[i].text.n)
            return true;
    return false;
}

void
mo_csv_add_cell(struct csv_reader *r, struct csv_members *m, size_t column,
    struct mo_str text, const struct mo_row *row)
{
    const struct csv_column *c = &r->headings.columns[column];
    const struct csv_field *field = c->field;
    const struct csv_member *there;
    struct mo_json *value = NULL;
    bool fine;

    if (text.n == 0 || (field && !field->read))
        return;
    fine = read_cell(r, text, column, row, &value);
    if (fine && is_said(r, field))
        add_beside(r, m, c->heading, text);
    there = field ? member_called(m, field->name) : NULL;
    if (field && !fine && field->complaint == MO_DIAG_CELL_LICENCE)
        add_extra(m, DCAT_LICENCE, value);
    else if (!field || !fine)
        add_extra(m, c->heading.p, value);
    else if (field->list)
        add_to_list(m, field->name, value);
    else if (mo_str_starts(mo_str(field->name), mo_str("extras.")))
        add_extra(m, field->name + strlen("extras."), value);
    else if (!there)
        mo_csv_add_member(m, field->name, value);
    else if (!value ||
             !mo_json_same(there->value, value)) /* another column holds the same */
        add_beside(r, m, c->heading, text);
}

struct mo_json *
mo_csv_make_object(struct csv_reader *r, struct csv_members *m)
{
    struct mo_json *extras = NULL, *object;

    if (m->n_extras) {
        extras = make_extras(r, m->extras, m->n_extras);
        if (!extras)
            mo_csv_trouble(r);
        mo_csv_add_member(m, "extras", extras);
    }
    sort(m->at, m->n);
    object = mo_csv_object(r->arena, m->at, m->n, &r->twice);
    if (!object)
        mo_csv_trouble(r);
    return object;
}
