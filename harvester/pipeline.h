/*
 * One try of one page, from bytes to records: a converter process and, behind it, the
 * filter of the source. Nothing here waits: `pipeline_service` moves what can be moved.
 * What is too much for one side holds up the other.
 */
#ifndef HARVESTER_PIPELINE_H
#define HARVESTER_PIPELINE_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include <moisson/str.h>

#include "converter.h"

enum pipeline_line { LINE_PASS, LINE_KEEP, LINE_STOP };

struct pipeline_options {
    struct tool *converter;
    const char *base, *charset;
    const char *filter;   /* a command of the shell, or "" */
    struct tool *cleaner; /* see converter_start_filter() */
    bool talks;           /* messages go to standard error too */
    struct converter_limits limits;
    double patience; /* seconds without a sign of life, when there is something to do */
    double most;     /* seconds for all of it */
    /* A line of the converter: on to the filter and to `record`, or kept from them. */
    enum pipeline_line (*line)(void *ctx, struct mo_str json);
    /* What came through; a diagnostic. -1 to stop. */
    int (*record)(void *ctx, struct mo_str json);
    int (*diagnostic)(void *ctx, struct mo_str json);
    void *ctx;
};

struct pipeline;

enum { PIPELINE_FDS = 6 };

/* Begin; options are copied, what they point to is borrowed until then only, but for tools. NULL: errno. */
struct pipeline *pipeline_new(const struct pipeline_options *options, double now);

/* Whatever it is doing, it ends. */
void pipeline_free(struct pipeline *pipeline);

/* Take bytes of the page. False when it takes no more (see pipeline_fault). */
bool pipeline_push(struct pipeline *pipeline, struct mo_str bytes);

/* Whether a block of bytes waits for the converter already. */
bool pipeline_is_full(const struct pipeline *pipeline);

/* Whether others need not wait for it: its server keeps it waiting, or it hangs. */
bool pipeline_is_slow(const struct pipeline *pipeline, double now);

/* There are no more bytes. */
void pipeline_finish(struct pipeline *pipeline);

void pipeline_service(struct pipeline *pipeline, double now);

/* Add what to wait for to `fds`; how many. */
size_t pipeline_fds(const struct pipeline *pipeline, struct pollfd fds[PIPELINE_FDS]);

/* Whether nothing more will come; true also when it must be given up. */
bool pipeline_is_over(struct pipeline *pipeline);

/*
 * What went wrong, or NULL, borrowed; `*outside`: someone else ended a process, so another
 * try may go better.
 */
const char *pipeline_fault(const struct pipeline *pipeline, bool *outside);

/* Whether a process of it never began, which is the fault of nothing that went through. */
bool pipeline_is_lost(const struct pipeline *pipeline);

/* Records that the filter took and did not give back; 0 without one. */
long long pipeline_filtered(const struct pipeline *pipeline);

#endif
