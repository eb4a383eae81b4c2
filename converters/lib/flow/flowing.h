/*
 * What the parts of the flow share: flow.c opens everything, moves records and closes it all,
 * input.c reads, extra.c writes what stands beside the output, context.c finds contexts,
 * standby.c waits for tasks.
 */
#ifndef MO_FLOW_FLOWING_H
#define MO_FLOW_FLOWING_H

#include <sys/types.h>

#include "dcat/index.h"
#include "flow/flow.h"

enum { BLOCK = 64 << 10 };

enum extra { REJECTS, DIAGNOSTICS, SUMMARY, LOSSES, UNMATCHED, N_EXTRAS };

/* A value that no table knew, counted. */
struct unknown {
    const char *table;
    char *row;
    size_t n;
};

struct flow {
    const struct mo_program *program;
    struct flow *standing; /* that has loaded the tables, see standby.c; or NULL */
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

/* ---- flow.c ---- */

void mo_flow_complain(
    struct flow *f, enum mo_diag_id id, const char *detail, const char *file);

/* Move the records that the reader has; `before`: how many others have rejected. */
void mo_flow_drain(struct flow *f, struct mo_reader *reader, size_t before);

/* ---- input.c ---- */

/* Read the file of this name, or standard input for "-". */
void mo_flow_convert(struct flow *f, const char *operand);

/* ---- extra.c ---- */

/* Write to one of the files beside the output, if it is wanted. 0, or -1. */
int mo_flow_put(struct flow *f, enum extra which, struct mo_str bytes);

/* Callbacks of readers, writers and cleaners; `ctx` is the flow. */
int mo_flow_take_reject(void *ctx, const struct mo_reject *reject);
void mo_flow_take_loss(void *ctx, const struct mo_stmt *stmt);
void mo_flow_take_loss_of_graph(
    void *ctx, const struct mo_stmt *stmt, const struct mo_term *graph);
void mo_flow_take_unmatched(void *ctx, const char *table, struct mo_str row);

/* A record that the writer rejected, in the dialect that was read; all of its statements are lost. */
void mo_flow_keep(struct flow *f, const struct mo_record *record);
void mo_flow_lose(struct flow *f, const struct mo_record *record);

void mo_flow_summary(struct flow *f);
void mo_flow_unmatched(struct flow *f);

/* ---- context.c ---- */

/* The context at `url`, from the folder that --context-map names for it. */
int mo_flow_take_context(void *ctx, struct mo_str url, struct mo_buf *out);

/* ---- standby.c ---- */

typedef int mo_flow_work(void *ctx, int argc, char *argv[]);

/*
 * Start a process for each task that comes through standard input (moisson/standby.h), whose
 * exit status is what `work` returns. 0 at the end; -1 with errno set.
 */
int mo_flow_stand_by(mo_flow_work *work, void *ctx);

#endif
