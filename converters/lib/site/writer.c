#include <stdio.h>
#include <stdlib.h>

#include <moisson/text.h>

#include "base/hash.h"
#include "dcat/pack.h"
#include "site/assets.h"
#include "site/site.h"

enum { MAX_GRAPH = 1 << 30, MAX_ENTRIES = 1 << 24, MAX_DEPTH = 64 };

/* ---- Files ---- */

void *
mo_site_open(struct site *s, const char *path)
{
    const struct mo_files *files = &s->writer.options.site.files;
    void *file = s->trouble ? NULL : files->open(files->ctx, mo_str(path));

    s->trouble = s->trouble || !file;
    return file;
}

void
mo_site_close(struct site *s, void *file)
{
    if (file && s->writer.options.site.files.close(file))
        s->trouble = true;
}

void
mo_site_put(struct site *s, const char *path, struct mo_buf *bytes)
{
    const struct mo_files *files = &s->writer.options.site.files;
    void *file = mo_site_open(s, path);

    if (bytes->failed || (file && files->write(file, mo_buf_view(bytes))))
        s->trouble = true;
    mo_site_close(s, file);
    mo_buf_done(bytes);
}

void
mo_site_address(struct site *s, struct mo_buf *out, const char *path)
{
    mo_buf_str(out, s->writer.options.site.base);
    mo_buf_c(out, path);
}

/* ---- Records as they come ---- */

/* A link of a catalogue to what it lists: here another one lists it. */
static bool
is_listing(const struct mo_stmt *s)
{
    return s->p->known == MO_K_DCAT_HAS_DATASET || s->p->known == MO_K_DCAT_HAS_SERVICE ||
           s->p->known == MO_K_DCAT_HAS_CATALOG || s->p->known == MO_K_DCAT_HAS_RECORD;
}

static int
copy_node(struct mo_graph *graph, const struct mo_term *node)
{
    struct mo_term *s, *p, *o;

    for (int links = 0; links < 2; ++links)
        for (const struct mo_stmt *i = links ? node->first_link : node->first; i;
             i = i->next) {
            if (links && is_listing(i))
                continue;
            s = mo_graph_import(graph, i->s);
            p = mo_graph_import(graph, i->p);
            o = mo_graph_import(graph, i->o);
            if (!s || !p || !o || (links ? mo_graph_link : mo_graph_add)(graph, s, p, o))
                return -1;
        }
    return 0;
}

/* Who harvests needs an identifier, so a record without one gets what identifies it. */
static int
copy_record(struct site *s, const struct mo_record *record, struct mo_str identity)
{
    struct mo_term *root, *p, *o;
    bool identified = false;

    mo_graph_reset(s->graph);
    root = mo_graph_import(s->graph, record->root);
    for (size_t i = 0; root && i < record->n_nodes; ++i)
        if (copy_node(s->graph, record->nodes[i]))
            return -1;
    for (const struct mo_stmt *i = record->root->first; i; i = i->next)
        identified = identified || i->p->known == MO_K_DCT_IDENTIFIER;
    if (!root || identified)
        return root ? 0 : -1;
    p = mo_graph_iri(s->graph, mo_str(MO_DCT "identifier"));
    o = mo_graph_literal(s->graph, identity, NULL, mo_str(""));
    return p && o ? mo_graph_add(s->graph, root, p, o) : -1;
}

static int
pack(struct site *s, struct mo_term *root, struct mo_buf *out)
{
    static const struct mo_place nowhere;
    struct mo_term **nodes;
    size_t n = 1;
    int failed;

    for (struct mo_term *t = s->graph->subjects; t; t = t->next_subject)
        ++n;
    nodes = malloc(n * sizeof(struct mo_term *));
    if (!nodes || !root)
        return -1;
    n = 0;
    nodes[n++] = root;
    for (struct mo_term *t = s->graph->subjects; t; t = t->next_subject)
        if (t != root)
            nodes[n++] = t;
    failed = mo_pack(s->graph, nodes, n, &nowhere, out);
    free(nodes);
    return failed;
}

/* The last part of an address, or the whole, as a word that is safe in a file's name. */
static void
put_slug(struct site *s, struct mo_str identity, struct mo_buf *out)
{
    struct mo_str last = identity;
    size_t from;

    while (last.n && strchr("/#", last.p[last.n - 1]))
        --last.n;
    for (from = last.n; from && !strchr("/#:?=", last.p[from - 1]); --from)
        ;
    last = mo_str_from(last, from);
    mo_slug(s->values, mo_str_n(last.p, last.n < 400 ? last.n : 400), out);
    if (out->n > MO_SITE_ID - 10)
        out->n = MO_SITE_ID - 10;
    while (out->n && out->p[out->n - 1] == '-')
        --out->n;
    if (out->n == 0)
        mo_buf_c(out, "x");
}

/* A slug and 8 hexadecimal digits of what identifies the record. */
static char *
id_of(struct site *s, struct mo_str identity)
{
    struct mo_sha256 *sha = mo_sha256_new();
    char hex[2 * MO_SHA256_SIZE + 1];
    struct mo_buf id;

    if (!sha)
        return NULL;
    mo_sha256_add(sha, identity);
    mo_sha256_hex(sha, hex);
    mo_sha256_free(sha);
    mo_buf_init(&id, 4096);
    put_slug(s, identity, &id);
    mo_buf_byte(&id, '-');
    mo_buf_add(&id, hex, 8);
    return mo_buf_take(&id);
}

static int
add_entry(struct site *s, struct mo_str identity, bool service)
{
    struct site_entry *entry;

    if (s->n_entries == s->cap_entries) {
        size_t cap = s->cap_entries ? 2 * s->cap_entries : 64;
        struct site_entry *grown =
            cap <= MAX_ENTRIES ? realloc(s->entries, cap * sizeof *grown) : NULL;

        if (!grown)
            return -1;
        s->entries = grown;
        s->cap_entries = cap;
    }
    entry = &s->entries[s->n_entries];
    memset(entry, 0, sizeof *entry);
    entry->service = service;
    entry->id = id_of(s, identity);
    entry->n = s->packed.n;
    if (!entry->id || mo_spill_write(s->spill, mo_buf_view(&s->packed), &entry->at))
        return -1;
    ++s->n_entries;
    return 0;
}

static bool
is_a(const struct mo_term *node, uint16_t class)
{
    for (const struct mo_stmt *s = node->first; s; s = s->next)
        if (s->p->known == MO_K_RDF_TYPE && s->o->known == class)
            return true;
    return false;
}

/* Properties of the catalogue that an option gives count from there. */
static bool
is_given(const struct site *s, const struct mo_stmt *stmt)
{
    const struct mo_site *o = &s->writer.options.site;

    return (o->title.n && stmt->p->known == MO_K_DCT_TITLE) ||
           (o->description.n && stmt->p->known == MO_K_DCT_DESCRIPTION) ||
           (o->publisher.n && mo_str_is(stmt->p->text, MO_DCT "publisher"));
}

/* The term in our graph; a catalogue without a name gets one. */
static struct mo_term *
own_term(struct site *s, const struct mo_record *record, const struct mo_term *term)
{
    return term == record->root ? mo_graph_iri(s->graph, mo_buf_view(&s->own))
                                : mo_graph_import(s->graph, term);
}

static int
copy_catalogue(struct site *s, const struct mo_record *record)
{
    for (size_t i = 0; i < record->n_body; ++i)
        for (const struct mo_stmt *t = record->nodes[i]->first; t; t = t->next) {
            struct mo_term *subject = own_term(s, record, t->s);
            struct mo_term *p = mo_graph_import(s->graph, t->p);
            struct mo_term *o = own_term(s, record, t->o);

            if (is_listing(t) || (t->s == record->root && is_given(s, t)))
                continue;
            if (!subject || !p || !o || mo_graph_add(s->graph, subject, p, o))
                return -1;
        }
    return 0;
}

/* The first catalogue is this one; what others say has no place. */
static enum mo_put
take_catalogue(struct site *s, const struct mo_record *record)
{
    if (s->catalogue.n) {
        mo_writer_report(
            &s->writer, MO_DIAG_SITE_OTHER_CATALOGUE, mo_record_name(record), record, "");
        return MO_PUT_PASSED;
    }
    mo_graph_reset(s->graph);
    if (record->root->kind == MO_IRI) {
        mo_buf_clear(&s->own);
        mo_buf_str(&s->own, record->root->text);
    }
    return copy_catalogue(s, record) ||
                   pack(s, own_term(s, record, record->root), &s->catalogue)
               ? MO_PUT_TROUBLE
               : MO_PUT_WRITTEN;
}

static enum mo_put
put(struct mo_writer *writer, const struct mo_record *record)
{
    struct site *s = (struct site *)writer;
    struct mo_buf identity;
    bool failed;

    if (record->kind != MO_RECORD_WHOLE)
        return MO_PUT_PASSED;
    if (is_a(record->root, MO_K_DCAT_CATALOG))
        return take_catalogue(s, record);
    mo_buf_init(&identity, MO_SITE_MAX_TEXT);
    mo_buf_clear(&s->packed);
    failed = mo_record_identity(record, &identity) ||
             copy_record(s, record, mo_buf_view(&identity)) ||
             pack(s, mo_graph_import(s->graph, record->root), &s->packed) ||
             add_entry(s, mo_buf_view(&identity), is_a(record->root, MO_K_DCAT_SERVICE));
    mo_buf_done(&identity);
    return failed ? MO_PUT_TROUBLE : MO_PUT_WRITTEN;
}

/* ---- Records brought back ---- */

const struct mo_record *
mo_site_record(struct site *s, const struct site_entry *entry, struct mo_record *record,
    bool in_catalogue)
{
    size_t n = 0;

    mo_buf_clear(&s->packed);
    mo_graph_reset(s->graph);
    if (mo_buf_reserve(&s->packed, entry->n) ||
        mo_spill_read(s->spill, entry->at, s->packed.p, entry->n)) {
        s->trouble = true;
        return NULL;
    }
    memset(record, 0, sizeof *record);
    record->root = mo_unpack(s->graph, mo_str_n(s->packed.p, entry->n), &record->place);
    if (record->root && in_catalogue) {
        struct mo_term *own = mo_graph_iri(s->graph, mo_buf_view(&s->own));
        struct mo_term *p = mo_graph_iri(
            s->graph, mo_str(entry->service ? MO_DCAT "service" : MO_DCAT "dataset"));

        if (!own || !p || mo_graph_link(s->graph, own, p, record->root))
            record->root = NULL;
    }
    for (struct mo_term *t = s->graph->subjects; t; t = t->next_subject)
        ++n;
    record->nodes = mo_arena_alloc(s->graph->arena, (n + 1) * sizeof *record->nodes);
    if (!record->root || !record->nodes) {
        s->trouble = true;
        return NULL;
    }
    record->nodes[record->n_nodes++] = record->root;
    for (struct mo_term *t = s->graph->subjects; t; t = t->next_subject)
        if (t != record->root)
            record->nodes[record->n_nodes++] = t;
    record->n_body = record->n_nodes;
    return record;
}

struct mo_term *
mo_site_own(struct site *s)
{
    const struct mo_site *o = &s->writer.options.site;
    struct mo_str lang = mo_str(s->lang);
    struct mo_term *own, *agent;

    mo_graph_reset(s->graph);
    if (s->catalogue.n && !mo_unpack(s->graph, mo_buf_view(&s->catalogue), NULL))
        s->trouble = true;
    own = mo_graph_iri(s->graph, mo_buf_view(&s->own));
    mo_site_say_iri(s, own, MO_RDF "type", MO_DCAT "Catalog");
    if (o->title.n)
        mo_site_add(
            s, own, MO_DCT "title", mo_graph_literal(s->graph, o->title, NULL, lang));
    if (o->description.n)
        mo_site_add(s, own, MO_DCT "description",
            mo_graph_literal(s->graph, o->description, NULL, lang));
    if (o->publisher.n) {
        agent = mo_graph_blank(s->graph, mo_str("publisher"));
        mo_site_add(s, own, MO_DCT "publisher", agent);
        mo_site_say_iri(s, agent, MO_RDF "type", MO_FOAF "Agent");
        mo_site_add(s, agent, MO_FOAF "name",
            mo_graph_literal(s->graph, o->publisher, NULL, mo_str("")));
    }
    return s->trouble ? NULL : own;
}

void
mo_site_add(struct site *s, struct mo_term *subject, const char *p, struct mo_term *o)
{
    struct mo_term *property = mo_graph_iri(s->graph, mo_str(p));

    if (!subject || !property || !o || mo_graph_add(s->graph, subject, property, o))
        s->trouble = true;
}

void
mo_site_say_iri(struct site *s, struct mo_term *subject, const char *p, const char *iri)
{
    mo_site_add(s, subject, p, mo_graph_iri(s->graph, mo_str(iri)));
}

/* ---- Files of each record ---- */

static int
take_line(void *ctx, struct mo_str bytes)
{
    return mo_buf_str(&((struct site *)ctx)->line, bytes);
}

/* Its fields, as data.gouv.fr has them; NULL when it has no place there, which was said. */
static const struct mo_json *
fields_of(struct site *s, const struct mo_record *record)
{
    struct mo_json_error error;

    mo_buf_clear(&s->line);
    mo_arena_reset(s->of_line);
    if (mo_writer_put(s->fields, record) == MO_PUT_TROUBLE ||
        mo_writer_flush(s->fields, true) || s->line.failed)
        s->trouble = true;
    return s->trouble || s->line.n == 0
               ? NULL
               : mo_json_parse_in(s->of_line, mo_buf_view(&s->line), MAX_DEPTH, &error);
}

/* A record by itself, as a file in this format. */
static void
put_file(struct site *s, const struct site_entry *entry, const struct mo_record *record,
    struct mo_writer *writer, const char *ending)
{
    char path[2 * MO_SITE_ID];

    snprintf(path, sizeof path, "datasets/%s.%s", entry->id, ending);
    s->file = mo_site_open(s, path);
    if (s->file && (mo_writer_put(writer, record) == MO_PUT_TROUBLE ||
                       mo_writer_flush(writer, true)))
        s->trouble = true;
    mo_site_close(s, s->file);
    s->file = NULL;
}

static struct mo_str
keep(struct site *s, struct mo_str text)
{
    struct mo_str kept = mo_str("");

    if (text.n && mo_arena_copy(s->arena, text, &kept))
        s->trouble = true;
    return kept;
}

/* What is looked through when somebody searches: the words of the texts, in small ASCII letters. */
static struct mo_str
words_of(struct site *s, const struct mo_json *fields)
{
    struct mo_str publisher = mo_site_publisher(fields);
    struct mo_buf *out = &s->scratch;

    mo_buf_clear(out);
    mo_slug(s->values, mo_json_member_text(fields, "title"), out);
    for (const struct mo_json *tag = mo_json_first(mo_json_member(fields, "tags")); tag;
         tag = mo_json_next(tag)) {
        mo_buf_byte(out, ' ');
        mo_buf_str(out, mo_json_text(tag));
    }
    mo_buf_byte(out, ' ');
    mo_slug(s->values, publisher, out);
    mo_buf_byte(out, ' ');
    mo_slug(s->values,
        mo_utf8_head(mo_json_member_text(fields, "description"), MO_SITE_WORDS), out);
    return keep(s, mo_buf_view(out));
}

static void
remember(struct site *s, struct site_entry *entry, const struct mo_json *fields)
{
    const struct mo_json *harvest = mo_json_member(fields, "harvest");
    struct mo_str date = mo_json_member_text(harvest, "modified_at");

    if (date.n == 0)
        date = mo_json_member_text(harvest, "issued_at");
    entry->title = keep(s, mo_json_member_text(fields, "title"));
    entry->publisher = keep(s, mo_site_publisher(fields));
    entry->date = keep(s, date);
    entry->words = words_of(s, fields);
    entry->exposed = true;
    ++s->n_exposed;
    s->n_services += entry->service;
}

static int
take_file(void *ctx, struct mo_str bytes)
{
    struct site *s = ctx;

    return s->writer.options.site.files.write(s->file, bytes);
}

/* The files of each record, and all records as data.gouv.fr has them. */
static void
put_records(struct site *s)
{
    const struct mo_files *files = &s->writer.options.site.files;
    struct mo_writer_options of_files = s->writer.options, of_all = of_files;
    void *all = mo_site_open(s, "datagouv.json");
    struct mo_writer *rdfxml, *jsonld, *datagouv;

    of_files.write = take_file;
    of_files.ctx = s;
    of_files.lines = true;
    of_files.context = mo_str("inline");
    of_files.sink = NULL;
    of_all.write = files->write;
    of_all.ctx = all;
    of_all.lines = of_all.pretty = false;
    of_all.extras = MO_EXTRAS_KNOWN;
    of_all.sink = NULL;
    rdfxml = mo_rdfxml_record_writer(&of_files);
    jsonld = mo_dcatap_writer(&of_files);
    datagouv = all ? mo_datagouv_writer(&of_all) : NULL;
    s->trouble = s->trouble || !rdfxml || !jsonld || !datagouv;
    for (size_t i = 0; i < s->n_entries && !s->trouble; ++i) {
        struct site_entry *entry = &s->entries[i];
        struct mo_record memory;
        const struct mo_record *record = mo_site_record(s, entry, &memory, false);
        const struct mo_json *fields = record ? fields_of(s, record) : NULL;

        if (!fields)
            continue;
        remember(s, entry, fields);
        mo_site_page(s, entry, fields);
        put_file(s, entry, record, rdfxml, "rdf");
        put_file(s, entry, record, jsonld, "jsonld");
        if (mo_writer_put(datagouv, record) == MO_PUT_TROUBLE)
            s->trouble = true;
    }
    if (datagouv && mo_writer_end(datagouv, false))
        s->trouble = true;
    mo_site_close(s, all);
    mo_writer_free(rdfxml);
    mo_writer_free(jsonld);
    mo_writer_free(datagouv);
}

/* ---- The end ---- */

/* The title of the catalogue. False, which is said, when it lacks what it must have. */
static bool
read_own(struct site *s)
{
    struct mo_term *own = mo_site_own(s);
    bool described = false, published = false;
    struct mo_diag diag = {.id = MO_DIAG_SITE_CATALOGUE};

    for (const struct mo_stmt *t = own ? own->first : NULL; t; t = t->next) {
        if (t->p->known == MO_K_DCT_TITLE && s->title.n == 0)
            mo_buf_str(&s->title, t->o->text);
        described = described || t->p->known == MO_K_DCT_DESCRIPTION;
        published = published || mo_str_is(t->p->text, MO_DCT "publisher");
    }
    if (s->trouble || (s->title.n && described && published))
        return !s->trouble;
    diag.detail = mo_str(!s->title.n  ? "--title"
                         : !described ? "--description"
                                      : "--publisher");
    mo_report(s->writer.options.sink, &diag);
    return false;
}

static void
put_asset(struct site *s, const char *path, const char *text)
{
    struct mo_buf out;

    mo_buf_init(&out, MO_SITE_MAX_TEXT);
    mo_buf_c(&out, text);
    mo_site_put(s, path, &out);
}

static enum mo_put
rest(struct mo_writer *writer)
{
    struct site *s = (struct site *)writer;

    if (s->n_entries == 0 || !read_own(s))
        return s->trouble ? MO_PUT_TROUBLE : MO_PUT_WRITTEN;
    put_records(s);
    if (!s->trouble && s->n_exposed) {
        mo_site_catalogue(s);
        mo_site_index(s);
        mo_site_feeds(s);
        put_asset(s, "site.css", mo_site_css);
        put_asset(s, "site.js", mo_site_js);
        s->writer.options.site.files.done(s->writer.options.site.files.ctx);
    }
    return s->trouble ? MO_PUT_TROUBLE : MO_PUT_WRITTEN;
}

static void
destroy(struct mo_writer *writer)
{
    struct site *s = (struct site *)writer;

    mo_writer_done(writer);
    mo_writer_free(s->fields);
    mo_values_free(s->values);
    mo_spill_free(s->spill);
    mo_graph_free(s->graph);
    mo_arena_free(s->arena);
    mo_arena_free(s->of_line);
    mo_buf_done(&s->packed);
    mo_buf_done(&s->scratch);
    mo_buf_done(&s->catalogue);
    mo_buf_done(&s->own);
    mo_buf_done(&s->line);
    mo_buf_done(&s->title);
    for (size_t i = 0; i < s->n_entries; ++i)
        free(s->entries[i].id);
    free(s->entries);
    free(s);
}

/* Of what data.gouv.fr would say of the fields, only what keeps a record out is of interest. */
static void
hear(void *ctx, const struct mo_diag *diag)
{
    const struct site *s = ctx;

    if (mo_diag_row(diag->id)->level >= MO_ERROR)
        mo_report(s->writer.options.sink, diag);
}

static int
prepare(struct site *s)
{
    struct mo_writer_options o = s->writer.options;

    s->sink.report = hear;
    s->sink.ctx = s;
    o.write = take_line;
    o.ctx = s;
    o.lines = true;
    o.pretty = false;
    o.extras = MO_EXTRAS_NONE;
    o.sink = &s->sink;
    o.lose = NULL;
    o.unmatched = NULL;
    s->fields = mo_datagouv_writer(&o);
    s->values = mo_values_new(o.vocab);
    s->spill = mo_spill_new();
    s->graph = mo_graph_new(o.vocab->lexicon, MAX_GRAPH);
    s->arena = mo_arena_new(MAX_GRAPH);
    s->of_line = mo_arena_new(MAX_GRAPH);
    mo_buf_str(&s->own, o.site.base);
    mo_buf_c(&s->own, "#catalogue");
    return s->fields && s->values && s->spill && s->graph && s->arena && s->of_line ? 0
                                                                                    : -1;
}

struct mo_writer *
mo_site_writer(const struct mo_writer_options *options)
{
    static const struct mo_writer_class class = {
        .free = destroy, .put = put, .rest = rest};
    struct site *s = calloc(1, sizeof *s);

    if (!s)
        return NULL;
    mo_writer_init(&s->writer, &class, options);
    s->writer.options.only = MO_ONLY_NO;
    s->writer.options.lose = NULL;
    s->lang =
        options->n_languages && mo_str_is(options->languages[0], "en") ? "en" : "fr";
    mo_buf_init(&s->packed, MAX_GRAPH);
    mo_buf_init(&s->scratch, MO_SITE_MAX_TEXT);
    mo_buf_init(&s->catalogue, MAX_GRAPH);
    mo_buf_init(&s->own, MO_SITE_MAX_TEXT);
    mo_buf_init(&s->line, MAX_GRAPH);
    mo_buf_init(&s->title, MO_SITE_MAX_TEXT);
    if (prepare(s)) {
        destroy(&s->writer);
        return NULL;
    }
    return &s->writer;
}
