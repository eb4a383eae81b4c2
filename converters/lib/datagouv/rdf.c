#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "datagouv/datagouv.h"

enum { MAX_BESIDE = 8 << 20 };

/*
 * Values of mo_term.written: a node of the record that is in no string yet; in the record's;
 * in that of a resource, from here on.
 */
enum { UNSEEN = MO_IN_RECORD, OF_RECORD, OF_RESOURCE };

static uint64_t
little_endian(const char *p)
{
    uint64_t word;

    memcpy(&word, p, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* The same on every machine, whatever its byte order: what was kept travels. */
uint32_t
mo_tell_digest(struct mo_str text)
{
    uint64_t digest = text.n, word = 0;

    for (; text.n >= sizeof word; text = mo_str_from(text, sizeof word))
        digest = mo_mix(digest ^ little_endian(text.p));
    for (size_t i = 0; i < text.n; ++i)
        word |= (uint64_t)(unsigned char)text.p[i] << 8 * i;
    return (uint32_t)mo_mix(text.n ? mo_mix(digest ^ word) : digest);
}

static bool
wanted(const struct datagouv *w)
{
    return w->writer.options.extras == MO_EXTRAS_ALL;
}

/* ---- Which string a node is told in ---- */

void
mo_tell_begin(struct datagouv *w)
{
    w->telling.n = 0;
    w->telling.shared_out = false;
}

int
mo_tell_slot(struct datagouv *w, struct mo_stmt *stmt)
{
    struct telling *t = &w->telling;

    if (!wanted(w))
        return 0;
    if (t->n == t->cap) {
        size_t cap = t->cap ? 2 * t->cap : 16;
        struct slot *grown = realloc(t->slots, cap * sizeof *grown);

        if (!grown)
            return -1;
        t->slots = grown;
        t->cap = cap;
    }
    t->slots[t->n++] = (struct slot){.node = stmt->o, .stmt = stmt};
    stmt->aside = true;
    return 0;
}

static int
push(struct telling *t, struct mo_term *node)
{
    if (t->n_nodes == t->cap_nodes) {
        size_t cap = t->cap_nodes ? 2 * t->cap_nodes : 64;
        struct mo_term **grown = realloc(t->nodes, cap * sizeof(struct mo_term *));

        if (!grown)
            return -1;
        t->nodes = grown;
        t->cap_nodes = cap;
    }
    t->nodes[t->n_nodes++] = node;
    return 0;
}

/* Whether it is the node of a resource, which has a string of its own. */
static bool
is_resource(const struct telling *t, const struct mo_term *node)
{
    return node->written >= OF_RESOURCE &&
           t->slots[node->written - OF_RESOURCE].node == node;
}

/* What the node leads to stands in the record's string, too. */
static int
flood_record(struct telling *t, struct mo_term *from)
{
    size_t bottom = t->n_nodes;

    from->written = OF_RECORD;
    if (push(t, from))
        return -1;
    while (t->n_nodes > bottom) {
        const struct mo_term *node = t->nodes[--t->n_nodes];

        for (const struct mo_stmt *s = node->first; s; s = s->next)
            if (s->o->written >= UNSEEN && s->o->written != OF_RECORD &&
                !is_resource(t, s->o)) {
                s->o->written = OF_RECORD;
                if (push(t, s->o))
                    return -1;
            }
    }
    return 0;
}

/* And to a resource's what it alone leads to. Its nodes stay on the list. */
static int
flood_resource(struct telling *t, struct slot *slot)
{
    uint32_t mine = slot->node->written;

    slot->from = t->n_nodes;
    if (push(t, slot->node))
        return -1;
    for (size_t i = slot->from; i < t->n_nodes; ++i)
        for (const struct mo_stmt *s = t->nodes[i]->first; s; s = s->next) {
            uint32_t its = s->o->written;

            if (its == UNSEEN) {
                s->o->written = mine;
                if (push(t, s->o))
                    return -1;
            } else if (its >= OF_RESOURCE && its != mine && !is_resource(t, s->o) &&
                       flood_record(t, s->o)) {
                return -1;
            }
        }
    slot->to = t->n_nodes;
    return 0;
}

/* A node that two strings would need stands in the record's. */
static int
share_out(struct telling *t, const struct mo_record *record)
{
    int failed = 0;

    t->n_nodes = 0;
    t->shared_out = true;
    for (size_t i = 0; i < record->n_nodes; ++i)
        record->nodes[i]->written = UNSEEN;
    record->root->written = OF_RECORD;
    for (size_t i = 0; i < t->n; ++i) {
        struct mo_term *node = t->slots[i].node;

        if (node->written == UNSEEN)
            node->written = (uint32_t)(OF_RESOURCE + i);
        else if (is_resource(t, node)) /* two resources of one node */
            node->written = OF_RECORD;
    }
    for (size_t i = 0; !failed && i < t->n; ++i)
        if (t->slots[i].node->written == OF_RECORD)
            failed = flood_record(t, t->slots[i].node);
    failed = failed || flood_record(t, record->root);
    for (size_t i = record->n_body; !failed && i < record->n_nodes; ++i)
        if (record->nodes[i]->written != OF_RECORD && !is_resource(t, record->nodes[i]))
            failed = flood_record(t, record->nodes[i]);
    for (size_t i = 0; !failed && i < t->n; ++i) {
        struct slot *slot = &t->slots[i];

        slot->from = slot->to = 0;
        if (is_resource(t, slot->node) &&
            t->slots[slot->node->written - OF_RESOURCE].stmt == slot->stmt)
            failed = flood_resource(t, slot);
    }
    return failed;
}

/* ---- What the fields give back ---- */

static void
put_digest(struct mo_buf *out, uint32_t digest, bool iri)
{
    char hex[8];

    for (size_t i = sizeof hex; i > 0; digest >>= 4)
        hex[--i] = "0123456789abcdef"[digest & 15];
    mo_buf_c(out, iri ? "<" : "");
    mo_buf_add(out, hex, sizeof hex);
    mo_buf_c(out, iri ? ">" : "");
}

/*
 * "digest@language" of a literal, "<digest>" of an IRI; where the field has it without white
 * space around, a list of that, what stands before and what behind.
 */
static void
put_given(struct datagouv *w, const struct mo_stmt *s, bool trimmed)
{
    const struct mo_key *key = mo_vocab_key_of(w->writer.options.vocab, s);
    struct mo_buf *out = &w->told_fields;
    struct mo_str text = s->o->text, field = trimmed ? mo_str_trim(text) : text;
    size_t before = (size_t)(field.p - text.p);
    bool array = field.n != text.n;

    mo_buf_byte(out, out->n ? ',' : '{');
    mo_put_key(out, true, key ? key->names[MO_KEYS_3_0_1] : s->p->text);
    mo_buf_c(out, array ? "[\\\"" : "\\\"");
    put_digest(out, mo_tell_digest(field), s->o->kind == MO_IRI);
    if (s->o->lang.n) {
        mo_buf_byte(out, '@');
        mo_buf_str(out, s->o->lang);
    }
    mo_buf_c(out, "\\\"");
    if (array) {
        mo_buf_byte(out, ',');
        mo_put_text(out, true, mo_str_n(text.p, before));
        mo_buf_byte(out, ',');
        mo_put_text(out, true, mo_str_from(text, before + field.n));
        mo_buf_byte(out, ']');
    }
}

static bool
is_source(const struct field *field, const struct mo_term *property)
{
    for (size_t i = 0; property->known && i < field->n_sources; ++i)
        if (field->sources[i] == property->known)
            return true;
    return false;
}

/* Of the record: how many resources it has, and the languages that texts were taken in. */
static void
put_circumstances(struct datagouv *w)
{
    const struct mo_writer_options *o = &w->writer.options;
    struct mo_buf *out = &w->told_fields;

    if (w->telling.n) {
        mo_buf_byte(out, out->n ? ',' : '{');
        mo_put_key(out, true, mo_str("resources"));
        mo_buf_printf(out, "%zu", w->telling.n);
    }
    if (o->n_languages == 2 && mo_str_is(o->languages[0], "fr") &&
        mo_str_is(o->languages[1], "en"))
        return;
    mo_buf_byte(out, out->n ? ',' : '{');
    mo_put_key(out, true, mo_str(MO_LANGUAGES_KEY));
    mo_buf_byte(out, '[');
    for (size_t i = 0; i < o->n_languages; ++i) {
        mo_buf_c(out, i ? "," : "");
        mo_put_text(out, true, o->languages[i]);
    }
    mo_buf_byte(out, ']');
}

/* The statements of `node` whose objects fields hold as they stand are not told again. */
static void
leave_to_fields(struct datagouv *w, struct mo_term *node, bool whole)
{
    const struct given *given = &w->layers[whole ? 0 : 1].given;

    mo_buf_clear(&w->told_fields);
    for (size_t i = 0; i < given->n; ++i)
        for (struct mo_stmt *s = node->first; s; s = s->next)
            if (s->o == given->values[i] && !s->aside && !s->o->datatype &&
                !s->o->written && /* a node has more to say */
                is_source(given->fields[i], s->p)) {
                s->aside = true;
                put_given(w, s, given->trimmed[i]);
            }
    if (whole)
        put_circumstances(w);
    if (w->told_fields.n)
        mo_buf_byte(&w->told_fields, '}');
    w->nodes.fields_of = node;
    w->nodes.fields = mo_buf_view(&w->told_fields);
}

/* ---- The strings ---- */

static void
begin(struct datagouv *w, const struct mo_record *record, struct mo_buf *out, bool within)
{
    w->nodes.vocab = w->writer.options.vocab;
    w->nodes.out = out;
    w->nodes.within = within;
    w->nodes.root = record->root;
}

/* The record, whose root comes first; "[]" around it when more nodes stand alone. */
static void
put_record(struct datagouv *w, const struct mo_record *record, bool array)
{
    struct mo_buf *out = w->nodes.out;
    size_t at = out->n, n = 0;

    for (size_t i = 0; i < record->n_nodes; ++i) {
        struct mo_term *node = record->nodes[i];

        if (node->written != MO_TO_WRITE)
            continue;
        if (i > 0)
            node->anonymous = false;
        if (n++)
            mo_buf_byte(out, ',');
        mo_nodes_put(&w->nodes, node,
            i == 0 && record->kind == MO_RECORD_PART ? MO_ALONE_AS_PART : MO_ALONE);
    }
    if (array && n > 1 && !mo_buf_byte(out, '[')) {
        memmove(out->p + at + 1, out->p + at, out->n - at - 1);
        out->p[at] = '[';
        mo_buf_byte(out, ']');
    }
}

static void
tell_record(struct datagouv *w, struct mo_term *node, struct mo_buf *out)
{
    const struct mo_record *record = w->record;

    leave_to_fields(w, node, true);
    begin(w, record, out, true);
    for (size_t i = 0; i < record->n_nodes; ++i)
        if (record->nodes[i]->written == OF_RECORD)
            record->nodes[i]->written = MO_TO_WRITE;
    put_record(w, record, true);
    for (size_t i = 0; i < record->n_nodes; ++i)
        record->nodes[i]->written = MO_IN_RECORD;
}

/* What the dataset says of the resource, and in it the resource. */
static void
tell_resource(struct datagouv *w, struct mo_term *node, struct mo_buf *out)
{
    struct telling *t = &w->telling;
    const struct slot *slot = &t->slots[t->at];
    const struct mo_stmt *stmts[1] = {slot->stmt};

    if (slot->to > slot->from)
        leave_to_fields(w, node, false);
    else
        w->nodes.fields_of = NULL; /* it is told with the record */
    begin(w, w->record, out, true);
    for (size_t i = slot->from; i < slot->to; ++i)
        if (t->nodes[i]->written != OF_RECORD)
            t->nodes[i]->written = MO_TO_WRITE;
    mo_nodes_put_some(&w->nodes, stmts, 1);
    for (size_t i = slot->from; i < slot->to; ++i)
        if (t->nodes[i]->written != OF_RECORD)
            t->nodes[i]->written = (uint32_t)(OF_RESOURCE + t->at);
}

bool
mo_field_rdf(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    int failed = 0;

    if (!w->telling.shared_out)
        failed = share_out(&w->telling, w->record);
    mo_buf_byte(out, '"');
    if (failed)
        out->failed = true;
    else if (strcmp(field->object, "resource") == 0)
        tell_resource(w, node, out);
    else
        tell_record(w, node, out);
    mo_buf_byte(out, '"');
    out->failed = out->failed || w->told_fields.failed || w->nodes.trouble;
    return !out->failed;
}

/* ---- Beside the records ---- */

enum mo_put
mo_tell_beside(struct datagouv *w, const struct mo_record *record)
{
    if (!wanted(w) || w->writer.options.lines)
        return MO_PUT_PASSED;
    mo_buf_clear(&w->told);
    begin(w, record, &w->told, false);
    w->nodes.fields_of = NULL;
    for (size_t i = 0; i < record->n_nodes; ++i)
        record->nodes[i]->written = MO_TO_WRITE;
    put_record(w, record, false);
    mo_put_finish(record);
    if (w->told.failed || w->nodes.trouble)
        return MO_PUT_TROUBLE;
    if (w->told.n + w->beside.n > MAX_BESIDE)
        return MO_PUT_PASSED;
    mo_buf_c(&w->beside, w->beside.n ? ",\n" : "");
    mo_buf_str(&w->beside, mo_buf_view(&w->told));
    return w->beside.failed ? MO_PUT_TROUBLE : MO_PUT_KEPT;
}

void
mo_tell_done(struct datagouv *w)
{
    free(w->telling.slots);
    free(w->telling.nodes);
    mo_nodes_done(&w->nodes);
    mo_buf_done(&w->told);
    mo_buf_done(&w->told_fields);
    mo_buf_done(&w->beside);
}
