#include <stdlib.h>

#include "csv/columns.h"
#include "dcat/vocab.h"
#include "rdf/writer.h"

enum { MAX_LINE = 1 << 30, MAX_JSON_DEPTH = 64 };

/* Datasets become objects of data.gouv.fr JSON, and these rows. */
struct csv_writer {
    struct mo_writer writer;
    struct mo_writer *inner; /* of the objects, a line each */
    struct csv_filling columns[MO_MAX_COLUMNS];
    size_t n_columns;
    struct mo_csv_object object;
    struct mo_buf line; /* of `inner`, as far as it has come */
    struct mo_buf cell;
    struct mo_arena *arena;
    bool failed;
};

static void
put_row(struct csv_writer *w, bool whole)
{
    struct mo_buf *out = &w->writer.out;

    for (size_t i = 0; i < w->n_columns; ++i) {
        const struct csv_filling *column = &w->columns[i];

        if (i)
            mo_buf_byte(out, ';');
        if (whole || column->resource || i < 2)
            mo_csv_fill(column, &w->object, &w->cell, out);
        else
            mo_csv_put_cell(out, mo_str(""));
    }
    mo_buf_byte(out, '\n');
    ++w->writer.n_items;
}

/* A row a resource in the form, of which the first says all of the dataset; else one row. */
static void
put_object(struct csv_writer *w, const struct mo_json *json)
{
    const struct mo_json *resources = mo_json_member(json, "resources");
    bool form = w->writer.options.columns == MO_COLUMNS_TEMPLATE;
    const struct mo_json *resource = form ? mo_json_first(resources) : NULL;

    mo_csv_look_at(&w->object, json);
    w->object.resource = resource;
    put_row(w, true);
    while (resource && (resource = mo_json_next(resource))) {
        w->object.resource = resource;
        put_row(w, false);
    }
}

static int
take_line(struct csv_writer *w, struct mo_str line)
{
    struct mo_json_error error;
    struct mo_json *json;

    mo_arena_reset(w->arena);
    json = mo_json_parse_in(w->arena, line, MAX_JSON_DEPTH, &error);
    if (!json)
        return -1;
    put_object(w, json);
    return mo_writer_flush(&w->writer, false);
}

static int
take(void *ctx, struct mo_str bytes)
{
    struct csv_writer *w = ctx;

    while (bytes.n && !w->failed) {
        size_t n = mo_str_find(bytes, mo_str("\n"), 0);

        if (mo_buf_str(&w->line, mo_str_n(bytes.p, n)))
            w->failed = true;
        else if (n < bytes.n) {
            w->failed = take_line(w, mo_buf_view(&w->line)) != 0;
            mo_buf_clear(&w->line);
        }
        bytes = mo_str_from(bytes, n + 1);
    }
    return w->failed ? -1 : 0;
}

static enum mo_put
put(struct mo_writer *writer, const struct mo_record *record)
{
    struct csv_writer *w = (struct csv_writer *)writer;
    enum mo_put done;

    mo_writer_begin(writer);
    mo_writer_file(w->inner, writer->options.file);
    done = mo_writer_put(w->inner, record);
    return w->failed ? MO_PUT_TROUBLE : done;
}

static void
head(struct mo_writer *writer)
{
    struct csv_writer *w = (struct csv_writer *)writer;

    if (writer->options.columns == MO_COLUMNS_TEMPLATE)
        mo_buf_c(&writer->out, "\xEF\xBB\xBF");
    for (size_t i = 0; i < w->n_columns; ++i) {
        if (i)
            mo_buf_byte(&writer->out, ';');
        mo_csv_put_cell(&writer->out, mo_str(w->columns[i].heading));
    }
    mo_buf_byte(&writer->out, '\n');
}

static enum mo_put
rest(struct mo_writer *writer)
{
    struct csv_writer *w = (struct csv_writer *)writer;

    mo_writer_begin(writer);
    return mo_writer_end(w->inner, false) || w->failed ? MO_PUT_TROUBLE : MO_PUT_WRITTEN;
}

static void
release(struct mo_writer *writer)
{
    struct csv_writer *w = (struct csv_writer *)writer;

    mo_writer_free(w->inner);
    mo_writer_done(writer);
    mo_buf_done(&w->line);
    mo_buf_done(&w->cell);
    mo_arena_free(w->arena);
    free(w);
}

static int
choose_columns(struct csv_writer *w)
{
    const struct mo_writer_options *o = &w->writer.options;
    const struct mo_tables *tables = o->vocab->tables;
    bool english = o->n_languages && mo_str_is(o->languages[0], "en");

    return o->columns == MO_COLUMNS_TEMPLATE
               ? mo_csv_form(
                     w->columns, &w->n_columns, tables, english ? "en" : "fr", o->sink)
               : mo_csv_catalogue(w->columns, &w->n_columns, tables, o->sink);
}

struct mo_writer *
mo_csv_writer(const struct mo_writer_options *options)
{
    static const struct mo_writer_class class = {release, put, head, NULL, rest};
    struct csv_writer *w = calloc(1, sizeof *w);
    struct mo_writer_options inner = *options;

    if (!w)
        return NULL;
    mo_writer_init(&w->writer, &class, options);
    w->writer.options.lines = false;
    mo_buf_init(&w->line, MAX_LINE);
    mo_buf_init(&w->cell, MAX_LINE);
    inner.write = take;
    inner.ctx = w;
    inner.lines = true;
    inner.pretty = false;
    inner.only = MO_ONLY_DATASETS;
    inner.extras = MO_EXTRAS_KNOWN;
    memset(&inner.payload, 0, sizeof inner.payload);
    w->object.licences = mo_table(options->vocab->tables, "licences");
    w->arena = mo_arena_new(MAX_LINE);
    w->inner = mo_datagouv_writer(&inner);
    if (!w->arena || !w->inner || choose_columns(w)) {
        mo_writer_free(&w->writer);
        return NULL;
    }
    return &w->writer;
}
