/* Keywords: one a value, and a text. */
#include <stdlib.h>

#include "clean/clean.h"

enum { MAX_TEXT = 1 << 20 };

/* The lines of `lines` as literals like `like`. You free() them; NULL: no memory. */
static struct mo_term **
literals_of(
    struct mo_cleaner *c, struct mo_str lines, const struct mo_term *like, size_t *n)
{
    struct mo_term **terms = calloc(lines.n + 1, sizeof *terms);

    *n = 0;
    while (terms && lines.n) {
        struct mo_str line = mo_str_n(lines.p, mo_str_find(lines, mo_str("\n"), 0));

        terms[(*n)++] = mo_clean_literal(c, line, NULL, like->lang);
        lines = mo_str_from(lines, line.n + 1);
    }
    c->trouble = c->trouble || !terms;
    return terms;
}

/* Whether the record has other keywords in the same language. */
static bool
has_others(const struct mo_stmt *stmt)
{
    for (const struct mo_stmt *s = stmt->s->first; s; s = s->next)
        if (s != stmt && s->p == stmt->p && s->o->kind == MO_LITERAL &&
            mo_str_eq(s->o->lang, stmt->o->lang))
            return true;
    return false;
}

/* Who gives keywords one by one may mean a comma as a part of one. */
static enum mo_verdict
read(struct mo_cleaner *c, const struct mo_stmt *stmt, struct mo_buf *out)
{
    enum mo_verdict verdict;

    mo_buf_init(out, MAX_TEXT);
    if (stmt->o->kind != MO_LITERAL)
        return MO_NO;
    verdict = mo_keywords_mend(stmt->o->text, out);
    if (verdict != MO_NO)
        mo_clean_heed(c);
    if (verdict == MO_CERTAIN &&
        mo_str_find(mo_buf_view(out), mo_str("\n"), 0) < out->n &&
        mo_str_find(stmt->o->text, mo_str(";"), 0) == stmt->o->text.n && has_others(stmt))
        verdict = MO_DOUBTFUL;
    return verdict;
}

/* A number or a date to programs, as of JSON, is a word to people. */
void
mo_rule_plain(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    const struct mo_term *o = stmt->o;

    if (o->kind == MO_LITERAL && o->datatype &&
        mo_str_starts(o->datatype->text, mo_str(MO_XSD)))
        mo_clean_value(c, rule, stmt, mo_clean_literal(c, o->text, NULL, mo_str("")));
}

/* Several in one text. */
void
mo_rule_keywords(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    struct mo_buf out;
    struct mo_term **terms;
    size_t n;

    if (read(c, stmt, &out) == MO_CERTAIN) {
        terms = literals_of(c, mo_buf_view(&out), stmt->o, &n);
        if (terms && n)
            mo_clean_values(c, rule, stmt, terms, n);
        free(terms);
    }
    mo_buf_done(&out);
}

void
mo_rule_doubtful_keywords(
    struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    struct mo_buf out;

    if (read(c, stmt, &out) == MO_DOUBTFUL)
        mo_clean_say(c, rule, stmt->p, stmt->o, NULL);
    mo_buf_done(&out);
}

/* A node: what it is called, where that is said; and what it is about (dct:subject). */
void
mo_rule_keyword_node(
    struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    const struct mo_term *node = stmt->o;

    if (!mo_is_node(node))
        return;
    for (struct mo_stmt *s = node->first; s; s = s->next)
        if ((s->p->known == MO_K_SKOS_PREF_LABEL || s->p->known == MO_K_RDFS_LABEL) &&
            s->o->kind == MO_LITERAL)
            mo_clean_add(c, rule, stmt->s, stmt->p, s->o);
    mo_clean_property(c, rule, stmt, mo_clean_known(c, MO_K_DCT_SUBJECT));
}
