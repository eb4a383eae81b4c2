/* IRIs: a base in the first line, references in the others. */
#include "dcat/values.h"
#include "fuzz.h"

static void
put_part(struct mo_buf *out, bool there, const char *before, struct mo_str part,
    const char *behind)
{
    if (!there)
        return;
    mo_buf_c(out, before);
    mo_buf_str(out, part);
    mo_buf_c(out, behind);
}

/* The parts put together are the whole (RFC 3986, 5.3). */
static void
check_parts(struct mo_str text)
{
    struct mo_iri iri = mo_iri_parse(text);
    struct mo_buf out;

    mo_buf_init(&out, FUZZ_MAX);
    put_part(&out, iri.has_scheme, "", iri.scheme, ":");
    put_part(&out, iri.has_authority, "//", iri.authority, "");
    put_part(&out, true, "", iri.path, "");
    put_part(&out, iri.has_query, "?", iri.query, "");
    put_part(&out, iri.has_fragment, "#", iri.fragment, "");
    MUST_EQUAL(mo_buf_view(&out), text);
    MUST(iri.has_scheme == mo_iri_is_absolute(text));
    MUST(mo_iri_bad_byte(text) <= text.n);
    if (mo_url_is_public(text))
        MUST(mo_iri_parse(mo_str_trim(text)).authority.n);
    mo_buf_done(&out);
}

static void
check_resolved(struct mo_arena *arena, struct mo_str base, struct mo_str ref)
{
    struct mo_str out, again;
    struct mo_iri iri;

    MUST(mo_iri_resolve(arena, base, ref, &out) == 0);
    if (!mo_iri_is_absolute(base) || mo_iri_is_absolute(ref)) {
        MUST_EQUAL(out, ref);
        return;
    }
    check_parts(out);
    MUST(mo_iri_is_absolute(out));
    iri = mo_iri_parse(out);
    MUST_EQUAL(iri.scheme, mo_iri_parse(base).scheme);
    MUST_EQUAL(iri.fragment, mo_iri_parse(ref).fragment);
    if (mo_iri_parse(ref).path.n) {
        MUST(mo_str_find(iri.path, mo_str("/./"), 0) == iri.path.n);
        MUST(mo_str_find(iri.path, mo_str("/../"), 0) == iri.path.n);
    }
    MUST(mo_iri_resolve(arena, out, mo_str(""), &again) == 0);
    MUST_EQUAL(again, mo_str_n(out.p, mo_str_find(out, mo_str("#"), 0)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mo_str rest = fuzz_str(data, size), base = fuzz_line(&rest);
    struct mo_arena *arena = mo_arena_new(FUZZ_MAX);

    MUST(arena);
    check_parts(base);
    check_resolved(arena, base, base);
    while (rest.n && mo_arena_used(arena) < FUZZ_MAX / 2) {
        struct mo_str ref = fuzz_line(&rest);

        check_parts(ref);
        check_resolved(arena, base, ref);
    }
    mo_arena_free(arena);
    return 0;
}
