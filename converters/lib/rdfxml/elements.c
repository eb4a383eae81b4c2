#include "rdfxml/elements.h"

#include <stdlib.h>

#include <moisson/iri.h>
#include <moisson/text.h>

#include "rdfxml/rdfxml.h"

enum { MAX_LOCAL = 50000 /* what libxml2 takes for a name */ };

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

bool
mo_is_ncname(struct mo_str text)
{
    return text.n && local_from(text) == 0;
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
find_prefix(const struct elements *all, struct mo_str space)
{
    for (size_t i = 0; i < all->n_prefixes; ++i)
        if (mo_str_eq(all->prefixes[i].space, space))
            return &all->prefixes[i];
    return NULL;
}

/* What an IRI may not hold, a namespace may not either: parsers refuse it. */
static bool
may_be_declared(struct mo_str space)
{
    return space.n && space.n <= MAX_XML_TEXT && mo_iri_bad_byte(space) == space.n &&
           !mo_str_is(space, "http://www.w3.org/XML/1998/namespace") &&
           !mo_str_is(space, "http://www.w3.org/2000/xmlns/");
}

static struct element
make_element(const struct elements *all, struct mo_str iri)
{
    size_t n = local_from(iri);
    struct element e = {.space = mo_str_n(iri.p, n), .local = mo_str_from(iri, n)};

    e.prefix = find_prefix(all, e.space);
    e.fine = e.local.n && e.local.n <= MAX_LOCAL && !is_syntax(iri) &&
             (e.prefix || may_be_declared(e.space));
    return e;
}

/* Write its tags down; where that is not done, they are put together each time. */
static void
spell(struct elements *all, struct element *e)
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
    if (!text.failed && mo_arena_copy(all->tags, mo_buf_view(&text), &copy) == 0) {
        e->open = mo_str_n(copy.p, (copy.n - 3) / 2);
        e->close = mo_str_from(copy, e->open.n);
    }
    mo_buf_done(&text);
}

const struct element *
mo_element_of(struct elements *all, const struct mo_term *term, struct element *own)
{
    struct element *kept = &all->kept[term->known];

    if (!term->known || term->known >= all->n_kept) {
        *own = make_element(all, term->text);
        return own;
    }
    if (!kept->space.p) {
        *kept = make_element(all, mo_lexicon_text(all->lexicon, term->known));
        spell(all, kept);
    }
    return kept;
}

/* ---- Prefixes ---- */

/* The prefix of a row, unless it cannot be declared. rdf stands for what it must. */
static void
add_prefix(struct elements *all, struct mo_str name, struct mo_str space)
{
    bool rdf = mo_str_is(name, "rdf"), is_rdf = mo_str_is(space, MO_RDF);

    if (rdf != is_rdf || !mo_is_ncname(name) || !may_be_declared(space) ||
        mo_str_is(name, "ns") || mo_str_eq_nocase(mo_utf8_head(name, 3), mo_str("xml")) ||
        find_prefix(all, space))
        return;
    all->prefixes[all->n_prefixes++] = (struct prefix){.name = name, .space = space};
}

int
mo_elements_init(struct elements *all, const struct mo_vocab *vocab)
{
    const struct mo_table *table = mo_table(vocab->tables, "prefixes");

    all->lexicon = vocab->lexicon;
    all->n_kept = (size_t)mo_lexicon_size(all->lexicon) + 1;
    all->kept = calloc(all->n_kept, sizeof *all->kept);
    all->prefixes = calloc(table->rows + 1, sizeof *all->prefixes);
    all->tags = mo_arena_new(1 << 20);
    if (!all->kept || !all->prefixes || !all->tags)
        return -1;
    add_prefix(all, mo_str("rdf"), mo_str(MO_RDF));
    all->description = (struct element){.prefix = all->prefixes,
        .space = mo_str(MO_RDF),
        .local = mo_str("Description"),
        .fine = true};
    spell(all, &all->description);
    for (size_t i = 0; i < table->rows; ++i)
        add_prefix(
            all, mo_str(mo_table_cell(table, i, 0)), mo_str(mo_table_cell(table, i, 1)));
    return 0;
}

void
mo_elements_done(struct elements *all)
{
    free(all->prefixes);
    free(all->kept);
    mo_arena_free(all->tags);
}
