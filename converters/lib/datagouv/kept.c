#include "datagouv/datagouv.h"

#include "base/ctype.h"
#include "base/json.h"

enum { MAX_KEPT_DEPTH = 100, MAX_KEPT = 64 << 20 };

/* The JSON literal that keeps the field, or NULL. */
static struct mo_stmt *
find(struct mo_term *node, const struct field *field)
{
    for (struct mo_stmt *s = node->first; field->kept && s; s = s->next)
        if (s->p->known == field->kept && s->o->kind == MO_LITERAL && s->o->datatype &&
            s->o->datatype->known == MO_K_RDF_JSON)
            return s;
    return NULL;
}

static bool
is_members(struct mo_str path)
{
    return mo_str_ends(path, mo_str(".*"));
}

/* The members, but those that are made here: of properties, of the record, of its key. */
static bool
put_members(struct datagouv *w, const struct mo_json *object, struct mo_buf *out)
{
    const char *before = "";

    if (mo_json_kind(object) != MO_JSON_OBJECT)
        return false;
    for (const struct mo_json *m = mo_json_first(object); m; m = mo_json_next(m)) {
        if (mo_str_is(mo_json_key(m), "dcat") || mo_str_is(mo_json_key(m), MO_KEPT_KEY) ||
            (w->payload && mo_str_is(mo_json_key(m), "moisson:key")))
            continue;
        mo_buf_c(out, before);
        mo_json_string(out, mo_json_key(m));
        mo_buf_byte(out, ':');
        mo_json_put(out, m);
        before = ",";
    }
    return before[0] == ',';
}

/* ---- Whether what is kept still means what the properties say ---- */

static void
means_markdown(struct datagouv *w, struct mo_str kept, struct mo_buf *out)
{
    mo_markdown(w->values, kept, out);
}

/* The first cell of column `want` where `column` holds `text`, letter case ignored. */
static struct mo_str
cell(struct datagouv *w, const char *table, const char *column, struct mo_str text,
    const char *want)
{
    const struct mo_table *t = mo_table(w->writer.options.vocab->tables, table);
    size_t c = mo_table_column(t, column);

    for (size_t i = 0; i < t->rows; ++i)
        if (mo_str_eq_nocase(text, mo_str(mo_table_cell(t, i, c))))
            return mo_str(mo_table_cell(t, i, mo_table_column(t, want)));
    return mo_str("");
}

static void
means_format(struct datagouv *w, struct mo_str kept, struct mo_buf *out)
{
    struct mo_str format = mo_str_trim(kept);
    struct mo_str type = cell(w, "file-types", "form", format, "type");
    struct mo_format named;

    if (type.n)
        format = type;
    else if (mo_format_named(w->values, format, &named))
        format = named.type.n ? named.type : named.name;
    for (size_t i = 0; i < format.n; ++i)
        mo_buf_byte(out, mo_lower(format.p[i]));
}

static void
means_media_type(struct datagouv *w, struct mo_str kept, struct mo_buf *out)
{
    struct mo_str bare = mo_str_trim(mo_str_n(kept.p, mo_str_find(kept, mo_str(";"), 0)));
    struct mo_str type = cell(w, "media-types", "form", bare, "type");

    mo_buf_str(out, mo_media_type_named(w->values, type.n ? type : bare));
}

/* Where a property has the field too, what is kept counts while it still gives the same. */
static bool
agrees(struct datagouv *w, const struct field *field, const struct mo_json *kept,
    struct mo_str made)
{
    static const struct {
        const char *path;
        void (*means)(struct datagouv *w, struct mo_str kept, struct mo_buf *out);
    } fields[] = {{"description", means_markdown}, {"format", means_format},
        {"mime", means_media_type}};
    size_t i = 0;
    struct mo_buf text, json;
    bool same;

    while (i < 3 && !mo_str_is(field->path, fields[i].path))
        ++i;
    if (i == 3 || (i > 0 && strcmp(field->object, "resource") != 0))
        return true;
    mo_buf_init(&text, MAX_KEPT);
    mo_buf_init(&json, MAX_KEPT);
    fields[i].means(w, mo_json_text(kept), &text);
    mo_json_join(&json, &text);
    same = mo_str_eq(mo_buf_view(&json), made);
    mo_buf_done(&json);
    return same;
}

bool
mo_kept(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_str made, struct mo_buf *out)
{
    struct mo_stmt *s = find(node, field);
    struct mo_json_error error;
    struct mo_json *json;
    bool any = false;

    if (!s)
        return false;
    json = mo_json_parse(s->o->text, MAX_KEPT_DEPTH, &error);
    if (!json) {
        mo_tell(w, MO_DIAG_KEPT, s->o->text, field);
        return false;
    }
    if (!agrees(w, field, json, made)) {
        mo_tell(w, MO_DIAG_EDITED, mo_str(""), field);
    } else if (is_members(field->path)) {
        any = put_members(w, json, out);
    } else {
        mo_json_put(out, json);
        any = true;
    }
    s->used = any;
    mo_json_free(json);
    return any;
}
