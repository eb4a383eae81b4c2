#include "flow/flowing.h"

#include <errno.h>
#include <stdlib.h>

enum { ENOUGH = 50 /* records before a percentage means something */ };

void
mo_flow_complain(struct flow *f, enum mo_diag_id id, const char *detail, const char *file)
{
    struct mo_diag diag = {.id = id, .detail = mo_str(detail), .file = mo_str(file)};

    mo_report(&f->sink, &diag);
}

static int
take_output(void *ctx, struct mo_str bytes)
{
    struct flow *f = ctx;

    if (!f->out_failed && mo_output_write(&f->out, bytes)) {
        f->out_failed = true;
        mo_flow_complain(f, MO_DIAG_CANNOT_WRITE, strerror(errno),
            f->options.output ? f->options.output : "");
    }
    return f->out_failed ? -1 : 0;
}

/* ---- Records ---- */

static void
check_rejects(struct flow *f)
{
    size_t rejected = f->rejected_by_readers + f->rejected_by_writer;
    size_t all = f->read + f->rejected_by_readers;

    if (f->options.max_rejects == SIZE_MAX || f->stop)
        return;
    if (f->options.max_rejects_percent
            ? all >= ENOUGH && rejected * 100 > all * f->options.max_rejects
            : rejected > f->options.max_rejects) {
        mo_flow_complain(f, MO_DIAG_TOO_MANY_REJECTS, "", "");
        f->stop = true;
    }
}

static void
move(struct flow *f, const struct mo_record *record)
{
    const struct mo_record *clean = record;

    if (record->kind == MO_RECORD_PART)
        ++f->parts;
    else if (record->kind == MO_RECORD_LOOSE)
        ++f->loose;
    else
        ++f->read;
    if (f->cleaner)
        clean = mo_cleaner_put(f->cleaner, record);
    switch (clean ? mo_writer_put(f->writer, clean) : MO_PUT_TROUBLE) {
    case MO_PUT_WRITTEN: ++f->written; break;
    case MO_PUT_KEPT: ++f->passed; break;
    case MO_PUT_PASSED:
        ++f->passed;
        mo_flow_lose(f, record);
        break;
    case MO_PUT_REJECTED:
        ++f->rejected_by_writer;
        mo_flow_keep(f, record);
        mo_flow_lose(f, record);
        break;
    case MO_PUT_TROUBLE:
        if (!f->out_failed)
            mo_flow_complain(f, MO_DIAG_NO_MEMORY, "", "");
        f->stop = true;
        break;
    }
}

void
mo_flow_drain(struct flow *f, struct mo_reader *reader, size_t before)
{
    const struct mo_record *record;

    while (!f->stop && mo_reader_next(reader, &record) == 1) {
        move(f, record);
        f->rejected_by_readers = before + mo_reader_rejected(reader);
        check_rejects(f);
    }
    f->rejected_by_readers = before + mo_reader_rejected(reader);
    check_rejects(f);
}

/* ---- Files ---- */

/* No file is written that is read, or written twice. */
static int
check_files(struct flow *f)
{
    const struct options *o = &f->options;
    const char *outputs[N_EXTRAS + 1];
    size_t n = 0;

    for (size_t i = 0; i < N_EXTRAS; ++i)
        if (f->wanted[i])
            outputs[n++] = f->wanted[i];
    outputs[n++] = o->output ? o->output : "-";
    for (size_t i = 0; i < n; ++i) {
        bool same = false;

        for (size_t k = 0; k < i; ++k)
            same = same || mo_same_file(outputs[i], outputs[k]);
        for (size_t k = 0; k < o->n_operands; ++k)
            same = same || (strcmp(o->operands[k], "-") != 0 &&
                               mo_same_file(outputs[i], o->operands[k]));
        for (size_t k = 0; k < o->n_overlays; ++k)
            same = same || mo_same_file(outputs[i], o->overlays[k].file);
        same = same || (o->ids && mo_same_file(outputs[i], o->ids));
        if (same) {
            mo_flow_complain(f, MO_DIAG_SAME_FILE, "", outputs[i]);
            return -1;
        }
    }
    return 0;
}

/* The folder of a site is the first operand. */
static int
open_site(struct flow *f)
{
    struct options *o = &f->options;

    if (!f->program->site || o->list)
        return 0;
    if (o->n_operands == 0 || !o->base_url) {
        mo_flow_complain(f, MO_DIAG_SITE_BASE, "", "");
        return -1;
    }
    f->folder = *o->operands++;
    --o->n_operands;
    mo_buf_c(&f->address, o->base_url);
    if (!mo_str_ends(mo_buf_view(&f->address), mo_str("/")))
        mo_buf_byte(&f->address, '/');
    f->tree = mo_tree_open(f->folder);
    if (!f->tree)
        mo_flow_complain(f, MO_DIAG_CANNOT_WRITE, strerror(errno), f->folder);
    return f->tree ? 0 : -1;
}

static int
open_files(struct flow *f)
{
    if (mo_output_open(&f->out, f->options.output)) {
        mo_flow_complain(f, MO_DIAG_CANNOT_WRITE, strerror(errno), f->options.output);
        return -1;
    }
    for (size_t i = 0; i < N_EXTRAS; ++i) {
        if (!f->wanted[i])
            continue;
        if (mo_output_open(&f->extras[i], f->wanted[i])) {
            mo_flow_complain(f, MO_DIAG_CANNOT_WRITE, strerror(errno), f->wanted[i]);
            return -1;
        }
        f->names[i] = f->wanted[i];
    }
    if (f->names[DIAGNOSTICS])
        f->report.json = &f->extras[DIAGNOSTICS];
    return 0;
}

static int
lay_over(struct flow *f, const struct overlay *overlay, struct mo_str text)
{
    struct mo_str file = mo_str(overlay->file);

    return overlay->name.n
               ? mo_tables_overlay(f->tables, overlay->name, text, file, &f->sink)
               : mo_tables_overlay_sections(f->tables, text, file, &f->sink);
}

static int
load_tables(struct flow *f)
{
    if (f->standing && f->options.n_overlays == 0) {
        f->tables = f->standing->tables;
        f->vocab = f->standing->vocab;
        f->standing->tables = NULL;
        f->standing->vocab = NULL;
        return 0;
    }
    f->tables = mo_tables_new();
    for (size_t i = 0; f->tables && i < f->options.n_overlays; ++i) {
        const struct overlay *overlay = &f->options.overlays[i];
        struct mo_buf text;
        int failed;

        mo_buf_init(&text, 256 << 20);
        failed = mo_read_file(overlay->file, &text);
        if (failed)
            mo_flow_complain(f, MO_DIAG_CANNOT_READ, strerror(errno), overlay->file);
        else
            failed = lay_over(f, overlay, mo_buf_view(&text));
        mo_buf_done(&text);
        if (failed)
            return -1;
    }
    f->vocab = f->tables ? mo_vocab_new(f->tables, &f->sink) : NULL;
    if (!f->vocab && !f->report.any)
        mo_flow_complain(f, MO_DIAG_NO_MEMORY, "", "");
    return f->vocab ? 0 : -1;
}

static int
read_ids(struct flow *f)
{
    const char *file = f->options.ids;

    if (!file || mo_read_file(file, &f->ids) == 0)
        return 0;
    mo_flow_complain(f, MO_DIAG_CANNOT_READ, strerror(errno), file);
    return -1;
}

static void
read_languages(const char *list, struct mo_writer_options *o)
{
    struct mo_str rest = mo_str(list ? list : "fr,en");

    while (rest.n && o->n_languages < MO_MAX_LANGUAGES) {
        size_t n = mo_str_find(rest, mo_str(","), 0);
        struct mo_str one = mo_str_trim(mo_str_n(rest.p, n));

        if (one.n)
            o->languages[o->n_languages++] = one;
        rest = mo_str_from(rest, n + 1);
    }
}

static int
open_writer(struct flow *f)
{
    struct mo_writer_options o = {.vocab = f->vocab,
        .sink = &f->sink,
        .write = take_output,
        .ctx = f,
        .lines = f->options.lines,
        .pretty = f->options.pretty,
        .context = mo_str(f->options.context),
        .keys = f->options.keys,
        .only = f->options.only,
        .extras = f->options.extras,
        .collapse_exports = f->options.collapse_exports,
        .columns = f->options.columns,
        .site = {.files = {f->tree, mo_tree_file, mo_tree_write, mo_tree_file_close,
                     mo_tree_done},
            .base = mo_buf_view(&f->address),
            .title = mo_str(f->options.title),
            .description = mo_str(f->options.description),
            .publisher = mo_str(f->options.publisher)},
        .payload = {.wanted = f->options.payload,
            .make_private = f->options.make_private,
            .organization = mo_str(f->options.organization),
            .ids = mo_buf_view(&f->ids),
            .ids_file = mo_str(f->options.ids)},
        .now = f->options.now,
        .lose = f->names[LOSSES] ? mo_flow_take_loss : NULL,
        .lose_ctx = f,
        .unmatched = f->names[UNMATCHED] ? mo_flow_take_unmatched : NULL,
        .unmatched_ctx = f};

    for (; o.n_tags < f->options.n_tags; ++o.n_tags)
        o.tags[o.n_tags] = mo_str(f->options.tags[o.n_tags]);
    read_languages(f->options.languages, &o);
    f->writer = f->program->writer(&o);
    if (!f->writer && !f->report.any)
        mo_flow_complain(f, MO_DIAG_NO_MEMORY, "", "");
    return f->writer ? 0 : -1;
}

static int
open_cleaner(struct flow *f)
{
    struct mo_clean_options o = {.vocab = f->vocab,
        .sink = &f->sink,
        .only = mo_str(f->options.only_rules),
        .except = mo_str(f->options.except_rules),
        .now = f->options.now,
        .unmatched = f->names[UNMATCHED] ? mo_flow_take_unmatched : NULL,
        .unmatched_ctx = f};

    if (!f->program->cleaner)
        return 0;
    if (f->standing && f->standing->cleaner &&
        mo_cleaner_options(f->standing->cleaner, &o) == 0) {
        f->cleaner = f->standing->cleaner;
        f->standing->cleaner = NULL;
        return 0;
    }
    f->cleaner = f->program->cleaner(&o);
    if (!f->cleaner && !f->report.any)
        mo_flow_complain(f, MO_DIAG_NO_MEMORY, "", "");
    return f->cleaner ? 0 : -1;
}

/* ---- The end ---- */

/* A site of which something is missing does not take the place of the one before. */
static void
close_site(struct flow *f)
{
    bool fatal = mo_reporter_status(&f->report) == MO_EXIT_TROUBLE;
    bool whole = mo_tree_is_done(f->tree) && !f->incomplete &&
                 f->report.counts[MO_DIAG_NO_RECORD] == 0 &&
                 f->report.counts[MO_DIAG_EMPTY_INPUT] == 0;

    if (!fatal && !whole)
        mo_flow_complain(f, MO_DIAG_SITE_KEPT, "", f->folder);
    if (mo_tree_close(f->tree, whole && !fatal))
        mo_flow_complain(f, MO_DIAG_CANNOT_WRITE, strerror(errno), f->folder);
    f->tree = NULL;
}

static void
close_files(struct flow *f, bool opened)
{
    bool keep;

    mo_flow_put(f, REJECTS, mo_buf_view(&f->reject_finish));
    mo_flow_unmatched(f);
    if (f->tree)
        close_site(f);
    keep = opened && mo_reporter_status(&f->report) != MO_EXIT_TROUBLE;
    if (opened && mo_output_close(&f->out, keep) && !f->out_failed)
        mo_flow_complain(f, MO_DIAG_CANNOT_WRITE, strerror(errno),
            f->options.output ? f->options.output : "");
    mo_reporter_rest(&f->report);
    if (f->names[SUMMARY])
        mo_flow_summary(f);
    f->report.json = NULL;
    for (size_t i = 0; i < N_EXTRAS; ++i)
        if (f->names[i] && mo_output_close(&f->extras[i], true))
            mo_flow_complain(f, MO_DIAG_CANNOT_WRITE, strerror(errno), f->names[i]);
}

static void
destroy(struct flow *f)
{
    mo_cleaner_free(f->cleaner);
    mo_writer_free(f->writer);
    mo_vocab_free(f->vocab);
    mo_tables_free(f->tables);
    for (size_t i = 0; i < f->n_unknown; ++i)
        free(f->unknown[i].row);
    free(f->unknown);
    mo_index_done(&f->unknown_index);
    mo_buf_done(&f->reject_root);
    mo_buf_done(&f->reject_finish);
    mo_buf_done(&f->ids);
    mo_buf_done(&f->address);
    free(f);
}

static void
run(struct flow *f)
{
    const struct options *o = &f->options;

    if (o->catalogue)
        mo_flow_convert(f, o->catalogue);
    if (o->n_operands == 0)
        mo_flow_convert(f, "-");
    for (size_t i = 0; i < o->n_operands && !f->stop; ++i)
        mo_flow_convert(f, o->operands[i]);
    if (f->out_failed || mo_writer_end(f->writer, f->incomplete) == 0 || f->out_failed)
        return;
    if (f->tree && mo_tree_error(f->tree))
        mo_flow_complain(
            f, MO_DIAG_CANNOT_WRITE, strerror(mo_tree_error(f->tree)), f->folder);
    else
        mo_flow_complain(f, MO_DIAG_NO_MEMORY, "", "");
}

/* A table, or an empty input. */
static void
print_text(struct flow *f)
{
    struct mo_buf text;

    mo_buf_init(&text, 256 << 20);
    if (f->options.list ? mo_tables_list(f->tables, mo_str(f->options.list), &text)
                        : f->program->form(f->tables, f->report.lang, &text))
        mo_flow_complain(f, MO_DIAG_NO_MEMORY, "", "");
    else
        take_output(f, mo_buf_view(&text));
    mo_buf_done(&text);
}

static int run_program(
    const struct mo_program *program, struct flow *standing, int argc, char *argv[]);

/* In a process of its own: a task that came to `standing`. */
static int
run_task(void *standing, int argc, char *argv[])
{
    return run_program(((struct flow *)standing)->program, standing, argc, argv);
}

static void
stand_by(struct flow *f)
{
    if (open_cleaner(f))
        return;
    if (f->cleaner && mo_cleaner_prepare(f->cleaner)) {
        mo_flow_complain(f, MO_DIAG_NO_MEMORY, "", "");
        return;
    }
    if (mo_flow_stand_by(run_task, f))
        mo_flow_complain(f, MO_DIAG_CANNOT_READ, strerror(errno), "-");
}

static int
run_program(
    const struct mo_program *program, struct flow *standing, int argc, char *argv[])
{
    struct flow *f = calloc(1, sizeof *f);
    int status;

    if (!f)
        return MO_EXIT_TROUBLE;
    f->program = program;
    f->standing = standing;
    if (mo_options_read(program, argc, argv, &f->options, &status)) {
        free(f);
        return status;
    }
    f->report.program = program->name;
    f->report.lang = mo_lang_of_user();
    f->report.quiet = f->options.quiet;
    f->report.verbose = f->options.verbose;
    f->sink.report = mo_reporter_take;
    f->sink.ctx = &f->report;
    f->wanted[REJECTS] = f->options.rejects;
    f->wanted[DIAGNOSTICS] = f->options.diagnostics;
    f->wanted[SUMMARY] = f->options.summary;
    f->wanted[LOSSES] = f->options.losses;
    f->wanted[UNMATCHED] = f->options.unmatched;
    mo_buf_init(&f->reject_root, 1 << 20);
    mo_buf_init(&f->reject_finish, 1 << 20);
    mo_buf_init(&f->address, 1 << 16);
    mo_buf_init(&f->ids, (size_t)4 << 30);
    if (check_files(f) == 0 && load_tables(f) == 0 && read_ids(f) == 0) {
        bool opened = open_site(f) == 0 && open_files(f) == 0;

        if (opened && (f->options.list || f->options.form))
            print_text(f);
        else if (opened && f->options.standby)
            stand_by(f);
        else if (opened && open_writer(f) == 0 && open_cleaner(f) == 0)
            run(f);
        close_files(f, opened);
    }
    status = (int)mo_reporter_status(&f->report);
    if (!standing) /* whose copy ends now, with all that it has */
        destroy(f);
    return status;
}

int
mo_flow_main(const struct mo_program *program, int argc, char *argv[])
{
    return run_program(program, NULL, argc, argv);
}
