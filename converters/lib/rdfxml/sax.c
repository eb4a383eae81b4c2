#include "rdfxml/grammar.h"

#include "dcat/values.h"
#include "rdfxml/envelope.h"

/* Whether what begins here is no part of a unit yet. */
static bool
is_outside(const struct rdfxml *r)
{
    enum frame_kind kind = mo_rdfxml_top(r)->kind;

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
    struct frame *frame = mo_rdfxml_push_frame(r, kind);

    if (!frame)
        return;
    mo_rdfxml_enter_scope(r, frame, a);
    mo_rdfxml_keep_frame(r, frame, mo_rdfxml_tag(r));
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

    if (mo_rdfxml_top(r)->kind == IN_DOCUMENT)
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
        mo_rdfxml_read_attributes(r, a, 0);
        if (a->property)
            mo_rdfxml_refuse(r, MO_DIAG_RDF_ATTRIBUTE, a->property);
        start_around(r, IN_RDF, a);
        return;
    }
    mo_rdfxml_begin_unit(r, prefix, local);
    if (mo_rdfxml_is_idle(r))
        return;
    if (role == OUT_FOREIGN) {
        mo_rdfxml_refuse(r, MO_DIAG_FOREIGN, says);
    } else if (role != OUT_NODE) {
        r->unit.aside = role;
        r->unit.rejected = true;
    } else {
        mo_rdfxml_start_node(r, name, a);
    }
}

/* Whether nothing can be made of an element in an envelope: it is a record then, a bad one. */
static bool
is_refused(struct rdfxml *r, const xmlChar *prefix, const xmlChar *space)
{
    return mo_rdfxml_top(r)->kind == IN_ENVELOPE &&
           (r->unknown[0] || r->depth > r->reader.options.max_depth ||
               (!space && !(prefix && mo_rdfxml_known_prefix(r, prefix))));
}

/* Whether what stands in a property is HTML that was meant for its text. */
static bool
is_unescaped_html(const struct rdfxml *r, const xmlChar *local)
{
    return !mo_rdfxml_is_strict(r) && r->in_unit && !r->unit.lost &&
           r->careful != CAREFUL_HTML && mo_rdfxml_top(r)->kind == IN_PROPERTY &&
           mo_html_is_tag(mo_str((const char *)local));
}

/* Whether a record begins inside of one of its class: that one was never closed. */
static bool
is_next_record(struct rdfxml *r, const xmlChar *prefix, const struct name *name,
    const struct attributes *a)
{
    struct mo_str unit = mo_str(r->unit_name);
    size_t n = prefix ? strlen((const char *)prefix) + 1 : 0;

    if (mo_rdfxml_is_strict(r) || r->unit.frame != r->n_frames - 1 ||
        !mo_str_eq(mo_str_from(unit, n), mo_str((const char *)name->local)))
        return false;
    for (int i = 0; i < a->n; ++i) {
        const struct name *attribute = mo_rdfxml_attribute_name(r, a, i, false);

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
    if (mo_rdfxml_is_idle(r))
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
        mo_rdfxml_begin_unit(r, prefix, local);
    if (r->unknown[0]) {
        mo_rdfxml_refuse(r, MO_DIAG_ENTITY, r->unknown);
        r->unknown[0] = '\0';
    }
    if (mo_rdfxml_is_idle(r))
        return;
    if (r->depth > r->reader.options.max_depth) {
        mo_rdfxml_refuse(r, MO_DIAG_TOO_DEEP, (const char *)local);
        return;
    }
    if (mo_rdfxml_top(r)->kind == IN_XML) {
        mo_xml_start(r, local, prefix, space, n, at);
        return;
    }
    if (!space && prefix)
        space = mo_rdfxml_repair_prefix(r, prefix);
    else if (!space && is_unescaped_html(r, local))
        mo_rdfxml_break(
            r, MO_DIAG_NO_NAMESPACE, (const char *)local, mo_rdfxml_offset(r));
    else if (!space)
        mo_rdfxml_refuse(r, MO_DIAG_NO_NAMESPACE, (const char *)local);
    memset(&a, 0, offsetof(struct attributes, value));
    a.n = n;
    a.at = at;
    mo_names_trim(r->names);
    name = mo_names_get(r->names, space, local);
    if (!name)
        mo_rdfxml_trouble(r);
    if (mo_rdfxml_is_idle(r) || !name || !space || (r->in_unit && r->unit.rejected))
        return;
    if (is_outside(r)) {
        start_outside(r, prefix, local, name, &a);
        return;
    }
    if (mo_rdfxml_top(r)->kind == IN_NODE && mo_rdfxml_lists(name->known) && r->in_unit &&
        r->unit.frame == r->n_frames - 1) {
        mo_rdfxml_keep_unit(r, r->n_frames - 1, r->unit.start);
        if (!r->in_unit)
            mo_rdfxml_begin_unit(r, prefix, local);
    }
    if (mo_rdfxml_is_idle(r))
        return;
    if (mo_rdfxml_top(r)->kind == IN_NODE && is_next_record(r, prefix, name, &a)) {
        mo_rdfxml_break(r, MO_DIAG_NOT_CLOSED, r->unit_name, mo_rdfxml_offset(r));
    } else if (mo_rdfxml_top(r)->kind == IN_NODE) {
        mo_rdfxml_start_property(r, name, &a);
    } else {
        mo_rdfxml_start_node(r, name, &a);
    }
}

static void
end_element(void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *space)
{
    struct rdfxml *r = ctx;
    bool ends_unit, alive;

    (void)space;
    mo_passing_leave(r->passing);
    if (mo_rdfxml_is_idle(r) || r->ghosts)
        return;
    ends_unit = r->in_unit && r->depth == r->unit.depth;
    alive = !r->in_unit || !r->unit.rejected;
    if (--r->depth == 0)
        r->root_end = mo_rdfxml_offset(r);
    if (alive) {
        struct frame *frame = mo_rdfxml_top(r);

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
                mo_rdfxml_end_property(r, frame);
            break;
        case IN_COLLECTION: mo_rdfxml_end_collection(r, frame); break;
        case IN_XML: mo_rdfxml_end_xml(r, frame); break;
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

    if (!mo_rdfxml_is_idle(r) && r->in_unit && r->unit.aside)
        mo_rdfxml_aside_text(r, text);
    if (mo_rdfxml_is_idle(r) || r->ghosts || (r->in_unit && r->unit.rejected))
        return;
    frame = mo_rdfxml_top(r);
    if (frame->kind == IN_XML) {
        mo_xml_text(r, text);
    } else if (frame->kind == IN_PROPERTY && !frame->kept) {
        mo_buf_str(&r->text, text);
    } else if (!mo_str_blank(text)) {
        if (mo_str_is(mo_str_trim(text), "\xEF\xBB\xBF") && !mo_rdfxml_is_strict(r))
            mo_rdfxml_report(
                r, MO_DIAG_MARK_INSIDE, mo_str(""), mo_str(""), mo_rdfxml_offset(r));
        else if (mo_rdfxml_is_strict(r))
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

    if (!mo_rdfxml_is_idle(r) && !r->ghosts && mo_rdfxml_top(r)->kind == IN_XML &&
        !(r->in_unit && r->unit.rejected))
        mo_xml_comment(r, text);
}

static void
instruction(void *ctx, const xmlChar *target, const xmlChar *data)
{
    struct rdfxml *r = ctx;

    if (!mo_rdfxml_is_idle(r) && !r->ghosts && mo_rdfxml_top(r)->kind == IN_XML &&
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

    if (error->code == XML_NS_ERR_UNDEFINED_NAMESPACE || r->ghosts ||
        mo_rdfxml_is_idle(r))
        return;
    mo_rdfxml_blame(r, MO_DIAG_XML, MO_DIAG_NAMESPACE, text, mo_str(""));
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
