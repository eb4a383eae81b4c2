/*
 * Opendatasoft's datasets, as the Explore API gives them, version 2.1 and those before it.
 * schemas/ods.tsv says what their metadata mean, schemas/ods-exports.tsv which files the
 * portal makes of them; here is how these are wrapped and where they are.
 */
#include <stdlib.h>

#include "mapping/mapping.h"

#define SPACE "https://help.opendatasoft.com/apis/ods-explore-v2/#"

enum { MAX_ADDRESS = 4096 };

/* A row of ods-exports. */
struct export
{
    const char *format, *needs;
    struct mo_str type, media;
};

struct ods {
    struct map map;
    struct export *exports; /* in the arena of the rules */
    size_t n_exports;
    bool said_origin;
};

static struct mo_str
name_of(const struct mo_json *object)
{
    struct mo_str name = mo_json_member_text(object, "dataset_id");

    return name.n ? name : mo_json_member_text(object, "datasetid");
}

/* ---- Distributions ---- */

/* "origin/explore/dataset/ID/" and so on; NULL in trouble. */
static struct mo_term *
address(struct map *m, const char *head, struct mo_str id, const char *tail,
    struct mo_str last)
{
    struct mo_buf *iri = &m->scratch;

    mo_buf_clear(iri);
    mo_buf_str(iri, mo_buf_view(&m->origin));
    mo_buf_c(iri, head);
    mo_buf_str(iri, id);
    mo_buf_c(iri, tail);
    mo_buf_str(iri, last);
    return iri->failed || iri->n > MAX_ADDRESS ? mo_input_must(&m->in, NULL)
                                               : mo_map_iri(m, mo_buf_view(iri));
}

#define DATASETS "/api/explore/v2.1/catalog/datasets/"

static void
say_export(struct map *m, struct mo_term *node, struct mo_str id, const struct export *e)
{
    struct map_view view;
    struct mo_term *file =
        mo_map_node(m, node, mo_str(MO_DCAT "distribution"), MO_DCAT "Distribution");

    mo_map_add(m, file, mo_str(MO_DCAT "accessURL"),
        address(m, "/explore/dataset/", id, "/export/", mo_str("")));
    mo_map_add(m, file, mo_str(MO_DCAT "downloadURL"),
        address(m, DATASETS, id, "/exports/", mo_str(e->format)));
    if (e->type.n)
        mo_map_add(m, file, mo_str(MO_DCT "format"),
            mo_map_joined(m, MO_AUTHORITY "file-type/", e->type));
    if (e->media.n)
        mo_map_add(
            m, file, mo_str(MO_DCAT "mediaType"), mo_map_joined(m, MO_IANA, e->media));
    mo_map_view(&view, mo_map_object(m, "export"));
    mo_map_walk(m, file, &view);
}

static bool
has_feature(const struct mo_json *dataset, const char *name)
{
    for (const struct mo_json *e = mo_json_first(mo_json_member(dataset, "features")); e;
         e = mo_json_next(e))
        if (mo_str_is(mo_json_text(e), name))
            return true;
    return false;
}

static void
say_exports(
    struct ods *r, struct mo_term *node, struct mo_str id, const struct mo_json *dataset)
{
    const struct mo_json *records = mo_json_member(dataset, "has_records");

    if (r->map.origin.n == 0 || !records || mo_json_kind(records) != MO_JSON_TRUE)
        return;
    for (size_t i = 0; i < r->n_exports; ++i)
        if (!*r->exports[i].needs || has_feature(dataset, r->exports[i].needs))
            say_export(&r->map, node, id, &r->exports[i]);
}

/* A file of the portal, of which "url" gives the name alone. */
static bool
is_ours(const struct mo_json *attachment)
{
    return mo_str_starts(mo_json_member_text(attachment, "url"), mo_str("odsfile:"));
}

/* Files that were put beside the dataset; those of the portal have their address there. */
static void
say_attachments(struct ods *r, struct mo_term *node, struct mo_str id,
    const struct mo_json *list, const char *kind)
{
    struct map *m = &r->map;

    for (const struct mo_json *e = mo_json_first(list); e; e = mo_json_next(e)) {
        struct mo_str own = mo_json_member_text(e, "id");
        struct map_view view;
        struct mo_term *file, *url;

        if (mo_json_kind(e) != MO_JSON_OBJECT)
            continue;
        file =
            mo_map_node(m, node, mo_str(MO_DCAT "distribution"), MO_DCAT "Distribution");
        mo_map_view(&view, mo_map_object(m, "attachment"));
        if (is_ours(e) && m->origin.n && own.n) {
            url = address(m, DATASETS, id, kind, own);
            mo_map_add(m, file, mo_str(MO_DCAT "downloadURL"), url);
            mo_map_add(m, file, mo_str(MO_DCAT "accessURL"), url);
        }
        for (const struct mo_json *a = mo_json_first(e); a; a = mo_json_next(a))
            mo_map_member(m, &view,
                mo_str_is(mo_json_key(a), "url") && is_ours(e) ? mo_str("file")
                                                               : mo_json_key(a),
                a);
        mo_map_walk(m, file, &view);
    }
}

/* ---- Datasets ---- */

/* {"default": {…}, "dcat": {…}} of version 2, {"title": …} of version 1. */
static void
add_metas(struct map *m, struct map_view *view, const struct mo_json *metas)
{
    char prefix[80];

    for (const struct mo_json *e = mo_json_first(metas); e; e = mo_json_next(e)) {
        struct mo_str key = mo_json_key(e);
        bool plain = mo_str_is(key, "default") || mo_str_is(key, "basic");

        if (mo_json_kind(e) != MO_JSON_OBJECT || key.n + 2 > sizeof prefix) {
            mo_map_member(m, view, key, e);
            continue;
        }
        memcpy(prefix, key.p, key.n);
        memcpy(prefix + key.n, ".", 2);
        mo_map_members(m, view, plain ? "" : prefix, e);
    }
}

static bool
is_around(struct mo_str key)
{
    static const char *const names[] = {
        "metas", "interop_metas", "attachments", "alternative_exports"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i)
        if (mo_str_is(key, names[i]))
            return true;
    return false;
}

static void
read_dataset(struct ods *r, const struct mo_json *dataset, struct mo_str id)
{
    struct map *m = &r->map;
    struct map_view view;
    struct mo_term *node;

    mo_map_view(&view, mo_map_object(m, "dataset"));
    add_metas(m, &view, mo_json_member(dataset, "metas"));
    add_metas(m, &view, mo_json_member(dataset, "interop_metas"));
    for (const struct mo_json *e = mo_json_first(dataset); e; e = mo_json_next(e))
        if (!is_around(mo_json_key(e)))
            mo_map_member(m, &view, mo_json_key(e), e);
    node = m->origin.n ? address(m, "/explore/dataset/", id, "/", mo_str(""))
                       : mo_input_blank(&m->in);
    mo_map_begin(m, node, &view);
    mo_map_type(m, node, MO_DCAT "Dataset");
    if (m->origin.n)
        mo_map_add(m, node, mo_str(MO_DCAT "landingPage"), node);
    say_exports(r, node, id, dataset);
    if (mo_map_has(m, node, mo_str(MO_DCAT "distribution"))) /* they have its licence */
        mo_map_member(
            m, &view, mo_str("_resources"), mo_json_member(dataset, "has_records"));
    say_attachments(r, node, id, mo_json_member(dataset, "attachments"), "/attachments/");
    say_attachments(r, node, id, mo_json_member(dataset, "alternative_exports"),
        "/alternative_exports/");
    mo_map_walk(m, node, &view);
    mo_map_finish(m, node);
}

static void
read_value(struct mo_input *in)
{
    struct ods *r = (struct ods *)in;
    const struct mo_json *dataset = in->json;
    const struct mo_json *inner = mo_json_member(dataset, "dataset");
    const struct mo_json *error = mo_json_member(dataset, "error_code");
    struct mo_str id;

    if (inner && mo_json_kind(inner) == MO_JSON_OBJECT)
        dataset = inner; /* version 2.0 */
    id = name_of(dataset);
    mo_input_name(in, id);
    if (error || mo_json_member(dataset, "errorcode")) {
        struct mo_str message = mo_json_member_text(dataset, "message");

        mo_input_reject(in, MO_DIAG_PLATFORM_ERROR,
            message.n ? message : mo_json_member_text(dataset, "error"), mo_str(""), 0);
        return;
    }
    if (id.n == 0 || !mo_json_member(dataset, "metas")) {
        mo_input_reject(in, MO_DIAG_NO_DATASET_OF_IT, mo_str(""), mo_str(""), 0);
        return;
    }
    if (!mo_input_graph(in))
        return;
    if (r->map.origin.n == 0 && !r->said_origin)
        mo_input_report(in, MO_DIAG_NO_ORIGIN, mo_str(""), mo_str(""), 0);
    r->said_origin = true;
    read_dataset(r, dataset, id);
    mo_input_drop_graph(in);
}

/* ---- The dialect ---- */

/* "results" of version 2.1, "datasets" of those before. */
static bool
may_list(void *in, struct mo_str key)
{
    (void)in;
    return mo_str_is(key, "results") || mo_str_is(key, "datasets");
}

static void
release(struct mo_input *in)
{
    mo_map_done((struct map *)in);
}

static const struct mo_dialect ods = {.inner = "response",
    .read = read_value,
    .may_list = may_list,
    .totals = {"total_count", "nhits"},
    .free = release};

/* The table, once for all. False when memory is short. */
static bool
read_exports(struct ods *r)
{
    const struct mo_table *t =
        mo_table(r->map.in.reader.options.vocab->tables, "ods-exports");
    size_t type = mo_table_column(t, "type"), needs = mo_table_column(t, "needs");

    r->exports = mo_arena_alloc(r->map.arena, t->rows * sizeof *r->exports);
    for (; r->exports && r->n_exports < t->rows; ++r->n_exports) {
        struct export *e = &r->exports[r->n_exports];

        e->format = mo_table_cell(t, r->n_exports, 0);
        e->needs = mo_table_cell(t, r->n_exports, needs);
        e->type = mo_str(mo_table_cell(t, r->n_exports, type));
        e->media = mo_media_type_of(r->map.values, e->type);
    }
    return r->exports != NULL;
}

struct mo_reader *
mo_ods_reader(const struct mo_reader_options *options)
{
    struct ods *r = calloc(1, sizeof *r);

    if (!r)
        return NULL;
    if (mo_map_init(&r->map, &ods, options, "ods", SPACE) || !read_exports(r)) {
        mo_reader_free(&r->map.in.reader);
        return NULL;
    }
    return &r->map.in.reader;
}
