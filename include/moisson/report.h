/*
 * What a program says on standard error: the first five diagnostics of each code, then
 * how many more there were. It keeps count, and knows the exit status.
 */
#ifndef MOISSON_REPORT_H
#define MOISSON_REPORT_H

#include <moisson/diag.h>
#include <moisson/output.h>

#ifdef __cplusplus
extern "C" {
#endif

enum mo_exit {
    MO_EXIT_CLEAN = 0,
    MO_EXIT_FINDINGS = 1, /* some input was rejected, broke off or held no record */
    MO_EXIT_TROUBLE = 2   /* the job could not be done */
};

/* To be zeroed, but for what the first members say. */
struct mo_reporter {
    const char *program;
    enum mo_lang lang;
    bool quiet;             /* say only what rejected something */
    bool verbose;           /* say everything */
    struct mo_output *json; /* takes all of them as JSON lines; may be NULL */
    bool terminal;          /* a progress line may stand on standard error */
    size_t counts[MO_DIAG_COUNT];
    enum mo_level worst;
    bool any;
};

/* For a sink: `ctx` is a struct mo_reporter. */
MO_API void mo_reporter_take(void *ctx, const struct mo_diag *diag);

/* Say how many of each code were not shown. */
MO_API void mo_reporter_rest(const struct mo_reporter *reporter);

/* By the worst that was said. */
MO_API enum mo_exit mo_reporter_status(const struct mo_reporter *reporter);

#ifdef __cplusplus
}
#endif

#endif
