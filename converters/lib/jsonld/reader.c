#include "jsonld/reading.h"

#include <errno.h>
#include <stdlib.h>

#include <moisson/text.h>

#include "jsonld/context.h"
#include "rdf/writer.h"

/* ---- Records ---- */

static bool
context_is_ours(const struct jsonld *r, const struct mo_json *context)
{
    return mo_context_is_ours(r->in.reader.options.vocab, context);
}

static bool
is_part(const struct mo_json *object)
{
    const struct mo_json *part = mo_json_member(object, MO_PART_KEY);

    return part && mo_json_kind(part) == MO_JSON_TRUE;
}

/* A record that the object alone is. */
static void
hand_over(struct jsonld *r, struct mo_term *root, const struct mo_json *object)
{
    unsigned flags =
        (r->in.piece.alone ? MO_UNIT_ALONE : 0u) | (is_part(object) ? MO_UNIT_PART : 0u);

    mo_input_hand_over(&r->in, flags ? root : NULL, flags);
}

/* What the processor has to say. */
static void
report_for_processor(
    void *ctx, enum mo_diag_id id, struct mo_str detail, struct mo_str property)
{
    mo_input_report(ctx, id, detail, property, 0);
}

static struct mo_term *
blank_for_processor(void *ctx, struct mo_graph *graph, struct mo_str label)
{
    struct jsonld *r = ctx;

    r->in.graph = graph;
    return label.p ? mo_jsonld_labelled(r, label) : mo_input_blank(&r->in);
}

static void
take_fault(struct jsonld *r, const struct mo_processor_fault *fault)
{
    if (fault->id == MO_DIAG_NO_MEMORY)
        mo_input_trouble(&r->in);
    else
        mo_input_reject(&r->in, fault->id, mo_str(fault->detail), mo_str(""), 0);
}

/* Which graph it is of cannot be kept. */
static void
lose_graph_name(struct jsonld *r)
{
    const struct mo_reader_options *o = &r->in.reader.options;

    if (!o->lose || !r->merged)
        return;
    for (const struct mo_term *s = r->in.graph->subjects; s; s = s->next_subject)
        for (const struct mo_stmt *stmt = s->first; stmt; stmt = stmt->next)
            o->lose(o->lose_ctx, stmt, r->merged);
}

/* What stands beside the list is said of a node whose graph it is, though it has no name. */
static bool
names_graph(const struct jsonld *r)
{
    return r->framing && r->in.graph->n_stmts && !r->graph_name.n;
}

/* Through the processor, whatever its context. */
static void
process_record(struct jsonld *r, const struct mo_json *object, enum mo_initial initial)
{
    struct mo_processor_fault fault;
    struct mo_term *root = NULL;

    if (!mo_input_graph(&r->in))
        return;
    if (mo_processor_read(r->processor, object, initial, r->in.piece.alone, r->merged,
            r->in.graph, &root, &fault))
        take_fault(r, &fault);
    else if (names_graph(r))
        mo_input_report(&r->in, MO_DIAG_GRAPH_NAME, mo_str("_:"), mo_str("@graph"), 0);
    if (!r->in.rejected && initial == MO_INITIAL_OURS && root)
        hand_over(r, root, object);
    else if (!r->in.rejected) /* other's documents: many records in one value */
        mo_input_hand_over(&r->in, NULL, 0);
    mo_input_drop_graph(&r->in);
}

/* Without the processor; false when that cannot be done. */
static bool
read_simple(struct jsonld *r, const struct mo_json *object)
{
    struct mo_term *root;

    r->general = r->in.reader.options.strict || r->in.reader.options.quads;
    if (r->general)
        return false;
    if (!mo_input_graph(&r->in))
        return true;
    root = mo_jsonld_simple(r, object);
    if (!r->general && !r->in.rejected && root) {
        lose_graph_name(r);
        hand_over(r, root, object);
    }
    mo_input_drop_graph(&r->in);
    return !r->general;
}

static void
read_record(struct jsonld *r, const struct mo_json *object)
{
    const struct mo_json *context = mo_json_member(object, "@context");
    enum mo_initial initial = r->in.piece.alone ? MO_INITIAL_OURS : r->initial;
    bool ours = context && context_is_ours(r, context);

    r->merged = r->graph_name.n && !r->in.piece.alone ? &r->graph_term : NULL;
    mo_input_name(&r->in, mo_json_member_text(object, "@id"));
    if (initial == MO_INITIAL_OURS && (!context || ours) && read_simple(r, object))
        return;
    if (context && (r->in.piece.alone || (initial == MO_INITIAL_OURS && !r->has_context)))
        initial = ours ? MO_INITIAL_OURS : MO_INITIAL_EMPTY;
    process_record(r, object, initial);
}

/* The next named graph of the record in hand. */
static void
read_named(struct jsonld *r)
{
    struct mo_processor_fault fault;
    struct mo_term *name;

    if (!mo_input_graph(&r->in))
        return;
    if (mo_processor_named(r->processor, r->in.graph, &name, &fault)) {
        take_fault(r, &fault);
        mo_processor_release(r->processor);
    } else if (name) {
        mo_input_hand_over_named(&r->in, name);
    }
    mo_input_drop_graph(&r->in);
}

static void
read_value(struct mo_input *in)
{
    struct jsonld *r = (struct jsonld *)in;

    if (mo_json_kind(in->json) == MO_JSON_OBJECT ||
        (in->reader.options.quads && !mo_json_text(in->json).n))
        read_record(r, in->json);
    else
        mo_input_reject(in, MO_DIAG_NOT_A_NODE, mo_str(""), mo_str(""), 0);
    if (!mo_processor_has_named(r->processor))
        mo_processor_release(r->processor);
}

/* The name of a record that cannot be parsed, as it stands there. */
static void
find_name(struct mo_input *in)
{
    static const char key[] = "\"@id\":\"";
    struct mo_str text = in->piece.text;
    size_t at = mo_str_find(text, mo_str(key), 0);
    struct mo_str name = mo_str_from(text, at + (at < text.n ? sizeof key - 1 : 0));
    size_t n = mo_str_find(name, mo_str("\""), 0);

    if (n < name.n)
        mo_input_name(in, mo_str_n(name.p, n));
}

/* ---- Documents ---- */

static void
forget_document(struct jsonld *r)
{
    mo_json_free(r->envelope);
    mo_json_free(r->tail);
    r->envelope = r->tail = NULL;
    r->has_context = false;
    r->initial = MO_INITIAL_OURS;
    mo_buf_clear(&r->frame);
    mo_buf_clear(&r->graph_name);
}

/* A record whose context may come yet: its place and its bytes. */
static void
hold_record(struct jsonld *r)
{
    uint64_t offset;

    if (mo_spill_write(
            r->held, mo_str_n((const char *)&r->in.piece, sizeof r->in.piece), &offset) ||
        mo_spill_write(r->held, r->in.piece.text, &offset)) {
        struct mo_diag diag = {.id = MO_DIAG_SPILL, .detail = mo_str(strerror(errno))};

        mo_reader_report(&r->in.reader, &diag);
        r->in.reader.state = MO_READER_TROUBLE;
        return;
    }
    ++r->n_held;
}

/* The next record that was held. */
static void
take_held(struct jsonld *r)
{
    mo_buf_clear(&r->held_text);
    if (mo_spill_read(r->held, r->held_at, &r->in.piece, sizeof r->in.piece) ||
        mo_buf_reserve(&r->held_text, r->in.piece.text.n) ||
        mo_spill_read(r->held, r->held_at + sizeof r->in.piece, r->held_text.p,
            r->in.piece.text.n)) {
        mo_input_trouble(&r->in);
        return;
    }
    r->held_text.n = r->in.piece.text.n;
    r->in.piece.text = mo_buf_view(&r->held_text);
    r->held_at += sizeof r->in.piece + r->in.piece.text.n;
    if (++r->held_read == r->n_held) {
        mo_spill_reset(r->held);
        r->n_held = r->held_read = r->held_at = 0;
    }
    mo_input_record(&r->in);
    if (!r->n_held)
        forget_document(r);
}

/* What the keys of the document mean. */
static void
take_context(struct jsonld *r, const struct mo_json *context)
{
    struct mo_processor_fault fault;

    r->has_context = context != NULL;
    r->initial = MO_INITIAL_OURS;
    if (!context || context_is_ours(r, context))
        context = NULL;
    else
        r->initial = MO_INITIAL_DOCUMENT;
    if (mo_processor_document(r->processor, context, &fault) == 0)
        return;
    if (fault.id == MO_DIAG_NO_MEMORY)
        mo_input_trouble(&r->in);
    else {
        mo_input_report(&r->in, fault.id, mo_str(fault.detail), mo_str("@context"), 0);
        r->in.reader.state = MO_READER_BROKE_OFF;
    }
}

/* What a document says of itself lives longer than the piece in hand. */
static struct mo_json *
keep(struct jsonld *r)
{
    struct mo_json_error error;
    struct mo_json *json =
        mo_json_parse(r->in.piece.text, r->in.reader.options.max_depth, &error);

    if (!json)
        mo_input_trouble(&r->in);
    return json;
}

/* A list that stands in a node is the graph that the node is the name of. */
static void
name_graph(struct jsonld *r, const struct mo_json *frame)
{
    struct mo_str id = mo_json_member_text(frame, "@id");
    bool blank = mo_str_starts(id, mo_str("_:"));

    if (r->graph_name.n || !id.n)
        return;
    mo_buf_str(&r->graph_name, mo_str_from(id, blank ? 2 : 0));
    r->graph_term = (struct mo_term){
        .kind = blank ? MO_BLANK : MO_IRI, .text = mo_buf_view(&r->graph_name)};
    mo_input_report(&r->in, MO_DIAG_GRAPH_NAME, id, mo_str("@graph"), 0);
}

static void
begin_document(struct jsonld *r)
{
    const struct mo_json *context;

    ++r->ordinal;
    forget_document(r);
    r->envelope = keep(r);
    mo_buf_str(&r->frame, r->in.piece.text);
    context = mo_json_member(r->envelope, "@context");
    r->holding = r->envelope && !context;
    if (context)
        take_context(r, context);
    name_graph(r, r->envelope);
}

static bool
says_something(const struct mo_json *object)
{
    static const char *const silent[] = {
        "@context", "@id", MO_INCOMPLETE_KEY, MO_PART_KEY};

    for (const struct mo_json *m = mo_json_first(object); m; m = mo_json_next(m)) {
        bool known = false;

        for (size_t i = 0; i < sizeof silent / sizeof silent[0]; ++i)
            known = known || mo_str_is(mo_json_key(m), silent[i]);
        if (!known)
            return true;
    }
    return false;
}

/* What a document says of itself, before its list and behind, is one more record. */
static void
take_frame(struct jsonld *r)
{
    struct mo_json_error error;

    if (r->in.rejected || r->in.reader.state != MO_READER_FINE || !r->envelope ||
        (!says_something(r->envelope) && !says_something(r->tail)))
        return;
    if (mo_json_first(r->envelope) && mo_json_first(r->tail))
        r->frame.p[r->frame.n - 1] = ',';
    else
        --r->frame.n;
    mo_buf_str(&r->frame, mo_str_from(r->in.piece.text, 1));
    r->in.json = NULL;
    if (!r->frame.failed)
        r->in.json = mo_json_parse_in(
            r->in.arena, mo_buf_view(&r->frame), r->in.reader.options.max_depth, &error);
    if (!r->in.json) {
        mo_input_trouble(&r->in);
        return;
    }
    mo_input_name(&r->in, mo_json_member_text(r->in.json, "@id"));
    r->merged = NULL;
    r->framing = true;
    process_record(r, r->in.json, r->initial);
    r->framing = false;
    mo_processor_release(r->processor);
}

static void
end_document(struct jsonld *r)
{
    const struct mo_json *context;

    r->tail = keep(r);
    name_graph(r, r->tail);
    context = mo_json_member(r->tail, "@context");
    if (r->holding || context)
        take_context(r, context);
    r->holding = false;
    take_frame(r);
    ++r->ordinal;
    if (!r->n_held)
        forget_document(r);
}

/* ---- The dialect ---- */

static void
record(struct mo_input *in)
{
    struct jsonld *r = (struct jsonld *)in;

    r->ordinal += in->piece.alone;
    if (r->holding && in->piece.fault == MO_PIECE_FINE)
        hold_record(r);
    else
        mo_input_record(in);
}

static void
envelope(struct mo_input *in)
{
    if (in->piece.kind == MO_PIECE_ENVELOPE)
        begin_document((struct jsonld *)in);
    else
        end_document((struct jsonld *)in);
}

/* Its context will not come any more. */
static bool
stop_holding(struct mo_input *in)
{
    struct jsonld *r = (struct jsonld *)in;

    if (!r->holding)
        return false;
    r->holding = false;
    take_context(r, NULL);
    return true;
}

static bool
pending(struct mo_input *in)
{
    struct jsonld *r = (struct jsonld *)in;

    if (in->reader.state == MO_READER_FINE && mo_processor_has_named(r->processor)) {
        read_named(r);
        if (!mo_processor_has_named(r->processor))
            mo_processor_release(r->processor);
        return true;
    }
    if (in->reader.state == MO_READER_BROKE_OFF && stop_holding(in))
        return true;
    if (!r->n_held || r->holding || in->reader.state >= MO_READER_STOPPED)
        return false;
    mo_input_begin(in);
    take_held(r);
    return true;
}

static void
release(struct mo_input *in)
{
    struct jsonld *r = (struct jsonld *)in;

    mo_processor_free(r->processor);
    forget_document(r);
    mo_spill_free(r->held);
    mo_buf_done(&r->held_text);
    mo_buf_done(&r->frame);
    mo_buf_done(&r->graph_name);
}

static const struct mo_dialect jsonld = {
    .list = "@graph",
    .read = read_value,
    .name = find_name,
    .record = record,
    .envelope = envelope,
    .pending = pending,
    .last = stop_holding,
    .free = release,
};

/* A graph has its name behind it as well as before, so all of it is one value. */
static const struct mo_dialect quads = {
    .read = read_value,
    .name = find_name,
    .record = record,
    .pending = pending,
    .free = release,
};

struct mo_reader *
mo_jsonld_reader(const struct mo_reader_options *options)
{
    struct jsonld *r = calloc(1, sizeof *r);

    if (!r)
        return NULL;
    mo_buf_init(&r->held_text, SIZE_MAX);
    mo_buf_init(&r->frame, SIZE_MAX);
    mo_buf_init(&r->graph_name, SIZE_MAX);
    r->initial = MO_INITIAL_OURS;
    r->hooks.blank = blank_for_processor;
    r->hooks.report = report_for_processor;
    r->hooks.ctx = r;
    r->held = mo_spill_new();
    if (mo_input_init(&r->in, options->quads ? &quads : &jsonld, options) ||
        !(r->processor = mo_processor_new(&r->in.reader.options, &r->hooks)) ||
        !r->held) {
        mo_reader_free(&r->in.reader);
        return NULL;
    }
    return &r->in.reader;
}
