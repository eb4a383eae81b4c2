#include "flow/flowing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <moisson/text.h>

static const char *
shown_name(const char *operand)
{
    return strcmp(operand, "-") == 0 ? "" : operand;
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
    mo_flow_complain(f, MO_DIAG_OTHER_FORMAT, text, file);
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
        mo_flow_drain(f, reader, before);
        if (mo_reader_state(reader) != MO_READER_FINE)
            break;
        got = read_some(f, fd, 0);
    }
    if (got < 0)
        mo_flow_complain(f, MO_DIAG_CANNOT_READ, strerror(errno), file);
    if (!f->stop) {
        mo_reader_end(reader);
        mo_flow_drain(f, reader, before);
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
        .reject = f->names[REJECTS] ? mo_flow_take_reject : NULL,
        .reject_ctx = f,
        .lose = f->names[LOSSES] ? mo_flow_take_loss_of_graph : NULL,
        .lose_ctx = f,
        .context = mo_flow_take_context,
        .context_ctx = f};
    size_t read = f->read, rejected = f->rejected_by_readers;
    struct mo_reader *reader;
    bool whole;
    ssize_t got;

    start_progress(f, fd);
    got = read_head(f, fd, &whole);
    if (got < 0) {
        mo_flow_complain(f, MO_DIAG_CANNOT_READ, strerror(errno), file);
        return;
    }
    if (got == 0 || (whole && is_blank(mo_str_n(f->block, (size_t)got)))) {
        mo_flow_complain(f, MO_DIAG_EMPTY_INPUT, "", file);
        return;
    }
    if (is_foreign(f, mo_str_n(f->block, (size_t)got), whole, file))
        return;
    reader = f->program->reader(&o);
    if (!reader) {
        mo_flow_complain(f, MO_DIAG_NO_MEMORY, "", file);
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
        mo_flow_complain(f, MO_DIAG_NO_RECORD, "", file);
    mo_reader_free(reader);
}

void
mo_flow_convert(struct flow *f, const char *operand)
{
    int fd = STDIN_FILENO;

    ++f->inputs;
    if (strcmp(operand, "-") != 0)
        fd = open(operand, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        mo_flow_complain(f, MO_DIAG_CANNOT_READ, strerror(errno), operand);
        return;
    }
    convert(f, fd, shown_name(operand));
    if (fd != STDIN_FILENO)
        close(fd);
}
