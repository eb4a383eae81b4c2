/* When: periods as nodes, with the bounds that DCAT has for them. */
#include "clean/clean.h"

/* A bound of a period in another vocabulary, and that of DCAT. */
static const struct {
    uint16_t other, ours;
} bounds[] = {{MO_K_SCHEMA_START, MO_K_DCAT_START}, {MO_K_SCHEMAS_START, MO_K_DCAT_START},
    {MO_K_SCV_MIN, MO_K_DCAT_START}, {MO_K_TIME_BEGINNING, MO_K_DCAT_START},
    {MO_K_SCHEMA_END, MO_K_DCAT_END}, {MO_K_SCHEMAS_END, MO_K_DCAT_END},
    {MO_K_SCV_MAX, MO_K_DCAT_END}, {MO_K_TIME_END, MO_K_DCAT_END}};

/* The literal of a date, of an instant too (OWL-Time); NULL: there is none. */
static struct mo_term *
instant(struct mo_term *value)
{
    static const uint16_t properties[] = {MO_K_TIME_DATE, MO_K_TIME_DATETIME,
        MO_K_TIME_STAMP, MO_K_TIME_MONTH, MO_K_TIME_YEAR};

    if (value->kind == MO_LITERAL)
        return value;
    for (size_t i = 0; i < sizeof properties / sizeof properties[0]; ++i) {
        struct mo_stmt *s = mo_clean_first(value, properties[i]);

        if (s && s->o->kind == MO_LITERAL)
            return s->o;
    }
    return NULL;
}

/* ---- Texts ---- */

static struct mo_term *
bound_of(struct mo_cleaner *c, struct mo_str text)
{
    struct mo_date date;
    enum mo_time kind;
    char memory[64];
    struct mo_buf out;
    struct mo_term *datatype;

    if (mo_date_mend(c->values, text, &date, &kind) != MO_CERTAIN)
        return NULL;
    mo_buf_fixed(&out, memory, sizeof memory);
    mo_date_put(&out, &date);
    datatype = mo_clean_iri(c, mo_str(mo_date_datatype(date.precision)));
    return datatype ? mo_clean_literal(c, mo_buf_view(&out), datatype, mo_str("")) : NULL;
}

/* A node for a text that is a period: its bounds as precise as they were. */
static struct mo_term *
period_of(struct mo_cleaner *c, const struct mo_stmt *stmt)
{
    struct mo_str text = stmt->o->text;
    struct mo_str start = text, end = text;
    struct mo_term *node =
        mo_clean_node(c, stmt, mo_vocab_number(c->vocab, MO_DCT "PeriodOfTime"));
    struct mo_term *from, *to;

    mo_period_split(mo_str_trim(text), &start, &end);
    from = bound_of(c, start);
    to = bound_of(c, end);
    if (node && from)
        mo_clean_tell(c, node, mo_clean_known(c, MO_K_DCAT_START), from);
    if (node && to)
        mo_clean_tell(c, node, mo_clean_known(c, MO_K_DCAT_END), to);
    return node;
}

/* A text where a period is due. */
void
mo_rule_period(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    struct mo_period period;

    if (stmt->o->kind != MO_BLANK && !stmt->o->first &&
        mo_period_mend(c->values, stmt->o->text, &period) == MO_CERTAIN)
        mo_clean_value(c, rule, stmt, period_of(c, stmt));
}

/* A text that is none, or nobody knows which: a node that is called so. */
void
mo_rule_doubtful_period(
    struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    struct mo_term *node;

    if (stmt->o->kind != MO_LITERAL)
        return;
    node = mo_clean_node(c, stmt, mo_vocab_number(c->vocab, MO_DCT "PeriodOfTime"));
    if (node)
        mo_clean_tell(c, node, mo_clean_known(c, MO_K_RDFS_LABEL),
            mo_clean_literal(c, mo_str_trim(stmt->o->text), NULL, stmt->o->lang));
    mo_clean_value(c, rule, stmt, node);
}

/* ---- Nodes ---- */

/* Bounds in other vocabularies become those of DCAT; where it has one already, they stay. */
void
mo_rule_bounds(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    struct mo_term *node = stmt->o;

    if (!mo_is_node(node))
        return;
    for (struct mo_stmt *s = node->first; s && !c->trouble; s = s->next)
        for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; ++i) {
            struct mo_term *value;

            if (!mo_clean_is_there(c, s) || s->p->known != bounds[i].other ||
                mo_clean_first(node, bounds[i].ours) || !(value = instant(s->o)))
                continue;
            mo_clean_value(c, rule, s, value);
            mo_clean_property(c, rule, s, mo_clean_known(c, bounds[i].ours));
            break;
        }
}

static bool
date_of(struct mo_cleaner *c, const struct mo_stmt *bound, struct mo_date *date)
{
    enum mo_time kind;

    return bound && bound->o->kind == MO_LITERAL &&
           mo_date_mend(c->values, bound->o->text, date, &kind) == MO_CERTAIN;
}

/* A period that ends before it begins was meant the other way round. */
void
mo_rule_swapped(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    struct mo_stmt *start, *end;
    struct mo_date from, to;
    struct mo_term *first;

    if (!mo_is_node(stmt->o))
        return;
    start = mo_clean_first(stmt->o, MO_K_DCAT_START);
    end = mo_clean_first(stmt->o, MO_K_DCAT_END);
    if (!date_of(c, start, &from) || !date_of(c, end, &to))
        return;
    to = mo_date_last_day(&to);
    if (mo_date_seconds(&from) <= mo_date_seconds(&to))
        return;
    first = start->o;
    mo_clean_value(c, rule, start, end->o);
    mo_clean_value(c, rule, end, first);
}
