#include <moisson/json.h>

#include "csv/reader.h"

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

/* A cell, to r->cell. What tables say of it is remembered: a catalogue has few licences. */
static bool
read_known(struct csv_reader *r, const struct csv_field *field, struct mo_str text)
{
    struct csv_kept *kept;
    struct mo_buf *out = &r->cell;

    if (!field->looked_up || text.n > sizeof kept->text)
        return field->read(r->values, text, out);
    kept = &r->kept[mo_hash(0, text) % MO_CSV_KEPT];
    if (kept->field == field && mo_str_eq(mo_str_n(kept->text, kept->n), text)) {
        mo_buf_add(out, kept->json, kept->n_json);
        return true;
    }
    if (!field->read(r->values, text, out))
        return false;
    if (out->n <= sizeof kept->json) {
        kept->field = field;
        kept->n = text.n;
        kept->n_json = out->n;
        memcpy(kept->text, text.p, text.n);
        memcpy(kept->json, out->p, out->n);
    }
    return true;
}

/* A cell as JSON, or as its text where it cannot be read: then it is among the extras. */
static bool
read_cell(struct csv_reader *r, struct mo_str text, size_t column,
    const struct mo_row *row, struct mo_str *json)
{
    const struct csv_field *field = r->headings.columns[column].field;
    bool known = field && field->read;
    struct mo_buf *out = &r->cell;
    bool fine;

    mo_buf_clear(out);
    fine = known && read_known(r, field, text);
    if (known && !fine) {
        mo_csv_tell(r, field->complaint, text, column, row);
        r->no_address = r->no_address || field->complaint == MO_DIAG_CELL_URL;
    }
    if (!fine) {
        mo_buf_clear(out);
        mo_json_string(out, text);
    }
    if (out->failed || mo_arena_copy(r->scratch, mo_buf_view(out), json))
        mo_csv_trouble(r);
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
        mo_csv_trouble(r);
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
mo_csv_add_member(struct csv_members *m, const char *name, struct mo_str json)
{
    struct csv_member member = {name, json};

    if (json.n)
        m->at[m->n++] = member;
}

static void
add_extra(struct csv_members *m, const char *name, struct mo_str json)
{
    struct csv_member member = {name, json};

    if (json.n)
        m->extras[m->n_extras++] = member;
}

/* A list stands in brackets, whatever number of columns it came from. */
static void
add_to_list(
    struct csv_reader *r, struct csv_members *m, const char *name, struct mo_str items)
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
        mo_csv_trouble(r);
    else if (there)
        there->json = json;
    else
        mo_csv_add_member(m, name, json);
    mo_buf_done(&out);
}

/* An extra that dcatap2csv writes into the column that it was read from. */
static void
add_beside(struct csv_reader *r, struct csv_members *m, struct mo_str heading,
    struct mo_str text)
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
        mo_csv_trouble(r);
    else
        add_extra(m, name.p, json);
    mo_buf_done(&key);
    mo_buf_done(&value);
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
        mo_csv_add_member(m, field->name, json);
    else if (!mo_str_eq(there->json, json)) /* another column holds the same */
        add_beside(r, m, c->heading, text);
}

void
mo_csv_put_members(struct csv_reader *r, struct csv_members *m, struct mo_buf *out)
{
    struct mo_str json;
    struct mo_buf extras;

    if (m->n_extras) {
        mo_buf_init(&extras, SIZE_MAX);
        put_extras(r, m->extras, m->n_extras, &extras);
        if (mo_arena_copy(r->scratch, mo_buf_view(&extras), &json))
            mo_csv_trouble(r);
        else
            mo_csv_add_member(m, "extras", json);
        mo_buf_done(&extras);
    }
    sort(m->at, m->n);
    mo_csv_put_object(out, m->at, m->n);
}
