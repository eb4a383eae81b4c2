/* Values of controlled vocabularies, in whatever form: the IRI that DCAT-AP asks for. */
#include "clean/clean.h"

/*
 * What a node means: all that it is called means one thing, or nothing. Empty when it is
 * called nothing that is known, or two different things.
 */
static struct mo_str
meaning_of_node(struct mo_cleaner *c, unsigned list, const struct mo_term *node)
{
    struct mo_str meaning = mo_str("");

    for (const struct mo_stmt *s = node->first; s; s = s->next) {
        struct mo_str one;

        if (!mo_clean_is_name(s->p) || s->o->kind == MO_BLANK)
            continue;
        one = mo_clean_meaning(c, list, s->o);
        if (one.n && meaning.n && !mo_str_eq(one, meaning))
            return mo_str("");
        if (one.n)
            meaning = one;
    }
    return meaning;
}

static struct mo_str
meaning(struct mo_cleaner *c, unsigned list, const struct mo_term *o)
{
    struct mo_str iri = mo_str("");

    if (o->kind != MO_BLANK)
        iri = mo_clean_meaning(c, list, o);
    return iri.n || !mo_is_node(o) ? iri : meaning_of_node(c, list, o);
}

void
mo_rule_concept(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    struct mo_str iri = meaning(c, rule->list, stmt->o);

    if (iri.n && !(stmt->o->kind == MO_IRI && mo_str_eq(stmt->o->text, iri)))
        mo_clean_value(c, rule, stmt, mo_clean_iri(c, iri));
}

static void
tell_unmatched(struct mo_cleaner *c, unsigned list, struct mo_str form)
{
    char memory[1100];
    struct mo_buf row;
    const char *table;

    if (!c->options.unmatched || c->again || mo_str_blank(form))
        return;
    mo_buf_fixed(&row, memory, sizeof memory);
    table = mo_concept_row(list, form, &row);
    if (!row.failed)
        c->options.unmatched(c->options.unmatched_ctx, table, mo_buf_view(&row));
}

/* By what the value would be found in a table: its text, its name, or what it is called. */
static struct mo_str
form_of(const struct mo_term *o)
{
    const struct mo_stmt *name = o->first;

    if (o->kind == MO_LITERAL || (o->kind == MO_IRI && !name))
        return o->text;
    while (name && (!mo_clean_is_name(name->p) || name->o->kind == MO_BLANK))
        name = name->next;
    return name ? name->o->text : o->kind == MO_IRI ? o->text : mo_str("");
}

/*
 * What the vocabulary does not have stays: words as a node of the class that is asked for,
 * with them as its label.
 */
void
mo_rule_unmatched(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    const struct mo_term *o = stmt->o;

    if (meaning(c, rule->list, o).n ||
        (o->kind == MO_IRI && mo_concept_is_of(rule->list, o->text)))
        return;
    tell_unmatched(c, rule->list, form_of(o));
    if (o->kind == MO_LITERAL)
        mo_clean_value(c, rule, stmt, mo_clean_labelled(c, stmt, 0));
    else
        mo_clean_say(c, rule, stmt->p, o, NULL);
}

/*
 * What is no theme and no IRI is a keyword. A node that says of which list it is stays: it
 * means more than its label.
 */
void
mo_rule_keyword(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    struct mo_str form = form_of(stmt->o);
    struct mo_term *text = stmt->o;

    if (stmt->o->kind == MO_IRI || !form.n || meaning(c, rule->list, stmt->o).n ||
        mo_clean_first(stmt->o, MO_K_SKOS_IN_SCHEME))
        return;
    tell_unmatched(c, rule->list, form);
    for (struct mo_stmt *s = text->first; s; s = s->next)
        if (mo_clean_is_name(s->p) && s->o->kind == MO_LITERAL)
            mo_clean_tell(c, stmt->s, mo_clean_known(c, MO_K_DCAT_KEYWORD), s->o);
    if (text->kind == MO_LITERAL)
        mo_clean_tell(c, stmt->s, mo_clean_known(c, MO_K_DCAT_KEYWORD), text);
    if (!c->trouble)
        mo_clean_drop(c, rule, stmt);
}

/* A format that does not compress is the format itself. Its list: the argument. */
void
mo_rule_compress(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    static const char space[] =
        "http://publications.europa.eu/resource/authority/file-type/";
    struct mo_str iri = meaning(c, mo_concept_list(mo_str("file-type")), stmt->o);
    struct mo_str code = mo_str_from(iri, sizeof space - 1), rest = rule->argument;

    if (!iri.n || mo_clean_first(stmt->s, MO_K_DCT_FORMAT))
        return;
    while (rest.n) {
        size_t n = mo_str_find(rest, mo_str(" "), 0);

        if (mo_str_eq(mo_str_n(rest.p, n), code))
            return;
        rest = mo_str_from(rest, n + 1);
    }
    mo_clean_move(c, rule, stmt, mo_clean_known(c, MO_K_DCT_FORMAT));
}
