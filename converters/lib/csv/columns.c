#include "csv/columns.h"

#include <moisson/date.h>

#include "base/ctype.h"

#define PERMALINK "/api/1/datasets/"

/* ---- Ways into the object ---- */

static void
read_way(struct csv_way *way, struct mo_str path)
{
    way->n = 0;
    while (path.n && way->n < MO_MAX_WAY_STEPS) {
        size_t n = mo_str_find(path, mo_str("."), 0);

        way->steps[way->n++] = mo_str_n(path.p, n);
        path = mo_str_from(path, n + 1);
    }
}

/* Of a list, the element of this role. */
static const struct mo_json *
member_of(const struct mo_json *value, struct mo_str key)
{
    bool list = value && mo_json_kind(value) == MO_JSON_ARRAY;

    for (const struct mo_json *m = mo_json_first(value); m; m = mo_json_next(m))
        if (mo_str_eq(list ? mo_json_member_text(m, "role") : mo_json_key(m), key))
            return m;
    return NULL;
}

static const struct mo_json *
value_at(const struct mo_json *from, const struct csv_filling *column)
{
    for (size_t i = 0; i < column->n_ways; ++i) {
        const struct mo_json *value = from;

        for (size_t k = 0; value && k < column->ways[i].n; ++k)
            value = member_of(value, column->ways[i].steps[k]);
        if (value && mo_json_kind(value) != MO_JSON_NULL)
            return value;
    }
    return NULL;
}

/* ---- Cells ---- */

static void
fill_text(
    const struct mo_csv_object *object, const struct mo_json *value, struct mo_buf *out)
{
    (void)object;
    if (mo_json_kind(value) == MO_JSON_TRUE)
        mo_buf_c(out, "True");
    mo_buf_str(out, mo_json_text(value));
}

/* A line, whatever the text is. */
static void
fill_line(
    const struct mo_csv_object *object, const struct mo_json *value, struct mo_buf *out)
{
    struct mo_str text = mo_json_text(value);

    (void)object;
    for (size_t i = 0; i < text.n; ++i) {
        bool end = text.p[i] == '\n' || text.p[i] == '\r';

        if (!end)
            mo_buf_byte(out, text.p[i]);
        else if (i && text.p[i - 1] != '\n' && text.p[i - 1] != '\r')
            mo_buf_byte(out, ' ');
    }
}

static void
fill_list(
    const struct mo_csv_object *object, const struct mo_json *value, struct mo_buf *out)
{
    size_t before = out->n;

    (void)object;
    for (const struct mo_json *item = mo_json_first(value); item;
         item = mo_json_next(item)) {
        if (out->n > before)
            mo_buf_byte(out, ',');
        mo_buf_str(out, mo_json_text(item));
    }
}

static void
fill_json(
    const struct mo_csv_object *object, const struct mo_json *value, struct mo_buf *out)
{
    (void)object;
    mo_json_put(out, value);
}

static void
fill_flag(
    const struct mo_csv_object *object, const struct mo_json *value, struct mo_buf *out)
{
    struct mo_str text = value ? mo_json_text(value) : mo_str("");

    (void)object;
    if (text.n)
        mo_buf_str(out, text);
    else
        mo_buf_c(out, value && mo_json_kind(value) == MO_JSON_TRUE ? "True" : "False");
}

/* The first title of the licence in the table, which is its own. */
static void
fill_licence(
    const struct mo_csv_object *object, const struct mo_json *value, struct mo_buf *out)
{
    const struct mo_table *t = object->licences;
    size_t id = mo_table_column(t, "id"), kind = mo_table_column(t, "kind");
    struct mo_str text = mo_json_text(value);

    for (size_t i = 0; i < t->rows; ++i)
        if (mo_str_is(text, mo_table_cell(t, i, id)) &&
            strcmp(mo_table_cell(t, i, kind), "title") == 0) {
            mo_buf_c(out, mo_table_cell(t, i, mo_table_column(t, "form")));
            return;
        }
    mo_buf_str(out, text);
}

/* A form that is filled in leaves it empty where there is none. */
static void
fill_any_licence(
    const struct mo_csv_object *object, const struct mo_json *value, struct mo_buf *out)
{
    if (!mo_str_is(mo_json_text(value), "notspecified"))
        fill_licence(object, value, out);
}

/* As the platform's exports have it: six digits of a second, or none. */
static void
fill_time(
    const struct mo_csv_object *object, const struct mo_json *value, struct mo_buf *out)
{
    struct mo_date date;

    (void)object;
    if (!mo_date_parse(mo_json_text(value), &date) || date.precision < MO_TIME) {
        mo_buf_str(out, mo_json_text(value));
        return;
    }
    mo_buf_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d", date.year, date.month, date.day,
        date.hour, date.minute, date.second);
    if (date.nanosecond)
        mo_buf_printf(out, ".%06d", date.nanosecond / 1000);
    if (date.has_zone) {
        int zone = date.zone < 0 ? -date.zone : date.zone;

        mo_buf_printf(
            out, "%c%02d:%02d", date.zone < 0 ? '-' : '+', zone / 60, zone % 60);
    }
}

/* Whether the address is one of the platform that the object is of. */
static bool
is_own(const struct mo_csv_object *object, const struct mo_json *value)
{
    return object->platform.n && mo_str_starts(mo_json_text(value), object->platform);
}

static void
fill_own_id(
    const struct mo_csv_object *object, const struct mo_json *value, struct mo_buf *out)
{
    (void)value;
    mo_buf_str(out, object->id);
}

static void
fill_own_address(
    const struct mo_csv_object *object, const struct mo_json *value, struct mo_buf *out)
{
    if (is_own(object, value))
        mo_buf_str(out, mo_json_text(value));
}

static void
fill_own_name(
    const struct mo_csv_object *object, const struct mo_json *value, struct mo_buf *out)
{
    struct mo_str text = mo_json_text(value);
    size_t from;

    while (text.n && text.p[text.n - 1] == '/')
        --text.n;
    for (from = text.n; from && text.p[from - 1] != '/'; --from)
        ;
    if (is_own(object, value))
        mo_buf_str(out, mo_str_from(text, from));
}

static void
fill_other_address(
    const struct mo_csv_object *object, const struct mo_json *value, struct mo_buf *out)
{
    if (!is_own(object, value))
        mo_buf_str(out, mo_json_text(value));
}

/* What one from elsewhere has. */
static void
fill_harvested(
    const struct mo_csv_object *object, const struct mo_json *value, struct mo_buf *out)
{
    if (object->harvested)
        fill_text(object, value, out);
}

static void
fill_harvested_time(
    const struct mo_csv_object *object, const struct mo_json *value, struct mo_buf *out)
{
    if (object->harvested)
        fill_time(object, value, out);
}

/* Resources of which the type is this, or all. */
static void
count(const struct mo_json *value, const char *type, struct mo_buf *out)
{
    size_t n = 0;

    for (const struct mo_json *item = mo_json_first(value); item;
         item = mo_json_next(item))
        n += !type || mo_str_is(mo_json_member_text(item, "type"), type);
    mo_buf_printf(out, "%zu", n);
}

static void
fill_count(
    const struct mo_csv_object *object, const struct mo_json *value, struct mo_buf *out)
{
    (void)object;
    count(value, NULL, out);
}

static void
fill_count_main(
    const struct mo_csv_object *object, const struct mo_json *value, struct mo_buf *out)
{
    (void)object;
    count(value, "main", out);
}

/* Each once. */
static void
fill_formats(
    const struct mo_csv_object *object, const struct mo_json *value, struct mo_buf *out)
{
    size_t before = out->n;

    (void)object;
    for (const struct mo_json *item = mo_json_first(value); item;
         item = mo_json_next(item)) {
        struct mo_str format = mo_json_member_text(item, "format"), there;
        bool known = format.n == 0;

        there = mo_str_from(mo_buf_view(out), before);
        while (there.n && !known) {
            size_t n = mo_str_find(there, mo_str(","), 0);

            known = mo_str_eq(mo_str_n(there.p, n), format);
            there = mo_str_from(there, n + 1);
        }
        if (known || out->n - before > MO_MAX_FORMATS)
            continue;
        if (out->n > before)
            mo_buf_byte(out, ',');
        mo_buf_str(out, format);
    }
}

/* ---- The tables ---- */

/* The first are those of csv-catalogue, then the kinds of csv-fields that differ. */
static const struct {
    const char *name;
    fill_fn *fill;
    bool absent; /* it says something of a value that is not there, too */
} fills[] = {
    {"text", fill_text, false},
    {"line", fill_line, false},
    {"list", fill_list, false},
    {"json", fill_json, false},
    {"flag", fill_flag, true},
    {"licence_or_none", fill_licence, false},
    {"time", fill_time, false},
    {"own_id", fill_own_id, true},
    {"own_address", fill_own_address, false},
    {"own_name", fill_own_name, false},
    {"other_address", fill_other_address, false},
    {"harvested", fill_harvested, false},
    {"harvested_time", fill_harvested_time, false},
    {"count", fill_count, true},
    {"count_main", fill_count_main, true},
    {"formats", fill_formats, true},
    {"licence", fill_any_licence, false},
    {"frequency", fill_text, false},
    {"date", fill_text, false},
    {"number", fill_text, false},
    {"url", fill_text, false},
    {"email", fill_text, false},
};

static bool
says_of_absent(fill_fn *fill) /* cppcheck-suppress constParameter */
{
    for (size_t i = 0; i < sizeof fills / sizeof fills[0]; ++i)
        if (fills[i].fill == fill)
            return fills[i].absent;
    return false;
}

static int
add_column(struct csv_filling *columns, size_t *n, const char *heading, const char *how,
    const char *from, const struct mo_sink *sink)
{
    struct csv_filling *column = &columns[*n];
    struct mo_str rest = mo_str(from);
    struct mo_diag diag = {.id = MO_DIAG_FIELD, .detail = mo_str(heading)};
    bool known = how[0] == '\0';

    memset(column, 0, sizeof *column);
    column->heading = heading;
    for (size_t i = 0; i < sizeof fills / sizeof fills[0] && !known; ++i)
        if (strcmp(fills[i].name, how) == 0) {
            column->fill = fills[i].fill;
            known = true;
        }
    if (!known || *n == MO_MAX_COLUMNS - 1) {
        mo_report(sink, &diag);
        return -1;
    }
    column->resource = mo_str_starts(rest, mo_str("resources."));
    if (column->resource)
        rest = mo_str_from(rest, strlen("resources."));
    while (rest.n && column->n_ways < MO_MAX_WAYS) {
        size_t end = mo_str_find(rest, mo_str(" "), 0);

        read_way(&column->ways[column->n_ways++], mo_str_n(rest.p, end));
        rest = mo_str_from(rest, end + 1);
    }
    ++*n;
    return 0;
}

int
mo_csv_catalogue(struct csv_filling *columns, size_t *n, const struct mo_tables *tables,
    const struct mo_sink *sink)
{
    const struct mo_table *t = mo_table(tables, "csv-catalogue");
    size_t heading = mo_table_column(t, "column"), how = mo_table_column(t, "how");
    size_t from = mo_table_column(t, "from");

    *n = 0;
    for (size_t i = 0; i < t->rows; ++i)
        if (add_column(columns, n, mo_table_cell(t, i, heading), mo_table_cell(t, i, how),
                mo_table_cell(t, i, from), sink))
            return -1;
    return 0;
}

int
mo_csv_form(struct csv_filling *columns, size_t *n, const struct mo_tables *tables,
    const char *headings, const struct mo_sink *sink)
{
    const struct mo_table *t = mo_table(tables, "csv-fields");
    size_t heading = mo_table_column(t, headings), how = mo_table_column(t, "kind");
    size_t field = mo_table_column(t, "field");

    *n = 0;
    for (size_t i = 0; i < t->rows; ++i)
        if (mo_table_cell(t, i, heading)[0] &&
            add_column(columns, n, mo_table_cell(t, i, heading), mo_table_cell(t, i, how),
                mo_table_cell(t, i, field), sink))
            return -1;
    return 0;
}

/* ---- The object ---- */

void
mo_csv_look_at(struct mo_csv_object *object, const struct mo_json *json)
{
    const struct mo_json *harvest = mo_json_member(json, "harvest");
    struct mo_str iri = mo_json_member_text(harvest, "uri");
    size_t at = mo_str_find(iri, mo_str(PERMALINK), 0);

    object->json = json;
    object->resource = NULL;
    object->platform = mo_str_n(iri.p, at < iri.n ? at : 0);
    object->id = mo_str_from(iri, at + strlen(PERMALINK));
    object->id.n = mo_str_find(object->id, mo_str("/"), 0);
    object->harvested = object->id.n == 0 ||
                        !mo_str_eq(object->id, mo_json_member_text(harvest, "remote_id"));
}

/* What csv2dcatap kept of the cell. */
static bool
beside(const struct mo_csv_object *object, const struct csv_filling *column,
    struct mo_buf *out)
{
    struct mo_str head = mo_str(MO_CSV_BESIDE);
    const struct mo_json *m = mo_json_first(mo_json_member(object->json, "extras"));

    for (; m; m = mo_json_next(m))
        if (mo_str_starts(mo_json_key(m), head) &&
            mo_str_is(mo_str_from(mo_json_key(m), head.n), column->heading)) {
            fill_text(object, m, out);
            return true;
        }
    return false;
}

void
mo_csv_fill(const struct csv_filling *column, const struct mo_csv_object *object,
    struct mo_buf *scratch, struct mo_buf *out)
{
    const struct mo_json *from = column->resource ? object->resource : object->json;
    const struct mo_json *value = from ? value_at(from, column) : NULL;

    mo_buf_clear(scratch);
    if (beside(object, column, scratch))
        from = NULL;
    if (column->fill && from && (value || says_of_absent(column->fill)))
        column->fill(object, value, scratch);
    mo_csv_put_cell(out, mo_buf_view(scratch));
}
