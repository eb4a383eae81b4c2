#include "rdfxml/grammar.h"

/* ---- Node elements (7.2.11) ---- */

/* What the attributes name the node; NULL when they contradict each other. */
static struct mo_term *
node_of(struct rdfxml *r, const struct attributes *a, const struct frame *frame)
{
    if (a->has[RDF_ID] + a->has[RDF_NODE_ID] + a->has[RDF_ABOUT] > 1) {
        mo_rdfxml_refuse(r, MO_DIAG_RDF_TWO_NAMES, "");
        return NULL;
    }
    if (a->has[RDF_ABOUT])
        return mo_rdfxml_iri(r, frame->base, a->value[RDF_ABOUT]);
    if (a->has[RDF_ID])
        return mo_rdfxml_named_by_id(r, frame->base, a->value[RDF_ID]);
    if (a->has[RDF_NODE_ID])
        return mo_rdfxml_named_blank(r, a->value[RDF_NODE_ID]);
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
        mo_rdfxml_state(r, parent, parent->subject, node);
    } else if (parent->kind == IN_COLLECTION) {
        cell = mo_rdfxml_anonymous(r);
        if (parent->tail)
            mo_rdfxml_add(r, parent->tail, mo_rdfxml_known_term(r, MO_K_RDF_REST), cell);
        else
            mo_rdfxml_state(r, parent, parent->subject, cell);
        mo_rdfxml_add(r, cell, mo_rdfxml_known_term(r, MO_K_RDF_FIRST), node);
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
        mo_rdfxml_add(r, object, mo_rdfxml_known_term(r, MO_K_RDFS_COMMENT),
            mo_rdfxml_literal(r, text, NULL, property->lang));
    } else {
        mo_rdfxml_report(r, MO_DIAG_SEVERAL_VALUES, text, predicate, at);
        mo_rdfxml_state(r, property, property->subject,
            mo_rdfxml_literal(r, text, NULL, property->lang));
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
    if (mo_rdfxml_is_strict(r) || property->datatype || property->statement)
        return false;
    if (property->has_object || property->given)
        mo_rdfxml_report(r, MO_DIAG_SEVERAL_VALUES, mo_str(""),
            property->predicate ? property->predicate->text : mo_str(""),
            mo_rdfxml_tag(r));
    if (text)
        keep_text(r, property);
    return true;
}

void
mo_rdfxml_start_node(struct rdfxml *r, struct name *name, struct attributes *a)
{
    size_t parent = r->n_frames - 1;
    struct frame *around = &r->frames[parent], *frame;
    bool first = !r->unit.placed;
    struct mo_term *node;

    if (name->syntax != NO_SYNTAX && name->syntax != RDF_DESCRIPTION &&
        name->syntax != RDF_TYPE_ATTRIBUTE) {
        mo_rdfxml_refuse(r, MO_DIAG_RDF_ELEMENT, name->iri.p);
        return;
    }
    if (around->kind == IN_PROPERTY && !may_hold_more(r, around)) {
        mo_rdfxml_refuse(r, MO_DIAG_RDF_CONTENT, name->iri.p);
        return;
    }
    mo_rdfxml_read_attributes(r, a, 1u << RDF_ID | 1u << RDF_ABOUT | 1u << RDF_NODE_ID);
    if (first)
        begin_record(r, a);
    if (r->unit.rejected || !(frame = mo_rdfxml_push_frame(r, IN_NODE)))
        return;
    mo_rdfxml_enter_scope(r, frame, a);
    node = node_of(r, a, frame);
    frame->subject = node;
    if (!node)
        return;
    if (first && node->kind == MO_IRI)
        name_record(r, node->text);
    attach(r, parent, node);
    frame = mo_rdfxml_top(r);
    if (name->syntax != RDF_DESCRIPTION)
        mo_rdfxml_add(
            r, node, mo_rdfxml_known_term(r, MO_K_RDF_TYPE), mo_rdfxml_term_of(r, name));
    mo_rdfxml_state_attributes(r, a, node, frame->base, frame->lang);
    if (name->known == MO_K_DCAT_CATALOG &&
        (r->unit.frame == parent + 1 || r->unit.frame == parent))
        mo_rdfxml_keep_unit(r, parent + 1, mo_rdfxml_tag(r));
}

/* ---- Property elements (7.2.14) ---- */

/* rdf:li stands for rdf:_1, rdf:_2 and so on (7.4). */
static struct mo_term *
predicate_of(struct rdfxml *r, struct name *name, struct frame *node)
{
    char text[sizeof MO_RDF + 24];

    if (name->syntax != RDF_LI)
        return mo_rdfxml_term_of(r, name);
    snprintf(text, sizeof text, MO_RDF "_%u", ++node->li);
    return mo_rdfxml_iri(r, mo_str(""), mo_str(text));
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
        mo_rdfxml_refuse(r, MO_DIAG_RDF_TWO_OBJECTS, "");
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

        mo_rdfxml_state(r, frame, frame->subject, node);
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
    struct mo_term *object =
        a->has[RDF_RESOURCE]  ? mo_rdfxml_iri(r, frame->base, a->value[RDF_RESOURCE])
        : a->has[RDF_NODE_ID] ? mo_rdfxml_named_blank(r, a->value[RDF_NODE_ID])
                              : mo_rdfxml_anonymous(r);

    frame->given = true;
    frame->object = object;
    mo_rdfxml_state(r, frame, frame->subject, object);
    if (object && a->property) {
        mo_rdfxml_state_attributes(r, a, object, frame->base, frame->lang);
        mo_graph_close(r->unit.graph, object);
    }
}

void
mo_rdfxml_start_property(struct rdfxml *r, struct name *name, struct attributes *a)
{
    size_t parent = r->n_frames - 1;
    struct mo_term *subject = mo_rdfxml_subject_of(r, &r->frames[parent]);
    struct frame *frame;

    if (!is_property_name(name->syntax)) {
        mo_rdfxml_refuse(r, MO_DIAG_RDF_PROPERTY, name->iri.p);
        return;
    }
    if (!mo_rdfxml_read_attributes(r, a,
            1u << RDF_ID | 1u << RDF_RESOURCE | 1u << RDF_NODE_ID | 1u << RDF_PARSE_TYPE |
                1u << RDF_DATATYPE) ||
        !agree(r, a) || !(frame = mo_rdfxml_push_frame(r, IN_PROPERTY)))
        return;
    mo_rdfxml_enter_scope(r, frame, a);
    frame->subject = subject;
    frame->predicate = predicate_of(r, name, &r->frames[parent]);
    if (a->has[RDF_ID])
        frame->statement = mo_rdfxml_named_by_id(r, frame->base, a->value[RDF_ID]);
    if (a->has[RDF_DATATYPE])
        frame->datatype = mo_rdfxml_iri(r, frame->base, a->value[RDF_DATATYPE]);
    mo_buf_clear(&r->text);
    if (a->has[RDF_PARSE_TYPE])
        start_parse_type(r, frame, a->value[RDF_PARSE_TYPE]);
    else if (a->has[RDF_RESOURCE] || a->has[RDF_NODE_ID] || a->property)
        start_given(r, frame, a);
}

void
mo_rdfxml_end_property(struct rdfxml *r, struct frame *frame)
{
    bool text = !mo_str_blank(mo_buf_view(&r->text));

    if (text && (frame->has_object || frame->given)) {
        if (mo_rdfxml_is_strict(r) || frame->statement)
            mo_rdfxml_refuse(r, MO_DIAG_RDF_CONTENT, "");
        else
            keep_text(r, frame);
    } else if (!frame->has_object && !frame->given) {
        mo_rdfxml_state(r, frame, frame->subject,
            mo_rdfxml_literal(r, mo_str_n(r->text.p ? r->text.p : "", r->text.n),
                frame->datatype, frame->lang));
    }
    mo_buf_clear(&r->text);
}

void
mo_rdfxml_end_collection(struct rdfxml *r, struct frame *frame)
{
    struct mo_term *nil = mo_rdfxml_known_term(r, MO_K_RDF_NIL);

    if (frame->tail)
        mo_rdfxml_add(r, frame->tail, mo_rdfxml_known_term(r, MO_K_RDF_REST), nil);
    else
        mo_rdfxml_state(r, frame, frame->subject, nil);
}

void
mo_rdfxml_end_xml(struct rdfxml *r, struct frame *frame)
{
    mo_rdfxml_state(r, frame, frame->subject,
        mo_rdfxml_literal(r, mo_str_n(r->text.p ? r->text.p : "", r->text.n),
            mo_rdfxml_known_term(r, MO_K_RDF_XMLLITERAL), mo_str("")));
    mo_xml_reset(r);
    mo_buf_clear(&r->text);
}
