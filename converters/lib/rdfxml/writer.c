/*
 * RDF/XML (RDF 1.1 XML Syntax), for people to read: nodes stand where they are first
 * used, and records in the catalogue that lists them. A document is written as its
 * records come; of what went before only hashes are kept.
 */
#include <stdlib.h>

#include <moisson/arena.h>
#include <moisson/iri.h>
#include <moisson/text.h>

#include "base/hash.h"
#include "base/table.h"
#include "dcat/index.h"
#include "dcat/vocab.h"
#include "rdf/writer.h"
#include "rdfxml/rdfxml.h"

enum { MAX_NESTING = 36 /* elements */, MAX_REMEMBERED = 1 << 16 };

enum written { NOT_OURS, TO_WRITE, REFERRED /* and to write */, WRITTEN };

/* A prefix and its namespace; of several for one namespace, the first of the table. */
struct prefix {
    struct mo_str name, space;
    bool used;
};

/* The IRI of a property or class as an element's name. */
struct element {
    struct prefix *prefix; /* NULL: none of the table */
    struct mo_str space, local;
    bool fine; /* it is a name, and of something that an element may name */
    struct mo_str open, close; /* "<dct:title" and its end tag, of those that are kept */
};

struct rdfxml_writer {
    struct mo_writer writer;
    bool single; /* each record is a document by itself */
    struct prefix *prefixes;
    size_t n_prefixes;
    struct element *elements; /* by number in the lexicon; made when first needed */
    size_t n_elements;
    struct mo_arena *tags;
    struct element description;     /* of a node without a type */
    const struct mo_record *record; /* in hand */
    bool unfit;                     /* a character could not be written */

    /* The node whose element stands open around records, by kind and text. */
    bool inside;
    enum mo_term_kind around_kind;
    struct mo_buf around;

    /* Descriptions written before, by hash: of shared classes, and others. */
    struct mo_index shared, others;
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

/* Names of the RDF namespace that are grammar, not properties or classes (7.2.2 to 7.2.7). */
static bool
is_syntax(struct mo_str iri)
{
    static const char *const names[] = {"RDF", "ID", "about", "parseType", "resource",
        "nodeID", "datatype", "Description", "li", "aboutEach", "aboutEachPrefix",
        "bagID"};
    struct mo_str local = mo_str_from(iri, sizeof MO_RDF - 1);

    if (!mo_str_starts(iri, mo_str(MO_RDF)))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i)
        if (mo_str_is(local, names[i]))
            return true;
    return false;
}

static struct prefix *
find_prefix(const struct rdfxml_writer *w, struct mo_str space)
{
    for (size_t i = 0; i < w->n_prefixes; ++i)
        if (mo_str_eq(w->prefixes[i].space, space))
            return &w->prefixes[i];
    return NULL;
}

/* What an IRI may not hold, a namespace may not either: parsers refuse it. */
static bool
may_be_declared(struct mo_str space)
{
    return space.n && mo_iri_bad_byte(space) == space.n &&
           !mo_str_is(space, "http://www.w3.org/XML/1998/namespace") &&
           !mo_str_is(space, "http://www.w3.org/2000/xmlns/");
}

static struct element
make_element(const struct rdfxml_writer *w, struct mo_str iri)
{
    size_t n = local_from(iri);
    struct element e = {.space = mo_str_n(iri.p, n), .local = mo_str_from(iri, n)};

    e.prefix = find_prefix(w, e.space);
    e.fine = e.local.n && !is_syntax(iri) && (e.prefix || may_be_declared(e.space));
    return e;
}

/* Write its tags down; where that is not done, they are put together each time. */
static void
spell(struct rdfxml_writer *w, struct element *e)
{
    struct mo_buf text;
    struct mo_str copy;

    if (!e->fine || !e->prefix)
        return;
    mo_buf_init(&text, 1 << 16);
    mo_buf_printf(
        &text, "<" MO_FMT ":" MO_FMT, MO_ARG(e->prefix->name), MO_ARG(e->local));
    mo_buf_printf(
        &text, "</" MO_FMT ":" MO_FMT ">\n", MO_ARG(e->prefix->name), MO_ARG(e->local));
    if (!text.failed && mo_arena_copy(w->tags, mo_buf_view(&text), &copy) == 0) {
        e->open = mo_str_n(copy.p, (copy.n - 3) / 2);
        e->close = mo_str_from(copy, e->open.n);
    }
    mo_buf_done(&text);
}

/* Made in `own` when it is none of those that are kept. */
static const struct element *
element_of(struct rdfxml_writer *w, const struct mo_term *term, struct element *own)
{
    const struct mo_lexicon *lexicon = w->writer.options.vocab->lexicon;
    struct element *kept = &w->elements[term->known];

    if (!term->known || term->known >= w->n_elements) {
        *own = make_element(w, term->text);
        return own;
    }
    if (!kept->space.p) {
        *kept = make_element(w, mo_lexicon_text(lexicon, term->known));
        spell(w, kept);
    }
    return kept;
}

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
        w->unfit = w->unfit || forbidden;
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
report(struct rdfxml_writer *w, enum mo_diag_id id, const struct mo_stmt *s,
    struct mo_str detail, const char *property)
{
    const struct mo_writer_options *o = &w->writer.options;

    mo_writer_report(&w->writer, id, detail, w->record, property);
    if (o->lose && s)
        o->lose(o->lose_ctx, s);
}

/* Say, if so, that something just written is not what it was. */
static void
admit(struct rdfxml_writer *w, const struct mo_stmt *s, const struct mo_term *culprit)
{
    if (!w->unfit)
        return;
    w->unfit = false;
    report(w, MO_DIAG_XML_CHARACTER, s, mo_utf8_head(culprit->text, 200),
        s ? s->p->text.p : NULL);
}

/* ---- Nodes ---- */

/* A label that is no name (7.2.34) is spelled in hexadecimal digits. */
static void
put_label(struct rdfxml_writer *w, struct mo_str label)
{
    struct mo_buf *out = &w->writer.out;

    if (label.n && local_from(label) == 0) {
        put_attribute(w, "rdf:nodeID", label);
        return;
    }
    mo_buf_c(out, " rdf:nodeID=\"x-");
    for (size_t i = 0; i < label.n; ++i)
        mo_buf_printf(out, "%02x", (unsigned char)label.p[i]);
    mo_buf_byte(out, '"');
}

static void
put_name(struct rdfxml_writer *w, const struct mo_term *node, const char *iri)
{
    if (node->kind == MO_IRI)
        put_attribute(w, iri, node->text);
    else
        put_label(w, node->text);
}

static bool
is_to_write(const struct mo_term *node)
{
    return node->written == TO_WRITE || node->written == REFERRED;
}

/* Whether a node stands where it is named: it is ours, or there is nothing to say of it. */
static bool
stands_here(const struct mo_term *o, unsigned depth)
{
    return depth < MAX_NESTING && ((is_to_write(o) && o->first) ||
                                      (o->anonymous && !o->first && !o->first_link));
}

static void
put_literal(struct rdfxml_writer *w, const struct mo_term *o)
{
    if (o->lang.n)
        put_attribute(w, "xml:lang", o->lang);
    else if (o->datatype)
        put_attribute(w, "rdf:datatype", o->datatype->text);
    mo_buf_byte(&w->writer.out, '>');
    escape(w, o->text, false);
}

static void
put_value(struct rdfxml_writer *w, const struct mo_stmt *s, unsigned depth)
{
    struct element own;
    const struct element *e = element_of(w, s->p, &own);
    struct mo_buf *out = &w->writer.out;
    struct mo_term *o = s->o;

    if (!e->fine) {
        report(w, MO_DIAG_XML_PROPERTY, s, mo_utf8_head(s->p->text, 200), NULL);
        return;
    }
    indent(w, depth + 1);
    open_tag(w, e);
    if (o->kind == MO_LITERAL) {
        put_literal(w, o);
    } else if (stands_here(o, depth)) {
        mo_buf_add(out, ">\n", 2);
        put_node(w, o, depth + 2);
        indent(w, depth + 1);
    } else {
        put_name(w, o, "rdf:resource");
        mo_buf_add(out, "/>\n", 3);
        admit(w, s, o);
        return;
    }
    close_tag(w, e);
    admit(w, s, o);
}

/* The first type that an element can be named for. */
static const struct mo_stmt *
type_of(struct rdfxml_writer *w, const struct mo_term *node)
{
    struct element own;

    for (const struct mo_stmt *s = node->first; s; s = s->next)
        if (s->p->known == MO_K_RDF_TYPE && s->o->kind == MO_IRI &&
            element_of(w, s->o, &own)->fine)
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
    const struct element *e = type ? element_of(w, type->o, &own) : &w->description;

    node->written = WRITTEN;
    indent(w, depth);
    open_tag(w, e);
    if (!node->anonymous)
        put_name(w, node, "rdf:about");
    admit(w, NULL, node);
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
enter(struct rdfxml_writer *w, const struct mo_term *node)
{
    if (w->inside && w->around_kind == node->kind &&
        mo_str_eq(mo_buf_view(&w->around), node->text))
        return;
    leave(w);
    mo_buf_c(&w->writer.out, "  <rdf:Description");
    put_name(w, node, "rdf:about");
    mo_buf_add(&w->writer.out, ">\n", 2);
    admit(w, NULL, node);
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
            (node == w->record->root && is_to_write(s->s))) /* its subject says so */
            continue;
        enter(w, s->s);
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
            if (s->o->written == REFERRED || s->o == record->root)
                s->o->anonymous = false;
            else if (s->o->written == TO_WRITE)
                s->o->written = REFERRED;
    }
}

static void
put_record(struct rdfxml_writer *w, const struct mo_record *record)
{
    w->record = record;
    for (size_t i = 0; i < record->n_nodes; ++i)
        record->nodes[i]->written = TO_WRITE;
    name_nodes(record);
    for (size_t i = 1; i < record->n_nodes && !w->single; ++i)
        if (was_written(w, record->nodes[i]))
            record->nodes[i]->written = WRITTEN;
    for (size_t i = 0; i < record->n_nodes; ++i) {
        struct mo_term *node = record->nodes[i];

        put_links(w, node, true);
        if (is_to_write(node) && node->first) {
            if (i > 0) /* nothing leads to it: it needs its name */
                node->anonymous = false;
            leave(w);
            put_node(w, node, 1);
        }
        put_links(w, node, false);
    }
    for (size_t i = 0; i < record->n_nodes; ++i)
        record->nodes[i]->written = NOT_OURS;
}

/* ---- Documents ---- */

static void
put_root(struct rdfxml_writer *w)
{
    struct mo_buf *out = &w->writer.out;

    mo_buf_c(out, "<rdf:RDF");
    for (size_t i = 0; i < w->n_prefixes; ++i) {
        const struct prefix *p = &w->prefixes[i];

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
    const struct element *e = element_of(w, name, &own);

    if (e->prefix)
        e->prefix->used = true;
}

static void
find_used(struct rdfxml_writer *w, const struct mo_record *record)
{
    for (size_t i = 0; i < w->n_prefixes; ++i)
        w->prefixes[i].used = mo_str_is(w->prefixes[i].space, MO_RDF);
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
    free(w->prefixes);
    free(w->elements);
    mo_arena_free(w->tags);
    free(w);
}

/* The prefix of a row, unless it cannot be declared. rdf stands for what it must. */
static void
add_prefix(struct rdfxml_writer *w, struct mo_str name, struct mo_str space)
{
    bool rdf = mo_str_is(name, "rdf"), is_rdf = mo_str_is(space, MO_RDF);

    if (rdf != is_rdf || !name.n || local_from(name) || !may_be_declared(space) ||
        mo_str_is(name, "ns") || mo_str_eq_nocase(mo_utf8_head(name, 3), mo_str("xml")) ||
        find_prefix(w, space))
        return;
    w->prefixes[w->n_prefixes++] = (struct prefix){.name = name, .space = space};
}

static struct mo_writer *
make_writer(const struct mo_writer_options *options, const struct mo_writer_class *class,
    bool single)
{
    struct rdfxml_writer *w = calloc(1, sizeof *w);
    const struct mo_table *table = mo_table(options->vocab->tables, "prefixes");

    if (!w)
        return NULL;
    mo_writer_init(&w->writer, class, options);
    w->writer.options.lines = false;
    w->single = single;
    mo_buf_init(&w->around, 1 << 30);
    w->n_elements = (size_t)mo_lexicon_size(options->vocab->lexicon) + 1;
    w->elements = calloc(w->n_elements, sizeof *w->elements);
    w->prefixes = calloc(table->rows + 1, sizeof *w->prefixes);
    w->tags = mo_arena_new(1 << 20);
    if (!w->elements || !w->prefixes || !w->tags) {
        destroy(&w->writer);
        return NULL;
    }
    add_prefix(w, mo_str("rdf"), mo_str(MO_RDF));
    w->description = (struct element){.prefix = w->prefixes,
        .space = mo_str(MO_RDF),
        .local = mo_str("Description"),
        .fine = true};
    spell(w, &w->description);
    for (size_t i = 0; i < table->rows; ++i)
        add_prefix(
            w, mo_str(mo_table_cell(table, i, 0)), mo_str(mo_table_cell(table, i, 1)));
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
