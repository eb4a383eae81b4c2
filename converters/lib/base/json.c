#include "base/json.h"

#include <moisson/buf.h>
#include <moisson/text.h>

#include <stdlib.h>

#include "ctype.h"
#include "plain.h"

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

enum {
    FEW = 128,  /* members that are compared with those before them */
    TWIN = 0x80 /* in `kind`, for a moment: another member has its key */
};

/* A root with memory of its own. */
struct owned {
    struct mo_arena *arena;
    struct mo_json root;
};

/* ---- Reading ---- */

struct parse {
    struct mo_str in;
    size_t at;
    size_t depth, max_depth;
    struct mo_arena *arena;
    char *texts;           /* room for strings that have escapes; NULL: none did yet */
    struct mo_json *spare; /* values to use */
    size_t n_spare, batch;
    enum mo_json_fault fault;
    bool twice;
};

static bool
fail(struct parse *s, enum mo_json_fault fault)
{
    s->fault = fault;
    return false;
}

static char
peek(const struct parse *s)
{
    return s->at < s->in.n ? s->in.p[s->at] : '\0';
}

/* RFC 8259, 2 */
static inline bool
is_white(char c)
{
    return (unsigned char)c <= ' ' && (c == ' ' || c == '\n' || c == '\t' || c == '\r');
}

/* The next byte that is no white space; 0 at the end. */
static inline char
next(struct parse *s)
{
    char c = peek(s);

    while (is_white(c)) {
        ++s->at;
        c = peek(s);
    }
    return c;
}

static size_t
skip_digits(struct parse *s)
{
    size_t from = s->at;

    while (mo_is_digit(peek(s)))
        ++s->at;
    return s->at - from;
}

/* RFC 8259, 6 */
static bool
parse_number(struct parse *s, struct mo_json *value)
{
    size_t from = s->at;

    if (peek(s) == '-')
        ++s->at;
    if (peek(s) == '0')
        ++s->at;
    else if (!skip_digits(s))
        return fail(s, MO_JSON_SYNTAX);
    if (peek(s) == '.') {
        ++s->at;
        if (!skip_digits(s))
            return fail(s, MO_JSON_SYNTAX);
    }
    if (peek(s) == 'e' || peek(s) == 'E') {
        ++s->at;
        if (peek(s) == '+' || peek(s) == '-')
            ++s->at;
        if (!skip_digits(s))
            return fail(s, MO_JSON_SYNTAX);
    }
    value->kind = MO_JSON_NUMBER;
    value->text = mo_str_n(s->in.p + from, s->at - from);
    return true;
}

static int
four_hex(const struct parse *s, size_t at)
{
    int value = 0;

    for (size_t i = at; i < at + 4; ++i) {
        int digit = i < s->in.n ? mo_hex_digit(s->in.p[i]) : -1;

        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

/* The code point behind "\u"; surrogates must come in pairs. */
static bool
parse_code(struct parse *s, uint32_t *code)
{
    int unit = four_hex(s, s->at + 2), low;

    if (unit < 0 || (unit >= 0xDC00 && unit <= 0xDFFF))
        return fail(s, MO_JSON_SYNTAX);
    *code = unit ? (uint32_t)unit : 0xFFFD;
    s->at += 6;
    if (unit < 0xD800 || unit > 0xDBFF)
        return true;
    low = peek(s) == '\\' ? four_hex(s, s->at + 2) : -1;
    if (low < 0xDC00 || low > 0xDFFF || s->in.p[s->at + 1] != 'u')
        return fail(s, MO_JSON_SYNTAX);
    *code = 0x10000 + (((uint32_t)unit & 0x3FF) << 10 | ((uint32_t)low & 0x3FF));
    s->at += 6;
    return true;
}

/* What the letter behind a backslash means; 0: another thing. */
static const char means[256] = {['"'] = '"',
    ['\\'] = '\\',
    ['/'] = '/',
    ['b'] = '\b',
    ['f'] = '\f',
    ['n'] = '\n',
    ['r'] = '\r',
    ['t'] = '\t'};

/*
 * At what ends a run of plain bytes and no string: an escape, or a fault. Its meaning goes to
 * `out`.
 */
static bool
parse_escape(struct parse *s, char **out)
{
    uint32_t code;

    if (peek(s) != '\\' || s->in.n - s->at < 2 || s->in.p[s->at + 1] != 'u')
        return fail(s, MO_JSON_SYNTAX);
    if (!parse_code(s, &code))
        return false;
    *out += mo_utf8_put(code, *out);
    return true;
}

/*
 * A string with escapes, from behind its quote. No escape is shorter than what it means, so that
 * all that the text has left never need more room than it has itself.
 */
static __attribute__((noinline)) bool
parse_escaped(struct parse *s, struct mo_str *text)
{
    const char *p = s->in.p;
    size_t at = s->at, end = s->in.n;
    char *to;

    if (!s->texts)
        s->texts = mo_arena_alloc(s->arena, end - at + MO_BLOCK);
    if (!s->texts)
        return fail(s, MO_JSON_NO_MEMORY);
    to = s->texts;
    for (;;) {
        if (at + MO_BLOCK <= end) {
            size_t n = mo_plain_block(p + at);

            memcpy(to, p + at, MO_BLOCK);
            at += n;
            to += n;
            if (n == MO_BLOCK)
                continue;
        } else if (at < end && mo_is_plain(p[at])) {
            *to++ = p[at++];
            continue;
        }
        if (at < end && p[at] == '"')
            break;
        if (at + 1 < end && p[at] == '\\' && means[(unsigned char)p[at + 1]]) {
            *to++ = means[(unsigned char)p[at + 1]];
            at += 2;
            continue;
        }
        s->at = at;
        if (!parse_escape(s, &to))
            return false;
        at = s->at;
    }
    s->at = at + 1;
    *text = mo_str_n(s->texts, (size_t)(to - s->texts));
    s->texts = to;
    return true;
}

/* RFC 8259, 7 */
static inline bool
parse_string(struct parse *s, struct mo_str *text)
{
    size_t from = ++s->at, n = mo_plain(s->in, from);

    if (from + n == s->in.n || s->in.p[from + n] != '"')
        return parse_escaped(s, text);
    *text = mo_str_n(s->in.p + from, n);
    s->at += n + 1;
    return true;
}

static bool
parse_word(struct parse *s, struct mo_json *value)
{
    static const struct {
        struct mo_str word;
        enum mo_json_kind kind;
    } words[] = {{{"null", 4}, MO_JSON_NULL}, {{"true", 4}, MO_JSON_TRUE},
        {{"false", 5}, MO_JSON_FALSE}};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; ++i)
        if (mo_str_starts(mo_str_from(s->in, s->at), words[i].word)) {
            value->kind = (unsigned char)words[i].kind;
            s->at += words[i].word.n;
            return true;
        }
    return fail(s, MO_JSON_SYNTAX);
}

/* A key, which begins with `c`, and its colon; `*c` becomes what the value begins with. */
static inline bool
parse_key(struct parse *s, struct mo_json *member, char *c)
{
    if (*c != '"')
        return fail(s, MO_JSON_SYNTAX);
    if (!parse_string(s, &member->key))
        return false;
    member->tag = mo_json_tag(member->key);
    if (next(s) != ':')
        return fail(s, MO_JSON_SYNTAX);
    ++s->at;
    *c = next(s);
    return true;
}

/* A member, and which one it is. */
struct place {
    struct mo_json *member;
    size_t at;
};

static int
compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int order = mo_str_cmp(x->member->key, y->member->key);

    return order ? order : (x->at > y->at) - (x->at < y->at);
}

/* The members by key, those of one key in the order of the text. NULL: no memory. */
static struct place *
by_key(struct mo_arena *arena, const struct mo_json *object, size_t *n)
{
    struct place *places;

    *n = 0;
    for (const struct mo_json *m = object->first; m; m = m->next)
        ++*n;
    places = mo_arena_alloc(arena, (*n + 1) * sizeof *places);
    *n = 0;
    for (struct mo_json *m = places ? object->first : NULL; m; m = m->next, ++*n)
        places[*n] = (struct place){m, *n};
    if (places)
        qsort(places, *n, sizeof *places, compare_places);
    return places;
}

/* Whether a member before this last one has its key. */
static bool
is_twin(const struct mo_json *object, const struct mo_json *member)
{
    for (const struct mo_json *m = object->first; m != member; m = m->next)
        if (m->tag == member->tag && mo_str_eq(m->key, member->key))
            return true;
    return false;
}

/* Whether a key stands twice in an object of many. */
static bool
look_for_twins(struct parse *s, const struct mo_json *object)
{
    size_t n;
    struct place *places = by_key(s->arena, object, &n);

    for (size_t i = 1; places && i < n && !s->twice; ++i)
        s->twice = mo_str_eq(places[i - 1].member->key, places[i].member->key);
    return places || fail(s, MO_JSON_NO_MEMORY);
}

/* A value to fill, of a batch that the arena gives; NULL when memory is short. */
static struct mo_json *
new_value(struct parse *s)
{
    enum { LARGEST_BATCH = 64 };

    if (s->n_spare == 0) {
        s->batch = s->batch ? 2 * s->batch : 4;
        if (s->batch > LARGEST_BATCH)
            s->batch = LARGEST_BATCH;
        s->spare = mo_arena_alloc(s->arena, s->batch * sizeof *s->spare);
        if (!s->spare)
            return NULL;
        s->n_spare = s->batch;
    }
    --s->n_spare;
    return s->spare++;
}

static bool parse_value(struct parse *s, struct mo_json *value, char first);

/* RFC 8259, 4 and 5 */
static bool
parse_children(struct parse *s, struct mo_json *value, char close)
{
    struct mo_json **link = &value->first;
    bool object = close == '}', crowded = false;
    size_t n = 0;
    char c;

    if (s->depth == s->max_depth)
        return fail(s, MO_JSON_TOO_DEEP);
    ++s->depth;
    ++s->at;
    value->kind = object ? MO_JSON_OBJECT : MO_JSON_ARRAY;
    value->first = NULL;
    value->keys = 0;
    c = next(s);
    while (value->first || c != close) {
        struct mo_json *child = new_value(s);

        if (!child)
            return fail(s, MO_JSON_NO_MEMORY);
        child->next = NULL;
        child->key = mo_str_n("", 0);
        child->tag = 0;
        *link = child;
        link = &child->next;
        if ((object && !parse_key(s, child, &c)) || !parse_value(s, child, c))
            return false;
        if (object && (value->keys & mo_json_bit(child->tag)) && !s->twice) {
            crowded = crowded || n >= FEW;
            s->twice = n < FEW && is_twin(value, child);
        }
        value->keys |= mo_json_bit(child->tag);
        ++n;
        c = next(s);
        if (c != ',')
            break;
        ++s->at;
        c = next(s);
    }
    if (c != close)
        return fail(s, MO_JSON_SYNTAX);
    ++s->at;
    --s->depth;
    return !crowded || s->twice || look_for_twins(s, value);
}

/* A value that begins with `first`, which is next. */
static bool
parse_value(struct parse *s, struct mo_json *value, char first)
{
    switch (first) {
    case '"': value->kind = MO_JSON_STRING; return parse_string(s, &value->text);
    case '{': return parse_children(s, value, '}');
    case '[': return parse_children(s, value, ']');
    case 'n':
    case 't':
    case 'f': return parse_word(s, value);
    default: return parse_number(s, value);
    }
}

static bool
parse_text(struct parse *s, struct mo_json *root)
{
    size_t whole = s->in.n;

    root->next = NULL;
    root->key = mo_str("");
    s->in.n = mo_utf8_bad(s->in); /* nothing is read behind it */
    if (!parse_value(s, root, next(s)))
        return false;
    next(s);
    return s->at == whole || fail(s, MO_JSON_SYNTAX);
}

struct mo_json *
mo_json_parse_in(struct mo_arena *arena, struct mo_str text, size_t max_depth,
    struct mo_json_error *error)
{
    struct parse s = {.in = text, .max_depth = max_depth, .arena = arena};
    struct mo_json *root = mo_arena_alloc(arena, sizeof *root);

    if (s.max_depth > MO_JSON_MAX_DEPTH)
        s.max_depth = MO_JSON_MAX_DEPTH;
    if (!root)
        fail(&s, MO_JSON_NO_MEMORY);
    else if (parse_text(&s, root))
        s.fault = MO_JSON_FINE;
    error->fault = s.fault;
    error->offset = s.fault == MO_JSON_NO_MEMORY ? 0 : s.at;
    error->twice = s.twice;
    return s.fault == MO_JSON_FINE ? root : NULL;
}

struct mo_json *
mo_json_parse(struct mo_str text, size_t max_depth, struct mo_json_error *error)
{
    struct mo_arena *arena = mo_arena_new(SIZE_MAX);
    struct owned *owned = arena ? mo_arena_alloc(arena, sizeof *owned) : NULL;
    struct mo_json *root;

    if (!owned || mo_arena_copy(arena, text, &text)) {
        *error = (struct mo_json_error){.fault = MO_JSON_NO_MEMORY};
        mo_arena_free(arena);
        return NULL;
    }
    root = mo_json_parse_in(arena, text, max_depth, error);
    if (!root) {
        mo_arena_free(arena);
        return NULL;
    }
    owned->arena = arena;
    owned->root = *root;
    return &owned->root;
}

void
mo_json_free(struct mo_json *root)
{
    if (root)
        mo_arena_free(
            ((struct owned *)((char *)root - offsetof(struct owned, root)))->arena);
}

/* ---- Keys that stand twice ---- */

static int
settle_object(struct mo_arena *arena, struct mo_json *object,
    void (*twice)(void *ctx, struct mo_str key), void *ctx)
{
    struct mo_json **link = &object->first;
    size_t n;
    struct place *places = by_key(arena, object, &n);

    if (!places)
        return -1;
    for (size_t i = 1; i < n; ++i)
        if (mo_str_eq(places[i - 1].member->key, places[i].member->key))
            places[i - 1].member->kind |= TWIN;
    while (*link) {
        if ((*link)->kind & TWIN) {
            twice(ctx, (*link)->key);
            *link = (*link)->next;
        } else {
            link = &(*link)->next;
        }
    }
    return 0;
}

int
mo_json_settle(struct mo_arena *arena, struct mo_json *root,
    void (*twice)(void *ctx, struct mo_str key), void *ctx)
{
    if (root->kind == MO_JSON_OBJECT && settle_object(arena, root, twice, ctx))
        return -1;
    for (struct mo_json *m = (struct mo_json *)mo_json_first(root); m; m = m->next)
        if (mo_json_settle(arena, m, twice, ctx))
            return -1;
    return 0;
}

/* ---- Looking ---- */

const struct mo_json *
mo_json_find_tagged(const struct mo_json *object, struct mo_str key, uint32_t tag)
{
    const struct mo_json *found = NULL;

    for (const struct mo_json *m = object->first; m; m = m->next)
        if (m->tag == tag && mo_str_eq(m->key, key))
            found = m;
    return found;
}

bool
mo_json_says_nothing(const struct mo_json *value)
{
    if (!value)
        return true;
    switch (mo_json_kind(value)) {
    case MO_JSON_NULL: return true;
    case MO_JSON_STRING: return mo_str_blank(mo_json_text(value));
    case MO_JSON_ARRAY:
    case MO_JSON_OBJECT:
        for (const struct mo_json *e = mo_json_first(value); e; e = mo_json_next(e))
            if (!mo_json_says_nothing(e))
                return false;
        return true;
    default: return false;
    }
}

/* ---- Making ---- */

struct mo_json *
mo_json_new(struct mo_arena *arena, enum mo_json_kind kind)
{
    struct mo_json *value = mo_arena_alloc(arena, sizeof *value);

    if (value)
        *value = (struct mo_json){.kind = (unsigned char)kind};
    return value;
}

bool
mo_json_append(struct mo_json *parent, struct mo_json ***end, struct mo_str key,
    struct mo_json *value)
{
    bool object = parent->kind == MO_JSON_OBJECT, twice = false;
    uint64_t bit;

    value->key = key;
    value->tag = object ? mo_json_tag(key) : 0;
    value->next = NULL;
    **end = value;
    *end = &value->next;
    bit = mo_json_bit(value->tag);
    if (object && (parent->keys & bit))
        twice = is_twin(parent, value);
    parent->keys |= bit;
    return twice;
}

bool
mo_json_same(const struct mo_json *a, const struct mo_json *b)
{
    const struct mo_json *x = mo_json_first(a), *y = mo_json_first(b);

    if (a->kind != b->kind || !mo_str_eq(mo_json_text(a), mo_json_text(b)))
        return false;
    while (x && y && mo_str_eq(x->key, y->key) && mo_json_same(x, y)) {
        x = x->next;
        y = y->next;
    }
    return !x && !y;
}

/* ---- Writing ---- */

static void
put_children(struct mo_buf *out, const struct mo_json *value, bool keys)
{
    const char *before = "";

    for (const struct mo_json *m = mo_json_first(value); m; m = mo_json_next(m)) {
        mo_buf_c(out, before);
        before = ",";
        if (keys) {
            mo_json_string(out, mo_json_key(m));
            mo_buf_byte(out, ':');
        }
        mo_json_put(out, m);
    }
}

void
mo_json_put(struct mo_buf *out, const struct mo_json *value)
{
    switch (mo_json_kind(value)) {
    case MO_JSON_NULL: mo_buf_c(out, "null"); break;
    case MO_JSON_FALSE: mo_buf_c(out, "false"); break;
    case MO_JSON_TRUE: mo_buf_c(out, "true"); break;
    case MO_JSON_NUMBER: mo_buf_str(out, mo_json_text(value)); break;
    case MO_JSON_STRING: mo_json_string(out, mo_json_text(value)); break;
    case MO_JSON_ARRAY:
        mo_buf_byte(out, '[');
        put_children(out, value, false);
        mo_buf_byte(out, ']');
        break;
    case MO_JSON_OBJECT:
        mo_buf_byte(out, '{');
        put_children(out, value, true);
        mo_buf_byte(out, '}');
        break;
    }
}
