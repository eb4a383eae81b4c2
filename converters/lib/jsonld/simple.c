#include "jsonld/simple.h"

#include <moisson/text.h>

#include "base/hash.h"
#include "jsonld/context.h"
#include "jsonld/number.h"
#include "rdf/writer.h"

enum { LABEL_DIGITS = 16 };

/* ---- Terms ---- */

/* Labels of ours hold for the whole input; all others for one JSON value. */
static bool
is_our_label(struct mo_str label)
{
    return label.n == LABEL_DIGITS + 1 && label.p[0] == 'm' &&
           strspn(label.p + 1, "0123456789abcdef") >= LABEL_DIGITS;
}

struct mo_term *
mo_simple_labelled(struct mo_simple *r, struct mo_str label)
{
    if (is_our_label(label))
        return mo_input_must(r->in, mo_graph_blank(r->in->graph, label));
    return mo_input_labelled(r->in, mo_mix(mo_hash(r->in->document + r->ordinal, label)));
}

static struct mo_term *
node_named(struct mo_simple *r, struct mo_str name)
{
    if (r->own && mo_str_eq(name, r->own_name))
        return r->own;
    if (mo_str_starts(name, mo_str("_:")))
        return mo_simple_labelled(r, mo_str_from(name, 2));
    return mo_input_iri(r->in, name);
}

/* A term that the lexicon has. */
static struct mo_term *
known(struct mo_simple *r, uint16_t number)
{
    return mo_input_must(r->in, mo_graph_known(r->in->graph, number));
}

static void
add(struct mo_simple *r, struct mo_term *s, struct mo_term *p, struct mo_term *o)
{
    mo_input_add(r->in, s, p, o);
}

/* ---- Values ---- */

static struct mo_term *
wrong(struct mo_simple *r, struct mo_str key)
{
    if (r->kept)
        r->general = true;
    else
        mo_input_reject(r->in, MO_DIAG_BAD_VALUE, mo_str(""), key, 0);
    return NULL;
}

/* true, false and numbers, as the API's algorithms type them (JSON-LD 1.1 API, 8.2). */
static struct mo_term *
native(struct mo_simple *r, const struct mo_json *value, struct mo_str type)
{
    bool number = mo_json_kind(value) == MO_JSON_NUMBER, integer = false,
         too_much = false;
    struct mo_term *term;
    struct mo_buf text;

    mo_buf_init(&text, SIZE_MAX);
    if (number)
        integer = mo_number_put(
            &text, mo_json_text(value), mo_str_is(type, MO_XSD "double"), &too_much);
    else
        mo_buf_c(&text, mo_json_kind(value) == MO_JSON_TRUE ? "true" : "false");
    if (too_much)
        mo_input_report(r->in, MO_DIAG_NUMBER,
            mo_str_n(text.p, text.n < 40 ? text.n : 40), mo_str(""), 0);
    if (type.n == 0)
        type = mo_str(!number   ? MO_XSD "boolean"
                      : integer ? MO_XSD "integer"
                                : MO_XSD "double");
    term = text.failed ? mo_input_must(r->in, NULL)
                       : mo_input_literal(r->in, mo_buf_view(&text), type, mo_str(""));
    mo_buf_done(&text);
    return term;
}

static struct mo_term *read_list(
    struct mo_simple *r, const struct mo_json *items, struct mo_str key);

static struct mo_term *
text(struct mo_simple *r, struct mo_str value, struct mo_str type, struct mo_str lang,
    struct mo_str key)
{
    char memory[MO_LANGUAGE_SIZE];
    struct mo_str language = mo_language(lang, memory);

    if (!mo_str_eq(language, lang) && !r->kept)
        mo_input_report(r->in, MO_DIAG_LANGUAGE_TAG, lang, key, 0);
    return mo_input_literal(r->in, value, type, language);
}

/* {"@value"}, with a type or a language. With something else, it is for the processor. */
static struct mo_term *
read_value_object(struct mo_simple *r, const struct mo_json *object,
    const struct mo_json *value, struct mo_str key)
{
    struct mo_str type = mo_str(""), lang = mo_str("");

    for (const struct mo_json *m = mo_json_first(object); m; m = mo_json_next(m))
        if (mo_str_is(mo_json_key(m), "@type"))
            type = mo_json_text(m);
        else if (mo_str_is(mo_json_key(m), "@language"))
            lang = mo_json_text(m);
        else if (!mo_str_is(mo_json_key(m), "@value"))
            r->general = true;
    switch (mo_json_kind(value)) {
    case MO_JSON_STRING: return text(r, mo_json_text(value), type, lang, key);
    case MO_JSON_TRUE:
    case MO_JSON_FALSE:
    case MO_JSON_NUMBER: return native(r, value, type);
    default: return wrong(r, key);
    }
}

/* An object that is a value: {"@value"}, {"@list"}, {"@id"}, or a node. */
static struct mo_term *
read_object(struct mo_simple *r, const struct mo_json *object, struct mo_str key)
{
    const struct mo_json *value = mo_json_member(object, "@value");
    const struct mo_json *list = value ? NULL : mo_json_member(object, "@list");

    if (value)
        return read_value_object(r, object, value, key);
    return list ? read_list(r, list, key) : mo_simple_node(r, object);
}

static struct mo_term *
read_value(struct mo_simple *r, const struct mo_json *value, const struct mo_key *key,
    struct mo_str name)
{
    uint16_t type = key && key->kind == MO_KIND_TYPED ? key->datatype : 0;

    switch (mo_json_kind(value)) {
    case MO_JSON_OBJECT: return read_object(r, value, name);
    case MO_JSON_STRING:
        if (key && key->kind == MO_KIND_ID)
            return node_named(r, mo_json_text(value));
        return mo_input_must(r->in, mo_graph_literal(r->in->graph, mo_json_text(value),
                                        type ? known(r, type) : NULL, mo_str("")));
    case MO_JSON_TRUE:
    case MO_JSON_FALSE:
    case MO_JSON_NUMBER:
        return native(
            r, value, type ? mo_lexicon_text(r->in->graph->lexicon, type) : mo_str(""));
    default: return wrong(r, name);
    }
}

static struct mo_term *
read_list(struct mo_simple *r, const struct mo_json *items, struct mo_str key)
{
    struct mo_term *head = NULL, *last = NULL;
    const struct mo_json *item;

    if (mo_json_kind(items) != MO_JSON_ARRAY)
        return wrong(r, key);
    for (item = mo_json_first(items); item && !r->in->rejected;
         item = mo_json_next(item)) {
        struct mo_term *cell = mo_input_blank(r->in);

        if (!head)
            head = cell;
        else
            add(r, last, known(r, MO_K_RDF_REST), cell);
        add(r, cell, known(r, MO_K_RDF_FIRST), read_value(r, item, NULL, key));
        last = cell;
    }
    if (!head)
        return known(r, MO_K_RDF_NIL);
    add(r, last, known(r, MO_K_RDF_REST), known(r, MO_K_RDF_NIL));
    return head;
}

/* ---- Nodes ---- */

static void
read_types(struct mo_simple *r, struct mo_term *node, const struct mo_json *value)
{
    const struct mo_json *type =
        mo_json_kind(value) == MO_JSON_ARRAY ? mo_json_first(value) : value;

    for (; type;
         type = mo_json_kind(value) == MO_JSON_ARRAY ? mo_json_next(type) : NULL) {
        const struct mo_class *class;
        struct mo_term *o;

        if (mo_json_kind(type) != MO_JSON_STRING) {
            wrong(r, mo_str("@type"));
            return;
        }
        class = mo_vocab_class_named(r->in->reader.options.vocab, mo_json_text(type));
        o = class ? known(r, class->id) : node_named(r, mo_json_text(type));
        add(r, node, known(r, MO_K_RDF_TYPE), o);
    }
}

static void
read_member(struct mo_simple *r, struct mo_term *node, const struct mo_json *member)
{
    struct mo_str name = mo_json_key(member);
    const struct mo_key *key = mo_vocab_key_named(r->in->reader.options.vocab, name);
    const struct mo_json *value;
    struct mo_term *property;
    bool array = mo_json_kind(member) == MO_JSON_ARRAY;

    if (!key && !memchr(name.p, ':', name.n)) {
        if (!r->kept)
            mo_input_report(r->in, MO_DIAG_KEY_UNKNOWN, name, mo_str(""), 0);
        return;
    }
    property = key ? known(r, key->property)
                   : mo_input_must(r->in, mo_graph_iri(r->in->graph, name));
    value = array ? mo_json_first(member) : member;
    for (; value && !r->in->rejected; value = array ? mo_json_next(value) : NULL) {
        struct mo_term *term;

        if (mo_json_kind(value) == MO_JSON_NULL)
            continue;
        term = read_value(r, value, key, name);
        if (term && key && key->reverse && !mo_is_node(term))
            wrong(r, name);
        else if (term && key && key->reverse)
            add(r, term, property, node);
        else
            add(r, node, property, term);
    }
}

void
mo_simple_members(struct mo_simple *r, struct mo_term *node, const struct mo_json *object)
{
    for (const struct mo_json *m = mo_json_first(object);
         m && !r->in->rejected && !r->general; m = mo_json_next(m)) {
        struct mo_str key = mo_json_key(m);

        if (mo_str_is(key, "@type"))
            read_types(r, node, m);
        else if (mo_str_is(key, "@id") || mo_str_is(key, MO_PART_KEY) ||
                 mo_str_is(key, MO_INCOMPLETE_KEY))
            continue;
        else if (mo_str_is(key, "@context") && object == r->in->json)
            continue;
        else if ((key.n && key.p[0] == '@') || mo_str_starts(key, mo_str("_:")))
            r->general = true;
        else
            read_member(r, node, m);
    }
    mo_graph_close(r->in->graph, node);
}

struct mo_term *
mo_simple_node(struct mo_simple *r, const struct mo_json *object)
{
    const struct mo_json *id = mo_json_member(object, "@id");
    struct mo_term *node;

    if (id && mo_json_kind(id) != MO_JSON_STRING)
        return wrong(r, mo_str("@id"));
    node = id ? node_named(r, mo_json_text(id)) : mo_input_blank(r->in);
    if (node)
        mo_simple_members(r, node, object);
    return node;
}
