#include "program.h"

#include <string.h>

#include "changes.h"

/* ---- accept, reject ---- */

static int
decide(struct run *r, int (*apply)(struct run *r, const char *name, int64_t job))
{
    int status = MO_EXIT_CLEAN;

    if (r->n_operands == 0)
        return program_misuse("an operand is missing", "SOURCE|JOB");
    if (program_open_store(r, false) || program_lock_store(r))
        return MO_EXIT_TROUBLE;
    for (size_t i = 0; i < r->n_operands && status != MO_EXIT_TROUBLE; ++i) {
        int64_t job;

        if (store_held(r->store, r->operands[i], &job))
            return program_store_failed(r);
        status = job ? apply(r, r->operands[i], job)
                     : program_fatal(r, MO_DIAG_NOT_HELD, r->operands[i], r->store_file);
    }
    return status;
}

static int
accept_job(struct run *r, const char *name, int64_t job)
{
    if (store_accept(r->store, job, changes_find))
        return program_store_failed(r);
    fprintf(stderr, PROGRAM ": %s: %s %lld %s\n", name, program_say(r, "job", "moisson"),
        (long long)job, program_say(r, "is live", "est en ligne"));
    return 0;
}

static int
reject_job(struct run *r, const char *name, int64_t job)
{
    if (store_reject(r->store, job))
        return program_store_failed(r);
    fprintf(stderr, PROGRAM ": %s: %s %lld %s\n", name, program_say(r, "job", "moisson"),
        (long long)job, program_say(r, "is dropped", "est abandonnée"));
    return 0;
}

int
command_accept(struct run *r)
{
    return decide(r, accept_job);
}

int
command_reject(struct run *r)
{
    return decide(r, reject_job);
}

/* ---- forget ---- */

/* What there is to lose. */
static int
print_loss(struct run *r, const char *source)
{
    const char *values[] = {source};
    struct rows *rows = store_rows(r->store,
        "SELECT datasets, services, (SELECT count(*) FROM v_job WHERE source = ?1) FROM"
        " v_source WHERE source = ?1",
        values, 1);
    bool found = rows && rows_next(rows);

    if (found)
        fprintf(stderr,
            program_say(r,
                PROGRAM ": %s: %lld datasets, %lld services and %lld harvests would be"
                        " removed; do it with --yes\n",
                PROGRAM ": %s : %lld jeux, %lld services et %lld moissons seraient"
                        " effacés ; faites-le avec --yes\n"),
            source, (long long)rows_number(rows, 0), (long long)rows_number(rows, 1),
            (long long)rows_number(rows, 2));
    if (rows_done(rows))
        return program_store_failed(r);
    return found ? MO_EXIT_FINDINGS
                 : program_fatal(r, MO_DIAG_NO_SOURCE, source, r->store_file);
}

int
command_forget(struct run *r)
{
    bool found;

    if (r->n_operands == 0)
        return program_misuse("an operand is missing", "SOURCE");
    if (program_open_store(r, false))
        return MO_EXIT_TROUBLE;
    if (!r->yes)
        return print_loss(r, r->operands[0]);
    if (program_lock_store(r))
        return MO_EXIT_TROUBLE;
    if (store_forget(r->store, r->operands[0], &found))
        return program_store_failed(r);
    return found ? MO_EXIT_CLEAN
                 : program_fatal(r, MO_DIAG_NO_SOURCE, r->operands[0], r->store_file);
}
