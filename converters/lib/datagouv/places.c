#include "datagouv/datagouv.h"

#include <stdio.h>
#include <stdlib.h>

#include <moisson/text.h>

#include "base/ctype.h"

/* ---- The area ---- */

static bool
notation_of(const struct mo_term *literal, enum mo_notation *notation)
{
    switch (literal->datatype ? literal->datatype->known : 0) {
    case MO_K_GEO_WKT:
    case MO_K_GEO_WKT_OLD: *notation = MO_WKT; return true;
    case MO_K_GEO_GEOJSON:
    case MO_K_IANA_GEOJSON:
    case MO_K_IANA_GEOJSON_HTTP: *notation = MO_GEOJSON; return true;
    default: return false;
    }
}

/*
 * The geometries of a place: any property of it, in a notation that is understood. True
 * when there is one.
 */
static bool
add_place(struct datagouv *w, struct mo_term *place, const struct field *field,
    struct mo_buf *polygons)
{
    struct mo_str bad = mo_str("");
    size_t before = polygons->n;

    for (struct mo_stmt *s = mo_said(place); s; s = s->next) {
        enum mo_notation notation;

        if (s->o->kind != MO_LITERAL || !notation_of(s->o, &notation))
            continue;
        if (mo_polygons(s->o->text, notation, polygons))
            s->used = true;
        else
            bad = s->o->text;
    }
    if (bad.n && polygons->n == before)
        mo_tell(w, MO_DIAG_GEOMETRY, bad, field);
    return polygons->n > before;
}

/* The zones of data.gouv.fr that the places are. True when there is one. */
static bool
put_zones(struct mo_term *node, uint16_t property, struct mo_buf *out)
{
    const char *before = "[";

    for (struct mo_stmt *s = node->first; s; s = s->next)
        for (struct mo_stmt *zone =
                 s->p->known == property && mo_is_node(s->o) ? mo_said(s->o) : NULL;
             zone; zone = zone->next) {
            if (zone->p->known != MO_K_SKOS_NOTATION || !zone->o->datatype ||
                zone->o->datatype->known != MO_K_GOUV_ZONES)
                continue;
            s->used = zone->used = true;
            mo_buf_c(out, before);
            mo_json_string(out, zone->o->text);
            before = ",";
        }
    mo_buf_c(out, before[0] == ',' ? "]" : "[]");
    return before[0] == ',';
}

bool
mo_field_area(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    const struct mo_term *granularity = mo_first(node, MO_K_GOUV_GRANULARITY);
    struct mo_buf polygons, zones;
    bool any;

    mo_buf_init(&polygons, 64 << 20);
    for (struct mo_stmt *s = node->first; s; s = s->next) {
        if (s->p->known != field->sources[0])
            continue;
        if (s->o->kind == MO_LITERAL)
            s->used = mo_polygons(s->o->text, MO_BBOX, &polygons);
        else
            s->used = add_place(w, s->o, field, &polygons);
    }
    mo_buf_init(&zones, 1 << 20);
    any = put_zones(node, field->sources[0], &zones) || polygons.n > 0 || granularity;
    out->failed = out->failed || polygons.failed || zones.failed;
    if (any) {
        mo_buf_c(out, "{\"geom\":");
        mo_buf_c(
            out, polygons.n ? "{\"type\":\"MultiPolygon\",\"coordinates\":[" : "null");
        mo_buf_str(out, mo_buf_view(&polygons));
        mo_buf_c(out, polygons.n ? "]},\"zones\":" : ",\"zones\":");
        mo_buf_str(out, mo_buf_view(&zones));
        mo_buf_c(out, ",\"granularity\":");
        mo_json_string(out, granularity ? granularity->text : mo_str("other"));
        mo_buf_byte(out, '}');
    }
    mo_buf_done(&zones);
    mo_buf_done(&polygons);
    return any;
}

/* ---- Spatial resolution ---- */

/* A decimal number, whatever the locale; 0 for anything else. */
static double
value_of(const struct mo_term *literal)
{
    struct mo_str text = mo_str("");
    double value = 0, unit = 0;

    if (literal && literal->kind == MO_LITERAL)
        text = mo_str_trim(literal->text);
    for (size_t i = 0; i < text.n; ++i) {
        if (text.p[i] == '.' && unit == 0) {
            unit = 1;
        } else if (mo_is_digit(text.p[i])) {
            value = 10 * value + (text.p[i] - '0');
            unit *= 10;
        } else {
            return 0;
        }
    }
    return unit > 0 ? value / unit : value;
}

/* The coarsest dcat:spatialResolutionInMeters, as it is written. */
static bool
in_metres(struct mo_term *node, struct mo_buf *text)
{
    const struct mo_term *best = NULL;

    for (struct mo_stmt *s = node->first; s; s = s->next)
        if (s->p->known == MO_K_DCAT_METRES && value_of(s->o) > 0) {
            s->used = true;
            if (!best || value_of(s->o) > value_of(best))
                best = s->o;
        }
    if (best) {
        mo_buf_str(text, mo_str_trim(best->text));
        mo_buf_c(text, " m");
    }
    return best != NULL;
}

static const struct unit {
    const char *iri, *symbol;
    double metres;
} units[] = {
    {"http://www.qudt.org/vocab/unit/FT", "ft", 0.3048},
    {"http://www.qudt.org/vocab/unit/M", "m", 1},
    {"http://www.qudt.org/vocab/unit/KiloM", "km", 1000},
};

/* The coarsest measured distance, in its own unit. */
static bool
as_distance(struct mo_term *node, struct mo_buf *text)
{
    double coarsest = 0;

    for (struct mo_stmt *s = node->first; s; s = s->next) {
        const struct mo_term *metric, *unit, *value;

        if (s->p->known != MO_K_DQV_MEASUREMENT || !mo_is_node(s->o))
            continue;
        metric = mo_first(s->o, MO_K_DQV_METRIC);
        unit = mo_first(s->o, MO_K_SDMX_UNIT);
        value = mo_first(s->o, MO_K_DQV_VALUE);
        if (!metric || metric->known != MO_K_GEODCAT_DISTANCE || !unit)
            continue;
        for (size_t i = 0; i < sizeof units / sizeof units[0]; ++i) {
            double metres = value_of(value) * units[i].metres;

            if (!mo_str_is(unit->text, units[i].iri) || metres <= coarsest)
                continue;
            coarsest = metres;
            s->used = true;
            mo_buf_clear(text);
            mo_buf_str(text, mo_str_trim(value->text));
            mo_buf_printf(text, " %s", units[i].symbol);
        }
    }
    return coarsest > 0;
}

/*
 * A fraction whose denominator is at most `limit`, as near to `x` as there is, by
 * continued fractions.
 */
static void
nearest_fraction(double x, double limit, double *numerator, double *denominator)
{
    double p0 = 0, q0 = 1, p1 = 1, q1 = 0, rest = x;

    for (int i = 0; i < 64; ++i) {
        double whole = (double)(long long)rest, p2 = whole * p1 + p0,
               q2 = whole * q1 + q0;

        if (q2 > limit)
            break;
        p0 = p1;
        q0 = q1;
        p1 = p2;
        q1 = q2;
        if (rest - whole < 1e-9)
            break;
        rest = 1 / (rest - whole);
    }
    *numerator = p1;
    *denominator = q1;
}

/* The smallest scale, as a fraction: 1/25000. */
static bool
as_scale(struct mo_term *node, struct mo_buf *text)
{
    double smallest = 0, n, d;

    for (struct mo_stmt *s = node->first; s; s = s->next) {
        const struct mo_term *metric, *value;

        if (s->p->known != MO_K_DQV_MEASUREMENT || !mo_is_node(s->o))
            continue;
        metric = mo_first(s->o, MO_K_DQV_METRIC);
        value = mo_first(s->o, MO_K_DQV_VALUE);
        if (!metric || metric->known != MO_K_GEODCAT_SCALE || value_of(value) <= 0)
            continue;
        s->used = true;
        if (smallest == 0 || value_of(value) < smallest)
            smallest = value_of(value);
    }
    if (smallest <= 0 || smallest > 1e15)
        return false;
    nearest_fraction(smallest, 1e8, &n, &d);
    mo_buf_printf(text, "%.0f", n);
    if (d != 1)
        mo_buf_printf(text, "/%.0f", d);
    return true;
}

bool
mo_field_resolution(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    bool any;

    (void)field;
    mo_buf_clear(&w->scratch);
    any = in_metres(node, &w->scratch) || as_distance(node, &w->scratch) ||
          as_scale(node, &w->scratch);
    if (any)
        mo_json_string(out, mo_buf_view(&w->scratch));
    out->failed = out->failed || w->scratch.failed;
    return any;
}
