/*
 * RDF/XML of single records, for people to mend: each is a document by itself, nodes
 * without a name stand where they are used.
 */
#include <stdlib.h>

#include <moisson/text.h>

#include "base/table.h"
#include "dcat/vocab.h"
#include "rdf/writer.h"

enum { MAX_NESTING = 16, MAX_PREFIXES = 64 };

enum written { NOT_OURS, TO_WRITE, WRITTEN };

struct rdfxml_writer {
    struct mo_writer writer;
    const struct mo_table *prefixes;
};

static void put_node(struct rdfxml_writer *w, struct mo_term *node, unsigned depth);

/* ---- Names ---- */

/* What names begin with, and what only goes on in them. XML 1.0, 2.3 [4] and [4a] */
static const struct range {
    uint32_t first, last;
    bool begins;
} name_ranges[] = {{'-', '.', false}, {'0', '9', false}, {'A', 'Z', true},
    {'_', '_', true}, {'a', 'z', true}, {0xB7, 0xB7, false}, {0xC0, 0xD6, true},
    {0xD8, 0xF6, true}, {0xF8, 0x2FF, true}, {0x300, 0x36F, false}, {0x370, 0x37D, true},
    {0x37F, 0x1FFF, true}, {0x200C, 0x200D, true}, {0x203F, 0x2040, false},
    {0x2070, 0x218F, true}, {0x2C00, 0x2FEF, true}, {0x3001, 0xD7FF, true},
    {0xF900, 0xFDCF, true}, {0xFDF0, 0xFFFD, true}, {0x10000, 0xEFFFF, true}};

/* Where the local name of an IRI begins; its length when it has none. Namespaces in XML, 3 */
static size_t
local_from(struct mo_str iri)
{
    size_t from = iri.n;

    for (size_t at = 0; at < iri.n;) {
        const struct range *r = name_ranges, *end = r + sizeof name_ranges / sizeof *r;
        size_t here = at;
        uint32_t c = mo_utf8_next(iri, &at);

        while (r < end && c > r->last)
            ++r;
        if (r == end || c < r->first)
            from = iri.n;
        else if (r->begins && from == iri.n)
            from = here;
    }
    return from;
}

/* The row of a namespace in the table of prefixes, or the number of rows. */
static size_t
find_prefix(const struct rdfxml_writer *w, struct mo_str space)
{
    size_t i = 0;

    while (i < w->prefixes->rows && !mo_str_is(space, mo_table_cell(w->prefixes, i, 1)))
        ++i;
    return i;
}

static void
escape(struct mo_buf *out, struct mo_str text, bool attribute)
{
    for (size_t i = 0; i < text.n; ++i) {
        char c = text.p[i];

        if (c == '<')
            mo_buf_c(out, "&lt;");
        else if (c == '>')
            mo_buf_c(out, "&gt;");
        else if (c == '&')
            mo_buf_c(out, "&amp;");
        else if (c == '\r' || (attribute && (c == '"' || c == '\t' || c == '\n')))
            mo_buf_printf(out, "&#%d;", c);
        else
            mo_buf_byte(out, c);
    }
}

static void
put_attribute(struct mo_buf *out, const char *name, struct mo_str value)
{
    mo_buf_printf(out, " %s=\"", name);
    escape(out, value, true);
    mo_buf_byte(out, '"');
}

/* A start tag without its end, or an end tag. */
static void
put_tag(struct rdfxml_writer *w, const struct mo_term *name, bool closes)
{
    struct mo_buf *out = &w->writer.out;
    size_t n = local_from(name->text);
    struct mo_str space = mo_str_n(name->text.p, n);
    size_t row = find_prefix(w, space);
    bool known = row < w->prefixes->rows;

    mo_buf_printf(out, "%s%s:" MO_FMT, closes ? "</" : "<",
        known ? mo_table_cell(w->prefixes, row, 0) : "ns",
        MO_ARG(mo_str_from(name->text, n)));
    if (!known && !closes)
        put_attribute(out, "xmlns:ns", space);
}

/* ---- Nodes ---- */

static void
put_name(struct mo_buf *out, const struct mo_term *node, const char *iri)
{
    if (node->kind == MO_IRI)
        put_attribute(out, iri, node->text);
    else
        put_attribute(out, "rdf:nodeID", node->text);
}

static void
put_value(struct rdfxml_writer *w, const struct mo_stmt *s, unsigned depth)
{
    struct mo_buf *out = &w->writer.out;
    struct mo_term *o = s->o;

    mo_buf_printf(out, "%*s", (int)(2 * depth + 2), "");
    put_tag(w, s->p, false);
    if (o->kind == MO_LITERAL && o->datatype &&
        o->datatype->known == MO_K_RDF_XMLLITERAL) {
        mo_buf_c(out, " rdf:parseType=\"Literal\">");
        mo_buf_str(out, o->text);
    } else if (o->kind == MO_LITERAL) {
        if (o->lang.n)
            put_attribute(out, "xml:lang", o->lang);
        else if (o->datatype)
            put_attribute(out, "rdf:datatype", o->datatype->text);
        mo_buf_byte(out, '>');
        escape(out, o->text, false);
    } else if (o->anonymous && o->written == TO_WRITE && depth < MAX_NESTING) {
        mo_buf_c(out, ">\n");
        put_node(w, o, depth + 2);
        mo_buf_printf(out, "%*s", (int)(2 * depth + 2), "");
    } else {
        put_name(out, o, "rdf:resource");
        mo_buf_c(out, "/>\n");
        return;
    }
    put_tag(w, s->p, true);
    mo_buf_c(out, ">\n");
}

static const struct mo_stmt *
type_of(const struct mo_term *node)
{
    for (const struct mo_stmt *s = node->first; s; s = s->next)
        if (s->p->known == MO_K_RDF_TYPE && s->o->kind == MO_IRI &&
            local_from(s->o->text) < s->o->text.n)
            return s;
    return NULL;
}

static void
put_node(struct rdfxml_writer *w, struct mo_term *node, unsigned depth)
{
    static const struct mo_term description = {
        .text = {MO_RDF "Description", sizeof MO_RDF "Description" - 1}};
    const struct mo_stmt *type = type_of(node);
    const struct mo_term *name = type ? type->o : &description;
    struct mo_buf *out = &w->writer.out;

    node->written = WRITTEN;
    mo_buf_printf(out, "%*s", (int)(2 * depth), "");
    put_tag(w, name, false);
    if (!node->anonymous)
        put_name(out, node, "rdf:about");
    mo_buf_c(out, ">\n");
    for (const struct mo_stmt *s = node->first; s; s = s->next)
        if (s != type)
            put_value(w, s, depth);
    mo_buf_printf(out, "%*s", (int)(2 * depth), "");
    put_tag(w, name, true);
    mo_buf_c(out, ">\n");
}

static void
put_link(struct rdfxml_writer *w, const struct mo_stmt *link)
{
    struct mo_buf *out = &w->writer.out;

    mo_buf_c(out, "  <rdf:Description");
    put_name(out, link->s, "rdf:about");
    mo_buf_c(out, ">\n");
    put_value(w, link, 1);
    mo_buf_c(out, "  </rdf:Description>\n");
}

/* ---- Documents ---- */

static void
put_root(struct rdfxml_writer *w, const struct mo_record *record)
{
    bool used[MAX_PREFIXES] = {false};
    struct mo_buf *out = &w->writer.out;

    used[find_prefix(w, mo_str(MO_RDF))] = true;
    for (size_t i = 0; i < record->n_nodes; ++i) {
        const struct mo_term *node = record->nodes[i];

        for (int links = 0; links < 2; ++links)
            for (const struct mo_stmt *s = links ? node->first_link : node->first; s;
                 s = s->next) {
                const struct mo_term *name = s->p->known == MO_K_RDF_TYPE ? s->o : s->p;
                size_t row =
                    find_prefix(w, mo_str_n(name->text.p, local_from(name->text)));

                used[row < MAX_PREFIXES ? row : 0] = true;
            }
    }
    mo_buf_c(out, "<rdf:RDF");
    for (size_t i = 0; i < w->prefixes->rows && i < MAX_PREFIXES; ++i)
        if (used[i]) {
            mo_buf_printf(out, "\n    xmlns:%s=\"", mo_table_cell(w->prefixes, i, 0));
            escape(out, mo_str(mo_table_cell(w->prefixes, i, 1)), true);
            mo_buf_byte(out, '"');
        }
    mo_buf_c(out, ">\n");
}

static enum mo_put
put(struct mo_writer *writer, const struct mo_record *record)
{
    struct rdfxml_writer *w = (struct rdfxml_writer *)writer;

    put_root(w, record);
    for (size_t i = 0; i < record->n_nodes; ++i) {
        record->nodes[i]->written = TO_WRITE;
        if (record->nodes[i]->first_link)
            record->nodes[i]->anonymous = false;
    }
    for (size_t i = 0; i < record->n_nodes; ++i) {
        struct mo_term *node = record->nodes[i];

        if (node->written == TO_WRITE &&
            i > 0) /* nothing leads to it: it needs its name */
            node->anonymous = false;
        if (node->written == TO_WRITE && (node->first || i == 0))
            put_node(w, node, 1);
        for (const struct mo_stmt *s = node->first_link; s; s = s->next)
            put_link(w, s);
        node->written = NOT_OURS;
    }
    mo_buf_c(&writer->out, "</rdf:RDF>\n");
    return mo_writer_flush(writer, false) ? MO_PUT_TROUBLE : MO_PUT_WRITTEN;
}

static void
destroy(struct mo_writer *writer)
{
    mo_writer_done(writer);
    free(writer);
}

static const struct mo_writer_class rdfxml_writer_class = {.free = destroy, .put = put};

struct mo_writer *
mo_rdfxml_record_writer(const struct mo_writer_options *options)
{
    struct rdfxml_writer *w = calloc(1, sizeof *w);

    if (!w)
        return NULL;
    mo_writer_init(&w->writer, &rdfxml_writer_class, options);
    w->prefixes = mo_table(options->vocab->tables, "prefixes");
    return &w->writer;
}
