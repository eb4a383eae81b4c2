/* Dates, as XML Schema writes them. */
#include "clean/clean.h"

/* What is found of the value; other than literals are not ours to judge. */
static const struct mo_date_found *
look_at(struct mo_cleaner *c, const struct mo_term *o)
{
    struct mo_date_found *found = &c->date;

    if (found->term != o) {
        found->kind = MO_WORDS;
        found->verdict = o->kind == MO_LITERAL ? mo_date_mend(c->values, o->text,
                                                     &found->date, &found->kind)
                                               : MO_CERTAIN;
        found->term = o;
    }
    return found;
}

/* Whether the literal is written as its datatype wants, and has the one for such a date. */
static bool
is_right(const struct mo_term *o, const struct mo_date *date)
{
    struct mo_date plain;

    return o->datatype &&
           mo_str_is(o->datatype->text, mo_date_datatype(date->precision)) &&
           mo_date_parse(o->text, &plain) && mo_date_is_lexical(o->text, &plain);
}

/* The literal of a date: its text where XML Schema takes it, and the datatype for it. */
static struct mo_term *
literal_of(struct mo_cleaner *c, struct mo_str text, const struct mo_date *date)
{
    char memory[64];
    struct mo_buf out;
    struct mo_term *datatype = mo_clean_iri(c, mo_str(mo_date_datatype(date->precision)));
    struct mo_date plain;

    mo_buf_fixed(&out, memory, sizeof memory);
    mo_date_put(&out, date);
    if (!mo_date_parse(text, &plain) || !mo_date_is_lexical(text, &plain))
        text = mo_buf_view(&out);
    return datatype ? mo_clean_literal(c, text, datatype, mo_str("")) : NULL;
}

/* A date in another form, or with the datatype of another. */
void
mo_rule_date(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    const struct mo_date_found *found = look_at(c, stmt->o);

    if (found->verdict == MO_CERTAIN && found->kind != MO_WORDS &&
        !is_right(stmt->o, &found->date))
        mo_clean_value(c, rule, stmt, literal_of(c, stmt->o->text, &found->date));
}

/* What is no date goes. */
void
mo_rule_no_date(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    if (look_at(c, stmt->o)->verdict == MO_NO)
        mo_clean_drop(c, rule, stmt);
}

/* What may be another day is said. */
void
mo_rule_doubtful_date(
    struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    if (look_at(c, stmt->o)->verdict == MO_DOUBTFUL)
        mo_clean_say(c, rule, stmt->p, stmt->o, NULL);
}

void
mo_rule_future_date(
    struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    const struct mo_date_found *found = look_at(c, stmt->o);

    if (found->verdict == MO_CERTAIN && found->kind != MO_WORDS &&
        mo_date_seconds(&found->date) > c->options.now)
        mo_clean_say(c, rule, stmt->p, stmt->o, NULL);
}
