#include "rdfxml/envelope.h"

#include "base/ctype.h"
#include "base/hash.h"
#include "base/table.h"

enum { LONGEST_FAULT = 4096 /* bytes of what a service says went wrong */ };

#define HYDRA "http://www.w3.org/ns/hydra/core#"
#define CSW "http://www.opengis.net/cat/csw/2.0.2#"

enum outside
mo_rdfxml_outside(const struct rdfxml *r, const struct name *name, const char **says)
{
    static const char *const roles[] = {[OUT_NODE] = "record",
        [OUT_ENVELOPE] = "envelope",
        [OUT_LIST] = "list",
        [OUT_ASIDE] = "aside",
        [OUT_FAULT] = "fault",
        [OUT_FOREIGN] = "foreign"};
    const struct mo_table *t = mo_table(r->reader.options.vocab->tables, "envelopes");
    struct mo_str space = mo_str((const char *)name->space),
                  local = mo_str((const char *)name->local);

    for (size_t i = 0; i < t->rows; ++i) {
        if (!mo_str_is(local, mo_table_cell(t, i, mo_table_column(t, "element"))) ||
            !mo_str_is(space, mo_table_cell(t, i, mo_table_column(t, "namespace"))))
            continue;
        *says = mo_table_cell(t, i, mo_table_column(t, "says"));
        for (size_t k = 0; k < sizeof roles / sizeof roles[0]; ++k)
            if (strcmp(roles[k], mo_table_cell(t, i, mo_table_column(t, "role"))) == 0)
                return (enum outside)k;
    }
    return OUT_NODE;
}

/* ---- Pages ---- */

/* What the attributes of a list become: Hydra has a name for the first. */
static const struct {
    const char *attribute, *property;
} counts[] = {
    {"numberOfRecordsMatched", HYDRA "totalItems"},
    {"numberOfRecordsReturned", CSW "numberOfRecordsReturned"},
    {"nextRecord", CSW "nextRecord"},
};

static struct mo_str
value_of(const xmlChar **attribute)
{
    return mo_str_n((const char *)attribute[3], (size_t)(attribute[4] - attribute[3]));
}

static void
say(struct rdfxml *r, struct mo_term *page, const char *property, struct mo_term *object)
{
    struct mo_term *p = mo_graph_iri(r->unit.graph, mo_str(property));

    if (!page || !p || !object || mo_graph_add(r->unit.graph, page, p, object))
        mo_rdfxml_trouble(r);
}

static void
say_counts(struct rdfxml *r, struct mo_term *page, const xmlChar **attribute)
{
    struct mo_graph *graph = r->unit.graph;
    struct mo_str value = value_of(attribute);

    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; ++k)
        if (strcmp((const char *)attribute[0], counts[k].attribute) == 0)
            say(r, page, counts[k].property,
                mo_graph_literal(graph, value,
                    mo_graph_iri(graph, mo_str(MO_XSD "integer")), mo_str("")));
    if (strcmp((const char *)attribute[0], "numberOfRecordsMatched") == 0)
        r->reader.empty_list = mo_str_is(value, "0");
}

void
mo_rdfxml_page(struct rdfxml *r, int n, const xmlChar **at)
{
    struct mo_place place = mo_rdfxml_place(r, mo_rdfxml_tag(r));
    struct mo_graph *graph = mo_gather_graph(r->gather);
    struct mo_term *page;

    r->unit.graph = graph;
    page = graph ? mo_rdfxml_anonymous(r) : NULL;
    if (!page) {
        mo_rdfxml_trouble(r);
        return;
    }
    ++r->units;
    say(r, page, MO_RDF "type", mo_graph_iri(graph, mo_str(HYDRA "PagedCollection")));
    for (int i = 0; i < n; ++i)
        say_counts(r, page, at + 5 * i);
    if (mo_gather_unit(r->gather, graph, NULL, &place, 0))
        mo_rdfxml_trouble(r);
    r->unit.graph = NULL;
}

void
mo_rdfxml_own_scope(struct rdfxml *r)
{
    r->document = mo_mix(r->envelope + mo_rdfxml_tag(r));
}

/* ---- What is no record ---- */

void
mo_rdfxml_aside_attributes(struct rdfxml *r, int n, const xmlChar **at)
{
    static const char *const names[] = {"exceptionCode", "code", "locator"};

    for (size_t k = 0; k < sizeof names / sizeof names[0]; ++k)
        for (int i = 0; i < n; ++i)
            if (strcmp((const char *)at[5 * i], names[k]) == 0) {
                mo_rdfxml_aside_text(r, value_of(at + 5 * i));
                mo_rdfxml_aside_text(r, mo_str(" "));
            }
}

/* With one space for all that stand there, and for none at the head. */
void
mo_rdfxml_aside_text(struct rdfxml *r, struct mo_str text)
{
    for (size_t i = 0; i < text.n && r->text.n < LONGEST_FAULT; ++i) {
        bool space = mo_is_space(text.p[i]);

        if (!space || (r->text.n && r->text.p[r->text.n - 1] != ' '))
            mo_buf_byte(&r->text, space ? ' ' : text.p[i]);
    }
}

void
mo_rdfxml_end_aside(struct rdfxml *r)
{
    struct mo_str text = mo_str_trim(mo_buf_view(&r->text));

    r->unit.rejected = false;
    if (r->unit.aside == OUT_FAULT) {
        mo_rdfxml_report(r, MO_DIAG_SERVICE_FAULT, text, mo_str(""),
            r->unit.lost ? mo_rdfxml_offset(r) : r->unit.start);
        r->incomplete = true;
    }
    mo_buf_clear(&r->text);
}
