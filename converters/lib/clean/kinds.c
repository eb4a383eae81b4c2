/* Text where a node is due, a node where text is, and values of another datatype. */
#include <moisson/text.h>

#include "base/ctype.h"
#include "clean/clean.h"

/* ---- Where a node is due ---- */

static bool
is_node_due(struct mo_cleaner *c, const struct mo_stmt *stmt)
{
    const struct mo_key *key = stmt->o->kind == MO_LITERAL ? mo_clean_key(c, stmt) : NULL;

    return key && key->kind == MO_KIND_ID && !mo_str_blank(stmt->o->text);
}

/* An absolute IRI of a usual scheme and nothing else: no sentence, no two of them. */
static bool
is_address(struct mo_str text)
{
    static const char *const schemes[] = {"http://", "https://", "ftp://", "ftps://",
        "mailto:", "tel:", "urn:", "doi:", "file://"};
    bool usual = false;

    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; ++i) {
        struct mo_str scheme = mo_str(schemes[i]);

        usual = usual || (text.n > scheme.n &&
                             mo_str_eq_nocase(mo_str_n(text.p, scheme.n), scheme));
    }
    for (size_t i = 0; i < text.n; ++i)
        if ((unsigned char)text.p[i] <= ' ' || strchr("<>\"{}|\\^`", text.p[i]))
            return false;
    return usual;
}

/* Text that is an IRI, where a node is due. */
void
mo_rule_address(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    struct mo_str text = mo_str_trim(stmt->o->text);

    if (is_node_due(c, stmt) && is_address(text))
        mo_clean_value(c, rule, stmt, mo_clean_iri(c, text));
}

/* Any other text, where a node is due: a node with that as its label, which the argument may name. */
void
mo_rule_node(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    if (is_node_due(c, stmt))
        mo_clean_value(c, rule, stmt, mo_clean_labelled(c, stmt, rule->number));
}

static int
hex(char digit)
{
    return mo_is_digit(digit)                  ? digit - '0'
           : strchr("abcdef", mo_lower(digit)) ? mo_lower(digit) - 'a' + 10
                                               : -1;
}

static bool
is_of_address(char c)
{
    switch (c) {
    case ':':
    case '/':
    case '#':
    case '?':
    case '=':
    case '&':
    case '@':
    case '\0': return true;
    default: return false;
    }
}

/*
 * What is written where an address is due: "Rennes", "Licence%20Ouverte%202.0". One word with a
 * full stop may be the name of a file.
 */
static bool
put_word(struct mo_str iri, struct mo_buf *out)
{
    bool stop = false, space = false;

    if (iri.n < 2)
        return false;
    for (size_t i = 0; i < iri.n; ++i) {
        char byte = iri.p[i];

        if (is_of_address(byte))
            return false;
        stop = stop || byte == '.';
        if (byte == '%') {
            if (i + 2 >= iri.n || hex(iri.p[i + 1]) < 0 || hex(iri.p[i + 2]) < 0)
                return false;
            byte = (char)(hex(iri.p[i + 1]) * 16 + hex(iri.p[i + 2]));
            i += 2;
            if ((unsigned char)byte < ' ')
                return false;
        }
        space = space || byte == ' ';
        mo_buf_byte(out, byte);
    }
    return !out->failed && (!stop || space);
}

/* A relative IRI that is a word: it was meant as text. */
void
mo_rule_word(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    struct mo_term *o = stmt->o;
    struct mo_str text;

    mo_buf_clear(&c->name);
    if (o->kind != MO_IRI || o->first || o->first_link || !put_word(o->text, &c->name))
        return;
    text = mo_buf_view(&c->name);
    if (mo_utf8_bad(text) == text.n)
        mo_clean_value(c, rule, stmt, mo_clean_literal(c, text, NULL, mo_str("")));
}

/* ---- Where text is due ---- */

/* What a node says, if that is one text and nothing but that: what it is called. */
static struct mo_term *
only_name(const struct mo_cleaner *c, const struct mo_term *node)
{
    struct mo_term *name = NULL;

    for (const struct mo_stmt *s = node->first; s; s = s->next) {
        if (!mo_clean_is_there(c, s) || s->p->known == MO_K_RDF_TYPE)
            continue;
        if (name || !mo_clean_is_name(s->p) || s->o->kind != MO_LITERAL)
            return NULL;
        name = s->o;
    }
    return name;
}

/*
 * A node where text is due: the text that it stands for, or its IRI. What says more may have a
 * property of its own, the argument.
 */
void
mo_rule_text(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    struct mo_term *o = stmt->o, *text = NULL;
    const struct mo_key *key = mo_is_node(o) ? mo_clean_key(c, stmt) : NULL;

    if (!key || key->kind != MO_KIND_TEXT || key->range != MO_K_RDFS_LITERAL)
        return;
    if (o->first)
        text = only_name(c, o);
    else if (o->kind == MO_IRI)
        text = mo_clean_literal(c, o->text, NULL, mo_str(""));
    if (text)
        mo_clean_value(c, rule, stmt, text);
    else if (rule->iri.n)
        mo_clean_property(c, rule, stmt, mo_clean_iri(c, rule->iri));
    else
        mo_clean_say(c, rule, stmt->p, o, NULL);
}

/* ---- Datatypes ---- */

static bool
is_digits(struct mo_str text)
{
    for (size_t i = 0; i < text.n; ++i)
        if (!mo_is_digit(text.p[i]))
            return false;
    return text.n > 0;
}

static bool
is_decimal(struct mo_str text)
{
    size_t dot;

    if (text.n && strchr("+-", text.p[0]))
        text = mo_str_from(text, 1);
    dot = mo_str_find(text, mo_str("."), 0);
    return is_digits(mo_str_n(text.p, dot)) &&
           (dot == text.n || is_digits(mo_str_from(text, dot + 1)));
}

static bool
is_hex(struct mo_str text)
{
    for (size_t i = 0; i < text.n; ++i)
        if (hex(text.p[i]) < 0)
            return false;
    return text.n > 0 && text.n % 2 == 0;
}

/* Digits and a letter, one pair for each of these letters at most, in their order. */
static struct mo_str
skip_parts(struct mo_str text, const char *letters)
{
    while (text.n && mo_is_digit(text.p[0])) {
        size_t n = 0;
        const char *letter;

        while (n < text.n && (mo_is_digit(text.p[n]) || text.p[n] == '.'))
            ++n;
        letter = n < text.n ? strchr(letters, text.p[n]) : NULL;
        if (!letter)
            break;
        letters = letter + 1;
        text = mo_str_from(text, n + 1);
    }
    return text;
}

static bool
is_duration(struct mo_str text)
{
    struct mo_str rest;

    if (text.n < 3 || text.p[0] != 'P' || mo_is_digit(text.p[text.n - 1]))
        return false;
    rest = skip_parts(mo_str_from(text, 1), "YMD");
    if (rest.n > 1 && rest.p[0] == 'T')
        rest = skip_parts(mo_str_from(rest, 1), "HMS");
    return rest.n == 0;
}

/* The datatypes that DCAT-AP asks for, and what may stand in them (XML Schema 1.1, 3.3). */
static const struct {
    const char *iri;
    bool (*takes)(struct mo_str text);
} datatypes[] = {
    {MO_XSD "nonNegativeInteger", is_digits},
    {MO_XSD "decimal", is_decimal},
    {MO_XSD "duration", is_duration},
    {MO_XSD "hexBinary", is_hex},
};

/* A value of another datatype that is one of the right one as it is written. */
void
mo_rule_datatype(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    const struct mo_term *o = stmt->o;
    const struct mo_key *key = o->kind == MO_LITERAL ? mo_clean_key(c, stmt) : NULL;
    struct mo_str text = mo_str_trim(o->text), iri;

    if (!key || key->kind != MO_KIND_TYPED ||
        (o->datatype && o->datatype->known == key->datatype))
        return;
    iri = mo_lexicon_text(c->vocab->lexicon, key->datatype);
    for (size_t i = 0; i < sizeof datatypes / sizeof datatypes[0]; ++i)
        if (mo_str_is(iri, datatypes[i].iri) && datatypes[i].takes(text))
            mo_clean_value(c, rule, stmt,
                mo_clean_literal(c, text, mo_clean_iri(c, iri), mo_str("")));
}
