#include "rdf/graph.h"

#include <stdlib.h>

#include "base/hash.h"

enum { FIRST_BUCKETS = 512, WIDE = 64 };

struct mo_graph *
mo_graph_new(const struct mo_lexicon *lexicon, size_t ceiling)
{
    struct mo_graph *graph = calloc(1, sizeof *graph);

    if (!graph)
        return NULL;
    graph->lexicon = lexicon;
    graph->users = 1;
    graph->mask = FIRST_BUCKETS - 1;
    graph->arena = mo_arena_new(ceiling);
    graph->buckets = calloc(FIRST_BUCKETS, sizeof *graph->buckets);
    if (!graph->arena || !graph->buckets) {
        mo_graph_free(graph);
        return NULL;
    }
    return graph;
}

void
mo_graph_free(struct mo_graph *graph)
{
    if (!graph)
        return;
    mo_arena_free(graph->arena);
    free(graph->buckets);
    free(graph);
}

void
mo_graph_reset(struct mo_graph *graph)
{
    if (graph->n_terms)
        memset(graph->buckets, 0, (graph->mask + 1) * sizeof *graph->buckets);
    if (graph->mask >= FIRST_BUCKETS && graph->n_terms < graph->mask / 4)
        graph->mask /= 2; /* after a large record, small ones are not to pay for it */
    mo_arena_reset(graph->arena);
    graph->n_terms = graph->n_stmts = 0;
    graph->subjects = graph->last_subject = NULL;
    graph->closed = graph->marks = graph->packings = 0;
    graph->users = 1;
}

static int
widen(struct mo_graph *graph)
{
    size_t mask = 2 * graph->mask + 1;
    struct mo_term **buckets = calloc(mask + 1, sizeof *buckets);

    if (!buckets)
        return -1;
    for (size_t i = 0; i <= graph->mask; ++i)
        for (struct mo_term *term = graph->buckets[i], *next; term; term = next) {
            next = term->next_in_bucket;
            term->next_in_bucket = buckets[term->hash & mask];
            buckets[term->hash & mask] = term;
        }
    free(graph->buckets);
    graph->buckets = buckets;
    graph->mask = mask;
    return 0;
}

/* The text, in the memory behind the term. */
static struct mo_str
copy_behind(struct mo_term *term, struct mo_str text)
{
    char *copy = (char *)(term + 1);

    if (text.n)
        memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    return mo_str_n(copy, text.n);
}

/* `keep`: the text outlives the graph, and needs no copy. */
static struct mo_term *
make(struct mo_graph *graph, enum mo_term_kind kind, uint64_t hash, struct mo_str text,
    bool keep)
{
    struct mo_term *term;

    if (graph->n_terms > graph->mask && widen(graph))
        return NULL;
    if (text.n >= SIZE_MAX - sizeof *term)
        return NULL;
    term = mo_arena_alloc(graph->arena, sizeof *term + (keep ? 0 : text.n + 1));
    if (!term)
        return NULL;
    memset(term, 0, sizeof *term);
    term->text = keep ? text : copy_behind(term, text);
    term->kind = kind;
    term->hash = hash;
    term->next_in_bucket = graph->buckets[hash & graph->mask];
    graph->buckets[hash & graph->mask] = term;
    ++graph->n_terms;
    return term;
}

static uint64_t
salted(uint64_t hash, enum mo_term_kind kind)
{
    return kind == MO_BLANK ? mo_mix(hash) : hash;
}

uint64_t
mo_node_hash(const struct mo_lexicon *lexicon, enum mo_term_kind kind, struct mo_str text)
{
    return salted(mo_hash(mo_lexicon_key(lexicon), text), kind);
}

static struct mo_term *
find_node(const struct mo_graph *graph, enum mo_term_kind kind, uint64_t hash,
    struct mo_str text)
{
    struct mo_term *term = graph->buckets[hash & graph->mask];

    while (term &&
           (term->hash != hash || term->kind != kind || !mo_str_eq(term->text, text)))
        term = term->next_in_bucket;
    return term;
}

struct mo_term *
mo_graph_find(const struct mo_graph *graph, enum mo_term_kind kind, struct mo_str text)
{
    return find_node(graph, kind, mo_node_hash(graph->lexicon, kind, text), text);
}

struct mo_term *
mo_graph_iri_hashed(
    struct mo_graph *graph, struct mo_str iri, uint64_t hash, uint16_t known)
{
    struct mo_term *term = find_node(graph, MO_IRI, hash, iri);

    if (term)
        return term;
    if (known)
        iri = mo_lexicon_text(graph->lexicon, known);
    term = make(graph, MO_IRI, hash, iri, known != 0);
    if (term)
        term->known = known;
    return term;
}

struct mo_term *
mo_graph_known(struct mo_graph *graph, uint16_t known)
{
    uint64_t hash = mo_lexicon_hash(graph->lexicon, known);
    struct mo_term *term = graph->buckets[hash & graph->mask];

    while (term && term->known != known)
        term = term->next_in_bucket;
    if (term)
        return term;
    term = make(graph, MO_IRI, hash, mo_lexicon_text(graph->lexicon, known), true);
    if (term)
        term->known = known;
    return term;
}

struct mo_term *
mo_graph_iri(struct mo_graph *graph, struct mo_str iri)
{
    uint64_t hash = mo_node_hash(graph->lexicon, MO_IRI, iri);
    struct mo_term *term = find_node(graph, MO_IRI, hash, iri);

    return term ? term
                : mo_graph_iri_hashed(
                      graph, iri, hash, mo_lexicon_find(graph->lexicon, hash, iri));
}

struct mo_term *
mo_graph_blank(struct mo_graph *graph, struct mo_str label)
{
    uint64_t hash = mo_node_hash(graph->lexicon, MO_BLANK, label);
    struct mo_term *term = find_node(graph, MO_BLANK, hash, label);

    return term ? term : make(graph, MO_BLANK, hash, label, false);
}

struct mo_term *
mo_graph_blank_numbered(struct mo_graph *graph, uint64_t number)
{
    char label[1 + 16] = {'m'};

    for (size_t i = 16; i > 0; number >>= 4)
        label[i--] = "0123456789abcdef"[number & 15];
    return mo_graph_blank(graph, mo_str_n(label, sizeof label));
}

struct mo_term *
mo_graph_literal(struct mo_graph *graph, struct mo_str text,
    const struct mo_term *datatype, struct mo_str lang)
{
    uint64_t key = mo_lexicon_key(graph->lexicon), hash;
    struct mo_term *term;

    if (datatype && mo_str_is(datatype->text, MO_XSD "string"))
        datatype = NULL;
    hash = mo_mix(mo_hash(key, text) ^ (datatype ? datatype->hash : 1) ^
                  (lang.n ? mo_hash(key + 1, lang) : 2));
    term = graph->buckets[hash & graph->mask];
    while (term && (term->hash != hash || term->kind != MO_LITERAL ||
                       !mo_str_eq(term->text, text) || !mo_str_eq(term->lang, lang) ||
                       !(term->datatype == datatype)))
        term = term->next_in_bucket;
    if (term)
        return term;
    if (lang.n && mo_arena_copy(graph->arena, lang, &lang))
        return NULL;
    term = make(graph, MO_LITERAL, hash, text, false);
    if (term) {
        term->datatype = datatype;
        term->lang = lang;
    }
    return term;
}

struct mo_term *
mo_graph_import(struct mo_graph *graph, const struct mo_term *from)
{
    const struct mo_term *datatype;
    struct mo_term *term;

    switch (from->kind) {
    case MO_IRI: return mo_graph_iri(graph, from->text);
    case MO_BLANK:
        term = mo_graph_blank(graph, from->text);
        if (term)
            term->anonymous = from->anonymous;
        return term;
    case MO_LITERAL: break;
    }
    datatype = from->datatype ? mo_graph_iri(graph, from->datatype->text) : NULL;
    if (from->datatype && !datatype)
        return NULL;
    return mo_graph_literal(graph, from->text, datatype, from->lang);
}

static struct mo_term *
borrow_literal(struct mo_graph *graph, const struct mo_term *from)
{
    const struct mo_term *datatype =
        from->datatype ? mo_graph_borrow(graph, from->datatype) : NULL;
    struct mo_term *term = graph->buckets[from->hash & graph->mask];

    if (from->datatype && !datatype)
        return NULL;
    while (term && (term->hash != from->hash || term->kind != MO_LITERAL ||
                       !mo_str_eq(term->text, from->text) ||
                       !mo_str_eq(term->lang, from->lang) || term->datatype != datatype))
        term = term->next_in_bucket;
    if (term)
        return term;
    term = make(graph, MO_LITERAL, from->hash, from->text, true);
    if (term) {
        term->datatype = datatype;
        term->lang = from->lang;
    }
    return term;
}

struct mo_term *
mo_graph_borrow(struct mo_graph *graph, const struct mo_term *from)
{
    struct mo_term *term;

    if (from->kind == MO_LITERAL)
        return borrow_literal(graph, from);
    term = find_node(graph, from->kind, from->hash, from->text);
    if (term)
        return term;
    term = make(graph, from->kind, from->hash, from->text, true);
    if (term) {
        term->known = from->known;
        term->anonymous = from->anonymous;
        term->topical = from->topical;
    }
    return term;
}

/* A subject whose statements were all taken away is on the list already. */
static void
list_subject(struct mo_graph *graph, struct mo_term *s)
{
    if (s->next_subject || graph->last_subject == s)
        return;
    if (graph->last_subject)
        graph->last_subject->next_subject = s;
    else
        graph->subjects = s;
    graph->last_subject = s;
}

int
mo_graph_add(
    struct mo_graph *graph, struct mo_term *s, struct mo_term *p, struct mo_term *o)
{
    const struct mo_stmt *stmt = s->first;

    /* A wide node is not searched: a double there does no harm but to its reader. */
    for (int i = 0; stmt && i < WIDE; ++i, stmt = stmt->next)
        if (stmt->o == o && stmt->p == p)
            return 0;
    return mo_graph_add_new(graph, s, p, o);
}

int
mo_graph_add_new(
    struct mo_graph *graph, struct mo_term *s, struct mo_term *p, struct mo_term *o)
{
    struct mo_stmt *stmt = mo_arena_alloc(graph->arena, sizeof *stmt);

    if (!stmt)
        return -1;
    stmt->s = s;
    stmt->p = p;
    stmt->o = o;
    stmt->next = NULL;
    stmt->used = stmt->aside = stmt->due = false;
    stmt->round = stmt->fine = 0;
    stmt->asked = 0;
    if (s->last)
        s->last->next = stmt;
    else
        s->first = stmt;
    s->last = stmt;
    list_subject(graph, s);
    ++graph->n_stmts;
    return 0;
}

/* The slot of the statement among `seen`, or the free one where it belongs. */
static size_t
seen_at(struct mo_stmt *const *seen, size_t mask, const struct mo_stmt *stmt)
{
    size_t slot = mo_mix(stmt->o->hash ^ mo_mix(stmt->p->hash)) & mask;

    while (seen[slot] && (seen[slot]->o != stmt->o || seen[slot]->p != stmt->p))
        slot = (slot + 1) & mask;
    return slot;
}

int
mo_graph_unique(struct mo_graph *graph, struct mo_term *node)
{
    struct mo_stmt **link = &node->first, **seen;
    size_t n = 0, size = 16;

    for (const struct mo_stmt *s = node->first; s; s = s->next)
        ++n;
    if (n <= WIDE)
        return 0;
    while (size < 2 * n)
        size *= 2;
    if (!(seen = calloc(size, sizeof(struct mo_stmt *))))
        return -1;
    while (*link) {
        size_t slot = seen_at(seen, size - 1, *link);

        if (seen[slot]) {
            *link = (*link)->next;
            --graph->n_stmts;
            continue;
        }
        node->last = seen[slot] = *link;
        link = &(*link)->next;
    }
    free(seen);
    return 0;
}

int
mo_graph_link(
    struct mo_graph *graph, struct mo_term *s, struct mo_term *p, struct mo_term *o)
{
    struct mo_stmt *stmt;

    for (stmt = o->first_link; stmt; stmt = stmt->next)
        if (stmt->s == s && stmt->p == p)
            return 0;
    stmt = mo_arena_alloc(graph->arena, sizeof *stmt);
    if (!stmt)
        return -1;
    stmt->s = s;
    stmt->p = p;
    stmt->o = o;
    stmt->next = NULL;
    stmt->used = stmt->aside = stmt->due = false;
    stmt->round = stmt->fine = 0;
    stmt->asked = 0;
    if (o->last_link)
        o->last_link->next = stmt;
    else
        o->first_link = stmt;
    o->last_link = stmt;
    return 0;
}

void
mo_graph_close(struct mo_graph *graph, struct mo_term *node)
{
    node->closed = ++graph->closed;
}

struct mo_str
mo_datatype_of(const struct mo_term *literal)
{
    return literal->datatype ? literal->datatype->text
           : literal->lang.n ? mo_str(MO_RDF "langString")
                             : mo_str(MO_XSD "string");
}
