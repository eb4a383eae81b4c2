#include "datagouv/read.h"

struct mo_term *
mo_gouv_iri(struct gouv *r, struct mo_str iri)
{
    return mo_input_iri(&r->in, mo_str_trim(iri));
}

struct mo_term *
mo_gouv_c(struct gouv *r, const char *iri)
{
    return mo_input_named(&r->in, iri);
}

struct mo_term *
mo_gouv_literal(struct gouv *r, struct mo_str text, const char *datatype)
{
    const struct mo_term *type = datatype ? mo_input_named(&r->in, datatype) : NULL;

    return datatype && !type ? NULL
                             : mo_input_must(&r->in,
                                   mo_graph_literal(r->in.graph, text, type, mo_str("")));
}

static void
add(struct gouv *r, struct mo_term *s, struct mo_str property, struct mo_term *o)
{
    mo_input_add(
        &r->in, s, mo_input_must(&r->in, mo_graph_iri(r->in.graph, property)), o);
}

void
mo_gouv_add(struct gouv *r, struct mo_term *s, const char *property, struct mo_term *o)
{
    mo_input_add(&r->in, s, mo_input_named(&r->in, property), o);
}

void
mo_gouv_say(struct gouv *r, struct mo_term *s, const struct rule *rule, struct mo_term *o)
{
    if (rule->known)
        mo_input_add(&r->in, s,
            mo_input_must(&r->in, mo_graph_known(r->in.graph, rule->known)), o);
    else
        add(r, s, rule->property, o);
}

void
mo_gouv_type(struct gouv *r, struct mo_term *node, const char *class)
{
    mo_gouv_add(r, node, MO_RDF "type", mo_gouv_c(r, class));
}

struct mo_term *
mo_gouv_node(
    struct gouv *r, struct mo_term *s, const struct rule *rule, const char *class)
{
    struct mo_term *node = mo_input_blank(&r->in);

    mo_gouv_type(r, node, class);
    mo_gouv_say(r, s, rule, node);
    return node;
}

struct mo_term *
mo_gouv_permalink(struct gouv *r, const char *kind, struct mo_str id)
{
    char memory[1024];
    struct mo_buf iri;

    mo_buf_fixed(&iri, memory, sizeof memory);
    mo_buf_str(&iri, mo_buf_view(&r->origin));
    mo_buf_c(&iri, "/api/1/");
    mo_buf_c(&iri, kind);
    mo_buf_byte(&iri, '/');
    mo_buf_str(&iri, id);
    mo_buf_byte(&iri, '/');
    if (id.n == 0 || iri.failed || (r->origin.n == 0 && r->in.reader.options.base.n == 0))
        return mo_input_blank(&r->in);
    return mo_gouv_iri(r, mo_buf_view(&iri));
}

void
mo_gouv_keep(struct gouv *r, struct mo_term *node, struct mo_str property,
    const struct mo_json *value)
{
    mo_buf_clear(&r->scratch);
    mo_json_put(&r->scratch, value);
    if (r->scratch.failed)
        mo_input_trouble(&r->in);
    else
        add(r, node, property,
            mo_gouv_literal(r, mo_buf_view(&r->scratch), MO_RDF "JSON"));
}
