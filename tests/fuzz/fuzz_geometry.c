/* Geometries, in all notations: what comes out is polygons of closed rings, each once. */
#include "dcat/mend.h"
#include "fuzz.h"

enum { RING = 2, POSITION = 3 };

static size_t
count(const struct mo_json *list)
{
    size_t n = 0;

    for (const struct mo_json *v = mo_json_first(list); v; v = mo_json_next(v))
        ++n;
    return n;
}

static void
check_closed(const struct mo_json *ring)
{
    const struct mo_json *first = mo_json_first(ring), *last = first;

    MUST(count(ring) >= 4);
    while (mo_json_next(last))
        last = mo_json_next(last);
    for (first = mo_json_first(first), last = mo_json_first(last); first && last;
         first = mo_json_next(first), last = mo_json_next(last))
        MUST(strtod(mo_json_text(first).p, NULL) == strtod(mo_json_text(last).p, NULL));
    MUST(!first && !last);
}

/* RFC 7946, 3.1.7: polygons, rings, positions, numbers */
static void
check_level(const struct mo_json *list, int level)
{
    MUST(mo_json_kind(list) == MO_JSON_ARRAY && mo_json_first(list));
    if (level == RING)
        check_closed(list);
    if (level == POSITION)
        MUST(count(list) >= 2);
    for (const struct mo_json *v = mo_json_first(list); v; v = mo_json_next(v)) {
        if (level == POSITION)
            MUST(mo_json_kind(v) == MO_JSON_NUMBER);
        else
            check_level(v, level + 1);
    }
}

/* What is certain is read again as it stands, in the notation that it says. */
static void
check_mended(struct mo_str text)
{
    struct mo_place_found found, again;
    struct mo_buf once, twice, polygons;

    mo_buf_init(&once, FUZZ_MAX);
    mo_buf_init(&twice, FUZZ_MAX);
    mo_buf_init(&polygons, FUZZ_MAX);
    if (mo_place_mend(text, &once, &found) == MO_CERTAIN) {
        struct mo_str made = mo_buf_view(&once);

        MUST(found.shape != MO_SHAPE_NONE);
        MUST(mo_place_mend(made, &twice, &again) == MO_CERTAIN);
        MUST_EQUAL(made, mo_buf_view(&twice));
        MUST(again.shape == found.shape && again.faults == 0);
        if (found.notation == MO_GEOJSON)
            fuzz_must_be_json(made);
        if (found.shape == MO_SHAPE_AREA && found.faults)
            MUST(mo_polygons(made, again.notation, &polygons));
    } else {
        MUST(once.n == 0);
    }
    mo_buf_done(&once);
    mo_buf_done(&twice);
    mo_buf_done(&polygons);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mo_buf text;

    fuzz_text(&text, fuzz_str(data, size));
    check_mended(mo_buf_view(&text));
    for (int notation = MO_BBOX; notation <= MO_GEOJSON; ++notation) {
        struct mo_json_error error;
        struct mo_json *json;
        struct mo_buf out, list;
        bool fine;

        mo_buf_init(&out, FUZZ_MAX);
        mo_buf_init(&list, FUZZ_MAX);
        fine = mo_polygons(mo_buf_view(&text), (enum mo_notation)notation, &out);
        MUST(fine == (out.n > 0));
        if (fine) {
            mo_buf_printf(&list, "[" MO_FMT "]", MO_ARG(mo_buf_view(&out)));
            json = mo_json_parse(mo_buf_view(&list), 5, &error);
            MUST(json);
            check_level(json, 0);
            mo_json_free(json);
            mo_buf_clear(&list);
            mo_buf_str(&list, mo_buf_view(&out));
            mo_polygons(mo_buf_view(&text), (enum mo_notation)notation, &out);
            MUST_EQUAL(mo_buf_view(&list), mo_buf_view(&out));
        }
        mo_buf_done(&out);
        mo_buf_done(&list);
    }
    mo_buf_done(&text);
    return 0;
}
