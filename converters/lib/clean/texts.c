/* Texts: HTML, escapes, characters that were read in another character set. */
#include <stdio.h>

#include "clean/clean.h"

typedef enum mo_verdict mender(
    const struct mo_values *values, struct mo_str text, struct mo_buf *out);

static bool
is_text(const struct mo_term *o)
{
    return o->kind == MO_LITERAL && !o->datatype;
}

/* Text, HTML or XML, which are text with tags. */
static bool
is_marked_up(const struct mo_term *o)
{
    return is_text(o) ||
           (o->kind == MO_LITERAL && (o->datatype->known == MO_K_RDF_XMLLITERAL ||
                                         mo_str_is(o->datatype->text, MO_RDF "HTML")));
}

static void
mend(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt,
    mender *function)
{
    struct mo_buf *out = &c->text;

    mo_buf_clear(out);
    if (function(c->values, stmt->o->text, out) == MO_CERTAIN && !out->failed)
        mo_clean_value(
            c, rule, stmt, mo_clean_literal(c, mo_buf_view(out), NULL, stmt->o->lang));
}

void
mo_rule_markdown(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    if (is_marked_up(stmt->o))
        mend(c, rule, stmt, mo_text_mend);
}

void
mo_rule_line(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    if (is_marked_up(stmt->o))
        mend(c, rule, stmt, mo_line_mend);
}

void
mo_rule_mojibake(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    enum mo_verdict verdict;

    if (!is_text(stmt->o))
        return;
    mo_buf_clear(&c->text);
    verdict = mo_mojibake_mend(stmt->o->text, &c->text);
    if (verdict == MO_NO)
        c->sound = stmt->o;
    else if (verdict == MO_CERTAIN && !c->text.failed)
        mo_clean_value(c, rule, stmt,
            mo_clean_literal(c, mo_buf_view(&c->text), NULL, stmt->o->lang));
}

void
mo_rule_doubtful_mojibake(
    struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    if (!is_text(stmt->o) || stmt->o == c->sound)
        return;
    mo_buf_clear(&c->text);
    if (mo_mojibake_mend(stmt->o->text, &c->text) == MO_DOUBTFUL)
        mo_clean_say(c, rule, stmt->p, stmt->o, NULL);
}

/* A character that nobody sees is named before the text. */
void
mo_rule_unseen(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    uint32_t found = is_text(stmt->o) ? mo_text_unseen(stmt->o->text) : 0;

    if (!found)
        return;
    mo_buf_clear(&c->text);
    mo_buf_printf(&c->text, "U+%04X: " MO_FMT, (unsigned)found, MO_ARG(stmt->o->text));
    mo_clean_say(c, rule, stmt->p,
        mo_clean_literal(c, mo_buf_view(&c->text), NULL, stmt->o->lang), NULL);
}
