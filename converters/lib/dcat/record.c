#include <moisson/record.h>

#include <stdlib.h>

#include "dcat/vocab.h"
#include "rdf/canon.h"

enum { CANON_WORK = 20000 }; /* tries; alike blank nodes of real records take a few */

struct mo_str
mo_record_name(const struct mo_record *record)
{
    return record->root->text;
}

static const struct mo_term *
first_value(const struct mo_term *node, uint16_t property)
{
    for (const struct mo_stmt *s = node->first; s; s = s->next)
        if (s->p->known == property)
            return s->o;
    return NULL;
}

int
mo_record_identity(const struct mo_record *record, struct mo_buf *out)
{
    const struct mo_term *value = first_value(record->root, MO_K_DCT_IDENTIFIER);
    char hex[65];

    if (value && value->kind != MO_BLANK && !mo_str_blank(value->text))
        return mo_buf_str(out, value->text);
    if (record->root->kind == MO_IRI)
        return mo_buf_str(out, record->root->text);
    value = first_value(record->root, MO_K_DCAT_LANDING_PAGE);
    if (value && value->kind != MO_BLANK && !mo_str_blank(value->text))
        return mo_buf_str(out, value->text);
    if (mo_record_hash(record, hex))
        return -1;
    return mo_buf_printf(out, "sha256:%s", hex);
}

int
mo_record_hash(const struct mo_record *record, char hex[65])
{
    const struct mo_stmt **stmts;
    size_t n = 0;
    enum mo_canon_result result;

    for (size_t i = 0; i < record->n_body; ++i)
        for (const struct mo_stmt *s = record->nodes[i]->first; s; s = s->next)
            ++n;
    stmts = malloc((n + 1) * sizeof(struct mo_stmt *));
    if (!stmts)
        return -1;
    n = 0;
    for (size_t i = 0; i < record->n_body; ++i)
        for (const struct mo_stmt *s = record->nodes[i]->first; s; s = s->next)
            stmts[n++] = s;
    result = mo_canon_hash(stmts, n, CANON_WORK, hex);
    free(stmts);
    return result == MO_CANON_OK ? 0 : -1;
}
