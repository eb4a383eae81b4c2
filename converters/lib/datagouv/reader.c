#include <stdlib.h>

#include <moisson/iri.h>

#include "datagouv/read.h"

enum { MAX_ORIGIN = 1024, MAX_KEPT_MEMORY = 1 << 30 };

void
mo_gouv_tell(struct gouv *r, enum mo_diag_id id, struct mo_str detail, const char *field)
{
    mo_input_report(&r->in, id, detail, mo_str(field), 0);
}

/* ---- Records ---- */

/* For messages: its identifier, or its title. */
static void
name_record(struct gouv *r, const struct mo_json *object)
{
    static const char *const members[] = {"id", "title", "name"};
    struct mo_str name = mo_str("");

    for (size_t i = 0; i < 3 && name.n == 0; ++i)
        name = mo_json_member_text(object, members[i]);
    mo_input_name(&r->in, name);
}

/* Scheme and host of the platform, from the addresses that it gives of itself. */
static void
find_origin(struct gouv *r, const struct mo_json *object)
{
    static const char *const members[] = {"uri", "page", "self_api_url"};

    mo_buf_clear(&r->origin);
    for (size_t i = 0; i < 3 && r->origin.n == 0; ++i) {
        struct mo_str text = mo_json_member_text(object, members[i]);
        struct mo_iri iri = mo_iri_parse(text);

        if (iri.has_scheme && iri.authority.n)
            mo_buf_str(&r->origin,
                mo_str_n(text.p, (size_t)(iri.authority.p - text.p) + iri.authority.n));
    }
}

/* Its IRI upstream becomes its name again; else it has an address on the platform. */
static struct mo_term *
subject_of(struct gouv *r, const struct mo_json *object, const char *kind)
{
    struct mo_str uri =
        mo_str_trim(mo_json_member_text(mo_json_member(object, "harvest"), "uri"));

    return uri.n ? mo_gouv_iri(r, uri)
                 : mo_gouv_permalink(r, kind, mo_json_member_text(object, "id"));
}

static bool
has_text(const struct mo_json *object, const char *member)
{
    return mo_json_member_text(object, member).n > 0;
}

static bool
is_service(const struct mo_json *object)
{
    return mo_json_member(object, "base_api_url") != NULL;
}

static bool
is_dataset(const struct mo_json *object)
{
    return has_text(object, "title") && !is_service(object) &&
           !mo_json_member(object, "element") &&
           (mo_json_member(object, "resources") || !mo_json_member(object, "url"));
}

/* One record of several members of the platform's dump of a dataset. */
static bool
is_dump(const struct mo_json *object)
{
    const struct mo_json *dataset = mo_json_member(object, "dataset");

    return dataset && mo_json_kind(dataset) == MO_JSON_OBJECT &&
           mo_json_member(object, "resources");
}

static void
close_node(struct gouv *r, struct mo_term *node)
{
    if (node && !r->in.rejected)
        mo_graph_close(r->in.graph, node);
}

static struct mo_term *
read_dataset(struct gouv *r, const struct mo_json *object)
{
    struct mo_term *node;

    find_origin(r, object);
    r->dataset = object;
    r->hvd = false;
    if ((node = mo_gouv_kept(r, object, "dataset")) || r->in.rejected)
        return node;
    node = r->subject = subject_of(r, object, "datasets");
    if (!node)
        return NULL;
    mo_gouv_type(r, node, MO_DCAT "Dataset");
    mo_gouv_walk(r, 'd', node, object);
    return node;
}

static struct mo_term *
read_service(struct gouv *r, const struct mo_json *object)
{
    struct mo_term *node;

    find_origin(r, object);
    r->dataset = NULL;
    r->hvd = false;
    if ((node = mo_gouv_kept(r, object, "service")) || r->in.rejected)
        return node;
    node = r->subject = subject_of(r, object, "dataservices");
    if (!node)
        return NULL;
    mo_gouv_type(r, node, MO_DCAT "DataService");
    mo_gouv_walk(r, 's', node, object);
    close_node(r, node);
    return node;
}

/* A list or object of the dump that the dataset's object has inside when it is asked for. */
static void
say_member(
    struct gouv *r, struct mo_term *node, const struct mo_json *dump, const char *member)
{
    for (size_t i = 0; i < r->n_rules; ++i)
        if (r->rules[i].object == 'd' && r->rules[i].paths.n &&
            mo_str_is(r->rules[i].paths.steps[0][0].key, member))
            r->rules[i].say(r, node, dump, &r->rules[i]);
}

static void
read_dump(struct gouv *r, const struct mo_json *dump)
{
    const struct mo_json *services = mo_json_member(dump, "dataservices");
    struct mo_term *node = read_dataset(r, mo_json_member(dump, "dataset"));

    if (!node)
        return;
    say_member(r, node, dump, "organization");
    say_member(r, node, dump, "resources");
    close_node(r, node);
    if (!mo_gouv_says_nothing(mo_json_member(dump, "community_resources")))
        mo_gouv_tell(r, MO_DIAG_COMMUNITY, mo_str(""), "community_resources");
    for (const struct mo_json *m = mo_json_first(services); m && !r->in.rejected;
         m = mo_json_next(m)) {
        struct mo_term *service = read_service(r, m);

        if (!service)
            return;
        if (node->kind == MO_BLANK)
            node->anonymous = false; /* it is named from elsewhere */
        mo_gouv_add(r, service, MO_DCAT "servesDataset", node);
    }
}

static void
read_record(struct gouv *r, const struct mo_json *object)
{
    struct mo_term *root = NULL;
    bool dump = is_dump(object);

    name_record(r, dump ? mo_json_member(object, "dataset") : object);
    if (!dump && !is_dataset(object) && !is_service(object)) {
        bool message = has_text(object, "message");

        mo_input_reject(&r->in, message ? MO_DIAG_API_ERROR : MO_DIAG_NOT_A_DATASET,
            mo_json_member_text(object, message ? "message" : "class"), mo_str(""), 0);
        return;
    }
    if (!mo_input_graph(&r->in))
        return;
    r->dump = dump;
    if (dump)
        read_dump(r, object);
    else if (is_service(object))
        root = read_service(r, object);
    else if ((root = read_dataset(r, object)))
        close_node(r, root);
    if (!r->in.rejected && root && !is_service(object))
        mo_input_hand_over(&r->in, root, MO_UNIT_ALONE);
    else if (!r->in.rejected && (root || dump))
        mo_input_hand_over(&r->in, NULL, 0);
    mo_input_drop_graph(&r->in);
}

/* ---- The dialect ---- */

static void
read_value(struct mo_input *in)
{
    if (mo_json_kind(in->json) == MO_JSON_OBJECT)
        read_record((struct gouv *)in, in->json);
    else
        mo_input_reject(in, MO_DIAG_NOT_A_NODE, mo_str(""), mo_str(""), 0);
}

/* What a page says around its list. */
static void
envelope(struct mo_input *in)
{
    if (mo_json_member(in->json, MO_KEPT_KEY))
        mo_gouv_beside((struct gouv *)in, mo_json_member(in->json, MO_KEPT_KEY));
}

static void
release(struct mo_input *in)
{
    struct gouv *r = (struct gouv *)in;

    mo_gouv_kept_done(r);
    mo_values_free(r->values);
    mo_arena_free(r->arena);
    mo_buf_done(&r->origin);
    mo_buf_done(&r->scratch);
}

static const struct mo_dialect datagouv = {.list = "data",
    .read = read_value,
    .envelope = envelope,
    .totals = {"total"},
    .next_page = "next_page",
    .free = release};

struct mo_reader *
mo_datagouv_reader(const struct mo_reader_options *options)
{
    struct gouv *r = calloc(1, sizeof *r);

    if (!r)
        return NULL;
    mo_buf_init(&r->origin, MAX_ORIGIN);
    mo_buf_init(&r->scratch, SIZE_MAX);
    mo_buf_init(&r->made, SIZE_MAX);
    r->arena = mo_arena_new(1 << 20);
    r->kept_arena = mo_arena_new(MAX_KEPT_MEMORY);
    r->values = mo_values_new(options->vocab);
    r->simple.in = &r->in;
    r->simple.kept = true;
    if (mo_input_init(&r->in, &datagouv, options) || !r->arena || !r->kept_arena ||
        !r->values || mo_gouv_prepare(r)) {
        mo_reader_free(&r->in.reader);
        return NULL;
    }
    return &r->in.reader;
}
