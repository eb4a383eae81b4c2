#include "program.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <moisson/json.h>

#include "http.h"
#include "merge.h"
#include "sources/protocol.h"

struct export
{
    struct run *run;
    struct mo_writer *writer;
    struct mo_reader *reader;
    struct mo_output file;
    char *source;                  /* whose items are being exported */
    const struct source *settings; /* its settings, when they change what is written */
    const struct source *origin;   /* the same, where it is told who harvested what */
    struct merge *present;         /* what the platform has, or NULL */
    size_t kept;                   /* fields that are the platform's */
};

static int
write_out(void *ctx, struct mo_str bytes)
{
    struct export *e = ctx;

    return mo_output_write(&e->file, bytes);
}

/* ---- What the configuration says of a source counts where it goes to data.gouv.fr ---- */

static bool
is_for_datagouv(const char *format)
{
    return strcmp(format, "datagouv") == 0 || strcmp(format, "csv") == 0;
}

/* A member behind the others of the object, for the columns about its harvest. */
static void
add_origin(const struct source *source, struct mo_buf *object)
{
    const struct protocol *p = protocol_named(source->type);
    char *host = NULL;

    if (!p || !p->backend || object->n == 0 || object->p[object->n - 1] != '}' ||
        !http_address(NULL, source->url, NULL, &host, NULL))
        return;
    --object->n;
    mo_buf_c(object, ",\"harvester\":{\"backend\":");
    mo_json_string(object, mo_str(p->backend));
    mo_buf_c(object, ",\"domain\":");
    mo_json_string(object, mo_str(host));
    mo_buf_c(object, "}}");
    free(host);
}

static void
edit(void *ctx, struct mo_str object, struct mo_buf *out)
{
    struct export *e = ctx;

    if (e->settings)
        merge_record(e->present, e->settings, object, out, &e->kept);
    else
        mo_buf_str(out, object);
    if (e->origin)
        add_origin(e->origin, out);
}

static const struct source *
settings_of(const struct export *e, const char *source)
{
    const struct source *s = config_find(&e->run->config, source);

    return is_for_datagouv(e->run->format) && merge_wanted(s, e->present) ? s : NULL;
}

/* ---- Records ---- */

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
    e->settings = e->origin = NULL;
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
    e->settings = settings_of(e, source);
    if (strcmp(e->run->format, "csv") == 0)
        e->origin = config_find(&e->run->config, source);
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

/* ---- Formats ---- */

static struct mo_writer *
writer_named(const char *format, const struct mo_writer_options *options)
{
    static const struct {
        const char *name;
        struct mo_writer *(*make)(const struct mo_writer_options *options);
    } formats[] = {{"datagouv", mo_datagouv_writer}, {"dcatap", mo_dcatap_writer},
        {"rdfxml", mo_rdfxml_writer}, {"csv", mo_csv_writer}};

    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; ++i)
        if (strcmp(format, formats[i].name) == 0)
            return formats[i].make(options);
    return NULL;
}

/* The options of a writer into `file`; NULL writer: the format is not known. */
static struct mo_writer *
open_writer(struct export *e)
{
    struct run *r = e->run;
    struct mo_writer_options out = {.vocab = r->vocab,
        .sink = &r->sink,
        .write = write_out,
        .ctx = e,
        .lines = r->lines,
        .keys = r->keys,
        .edit = edit,
        .edit_ctx = e,
        .extras = r->extras,
        .languages = {mo_str("fr"), mo_str("en")},
        .n_languages = 2,
        .now = r->now ? r->now : mo_present()};

    return writer_named(r->format, &out);
}

/* The configuration, if there is one, and what the platform has. */
static int
load_settings(struct export *e)
{
    struct run *r = e->run;
    struct mo_diag diag = {
        .id = MO_DIAG_PRESENT, .file = mo_str(r->present ? r->present : "")};

    if (!is_for_datagouv(r->format))
        return r->present ? program_misuse("--present is for -f datagouv and csv", "")
                          : 0;
    if (access(r->config_file, R_OK) == 0 && program_load_config(r))
        return MO_EXIT_TROUBLE;
    if (!r->present)
        return 0;
    e->present = merge_read(r->present, &diag.line);
    if (e->present)
        return 0;
    if (diag.line == 0)
        diag.id = MO_DIAG_CANNOT_READ;
    mo_report(&r->sink, &diag);
    return MO_EXIT_TROUBLE;
}

/* Write what `fill` puts, into a file that is there whole or not at all. */
static int export(struct run *r, int (*fill)(struct export *e, void *ctx), void *ctx)
{
    struct export e = {.run = r};
    bool fine;

    if (program_load_vocab(r) || load_settings(&e))
        return MO_EXIT_TROUBLE;
    e.writer = open_writer(&e);
    if (!e.writer) {
        merge_free(e.present);
        return program_fatal(r, MO_DIAG_EXPORT_FORMAT, r->format, "");
    }
    if (mo_output_open(&e.file, r->output)) {
        mo_writer_free(e.writer);
        merge_free(e.present);
        return program_cannot_write(r);
    }
    fine =
        fill(&e, ctx) == 0 && end_source(&e) == 0 && mo_writer_end(e.writer, false) == 0;
    mo_reader_free(e.reader);
    free(e.source);
    mo_writer_free(e.writer);
    merge_free(e.present);
    if (mo_output_close(&e.file, fine) && fine)
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
