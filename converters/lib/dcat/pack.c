#include "dcat/pack.h"

#include <stdlib.h>

/*
 * place, number of terms, terms, number of statements, statements (each a number for
 * subject, predicate, object; a link's are shifted by one bit with 1), closing orders.
 * Numbers are LEB128. The root is term 0.
 */
enum { TAG_IRI, TAG_KNOWN, TAG_BLANK, TAG_ANONYMOUS, TAG_LITERAL, TAG_TYPED, TAG_LANG };

struct packer {
    struct mo_graph *graph;
    struct mo_buf *out;
    struct mo_buf stmts;
    size_t n_terms, n_stmts;
};

static void
put_number(struct mo_buf *out, uint64_t n)
{
    for (; n > 0x7f; n >>= 7)
        mo_buf_byte(out, (char)(n | 0x80));
    mo_buf_byte(out, (char)n);
}

static void
put_text(struct mo_buf *out, struct mo_str s)
{
    put_number(out, s.n);
    mo_buf_str(out, s);
}

/* The number of a term, which is written when it is new. */
static uint32_t
number_of(struct packer *p, struct mo_term *term)
{
    uint32_t datatype = 0;

    if (term->packed == p->graph->packings)
        return term->number;
    if (term->kind == MO_LITERAL && term->datatype)
        datatype = number_of(p, (struct mo_term *)term->datatype);
    term->packed = p->graph->packings;
    term->number = (uint32_t)p->n_terms++;
    if (term->kind == MO_IRI && term->known) {
        put_number(p->out, TAG_KNOWN);
        put_number(p->out, term->known);
        return term->number;
    }
    put_number(p->out, term->kind == MO_IRI ? TAG_IRI
                       : term->kind == MO_BLANK
                           ? (term->anonymous ? TAG_ANONYMOUS : TAG_BLANK)
                       : term->lang.n   ? TAG_LANG
                       : term->datatype ? TAG_TYPED
                                        : TAG_LITERAL);
    put_text(p->out, term->text);
    if (term->kind == MO_LITERAL && term->lang.n)
        put_text(p->out, term->lang);
    else if (term->kind == MO_LITERAL && term->datatype)
        put_number(p->out, datatype);
    return term->number;
}

static void
put_stmt(struct packer *p, const struct mo_stmt *stmt, unsigned link)
{
    uint32_t s = number_of(p, stmt->s);
    uint32_t predicate = number_of(p, stmt->p);
    uint32_t o = number_of(p, stmt->o);

    put_number(&p->stmts, (uint64_t)s << 1 | link);
    put_number(&p->stmts, predicate);
    put_number(&p->stmts, o);
    ++p->n_stmts;
}

/* Terms are counted before they are written: leave room, fill it in, join. */
static int
finish(struct packer *p, size_t count_at)
{
    uint32_t n_terms = (uint32_t)p->n_terms;

    if (!p->out->failed)
        memcpy(p->out->p + count_at, &n_terms, sizeof n_terms);
    put_number(p->out, p->n_stmts);
    mo_buf_str(p->out, mo_buf_view(&p->stmts));
    if (p->stmts.failed)
        p->out->failed = true;
    mo_buf_done(&p->stmts);
    return p->out->failed ? -1 : 0;
}

static size_t
start(struct packer *p, const struct mo_place *place)
{
    static const char room[sizeof(uint32_t)];
    size_t at;

    mo_buf_init(&p->stmts, p->out->max);
    ++p->graph->packings;
    put_number(p->out, place ? place->line : 0);
    put_number(p->out, place ? place->column : 0);
    put_number(p->out, place ? place->offset : 0);
    at = p->out->n;
    mo_buf_add(p->out, room, sizeof room);
    return at;
}

int
mo_pack(struct mo_graph *graph, struct mo_term *const *nodes, size_t n,
    const struct mo_place *place, struct mo_buf *out)
{
    struct packer p = {.graph = graph, .out = out};
    size_t count_at = start(&p, place);

    number_of(&p, nodes[0]);
    for (size_t i = 0; i < n; ++i) {
        for (const struct mo_stmt *s = nodes[i]->first; s; s = s->next)
            put_stmt(&p, s, 0);
        for (const struct mo_stmt *s = nodes[i]->first_link; s; s = s->next)
            put_stmt(&p, s, 1);
    }
    return finish(&p, count_at);
}

int
mo_pack_link(struct mo_graph *graph, const struct mo_stmt *link, struct mo_buf *out)
{
    struct packer p = {.graph = graph, .out = out};
    size_t count_at = start(&p, NULL);

    number_of(&p, link->o);
    put_stmt(&p, link, 1);
    return finish(&p, count_at);
}

static uint64_t
get_number(struct mo_str *in)
{
    uint64_t n = 0;
    unsigned char c = 0x80;

    for (unsigned shift = 0; (c & 0x80) && in->n && shift < 64; shift += 7) {
        c = (unsigned char)*in->p++;
        --in->n;
        n |= (uint64_t)(c & 0x7f) << shift;
    }
    return n;
}

static struct mo_str
get_text(struct mo_str *in)
{
    size_t n = (size_t)get_number(in);
    struct mo_str s = mo_str_n(in->p, n < in->n ? n : in->n);

    *in = mo_str_from(*in, s.n);
    return s;
}

static struct mo_term *
get_term(struct mo_graph *graph, struct mo_term **terms, struct mo_str *in)
{
    uint64_t tag = get_number(in), datatype, hash;
    struct mo_str text;
    struct mo_term *term;

    if (tag == TAG_KNOWN)
        return mo_graph_known(graph, (uint16_t)get_number(in));
    text = get_text(in);
    switch (tag) {
    case TAG_IRI: /* not a known one */
        hash = mo_node_hash(graph->lexicon, MO_IRI, text);
        return mo_graph_iri_hashed(graph, text, hash, 0);
    case TAG_BLANK: return mo_graph_blank(graph, text);
    case TAG_ANONYMOUS:
        term = mo_graph_blank(graph, text);
        if (term && !term->first && !term->first_link)
            term->anonymous = true;
        return term;
    case TAG_LANG: return mo_graph_literal(graph, text, NULL, get_text(in));
    case TAG_TYPED:
        datatype = get_number(in);
        return mo_graph_literal(graph, text, terms[datatype], mo_str(""));
    default: return mo_graph_literal(graph, text, NULL, mo_str(""));
    }
}

struct mo_term *
mo_unpack(struct mo_graph *graph, struct mo_str in, struct mo_place *place)
{
    struct mo_place at;
    struct mo_term **terms, *root = NULL;
    uint32_t n_terms;
    uint64_t n_stmts;

    at.line = (size_t)get_number(&in);
    at.column = (size_t)get_number(&in);
    at.offset = get_number(&in);
    if (place)
        *place = at;
    if (in.n < sizeof n_terms)
        return NULL;
    memcpy(&n_terms, in.p, sizeof n_terms);
    in = mo_str_from(in, sizeof n_terms);
    terms = n_terms <= in.n ? malloc((n_terms + 1) * sizeof(struct mo_term *)) : NULL;
    if (!terms)
        return NULL;
    for (uint32_t i = 0; i < n_terms; ++i)
        if (!(terms[i] = get_term(graph, terms, &in)))
            goto done;
    n_stmts = get_number(&in);
    for (uint64_t i = 0; i < n_stmts; ++i) {
        uint64_t s = get_number(&in), p = get_number(&in), o = get_number(&in);
        struct mo_term *subject = terms[s >> 1];

        if ((s & 1 ? mo_graph_link(graph, subject, terms[p], terms[o])
                   : mo_graph_add(graph, subject, terms[p], terms[o])))
            goto done;
    }
    root = terms[0];
done:
    free(terms);
    return root;
}
