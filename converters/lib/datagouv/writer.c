#include "datagouv/payload.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include <moisson/text.h>

enum { MAX_HELD = 1 << 30 };

/* ---- The table ---- */

/* How many objects two paths have in common. */
static size_t
shared_objects(struct mo_str a, struct mo_str b)
{
    size_t n = 0;

    for (size_t i = 0; i < a.n && i < b.n && a.p[i] == b.p[i]; ++i)
        n += a.p[i] == '.';
    return n;
}

/*
 * A place for a field, behind the last of those that it has most objects in common with: those
 * of one object stand together.
 */
static struct field *
make_place(struct datagouv *w, const char *object, struct mo_str path)
{
    size_t at = w->n_fields, most = 0;

    for (size_t i = 0; i < w->n_fields; ++i) {
        size_t n = shared_objects(w->fields[i].path, path);

        if (strcmp(w->fields[i].object, object) == 0 && n >= most) {
            at = i + 1;
            most = n;
        }
    }
    memmove(&w->fields[at + 1], &w->fields[at], (w->n_fields - at) * sizeof w->fields[0]);
    ++w->n_fields;
    memset(&w->fields[at], 0, sizeof w->fields[at]);
    w->fields[at].object = object;
    w->fields[at].path = path;
    return &w->fields[at];
}

/* "extras.*" is kept under extras, all others under their path. */
static uint16_t
kept_number(const struct mo_vocab *v, struct mo_str path)
{
    char iri[512];

    if (mo_str_ends(path, mo_str(".*")))
        path.n -= 2;
    snprintf(iri, sizeof iri, MO_DATAGOUV MO_FMT, MO_ARG(path));
    return mo_vocab_number(v, iri);
}

/* "text 1-350": a function, and its argument. */
static bool
read_take(struct field *field, const char *cell)
{
    size_t n = strcspn(cell, " ");

    field->take = mo_take_named(mo_str_n(cell, n));
    field->take_argument = cell + n + (cell[n] == ' ');
    return field->take || n == 0;
}

/* Its names. False: there are too many. */
static bool
split_path(struct field *field)
{
    struct mo_str rest = field->path;

    while (rest.n && field->n_steps < MAX_NESTING) {
        size_t n = mo_str_find(rest, mo_str("."), 0);

        field->steps[field->n_steps++] = mo_str_n(rest.p, n);
        rest = mo_str_from(rest, n + 1);
    }
    return rest.n == 0 && field->n_steps > 0;
}

static int
read_field(struct datagouv *w, const struct mo_table *t, size_t row)
{
    const struct mo_vocab *v = w->writer.options.vocab;
    struct field *field;
    struct mo_str rest;

    field = make_place(w, mo_table_cell(t, row, mo_table_column(t, "object")),
        mo_str(mo_table_cell(t, row, mo_table_column(t, "field"))));
    if (strcmp(field->object, "contact") != 0)
        field->kept = kept_number(v, field->path);
    field->how = mo_table_cell(t, row, mo_table_column(t, "how"));
    field->make = mo_field_named(field->how);
    field->argument = mo_table_cell(t, row, mo_table_column(t, "sources"));
    field->empty = mo_table_cell(t, row, mo_table_column(t, "empty"));
    if (strcmp(field->empty, "omit") == 0)
        field->empty = NULL;
    if (!read_take(field, mo_table_cell(t, row, mo_table_column(t, "payload"))) ||
        !field->make || !split_path(field) || w->n_fields == MAX_FIELDS) {
        struct mo_diag diag = {.id = MO_DIAG_FIELD, .detail = field->path};

        mo_report(w->writer.options.sink, &diag);
        return -1;
    }
    for (rest = mo_str(field->argument); rest.n && field->n_sources < MAX_SOURCES;) {
        size_t n = mo_str_find(rest, mo_str(" "), 0);
        struct mo_str name;
        const char *iri;

        if (mo_arena_copy(w->arena, mo_str_n(rest.p, n), &name))
            return -1;
        rest = mo_str_from(rest, n + 1);
        iri = mo_vocab_expand(v, w->arena, name.p);
        field->sources[field->n_sources++] = iri ? mo_vocab_number(v, iri) : 0;
    }
    return 0;
}

static int
read_tables(struct datagouv *w)
{
    const struct mo_vocab *v = w->writer.options.vocab;
    const struct mo_table *fields = mo_table(v->tables, "datagouv");
    const struct mo_table *roles = mo_table(v->tables, "contact-roles");

    for (size_t i = 0; i < fields->rows; ++i)
        if (read_field(w, fields, i))
            return -1;
    for (size_t i = w->n_fields; i-- > 0;)
        w->fields[i].run = i + 1 < w->n_fields && strcmp(w->fields[i].object,
                                                      w->fields[i + 1].object) == 0
                               ? w->fields[i + 1].run + 1
                               : 1;
    for (size_t i = 0; i < roles->rows && w->n_roles < MAX_ROLES; ++i) {
        struct role *role = &w->roles[w->n_roles++];
        const char *iri = mo_vocab_expand(
            v, w->arena, mo_table_cell(roles, i, mo_table_column(roles, "property")));

        role->name = mo_str(mo_table_cell(roles, i, mo_table_column(roles, "role")));
        role->property = iri ? mo_vocab_number(v, iri) : 0;
        role->vcard_first =
            strcmp(mo_table_cell(roles, i, mo_table_column(roles, "first")), "vcard") ==
            0;
    }
    return 0;
}

bool
mo_extras_named(const char *word, enum mo_extras *extras)
{
    static const char *const words[] = {
        [MO_EXTRAS_ALL] = "all", [MO_EXTRAS_KNOWN] = "known", [MO_EXTRAS_NONE] = "none"};

    for (size_t i = MO_EXTRAS_ALL; i < sizeof words / sizeof words[0]; ++i)
        if (strcmp(word, words[i]) == 0) {
            *extras = (enum mo_extras)i;
            return true;
        }
    return false;
}

/* ---- Objects ---- */

/* The objects that are open on the way to a field: "extras", "dcat". */
struct nesting {
    struct mo_str names[MAX_NESTING];
    size_t n;   /* that the output is in */
    bool comma; /* something stands in the innermost */
};

static void
close_to(struct nesting *at, size_t n, struct mo_buf *out)
{
    while (at->n > n) {
        mo_buf_byte(out, '}');
        --at->n;
        at->comma = true;
    }
}

static void
put_name(struct nesting *at, struct mo_str name, struct mo_buf *out)
{
    if (at->comma)
        mo_buf_byte(out, ',');
    mo_json_string(out, name);
    mo_buf_byte(out, ':');
    at->comma = true;
}

/* Go to the object at the end of `n` steps. */
static void
go_to(struct nesting *at, const struct mo_str *steps, size_t n, struct mo_buf *out)
{
    for (size_t depth = 0; depth < n; ++depth) {
        if (depth < at->n && !mo_str_eq(at->names[depth], steps[depth]))
            close_to(at, depth, out);
        if (depth == at->n) {
            put_name(at, steps[depth], out);
            mo_buf_byte(out, '{');
            at->comma = false;
            at->names[at->n++] = steps[depth];
        }
    }
    close_to(at, n, out);
}

/* Members that are written already, into the innermost object. */
static void
put_members(struct nesting *at, struct mo_str members, struct mo_buf *out)
{
    if (at->comma)
        mo_buf_byte(out, ',');
    mo_buf_str(out, members);
    at->comma = true;
}

static bool
is_asked_for(const struct datagouv *w, const struct field *field)
{
    enum mo_extras extras = w->writer.options.extras;

    if (w->payload && !field->take)
        return false;
    return extras == MO_EXTRAS_ALL || !mo_str_is(field->steps[0], "extras") ||
           (extras == MO_EXTRAS_KNOWN && field->make != mo_field_rdf);
}

/* Note of which term the field is the text, if it is of one. */
static void
give(struct given *given, const struct datagouv *w, const struct field *field)
{
    if (!w->verbatim || given->n == MAX_GIVEN)
        return;
    given->values[given->n] = w->verbatim;
    given->trimmed[given->n] = w->trimmed;
    given->fields[given->n++] = field;
}

/* Whether any value of the node is JSON, as kept ones are. */
static bool
keeps_fields(struct datagouv *w, const struct mo_term *node)
{
    if (w->looked_at == node)
        return w->keeps;
    w->looked_at = node;
    w->keeps = false;
    for (const struct mo_stmt *s = node->first; s && !w->keeps; s = s->next)
        w->keeps = s->o->datatype && s->o->datatype->known == MO_K_RDF_JSON;
    return w->keeps;
}

bool
mo_make_value(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *value)
{
    struct mo_buf kept;
    bool any;

    w->verbatim = NULL;
    w->trimmed = false;
    any = field->make(w, node, field, value);
    if (!field->kept || (w->payload && mo_take_is_made(field)) || !keeps_fields(w, node))
        return any;
    mo_buf_init(&kept, MAX_HELD);
    if (mo_kept(w, node, field, mo_buf_view(value), &kept)) {
        w->verbatim = NULL;
        mo_buf_clear(value);
        mo_buf_str(value, mo_buf_view(&kept));
        value->failed = value->failed || kept.failed;
        any = true;
    }
    mo_buf_done(&kept);
    return any;
}

const struct field *
mo_fields_of(const struct datagouv *w, const char *object, size_t *n)
{
    const struct field *field = w->fields, *end = w->fields + w->n_fields;

    while (field < end && strcmp(field->object, object) != 0)
        field += field->run;
    *n = field < end ? field->run : 0;
    return field;
}

/* What fields hold: of resources apart, as they stand inside of datasets; contacts hold none. */
static struct layer *
layer_of(struct datagouv *w, const char *object)
{
    return object[0] == 'r'   ? &w->layers[1]
           : object[0] == 'c' ? &w->layers[2]
                              : &w->layers[0];
}

static bool
is_of_dcat(const struct field *field)
{
    return field->n_steps >= 3 && mo_str_is(field->steps[0], "extras") &&
           mo_str_is(field->steps[1], "dcat");
}

void
mo_put_object(
    struct datagouv *w, const char *object, struct mo_term *node, struct mo_buf *out)
{
    struct nesting at = {.n = 0};
    struct layer *layer = layer_of(w, object);
    struct mo_buf *value = &layer->value;
    const struct field *field;
    size_t n;

    layer->given.n = 0;
    mo_buf_byte(out, '{');
    field = mo_fields_of(w, object, &n);
    for (; n > 0; --n, ++field) {
        struct mo_str name = field->steps[field->n_steps - 1];
        bool any;

        if (!is_asked_for(w, field))
            continue;
        mo_buf_clear(value);
        any = mo_make_value(w, node, field, value);
        if (any && !w->payload)
            give(&layer->given, w, field);
        if (w->payload)
            any = mo_take(w, field, value);
        if (at.n == 0 && !w->payload && is_of_dcat(field))
            go_to(&at, field->steps, 1, out); /* "extras" is there, even if empty */
        out->failed = out->failed || value->failed;
        if (!any && (w->payload || !field->empty))
            continue;
        go_to(&at, field->steps, field->n_steps - 1, out);
        if (mo_str_is(name, "*")) {
            put_members(&at, mo_buf_view(value), out);
            continue;
        }
        put_name(&at, name, out);
        if (any)
            mo_buf_str(out, mo_buf_view(value));
        else
            mo_buf_c(out, field->empty);
    }
    close_to(&at, 0, out);
    mo_buf_byte(out, '}');
}

/* ---- Records ---- */

static bool
has_type(const struct mo_term *node, uint16_t class)
{
    for (const struct mo_stmt *s = node->first; s; s = s->next)
        if (s->p->known == MO_K_RDF_TYPE && s->o->known == class)
            return true;
    return false;
}

/*
 * Literals before nodes, and of each what fits a key of DCAT-AP JSON first, as there: of
 * several values a field gets the same one whichever way the record came.
 */
static void
order_values(const struct mo_vocab *v, struct mo_term *node)
{
    enum { KINDS = 4 };
    struct mo_stmt *first[KINDS] = {NULL}, *last[KINDS] = {NULL};

    for (struct mo_stmt *s = node->first, *next; s; s = next) {
        int kind = (mo_is_node(s->o) ? 2 : 0) + (mo_vocab_key_of(v, s) ? 0 : 1);

        next = s->next;
        s->next = NULL;
        if (last[kind])
            last[kind]->next = s;
        else
            first[kind] = s;
        last[kind] = s;
    }
    node->first = node->last = NULL;
    for (int kind = 0; kind < KINDS; ++kind) {
        if (!first[kind])
            continue;
        if (node->last)
            node->last->next = first[kind];
        else
            node->first = first[kind];
        node->last = last[kind];
    }
}

void
mo_put_prepare(struct datagouv *w, const struct mo_record *record)
{
    const struct mo_vocab *v = w->writer.options.vocab;

    w->record = record;
    w->looked_at = NULL;
    mo_tell_begin(w);
    for (size_t i = 0; i < record->n_nodes; ++i) {
        order_values(v, record->nodes[i]);
        for (struct mo_stmt *s = record->nodes[i]->first; s; s = s->next)
            s->used = s->p->known == MO_K_RDF_TYPE;
        record->nodes[i]->written = MO_IN_RECORD;
        for (struct mo_stmt *s = record->nodes[i]->first_link; s; s = s->next)
            s->used = false;
    }
}

void
mo_put_finish(const struct mo_record *record)
{
    for (size_t i = 0; i < record->n_nodes; ++i) {
        record->nodes[i]->written = MO_NOT_OURS;
        for (struct mo_stmt *s = record->nodes[i]->first; s; s = s->next)
            s->aside = false;
    }
}

static void
tell_losses(struct datagouv *w, const struct mo_record *record)
{
    const struct mo_writer_options *o = &w->writer.options;

    if (o->extras == MO_EXTRAS_ALL)
        return;
    for (size_t i = 0; o->lose && i < record->n_nodes; ++i) {
        for (const struct mo_stmt *s = record->nodes[i]->first; s; s = s->next)
            if (!s->used)
                o->lose(o->lose_ctx, s);
        for (const struct mo_stmt *s = record->nodes[i]->first_link; s; s = s->next)
            if (!s->used)
                o->lose(o->lose_ctx, s);
    }
}

/* A node that is only named by a service, or as a part, and has nothing of its own. */
static bool
is_mere_reference(const struct mo_record *record)
{
    const struct mo_stmt *link = record->root->first_link;

    return link && !link->next &&
           (link->p->known == MO_K_DCAT_SERVES || link->p->known == MO_K_DCT_HAS_PART);
}

static bool
has_title(struct datagouv *w, const struct mo_record *record)
{
    struct mo_term *title = mo_one(w, record->root, MO_K_DCT_TITLE);

    return title && title->kind == MO_LITERAL && !mo_str_blank(title->text);
}

/* A part that says nothing but which catalogue lists the record costs nothing here. */
static bool
is_only_links(const struct mo_record *record)
{
    for (size_t i = 0; i < record->n_body; ++i)
        for (const struct mo_stmt *s = record->nodes[i]->first; s; s = s->next)
            if (s->p->known != MO_K_RDF_TYPE)
                return false;
    return true;
}

/* The object of the record, or the line with it. False when it is rejected. */
static bool
put_record(struct datagouv *w, const struct mo_record *record, const char *object,
    struct mo_buf *out)
{
    if (w->payload)
        return mo_payload_line(w, record, object, out);
    mo_put_object(w, object, record->root, out);
    return true;
}

/* An object becomes what the options make of it. */
static void
edit_object(struct datagouv *w, struct mo_buf *object)
{
    const struct mo_writer_options *o = &w->writer.options;
    struct mo_buf made = *object;

    if (!o->edit || w->payload)
        return;
    mo_buf_init(object, MAX_HELD);
    o->edit(o->edit_ctx, mo_buf_view(&made), object);
    object->failed = object->failed || made.failed;
    mo_buf_done(&made);
}

static enum mo_put
put_dataset(struct datagouv *w, const struct mo_record *record)
{
    if (!put_record(w, record, "dataset", &w->writer.item))
        return MO_PUT_REJECTED;
    edit_object(w, &w->writer.item);
    return mo_note_services(w, record) ? MO_PUT_TROUBLE : mo_writer_item(&w->writer);
}

/* A service waits for the end. */
static enum mo_put
hold_service(struct datagouv *w, const struct mo_record *record)
{
    enum mo_put result = MO_PUT_REJECTED;
    struct mo_buf item;

    mo_buf_init(&item, MAX_HELD);
    if (put_record(w, record, "service", &item)) {
        edit_object(w, &item);
        result = mo_hold_service(w, record->root->text, &item) ? MO_PUT_TROUBLE
                                                               : MO_PUT_WRITTEN;
    }
    mo_buf_done(&item);
    return result;
}

static enum mo_put
put(struct mo_writer *writer, const struct mo_record *record)
{
    struct datagouv *w = (struct datagouv *)writer;
    bool service = has_type(record->root, MO_K_DCAT_SERVICE);
    bool unwanted =
        writer->options.only == (service ? MO_ONLY_DATASETS : MO_ONLY_SERVICES);
    enum mo_put result;

    w->record = record;
    if (record->kind == MO_RECORD_LOOSE || has_type(record->root, MO_K_DCAT_CATALOG))
        return mo_tell_beside(w, record);
    if (record->kind == MO_RECORD_PART) {
        if (mo_note_services(w, record))
            return MO_PUT_TROUBLE;
        if (is_only_links(record))
            return mo_tell_beside(w, record);
        mo_writer_report(writer, MO_DIAG_PART, mo_str(""), record, "");
        result = mo_tell_beside(w, record);
        return result == MO_PUT_PASSED ? MO_PUT_REJECTED : result;
    }
    if (unwanted) /* a service may serve the dataset all the same */
        return !service && mo_note_services(w, record) ? MO_PUT_TROUBLE : MO_PUT_PASSED;
    mo_put_prepare(w, record);
    if (!has_title(w, record)) {
        mo_put_finish(record);
        if (is_mere_reference(record))
            return mo_tell_beside(w, record);
        mo_writer_report(writer, MO_DIAG_NO_TITLE, mo_str(""), record, "");
        return MO_PUT_REJECTED;
    }
    if (mo_tell_twin(w, record)) {
        mo_put_finish(record);
        return MO_PUT_TROUBLE;
    }
    result = service ? hold_service(w, record) : put_dataset(w, record);
    if (result != MO_PUT_REJECTED)
        tell_losses(w, record);
    mo_put_finish(record);
    return result;
}

/* ---- The end ---- */

static void
tell_plural(void *ctx, const struct mo_tag_count *a, const struct mo_tag_count *b)
{
    struct mo_writer *writer = ctx;
    char memory[300];
    struct mo_buf detail;

    mo_buf_fixed(&detail, memory, sizeof memory);
    mo_buf_printf(&detail, "%s (%zu), %s (%zu)", a->tag, a->n, b->tag, b->n);
    mo_writer_report(writer, MO_DIAG_TAG_PLURAL, mo_buf_view(&detail), NULL, "tags");
}

static enum mo_put
rest(struct mo_writer *writer)
{
    struct datagouv *w = (struct datagouv *)writer;

    mo_tag_plurals(&w->tag_counts, tell_plural, writer);
    return mo_put_services((struct datagouv *)writer);
}

static void
head(struct mo_writer *writer)
{
    mo_buf_c(&writer->out, "{\"data\":[\n");
}

static void
foot(struct mo_writer *writer, bool incomplete)
{
    const struct datagouv *w = (const struct datagouv *)writer;
    size_t n = writer->n_items;

    mo_buf_printf(&writer->out,
        "%s],\"total\":%zu,\"page\":1,\"page_size\":%zu,\"next_page\":null,"
        "\"previous_page\":null%s",
        n ? "\n" : "", n, n, incomplete ? ",\"" MO_INCOMPLETE_KEY "\":true" : "");
    if (w->beside.n) {
        mo_buf_c(&writer->out, ",\"" MO_KEPT_KEY "\":[\n");
        mo_buf_str(&writer->out, mo_buf_view(&w->beside));
        mo_buf_c(&writer->out, "\n]");
    }
    mo_buf_c(&writer->out, "}\n");
}

static void
destroy(struct mo_writer *writer)
{
    struct datagouv *w = (struct datagouv *)writer;

    mo_values_free(w->values);
    mo_payload_free(w->payload);
    mo_arena_free(w->arena);
    mo_tell_done(w);
    for (size_t i = 0; i < sizeof w->layers / sizeof w->layers[0]; ++i)
        mo_buf_done(&w->layers[i].value);
    mo_tag_counts_done(&w->tag_counts);
    mo_twins_done(&w->twins);
    mo_buf_done(&w->twin);
    mo_buf_done(&w->scratch);
    mo_buf_done(&w->services);
    mo_buf_done(&w->served);
    mo_writer_done(writer);
    free(w);
}

static const struct mo_writer_class datagouv_class = {
    .free = destroy, .put = put, .head = head, .foot = foot, .rest = rest};

/* Languages may be asked for by any code or name. */
static void
name_languages(struct datagouv *w)
{
    struct mo_writer_options *o = &w->writer.options;

    for (size_t i = 0; i < o->n_languages; ++i) {
        struct mo_str tag = mo_language_named(w->values, o->languages[i]);

        if (tag.n)
            o->languages[i] = tag;
    }
}

/* Those of the options must be tags. */
static int
check_tags(struct datagouv *w)
{
    const struct mo_writer_options *o = &w->writer.options;

    for (size_t i = 0; i < o->n_tags; ++i) {
        struct mo_diag diag = {.id = MO_DIAG_TAG_OPTION, .detail = o->tags[i]};

        mo_buf_clear(&w->scratch);
        if (mo_tag_of(w->values, o->vocab, o->tags[i], &w->scratch))
            continue;
        mo_report(o->sink, &diag);
        return -1;
    }
    return 0;
}

struct mo_writer *
mo_datagouv_writer(const struct mo_writer_options *options)
{
    return mo_datagouv_writer_with(options, NULL);
}

struct mo_writer *
mo_datagouv_writer_with(const struct mo_writer_options *options, struct mo_values *values)
{
    struct datagouv *w = calloc(1, sizeof *w);

    if (!w)
        return NULL;
    mo_writer_init(&w->writer, &datagouv_class, options);
    for (size_t i = 0; i < sizeof w->layers / sizeof w->layers[0]; ++i)
        mo_buf_init(&w->layers[i].value, MAX_HELD);
    mo_buf_init(&w->scratch, MAX_HELD);
    mo_buf_init(&w->services, MAX_HELD);
    mo_buf_init(&w->served, MAX_HELD);
    mo_buf_init(&w->told, MAX_HELD);
    mo_buf_init(&w->told_fields, MAX_HELD);
    mo_buf_init(&w->twin, MAX_HELD);
    mo_buf_init(&w->beside, MAX_HELD);
    w->arena = mo_arena_new(1 << 20);
    w->values = values ? mo_values_share(values) : mo_values_new(options->vocab);
    if (options->payload.wanted)
        w->payload = mo_payload_new(options);
    w->writer.options.lines = options->lines || options->payload.wanted;
    if (options->extras == MO_EXTRAS_USUAL)
        w->writer.options.extras =
            options->payload.wanted ? MO_EXTRAS_KNOWN : MO_EXTRAS_ALL;
    if (!w->arena || !w->values || (options->payload.wanted && !w->payload) ||
        read_tables(w) || check_tags(w)) {
        destroy(&w->writer);
        return NULL;
    }
    name_languages(w);
    return &w->writer;
}
