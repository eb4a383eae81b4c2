/*
 * Entities: those that the document declares itself. Nothing outside is ever opened, and
 * what HTML knows is taken as there.
 */
#include "rdfxml/rdfxml.h"

#include <libxml/SAX2.h>
#include <libxml/entities.h>
#include <stdio.h>

static void
start_document(void *ctx)
{
    xmlSAX2StartDocument(((struct rdfxml *)ctx)->parser);
}

static void
internal_subset(
    void *ctx, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    struct rdfxml *r = ctx;

    (void)external;
    (void)system;
    r->declares = true;
    xmlSAX2InternalSubset(r->parser, name, NULL, NULL);
}

static void
entity_declaration(void *ctx, const xmlChar *name, int type, const xmlChar *public_id,
    const xmlChar *system_id, xmlChar *content)
{
    struct rdfxml *r = ctx;

    (void)public_id;
    (void)system_id;
    if (type == XML_INTERNAL_GENERAL_ENTITY || type == XML_INTERNAL_PARAMETER_ENTITY) {
        xmlSAX2EntityDecl(r->parser, name, type, NULL, NULL, content);
    } else if (type == XML_EXTERNAL_PARAMETER_ENTITY && !r->reader.options.strict) {
        /* It holds declarations, which are missed where they are used. */
        xmlSAX2EntityDecl(
            r->parser, name, XML_INTERNAL_PARAMETER_ENTITY, NULL, NULL, BAD_CAST "");
        mo_rdfxml_report(r, MO_DIAG_ENTITY, mo_str((const char *)name), mo_str(""),
            mo_rdfxml_offset(r));
    }
}

/* An entity that the document does not declare, declared for it. */
static xmlEntityPtr
declare(struct rdfxml *r, const xmlChar *name, const xmlChar *text)
{
    xmlDocPtr doc = r->parser->myDoc;

    if (!doc || (!doc->intSubset && !xmlCreateIntSubset(doc, BAD_CAST "rdf", NULL, NULL)))
        return NULL;
    return xmlAddDocEntity(doc, name, XML_INTERNAL_GENERAL_ENTITY, NULL, NULL, text);
}

/*
 * One that stands outside, or nowhere, is empty for libxml2, and rejects the record: this
 * one, or the one whose start tag it stands in.
 */
static xmlEntityPtr
unknown_entity(struct rdfxml *r, const xmlChar *name, xmlEntityPtr entity)
{
    if (r->in_unit && !r->ghosts)
        mo_rdfxml_reject(r, MO_DIAG_ENTITY, mo_str((const char *)name), mo_str(""));
    else if (!r->ghosts)
        snprintf(r->unknown, sizeof r->unknown, "%s", (const char *)name);
    if (!entity && (entity = declare(r, name, BAD_CAST "")))
        entity->_private = r;
    return entity;
}

/* The row of a named character of HTML; a cell of it, or NULL. */
static const char *
html_character(const struct rdfxml *r, const xmlChar *name)
{
    const struct mo_table *t = mo_table(r->reader.options.vocab->tables, "entities");
    size_t names = mo_table_column(t, "name");

    for (size_t i = 0; i < t->rows; ++i)
        if (strcmp(mo_table_cell(t, i, names), (const char *)name) == 0)
            return mo_table_cell(t, i, mo_table_column(t, "code"));
    return NULL;
}

static xmlEntityPtr
html_entity(struct rdfxml *r, const xmlChar *name, const char *code)
{
    char text[32];

    snprintf(text, sizeof text, "&#x%s;", code);
    if (!r->ghosts)
        mo_rdfxml_report(r, MO_DIAG_HTML_ENTITY, mo_str((const char *)name), mo_str(""),
            mo_rdfxml_offset(r));
    return declare(r, name, BAD_CAST text);
}

static xmlEntityPtr
get_entity(void *ctx, const xmlChar *name)
{
    struct rdfxml *r = ctx;
    xmlEntityPtr entity = xmlSAX2GetEntity(r->parser, name);
    const char *html;

    if (r->reader.options.strict || (entity && !entity->_private))
        return entity;
    html = entity ? NULL : html_character(r, name);
    return html ? html_entity(r, name, html) : unknown_entity(r, name, entity);
}

static xmlEntityPtr
get_parameter_entity(void *ctx, const xmlChar *name)
{
    return xmlSAX2GetParameterEntity(((struct rdfxml *)ctx)->parser, name);
}

void
mo_rdfxml_entities(xmlSAXHandler *sax)
{
    sax->startDocument = start_document;
    sax->internalSubset = internal_subset;
    sax->entityDecl = entity_declaration;
    sax->getEntity = get_entity;
    sax->getParameterEntity = get_parameter_entity;
}
