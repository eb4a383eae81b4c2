/*
 * IRIs as RFC 3986 and 3987 write them: taken apart and resolved, never judged.
 * Real catalogues have spaces and braces in theirs; those pass.
 */
#ifndef MOISSON_IRI_H
#define MOISSON_IRI_H

#include <moisson/arena.h>
#include <moisson/str.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The five components (RFC 3986, 3), without their delimiters. Borrowed. */
struct mo_iri {
    struct mo_str scheme, authority, path, query, fragment;
    bool has_scheme, has_authority, has_query, has_fragment;
};

MO_API struct mo_iri mo_iri_parse(struct mo_str text);

/* Whether it begins with a scheme and ":". */
MO_API bool mo_iri_is_absolute(struct mo_str text);

/*
 * Resolve `ref` against `base` (RFC 3986, 5.2.2, strict) into `arena`. Without an
 * absolute base, or when `ref` is absolute, `*out` is `ref` itself, as it was
 * written. Returns 0, or -1 with `*out` untouched.
 */
MO_API int mo_iri_resolve(
    struct mo_arena *arena, struct mo_str base, struct mo_str ref, struct mo_str *out);

/* The first byte that no IRI may hold (control, space, <>"{}|^`\), or text.n. */
MO_API size_t mo_iri_bad_byte(struct mo_str text);

#ifdef __cplusplus
}
#endif

#endif
