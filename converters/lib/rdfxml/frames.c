#include "rdfxml/grammar.h"

#include <stdlib.h>

#include <moisson/iri.h>

#include "dcat/values.h"

/* ---- Frames ---- */

struct frame *
mo_rdfxml_push_frame(struct rdfxml *r, enum frame_kind kind)
{
    struct frame *frame;

    if (r->n_frames == r->cap_frames) {
        size_t cap = r->cap_frames ? 2 * r->cap_frames : 32;

        frame = realloc(r->frames, cap * sizeof *frame);
        if (!frame) {
            mo_rdfxml_trouble(r);
            return NULL;
        }
        r->frames = frame;
        r->cap_frames = cap;
    }
    frame = &r->frames[r->n_frames++];
    memset(frame, 0, sizeof *frame);
    frame->kind = kind;
    if (r->n_frames > 1) {
        frame->base = frame[-1].base;
        frame->lang = frame[-1].lang;
    } else {
        frame->base = r->reader.options.base;
    }
    return frame;
}

int
mo_rdfxml_first_frame(struct rdfxml *r)
{
    return mo_rdfxml_push_frame(r, IN_DOCUMENT) ? 0 : -1;
}

static void
release(struct rdfxml *r, struct frame *frame)
{
    if (frame->opened)
        mo_gather_close(r->gather);
    free(frame->own_base);
    free(frame->own_lang);
    free(frame->node_text);
    free(frame->tag);
}

void
mo_rdfxml_pop_frames(struct rdfxml *r, size_t n)
{
    while (r->n_frames > n)
        release(r, &r->frames[--r->n_frames]);
}

static char *
copy(struct rdfxml *r, struct mo_str text)
{
    char *s = strndup(text.p ? text.p : "", text.n);

    if (!s)
        mo_rdfxml_trouble(r);
    return s;
}

/* The language, kept; where there are too many for that, as the frame's own. */
static struct mo_str
keep_language(struct rdfxml *r, struct frame *frame, struct mo_str language)
{
    size_t i = 0;

    while (i < r->n_languages && !mo_str_is(language, r->languages[i]))
        ++i;
    if (i < r->n_languages)
        return mo_str_n(r->languages[i], language.n);
    frame->own_lang = copy(r, language);
    if (!frame->own_lang || i == MAX_LANGUAGES)
        return mo_str(frame->own_lang);
    r->languages[r->n_languages++] = frame->own_lang;
    frame->own_lang = NULL;
    return mo_str(r->languages[i]);
}

static void
enter_language(struct rdfxml *r, struct frame *frame, struct mo_str tag)
{
    char memory[MO_LANGUAGE_SIZE];
    struct mo_str language = mo_language(tag, memory);

    if (!mo_str_eq(language, tag))
        mo_rdfxml_report(
            r, MO_DIAG_XML_LANG, tag, mo_str("xml:lang"), mo_rdfxml_offset(r));
    frame->lang = keep_language(r, frame, language);
}

void
mo_rdfxml_change_scope(struct rdfxml *r, struct frame *frame, const struct attributes *a)
{
    struct mo_arena *arena;
    struct mo_str base;

    if (a->has_lang)
        enter_language(r, frame, a->lang);
    if (!a->has_base)
        return;
    arena = mo_arena_new(1 << 20);
    if (!arena || mo_iri_resolve(arena, frame->base, a->base, &base))
        mo_rdfxml_trouble(r);
    else if ((frame->own_base = copy(r, base)))
        frame->base = mo_str(frame->own_base);
    mo_arena_free(arena);
}

struct mo_term *
mo_rdfxml_subject_of(struct rdfxml *r, struct frame *frame)
{
    if (frame->node_text && frame->node_unit != r->units) {
        struct mo_str text = mo_str(frame->node_text);

        frame->subject = frame->node_kind == MO_IRI ? mo_graph_iri(r->unit.graph, text)
                                                    : mo_graph_blank(r->unit.graph, text);
        frame->node_unit = r->units;
        if (!frame->subject)
            mo_rdfxml_trouble(r);
    }
    return frame->subject;
}

/* ---- Units ---- */

void
mo_rdfxml_begin_unit(struct rdfxml *r, const xmlChar *prefix, const xmlChar *local)
{
    uint64_t start = mo_rdfxml_tag(r);

    memset(&r->unit, 0, offsetof(struct unit, record) + 1);
    r->unit.graph = mo_gather_graph(r->gather);
    if (!r->unit.graph) {
        mo_rdfxml_trouble(r);
        return;
    }
    ++r->units;
    r->fresh = NULL;
    r->in_unit = true;
    r->unit.blanks = r->blanks;
    r->unit.start = start;
    r->unit.place = r->unit.at = mo_rdfxml_place(r, start);
    r->unit.frame = r->n_frames;
    r->unit.depth = r->depth;
    snprintf(r->unit_name, sizeof r->unit_name, "%s%s%s",
        prefix ? (const char *)prefix : "", prefix ? ":" : "", (const char *)local);
}

/* The bytes of the start tag at `at` of the window, without its end. */
static struct mo_str
start_tag(const struct rdfxml *r, uint64_t offset)
{
    struct mo_str s = mo_str_from(mo_buf_view(&r->window), (size_t)(offset - r->offset));
    size_t n = 0;
    char quote = '\0';

    for (; n < s.n && (quote || s.p[n] != '>'); ++n)
        if (quote ? s.p[n] == quote : (s.p[n] == '"' || s.p[n] == '\''))
            quote = quote ? '\0' : s.p[n];
    if (n && s.p[n - 1] == '/')
        --n;
    return mo_str_n(s.p, n);
}

void
mo_rdfxml_keep_frame(struct rdfxml *r, struct frame *frame, uint64_t tag_at)
{
    struct mo_str tag = start_tag(r, tag_at);

    frame->kept = true;
    frame->tag = copy(r, tag);
    if (frame->kind == IN_NODE && frame->subject) {
        frame->node_kind = frame->subject->kind;
        frame->node_text = copy(r, frame->subject->text);
    }
}

void
mo_rdfxml_keep_unit(struct rdfxml *r, size_t node, uint64_t at)
{
    struct mo_graph *graph = r->unit.graph;
    struct mo_term *subject = r->frames[node].subject;
    bool graph_only = r->reader.options.graph;

    if (r->unit.rejected || !subject)
        return;
    subject->anonymous = false;
    if (!graph_only &&
        mo_gather_open(r->gather, subject->kind, subject->text, &r->unit.place))
        return; /* too many around it: it stays one unit */
    for (size_t i = r->unit.frame; i < node; ++i)
        mo_rdfxml_keep_frame(r, &r->frames[i], r->unit.start);
    mo_rdfxml_keep_frame(r, &r->frames[node], at);
    r->frames[node].opened = !graph_only;
    r->in_unit = false;
    if (mo_gather_unit(r->gather, graph, NULL, &r->unit.place, 0))
        mo_rdfxml_trouble(r);
}
