#include <stdio.h>

#include <moisson/iri.h>

#include "base/hash.h"
#include "datagouv/read.h"

void
mo_gouv_trouble(struct gouv *r)
{
    struct mo_diag diag = {.id = MO_DIAG_NO_MEMORY};

    if (r->reader.state != MO_READER_TROUBLE)
        mo_reader_report(&r->reader, &diag);
    r->reader.state = MO_READER_TROUBLE;
    r->rejected = true;
}

static struct mo_term *
must(struct gouv *r, struct mo_term *term)
{
    if (!term)
        mo_gouv_trouble(r);
    return term;
}

struct mo_term *
mo_gouv_iri(struct gouv *r, struct mo_str text)
{
    struct mo_str iri;

    if (mo_iri_resolve(
            r->graph->arena, r->reader.options.base, mo_str_trim(text), &iri)) {
        mo_gouv_trouble(r);
        return NULL;
    }
    return must(r, mo_graph_iri(r->graph, iri));
}

struct mo_term *
mo_gouv_c(struct gouv *r, const char *iri)
{
    return must(r, mo_graph_iri(r->graph, mo_str(iri)));
}

struct mo_term *
mo_gouv_blank(struct gouv *r)
{
    char label[24];
    struct mo_term *term;

    snprintf(label, sizeof label, "m%016llx",
        (unsigned long long)mo_mix(r->document + 2 * ++r->blanks));
    term = must(r, mo_graph_blank(r->graph, mo_str(label)));
    if (term)
        term->anonymous = true;
    return term;
}

struct mo_term *
mo_gouv_literal(struct gouv *r, struct mo_str text, const char *datatype)
{
    struct mo_term *type = NULL;

    if (datatype && !(type = mo_gouv_c(r, datatype)))
        return NULL;
    return must(r, mo_graph_literal(r->graph, text, type, mo_str("")));
}

static void
add(struct gouv *r, struct mo_term *s, struct mo_str property, struct mo_term *o)
{
    struct mo_term *p = must(r, mo_graph_iri(r->graph, property));

    if (s && p && o && !r->rejected && mo_graph_add(r->graph, s, p, o))
        mo_gouv_trouble(r);
}

void
mo_gouv_add(struct gouv *r, struct mo_term *s, const char *property, struct mo_term *o)
{
    add(r, s, mo_str(property), o);
}

void
mo_gouv_say(struct gouv *r, struct mo_term *s, const struct rule *rule, struct mo_term *o)
{
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
    struct mo_term *node = mo_gouv_blank(r);

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
    mo_buf_printf(&iri, "/api/1/%s/" MO_FMT "/", kind, MO_ARG(id));
    if (id.n == 0 || iri.failed || (r->origin.n == 0 && r->reader.options.base.n == 0))
        return mo_gouv_blank(r);
    return mo_gouv_iri(r, mo_buf_view(&iri));
}

void
mo_gouv_keep(struct gouv *r, struct mo_term *node, struct mo_str property,
    const struct mo_json *value)
{
    mo_buf_clear(&r->scratch);
    mo_json_put(&r->scratch, value);
    if (r->scratch.failed)
        mo_gouv_trouble(r);
    else
        add(r, node, property,
            mo_gouv_literal(r, mo_buf_view(&r->scratch), MO_RDF "JSON"));
}
