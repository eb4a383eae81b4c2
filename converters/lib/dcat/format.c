#include <moisson/iri.h>

#include "base/ctype.h"
#include "dcat/values_impl.h"

static void
read_protocols(const struct mo_values *v, struct known *known)
{
    const struct mo_table *t = mo_table(v->vocab->tables, "protocols");
    size_t protocol = mo_table_column(t, "protocol"), kind = mo_table_column(t, "kind");
    size_t form = mo_table_column(t, "form");

    for (size_t i = 0; i < t->rows; ++i) {
        struct mo_str text = mo_str(mo_table_cell(t, i, form));
        const char *id = mo_table_cell(t, i, protocol);

        if (strcmp(mo_table_cell(t, i, kind), "url") == 0)
            mo_forms_add_url(&known->urls, text, id);
        else
            mo_forms_add_slug(v, &known->names, text, id, "");
    }
}

int
mo_formats_prepare(struct mo_values *v)
{
    const struct mo_table *types = mo_table(v->vocab->tables, "file-types");
    const struct mo_table *media = mo_table(v->vocab->tables, "media-types");

    v->protocols = mo_known_new(v, "protocols", read_protocols);
    return !v->protocols || mo_lookup_init(&v->file_forms, types, "form", v->arena) ||
                   mo_lookup_init(&v->file_types, types, "type", v->arena) ||
                   mo_lookup_init(&v->media_forms, media, "form", v->arena)
               ? -1
               : 0;
}

/* ---- What a text says ---- */

static bool
has_slash(struct mo_str s)
{
    return mo_str_find(s, mo_str("/"), 0) < s.n;
}

/* What stands behind the head of an address, with http or https; NULL pointer: another. */
static struct mo_str
behind(struct mo_str iri, const char *without_scheme)
{
    struct mo_str head = mo_str(without_scheme);

    if (!mo_is_web(iri))
        return mo_str_n(NULL, 0);
    iri = mo_str_from(iri, mo_str_find(iri, mo_str("//"), 0) + 2);
    if (mo_str_starts(iri, mo_str("www.")))
        iri = mo_str_from(iri, 4);
    return mo_str_starts(iri, head) ? mo_str_from(iri, head.n) : mo_str_n(NULL, 0);
}

/* The name in an IRI of a list of formats; else the text without what some put around it. */
static struct mo_str
name_in(struct mo_str text)
{
    static const char *const lists[] = {
        "publications.europa.eu/resource/authority/file-type/",
        "publications.europa.eu/mdr/authority/file-type/",
        "publications.europa.eu/mdr/resource/authority/file-type/",
        "iana.org/assignments/media-types/", "w3.org/ns/formats/"};
    size_t slash;

    text = mo_str_trim(text);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; ++i) {
        struct mo_str name = behind(text, lists[i]);

        if (name.p)
            return name;
    }
    if (mo_str_starts(text, mo_str("mime:")))
        text = mo_str_trim(mo_str_from(text, 5));
    if (text.n > 1 && text.p[0] == '.')
        text = mo_str_from(text, 1);
    /* Parameters of a media type, and an address behind it. */
    slash = mo_str_find(text, mo_str("/"), 0);
    for (size_t i = slash; i < text.n; ++i)
        if (text.p[i] == ';' || mo_is_space(text.p[i])) {
            text.n = i;
            break;
        }
    return text;
}

/* A row of file-types, by its form; 0: none. */
static size_t
row_of(const struct mo_values *v, struct mo_str name)
{
    const struct mo_table *media = v->media_forms.table;
    char memory[128];
    struct mo_buf whole;
    size_t row = 0;

    if (mo_lookup_next(&v->file_forms, name, &row))
        return row;
    if (mo_lookup_next(&v->media_forms, name, &row)) {
        name =
            mo_str(mo_lookup_cell(&v->media_forms, row, mo_table_column(media, "type")));
        row = 0;
        return mo_lookup_next(&v->file_forms, name, &row) ? row : 0;
    }
    if (has_slash(name) || name.n > 100)
        return 0;
    mo_buf_fixed(&whole, memory, sizeof memory);
    mo_buf_c(&whole, "application/");
    mo_buf_str(&whole, name);
    row = 0;
    return mo_lookup_next(&v->file_forms, mo_buf_view(&whole), &row) ? row : 0;
}

/* Whether file-types has a row of this kind for the type. */
static bool
is_of_kind(const struct mo_values *v, struct mo_str type, const char *wanted)
{
    const struct mo_lookup *l = &v->file_types;
    size_t kind = mo_table_column(l->table, "kind"), row = 0;

    while (mo_lookup_next(l, type, &row))
        if (strcmp(mo_lookup_cell(l, row, kind), wanted) == 0)
            return true;
    return false;
}

/* Without a version, and what stands behind it: "OGC:WMS-1.3.0-http-get-map". */
static struct mo_str
without_version(struct mo_str text)
{
    for (size_t i = 1; i + 1 < text.n; ++i)
        if ((text.p[i] == '-' || text.p[i] == ' ') &&
            (mo_is_digit(text.p[i + 1]) ||
                mo_str_starts(mo_str_from(text, i + 1), mo_str("http-"))))
            return mo_str_n(text.p, i);
    return text;
}

static struct mo_str
protocol_named(const struct mo_values *v, struct mo_str text)
{
    const struct known *known = mo_known(v, v->protocols);
    const struct form *f =
        mo_is_web(text) ? mo_forms_find_url(&known->urls, text)
                        : mo_forms_find_slug(v, &known->names, without_version(text));

    return f ? f->id : mo_str("");
}

bool
mo_format_named(const struct mo_values *v, struct mo_str text, struct mo_format *format)
{
    const struct mo_table *t = v->file_forms.table;
    struct mo_str protocol, name;
    size_t row;

    text = mo_str_trim(text);
    if (text.n == 0)
        return false;
    name = name_in(text);
    protocol = protocol_named(v, text);
    if (!protocol.n)
        protocol = protocol_named(v, name);
    if (protocol.n) {
        *format = (struct mo_format){.protocol = protocol, .name = protocol};
        return true;
    }
    row = name.n ? row_of(v, name) : 0;
    if (!row && !mo_lookup_next(&v->file_types, name, &row))
        return false;
    format->protocol = mo_str("");
    format->type =
        mo_str(mo_lookup_cell(&v->file_forms, row, mo_table_column(t, "type")));
    format->vague = is_of_kind(v, format->type, "vague");
    format->carrier = format->vague || is_of_kind(v, format->type, "carrier");
    /* A name that data.gouv.fr has stays; any other becomes the type's code. */
    format->name = format->type;
    if (strcmp(mo_lookup_cell(&v->file_forms, row, mo_table_column(t, "kind")),
            "format") == 0)
        format->name =
            mo_str(mo_lookup_cell(&v->file_forms, row, mo_table_column(t, "form")));
    return true;
}

struct mo_str
mo_media_type_of(const struct mo_values *v, struct mo_str type)
{
    const struct mo_lookup *l = &v->file_types;
    size_t kind = mo_table_column(l->table, "kind"), row = 0;

    while (mo_lookup_next(l, type, &row))
        if (strcmp(mo_lookup_cell(l, row, kind), "mime") == 0)
            return mo_str(mo_lookup_cell(l, row, mo_table_column(l->table, "form")));
    return mo_str("");
}

struct mo_str
mo_media_type_named(const struct mo_values *v, struct mo_str text)
{
    struct mo_str type = behind(text, "iana.org/assignments/media-types/");
    struct mo_format format;

    if (type.n)
        return type;
    if ((!has_slash(text) || mo_is_web(text)) && mo_format_named(v, text, &format))
        type = mo_media_type_of(v, format.type);
    return type.n ? type : text;
}

/* ---- What an address says ---- */

/* A service that is asked what it can do. */
static bool
protocol_at(const struct mo_values *v, const struct mo_iri *iri, struct mo_format *format)
{
    struct mo_str service = mo_url_parameter(iri->query, "service");

    if (!service.n || !mo_str_eq_nocase(mo_url_parameter(iri->query, "request"),
                          mo_str("GetCapabilities")))
        return false;
    service = protocol_named(v, service);
    *format = (struct mo_format){.protocol = service, .name = service};
    return service.n > 0;
}

/* By its extension: of the row's kind "format", and no longer than these are. */
static bool
extension_at(
    const struct mo_values *v, const struct mo_iri *iri, struct mo_format *format)
{
    enum { LONGEST = 10 };
    struct mo_str name = iri->path;
    size_t dot;

    while (has_slash(name))
        name = mo_str_from(name, mo_str_find(name, mo_str("/"), 0) + 1);
    dot = mo_str_find(name, mo_str("."), 0);
    /* The longest that is one: .tar.gz before .gz. */
    for (; dot + 1 < name.n; dot = mo_str_find(name, mo_str("."), dot + 1)) {
        struct mo_str extension = mo_str_from(name, dot + 1);

        if (dot > 0 && extension.n <= LONGEST && mo_format_named(v, extension, format) &&
            !format->protocol.n)
            return true;
    }
    return false;
}

bool
mo_format_at(
    const struct mo_values *v, struct mo_str url, bool served, struct mo_format *format)
{
    struct mo_export export;
    struct mo_iri iri;

    url = mo_str_trim(url);
    if (mo_export_at(v, url, &export, NULL)) {
        *format = (struct mo_format){
            .type = export.type, .name = export.type.n ? export.type : export.token};
        return true;
    }
    iri = mo_iri_parse(url);
    return (!served && protocol_at(v, &iri, format)) || extension_at(v, &iri, format);
}

/* ---- What a distribution is ---- */

/* The better of what address and title say: no carrier. */
static bool
carried(const struct mo_values *v, const struct mo_said *said, struct mo_format *format)
{
    struct mo_format other;

    if ((mo_format_at(v, said->url, true, &other) && !other.carrier) ||
        (mo_format_named(v, said->title, &other) && !other.carrier &&
            !other.protocol.n)) {
        *format = other;
        return true;
    }
    return false;
}

bool
mo_format_of(
    const struct mo_values *v, const struct mo_said *said, struct mo_format *format)
{
    if (!mo_str_blank(said->format)) {
        if (!mo_format_named(v, said->format, format))
            return false;
        if (format->vague)
            carried(v, said, format);
        return true;
    }
    if (mo_format_named(v, said->media_type, format))
        return !format->carrier || carried(v, said, format) || !format->vague;
    return mo_format_at(v, said->url, said->served, format) ||
           mo_format_named(v, said->title, format);
}
