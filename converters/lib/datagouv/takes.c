#include <stdlib.h>

#include <moisson/text.h>

#include "base/ctype.h"
#include "base/json.h"
#include "datagouv/takes.h"

enum { MAX_TAKEN_DEPTH = 100, LONGEST_EMAIL = 254 };

/* ---- Helpers ---- */

struct mo_str
mo_take_bare(const struct mo_buf *value)
{
    struct mo_str text = mo_buf_view(value);

    return text.n > 1 && text.p[0] == '"' ? mo_str_n(text.p + 1, text.n - 2) : text;
}

bool
mo_take_is_string(const struct mo_buf *value)
{
    return value->n > 1 && value->p[0] == '"';
}

bool
mo_take_refuse(struct datagouv *w, const struct field *field, const struct mo_buf *value)
{
    if (value->n)
        mo_tell(w, MO_DIAG_NOT_TAKEN, mo_take_bare(value), field);
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

void
mo_take_range(const struct field *field, size_t *min, size_t *max)
{
    char *end;

    *min = strtoul(field->take_argument, &end, 10);
    *max = *end == '-' ? strtoul(end + 1, NULL, 10) : SIZE_MAX;
}

struct mo_json *
mo_take_tree(struct mo_buf *value)
{
    struct mo_json_error error;
    struct mo_json *json =
        value->n ? mo_json_parse(mo_buf_view(value), MAX_TAKEN_DEPTH, &error) : NULL;

    if (value->n && !json)
        value->failed = true;
    return json;
}

struct mo_str
mo_take_text(const struct mo_json *json)
{
    return json ? mo_json_text(json) : mo_str("");
}

void
mo_take_empty(struct mo_buf *value)
{
    bool failed = value->failed;

    mo_buf_clear(value);
    value->failed = failed;
}

void
mo_take_replace(struct mo_buf *value, struct mo_buf *by)
{
    mo_take_empty(value);
    mo_buf_join(value, by);
}

bool
mo_take_is_one_of(struct mo_str word, const char *words)
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
    json = mo_take_tree(string);
    text = mo_take_text(json);
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
    struct mo_str text = mo_take_bare(string);
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

    mo_take_range(field, &min, &max);
    if (value->n && !mo_take_is_string(value))
        mo_take_refuse(w, field, value);
    if (!mo_take_is_string(value) || says_nothing(value))
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
        mo_take_refuse(w, field, value);
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
    return mo_take_is_string(value) && is_email(mo_take_bare(value))
               ? true
               : mo_take_refuse(w, field, value);
}

/* ---- Addresses ---- */

void
mo_take_lower_host(struct mo_buf *string)
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
    struct mo_json *json = mo_take_tree(value);
    struct mo_str text = mo_str_trim(mo_take_text(json));
    bool taken = mo_take_is_string(value) && mo_url_is_public(text);

    if (taken) {
        struct mo_buf trimmed;

        mo_buf_init(&trimmed, MAX_TAKEN);
        mo_json_string(&trimmed, text);
        mo_take_lower_host(&trimmed);
        mo_take_replace(value, &trimmed);
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

    for (size_t i = 0; mo_take_is_string(value) && i < t->rows; ++i)
        if (mo_str_eq(mo_take_bare(value), mo_str(mo_table_cell(t, i, column))))
            return true;
    return mo_take_refuse(w, field, value);
}

/* That none is specified says nothing: the API keeps the one that it has. */
static bool
take_licence(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    return !mo_str_is(mo_take_bare(value), "notspecified") && take_id(w, field, value);
}

static bool
take_words(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    return mo_take_is_string(value) &&
                   mo_take_is_one_of(mo_take_bare(value), field->take_argument)
               ? true
               : mo_take_refuse(w, field, value);
}

/* A whole number; with a range, a decimal one of it. */
static bool
take_number(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    enum { MOST_DIGITS = 18 }; /* 64 bits take them */
    struct mo_str text = mo_buf_view(value);
    bool decimal = field->take_argument[0] != '\0', more = false;
    size_t min, max, at = 0, digits;

    mo_take_range(field, &min, &max);
    while (at < text.n && mo_is_digit(text.p[at]))
        ++at;
    digits = at;
    if (decimal && at < text.n && text.p[at] == '.')
        for (++at; at < text.n && mo_is_digit(text.p[at]); ++at)
            more = more || text.p[at] != '0';
    if (digits > 0 && digits <= MOST_DIGITS && at == text.n) {
        size_t whole = strtoul(text.p, NULL, 10);

        if (whole >= min && whole + more <= max)
            return true;
    }
    return mo_take_refuse(w, field, value);
}

bool
mo_take_is_date(struct mo_str text)
{
    struct mo_date date;

    return mo_date_parse(text, &date);
}

static bool
take_date(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    return mo_take_is_string(value) && mo_take_is_date(mo_take_bare(value))
               ? true
               : mo_take_refuse(w, field, value);
}

/* ---- What is made here ---- */

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

/* ---- What the options and the ids say ---- */

static bool
take_key(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    (void)field;
    mo_take_empty(value);
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
    mo_take_empty(value);
    mo_buf_c(value, "true");
    return hidden;
}

/* The id of an owner, of an object or as it is. */
static bool
take_owner_id(struct mo_buf *value)
{
    struct mo_json *json = mo_take_tree(value);
    struct mo_str id =
        mo_take_text(json).n ? mo_take_text(json) : mo_json_member_text(json, "id");
    struct mo_buf out;

    mo_buf_init(&out, MAX_TAKEN);
    if (id.n)
        mo_json_string(&out, id);
    mo_take_replace(value, &out);
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
        mo_take_empty(value);
        mo_json_string(value, wanted);
    } else if (strcmp(field->object, "contact") == 0) {
        mo_take_empty(value);
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
    struct mo_json *json = mo_take_tree(string);

    mo_buf_clear(what);
    mo_buf_str(what, mo_take_text(json));
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
    mo_take_empty(value);
    if (p->id.n)
        mo_json_string(value, p->id);
    return p->id.n > 0;
}

/* A file that data.gouv.fr holds for another dataset is remote for this one. */
static bool
take_filetype(struct datagouv *w, const struct field *field, struct mo_buf *value)
{
    bool hosted = w->payload->id.n && mo_str_is(mo_take_bare(value), "file");

    (void)field;
    mo_take_empty(value);
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
        {"area", mo_take_area},
        {"audiences", mo_take_audiences},
        {"checksum", mo_take_checksum},
        {"date", take_date},
        {"email", take_email},
        {"filetype", take_filetype},
        {"id", take_id},
        {"key", take_key},
        {"licence", take_licence},
        {"list", take_list},
        {"made", take_made},
        {"members", mo_take_members},
        {"name", take_name},
        {"number", take_number},
        {"organization", take_organization},
        {"owner", take_owner},
        {"period", mo_take_period},
        {"private", take_private},
        {"resource_id", take_resource_id},
        {"resource_title", take_resource_title},
        {"resource_url", take_resource_url},
        {"schema", mo_take_schema},
        {"tags", mo_take_tags},
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
        mo_take_empty(value);
    return field->take(w, field, value);
}

bool
mo_take_is_made(const struct field *field)
{
    return field->take == take_list || field->take == take_made;
}
