#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <moisson/moisson.h>

#include "config.h"
#include "crawl.h"
#include "store.h"

#define PROGRAM "moisson"

#ifndef MO_VERSION
#define MO_VERSION "0" /* the Makefile gives it, from VERSION */
#endif

enum { MAX_OPERANDS = 1024 };

struct run {
    const char *config_file, *store_file, *format, *output;
    enum mo_extras extras;
    bool lines;
    char **operands;
    size_t n_operands;
    struct config config;
    struct store *store;
    struct mo_tables *tables;
    struct mo_vocab *vocab;
    struct mo_writer *writer;
    struct mo_reader *reader;
    struct mo_reporter reporter;
    struct mo_sink sink;
    FILE *out;
    int write_error;   /* errno of the first write that failed */
    enum mo_keys keys; /* of an export */
    char *exporting;   /* the source whose items are being exported */
};

/* A reader that has gone is no news: end as cat does. */
static void
end_quietly(void)
{
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
}

static int
fatal(const struct run *r, enum mo_diag_id id, const char *detail, const char *file)
{
    struct mo_diag diag = {.id = id, .detail = mo_str(detail), .file = mo_str(file)};

    if (errno == EPIPE)
        end_quietly();
    mo_report(&r->sink, &diag);
    return MO_EXIT_TROUBLE;
}

static int
cannot_write(const struct run *r)
{
    return fatal(r, MO_DIAG_CANNOT_WRITE, strerror(errno), r->output ? r->output : "");
}

static int
store_failed(const struct run *r)
{
    return fatal(r, MO_DIAG_STORE, store_error(r->store), r->store_file);
}

static int
misuse(const char *what, const char *word)
{
    fprintf(stderr, word[0] ? PROGRAM ": fatal: %s: '%s'\n" : PROGRAM ": fatal: %s\n",
        what, word);
    fputs("try '" PROGRAM " help'\n", stderr);
    return MO_EXIT_TROUBLE;
}

static int
load_vocab(struct run *r)
{
    r->tables = mo_tables_new();
    r->vocab = r->tables ? mo_vocab_new(r->tables, &r->sink) : NULL;
    return r->vocab ? 0 : fatal(r, MO_DIAG_NO_MEMORY, "", "");
}

static int
load_config(struct run *r)
{
    return config_read(&r->sink, r->config_file, &r->config) ? MO_EXIT_TROUBLE : 0;
}

static int
open_store(struct run *r, bool create)
{
    const char *error;

    r->store = store_open(r->store_file, create, &error);
    if (r->store)
        return 0;
    return fatal(r, MO_DIAG_STORE, error, r->store_file);
}

/* ---- fetch ---- */

static int
print_line(void *ctx, struct mo_str json)
{
    struct run *r = ctx;

    if (fwrite(json.p, 1, json.n, r->out) == json.n && putc('\n', r->out) != EOF)
        return 0;
    if (errno == EPIPE)
        end_quietly();
    r->write_error = errno;
    return -1;
}

static void
print_failure(void *ctx, const struct source *source, const struct outcome *outcome)
{
    const struct run *r = ctx;

    if (outcome->failed && !r->write_error)
        fprintf(stderr, PROGRAM ": %s: error: %s\n", source->name, outcome->reason);
}

static bool
is_url(const char *word)
{
    return strncmp(word, "http://", 7) == 0 || strncmp(word, "https://", 8) == 0;
}

static int
command_fetch(struct run *r)
{
    struct crawler_options o = {.sink = &r->sink,
        .program = PROGRAM,
        .version = MO_VERSION,
        .contact = "",
        .line = print_line,
        .done = print_failure,
        .ctx = r};
    const struct source *source = NULL;
    struct source bare;
    int failed;

    if (r->n_operands == 0)
        return misuse("fetch takes a URL or a source", "");
    if (access(r->config_file, R_OK) == 0 || !is_url(r->operands[0])) {
        if (load_config(r))
            return MO_EXIT_TROUBLE;
        o.contact = r->config.contact;
        source = config_find(&r->config, r->operands[0]);
    }
    if (!source && is_url(r->operands[0])) {
        config_bare(r->operands[0], &bare);
        source = &bare;
    }
    if (!source)
        return fatal(r, MO_DIAG_NO_SOURCE, r->operands[0], "");
    if (load_vocab(r))
        return MO_EXIT_TROUBLE;
    o.tables = r->tables;
    o.vocab = r->vocab;
    failed = crawl(&o, &source, 1);
    if (source == &bare)
        source_done(&bare);
    if (!r->write_error && fflush(r->out))
        r->write_error = errno;
    errno = r->write_error;
    if (errno)
        return cannot_write(r);
    return failed < 0 ? MO_EXIT_TROUBLE : failed ? MO_EXIT_FINDINGS : MO_EXIT_CLEAN;
}

/* ---- run ---- */

static void
print_outcome(void *ctx, const struct source *source, const struct outcome *o)
{
    (void)ctx;
    if (o->failed)
        fprintf(stderr, PROGRAM ": %s: error: %s\n", source->name, o->reason);
    else
        fprintf(stderr, PROGRAM ": %s: %lld record%s from %lld page%s, %lld rejected\n",
            source->name, (long long)o->records, o->records == 1 ? "" : "s",
            (long long)o->pages, o->pages == 1 ? "" : "s", (long long)o->rejected);
}

/* The sources that were named, or all that are enabled. NULL: one does not exist. */
static const struct source **
choose_sources(struct run *r, size_t *n)
{
    const struct source **chosen =
        calloc(r->config.n_sources + r->n_operands + 1, sizeof(struct source *));

    *n = 0;
    for (size_t i = 0; chosen && i < r->n_operands; ++i) {
        chosen[*n] = config_find(&r->config, r->operands[i]);
        if (!chosen[*n]) {
            fatal(r, MO_DIAG_NO_SOURCE, r->operands[i], "");
            free(chosen);
            return NULL;
        }
        ++*n;
    }
    for (size_t i = 0; chosen && r->n_operands == 0 && i < r->config.n_sources; ++i)
        if (r->config.sources[i].enabled)
            chosen[(*n)++] = &r->config.sources[i];
    return chosen;
}

static int
command_run(struct run *r)
{
    struct crawler_options o = {.sink = &r->sink,
        .program = PROGRAM,
        .version = MO_VERSION,
        .done = print_outcome,
        .ctx = r};
    const struct source **sources;
    size_t n;
    long holder;
    char process[24];
    int failed;

    if (load_config(r) || load_vocab(r))
        return MO_EXIT_TROUBLE;
    sources = choose_sources(r, &n);
    if (sources && n == 0)
        fatal(r, MO_DIAG_NO_SOURCES, "", r->config_file);
    if (!sources || n == 0 || open_store(r, true)) {
        free(sources);
        return MO_EXIT_TROUBLE;
    }
    if (store_lock(r->store, r->store_file, &holder)) {
        free(sources);
        if (!holder)
            return store_failed(r);
        snprintf(process, sizeof process, "%ld", holder);
        return fatal(r, MO_DIAG_STORE_LOCKED, process, r->store_file);
    }
    o.contact = r->config.contact;
    o.tables = r->tables;
    o.vocab = r->vocab;
    o.store = r->store;
    failed = crawl(&o, sources, n);
    free(sources);
    return failed < 0 ? MO_EXIT_TROUBLE : failed ? MO_EXIT_FINDINGS : MO_EXIT_CLEAN;
}

/* ---- status ---- */

static int
command_status(struct run *r)
{
    if (open_store(r, false))
        return MO_EXIT_TROUBLE;
    if (store_status(r->store, r->out))
        return store_failed(r);
    return MO_EXIT_CLEAN;
}

/* ---- export ---- */

static int
write_out(void *ctx, struct mo_str bytes)
{
    return mo_output_write(ctx, bytes);
}

static int
drain(struct run *r)
{
    const struct mo_record *record;

    while (mo_reader_next(r->reader, &record) == 1)
        if (mo_writer_put(r->writer, record) == MO_PUT_TROUBLE)
            return -1;
    return 0;
}

/* The source is read to its end: what waited for later pages comes. */
static int
end_export(struct run *r)
{
    int failed = r->reader && (mo_reader_end(r->reader) || drain(r));

    mo_reader_free(r->reader);
    free(r->exporting);
    r->reader = NULL;
    r->exporting = NULL;
    return failed ? -1 : 0;
}

/* Sources are read apart: what one says of a dataset is not what another says. */
static int
begin_export(struct run *r, const char *source, bool parts)
{
    struct mo_reader_options in = {.vocab = r->vocab,
        .sink = &r->sink,
        .join = parts ? MO_JOIN_ALWAYS : MO_JOIN_AUTO};

    if (end_export(r) || !(r->exporting = strdup(source)))
        return -1;
    in.file = mo_str(r->exporting);
    mo_writer_file(r->writer, in.file);
    r->reader = mo_jsonld_reader(&in);
    return r->reader ? 0 : -1;
}

static int
export_item(void *ctx, const char *source, bool parts, struct mo_str json)
{
    struct run *r = ctx;

    if ((!r->exporting || strcmp(r->exporting, source) != 0) &&
        begin_export(r, source, parts))
        return -1;
    if (mo_reader_push(r->reader, json) || mo_reader_push(r->reader, mo_str("\n")))
        return -1;
    return drain(r);
}

static struct mo_writer *
writer_named(const char *format, const struct mo_writer_options *options)
{
    return strcmp(format, "datagouv") == 0 ? mo_datagouv_writer(options)
           : strcmp(format, "dcatap") == 0 ? mo_dcatap_writer(options)
           : strcmp(format, "rdfxml") == 0 ? mo_rdfxml_writer(options)
                                           : NULL;
}

static int
command_export(struct run *r)
{
    struct mo_output file;
    struct mo_writer_options out = {.sink = &r->sink,
        .write = write_out,
        .ctx = &file,
        .lines = r->lines,
        .keys = r->keys,
        .extras = r->extras,
        .languages = {mo_str("fr"), mo_str("en")},
        .n_languages = 2,
        .now = mo_present()};
    bool fine;

    if (load_vocab(r) || open_store(r, false))
        return MO_EXIT_TROUBLE;
    out.vocab = r->vocab;
    r->writer = writer_named(r->format, &out);
    if (!r->writer)
        return fatal(r, MO_DIAG_EXPORT_FORMAT, r->format, "");
    if (mo_output_open(&file, r->output))
        return cannot_write(r);
    fine = store_export(r->store, export_item, r) == 0 && end_export(r) == 0 &&
           mo_writer_end(r->writer, false) == 0;
    if (mo_output_close(&file, fine) && fine)
        return cannot_write(r);
    if (!fine)
        return store_failed(r);
    mo_reporter_rest(&r->reporter);
    return (int)mo_reporter_status(&r->reporter);
}

/* ---- Commands and options ---- */

enum { KEYS = 256, EXTRAS };
/* options without a letter */

static int command_help(struct run *r);

static const struct command {
    const char *name, *operands, *help;
    int (*run)(struct run *r);
    size_t most; /* operands */
} commands[] = {
    {"fetch", "URL|SOURCE", "print all records of a source, keep nothing", command_fetch,
        1},
    {"run", "[SOURCE ...]", "harvest all enabled sources, or these", command_run,
        SIZE_MAX},
    {"status", "", "print what became of each source", command_status, 0},
    {"export", "-f FORMAT [options]", "write what was harvested", command_export, 0},
    {"help", "", "show this", command_help, 0},
};

enum { N_COMMANDS = sizeof commands / sizeof commands[0] };

static int
command_help(struct run *r)
{
    fputs("usage: " PROGRAM " [-c FILE] [-D FILE] COMMAND\n\n"
          "harvest catalogues, and export what they hold\n\n",
        r->out);
    for (size_t i = 0; i < N_COMMANDS; ++i) {
        char left[64];

        snprintf(left, sizeof left, "%s %s", commands[i].name, commands[i].operands);
        fprintf(r->out, "  %-44s %s\n", left, commands[i].help);
    }
    fputs(
        "\n"
        "  -c, --config FILE              sources, and how to fetch them (sources.conf)\n"
        "  -D, --store FILE               where harvests are kept (harvest.db)\n"
        "  -f, --format FORMAT            of an export: datagouv, dcatap or rdfxml\n"
        "      --keys 3.0.1|2.1.1         the keys of which DCAT-AP, of dcatap (3.0.1)\n"
        "  -l, --lines                    a record a line, instead of one document\n"
        "  -o, --output FILE              write FILE, put in place once it is whole\n"
        "      --extras all|known|none    what to keep in extras of data.gouv.fr JSON\n"
        "  -h, --help                     show this and exit\n"
        "  -V, --version                  show the version and exit\n",
        r->out);
    return MO_EXIT_CLEAN;
}

static void
close_run(struct run *r)
{
    mo_writer_free(r->writer);
    mo_reader_free(r->reader);
    free(r->exporting);
    mo_vocab_free(r->vocab);
    mo_tables_free(r->tables);
    store_close(r->store);
    config_done(&r->config);
}

/* Pipes and files must not become standard input, output or error. */
static void
fill_standard_files(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO)
        close(fd);
}

int
main(int argc, char *argv[])
{
    static const struct option longs[] = {{"config", required_argument, NULL, 'c'},
        {"store", required_argument, NULL, 'D'}, {"format", required_argument, NULL, 'f'},
        {"keys", required_argument, NULL, KEYS}, {"lines", no_argument, NULL, 'l'},
        {"output", required_argument, NULL, 'o'},
        {"extras", required_argument, NULL, EXTRAS}, {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'}, {NULL, 0, NULL, 0}};
    struct run r = {.config_file = "sources.conf",
        .store_file = "harvest.db",
        .format = "",
        .out = stdout,
        .reporter = {.program = PROGRAM, .lang = mo_lang_of_user()},
        .sink = {.report = mo_reporter_take}};
    int c, status = -1;

    r.sink.ctx = &r.reporter;
    fill_standard_files();
    signal(SIGPIPE, SIG_IGN);
    opterr = 0;
    while (
        status < 0 && (c = getopt_long(argc, argv, "c:D:f:lo:hV", longs, NULL)) != -1) {
        switch (c) {
        case 'c': r.config_file = optarg; break;
        case 'D': r.store_file = optarg; break;
        case 'f': r.format = optarg; break;
        case KEYS:
            if (!mo_keys_named(mo_str(optarg), &r.keys))
                return misuse("--keys takes 3.0.1 or 2.1.1", optarg);
            break;
        case 'l': r.lines = true; break;
        case 'o': r.output = optarg; break;
        case EXTRAS:
            if (!mo_extras_named(optarg, &r.extras))
                return misuse("option does not take this", optarg);
            break;
        case 'h': status = command_help(&r); break;
        case 'V':
            puts(PROGRAM " (moisson) " MO_VERSION);
            status = MO_EXIT_CLEAN;
            break;
        default: return misuse("unknown option, or no argument", argv[optind - 1]);
        }
    }
    if (status < 0 && optind == argc)
        return misuse("a command is missing", "");
    if (status < 0) {
        r.operands = argv + optind + 1;
        r.n_operands = (size_t)(argc - optind - 1);
        for (size_t i = 0; i < N_COMMANDS && status < 0; ++i)
            if (strcmp(argv[optind], commands[i].name) != 0)
                continue;
            else if (r.n_operands > commands[i].most)
                return misuse(
                    "the command does not take this", r.operands[commands[i].most]);
            else
                status = commands[i].run(&r);
    }
    if (status < 0)
        return misuse("unknown command", argv[optind]);
    if (status != MO_EXIT_TROUBLE && (fflush(stdout) || ferror(stdout)))
        status = cannot_write(&r);
    close_run(&r);
    return status;
}
