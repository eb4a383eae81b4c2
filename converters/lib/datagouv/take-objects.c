#include "base/ctype.h"
#include "datagouv/takes.h"

/* ---- Objects ---- */

bool
mo_take_period(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    struct mo_json *json = mo_take_tree(value);
    const struct mo_json *end = mo_json_member(json, "end");
    bool start = mo_take_is_date(mo_json_member_text(json, "start"));
    bool taken = start && (!end || mo_json_kind(end) == MO_JSON_NULL ||
                              mo_take_is_date(mo_json_text(end)));

    if (json && !taken)
        mo_tell(
            w, start ? MO_DIAG_NOT_TAKEN : MO_DIAG_NO_START, mo_buf_view(value), field);
    mo_json_free(json);
    return taken;
}

static bool
is_texts(const struct mo_json *array)
{
    for (const struct mo_json *t = mo_json_first(array); t; t = mo_json_next(t))
        if (mo_json_kind(t) != MO_JSON_STRING)
            return false;
    return array && mo_json_kind(array) == MO_JSON_ARRAY;
}

/* Rings of four positions or more, the last of which is the first. */
static bool
is_polygon(const struct mo_json *rings)
{
    bool any = false;

    for (const struct mo_json *r = mo_json_first(rings); r; r = mo_json_next(r)) {
        size_t n = 0;

        for (const struct mo_json *p = mo_json_first(r); p; p = mo_json_next(p)) {
            const struct mo_json *x = mo_json_first(p);
            const struct mo_json *y = x ? mo_json_next(x) : NULL;

            if (!y || mo_json_kind(x) != MO_JSON_NUMBER ||
                mo_json_kind(y) != MO_JSON_NUMBER)
                return false;
            ++n;
        }
        if (n < 4)
            return false;
        any = true;
    }
    return any;
}

static bool
is_geometry(const struct mo_json *geom)
{
    const struct mo_json *polygon = mo_json_first(mo_json_member(geom, "coordinates"));

    if (!mo_str_is(mo_json_member_text(geom, "type"), "MultiPolygon") || !polygon)
        return false;
    for (; polygon; polygon = mo_json_next(polygon))
        if (!is_polygon(polygon))
            return false;
    return true;
}

/* A geometry or zones, not both. */
bool
mo_take_area(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    struct mo_json *json = mo_take_tree(value);
    const struct mo_json *geom = mo_json_member(json, "geom");
    const struct mo_json *zones = mo_json_member(json, "zones");
    struct mo_str granularity = mo_json_member_text(json, "granularity");
    bool has_geom = is_geometry(geom), has_zones = mo_json_first(zones) != NULL;
    struct mo_buf out;

    if ((geom && mo_json_kind(geom) != MO_JSON_NULL && !has_geom) ||
        (has_zones && !is_texts(zones)))
        mo_take_refuse(w, field, value);
    has_zones = has_zones && is_texts(zones);
    if (has_geom && has_zones)
        mo_tell(w, MO_DIAG_ZONES, mo_json_text(mo_json_first(zones)), field);
    if (has_geom || has_zones) {
        mo_buf_init(&out, MAX_TAKEN);
        mo_buf_c(&out, has_geom ? "{\"geom\":" : "{\"zones\":");
        mo_json_put(&out, has_geom ? geom : zones);
        mo_buf_c(&out, ",\"granularity\":");
        mo_json_string(&out, granularity.n ? granularity : mo_str("other"));
        mo_buf_byte(&out, '}');
        mo_take_replace(value, &out);
    }
    mo_json_free(json);
    return has_geom || has_zones;
}

bool
mo_take_checksum(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    struct mo_json *json = mo_take_tree(value);
    bool taken =
        mo_take_is_one_of(mo_json_member_text(json, "type"), field->take_argument) &&
        !mo_str_blank(mo_json_member_text(json, "value"));

    mo_json_free(json);
    return taken ? true : mo_take_refuse(w, field, value);
}

/* The address of a schema, as the API takes it. */
static void
put_schema(const struct mo_json *schema, struct mo_str url, struct mo_buf *out)
{
    struct mo_buf lower;
    const char *before = "{";

    mo_buf_init(&lower, MAX_TAKEN);
    mo_json_string(&lower, url);
    mo_take_lower_host(&lower);
    for (const struct mo_json *m = mo_json_first(schema); m; m = mo_json_next(m)) {
        mo_buf_c(out, before);
        mo_json_string(out, mo_json_key(m));
        mo_buf_byte(out, ':');
        if (mo_str_is(mo_json_key(m), "url"))
            mo_buf_str(out, mo_buf_view(&lower));
        else
            mo_json_put(out, m);
        before = ",";
    }
    mo_buf_byte(out, '}');
    mo_buf_done(&lower);
}

/* By URL, or by the name that the catalogue of schemas has. */
bool
mo_take_schema(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    struct mo_json *json = mo_take_tree(value);
    struct mo_str url = mo_str_trim(mo_json_member_text(json, "url"));
    bool taken = url.n ? mo_url_is_public(url) : mo_json_member_text(json, "name").n > 0;
    struct mo_buf out;

    if (taken && url.n) {
        mo_buf_init(&out, MAX_TAKEN);
        put_schema(json, url, &out);
        mo_take_replace(value, &out);
    }
    mo_json_free(json);
    return taken ? true : mo_take_refuse(w, field, value);
}

/* One of each role. */
bool
mo_take_audiences(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    struct mo_json *json = mo_take_tree(value);
    bool taken = json && mo_json_kind(json) == MO_JSON_ARRAY;

    for (const struct mo_json *a = mo_json_first(json); a; a = mo_json_next(a)) {
        struct mo_str role = mo_json_member_text(a, "role");

        taken = taken &&
                mo_take_is_one_of(role, "local_authority_and_administration "
                                        "company_and_association private") &&
                mo_take_is_one_of(
                    mo_json_member_text(a, "condition"), "yes no under_condition");
        for (const struct mo_json *b = mo_json_next(a); b; b = mo_json_next(b))
            taken = taken && !mo_str_eq(role, mo_json_member_text(b, "role"));
    }
    mo_json_free(json);
    return taken ? true : mo_take_refuse(w, field, value);
}

/* ---- Lists ---- */

static bool
is_tag(struct mo_str text, size_t min, size_t max)
{
    for (size_t i = 0; i < text.n; ++i)
        if ((text.p[i] < 'a' || text.p[i] > 'z') && !mo_is_digit(text.p[i]) &&
            text.p[i] != '-')
            return false;
    return text.n >= min && text.n <= max;
}

bool
mo_take_tags(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    struct mo_json *json = mo_take_tree(value);
    const char *before = "[";
    size_t min, max;
    struct mo_buf out;

    mo_take_range(field, &min, &max);
    mo_buf_init(&out, MAX_TAKEN);
    for (const struct mo_json *t = mo_json_first(json); t; t = mo_json_next(t)) {
        if (!is_tag(mo_json_text(t), min, max)) {
            mo_tell(w, MO_DIAG_NOT_TAKEN, mo_json_text(t), field);
            continue;
        }
        mo_buf_c(&out, before);
        mo_json_string(&out, mo_json_text(t));
        before = ",";
    }
    mo_buf_c(&out, before[0] == ',' ? "]" : "[]");
    mo_take_replace(value, &out);
    mo_json_free(json);
    return true;
}

/* Members of an object that are not null. */
bool
mo_take_members(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    struct mo_str text = mo_buf_view(value);
    struct mo_buf object, out;
    struct mo_json *json;

    if (mo_str_find(text, mo_str("null"), 0) == text.n)
        return text.n > 0;
    mo_buf_init(&object, MAX_TAKEN);
    mo_buf_init(&out, MAX_TAKEN);
    mo_buf_byte(&object, '{');
    mo_buf_str(&object, text);
    mo_buf_byte(&object, '}');
    json = mo_take_tree(&object);
    for (const struct mo_json *m = mo_json_first(json); m; m = mo_json_next(m)) {
        if (mo_json_kind(m) == MO_JSON_NULL) {
            mo_tell(w, MO_DIAG_NOT_TAKEN, mo_json_key(m), field);
            continue;
        }
        if (out.n)
            mo_buf_byte(&out, ',');
        mo_json_string(&out, mo_json_key(m));
        mo_buf_byte(&out, ':');
        mo_json_put(&out, m);
    }
    value->failed = value->failed || object.failed;
    mo_json_free(json);
    mo_buf_done(&object);
    mo_take_replace(value, &out);
    return value->n > 0;
}
