/* Whom to ask: e-mail addresses, and contact points as vCard describes them. */
#include <stdlib.h>

#include "clean/clean.h"

enum { MAX_EMAILS = 1 << 16 };

/* The value that vCard wraps in a node: [vcard:hasValue <tel:…>]; else itself. */
static const struct mo_term *
inner(const struct mo_term *o)
{
    struct mo_stmt *s = NULL;

    if (o->kind == MO_BLANK) {
        s = mo_clean_first(o, MO_K_VCARD_HAS_VALUE);
        s = s ? s : mo_clean_first(o, MO_K_VCARD_VALUE);
    }
    return s ? s->o : o;
}

/* The lines of `lines` as IRIs. You free() them; NULL: no memory. */
static struct mo_term **
iris_of(struct mo_cleaner *c, struct mo_str lines, size_t n)
{
    struct mo_term **terms = calloc(n + 1, sizeof *terms);

    for (size_t i = 0; terms && i < n; ++i) {
        struct mo_str line = mo_str_n(lines.p, mo_str_find(lines, mo_str("\n"), 0));

        terms[i] = mo_clean_iri(c, line);
        lines = mo_str_from(lines, line.n + 1);
    }
    c->trouble = c->trouble || !terms;
    return terms;
}

/* An address as a mailto: IRI, several as several. */
void
mo_rule_email(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    const struct mo_term *value = inner(stmt->o);
    struct mo_term **terms;
    struct mo_buf out;
    size_t n = 0;

    if (value->kind == MO_BLANK)
        return;
    mo_buf_init(&out, MAX_EMAILS);
    if (mo_emails_mend(value->text, &out, &n) == MO_CERTAIN) {
        terms = iris_of(c, mo_buf_view(&out), n);
        if (terms)
            mo_clean_values(c, rule, stmt, terms, n);
        free(terms);
    }
    mo_buf_done(&out);
}

/* What is a web address moves to the property for those, the argument. */
void
mo_rule_form(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    if (stmt->o->kind != MO_BLANK && mo_address_reach(stmt->o->text) == MO_REACH_PUBLIC)
        mo_clean_property(c, rule, stmt, mo_clean_iri(c, rule->iri));
}

void
mo_rule_doubtful_email(
    struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    const struct mo_term *value = inner(stmt->o);
    struct mo_buf out;
    size_t n;

    if (value->kind == MO_BLANK)
        return;
    mo_buf_init(&out, MAX_EMAILS);
    if (mo_emails_mend(value->text, &out, &n) != MO_CERTAIN)
        mo_clean_say(c, rule, stmt->p, stmt->o, NULL);
    mo_buf_done(&out);
}

void
mo_rule_personal(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    if (stmt->o->kind == MO_IRI && mo_email_is_personal(stmt->o->text))
        mo_clean_say(c, rule, stmt->p, stmt->o, NULL);
}

/* A value that stands in a node of its own stands by itself. */
void
mo_rule_unwrap(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    const struct mo_term *value = inner(stmt->o);

    if (value != stmt->o && value->kind != MO_BLANK && stmt->o->anonymous)
        mo_clean_value(c, rule, stmt,
            value->kind == MO_IRI ? mo_clean_iri(c, value->text)
                                  : mo_clean_literal(c, value->text, NULL, value->lang));
}

/* ---- Contact points ---- */

/* "Mairie" of "Mairie <contact@ville.fr>"; the text where no name stands before an address. */
static struct mo_str
name_in(struct mo_str text)
{
    size_t end = mo_str_find(text, mo_str("<"), 0);
    struct mo_str name = mo_str_trim(mo_str_n(text.p, end));

    return name.n ? name : mo_str_trim(text);
}

/* What a text says of a contact, said of a node: addresses, a page, its name. */
static struct mo_term *
contact_of(struct mo_cleaner *c, const struct mo_stmt *stmt)
{
    struct mo_str text = stmt->o->text;
    struct mo_term *node =
        mo_clean_node(c, stmt, mo_vocab_number(c->vocab, MO_VCARD "Kind"));
    struct mo_buf out;
    size_t n = 0;

    mo_buf_init(&out, MAX_EMAILS);
    if (mo_emails_mend(text, &out, &n) == MO_CERTAIN) {
        struct mo_term **terms = iris_of(c, mo_buf_view(&out), n);

        for (size_t i = 0; terms && i < n; ++i)
            mo_clean_tell(c, node, mo_clean_known(c, MO_K_VCARD_HAS_EMAIL), terms[i]);
        free(terms);
    }
    mo_buf_done(&out);
    if (mo_address_reach(text) == MO_REACH_PUBLIC)
        mo_clean_tell(c, node, mo_clean_known(c, MO_K_VCARD_HAS_URL),
            mo_clean_iri(c, mo_str_trim(text)));
    else if (n == 0 || mo_str_find(text, mo_str("<"), 0) < text.n)
        mo_clean_tell(c, node, mo_clean_known(c, MO_K_VCARD_FN),
            mo_clean_literal(c, name_in(text), NULL, stmt->o->lang));
    return node;
}

/* A text, or an e-mail address, where a contact point is due. */
void
mo_rule_contact(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    const struct mo_term *o = stmt->o;

    if (o->kind == MO_LITERAL ||
        (o->kind == MO_IRI && !o->first && mo_str_starts(o->text, mo_str("mailto:"))))
        mo_clean_value(c, rule, stmt, contact_of(c, stmt));
}

/* What FOAF says of a contact, in the words of vCard. */
static const struct {
    uint16_t foaf;
    const char *vcard;
} words[] = {{MO_K_FOAF_NAME, MO_VCARD "fn"}, {MO_K_FOAF_MBOX, MO_VCARD "hasEmail"},
    {MO_K_FOAF_PAGE, MO_VCARD "hasURL"}};

/* Nothing but a contact, said to be an agent: it is a vCard. */
static void
retype(struct mo_cleaner *c, const struct mo_rule *rule, const struct mo_term *node)
{
    for (struct mo_stmt *s = node->first; s; s = s->next)
        if (mo_clean_is_there(c, s) && s->p->known == MO_K_RDF_TYPE &&
            mo_str_starts(s->o->text, mo_str(MO_FOAF)))
            mo_clean_value(c, rule, s, mo_clean_iri(c, mo_str(MO_VCARD "Kind")));
}

static bool
has_value(const struct mo_term *node, const struct mo_term *p, const struct mo_term *o)
{
    for (const struct mo_stmt *s = node->first; s; s = s->next)
        if (s->p == p && s->o == o)
            return true;
    return false;
}

/*
 * A contact point in the words of FOAF: it gets those of vCard, instead where it is
 * nothing but a contact, else beside them.
 */
void
mo_rule_foaf_contact(
    struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    struct mo_term *node = stmt->o;
    struct mo_stmt *last = node->last;

    if (!mo_is_node(node) || !node->first)
        return;
    if (node->anonymous)
        retype(c, rule, node);
    for (struct mo_stmt *s = node->first; s; s = s == last ? NULL : s->next)
        for (size_t i = 0; i < sizeof words / sizeof words[0]; ++i) {
            struct mo_term *property;

            if (!mo_clean_is_there(c, s) || s->p->known != words[i].foaf)
                continue;
            property = mo_clean_iri(c, mo_str(words[i].vcard));
            if (!property)
                return;
            if (node->anonymous)
                mo_clean_property(c, rule, s, property);
            else if (!has_value(node, property, s->o))
                mo_clean_add(c, rule, node, property, s->o);
            break;
        }
}

/* ---- The publisher, where nobody else is to be asked ---- */

static struct mo_stmt *
either(struct mo_stmt *a, struct mo_stmt *b)
{
    return a ? a : b;
}

/* A dataset without a contact point, whose publisher has an address: that is one. */
void
mo_rule_fallback_contact(
    struct mo_cleaner *c, const struct mo_rule *rule, struct mo_term *node)
{
    struct mo_term *property = mo_clean_iri(c, rule->iri), *contact;
    struct mo_stmt *publisher =
        mo_clean_first(node, mo_vocab_number(c->vocab, MO_DCT "publisher"));
    struct mo_stmt *email = NULL, *name;

    if (mo_clean_is_part(c, node) || !publisher || !property ||
        mo_clean_first(node, rule->number))
        return;
    if (mo_is_node(publisher->o))
        email = either(mo_clean_first(publisher->o, MO_K_FOAF_MBOX),
            mo_clean_first(publisher->o, MO_K_VCARD_HAS_EMAIL));
    if (!email || email->o->kind != MO_IRI)
        return;
    contact = mo_clean_node(c, publisher, mo_vocab_number(c->vocab, MO_VCARD "Kind"));
    name = either(mo_clean_first(publisher->o, MO_K_FOAF_NAME),
        mo_clean_first(publisher->o, MO_K_VCARD_FN));
    if (name)
        mo_clean_tell(c, contact, mo_clean_known(c, MO_K_VCARD_FN), name->o);
    mo_clean_tell(c, contact, mo_clean_known(c, MO_K_VCARD_HAS_EMAIL), email->o);
    mo_clean_add(c, rule, node, property, contact);
}
