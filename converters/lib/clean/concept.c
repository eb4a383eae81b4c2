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

/* Whether it is a theme of the INSPIRE directive, by its IRI or its list. */
static bool
is_inspire(const struct mo_term *theme)
{
    if (theme->kind == MO_IRI &&
        mo_str_starts(theme->text, mo_str("http://inspire.ec.europa.eu/theme")))
        return true;
    for (const struct mo_stmt *s = theme->first; s; s = s->next) {
        if (s->p->known != MO_K_SKOS_IN_SCHEME)
            continue;
        if (mo_is_inspire_scheme(s->o->text))
            return true;
        for (const struct mo_stmt *name = s->o->first; name; name = name->next)
            if (mo_clean_is_name(name->p) && mo_is_inspire_scheme(name->o->text))
                return true;
    }
    return false;
}

/*
 * The IRI to be written for the value, or empty. Of INSPIRE it is right as it is, whatever
 * its name means elsewhere.
 */
static struct mo_str
better_iri(struct mo_cleaner *c, const struct mo_rule *rule, const struct mo_term *o)
{
    struct mo_str iri = meaning(c, rule->list, o);
    bool right = o->kind == MO_IRI && iri.n && (mo_str_eq(o->text, iri) || is_inspire(o));

    return right ? mo_str("") : iri;
}

void
mo_rule_concept(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    struct mo_str iri = better_iri(c, rule, stmt->o);

    if (iri.n)
        mo_clean_value(c, rule, stmt, mo_clean_iri(c, iri));
}

static void
tell_unmatched(struct mo_cleaner *c, unsigned list, struct mo_str form)
{
    char memory[1100];
    struct mo_buf row;
    const char *table;

    if (!c->options.unmatched || mo_clean_again(c) || mo_str_blank(form) ||
        mo_concept_is_known(c->concepts, list, form))
        return;
    mo_buf_fixed(&row, memory, sizeof memory);
    table = mo_concept_row(list, form, &row);
    if (!row.failed)
        c->options.unmatched(c->options.unmatched_ctx, table, mo_buf_view(&row));
}

static bool
is_code(const struct mo_term *property)
{
    return property->known == MO_K_SKOS_NOTATION ||
           property->known == MO_K_DCT_IDENTIFIER;
}

/* What the node is called first, by a name or (codes) a code; or NULL. */
static const struct mo_stmt *
first_name(const struct mo_term *node, bool codes)
{
    const struct mo_stmt *s = node->first;

    while (s &&
           (!mo_clean_is_name(s->p) || s->o->kind == MO_BLANK || is_code(s->p) != codes))
        s = s->next;
    return s;
}

/* By what the value would be found in a table: its text, its name, or what it is called. */
static struct mo_str
form_of(const struct mo_term *o)
{
    const struct mo_stmt *name = first_name(o, false);

    if (o->kind == MO_LITERAL || (o->kind == MO_IRI && !o->first))
        return o->text;
    name = name ? name : first_name(o, true);
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

/* ---- Themes ---- */

static void
tell_keyword(struct mo_cleaner *c, const struct mo_stmt *stmt, struct mo_term *text)
{
    mo_clean_tell(c, stmt->s, mo_clean_known(c, MO_K_DCAT_KEYWORD), text);
}

/* A theme of INSPIRE by its name: what is said of it is said of the IRI. */
void
mo_rule_inspire(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    const struct mo_term *theme = stmt->o;
    struct mo_str iri =
        is_inspire(theme) ? meaning_of_node(c, rule->list, theme) : mo_str("");
    struct mo_term *node = iri.n ? mo_clean_iri(c, iri) : NULL;

    if (!node)
        return;
    for (const struct mo_stmt *s = theme->first; s; s = s->next)
        if (s->p->known != MO_K_SKOS_IN_SCHEME)
            mo_clean_tell(c, node, s->p, s->o);
    mo_clean_tell(c, node, mo_clean_known(c, MO_K_SKOS_IN_SCHEME),
        mo_clean_iri(c, mo_str("http://inspire.ec.europa.eu/theme")));
    mo_clean_value(c, rule, stmt, node);
}

/* What the node is called are keywords, or else its codes. */
static void
tell_names(struct mo_cleaner *c, const struct mo_stmt *stmt)
{
    bool codes = !first_name(stmt->o, false);

    for (const struct mo_stmt *s = stmt->o->first; s; s = s->next)
        if (mo_clean_is_name(s->p) && s->o->kind == MO_LITERAL && is_code(s->p) == codes)
            tell_keyword(c, stmt, s->o);
}

/* Whether it is a word of somebody's, and no code, address or title of the list. */
static bool
is_own_word(const struct mo_term *text, struct mo_str iri)
{
    static const char *const marks[] = {",", ";", ":"}; /* of lists and of addresses */
    bool own = text->kind == MO_LITERAL && !mo_str_ends(iri, text->text);

    for (size_t i = 0; own && i < sizeof marks / sizeof marks[0]; ++i)
        own = mo_str_find(text->text, mo_str(marks[i]), 0) == text->text.n;
    return own;
}

/*
 * The IRI of a theme says less than the word that stood there: data.gouv.fr makes tags of
 * words, and of IRIs none. So the word stays, as a keyword.
 */
void
mo_rule_theme(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    struct mo_str iri = better_iri(c, rule, stmt->o);

    if (!iri.n)
        return;
    if (is_own_word(stmt->o, iri))
        tell_keyword(c, stmt, stmt->o);
    for (const struct mo_stmt *s = stmt->o->first; s; s = s->next)
        if (mo_clean_is_name(s->p) && !is_code(s->p) && is_own_word(s->o, iri))
            tell_keyword(c, stmt, s->o);
    mo_rule_concept(c, rule, stmt);
}

/*
 * What is no theme and no IRI is a keyword. That it is a theme of INSPIRE, which
 * data.gouv.fr makes a tag, is another.
 */
void
mo_rule_keyword(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    struct mo_str form = form_of(stmt->o);
    struct mo_term *theme = stmt->o;
    unsigned list = rule->list;

    if (theme->kind == MO_IRI || !form.n || meaning(c, list, theme).n)
        return;
    tell_names(c, stmt);
    if (theme->kind == MO_LITERAL)
        tell_keyword(c, stmt, theme);
    if (is_inspire(theme)) {
        list = mo_concept_list(mo_str("inspire-theme"));
        tell_keyword(c, stmt, mo_clean_literal(c, mo_str("inspire"), NULL, mo_str("")));
    }
    tell_unmatched(c, list, form);
    if (!c->trouble)
        mo_clean_drop(c, rule, stmt);
}

/* ---- Compression ---- */

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
