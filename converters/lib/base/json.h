/*
 * Reading JSON (RFC 8259) into a tree that lives in an arena; texts without escapes stay
 * where they were read. Numbers keep their lexical form. U+0000, which neither XML nor a C
 * string can hold, reads as U+FFFD.
 */
#ifndef MO_BASE_JSON_H
#define MO_BASE_JSON_H

#include <stdint.h>

#include <moisson/arena.h>
#include <moisson/json.h>
#include <moisson/str.h>

enum mo_json_kind {
    MO_JSON_NULL,
    MO_JSON_FALSE,
    MO_JSON_TRUE,
    MO_JSON_NUMBER,
    MO_JSON_STRING,
    MO_JSON_ARRAY,
    MO_JSON_OBJECT
};

/* A value; look at it with the functions below. */
struct mo_json {
    struct mo_json *next;
    struct mo_str key;
    uint32_t tag; /* of the key */
    unsigned char kind;
    union {
        struct mo_str text; /* of strings and numbers */
        struct {            /* of arrays and objects */
            struct mo_json *first;
            uint64_t keys; /* a bit for each key; several may have the same */
        };
    };
};

enum mo_json_fault { MO_JSON_FINE, MO_JSON_SYNTAX, MO_JSON_TOO_DEEP, MO_JSON_NO_MEMORY };

struct mo_json_error {
    enum mo_json_fault fault;
    size_t offset; /* bytes into the text */
    bool twice;    /* a key stands twice in some object: see mo_json_settle */
};

/* Levels that can be asked for. */
enum { MO_JSON_MAX_DEPTH = 512 };

/*
 * Parse one value, with white space around it. All of it lives in `arena`, or in `text`,
 * which must live as long. NULL with `*error` set when it is not JSON or nests deeper than
 * `max_depth`.
 */
struct mo_json *mo_json_parse_in(struct mo_arena *arena, struct mo_str text,
    size_t max_depth, struct mo_json_error *error);

/* The same of a copy, with memory of its own: you own the result (mo_json_free). */
struct mo_json *mo_json_parse(
    struct mo_str text, size_t max_depth, struct mo_json_error *error);
void mo_json_free(struct mo_json *root);

/*
 * Of members with the same key keep the last, as most do who read JSON (RFC 8259, 4, leaves it
 * open); `twice` is told the key of each one that goes. 0, or -1 when memory is short.
 */
int mo_json_settle(struct mo_arena *arena, struct mo_json *root,
    void (*twice)(void *ctx, struct mo_str key), void *ctx);

static inline enum mo_json_kind
mo_json_kind(const struct mo_json *value)
{
    return (enum mo_json_kind)value->kind;
}

/*
 * The text of a string, unescaped, or of a number, as it was written; else empty.
 * Borrowed from the value.
 */
static inline struct mo_str
mo_json_text(const struct mo_json *value)
{
    return value->kind == MO_JSON_STRING || value->kind == MO_JSON_NUMBER
               ? value->text
               : mo_str_n("", 0);
}

/* First element or member; NULL when there is none, or it is no array or object. */
static inline const struct mo_json *
mo_json_first(const struct mo_json *value)
{
    return value && (value->kind == MO_JSON_ARRAY || value->kind == MO_JSON_OBJECT)
               ? value->first
               : NULL;
}

static inline const struct mo_json *
mo_json_next(const struct mo_json *value)
{
    return value->next;
}

/* The key of a member. */
static inline struct mo_str
mo_json_key(const struct mo_json *member)
{
    return member->key;
}

/* What most keys that differ differ in, and a bit for each. */
static inline uint32_t
mo_json_tag(struct mo_str key)
{
    return key.n ? (uint32_t)key.n << 16 | (uint32_t)(unsigned char)key.p[0] << 8 |
                       (unsigned char)key.p[key.n - 1]
                 : 0;
}

static inline uint64_t
mo_json_bit(uint32_t tag)
{
    return UINT64_C(1) << (tag * UINT32_C(0x9E3779B1) >> 26);
}

/* Whether it is an object that may have a member with one of these bits. */
static inline bool
mo_json_may_have(const struct mo_json *object, uint64_t bits)
{
    return object && object->kind == MO_JSON_OBJECT && (object->keys & bits);
}

/* The last member of this name and tag in an object, or NULL. */
const struct mo_json *mo_json_find_tagged(
    const struct mo_json *object, struct mo_str key, uint32_t tag);

/* The last member of this name, or NULL; NULL also for a NULL or other value. */
static inline const struct mo_json *
mo_json_find(const struct mo_json *object, struct mo_str key)
{
    uint32_t tag = mo_json_tag(key);

    return mo_json_may_have(object, mo_json_bit(tag))
               ? mo_json_find_tagged(object, key, tag)
               : NULL;
}

static inline const struct mo_json *
mo_json_member(const struct mo_json *object, const char *key)
{
    return mo_json_find(object, mo_str(key));
}

/*
 * Values that are made, not read. A new one in `arena`; NULL: no memory. Put it behind the others
 * in an array, or under `key` in an object: `*end` is where the next one goes, at first
 * &parent->first. True when a member before it has its key: see mo_json_settle.
 */
struct mo_json *mo_json_new(struct mo_arena *arena, enum mo_json_kind kind);
bool mo_json_append(struct mo_json *parent, struct mo_json ***end, struct mo_str key,
    struct mo_json *value);

/* Whether both are written the same. */
bool mo_json_same(const struct mo_json *a, const struct mo_json *b);

/* Whether it is NULL, null, white space, or an array or object of nothing else. */
bool mo_json_says_nothing(const struct mo_json *value);

/* Value of the string member of this name, or an empty text with a NULL pointer. */
static inline struct mo_str
mo_json_member_text(const struct mo_json *object, const char *key)
{
    const struct mo_json *m = mo_json_member(object, key);

    return m && mo_json_kind(m) == MO_JSON_STRING ? mo_json_text(m) : mo_str_n(NULL, 0);
}

/*
 * Append `text` as a JSON string, as it stands inside of another: what JSON within JSON is made
 * of, without escaping the whole again.
 */
void mo_json_string_within(struct mo_buf *out, struct mo_str text);

/*
 * Append the value as it was read, numbers as they were written, without white space. A
 * value nests no deeper than it was parsed.
 */
void mo_json_put(struct mo_buf *out, const struct mo_json *value);

#endif
