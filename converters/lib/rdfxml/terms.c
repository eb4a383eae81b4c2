#include "rdfxml/grammar.h"

#include <libxml/parserInternals.h>
#include <stdlib.h>

#include <moisson/iri.h>

#include "base/hash.h"

void
mo_rdfxml_blame(struct rdfxml *r, enum mo_diag_id error, enum mo_diag_id repair,
    struct mo_str detail, struct mo_str property)
{
    if (mo_rdfxml_is_strict(r))
        mo_rdfxml_reject(r, error, detail, property);
    else
        mo_rdfxml_report(r, repair, detail, property, mo_rdfxml_tag(r));
}

void
mo_rdfxml_refuse(struct rdfxml *r, enum mo_diag_id id, const char *detail)
{
    mo_rdfxml_reject(r, id, mo_str(detail), mo_str(""));
}

/* ---- Terms ---- */

struct mo_term *
mo_rdfxml_term_of(struct rdfxml *r, struct name *name)
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

struct mo_term *
mo_rdfxml_known_term(struct rdfxml *r, enum mo_known known)
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

struct mo_term *
mo_rdfxml_iri(struct rdfxml *r, struct mo_str base, struct mo_str text)
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

struct mo_term *
mo_rdfxml_named_blank(struct rdfxml *r, struct mo_str id)
{
    if (!is_ncname(id)) {
        if (mo_rdfxml_is_strict(r)) {
            mo_rdfxml_reject(r, MO_DIAG_RDF_NAME, id, mo_str("rdf:nodeID"));
            return NULL;
        }
        if (is_address(id)) {
            mo_rdfxml_report(
                r, MO_DIAG_NODE_ID_IRI, id, mo_str("rdf:nodeID"), mo_rdfxml_tag(r));
            return mo_rdfxml_iri(r, mo_str(""), id);
        }
        mo_rdfxml_report(r, MO_DIAG_NODE_ID, id, mo_str("rdf:nodeID"), mo_rdfxml_tag(r));
    }
    return blank(r, mo_mix(mo_hash(r->document, id)), false);
}

/* rdf:ID: "#" and the name, against the base; each only once (6.3.3, constraint-id). */
struct mo_term *
mo_rdfxml_named_by_id(struct rdfxml *r, struct mo_str base, struct mo_str id)
{
    char text[512];
    struct mo_term *term;
    struct mo_slot *slot;

    if (!is_ncname(id) && (mo_rdfxml_is_strict(r) || id.n >= sizeof text - 1)) {
        mo_rdfxml_reject(r, MO_DIAG_RDF_NAME, id, mo_str("rdf:ID"));
        return NULL;
    }
    if (!is_ncname(id))
        mo_rdfxml_report(r, MO_DIAG_NODE_ID, id, mo_str("rdf:ID"), mo_rdfxml_tag(r));
    text[0] = '#';
    memcpy(text + 1, id.p, id.n);
    term = mo_rdfxml_iri(r, base, mo_str_n(text, id.n + 1));
    if (!term)
        return NULL;
    slot = mo_index_add(&r->ids, mo_hash(r->document, term->text));
    if (!slot) {
        mo_rdfxml_trouble(r);
        return NULL;
    }
    /* What is read again stands where it stood. */
    if (slot->flags && slot->at != (mo_rdfxml_tag(r) & MO_SLOT_AT))
        mo_rdfxml_blame(r, MO_DIAG_RDF_ID_TWICE, MO_DIAG_ID_TWICE, id, mo_str("rdf:ID"));
    else
        slot->at = mo_rdfxml_tag(r) & MO_SLOT_AT;
    slot->flags = 1;
    return term;
}

void
mo_rdfxml_add(struct rdfxml *r, struct mo_term *s, struct mo_term *p, struct mo_term *o)
{
    if (!s || !p || !o || (r->in_unit && r->unit.rejected))
        return;
    if (o == r->fresh ? mo_graph_add_new(r->unit.graph, s, p, o)
                      : mo_graph_add(r->unit.graph, s, p, o))
        mo_rdfxml_trouble(r);
    r->fresh = NULL;
}

struct mo_term *
mo_rdfxml_literal(
    struct rdfxml *r, struct mo_str text, struct mo_term *datatype, struct mo_str lang)
{
    size_t n = r->unit.graph->n_terms;

    return note(r,
        mo_graph_literal(r->unit.graph, text, datatype, datatype ? mo_str("") : lang), n);
}

void
mo_rdfxml_state(struct rdfxml *r, const struct frame *property, struct mo_term *subject,
    struct mo_term *object)
{
    struct mo_term *statement = property->statement;

    mo_rdfxml_add(r, subject, property->predicate, object);
    if (!statement || !subject || !object)
        return;
    subject->anonymous = object->anonymous = false;
    mo_rdfxml_add(r, statement, mo_rdfxml_known_term(r, MO_K_RDF_TYPE),
        mo_rdfxml_known_term(r, MO_K_RDF_STATEMENT));
    mo_rdfxml_add(r, statement, mo_rdfxml_known_term(r, MO_K_RDF_SUBJECT), subject);
    mo_rdfxml_add(
        r, statement, mo_rdfxml_known_term(r, MO_K_RDF_PREDICATE), property->predicate);
    mo_rdfxml_add(r, statement, mo_rdfxml_known_term(r, MO_K_RDF_OBJECT), object);
}
