/*
 * RDF/XML (RDF 1.1 XML Syntax), for people to read: nodes stand where they are first
 * used, and records in the catalogue that lists them. A document is written as its
 * records come; of what went before only hashes are kept.
 */
#include <stdlib.h>

#include <moisson/text.h>

#include "base/hash.h"
#include "base/table.h"
#include "dcat/index.h"
#include "dcat/vocab.h"
#include "rdf/list.h"
#include "rdf/writer.h"
#include "rdfxml/elements.h"
#include "rdfxml/rdfxml.h"

enum { MAX_NESTING = 36 /* elements */, MAX_REMEMBERED = 1 << 16 };

struct rdfxml_writer {
    struct mo_writer writer;
    bool single; /* each record is a document by itself */
    struct elements elements;
    const struct mo_record *record; /* in hand */
    enum mo_diag_id
        unfit; /* what could not be written as it is; MO_DIAG_COUNT: nothing */

    /* The node whose element stands open around records, by kind and text. */
    bool inside;
    enum mo_term_kind around_kind;
    struct mo_buf around;

    /* Descriptions written before, by hash: of shared classes, and others. */
    struct mo_index shared, others;
};

static void put_node(struct rdfxml_writer *w, struct mo_term *node, unsigned depth);

/* ---- Text ---- */

enum { PLAIN, MARKUP, QUOTED /* in attributes */, FORBIDDEN, PERHAPS };

/* What becomes of bytes. U+FFFE and U+FFFF, which begin with 0xEF, are no characters of XML. */
/* clang-format off */
#define EIGHT FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN
static const unsigned char classes[256] = {
    EIGHT,
    FORBIDDEN, QUOTED, QUOTED, FORBIDDEN, FORBIDDEN, MARKUP, FORBIDDEN, FORBIDDEN,
    EIGHT,
    EIGHT,
    ['"'] = QUOTED, ['&'] = MARKUP, ['<'] = MARKUP, ['>'] = MARKUP, [0xEF] = PERHAPS,
};
#undef EIGHT
/* clang-format on */

static void
put_special(struct mo_buf *out, char c)
{
    switch (c) {
    case '<': mo_buf_c(out, "&lt;"); break;
    case '>': mo_buf_c(out, "&gt;"); break;
    case '&': mo_buf_c(out, "&amp;"); break;
    case '"': mo_buf_c(out, "&quot;"); break;
    default: mo_buf_printf(out, "&#%d;", c);
    }
}

static bool
is_noncharacter(struct mo_str s, size_t at)
{
    return s.n - at >= 3 && s.p[at + 1] == '\xBF' && (s.p[at + 2] & '\xFE') == '\xBE';
}

/* What XML cannot hold becomes U+FFFD. */
static void
escape(struct rdfxml_writer *w, struct mo_str text, bool attribute)
{
    struct mo_buf *out = &w->writer.out;
    size_t from = 0;

    for (size_t i = 0; i < text.n; ++i) {
        unsigned char class = classes[(unsigned char)text.p[i]];
        bool forbidden =
            class == FORBIDDEN || (class == PERHAPS && is_noncharacter(text, i));

        if (!forbidden && class != MARKUP && (class != QUOTED || !attribute))
            continue;
        mo_buf_add(out, text.p + from, i - from);
        if (forbidden)
            mo_buf_c(out, "\xEF\xBF\xBD");
        else
            put_special(out, text.p[i]);
        if (class == PERHAPS)
            i += 2;
        from = i + 1;
        if (forbidden)
            w->unfit = MO_DIAG_XML_CHARACTER;
    }
    mo_buf_add(out, text.p + from, text.n - from);
}

static void
put_attribute(struct rdfxml_writer *w, const char *name, struct mo_str value)
{
    struct mo_buf *out = &w->writer.out;

    mo_buf_byte(out, ' ');
    mo_buf_c(out, name);
    mo_buf_add(out, "=\"", 2);
    escape(w, value, true);
    mo_buf_byte(out, '"');
}

static void
indent(struct rdfxml_writer *w, unsigned depth)
{
    static const char spaces[] = "                                        "
                                 "                                        ";
    size_t n = 2 * (size_t)depth;

    mo_buf_add(&w->writer.out, spaces, n < sizeof spaces ? n : sizeof spaces - 1);
}

static void
put_qname(struct rdfxml_writer *w, const struct element *e)
{
    struct mo_buf *out = &w->writer.out;

    mo_buf_str(out, e->prefix ? e->prefix->name : mo_str("ns"));
    mo_buf_byte(out, ':');
    mo_buf_str(out, e->local);
}

/* A start tag without its end. */
static void
open_tag(struct rdfxml_writer *w, const struct element *e)
{
    if (e->open.n) {
        mo_buf_str(&w->writer.out, e->open);
        return;
    }
    mo_buf_byte(&w->writer.out, '<');
    put_qname(w, e);
    if (!e->prefix)
        put_attribute(w, "xmlns:ns", e->space);
}

static void
close_tag(struct rdfxml_writer *w, const struct element *e)
{
    if (e->close.n) {
        mo_buf_str(&w->writer.out, e->close);
        return;
    }
    mo_buf_add(&w->writer.out, "</", 2);
    put_qname(w, e);
    mo_buf_add(&w->writer.out, ">\n", 2);
}

static void
lose(struct rdfxml_writer *w, const struct mo_stmt *s)
{
    if (w->writer.options.lose)
        w->writer.options.lose(w->writer.options.lose_ctx, s);
}

/* Say, if so, that something just written is not what it was. */
static void
admit(struct rdfxml_writer *w, const struct mo_stmt *s, struct mo_str culprit)
{
    if (w->unfit == MO_DIAG_COUNT)
        return;
    mo_writer_report(&w->writer, w->unfit, mo_utf8_head(culprit, 200), w->record,
        culprit.p == s->p->text.p ? NULL : s->p->text.p);
    w->unfit = MO_DIAG_COUNT;
    lose(w, s);
}

/* The same of the name of a node, and so of all that it says. */
static void
admit_name(struct rdfxml_writer *w, const struct mo_term *node)
{
    if (w->unfit == MO_DIAG_COUNT)
        return;
    mo_writer_report(
        &w->writer, w->unfit, mo_utf8_head(node->text, 200), w->record, NULL);
    w->unfit = MO_DIAG_COUNT;
    for (const struct mo_stmt *s = node->first; s; s = s->next)
        lose(w, s);
}

/* ---- Nodes ---- */

/* A label that is no name (7.2.34) is spelled in hexadecimal digits. */
static void
put_label(struct rdfxml_writer *w, struct mo_str label)
{
    struct mo_buf *out = &w->writer.out;

    if (mo_is_ncname(label)) {
        put_attribute(w, "rdf:nodeID", label);
        return;
    }
    mo_buf_c(out, " rdf:nodeID=\"x-");
    for (size_t i = 0; i < label.n; ++i)
        mo_buf_printf(out, "%02x", (unsigned char)label.p[i]);
    mo_buf_byte(out, '"');
}

static bool
is_too_long(const struct mo_buf *out, size_t from)
{
    return out->n - from > MAX_XML_TEXT;
}

/* An IRI that no parser would take leaves a node that only has its label. */
static void
put_name(struct rdfxml_writer *w, const struct mo_term *node, const char *iri)
{
    struct mo_buf *out = &w->writer.out;
    size_t before = out->n;

    if (node->kind != MO_IRI) {
        put_label(w, node->text);
        return;
    }
    put_attribute(w, iri, node->text);
    if (!is_too_long(out, before))
        return;
    out->n = before;
    mo_buf_printf(
        out, " rdf:nodeID=\"x-%016llx\"", (unsigned long long)mo_hash(0, node->text));
    w->unfit = MO_DIAG_XML_LONG;
}

/* Whether a node stands where it is named: it is ours, or there is nothing to say of it. */
static bool
stands_here(const struct mo_term *o, unsigned depth)
{
    return depth < MAX_NESTING && ((mo_is_to_write(o) && o->first) ||
                                      (o->anonymous && !o->first && !o->first_link));
}

static void
put_literal(struct rdfxml_writer *w, const struct mo_term *o)
{
    struct mo_buf *out = &w->writer.out;
    size_t before = out->n;

    if (o->lang.n)
        put_attribute(w, "xml:lang", o->lang);
    else if (o->datatype)
        put_attribute(w, "rdf:datatype", o->datatype->text);
    mo_buf_byte(out, '>');
    escape(w, o->text, false);
    if (is_too_long(out, before))
        w->unfit = MO_DIAG_XML_LONG;
}

/* The items of a list of nodes. */
static void
put_collection(struct rdfxml_writer *w, struct mo_term *o, unsigned depth)
{
    struct mo_buf *out = &w->writer.out;

    mo_buf_c(out, " rdf:parseType=\"Collection\">\n");
    for (; o->known != MO_K_RDF_NIL; o = mo_list_rest(o)) {
        struct mo_term *item = mo_list_first(o);

        o->written = MO_WRITTEN;
        if (stands_here(item, depth)) {
            put_node(w, item, depth + 2);
            continue;
        }
        indent(w, depth + 2);
        open_tag(w, &w->elements.description);
        put_name(w, item, "rdf:about");
        mo_buf_add(out, "/>\n", 3);
        admit(w, o->first, item->text);
    }
    indent(w, depth + 1);
}

/* What stands behind the name of the element. Whether its end tag is still to come. */
static bool
put_content(struct rdfxml_writer *w, struct mo_term *o, unsigned depth)
{
    struct mo_buf *out = &w->writer.out;

    if (o->kind == MO_LITERAL) {
        put_literal(w, o);
    } else if (!stands_here(o, depth)) {
        put_name(w, o, "rdf:resource");
        mo_buf_add(out, "/>\n", 3);
        return false;
    } else if (mo_is_list(o, true)) {
        put_collection(w, o, depth);
    } else {
        mo_buf_add(out, ">\n", 2);
        put_node(w, o, depth + 2);
        indent(w, depth + 1);
    }
    return true;
}

static void
put_value(struct rdfxml_writer *w, const struct mo_stmt *s, unsigned depth)
{
    struct element own;
    const struct element *e = mo_element_of(&w->elements, s->p, &own);
    struct mo_buf *out = &w->writer.out;
    size_t before = out->n;

    if (!e->fine) {
        w->unfit = MO_DIAG_XML_PROPERTY;
        admit(w, s, s->p->text);
        return;
    }
    indent(w, depth + 1);
    open_tag(w, e);
    if (put_content(w, s->o, depth))
        close_tag(w, e);
    if (w->unfit == MO_DIAG_XML_LONG && s->o->kind == MO_LITERAL)
        out->n = before;
    admit(w, s, s->o->text);
}

/* The first type that an element can be named for. */
static const struct mo_stmt *
type_of(struct rdfxml_writer *w, const struct mo_term *node)
{
    struct element own;

    for (const struct mo_stmt *s = node->first; s; s = s->next)
        if (s->p->known == MO_K_RDF_TYPE && s->o->kind == MO_IRI &&
            mo_element_of(&w->elements, s->o, &own)->fine)
            return s;
    return NULL;
}

/* The root's link that this node, which is ours too, is to say, from `s` on. */
static const struct mo_stmt *
link_of(const struct mo_stmt *s, const struct mo_term *node)
{
    while (s && s->s != node)
        s = s->next;
    return s;
}

static void
put_node(struct rdfxml_writer *w, struct mo_term *node, unsigned depth)
{
    struct mo_buf *out = &w->writer.out;
    const struct mo_stmt *link = link_of(w->record->root->first_link, node);
    const struct mo_stmt *type = type_of(w, node);
    struct element own;
    const struct element *e =
        type ? mo_element_of(&w->elements, type->o, &own) : &w->elements.description;

    node->written = MO_WRITTEN;
    indent(w, depth);
    open_tag(w, e);
    if (!node->anonymous)
        put_name(w, node, "rdf:about");
    admit_name(w, node);
    if (!link && (node->first == type ? !type || !type->next : !node->first)) {
        mo_buf_add(out, "/>\n", 3);
        return;
    }
    mo_buf_add(out, ">\n", 2);
    for (const struct mo_stmt *s = node->first; s; s = s->next)
        if (s != type)
            put_value(w, s, depth);
    for (; link; link = link_of(link->next, node))
        put_value(w, link, depth);
    indent(w, depth);
    close_tag(w, e);
}

/* ---- Links ---- */

static void
leave(struct rdfxml_writer *w)
{
    if (w->inside)
        mo_buf_c(&w->writer.out, "  </rdf:Description>\n");
    w->inside = false;
}

/* Have the element of this node open. It stays so: what it lists comes in a row. */
static void
enter(struct rdfxml_writer *w, const struct mo_stmt *link)
{
    const struct mo_term *node = link->s;

    if (w->inside && w->around_kind == node->kind &&
        mo_str_eq(mo_buf_view(&w->around), node->text))
        return;
    leave(w);
    mo_buf_c(&w->writer.out, "  <rdf:Description");
    put_name(w, node, "rdf:about");
    mo_buf_add(&w->writer.out, ">\n", 2);
    admit(w, link, node->text);
    w->inside = true;
    w->around_kind = node->kind;
    mo_buf_clear(&w->around);
    mo_buf_str(&w->around, node->text);
    w->writer.out.failed = w->writer.out.failed || w->around.failed;
}

/* Those that list the node in a catalogue, or the others. */
static void
put_links(struct rdfxml_writer *w, const struct mo_term *node, bool lists)
{
    for (const struct mo_stmt *s = node->first_link; s; s = s->next) {
        if (mo_rdfxml_lists(s->p->known) != lists ||
            (node == w->record->root && mo_is_to_write(s->s))) /* its subject says so */
            continue;
        enter(w, s);
        put_value(w, s, 1);
        if (!lists)
            leave(w);
    }
}

/* ---- Records ---- */

/* Hash of what a node says; 0 when some of it has no name, and is said of it alone. */
static uint64_t
content_of(const struct mo_term *node)
{
    uint64_t sum = 1;

    for (const struct mo_stmt *s = node->first; s; s = s->next) {
        if (s->o->anonymous)
            return 0;
        sum += mo_mix(mo_mix(s->p->hash) + s->o->hash);
    }
    return mo_mix(sum ^ node->hash);
}

/* Whether this was written before; from now on it was. When many were, it begins anew. */
static bool
was_written(struct rdfxml_writer *w, const struct mo_term *node)
{
    uint64_t content = node->anonymous || !node->first ? 0 : content_of(node);
    struct mo_index *index = &w->others;
    struct mo_slot *slot;

    if (!content)
        return false;
    if (mo_vocab_role(w->writer.options.vocab, node) == MO_ROLE_SHARED)
        index = &w->shared;
    if (mo_index_find(index, content))
        return true;
    if (index->used >= MAX_REMEMBERED)
        mo_index_reset(index);
    slot = mo_index_add(index, content);
    if (!slot)
        w->writer.out.failed = true;
    return false;
}

/* Which nodes need a name: those that are referred to from elsewhere than their place. */
static void
name_nodes(const struct mo_record *record)
{
    for (size_t i = 0; i < record->n_nodes; ++i) {
        struct mo_term *node = record->nodes[i];

        if (node->first_link)
            node->anonymous = false;
        for (struct mo_stmt *s = node->first_link; s; s = s->next)
            s->s->anonymous = false;
        for (struct mo_stmt *s = node->first; s; s = s->next)
            if (s->o->written == MO_REFERRED || s->o == record->root)
                s->o->anonymous = false;
            else if (s->o->written == MO_TO_WRITE)
                s->o->written = MO_REFERRED;
    }
}

static void
put_record(struct rdfxml_writer *w, const struct mo_record *record)
{
    w->record = record;
    for (size_t i = 0; i < record->n_nodes; ++i)
        record->nodes[i]->written = MO_TO_WRITE;
    name_nodes(record);
    for (size_t i = 1; i < record->n_nodes && !w->single; ++i)
        if (was_written(w, record->nodes[i]))
            record->nodes[i]->written = MO_WRITTEN;
    for (size_t i = 0; i < record->n_nodes; ++i) {
        struct mo_term *node = record->nodes[i];

        put_links(w, node, true);
        if (mo_is_to_write(node) && node->first) {
            if (i > 0) /* nothing leads to it: it needs its name */
                node->anonymous = false;
            leave(w);
            put_node(w, node, 1);
        }
        put_links(w, node, false);
    }
    for (size_t i = 0; i < record->n_nodes; ++i)
        record->nodes[i]->written = MO_NOT_OURS;
}

/* ---- Documents ---- */

static void
put_root(struct rdfxml_writer *w)
{
    struct mo_buf *out = &w->writer.out;

    mo_buf_c(out, "<rdf:RDF");
    for (size_t i = 0; i < w->elements.n_prefixes; ++i) {
        const struct prefix *p = &w->elements.prefixes[i];

        if (w->single && !p->used)
            continue;
        mo_buf_printf(out, "\n    xmlns:" MO_FMT "=\"", MO_ARG(p->name));
        escape(w, p->space, true);
        mo_buf_byte(out, '"');
    }
    mo_buf_c(out, ">\n");
}

static void
head(struct mo_writer *writer)
{
    mo_buf_c(&writer->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    put_root((struct rdfxml_writer *)writer);
}

static void
foot(struct mo_writer *writer, bool incomplete)
{
    leave((struct rdfxml_writer *)writer);
    if (incomplete)
        mo_buf_c(&writer->out, "  <?" MO_RDFXML_INCOMPLETE "?>\n");
    mo_buf_c(&writer->out, "</rdf:RDF>\n");
}

static enum mo_put
put(struct mo_writer *writer, const struct mo_record *record)
{
    mo_writer_begin(writer);
    put_record((struct rdfxml_writer *)writer, record);
    return mo_writer_flush(writer, false) ? MO_PUT_TROUBLE : MO_PUT_WRITTEN;
}

static void
use(struct rdfxml_writer *w, const struct mo_term *name)
{
    struct element own;
    const struct element *e = mo_element_of(&w->elements, name, &own);

    if (e->prefix)
        e->prefix->used = true;
}

static void
find_used(struct rdfxml_writer *w, const struct mo_record *record)
{
    for (size_t i = 0; i < w->elements.n_prefixes; ++i)
        w->elements.prefixes[i].used = mo_str_is(w->elements.prefixes[i].space, MO_RDF);
    for (size_t i = 0; i < record->n_nodes; ++i) {
        const struct mo_term *node = record->nodes[i];

        for (int links = 0; links < 2; ++links)
            for (const struct mo_stmt *s = links ? node->first_link : node->first; s;
                 s = s->next)
                use(w, s->p->known == MO_K_RDF_TYPE ? s->o : s->p);
    }
}

static enum mo_put
put_single(struct mo_writer *writer, const struct mo_record *record)
{
    struct rdfxml_writer *w = (struct rdfxml_writer *)writer;

    find_used(w, record);
    put_root(w);
    put_record(w, record);
    leave(w);
    mo_buf_c(&writer->out, "</rdf:RDF>\n");
    return mo_writer_flush(writer, false) ? MO_PUT_TROUBLE : MO_PUT_WRITTEN;
}

static void
destroy(struct mo_writer *writer)
{
    struct rdfxml_writer *w = (struct rdfxml_writer *)writer;

    mo_writer_done(writer);
    mo_buf_done(&w->around);
    mo_index_done(&w->shared);
    mo_index_done(&w->others);
    mo_elements_done(&w->elements);
    free(w);
}

static struct mo_writer *
make_writer(const struct mo_writer_options *options, const struct mo_writer_class *class,
    bool single)
{
    struct rdfxml_writer *w = calloc(1, sizeof *w);

    if (!w)
        return NULL;
    mo_writer_init(&w->writer, class, options);
    w->writer.options.lines = false;
    w->single = single;
    mo_buf_init(&w->around, 1 << 30);
    w->unfit = MO_DIAG_COUNT;
    if (mo_elements_init(&w->elements, options->vocab)) {
        destroy(&w->writer);
        return NULL;
    }
    return &w->writer;
}

struct mo_writer *
mo_rdfxml_writer(const struct mo_writer_options *options)
{
    static const struct mo_writer_class class = {
        .free = destroy, .put = put, .head = head, .foot = foot};

    return make_writer(options, &class, false);
}

struct mo_writer *
mo_rdfxml_record_writer(const struct mo_writer_options *options)
{
    static const struct mo_writer_class class = {.free = destroy, .put = put_single};

    return make_writer(options, &class, true);
}
