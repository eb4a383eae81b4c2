#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keys.h"
#include "nearest.h"

/* ---- What all commands need ---- */

void
program_end_quietly(void)
{
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
}

int
program_fatal(
    const struct run *r, enum mo_diag_id id, const char *detail, const char *file)
{
    struct mo_diag diag = {.id = id, .detail = mo_str(detail), .file = mo_str(file)};

    if (errno == EPIPE)
        program_end_quietly();
    mo_report(&r->sink, &diag);
    return MO_EXIT_TROUBLE;
}

int
program_cannot_write(const struct run *r)
{
    return program_fatal(
        r, MO_DIAG_CANNOT_WRITE, strerror(errno), r->output ? r->output : "");
}

int
program_store_failed(const struct run *r)
{
    return program_fatal(r, MO_DIAG_STORE, store_error(r->store), r->store_file);
}

int
program_misuse(const char *what, const char *word)
{
    fprintf(stderr, word[0] ? PROGRAM ": fatal: %s: '%s'\n" : PROGRAM ": fatal: %s\n",
        what, word);
    fputs("try '" PROGRAM " help'\n", stderr);
    return MO_EXIT_TROUBLE;
}

const char *
program_say(const struct run *r, const char *english, const char *french)
{
    return r->reporter.lang == MO_FR ? french : english;
}

int
program_load_vocab(struct run *r)
{
    r->tables = mo_tables_new();
    r->vocab = r->tables ? mo_vocab_new(r->tables, &r->sink) : NULL;
    return r->vocab ? 0 : program_fatal(r, MO_DIAG_NO_MEMORY, "", "");
}

int
program_load_config(struct run *r)
{
    return config_read(&r->sink, r->config_file, &r->config) ? MO_EXIT_TROUBLE : 0;
}

static bool
is_url(const char *word)
{
    return strncmp(word, "http://", 7) == 0 || strncmp(word, "https://", 8) == 0;
}

int
program_find_source(struct run *r, const struct source **source, struct source *bare)
{
    const char *word = r->operands[0];

    *source = NULL;
    if (access(r->config_file, R_OK) == 0 || !is_url(word)) {
        if (program_load_config(r))
            return MO_EXIT_TROUBLE;
        *source = config_find(&r->config, word);
    }
    if (!*source && !is_url(word))
        return program_fatal(r, MO_DIAG_NO_SOURCE, word, r->config_file);
    if (!*source && key_is_secret(key_named("url"), word))
        return program_misuse(
            "user and password do not stand in an address, but with a source", "");
    if (!*source) {
        config_bare(word, bare);
        *source = bare;
    }
    return 0;
}

int
program_open_store(struct run *r, bool create)
{
    const char *error;

    r->store = store_open(r->store_file, create, &error);
    if (!r->store)
        return program_fatal(r, MO_DIAG_STORE, error, r->store_file);
    store_set_now(r->store, r->now);
    return 0;
}

int
program_lock_store(struct run *r)
{
    char process[24];
    long holder;

    if (store_lock(r->store, r->store_file, r->wait, &holder) == 0)
        return 0;
    if (!holder)
        return program_store_failed(r);
    snprintf(process, sizeof process, "%ld", holder);
    return program_fatal(r, MO_DIAG_STORE_LOCKED, process, r->store_file);
}

int
program_check_source(const struct run *r)
{
    const char *values[] = {r->n_operands ? r->operands[0] : NULL};
    struct rows *rows = store_rows(r->store,
        "SELECT count(*) FROM v_source WHERE ?1 IS NULL OR source = ?1", values, 1);
    bool found = rows && rows_next(rows) && rows_number(rows, 0);

    if (rows_done(rows))
        return program_store_failed(r);
    return found || !r->n_operands
               ? 0
               : program_fatal(r, MO_DIAG_NO_SOURCE, r->operands[0], r->store_file);
}

/* ---- The table of commands ---- */

static int command_help(struct run *r);

static const struct command {
    const char *name, *operands, *help;
    int (*run)(struct run *r);
    size_t most; /* operands */
} commands[] = {
    {"fetch", "URL|SOURCE", "print all records of a source, keep nothing", command_fetch,
        1},
    {"probe", "URL|SOURCE", "tell what an address is, and how to harvest it",
        command_probe, 1},
    {"run", "[SOURCE ...]", "harvest all enabled sources, or these", command_run,
        SIZE_MAX},
    {"accept", "SOURCE|JOB ...", "make a harvest live that is held", command_accept,
        SIZE_MAX},
    {"reject", "SOURCE|JOB ...", "drop a harvest that is held", command_reject, SIZE_MAX},
    {"status", "[SOURCE]", "print what became of each source", command_status, 1},
    {"jobs", "[SOURCE]", "list the harvests", command_jobs, 1},
    {"log", "[SOURCE|JOB]", "tell what happened, in order", command_log, 1},
    {"items", "[SOURCE]", "list the records", command_items, 1},
    {"show", "KEY|IRI|TITLE", "tell the story of one record", command_show, 1},
    {"diff", "[SOURCE | JOB [JOB]]", "show what a harvest changed, or would change",
        command_diff, 2},
    {"export", "-f FORMAT [SOURCE]", "write what was harvested", command_export, 1},
    {"replay", "[SOURCE|JOB|JOB/PAGE]", "convert pages again that were kept",
        command_replay, 1},
    {"sources", "[SOURCE]", "list the sources, or check their settings", command_sources,
        1},
    {"forget", "--yes SOURCE", "remove all that is known of a source", command_forget, 1},
    {"help", "", "show this", command_help, 0},
};

enum { N_COMMANDS = sizeof commands / sizeof commands[0] };

/* What people call them elsewhere. */
static const struct {
    const char *word, *command;
} synonyms[] = {
    {"harvest", "run"},
    {"crawl", "run"},
    {"update", "run"},
    {"sync", "run"},
    {"start", "run"},
    {"import", "run"},
    {"preview", "run --dry-run"},
    {"dry-run", "run --dry-run"},
    {"get", "fetch"},
    {"download", "fetch"},
    {"cat", "fetch"},
    {"approve", "accept"},
    {"confirm", "accept"},
    {"apply", "accept"},
    {"promote", "accept"},
    {"refuse", "reject"},
    {"discard", "reject"},
    {"drop", "reject"},
    {"state", "status"},
    {"report", "status --problems"},
    {"errors", "status --problems"},
    {"problems", "status --problems"},
    {"history", "jobs"},
    {"runs", "jobs"},
    {"logs", "log"},
    {"events", "log"},
    {"list", "items"},
    {"records", "items"},
    {"datasets", "items"},
    {"ls", "items"},
    {"search", "show"},
    {"find", "show"},
    {"explain", "show"},
    {"view", "show"},
    {"compare", "diff"},
    {"changes", "diff"},
    {"dump", "export"},
    {"write", "export"},
    {"publish", "export -f datagouv"},
    {"validate", "sources --check"},
    {"check", "sources --check"},
    {"test", "sources --check"},
    {"config", "sources --check"},
    {"purge", "forget"},
    {"clear", "forget"},
    {"delete", "forget"},
    {"remove", "forget"},
    {"rm", "forget"},
    {"version", "--version"},
};

static const char *
meant_command(const char *word)
{
    const char *names[N_COMMANDS];

    for (size_t i = 0; i < sizeof synonyms / sizeof synonyms[0]; ++i)
        if (strcmp(synonyms[i].word, word) == 0)
            return synonyms[i].command;
    for (size_t i = 0; i < N_COMMANDS; ++i)
        names[i] = commands[i].name;
    return nearest(word, names, N_COMMANDS);
}

static int
unknown_command(const char *word)
{
    const char *meant = meant_command(word);

    if (!meant)
        return program_misuse("unknown command", word);
    fprintf(stderr, PROGRAM ": fatal: unknown command: '%s'\ntry '" PROGRAM " %s'\n",
        word, meant);
    return MO_EXIT_TROUBLE;
}

/* ---- The table of options ---- */

static bool
set_text(void *target, const char *value)
{
    *(const char **)target = value;
    return true;
}

static bool
set_flag(void *target, const char *value)
{
    (void)value;
    *(bool *)target = true;
    return true;
}

static bool
set_keys(void *target, const char *value)
{
    return mo_keys_named(mo_str(value), target);
}

static bool
set_extras(void *target, const char *value)
{
    return mo_extras_named(value, target);
}

static bool
set_now(void *target, const char *value)
{
    struct mo_date date;

    if (!mo_date_parse(mo_str(value), &date))
        return false;
    *(int64_t *)target = mo_date_seconds(&date);
    return true;
}

static bool
set_state(void *target, const char *value)
{
    static const char *const states[] = {"new", "changed", "unchanged", "moved",
        "missing", "gone", "back", "rejected", "duplicate", "filtered", "foreign"};

    for (size_t i = 0; i < sizeof states / sizeof states[0]; ++i)
        if (strcmp(value, states[i]) == 0)
            return set_text(target, value);
    return false;
}

static bool
set_span(void *target, const char *value)
{
    return config_time(value, target);
}

static const struct option_row {
    char letter;
    const char *name, *argument;
    const char *of; /* the commands that take it; "": all */
    const char *help;
    bool (*set)(void *target, const char *value);
    size_t target;
} options[] = {
#define TARGET(member) offsetof(struct run, member)
    {'c', "config", "FILE", "", "sources, and how to fetch them (sources.conf)", set_text,
        TARGET(config_file)},
    {'D', "store", "FILE", "", "where harvests are kept (harvest.db)", set_text,
        TARGET(store_file)},
    {0, "now", "TIME", "", "take this for the present", set_now, TARGET(now)},
    {'f', "format", "FORMAT", "export show", "datagouv, dcatap, rdfxml or csv", set_text,
        TARGET(format)},
    {0, "keys", "3.0.1|2.1.1", "export show",
        "the keys of which DCAT-AP, of dcatap (3.0.1)", set_keys, TARGET(keys)},
    {'l', "lines", NULL, "export", "a record a line, instead of one document", set_flag,
        TARGET(lines)},
    {'o', "output", "FILE", "export", "write FILE, put in place once it is whole",
        set_text, TARGET(output)},
    {'q', "quiet", NULL, "export show", "say only what could not be exported", set_flag,
        TARGET(reporter.quiet)},
    {'v', "verbose", NULL, "export show", "say everything, not five of a kind", set_flag,
        TARGET(reporter.verbose)},
    {0, "extras", "all|known|none", "export show",
        "what to keep in extras of data.gouv.fr JSON", set_extras, TARGET(extras)},
    {0, "present", "FILE", "export", "what data.gouv.fr has, for keep and union",
        set_text, TARGET(present)},
    {0, "json", NULL, "probe run status jobs log items diff show sources",
        "print JSON instead of a table", set_flag, TARGET(json)},
    {0, "summary", "FILE", "run", "write how it went, as JSON", set_text,
        TARGET(summary)},
    {0, "keep-pages", NULL, "run", "keep all pages as they came, not only broken ones",
        set_flag, TARGET(keep_pages)},
    {0, "dry-run", NULL, "run replay", "show what would change, and keep nothing",
        set_flag, TARGET(dry)},
    {0, "full", NULL, "run", "ask no source for its changes only", set_flag,
        TARGET(full)},
    {0, "wait", NULL, "run replay accept reject forget",
        "until no other process holds the store", set_flag, TARGET(wait)},
    {0, "problems", NULL, "status", "only what needs someone, and what to do", set_flag,
        TARGET(problems)},
    {0, "for", "TIME", "status",
        "only sources without a good harvest for so long: 3d, 12h", set_span,
        TARGET(lasting)},
    {0, "state", "STATE", "items",
        "new, changed, unchanged, moved, missing, gone, back, rejected, duplicate, filtered, foreign",
        set_state, TARGET(state)},
    {0, "raw", NULL, "show", "the page that it came on, as its source sent it", set_flag,
        TARGET(raw)},
    {0, "faithful", NULL, "show", "the record as its source gave it, as DCAT-AP JSON",
        set_flag, TARGET(faithful)},
    {0, "clean", NULL, "show", "the record as it is exported, as DCAT-AP JSON", set_flag,
        TARGET(clean)},
    {0, "check", NULL, "sources", "look for what would stop a harvest", set_flag,
        TARGET(check)},
    {0, "yes", NULL, "forget", "do it", set_flag, TARGET(yes)},
#undef TARGET
};

enum { N_OPTIONS = sizeof options / sizeof options[0], FIRST = 256 };

static bool
takes(const char *command, const struct option_row *row)
{
    size_t n = strlen(command);

    if (!row->of[0])
        return true;
    for (const char *p = row->of; (p = strstr(p, command)); ++p)
        if ((p == row->of || p[-1] == ' ') && (!p[n] || p[n] == ' '))
            return true;
    return false;
}

static void
print_option(FILE *out, const struct option_row *o)
{
    char left[64], letter[8] = "   ";

    if (o->letter)
        snprintf(letter, sizeof letter, "-%c,", o->letter);
    snprintf(left, sizeof left, "%s --%s%s%s", letter, o->name, o->argument ? " " : "",
        o->argument ? o->argument : "");
    fprintf(out, "  %-28s %s\n", left, o->help);
}

static int
command_help(struct run *r)
{
    fputs("usage: " PROGRAM " [-c FILE] [-D FILE] COMMAND\n\n"
          "harvest catalogues, and export what they hold\n\n",
        r->out);
    for (size_t i = 0; i < N_COMMANDS; ++i) {
        char left[64];

        snprintf(left, sizeof left, "%s %s", commands[i].name, commands[i].operands);
        fprintf(r->out, "  %-28s %s\n", left, commands[i].help);
    }
    fputc('\n', r->out);
    for (size_t i = 0; i < N_OPTIONS; ++i)
        print_option(r->out, &options[i]);
    fputs("  -h, --help                   show this and exit\n"
          "  -V, --version                show the version and exit\n",
        r->out);
    return MO_EXIT_CLEAN;
}

/* ---- Reading them ---- */

static void
close_run(struct run *r)
{
    mo_vocab_free(r->vocab);
    mo_tables_free(r->tables);
    store_close(r->store);
    config_done(&r->config);
}

/* Pipes and files must not become standard input, output or error; writing there fails. */
static void
fill_standard_files(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO)
        close(fd);
}

static void
list_options(struct option longs[], char *letters)
{
    size_t n = 0;

    *letters++ = ':'; /* an argument that is missing is told apart */
    for (; n < N_OPTIONS; ++n) {
        longs[n] = (struct option){options[n].name,
            options[n].argument ? required_argument : no_argument, NULL,
            (int)(FIRST + n)};
        if (options[n].letter)
            *letters++ = options[n].letter;
        if (options[n].letter && options[n].argument)
            *letters++ = ':';
    }
    longs[n++] = (struct option){"help", no_argument, NULL, 'h'};
    longs[n++] = (struct option){"version", no_argument, NULL, 'V'};
    longs[n] = (struct option){NULL, 0, NULL, 0};
    strcpy(letters, "hV");
}

static const struct option_row *
option_of(int c)
{
    for (size_t i = 0; i < N_OPTIONS; ++i)
        if (c == (int)(FIRST + i) || (options[i].letter && c == options[i].letter))
            return &options[i];
    return NULL;
}

static int
refuse_option(const char *what, const char *word, const struct option_row *row)
{
    fprintf(stderr, PROGRAM ": fatal: %s: '%s'\n", what, word);
    if (row)
        print_option(stderr, row);
    else
        fputs("try '" PROGRAM " help'\n", stderr);
    return MO_EXIT_TROUBLE;
}

/* What getopt_long cannot take; `c` is what it returned. */
static int
refuse_word(int c, const char *word)
{
    const char *names[N_OPTIONS], *meant;
    char letter[] = {'-', (char)optopt, '\0'};
    const struct option_row *row = optopt ? option_of(optopt) : NULL;

    if (c == ':')
        return refuse_option("the option needs an argument", word, row);
    if (row)
        return refuse_option("the option takes no argument", word, row);
    for (size_t i = 0; i < N_OPTIONS; ++i)
        names[i] = options[i].name;
    meant = optopt ? NULL : nearest(word + 2, names, N_OPTIONS);
    for (size_t i = 0; meant && i < N_OPTIONS; ++i)
        if (names[i] == meant)
            row = &options[i];
    return refuse_option("unknown option", optopt ? letter : word, row);
}

static int
refuse_value(const struct option_row *row, const char *value)
{
    char text[128];

    snprintf(text, sizeof text, "--%s %s", row->name, value);
    return refuse_option("the option does not take this", text, row);
}

/* The status to exit with, or -1 to go on; `given` is set for each option. */
static int
read_options(struct run *r, int argc, char *argv[], bool given[])
{
    struct option longs[N_OPTIONS + 3];
    char letters[2 * N_OPTIONS + 4];
    int c;

    list_options(longs, letters);
    while ((c = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
        const struct option_row *row = option_of(c);

        if (c == 'h')
            return command_help(r);
        if (c == 'V') {
            puts(PROGRAM " (moisson) " MO_VERSION);
            return MO_EXIT_CLEAN;
        }
        if (!row)
            return refuse_word(c, argv[optind - 1]);
        if (!row->set((char *)r + row->target, optarg))
            return refuse_value(row, optarg);
        given[row - options] = true;
    }
    return -1;
}

static int
misplaced(const char *command, const struct option_row *row)
{
    fprintf(stderr,
        PROGRAM ": fatal: %s does not take this option: '--%s'\nit is for %s\n", command,
        row->name, row->of);
    return MO_EXIT_TROUBLE;
}

static int
run_command(struct run *r, const bool given[])
{
    for (size_t i = 0; i < N_COMMANDS; ++i) {
        if (strcmp(r->command, commands[i].name) != 0)
            continue;
        for (size_t k = 0; k < N_OPTIONS; ++k)
            if (given[k] && !takes(r->command, &options[k]))
                return misplaced(r->command, &options[k]);
        if (r->n_operands > commands[i].most)
            return program_misuse(
                "the command does not take this", r->operands[commands[i].most]);
        return commands[i].run(r);
    }
    return unknown_command(r->command);
}

int
main(int argc, char *argv[])
{
    struct run r = {.config_file = "sources.conf",
        .store_file = "harvest.db",
        .format = "",
        .out = stdout,
        .reporter = {.program = PROGRAM, .lang = mo_lang_of_user()},
        .sink = {.report = mo_reporter_take}};
    bool given[N_OPTIONS] = {false};
    int status;

    r.sink.ctx = &r.reporter;
    fill_standard_files();
    signal(SIGPIPE, SIG_IGN);
    opterr = 0;
    status = read_options(&r, argc, argv, given);
    if (status < 0 && optind == argc)
        return program_misuse("a command is missing", "");
    if (status < 0) {
        r.command = argv[optind];
        r.operands = argv + optind + 1;
        r.n_operands = (size_t)(argc - optind - 1);
        status = run_command(&r, given);
    }
    if (status != MO_EXIT_TROUBLE && (fflush(stdout) || ferror(stdout)))
        status = program_cannot_write(&r);
    close_run(&r);
    return status;
}
