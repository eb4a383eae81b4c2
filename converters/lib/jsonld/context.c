#include "jsonld/context.h"

#include "rdf/writer.h"

static void
put_iri(const struct mo_vocab *v, struct mo_buf *out, uint16_t known)
{
    mo_json_string(out, mo_lexicon_text(v->lexicon, known));
}

static void
put_key(const struct mo_vocab *v, struct mo_buf *out, const struct mo_key *key)
{
    mo_json_string(out, key->name);
    mo_buf_c(out, key->reverse ? ":{\"@reverse\":" : ":{\"@id\":");
    put_iri(v, out, key->property);
    if (key->kind == MO_KIND_ID)
        mo_buf_c(out, ",\"@type\":\"@id\"");
    if (key->kind == MO_KIND_TYPED) {
        mo_buf_c(out, ",\"@type\":");
        put_iri(v, out, key->datatype);
    }
    if (key->many && !key->reverse)
        mo_buf_c(out, ",\"@container\":\"@set\"");
    mo_buf_byte(out, '}');
}

void
mo_context_put(const struct mo_vocab *v, struct mo_buf *out)
{
    mo_buf_byte(out, '{');
    for (size_t i = 0; i < v->n_class_names; ++i) {
        mo_json_string(out, v->class_names[i]->key);
        mo_buf_byte(out, ':');
        put_iri(v, out, v->class_names[i]->id);
        mo_buf_byte(out, ',');
    }
    for (size_t i = 0; i < v->n_names; ++i) {
        put_key(v, out, v->by_name[i]);
        mo_buf_byte(out, ',');
    }
    mo_buf_c(out, "\"" MO_PART_KEY "\":null,\"" MO_INCOMPLETE_KEY "\":null}");
}

static bool
is_iri(const struct mo_vocab *v, uint16_t known, struct mo_str text)
{
    return known && mo_str_eq(mo_lexicon_text(v->lexicon, known), text);
}

/* Whether one term of another context means what it means in ours. */
static bool
term_agrees(const struct mo_vocab *v, const struct mo_json *term)
{
    struct mo_str name = mo_json_key(term);
    const struct mo_key *key = mo_vocab_key_named(v, name);
    const struct mo_class *class = mo_vocab_class_named(v, name);
    const struct mo_json *type = mo_json_member(term, "@type");
    struct mo_str iri = mo_json_text(term);

    if (mo_json_kind(term) == MO_JSON_NULL)
        return !key && !class;
    if (mo_json_kind(term) == MO_JSON_OBJECT)
        iri = mo_json_member_text(term, key && key->reverse ? "@reverse" : "@id");
    if (class)
        return is_iri(v, class->id, iri);
    if (!key || !is_iri(v, key->property, iri))
        return false;
    switch (key->kind) {
    case MO_KIND_TEXT: return !type;
    case MO_KIND_ID: return type && mo_str_is(mo_json_text(type), "@id");
    case MO_KIND_TYPED: return type && is_iri(v, key->datatype, mo_json_text(type));
    }
    return false;
}

bool
mo_context_agrees(
    const struct mo_vocab *v, const struct mo_json *context, struct mo_str *culprit)
{
    switch (mo_json_kind(context)) {
    case MO_JSON_NULL: return true;
    case MO_JSON_ARRAY:
        for (const struct mo_json *c = mo_json_first(context); c; c = mo_json_next(c))
            if (!mo_context_agrees(v, c, culprit))
                return false;
        return true;
    case MO_JSON_OBJECT:
        for (const struct mo_json *t = mo_json_first(context); t; t = mo_json_next(t))
            if (!term_agrees(v, t)) {
                *culprit = mo_json_key(t);
                return false;
            }
        return true;
    default: *culprit = mo_json_text(context); return false;
    }
}
