/* Sizes in bytes: whole numbers. */
#include "clean/clean.h"

static enum mo_verdict
read(const struct mo_stmt *stmt, uint64_t *bytes)
{
    return stmt->o->kind == MO_LITERAL ? mo_bytes_mend(stmt->o->text, bytes) : MO_NO;
}

static bool
is_whole(struct mo_str text)
{
    for (size_t i = 0; i < text.n; ++i)
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
    return text.n > 0;
}

void
mo_rule_byte_size(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    const char *const right = MO_XSD "nonNegativeInteger";
    const struct mo_term *o = stmt->o;
    bool whole = is_whole(o->text);
    char memory[32];
    struct mo_buf out;
    uint64_t bytes;
    struct mo_term *datatype;

    if (whole && o->datatype && mo_str_is(o->datatype->text, right))
        return;
    if (read(stmt, &bytes) != MO_CERTAIN)
        return;
    mo_buf_fixed(&out, memory, sizeof memory);
    if (!whole)
        mo_buf_printf(&out, "%llu", (unsigned long long)bytes);
    datatype = mo_clean_iri(c, mo_str(right));
    if (datatype)
        mo_clean_value(c, rule, stmt,
            mo_clean_literal(
                c, whole ? o->text : mo_buf_view(&out), datatype, mo_str("")));
}

void
mo_rule_no_byte_size(
    struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    uint64_t bytes;

    if (read(stmt, &bytes) == MO_NO)
        mo_clean_drop(c, rule, stmt);
}

void
mo_rule_doubtful_byte_size(
    struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    uint64_t bytes;

    if (read(stmt, &bytes) == MO_DOUBTFUL)
        mo_clean_say(c, rule, stmt->p, stmt->o, NULL);
}
