/*
 * A data.json: DCAT-US 1.1, and what came before it, as plain JSON, whatever context it names.
 * schemas/datajson.tsv says what its members mean.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "mapping/mapping.h"

#define SPACE "https://project-open-data.cio.gov/v1.1/schema#"

struct datajson {
    struct map map;
    struct mo_buf catalogue; /* its IRI, if it has one */
    bool has_catalogue;
};

/* ---- The catalogue ---- */

/* The node of the catalogue, in the graph in hand. */
static struct mo_term *
catalogue_node(struct datajson *r)
{
    struct mo_input *in = &r->map.in;

    return r->catalogue.n ? mo_map_iri(&r->map, mo_buf_view(&r->catalogue))
                          : mo_input_labelled(in, mo_mix(in->document));
}

static bool
describes_itself(const struct mo_json *catalogue)
{
    return mo_json_member_text(catalogue, "@id").n ||
           mo_json_member_text(catalogue, "title").n ||
           mo_json_member_text(catalogue, "description").n;
}

static bool
says_anything(const struct map_view *view)
{
    for (size_t i = 0; i < view->object->n_names; ++i)
        if (view->value[i] && view->object->names[i].p[0] != '@')
            return true;
    return view->rest != NULL;
}

/* What stands around the list is about the catalogue; its datasets name it if it came first. */
static void
envelope(struct mo_input *in)
{
    struct datajson *r = (struct datajson *)in;
    struct map *m = &r->map;
    struct mo_str id = mo_str_trim(mo_json_member_text(in->json, "@id"));
    struct map_view view;
    struct mo_term *node;

    if (in->piece.kind == MO_PIECE_ENVELOPE) {
        r->has_catalogue = false;
        mo_buf_clear(&r->catalogue);
    }
    mo_map_view(&view, mo_map_object(m, "catalogue"));
    mo_map_members(m, &view, "", in->json);
    if (r->has_catalogue ? !says_anything(&view) : !describes_itself(in->json))
        return;
    if (!r->has_catalogue && mo_map_is_address(id))
        mo_buf_str(&r->catalogue, id);
    r->has_catalogue = true;
    if (!mo_input_graph(in))
        return;
    node = m->subject = catalogue_node(r);
    mo_map_type(m, node, MO_DCAT "Catalog");
    mo_map_walk(m, node, &view);
    if (node) {
        mo_graph_close(in->graph, node);
        mo_input_hand_over(in, NULL, 0);
    }
    mo_input_drop_graph(in);
}

/* ---- Datasets ---- */

static struct mo_term *
subject_of(struct map *m, const struct mo_json *dataset)
{
    static const char *const members[] = {"@id", "identifier"};

    for (size_t i = 0; i < 2; ++i) {
        struct mo_str text = mo_str_trim(mo_json_member_text(dataset, members[i]));

        if (mo_map_is_address(text))
            return mo_map_iri(m, text);
    }
    return mo_input_blank(&m->in);
}

static bool
is_dataset(const struct mo_json *object)
{
    static const char *const members[] = {
        "title", "identifier", "description", "distribution"};

    for (size_t i = 0; i < sizeof members / sizeof members[0]; ++i)
        if (!mo_json_says_nothing(mo_json_member(object, members[i])))
            return true;
    return false;
}

static void
read_dataset(struct datajson *r, const struct mo_json *dataset)
{
    struct map *m = &r->map;
    struct map_view view;
    struct mo_term *node;

    mo_map_view(&view, mo_map_object(m, "dataset"));
    mo_map_members(m, &view, "", dataset);
    node = subject_of(m, dataset);
    mo_map_begin(m, node, &view);
    mo_map_type(m, node, MO_DCAT "Dataset");
    if (r->has_catalogue)
        mo_map_add(m, catalogue_node(r), mo_str(MO_DCAT "dataset"), node);
    mo_map_walk(m, node, &view);
    mo_map_finish(m, node);
}

static void
read_value(struct mo_input *in)
{
    struct datajson *r = (struct datajson *)in;
    const struct mo_json *dataset = in->json;
    struct mo_str name = mo_json_member_text(dataset, "identifier");

    mo_input_name(in, name.n ? name : mo_json_member_text(dataset, "title"));
    if (in->piece.alone)
        r->has_catalogue = false;
    if (!is_dataset(dataset) || mo_json_member(dataset, "$schema")) {
        mo_input_reject(in, MO_DIAG_NO_DATASET_OF_IT, mo_str(""), mo_str(""), 0);
        return;
    }
    if (!mo_input_graph(in))
        return;
    read_dataset(r, dataset);
    mo_input_drop_graph(in);
}

static void
release(struct mo_input *in)
{
    struct datajson *r = (struct datajson *)in;

    mo_buf_done(&r->catalogue);
    mo_map_done(&r->map);
}

static const struct mo_dialect datajson = {
    .list = "dataset", .read = read_value, .envelope = envelope, .free = release};

struct mo_reader *
mo_datajson_reader(const struct mo_reader_options *options)
{
    struct datajson *r = calloc(1, sizeof *r);

    if (!r)
        return NULL;
    mo_buf_init(&r->catalogue, 4096);
    if (mo_map_init(&r->map, &datajson, options, "datajson", SPACE)) {
        mo_reader_free(&r->map.in.reader);
        return NULL;
    }
    return &r->map.in.reader;
}
