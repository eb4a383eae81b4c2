/*
 * What catalogue services put around RDF/XML: the answers of OGC CSW, in which each record
 * is a document of its own (OGC 07-006r1, 10.8.5 and 10.9.5), and their errors (OGC 05-008, 8).
 */
#ifndef MO_RDFXML_ENVELOPE_H
#define MO_RDFXML_ENVELOPE_H

#include "rdfxml/rdfxml.h"

/* What an element is, by the table `envelopes`; `*says`: what a foreign one is called, borrowed. */
enum outside mo_rdfxml_outside(
    const struct rdfxml *r, const struct name *name, const char **says);

/* `n` attributes, as SAX2 has them, of the element that counts the records of a page. */
void mo_rdfxml_page(struct rdfxml *r, int n, const xmlChar **at);

/* The next thing in an envelope: its blank nodes and rdf:IDs are its own. */
void mo_rdfxml_own_scope(struct rdfxml *r);

/* In a unit that is no record: the attributes of an element, the text of one. */
void mo_rdfxml_aside_attributes(struct rdfxml *r, int n, const xmlChar **at);
void mo_rdfxml_aside_text(struct rdfxml *r, struct mo_str text);

/* Such a unit ends. */
void mo_rdfxml_end_aside(struct rdfxml *r);

#endif
