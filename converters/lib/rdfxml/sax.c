#include "rdfxml/rdfxml.h"

#include <libxml/parserInternals.h>
#include <stdlib.h>

#include <moisson/iri.h>

#include "base/hash.h"
#include "dcat/values.h"
#include "rdfxml/envelope.h"

/* The attributes of one element, sorted by what the grammar does with them. */
struct attributes {
    int n;
    const xmlChar **at;   /* local, prefix, namespace, value, end */
    const char *property; /* the first property attribute, or NULL */
    bool has_base, has_lang;
    bool has[RDF_TYPE_ATTRIBUTE + 1];
    /* Of those that it has. */
    struct mo_str value[RDF_TYPE_ATTRIBUTE + 1];
    struct mo_str base, lang;
};

static struct frame *
top(struct rdfxml *r)
{
    return &r->frames[r->n_frames - 1];
}

static bool
strict(const struct rdfxml *r)
{
    return r->reader.options.strict;
}

static bool
is_idle(const struct rdfxml *r)
{
    return r->finished || r->reader.state != MO_READER_FINE || r->fatal;
}

/* An error where reading is strict, else a repair. */
static void
blame(struct rdfxml *r, enum mo_diag_id error, enum mo_diag_id repair,
    struct mo_str detail, struct mo_str property)
{
    if (strict(r))
        mo_rdfxml_reject(r, error, detail, property);
    else
        mo_rdfxml_report(r, repair, detail, property, mo_rdfxml_tag(r));
}

static void
refuse(struct rdfxml *r, enum mo_diag_id id, const char *detail)
{
    mo_rdfxml_reject(r, id, mo_str(detail), mo_str(""));
}

/* ---- Terms ---- */

static struct mo_term *
term_of(struct rdfxml *r, struct name *name)
{
    if (name->unit != r->units || !name->term) {
        name->term =
            mo_graph_iri_hashed(r->unit.graph, name->iri, name->hash, name->known);
        name->unit = r->units;
    }
    if (!name->term)
        mo_rdfxml_trouble(r);
    return name->term;
}

/* A term that was looked for when the graph had `n` terms, or made. */
static struct mo_term *
note(struct rdfxml *r, struct mo_term *term, size_t n)
{
    if (!term)
        mo_rdfxml_trouble(r);
    else if (r->unit.graph->n_terms > n)
        r->fresh = term;
    return term;
}

static struct mo_term *
known_term(struct rdfxml *r, enum mo_known known)
{
    struct mo_term *term = mo_graph_known(r->unit.graph, (uint16_t)known);

    if (!term)
        mo_rdfxml_trouble(r);
    return term;
}

/* The same for the same document and node. */
static struct mo_term *
blank(struct rdfxml *r, uint64_t number, bool anonymous)
{
    size_t n = r->unit.graph->n_terms;
    struct mo_term *term = note(r, mo_graph_blank_numbered(r->unit.graph, number), n);

    if (term && anonymous)
        term->anonymous = true;
    return term;
}

struct mo_term *
mo_rdfxml_anonymous(struct rdfxml *r)
{
    return blank(r, mo_mix(r->document + 2 * ++r->blanks), true);
}

static bool
is_ncname(struct mo_str text)
{
    char name[256];

    if (text.n == 0 || text.n >= sizeof name)
        return false;
    memcpy(name, text.p, text.n);
    name[text.n] = '\0';
    return xmlValidateNCName((const xmlChar *)name, 0) == 0;
}

static struct mo_term *
iri(struct rdfxml *r, struct mo_str base, struct mo_str text)
{
    size_t n = r->unit.graph->n_terms;

    if (!mo_iri_is_absolute(text)) {
        if (base.n == 0 && !r->relative_said) {
            r->relative_said = true;
            mo_rdfxml_report(r, MO_DIAG_RELATIVE_IRI, text, mo_str(""), mo_rdfxml_tag(r));
        }
        if (mo_iri_resolve(r->unit.graph->arena, base, text, &text)) {
            mo_rdfxml_trouble(r);
            return NULL;
        }
    }
    return note(r, mo_graph_iri(r->unit.graph, text), n);
}

/* No label of a blank node looks like this. */
static bool
is_address(struct mo_str id)
{
    static const char *const schemes[] = {"http://", "https://", "urn:"};

    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; ++i)
        if (mo_str_starts(id, mo_str(schemes[i])))
            return true;
    return false;
}

static struct mo_term *
named_blank(struct rdfxml *r, struct mo_str id)
{
    if (!is_ncname(id)) {
        if (strict(r)) {
            mo_rdfxml_reject(r, MO_DIAG_RDF_NAME, id, mo_str("rdf:nodeID"));
            return NULL;
        }
        if (is_address(id)) {
            mo_rdfxml_report(
                r, MO_DIAG_NODE_ID_IRI, id, mo_str("rdf:nodeID"), mo_rdfxml_tag(r));
            return iri(r, mo_str(""), id);
        }
        mo_rdfxml_report(r, MO_DIAG_NODE_ID, id, mo_str("rdf:nodeID"), mo_rdfxml_tag(r));
    }
    return blank(r, mo_mix(mo_hash(r->document, id)), false);
}

/* rdf:ID: "#" and the name, against the base; each only once (6.3.3, constraint-id). */
static struct mo_term *
named_by_id(struct rdfxml *r, struct mo_str base, struct mo_str id)
{
    char text[512];
    struct mo_term *term;
    struct mo_slot *slot;

    if (!is_ncname(id) && (strict(r) || id.n >= sizeof text - 1)) {
        mo_rdfxml_reject(r, MO_DIAG_RDF_NAME, id, mo_str("rdf:ID"));
        return NULL;
    }
    if (!is_ncname(id))
        mo_rdfxml_report(r, MO_DIAG_NODE_ID, id, mo_str("rdf:ID"), mo_rdfxml_tag(r));
    text[0] = '#';
    memcpy(text + 1, id.p, id.n);
    term = iri(r, base, mo_str_n(text, id.n + 1));
    if (!term)
        return NULL;
    slot = mo_index_add(&r->ids, mo_hash(r->document, term->text));
    if (!slot) {
        mo_rdfxml_trouble(r);
        return NULL;
    }
    /* What is read again stands where it stood. */
    if (slot->flags && slot->at != (mo_rdfxml_tag(r) & MO_SLOT_AT))
        blame(r, MO_DIAG_RDF_ID_TWICE, MO_DIAG_ID_TWICE, id, mo_str("rdf:ID"));
    else
        slot->at = mo_rdfxml_tag(r) & MO_SLOT_AT;
    slot->flags = 1;
    return term;
}

static void
add(struct rdfxml *r, struct mo_term *s, struct mo_term *p, struct mo_term *o)
{
    if (!s || !p || !o || (r->in_unit && r->unit.rejected))
        return;
    if (o == r->fresh ? mo_graph_add_new(r->unit.graph, s, p, o)
                      : mo_graph_add(r->unit.graph, s, p, o))
        mo_rdfxml_trouble(r);
    r->fresh = NULL;
}

static struct mo_term *
literal(
    struct rdfxml *r, struct mo_str text, struct mo_term *datatype, struct mo_str lang)
{
    size_t n = r->unit.graph->n_terms;

    return note(r,
        mo_graph_literal(r->unit.graph, text, datatype, datatype ? mo_str("") : lang), n);
}

/* A statement, and the four that name it when the property had rdf:ID (7.3). */
static void
state(struct rdfxml *r, const struct frame *property, struct mo_term *subject,
    struct mo_term *object)
{
    struct mo_term *statement = property->statement;

    add(r, subject, property->predicate, object);
    if (!statement || !subject || !object)
        return;
    subject->anonymous = object->anonymous = false;
    add(r, statement, known_term(r, MO_K_RDF_TYPE), known_term(r, MO_K_RDF_STATEMENT));
    add(r, statement, known_term(r, MO_K_RDF_SUBJECT), subject);
    add(r, statement, known_term(r, MO_K_RDF_PREDICATE), property->predicate);
    add(r, statement, known_term(r, MO_K_RDF_OBJECT), object);
}

/* ---- Frames ---- */

static struct frame *
push(struct rdfxml *r, enum frame_kind kind)
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
    return push(r, IN_DOCUMENT) ? 0 : -1;
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

/* xml:base and xml:lang hold from this element on. */
static void
enter_scope(struct rdfxml *r, struct frame *frame, const struct attributes *a)
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

/* The node that a frame is about, in the graph in hand. */
static struct mo_term *
subject_of(struct rdfxml *r, struct frame *frame)
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

static void
begin_unit(struct rdfxml *r, const xmlChar *prefix, const xmlChar *local)
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

static void
keep_frame(struct rdfxml *r, struct frame *frame, uint64_t tag_at)
{
    struct mo_str tag = start_tag(r, tag_at);

    frame->kept = true;
    frame->tag = copy(r, tag);
    if (frame->kind == IN_NODE && frame->subject) {
        frame->node_kind = frame->subject->kind;
        frame->node_text = copy(r, frame->subject->text);
    }
}

/*
 * The unit's node lists records: what it says goes to the gatherer in pieces from
 * here on, and each of its property elements is a unit of its own. `node` is its
 * frame, whose element begins at `at`.
 */
static void
keep_unit(struct rdfxml *r, size_t node, uint64_t at)
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
        keep_frame(r, &r->frames[i], r->unit.start);
    keep_frame(r, &r->frames[node], at);
    r->frames[node].opened = !graph_only;
    r->in_unit = false;
    if (mo_gather_unit(r->gather, graph, NULL, &r->unit.place, 0))
        mo_rdfxml_trouble(r);
}

/* ---- Attributes ---- */

/* A namespace as libxml2 would hand it over. */
static const xmlChar *
space_named(struct rdfxml *r, struct mo_str space)
{
    return xmlDictLookup(r->parser->dict, (const xmlChar *)space.p, (int)space.n);
}

/* The namespace of a prefix that was not declared, if everybody knows it. */
static const xmlChar *
known_prefix(struct rdfxml *r, const xmlChar *prefix)
{
    struct mo_str space =
        mo_vocab_namespace(r->reader.options.vocab, mo_str((const char *)prefix));

    return space.n && !strict(r) ? space_named(r, space) : NULL;
}

/* The same, and say so; or refuse. */
static const xmlChar *
repair_prefix(struct rdfxml *r, const xmlChar *prefix)
{
    const xmlChar *space = known_prefix(r, prefix);

    if (space)
        mo_rdfxml_report(r, MO_DIAG_PREFIX_REPAIRED, mo_str((const char *)prefix),
            mo_str(""), mo_rdfxml_tag(r));
    else
        refuse(r, MO_DIAG_PREFIX, (const char *)prefix);
    return space;
}

/* Attributes without a namespace that RDF 1.0 allowed, and many still write (6.1.4). */
static bool
is_old_attribute(const xmlChar *local)
{
    static const char *const names[] = {"ID", "about", "resource", "parseType", "type"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i)
        if (strcmp((const char *)local, names[i]) == 0)
            return true;
    return false;
}

/* The name of attribute `i`, or NULL for one that says nothing in RDF. */
static struct name *
attribute_name(struct rdfxml *r, const struct attributes *a, int i, bool report)
{
    const xmlChar **at = a->at + 5 * i;
    const xmlChar *space = at[2];
    struct name *name;

    if (!space && at[1])
        space = report ? repair_prefix(r, at[1]) : known_prefix(r, at[1]);
    else if (!space && is_old_attribute(at[0]))
        space = space_named(r, mo_str(MO_RDF));
    if (!space) {
        if (report && !at[1])
            mo_rdfxml_report(r, MO_DIAG_ATTRIBUTE_IGNORED, mo_str((const char *)at[0]),
                mo_str(""), mo_rdfxml_tag(r));
        return NULL;
    }
    if (space == r->xml_space)
        return NULL;
    name = mo_names_get(r->names, space, at[0]);
    if (!name)
        mo_rdfxml_trouble(r);
    return name;
}

static struct mo_str
attribute_value(const struct attributes *a, int i)
{
    const xmlChar **at = a->at + 5 * i;

    return mo_str_n((const char *)at[3], (size_t)(at[4] - at[3]));
}

/* Sort the attributes; false when one of them may not stand there. */
static bool
read_attributes(struct rdfxml *r, struct attributes *a, unsigned allowed)
{
    for (int i = 0; i < a->n; ++i) {
        const xmlChar **at = a->at + 5 * i;
        struct name *name;

        if (at[2] == r->xml_space) {
            if (strcmp((const char *)at[0], "base") == 0) {
                a->has_base = true;
                a->base = attribute_value(a, i);
            } else if (strcmp((const char *)at[0], "lang") == 0) {
                a->has_lang = true;
                a->lang = attribute_value(a, i);
            }
            continue;
        }
        name = attribute_name(r, a, i, true);
        if (!name)
            continue;
        if (!a->property &&
            (name->syntax == NO_SYNTAX || name->syntax == RDF_TYPE_ATTRIBUTE))
            a->property = (const char *)at[0];
        if (name->syntax == NO_SYNTAX)
            continue;
        if (a->has[name->syntax] && /* under two prefixes */
            !mo_str_eq(a->value[name->syntax], attribute_value(a, i)))
            refuse(r, MO_DIAG_RDF_ATTRIBUTE, (const char *)at[0]);
        a->has[name->syntax] = true;
        a->value[name->syntax] = attribute_value(a, i);
        if (name->syntax != RDF_TYPE_ATTRIBUTE && !(allowed & 1u << name->syntax))
            refuse(r, MO_DIAG_RDF_ATTRIBUTE, (const char *)at[0]);
    }
    return !r->unit.rejected;
}

/* Property attributes are statements about `subject` (7.2.11, 7.2.21). */
static void
state_attributes(struct rdfxml *r, const struct attributes *a, struct mo_term *subject,
    struct mo_str base, struct mo_str lang)
{
    for (int i = 0; a->property && i < a->n; ++i) {
        struct name *name = attribute_name(r, a, i, false);

        if (!name || (name->syntax != NO_SYNTAX && name->syntax != RDF_TYPE_ATTRIBUTE))
            continue;
        add(r, subject, term_of(r, name),
            name->syntax == RDF_TYPE_ATTRIBUTE
                ? iri(r, base, attribute_value(a, i))
                : literal(r, attribute_value(a, i), NULL, lang));
    }
}

/* ---- Node elements (7.2.11) ---- */

/* What the attributes name the node; NULL when they contradict each other. */
static struct mo_term *
node_of(struct rdfxml *r, const struct attributes *a, const struct frame *frame)
{
    if (a->has[RDF_ID] + a->has[RDF_NODE_ID] + a->has[RDF_ABOUT] > 1) {
        refuse(r, MO_DIAG_RDF_TWO_NAMES, "");
        return NULL;
    }
    if (a->has[RDF_ABOUT])
        return iri(r, frame->base, a->value[RDF_ABOUT]);
    if (a->has[RDF_ID])
        return named_by_id(r, frame->base, a->value[RDF_ID]);
    if (a->has[RDF_NODE_ID])
        return named_blank(r, a->value[RDF_NODE_ID]);
    return mo_rdfxml_anonymous(r);
}

/* For messages: what the record that begins here is called. */
static void
name_record(struct rdfxml *r, struct mo_str name)
{
    name = mo_utf8_head(name, sizeof r->unit.record / 4 - 1);
    memcpy(r->unit.record, name.p ? name.p : "", name.n);
    r->unit.record[name.n] = '\0';
}

/* The first node of a unit: how it calls itself, until that can be resolved. */
static void
begin_record(struct rdfxml *r, const struct attributes *a)
{
    r->unit.placed = true;
    r->unit.place = mo_rdfxml_place(r, mo_rdfxml_tag(r));
    name_record(r, a->has[RDF_ABOUT]     ? a->value[RDF_ABOUT]
                   : a->has[RDF_ID]      ? a->value[RDF_ID]
                   : a->has[RDF_NODE_ID] ? a->value[RDF_NODE_ID]
                                         : mo_str(""));
}

/* Put the node where its parent wants it. */
static void
attach(struct rdfxml *r, size_t parent_at, struct mo_term *node)
{
    struct frame *parent = &r->frames[parent_at];
    struct mo_term *cell;

    if (parent->kind == IN_PROPERTY) {
        parent->has_object = true;
        state(r, parent, parent->subject, node);
    } else if (parent->kind == IN_COLLECTION) {
        cell = mo_rdfxml_anonymous(r);
        if (parent->tail)
            add(r, parent->tail, known_term(r, MO_K_RDF_REST), cell);
        else
            state(r, parent, parent->subject, cell);
        add(r, cell, known_term(r, MO_K_RDF_FIRST), node);
        parent->tail = cell;
    }
}

/*
 * The text of a property that has another value. Beside rdf:resource it speaks of what is
 * referred to; but whose label it is, and whether it has others, only the owner of that knows.
 * Beside a node it is a value of its own.
 */
static void
keep_text(struct rdfxml *r, struct frame *property)
{
    struct mo_str text = mo_str_trim(mo_buf_view(&r->text));
    struct mo_str predicate =
        property->predicate ? property->predicate->text : mo_str("");
    struct mo_term *object = property->object;
    uint64_t at = mo_rdfxml_offset(r);

    if (object && mo_str_eq(object->text, text)) {
        mo_rdfxml_report(r, MO_DIAG_TEXT_BESIDE, text, predicate, at);
    } else if (property->given) {
        mo_rdfxml_report(r, MO_DIAG_TEXT_COMMENT, text, predicate, at);
        add(r, object, known_term(r, MO_K_RDFS_COMMENT),
            literal(r, text, NULL, property->lang));
    } else {
        mo_rdfxml_report(r, MO_DIAG_SEVERAL_VALUES, text, predicate, at);
        state(r, property, property->subject, literal(r, text, NULL, property->lang));
    }
    mo_buf_clear(&r->text);
}

/* Whether a node may stand in the property, besides what it has; that was one too many. */
static bool
may_hold_more(struct rdfxml *r, struct frame *property)
{
    bool text = !mo_str_blank(mo_buf_view(&r->text));

    if (!property->has_object && !property->given && !property->datatype && !text)
        return true;
    if (strict(r) || property->datatype || property->statement)
        return false;
    if (property->has_object || property->given)
        mo_rdfxml_report(r, MO_DIAG_SEVERAL_VALUES, mo_str(""),
            property->predicate ? property->predicate->text : mo_str(""),
            mo_rdfxml_tag(r));
    if (text)
        keep_text(r, property);
    return true;
}

static void
start_node(struct rdfxml *r, struct name *name, struct attributes *a)
{
    size_t parent = r->n_frames - 1;
    struct frame *around = &r->frames[parent], *frame;
    bool first = !r->unit.placed;
    struct mo_term *node;

    if (name->syntax != NO_SYNTAX && name->syntax != RDF_DESCRIPTION &&
        name->syntax != RDF_TYPE_ATTRIBUTE) {
        refuse(r, MO_DIAG_RDF_ELEMENT, name->iri.p);
        return;
    }
    if (around->kind == IN_PROPERTY && !may_hold_more(r, around)) {
        refuse(r, MO_DIAG_RDF_CONTENT, name->iri.p);
        return;
    }
    read_attributes(r, a, 1u << RDF_ID | 1u << RDF_ABOUT | 1u << RDF_NODE_ID);
    if (first)
        begin_record(r, a);
    if (r->unit.rejected || !(frame = push(r, IN_NODE)))
        return;
    enter_scope(r, frame, a);
    node = node_of(r, a, frame);
    frame->subject = node;
    if (!node)
        return;
    if (first && node->kind == MO_IRI)
        name_record(r, node->text);
    attach(r, parent, node);
    frame = top(r);
    if (name->syntax != RDF_DESCRIPTION)
        add(r, node, known_term(r, MO_K_RDF_TYPE), term_of(r, name));
    state_attributes(r, a, node, frame->base, frame->lang);
    if (name->known == MO_K_DCAT_CATALOG &&
        (r->unit.frame == parent + 1 || r->unit.frame == parent))
        keep_unit(r, parent + 1, mo_rdfxml_tag(r));
}

/* ---- Property elements (7.2.14) ---- */

/* rdf:li stands for rdf:_1, rdf:_2 and so on (7.4). */
static struct mo_term *
predicate_of(struct rdfxml *r, struct name *name, struct frame *node)
{
    char text[sizeof MO_RDF + 24];

    if (name->syntax != RDF_LI)
        return term_of(r, name);
    snprintf(text, sizeof text, MO_RDF "_%u", ++node->li);
    return iri(r, mo_str(""), mo_str(text));
}

static bool
is_property_name(enum syntax syntax)
{
    return syntax == NO_SYNTAX || syntax == RDF_LI || syntax == RDF_TYPE_ATTRIBUTE;
}

/* The attributes that a property element may have go together in few ways. */
static bool
agree(struct rdfxml *r, const struct attributes *a)
{
    bool object = a->has[RDF_RESOURCE] || a->has[RDF_NODE_ID] || a->property;

    if ((a->has[RDF_RESOURCE] && a->has[RDF_NODE_ID]) ||
        (a->has[RDF_PARSE_TYPE] && (object || a->has[RDF_DATATYPE])) ||
        (a->has[RDF_DATATYPE] && object)) {
        refuse(r, MO_DIAG_RDF_TWO_OBJECTS, "");
        return false;
    }
    return true;
}

/* 7.2.17 to 7.2.20; what is neither Resource nor Collection is Literal. */
static void
start_parse_type(struct rdfxml *r, struct frame *frame, struct mo_str type)
{
    if (mo_str_is(type, "Resource")) {
        struct mo_term *node = mo_rdfxml_anonymous(r);

        state(r, frame, frame->subject, node);
        frame->kind = IN_NODE;
        frame->subject = node;
    } else if (mo_str_is(type, "Collection")) {
        frame->kind = IN_COLLECTION;
    } else {
        frame->kind = IN_XML;
        mo_xml_reset(r);
    }
}

/* 7.2.21: the object is an attribute, or has nothing but attributes. */
static void
start_given(struct rdfxml *r, struct frame *frame, const struct attributes *a)
{
    struct mo_term *object = a->has[RDF_RESOURCE]
                                 ? iri(r, frame->base, a->value[RDF_RESOURCE])
                             : a->has[RDF_NODE_ID] ? named_blank(r, a->value[RDF_NODE_ID])
                                                   : mo_rdfxml_anonymous(r);

    frame->given = true;
    frame->object = object;
    state(r, frame, frame->subject, object);
    if (object && a->property) {
        state_attributes(r, a, object, frame->base, frame->lang);
        mo_graph_close(r->unit.graph, object);
    }
}

static void
start_property(struct rdfxml *r, struct name *name, struct attributes *a)
{
    size_t parent = r->n_frames - 1;
    struct mo_term *subject = subject_of(r, &r->frames[parent]);
    struct frame *frame;

    if (!is_property_name(name->syntax)) {
        refuse(r, MO_DIAG_RDF_PROPERTY, name->iri.p);
        return;
    }
    if (!read_attributes(r, a,
            1u << RDF_ID | 1u << RDF_RESOURCE | 1u << RDF_NODE_ID | 1u << RDF_PARSE_TYPE |
                1u << RDF_DATATYPE) ||
        !agree(r, a) || !(frame = push(r, IN_PROPERTY)))
        return;
    enter_scope(r, frame, a);
    frame->subject = subject;
    frame->predicate = predicate_of(r, name, &r->frames[parent]);
    if (a->has[RDF_ID])
        frame->statement = named_by_id(r, frame->base, a->value[RDF_ID]);
    if (a->has[RDF_DATATYPE])
        frame->datatype = iri(r, frame->base, a->value[RDF_DATATYPE]);
    mo_buf_clear(&r->text);
    if (a->has[RDF_PARSE_TYPE])
        start_parse_type(r, frame, a->value[RDF_PARSE_TYPE]);
    else if (a->has[RDF_RESOURCE] || a->has[RDF_NODE_ID] || a->property)
        start_given(r, frame, a);
}

static void
end_property(struct rdfxml *r, struct frame *frame)
{
    bool text = !mo_str_blank(mo_buf_view(&r->text));

    if (text && (frame->has_object || frame->given)) {
        if (strict(r) || frame->statement)
            refuse(r, MO_DIAG_RDF_CONTENT, "");
        else
            keep_text(r, frame);
    } else if (!frame->has_object && !frame->given) {
        state(r, frame, frame->subject,
            literal(r, mo_str_n(r->text.p ? r->text.p : "", r->text.n), frame->datatype,
                frame->lang));
    }
    mo_buf_clear(&r->text);
}

static void
end_collection(struct rdfxml *r, struct frame *frame)
{
    struct mo_term *nil = known_term(r, MO_K_RDF_NIL);

    if (frame->tail)
        add(r, frame->tail, known_term(r, MO_K_RDF_REST), nil);
    else
        state(r, frame, frame->subject, nil);
}

static void
end_xml(struct rdfxml *r, struct frame *frame)
{
    state(r, frame, frame->subject,
        literal(r, mo_str_n(r->text.p ? r->text.p : "", r->text.n),
            known_term(r, MO_K_RDF_XMLLITERAL), mo_str("")));
    mo_xml_reset(r);
    mo_buf_clear(&r->text);
}

/* ---- The handlers ---- */

/* Whether what begins here is no part of a unit yet. */
static bool
is_outside(const struct rdfxml *r)
{
    enum frame_kind kind = r->frames[r->n_frames - 1].kind;

    return kind == IN_DOCUMENT || kind == IN_ENVELOPE;
}

/* What stood before the root element, whose tag is at `at`. */
static void
keep_prolog(struct rdfxml *r, uint64_t at)
{
    uint64_t from = r->prolog_from > r->offset ? r->prolog_from : r->offset;

    mo_buf_clear(&r->prolog);
    if (r->shifts[0].parsed == 0 && from <= at) /* all of it is still there */
        mo_buf_add(&r->prolog, r->window.p + (from - r->offset), (size_t)(at - from));
    if (r->prolog.failed)
        mo_buf_clear(&r->prolog);
}

/* An element around records, which stays in mind until it ends. */
static void
start_around(struct rdfxml *r, enum frame_kind kind, const struct attributes *a)
{
    struct frame *frame = push(r, kind);

    if (!frame)
        return;
    enter_scope(r, frame, a);
    keep_frame(r, frame, mo_rdfxml_tag(r));
}

/*
 * The root element, or one in an envelope: rdf:RDF (7.2.9) or another envelope around
 * nodes, what is no node, or a node.
 */
static void
start_outside(struct rdfxml *r, const xmlChar *prefix, const xmlChar *local,
    struct name *name, struct attributes *a)
{
    const char *says = "";
    enum outside role = mo_rdfxml_outside(r, name, &says);

    if (top(r)->kind == IN_DOCUMENT)
        keep_prolog(r, mo_rdfxml_tag(r));
    else
        mo_rdfxml_own_scope(r);
    if (role == OUT_LIST)
        mo_rdfxml_page(r, a->n, a->at);
    if (role == OUT_LIST || role == OUT_ENVELOPE) {
        start_around(r, IN_ENVELOPE, a);
        return;
    }
    if (name->syntax == RDF_RDF) {
        read_attributes(r, a, 0);
        if (a->property)
            refuse(r, MO_DIAG_RDF_ATTRIBUTE, a->property);
        start_around(r, IN_RDF, a);
        return;
    }
    begin_unit(r, prefix, local);
    if (is_idle(r))
        return;
    if (role == OUT_FOREIGN) {
        refuse(r, MO_DIAG_FOREIGN, says);
    } else if (role != OUT_NODE) {
        r->unit.aside = role;
        r->unit.rejected = true;
    } else {
        start_node(r, name, a);
    }
}

/* Whether nothing can be made of an element in an envelope: it is a record then, a bad one. */
static bool
is_refused(struct rdfxml *r, const xmlChar *prefix, const xmlChar *space)
{
    return top(r)->kind == IN_ENVELOPE &&
           (r->unknown[0] || r->depth > r->reader.options.max_depth ||
               (!space && !(prefix && known_prefix(r, prefix))));
}

/* Whether what stands in a property is HTML that was meant for its text. */
static bool
is_unescaped_html(const struct rdfxml *r, const xmlChar *local)
{
    return !strict(r) && r->in_unit && !r->unit.lost && r->careful != CAREFUL_HTML &&
           r->frames[r->n_frames - 1].kind == IN_PROPERTY &&
           mo_html_is_tag(mo_str((const char *)local));
}

/* Whether a record begins inside of one of its class: that one was never closed. */
static bool
is_next_record(struct rdfxml *r, const xmlChar *prefix, const struct name *name,
    const struct attributes *a)
{
    struct mo_str unit = mo_str(r->unit_name);
    size_t n = prefix ? strlen((const char *)prefix) + 1 : 0;

    if (strict(r) || r->unit.frame != r->n_frames - 1 ||
        !mo_str_eq(mo_str_from(unit, n), mo_str((const char *)name->local)))
        return false;
    for (int i = 0; i < a->n; ++i) {
        const struct name *attribute = attribute_name(r, a, i, false);

        if (attribute && attribute->syntax == RDF_ABOUT)
            return true;
    }
    return false;
}

static void
start_element(void *ctx, const xmlChar *local, const xmlChar *prefix,
    const xmlChar *space, int n_spaces, const xmlChar **spaces, int n, int n_defaulted,
    const xmlChar **at)
{
    struct rdfxml *r = ctx;
    struct attributes a;
    struct name *name;

    (void)n_defaulted;
    mo_passing_enter(r->passing, n_spaces, spaces);
    if (is_idle(r))
        return;
    if (r->ghosts) {
        --r->ghosts;
        return;
    }
    ++r->depth;
    if (r->in_unit && r->unit.aside)
        mo_rdfxml_aside_attributes(r, n, at);
    if (r->in_unit && r->unit.rejected)
        return;
    if (!r->in_unit && (!is_outside(r) || is_refused(r, prefix, space)))
        begin_unit(r, prefix, local);
    if (r->unknown[0]) {
        refuse(r, MO_DIAG_ENTITY, r->unknown);
        r->unknown[0] = '\0';
    }
    if (is_idle(r))
        return;
    if (r->depth > r->reader.options.max_depth) {
        refuse(r, MO_DIAG_TOO_DEEP, (const char *)local);
        return;
    }
    if (top(r)->kind == IN_XML) {
        mo_xml_start(r, local, prefix, space, n, at);
        return;
    }
    if (!space && prefix)
        space = repair_prefix(r, prefix);
    else if (!space && is_unescaped_html(r, local))
        mo_rdfxml_break(
            r, MO_DIAG_NO_NAMESPACE, (const char *)local, mo_rdfxml_offset(r));
    else if (!space)
        refuse(r, MO_DIAG_NO_NAMESPACE, (const char *)local);
    memset(&a, 0, offsetof(struct attributes, value));
    a.n = n;
    a.at = at;
    mo_names_trim(r->names);
    name = mo_names_get(r->names, space, local);
    if (!name)
        mo_rdfxml_trouble(r);
    if (is_idle(r) || !name || !space || (r->in_unit && r->unit.rejected))
        return;
    if (is_outside(r)) {
        start_outside(r, prefix, local, name, &a);
        return;
    }
    if (top(r)->kind == IN_NODE && mo_rdfxml_lists(name->known) && r->in_unit &&
        r->unit.frame == r->n_frames - 1) {
        keep_unit(r, r->n_frames - 1, r->unit.start);
        if (!r->in_unit)
            begin_unit(r, prefix, local);
    }
    if (is_idle(r))
        return;
    if (top(r)->kind == IN_NODE && is_next_record(r, prefix, name, &a)) {
        mo_rdfxml_break(r, MO_DIAG_NOT_CLOSED, r->unit_name, mo_rdfxml_offset(r));
    } else if (top(r)->kind == IN_NODE) {
        start_property(r, name, &a);
    } else {
        start_node(r, name, &a);
    }
}

static void
end_element(void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *space)
{
    struct rdfxml *r = ctx;
    bool ends_unit, alive;

    (void)space;
    mo_passing_leave(r->passing);
    if (is_idle(r) || r->ghosts)
        return;
    ends_unit = r->in_unit && r->depth == r->unit.depth;
    alive = !r->in_unit || !r->unit.rejected;
    if (--r->depth == 0)
        r->root_end = mo_rdfxml_offset(r);
    if (alive) {
        struct frame *frame = top(r);

        if (frame->kind == IN_XML && r->xml_depth) {
            mo_xml_end(r, local, prefix);
            return;
        }
        switch (frame->kind) {
        case IN_NODE:
            if (r->in_unit && frame->subject)
                mo_graph_close(r->unit.graph, frame->subject);
            break;
        case IN_PROPERTY:
            if (!frame->kept)
                end_property(r, frame);
            break;
        case IN_COLLECTION: end_collection(r, frame); break;
        case IN_XML: end_xml(r, frame); break;
        default: break;
        }
        /* What is rejected as it ends has lost its frames; a root that was refused has none. */
        if (!(r->in_unit && r->unit.rejected) && frame->kind != IN_DOCUMENT)
            mo_rdfxml_pop_frames(r, r->n_frames - 1);
    }
    if (ends_unit)
        mo_rdfxml_end_unit(r, mo_rdfxml_offset(r));
}

static void
characters(void *ctx, const xmlChar *bytes, int n)
{
    struct rdfxml *r = ctx;
    struct mo_str text = mo_str_n((const char *)bytes, (size_t)n);
    struct frame *frame;

    if (!is_idle(r) && r->in_unit && r->unit.aside)
        mo_rdfxml_aside_text(r, text);
    if (is_idle(r) || r->ghosts || (r->in_unit && r->unit.rejected))
        return;
    frame = top(r);
    if (frame->kind == IN_XML) {
        mo_xml_text(r, text);
    } else if (frame->kind == IN_PROPERTY && !frame->kept) {
        mo_buf_str(&r->text, text);
    } else if (!mo_str_blank(text)) {
        if (mo_str_is(mo_str_trim(text), "\xEF\xBB\xBF") && !strict(r))
            mo_rdfxml_report(
                r, MO_DIAG_MARK_INSIDE, mo_str(""), mo_str(""), mo_rdfxml_offset(r));
        else if (strict(r))
            mo_rdfxml_reject(r, MO_DIAG_RDF_CONTENT, mo_str_trim(text), mo_str(""));
        else
            mo_rdfxml_report(r, MO_DIAG_TEXT_IGNORED, mo_str_trim(text), mo_str(""),
                mo_rdfxml_offset(r));
    }
    if (r->text.failed) {
        mo_buf_clear(&r->text);
        mo_rdfxml_too_big(r);
    }
}

static void
comment(void *ctx, const xmlChar *text)
{
    struct rdfxml *r = ctx;

    if (!is_idle(r) && !r->ghosts && top(r)->kind == IN_XML &&
        !(r->in_unit && r->unit.rejected))
        mo_xml_comment(r, text);
}

static void
instruction(void *ctx, const xmlChar *target, const xmlChar *data)
{
    struct rdfxml *r = ctx;

    if (!is_idle(r) && !r->ghosts && top(r)->kind == IN_XML &&
        !(r->in_unit && r->unit.rejected))
        mo_xml_instruction(r, target, data);
    else if (!r->in_unit && !r->ghosts && data &&
             strcmp((const char *)target, MO_RDFXML_TARGET) == 0 &&
             strcmp((const char *)data, MO_RDFXML_DATA) == 0)
        mo_rdfxml_incomplete(r);
}

/* ---- What libxml2 says ---- */

/* Prefixes that are not declared are seen to where they are used. */
static void
complain_of_namespace(struct rdfxml *r, const xmlError *error)
{
    struct mo_str text = mo_str_trim(mo_str(error->message));

    if (error->code == XML_NS_ERR_UNDEFINED_NAMESPACE || r->ghosts || is_idle(r))
        return;
    blame(r, MO_DIAG_XML, MO_DIAG_NAMESPACE, text, mo_str(""));
}

static void
complain(void *ctx, xmlErrorPtr error)
{
    struct rdfxml *r = ctx;
    bool entity = error->code == XML_ERR_UNDECLARED_ENTITY;
    const char *text = entity ? error->str1 : error->message;
    size_t n;

    if (error->domain == XML_FROM_NAMESPACE && error->level == XML_ERR_ERROR)
        complain_of_namespace(r, error);
    if (error->level != XML_ERR_FATAL || r->fatal)
        return;
    r->fatal_at = mo_rdfxml_offset(r);
    r->fatal = error->code;
    r->fatal_id = entity ? MO_DIAG_ENTITY : MO_DIAG_XML;
    if (error->code ==
        XML_ERR_TAG_NAME_MISMATCH) /* its line is not that of the document */
        snprintf(r->fatal_text, sizeof r->fatal_text, "%s is closed by %s",
            error->str1 ? error->str1 : "", error->str2 ? error->str2 : "");
    else
        snprintf(r->fatal_text, sizeof r->fatal_text, "%s", text ? text : "");
    n = strlen(r->fatal_text);
    while (n && (r->fatal_text[n - 1] == '\n' || r->fatal_text[n - 1] == ' '))
        r->fatal_text[--n] = '\0';
}

void
mo_rdfxml_handlers(xmlSAXHandler *sax)
{
    memset(sax, 0, sizeof *sax);
    sax->initialized = XML_SAX2_MAGIC;
    mo_rdfxml_entities(sax);
    sax->startElementNs = start_element;
    sax->endElementNs = end_element;
    sax->characters = characters;
    sax->cdataBlock = characters;
    sax->ignorableWhitespace = characters;
    sax->comment = comment;
    sax->processingInstruction = instruction;
    sax->serror = complain;
}
