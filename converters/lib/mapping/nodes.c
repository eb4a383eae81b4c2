#include <moisson/iri.h>

#include "base/scan.h"
#include "mapping/mapping.h"

enum { MAX_LEVEL = 64 };

/* ---- Objects in objects ---- */

/*
 * A node for the members in `view`: the IRI in "uri" or "@id"; else, where the rule says what
 * stands before its name on the platform, the address there; else a blank one.
 */
static struct mo_term *
node_of(struct map *m, const struct map_rule *rule, struct map_view *view)
{
    const struct map_object *object = view->object;
    const size_t members[] = {object->uri, object->id};
    const struct mo_json *name =
        object->called < MAX_MAP_NAMES ? view->value[object->called] : NULL;

    for (size_t i = 0; i < 2; ++i) {
        const struct mo_json *uri =
            members[i] < MAX_MAP_NAMES ? view->value[members[i]] : NULL;

        if (uri && mo_map_is_address(mo_json_text(uri)))
            return mo_map_iri(m, mo_json_text(uri));
    }
    return name && rule->argument.n && rule->argument.p[0] == '/'
               ? mo_map_permalink(m, rule->argument.p, mo_json_text(name))
               : mo_input_blank(&m->in);
}

static void
say_node(struct map *m, struct mo_term *node, const struct map_rule *rule,
    struct map_view *view)
{
    struct mo_term *part = node_of(m, rule, view);

    mo_map_type(m, part, rule->class);
    mo_map_theme(m, node, rule, part);
    ++m->level;
    mo_map_walk(m, part, view);
    --m->level;
    if (part && !m->in.rejected && part->kind == MO_IRI)
        mo_graph_close(m->in.graph, part);
}

static bool
kind_nodes(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *value)
{
    struct map_view view;

    if (mo_json_kind(value) != MO_JSON_OBJECT || m->level > MAX_LEVEL)
        return false;
    mo_map_view(&view, rule->part);
    mo_map_members(m, &view, "", value);
    say_node(m, node, rule, &view);
    return true;
}

/* The members whose names begin with the argument, as an object. */
static void
kind_flat(struct map *m, struct mo_term *node, const struct map_rule *rule,
    struct map_view *view)
{
    struct map_view part;
    bool any = false;

    for (size_t i = 0; i < rule->n_flat && !any; ++i)
        any = view->value[rule->flat[i]] && !view->used[rule->flat[i]];
    if (!any)
        return;
    mo_map_view(&part, rule->part);
    for (size_t i = 0; i < rule->n_flat; ++i) {
        size_t at = rule->flat[i];

        part.value[i] = view->value[at];
        view->used[at] = view->used[at] || view->value[at];
    }
    say_node(m, node, rule, &part);
}

/* ---- Periods ---- */

static struct mo_term *
say_period(struct map *m, struct mo_term *node, struct mo_str property,
    const struct mo_period *both)
{
    struct mo_term *period = mo_map_node(m, node, property, MO_DCT "PeriodOfTime");

    if (both->has_start)
        mo_map_add(
            m, period, mo_str(MO_DCAT "startDate"), mo_input_date(&m->in, &both->start));
    if (both->has_end)
        mo_map_add(
            m, period, mo_str(MO_DCAT "endDate"), mo_input_date(&m->in, &both->end));
    return period;
}

/* "2009-09-01/2010-05-31": bounds with the precision that they have. */
static bool
kind_interval(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *value)
{
    struct mo_str text = mo_str_trim(mo_json_text(value));
    size_t slash = mo_str_find(text, mo_str("/"), 0);
    struct mo_period both = {.has_start = false};

    if (slash < text.n) {
        both.has_start = mo_date_parse(mo_str_n(text.p, slash), &both.start);
        both.has_end = mo_date_parse(mo_str_from(text, slash + 1), &both.end);
        if (!both.has_start || !both.has_end)
            both.has_start = both.has_end = false;
    }
    if (!both.has_start && !both.has_end && !mo_period_parse(text, &both))
        return false;
    say_period(m, node, rule->property, &both);
    return true;
}

/* A text, or the first of a list of one. */
static struct mo_str
first_text(struct map *m, const struct mo_json *value)
{
    if (value)
        value = mo_map_decode(m, value);
    if (value && mo_json_kind(value) == MO_JSON_ARRAY)
        value = mo_json_first(value);
    return value ? mo_str_trim(mo_json_text(value)) : mo_str("");
}

/* A member for the start, another for the end: either may be missing. */
static void
kind_bounds(struct map *m, struct mo_term *node, const struct map_rule *rule,
    struct map_view *view)
{
    const struct map_names *names[2] = {&rule->fields, &rule->others};
    struct mo_period both = {.has_start = false};

    for (size_t i = 0; i < 2; ++i)
        for (size_t k = 0; k < names[i]->n; ++k) {
            size_t at = names[i]->at[k];
            struct mo_str text = first_text(m, view->value[at]);
            bool *has = i ? &both.has_end : &both.has_start;

            if (*has || view->used[at] || text.n == 0)
                continue;
            *has = view->used[at] = mo_date_parse(text, i ? &both.end : &both.start);
            view->odd[at] = !*has;
        }
    if (both.has_start || both.has_end)
        say_period(m, node, rule->property, &both);
}

/* ---- Places ---- */

#define GEOJSON "http://www.opengis.net/ont/geosparql#geoJSONLiteral"
#define WKT "http://www.opengis.net/ont/geosparql#wktLiteral"

/* By its type (RFC 7946, 1.4). */
static bool
is_geojson(const struct mo_json *value)
{
    static const char *const types[] = {"Point", "MultiPoint", "LineString",
        "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection", "Feature",
        "FeatureCollection"};
    struct mo_str type = mo_json_member_text(value, "type");

    for (size_t i = 0; i < sizeof types / sizeof types[0]; ++i)
        if (mo_str_is(type, types[i]))
            return true;
    return false;
}

static void
say_geojson(struct map *m, struct mo_term *node, struct mo_str property,
    const struct mo_json *value)
{
    mo_buf_clear(&m->scratch);
    mo_json_put(&m->scratch, value);
    mo_map_add(m, node, property, mo_map_literal(m, mo_buf_view(&m->scratch), GEOJSON));
}

static bool
kind_geometry(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *value)
{
    if (!is_geojson(value))
        return false;
    say_geojson(m, node, rule->property, value);
    return true;
}

/* "2.2,48.8,2.5,48.9", west, south, east, north: as the polygon around it. */
static bool
say_box(struct map *m, struct mo_term *place, const struct mo_str *box)
{
    static const unsigned char corners[][2] = {{0, 1}, {2, 1}, {2, 3}, {0, 3}, {0, 1}};

    mo_buf_clear(&m->scratch);
    mo_buf_c(&m->scratch, "POLYGON((");
    for (size_t i = 0; i < 5; ++i) {
        mo_buf_c(&m->scratch, i ? "," : "");
        mo_buf_str(&m->scratch, box[corners[i][0]]);
        mo_buf_byte(&m->scratch, ' ');
        mo_buf_str(&m->scratch, box[corners[i][1]]);
    }
    mo_buf_c(&m->scratch, "))");
    mo_map_add(m, place, mo_str(MO_DCAT "bbox"),
        mo_map_literal(m, mo_buf_view(&m->scratch), WKT));
    return true;
}

static bool
is_coordinate(struct mo_str text)
{
    size_t digits = 0;

    for (size_t i = 0; i < text.n; ++i)
        if (mo_is_digit(text.p[i]))
            ++digits;
        else if (text.p[i] != '.' && !(i == 0 && (text.p[i] == '-' || text.p[i] == '+')))
            return false;
    return digits > 0 && text.n < 40;
}

static bool
parse_box(struct mo_str text, struct mo_str box[4])
{
    for (size_t i = 0; i < 4; ++i) {
        size_t n = mo_str_find(text, mo_str(","), 0);

        if ((n == text.n) != (i == 3))
            return false;
        box[i] = mo_str_trim(mo_str_n(text.p, n));
        if (!is_coordinate(box[i]))
            return false;
        text = mo_str_from(text, n + 1);
    }
    return true;
}

/* ArcGIS's {"type": "envelope", "coordinates": [[west, north], [east, south]]}. */
static bool
parse_envelope(const struct mo_json *value, struct mo_str box[4])
{
    static const unsigned char places[] = {0, 3, 2, 1};
    const struct mo_json *corner = mo_json_first(mo_json_member(value, "coordinates"));
    size_t n = 0;

    if (!mo_str_is(mo_json_member_text(value, "type"), "envelope"))
        return false;
    for (; corner; corner = mo_json_next(corner))
        for (const struct mo_json *c = mo_json_first(corner); c; c = mo_json_next(c)) {
            if (n == 4 || !is_coordinate(mo_json_text(c)))
                return false;
            box[places[n++]] = mo_json_text(c);
        }
    return n == 4;
}

/* GeoJSON, a bounding box, WKT, an IRI, or a name. */
static bool
kind_place(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *value)
{
    struct mo_str text = mo_str_trim(mo_json_text(value)), box[4];
    bool boxed = parse_envelope(value, box) || parse_box(text, box);
    struct mo_term *place;

    if (mo_map_is_address(text)) {
        mo_map_say(m, node, rule, mo_map_iri(m, text));
        return true;
    }
    if (!is_geojson(value) && !boxed && text.n == 0)
        return false;
    place = mo_map_node(m, node, rule->property, MO_DCT "Location");
    if (is_geojson(value))
        say_geojson(m, place, mo_str(MO_LOCN "geometry"), value);
    else if (boxed)
        say_box(m, place, box);
    else if (mo_str_ends(text, mo_str(")")) &&
             (mo_str_starts(text, mo_str("POLYGON")) ||
                 mo_str_starts(text, mo_str("MULTIPOLYGON")) ||
                 mo_str_starts(text, mo_str("POINT"))))
        mo_map_add(m, place, mo_str(MO_LOCN "geometry"), mo_map_literal(m, text, WKT));
    else
        mo_map_add(m, place, mo_str(MO_SKOS "prefLabel"), mo_map_literal(m, text, NULL));
    return true;
}

/* A coordinate without sign and digits that say nothing; and whether it is below 0. */
static struct mo_str
plain_number(struct mo_str text, bool *below)
{
    bool point = mo_str_find(text, mo_str("."), 0) < text.n;

    *below = text.p[0] == '-';
    text = mo_str_from(text, text.p[0] == '-' || text.p[0] == '+');
    while (text.n > 0 && text.p[0] == '0')
        text = mo_str_from(text, 1);
    while (point && text.n > 0 && text.p[text.n - 1] == '0')
        --text.n;
    if (point && text.n > 0 && text.p[text.n - 1] == '.')
        --text.n;
    *below = *below && text.n > 0;
    return text;
}

static bool
is_same_number(struct mo_str a, struct mo_str b)
{
    bool below_a, below_b;

    return mo_str_eq(plain_number(a, &below_a), plain_number(b, &below_b)) &&
           below_a == below_b;
}

/* The positions of the only ring of a polygon, if they are as many as those of a box. */
static bool
parse_ring(const struct mo_json *value, struct mo_str at[5][2])
{
    const struct mo_json *ring = mo_json_first(mo_json_member(value, "coordinates"));
    size_t n = 0;

    if (!mo_str_is(mo_json_member_text(value, "type"), "Polygon") || !ring ||
        mo_json_next(ring))
        return false;
    for (const struct mo_json *p = mo_json_first(ring); p; p = mo_json_next(p), ++n) {
        const struct mo_json *x = mo_json_first(p), *y = x ? mo_json_next(x) : NULL;

        if (n == 5 || !y || !is_coordinate(mo_json_text(x)) ||
            !is_coordinate(mo_json_text(y)))
            return false;
        at[n][0] = mo_json_text(x);
        at[n][1] = mo_json_text(y);
    }
    return n == 5;
}

/* Two opposite corners of a polygon that is a box, from any corner on and either way round. */
static bool
parse_rectangle(const struct mo_json *value, struct mo_str box[4])
{
    struct mo_str at[5][2];
    size_t first;

    if (!parse_ring(value, at))
        return false;
    first = !is_same_number(at[0][0], at[1][0]); /* the coordinate that stays */
    for (size_t i = 0; i < 4; ++i) {
        if (!is_same_number(at[i][(first + i) % 2], at[i + 1][(first + i) % 2]))
            return false;
        box[i] = at[i < 2 ? 0 : 2][i % 2];
    }
    return is_same_number(at[4][0], at[0][0]) && is_same_number(at[4][1], at[0][1]);
}

/* Whether they have the same sides, whichever corner comes first. */
static bool
is_same_box(const struct mo_str *a, const struct mo_str *b)
{
    for (size_t i = 0; i < 2; ++i)
        if (!(is_same_number(a[i], b[i]) && is_same_number(a[i + 2], b[i + 2])) &&
            !(is_same_number(a[i], b[i + 2]) && is_same_number(a[i + 2], b[i])))
            return false;
    return true;
}

/* Whether the member was said as a place, and that is this box. */
static bool
is_place(struct map *m, const struct map_view *view, size_t at, const struct mo_str *box)
{
    const struct mo_json *value = view->used[at] ? view->value[at] : NULL;
    struct mo_str theirs[4];

    value = value ? mo_map_decode(m, value) : NULL;
    return value &&
           (parse_envelope(value, theirs) || parse_rectangle(value, theirs) ||
               parse_box(mo_str_trim(mo_json_text(value)), theirs)) &&
           is_same_box(theirs, box);
}

/* Whether a place with the property of the rule is this box. */
static bool
is_said(struct map *m, const struct map_rule *rule, const struct map_view *view,
    const struct mo_str *box)
{
    for (size_t r = 0; r < view->object->n_rules; ++r) {
        const struct map_rule *other = view->object->rules[r];

        if (other->kind->value == kind_place &&
            mo_str_eq(other->property, rule->property))
            for (size_t i = 0; i < other->fields.n; ++i)
                if (is_place(m, view, other->fields.at[i], box))
                    return true;
    }
    return false;
}

/* {"west": …, "south": …, "east": …, "north": …} of members, in that order in the fields. */
static void
kind_box(struct map *m, struct mo_term *node, const struct map_rule *rule,
    struct map_view *view)
{
    struct mo_str box[4];

    if (rule->fields.n != 4)
        return;
    for (size_t i = 0; i < 4; ++i) {
        box[i] = first_text(m, view->value[rule->fields.at[i]]);
        if (!is_coordinate(box[i]) || view->used[rule->fields.at[i]])
            return;
    }
    for (size_t i = 0; i < 4; ++i)
        view->used[rule->fields.at[i]] = true;
    if (rule->argument.n) /* the node is the place */
        say_box(m, node, box);
    else if (!is_said(m, rule, view, box))
        say_box(m, mo_map_node(m, node, rule->property, MO_DCT "Location"), box);
}

/* ---- Sums ---- */

/* What SPDX calls the algorithm: said, before a ":", or by the length of the sum. */
static const char *
algorithm_of(struct mo_str said, size_t digits)
{
    static const struct {
        const char *name, *other;
        size_t digits;
    } known[] = {{"md5", "md-5", 32}, {"sha1", "sha-1", 40}, {"sha256", "sha-256", 64},
        {"sha384", "sha-384", 96}, {"sha512", "sha-512", 128}};
    struct mo_str head = mo_str(MO_SPDX "checksumAlgorithm_");

    if (mo_str_starts(said, head))
        said = mo_str_from(said, head.n);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; ++i)
        if (digits == known[i].digits &&
            (said.n == 0 || mo_str_eq_nocase(said, mo_str(known[i].name)) ||
                mo_str_eq_nocase(said, mo_str(known[i].other))))
            return known[i].name;
    return NULL;
}

static void
kind_checksum(struct map *m, struct mo_term *node, const struct map_rule *rule,
    struct map_view *view)
{
    size_t hash = rule->fields.at[0], how = rule->others.n ? rule->others.at[0] : 0;
    struct mo_str sum = first_text(m, view->value[hash]);
    struct mo_str said = rule->others.n ? first_text(m, view->value[how]) : mo_str("");
    size_t colon = mo_str_find(sum, mo_str(":"), 0);
    const char *algorithm;
    struct mo_term *o;

    if (sum.n == 0)
        return;
    if (colon < sum.n && said.n == 0) {
        said = mo_str_n(sum.p, colon);
        sum = mo_str_from(sum, colon + 1);
    }
    algorithm = mo_scan_is_hex(sum) ? algorithm_of(said, sum.n) : NULL;
    if (!algorithm)
        return;
    o = mo_map_node(m, node, rule->property, MO_SPDX "Checksum");
    mo_map_add(m, o, mo_str(MO_SPDX "algorithm"),
        mo_map_joined(m, MO_SPDX "checksumAlgorithm_", mo_str(algorithm)));
    mo_map_add(m, o, mo_str(MO_SPDX "checksumValue"),
        mo_map_literal(m, sum, MO_XSD "hexBinary"));
    view->used[hash] = true;
    if (rule->others.n)
        view->used[how] = true;
}

/* ---- Licences of datasets and their resources ---- */

static size_t
licence_texts(const struct map_view *view, const struct map_names *names,
    const struct mo_json **texts)
{
    for (size_t i = 0; i < names->n; ++i)
        texts[i] = view->value[names->at[i]];
    return names->n;
}

static void
use_said(struct map_view *view, const struct map_names *names, const bool *said)
{
    for (size_t i = 0; i < names->n; ++i)
        view->used[names->at[i]] = said[i];
}

/*
 * In DCAT-AP distributions have licences. What the dataset says of its own went to those that
 * say none; to the dataset where it has none of them, the argument names the member.
 */
static void
kind_licence(struct map *m, struct mo_term *node, const struct map_rule *rule,
    struct map_view *view)
{
    const struct mo_json *texts[MAX_MAP_FIELDS];
    size_t n = licence_texts(view, &rule->fields, texts);
    bool said[MAX_MAP_FIELDS] = {false}, parts = false;
    struct mo_term *known;

    for (size_t i = 0; i < rule->others.n; ++i)
        parts = parts || view->value[rule->others.at[i]];
    if (parts) {
        mo_map_licence_same(m, texts, n, NULL, m->licence_said);
        use_said(view, &rule->fields, m->licence_said);
    } else {
        mo_map_licence(m, node, rule, texts, n, said, &known);
        use_said(view, &rule->fields, said);
    }
}

/* The rule of the dataset for its licence. */
static const struct map_rule *
licence_rule(const struct map_object *object)
{
    for (size_t i = 0; i < object->n_rules; ++i)
        if (object->rules[i]->kind->view == kind_licence)
            return object->rules[i];
    return NULL;
}

/* A resource without licence has that of its dataset. */
static void
say_their_licence(struct map *m, struct mo_term *node, const struct map_rule *rule)
{
    const struct map_rule *theirs = m->dataset ? licence_rule(m->dataset->object) : NULL;
    const struct mo_json *texts[MAX_MAP_FIELDS];

    if (theirs && m->licence)
        mo_map_say(m, node, rule, m->licence);
    else if (theirs)
        mo_map_licence(m, node, rule, texts,
            licence_texts(m->dataset, &theirs->fields, texts), m->licence_said,
            &m->licence);
}

static void
kind_own_licence(struct map *m, struct mo_term *node, const struct map_rule *rule,
    struct map_view *view)
{
    const struct map_rule *theirs = m->dataset ? licence_rule(m->dataset->object) : NULL;
    const struct mo_json *texts[MAX_MAP_FIELDS];
    size_t n = licence_texts(view, &rule->fields, texts);
    bool said[MAX_MAP_FIELDS] = {false};
    struct mo_term *known;

    if (!mo_map_licence(m, node, rule, texts, n, said, &known))
        say_their_licence(m, node, rule);
    else if (theirs && known)
        mo_map_licence_same(m, texts, licence_texts(m->dataset, &theirs->fields, texts),
            known, m->licence_said);
    use_said(view, &rule->fields, said);
}

/* ---- Addresses ---- */

/* The first address among the members, whatever else they said, where none was said. */
static void
kind_fallback(struct map *m, struct mo_term *node, const struct map_rule *rule,
    struct map_view *view)
{
    for (size_t i = 0; i < rule->fields.n && !mo_map_says(m, node, rule); ++i) {
        struct mo_str text = first_text(m, view->value[rule->fields.at[i]]);

        if (mo_map_is_address(text)) {
            mo_map_say(m, node, rule, mo_map_iri(m, text));
            view->used[rule->fields.at[i]] = true;
        }
    }
}

/* The address downloads the file where the argument's member says that it was put there. */
static void
kind_upload(struct map *m, struct mo_term *node, const struct map_rule *rule,
    struct map_view *view)
{
    size_t how = rule->others.n ? rule->others.at[0] : 0;

    if (rule->others.n == 0 || !mo_str_is(first_text(m, view->value[how]), "upload"))
        return;
    view->used[how] = true;
    kind_fallback(m, node, rule, view);
}

/* ---- Nothing ---- */

/* Members that say nothing: by themselves, or while they have the value in the argument. */
static void
kind_ignore(struct map *m, struct mo_term *node, const struct map_rule *rule,
    struct map_view *view)
{
    (void)node;
    for (size_t i = 0; i < rule->fields.n; ++i) {
        size_t at = rule->fields.at[i];

        if (!view->value[at] || view->used[at])
            continue;
        mo_buf_clear(&m->scratch);
        if (rule->argument.n)
            mo_json_put(&m->scratch, view->value[at]);
        view->used[at] = mo_str_eq(mo_buf_view(&m->scratch), rule->argument);
    }
}

/* ---- By name ---- */

const struct map_kind *
mo_map_node_kind(const char *name)
{
    static const struct map_kind kinds[] = {
        {"bounds", NULL, kind_bounds, false, false},
        {"box", NULL, kind_box, false, false},
        {"checksum", NULL, kind_checksum, false, false},
        {"fallback", NULL, kind_fallback, false, false},
        {"flat", NULL, kind_flat, false, false},
        {"geometry", kind_geometry, NULL, true, false},
        {"ignore", NULL, kind_ignore, false, false},
        {"interval", kind_interval, NULL, false, false},
        {"licence", NULL, kind_licence, false, false},
        {"nodes", kind_nodes, NULL, true, false},
        {"own_licence", NULL, kind_own_licence, false, false},
        {"place", kind_place, NULL, true, false},
        {"upload", NULL, kind_upload, false, false},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i)
        if (strcmp(name, kinds[i].name) == 0)
            return &kinds[i];
    return NULL;
}
