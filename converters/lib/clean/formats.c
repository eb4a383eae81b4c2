/* The format of a distribution, where it is not said: from what else is. */
#include "clean/clean.h"

static struct mo_str
text_of(const struct mo_term *node, uint16_t property)
{
    const struct mo_stmt *s = mo_clean_first(node, property);

    return s && s->o->kind != MO_BLANK ? s->o->text : mo_str("");
}

/* Whether the format says nothing. A catalogue has few of them, in many distributions. */
static bool
is_vague(struct mo_cleaner *c, const struct mo_stmt *stmt)
{
    const struct mo_term *o = stmt->o;
    struct mo_vague *v = &c->vague[o->hash & (MO_CLEAN_VAGUE - 1)];
    struct mo_format format;

    if (o->kind == MO_BLANK)
        return false;
    if (!v->known || v->hash != o->hash) {
        v->vague = mo_format_named(c->values, o->text, &format) && format.vague;
        v->hash = o->hash;
        v->known = true;
    }
    return v->vague;
}

void
mo_rule_missing_format(
    struct mo_cleaner *c, const struct mo_rule *rule, struct mo_term *node)
{
    struct mo_stmt *stmt = mo_clean_first(node, MO_K_DCT_FORMAT);
    struct mo_said said = {.media_type = text_of(node, MO_K_DCAT_MEDIA_TYPE),
        .url = text_of(node, MO_K_DCAT_DOWNLOAD_URL),
        .title = text_of(node, MO_K_DCT_TITLE),
        .served = mo_clean_first(node, MO_K_DCAT_ACCESS_SERVICE) != NULL};
    struct mo_format format;
    struct mo_term *value;
    char memory[256];
    struct mo_buf iri;

    if (mo_clean_is_part(c, node) || (stmt && !is_vague(c, stmt)))
        return;
    if (!said.url.n)
        said.url = text_of(node, MO_K_DCAT_ACCESS_URL);
    if (!mo_format_of(c->values, &said, &format) || !format.type.n || format.vague)
        return;
    mo_buf_fixed(&iri, memory, sizeof memory);
    mo_buf_c(&iri, "http://publications.europa.eu/resource/authority/file-type/");
    mo_buf_str(&iri, format.type);
    value = iri.failed ? NULL : mo_clean_iri(c, mo_buf_view(&iri));
    if (value && stmt)
        mo_clean_value(c, rule, stmt, value);
    else if (value)
        mo_clean_add(c, rule, node, mo_clean_known(c, MO_K_DCT_FORMAT), value);
}
