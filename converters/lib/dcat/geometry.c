#include "base/json.h"
#include "base/scan.h"
#include "dcat/values_impl.h"

enum { MAX_JSON_DEPTH = 32, MAX_POINTS = 1000000 };

/* Where a ring goes: "[[x,y],…]", and the text of its first point, to close it. */
struct ring {
    struct mo_buf *out;
    size_t first, first_end; /* of the first point, in `out` */
    size_t last;             /* where the last point begins */
    size_t points;
};

static void
ring_open(struct ring *ring, struct mo_buf *out)
{
    ring->out = out;
    ring->points = 0;
    mo_buf_byte(out, '[');
}

/* A number as JSON writes it: no "+", a digit before and behind the point. */
static bool
put_number(struct mo_buf *out, struct mo_str s)
{
    size_t i = 0, digits = 0;

    if (s.n && s.p[0] == '+')
        s = mo_str_from(s, 1);
    if (s.n && s.p[0] == '-') {
        mo_buf_byte(out, '-');
        s = mo_str_from(s, 1);
    }
    while (s.n > 1 && s.p[0] == '0' && mo_is_digit(s.p[1]))
        s = mo_str_from(s, 1);
    if (s.n && s.p[0] == '.')
        mo_buf_byte(out, '0');
    for (; i < s.n && mo_is_digit(s.p[i]); ++i, ++digits)
        mo_buf_byte(out, s.p[i]);
    if (i < s.n && s.p[i] == '.') {
        size_t fraction = 0;

        for (++i; i < s.n && mo_is_digit(s.p[i]); ++i, ++digits) {
            if (fraction++ == 0)
                mo_buf_byte(out, '.');
            mo_buf_byte(out, s.p[i]);
        }
    }
    if (digits == 0)
        return false;
    if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
        mo_buf_byte(out, 'e');
        ++i;
        if (i < s.n && (s.p[i] == '+' || s.p[i] == '-'))
            mo_buf_byte(out, s.p[i++]);
        if (i == s.n)
            return false;
        for (; i < s.n && mo_is_digit(s.p[i]); ++i)
            mo_buf_byte(out, s.p[i]);
    }
    return i == s.n;
}

static bool
ring_add(struct ring *ring, struct mo_str x, struct mo_str y)
{
    struct mo_buf *out = ring->out;
    size_t from;

    if (++ring->points > MAX_POINTS)
        return false;
    if (ring->points > 1)
        mo_buf_byte(out, ',');
    from = out->n;
    mo_buf_byte(out, '[');
    if (!put_number(out, x))
        return false;
    mo_buf_byte(out, ',');
    if (!put_number(out, y))
        return false;
    mo_buf_byte(out, ']');
    if (ring->points == 1) {
        ring->first = from;
        ring->first_end = out->n;
    }
    ring->last = from;
    return true;
}

/* Length of a number's digits without the zeros that say nothing. */
static size_t
significant(struct mo_str n)
{
    if (memchr(n.p, '.', n.n) && !memchr(n.p, 'e', n.n)) {
        while (n.p[n.n - 1] == '0')
            --n.n;
        if (n.p[n.n - 1] == '.')
            --n.n;
    }
    return n.n;
}

static size_t
number_end(struct mo_str s)
{
    size_t n = 0;

    while (n < s.n && !strchr("[], ", s.p[n]))
        ++n;
    return n;
}

bool
mo_same_places(struct mo_str a, struct mo_str b)
{
    while (a.n && b.n) {
        size_t m = number_end(a), n = number_end(b);

        if (m ? !mo_str_eq(mo_str_n(a.p, significant(mo_str_n(a.p, m))),
                    mo_str_n(b.p, significant(mo_str_n(b.p, n))))
              : a.p[0] != b.p[0])
            return false;
        a = mo_str_from(a, m ? m : 1);
        b = mo_str_from(b, n ? n : 1);
    }
    return a.n == b.n;
}

/* Close a ring that does not end where it began. */
static bool
ring_close(struct ring *ring)
{
    struct mo_buf *out = ring->out;
    size_t n = ring->first_end - ring->first;
    bool closed;

    if (ring->points < 3 || out->failed)
        return false;
    closed = mo_same_places(
        mo_str_n(out->p + ring->first, n), mo_str_from(mo_buf_view(out), ring->last));
    if (!closed) {
        mo_buf_byte(out, ',');
        if (mo_buf_reserve(out, n) == 0)
            mo_buf_add(out, out->p + ring->first, n);
    }
    mo_buf_byte(out, ']');
    return ring->points >= (closed ? 4u : 3u);
}

/* ---- west,south,east,north ---- */

static bool
from_bbox(struct mo_str text, struct mo_buf *out)
{
    static const unsigned char corners[][2] = {{0, 1}, {2, 1}, {2, 3}, {0, 3}, {0, 1}};
    struct mo_str side[4];
    struct ring ring;

    for (size_t i = 0; i < 4; ++i) {
        size_t n = mo_str_find(text, mo_str(","), 0);

        if ((i < 3) != (n < text.n))
            return false;
        side[i] = mo_str_trim(mo_str_n(text.p, n));
        text = mo_str_from(text, n + 1);
    }
    mo_buf_byte(out, '[');
    ring_open(&ring, out);
    for (size_t i = 0; i < 5; ++i)
        if (!ring_add(&ring, side[corners[i][0]], side[corners[i][1]]))
            return false;
    if (!ring_close(&ring))
        return false;
    mo_buf_byte(out, ']');
    return true;
}

/* ---- WKT (OGC 06-103r4, 7) ---- */

static bool
eat_word(struct mo_str *s, const char *word)
{
    size_t n = strlen(word);

    mo_scan_space(s);
    if (s->n < n || !mo_str_eq_nocase(mo_str_n(s->p, n), mo_str(word)) ||
        (s->n > n && mo_is_alpha(s->p[n])))
        return false;
    *s = mo_str_from(*s, n);
    return true;
}

static struct mo_str
number(struct mo_str *s)
{
    struct mo_str word;
    size_t n = 0;

    mo_scan_space(s);
    while (n < s->n && (mo_is_digit(s->p[n]) || (s->p[n] && strchr("+-.eE", s->p[n]))))
        ++n;
    word = mo_str_n(s->p, n);
    *s = mo_str_from(*s, n);
    return word;
}

bool
mo_wkt_system(struct mo_str *s, bool *north_first)
{
    static const char *const east[] = {"OGC/1.3/CRS84", "OGC:1.3:CRS84"};
    size_t n;
    struct mo_str system;

    *north_first = false;
    mo_scan_space(s);
    if (s->n > 5 && mo_str_eq_nocase(mo_str_n(s->p, 5), mo_str("SRID="))) {
        n = mo_str_find(*s, mo_str(";"), 0);
        system = mo_str_trim(mo_str_n(s->p + 5, n - 5));
        *s = mo_str_from(*s, n + 1);
        return mo_str_is(system, "4326") || mo_str_is(system, "4258");
    }
    if (s->n == 0 || s->p[0] != '<')
        return true;
    n = mo_str_find(*s, mo_str(">"), 0);
    system = mo_str_n(s->p, n);
    *s = mo_str_from(*s, n + 1);
    for (size_t i = 0; i < sizeof east / sizeof east[0]; ++i)
        if (mo_str_find(system, mo_str(east[i]), 0) < system.n)
            return true;
    *north_first = true; /* EPSG says so of the geographic systems that it numbers */
    return mo_str_ends(system, mo_str("/4326")) || mo_str_ends(system, mo_str(":4326")) ||
           mo_str_ends(system, mo_str("/4258")) || mo_str_ends(system, mo_str(":4258"));
}

static bool
wkt_ring(struct mo_str *s, bool north_first, struct mo_buf *out)
{
    struct ring ring;

    if (!mo_scan_eat(s, '('))
        return false;
    ring_open(&ring, out);
    do {
        struct mo_str x = number(s), y = number(s);

        while (number(s).n) /* heights and measures have no place */
            ;
        if (!ring_add(&ring, north_first ? y : x, north_first ? x : y))
            return false;
    } while (mo_scan_eat(s, ','));
    return mo_scan_eat(s, ')') && ring_close(&ring);
}

static bool
wkt_polygon(struct mo_str *s, bool north_first, struct mo_buf *out)
{
    if (!mo_scan_eat(s, '('))
        return false;
    mo_buf_byte(out, '[');
    do {
        if (out->n && out->p[out->n - 1] == ']')
            mo_buf_byte(out, ',');
        if (!wkt_ring(s, north_first, out))
            return false;
    } while (mo_scan_eat(s, ','));
    mo_buf_byte(out, ']');
    return mo_scan_eat(s, ')');
}

/* ENVELOPE(west, east, north, south), as search engines write it. */
static bool
wkt_envelope(struct mo_str *s, struct mo_buf *out)
{
    struct mo_str side[4];
    char memory[512];
    struct mo_buf bbox;
    bool fine = mo_scan_eat(s, '(');

    for (size_t i = 0; fine && i < 4; ++i) {
        side[i] = number(s);
        fine = mo_scan_eat(s, i < 3 ? ',' : ')');
    }
    if (!fine)
        return false;
    mo_buf_fixed(&bbox, memory, sizeof memory);
    mo_buf_printf(&bbox, MO_FMT "," MO_FMT "," MO_FMT "," MO_FMT, MO_ARG(side[0]),
        MO_ARG(side[3]), MO_ARG(side[1]), MO_ARG(side[2]));
    return !bbox.failed && from_bbox(mo_buf_view(&bbox), out);
}

static void
skip_dimensions(struct mo_str *s)
{
    if (!eat_word(s, "ZM") && !eat_word(s, "Z"))
        eat_word(s, "M");
}

static bool
from_wkt(struct mo_str s, struct mo_buf *out)
{
    bool north_first, fine;

    if (!mo_wkt_system(&s, &north_first))
        return false;
    if (eat_word(&s, "ENVELOPE"))
        return wkt_envelope(&s, out);
    if (eat_word(&s, "POLYGON")) {
        skip_dimensions(&s);
        fine = wkt_polygon(&s, north_first, out);
    } else if (eat_word(&s, "MULTIPOLYGON")) {
        skip_dimensions(&s);
        fine = mo_scan_eat(&s, '(');
        while (fine) {
            fine = wkt_polygon(&s, north_first, out);
            if (!fine || !mo_scan_eat(&s, ','))
                break;
            mo_buf_byte(out, ',');
        }
        fine = fine && mo_scan_eat(&s, ')');
    } else {
        return false;
    }
    mo_scan_space(&s);
    return fine && s.n == 0;
}

/* ---- GeoJSON (RFC 7946) ---- */

static bool
json_ring(const struct mo_json *points, struct mo_buf *out)
{
    struct ring ring;

    ring_open(&ring, out);
    for (const struct mo_json *p = mo_json_first(points); p; p = mo_json_next(p)) {
        const struct mo_json *x = mo_json_first(p), *y = x ? mo_json_next(x) : NULL;

        if (!y || mo_json_kind(x) != MO_JSON_NUMBER ||
            mo_json_kind(y) != MO_JSON_NUMBER ||
            !ring_add(&ring, mo_json_text(x), mo_json_text(y)))
            return false;
    }
    return ring_close(&ring);
}

static bool
json_polygon(const struct mo_json *rings, struct mo_buf *out)
{
    const char *before = "[";

    if (!mo_json_first(rings))
        return false;
    for (const struct mo_json *r = mo_json_first(rings); r; r = mo_json_next(r)) {
        mo_buf_c(out, before);
        if (!json_ring(r, out))
            return false;
        before = ",";
    }
    mo_buf_byte(out, ']');
    return true;
}

static bool
from_geojson(struct mo_str text, struct mo_buf *out)
{
    struct mo_json_error error;
    struct mo_json *json = mo_json_parse(text, MAX_JSON_DEPTH, &error);
    struct mo_str type = json ? mo_json_member_text(json, "type") : mo_str("");
    const struct mo_json *at = json ? mo_json_member(json, "coordinates") : NULL;
    bool fine = false;

    if (at && mo_str_is(type, "Polygon"))
        fine = json_polygon(at, out);
    else if (at && mo_str_is(type, "MultiPolygon"))
        for (at = mo_json_first(at), fine = at; fine && at; at = mo_json_next(at)) {
            fine = json_polygon(at, out);
            if (fine && mo_json_next(at))
                mo_buf_byte(out, ',');
        }
    mo_json_free(json);
    return fine;
}

/* ---- Polygons that are there already ---- */

/* The polygon at the head of `s`. */
static struct mo_str
first_polygon(struct mo_str s)
{
    size_t depth = 0, n = 0;

    do {
        if (s.p[n] == '[')
            ++depth;
        if (s.p[n] == ']')
            --depth;
    } while (++n < s.n && depth);
    return mo_str_n(s.p, n);
}

/* Take out polygons from `from` on that are there before. */
static void
drop_doubles(struct mo_buf *out, size_t from)
{
    size_t at = from;

    while (at < out->n) {
        struct mo_str polygon = first_polygon(mo_str_from(mo_buf_view(out), at));
        size_t before = 0;
        bool known = false;

        while (!known && before < at) {
            struct mo_str other = first_polygon(mo_str_from(mo_buf_view(out), before));

            known = mo_same_places(polygon, other);
            before += other.n + 1;
        }
        if (!known) {
            at += polygon.n + 1;
            continue;
        }
        if (at + polygon.n < out->n) { /* with the comma behind it */
            memmove(out->p + at, polygon.p + polygon.n + 1, out->n - at - polygon.n - 1);
            out->n -= polygon.n + 1;
        } else { /* with the comma before it */
            out->n = at ? at - 1 : 0;
        }
        out->p[out->n] = '\0';
    }
}

bool
mo_polygons(struct mo_str text, enum mo_notation notation, struct mo_buf *out)
{
    size_t from = out->n;
    bool fine;

    if (out->n)
        mo_buf_byte(out, ',');
    fine = notation == MO_BBOX  ? from_bbox(text, out)
           : notation == MO_WKT ? from_wkt(text, out)
                                : from_geojson(text, out);
    if (fine && !out->failed) {
        drop_doubles(out, from ? from + 1 : 0);
    } else if (out->p) {
        out->n = from;
        out->p[from] = '\0';
    }
    return fine && !out->failed;
}
