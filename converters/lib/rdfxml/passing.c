/*
 * Elements that go past the parser. Most hold nothing of which only libxml2 knows what it
 * means: no declaration, no section, no comment, and no fault. All of such an element is looked
 * at first, then handed to the grammar as libxml2 would have done it. What is in any doubt is
 * left to libxml2. It stands between two tags meanwhile, and never learns what went past it.
 */
#include "rdfxml/rdfxml.h"

#include <libxml/parserInternals.h>
#include <stdlib.h>

#include "base/block.h"
#include "base/ctype.h"
#include "base/hash.h"

enum {
    DUBIOUS = 0xEF, /* the first byte of U+FFFE and U+FFFF, which XML does not know */
    SLOTS = 256,
    NEAR = 4, /* slots that a name may be in */
    LONGEST_NAME = 40,
    MAX_DECLARATIONS = 256,
    MAX_PIECES = 1024,
    MAX_NESTED = 16,
    MAX_ATTRIBUTES = 16, /* of one element */
    PER_ATTRIBUTE = 5,   /* pointers, as libxml2 hands them over */
    FIRST_STRIDE = 16,
    LAST_STRIDE = 32 << 10
};

struct meaning {
    const xmlChar *prefix, *local, *space; /* from libxml2's dictionary */
};

/* A name as it is written, and what that means in one scope. */
struct written {
    uint64_t scope; /* 0: nothing is here */
    struct meaning means;
    bool fine; /* it may go past the parser */
    size_t n;
    char text[LONGEST_NAME];
};

/* A namespace that an open element declares. */
struct declaration {
    const xmlChar *prefix, *space;
    size_t depth;   /* of the element */
    uint64_t outer; /* the scope around it */
};

/* What is handed to the grammar. */
struct piece {
    enum { START_TAG, END_TAG, TEXT } kind;
    size_t at; /* where the parser would stand in the window */
    struct meaning means;
    size_t attributes, n_attributes;
    struct mo_str text;
};

struct passing {
    struct declaration declarations[MAX_DECLARATIONS];
    size_t n_declarations;
    bool crowded;           /* there were more */
    size_t depth;           /* elements open */
    uint64_t scope, scopes; /* the one in hand; how many there were */
    uint64_t waits, seen; /* an element that waits for its end, and how far it was here */
    size_t stride;        /* bytes that the parser gets at least */
    struct mo_arena *values; /* texts with references */
    struct written names[SLOTS];
    size_t n_pieces, n_attributes;
    struct piece pieces[MAX_PIECES];
    const xmlChar *attributes[MAX_PIECES * PER_ATTRIBUTE];
};

/* An element whose end has not been seen yet. */
struct open {
    struct mo_str name;
    struct meaning means;
    bool property, has_child;
};

/* Bytes of the window that are looked at. */
struct look {
    const char *p;
    size_t at, to;
    struct open open[MAX_NESTED];
    size_t n_open;
};

enum verdict {
    PASSES,
    CUT,      /* its end is not here */
    TOO_LONG, /* to be looked at as a whole */
    DOUBTFUL
};

struct passing *
mo_passing_new(void)
{
    struct passing *passing = calloc(1, sizeof *passing);

    if (!passing)
        return NULL;
    passing->values = mo_arena_new(1 << 20);
    mo_passing_reset(passing);
    if (passing->values)
        return passing;
    free(passing);
    return NULL;
}

void
mo_passing_free(struct passing *passing)
{
    if (!passing)
        return;
    mo_arena_free(passing->values);
    free(passing);
}

/* ---- Names ---- */

void
mo_passing_reset(struct passing *passing)
{
    passing->n_declarations = passing->depth = passing->stride = 0;
    passing->crowded = false;
    passing->waits = UINT64_MAX;
    passing->scope = ++passing->scopes;
}

void
mo_passing_enter(struct passing *passing, int n, const xmlChar **spaces)
{
    uint64_t outer = passing->scope;

    ++passing->depth;
    if (n)
        passing->scope = ++passing->scopes;
    for (int i = 0; i < n; ++i) {
        if (passing->n_declarations == MAX_DECLARATIONS) {
            passing->crowded = true;
            return;
        }
        passing->declarations[passing->n_declarations++] =
            (struct declaration){spaces[2 * i], spaces[2 * i + 1], passing->depth, outer};
    }
}

void
mo_passing_leave(struct passing *passing)
{
    size_t *n = &passing->n_declarations;

    while (*n && passing->declarations[*n - 1].depth == passing->depth)
        passing->scope = passing->declarations[--*n].outer;
    --passing->depth;
}

/* The namespace of a prefix (NULL: of names without one), or NULL. */
static const xmlChar *
space_of(const struct rdfxml *r, const xmlChar *prefix)
{
    const struct passing *passing = r->passing;

    if (prefix && strcmp((const char *)prefix, "xml") == 0)
        return r->xml_space;
    for (size_t i = passing->n_declarations; i > 0; --i)
        if (passing->declarations[i - 1].prefix == prefix) {
            const xmlChar *space = passing->declarations[i - 1].space;

            return space && space[0] ? space : NULL;
        }
    return NULL;
}

/* Whether it is a name of ASCII letters, without a colon (Namespaces in XML, 4). */
static bool
is_simple_name(struct mo_str s)
{
    if (s.n == 0 || !(mo_is_alpha(s.p[0]) || s.p[0] == '_'))
        return false;
    for (size_t i = 1; i < s.n; ++i)
        if (!mo_is_alpha(s.p[i]) && !mo_is_digit(s.p[i]) && !memchr("_-.", s.p[i], 3))
            return false;
    return true;
}

static const xmlChar *
in_dictionary(const struct rdfxml *r, struct mo_str s)
{
    return xmlDictLookup(r->parser->dict, (const xmlChar *)s.p, (int)s.n);
}

static void
learn(const struct rdfxml *r, struct mo_str text, struct written *w)
{
    size_t colon = mo_str_find(text, mo_str(":"), 0);
    bool prefixed = colon < text.n;
    struct mo_str prefix = mo_str_n(text.p, prefixed ? colon : 0),
                  local = mo_str_from(text, prefixed ? colon + 1 : 0);

    w->scope = r->passing->scope;
    w->n = text.n;
    memcpy(w->text, text.p, text.n);
    w->fine = is_simple_name(local) && (!prefixed || is_simple_name(prefix));
    if (!w->fine)
        return;
    w->means.prefix = prefixed ? in_dictionary(r, prefix) : NULL;
    w->means.local = in_dictionary(r, local);
    w->means.space = space_of(r, w->means.prefix);
    /* What stands in an element with this attribute, the grammar alone knows. */
    w->fine = w->means.space && w->means.local && !mo_str_is(local, "parseType");
}

static bool
is_name(const struct written *w, uint64_t scope, struct mo_str text)
{
    return w->scope == scope && mo_str_eq(text, mo_str_n(w->text, w->n));
}

/* What the name means, if it may go past the parser, or NULL. */
static const struct meaning *
meaning_of(const struct rdfxml *r, struct mo_str text)
{
    const uint64_t scope = r->passing->scope;
    struct written *w = &r->passing->names[mo_hash(0, text) % (SLOTS - NEAR + 1)];
    const struct written *last = w + NEAR - 1;

    if (text.n == 0 || text.n > LONGEST_NAME)
        return NULL;
    while (w < last && w->scope == scope && !is_name(w, scope, text))
        ++w;
    if (!is_name(w, scope, text))
        learn(r, text, w);
    return w->fine ? &w->means : NULL;
}

/* ---- Looking ---- */

static struct piece *
new_piece(struct passing *passing, size_t at, const struct meaning *means)
{
    struct piece *piece = &passing->pieces[passing->n_pieces++];

    piece->at = at;
    piece->means = *means;
    return piece;
}

/* Controls that XML does not know were repaired: the others are blank. */
static size_t
skip_blanks(const char *p, size_t at, size_t to)
{
    while (at < to && (unsigned char)p[at] <= ' ')
        ++at;
    return at;
}

static size_t
end_of_name(const struct look *l, size_t at)
{
    for (; at + MO_BLOCK <= l->to; at += MO_BLOCK) {
        mo_block b = mo_block_at(l->p + at);
        size_t n =
            mo_block_first((mo_block)((b <= ' ') | (b == '>') | (b == '/') | (b == '=')));

        if (n < MO_BLOCK)
            return at + n;
    }
    while (at < l->to && (unsigned char)l->p[at] > ' ' && !strchr(">/=", l->p[at]))
        ++at;
    return at;
}

/* The first byte from `at` on that is one of these, below `low` or dubious; or l->to. */
static inline size_t
find_special(const struct look *l, size_t at, unsigned char x, unsigned char y,
    unsigned char z, unsigned char low)
{
    for (; at + MO_BLOCK <= l->to; at += MO_BLOCK) {
        mo_block b = mo_block_at(l->p + at);
        size_t n = mo_block_first((mo_block)((b == x) | (b == y) | (b == z) | (b < low) |
                                             (b == DUBIOUS) | (b == '&')));

        if (n < MO_BLOCK)
            return at + n;
    }
    for (; at < l->to; ++at) {
        unsigned char c = (unsigned char)l->p[at];

        if (c == x || c == y || c == z || c < low || c == DUBIOUS || c == '&')
            return at;
    }
    return at;
}

/*
 * The text as it is meant, with its references (those that all documents have) and ends of line
 * taken for what they are. False where it has others, or memory is short.
 */
static bool
resolve(struct passing *passing, struct mo_str *text)
{
    char *out = mo_arena_alloc(passing->values, text->n);
    struct mo_str s = *text;
    size_t n = 0;

    if (!out)
        return false;
    while (s.n) {
        size_t special = mo_find_any(s, 0, '&', '\r', '\r'), length = 1;

        memcpy(out + n, s.p, special);
        n += special;
        s = mo_str_from(s, special);
        if (s.n && s.p[0] == '&') {
            uint32_t c = mo_rdfxml_reference(s, &length);

            if (!c)
                return false;
            n += mo_utf8_put(c, out + n);
        } else if (s.n && !(s.n > 1 && s.p[1] == '\n')) {
            out[n++] = '\n';
        }
        s = mo_str_from(s, length);
    }
    *text = mo_str_n(out, n);
    return true;
}

/* What stands in quotes and ends with `quote`, which is put at `*end`. */
static enum verdict
look_at_value(struct passing *passing, const struct look *l, size_t from, char quote,
    struct mo_str *value, size_t *end)
{
    size_t at = from;
    bool has_reference = false;

    while ((at = find_special(l, at, (unsigned char)quote, '<', '<', ' ')) < l->to &&
           l->p[at] == '&') {
        has_reference = true;
        ++at;
    }
    if (at == l->to)
        return CUT;
    *end = at;
    *value = mo_str_n(l->p + from, at - from);
    return l->p[at] == quote && (!has_reference || resolve(passing, value)) ? PASSES
                                                                            : DOUBTFUL;
}

static enum verdict
look_at_attribute(const struct rdfxml *r, struct look *l, struct piece *piece)
{
    struct passing *passing = r->passing;
    const xmlChar **attributes = passing->attributes + piece->attributes * PER_ATTRIBUTE;
    size_t n = piece->n_attributes * PER_ATTRIBUTE, end = end_of_name(l, l->at), close;
    const struct meaning *means;
    struct mo_str value;
    enum verdict verdict;

    if (end + 2 > l->to)
        return CUT;
    if (l->p[end] != '=' || (l->p[end + 1] != '"' && l->p[end + 1] != '\''))
        return DOUBTFUL;
    means = meaning_of(r, mo_str_n(l->p + l->at, end - l->at));
    if (!means || !means->prefix)
        return DOUBTFUL;
    for (size_t i = 0; i < n; i += PER_ATTRIBUTE)
        if (attributes[i] == means->local && attributes[i + 2] == means->space)
            return DOUBTFUL;
    verdict = look_at_value(passing, l, end + 2, l->p[end + 1], &value, &close);
    if (verdict != PASSES)
        return verdict;
    attributes[n] = means->local;
    attributes[n + 1] = means->prefix;
    attributes[n + 2] = means->space;
    attributes[n + 3] = (const xmlChar *)value.p;
    attributes[n + 4] = attributes[n + 3] + value.n;
    ++piece->n_attributes;
    ++passing->n_attributes;
    l->at = close + 1;
    return PASSES;
}

/* From behind the name in a start tag to its end. */
static enum verdict
look_at_attributes(const struct rdfxml *r, struct look *l, struct piece *piece)
{
    enum verdict verdict = PASSES;

    while (verdict == PASSES) {
        size_t at = skip_blanks(l->p, l->at, l->to);

        if (at == l->to)
            return CUT;
        piece->at = at;
        if (l->p[at] == '>' || l->p[at] == '/')
            return PASSES;
        if (r->passing->n_attributes == MAX_PIECES)
            return TOO_LONG;
        if (at == l->at || piece->n_attributes == MAX_ATTRIBUTES)
            return DOUBTFUL;
        l->at = at;
        verdict = look_at_attribute(r, l, piece);
    }
    return verdict;
}

static enum verdict
look_at_start(const struct rdfxml *r, struct look *l, bool property)
{
    struct passing *passing = r->passing;
    size_t from = l->at + 1;
    struct mo_str name = mo_str_n(l->p + from, end_of_name(l, from) - from);
    const struct meaning *means;
    struct piece *piece;
    enum verdict verdict;

    l->at = from + name.n;
    if (l->at == l->to)
        return CUT;
    means = meaning_of(r, name);
    if (!means || l->n_open == MAX_NESTED)
        return DOUBTFUL;
    piece = new_piece(passing, 0, means);
    piece->kind = START_TAG;
    piece->attributes = passing->n_attributes;
    piece->n_attributes = 0;
    verdict = look_at_attributes(r, l, piece);
    if (verdict != PASSES)
        return verdict;
    l->at = piece->at + 1;
    if (l->p[piece->at] == '>') {
        l->open[l->n_open++] = (struct open){name, piece->means, property, false};
        return PASSES;
    }
    if (l->at == l->to)
        return CUT;
    if (l->p[l->at++] != '>')
        return DOUBTFUL;
    new_piece(passing, l->at, &piece->means)->kind = END_TAG;
    return PASSES;
}

static enum verdict
look_at_end(struct passing *passing, struct look *l)
{
    const struct open *open = &l->open[l->n_open - 1];
    size_t from = l->at + 2, at = from + open->name.n;

    if (at >= l->to)
        return CUT;
    if (memcmp(l->p + from, open->name.p, open->name.n) != 0)
        return DOUBTFUL;
    at = skip_blanks(l->p, at, l->to);
    if (at == l->to)
        return CUT;
    if (l->p[at] != '>')
        return DOUBTFUL;
    l->at = at + 1;
    new_piece(passing, l->at, &open->means)->kind = END_TAG;
    --l->n_open;
    return PASSES;
}

/* Where the text ends that begins at l->at. */
static enum verdict
look_at_characters(const struct look *l, size_t *end, bool *as_it_is)
{
    size_t at = l->at;

    *as_it_is = true;
    while ((at = find_special(l, at, '<', ']', '\r', 0)) < l->to && l->p[at] != '<') {
        if (l->p[at] == ']'
                ? mo_str_starts(mo_str_n(l->p + at, l->to - at), mo_str("]]>"))
                : l->p[at] != '&' && l->p[at] != '\r')
            return DOUBTFUL;
        *as_it_is = *as_it_is && l->p[at] == ']';
        ++at;
    }
    *end = at;
    return at + 1 < l->to ? PASSES : CUT;
}

/* What stands before the next tag. It is text in a property without elements, and only there. */
static enum verdict
look_at_text(struct passing *passing, struct look *l)
{
    const struct open *open = &l->open[l->n_open - 1];
    size_t end = skip_blanks(l->p, l->at, l->to);
    bool as_it_is, blank = end + 1 < l->to && l->p[end] == '<';
    enum verdict verdict = PASSES;

    if (!open->property || open->has_child || (blank && l->p[end + 1] != '/')) {
        l->at = end;
        return end + 1 >= l->to ? CUT : blank ? PASSES : DOUBTFUL;
    }
    verdict = look_at_characters(l, &end, &as_it_is);
    if (verdict == PASSES && end > l->at) {
        struct piece *piece = new_piece(passing, l->at, &open->means);

        piece->kind = TEXT;
        piece->text = mo_str_n(l->p + l->at, end - l->at);
        if (l->p[end + 1] != '/' || (!as_it_is && !resolve(passing, &piece->text)))
            verdict = DOUBTFUL;
    }
    l->at = end;
    return verdict;
}

/* The element that begins at l->at, all of it; else, where it is cut or in doubt. */
static enum verdict
look_at_element(const struct rdfxml *r, struct look *l, bool property)
{
    enum verdict verdict = look_at_start(r, l, property);

    while (verdict == PASSES && l->n_open) {
        struct open *around = &l->open[l->n_open - 1];

        if (r->passing->n_pieces + 3 > MAX_PIECES)
            return TOO_LONG;
        verdict = look_at_text(r->passing, l);
        if (verdict != PASSES)
            return verdict;
        if (l->p[l->at + 1] == '/') {
            verdict = look_at_end(r->passing, l);
        } else {
            around->has_child = true;
            verdict = look_at_start(r, l, !around->property);
        }
    }
    return verdict;
}

/* ---- Handing over ---- */

static void
hand_over(struct rdfxml *r, const struct piece *piece)
{
    const xmlSAXHandler *sax = r->parser->sax;
    const struct meaning *m = &piece->means;

    r->fed = piece->at;
    switch (piece->kind) {
    case START_TAG:
        sax->startElementNs(r, m->local, m->prefix, m->space, 0, NULL,
            (int)piece->n_attributes, 0,
            r->passing->attributes + piece->attributes * PER_ATTRIBUTE);
        break;
    case END_TAG: sax->endElementNs(r, m->local, m->prefix, m->space); break;
    case TEXT:
        sax->characters(r, (const xmlChar *)piece->text.p, (int)piece->text.n);
        break;
    }
}

static void
hand_all_over(struct rdfxml *r)
{
    const struct passing *passing = r->passing;

    r->past = true;
    for (size_t i = 0; mo_rdfxml_is_well(r) && i < passing->n_pieces; ++i)
        hand_over(r, &passing->pieces[i]);
    r->past = false;
    mo_rdfxml_shift_here(r);
}

/* Whether the parser has read all that it got, and stands in content of nodes or properties. */
static bool
is_between_tags(const struct rdfxml *r)
{
    const xmlParserCtxt *parser = r->parser;
    enum frame_kind kind = r->frames[r->n_frames - 1].kind;

    return !r->careful && !r->declares && !r->ghosts && !r->passing->crowded &&
           parser->instate == XML_PARSER_CONTENT && parser->inputNr == 1 &&
           parser->input->cur == parser->input->end &&
           (kind == IN_RDF || kind == IN_NODE || kind == IN_PROPERTY ||
               kind == IN_COLLECTION);
}

/* Blank text up to `to`. False where the parser is to say what it is. */
static bool
pass_blanks(struct rdfxml *r, size_t to)
{
    struct mo_str blanks = mo_str_n(r->window.p + r->fed, to - r->fed);

    if (blanks.n == 0)
        return true;
    if (r->frames[r->n_frames - 1].kind == IN_PROPERTY) {
        if (memchr(blanks.p, '\r', blanks.n))
            return false;
        r->parser->sax->characters(r, (const xmlChar *)blanks.p, (int)blanks.n);
    }
    r->fed = to;
    mo_rdfxml_shift_here(r);
    return true;
}

/* The end of the next tag, so that no text before it is parted. */
static size_t
behind_tag(const struct rdfxml *r, size_t at, size_t to)
{
    const char *p = r->window.p, *open = at < to ? memchr(p + at, '<', to - at) : NULL;
    const char *close = open ? memchr(open, '>', (size_t)(p + to - open)) : NULL;

    return close ? (size_t)(close + 1 - p) : to;
}

/* The same, further on each time that nothing has gone past the parser. */
static size_t
stride(struct rdfxml *r, size_t at, size_t to)
{
    size_t step = r->passing->stride;

    r->passing->stride = !step ? FIRST_STRIDE : step < LAST_STRIDE ? 2 * step : step;
    return behind_tag(r, step < to - at ? at + step : to, to);
}

/* Whether to wait for the end of the element at `at`: once, for bytes may come slowly. */
static bool
must_wait(struct passing *passing, uint64_t at, uint64_t to)
{
    if (passing->waits == at)
        return false;
    passing->waits = at;
    passing->seen = to;
    return true;
}

/* Pass the element that comes next. `*until`: else, how far the parser is to be fed. */
static bool
pass_element(struct rdfxml *r, size_t to, bool may_wait, size_t *until)
{
    struct passing *passing = r->passing;
    uint64_t at = r->offset + r->fed;
    struct look look;

    *until = r->fed;
    if (may_wait && passing->waits == at && passing->seen == r->offset + to)
        return false;
    look.p = r->window.p;
    look.at = r->fed;
    look.to = to;
    look.n_open = passing->n_pieces = passing->n_attributes = 0;
    if (mo_arena_used(passing->values))
        mo_arena_reset(passing->values);
    switch (look_at_element(r, &look, r->frames[r->n_frames - 1].kind == IN_NODE)) {
    case PASSES:
        hand_all_over(r);
        passing->stride = 0;
        return true;
    case CUT:
        if (!may_wait || !must_wait(passing, at, r->offset + to))
            *until = behind_tag(r, r->fed, to);
        break;
    case TOO_LONG: *until = behind_tag(r, r->fed, to); break;
    case DOUBTFUL: *until = stride(r, look.at, to); break;
    }
    return false;
}

size_t
mo_rdfxml_pass_elements(struct rdfxml *r, size_t stop, size_t to, bool may_wait)
{
    const char *p = r->window.p;
    size_t until = 0;

    /* A broken root is told sooner the more of what is behind it libxml2 has. */
    if (r->reader.options.strict || r->n_frames < 2)
        return stop;
    while (r->fed < stop && mo_rdfxml_is_well(r)) {
        size_t at = skip_blanks(p, r->fed, to);

        if (!is_between_tags(r))
            return stride(r, r->fed, to);
        if (at + 1 >= to || p[at] != '<' || strchr("/!?", p[at + 1]) ||
            !pass_blanks(r, at))
            return behind_tag(r, at, to);
        if (!pass_element(r, to, may_wait, &until))
            return until;
    }
    return r->fed;
}
