/* What the commands of moisson share: options, and what they have opened. */
#ifndef HARVESTER_PROGRAM_H
#define HARVESTER_PROGRAM_H

#include <stdio.h>

#include <moisson/moisson.h>

#include "config.h"
#include "store.h"

#define PROGRAM "moisson"

#ifndef MO_VERSION
#define MO_VERSION "0" /* the Makefile gives it, from VERSION */
#endif

struct run {
    /* Options; NULL or false where they are not given. */
    const char *config_file, *store_file, *format, *output, *summary, *state, *present;
    enum mo_extras extras;
    enum mo_keys keys;
    bool lines, json, wait, dry, full, keep_pages, problems, raw, faithful, clean, check;
    bool yes;
    long lasting; /* seconds */
    int64_t now;  /* 0: the clock's */

    size_t n_listed; /* objects of a JSON array that were printed */

    const char *command;
    char **operands;
    size_t n_operands;

    struct config config;
    struct store *store;
    struct mo_tables *tables;
    struct mo_vocab *vocab;
    struct mo_reporter reporter;
    struct mo_sink sink;
    FILE *out;
    struct live *live; /* how far a harvest is, on a terminal; or NULL */
};

/* Say what went wrong: 2. */
int program_fatal(
    const struct run *r, enum mo_diag_id id, const char *detail, const char *file);
int program_store_failed(const struct run *r);
int program_cannot_write(const struct run *r);
int program_misuse(const char *what, const char *word);

/* A reader that has gone is no news: end as cat does. */
void program_end_quietly(void);

/* A text in the user's language. */
const char *program_say(const struct run *r, const char *english, const char *french);

/* 0, or 2 once it is said why. */
int program_load_vocab(struct run *r);
int program_load_config(struct run *r);
int program_open_store(struct run *r, bool create);
/* Be the only one who changes the store. */
int program_lock_store(struct run *r);

/* The first operand, if there is one, names a source of the store. */
int program_check_source(const struct run *r);

/*
 * The source that the first operand names, or a bare one for its URL, in `*bare`. 0, or 2
 * once it is said why.
 */
int program_find_source(struct run *r, const struct source **source, struct source *bare);

/* ---- The commands: each returns the exit status ---- */

int command_fetch(struct run *r); /* harvest.c */
int command_run(struct run *r);
int command_replay(struct run *r); /* replay.c */
int command_probe(struct run *r);  /* recognise.c */
int command_accept(struct run *r); /* decide.c */
int command_reject(struct run *r);
int command_forget(struct run *r);
int command_diff(struct run *r);   /* diff.c */
int command_status(struct run *r); /* look.c */
int command_jobs(struct run *r);
int command_log(struct run *r);
int command_items(struct run *r);
int command_sources(struct run *r); /* sources.c */
int command_show(struct run *r);    /* show.c */
int command_export(struct run *r);  /* export.c */

/* One record in the format that -f names, on standard output. */
int export_record(struct run *r, const char *source, struct mo_str json);

#endif
