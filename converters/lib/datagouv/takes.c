#include <stdlib.h>

#include <moisson/text.h>

#include "base/ctype.h"
#include "base/json.h"
#include "datagouv/payload.h"

enum { MAX_TAKEN_DEPTH = 100, MAX_TAKEN = 64 << 20, LONGEST_EMAIL = 254 };

/* ---- Helpers ---- */

/* What stands between the quotes of a JSON string; of other values, the value. */
static struct mo_str
bare(const struct mo_buf *value)
{
    struct mo_str text = mo_buf_view(value);

    return text.n > 1 && text.p[0] == '"' ? mo_str_n(text.p + 1, text.n - 2) : text;
}

static bool
is_string(const struct mo_buf *value)
{
    return value->n > 1 && value->p[0] == '"';
}

static bool
refuse(struct datagouv *w, const struct field *field, const struct mo_buf *value)
{
    if (value->n)
        mo_tell(w, MO_DIAG_NOT_TAKEN, bare(value), field);
    return false;
}

/* A record is rejected; of others, what made them useless was told. */
static bool
require(struct datagouv *w, const struct field *field)
{
    if (strcmp(field->object, "dataset") == 0 || strcmp(field->object, "service") == 0)
        mo_tell(w, MO_DIAG_REQUIRED, mo_str(""), field);
    w->payload->refused = true;
    return false;
}

/* "1-350" */
static void
read_range(const struct field *field, size_t *min, size_t *max)
{
    char *end;

    *min = strtoul(field->take_argument, &end, 10);
    *max = *end == '-' ? strtoul(end + 1, NULL, 10) : SIZE_MAX;
}

/* The value as a tree; NULL for none. It was made or read here, so it is JSON. */
static struct mo_json *
tree(struct mo_buf *value)
{
    struct mo_json_error error;
    struct mo_json *json =
        value->n ? mo_json_parse(mo_buf_view(value), MAX_TAKEN_DEPTH, &error) : NULL;

    if (value->n && !json)
        value->failed = true;
    return json;
}

static struct mo_str
text_of(const struct mo_json *json)
{
    return json ? mo_json_text(json) : mo_str("");
}

/* What failed stays failed. */
static void
empty(struct mo_buf *value)
{
    bool failed = value->failed;

    mo_buf_clear(value);
    value->failed = failed;
}

static void
replace(struct mo_buf *value, struct mo_buf *by)
{
    empty(value);
    mo_buf_join(value, by);
}

static bool
is_one_of(struct mo_str word, const char *words)
{
    struct mo_str rest = mo_str(words);

    while (rest.n) {
        size_t n = mo_str_find(rest, mo_str(" "), 0);

        if (mo_str_eq(word, mo_str_n(rest.p, n)))
            return true;
        rest = mo_str_from(rest, n + 1);
    }
    return false;
}

/* ---- Texts ---- */

void
mo_cut(struct datagouv *w, const struct field *field, size_t max, struct mo_buf *string)
{
    struct mo_json *json;
    struct mo_buf cut;
    struct mo_str text;

    if (string->n <= max + 2)
        return; /* no character is less than a byte */
    json = tree(string);
    text = text_of(json);
    if (json && mo_utf8_length(text) > max) {
        mo_tell(w, MO_DIAG_TOO_LONG, text, field);
        mo_buf_init(&cut, MAX_TAKEN);
        mo_buf_str(&cut, mo_utf8_letters(text, max - 1));
        mo_buf_c(&cut, "\xE2\x80\xA6");
        mo_buf_clear(string);
        mo_json_join(string, &cut);
    }
    mo_json_free(json);
}

static bool
says_nothing(const struct mo_buf *string)
{
    struct mo_str text = bare(string);
    size_t at = 0;

    while (at < text.n)
        if (text.p[at] == '\\' && at + 1 < text.n && strchr("nrtf", text.p[at + 1]))
            at += 2;
        else if (!mo_utf8_is_space(mo_utf8_next(text, &at)))
            return false;
    return true;
}

static bool
take_text(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    size_t min, max;

    read_range(field, &min, &max);
    if (value->n && !is_string(value))
        refuse(w, field, value);
    if (!is_string(value) || says_nothing(value))
        return min ? require(w, field) : false;
    mo_cut(w, field, max, value);
    return true;
}

/* Nothing that looks like a URL. */
static bool
take_name(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    struct mo_str text = mo_buf_view(value);

    if (mo_str_find(text, mo_str("://"), 0) < text.n ||
        mo_str_find(text, mo_str("www."), 0) < text.n) {
        refuse(w, field, value);
        return require(w, field);
    }
    return take_text(w, field, value);
}

static bool
is_email(struct mo_str text)
{
    size_t at = mo_str_find(text, mo_str("@"), 0);
    struct mo_str local = mo_str_n(text.p, at), domain = mo_str_from(text, at + 1);
    char memory[LONGEST_EMAIL + 16];
    struct mo_buf url;

    if (text.n > LONGEST_EMAIL || local.n == 0 || local.p[0] == '.' ||
        local.p[local.n - 1] == '.' || mo_str_find(local, mo_str(".."), 0) < local.n)
        return false;
    for (size_t i = 0; i < local.n; ++i)
        if ((unsigned char)local.p[i] <= ' ' || strchr("()<>[],;:\\\"", local.p[i]))
            return false;
    for (size_t i = 0; i < domain.n; ++i)
        if (strchr("@:/?#_[", domain.p[i]))
            return false;
    mo_buf_fixed(&url, memory, sizeof memory);
    mo_buf_c(&url, "http://");
    mo_buf_str(&url, domain);
    return !mo_is_digit(text.p[text.n - 1]) && mo_url_is_public(mo_buf_view(&url));
}

static bool
take_email(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    return is_string(value) && is_email(bare(value)) ? true : refuse(w, field, value);
}

/* ---- Addresses ---- */

/* Scheme and host in small letters, which mean the same; the API refuses others. */
static void
lower_host(struct mo_buf *string)
{
    struct mo_str text = mo_buf_view(string);
    size_t begin = mo_str_find(text, mo_str("//"), 0) + 2, host = begin, end = begin;

    if (begin > text.n)
        return;
    while (end < text.n && !strchr("/?#\"", text.p[end]))
        if (text.p[end++] == '@')
            host = end;
    for (size_t i = 0; i < end; ++i)
        if (i < begin || i >= host)
            string->p[i] = mo_lower(string->p[i]);
}

static bool
take_url(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    struct mo_json *json = tree(value);
    struct mo_str text = mo_str_trim(text_of(json));
    bool taken = is_string(value) && mo_url_is_public(text);

    if (taken) {
        struct mo_buf trimmed;

        mo_buf_init(&trimmed, MAX_TAKEN);
        mo_json_string(&trimmed, text);
        lower_host(&trimmed);
        replace(value, &trimmed);
    } else if (text.n) {
        mo_tell(w, MO_DIAG_BAD_URL, text, field);
    }
    mo_json_free(json);
    return taken;
}

/* ---- Codes, numbers, dates ---- */

/* "id TABLE": an id of the table. */
static bool
take_id(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    const struct mo_table *t =
        mo_table(w->writer.options.vocab->tables, field->take_argument);
    size_t column = mo_table_column(t, "id");

    for (size_t i = 0; is_string(value) && i < t->rows; ++i)
        if (mo_str_eq(bare(value), mo_str(mo_table_cell(t, i, column))))
            return true;
    return refuse(w, field, value);
}

/* That none is specified says nothing: the API keeps the one that it has. */
static bool
take_licence(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    return !mo_str_is(bare(value), "notspecified") && take_id(w, field, value);
}

static bool
take_words(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    return is_string(value) && is_one_of(bare(value), field->take_argument)
               ? true
               : refuse(w, field, value);
}

/* A whole number, or one of the range. */
static bool
take_number(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    size_t min, max, digits = 0;
    struct mo_str text = mo_buf_view(value);

    while (digits < text.n && mo_is_digit(text.p[digits]))
        ++digits;
    read_range(field, &min, &max);
    if (field->take_argument[0] && text.n && mo_is_digit(text.p[0])) {
        double n = strtod(text.p, NULL);

        if (n >= (double)min && n <= (double)max)
            return true;
    } else if (digits && digits == text.n && digits <= 18) {
        return true;
    }
    return refuse(w, field, value);
}

static bool
is_date(struct mo_str text)
{
    struct mo_date date;

    return mo_date_parse(text, &date);
}

static bool
take_date(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    return is_string(value) && is_date(bare(value)) ? true : refuse(w, field, value);
}

/* ---- Objects ---- */

static bool
take_period(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    struct mo_json *json = tree(value);
    const struct mo_json *end = mo_json_member(json, "end");
    bool start = is_date(mo_json_member_text(json, "start"));
    bool taken = start && (!end || mo_json_kind(end) == MO_JSON_NULL ||
                              is_date(mo_json_text(end)));

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
static bool
take_area(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    struct mo_json *json = tree(value);
    const struct mo_json *geom = mo_json_member(json, "geom");
    const struct mo_json *zones = mo_json_member(json, "zones");
    struct mo_str granularity = mo_json_member_text(json, "granularity");
    bool has_geom = is_geometry(geom), has_zones = mo_json_first(zones) != NULL;
    struct mo_buf out;

    if ((geom && mo_json_kind(geom) != MO_JSON_NULL && !has_geom) ||
        (has_zones && !is_texts(zones)))
        refuse(w, field, value);
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
        replace(value, &out);
    }
    mo_json_free(json);
    return has_geom || has_zones;
}

static bool
take_checksum(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    struct mo_json *json = tree(value);
    bool taken = is_one_of(mo_json_member_text(json, "type"), field->take_argument) &&
                 !mo_str_blank(mo_json_member_text(json, "value"));

    mo_json_free(json);
    return taken ? true : refuse(w, field, value);
}

/* The address of a schema, as the API takes it. */
static void
put_schema(const struct mo_json *schema, struct mo_str url, struct mo_buf *out)
{
    struct mo_buf lower;
    const char *before = "{";

    mo_buf_init(&lower, MAX_TAKEN);
    mo_json_string(&lower, url);
    lower_host(&lower);
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
static bool
take_schema(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    struct mo_json *json = tree(value);
    struct mo_str url = mo_str_trim(mo_json_member_text(json, "url"));
    bool taken = url.n ? mo_url_is_public(url) : mo_json_member_text(json, "name").n > 0;
    struct mo_buf out;

    if (taken && url.n) {
        mo_buf_init(&out, MAX_TAKEN);
        put_schema(json, url, &out);
        replace(value, &out);
    }
    mo_json_free(json);
    return taken ? true : refuse(w, field, value);
}

/* One of each role. */
static bool
take_audiences(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    struct mo_json *json = tree(value);
    bool taken = json && mo_json_kind(json) == MO_JSON_ARRAY;

    for (const struct mo_json *a = mo_json_first(json); a; a = mo_json_next(a)) {
        struct mo_str role = mo_json_member_text(a, "role");

        taken = taken &&
                is_one_of(role, "local_authority_and_administration "
                                "company_and_association private") &&
                is_one_of(mo_json_member_text(a, "condition"), "yes no under_condition");
        for (const struct mo_json *b = mo_json_next(a); b; b = mo_json_next(b))
            taken = taken && !mo_str_eq(role, mo_json_member_text(b, "role"));
    }
    mo_json_free(json);
    return taken ? true : refuse(w, field, value);
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

static bool
take_tags(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    struct mo_json *json = tree(value);
    const char *before = "[";
    size_t min, max;
    struct mo_buf out;

    read_range(field, &min, &max);
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
    replace(value, &out);
    mo_json_free(json);
    return true;
}

/* Made here, of what was taken already; an empty list says that there is none left. */
static bool
take_list(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    (void)w;
    (void)field;
    if (value->n == 0)
        mo_buf_c(value, "[]");
    return true;
}

/* The same; where there is none, what the API has stays. */
static bool
take_made(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    (void)w;
    (void)field;
    return value->n > 0;
}

static bool
take_any(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    (void)w;
    (void)field;
    return value->n > 0;
}

/* Members of an object that are not null. */
static bool
take_members(struct datagouv *w, const struct field *field, struct mo_buf *value)
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
    json = tree(&object);
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
    replace(value, &out);
    return value->n > 0;
}

/* ---- What the options and the ids say ---- */

static bool
take_key(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    (void)field;
    empty(value);
    mo_json_string(value, mo_buf_view(&w->payload->key));
    return true;
}

/* What is private stays so; what is not, stays what it is. */
static bool
take_private(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    bool hidden =
        w->writer.options.payload.make_private || mo_str_is(mo_buf_view(value), "true");

    (void)field;
    empty(value);
    mo_buf_c(value, "true");
    return hidden;
}

/* The id of an owner, of an object or as it is. */
static bool
take_owner_id(struct mo_buf *value)
{
    struct mo_json *json = tree(value);
    struct mo_str id = text_of(json).n ? text_of(json) : mo_json_member_text(json, "id");
    struct mo_buf out;

    mo_buf_init(&out, MAX_TAKEN);
    if (id.n)
        mo_json_string(&out, id);
    replace(value, &out);
    mo_json_free(json);
    return value->n > 0;
}

/* The one that was asked for, else the record's own, which its contact points share. */
static bool
take_organization(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    struct mo_str wanted = w->writer.options.payload.organization;
    struct mo_buf *own = &w->payload->organization;

    if (wanted.n) {
        empty(value);
        mo_json_string(value, wanted);
    } else if (strcmp(field->object, "contact") == 0) {
        empty(value);
        mo_buf_str(value, mo_buf_view(own));
    } else if (value->n && take_owner_id(value)) {
        mo_buf_str(own, mo_buf_view(value));
        value->failed = value->failed || own->failed;
    }
    return value->n > 0;
}

static bool
take_owner(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    (void)field;
    return value->n && w->writer.options.payload.organization.n == 0 &&
           w->payload->organization.n == 0 && take_owner_id(value);
}

static void
remember(struct mo_buf *what, struct mo_buf *string)
{
    struct mo_json *json = tree(string);

    mo_buf_clear(what);
    mo_buf_str(what, text_of(json));
    string->failed = string->failed || what->failed;
    mo_json_free(json);
}

static bool
take_resource_title(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    bool taken = take_text(w, field, value);

    if (taken)
        remember(&w->payload->title, value);
    return taken;
}

static bool
take_resource_url(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    if (!take_url(w, field, value))
        return require(w, field);
    remember(&w->payload->url, value);
    return true;
}

static bool
take_resource_id(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    struct payload *p = w->payload;

    (void)field;
    p->id = mo_ids_resource(p->ids, mo_buf_view(&p->key), mo_buf_view(&p->url),
        mo_buf_view(&p->title), !p->by_title);
    empty(value);
    if (p->id.n)
        mo_json_string(value, p->id);
    return p->id.n > 0;
}

/* A file that data.gouv.fr holds for another dataset is remote for this one. */
static bool
take_filetype(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    bool hosted = w->payload->id.n && mo_str_is(bare(value), "file");

    (void)field;
    empty(value);
    mo_buf_c(value, hosted ? "\"file\"" : "\"remote\"");
    return true;
}

/* ---- By name ---- */

take_fn *
mo_take_named(struct mo_str name)
{
    static const struct {
        const char *name;
        take_fn *take;
    } functions[] = {
        {"any", take_any},
        {"area", take_area},
        {"audiences", take_audiences},
        {"checksum", take_checksum},
        {"date", take_date},
        {"email", take_email},
        {"filetype", take_filetype},
        {"id", take_id},
        {"key", take_key},
        {"licence", take_licence},
        {"list", take_list},
        {"made", take_made},
        {"members", take_members},
        {"name", take_name},
        {"number", take_number},
        {"organization", take_organization},
        {"owner", take_owner},
        {"period", take_period},
        {"private", take_private},
        {"resource_id", take_resource_id},
        {"resource_title", take_resource_title},
        {"resource_url", take_resource_url},
        {"schema", take_schema},
        {"tags", take_tags},
        {"text", take_text},
        {"url", take_url},
        {"words", take_words},
    };

    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; ++i)
        if (mo_str_is(name, functions[i].name))
            return functions[i].take;
    return NULL;
}

bool
mo_take(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    struct mo_str text = mo_buf_view(value);

    if (mo_str_is(text, "null") || mo_str_is(text, "\"\""))
        empty(value);
    return field->take(w, field, value);
}

bool
mo_take_is_made(const struct field *field)
{
    return field->take == take_list || field->take == take_made;
}
