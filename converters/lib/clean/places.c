/* Where: places as nodes, their geometries in a notation that others read. */
#include "clean/clean.h"

enum { MAX_GEOMETRY = 64 << 20 };

static struct mo_term *
geometry_literal(struct mo_cleaner *c, struct mo_str text, enum mo_notation notation)
{
    struct mo_term *datatype =
        mo_clean_known(c, notation == MO_GEOJSON ? MO_K_GEO_GEOJSON : MO_K_GEO_WKT);

    return datatype ? mo_clean_literal(c, text, datatype, mo_str("")) : NULL;
}

/* The property for a geometry of this shape. */
static struct mo_term *
property_for(struct mo_cleaner *c, const struct mo_place_found *found)
{
    return mo_clean_iri(c, mo_str(found->shape == MO_SHAPE_POINT ? MO_DCAT "centroid"
                                  : found->box                   ? MO_DCAT "bbox"
                                               : "http://www.w3.org/ns/locn#geometry"));
}

/* A name, not an address: "Rennes", but not "#1" or "lieux/3". */
static bool
is_name(struct mo_str iri)
{
    for (size_t i = 0; i < iri.n; ++i)
        if (!iri.p[i] || strchr("/#?:%", iri.p[i]))
            return false;
    return iri.n > 0;
}

/* A text where a place is due: a place with this geometry, else with this name. */
void
mo_rule_place(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    const struct mo_term *o = stmt->o;
    struct mo_place_found found;
    struct mo_term *place;
    struct mo_buf out;

    if (o->kind == MO_BLANK || (o->kind == MO_IRI && (o->first || !is_name(o->text))))
        return;
    mo_buf_init(&out, MAX_GEOMETRY);
    place = mo_clean_node(c, stmt, mo_vocab_number(c->vocab, MO_DCT "Location"));
    if (place && mo_place_mend(o->text, &out, &found) == MO_CERTAIN)
        mo_clean_tell(c, place, property_for(c, &found),
            geometry_literal(c, mo_buf_view(&out), found.notation));
    else if (place)
        mo_clean_tell(c, place, mo_clean_known(c, MO_K_RDFS_LABEL),
            mo_clean_literal(c, mo_str_trim(o->text), NULL, o->lang));
    mo_clean_value(c, rule, stmt, place);
    mo_buf_done(&out);
}

static bool
is_gml(struct mo_str text)
{
    return mo_str_starts(mo_str_trim(text), mo_str("<gml:"));
}

/* Text, WKT or GeoJSON; others, such as GML, are not ours to read. */
static bool
is_geometry(const struct mo_term *o)
{
    if (o->kind != MO_LITERAL || is_gml(o->text))
        return false;
    switch (o->datatype ? o->datatype->known : MO_K_GEO_WKT) {
    case MO_K_GEO_WKT:
    case MO_K_GEO_WKT_OLD:
    case MO_K_GEO_GEOJSON:
    case MO_K_IANA_GEOJSON:
    case MO_K_IANA_GEOJSON_HTTP: return true;
    default: return false;
    }
}

/* A text that is GML says so by its datatype. */
static void
type_gml(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    struct mo_term *datatype =
        mo_clean_iri(c, mo_str("http://www.opengis.net/ont/geosparql#gmlLiteral"));

    if (datatype)
        mo_clean_value(
            c, rule, stmt, mo_clean_literal(c, stmt->o->text, datatype, mo_str("")));
}

/* What is found of the geometry; what it is mended to is in c->geometry.text. */
static const struct mo_geometry *
look_at(struct mo_cleaner *c, const struct mo_term *o)
{
    struct mo_geometry *g = &c->geometry;

    if (g->term != o) {
        mo_buf_clear(&g->text);
        g->verdict = mo_place_mend(o->text, &g->text, &g->found);
        g->term = o;
    }
    return g;
}

void
mo_rule_geometry(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    const struct mo_geometry *g;

    if (stmt->o->kind == MO_LITERAL && is_gml(stmt->o->text))
        type_gml(c, rule, stmt);
    if (!is_geometry(stmt->o))
        return;
    g = look_at(c, stmt->o);
    if (g->verdict == MO_CERTAIN && !g->text.failed)
        mo_clean_value(
            c, rule, stmt, geometry_literal(c, mo_buf_view(&g->text), g->found.notation));
}

/* A point where a box is due is the centre of the place, the argument. */
void
mo_rule_point(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    const struct mo_geometry *g;

    if (!is_geometry(stmt->o))
        return;
    g = look_at(c, stmt->o);
    if (g->verdict != MO_CERTAIN || g->found.shape != MO_SHAPE_POINT)
        return;
    if (mo_clean_first(stmt->s, rule->number))
        mo_clean_heed(c);
    else
        mo_clean_property(c, rule, stmt, mo_clean_iri(c, rule->iri));
}

void
mo_rule_doubtful_geometry(
    struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    if (is_geometry(stmt->o) && look_at(c, stmt->o)->verdict == MO_DOUBTFUL)
        mo_clean_say(c, rule, stmt->p, stmt->o, NULL);
}

void
mo_rule_no_geometry(
    struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    if (is_geometry(stmt->o) && look_at(c, stmt->o)->verdict == MO_NO)
        mo_clean_drop(c, rule, stmt);
}
