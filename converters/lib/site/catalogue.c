#include <stdio.h>

#include "site/site.h"

#define HYDRA "http://www.w3.org/ns/hydra/core#"

/* Page `page`, from 1, in a format. */
static void
name_page(char *path, size_t size, size_t page, const char *ending)
{
    if (page == 1)
        snprintf(path, size, "catalog.%s", ending);
    else
        snprintf(path, size, "catalog-%zu.%s", page, ending);
}

/*
 * A link to another page, under the names that Hydra has for it and those that it had: harvesters
 * look for the one or the other.
 */
static void
say_page(struct site *s, struct mo_term *view, const char *name, const char *old_name,
    size_t page, const char *ending)
{
    const char *names[] = {name, old_name};
    char path[64], property[128];
    struct mo_buf iri;

    name_page(path, sizeof path, page, ending);
    mo_buf_init(&iri, MO_SITE_MAX_TEXT);
    mo_site_address(s, &iri, path);
    for (int i = 0; i < 2; ++i) {
        snprintf(property, sizeof property, HYDRA "%s", names[i]);
        mo_site_add(s, view, property, mo_graph_iri(s->graph, mo_buf_view(&iri)));
    }
    mo_buf_done(&iri);
}

/* What a page is of the whole (Hydra Core Vocabulary). */
static void
say_pages(
    struct site *s, struct mo_term *own, size_t page, size_t pages, const char *ending)
{
    struct mo_term *integer = mo_graph_iri(s->graph, mo_str(MO_XSD "integer"));
    char path[64], total[32];
    struct mo_term *view;
    struct mo_buf iri;

    snprintf(total, sizeof total, "%zu", s->n_exposed);
    mo_site_say_iri(s, own, MO_RDF "type", HYDRA "Collection");
    mo_site_add(s, own, HYDRA "totalItems",
        mo_graph_literal(s->graph, mo_str(total), integer, mo_str("")));
    name_page(path, sizeof path, page, ending);
    mo_buf_init(&iri, MO_SITE_MAX_TEXT);
    mo_site_address(s, &iri, path);
    view = mo_graph_iri(s->graph, mo_buf_view(&iri));
    mo_buf_done(&iri);
    mo_site_add(s, own, HYDRA "view", view);
    mo_site_say_iri(s, view, MO_RDF "type", HYDRA "PartialCollectionView");
    mo_site_say_iri(s, view, MO_RDF "type", HYDRA "PagedCollection");
    say_page(s, view, "first", "firstPage", 1, ending);
    say_page(s, view, "last", "lastPage", pages, ending);
    if (page > 1)
        say_page(s, view, "previous", "previousPage", page - 1, ending);
    if (page < pages)
        say_page(s, view, "next", "nextPage", page + 1, ending);
}

static void
put_own(struct site *s, struct mo_writer *writer, size_t page, size_t pages,
    const char *ending)
{
    struct mo_term *own = mo_site_own(s);
    struct mo_record record = {.root = own};
    size_t n = 0;

    if (!own)
        return;
    say_pages(s, own, page, pages, ending);
    for (struct mo_term *t = s->graph->subjects; t; t = t->next_subject)
        ++n;
    record.nodes = mo_arena_alloc(s->graph->arena, (n + 1) * sizeof *record.nodes);
    if (!record.nodes) {
        s->trouble = true;
        return;
    }
    record.nodes[record.n_nodes++] = own;
    for (struct mo_term *t = s->graph->subjects; t; t = t->next_subject)
        if (t != own)
            record.nodes[record.n_nodes++] = t;
    record.n_body = record.n_nodes;
    if (mo_writer_put(writer, &record) == MO_PUT_TROUBLE)
        s->trouble = true;
}

/* Entries from `*at` on, as many as a page holds, with the catalogue before them. */
static void
put_page(struct site *s, size_t *at, size_t page, size_t pages, const char *ending,
    struct mo_writer *(*make)(const struct mo_writer_options *options))
{
    struct mo_writer_options o = s->writer.options;
    char path[64];
    void *file;
    struct mo_writer *writer;

    name_page(path, sizeof path, page, ending);
    file = mo_site_open(s, path);
    o.write = s->writer.options.site.files.write;
    o.ctx = file;
    o.lines = o.pretty = false;
    o.context = mo_str("inline");
    o.sink = NULL;
    writer = file ? make(&o) : NULL;
    s->trouble = s->trouble || !writer;
    if (writer)
        put_own(s, writer, page, pages, ending);
    for (size_t n = 0; n < MO_SITE_PAGE && *at < s->n_entries && !s->trouble; ++*at) {
        const struct site_entry *entry = &s->entries[*at];
        struct mo_record memory;
        const struct mo_record *record =
            entry->exposed ? mo_site_record(s, entry, &memory, true) : NULL;

        n += entry->exposed;
        if (record && mo_writer_put(writer, record) == MO_PUT_TROUBLE)
            s->trouble = true;
    }
    if (writer && mo_writer_end(writer, false))
        s->trouble = true;
    mo_writer_free(writer);
    mo_site_close(s, file);
}

void
mo_site_catalogue(struct site *s)
{
    size_t pages = (s->n_exposed + MO_SITE_PAGE - 1) / MO_SITE_PAGE;

    for (size_t page = 1, rdf = 0, jsonld = 0; page <= pages && !s->trouble; ++page) {
        put_page(s, &rdf, page, pages, "rdf", mo_rdfxml_writer);
        put_page(s, &jsonld, page, pages, "jsonld", mo_dcatap_writer);
    }
}
