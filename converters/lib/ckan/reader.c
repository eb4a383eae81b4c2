/*
 * CKAN's packages, as its action API, its dumps and DKAN give them. schemas/ckan.tsv says what
 * their members mean; here is what the table cannot say.
 */
#include <stdlib.h>

#include "mapping/mapping.h"

#define SPACE "https://docs.ckan.org/en/latest/api/#"

struct ckan {
    struct map map;
    bool said_names, said_origin;
};

static bool
has(const struct mo_json *object, const char *member)
{
    return mo_json_member(object, member) != NULL;
}

/* Groups and organisations have names and titles too. */
static bool
is_package(const struct mo_json *object)
{
    return (has(object, "name") || has(object, "title") || has(object, "id")) &&
           !has(object, "package_count") && !has(object, "is_organization") &&
           (has(object, "resources") || has(object, "notes") || has(object, "extras") ||
               has(object, "metadata_modified") || has(object, "owner_org"));
}

/* [{"key": …, "value": …}], or {key: value}. */
static void
add_extras(struct map *m, struct map_view *view, const struct mo_json *extras)
{
    if (!extras)
        return;
    if (mo_json_kind(extras) == MO_JSON_OBJECT)
        mo_map_members(m, view, "", extras);
    for (const struct mo_json *e =
             mo_json_kind(extras) == MO_JSON_ARRAY ? mo_json_first(extras) : NULL;
         e; e = mo_json_next(e)) {
        struct mo_str key = mo_json_member_text(e, "key");
        const struct mo_json *value = mo_json_member(e, "value");

        if (key.n && value)
            mo_map_member(m, view, key, value);
    }
}

static struct mo_str
text_at(const struct map_view *view, const char *name)
{
    const struct mo_json *value = mo_map_peek(view, name);

    return value ? mo_str_trim(mo_json_text(value)) : mo_str("");
}

/* What the platform calls it, where nobody gave it an IRI. */
static struct mo_term *
subject_of(struct map *m, const struct map_view *view)
{
    struct mo_str uri = text_at(view, "uri"), id = text_at(view, "id");

    if (mo_map_is_address(uri))
        return mo_map_iri(m, uri);
    return mo_map_permalink(m, "/dataset/", id.n ? id : text_at(view, "name"));
}

static void
say_page(struct map *m, struct mo_term *node, const struct map_view *view)
{
    static const char page[] = MO_DCAT "landingPage";
    struct mo_str name = text_at(view, "name");
    struct mo_term *o;

    if (m->origin.n == 0 || mo_map_has(m, node, mo_str(page)))
        return;
    o = mo_map_permalink(m, "/dataset/", name.n ? name : text_at(view, "id"));
    if (o && o->kind == MO_IRI)
        mo_map_add(m, node, mo_str(page), o);
}

static void
read_package(struct ckan *r, const struct mo_json *package)
{
    struct map *m = &r->map;
    struct map_view view;
    struct mo_term *node;

    mo_map_view(&view, mo_map_object(m, "dataset"));
    for (const struct mo_json *e = mo_json_first(package); e; e = mo_json_next(e))
        if (!mo_str_is(mo_json_key(e), "extras"))
            mo_map_member(m, &view, mo_json_key(e), e);
    add_extras(m, &view, mo_json_member(package, "extras"));
    node = subject_of(m, &view);
    mo_map_begin(m, node, &view);
    if (node && node->kind == MO_BLANK && m->origin.n == 0 && !r->said_origin) {
        mo_input_report(&m->in, MO_DIAG_NO_ORIGIN, mo_str(""), mo_str(""), 0);
        r->said_origin = true;
    }
    mo_map_type(m, node,
        mo_str_is(text_at(&view, "type"), "dataset_series") ? MO_DCAT "DatasetSeries"
                                                            : MO_DCAT "Dataset");
    mo_map_walk(m, node, &view);
    say_page(m, node, &view);
    mo_map_finish(m, node);
}

static void
read_object(struct ckan *r, const struct mo_json *object)
{
    struct mo_input *in = &r->map.in;
    const struct mo_json *result = mo_json_member(object, "result");
    const struct mo_json *error = mo_json_member(object, "error");

    if (result && mo_json_kind(result) == MO_JSON_OBJECT)
        object = result; /* package_show */
    mo_input_name(in, mo_json_member_text(object, "name"));
    if (error && !result) {
        struct mo_str message = mo_json_member_text(error, "message");

        mo_input_reject(in, MO_DIAG_PLATFORM_ERROR,
            message.n ? message : mo_json_member_text(error, "__type"), mo_str(""), 0);
        return;
    }
    if (!is_package(object)) {
        mo_input_reject(in, MO_DIAG_NO_DATASET_OF_IT,
            mo_json_member_text(object, "display_name"), mo_str(""), 0);
        return;
    }
    if (!mo_input_graph(in))
        return;
    read_package(r, object);
    mo_input_drop_graph(in);
}

static void
read_one(struct ckan *r, const struct mo_json *json)
{
    struct mo_input *in = &r->map.in;

    if (mo_json_kind(json) == MO_JSON_OBJECT) {
        read_object(r, json);
    } else if (mo_json_kind(json) != MO_JSON_STRING) {
        mo_input_reject(in, MO_DIAG_NO_DATASET_OF_IT, mo_str(""), mo_str(""), 0);
    } else if (!r->said_names) {
        r->said_names = true;
        mo_input_report(in, MO_DIAG_NAMES_ONLY, mo_json_text(json), mo_str(""), 0);
    }
}

/* The first DKAN puts its list of packages into a list. */
static void
read_value(struct mo_input *in)
{
    struct ckan *r = (struct ckan *)in;

    if (mo_json_kind(in->json) != MO_JSON_ARRAY)
        read_one(r, in->json);
    else
        for (const struct mo_json *e = mo_json_first(in->json); e && !in->rejected;
             e = mo_json_next(e))
            read_one(r, e);
}

/* package_search has a list in the result, others have it for the result. */
static bool
may_list(void *in, struct mo_str key)
{
    (void)in;
    return mo_str_is(key, "result") || mo_str_is(key, "results");
}

static void
release(struct mo_input *in)
{
    mo_map_done((struct map *)in);
}

static const struct mo_dialect ckan = {.inner = "result",
    .read = read_value,
    .may_list = may_list,
    .totals = {"count"},
    .free = release};

struct mo_reader *
mo_ckan_reader(const struct mo_reader_options *options)
{
    struct ckan *r = calloc(1, sizeof *r);

    if (r && mo_map_init(&r->map, &ckan, options, "ckan", SPACE)) {
        mo_reader_free(&r->map.in.reader);
        return NULL;
    }
    return r ? &r->map.in.reader : NULL;
}
