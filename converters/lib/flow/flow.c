#include "flow/flow.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <moisson/text.h>

#include "base/hash.h"
#include "dcat/index.h"
#include "dcat/vocab.h"
#include "rdf/graph.h"
#include "rdf/ntriples.h"

enum { MAX_UNKNOWN = 1 << 16 };
enum { BLOCK = 64 << 10, ENOUGH = 50 /* records before a percentage means something */ };

enum extra { REJECTS, DIAGNOSTICS, SUMMARY, LOSSES, UNMATCHED, N_EXTRAS };

/* A value that no table knew, counted. */
struct unknown {
    const char *table;
    char *row;
    size_t n;
};

struct flow {
    const struct mo_program *program;
    struct options options;
    struct mo_reporter report;
    struct mo_sink sink;
    struct mo_tables *tables;
    struct mo_vocab *vocab;
    struct mo_cleaner *cleaner; /* or NULL */
    struct mo_writer *writer;
    struct mo_buf ids; /* the file */
    struct mo_output out;
    struct tree *tree;     /* a site grows there, instead */
    const char *folder;    /* its place */
    struct mo_buf address; /* of that */
    struct mo_output extras[N_EXTRAS];
    const char *wanted[N_EXTRAS]; /* their names */
    const char *names[N_EXTRAS];  /* of those that are open */
    bool out_failed;
    bool stop;       /* no more input is read */
    bool incomplete; /* some input broke off */

    size_t inputs, read, written, passed, parts, loose;
    size_t rejected_by_readers, rejected_by_writer;
    struct unknown *unknown;
    size_t n_unknown, cap_unknown;
    struct mo_index unknown_index; /* of rows, by hash */

    struct mo_buf reject_root, reject_finish; /* of the document of rejects */
    off_t size, done;                         /* of the input, for progress */
    int percent;
    char block[BLOCK];
};

/* ---- Saying what is wrong ---- */

static void
complain(struct flow *f, enum mo_diag_id id, const char *detail, const char *file)
{
    struct mo_diag diag = {.id = id, .detail = mo_str(detail), .file = mo_str(file)};

    mo_report(&f->sink, &diag);
}

static const char *
shown_name(const char *operand)
{
    return strcmp(operand, "-") == 0 ? "" : operand;
}

/* ---- The callbacks ---- */

static int
take_output(void *ctx, struct mo_str bytes)
{
    struct flow *f = ctx;

    if (!f->out_failed && mo_output_write(&f->out, bytes)) {
        f->out_failed = true;
        complain(f, MO_DIAG_CANNOT_WRITE, strerror(errno),
            f->options.output ? f->options.output : "");
    }
    return f->out_failed ? -1 : 0;
}

static int
put_extra(struct flow *f, enum extra which, struct mo_str bytes)
{
    if (!f->names[which])
        return 0;
    if (mo_output_write(&f->extras[which], bytes) == 0)
        return 0;
    if (!f->extras[which].failed || f->report.counts[MO_DIAG_CANNOT_WRITE] == 0)
        complain(f, MO_DIAG_CANNOT_WRITE, strerror(errno), f->names[which]);
    f->stop = true;
    return -1;
}

/*
 * A rejected record. The file is one document, opened by the first that needs one; a
 * later document of another make has its own beginning and end.
 */
static int
take_reject(void *ctx, const struct mo_reject *reject)
{
    struct flow *f = ctx;

    if (!mo_str_eq(mo_buf_view(&f->reject_root), reject->root)) {
        put_extra(f, REJECTS, mo_buf_view(&f->reject_finish));
        put_extra(f, REJECTS, reject->root);
        mo_buf_clear(&f->reject_root);
        mo_buf_str(&f->reject_root, reject->root);
        mo_buf_clear(&f->reject_finish);
        mo_buf_str(&f->reject_finish, reject->finish);
    }
    put_extra(f, REJECTS, reject->open);
    put_extra(f, REJECTS, reject->bytes);
    put_extra(f, REJECTS, mo_str(reject->more ? "" : "\n"));
    return put_extra(f, REJECTS, reject->close);
}

static int
take_kept(void *ctx, struct mo_str bytes)
{
    return put_extra(ctx, REJECTS, bytes);
}

/* A record that the writer rejected, in the dialect that was read. */
static void
keep_record(struct flow *f, const struct mo_record *record)
{
    struct mo_writer_options o = {
        .vocab = f->vocab, .write = take_kept, .ctx = f, .lines = true};
    struct mo_writer *keeper;

    if (!f->names[REJECTS] || !f->program->keeper)
        return;
    put_extra(f, REJECTS, mo_buf_view(&f->reject_finish));
    mo_buf_clear(&f->reject_root);
    mo_buf_clear(&f->reject_finish);
    keeper = f->program->keeper(&o);
    if (!keeper || mo_writer_put(keeper, record) != MO_PUT_WRITTEN ||
        mo_writer_end(keeper, false)) {
        complain(f, MO_DIAG_NO_MEMORY, "", "");
        f->stop = true;
    }
    mo_writer_free(keeper);
}

static void
take_loss_of_graph(void *ctx, const struct mo_stmt *stmt, const struct mo_term *graph)
{
    struct flow *f = ctx;
    struct mo_buf line;

    mo_buf_init(&line, 64 << 20);
    mo_nt_stmt(&line, stmt, graph);
    put_extra(f, LOSSES, mo_buf_view(&line));
    mo_buf_done(&line);
}

static void
take_loss(void *ctx, const struct mo_stmt *stmt)
{
    take_loss_of_graph(ctx, stmt, NULL);
}

static void
take_unmatched(void *ctx, const char *table, struct mo_str row)
{
    struct flow *f = ctx;
    uint64_t hash =
        mo_hash(mo_lexicon_key(f->vocab->lexicon), row) ^ mo_mix((uintptr_t)table);
    struct mo_slot *slot = mo_index_find(&f->unknown_index, hash);
    struct unknown *u;

    if (slot) {
        ++f->unknown[slot->at].n;
        return;
    }
    if (f->n_unknown == f->cap_unknown) {
        size_t cap = f->cap_unknown ? 2 * f->cap_unknown : 64;

        u = cap <= MAX_UNKNOWN ? realloc(f->unknown, cap * sizeof *u) : NULL;
        if (!u)
            return;
        f->unknown = u;
        f->cap_unknown = cap;
    }
    u = &f->unknown[f->n_unknown];
    u->table = table;
    u->row = strndup(row.p, row.n);
    u->n = 1;
    slot = u->row ? mo_index_add(&f->unknown_index, hash) : NULL;
    if (slot)
        slot->at = f->n_unknown++ & MO_SLOT_AT;
    else
        free(u->row);
}

/* A file stays inside of its folder, whatever the URL says. */
static bool
is_inside(struct mo_str path)
{
    bool begin = true;

    for (size_t i = 0; i < path.n; ++i) {
        if (path.p[i] == '\0' ||
            (begin && mo_str_starts(mo_str_from(path, i), mo_str(".."))))
            return false;
        begin = path.p[i] == '/';
    }
    return path.n > 0;
}

/* The same once links are followed: `name` is below `folder`. */
static bool
stays_inside(const char *folder, const char *name)
{
    char *top = realpath(folder, NULL), *file = realpath(name, NULL);
    size_t n = top ? strlen(top) : 0;
    bool inside = top && file && strncmp(file, top, n) == 0 &&
                  (file[n] == '/' || (n > 0 && top[n - 1] == '/'));

    free(top);
    free(file);
    return inside;
}

/* The context at `url`, from the folder that --context-map names for it. */
static int
take_context(void *ctx, struct mo_str url, struct mo_buf *out)
{
    struct flow *f = ctx;

    for (size_t i = 0; i < f->options.n_context_maps; ++i) {
        const struct context_map *map = &f->options.context_maps[i];
        struct mo_str path = mo_str_from(url, map->prefix.n);
        struct mo_buf name;
        int failed;

        path.n = mo_str_find(path, mo_str("#"), 0);
        if (!mo_str_starts(url, map->prefix) || !is_inside(path))
            continue;
        mo_buf_init(&name, 1 << 16);
        mo_buf_printf(&name, "%s/" MO_FMT, map->folder, MO_ARG(path));
        failed = name.failed || !stays_inside(map->folder, name.p) ||
                 mo_read_file(name.p, out);
        mo_buf_done(&name);
        if (!failed)
            return 0;
        mo_buf_clear(out);
    }
    return -1;
}

/* ---- Records ---- */

static void
lose_all(struct flow *f, const struct mo_record *record)
{
    for (size_t i = 0; f->names[LOSSES] && i < record->n_nodes; ++i) {
        for (const struct mo_stmt *s = record->nodes[i]->first; s; s = s->next)
            take_loss(f, s);
        for (const struct mo_stmt *s = record->nodes[i]->first_link; s; s = s->next)
            take_loss(f, s);
    }
}

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
        complain(f, MO_DIAG_TOO_MANY_REJECTS, "", "");
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
        lose_all(f, record);
        break;
    case MO_PUT_REJECTED:
        ++f->rejected_by_writer;
        keep_record(f, record);
        lose_all(f, record);
        break;
    case MO_PUT_TROUBLE:
        if (!f->out_failed)
            complain(f, MO_DIAG_NO_MEMORY, "", "");
        f->stop = true;
        break;
    }
}

static void
drain(struct flow *f, struct mo_reader *reader, size_t before)
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

/* ---- Progress ---- */

static void
show_progress(struct flow *f, size_t got)
{
    int percent;

    if (!f->report.terminal || f->size == 0)
        return;
    f->done += (off_t)got;
    percent = (int)(f->done * 100 / f->size);
    if (percent == f->percent)
        return;
    f->percent = percent;
    fprintf(stderr, "\r\033[K%3d %% %zu", percent > 100 ? 100 : percent, f->read);
    fflush(stderr);
}

static void
start_progress(struct flow *f, int fd)
{
    struct stat st;
    bool regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);

    f->size = regular ? st.st_size : 0;
    f->done = 0;
    f->percent = -1;
    f->report.terminal = isatty(STDERR_FILENO) && !f->options.quiet &&
                         (f->options.progress || (regular && !isatty(STDOUT_FILENO)));
}

static void
end_progress(struct flow *f)
{
    if (f->report.terminal && f->percent >= 0)
        fputs("\r\033[K", stderr);
    f->report.terminal = false;
}

/* ---- Inputs ---- */

/* Whether an input of which no more is known than this may be of the dialect `own`. */
static bool
may_be(const char *own, const char *found)
{
    bool turtle = strcmp(own, "turtle") == 0, xml = strcmp(own, "rdfxml") == 0;
    bool csv = strcmp(own, "csv") == 0;

    return !found[0] || strcmp(found, own) == 0 ||
           (strcmp(found, "json") == 0 && !turtle && !xml && !csv) ||
           (strcmp(found, "csv") == 0 && turtle) ||
           (strcmp(found, "jsonld") == 0 && strcmp(own, "datajson") == 0);
}

/* Whether the head of an input is of a format that the program does not read. */
static bool
is_foreign(struct flow *f, struct mo_str head, bool whole, const char *file)
{
    static const char *const use[] = {"%s; %s reads it", "%s ; %s le lit"};
    struct dialect d = mo_sniff(f->tables, head, f->report.lang);
    const char *own = f->program->dialect;
    bool xml = strcmp(d.name, "xml") == 0;
    char text[160];

    if (may_be(own, d.name) ||
        (xml && strcmp(own, "rdfxml") == 0 && (f->program->graph || !whole)))
        return false;
    snprintf(text, sizeof text, d.program[0] ? use[f->report.lang] : "%s", d.description,
        d.program);
    complain(f, MO_DIAG_OTHER_FORMAT, text, file);
    return true;
}

/* White space alone, or less. */
static bool
is_blank(struct mo_str input)
{
    return mo_str_blank(mo_str_from(input, mo_charset_told(input).mark));
}

static ssize_t
read_some(struct flow *f, int fd, size_t have)
{
    ssize_t got;

    do
        got = read(fd, f->block + have, BLOCK - have);
    while (got < 0 && errno == EINTR);
    return got;
}

/* Enough of the input to tell its format, or all. -1 when it cannot be read. */
static ssize_t
read_head(struct flow *f, int fd, bool *whole)
{
    size_t have = 0;

    *whole = false;
    while (have < MO_DIALECT_HEAD) {
        ssize_t got = read_some(f, fd, have);

        if (got < 0)
            return -1;
        if (got == 0) {
            *whole = true;
            break;
        }
        have += (size_t)got;
    }
    return (ssize_t)have;
}

static void
pump(struct flow *f, struct mo_reader *reader, int fd, ssize_t got, const char *file)
{
    size_t before = f->rejected_by_readers;

    while (!f->stop && got > 0) {
        show_progress(f, (size_t)got);
        if (mo_reader_push(reader, mo_str_n(f->block, (size_t)got)))
            break;
        drain(f, reader, before);
        if (mo_reader_state(reader) != MO_READER_FINE)
            break;
        got = read_some(f, fd, 0);
    }
    if (got < 0)
        complain(f, MO_DIAG_CANNOT_READ, strerror(errno), file);
    if (!f->stop) {
        mo_reader_end(reader);
        drain(f, reader, before);
    }
}

static void
convert(struct flow *f, int fd, const char *file)
{
    struct mo_reader_options o = {.vocab = f->vocab,
        .sink = &f->sink,
        .file = mo_str(file),
        .base = mo_str(f->options.base),
        .charset = mo_str(f->options.charset),
        /* A site is made at the end anyway. */
        .join = f->program->site ? MO_JOIN_ALWAYS : f->options.join,
        .strict = f->options.strict,
        .graph = f->program->graph,
        .quads = f->options.quads,
        .no_default_context = f->program->no_default_context,
        .max_bytes = f->options.max_bytes,
        .max_depth = f->options.max_depth,
        .reject = f->names[REJECTS] ? take_reject : NULL,
        .reject_ctx = f,
        .lose = f->names[LOSSES] ? take_loss_of_graph : NULL,
        .lose_ctx = f,
        .context = take_context,
        .context_ctx = f};
    size_t read = f->read, rejected = f->rejected_by_readers;
    struct mo_reader *reader;
    bool whole;
    ssize_t got;

    start_progress(f, fd);
    got = read_head(f, fd, &whole);
    if (got < 0) {
        complain(f, MO_DIAG_CANNOT_READ, strerror(errno), file);
        return;
    }
    if (got == 0 || (whole && is_blank(mo_str_n(f->block, (size_t)got)))) {
        complain(f, MO_DIAG_EMPTY_INPUT, "", file);
        return;
    }
    if (is_foreign(f, mo_str_n(f->block, (size_t)got), whole, file))
        return;
    reader = f->program->reader(&o);
    if (!reader) {
        complain(f, MO_DIAG_NO_MEMORY, "", file);
        return;
    }
    if (f->cleaner)
        mo_cleaner_file(f->cleaner, o.file);
    mo_writer_file(f->writer, o.file);
    pump(f, reader, fd, got, file);
    end_progress(f);
    if (mo_reader_state(reader) != MO_READER_FINE || f->stop)
        f->incomplete = true;
    else if (!f->program->graph && f->read == read &&
             f->rejected_by_readers == rejected && !mo_reader_empty_list(reader))
        complain(f, MO_DIAG_NO_RECORD, "", file);
    mo_reader_free(reader);
}

static void
convert_operand(struct flow *f, const char *operand)
{
    int fd = STDIN_FILENO;

    ++f->inputs;
    if (strcmp(operand, "-") != 0)
        fd = open(operand, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        complain(f, MO_DIAG_CANNOT_READ, strerror(errno), operand);
        return;
    }
    convert(f, fd, shown_name(operand));
    if (fd != STDIN_FILENO)
        close(fd);
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
            complain(f, MO_DIAG_SAME_FILE, "", outputs[i]);
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
        complain(f, MO_DIAG_SITE_BASE, "", "");
        return -1;
    }
    f->folder = *o->operands++;
    --o->n_operands;
    mo_buf_c(&f->address, o->base_url);
    if (!mo_str_ends(mo_buf_view(&f->address), mo_str("/")))
        mo_buf_byte(&f->address, '/');
    f->tree = mo_tree_open(f->folder);
    if (!f->tree)
        complain(f, MO_DIAG_CANNOT_WRITE, strerror(errno), f->folder);
    return f->tree ? 0 : -1;
}

static int
open_files(struct flow *f)
{
    if (mo_output_open(&f->out, f->options.output)) {
        complain(f, MO_DIAG_CANNOT_WRITE, strerror(errno), f->options.output);
        return -1;
    }
    for (size_t i = 0; i < N_EXTRAS; ++i) {
        if (!f->wanted[i])
            continue;
        if (mo_output_open(&f->extras[i], f->wanted[i])) {
            complain(f, MO_DIAG_CANNOT_WRITE, strerror(errno), f->wanted[i]);
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
    f->tables = mo_tables_new();
    for (size_t i = 0; f->tables && i < f->options.n_overlays; ++i) {
        const struct overlay *overlay = &f->options.overlays[i];
        struct mo_buf text;
        int failed;

        mo_buf_init(&text, 256 << 20);
        failed = mo_read_file(overlay->file, &text);
        if (failed)
            complain(f, MO_DIAG_CANNOT_READ, strerror(errno), overlay->file);
        else
            failed = lay_over(f, overlay, mo_buf_view(&text));
        mo_buf_done(&text);
        if (failed)
            return -1;
    }
    f->vocab = f->tables ? mo_vocab_new(f->tables, &f->sink) : NULL;
    if (!f->vocab && !f->report.any)
        complain(f, MO_DIAG_NO_MEMORY, "", "");
    return f->vocab ? 0 : -1;
}

static int
read_ids(struct flow *f)
{
    const char *file = f->options.ids;

    if (!file || mo_read_file(file, &f->ids) == 0)
        return 0;
    complain(f, MO_DIAG_CANNOT_READ, strerror(errno), file);
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
        .lose = f->names[LOSSES] ? take_loss : NULL,
        .lose_ctx = f,
        .unmatched = f->names[UNMATCHED] ? take_unmatched : NULL,
        .unmatched_ctx = f};

    for (; o.n_tags < f->options.n_tags; ++o.n_tags)
        o.tags[o.n_tags] = mo_str(f->options.tags[o.n_tags]);
    read_languages(f->options.languages, &o);
    f->writer = f->program->writer(&o);
    if (!f->writer && !f->report.any)
        complain(f, MO_DIAG_NO_MEMORY, "", "");
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
        .unmatched = f->names[UNMATCHED] ? take_unmatched : NULL,
        .unmatched_ctx = f};

    if (!f->program->cleaner)
        return 0;
    f->cleaner = f->program->cleaner(&o);
    if (!f->cleaner && !f->report.any)
        complain(f, MO_DIAG_NO_MEMORY, "", "");
    return f->cleaner ? 0 : -1;
}

/* ---- The end ---- */

static void
write_summary(struct flow *f)
{
    const char *before = "";
    struct mo_buf out;

    mo_buf_init(&out, 1 << 20);
    mo_buf_printf(&out,
        "{\"program\":\"%s\",\"version\":\"%s\",\"status\":%d,\"inputs\":%zu,",
        f->program->name, MO_VERSION, (int)mo_reporter_status(&f->report), f->inputs);
    mo_buf_printf(&out,
        "\"records\":{\"read\":%zu,\"written\":%zu,\"rejected\":%zu,\"passed\":%zu,"
        "\"parts\":%zu,\"loose\":%zu,\"repeated\":%zu},\"incomplete\":%s,"
        "\"diagnostics\":{",
        f->read, f->written, f->rejected_by_readers + f->rejected_by_writer, f->passed,
        f->parts, f->loose, f->report.counts[MO_DIAG_REPEATED],
        f->incomplete ? "true" : "false");
    for (size_t i = 0; i < MO_DIAG_COUNT; ++i)
        if (f->report.counts[i]) {
            mo_buf_printf(&out, "%s\"%s\":%zu", before,
                mo_diag_row((enum mo_diag_id)i)->code, f->report.counts[i]);
            before = ",";
        }
    mo_buf_c(&out, "}}\n");
    put_extra(f, SUMMARY, mo_buf_view(&out));
    mo_buf_done(&out);
}

/* Sections of tables, each ready for --table. */
static void
write_unmatched(struct flow *f)
{
    for (size_t t = 0; f->names[UNMATCHED] && mo_tables_name(t); ++t) {
        bool headed = false;

        for (size_t i = 0; i < f->n_unknown; ++i) {
            struct unknown *u = &f->unknown[i];
            struct mo_buf out;
            size_t n;

            if (strcmp(u->table, mo_tables_name(t)) != 0)
                continue;
            mo_buf_init(&out, 64 << 20);
            if (!headed) {
                mo_buf_printf(&out, "# table: %s\n", u->table);
                n = out.n;
                mo_tables_list(f->tables, mo_str(u->table), &out);
                out.n = mo_str_find(mo_buf_view(&out), mo_str("\n"), n) + 1;
            }
            headed = true;
            mo_buf_printf(&out, "# %zu times\n%s\n", u->n, u->row);
            put_extra(f, UNMATCHED, mo_buf_view(&out));
            mo_buf_done(&out);
        }
    }
}

/* A site of which something is missing does not take the place of the one before. */
static void
close_site(struct flow *f)
{
    bool fatal = mo_reporter_status(&f->report) == MO_EXIT_TROUBLE;
    bool whole = mo_tree_is_done(f->tree) && !f->incomplete &&
                 f->report.counts[MO_DIAG_NO_RECORD] == 0 &&
                 f->report.counts[MO_DIAG_EMPTY_INPUT] == 0;

    if (!fatal && !whole)
        complain(f, MO_DIAG_SITE_KEPT, "", f->folder);
    if (mo_tree_close(f->tree, whole && !fatal))
        complain(f, MO_DIAG_CANNOT_WRITE, strerror(errno), f->folder);
    f->tree = NULL;
}

static void
close_files(struct flow *f, bool opened)
{
    bool keep;

    put_extra(f, REJECTS, mo_buf_view(&f->reject_finish));
    write_unmatched(f);
    if (f->tree)
        close_site(f);
    keep = opened && mo_reporter_status(&f->report) != MO_EXIT_TROUBLE;
    if (opened && mo_output_close(&f->out, keep) && !f->out_failed)
        complain(f, MO_DIAG_CANNOT_WRITE, strerror(errno),
            f->options.output ? f->options.output : "");
    mo_reporter_rest(&f->report);
    if (f->names[SUMMARY])
        write_summary(f);
    f->report.json = NULL;
    for (size_t i = 0; i < N_EXTRAS; ++i)
        if (f->names[i] && mo_output_close(&f->extras[i], true))
            complain(f, MO_DIAG_CANNOT_WRITE, strerror(errno), f->names[i]);
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
        convert_operand(f, o->catalogue);
    if (o->n_operands == 0)
        convert_operand(f, "-");
    for (size_t i = 0; i < o->n_operands && !f->stop; ++i)
        convert_operand(f, o->operands[i]);
    if (f->out_failed || mo_writer_end(f->writer, f->incomplete) == 0 || f->out_failed)
        return;
    if (f->tree && mo_tree_error(f->tree))
        complain(f, MO_DIAG_CANNOT_WRITE, strerror(mo_tree_error(f->tree)), f->folder);
    else
        complain(f, MO_DIAG_NO_MEMORY, "", "");
}

/* A table, or an empty input. */
static void
print_text(struct flow *f)
{
    struct mo_buf text;

    mo_buf_init(&text, 256 << 20);
    if (f->options.list ? mo_tables_list(f->tables, mo_str(f->options.list), &text)
                        : f->program->form(f->tables, f->report.lang, &text))
        complain(f, MO_DIAG_NO_MEMORY, "", "");
    else
        take_output(f, mo_buf_view(&text));
    mo_buf_done(&text);
}

int
mo_flow_main(const struct mo_program *program, int argc, char *argv[])
{
    struct flow *f = calloc(1, sizeof *f);
    int status;

    if (!f)
        return MO_EXIT_TROUBLE;
    f->program = program;
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
        else if (opened && open_writer(f) == 0 && open_cleaner(f) == 0)
            run(f);
        close_files(f, opened);
    }
    status = (int)mo_reporter_status(&f->report);
    destroy(f);
    return status;
}
