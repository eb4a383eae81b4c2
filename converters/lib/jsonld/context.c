#include "jsonld/context.h"

#include "rdf/writer.h"

bool
mo_keys_named(struct mo_str version, enum mo_keys *keys)
{
    static const char *const versions[] = {
        [MO_KEYS_3_0_1] = "3.0.1", [MO_KEYS_2_1_1] = "2.1.1"};

    for (size_t i = 0; i < MO_KEYS_COUNT; ++i)
        if (mo_str_is(version, versions[i])) {
            *keys = (enum mo_keys)i;
            return true;
        }
    return false;
}

static void
put_iri(const struct mo_vocab *v, struct mo_buf *out, uint16_t known)
{
    mo_json_string(out, mo_lexicon_text(v->lexicon, known));
}

static void
put_key(const struct mo_vocab *v, struct mo_buf *out, const struct mo_key_name *name)
{
    const struct mo_key *key = name->key;

    mo_json_string(out, name->text);
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
mo_context_put(const struct mo_vocab *v, enum mo_keys keys, struct mo_buf *out)
{
    mo_buf_byte(out, '{');
    for (size_t i = 0; i < v->n_class_names; ++i) {
        mo_json_string(out, v->class_names[i]->key);
        mo_buf_byte(out, ':');
        put_iri(v, out, v->class_names[i]->id);
        mo_buf_byte(out, ',');
    }
    for (size_t i = 0; i < v->n_names; ++i) {
        if (keys < MO_KEYS_COUNT && !v->names[i].in[keys])
            continue;
        put_key(v, out, &v->names[i]);
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

/* Whether none of its terms means another thing than ours does. */
static bool
agrees(const struct mo_vocab *v, const struct mo_json *context)
{
    bool fine = true;

    if (mo_json_kind(context) == MO_JSON_NULL)
        return true;
    for (const struct mo_json *c = mo_json_first(context); c && fine; c = mo_json_next(c))
        fine = mo_json_kind(context) == MO_JSON_ARRAY ? agrees(v, c) : term_agrees(v, c);
    return fine && (mo_json_kind(context) == MO_JSON_ARRAY ||
                       mo_json_kind(context) == MO_JSON_OBJECT);
}

static size_t
count_terms(const struct mo_json *context)
{
    size_t n = 0;

    for (const struct mo_json *c = mo_json_first(context); c; c = mo_json_next(c))
        n += mo_json_kind(context) == MO_JSON_ARRAY ? count_terms(c) : 1;
    return n;
}

bool
mo_context_is_ours(const struct mo_vocab *v, const struct mo_json *context)
{
    size_t least = v->n_in[0];

    for (size_t i = 1; i < MO_KEYS_COUNT; ++i)
        if (v->n_in[i] < least)
            least = v->n_in[i];
    return count_terms(context) >= v->n_class_names + least && agrees(v, context);
}
