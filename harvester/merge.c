#include "merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

enum { MAX_FILE = 1 << 30 };

/* ---- The fields ---- */

/* Fields that someone may have edited on the platform. Lists can be united. */
static const struct field {
    const char *name;
    bool list;
    const char *key; /* what two members of the list are the same by; NULL: all of it */
} fields[] = {
    {"title", false, NULL},
    {"acronym", false, NULL},
    {"description", false, NULL},
    {"description_short", false, NULL},
    {"tags", true, NULL},
    {"license", false, NULL},
    {"frequency", false, NULL},
    {"frequency_date", false, NULL},
    {"temporal_coverage", false, NULL},
    {"spatial", false, NULL},
    {"schema", false, NULL},
    {"access_type", false, NULL},
    {"private", false, NULL},
    {"contact_points", true, "name"},
    {"resources", true, "url"},
    {"extras", true, NULL},
};

static const struct field *
field_named(const char *name)
{
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; ++i)
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    return NULL;
}

bool
merge_keeps(const char *name)
{
    return field_named(name) != NULL;
}

bool
merge_unites(const char *name)
{
    const struct field *field = field_named(name);

    return field && field->list;
}

/* ---- What the platform has ---- */

struct known {
    const char *key; /* harvest.uri or harvest.remote_id */
    const cJSON *object;
};

struct merge {
    cJSON **values; /* of the file */
    size_t n_values;
    struct known *known; /* sorted */
    size_t n, cap;
};

static int
by_key(const void *a, const void *b)
{
    return strcmp(((const struct known *)a)->key, ((const struct known *)b)->key);
}

static const char *
harvested_as(const cJSON *object, const char *name)
{
    const cJSON *harvest = cJSON_GetObjectItemCaseSensitive(object, "harvest");

    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(harvest, name));
}

static int
add(struct merge *m, const char *key, const cJSON *object)
{
    if (!key)
        return 0;
    if (m->n == m->cap) {
        size_t cap = m->cap ? 2 * m->cap : 256;
        struct known *grown = realloc(m->known, cap * sizeof *grown);

        if (!grown)
            return -1;
        m->known = grown;
        m->cap = cap;
    }
    m->known[m->n++] = (struct known){key, object};
    return 0;
}

static int
add_value(struct merge *m, cJSON *value)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(value, "data");
    cJSON **grown = realloc(m->values, (m->n_values + 1) * sizeof(cJSON *));

    if (!grown) {
        cJSON_Delete(value);
        return -1;
    }
    m->values = grown;
    m->values[m->n_values++] = value;
    if (cJSON_IsArray(value))
        list = value;
    if (!cJSON_IsArray(list))
        return add(m, harvested_as(value, "uri"), value) ||
                       add(m, harvested_as(value, "remote_id"), value)
                   ? -1
                   : 0;
    for (const cJSON *o = list->child; o; o = o->next)
        if (add(m, harvested_as(o, "uri"), o) || add(m, harvested_as(o, "remote_id"), o))
            return -1;
    return 0;
}

static char *
read_file(const char *file, size_t *n)
{
    FILE *in = fopen(file, "r");
    char *text = NULL;
    size_t cap = 0, got = 1;

    *n = 0;
    while (in && got > 0 && *n < MAX_FILE) {
        if (*n + 1 >= cap) {
            char *grown = realloc(text, cap = cap ? 2 * cap : 1 << 16);

            if (!grown)
                break;
            text = grown;
        }
        got = fread(text + *n, 1, cap - *n - 1, in);
        *n += got;
    }
    if (!in || ferror(in) || got > 0) {
        free(text);
        text = NULL;
    } else {
        text[*n] = '\0';
    }
    if (in)
        fclose(in);
    return text;
}

static size_t
line_of(const char *text, const char *at)
{
    size_t line = 1;

    for (; text < at; ++text)
        line += *text == '\n';
    return line;
}

struct merge *
merge_read(const char *file, size_t *line)
{
    struct merge *m = calloc(1, sizeof *m);
    size_t n;
    char *text = read_file(file, &n);
    const char *at = text, *end = text;
    int failed = !m || !text;

    *line = 0;
    while (!failed && at < text + n) {
        at += strspn(at, " \t\r\n,");
        if (at < text + n) {
            cJSON *value =
                cJSON_ParseWithLengthOpts(at, (size_t)(text + n - at), &end, false);

            *line = line_of(text, end ? end : at);
            failed = !value || add_value(m, value);
            at = end;
        }
    }
    free(text);
    if (failed) {
        merge_free(m);
        return NULL;
    }
    if (m->n)
        qsort(m->known, m->n, sizeof *m->known, by_key);
    return m;
}

void
merge_free(struct merge *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->n_values; ++i)
        cJSON_Delete(m->values[i]);
    free(m->values);
    free(m->known);
    free(m);
}

/* The same record on the platform: by its address, else by its identifier there. */
static const cJSON *
find(const struct merge *m, const cJSON *record)
{
    static const char *const names[] = {"uri", "remote_id"};

    for (size_t i = 0; m && m->n && i < 2; ++i) {
        struct known wanted = {.key = harvested_as(record, names[i])};
        const struct known *found =
            wanted.key ? bsearch(&wanted, m->known, m->n, sizeof *m->known, by_key)
                       : NULL;

        if (found)
            return found->object;
    }
    return NULL;
}

/* ---- Merging ---- */

static bool
is_empty(const cJSON *value)
{
    return !value || cJSON_IsNull(value) ||
           (cJSON_IsString(value) && !value->valuestring[0]) ||
           ((cJSON_IsArray(value) || cJSON_IsObject(value)) && !value->child);
}

static bool
same_value(const cJSON *a, const cJSON *b, const char *name)
{
    a = cJSON_GetObjectItemCaseSensitive(a, name);
    b = cJSON_GetObjectItemCaseSensitive(b, name);
    return a && b && cJSON_Compare(a, b, true);
}

/* A resource that has moved, as a distribution does: only the query is another. */
static bool
has_moved(const cJSON *a, const cJSON *b)
{
    const char *here = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(a, "url"));
    const char *there = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(b, "url"));
    size_t n = here ? strcspn(here, "?#") : 0;

    return here && there && strcspn(there, "?#") == n && memcmp(here, there, n) == 0 &&
           same_value(a, b, "title") && same_value(a, b, "format");
}

static bool
same_member(const cJSON *a, const cJSON *b, const char *key)
{
    return key && cJSON_IsObject(a) && cJSON_IsObject(b)
               ? same_value(a, b, key) || has_moved(a, b)
               : a && b && cJSON_Compare(a, b, true);
}

static bool
has_member(const cJSON *list, const cJSON *value, const char *key)
{
    for (const cJSON *v = list->child; v; v = v->next)
        if (same_member(v, value, key))
            return true;
    return false;
}

/* The platform's value counts, if it has one. */
static bool
keep(cJSON *record, const cJSON *present, const char *name)
{
    const cJSON *theirs = cJSON_GetObjectItemCaseSensitive(present, name);
    const cJSON *ours = cJSON_GetObjectItemCaseSensitive(record, name);

    if (is_empty(theirs) || (ours && cJSON_Compare(ours, theirs, true)))
        return false;
    if (ours)
        cJSON_ReplaceItemInObjectCaseSensitive(
            record, name, cJSON_Duplicate(theirs, true));
    else
        cJSON_AddItemToObject(record, name, cJSON_Duplicate(theirs, true));
    return true;
}

/* Ours, and behind it what only the platform has. */
static bool
unite(cJSON *record, const cJSON *present, const struct field *field)
{
    const cJSON *theirs = cJSON_GetObjectItemCaseSensitive(present, field->name);
    cJSON *ours = cJSON_GetObjectItemCaseSensitive(record, field->name);
    bool changed = false;

    if (is_empty(theirs))
        return false;
    if (is_empty(ours) || ours->type != theirs->type)
        return keep(record, present, field->name);
    for (const cJSON *v = theirs->child; v; v = v->next) {
        if (cJSON_IsObject(ours) ? cJSON_HasObjectItem(ours, v->string)
                                 : has_member(ours, v, field->key))
            continue;
        if (cJSON_IsObject(ours))
            cJSON_AddItemToObject(ours, v->string, cJSON_Duplicate(v, true));
        else
            cJSON_AddItemToArray(ours, cJSON_Duplicate(v, true));
        changed = true;
    }
    return changed;
}

static bool
add_tags(cJSON *record, const struct words *tags)
{
    cJSON *list = cJSON_GetObjectItemCaseSensitive(record, "tags");
    bool changed = false;

    for (size_t i = 0; cJSON_IsArray(list) && i < tags->n; ++i) {
        cJSON *tag = cJSON_CreateString(tags->text[i]);

        if (has_member(list, tag, NULL)) {
            cJSON_Delete(tag);
            continue;
        }
        cJSON_AddItemToArray(list, tag);
        changed = true;
    }
    return changed;
}

/*
 * A licence that nobody at the source has given, which the record says. One that is
 * given but not known stands in the extras, and counts.
 */
static bool
add_licence(cJSON *record, const char *licence)
{
    const cJSON *ours = cJSON_GetObjectItemCaseSensitive(record, "license");
    const char *id = cJSON_GetStringValue(ours);
    cJSON *extras = cJSON_GetObjectItemCaseSensitive(record, "extras");
    const cJSON *dcat = cJSON_GetObjectItemCaseSensitive(extras, "dcat");

    if (!licence[0] || !cJSON_IsObject(extras) || cJSON_HasObjectItem(dcat, "license") ||
        cJSON_HasObjectItem(dcat, "rights") || !ours ||
        (!is_empty(ours) && strcmp(id ? id : "", "notspecified")))
        return false;
    cJSON_ReplaceItemInObjectCaseSensitive(
        record, "license", cJSON_CreateString(licence));
    cJSON_AddStringToObject(extras, "moisson:default-license", licence);
    return true;
}

/* Move the members that come behind the owner, in their order. */
static void
move_behind(cJSON *from, cJSON *to)
{
    static const char *const names[] = {"contact_points", "resources", "extras"};
    cJSON *member = NULL;

    for (size_t i = 0; !member && i < sizeof names / sizeof names[0]; ++i)
        member = cJSON_GetObjectItemCaseSensitive(from, names[i]);
    while (to && member) {
        cJSON *next = member->next;

        cJSON_AddItemToArray(to, cJSON_DetachItemViaPointer(from, member));
        member = next;
    }
}

/* All records belong to one organisation, of which the settings know the id alone. */
static bool
set_organization(cJSON *record, const char *id)
{
    const cJSON *ours = cJSON_GetObjectItemCaseSensitive(record, "organization");
    const char *said = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(ours, "id"));
    cJSON *organization, *behind;

    if (!id[0] || (said && strcmp(said, id) == 0))
        return false;
    cJSON_DeleteItemFromObjectCaseSensitive(record, "owner");
    cJSON_DeleteItemFromObjectCaseSensitive(record, "organization");
    behind = cJSON_CreateObject();
    move_behind(record, behind);
    organization = cJSON_AddObjectToObject(record, "organization");
    cJSON_AddStringToObject(organization, "id", id);
    cJSON_AddNullToObject(organization, "name");
    while (behind && behind->child)
        cJSON_AddItemToArray(record, cJSON_DetachItemViaPointer(behind, behind->child));
    cJSON_Delete(behind);
    return true;
}

bool
merge_wanted(const struct source *source, const struct merge *merge)
{
    return source && (source->tags.n || source->licence[0] || source->organization[0] ||
                         (merge && (source->keep.n || source->unite.n)));
}

void
merge_record(const struct merge *merge, const struct source *source, struct mo_str record,
    struct mo_buf *out, size_t *kept)
{
    cJSON *object = cJSON_ParseWithLength(record.p, record.n);
    const cJSON *present = find(merge, object);
    bool changed = false;
    char *text = NULL;

    for (size_t i = 0; present && i < source->keep.n; ++i)
        if (keep(object, present, source->keep.text[i])) {
            changed = true;
            ++*kept;
        }
    for (size_t i = 0; present && i < source->unite.n; ++i)
        if (unite(object, present, field_named(source->unite.text[i]))) {
            changed = true;
            ++*kept;
        }
    if (cJSON_IsObject(object)) {
        changed |= add_tags(object, &source->tags);
        changed |= add_licence(object, source->licence);
        changed |= set_organization(object, source->organization);
    }
    if (changed)
        text = cJSON_PrintUnformatted(object);
    if (text)
        mo_buf_c(out, text);
    else
        mo_buf_str(out, record);
    cJSON_free(text);
    cJSON_Delete(object);
}
