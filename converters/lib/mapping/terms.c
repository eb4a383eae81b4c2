#include <moisson/iri.h>

#include "mapping/mapping.h"

struct mo_term *
mo_map_iri(struct map *m, struct mo_str iri)
{
    return mo_input_iri(&m->in, mo_str_trim(iri));
}

struct mo_term *
mo_map_c(struct map *m, const char *iri)
{
    return mo_input_named(&m->in, iri);
}

struct mo_term *
mo_map_literal(struct map *m, struct mo_str text, const char *datatype)
{
    const struct mo_term *type = datatype ? mo_input_named(&m->in, datatype) : NULL;

    return datatype && !type ? NULL
                             : mo_input_must(&m->in,
                                   mo_graph_literal(m->in.graph, text, type, mo_str("")));
}

void
mo_map_add(struct map *m, struct mo_term *s, struct mo_str property, struct mo_term *o)
{
    mo_input_add(&m->in, s, mo_input_named(&m->in, property.p), o);
}

void
mo_map_say(
    struct map *m, struct mo_term *s, const struct map_rule *rule, struct mo_term *o)
{
    if (rule->known)
        mo_input_add(&m->in, s,
            mo_input_must(&m->in, mo_graph_known(m->in.graph, rule->known)), o);
    else
        mo_map_add(m, s, rule->property, o);
}

void
mo_map_type(struct map *m, struct mo_term *node, const char *class)
{
    mo_input_add(&m->in, node, mo_map_c(m, MO_RDF "type"), mo_map_c(m, class));
}

struct mo_term *
mo_map_node(struct map *m, struct mo_term *s, struct mo_str property, const char *class)
{
    struct mo_term *node = mo_input_blank(&m->in);

    mo_map_type(m, node, class);
    mo_map_add(m, s, property, node);
    return node;
}

struct mo_term *
mo_map_permalink(struct map *m, const char *kind, struct mo_str id)
{
    char memory[1024];
    struct mo_buf iri;

    mo_buf_fixed(&iri, memory, sizeof memory);
    mo_buf_str(&iri, mo_buf_view(&m->origin));
    mo_buf_c(&iri, kind);
    for (size_t i = 0; i < id.n; ++i)
        if (mo_iri_bad_byte(mo_str_n(id.p + i, 1)) == 1 && !strchr("%#?&+/", id.p[i]))
            mo_buf_byte(&iri, id.p[i]);
        else
            mo_buf_printf(&iri, "%%%02X", (unsigned char)id.p[i]);
    if (id.n == 0 || iri.failed || m->origin.n == 0)
        return mo_input_blank(&m->in);
    return mo_map_iri(m, mo_buf_view(&iri));
}

bool
mo_map_is_address(struct mo_str text)
{
    text = mo_str_trim(text);
    return mo_iri_is_absolute(text) && mo_iri_bad_byte(text) == text.n;
}

struct mo_term *
mo_map_joined(struct map *m, const char *head, struct mo_str tail)
{
    mo_buf_clear(&m->scratch);
    mo_buf_c(&m->scratch, head);
    mo_buf_str(&m->scratch, tail);
    return mo_map_iri(m, mo_buf_view(&m->scratch));
}
