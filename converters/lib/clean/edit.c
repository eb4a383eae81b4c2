#include "base/hash.h"
#include "clean/clean.h"
#include "clean/show.h"

enum { WIDE = 64 }; /* values among which a double is looked for */

/* ---- Looking ---- */

const struct mo_classes *
mo_clean_classes(struct mo_cleaner *c, const struct mo_term *node)
{
    struct mo_classes *classes = &c->classes;

    if (classes->node == node)
        return classes;
    classes->node = node;
    classes->n = 0;
    for (const struct mo_stmt *s = node->first; s; s = s->next) {
        const struct mo_class *class;

        if (s->p->known != MO_K_RDF_TYPE || classes->n + 2 > MO_CLEAN_CLASSES)
            continue;
        class = mo_vocab_class(c->vocab, s->o);
        if (s->o->known)
            classes->ids[classes->n++] = s->o->known;
        if (class && class->like)
            classes->ids[classes->n++] = class->like;
    }
    return classes;
}

const struct mo_key *
mo_clean_key(struct mo_cleaner *c, const struct mo_stmt *stmt)
{
    const struct mo_key *key = stmt->p->known ? c->vocab->forward[stmt->p->known] : NULL;
    const struct mo_classes *classes;

    if (!key)
        return NULL;
    classes = mo_clean_classes(c, stmt->s);
    if (!classes->n && mo_clean_is_part(c, stmt->s)) /* its class has left already */
        return mo_vocab_key(c->vocab, stmt->p, stmt->s);
    for (; key; key = key->next) {
        if (!key->on)
            return key;
        for (size_t i = 0; i < classes->n; ++i)
            if (key->on == classes->ids[i])
                return key;
    }
    return NULL;
}

struct mo_str
mo_clean_meaning(struct mo_cleaner *c, unsigned list, const struct mo_term *term)
{
    struct mo_str text = term->text;
    struct mo_meaning *m = &c->meanings[(term->hash + list) & (MO_CLEAN_MEANINGS - 1)];

    if (text.n > MO_CLEAN_MEANING_TEXT) {
        text = mo_concept(c->concepts, list, text);
        c->trouble = c->trouble || mo_concepts_failed(c->concepts);
        return text;
    }
    if (m->list != list || m->hash != term->hash ||
        !mo_str_eq(mo_str_n(m->text.p, m->text.n), text)) {
        m->iri = mo_concept(c->concepts, list, text);
        m->hash = term->hash;
        m->list = mo_keep(c->arena, &m->text, text, mo_str("")) ? 0 : list;
        c->trouble = c->trouble || !m->list || mo_concepts_failed(c->concepts);
    }
    return m->iri;
}

struct mo_stmt *
mo_clean_first(const struct mo_term *node, uint16_t property)
{
    struct mo_stmt *s = node->first;

    while (s && s->p->known != property)
        s = s->next;
    return s;
}

bool
mo_clean_is_name(const struct mo_term *property)
{
    switch (property->known) {
    case MO_K_RDFS_LABEL:
    case MO_K_RDF_VALUE:
    case MO_K_SKOS_PREF_LABEL:
    case MO_K_SKOS_ALT_LABEL:
    case MO_K_SKOS_NOTATION:
    case MO_K_DCT_TITLE:
    case MO_K_DCT_IDENTIFIER:
    case MO_K_FOAF_NAME:
    case MO_K_VCARD_FN: return true;
    default: return false;
    }
}

/* ---- Terms ---- */

static struct mo_term *
must(struct mo_cleaner *c, struct mo_term *term)
{
    c->trouble = c->trouble || !term;
    return term;
}

struct mo_term *
mo_clean_iri(struct mo_cleaner *c, struct mo_str iri)
{
    return must(c, mo_graph_iri(c->graph, iri));
}

struct mo_term *
mo_clean_literal(struct mo_cleaner *c, struct mo_str text, struct mo_term *datatype,
    struct mo_str lang)
{
    return must(c, mo_graph_literal(c->graph, text, datatype, lang));
}

struct mo_term *
mo_clean_known(struct mo_cleaner *c, uint16_t number)
{
    return mo_clean_iri(c, mo_lexicon_text(c->vocab->lexicon, number));
}

/* A label that nothing in the input has: made of the record's name, its place and a number. */
static struct mo_term *
fresh_blank(struct mo_cleaner *c)
{
    uint64_t number = mo_hash(c->from->place.offset, c->from->root->text);

    return must(c, mo_graph_blank_numbered(c->graph, mo_mix(number + c->n_blanks++)));
}

/*
 * A label for the value of a node that other records may hold as well: in all of them the
 * same, made of what names it.
 */
static struct mo_term *
shared_blank(struct mo_cleaner *c, const struct mo_stmt *stmt)
{
    uint64_t number =
        mo_hash(mo_hash(mo_hash(0, stmt->s->text), stmt->p->text), stmt->o->text);

    return must(c, mo_graph_blank_numbered(c->graph, mo_mix(number)));
}

struct mo_term *
mo_clean_node(struct mo_cleaner *c, const struct mo_stmt *stmt, uint16_t class)
{
    bool shared = !stmt->s->anonymous && mo_vocab_role(c->vocab, stmt->s) != MO_ROLE_ROOT;
    struct mo_term *node = shared ? shared_blank(c, stmt) : fresh_blank(c);

    if (!node)
        return NULL;
    node->anonymous = !shared;
    if (class)
        mo_clean_tell(
            c, node, mo_clean_known(c, MO_K_RDF_TYPE), mo_clean_known(c, class));
    return node;
}

bool
mo_clean_may_be_labelled(const struct mo_cleaner *c, uint16_t class, uint16_t *label)
{
    const struct mo_class *known = class ? c->vocab->classes[class] : NULL;
    size_t n = 0;

    *label = MO_K_RDFS_LABEL;
    for (size_t i = 0; i < c->n_mandatory; ++i)
        if (c->mandatory[i]->on == class) {
            if (++n > 1 || c->mandatory[i]->kind != MO_KIND_TEXT)
                return false;
            *label = c->mandatory[i]->property;
        }
    return known && (known->role == MO_ROLE_PLAIN || known->role == MO_ROLE_SHARED);
}

struct mo_term *
mo_clean_labelled(struct mo_cleaner *c, const struct mo_stmt *stmt, uint16_t label)
{
    const struct mo_key *strict = mo_clean_key(c, stmt);
    const struct mo_key *key = strict ? strict : mo_vocab_key(c->vocab, stmt->p, stmt->s);
    uint16_t usual, class = key ? key->range : 0;
    bool typed = mo_clean_may_be_labelled(c, class, &usual);
    struct mo_term *node = mo_clean_node(c, stmt, typed ? class : 0);

    if (node)
        mo_clean_tell(c, node,
            mo_clean_known(c, !typed  ? MO_K_RDFS_LABEL
                              : label ? label
                                      : usual),
            stmt->o);
    return node;
}

/* ---- Saying ---- */

static void
say(struct mo_cleaner *c, const struct mo_rule *rule, const struct mo_term *property)
{
    struct mo_diag diag = {.id = rule->id,
        .detail = mo_buf_view(&c->detail),
        .record = mo_record_name(c->from),
        .file = c->options.file,
        .line = c->from->place.line,
        .column = c->from->place.column,
        .offset = c->from->place.offset,
        .has_offset = c->from->place.line != 0};

    ++c->said;
    mo_buf_clear(&c->name);
    if (property)
        mo_show_iri(c->vocab, property->text, &c->name);
    diag.property = mo_buf_view(&c->name);
    mo_report(c->options.sink, &diag);
}

/* What is too long to be shown is shown as far as it goes. */
static void
show(struct mo_cleaner *c, const struct mo_term *term)
{
    mo_buf_clear(&c->shown);
    mo_show_term(c->vocab, term, c->record.root, &c->shown);
    mo_buf_str(&c->detail, mo_buf_view(&c->shown));
    mo_buf_c(&c->detail, c->shown.failed ? "…" : "");
}

static void
say_values(struct mo_cleaner *c, const struct mo_rule *rule,
    const struct mo_term *property, const struct mo_term *before,
    const struct mo_term *const after[], size_t n)
{
    mo_buf_clear(&c->detail);
    if (before)
        show(c, before);
    for (size_t i = 0; i < n; ++i) {
        mo_buf_c(&c->detail, i ? ", " : before ? " -> " : "-> ");
        show(c, after[i]);
    }
    say(c, rule, property);
}

/* What was found was found in the first round. */
void
mo_clean_say(struct mo_cleaner *c, const struct mo_rule *rule,
    const struct mo_term *property, const struct mo_term *before,
    const struct mo_term *after)
{
    if (!mo_clean_again(c))
        say_values(c, rule, property, before, &after, after != NULL);
}

static void
say_change(struct mo_cleaner *c, const struct mo_rule *rule,
    const struct mo_term *property, const struct mo_term *before,
    const struct mo_term *after)
{
    c->dirty = true;
    say_values(c, rule, property, before, &after, after != NULL);
}

/* One property for another, by their prefixed names, unless the first has none. */
static void
say_names(struct mo_cleaner *c, const struct mo_rule *rule, const struct mo_term *before,
    const struct mo_term *after)
{
    c->dirty = true;
    mo_buf_clear(&c->detail);
    if (!mo_show_name(c->vocab, before->text, &c->detail)) {
        say_change(c, rule, before, before, after);
        return;
    }
    mo_buf_c(&c->detail, " -> ");
    mo_show_iri(c->vocab, after->text, &c->detail);
    say(c, rule, before);
}

/* A node by its IRI, or by all that is said of it; nothing for the root, which is named anyway. */
static void
show_name(struct mo_cleaner *c, const struct mo_term *node)
{
    mo_buf_clear(&c->detail);
    if (node->kind == MO_IRI && node != c->record.root) {
        mo_buf_byte(&c->detail, '<');
        mo_buf_str(&c->detail, node->text);
        mo_buf_byte(&c->detail, '>');
    } else if (node != c->record.root) {
        show(c, node);
    }
}

void
mo_clean_say_of(struct mo_cleaner *c, const struct mo_rule *rule,
    const struct mo_term *node, const struct mo_term *property)
{
    if (mo_clean_again(c))
        return;
    show_name(c, node);
    say(c, rule, property);
}

void
mo_clean_type(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_term *node,
    uint16_t class)
{
    struct mo_term *type = mo_clean_known(c, MO_K_RDF_TYPE),
                   *o = mo_clean_known(c, class);

    show_name(c, node);
    mo_clean_tell(c, node, type, o);
    if (c->trouble)
        return;
    mo_buf_c(&c->detail, " -> a ");
    mo_show_iri(c->vocab, o->text, &c->detail);
    say(c, rule, type);
}

/* ---- Changing ---- */

static void
list_new(struct mo_cleaner *c, struct mo_term *node)
{
    if (node->level == MO_CLEAN_GONE)
        c->unsettled = c->rounds;
    if (node->level != MO_CLEAN_LISTED)
        c->trouble = c->trouble || mo_clean_list(c, node);
}

void
mo_clean_name(struct mo_term *node)
{
    if (!node->anonymous)
        return;
    node->anonymous = false;
    for (struct mo_stmt *s = node->first; s; s = s->next)
        mo_clean_name(s->o);
}

void
mo_clean_tell(
    struct mo_cleaner *c, struct mo_term *s, struct mo_term *p, struct mo_term *o)
{
    size_t before = c->graph->n_stmts;

    if (c->trouble || !s || !p || !o) {
        c->trouble = true;
        return;
    }
    list_new(c, s);
    c->described = c->described || (s->kind == MO_IRI && !s->first);
    c->classes.node = NULL;
    mo_clean_name(o);
    if (mo_graph_add(c->graph, s, p, o))
        c->trouble = true;
    else if (c->graph->n_stmts != before) {
        s->last->round = c->rounds;
        s->last->due = true;
        s->last->asked = UINT16_MAX;
        c->dirty = true;
        ++c->said;
        ++c->shapes;
    }
}

void
mo_clean_add(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_term *s,
    struct mo_term *p, struct mo_term *o)
{
    mo_clean_tell(c, s, p, o);
    if (!c->trouble)
        say_change(c, rule, p, NULL, o);
}

/* A node that nothing else leads to is gone, and what stands below it. */
static void
leave(struct mo_cleaner *c, struct mo_term *node)
{
    c->changed = c->changed || node->first;
    if (!node->anonymous || node->first_link || node->level == MO_CLEAN_GONE)
        return;
    node->level = MO_CLEAN_GONE;
    for (struct mo_stmt *s = node->first; s; s = s->next)
        leave(c, s->o);
}

/* The statement is no more. */
static void
forget(struct mo_cleaner *c, struct mo_stmt *stmt)
{
    stmt->p = c->nothing;
    c->swept = true;
    c->classes.node = NULL;
    ++c->shapes;
}

/* Where another statement says the same now, this one goes. */
static void
forget_double(struct mo_cleaner *c, struct mo_stmt *stmt)
{
    const struct mo_stmt *other = stmt->s->first;

    for (int i = 0; other && i < WIDE; ++i, other = other->next)
        if (other != stmt && other->p == stmt->p && other->o == stmt->o) {
            forget(c, stmt);
            return;
        }
}

/* Whether a node looks the same with one value as with the other. */
static bool
has_same_shape(const struct mo_term *a, const struct mo_term *b)
{
    return a->kind == b->kind && !a->first && !b->first && mo_str_eq(a->lang, b->lang);
}

/* It has another value, or (`value`: the same) another property. */
static void
change(struct mo_cleaner *c, struct mo_stmt *stmt, struct mo_term *property,
    struct mo_term *value)
{
    if (property != stmt->p || property->known == MO_K_RDF_TYPE ||
        !has_same_shape(stmt->o, value))
        ++c->shapes;
    stmt->p = property;
    stmt->o = value;
    stmt->round = c->rounds;
    stmt->fine = MO_FINE_UNKNOWN;
    stmt->due = true;
    stmt->asked = UINT16_MAX;
    c->classes.node = NULL;
}

void
mo_clean_value(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt,
    struct mo_term *value)
{
    if (!value || value == stmt->o)
        return;
    say_change(c, rule, stmt->p, stmt->o, value);
    leave(c, stmt->o);
    change(c, stmt, stmt->p, value);
    forget_double(c, stmt);
}

void
mo_clean_values(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt,
    struct mo_term *const values[], size_t n)
{
    for (size_t i = 0; i < n; ++i)
        if (!values[i])
            return;
    if (n == 1 && values[0] == stmt->o)
        return;
    c->dirty = true;
    say_values(c, rule, stmt->p, stmt->o, (const struct mo_term *const *)values, n);
    leave(c, stmt->o);
    change(c, stmt, stmt->p, values[0]);
    for (size_t i = 1; i < n; ++i)
        mo_clean_tell(c, stmt->s, stmt->p, values[i]);
    forget_double(c, stmt);
}

void
mo_clean_property(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt,
    struct mo_term *property)
{
    if (!property || property == stmt->p)
        return;
    say_names(c, rule, stmt->p, property);
    change(c, stmt, property, stmt->o);
    forget_double(c, stmt);
}

void
mo_clean_move(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt,
    struct mo_term *property)
{
    if (!property || property == stmt->p)
        return;
    say_change(c, rule, stmt->p, stmt->o, NULL);
    change(c, stmt, property, stmt->o);
    forget_double(c, stmt);
}

void
mo_clean_drop(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    say_change(c, rule, stmt->p, stmt->o, NULL);
    forget(c, stmt);
    leave(c, stmt->o);
}
