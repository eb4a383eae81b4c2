#include "clean/clean.h"
#include "clean/show.h"

enum { WIDE = 64 }; /* values among which a double is looked for */

/* ---- Looking ---- */

struct mo_stmt *
mo_clean_first(const struct mo_term *node, uint16_t property)
{
    struct mo_stmt *s = node->first;

    while (s && s->p->known != property)
        s = s->next;
    return s;
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

struct mo_term *
mo_clean_node(struct mo_cleaner *c, uint16_t class)
{
    char label[32];
    struct mo_buf name;
    struct mo_term *node;

    do {
        mo_buf_fixed(&name, label, sizeof label);
        mo_buf_printf(&name, "c%zu", c->n_blanks++);
    } while (mo_graph_find(c->graph, MO_BLANK, mo_buf_view(&name)));
    node = must(c, mo_graph_blank(c->graph, mo_buf_view(&name)));
    if (!node)
        return NULL;
    node->anonymous = true;
    if (class)
        mo_clean_tell(
            c, node, mo_clean_known(c, MO_K_RDF_TYPE), mo_clean_known(c, class));
    return node;
}

/* ---- Saying ---- */

void
mo_clean_say(struct mo_cleaner *c, const struct mo_rule *rule,
    const struct mo_term *property, const struct mo_term *before,
    const struct mo_term *after)
{
    struct mo_diag diag = {.id = rule->id,
        .record = mo_record_name(c->from),
        .file = c->options.file,
        .line = c->from->place.line,
        .column = c->from->place.column,
        .offset = c->from->place.offset,
        .has_offset = c->from->place.line != 0};

    mo_buf_clear(&c->detail);
    mo_buf_clear(&c->name);
    if (before)
        mo_show_term(c->vocab, before, c->record.root, &c->detail);
    if (after) {
        mo_buf_c(&c->detail, before ? " -> " : "-> ");
        mo_show_term(c->vocab, after, c->record.root, &c->detail);
    }
    if (property)
        mo_show_iri(c->vocab, property->text, &c->name);
    diag.detail = mo_buf_view(&c->detail);
    diag.property = mo_buf_view(&c->name);
    mo_report(c->options.sink, &diag);
}

/* ---- Changing ---- */

static void
list_new(struct mo_cleaner *c, struct mo_term *node)
{
    if (node->mark != MO_CLEAN_LISTED)
        c->trouble = c->trouble || mo_clean_list(c, node);
}

void
mo_clean_tell(
    struct mo_cleaner *c, struct mo_term *s, struct mo_term *p, struct mo_term *o)
{
    if (c->trouble || !s || !p || !o) {
        c->trouble = true;
        return;
    }
    list_new(c, s);
    c->trouble = c->trouble || mo_graph_add(c->graph, s, p, o);
}

void
mo_clean_add(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_term *s,
    struct mo_term *p, struct mo_term *o)
{
    mo_clean_tell(c, s, p, o);
    if (!c->trouble)
        mo_clean_say(c, rule, p, NULL, o);
}

/* The statement is no more, unless it is. */
static void
forget(struct mo_cleaner *c, struct mo_stmt *stmt)
{
    c->changed = c->changed || stmt->o->first;
    stmt->p = c->nothing;
    c->swept = true;
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

void
mo_clean_value(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt,
    struct mo_term *value)
{
    if (!value || value == stmt->o)
        return;
    mo_clean_say(c, rule, stmt->p, stmt->o, value);
    c->changed = c->changed || stmt->o->first;
    stmt->o = value;
    forget_double(c, stmt);
}

void
mo_clean_property(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt,
    struct mo_term *property)
{
    if (!property || property == stmt->p)
        return;
    mo_clean_say(c, rule, stmt->p, stmt->p, property);
    stmt->p = property;
    forget_double(c, stmt);
}

void
mo_clean_drop(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    mo_clean_say(c, rule, stmt->p, stmt->o, NULL);
    forget(c, stmt);
}
