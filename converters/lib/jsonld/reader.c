#include "jsonld/reading.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <moisson/json.h>

#include "base/hash.h"
#include "jsonld/context.h"
#include "rdf/writer.h"

/* ---- Records ---- */

static bool
context_is_ours(const struct jsonld *r, const struct mo_json *context)
{
    return mo_context_is_ours(r->in.reader.options.vocab, context);
}

/* What keys mean where no context says it. */
static enum mo_initial
unsaid(const struct jsonld *r)
{
    return r->in.reader.options.no_default_context ? MO_INITIAL_EMPTY : MO_INITIAL_OURS;
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
    return label.p ? mo_simple_labelled(&r->simple, label) : mo_input_blank(&r->in);
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
    return r->framing && r->has_graph && r->in.graph->n_stmts && !r->graph_name.n;
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

    r->simple.general = r->in.reader.options.strict || r->in.reader.options.quads;
    if (r->simple.general)
        return false;
    if (!mo_input_graph(&r->in))
        return true;
    root = mo_simple_node(&r->simple, object);
    if (!r->simple.general && !r->in.rejected && root) {
        lose_graph_name(r);
        hand_over(r, root, object);
    }
    mo_input_drop_graph(&r->in);
    return !r->simple.general;
}

static void
read_record(struct jsonld *r, const struct mo_json *object)
{
    const struct mo_json *context = mo_json_member(object, "@context");
    enum mo_initial initial = r->in.piece.alone ? unsaid(r) : r->initial;
    bool ours = context && context_is_ours(r, context);

    r->merged = NULL;
    if (r->graph_said && !r->in.piece.alone && mo_frame_is_graph(&r->frame, r->list))
        r->merged = &r->graph_term;
    mo_input_name(&r->in, mo_json_member_text(object, "@id"));
    if (context && (r->in.piece.alone || (initial == unsaid(r) && !r->has_context)))
        initial = ours ? MO_INITIAL_OURS : MO_INITIAL_EMPTY;
    if (initial == MO_INITIAL_OURS && (!context || ours) && read_simple(r, object))
        return;
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

/* ---- Elements of lists ---- */

/* One value of a property of the document's node. */
static void
read_element(struct mo_input *in)
{
    struct jsonld *r = (struct jsonld *)in;
    struct mo_processor_fault fault;
    const struct mo_json *member = NULL;
    struct mo_str text;
    size_t at;

    ++in->listed;
    text = mo_frame_element(&r->frame, r->list, in->piece.text, &at);
    if (!mo_input_parse(in, text, at))
        return;
    for (const struct mo_json *m = mo_json_first(in->json); m; m = mo_json_next(m))
        member = m; /* the last */
    mo_input_name(in, mo_json_member_text(mo_json_first(member), "@id"));
    if (!mo_input_graph(in))
        return;
    if (mo_processor_value(r->processor, in->json, r->initial, in->graph, &fault))
        take_fault(r, &fault);
    else if (!in->rejected)
        mo_input_hand_over(in, NULL, 0);
    mo_input_drop_graph(in);
    mo_processor_release(r->processor);
}

static void
take_record(struct mo_input *in)
{
    struct jsonld *r = (struct jsonld *)in;

    if (in->piece.alone || in->piece.fault != MO_PIECE_FINE || r->frame.n_lists == 0 ||
        mo_frame_is_graph(&r->frame, r->list))
        mo_input_record(in);
    else
        read_element(in);
}

/* ---- Records that are held ---- */

struct held {
    struct mo_piece piece; /* its text follows */
    size_t list;
};

static void
hold_record(struct jsonld *r)
{
    struct held held = {r->in.piece, r->list};
    uint64_t offset;

    if (mo_spill_write(r->held, mo_str_n((const char *)&held, sizeof held), &offset) ||
        mo_spill_write(r->held, r->in.piece.text, &offset)) {
        struct mo_diag diag = {.id = MO_DIAG_SPILL, .detail = mo_str(strerror(errno))};

        mo_reader_report(&r->in.reader, &diag);
        r->in.reader.state = MO_READER_TROUBLE;
        return;
    }
    ++r->n_held;
    ++r->in.listed;
}

static void
forget_held(struct jsonld *r)
{
    if (r->n_held)
        mo_spill_reset(r->held);
    r->n_held = r->held_read = r->held_at = 0;
}

static void
forget_document(struct jsonld *r)
{
    mo_json_free(r->context);
    r->context = NULL;
    r->has_context = r->unknown = r->says = r->has_graph = r->graph_said = false;
    mo_buf_clear(&r->graph_name);
    r->initial = unsaid(r);
    r->list = 0;
    mo_frame_clear(&r->frame);
}

/* The next record that was held. */
static void
take_held(struct jsonld *r)
{
    struct held held;
    size_t n;

    mo_buf_clear(&r->held_text);
    if (mo_spill_read(r->held, r->held_at, &held, sizeof held) ||
        mo_buf_reserve(&r->held_text, n = held.piece.text.n) ||
        mo_spill_read(r->held, r->held_at + sizeof held, r->held_text.p, n)) {
        mo_input_trouble(&r->in);
        return;
    }
    r->held_text.n = n;
    r->in.piece = held.piece;
    r->in.piece.text = mo_buf_view(&r->held_text);
    r->list = held.list;
    r->held_at += sizeof held + n;
    if (++r->held_read == r->n_held)
        forget_held(r);
    take_record(&r->in);
    if (!r->n_held)
        forget_document(r);
}

/* ---- Documents ---- */

/* What the keys of the document mean. */
static void
take_context(struct jsonld *r, const struct mo_json *context)
{
    struct mo_processor_fault fault;
    bool ours = context && context_is_ours(r, context);

    r->has_context = context != NULL;
    r->initial = !context ? unsaid(r) : ours ? MO_INITIAL_OURS : MO_INITIAL_DOCUMENT;
    if (ours)
        context = NULL;
    if (mo_processor_document(r->processor, context, &fault) == 0)
        return;
    if (fault.id == MO_DIAG_NO_MEMORY) {
        mo_input_trouble(&r->in);
        return;
    }
    mo_input_report(&r->in, fault.id, mo_str(fault.detail), mo_str("@context"), 0);
    r->unknown = r->in.broke_off = true;
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

/* The frame as a whole says it. */
static void
say_nothing(void *ctx, struct mo_str key)
{
    (void)ctx;
    (void)key;
}

/* NULL when it is no JSON, or in trouble. */
static struct mo_json *
parse(struct jsonld *r, struct mo_str text)
{
    struct mo_json_error error = {.fault = MO_JSON_NO_MEMORY};
    struct mo_json *json =
        text.n ? mo_json_parse(text, r->in.reader.options.max_depth + 2, &error) : NULL;

    if (!json && error.fault == MO_JSON_SYNTAX && mo_input_mend(&r->in, &text))
        json = mo_json_parse(text, r->in.reader.options.max_depth + 2, &error);
    if (json ? error.twice && mo_json_settle(r->in.arena, json, say_nothing, NULL)
             : error.fault == MO_JSON_NO_MEMORY)
        mo_input_trouble(&r->in);
    return json;
}

/* A graph that stands in a node has its name. */
static void
say_graph_name(struct jsonld *r)
{
    struct mo_str name = mo_buf_view(&r->graph_name);
    bool blank = mo_str_starts(name, mo_str("_:"));

    if (!r->has_graph || !name.n || r->graph_said)
        return;
    r->graph_said = true;
    r->graph_term = (struct mo_term){
        .kind = blank ? MO_BLANK : MO_IRI, .text = mo_str_from(name, blank ? 2 : 0)};
    mo_input_report(&r->in, MO_DIAG_GRAPH_NAME, name, mo_str("@graph"), 0);
}

/* The members in hand: what stands around the lists. */
static void
take_members(struct jsonld *r)
{
    struct mo_json *before = r->context;

    mo_frame_add(&r->frame, r->in.piece.text);
    r->says = r->says || says_something(r->in.json);
    if (!r->graph_name.n)
        mo_buf_str(&r->graph_name, mo_json_member_text(r->in.json, "@id"));
    say_graph_name(r);
    if (!mo_json_member(r->in.json, "@context"))
        return;
    r->context = parse(r, r->in.piece.text); /* it lives longer than its piece */
    if (r->context)
        take_context(r, mo_json_member(r->context, "@context"));
    mo_json_free(before);
}

/* What the elements of a list need: the name of the node that they are said of, its types. */
static void
make_head(struct jsonld *r)
{
    struct mo_json *frame = parse(r, mo_frame_object(&r->frame, mo_str("")));
    struct mo_frame *f = &r->frame;

    mo_buf_clear(&f->head);
    for (const struct mo_json *m = frame ? mo_json_first(frame) : NULL; m;
         m = mo_json_next(m)) {
        enum mo_keyword keyword = MO_KW_NOT_ONE;

        if (mo_processor_keyword(r->processor, r->initial, mo_json_key(m), &keyword))
            mo_input_trouble(&r->in);
        if (keyword != MO_KW_ID && keyword != MO_KW_TYPE)
            continue;
        f->named = f->named || keyword == MO_KW_ID;
        f->typed = f->typed || keyword == MO_KW_TYPE;
        mo_buf_byte(&f->head, f->head.n ? ',' : '{');
        mo_json_string(&f->head, mo_json_key(m));
        mo_buf_byte(&f->head, ':');
        mo_json_put(&f->head, m);
    }
    mo_json_free(frame);
    mo_processor_release(r->processor);
}

static void
begin_list(struct jsonld *r)
{
    r->list = mo_frame_list(&r->frame, r->in.piece.key);
    r->has_graph = r->has_graph || mo_frame_is_graph(&r->frame, r->list);
    say_graph_name(r);
    r->holding = r->holding || !r->has_context;
    if (r->holding || r->unknown || mo_frame_is_graph(&r->frame, r->list))
        return;
    make_head(r);
    r->holding = !r->frame.named || !r->frame.typed;
}

static bool
needs_head(const struct jsonld *r)
{
    for (size_t i = 0; i < r->frame.n_lists; ++i)
        if (!mo_frame_is_graph(&r->frame, i))
            return true;
    return false;
}

/* A node that several pieces speak of needs a name. */
static void
name_node(struct jsonld *r)
{
    char name[40];

    make_head(r);
    if (r->frame.named)
        return;
    snprintf(name, sizeof name, "{\"@id\":\"_:m%016llx\"}",
        (unsigned long long)mo_mix(r->in.document + 2 * ++r->in.blanks));
    mo_frame_add(&r->frame, mo_str(name));
    make_head(r);
}

/* What a document says of itself, around its lists, is one more record. */
static void
take_frame(struct jsonld *r)
{
    if (r->in.rejected || r->unknown || r->in.reader.state > MO_READER_BROKE_OFF ||
        !r->frame.members.n)
        return;
    if (!mo_input_parse(&r->in, mo_frame_object(&r->frame, mo_str("")), 0) || !r->says)
        return;
    mo_input_name(&r->in, mo_json_member_text(r->in.json, "@id"));
    r->merged = NULL;
    r->framing = true;
    process_record(r, r->in.json, r->initial);
    r->framing = false;
    mo_processor_release(r->processor);
}

/* No more is said around the lists: what was held can be read. */
static void
settle(struct jsonld *r)
{
    if (r->holding && !r->has_context)
        take_context(r, NULL);
    r->holding = false;
    if (r->unknown)
        forget_held(r);
    else if (needs_head(r))
        name_node(r);
}

/* It ends, or breaks off: then what it said of itself until there counts. */
static void
end_document(struct jsonld *r)
{
    settle(r);
    mo_input_begin(&r->in);
    take_frame(r);
    r->open = false;
    ++r->simple.ordinal;
    if (!r->n_held)
        forget_document(r);
}

/* ---- The dialect ---- */

static void
record(struct mo_input *in)
{
    struct jsonld *r = (struct jsonld *)in;

    r->simple.ordinal += in->piece.alone;
    if (r->unknown && !in->piece.alone)
        ++in->listed;
    else if (r->holding && in->piece.fault == MO_PIECE_FINE)
        hold_record(r);
    else
        take_record(in);
}

static void
envelope(struct mo_input *in)
{
    struct jsonld *r = (struct jsonld *)in;

    if (in->piece.kind == MO_PIECE_ENVELOPE) {
        ++r->simple.ordinal;
        forget_document(r);
        r->open = true;
    }
    take_members(r);
    if (in->piece.kind == MO_PIECE_END)
        end_document(r);
    else
        begin_list(r);
}

/* An element of a list means what the context of its document says. */
static void
wrap(struct mo_input *in, struct mo_reject *reject)
{
    struct jsonld *r = (struct jsonld *)in;
    const struct mo_json *context = mo_json_member(r->context, "@context");
    struct mo_buf *out = &r->wrapping;

    if (in->piece.alone || !r->open || !context || r->initial != MO_INITIAL_DOCUMENT)
        return;
    mo_buf_clear(out);
    mo_buf_c(out, "{\"@context\":");
    mo_json_put(out, context);
    mo_buf_byte(out, ',');
    if (r->frame.head.n && !mo_frame_is_graph(&r->frame, r->list)) {
        mo_buf_str(out, mo_str_from(mo_buf_view(&r->frame.head), 1));
        mo_buf_byte(out, ',');
    }
    mo_buf_byte(out, '"');
    mo_buf_str(out, mo_frame_key(&r->frame, r->list));
    mo_buf_c(out, "\":[");
    if (out->failed)
        return;
    reject->open = mo_buf_view(out);
    reject->close = mo_str("]}\n");
}

/* Whether a key may be called so: "dataset", "dcat:dataset", or its IRI. */
static bool
may_list(void *in, struct mo_str key)
{
    static const char *const names[] = {"dataset", "service", "catalog", "catalogue"};

    (void)in;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        size_t n = strlen(names[i]);

        if (mo_str_ends(key, mo_str(names[i])) &&
            (key.n == n || strchr(":/#", key.p[key.n - n - 1])))
            return true;
    }
    return false;
}

/*
 * The datasets that a catalogue holds are records of their own, and come one by one. Where its
 * context stands behind them, prefixes tell that they are meant; in our own lines nothing is
 * nested so.
 */
static bool
is_list(void *in, struct mo_str key, struct mo_str before, bool first)
{
    struct jsonld *r = in;
    struct mo_frame probe;
    struct mo_json *json;
    const struct mo_json *context;
    struct mo_buf member;
    bool lists = mo_str_find(key, mo_str(":"), 0) < key.n;

    if (!first && (r->frame.n_lists >= MO_MAX_LISTS || r->frame.n_begun >= MO_MAX_BEGUN))
        return false;
    if (!first && !r->has_context)
        return lists;
    mo_frame_init(&probe);
    mo_buf_init(&member, SIZE_MAX);
    if (!first)
        mo_buf_str(&probe.members, mo_buf_view(&r->frame.members));
    mo_frame_add(&probe, before);
    mo_buf_printf(&member, "\"" MO_FMT "\":[{\"@id\":\"" MO_PROBE "\"}]", MO_ARG(key));
    json = parse(r, mo_frame_object(&probe, mo_buf_view(&member)));
    context = mo_json_member(json, "@context");
    if (context && context_is_ours(r, context)) {
        lists = false;
    } else if (context) {
        int found = mo_processor_lists(r->processor, json, MO_INITIAL_EMPTY);

        if (found < 0)
            mo_input_trouble(in);
        lists = found > 0;
    }
    mo_json_free(json);
    mo_buf_done(&member);
    mo_frame_done(&probe);
    return lists;
}

/* The end of a document that breaks off. */
static bool
last(struct mo_input *in)
{
    struct jsonld *r = (struct jsonld *)in;

    if (!r->open)
        return false;
    end_document(r);
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
    if (in->reader.state == MO_READER_BROKE_OFF && last(in))
        return true;
    if (!r->n_held || r->holding || in->reader.state >= MO_READER_STOPPED)
        return false;
    mo_input_begin(in);
    take_held(r);
    return true;
}

static void
again(struct mo_input *in)
{
    struct jsonld *r = (struct jsonld *)in;

    mo_processor_release(r->processor);
    forget_held(r);
    forget_document(r);
    r->open = r->holding = r->framing = false;
    r->merged = NULL;
}

static void
release(struct mo_input *in)
{
    struct jsonld *r = (struct jsonld *)in;

    mo_processor_free(r->processor);
    forget_document(r);
    mo_frame_done(&r->frame);
    mo_spill_free(r->held);
    mo_buf_done(&r->held_text);
    mo_buf_done(&r->wrapping);
    mo_buf_done(&r->graph_name);
}

static const struct mo_dialect jsonld = {
    .list = "@graph",
    .may_list = may_list,
    .is_list = is_list,
    .whole = true,
    .read = read_value,
    .name = find_name,
    .record = record,
    .envelope = envelope,
    .pending = pending,
    .wrap = wrap,
    .last = last,
    .again = again,
    .free = release,
};

/* A graph has its name behind it as well as before, so all of it is one value. */
static const struct mo_dialect quads = {
    .read = read_value,
    .name = find_name,
    .record = record,
    .pending = pending,
    .again = again,
    .free = release,
};

struct mo_reader *
mo_jsonld_reader(const struct mo_reader_options *options)
{
    struct jsonld *r = calloc(1, sizeof *r);

    if (!r)
        return NULL;
    mo_buf_init(&r->held_text, SIZE_MAX);
    mo_buf_init(&r->wrapping, SIZE_MAX);
    mo_frame_init(&r->frame);
    r->simple.in = &r->in;
    mo_buf_init(&r->graph_name, SIZE_MAX);
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
    r->initial = unsaid(r);
    return &r->in.reader;
}
