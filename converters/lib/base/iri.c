#include <moisson/iri.h>

#include "base/block.h"
#include "base/ctype.h"

static bool
is_scheme_byte(char c)
{
    return mo_is_alpha(c) || mo_is_digit(c) || c == '+' || c == '-' || c == '.';
}

/* Length of the scheme, or 0. RFC 3986: ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) */
static size_t
scheme_length(struct mo_str text)
{
    size_t n = 0;

    if (text.n == 0 || !mo_is_alpha(text.p[0]))
        return 0;
    while (n < text.n && is_scheme_byte(text.p[n]))
        ++n;
    return n < text.n && text.p[n] == ':' ? n : 0;
}

bool
mo_iri_is_absolute(struct mo_str text)
{
    return scheme_length(text) > 0;
}

/* What stands before the first of three characters. */
static struct mo_str
until(struct mo_str *rest, char a, char b, char c)
{
    struct mo_str head = mo_str_n(rest->p,
        mo_find_any(*rest, 0, (unsigned char)a, (unsigned char)b, (unsigned char)c));

    *rest = mo_str_from(*rest, head.n);
    return head;
}

struct mo_iri
mo_iri_parse(struct mo_str text)
{
    struct mo_iri iri;
    size_t n = scheme_length(text);

    memset(&iri, 0, sizeof iri);
    if (n) {
        iri.has_scheme = true;
        iri.scheme = mo_str_n(text.p, n);
        text = mo_str_from(text, n + 1);
    }
    if (text.n >= 2 && text.p[0] == '/' && text.p[1] == '/') {
        iri.has_authority = true;
        text = mo_str_from(text, 2);
        iri.authority = until(&text, '/', '?', '#');
    }
    iri.path = until(&text, '?', '#', '#');
    if (text.n && text.p[0] == '?') {
        iri.has_query = true;
        text = mo_str_from(text, 1);
        iri.query = until(&text, '#', '#', '#');
    }
    if (text.n && text.p[0] == '#') {
        iri.has_fragment = true;
        iri.fragment = mo_str_from(text, 1);
    }
    return iri;
}

/* A path under construction, in memory that is long enough for it. */
struct path {
    char *p;
    size_t n;
};

static void
path_add(struct path *path, struct mo_str s)
{
    if (s.n)
        memcpy(path->p + path->n, s.p, s.n);
    path->n += s.n;
}

static void
path_pop(struct path *path, size_t start)
{
    while (path->n > start && path->p[--path->n] != '/')
        ;
}

/* RFC 3986, 5.2.4 */
static void
add_without_dots(struct path *out, struct mo_str in)
{
    size_t start = out->n;

    while (in.n) {
        if (mo_str_starts(in, mo_str("../"))) {
            in = mo_str_from(in, 3);
        } else if (mo_str_starts(in, mo_str("./"))) {
            in = mo_str_from(in, 2);
        } else if (mo_str_starts(in, mo_str("/./"))) {
            in = mo_str_from(in, 2);
        } else if (mo_str_is(in, "/.")) {
            in = mo_str("/");
        } else if (mo_str_starts(in, mo_str("/../"))) {
            in = mo_str_from(in, 3);
            path_pop(out, start);
        } else if (mo_str_is(in, "/..")) {
            in = mo_str("/");
            path_pop(out, start);
        } else if (mo_str_is(in, ".") || mo_str_is(in, "..")) {
            break;
        } else {
            size_t n = 1;

            while (n < in.n && in.p[n] != '/')
                ++n;
            path_add(out, mo_str_n(in.p, n));
            in = mo_str_from(in, n);
        }
    }
}

/* RFC 3986, 5.2.3: the base's path up to its last "/", then the reference's. */
static void
add_merged(struct path *out, const struct mo_iri *base, struct mo_str ref, char *scratch)
{
    struct path merged = {scratch, 0};
    size_t keep = base->path.n;

    while (keep && base->path.p[keep - 1] != '/')
        --keep;
    if (base->has_authority && base->path.n == 0)
        path_add(&merged, mo_str("/"));
    else
        path_add(&merged, mo_str_n(base->path.p, keep));
    path_add(&merged, ref);
    add_without_dots(out, mo_str_n(merged.p, merged.n));
}

int
mo_iri_resolve(struct mo_arena *arena, struct mo_str base_text, struct mo_str ref,
    struct mo_str *out)
{
    struct mo_iri base, r;
    struct path path = {NULL, 0};
    char *memory;
    bool own_path;

    if (mo_iri_is_absolute(ref) || !mo_iri_is_absolute(base_text)) {
        *out = ref;
        return 0;
    }
    base = mo_iri_parse(base_text);
    r = mo_iri_parse(ref);
    memory = mo_arena_alloc(arena, 2 * (base_text.n + ref.n + 8));
    if (!memory)
        return -1;
    path.p = memory;
    own_path = r.has_authority || r.path.n;

    path_add(&path, base.scheme);
    path_add(&path, mo_str(":"));
    if (r.has_authority || base.has_authority) {
        path_add(&path, mo_str("//"));
        path_add(&path, r.has_authority ? r.authority : base.authority);
    }
    if (r.has_authority || (r.path.n && r.path.p[0] == '/'))
        add_without_dots(&path, r.path);
    else if (r.path.n)
        add_merged(&path, &base, r.path, memory + base_text.n + ref.n + 8);
    else
        path_add(&path, base.path);
    if (r.has_query || (!own_path && base.has_query)) {
        path_add(&path, mo_str("?"));
        path_add(&path, r.has_query ? r.query : base.query);
    }
    if (r.has_fragment) {
        path_add(&path, mo_str("#"));
        path_add(&path, r.fragment);
    }
    *out = mo_str_n(path.p, path.n);
    return 0;
}

/* The first of the block that cannot stand in an IRI; MO_BLOCK: all can. */
static size_t
bad_of_block(const char *p)
{
    mo_block b = mo_block_at(p),
             pair = b | 2; /* '<' and '>', '\\' and '^' differ in it */

    return mo_block_first(
        (mo_block)((b <= ' ') | (b == '"') | (pair == '>') | (pair == '^') | (b == '`') |
                   ((b | 1) == '}') | ((b | 4) == 0x7F))); /* "|}", "{" and DEL */
}

size_t
mo_iri_bad_byte(struct mo_str text)
{
    char few[MO_BLOCK];
    size_t i = 0, n;

    if (text.n < MO_BLOCK) {
        memset(few, 'a', sizeof few);
        memcpy(few, text.p ? text.p : "", text.n);
        n = bad_of_block(few);
        return n < MO_BLOCK ? n : text.n;
    }
    for (; i + MO_BLOCK <= text.n; i += MO_BLOCK)
        if ((n = bad_of_block(text.p + i)) < MO_BLOCK)
            return i + n;
    i = text.n - MO_BLOCK; /* the last block once more, with what is behind it */
    n = bad_of_block(text.p + i);
    return i + n;
}
