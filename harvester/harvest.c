#include "program.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crawl.h"
#include "diff.h"
#include "harvest.h"
#include "live.h"
#include "summary.h"

/* ---- fetch ---- */

struct fetch {
    struct run *run;
    int write_error; /* errno of the first write that failed */
};

static int
print_line(void *ctx, struct mo_str json)
{
    struct fetch *f = ctx;

    if (fwrite(json.p, 1, json.n, f->run->out) == json.n &&
        putc('\n', f->run->out) != EOF)
        return 0;
    if (errno == EPIPE)
        program_end_quietly();
    f->write_error = errno;
    return -1;
}

static void
print_failure(void *ctx, const struct source *source, const struct outcome *outcome)
{
    const struct fetch *f = ctx;

    if (outcome->failed && !f->write_error)
        fprintf(stderr, PROGRAM ": %s: error: %s\n", source->name, outcome->reason);
}

int
command_fetch(struct run *r)
{
    struct fetch f = {.run = r};
    struct crawler_options o = {.sink = &r->sink,
        .program = PROGRAM,
        .version = MO_VERSION,
        .contact = "",
        .line = print_line,
        .done = print_failure,
        .ctx = &f};
    const struct source *source = NULL;
    struct source bare;
    int failed;

    if (r->n_operands == 0)
        return program_misuse("fetch takes a URL or a source", "");
    if (program_find_source(r, &source, &bare) || program_load_vocab(r))
        return MO_EXIT_TROUBLE;
    if (r->config.contact)
        o.contact = r->config.contact;
    o.tables = r->tables;
    o.vocab = r->vocab;
    failed = crawl(&o, &source, 1);
    if (source == &bare)
        source_done(&bare);
    if (!f.write_error && fflush(r->out))
        f.write_error = errno;
    errno = f.write_error;
    if (errno)
        return program_cannot_write(r);
    return failed < 0 ? MO_EXIT_TROUBLE : failed ? MO_EXIT_FINDINGS : MO_EXIT_CLEAN;
}

/* ---- run ---- */

static const char *
plural(int64_t n)
{
    return n == 1 ? "" : "s";
}

static const char *
nothing_came(const struct run *r, const struct outcome *o)
{
    return o->changes ? program_say(r, "nothing changed", "aucun changement")
                      : program_say(r, "no record", "aucune fiche");
}

void
harvest_outcome(void *ctx, const struct source *source, const struct outcome *o)
{
    struct run *r = ctx;

    live_clear(r->live);
    fprintf(stderr, PROGRAM ": %s: ", source->name);
    if (o->failed) {
        fprintf(stderr, "%s: %s\n", program_say(r, "error", "erreur"), o->reason);
    } else if (o->held) {
        fprintf(stderr, "%s: %s\n", program_say(r, "held", "retenu"), o->reason);
        if (!r->dry)
            fprintf(stderr, PROGRAM ": %s: %s '" PROGRAM " diff %s', %s %s\n",
                source->name, program_say(r, "see", "voyez"), source->name,
                program_say(r, "then accept or reject", "puis accept ou reject"),
                source->name);
    } else {
        fprintf(stderr, "%s (%lld page%s%s)\n",
            o->counts[0] ? o->counts : nothing_came(r, o), (long long)o->pages,
            plural(o->pages),
            o->changes   ? program_say(r, " of changes", " de changements")
            : o->refused ? program_say(r, ", changes refused", ", changements refusés")
                         : "");
    }
    if (!r->dry)
        return;
    if (!o->failed) {
        if (!r->json)
            fprintf(r->out, "%s:\n", source->name);
        diff_job(r, source->name, o->job);
        if (r->live) /* it may be the same terminal */
            fflush(r->out);
    }
    store_forget_job(r->store, o->job);
}

static void
show_progress(void *ctx, const struct progress *rows, size_t n)
{
    const struct run *r = ctx;

    if (n)
        live_show(r->live, rows, n);
    else
        live_clear(r->live);
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
            program_fatal(r, MO_DIAG_NO_SOURCE, r->operands[i], r->config_file);
            free(chosen);
            return NULL;
        }
        for (size_t k = 0; k < *n; ++k)
            if (chosen[k] == chosen[*n])
                --*n; /* it was named before */
        ++*n;
    }
    for (size_t i = 0; chosen && r->n_operands == 0 && i < r->config.n_sources; ++i)
        if (r->config.sources[i].enabled)
            chosen[(*n)++] = &r->config.sources[i];
    return chosen;
}

/* The order of the configuration, and new names, hold for the whole store. */
static int
note_sources(struct run *r)
{
    for (size_t i = 0; i < r->config.n_sources; ++i) {
        const struct source *s = &r->config.sources[i];
        struct store_source row = {.name = s->name,
            .title = s->title,
            .url = s->url,
            .contact = s->contact,
            .position = s->position,
            .was = s->was.text,
            .n_was = s->was.n};

        if (store_note_source(r->store, &row))
            return program_store_failed(r);
    }
    return 0;
}

static int
harvest(struct run *r, const struct source **sources, size_t n)
{
    struct crawler_options o = {.sink = &r->sink,
        .program = PROGRAM,
        .version = MO_VERSION,
        .contact = r->config.contact,
        .tables = r->tables,
        .vocab = r->vocab,
        .dry = r->dry,
        .keep_pages = r->keep_pages,
        .full = r->full,
        .done = harvest_outcome,
        .ctx = r};
    struct summary *summary;
    int failed;

    if (program_open_store(r, true) || program_lock_store(r) || note_sources(r))
        return MO_EXIT_TROUBLE;
    o.store = r->store;
    summary = summary_begin(r);
    r->live = live_new(stderr, r->reporter.lang);
    o.progress = r->live ? show_progress : NULL;
    failed = crawl(&o, sources, n);
    live_free(r->live);
    r->live = NULL;
    if (r->dry)
        diff_end(r);
    if (summary_end(summary, r))
        return MO_EXIT_TROUBLE;
    return failed < 0 ? MO_EXIT_TROUBLE : failed ? MO_EXIT_FINDINGS : MO_EXIT_CLEAN;
}

int
command_run(struct run *r)
{
    const struct source **sources;
    size_t n;
    int status = MO_EXIT_TROUBLE;

    if (program_load_config(r) || program_load_vocab(r))
        return MO_EXIT_TROUBLE;
    sources = choose_sources(r, &n);
    if (sources && n == 0)
        program_fatal(r, MO_DIAG_NO_SOURCES, "", r->config_file);
    if (sources && n > 0)
        status = harvest(r, sources, n);
    free(sources);
    return status;
}
