#include "base/json.h"
#include "base/scan.h"
#include "dcat/mend.h"
#include "dcat/values_impl.h"

enum { MAX_DEPTH = 32, MAX_POINTS = 1000000, MAX_TUPLE = 6, MAX_GEOMETRY = 64 << 20 };

/* A geometry while it is read. */
struct place {
    struct mo_buf *out;
    double west, south, east, north; /* of all points */
    size_t points;
    bool swap;        /* write the second number first */
    bool north_first; /* it is in a system whose first axis goes north */
    bool wrong;       /* in its grammar */
    bool nan;
    bool box;
    bool unordered; /* its sides are not in the order that the notation has for them */
    bool changed;   /* what was written says it otherwise */
};

/* ---- Numbers ---- */

/* A decimal number, whatever the locale. False for anything else, such as NaN. */
static bool
decimal(struct mo_str s, double *value)
{
    double scale = 1, sign = 1;
    size_t i = 0, digits = 0;
    int exponent = 0, direction = 1;

    *value = 0;
    if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
        sign = s.p[i++] == '-' ? -1 : 1;
    for (; i < s.n && mo_is_digit(s.p[i]); ++i, ++digits)
        *value = 10 * *value + (s.p[i] - '0');
    if (i < s.n && s.p[i] == '.')
        for (++i; i < s.n && mo_is_digit(s.p[i]); ++i, ++digits)
            *value += (s.p[i] - '0') * (scale /= 10);
    if (digits && i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
        ++i;
        if (i < s.n && (s.p[i] == '-' || s.p[i] == '+'))
            direction = s.p[i++] == '-' ? -1 : 1;
        digits = i < s.n;
        for (; i < s.n && mo_is_digit(s.p[i]) && exponent < 400; ++i)
            exponent = 10 * exponent + (s.p[i] - '0');
    }
    for (; exponent > 0; --exponent)
        *value = direction < 0 ? *value / 10 : *value * 10;
    *value *= sign;
    return digits && i == s.n && *value > -1e300 && *value < 1e300;
}

/* A number as JSON and WKT both write it: no "+", digits before and behind the point. */
static void
put_number(struct place *p, struct mo_str s)
{
    struct mo_str before = s;
    size_t point;

    if (s.n && s.p[0] == '+')
        s = mo_str_from(s, 1);
    if (s.n && s.p[0] == '-') {
        mo_buf_byte(p->out, '-');
        s = mo_str_from(s, 1);
    }
    while (s.n > 1 && s.p[0] == '0' && mo_is_digit(s.p[1]))
        s = mo_str_from(s, 1);
    if (s.n && s.p[0] == '.')
        mo_buf_byte(p->out, '0');
    point = mo_str_find(s, mo_str("."), 0);
    mo_buf_add(p->out, s.p, point);
    s = mo_str_from(s, point);
    if (s.n > 1 && mo_is_digit(s.p[1])) {
        mo_buf_str(p->out, s);
    } else if (s.n) { /* "1." and "1.e5" */
        mo_buf_str(p->out, mo_str_from(s, 1));
    }
    p->changed = p->changed || before.n == 0 || before.p[0] == '+';
}

/* A position of two numbers or more: what it adds to the extent, and its text. */
static void
put_tuple(struct place *p, const struct mo_str *numbers, size_t n, char separator)
{
    double x, y, other;
    bool numeric = true;

    for (size_t i = 2; i < n; ++i)
        numeric = numeric && decimal(numbers[i], &other);
    if (n < 2 || !numeric || !decimal(numbers[0], &x) || !decimal(numbers[1], &y) ||
        ++p->points > MAX_POINTS) {
        p->wrong = true;
        return;
    }
    if (p->north_first != p->swap) {
        other = x;
        x = y;
        y = other;
    }
    if (p->points == 1) {
        p->west = p->east = x;
        p->south = p->north = y;
    }
    p->west = x < p->west ? x : p->west;
    p->east = x > p->east ? x : p->east;
    p->south = y < p->south ? y : p->south;
    p->north = y > p->north ? y : p->north;
    put_number(p, numbers[p->swap ? 1 : 0]);
    mo_buf_byte(p->out, separator);
    put_number(p, numbers[p->swap ? 0 : 1]);
    for (size_t i = 2; i < n; ++i) {
        mo_buf_byte(p->out, separator);
        put_number(p, numbers[i]);
    }
}

/* A list of positions while it is written, and whether it ends where it began. */
struct ring {
    size_t first, first_end, last; /* in the output */
    size_t points;
};

static void
ring_point(struct ring *ring, size_t from, size_t end)
{
    if (ring->points++ == 0) {
        ring->first = from;
        ring->first_end = end;
    }
    ring->last = from;
}

static void
close_ring(struct place *p, const struct ring *ring)
{
    struct mo_buf *out = p->out;
    size_t n = ring->first_end - ring->first;

    if (p->wrong || out->failed || ring->points < 3) {
        p->wrong = true;
        return;
    }
    if (mo_same_places(mo_str_n(out->p + ring->first, n),
            mo_str_from(mo_buf_view(out), ring->last))) {
        p->wrong = ring->points < 4;
        return;
    }
    mo_buf_byte(out, ',');
    if (mo_buf_reserve(out, n) == 0)
        mo_buf_add(out, out->p + ring->first, n);
    p->changed = true;
}

/* ---- WKT ---- */

/* A run of letters, or of what numbers are written with. */
static struct mo_str
word(struct mo_str *s)
{
    struct mo_str w;
    size_t n = 0;

    mo_scan_space(s);
    while (n < s->n && (mo_is_alpha(s->p[n]) || mo_is_digit(s->p[n]) ||
                           (s->p[n] && strchr("+-.", s->p[n]))))
        ++n;
    w = mo_str_n(s->p, n);
    *s = mo_str_from(*s, n);
    return w;
}

/* How deep the lists of positions of a kind of geometry stand; rings are closed. */
static const struct kind {
    const char *name, *json;
    int depth;
    bool rings;
    enum mo_shape shape;
} kinds[] = {{"POINT", "Point", 1, false, MO_SHAPE_POINT},
    {"POLYGON", "Polygon", 2, true, MO_SHAPE_AREA},
    {"MULTIPOLYGON", "MultiPolygon", 3, true, MO_SHAPE_AREA},
    {"LINESTRING", "LineString", 1, false, MO_SHAPE_OTHER},
    {"MULTILINESTRING", "MultiLineString", 2, false, MO_SHAPE_OTHER},
    {"MULTIPOINT", "MultiPoint", 1, false, MO_SHAPE_OTHER}};

static const struct kind *
kind_of(struct mo_str name, bool json)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i)
        if (mo_str_eq_nocase(name, mo_str(json ? kinds[i].json : kinds[i].name)))
            return &kinds[i];
    return NULL;
}

/* The kind that `*name` says, and behind it "Z", "M", "ZM" as EWKT writes them: POINTM. */
static const struct kind *
wkt_kind(struct mo_str *name, struct mo_str *dimensions)
{
    for (size_t n = 0; n <= 2 && n < name->n; ++n) {
        const struct kind *kind = kind_of(mo_str_n(name->p, name->n - n), false);

        if (!kind)
            continue;
        *dimensions = mo_str_n(name->p + name->n - n, n);
        name->n -= n;
        return kind;
    }
    return NULL;
}

/* "(x y,x y)": positions, each in brackets of its own perhaps (MULTIPOINT). */
static void
wkt_positions(struct place *p, struct mo_str *s, const struct kind *kind)
{
    struct ring ring = {.points = 0};

    do {
        struct mo_str numbers[MAX_TUPLE];
        bool bracket = mo_scan_eat(s, '(');
        size_t n = 0, from;

        if (ring.points)
            mo_buf_byte(p->out, ',');
        if (bracket)
            mo_buf_byte(p->out, '(');
        from = p->out->n;
        while (n < MAX_TUPLE && (numbers[n] = word(s)).n)
            ++n;
        put_tuple(p, numbers, n, ' ');
        ring_point(&ring, from, p->out->n);
        if (bracket && mo_scan_eat(s, ')'))
            mo_buf_byte(p->out, ')');
        else if (bracket)
            p->wrong = true;
    } while (!p->wrong && mo_scan_eat(s, ','));
    if (kind->rings && !p->wrong)
        close_ring(p, &ring);
}

static void
wkt_level(struct place *p, struct mo_str *s, const struct kind *kind, int depth)
{
    const char *before = "(";

    if (!mo_scan_eat(s, '(')) {
        p->wrong = true;
        return;
    }
    if (depth == kind->depth) {
        mo_buf_byte(p->out, '(');
        wkt_positions(p, s, kind);
    } else {
        do {
            mo_buf_c(p->out, before);
            wkt_level(p, s, kind, depth + 1);
            before = ",";
        } while (!p->wrong && mo_scan_eat(s, ','));
    }
    mo_buf_byte(p->out, ')');
    if (!mo_scan_eat(s, ')'))
        p->wrong = true;
}

static enum mo_shape
read_wkt(struct place *p, struct mo_str s)
{
    struct mo_str name = word(&s), dimensions = mo_str("");
    const struct kind *kind = wkt_kind(&name, &dimensions);

    mo_scan_space(&s);
    if (dimensions.n)
        p->changed = true;
    else if (kind && s.n && s.p[0] != '(')
        dimensions = word(&s);
    if (!kind || (dimensions.n && !mo_str_eq_nocase(dimensions, mo_str("Z")) &&
                     !mo_str_eq_nocase(dimensions, mo_str("M")) &&
                     !mo_str_eq_nocase(dimensions, mo_str("ZM"))))
        return MO_SHAPE_NONE;
    p->changed = p->changed || !mo_str_is(name, kind->name);
    mo_buf_c(p->out, kind->name);
    if (dimensions.n)
        mo_buf_byte(p->out, ' ');
    for (size_t i = 0; i < dimensions.n; ++i) {
        char upper = (char)(dimensions.p[i] & ~0x20);

        p->changed = p->changed || upper != dimensions.p[i];
        mo_buf_byte(p->out, upper);
    }
    wkt_level(p, &s, kind, 1);
    mo_scan_space(&s);
    return p->wrong || s.n ? MO_SHAPE_NONE : kind->shape;
}

/* A collection, or of curves or surfaces, which others read: as it stands. */
static bool
is_other_wkt(struct mo_str s)
{
    static const char *const names[] = {"GEOMETRYCOLLECTION", "CIRCULARSTRING",
        "COMPOUNDCURVE", "CURVEPOLYGON", "MULTICURVE", "MULTISURFACE",
        "POLYHEDRALSURFACE", "TIN", "TRIANGLE"};
    struct mo_str name = word(&s);

    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i)
        if (mo_str_eq_nocase(name, mo_str(names[i])))
            return mo_scan_eat(&s, '(') && mo_str_ends(mo_str_trim(s), mo_str(")"));
    return false;
}

/* ---- Boxes ---- */

static bool
exceeds(struct mo_str a, struct mo_str b)
{
    double x, y;

    return decimal(a, &x) && decimal(b, &y) && x > y;
}

/* A box as a polygon. Its sides are west, south, east, north. */
static enum mo_shape
put_box(struct place *p, const struct mo_str side[4])
{
    static const unsigned char corners[][2] = {{0, 1}, {2, 1}, {2, 3}, {0, 3}, {0, 1}};
    struct mo_str sides[4];

    memcpy(sides, side, sizeof sides);
    if (exceeds(side[1], side[3])) {
        sides[1] = side[3];
        sides[3] = side[1];
        p->unordered = p->unordered || exceeds(side[0], side[2]);
    }
    p->changed = p->box = true;
    mo_buf_c(p->out, "POLYGON((");
    for (size_t i = 0; i < 5 && !p->wrong; ++i) {
        struct mo_str corner[2] = {sides[corners[i][0]], sides[corners[i][1]]};

        if (i)
            mo_buf_byte(p->out, ',');
        put_tuple(p, corner, 2, ' ');
    }
    mo_buf_c(p->out, "))");
    return p->wrong ? MO_SHAPE_NONE : MO_SHAPE_AREA;
}

/* Four numbers, with commas, semicolons or spaces between them, in brackets or none. */
static enum mo_shape
read_bbox(struct place *p, struct mo_str s)
{
    struct mo_str side[4] = {{NULL, 0}};
    double value;
    size_t n = 0;

    mo_scan_eat(&s, '[');
    while (n < 4 && (side[n] = word(&s)).n && decimal(side[n], &value)) {
        ++n;
        if (!mo_scan_eat(&s, ','))
            mo_scan_eat(&s, ';');
    }
    mo_scan_eat(&s, ']');
    mo_scan_space(&s);
    if (s.n || n == 0)
        return MO_SHAPE_NONE;
    if (n == 2) /* which of them goes north is not said */
        return MO_SHAPE_POINT;
    return n == 4 ? put_box(p, side) : MO_SHAPE_NONE;
}

/* ENVELOPE(west,east,north,south) and BOX(west south,east north) of search engines. */
static enum mo_shape
read_named_box(struct place *p, struct mo_str s)
{
    static const struct {
        const char *name;
        unsigned char order[4]; /* of west, south, east, north */
    } boxes[] = {
        {"ENVELOPE", {0, 3, 1, 2}}, {"BOX", {0, 1, 2, 3}}, {"BOX2D", {0, 1, 2, 3}}};
    struct mo_str name = word(&s), side[4], sides[4];

    if (!mo_scan_eat(&s, '('))
        return MO_SHAPE_NONE;
    for (size_t i = 0; i < 4; ++i) {
        side[i] = word(&s);
        mo_scan_eat(&s, ',');
    }
    if (!mo_scan_eat(&s, ')'))
        return MO_SHAPE_NONE;
    mo_scan_space(&s);
    for (size_t i = 0; s.n == 0 && i < sizeof boxes / sizeof boxes[0]; ++i) {
        if (!mo_str_eq_nocase(name, mo_str(boxes[i].name)))
            continue;
        for (size_t k = 0; k < 4; ++k)
            sides[k] = side[boxes[i].order[k]];
        /* many write west, south, east, north there as well */
        p->unordered = boxes[i].order[1] == 3 && exceeds(sides[1], sides[3]);
        return put_box(p, sides);
    }
    return MO_SHAPE_NONE;
}

/* "westlimit=-5; southlimit=41; …" and "east=2; north=48" (DCMI Box and DCMI Point). */
static enum mo_shape
read_dcmi(struct place *p, struct mo_str s)
{
    static const char *const limits[] = {
        "westlimit", "southlimit", "eastlimit", "northlimit", "east", "north"};
    struct mo_str value[6] = {{NULL, 0}};

    while (s.n) {
        size_t end = mo_str_find(s, mo_str(";"), 0),
               equals = mo_str_find(s, mo_str("="), 0);
        struct mo_str key = mo_str_trim(mo_str_n(s.p, equals < end ? equals : end));

        for (size_t i = 0; i < 6 && equals < end; ++i)
            if (mo_str_eq_nocase(key, mo_str(limits[i])))
                value[i] = mo_str_trim(mo_str_n(s.p + equals + 1, end - equals - 1));
        if (mo_str_eq_nocase(key, mo_str("units")) ||
            mo_str_eq_nocase(key, mo_str("projection")))
            return MO_SHAPE_NONE;
        s = mo_str_from(s, end + 1);
    }
    if (value[0].n && value[1].n && value[2].n && value[3].n)
        return put_box(p, value);
    if (!value[4].n || !value[5].n)
        return MO_SHAPE_NONE;
    p->changed = true;
    mo_buf_c(p->out, "POINT(");
    put_tuple(p, value + 4, 2, ' ');
    mo_buf_byte(p->out, ')');
    return p->wrong ? MO_SHAPE_NONE : MO_SHAPE_POINT;
}

/* ---- GeoJSON ---- */

static void
json_position(struct place *p, const struct mo_json *at)
{
    struct mo_str numbers[MAX_TUPLE];
    size_t n = 0;

    for (const struct mo_json *v = mo_json_first(at); v && n < MAX_TUPLE;
         v = mo_json_next(v)) {
        p->wrong = p->wrong || mo_json_kind(v) != MO_JSON_NUMBER;
        numbers[n++] = mo_json_text(v);
    }
    mo_buf_byte(p->out, '[');
    if (!p->wrong)
        put_tuple(p, numbers, n, ',');
    mo_buf_byte(p->out, ']');
}

static void
json_level(
    struct place *p, const struct mo_json *list, const struct kind *kind, int depth)
{
    struct ring ring = {.points = 0};
    const char *before = "";

    if (mo_json_kind(list) != MO_JSON_ARRAY || !mo_json_first(list)) {
        p->wrong = true;
        return;
    }
    mo_buf_byte(p->out, '[');
    for (const struct mo_json *v = mo_json_first(list); v && !p->wrong;
         v = mo_json_next(v)) {
        size_t from;

        mo_buf_c(p->out, before);
        before = ",";
        from = p->out->n;
        if (depth < kind->depth) {
            json_level(p, v, kind, depth + 1);
        } else {
            json_position(p, v);
            ring_point(&ring, from, p->out->n);
        }
    }
    if (kind->rings && depth == kind->depth && !p->wrong)
        close_ring(p, &ring);
    mo_buf_byte(p->out, ']');
}

/* Elasticsearch's box: [[west,north],[east,south]]. */
static enum mo_shape
json_envelope(struct place *p, const struct mo_json *corners)
{
    const struct mo_json *a = corners ? mo_json_first(corners) : NULL;
    const struct mo_json *b = a ? mo_json_next(a) : NULL;
    const struct mo_json *west = a ? mo_json_first(a) : NULL,
                         *east = b ? mo_json_first(b) : NULL;
    const struct mo_json *north = west ? mo_json_next(west) : NULL,
                         *south = east ? mo_json_next(east) : NULL;

    if (!north || !south)
        return MO_SHAPE_NONE;
    return put_box(p, (const struct mo_str[]){mo_json_text(west), mo_json_text(south),
                          mo_json_text(east), mo_json_text(north)});
}

/* The geometry that a feature, or a collection of one, is about. */
static const struct mo_json *
json_geometry(struct place *p, const struct mo_json *json, int depth)
{
    const struct mo_json *inner = NULL, *features = mo_json_member(json, "features");

    if (depth > 3)
        return json;
    if (mo_str_eq_nocase(mo_json_member_text(json, "type"), mo_str("Feature")))
        inner = mo_json_member(json, "geometry");
    else if (features && mo_json_first(features) &&
             !mo_json_next(mo_json_first(features)))
        inner = mo_json_first(features);
    if (!inner || mo_json_kind(inner) != MO_JSON_OBJECT)
        return json;
    p->changed = true;
    return json_geometry(p, inner, depth + 1);
}

static enum mo_shape
read_geojson(struct place *p, struct mo_str text, enum mo_notation *notation)
{
    struct mo_json_error error;
    struct mo_json *json = mo_json_parse(text, MAX_DEPTH, &error);
    const struct mo_json *geometry, *at, *features;
    enum mo_shape shape = MO_SHAPE_NONE;
    const struct kind *kind;
    struct mo_str type;

    *notation = MO_GEOJSON;
    if (json && mo_json_kind(json) == MO_JSON_OBJECT) {
        geometry = json_geometry(p, json, 0);
        type = mo_json_member_text(geometry, "type");
        at = mo_json_member(geometry, "coordinates");
        features = mo_json_member(geometry, "features");
        kind = kind_of(type, true);
        if (mo_str_eq_nocase(type, mo_str("Envelope"))) {
            *notation = MO_WKT;
            shape = json_envelope(p, at);
        } else if (kind && at) {
            p->changed = p->changed || !mo_str_is(type, kind->json);
            mo_buf_printf(p->out, "{\"type\":\"%s\",\"coordinates\":", kind->json);
            if (kind->shape == MO_SHAPE_POINT)
                json_position(p, at);
            else
                json_level(p, at, kind, 1);
            mo_buf_byte(p->out, '}');
            shape = p->wrong ? MO_SHAPE_NONE : kind->shape;
        } else if (mo_str_eq_nocase(type, mo_str("GeometryCollection")) ||
                   (features && mo_json_first(features))) {
            mo_json_put(p->out, geometry);
            shape = MO_SHAPE_OTHER;
        }
    } else if (!json) {
        p->nan = mo_str_find(text, mo_str("NaN"), 0) < text.n ||
                 mo_str_find(text, mo_str("Infinity"), 0) < text.n;
    }
    mo_json_free(json);
    return shape;
}

/* ---- All of them ---- */

/* "SRID=4326;", which WKT does not have, goes. False: another system. */
static bool
read_srid(struct place *p, struct mo_str *s)
{
    size_t end = mo_str_find(*s, mo_str(";"), 0);
    struct mo_str number;

    if (s->n < 5 || !mo_str_eq_nocase(mo_str_n(s->p, 5), mo_str("SRID=")) || end == s->n)
        return true;
    number = mo_str_trim(mo_str_n(s->p + 5, end - 5));
    *s = mo_str_trim(mo_str_from(*s, end + 1));
    p->changed = true;
    return mo_str_is(number, "4326") || mo_str_is(number, "4258");
}

/* "<IRI> " before WKT (GeoSPARQL 1.1, 8.5.1) stays. False: not in degrees, or not known to be. */
static bool
read_system(struct place *p, struct mo_str *s)
{
    size_t end = mo_str_find(*s, mo_str(">"), 0);
    struct mo_str system, before = *s;

    if (end == s->n ||
        !(mo_str_starts(*s, mo_str("<http")) || mo_str_starts(*s, mo_str("<urn:"))))
        return true;
    if (!mo_wkt_system(s, &p->north_first))
        return false;
    system = mo_str_n(before.p, end + 1);
    mo_buf_str(p->out, system);
    mo_buf_byte(p->out, ' ');
    return true;
}

static enum mo_shape
read_any(struct place *p, struct mo_str s, enum mo_notation *notation)
{
    struct mo_str rest = s, name, dimensions;

    *notation = MO_WKT;
    if (s.n && s.p[0] == '{')
        return read_geojson(p, s, notation);
    if (s.n && (mo_is_digit(s.p[0]) || strchr("+-.[", s.p[0]))) {
        *notation = MO_BBOX;
        return read_bbox(p, s);
    }
    name = word(&rest);
    if (wkt_kind(&name, &dimensions))
        return read_wkt(p, s);
    if (is_other_wkt(s)) {
        mo_buf_str(p->out, mo_str_trim(s));
        return MO_SHAPE_OTHER;
    }
    if (mo_str_find(s, mo_str("="), 0) < s.n)
        return read_dcmi(p, s);
    return read_named_box(p, s);
}

static bool
within(const struct place *p, double west, double south, double east, double north)
{
    return p->west >= west && p->east <= east && p->south >= south && p->north <= north;
}

/*
 * What the extent says of the axes: beyond 90 degrees north there is nothing; and where
 * the mainland of France would lie with its axes swapped there are few datasets.
 */
static unsigned
judge(const struct place *p)
{
    if (within(p, 41, -6, 52, 10))
        return MO_PLACE_SWAPPED;
    if (within(p, -180, -90, 180, 90) || within(p, -180, -90, 360, 90))
        return 0;
    if (within(p, -90, -180, 90, 180))
        return MO_PLACE_SWAPPED | MO_PLACE_RANGE;
    return MO_PLACE_RANGE;
}

/* Read it, with its axes swapped if that is wanted. */
static enum mo_shape
read_place(struct place *p, struct mo_str text, bool swap, struct mo_place_found *found)
{
    struct mo_buf *out = p->out;
    struct mo_str s = mo_str_trim(text);

    memset(p, 0, sizeof *p);
    p->out = out;
    p->swap = swap;
    mo_buf_clear(out);
    found->shape = MO_SHAPE_NONE;
    found->notation = MO_WKT;
    found->box = false;
    found->faults = 0;
    if (!read_srid(p, &s)) {
        found->faults = MO_PLACE_SYSTEM;
        return MO_SHAPE_NONE;
    }
    if (!read_system(p, &s)) /* it says so, and that is its right */
        return found->shape = p->changed ? MO_SHAPE_NONE : MO_SHAPE_OTHER;
    found->shape = read_any(p, s, &found->notation);
    found->box = p->box;
    if (p->box)
        found->notation = MO_WKT;
    if (p->nan ||
        (found->shape == MO_SHAPE_NONE && mo_str_find(s, mo_str("NaN"), 0) < s.n))
        found->faults = MO_PLACE_NUMBER;
    return found->shape;
}

static enum mo_verdict
mend(struct place *p, struct mo_str text, struct mo_place_found *found)
{
    bool certain;

    if (read_place(p, text, false, found) == MO_SHAPE_NONE)
        return found->faults & MO_PLACE_SYSTEM ? MO_DOUBTFUL : MO_NO;
    if (p->points == 0) { /* a point without order, or a collection */
        found->faults = found->shape == MO_SHAPE_POINT ? MO_PLACE_SWAPPED : 0;
        return found->shape == MO_SHAPE_POINT ? MO_DOUBTFUL : MO_CERTAIN;
    }
    found->faults = judge(p) | (p->unordered ? MO_PLACE_SWAPPED : 0);
    certain = found->faults == (MO_PLACE_SWAPPED | MO_PLACE_RANGE) && !p->unordered;
    if (found->faults && !certain)
        return MO_DOUBTFUL;
    if (certain) {
        unsigned faults = found->faults;

        if (read_place(p, text, true, found) == MO_SHAPE_NONE)
            return MO_NO;
        found->faults = faults;
        p->changed = true;
    }
    if (p->changed)
        found->faults |= MO_PLACE_FORM;
    return MO_CERTAIN;
}

enum mo_verdict
mo_place_mend(struct mo_str text, struct mo_buf *out, struct mo_place_found *found)
{
    struct mo_buf made;
    struct place p = {.out = &made};
    enum mo_verdict verdict;

    found->notation = MO_WKT;
    mo_buf_init(&made, MAX_GEOMETRY);
    verdict = mend(&p, text, found);
    if (verdict == MO_CERTAIN)
        mo_buf_str(out, p.changed ? mo_buf_view(&made) : text);
    out->failed = out->failed || made.failed;
    mo_buf_done(&made);
    return verdict;
}
