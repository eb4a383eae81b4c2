#include "datagouv/payload.h"

#include <stdlib.h>

#include "base/ctype.h"
#include "base/hash.h"
#include "dcat/mend.h"

#define EU_FILE_TYPE "http://publications.europa.eu/resource/authority/file-type/"

/* Without the head of an IRI, if it has it with http or https; else a NULL pointer. */
static struct mo_str
behind(struct mo_str iri, const char *without_scheme)
{
    struct mo_str rest = iri, head = mo_str(without_scheme);

    if (mo_str_starts(rest, mo_str("https://")))
        rest = mo_str_from(rest, 8);
    else if (mo_str_starts(rest, mo_str("http://")))
        rest = mo_str_from(rest, 7);
    else
        return mo_str_n(NULL, 0);
    return mo_str_starts(rest, head) ? mo_str_from(rest, head.n) : mo_str_n(NULL, 0);
}

static void
put_lower(struct mo_buf *out, struct mo_str text)
{
    struct mo_buf lower;

    mo_buf_init(&lower, 1 << 20);
    for (size_t i = 0; i < text.n; ++i)
        mo_buf_byte(&lower, mo_lower(text.p[i]));
    mo_json_join(out, &lower);
}

/* ---- The address, which is what a resource is known by ---- */

/* The value that is the address, or NULL. */
static struct mo_term *
url_term(struct datagouv *w, struct mo_term *node)
{
    static const uint16_t properties[] = {MO_K_DCAT_DOWNLOAD_URL, MO_K_DCAT_ACCESS_URL};

    if (w->part)
        return node->kind == MO_IRI ? node : NULL;
    for (size_t i = 0; i < 2; ++i) {
        struct mo_term *url = mo_first(node, properties[i]);

        if (url && url->kind != MO_BLANK && !mo_str_blank(url->text))
            return url;
    }
    return NULL;
}

static struct mo_str
url_of(struct datagouv *w, struct mo_term *node)
{
    const struct mo_term *url = url_term(w, node);

    return url ? w->part ? url->text : mo_str_trim(url->text) : mo_str("");
}

/* Spaces, which no URL may hold, as %20. */
static void
put_encoded(struct mo_buf *out, struct mo_str url)
{
    while (url.n) {
        size_t n = mo_str_find(url, mo_str(" "), 0);

        mo_buf_add(out, url.p, n);
        if (n < url.n)
            mo_buf_c(out, "%20");
        url = mo_str_from(url, n + 1);
    }
}

bool
mo_field_resource_url(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    struct mo_buf url;

    (void)field;
    mo_buf_init(&url, 1 << 20);
    put_encoded(&url, url_of(w, node));
    w->verbatim = url_term(w, node);
    if (w->verbatim && !mo_str_eq(mo_str_trim(w->verbatim->text), mo_buf_view(&url)))
        w->verbatim = NULL;
    w->trimmed = true;
    mo_json_join(out, &url);
    return true;
}

/* Whether the resource has an address that data.gouv.fr takes. */
static bool
has_good_url(struct datagouv *w, struct mo_term *node, const struct field *field)
{
    struct mo_str text = url_of(w, node);
    char memory[8192];
    struct mo_buf url;
    bool good;

    if (text.n == 0) {
        if (mo_said(node))
            mo_tell(
                w, MO_DIAG_NO_URL, node->kind == MO_IRI ? node->text : mo_str(""), field);
        return false;
    }
    mo_buf_fixed(&url, memory, sizeof memory);
    put_encoded(&url, text);
    good = !url.failed && mo_url_is_public(mo_buf_view(&url));
    if (!good)
        mo_tell(w, MO_DIAG_BAD_URL, text, field);
    return good;
}

/* ---- Formats ---- */

static bool
is_service(struct mo_term *node)
{
    return mo_first(node, MO_K_DCAT_ACCESS_SERVICE) != NULL;
}

/* The OGC protocol of the service behind it: wms, wfs and so on. */
static struct mo_str
protocol_of(struct datagouv *w, struct mo_term *node)
{
    static const uint16_t properties[] = {MO_K_GEODCAT_PROTOCOL, MO_K_DCT_CONFORMS_TO};
    struct mo_term *service = mo_first(node, MO_K_DCAT_ACCESS_SERVICE);
    struct mo_format format;

    for (size_t i = 0; service && mo_is_node(service) && i < 2; ++i)
        for (struct mo_stmt *s = mo_said(service); s; s = s->next) {
            struct mo_str name;

            if (s->p->known != properties[i])
                continue;
            s->used = true;
            name = behind(s->o->text, "www.opengeospatial.org/standards/");
            if (!name.n && mo_format_named(w->values, s->o->text, &format))
                name = format.protocol;
            if (name.n)
                return name;
        }
    return mo_str("");
}

/* What is said of its format, in one text: the label of a node, or its IRI. */
static struct mo_str
text_of(struct datagouv *w, struct mo_term *node, uint16_t property)
{
    static const uint16_t label[] = {MO_K_RDFS_LABEL};

    return mo_str_trim(mo_one_text(w, node, property, label, 1));
}

/*
 * The format that dct:format names: a name of the tables, the end of an IRI of a list, or the text
 * as it is. It is a service's where it is a protocol.
 */
static struct mo_str
format_named(struct datagouv *w, struct mo_term *node, struct mo_str text, bool *service)
{
    struct mo_said said = {.format = text, .url = url_of(w, node)};
    struct mo_str name = behind(text, &EU_FILE_TYPE[7]);
    struct mo_format format;

    if (name.n)
        return name;
    said.title = text_of(w, node, MO_K_DCT_TITLE);
    if (mo_format_of(w->values, &said, &format)) {
        *service = *service || format.protocol.n;
        return format.name;
    }
    name = behind(text, "www.iana.org/assignments/media-types/");
    while (name.n && memchr(name.p, '/', name.n))
        name = mo_str_from(name, mo_str_find(name, mo_str("/"), 0) + 1);
    return name.n ? name : text;
}

/* `*service`: whether the resource is one. */
static struct mo_str
format_of(struct datagouv *w, struct mo_term *node, bool *service)
{
    struct mo_str text = protocol_of(w, node);

    *service = is_service(node);
    if (text.n)
        return text;
    text = text_of(w, node, MO_K_DCT_FORMAT);
    return text.n ? format_named(w, node, text, service) : text;
}

bool
mo_field_format(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    bool service;
    struct mo_str format = format_of(w, node, &service);

    (void)field;
    if (format.n)
        put_lower(out, format);
    return format.n > 0;
}

bool
mo_field_media_type(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    static const uint16_t label[] = {MO_K_RDFS_LABEL};
    struct mo_str text = mo_one_text(w, node, field->sources[0], label, 1);

    if (text.n)
        mo_json_string(out, mo_media_type_named(w->values, text));
    return text.n > 0;
}

/* ---- The rest ---- */

/* The last segment of the address, if it looks like a file. */
static struct mo_str
file_name(struct mo_str url)
{
    struct mo_str name = url;

    while (memchr(name.p, '/', name.n))
        name = mo_str_from(name, mo_str_find(name, mo_str("/"), 0) + 1);
    return name.n && memchr(name.p, '.', name.n) && !memchr(name.p, '?', name.n)
               ? name
               : mo_str("");
}

bool
mo_field_resource_title(struct datagouv *w, struct mo_term *node,
    const struct field *field, struct mo_buf *out)
{
    static const char *const before[] = {"", "Ressource "}, *const behind_it[] = {
                                                                " resource", ""};
    static const char *const nameless[] = {"Nameless resource", "Ressource sans nom"};
    const struct mo_writer_options *o = &w->writer.options;
    size_t french = o->n_languages == 0 || mo_str_is(o->languages[0], "fr");
    const struct mo_term *said = mo_one(w, node, field->sources[0]);
    struct mo_str text = said && said->kind != MO_BLANK ? said->text : mo_str("");
    struct mo_buf title;
    bool service;

    if (text.n)
        w->verbatim = said;
    else
        text = file_name(url_of(w, node));
    if (text.n) {
        mo_json_string(out, text);
        return true;
    }
    text = format_of(w, node, &service);
    mo_buf_init(&title, 1 << 20);
    if (text.n) {
        mo_buf_c(&title, before[french]);
        for (size_t i = 0; i < text.n; ++i)
            mo_buf_byte(&title, mo_lower(text.p[i]));
        mo_buf_c(&title, behind_it[french]);
    } else {
        mo_buf_c(&title, nameless[french]);
    }
    mo_json_join(out, &title);
    return true;
}

bool
mo_field_resource_type(struct datagouv *w, struct mo_term *node,
    const struct field *field, struct mo_buf *out)
{
    bool service;

    (void)field;
    format_of(w, node, &service);
    mo_buf_c(out, w->part ? "\"other\"" : service ? "\"api\"" : "\"main\"");
    return true;
}

/* A whole number of bytes; a fraction is cut, a unit counts. */
bool
mo_field_size(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    const struct mo_term *value = mo_one(w, node, field->sources[0]);
    struct mo_str text = value ? mo_str_trim(value->text) : mo_str("");
    size_t n = 0, end;
    uint64_t bytes;

    if (text.n == 0 || value->kind == MO_BLANK)
        return false;
    while (n < text.n && mo_is_digit(text.p[n]))
        ++n;
    end = n;
    if (end < text.n && text.p[end] == '.')
        for (++end; end < text.n && mo_is_digit(text.p[end]); ++end)
            ;
    if (end < text.n && mo_bytes_mend(text, &bytes) == MO_CERTAIN && bytes <= INT64_MAX) {
        mo_buf_printf(out, "%llu", (unsigned long long)bytes);
        return true;
    }
    if (n == 0 || end < text.n || n > 18) {
        mo_tell(w, MO_DIAG_BAD_SIZE, text, field);
        return false;
    }
    while (n > 1 && text.p[0] == '0') {
        text = mo_str_from(text, 1);
        --n;
    }
    mo_buf_add(out, text.p, n);
    return true;
}

bool
mo_field_checksum(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    static const char *const known[] = {"md5", "sha1", "sha256"};
    struct mo_term *sum = mo_first(node, field->sources[0]);
    const struct mo_term *algorithm, *value;

    if (!sum || !mo_is_node(sum) || !mo_said(sum))
        return false;
    algorithm = mo_first(sum, MO_K_SPDX_ALGORITHM);
    value = mo_one(w, sum, MO_K_SPDX_VALUE);
    for (size_t i = 0; algorithm && value && i < 3; ++i) {
        struct mo_str name = algorithm->text;
        size_t n = strlen(known[i]);

        if (algorithm->kind == MO_BLANK || value->text.n == 0 || name.n <= n ||
            name.p[name.n - n - 1] != '_' || !mo_str_ends(name, mo_str(known[i])))
            continue;
        mo_buf_printf(out, "{\"type\":\"%s\",\"value\":", known[i]);
        mo_json_string(out, value->text);
        mo_buf_byte(out, '}');
        return true;
    }
    mo_tell(w, MO_DIAG_CHECKSUM,
        algorithm && algorithm->kind != MO_BLANK ? algorithm->text : mo_str(""), field);
    return false;
}

/* ---- The list ---- */

/*
 * A resource, and what tells it from another of the dataset: its URL; of a map service, its
 * title too.
 */
struct known {
    struct mo_str url, title;
    struct mo_stmt *stmt; /* by which the dataset has it */
    bool part;
    uint64_t export; /* hash of what exports of one format have in common; 0: it is none */
    size_t rank;     /* of those the smallest is kept */
};

static void
note_export(struct datagouv *w, struct known *key)
{
    struct mo_export export;
    struct mo_buf text;

    mo_buf_init(&text, 1 << 20);
    if (mo_export_at(w->values, key->url, &export, &text)) {
        key->export = mo_hash(0, mo_buf_view(&text)) | 1;
        key->rank = export.rank;
    }
    mo_buf_done(&text);
}

static struct known
key_of(struct datagouv *w, struct mo_stmt *stmt)
{
    static const char *const services[] = {"wfs", "wms", "wmts"};
    struct known key = {.url = url_of(w, stmt->o), .stmt = stmt, .part = w->part};
    bool service;
    struct mo_str format = format_of(w, stmt->o, &service);

    for (size_t i = 0; i < 3; ++i)
        if (mo_str_eq_nocase(format, mo_str(services[i])))
            key.title = mo_one_text(w, stmt->o, MO_K_DCT_TITLE, NULL, 0);
    if (w->writer.options.collapse_exports && !w->part)
        note_export(w, &key);
    return key;
}

struct resources {
    struct known *at;
    size_t n, cap;
    bool failed; /* memory was short */
};

static void
push(struct resources *list, struct known key)
{
    if (list->n == list->cap) {
        size_t cap = list->cap ? 2 * list->cap : 16;
        struct known *grown = realloc(list->at, cap * sizeof *grown);

        list->failed = !grown;
        if (!grown)
            return;
        list->at = grown;
        list->cap = cap;
    }
    list->at[list->n++] = key;
}

/* Whether one of the two is left out, which is said: the one that is listed has the better rank. */
static bool
collapse(struct datagouv *w, struct known *listed, const struct known *key,
    const struct field *field)
{
    bool better = key->rank < listed->rank;

    if (!key->export || listed->export != key->export)
        return false;
    mo_tell(w, MO_DIAG_EXPORT, better ? listed->url : key->url, field);
    if (better)
        *listed = *key;
    return true;
}

/* One more resource; one with the key of another takes its place. */
static void
list_resource(struct datagouv *w, struct mo_stmt *stmt, const struct field *field,
    struct resources *list)
{
    struct known key;
    size_t i = 0;

    if (!has_good_url(w, stmt->o, field))
        return;
    key = key_of(w, stmt);
    while (i < list->n && (!mo_str_eq(list->at[i].url, key.url) ||
                              !mo_str_eq(list->at[i].title, key.title))) {
        if (collapse(w, &list->at[i], &key, field))
            return;
        ++i;
    }
    if (i < list->n) {
        mo_tell(w, MO_DIAG_SAME_RESOURCE, key.url, field);
        list->at[i] = key;
    } else {
        push(list, key);
    }
}

static bool
put_listed(struct datagouv *w, const struct known *key, struct mo_buf *out)
{
    w->part = key->part;
    if (w->payload)
        return mo_payload_resource(w, key->stmt->o, key->title.n > 0, out);
    mo_put_object(w, "resource", key->stmt->o, out);
    return true;
}

/* As an array; false, with nothing appended, when there is none. */
static bool
put_list(struct datagouv *w, const struct resources *list, struct mo_buf *out)
{
    bool any = false;

    for (size_t i = 0; i < list->n; ++i)
        out->failed = out->failed || mo_tell_slot(w, list->at[i].stmt);
    for (size_t i = 0; i < list->n && !out->failed; ++i) {
        size_t before = out->n;

        mo_buf_byte(out, any ? ',' : '[');
        w->telling.at = i;
        if (put_listed(w, &list->at[i], out))
            any = true;
        else
            out->n = before;
    }
    w->part = false;
    if (any)
        mo_buf_byte(out, ']');
    return any;
}

bool
mo_field_resources(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    struct resources list = {NULL, 0, 0, false};
    bool any;

    for (size_t i = 0; i < field->n_sources; ++i)
        for (struct mo_stmt *s = node->first; s; s = s->next) {
            if (s->p->known != field->sources[i] || s->o->kind == MO_LITERAL)
                continue;
            w->part = s->p->known == MO_K_DCT_HAS_PART;
            if (!w->part && !mo_said(s->o)) {
                mo_tell(w, MO_DIAG_DISTRIBUTION_ELSEWHERE,
                    s->o->kind == MO_IRI ? s->o->text : mo_str(""), field);
                continue;
            }
            s->used = true;
            list_resource(w, s, field, &list);
        }
    any = put_list(w, &list, out);
    out->failed = out->failed || list.failed;
    free(list.at);
    return any;
}
