#include <stdlib.h>

#include <moisson/iri.h>

#include "base/scan.h"
#include "datagouv/read.h"

/* ---- What a resource is ---- */

static bool
holds_nocase(struct mo_str text, const char *what)
{
    struct mo_str needle = mo_str(what);

    for (size_t i = 0; i + needle.n <= text.n; ++i)
        if (mo_lower(text.p[i]) == what[0] &&
            mo_str_eq_nocase(mo_str_n(text.p + i, needle.n), needle))
            return true;
    return false;
}

/* The OGC protocol by its format ("wms", "ogc:wfs"), or a request in the address; or NULL. */
static const char *
protocol_of(const struct mo_json *resource)
{
    static const struct {
        const char *name, *prefixed, *request;
    } protocols[] = {{"wfs", "ogc:wfs", "service=wfs"},
        {"wmts", "ogc:wmts", "service=wmts"}, {"wms", "ogc:wms", "service=wms"},
        {"wcs", "ogc:wcs", "service=wcs"}, {"csw", "ogc:csw", "service=csw"}};
    struct mo_str format = mo_str_trim(mo_json_member_text(resource, "format"));
    struct mo_str url = mo_json_member_text(resource, "url");
    bool asks = mo_str_find(url, mo_str("="), 0) < url.n &&
                holds_nocase(url, "request=getcapabilities");

    for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; ++i)
        if (mo_str_eq_nocase(format, mo_str(protocols[i].name)) ||
            mo_str_eq_nocase(format, mo_str(protocols[i].prefixed)) ||
            (asks && holds_nocase(url, protocols[i].request)))
            return protocols[i].name;
    return NULL;
}

static bool
is_service(const struct gouv *r, const struct mo_json *resource)
{
    return r->protocol || mo_str_is(mo_json_member_text(resource, "type"), "api");
}

/* An address as it stands: what is none at all is no IRI. */
static struct mo_str
address(const struct mo_json *object, const char *member)
{
    struct mo_str text = mo_str_trim(mo_json_member_text(object, member));

    return mo_iri_is_absolute(text) ? text : mo_str("");
}

/*
 * What downloads it and what leads to it: the platform's lasting address, which is sent on
 * to the file. Services are only reached.
 */
void
mo_rule_addresses(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    struct mo_str url = address(object, "url");
    struct mo_str latest = address(object, rule->argument.p);
    bool service = is_service(r, object);

    if (url.n == 0) {
        mo_gouv_tell(r, MO_DIAG_BAD_URL, mo_json_member_text(object, "url"), rule->field);
        return;
    }
    if (!service)
        mo_gouv_say(r, node, rule, mo_gouv_iri(r, url));
    mo_gouv_add(r, node, MO_DCAT "accessURL",
        mo_gouv_iri(r, latest.n && !service ? latest : url));
}

void
mo_rule_access_service(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    struct mo_str url = address(object, "url");
    struct mo_str title = mo_json_member_text(object, "title");
    const char *protocol = r->protocol;
    struct mo_term *service;

    if (!is_service(r, object) || !url.n)
        return;
    service = mo_gouv_node(r, node, rule, MO_DCAT "DataService");
    if (title.n)
        mo_gouv_add(r, service, MO_DCT "title", mo_gouv_literal(r, title, NULL));
    mo_gouv_add(r, service, MO_DCAT "endpointURL",
        mo_gouv_iri(
            r, protocol ? mo_str_n(url.p, mo_str_find(url, mo_str("?"), 0)) : url));
    if (protocol && holds_nocase(url, "request=getcapabilities"))
        mo_gouv_add(r, service, MO_DCAT "endpointDescription", mo_gouv_iri(r, url));
    if (protocol) {
        mo_buf_clear(&r->scratch);
        mo_buf_c(&r->scratch, MO_OGC);
        mo_buf_c(&r->scratch, protocol);
        mo_gouv_add(
            r, service, MO_DCT "conformsTo", mo_gouv_iri(r, mo_buf_view(&r->scratch)));
    }
    if (r->hvd)
        mo_gouv_add(r, service, "http://data.europa.eu/r5r/applicableLegislation",
            mo_gouv_c(r, "http://data.europa.eu/eli/reg_impl/2023/138/oj"));
}

/* What is said of a resource that tells its format. */
static struct mo_said
said_of(const struct gouv *r, const struct mo_json *resource)
{
    return (struct mo_said){
        .format = mo_str_trim(mo_json_member_text(resource, "format")),
        .media_type = mo_json_member_text(resource, "mime"),
        .url = mo_str_trim(mo_json_member_text(resource, "url")),
        .title = mo_json_member_text(resource, "title"),
        .served = is_service(r, resource),
    };
}

/* Whether the writer says "api": it does for what has a service, or the format of one. */
static bool
is_taken_for_service(const struct gouv *r, const struct mo_json *resource)
{
    const struct mo_said said = said_of(r, resource);
    struct mo_format format;

    return said.served || (said.format.n && mo_format_of(r->values, &said, &format) &&
                              format.protocol.n);
}

void
mo_rule_resource_type(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    const struct mo_json *type = mo_gouv_value(object, &rule->paths);

    if (type &&
        !mo_str_is(mo_gouv_code(type), is_taken_for_service(r, object) ? "api" : "main"))
        mo_gouv_keep(r, node, rule->property, type);
}

/* ---- Formats ---- */

/* Whether the writer makes this format of the name: it writes small letters. */
static bool
gives_back(struct mo_str name, struct mo_str format)
{
    if (name.n != format.n)
        return false;
    for (size_t i = 0; i < name.n; ++i)
        if (mo_lower(name.p[i]) != format.p[i])
            return false;
    return true;
}

static void
keep_format(struct gouv *r, struct mo_term *node, const struct mo_json *format)
{
    mo_gouv_keep(r, node, mo_str(MO_DATAGOUV "format"), format);
}

/* A type of the EU's list, else a node with the format's name. */
void
mo_rule_format(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    const struct mo_json *value = mo_gouv_value(object, &rule->paths);
    struct mo_str format = value ? mo_json_text(value) : mo_str("");
    struct mo_str type = mo_gouv_cell(r, LIST_FILE_TYPES, mo_str_trim(format), "type");
    struct mo_format named = {.name = mo_str_trim(format)};
    const char *protocol = r->protocol;

    if (value && protocol && address(object, "url").n && !mo_str_is(format, protocol))
        keep_format(r, node, value);
    if (protocol && address(object, "url").n)
        return;
    if (!type.n && mo_format_named(r->values, format, &named))
        type = named.type;
    if (type.n) {
        mo_buf_clear(&r->scratch);
        mo_buf_c(&r->scratch, MO_AUTHORITY "file-type/");
        mo_buf_str(&r->scratch, type);
        mo_gouv_say(r, node, rule, mo_gouv_iri(r, mo_buf_view(&r->scratch)));
        if (!gives_back(type, format))
            keep_format(r, node, value);
    } else if (format.n) {
        mo_gouv_add(r, mo_gouv_node(r, node, rule, MO_DCT "MediaTypeOrExtent"),
            "http://www.w3.org/2000/01/rdf-schema#label",
            mo_gouv_literal(r, format, NULL));
        if (!gives_back(named.name, format))
            keep_format(r, node, value);
    }
}

/* type "/" subtype of RFC 6838, 4.2, that could be registered: no "x-". */
static bool
is_media_type(struct mo_str text)
{
    static const char *const trees[] = {"application/", "audio/", "font/", "image/",
        "message/", "model/", "multipart/", "text/", "video/"};
    struct mo_str rest = mo_str("");

    for (size_t i = 0; i < sizeof trees / sizeof trees[0]; ++i)
        if (mo_str_starts(text, mo_str(trees[i])))
            rest = mo_str_from(text, strlen(trees[i]));
    if (rest.n == 0 || mo_str_starts(rest, mo_str("x-")))
        return false;
    for (size_t i = 0; i < rest.n; ++i)
        if (!mo_is_digit(rest.p[i]) && !(rest.p[i] >= 'a' && rest.p[i] <= 'z') &&
            !(rest.p[i] >= 'A' && rest.p[i] <= 'Z') && !strchr("!#$&-^_.+", rest.p[i]))
            return false;
    return true;
}

void
mo_rule_media_type(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    const struct mo_json *value = mo_gouv_value(object, &rule->paths);
    struct mo_str said = value ? mo_json_text(value) : mo_str("");
    struct mo_str bare = mo_str_trim(mo_str_n(said.p, mo_str_find(said, mo_str(";"), 0)));
    struct mo_str type = mo_gouv_cell(r, LIST_MEDIA_TYPES, bare, "type");

    if (type.n == 0)
        type = bare;
    if (!is_media_type(type)) {
        if (said.n)
            mo_gouv_add(r, mo_gouv_node(r, node, rule, MO_DCT "MediaType"),
                "http://www.w3.org/2000/01/rdf-schema#label",
                mo_gouv_literal(r, said, NULL));
        if (!mo_str_eq(mo_media_type_named(r->values, said), said))
            mo_gouv_keep(r, node, mo_str(MO_DATAGOUV "mime"), value);
        return;
    }
    mo_buf_clear(&r->scratch);
    mo_buf_c(&r->scratch, MO_IANA);
    mo_buf_str(&r->scratch, type);
    mo_gouv_say(r, node, rule, mo_gouv_iri(r, mo_buf_view(&r->scratch)));
    if (!mo_str_eq(type, said))
        mo_gouv_keep(r, node, mo_str(MO_DATAGOUV "mime"), value);
}

/* ---- Sizes and sums ---- */

void
mo_rule_size(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    const struct mo_json *value = mo_gouv_value(object, &rule->paths);
    struct mo_str text = value ? mo_str_trim(mo_json_text(value)) : mo_str("");
    size_t n = 0;

    while (n < text.n && mo_is_digit(text.p[n]))
        ++n;
    if (mo_str_is(mo_str_from(text, n), ".0")) /* as some programs write it */
        text.n = n;
    if (text.n && n == text.n)
        mo_gouv_say(r, node, rule, mo_gouv_literal(r, text, MO_XSD "nonNegativeInteger"));
    else if (value)
        mo_gouv_tell(r, MO_DIAG_BAD_SIZE, text, rule->field);
}

/* "sha2" is SHA-256 when it is as long; SPDX has no name for "crc", which is kept. */
static const char *
algorithm_of(struct mo_str type, struct mo_str value)
{
    static const char *const names[] = {"md5", "sha1", "sha256", "sha384", "sha512"};

    if (mo_str_is(type, "sha2") && value.n == 64)
        return "sha256";
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i)
        if (mo_str_is(type, names[i]))
            return names[i];
    return NULL;
}

void
mo_rule_checksum(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    const struct mo_json *sum = mo_gouv_value(object, &rule->paths);
    struct mo_str type = mo_json_member_text(sum, "type");
    struct mo_str value = mo_json_member_text(sum, "value");
    const char *algorithm = algorithm_of(type, value);
    struct mo_term *o;

    if (!sum)
        return;
    if (!algorithm || !mo_scan_is_hex(value)) {
        mo_gouv_keep(r, node, mo_str(MO_DATAGOUV "checksum"), sum);
        return;
    }
    o = mo_gouv_node(r, node, rule, MO_SPDX "Checksum");
    mo_buf_clear(&r->scratch);
    mo_buf_c(&r->scratch, MO_SPDX "checksumAlgorithm_");
    mo_buf_c(&r->scratch, algorithm);
    mo_gouv_add(r, o, MO_SPDX "algorithm", mo_gouv_iri(r, mo_buf_view(&r->scratch)));
    mo_gouv_add(
        r, o, MO_SPDX "checksumValue", mo_gouv_literal(r, value, MO_XSD "hexBinary"));
    if (!mo_str_is(type, algorithm))
        mo_gouv_keep(r, node, mo_str(MO_DATAGOUV "checksum"), sum);
}

/* ---- Licences ---- */

/* Its own, else that of the dataset. */
void
mo_rule_resource_licence(struct gouv *r, struct mo_term *node,
    const struct mo_json *object, const struct rule *rule)
{
    const struct mo_json *own = mo_gouv_value(object, &rule->paths);

    if (own)
        mo_gouv_labels(r, node, rule->property, own, MO_DCT "LicenseDocument");
    else
        mo_gouv_licence(r, node, rule->property, NULL);
}

/* ---- The list ---- */

/*
 * Its address upstream, else the lasting one of the platform; unless another resource, of
 * which it is a copy, has that.
 */
static struct mo_term *
subject_of(struct gouv *r, const struct mo_json *resource)
{
    struct mo_str uri = address(mo_json_member(resource, "harvest"), "uri");
    struct mo_term *node = NULL;

    if (uri.n == 0)
        uri = address(resource, "latest");
    if (uri.n && !mo_str_eq(uri, r->subject->text))
        node = mo_gouv_iri(r, uri);
    return node && !mo_gouv_is_kept(r, node) ? node : mo_input_blank(&r->in);
}

void
mo_gouv_resource(struct gouv *r, struct mo_term *dataset, const struct mo_json *resource,
    const struct rule *rule)
{
    struct mo_term *node;

    if (mo_json_kind(resource) != MO_JSON_OBJECT) {
        mo_gouv_tell(r, MO_DIAG_FIELD_KIND, mo_json_text(resource), rule->field);
        return;
    }
    r->protocol = protocol_of(resource);
    node = subject_of(r, resource);
    mo_gouv_type(r, node, MO_DCAT "Distribution");
    mo_gouv_say(r, dataset, rule, node);
    mo_gouv_walk(r, 'r', node, resource);
    if (r->hvd)
        mo_gouv_add(r, node, "http://data.europa.eu/r5r/applicableLegislation",
            mo_gouv_c(r, "http://data.europa.eu/eli/reg_impl/2023/138/oj"));
    if (node)
        mo_graph_close(r->in.graph, node);
}

void
mo_rule_resources(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    const struct mo_json *list = mo_gouv_value(object, &rule->paths);
    struct mo_str href = mo_json_member_text(list, "href");

    if (href.n)
        mo_gouv_tell(r, MO_DIAG_RESOURCES_ELSEWHERE, href, rule->field);
    else if (list && mo_json_kind(list) != MO_JSON_ARRAY)
        mo_gouv_tell(r, MO_DIAG_FIELD_KIND, mo_str(""), rule->field);
    else
        for (const struct mo_json *m = mo_json_first(list); m && !r->in.rejected;
             m = mo_json_next(m))
            mo_gouv_resource(r, node, m, rule);
}

/* ---- The datasets of a service ---- */

/* By IRI, or by the id of the platform; other names are kept as they are. */
void
mo_rule_served(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    const struct mo_json *list = mo_gouv_value(object, &rule->paths);
    bool names = false;

    for (const struct mo_json *m =
             list && mo_json_kind(list) == MO_JSON_ARRAY ? mo_json_first(list) : NULL;
         m; m = mo_json_next(m)) {
        struct mo_str id = mo_gouv_code(m);
        bool object_of_it = mo_json_kind(m) == MO_JSON_OBJECT;

        if (object_of_it && id.n && r->origin.n)
            mo_gouv_say(r, node, rule, mo_gouv_permalink(r, "datasets", id));
        else if (!object_of_it && mo_iri_is_absolute(id))
            mo_gouv_say(r, node, rule, mo_gouv_iri(r, id));
        else
            names = true;
    }
    if (names)
        mo_gouv_keep(r, node, mo_str(MO_DATAGOUV "datasets"), list);
}
