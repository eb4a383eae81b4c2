#include "rdfxml/grammar.h"

/* A namespace as libxml2 would hand it over. */
static const xmlChar *
space_named(struct rdfxml *r, struct mo_str space)
{
    return xmlDictLookup(r->parser->dict, (const xmlChar *)space.p, (int)space.n);
}

const xmlChar *
mo_rdfxml_known_prefix(struct rdfxml *r, const xmlChar *prefix)
{
    struct mo_str space =
        mo_vocab_namespace(r->reader.options.vocab, mo_str((const char *)prefix));

    return space.n && !mo_rdfxml_is_strict(r) ? space_named(r, space) : NULL;
}

const xmlChar *
mo_rdfxml_repair_prefix(struct rdfxml *r, const xmlChar *prefix)
{
    const xmlChar *space = mo_rdfxml_known_prefix(r, prefix);

    if (space)
        mo_rdfxml_report(r, MO_DIAG_PREFIX_REPAIRED, mo_str((const char *)prefix),
            mo_str(""), mo_rdfxml_tag(r));
    else
        mo_rdfxml_refuse(r, MO_DIAG_PREFIX, (const char *)prefix);
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

struct name *
mo_rdfxml_attribute_name(struct rdfxml *r, const struct attributes *a, int i, bool report)
{
    const xmlChar **at = a->at + 5 * i;
    const xmlChar *space = at[2];
    struct name *name;

    if (!space && at[1])
        space =
            report ? mo_rdfxml_repair_prefix(r, at[1]) : mo_rdfxml_known_prefix(r, at[1]);
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

bool
mo_rdfxml_read_attributes(struct rdfxml *r, struct attributes *a, unsigned allowed)
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
        name = mo_rdfxml_attribute_name(r, a, i, true);
        if (!name)
            continue;
        if (!a->property &&
            (name->syntax == NO_SYNTAX || name->syntax == RDF_TYPE_ATTRIBUTE))
            a->property = (const char *)at[0];
        if (name->syntax == NO_SYNTAX)
            continue;
        if (a->has[name->syntax] && /* under two prefixes */
            !mo_str_eq(a->value[name->syntax], attribute_value(a, i)))
            mo_rdfxml_refuse(r, MO_DIAG_RDF_ATTRIBUTE, (const char *)at[0]);
        a->has[name->syntax] = true;
        a->value[name->syntax] = attribute_value(a, i);
        if (name->syntax != RDF_TYPE_ATTRIBUTE && !(allowed & 1u << name->syntax))
            mo_rdfxml_refuse(r, MO_DIAG_RDF_ATTRIBUTE, (const char *)at[0]);
    }
    return !r->unit.rejected;
}

void
mo_rdfxml_state_attributes(struct rdfxml *r, const struct attributes *a,
    struct mo_term *subject, struct mo_str base, struct mo_str lang)
{
    for (int i = 0; a->property && i < a->n; ++i) {
        struct name *name = mo_rdfxml_attribute_name(r, a, i, false);

        if (!name || (name->syntax != NO_SYNTAX && name->syntax != RDF_TYPE_ATTRIBUTE))
            continue;
        mo_rdfxml_add(r, subject, mo_rdfxml_term_of(r, name),
            name->syntax == RDF_TYPE_ATTRIBUTE
                ? mo_rdfxml_iri(r, base, attribute_value(a, i))
                : mo_rdfxml_literal(r, attribute_value(a, i), NULL, lang));
    }
}
