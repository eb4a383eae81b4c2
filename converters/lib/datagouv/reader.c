#include <stdio.h>
#include <stdlib.h>

#include <moisson/iri.h>
#include <moisson/text.h>

#include "base/hash.h"
#include "datagouv/read.h"

enum { MAX_ORIGIN = 1024 };

/* ---- Saying what is wrong ---- */

static void
report(struct gouv *r, enum mo_diag_id id, struct mo_str detail, const char *field,
    size_t at)
{
    struct mo_diag diag = {.id = id,
        .detail = mo_utf8_head(detail, 200),
        .record = mo_str(r->name),
        .property = mo_str(field),
        .line = r->piece.line,
        .column = r->piece.column,
        .offset = r->piece.offset + at,
        .has_offset = true};

    mo_place_in(r->piece.text, at, &diag.line, &diag.column);
    mo_reader_report(&r->reader, &diag);
}

void
mo_gouv_tell(struct gouv *r, enum mo_diag_id id, struct mo_str detail, const char *field)
{
    report(r, id, detail, field, 0);
}

static void
put_reject(struct gouv *r, struct mo_str bytes, bool more)
{
    const struct mo_reader_options *o = &r->reader.options;
    struct mo_reject reject = {.bytes = bytes, .more = more};

    if (o->reject && o->reject(o->reject_ctx, &reject))
        r->reader.state = MO_READER_TROUBLE;
}

static void
reject(struct gouv *r, enum mo_diag_id id, struct mo_str detail, size_t at)
{
    if (r->rejected)
        return;
    r->rejected = true;
    ++r->reader.rejected;
    report(r, id, detail, "", at);
    if (r->piece.kind == MO_PIECE_RECORD)
        put_reject(r, r->overflowed ? mo_str("") : r->piece.text, false);
    r->overflowed = false;
}

/* Bytes of a record that is too big to be held. */
static void
overflow(void *ctx, struct mo_str bytes)
{
    struct gouv *r = ctx;

    r->overflowed = true;
    put_reject(r, bytes, true);
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
    name = mo_utf8_head(name, sizeof r->name / 4 - 1);
    memcpy(r->name, name.p ? name.p : "", name.n);
    r->name[name.n] = '\0';
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
    if (node && !r->rejected)
        mo_graph_close(r->graph, node);
}

static struct mo_term *
read_dataset(struct gouv *r, const struct mo_json *object)
{
    struct mo_term *node;

    find_origin(r, object);
    node = r->subject = subject_of(r, object, "datasets");
    r->dataset = object;
    r->hvd = false;
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
    node = r->subject = subject_of(r, object, "dataservices");
    r->dataset = NULL;
    r->hvd = false;
    if (!node)
        return NULL;
    mo_gouv_type(r, node, MO_DCAT "DataService");
    mo_gouv_walk(r, 's', node, object);
    close_node(r, node);
    return node;
}

static void
hand_over(struct gouv *r, struct mo_term *root, unsigned flags)
{
    struct mo_place place = {r->piece.line, r->piece.column, r->piece.offset};
    struct mo_graph *graph = r->graph;

    r->graph = NULL;
    if (mo_gather_unit(r->gather, graph, flags ? root : NULL, &place, flags))
        r->reader.state = MO_READER_TROUBLE;
}

/* A list or object of the dump that the dataset's object has inside when it is asked for. */
static void
say_member(
    struct gouv *r, struct mo_term *node, const struct mo_json *dump, const char *member)
{
    for (size_t i = 0; i < r->n_rules; ++i)
        if (r->rules[i].object == 'd' && r->rules[i].paths.n &&
            strcmp(r->rules[i].paths.steps[0][0], member) == 0)
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
    for (const struct mo_json *m = mo_json_first(services); m && !r->rejected;
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

        reject(r, message ? MO_DIAG_API_ERROR : MO_DIAG_NOT_A_DATASET,
            mo_json_member_text(object, message ? "message" : "class"), 0);
        return;
    }
    r->graph = mo_gather_graph(r->gather);
    if (!r->graph) {
        mo_gouv_trouble(r);
        return;
    }
    if (dump)
        read_dump(r, object);
    else if (is_service(object))
        root = read_service(r, object);
    else if ((root = read_dataset(r, object)))
        close_node(r, root);
    if (!r->rejected && (root || dump))
        hand_over(r, root, root && !is_service(object) ? MO_UNIT_ALONE : 0);
    if (r->graph)
        mo_gather_release(r->gather, r->graph);
    r->graph = NULL;
}

static void
take_record(struct gouv *r)
{
    static const enum mo_diag_id faults[] = {
        [MO_PIECE_BROKEN] = MO_DIAG_JSON,
        [MO_PIECE_TOO_BIG] = MO_DIAG_TOO_BIG,
        [MO_PIECE_TOO_DEEP] = MO_DIAG_TOO_DEEP,
        [MO_PIECE_CUT] = MO_DIAG_CUT,
    };
    struct mo_json_error error;
    struct mo_json *json;

    ++r->listed;
    if (r->piece.fault != MO_PIECE_FINE) {
        r->cut = r->piece.fault == MO_PIECE_CUT;
        reject(r, faults[r->piece.fault], mo_str(""), r->piece.at);
        return;
    }
    json = mo_json_parse(r->piece.text, r->reader.options.max_depth, &error);
    if (json && mo_json_kind(json) == MO_JSON_OBJECT)
        read_record(r, json);
    else if (json)
        reject(r, MO_DIAG_NOT_A_NODE, mo_str(""), 0);
    else if (error.fault == MO_JSON_NO_MEMORY)
        mo_gouv_trouble(r);
    else
        reject(r, error.fault == MO_JSON_TOO_DEEP ? MO_DIAG_TOO_DEEP : MO_DIAG_JSON,
            mo_str(""), error.offset);
    mo_json_free(json);
}

/* What a page says around its list. */
static void
take_envelope(struct gouv *r)
{
    struct mo_json_error error;
    struct mo_json *json;
    const struct mo_json *incomplete;

    if (r->piece.kind == MO_PIECE_ENVELOPE)
        r->listed = 0;
    else
        r->reader.empty_list = r->reader.empty_list || r->listed == 0;
    if (r->piece.fault != MO_PIECE_FINE) {
        if (!r->cut)
            report(r, MO_DIAG_CUT, mo_str(""), "", 0);
        r->reader.state = MO_READER_BROKE_OFF;
        return;
    }
    json = mo_json_parse(r->piece.text, r->reader.options.max_depth, &error);
    if (!json) {
        report(r, MO_DIAG_JSON, mo_str(""), "", 0);
        r->reader.state = MO_READER_BROKE_OFF;
        return;
    }
    if (has_text(json, "next_page"))
        report(
            r, MO_DIAG_NEXT_PAGE, mo_json_member_text(json, "next_page"), "next_page", 0);
    incomplete = mo_json_member(json, "incomplete");
    if (incomplete && mo_json_kind(incomplete) == MO_JSON_TRUE) {
        report(r, MO_DIAG_INCOMPLETE, mo_str(""), "", 0);
        r->broke_off = true;
    }
    mo_json_free(json);
}

/* ---- The stream ---- */

static int
push(struct mo_reader *reader, struct mo_str bytes)
{
    struct gouv *r = (struct gouv *)reader;

    if (reader->state == MO_READER_FINE && mo_split_push(r->split, bytes))
        mo_gouv_trouble(r);
    if (!r->started && r->head.n < MO_DOCUMENT_HEAD)
        mo_buf_add(&r->head, bytes.p,
            bytes.n < MO_DOCUMENT_HEAD - r->head.n ? bytes.n
                                                   : MO_DOCUMENT_HEAD - r->head.n);
    return reader->state == MO_READER_TROUBLE ? -1 : 0;
}

static int
end(struct mo_reader *reader)
{
    struct gouv *r = (struct gouv *)reader;

    r->ended = true;
    if (mo_split_end(r->split))
        mo_gouv_trouble(r);
    return reader->state == MO_READER_TROUBLE ? -1 : 0;
}

static void
finish(struct gouv *r)
{
    r->finished = true;
    mo_reader_bad_bytes(&r->reader, mo_split_decoder(r->split));
    if (r->broke_off && r->reader.state == MO_READER_FINE)
        r->reader.state = MO_READER_BROKE_OFF;
    if (r->reader.state != MO_READER_TROUBLE && mo_gather_end(r->gather))
        r->reader.state = MO_READER_TROUBLE;
}

/* One step. False when more bytes are needed, or there is nothing left to do. */
static bool
advance(struct mo_reader *reader)
{
    struct gouv *r = (struct gouv *)reader;

    if (r->finished)
        return false;
    if (r->reader.state != MO_READER_FINE) {
        finish(r);
        return true;
    }
    if (!r->started) {
        if (!r->ended && r->head.n < MO_DOCUMENT_HEAD)
            return false;
        r->document = mo_document_key(r->reader.options.base, mo_buf_view(&r->head));
        r->started = true;
        mo_buf_done(&r->head);
    }
    r->name[0] = '\0';
    r->rejected = false;
    mo_split_next(r->split, &r->piece);
    switch (r->piece.kind) {
    case MO_PIECE_RECORD: take_record(r); return true;
    case MO_PIECE_ENVELOPE:
    case MO_PIECE_END: take_envelope(r); return true;
    case MO_PIECE_MORE: break;
    }
    if (r->ended)
        finish(r);
    return r->ended;
}

static int
next(struct mo_reader *reader, const struct mo_record **record)
{
    return mo_gather_pull(((struct gouv *)reader)->gather, reader, advance, record);
}

static void
destroy(struct mo_reader *reader)
{
    struct gouv *r = (struct gouv *)reader;

    mo_split_free(r->split);
    mo_gather_free(r->gather);
    mo_values_free(r->values);
    mo_arena_free(r->arena);
    mo_buf_done(&r->head);
    mo_buf_done(&r->origin);
    mo_buf_done(&r->scratch);
    free(r);
}

static const struct mo_reader_class gouv_class = {destroy, push, end, next};

struct mo_reader *
mo_datagouv_reader(const struct mo_reader_options *options)
{
    struct gouv *r = calloc(1, sizeof *r);
    struct mo_split_options split = {.list = "data"};

    if (!r)
        return NULL;
    mo_reader_init(&r->reader, &gouv_class, options);
    split.max_bytes = r->reader.options.max_bytes;
    split.max_depth = r->reader.options.max_depth;
    split.charset = options->charset;
    split.strict = options->strict;
    split.overflow = overflow;
    split.ctx = r;
    mo_buf_init(&r->head, MO_DOCUMENT_HEAD);
    mo_buf_init(&r->origin, MAX_ORIGIN);
    mo_buf_init(&r->scratch, SIZE_MAX);
    r->arena = mo_arena_new(1 << 20);
    r->values = mo_values_new(options->vocab);
    r->gather = mo_gather_new(&r->reader.options);
    r->split = mo_split_new(&split);
    if (!r->gather || !r->split || !r->arena || !r->values || mo_gouv_prepare(r)) {
        destroy(&r->reader);
        return NULL;
    }
    return &r->reader;
}
