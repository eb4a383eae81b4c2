#include "changes.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "columns.h"

enum { MAX_VALUE = 200, MAX_DISTRIBUTIONS = 20000, MAX_VALUES = 20000 };

#define DISTRIBUTION "datasetDistribution"

/* ---- Values ---- */

/* The text of a value: of a literal what it says, of a node its IRI, else JSON. */
static char *
text_of(const cJSON *value)
{
    const cJSON *inner = cJSON_IsObject(value) ? value->child : NULL;

    if (cJSON_IsString(value))
        return strdup(value->valuestring);
    if (inner && cJSON_IsString(inner) &&
        (strcmp(inner->string, "@value") == 0 ||
            (strcmp(inner->string, "@id") == 0 && !inner->next)))
        return strdup(inner->valuestring);
    return cJSON_PrintUnformatted(value);
}

static size_t
cut(const char *text, size_t most)
{
    size_t n = strlen(text);

    if (n <= most)
        return n;
    for (n = most; n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80;)
        --n;
    return n;
}

/* All texts of a value, as far as they go into MAX_VALUE bytes. */
static cJSON *
shown(const cJSON *value)
{
    char text[MAX_VALUE + 8];
    size_t n = 0;
    const cJSON *first = cJSON_IsArray(value) ? value->child : value;

    if (!value)
        return cJSON_CreateNull();
    for (const cJSON *v = first; v; v = cJSON_IsArray(value) ? v->next : NULL) {
        char *one = text_of(v);
        size_t length = one ? cut(one, MAX_VALUE - n) : 0;

        memcpy(text + n, one ? one : "", length);
        n += length;
        if (one && one[length]) {
            memcpy(text + n, "...", 3);
            n += 3;
        }
        free(one);
        if (n >= MAX_VALUE - 2)
            break;
        if (cJSON_IsArray(value) && v->next) {
            memcpy(text + n, ", ", 2);
            n += 2;
        }
    }
    text[n] = '\0';
    return cJSON_CreateString(text);
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The values, each as JSON, in order. */
static size_t
sorted(const cJSON *value, char *texts[])
{
    size_t n = 0;

    for (const cJSON *v = value->child; v && n < MAX_VALUES; v = v->next)
        if ((texts[n] = cJSON_PrintUnformatted(v)))
            ++n;
    qsort(texts, n, sizeof *texts, by_text);
    return n;
}

/* Whether two values say the same: of lists, in any order. */
static bool
same(const cJSON *a, const cJSON *b)
{
    size_t n = 0, m = 0;
    char **texts;
    bool equal;

    if (!a || !b || !cJSON_IsArray(a) || !cJSON_IsArray(b))
        return a == b || (a && b && cJSON_Compare(a, b, true));
    texts = calloc(2 * MAX_VALUES, sizeof *texts);
    if (!texts)
        return false;
    n = sorted(a, texts);
    m = sorted(b, texts + n);
    equal = n == m;
    for (size_t i = 0; equal && i < n; ++i)
        equal = strcmp(texts[i], texts[n + i]) == 0;
    for (size_t i = 0; i < n + m; ++i)
        cJSON_free(texts[i]);
    free(texts);
    return equal;
}

/* ---- Distributions ---- */

struct distribution {
    const cJSON *json;
    const char *url, *id;
    char *title, *format;
    bool paired;
};

static char *
first_text(const cJSON *object, const char *const keys[])
{
    for (; *keys; ++keys) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, *keys);

        if (cJSON_IsArray(value))
            value = value->child;
        if (value)
            return text_of(value);
    }
    return NULL;
}

static void
look_at(const cJSON *json, struct distribution *d)
{
    static const char *const titles[] = {"title", NULL};
    static const char *const formats[] = {"format", "http://purl.org/dc/terms/format",
        "mediaType", "http://www.w3.org/ns/dcat#mediaType", NULL};
    static const char *const urls[] = {"downloadUrl", "accessUrl", NULL};

    *d = (struct distribution){.json = json};
    for (size_t i = 0; urls[i] && !d->url; ++i) {
        const cJSON *url = cJSON_GetObjectItemCaseSensitive(json, urls[i]);

        if (cJSON_IsArray(url))
            url = url->child;
        d->url = cJSON_GetStringValue(url);
    }
    d->id = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "@id"));
    if (d->id && strncmp(d->id, "_:", 2) == 0)
        d->id = NULL;
    d->title = first_text(json, titles);
    d->format = first_text(json, formats);
}

static size_t
distributions_of(const cJSON *record, struct distribution **list)
{
    const cJSON *values = cJSON_GetObjectItemCaseSensitive(record, DISTRIBUTION);
    size_t n = 0;

    *list = calloc((size_t)cJSON_GetArraySize(values) + 1, sizeof **list);
    for (const cJSON *v = values ? values->child : NULL;
         *list && v && n < MAX_DISTRIBUTIONS; v = v->next)
        look_at(v, &(*list)[n++]);
    return n;
}

static void
release(struct distribution *list, size_t n)
{
    for (size_t i = 0; i < n; ++i) {
        free(list[i].title);
        free(list[i].format);
    }
    free(list);
}

static bool
eq(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool
same_address(const struct distribution *a, const struct distribution *b)
{
    return a->url && b->url && strcmp(a->url, b->url) == 0 && eq(a->title, b->title);
}

static bool
same_address_alone(const struct distribution *a, const struct distribution *b)
{
    return a->url && b->url && strcmp(a->url, b->url) == 0;
}

static bool
same_node(const struct distribution *a, const struct distribution *b)
{
    return a->id && b->id && strcmp(a->id, b->id) == 0;
}

static bool
same_but_for_query(const struct distribution *a, const struct distribution *b)
{
    size_t n = a->url ? strcspn(a->url, "?#") : 0;

    return a->url && b->url && n == strcspn(b->url, "?#") &&
           strncmp(a->url, b->url, n) == 0 && eq(a->title, b->title) &&
           eq(a->format, b->format);
}

/* Of a record that has moved, distributions have moved too. */
static bool
same_in_moved(const struct distribution *a, const struct distribution *b)
{
    return a->title && eq(a->title, b->title) && eq(a->format, b->format);
}

static bool
same_words(const struct distribution *a, const struct distribution *b)
{
    return !a->url && !b->url && eq(a->title, b->title) && eq(a->format, b->format);
}

static cJSON *
say(cJSON *out, const struct distribution *d, const char *state)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddItemToArray(out, object);
    cJSON_AddStringToObject(object, "distribution",
        d->title    ? d->title
        : d->format ? d->format
                    : "");
    cJSON_AddStringToObject(object, "state", state);
    cJSON_AddStringToObject(object, "url", d->url ? d->url : "");
    return object;
}

static void
say_pair(cJSON *out, const struct distribution *old, const struct distribution *new,
    struct differences *d)
{
    cJSON *fields = NULL, *object;
    bool moved = !eq(old->url, new->url);

    for (const cJSON *v = new->json->child; v; v = v->next)
        if (!same(v, cJSON_GetObjectItemCaseSensitive(old->json, v->string))) {
            fields = fields ? fields : cJSON_CreateArray();
            cJSON_AddItemToArray(fields, cJSON_CreateString(v->string));
        }
    for (const cJSON *v = old->json->child; v; v = v->next)
        if (!cJSON_GetObjectItemCaseSensitive(new->json, v->string)) {
            fields = fields ? fields : cJSON_CreateArray();
            cJSON_AddItemToArray(fields, cJSON_CreateString(v->string));
        }
    if (!fields)
        return;
    object = say(out, new, moved ? "moved" : "changed");
    d->moved += moved;
    if (moved)
        cJSON_AddStringToObject(object, "was", old->url ? old->url : "");
    cJSON_AddItemToObject(object, "fields", fields);
}

static void
compare_distributions(
    const cJSON *old, const cJSON *new, cJSON *out, struct differences *d)
{
    static bool (*const pairs[])(
        const struct distribution *a, const struct distribution *b) = {same_address,
        same_address_alone, same_but_for_query, same_node, same_words, same_in_moved};
    struct distribution *before, *after;
    size_t n = distributions_of(old, &before), m = distributions_of(new, &after);
    bool moved = !same(cJSON_GetObjectItemCaseSensitive(old, "@id"),
        cJSON_GetObjectItemCaseSensitive(new, "@id"));

    for (size_t p = 0; p < sizeof pairs / sizeof pairs[0] - !moved; ++p)
        for (size_t j = 0; j < m; ++j)
            for (size_t i = 0; !after[j].paired && i < n; ++i)
                if (!before[i].paired && pairs[p](&before[i], &after[j])) {
                    before[i].paired = after[j].paired = true;
                    say_pair(out, &before[i], &after[j], d);
                }
    for (size_t j = 0; j < m; ++j)
        if (!after[j].paired) {
            say(out, &after[j], "new");
            ++d->added;
        }
    for (size_t i = 0; i < n; ++i)
        if (!before[i].paired) {
            say(out, &before[i], "gone");
            ++d->removed;
        }
    release(before, n);
    release(after, m);
}

/* ---- Records ---- */

static void
say_field(cJSON *out, const char *name, const cJSON *old, const cJSON *new)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddItemToArray(out, object);
    cJSON_AddStringToObject(object, "field", name);
    cJSON_AddItemToObject(object, "old", shown(old));
    cJSON_AddItemToObject(object, "new", shown(new));
}

static void
compare_fields(const cJSON *old, const cJSON *new, cJSON *out)
{
    for (const cJSON *v = new->child; v; v = v->next) {
        const cJSON *before = cJSON_GetObjectItemCaseSensitive(old, v->string);

        if (strcmp(v->string, DISTRIBUTION) != 0 && !same(v, before))
            say_field(out, v->string, before, v);
    }
    for (const cJSON *v = old->child; v; v = v->next)
        if (strcmp(v->string, DISTRIBUTION) != 0 &&
            !cJSON_GetObjectItemCaseSensitive(new, v->string))
            say_field(out, v->string, v, NULL);
}

void
changes_find(struct mo_str old, struct mo_str new, struct differences *d)
{
    cJSON *before = cJSON_ParseWithLength(old.p, old.n);
    cJSON *after = cJSON_ParseWithLength(new.p, new.n);
    cJSON *out = cJSON_CreateArray();
    char *text;

    if (cJSON_IsObject(before) && cJSON_IsObject(after) && out) {
        compare_fields(before, after, out);
        compare_distributions(before, after, out, d);
    }
    text = cJSON_PrintUnformatted(out);
    mo_buf_c(&d->json, text ? text : "[]");
    cJSON_free(text);
    cJSON_Delete(out);
    cJSON_Delete(before);
    cJSON_Delete(after);
}

/* ---- For people ---- */

static const char *
member(const cJSON *object, const char *name)
{
    const char *text =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));

    return text ? text : "";
}

static void
describe(const cJSON *change, struct mo_buf *line)
{
    const char *state = member(change, "state");
    const cJSON *fields = cJSON_GetObjectItemCaseSensitive(change, "fields");

    if (!state[0]) {
        mo_buf_printf(line, "%s: ", member(change, "field"));
        if (cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(change, "old")))
            mo_buf_printf(line, "+ %s", member(change, "new"));
        else if (cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(change, "new")))
            mo_buf_printf(line, "- %s", member(change, "old"));
        else
            mo_buf_printf(line, "%s -> %s", member(change, "old"), member(change, "new"));
        return;
    }
    mo_buf_printf(line, "distribution %s: %s", state, member(change, "distribution"));
    if (strcmp(state, "moved") == 0)
        mo_buf_printf(line, ", %s -> %s", member(change, "was"), member(change, "url"));
    else if (strcmp(state, "changed") == 0)
        for (const cJSON *f = fields ? fields->child : NULL; f; f = f->next)
            mo_buf_printf(line, ", %s", f->valuestring ? f->valuestring : "");
    else
        mo_buf_printf(line, ", %s", member(change, "url"));
}

void
changes_print(
    FILE *out, struct mo_str json, const char *indent, size_t width, size_t most)
{
    cJSON *changes = cJSON_ParseWithLength(json.p, json.n);
    struct mo_buf line;
    size_t n = 0;

    mo_buf_init(&line, 1 << 20);
    for (const cJSON *c = changes ? changes->child : NULL; c; c = c->next) {
        if (n++ >= most)
            continue;
        mo_buf_clear(&line);
        describe(c, &line);
        fputs(indent, out);
        columns_text(
            out, mo_buf_view(&line), width > strlen(indent) ? width - strlen(indent) : 0);
        fputc('\n', out);
    }
    if (n > most)
        fprintf(out, "%s(+%zu)\n", indent, n - most);
    mo_buf_done(&line);
    cJSON_Delete(changes);
}
