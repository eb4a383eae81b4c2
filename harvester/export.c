#include "program.h"

#include <stdlib.h>
#include <string.h>

struct export
{
    struct run *run;
    struct mo_writer *writer;
    struct mo_reader *reader;
    char *source; /* whose items are being exported */
};

static int
write_out(void *ctx, struct mo_str bytes)
{
    return mo_output_write(ctx, bytes);
}

static int
drain(struct export *e)
{
    const struct mo_record *record;

    while (mo_reader_next(e->reader, &record) == 1)
        if (mo_writer_put(e->writer, record) == MO_PUT_TROUBLE)
            return -1;
    return 0;
}

/* The source is read to its end: what waited for later pages comes. */
static int
end_source(struct export *e)
{
    int failed = e->reader && (mo_reader_end(e->reader) || drain(e));

    mo_reader_free(e->reader);
    free(e->source);
    e->reader = NULL;
    e->source = NULL;
    return failed ? -1 : 0;
}

/* Sources are read apart: what one says of a dataset is not what another says. */
static int
begin_source(struct export *e, const char *source, bool parts)
{
    struct mo_reader_options in = {.vocab = e->run->vocab,
        .sink = &e->run->sink,
        .join = parts ? MO_JOIN_ALWAYS : MO_JOIN_AUTO};

    if (end_source(e) || !(e->source = strdup(source)))
        return -1;
    in.file = mo_str(e->source);
    mo_writer_file(e->writer, in.file);
    e->reader = mo_jsonld_reader(&in);
    return e->reader ? 0 : -1;
}

/* The same record from two sources is exported once. */
static void
say_elsewhere(struct export *e, const struct exported *item)
{
    struct mo_diag diag = {.id = MO_DIAG_ELSEWHERE,
        .detail = mo_str(item->elsewhere),
        .record = mo_str(item->identity),
        .file = mo_str(item->source)};

    mo_report(&e->run->sink, &diag);
}

static int
export_item(void *ctx, const struct exported *item)
{
    struct export *e = ctx;

    if (item->elsewhere) {
        say_elsewhere(e, item);
        return 0;
    }
    if ((!e->source || strcmp(e->source, item->source) != 0) &&
        begin_source(e, item->source, item->parts))
        return -1;
    if (mo_reader_push(e->reader, item->json) || mo_reader_push(e->reader, mo_str("\n")))
        return -1;
    return drain(e);
}

static struct mo_writer *
writer_named(const char *format, const struct mo_writer_options *options)
{
    return strcmp(format, "datagouv") == 0 ? mo_datagouv_writer(options)
           : strcmp(format, "dcatap") == 0 ? mo_dcatap_writer(options)
           : strcmp(format, "rdfxml") == 0 ? mo_rdfxml_writer(options)
                                           : NULL;
}

/* The options of a writer into `file`; NULL writer: the format is not known. */
static struct mo_writer *
open_writer(struct run *r, struct mo_output *file)
{
    struct mo_writer_options out = {.vocab = r->vocab,
        .sink = &r->sink,
        .write = write_out,
        .ctx = file,
        .lines = r->lines,
        .keys = r->keys,
        .extras = r->extras,
        .languages = {mo_str("fr"), mo_str("en")},
        .n_languages = 2,
        .now = r->now ? r->now : mo_present()};

    return writer_named(r->format, &out);
}

/* Write what `fill` puts, into a file that is there whole or not at all. */
static int export(struct run *r, int (*fill)(struct export *e, void *ctx), void *ctx)
{
    struct export e = {.run = r};
    struct mo_output file;
    bool fine;

    if (program_load_vocab(r))
        return MO_EXIT_TROUBLE;
    e.writer = open_writer(r, &file);
    if (!e.writer)
        return program_fatal(r, MO_DIAG_EXPORT_FORMAT, r->format, "");
    if (mo_output_open(&file, r->output)) {
        mo_writer_free(e.writer);
        return program_cannot_write(r);
    }
    fine =
        fill(&e, ctx) == 0 && end_source(&e) == 0 && mo_writer_end(e.writer, false) == 0;
    mo_reader_free(e.reader);
    free(e.source);
    mo_writer_free(e.writer);
    if (mo_output_close(&file, fine) && fine)
        return program_cannot_write(r);
    if (!fine)
        return program_store_failed(r);
    mo_reporter_rest(&r->reporter);
    return (int)mo_reporter_status(&r->reporter);
}

static int
fill_one(struct export *e, void *ctx)
{
    return export_item(e, ctx);
}

int
export_record(struct run *r, const char *source, struct mo_str json)
{
    struct exported item = {.source = source, .json = json};

    r->lines = true;
    return export(r, fill_one, &item);
}

static int
fill_all(struct export *e, void *ctx)
{
    return store_export(e->run->store, ctx, export_item, e);
}

int
command_export(struct run *r)
{
    if (program_open_store(r, false) || program_check_source(r))
        return MO_EXIT_TROUBLE;
    return export(r, fill_all, r->n_operands ? r->operands[0] : NULL);
}
