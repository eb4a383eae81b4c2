#include "datagouv/payload.h"

#include <inttypes.h>
#include <stdlib.h>

#include <moisson/text.h>

#include "dcat/mend.h"

/* ---- Helpers ---- */

static bool
put_string(struct mo_buf *out, struct mo_str text)
{
    if (!text.p)
        return false;
    mo_json_string(out, text);
    return true;
}

static void
put_scratch(struct datagouv *w, struct mo_buf *out)
{
    mo_json_string(out, mo_buf_view(&w->scratch));
    out->failed = out->failed || w->scratch.failed;
}

/* A text that no table knows, as a row of it to be completed. */
static void
unmatched(struct datagouv *w, const char *table, const char *before, struct mo_str text)
{
    const struct mo_writer_options *o = &w->writer.options;
    char memory[1100];
    struct mo_buf row;

    if (!o->unmatched)
        return;
    mo_buf_fixed(&row, memory, sizeof memory);
    mo_buf_c(&row, before);
    text = mo_utf8_head(text, 250);
    for (size_t i = 0; i < text.n; ++i)
        mo_buf_byte(&row, strchr("\t\r\n", text.p[i]) ? ' ' : text.p[i]);
    o->unmatched(o->unmatched_ctx, table, mo_buf_view(&row));
}

/* ---- Text ---- */

static bool
field_text(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    for (size_t i = 0; i < field->n_sources; ++i) {
        w->verbatim = mo_one(w, node, field->sources[i]);
        if (w->verbatim && w->verbatim->kind != MO_BLANK && w->verbatim->text.n)
            return put_string(out, w->verbatim->text);
    }
    return false;
}

/* Longer ones data.gouv.fr takes in no way. */
static bool
field_acronym(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    enum { LONGEST_ACRONYM = 128 };
    bool any = field_text(w, node, field, out);

    if (any)
        mo_cut(w, field, LONGEST_ACRONYM, out);
    return any;
}

/* Without regard to language. */
static bool
field_plain_text(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    (void)w;
    for (size_t i = 0; i < field->n_sources; ++i) {
        const struct mo_term *value = mo_first(node, field->sources[i]);

        if (value && value->kind != MO_BLANK && value->text.n)
            return put_string(out, value->text);
    }
    return false;
}

static bool
field_markdown(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    for (size_t i = 0; i < field->n_sources; ++i) {
        struct mo_term *value = mo_one(w, node, field->sources[i]);
        bool any;

        if (!value || value->kind != MO_LITERAL || value->text.n == 0)
            continue;
        mo_buf_clear(&w->scratch);
        mo_markdown(w->values, value->text, &w->scratch);
        any = w->scratch.n > 0 || w->scratch.failed;
        if (any)
            put_scratch(w, out);
        if (mo_str_eq(mo_buf_view(&w->scratch), mo_str_trim(value->text)))
            w->verbatim = value;
        w->trimmed = true;
        return any;
    }
    return false;
}

static bool
field_constant(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    (void)w;
    (void)node;
    mo_buf_c(out, field->argument);
    return true;
}

/* Nothing gives it back but what is kept of it. */
static bool
field_kept(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    (void)w;
    (void)node;
    (void)field;
    (void)out;
    return false;
}

static bool
field_identity(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    (void)node;
    (void)field;
    mo_buf_clear(&w->scratch);
    if (mo_record_identity(w->record, &w->scratch))
        w->scratch.failed = true;
    put_scratch(w, out);
    return true;
}

static bool
field_iri(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    (void)w;
    (void)field;
    return node->kind == MO_IRI && put_string(out, node->text);
}

/* ---- Lists of texts ---- */

/* The values of a property as texts, each once. Returns how many. */
static size_t
list_of(struct datagouv *w, struct mo_term *node, uint16_t property, struct mo_str *texts,
    size_t max)
{
    size_t n = 0;

    for (struct mo_stmt *s = mo_said(node); s && n < max; s = s->next) {
        struct mo_str text;
        bool known = false;

        if (s->p->known != property)
            continue;
        s->used = true;
        text = mo_text_of(w, s->o, mo_labels, 2);
        for (size_t i = 0; i < n; ++i)
            known = known || mo_str_eq(texts[i], text);
        if (text.n && !known)
            texts[n++] = text;
    }
    return n;
}

enum { MAX_LIST = 256 };

static bool
put_list(struct mo_buf *out, const struct mo_str *texts, size_t n)
{
    for (size_t i = 0; i < n; ++i) {
        mo_buf_byte(out, i ? ',' : '[');
        mo_json_string(out, texts[i]);
    }
    if (n)
        mo_buf_byte(out, ']');
    return n > 0;
}

static bool
field_list(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    struct mo_str texts[MAX_LIST];

    return put_list(out, texts, list_of(w, node, field->sources[0], texts, MAX_LIST));
}

static bool
same_list(const struct mo_str *a, size_t n, const struct mo_str *b, size_t m)
{
    if (n != m)
        return false;
    for (size_t i = 0; i < n; ++i)
        if (!mo_str_eq(a[i], b[i]))
            return false;
    return true;
}

/* The dataset's own texts, else those that all its distributions share. */
static size_t
shared_list(
    struct datagouv *w, struct mo_term *node, uint16_t property, struct mo_str *texts)
{
    struct mo_str others[MAX_LIST];
    size_t n = list_of(w, node, property, texts, MAX_LIST);
    bool first = true;

    if (n)
        return n;
    for (struct mo_stmt *s = node->first; s; s = s->next) {
        size_t m;

        if (s->o->kind == MO_LITERAL ||
            (s->p->known != MO_K_DCAT_DISTRIBUTION &&
                s->p->known != MO_K_DCAT_DISTRIBUTIONS) ||
            !mo_said(s->o))
            continue;
        m = list_of(w, s->o, property, first ? texts : others, MAX_LIST);
        if (first)
            n = m;
        else if (!same_list(texts, n, others, m))
            return 0;
        first = false;
    }
    return n;
}

static bool
field_shared_list(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    struct mo_str texts[MAX_LIST];

    return put_list(out, texts, shared_list(w, node, field->sources[0], texts));
}

/* ---- Codes ---- */

static bool
field_frequency(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    struct mo_term *value = mo_first(node, field->sources[0]);
    struct mo_str text, id;

    if (!value)
        return false;
    text = value->text;
    if (value->kind == MO_BLANK || !(id = mo_frequency(w->values, text)).n) {
        static const uint16_t labels[] = {MO_K_RDFS_LABEL, MO_K_SKOS_PREF_LABEL};

        text = mo_text_of(w, value, labels, 2);
        id = mo_frequency(w->values, text);
    }
    if (id.n)
        return put_string(out, id);
    if (text.n) {
        mo_tell(w, MO_DIAG_FREQUENCY, text, field);
        unmatched(w, "frequencies",
            mo_str_starts(text, mo_str("http")) ? "\turl\t" : "\tfr\t", text);
    }
    return false;
}

/* The reason for which access to the dataset is restricted, or empty. */
static struct mo_str
access_reason(struct datagouv *w, struct mo_term *node, const struct field *field)
{
    struct mo_str texts[MAX_LIST], id = mo_str("");

    for (size_t i = 0; i < field->n_sources && id.n == 0; ++i) {
        size_t n = shared_list(w, node, field->sources[i], texts);

        for (size_t k = 0; k < n && id.n == 0; ++k)
            id = mo_access_category(w->values, texts[k]);
    }
    return id;
}

static bool
field_access_type(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    mo_buf_c(out, access_reason(w, node, field).n ? "\"restricted\"" : "\"open\"");
    return true;
}

static bool
field_access_reason(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    struct mo_str id = access_reason(w, node, field);

    return id.n && put_string(out, id);
}

/* What was met on the way to a licence. */
struct licences {
    struct mo_str id;      /* the first that data.gouv.fr has */
    struct mo_str foreign; /* the first text that names another */
    struct mo_str strange; /* the first that names none */
    bool listed;           /* the strange one is, as a row to be completed */
};

static void
list_licence(struct datagouv *w, struct mo_str text)
{
    unmatched(w, "licences", mo_is_web(text) ? "\turl\t" : "\ttitle\t", text);
}

/*
 * The first text that names a licence of data.gouv.fr. Those that name none are listed when
 * they are `meant` to, as statements of rights are not.
 */
static bool
first_licence(struct datagouv *w, const struct mo_str *texts, size_t n, bool meant,
    struct licences *found)
{
    for (size_t i = 0; i < n && !found->id.n; ++i) {
        struct mo_licence licence;

        if (mo_licence_named(w->values, texts[i], &licence)) {
            found->id = licence.id;
            if (!licence.id.n && !found->foreign.p)
                found->foreign = texts[i];
            continue;
        }
        if (meant)
            list_licence(w, texts[i]);
        if (!found->strange.p) {
            found->strange = texts[i];
            found->listed = meant;
        }
    }
    return found->id.n > 0;
}

/* No licence of data.gouv.fr was found: why. */
static void
tell_licence(struct datagouv *w, const struct licences *found, const struct field *field)
{
    if (found->foreign.n)
        mo_tell(w, MO_DIAG_LICENCE_FOREIGN, found->foreign, field);
    else if (found->strange.n)
        mo_tell(w, MO_DIAG_LICENCE, found->strange, field);
    if (!found->foreign.n && found->strange.n && !found->listed)
        list_licence(w, found->strange);
}

/*
 * Of the dataset, or of all its distributions; then of its rights; then of any
 * distribution. A dataset with restricted access has none.
 */
static bool
field_licence(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    static const struct field access = {
        .sources = {MO_K_DCT_ACCESS_RIGHTS, MO_K_DCT_RIGHTS}, .n_sources = 2};
    struct mo_str texts[MAX_LIST];
    struct licences found = {.id = mo_str("")};
    bool any = false, shared;

    if (access_reason(w, node, &access).n)
        return false;
    for (size_t i = 0; i < field->n_sources && !any; ++i)
        any = first_licence(
            w, texts, shared_list(w, node, field->sources[i], texts), i == 0, &found);
    /* Those that all share were looked at. */
    shared = !mo_first(node, field->sources[0]) &&
             shared_list(w, node, field->sources[0], texts) > 0;
    for (struct mo_stmt *s = node->first; s && !any && !shared; s = s->next)
        if ((s->p->known == MO_K_DCAT_DISTRIBUTION ||
                s->p->known == MO_K_DCAT_DISTRIBUTIONS) &&
            mo_is_node(s->o))
            any = first_licence(w, texts,
                list_of(w, s->o, field->sources[0], texts, MAX_LIST), true, &found);
    if (!any)
        tell_licence(w, &found, field);
    return put_string(out, any ? found.id : mo_str("notspecified"));
}

static bool
field_own_licence(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    struct mo_str texts[MAX_LIST];
    struct licences found = {.id = mo_str("")};

    if (first_licence(
            w, texts, list_of(w, node, field->sources[0], texts, MAX_LIST), true, &found))
        return put_string(out, found.id);
    tell_licence(w, &found, field);
    return false;
}

/* ---- Dates ---- */

static bool
read_date(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_date *date)
{
    const struct mo_term *value = mo_one(w, node, field->sources[0]);
    enum mo_time kind;

    if (!value || mo_str_blank(value->text))
        return false;
    if (value->kind == MO_LITERAL &&
        mo_date_mend(w->values, value->text, date, &kind) == MO_CERTAIN)
        return true;
    mo_tell(w, MO_DIAG_BAD_DATE, value->text, field);
    return false;
}

static void
put_date(struct mo_buf *out, const struct mo_date *date)
{
    mo_buf_byte(out, '"');
    mo_date_put(out, date);
    mo_buf_byte(out, '"');
}

static bool
field_date(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    struct mo_date date;

    if (!read_date(w, node, field, &date))
        return false;
    put_date(out, &date);
    return true;
}

static bool
field_past_date(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    struct mo_date date;

    if (!read_date(w, node, field, &date))
        return false;
    if (mo_date_seconds(&date) > w->writer.options.now) {
        char memory[64];
        struct mo_buf text;

        mo_buf_fixed(&text, memory, sizeof memory);
        mo_date_put(&text, &date);
        mo_tell(w, MO_DIAG_FUTURE_DATE, mo_buf_view(&text), field);
        return false;
    }
    put_date(out, &date);
    return true;
}

/* The day of an instant, in any of the properties that OWL-Time has for it. */
static struct mo_str
instant(struct mo_term *value)
{
    static const uint16_t properties[] = {MO_K_TIME_DATE, MO_K_TIME_DATETIME,
        MO_K_TIME_STAMP, MO_K_TIME_MONTH, MO_K_TIME_YEAR};

    if (value->kind == MO_LITERAL)
        return value->text;
    for (size_t i = 0; i < sizeof properties / sizeof properties[0]; ++i) {
        const struct mo_term *date = mo_first(value, properties[i]);

        if (date && date->kind == MO_LITERAL)
            return date->text;
    }
    return mo_str("");
}

/* The first vocabulary in which the node has a bound says both. */
static bool
period_of_node(
    const struct mo_values *values, struct mo_term *node, struct mo_period *period)
{
    static const uint16_t pairs[][2] = {{MO_K_SCHEMA_START, MO_K_SCHEMA_END},
        {MO_K_SCHEMAS_START, MO_K_SCHEMAS_END}, {MO_K_DCAT_START, MO_K_DCAT_END},
        {MO_K_SCV_MIN, MO_K_SCV_MAX}, {MO_K_TIME_BEGINNING, MO_K_TIME_END}};

    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; ++i) {
        struct mo_term *start = mo_first(node, pairs[i][0]);
        struct mo_term *end = mo_first(node, pairs[i][1]);

        if (start || end)
            return mo_period_mend_bounds(values, start ? instant(start) : mo_str(""),
                       end ? instant(end) : mo_str(""), period) == MO_CERTAIN;
    }
    return false;
}

static bool
field_period(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    for (struct mo_stmt *s = node->first; s; s = s->next) {
        struct mo_period p;

        if (s->p->known != field->sources[0])
            continue;
        if (s->o->kind == MO_LITERAL
                ? mo_period_mend(w->values, s->o->text, &p) != MO_CERTAIN
                : !period_of_node(w->values, s->o, &p)) {
            if (s->o->kind == MO_LITERAL || mo_said(s->o))
                mo_tell(w, MO_DIAG_TEMPORAL,
                    s->o->kind == MO_BLANK ? mo_str("") : s->o->text, field);
            continue;
        }
        s->used = true;
        mo_buf_c(out, "{\"start\":");
        if (p.has_start)
            put_date(out, &p.start);
        else
            mo_buf_c(out, "null");
        mo_buf_c(out, ",\"end\":");
        if (p.has_end)
            put_date(out, &p.end);
        else
            mo_buf_c(out, "null");
        mo_buf_byte(out, '}');
        return true;
    }
    return false;
}

/* ---- Addresses ---- */

static bool
field_url(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    const struct mo_term *value = mo_first(node, field->sources[0]);

    (void)w;
    return value && value->kind != MO_BLANK && value->text.n &&
           put_string(out, value->text);
}

/* The page about the record: its landing page, else its own IRI, if one can go there. */
static bool
field_page(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    const struct mo_term *value = mo_first(node, field->sources[0]);

    (void)w;
    if (value && value->kind != MO_BLANK && mo_url_is_public(value->text))
        return put_string(out, mo_str_trim(value->text));
    return node->kind == MO_IRI && mo_url_is_public(node->text) &&
           put_string(out, node->text);
}

/* A schema of schema.data.gouv.fr is known by its name; its URL is that of the name. */
static bool
is_catalogued(struct mo_str url, struct mo_str name)
{
    static const char head[] = "https://schema.data.gouv.fr/";
    struct mo_str rest = mo_str_from(url, sizeof head - 1);

    return name.n && mo_str_starts(url, mo_str(head)) && rest.n == name.n + 1 &&
           mo_str_starts(rest, name) && rest.p[name.n] == '/';
}

static bool
field_schema(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    struct mo_term *value = mo_first(node, field->sources[0]);
    struct mo_term *type = NULL, *title = NULL, *version = NULL;
    struct mo_str url, name;

    if (!value)
        return false;
    if (mo_is_node(value)) {
        type = mo_first(value, MO_K_DCT_TYPE);
        title = mo_first(value, MO_K_DCT_TITLE);
        version = mo_first(value, MO_K_DCAT_VERSION);
    }
    url = value->kind == MO_BLANK ? mo_str("") : mo_str_trim(value->text);
    if (!mo_url_is_public(url) && type && type->kind == MO_IRI)
        url = type->text;
    if (!mo_url_is_public(url)) {
        if (value->kind == MO_LITERAL)
            mo_tell(w, MO_DIAG_BAD_URL, value->text, field);
        return false;
    }
    name = title && title->kind == MO_LITERAL ? title->text : mo_str_n(NULL, 0);
    mo_buf_c(out, "{\"name\":");
    mo_json_string_or_null(out, name);
    mo_buf_c(out, ",\"url\":");
    mo_json_string_or_null(out, is_catalogued(url, name) ? mo_str_n(NULL, 0) : url);
    mo_buf_c(out, ",\"version\":");
    mo_json_string_or_null(
        out, version && version->kind == MO_LITERAL ? version->text : mo_str_n(NULL, 0));
    mo_buf_byte(out, '}');
    return true;
}

/* ---- By name ---- */

field_fn *
mo_field_named(const char *name)
{
    static const struct {
        const char *name;
        field_fn *make;
    } functions[] = {
        {"access_reason", field_access_reason},
        {"access_type", field_access_type},
        {"acronym", field_acronym},
        {"area", mo_field_area},
        {"checksum", mo_field_checksum},
        {"constant", field_constant},
        {"contact_email", mo_field_contact_email},
        {"contact_form", mo_field_contact_form},
        {"contact_name", mo_field_contact_name},
        {"contact_role", mo_field_contact_role},
        {"contacts", mo_field_contacts},
        {"date", field_date},
        {"format", mo_field_format},
        {"frequency", field_frequency},
        {"identity", field_identity},
        {"iri", field_iri},
        {"licence", field_licence},
        {"kept", field_kept},
        {"list", field_list},
        {"markdown", field_markdown},
        {"media_type", mo_field_media_type},
        {"own_licence", field_own_licence},
        {"owner", mo_field_owner},
        {"page", field_page},
        {"past_date", field_past_date},
        {"period", field_period},
        {"plain_text", field_plain_text},
        {"rdf", mo_field_rdf},
        {"resolution", mo_field_resolution},
        {"resource_title", mo_field_resource_title},
        {"resource_type", mo_field_resource_type},
        {"resource_url", mo_field_resource_url},
        {"resources", mo_field_resources},
        {"schema", field_schema},
        {"served", mo_field_served},
        {"shared_list", field_shared_list},
        {"size", mo_field_size},
        {"tags", mo_field_tags},
        {"text", field_text},
        {"url", field_url},
    };

    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; ++i)
        if (strcmp(name, functions[i].name) == 0)
            return functions[i].make;
    return NULL;
}
