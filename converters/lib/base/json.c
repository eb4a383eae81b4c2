#include "base/json.h"

#include <moisson/buf.h>
#include <moisson/text.h>

#include <cjson/cJSON.h>
#include <stdint.h>
#include <stdlib.h>

#include "ctype.h"

/*
 * cJSON gets a copy of the text in which each number is a string that begins with
 * this byte, which no valid UTF-8 contains.
 */
#define NUMBER '\xFF'
#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

struct cook {
    struct mo_str in;
    size_t at;
    struct mo_buf out;
    size_t depth, max_depth;
    enum mo_json_fault fault;
};

static bool
fail(struct cook *cook, enum mo_json_fault fault)
{
    cook->fault = fault;
    return false;
}

static char
peek(const struct cook *cook)
{
    return cook->at < cook->in.n ? cook->in.p[cook->at] : '\0';
}

static size_t
skip_digits(struct cook *cook)
{
    size_t from = cook->at;

    while (mo_is_digit(peek(cook)))
        ++cook->at;
    return cook->at - from;
}

/* RFC 8259, 6 */
static bool
cook_number(struct cook *cook)
{
    size_t from = cook->at;

    if (peek(cook) == '-')
        ++cook->at;
    if (peek(cook) == '0')
        ++cook->at;
    else if (!skip_digits(cook))
        return fail(cook, MO_JSON_SYNTAX);
    if (peek(cook) == '.') {
        ++cook->at;
        if (!skip_digits(cook))
            return fail(cook, MO_JSON_SYNTAX);
    }
    if (peek(cook) == 'e' || peek(cook) == 'E') {
        ++cook->at;
        if (peek(cook) == '+' || peek(cook) == '-')
            ++cook->at;
        if (!skip_digits(cook))
            return fail(cook, MO_JSON_SYNTAX);
    }
    mo_buf_byte(&cook->out, '"');
    mo_buf_byte(&cook->out, NUMBER);
    mo_buf_add(&cook->out, cook->in.p + from, cook->at - from);
    mo_buf_byte(&cook->out, '"');
    return true;
}

static int
four_hex(const struct cook *cook, size_t at)
{
    int value = 0;

    for (size_t i = at; i < at + 4; ++i) {
        int digit = i < cook->in.n ? mo_hex_digit(cook->in.p[i]) : -1;

        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

/* A backslash and what it escapes; surrogates must come in pairs. */
static bool
cook_escape(struct cook *cook)
{
    size_t from = cook->at;
    int unit, low;

    if (cook->in.n - from < 2)
        return fail(cook, MO_JSON_SYNTAX);
    if (cook->in.p[from + 1] != 'u') {
        if (!strchr("\"\\/bfnrt", cook->in.p[from + 1]) || !cook->in.p[from + 1])
            return fail(cook, MO_JSON_SYNTAX);
        cook->at += 2;
    } else {
        unit = four_hex(cook, from + 2);
        if (unit < 0 || (unit >= 0xDC00 && unit <= 0xDFFF))
            return fail(cook, MO_JSON_SYNTAX);
        cook->at += 6;
        if (unit >= 0xD800 && unit <= 0xDBFF) {
            low = peek(cook) == '\\' ? four_hex(cook, cook->at + 2) : -1;
            if (low < 0xDC00 || low > 0xDFFF || cook->in.p[cook->at + 1] != 'u')
                return fail(cook, MO_JSON_SYNTAX);
            cook->at += 6;
        } else if (unit == 0) {
            mo_buf_c(&cook->out, REPLACEMENT);
            return true;
        }
    }
    mo_buf_add(&cook->out, cook->in.p + from, cook->at - from);
    return true;
}

/* RFC 8259, 7 */
static bool
cook_string(struct cook *cook)
{
    mo_buf_byte(&cook->out, '"');
    ++cook->at;
    for (;;) {
        size_t from = cook->at, bad;
        char c;

        while (cook->at < cook->in.n && (unsigned char)(c = peek(cook)) >= 0x20 &&
               c != '"' && c != '\\')
            ++cook->at;
        bad = mo_utf8_bad(mo_str_n(cook->in.p + from, cook->at - from));
        if (bad < cook->at - from) {
            cook->at = from + bad;
            return fail(cook, MO_JSON_SYNTAX);
        }
        mo_buf_add(&cook->out, cook->in.p + from, cook->at - from);
        if (cook->at == cook->in.n || (unsigned char)peek(cook) < 0x20)
            return fail(cook, MO_JSON_SYNTAX);
        if (peek(cook) == '"')
            break;
        if (!cook_escape(cook))
            return false;
    }
    ++cook->at;
    mo_buf_byte(&cook->out, '"');
    return true;
}

/* Strings and numbers are checked and rewritten; the rest is for cJSON to judge. */
static bool
cook_text(struct cook *cook)
{
    while (cook->at < cook->in.n) {
        char c = peek(cook);

        if (c == '"') {
            if (!cook_string(cook))
                return false;
            continue;
        }
        if (c == '-' || mo_is_digit(c)) {
            if (!cook_number(cook))
                return false;
            continue;
        }
        if ((c == '{' || c == '[') && ++cook->depth > cook->max_depth)
            return fail(cook, MO_JSON_TOO_DEEP);
        if (c == '}' || c == ']')
            --cook->depth;
        else if ((unsigned char)c >= 0x80 || (unsigned char)c < '\t')
            return fail(cook, MO_JSON_SYNTAX);
        mo_buf_byte(&cook->out, c);
        ++cook->at;
    }
    return true;
}

/* The place in the text that became byte `target` of the copy. */
static size_t
place_of(struct mo_str text, size_t max_depth, size_t target)
{
    struct cook cook = {.in = text, .max_depth = max_depth};
    size_t place = 0;

    mo_buf_init(&cook.out, SIZE_MAX);
    while (cook.at < text.n && cook.out.n <= target && !cook.out.failed) {
        struct mo_str whole = cook.in;
        char c = peek(&cook);

        place = cook.at;
        cook.depth = 1;
        if (c == '"' || c == '-' || mo_is_digit(c)) {
            if (!(c == '"' ? cook_string(&cook) : cook_number(&cook)))
                break;
        } else {
            mo_buf_byte(&cook.out, c);
            ++cook.at;
        }
        cook.in = whole;
    }
    if (cook.out.n <= target)
        place = cook.at;
    mo_buf_done(&cook.out);
    return place;
}

/* Where cJSON gave up; one byte earlier when it wanted a key and met something else. */
static size_t
fault_in(const struct cook *cook, const char *end)
{
    size_t at = end ? (size_t)(end - cook->out.p) : 0, before = at ? at - 1 : 0;

    while (before > 0 && mo_is_space(cook->out.p[before - 1]))
        --before;
    if (at > 1 && cook->out.p[at - 1] != '"' && before > 0 &&
        strchr("{,", cook->out.p[before - 1]))
        --at;
    return at;
}

struct mo_json *
mo_json_parse(struct mo_str text, size_t max_depth, struct mo_json_error *error)
{
    struct cook cook = {.in = text, .max_depth = max_depth};
    const char *end = NULL;
    cJSON *root = NULL;

    error->fault = MO_JSON_FINE;
    if (cook.max_depth > MO_JSON_MAX_DEPTH)
        cook.max_depth = MO_JSON_MAX_DEPTH;
    mo_buf_init(&cook.out, SIZE_MAX);
    mo_buf_reserve(&cook.out, text.n + text.n / 16 + 64);
    if (!cook_text(&cook)) {
        error->fault = cook.fault;
        error->offset = cook.at;
    } else if (cook.out.failed) {
        error->fault = MO_JSON_NO_MEMORY;
        error->offset = 0;
    } else {
        root = cJSON_ParseWithLengthOpts(cook.out.p, cook.out.n + 1, &end, true);
        if (!root) {
            error->fault = MO_JSON_SYNTAX;
            error->offset = place_of(text, cook.max_depth, fault_in(&cook, end));
        }
    }
    mo_buf_done(&cook.out);
    return (struct mo_json *)root;
}

void
mo_json_free(struct mo_json *root)
{
    cJSON_Delete((cJSON *)root);
}

static const cJSON *
node(const struct mo_json *value)
{
    return (const cJSON *)value;
}

enum mo_json_kind
mo_json_kind(const struct mo_json *value)
{
    switch (node(value)->type & 0xFF) {
    case cJSON_False: return MO_JSON_FALSE;
    case cJSON_True: return MO_JSON_TRUE;
    case cJSON_Array: return MO_JSON_ARRAY;
    case cJSON_Object: return MO_JSON_OBJECT;
    case cJSON_String:
        return node(value)->valuestring[0] == NUMBER ? MO_JSON_NUMBER : MO_JSON_STRING;
    default: return MO_JSON_NULL;
    }
}

struct mo_str
mo_json_text(const struct mo_json *value)
{
    enum mo_json_kind kind = mo_json_kind(value);

    if (kind == MO_JSON_STRING)
        return mo_str(node(value)->valuestring);
    if (kind == MO_JSON_NUMBER)
        return mo_str(node(value)->valuestring + 1);
    return mo_str("");
}

const struct mo_json *
mo_json_first(const struct mo_json *value)
{
    return value && !(node(value)->type & cJSON_String)
               ? (const struct mo_json *)node(value)->child
               : NULL;
}

const struct mo_json *
mo_json_next(const struct mo_json *value)
{
    return (const struct mo_json *)node(value)->next;
}

struct mo_str
mo_json_key(const struct mo_json *member)
{
    return mo_str(node(member)->string);
}

const struct mo_json *
mo_json_member(const struct mo_json *object, const char *key)
{
    const struct mo_json *found = NULL;

    if (!object || mo_json_kind(object) != MO_JSON_OBJECT)
        return NULL;
    for (const struct mo_json *m = mo_json_first(object); m; m = mo_json_next(m))
        if (node(m)->string[0] == key[0] && strcmp(node(m)->string, key) == 0)
            found = m;
    return found;
}

struct mo_str
mo_json_member_text(const struct mo_json *object, const char *key)
{
    const struct mo_json *m = mo_json_member(object, key);

    return m && mo_json_kind(m) == MO_JSON_STRING ? mo_json_text(m) : mo_str_n(NULL, 0);
}

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
