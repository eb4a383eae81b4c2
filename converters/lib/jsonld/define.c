#include "base/hash.h"
#include "jsonld/defining.h"

enum { MAX_CHAIN = 100 /* terms that need each other */, MAX_UNORDERED = 1000 };

static int iri_in(struct mo_ld *ld, struct mo_local *local,
    const struct mo_active *active, struct mo_str value, unsigned flags,
    struct mo_str *out);

bool
mo_is_absolute(struct mo_str text)
{
    return mo_str_starts(text, mo_str("_:")) || mo_iri_is_absolute(text);
}

bool
mo_is_well_formed(struct mo_str text)
{
    size_t fragment = mo_str_find(text, mo_str("#"), 0);

    return mo_iri_is_absolute(text) && mo_iri_bad_byte(text) == text.n &&
           mo_str_find(text, mo_str("#"), fragment + 1) >= text.n;
}

static bool
has_byte(struct mo_str text, char c)
{
    return text.n && memchr(text.p, c, text.n);
}

/* Offset of the first ":" behind the first byte, or text.n. */
static size_t
colon_in(struct mo_str text)
{
    const char *hit = text.n > 1 ? memchr(text.p + 1, ':', text.n - 1) : NULL;

    return hit ? (size_t)(hit - text.p) : text.n;
}

int
mo_read_direction(
    struct mo_ld *ld, const struct mo_json *value, enum mo_direction *direction)
{
    struct mo_str text = mo_json_text(value);
    bool string = mo_json_kind(value) == MO_JSON_STRING;

    if (mo_json_kind(value) == MO_JSON_NULL)
        *direction = MO_DIR_NULL;
    else if (string && mo_str_is(text, "ltr"))
        *direction = MO_DIR_LTR;
    else if (string && mo_str_is(text, "rtl"))
        *direction = MO_DIR_RTL;
    else
        return mo_ld_invalid(ld, "invalid base direction", text);
    return 0;
}

/* ---- The terms of the context in hand ---- */

static struct mo_local_term *
local_term(const struct mo_local *local, struct mo_str name, uint32_t **slot)
{
    uint64_t hash = mo_hash(local->active->key, name);
    size_t i = hash & local->mask;

    for (; local->slots[i]; i = (i + 1) & local->mask) {
        struct mo_local_term *term = &local->terms[local->slots[i] - 1];

        if (term->hash == hash && mo_str_eq(term->name, name))
            return term;
    }
    if (slot)
        *slot = &local->slots[i];
    return NULL;
}

static struct mo_local_term *
find_local(const struct mo_local *local, struct mo_str name)
{
    return local ? local_term(local, name, NULL) : NULL;
}

static bool
is_about_context(struct mo_str key)
{
    static const unsigned about = MO_KW_BIT(BASE) | MO_KW_BIT(DIRECTION) |
                                  MO_KW_BIT(IMPORT) | MO_KW_BIT(LANGUAGE) |
                                  MO_KW_BIT(PROPAGATE) | MO_KW_BIT(PROTECTED) |
                                  MO_KW_BIT(VERSION) | MO_KW_BIT(VOCAB);

    return (about >> mo_keyword(key)) & 1;
}

static void
list_terms(struct mo_local *local, const struct mo_json *context)
{
    for (const struct mo_json *m = mo_json_first(context); m; m = mo_json_next(m)) {
        struct mo_str name = mo_json_key(m);
        struct mo_local_term *term;
        uint32_t *slot;

        if (is_about_context(name))
            continue;
        term = local_term(local, name, &slot);
        if (!term) {
            term = &local->terms[local->n++];
            *slot = (uint32_t)local->n;
            term->name = name;
            term->hash = mo_hash(local->active->key, name);
        }
        term->value = m;
    }
}

static size_t
count(const struct mo_json *object)
{
    size_t n = 0;

    for (const struct mo_json *m = object ? mo_json_first(object) : NULL; m;
         m = mo_json_next(m))
        ++n;
    return n;
}

/* ---- Definitions ---- */

static bool
same_json(const struct mo_json *a, const struct mo_json *b)
{
    enum mo_json_kind kind = mo_json_kind(a);
    size_t n = count(a);

    if (kind != mo_json_kind(b) || !mo_str_eq(mo_json_text(a), mo_json_text(b)) ||
        n != count(b) || n > MAX_UNORDERED)
        return false;
    b = mo_json_first(b);
    for (const struct mo_json *m = mo_json_first(a), *o = b, *all = b; m;
         m = mo_json_next(m)) {
        if (kind == MO_JSON_OBJECT)
            for (o = all; o && !mo_str_eq(mo_json_key(o), mo_json_key(m));)
                o = mo_json_next(o);
        if (!o || !same_json(m, o))
            return false;
        o = mo_json_next(o);
    }
    return true;
}

static bool
same_text(struct mo_str a, struct mo_str b)
{
    return !a.p == !b.p && mo_str_eq(a, b);
}

/* Whether two definitions agree but for their protection. */
static bool
same_definition(const struct mo_definition *a, const struct mo_definition *b)
{
    return same_text(a->iri, b->iri) && same_text(a->type, b->type) &&
           same_text(a->index, b->index) && same_text(a->nest, b->nest) &&
           same_text(a->lang, b->lang) && a->has_lang == b->has_lang &&
           a->prefix == b->prefix && a->reverse == b->reverse &&
           a->direction == b->direction && a->container == b->container &&
           !a->context == !b->context &&
           (!a->context || same_json(a->context, b->context));
}

/* One term on its way to a definition. */
struct making {
    struct mo_ld *ld;
    struct mo_local *local;
    struct mo_definition *d;
    const struct mo_json *value; /* NULL: the value is a text, or null */
    bool simple;
    bool leave_out; /* it is ignored */
};

static int
invalid(const struct making *m, const char *code)
{
    return mo_ld_invalid(m->ld, code, m->d->term);
}

static const struct mo_json *
member(const struct making *m, const char *name)
{
    return m->value ? mo_json_member(m->value, name) : NULL;
}

static int
expand(const struct making *m, struct mo_str text, struct mo_str *out)
{
    return iri_in(m->ld, m->local, m->local->active, text, MO_EXPAND_VOCAB, out);
}

static int
join(struct mo_ld *ld, struct mo_str head, struct mo_str tail, struct mo_str *out)
{
    char *p = mo_arena_alloc(ld->target, head.n + tail.n + 1);

    if (!p)
        return mo_ld_memory(ld);
    if (head.n)
        memcpy(p, head.p, head.n);
    if (tail.n)
        memcpy(p + head.n, tail.p, tail.n);
    p[head.n + tail.n] = '\0';
    *out = mo_str_n(p, head.n + tail.n);
    return 0;
}

static int
read_type(struct making *m)
{
    const struct mo_json *type = member(m, "@type");
    struct mo_str iri;

    if (!type)
        return 0;
    if (mo_json_kind(type) != MO_JSON_STRING)
        return invalid(m, "invalid type mapping");
    if (expand(m, mo_json_text(type), &iri))
        return -1;
    switch (mo_keyword(iri)) {
    case MO_KW_ID:
    case MO_KW_JSON:
    case MO_KW_NONE:
    case MO_KW_VOCAB: break;
    default:
        if (!iri.p || !mo_iri_is_absolute(iri))
            return invalid(m, "invalid type mapping");
    }
    m->d->type = iri;
    return 0;
}

static int
read_reverse(struct making *m, const struct mo_json *reverse)
{
    struct mo_str text = mo_json_text(reverse);

    if (member(m, "@id") || member(m, "@nest"))
        return invalid(m, "invalid reverse property");
    if (mo_json_kind(reverse) != MO_JSON_STRING)
        return invalid(m, "invalid IRI mapping");
    m->leave_out = mo_keyword_like(text);
    if (m->leave_out)
        return 0;
    if (expand(m, text, &m->d->iri))
        return -1;
    if (!m->d->iri.p || !mo_is_absolute(m->d->iri))
        return invalid(m, "invalid IRI mapping");
    m->d->reverse = true;
    return 0;
}

static bool
ends_in_delimiter(struct mo_str iri)
{
    return iri.n && strchr(":/?#[]@", iri.p[iri.n - 1]);
}

/* A term that has the form of an IRI must mean itself; others may be prefixes. */
static int
check_iri(struct making *m)
{
    struct mo_str term = m->d->term, iri;
    struct mo_local_term *own = find_local(m->local, term);
    size_t colon = colon_in(term);

    if (!(colon < term.n && colon + 1 < term.n) && !has_byte(term, '/')) {
        m->d->prefix =
            !has_byte(term, ':') && m->simple &&
            (ends_in_delimiter(m->d->iri) || mo_str_starts(m->d->iri, mo_str("_:")));
        return 0;
    }
    own->progress = MO_DEFINED;
    if (expand(m, term, &iri))
        return -1;
    own->progress = MO_BEGUN;
    if (same_text(iri, m->d->iri))
        return 0;
    if (m->ld->strict)
        return invalid(m, "invalid IRI mapping");
    if (!m->local->run->known)
        m->ld->tolerate(m->ld->tolerate_ctx, "invalid IRI mapping", term);
    return 0;
}

static int
read_id(struct making *m, struct mo_str text)
{
    if (mo_keyword(text) == MO_KW_NOT_ONE && mo_keyword_like(text)) {
        m->leave_out = true;
        return 0;
    }
    if (expand(m, text, &m->d->iri))
        return -1;
    if (!m->d->iri.p ||
        (mo_keyword(m->d->iri) == MO_KW_NOT_ONE && !mo_is_absolute(m->d->iri)))
        return invalid(m, "invalid IRI mapping");
    if (mo_keyword(m->d->iri) == MO_KW_CONTEXT)
        return invalid(m, "invalid keyword alias");
    return check_iri(m);
}

/* Without "@id" the term says itself what it means. */
static int
read_own_name(struct making *m)
{
    struct mo_str term = m->d->term;
    const struct mo_active *active = m->local->active;
    size_t colon = colon_in(term);

    if (colon < term.n) {
        struct mo_str prefix = mo_str_n(term.p, colon);
        const struct mo_definition *d;
        struct mo_str unused;

        if (find_local(m->local, prefix) && expand(m, prefix, &unused))
            return -1;
        d = mo_active_find(active, prefix);
        if (d && d->iri.p)
            return join(m->ld, d->iri, mo_str_from(term, colon + 1), &m->d->iri);
        m->d->iri = term;
        return 0;
    }
    if (has_byte(term, '/')) {
        if (expand(m, term, &m->d->iri))
            return -1;
        return m->d->iri.p && mo_iri_is_absolute(m->d->iri)
                   ? 0
                   : invalid(m, "invalid IRI mapping");
    }
    if (mo_keyword(term) == MO_KW_TYPE) {
        m->d->iri = term;
        return 0;
    }
    if (!active->vocab.p)
        return invalid(m, "invalid IRI mapping");
    return join(m->ld, active->vocab, term, &m->d->iri);
}

static int
read_iri(struct making *m, const struct mo_json *whole)
{
    const struct mo_json *reverse = member(m, "@reverse");
    const struct mo_json *id = m->value ? member(m, "@id") : whole;

    if (reverse)
        return read_reverse(m, reverse);
    if (id && mo_json_kind(id) == MO_JSON_NULL)
        return 0;
    if (id && mo_json_kind(id) != MO_JSON_STRING)
        return invalid(m, "invalid IRI mapping");
    if (id && !mo_str_eq(mo_json_text(id), m->d->term))
        return read_id(m, mo_json_text(id));
    return read_own_name(m);
}

static bool
is_container(unsigned set, bool array)
{
    static const unsigned alone[] = {MO_KW_BIT(GRAPH), MO_KW_BIT(ID), MO_KW_BIT(INDEX),
        MO_KW_BIT(LANGUAGE), MO_KW_BIT(TYPE), MO_KW_BIT(SET),
        MO_KW_BIT(GRAPH) | MO_KW_BIT(ID), MO_KW_BIT(GRAPH) | MO_KW_BIT(INDEX)};

    if (set == MO_KW_BIT(LIST))
        return true;
    for (size_t i = 0; i < sizeof alone / sizeof alone[0]; ++i)
        if (set == alone[i] || (array && set == (alone[i] | MO_KW_BIT(SET))))
            return true;
    return false;
}

static int
read_container(struct making *m)
{
    const struct mo_json *container = member(m, "@container");
    bool array = container && mo_json_kind(container) == MO_JSON_ARRAY;
    const unsigned reversible = MO_KW_BIT(SET) | MO_KW_BIT(INDEX);

    if (!container)
        return 0;
    if (m->d->reverse && mo_json_kind(container) == MO_JSON_NULL)
        return 0;
    for (const struct mo_json *c = array ? mo_json_first(container) : container; c;
         c = array ? mo_json_next(c) : NULL) {
        enum mo_keyword keyword = mo_json_kind(c) == MO_JSON_STRING
                                      ? mo_keyword(mo_json_text(c))
                                      : MO_KW_NOT_ONE;

        m->d->container |= 1u << keyword;
    }
    if (m->d->reverse && (m->d->container & ~reversible))
        return invalid(m, "invalid reverse property");
    if (!is_container(m->d->container, array))
        return invalid(m, "invalid container mapping");
    if (!(m->d->container & MO_KW_BIT(TYPE)))
        return 0;
    if (!m->d->type.p)
        m->d->type = mo_str("@id");
    if (!mo_str_is(m->d->type, "@id") && !mo_str_is(m->d->type, "@vocab"))
        return invalid(m, "invalid type mapping");
    return 0;
}

static int
read_index(struct making *m)
{
    const struct mo_json *index = member(m, "@index");
    struct mo_str iri;

    if (!index)
        return 0;
    if (!(m->d->container & MO_KW_BIT(INDEX)) || mo_json_kind(index) != MO_JSON_STRING)
        return invalid(m, "invalid term definition");
    if (expand(m, mo_json_text(index), &iri))
        return -1;
    if (!iri.p || !mo_is_absolute(iri))
        return invalid(m, "invalid term definition");
    m->d->index = mo_json_text(index);
    return 0;
}

static int
read_scoped_context(struct making *m)
{
    const struct mo_json *context = member(m, "@context");
    struct mo_local *local = m->local;

    if (!context)
        return 0;
    if (mo_active_check_scoped(m->ld, local->run, local->active, context))
        return m->ld->error == MO_LD_INVALID ? invalid(m, "invalid scoped context") : -1;
    m->d->context = context;
    m->d->base = local->run->base;
    return 0;
}

static int
read_language(struct making *m)
{
    const struct mo_json *language = member(m, "@language");

    if (!language || member(m, "@type"))
        return 0;
    m->d->has_lang = true;
    if (mo_json_kind(language) == MO_JSON_STRING)
        m->d->lang = mo_json_text(language);
    else if (mo_json_kind(language) != MO_JSON_NULL)
        return invalid(m, "invalid language mapping");
    return 0;
}

static int
read_direction(struct making *m)
{
    const struct mo_json *direction = member(m, "@direction");

    if (!direction || member(m, "@type"))
        return 0;
    return mo_read_direction(m->ld, direction, &m->d->direction);
}

static int
read_nest(struct making *m)
{
    const struct mo_json *nest = member(m, "@nest");
    enum mo_keyword keyword;

    if (!nest)
        return 0;
    keyword = mo_keyword(mo_json_text(nest));
    if (mo_json_kind(nest) != MO_JSON_STRING ||
        (keyword != MO_KW_NOT_ONE && keyword != MO_KW_NEST))
        return invalid(m, "invalid @nest value");
    m->d->nest = mo_json_text(nest);
    return 0;
}

static int
read_prefix(struct making *m)
{
    const struct mo_json *prefix = member(m, "@prefix");
    struct mo_str term = m->d->term;

    if (!prefix)
        return 0;
    if (has_byte(term, ':') || has_byte(term, '/'))
        return invalid(m, "invalid term definition");
    if (!mo_json_is_bool(prefix))
        return invalid(m, "invalid @prefix value");
    m->d->prefix = mo_json_kind(prefix) == MO_JSON_TRUE;
    if (m->d->prefix && mo_keyword(m->d->iri) != MO_KW_NOT_ONE)
        return invalid(m, "invalid term definition");
    return 0;
}

static int
check_members(struct making *m)
{
    static const unsigned known =
        MO_KW_BIT(ID) | MO_KW_BIT(REVERSE) | MO_KW_BIT(CONTAINER) | MO_KW_BIT(CONTEXT) |
        MO_KW_BIT(DIRECTION) | MO_KW_BIT(INDEX) | MO_KW_BIT(LANGUAGE) | MO_KW_BIT(NEST) |
        MO_KW_BIT(PREFIX) | MO_KW_BIT(PROTECTED) | MO_KW_BIT(TYPE);

    for (const struct mo_json *o = m->value ? mo_json_first(m->value) : NULL; o;
         o = mo_json_next(o))
        if (!((known >> mo_keyword(mo_json_key(o))) & 1))
            return invalid(m, "invalid term definition");
    return 0;
}

static int
read_protected(struct making *m)
{
    const struct mo_json *protected = member(m, "@protected");

    m->d->protected = m->local->protected;
    if (!protected)
        return 0;
    if (!mo_json_is_bool(protected))
        return invalid(m, "invalid @protected value");
    m->d->protected = mo_json_kind(protected) == MO_JSON_TRUE;
    return 0;
}

static int
read_definition(struct making *m, const struct mo_json *value)
{
    static int (*const rest[])(struct making *) = {read_container, read_index,
        read_scoped_context, read_language, read_direction, read_nest, read_prefix,
        check_members};

    if (read_protected(m) || read_type(m) || read_iri(m, value))
        return -1;
    for (size_t i = 0; i < sizeof rest / sizeof rest[0] && !m->leave_out; ++i)
        if (rest[i](m))
            return -1;
    return 0;
}

/* Keywords are no terms; "@type" alone may be protected and made a set. */
static int
check_keyword(struct making *m, const struct mo_json *value)
{
    enum mo_keyword keyword = mo_keyword(m->d->term);
    size_t n = 0;

    if (keyword == MO_KW_NOT_ONE)
        return 0;
    if (keyword != MO_KW_TYPE || mo_json_kind(value) != MO_JSON_OBJECT)
        return invalid(m, "keyword redefinition");
    for (const struct mo_json *o = mo_json_first(value); o; o = mo_json_next(o), ++n)
        if (!(mo_str_is(mo_json_key(o), "@container") &&
                mo_str_is(mo_json_text(o), "@set")) &&
            !mo_str_is(mo_json_key(o), "@protected"))
            return invalid(m, "keyword redefinition");
    return n ? 0 : invalid(m, "keyword redefinition");
}

/* A protected term keeps its definition; the new one may only be the same. */
static int
check_protection(struct making *m)
{
    const struct mo_definition *before = mo_active_find(m->local->active, m->d->term);

    if (!before || !before->protected || (m->local->run->flags & MO_PROCESS_OVERRIDE))
        return 0;
    if (!same_definition(before, m->d))
        return invalid(m, "protected term redefinition");
    m->d->protected = true;
    return 0;
}

/* 4.2.2 */
static int
define(struct mo_ld *ld, struct mo_local *local, struct mo_local_term *term)
{
    enum mo_json_kind kind = mo_json_kind(term->value);
    struct making m = {.ld = ld, .local = local, .simple = kind == MO_JSON_STRING};

    if (term->progress == MO_DEFINED)
        return 0;
    if (term->progress == MO_BEGUN)
        return mo_ld_invalid(ld, "cyclic IRI mapping", term->name);
    if (local->depth > MAX_CHAIN)
        return mo_ld_overflow(ld, term->name);
    m.d = mo_arena_zero(ld->target, sizeof *m.d);
    if (!m.d)
        return mo_ld_memory(ld);
    m.d->term = term->name;
    m.d->hash = term->hash;
    if (term->name.n == 0)
        return invalid(&m, "invalid term definition");
    if (check_keyword(&m, term->value))
        return -1;
    term->progress = MO_BEGUN;
    if (mo_keyword(term->name) == MO_KW_NOT_ONE && mo_keyword_like(term->name)) {
        term->progress = MO_DEFINED;
        return 0;
    }
    if (kind == MO_JSON_OBJECT)
        m.value = term->value;
    else if (kind != MO_JSON_NULL && kind != MO_JSON_STRING)
        return invalid(&m, "invalid term definition");
    ++local->depth;
    if (read_definition(&m, term->value))
        return -1;
    --local->depth;
    term->progress = MO_DEFINED;
    if (m.leave_out)
        return 0;
    return check_protection(&m) || mo_active_define(ld, local->active, m.d) ? -1 : 0;
}

int
mo_define_terms(struct mo_ld *ld, struct mo_local *local, const struct mo_json *context,
    const struct mo_json *imported)
{
    size_t n = count(context) + count(imported), size = 8;

    if (n > MO_MAX_TERMS)
        return mo_ld_overflow(ld, mo_str(""));
    while (size < 2 * n)
        size *= 2;
    local->mask = size - 1;
    local->terms = mo_arena_zero(ld->target, (n + 1) * sizeof *local->terms);
    local->slots = mo_arena_zero(ld->target, size * sizeof *local->slots);
    if (!local->terms || !local->slots)
        return mo_ld_memory(ld);
    if (imported)
        list_terms(local, imported);
    list_terms(local, context);
    for (size_t i = 0; i < local->n; ++i)
        if (define(ld, local, &local->terms[i]))
            return -1;
    return 0;
}

/* ---- IRI expansion ---- */

static int
define_if_local(struct mo_ld *ld, struct mo_local *local, struct mo_str name)
{
    struct mo_local_term *term = find_local(local, name);

    return term && term->progress != MO_DEFINED ? define(ld, local, term) : 0;
}

/* A compact IRI, or an IRI; `out->p` is NULL when it is neither. */
static int
expand_compact(struct mo_ld *ld, struct mo_local *local, const struct mo_active *active,
    struct mo_str value, struct mo_str *out)
{
    size_t colon = colon_in(value);
    struct mo_str prefix = mo_str_n(value.p, colon);
    struct mo_str suffix = mo_str_from(value, colon + 1);
    const struct mo_definition *d;

    *out = mo_str_n(NULL, 0);
    if (colon == value.n)
        return 0;
    if (mo_str_is(prefix, "_") || mo_str_starts(suffix, mo_str("//"))) {
        *out = value;
        return 0;
    }
    if (define_if_local(ld, local, prefix))
        return -1;
    d = mo_active_find(active, prefix);
    if (d && d->iri.p && d->prefix)
        return join(ld, d->iri, suffix, out);
    if (mo_iri_is_absolute(value))
        *out = value;
    return 0;
}

static int
iri_in(struct mo_ld *ld, struct mo_local *local, const struct mo_active *active,
    struct mo_str value, unsigned flags, struct mo_str *out)
{
    const struct mo_definition *d;

    *out = value;
    if (mo_keyword(value) != MO_KW_NOT_ONE)
        return 0;
    if (mo_keyword_like(value)) {
        *out = mo_str_n(NULL, 0);
        return 0;
    }
    if (define_if_local(ld, local, value))
        return -1;
    d = mo_active_find(active, value);
    if (d && (mo_keyword(d->iri) != MO_KW_NOT_ONE || (flags & MO_EXPAND_VOCAB))) {
        *out = d->iri;
        return 0;
    }
    if (expand_compact(ld, local, active, value, out) || out->p)
        return out->p ? 0 : -1;
    *out = value;
    if ((flags & MO_EXPAND_VOCAB) && active->vocab.p)
        return join(ld, active->vocab, value, out);
    if ((flags & MO_EXPAND_DOCUMENT) &&
        mo_iri_resolve(ld->target, active->base, value, out))
        return mo_ld_memory(ld);
    return 0;
}

int
mo_active_iri(struct mo_ld *ld, const struct mo_active *active, struct mo_str value,
    unsigned flags, struct mo_str *out)
{
    struct mo_arena *before = ld->target;
    int failed;

    if (!before)
        ld->target = ld->record;
    failed = iri_in(ld, NULL, active, value, flags, out);
    ld->target = before;
    return failed;
}
