#include "jsonld/processor.h"

#include <stdio.h>
#include <stdlib.h>

#include "jsonld/context.h"
#include "jsonld/known.h"
#include "jsonld/tordf.h"

struct mo_processor {
    const struct mo_reader_options *options;
    const struct mo_processor_hooks *hooks;
    struct mo_ld ld;
    struct mo_tordf rdf;
    const struct mo_active *document, *ours, *empty; /* NULL: not made yet */
    struct mo_json *our_json;
    bool relative_said;
    bool trying; /* nothing is to be said */
};

/* ---- Saying what is wrong ---- */

static int
fail(struct mo_processor *p, struct mo_processor_fault *fault)
{
    const struct mo_ld *ld = &p->ld;
    struct mo_str culprit = ld->culprit;
    struct mo_buf detail;

    switch (ld->error) {
    case MO_LD_NO_REMOTE: fault->id = MO_DIAG_CONTEXT_UNKNOWN; break;
    case MO_LD_CEILING:
        fault->id = ld->code[0] ? MO_DIAG_CONTEXT_CEILING : MO_DIAG_TOO_BIG;
        break;
    case MO_LD_INVALID: fault->id = MO_DIAG_JSONLD; break;
    default: fault->id = MO_DIAG_NO_MEMORY; break;
    }
    if (culprit.n > sizeof fault->detail / 2)
        culprit.n = sizeof fault->detail / 2;
    mo_buf_fixed(&detail, fault->detail, sizeof fault->detail);
    if (ld->error == MO_LD_INVALID)
        mo_buf_printf(&detail, "%s%s", ld->code, culprit.n ? ": " : "");
    mo_buf_str(&detail, culprit);
    return -1;
}

static void
tolerate(void *ctx, const char *code, struct mo_str culprit)
{
    struct mo_processor *p = ctx;

    (void)code;
    if (p->trying)
        return;
    p->hooks->report(p->hooks->ctx, MO_DIAG_TERM_TOLERATED, culprit, mo_str("@context"));
}

static void
dropped(void *ctx, struct mo_str key)
{
    struct mo_processor *p = ctx;

    if (p->trying)
        return;
    p->hooks->report(p->hooks->ctx, MO_DIAG_KEY_UNKNOWN, key, mo_str(""));
}

static void
ill_formed(void *ctx, enum mo_ill_formed what, struct mo_str text, struct mo_str property)
{
    static const enum mo_diag_id ids[] = {[MO_ILL_RELATIVE] = MO_DIAG_RELATIVE_IRI,
        [MO_ILL_DROPPED] = MO_DIAG_ILL_FORMED,
        [MO_ILL_DIRECTION] = MO_DIAG_DIRECTION,
        [MO_ILL_GRAPH] = MO_DIAG_GRAPH_NAME,
        [MO_ILL_LANGUAGE] = MO_DIAG_LANGUAGE_TAG,
        [MO_ILL_NUMBER] = MO_DIAG_NUMBER};
    struct mo_processor *p = ctx;

    if (what == MO_ILL_RELATIVE && p->relative_said)
        return;
    p->relative_said = p->relative_said || what == MO_ILL_RELATIVE;
    p->hooks->report(p->hooks->ctx, ids[what], text, property);
}

static void
lost(void *ctx, const struct mo_stmt *stmt, const struct mo_term *graph)
{
    const struct mo_reader_options *o = ((struct mo_processor *)ctx)->options;

    if (o->lose)
        o->lose(o->lose_ctx, stmt, graph);
}

/* The user's contexts win over ours. */
static enum mo_found
load(void *ctx, struct mo_str url, struct mo_buf *out)
{
    struct mo_processor *p = ctx;
    const struct mo_reader_options *o = p->options;

    if (o->context && o->context(o->context_ctx, url, out) == 0)
        return MO_FOUND_THERE;
    return mo_known_context(o->vocab, url, out) ? MO_FOUND_NOWHERE : MO_FOUND_KNOWN;
}

static struct mo_term *
blank(void *ctx, struct mo_str label)
{
    struct mo_processor *p = ctx;

    return p->hooks->blank(p->hooks->ctx, p->rdf.graph, label);
}

/* ---- The processor ---- */

void
mo_processor_free(struct mo_processor *p)
{
    if (!p)
        return;
    mo_ld_done(&p->ld);
    mo_arena_free(p->ld.record);
    mo_arena_free(p->ld.keep);
    mo_arena_free(p->ld.lasting);
    mo_json_free(p->our_json);
    free(p);
}

struct mo_processor *
mo_processor_new(
    const struct mo_reader_options *options, const struct mo_processor_hooks *hooks)
{
    struct mo_processor *p = calloc(1, sizeof *p);

    if (!p)
        return NULL;
    p->options = options;
    p->hooks = hooks;
    p->ld.record = mo_arena_new(MO_LD_RECORD);
    p->ld.keep = mo_arena_new(MO_LD_KEEP);
    p->ld.lasting = mo_arena_new(MO_LD_KEEP);
    p->ld.max_depth = options->max_depth;
    p->ld.key = mo_lexicon_key(options->vocab->lexicon);
    p->ld.strict = options->strict;
    p->ld.base = options->base;
    p->ld.load = load;
    p->ld.load_ctx = p;
    p->ld.tolerate = tolerate;
    p->ld.tolerate_ctx = p;
    p->rdf.ld = &p->ld;
    p->rdf.quads = options->quads;
    p->rdf.vocab = options->vocab;
    p->rdf.blank = blank;
    p->rdf.ill_formed = ill_formed;
    p->rdf.lost = lost;
    p->rdf.ctx = p;
    if (!p->ld.record || !p->ld.keep || !p->ld.lasting) {
        mo_processor_free(p);
        return NULL;
    }
    return p;
}

/* The context that knows no term. */
static const struct mo_active *
empty_context(struct mo_processor *p)
{
    if (!p->empty)
        p->empty = mo_active_new(&p->ld);
    return p->empty;
}

int
mo_processor_document(struct mo_processor *p, const struct mo_json *context,
    struct mo_processor_fault *fault)
{
    const struct mo_active *initial;

    mo_arena_reset(p->ld.keep);
    p->document = NULL;
    initial = empty_context(p);
    if (!initial)
        return fail(p, fault);
    if (!context)
        p->document = initial;
    else if (mo_active_process(&p->ld, initial, context, p->options->base,
                 MO_PROCESS_KEEP, &p->document))
        return fail(p, fault);
    return 0;
}

/* Our own context, as any other. */
static const struct mo_active *
our_context(struct mo_processor *p)
{
    struct mo_json_error error;
    const struct mo_active *initial;
    struct mo_buf text;

    if (p->ours)
        return p->ours;
    if (!p->our_json) {
        mo_buf_init(&text, SIZE_MAX);
        mo_context_put(p->options->vocab, MO_KEYS_COUNT, &text);
        if (!text.failed)
            p->our_json = mo_json_parse(mo_buf_view(&text), MO_JSON_MAX_DEPTH, &error);
        mo_buf_done(&text);
    }
    initial = p->our_json ? empty_context(p) : NULL;
    if (!initial)
        mo_ld_memory(&p->ld);
    else if (mo_active_process(
                 &p->ld, initial, p->our_json, mo_str(""), MO_PROCESS_LAST, &p->ours))
        p->ours = NULL;
    return p->ours;
}

static const struct mo_active *
initial_context(struct mo_processor *p, enum mo_initial initial)
{
    if (initial == MO_INITIAL_OURS)
        return our_context(p);
    if (initial == MO_INITIAL_DOCUMENT && p->document)
        return p->document;
    return empty_context(p);
}

/* An object that is nothing but its graph is the default graph (5.1, step 9.1). */
static bool
is_default_graph(const struct mo_items *items)
{
    const struct mo_item *item = items->first;

    return item && !item->next && item->kind == MO_ITEM_NODE &&
           item->has == MO_KW_BIT(GRAPH) && !item->node->properties.first &&
           !item->node->reverse.first;
}

int
mo_processor_read(struct mo_processor *p, const struct mo_json *object,
    enum mo_initial initial, bool alone, const struct mo_term *merged,
    struct mo_graph *graph, struct mo_term **root, struct mo_processor_fault *fault)
{
    const struct mo_active *active = initial_context(p, initial);
    struct mo_expansion x = {.ld = &p->ld, .dropped = dropped, .ctx = p};
    struct mo_items items = {NULL, NULL};

    p->rdf.graph = graph;
    p->rdf.named = p->rdf.last_named = NULL;
    p->rdf.merged = merged;
    if (!active || mo_expand(&x, active, object, &items))
        return fail(p, fault);
    if (alone && is_default_graph(&items))
        items = items.first->node->graph;
    return mo_tordf(&p->rdf, &items, root) ? fail(p, fault) : 0;
}

int
mo_processor_value(struct mo_processor *p, const struct mo_json *object,
    enum mo_initial initial, struct mo_graph *graph, struct mo_processor_fault *fault)
{
    const struct mo_active *active = initial_context(p, initial);
    struct mo_expansion x = {.ld = &p->ld, .dropped = dropped, .ctx = p};
    struct mo_items items = {NULL, NULL};
    struct mo_term *unused;

    p->rdf.graph = graph;
    p->rdf.merged = NULL;
    if (!active || mo_expand(&x, active, object, &items))
        return fail(p, fault);
    if (items.first && items.first->kind == MO_ITEM_NODE)
        items.first->node->types = items.first->node->last_type = NULL;
    return mo_tordf(&p->rdf, &items, &unused) ? fail(p, fault) : 0;
}

int
mo_processor_keyword(struct mo_processor *p, enum mo_initial initial, struct mo_str key,
    enum mo_keyword *keyword)
{
    const struct mo_active *active = initial_context(p, initial);
    struct mo_str iri;

    if (!active || mo_active_iri(&p->ld, active, key, MO_EXPAND_VOCAB, &iri))
        return -1;
    *keyword = mo_keyword(iri);
    return 0;
}

static bool
is_listing(const struct mo_processor *p, struct mo_str property)
{
    static const enum mo_known known[] = {
        MO_K_DCAT_HAS_DATASET, MO_K_DCAT_HAS_SERVICE, MO_K_DCAT_HAS_CATALOG};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; ++i)
        if (mo_str_eq(property,
                mo_lexicon_text(p->options->vocab->lexicon, (uint16_t)known[i])))
            return true;
    return false;
}

int
mo_processor_lists(
    struct mo_processor *p, const struct mo_json *object, enum mo_initial initial)
{
    const struct mo_active *active = initial_context(p, initial);
    struct mo_expansion x = {.ld = &p->ld, .dropped = dropped, .ctx = p};
    struct mo_items items = {NULL, NULL};
    const struct mo_property *property = NULL;
    int found = 0;

    p->trying = true;
    if (!active || mo_expand(&x, active, object, &items))
        found = p->ld.error == MO_LD_NO_MEMORY ? -1 : 0;
    else if (items.first && items.first->kind == MO_ITEM_NODE)
        property = items.first->node->properties.first;
    p->trying = false;
    for (; property; property = property->next)
        for (const struct mo_item *v = property->values.first; v; v = v->next)
            if (v->kind == MO_ITEM_NODE && mo_str_is(v->id, MO_PROBE) &&
                is_listing(p, property->iri))
                found = 1;
    mo_processor_release(p);
    return found;
}

bool
mo_processor_has_named(const struct mo_processor *p)
{
    return p->rdf.named != NULL;
}

int
mo_processor_named(struct mo_processor *p, struct mo_graph *graph, struct mo_term **name,
    struct mo_processor_fault *fault)
{
    const struct mo_named *named = p->rdf.named;
    struct mo_term *unused;

    p->rdf.graph = graph;
    if (mo_tordf_name(&p->rdf, named->name, name) ||
        mo_tordf(&p->rdf, named->items, &unused))
        return fail(p, fault);
    p->rdf.named = named->next;
    if (!named->next)
        p->rdf.last_named = NULL;
    return 0;
}

void
mo_processor_release(struct mo_processor *p)
{
    p->rdf.named = p->rdf.last_named = NULL;
    mo_arena_reset(p->ld.record);
}
