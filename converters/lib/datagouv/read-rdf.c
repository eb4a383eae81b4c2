#include <stdio.h>
#include <stdlib.h>

#include <moisson/iri.h>

#include "datagouv/read.h"

/* What a record keeps: 10,000 statements and some, by far; and members of "fields". */
enum { MAX_STATEMENTS = 50000, MAX_ENTRIES = 64 };

/* ---- The nodes that objects are about ---- */

static struct kept_node *
note(struct gouv *r, struct mo_term *node, const struct mo_json *object, const char *kind)
{
    if (r->n_kept == r->cap_kept) {
        size_t cap = r->cap_kept ? 2 * r->cap_kept : 16;
        struct kept_node *grown = realloc(r->kept, cap * sizeof *grown);

        if (!grown) {
            mo_input_trouble(&r->in);
            return NULL;
        }
        r->kept = grown;
        r->cap_kept = cap;
    }
    r->kept[r->n_kept++] =
        (struct kept_node){.node = node, .object = object, .kind = kind};
    node->number = (uint32_t)r->n_kept;
    return &r->kept[r->n_kept - 1];
}

/* ---- What the fields give ---- */

/* The field of this kind of object that is made from the property, or NULL. */
static const struct field *
field_of(struct gouv *r, const char *kind, uint16_t property)
{
    const struct field *field;
    size_t n;

    field = mo_fields_of((const struct datagouv *)r->again, kind, &n);
    for (; property && n > 0; --n, ++field)
        for (size_t k = 0; k < field->n_sources; ++k)
            if (field->sources[k] == property)
                return field;
    return NULL;
}

static const struct mo_json *
value_of(const struct mo_json *object, const struct field *field)
{
    for (size_t i = 0; i < field->n_steps; ++i)
        object = mo_json_find(object, field->steps[i]);
    return object;
}

/* What a key of DCAT-AP JSON, or an IRI, stands for. */
static struct mo_term *
property_of(struct gouv *r, struct mo_str name)
{
    const struct mo_vocab *v = r->in.reader.options.vocab;
    const struct mo_key *key = mo_vocab_key_named(v, name);

    return mo_input_must(&r->in, key ? mo_graph_known(r->in.graph, key->property)
                                     : mo_graph_iri(r->in.graph, name));
}

static struct mo_term *
given_term(struct gouv *r, struct mo_str text, bool iri, struct mo_str lang)
{
    return iri ? mo_input_iri(&r->in, text)
               : mo_input_literal(&r->in, text, mo_str(""), lang);
}

/* With the white space that stood around it. */
static struct mo_str
spaced(struct gouv *r, struct mo_str text, const struct mo_json *entry)
{
    const struct mo_json *before = NULL, *behind = NULL;

    if (mo_json_kind(entry) == MO_JSON_ARRAY && mo_json_first(entry))
        before = mo_json_next(mo_json_first(entry));
    behind = before ? mo_json_next(before) : NULL;
    if (!behind)
        return text;
    mo_buf_clear(&r->scratch);
    mo_buf_str(&r->scratch, mo_json_text(before));
    mo_buf_str(&r->scratch, text);
    mo_buf_str(&r->scratch, mo_json_text(behind));
    if (r->scratch.failed)
        mo_input_trouble(&r->in);
    return mo_buf_view(&r->scratch);
}

/* "digest@language" or "<digest>": what is said, and of what text. False: neither. */
static bool
read_entry(struct mo_str entry, bool *iri, struct mo_str *lang, uint32_t *digest)
{
    char hex[9], *end;

    *iri = mo_str_starts(entry, mo_str("<"));
    if (*iri)
        entry = mo_str_from(entry, 1);
    if (entry.n < 8)
        return false;
    memcpy(hex, entry.p, 8);
    hex[8] = '\0';
    *digest = (uint32_t)strtoul(hex, &end, 16);
    *lang = mo_str_from(entry, entry.n > 8 && entry.p[8] == '@' ? 9 : entry.n);
    return *end == '\0';
}

static void
put_first(struct mo_term *node)
{
    struct mo_stmt *last = node->last, *s = node->first;

    if (!last || s == last)
        return;
    while (s->next != last)
        s = s->next;
    s->next = NULL;
    node->last = s;
    last->next = node->first;
    node->first = last;
}

void
mo_gouv_edited(struct gouv *r, const struct kept_node *k, const struct field *field,
    struct mo_str value)
{
    bool resource = strcmp(k->kind, "resource") == 0;
    char name[96];

    snprintf(name, sizeof name, "%s" MO_FMT, resource ? "resources." : "",
        MO_ARG(field->path));
    mo_gouv_tell(r, MO_DIAG_EDITED_FIELD, value, name);
}

/* One member of "fields": a property whose value a field is. */
static void
read_given(struct gouv *r, struct kept_node *k, const struct mo_json *entry)
{
    bool list = mo_json_kind(entry) == MO_JSON_ARRAY;
    struct mo_term *property = property_of(r, mo_json_key(entry));
    const struct field *field = property ? field_of(r, k->kind, property->known) : NULL;
    const struct mo_json *value = field ? value_of(k->object, field) : NULL;
    struct mo_str text = value ? mo_json_text(value) : mo_str(""), lang;
    const struct mo_json *first = list ? mo_json_first(entry) : entry;
    struct mo_stmt *last = k->node->last;
    uint32_t digest;
    bool iri, edited, *known;

    if (!field || !first || !read_entry(mo_json_text(first), &iri, &lang, &digest))
        return;
    edited = mo_tell_digest(text) != digest;
    known = &k->given[field - ((struct datagouv *)r->again)->fields];
    if (edited && !*known)
        mo_gouv_edited(r, k, field, text);
    *known = true;
    if (edited && mo_str_blank(text))
        return;
    if (!edited)
        text = spaced(r, text, entry);
    mo_input_add(&r->in, k->node, property, given_term(r, text, iri, lang));
    if (k->node->last != last)
        put_first(k->node);
}

static void
read_all_given(struct gouv *r, struct kept_node *k, const struct mo_json *fields)
{
    size_t n = 0;

    for (const struct mo_json *m = mo_json_first(fields);
         m && !r->in.rejected && n++ < MAX_ENTRIES; m = mo_json_next(m))
        if (mo_json_kind(m) == MO_JSON_STRING || mo_json_kind(m) == MO_JSON_ARRAY)
            read_given(r, k, m);
}

/* ---- The strings ---- */

static bool
is_readable(const struct gouv *r)
{
    return !r->simple.general && r->in.graph->n_stmts <= MAX_STATEMENTS;
}

static const struct mo_json *
kept_of(const struct mo_json *object)
{
    return mo_json_member(mo_json_member(object, "extras"), MO_KEPT_KEY);
}

/* What the object keeps, parsed, until the next record. NULL: nothing that can be read. */
static const struct mo_json *
parse_kept(struct gouv *r, const struct mo_json *object)
{
    const struct mo_json *kept = kept_of(object), *first;
    struct mo_json_error error;
    const struct mo_json *json;

    if (!kept)
        return NULL;
    json = mo_json_parse_in(
        r->kept_arena, mo_json_text(kept), r->in.reader.options.max_depth, &error);
    first = json && mo_json_kind(json) == MO_JSON_ARRAY ? mo_json_first(json) : json;
    if (first && mo_json_kind(first) == MO_JSON_OBJECT)
        return json;
    if (!json && error.fault == MO_JSON_NO_MEMORY)
        mo_input_trouble(&r->in);
    else
        mo_gouv_tell(r, MO_DIAG_KEPT_RDF, mo_str(""), "extras." MO_KEPT_KEY);
    return NULL;
}

/* The node of the record: what harvest.uri says, else as it was called. */
static struct mo_term *
begin_root(struct gouv *r, const struct mo_json *object, struct mo_str name)
{
    const struct mo_json *harvest = mo_json_member(object, "harvest");
    struct mo_str uri = mo_str_trim(mo_json_member_text(harvest, "uri"));
    bool blank = name.n == 0 || mo_str_starts(name, mo_str("_:"));

    if (uri.n && !mo_str_eq(uri, mo_str_trim(name)))
        mo_gouv_tell(r, MO_DIAG_EDITED_FIELD, uri, "harvest.uri");
    r->simple.own_name = r->kept_name = name;
    if (uri.n && !mo_str_eq(uri, mo_str_trim(name)))
        r->simple.own = mo_input_iri(&r->in, uri);
    else if (!blank)
        r->simple.own = mo_input_iri(&r->in, name);
    else
        r->simple.own = name.n ? mo_simple_labelled(&r->simple, mo_str_from(name, 2))
                               : mo_input_blank(&r->in);
    return r->simple.own;
}

static struct mo_term *
read_root(struct gouv *r, const struct mo_json *object, const char *kind,
    const struct mo_json *json)
{
    bool array = mo_json_kind(json) == MO_JSON_ARRAY;
    const struct mo_json *first = array ? mo_json_first(json) : json;
    struct mo_term *root;
    struct kept_node *k;

    root = r->subject = begin_root(r, object, mo_json_member_text(first, "@id"));
    if (!root || !(k = note(r, root, object, kind)))
        return NULL;
    mo_simple_members(&r->simple, root, first);
    for (const struct mo_json *m = array ? mo_json_next(first) : NULL; m;
         m = mo_json_next(m))
        mo_simple_node(&r->simple, m);
    read_all_given(r, k, mo_json_member(first, MO_FIELDS_KEY));
    mo_graph_close(r->in.graph, root);
    return is_readable(r) ? root : NULL;
}

/* The object in it that is about the resource: what the first member of it holds. */
static const struct mo_json *
resource_in(const struct mo_json *kept)
{
    const struct mo_json *link = mo_json_first(kept);

    return link && mo_json_kind(link) == MO_JSON_ARRAY ? mo_json_first(link) : link;
}

bool
mo_gouv_is_kept(const struct gouv *r, const struct mo_term *node)
{
    return node->number && node->number <= r->n_kept &&
           r->kept[node->number - 1].node == node;
}

/* Whether a resource before it has the node already, as when it was copied. */
static bool
is_copy(struct gouv *r, const struct mo_json *node)
{
    struct mo_str id = mo_json_member_text(node, "@id");
    const struct mo_term *known;

    if (!id.n)
        return false;
    known = mo_str_starts(id, mo_str("_:"))
                ? mo_graph_find(r->in.graph, MO_BLANK, mo_str_from(id, 2))
                : mo_graph_find(r->in.graph, MO_IRI, id);
    return known && mo_gouv_is_kept(r, known);
}

/* False when the resource keeps nothing that can be used. */
static bool
read_resource(struct gouv *r, struct mo_term *root, const struct mo_json *resource)
{
    const struct mo_json *json = parse_kept(r, resource);
    const struct mo_json *node = json ? resource_in(json) : NULL;
    struct mo_stmt *last = root->last;
    const struct mo_term *property;
    struct kept_node *k;
    bool fine;

    if (!node || is_copy(r, node))
        return false;
    r->simple.general = false;
    mo_simple_members(&r->simple, root, json);
    property = property_of(r, mo_json_key(mo_json_first(json)));
    last = last ? last->next : root->first;
    while (last && last->p != property)
        last = last->next;
    fine = is_readable(r) && last && mo_is_node(last->o);
    if (fine && (k = note(r, last->o, resource, "resource"))) {
        k->part = last->p->known == MO_K_DCT_HAS_PART;
        read_all_given(r, k, mo_json_member(node, MO_FIELDS_KEY));
    } else if (!fine) {
        mo_gouv_tell(r, MO_DIAG_KEPT_RDF, mo_str(""), "resources");
    }
    return fine;
}

/* ---- The record ---- */

static void
push(struct gouv *r, struct mo_term *node)
{
    if (r->n_body == r->cap_body) {
        size_t cap = r->cap_body ? 2 * r->cap_body : 64;
        struct mo_term **grown = realloc(r->body, cap * sizeof(struct mo_term *));

        if (!grown) {
            mo_input_trouble(&r->in);
            return;
        }
        r->body = grown;
        r->cap_body = cap;
    }
    node->packed = r->in.graph->packings;
    r->body[r->n_body++] = node;
}

/* What is reached from r->body[i] on; other records are not. */
static void
flood(struct gouv *r, size_t i)
{
    const struct mo_vocab *v = r->in.reader.options.vocab;

    for (; i < r->n_body && !r->in.rejected; ++i)
        for (const struct mo_stmt *s = r->body[i]->first; s; s = s->next)
            if (mo_is_node(s->o) && s->o->first &&
                s->o->packed != r->in.graph->packings &&
                mo_vocab_role(v, s->o) != MO_ROLE_ROOT)
                push(r, s->o);
}

static bool
is_reached(const struct gouv *r, const struct mo_term *node)
{
    return node->packed == r->in.graph->packings;
}

/* A catalogue record of a node of the record. */
static bool
is_record_of(const struct gouv *r, const struct mo_term *node)
{
    if (mo_vocab_role(r->in.reader.options.vocab, node) != MO_ROLE_RECORD)
        return false;
    for (const struct mo_stmt *s = node->first; s; s = s->next)
        if (s->p->known == MO_K_FOAF_PRIMARY_TOPIC && is_reached(r, s->o))
            return true;
    return false;
}

static struct mo_record
find_body(struct gouv *r, struct mo_term *root)
{
    struct mo_record record = {.root = root};

    ++r->in.graph->packings;
    r->n_body = 0;
    push(r, root);
    flood(r, 0);
    record.n_body = r->n_body;
    for (struct mo_term *s = r->in.graph->subjects; s; s = s->next_subject)
        if (!is_reached(r, s) && s->first && is_record_of(r, s)) {
            push(r, s);
            flood(r, r->n_body - 1);
        }
    record.nodes = r->body;
    record.n_nodes = r->n_body;
    return record;
}

/*
 * Of other nodes only links to the record remain: nothing is said of other records. Where it
 * was tried, that is said if `tell`.
 */
static void
drop_others(struct gouv *r, bool tell)
{
    const struct mo_vocab *v = r->in.reader.options.vocab;

    for (struct mo_term *node = r->in.graph->subjects; node; node = node->next_subject)
        for (struct mo_stmt *s = node->first, *next; s && !is_reached(r, node);
             s = next) {
            next = s->next;
            if (is_reached(r, s->o) && mo_vocab_link(v, s->p))
                continue;
            if (tell)
                mo_gouv_tell(r, MO_DIAG_KEPT_OTHERS, node->text, "extras." MO_KEPT_KEY);
            tell = false;
            mo_gouv_drop(s);
        }
}

/* Texts were taken in the languages that it names, else in French, then English. */
static void
read_languages(struct gouv *r, const struct mo_json *fields)
{
    static const char *const usual[] = {"fr", "en"};
    struct mo_writer_options *o = &r->again->options;
    const struct mo_json *list = mo_json_member(fields, MO_LANGUAGES_KEY);

    o->n_languages = 0;
    for (size_t i = 0; i < 2 && !list; ++i)
        o->languages[o->n_languages++] = mo_str(usual[i]);
    for (const struct mo_json *m = mo_json_first(list);
         m && o->n_languages < MO_MAX_LANGUAGES; m = mo_json_next(m))
        o->languages[o->n_languages++] = mo_json_text(m);
}

static bool
make_again(struct gouv *r)
{
    struct mo_writer_options o = {.vocab = r->in.reader.options.vocab, .now = INT64_MAX};

    if (r->again)
        return true;
    r->again = mo_datagouv_writer_with(&o, r->values);
    if (r->again)
        mo_gouv_prepare_edits(r);
    else
        mo_input_trouble(&r->in);
    return r->again != NULL;
}

/* The rule for resources, by which those that are new are said. */
static const struct rule *
resources_rule(const struct gouv *r)
{
    for (size_t i = 0; i < r->n_rules; ++i)
        if (r->rules[i].object == 'd' && strcmp(r->rules[i].field, "resources") == 0)
            return &r->rules[i];
    return NULL;
}

static void
read_resources(struct gouv *r, struct mo_term *root, size_t count)
{
    const struct rule *rule = resources_rule(r);
    const struct mo_json *list = mo_json_member(r->dataset, "resources");
    struct mo_record record;
    size_t n = 0, i = 0;
    bool *strange;

    for (const struct mo_json *m = mo_json_first(list); m; m = mo_json_next(m))
        ++n;
    strange = calloc(n + 1, sizeof *strange);
    if (!strange) {
        mo_input_trouble(&r->in);
        return;
    }
    if (list && mo_json_kind(list) == MO_JSON_ARRAY)
        for (const struct mo_json *m = mo_json_first(list); m && !r->in.rejected;
             m = mo_json_next(m))
            strange[i++] = !read_resource(r, root, m);
    if (rule && list && mo_json_kind(list) != MO_JSON_ARRAY)
        rule->say(r, root, r->dataset, rule); /* it says that they are not here */
    r->fewer = r->n_kept - 1 < count;
    r->moved = r->n_kept - 1 != count || n != count;
    if (r->moved)
        mo_gouv_tell(r, MO_DIAG_EDITED_FIELD, mo_str(""), "resources");
    record = find_body(r, root);
    drop_others(r, !r->moved);
    mo_gouv_edit(r, &record);
    i = 0;
    if (list && mo_json_kind(list) == MO_JSON_ARRAY && rule)
        for (const struct mo_json *m = mo_json_first(list); m && !r->in.rejected;
             m = mo_json_next(m))
            if (strange[i++])
                mo_gouv_resource(r, root, m, rule);
    free(strange);
}

/* How many resources the record had. */
static size_t
count_in(const struct mo_json *fields)
{
    const struct mo_json *count = mo_json_member(fields, "resources");
    struct mo_str text = count ? mo_json_text(count) : mo_str("");
    size_t n = 0;

    for (size_t i = 0; i < text.n && i < 9 && text.p[i] >= '0' && text.p[i] <= '9'; ++i)
        n = 10 * n + (size_t)(text.p[i] - '0');
    return n;
}

static const struct mo_json *
fields_in(const struct mo_json *json)
{
    return mo_json_member(
        mo_json_kind(json) == MO_JSON_ARRAY ? mo_json_first(json) : json, MO_FIELDS_KEY);
}

struct mo_term *
mo_gouv_kept(struct gouv *r, const struct mo_json *object, const char *kind)
{
    const struct mo_json *json;
    struct mo_term *root;
    struct mo_record record;

    r->n_kept = 0;
    r->moved = false;
    mo_arena_reset(r->kept_arena);
    json = r->dump ? NULL : parse_kept(r, object);
    if (!json || !make_again(r))
        return NULL;
    r->fewer = false;
    read_languages(r, fields_in(json));
    r->simple.general = false;
    ++r->simple.ordinal;
    root = read_root(r, object, kind, json);
    r->simple.own_name = mo_str("");
    if (!root) {
        if (!r->in.rejected)
            mo_gouv_tell(r, MO_DIAG_KEPT_RDF, mo_str(""), "extras." MO_KEPT_KEY);
        mo_input_drop_graph(&r->in);
        mo_input_graph(&r->in);
        return NULL;
    }
    if (r->dataset) {
        read_resources(r, root, count_in(fields_in(json)));
    } else {
        record = find_body(r, root);
        drop_others(r, true);
        mo_gouv_edit(r, &record);
    }
    find_body(r, root);
    drop_others(r, false);
    mo_graph_close(r->in.graph, root);
    return root;
}

/* ---- Beside the records ---- */

void
mo_gouv_beside(struct gouv *r, const struct mo_json *nodes)
{
    bool list = mo_json_kind(nodes) == MO_JSON_ARRAY;

    ++r->simple.ordinal;
    r->simple.own = NULL;
    for (const struct mo_json *m = list ? mo_json_first(nodes) : NULL;
         m && !r->in.rejected; m = mo_json_next(m)) {
        const struct mo_json *part = mo_json_member(m, "partOfRecord");
        bool is_part = part && mo_json_kind(part) == MO_JSON_TRUE;
        struct mo_term *root;

        r->simple.general = false;
        if (!mo_input_graph(&r->in))
            return;
        root = mo_json_kind(m) == MO_JSON_OBJECT ? mo_simple_node(&r->simple, m) : NULL;
        if (root && !r->simple.general)
            mo_input_hand_over(&r->in, root, is_part ? MO_UNIT_PART : 0);
        else
            mo_gouv_tell(r, MO_DIAG_KEPT_RDF, mo_str(""), MO_KEPT_KEY);
        mo_input_drop_graph(&r->in);
    }
}

void
mo_gouv_kept_done(struct gouv *r)
{
    mo_writer_free(r->again);
    mo_buf_done(&r->made);
    mo_arena_free(r->kept_arena);
    free(r->kept);
    free(r->body);
}
