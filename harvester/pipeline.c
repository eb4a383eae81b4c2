#include "pipeline.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <moisson/buf.h>

enum {
    MAX_PENDING = 16 << 20,
    MAX_LINE = 64 << 20,
    MAX_PASSING = 256 << 10, /* before the converter must wait for the filter */
    BLOCK = 64 << 10,
    MAX_BLOCKS = 4,   /* of one pipe at a time */
    SLOW = 1,         /* seconds in which nothing passes, or the server gives nothing */
    MOST_AWAITED = 10 /* seconds until what stands by must have begun */
};

/* A process and what goes to and fro. */
struct stage {
    const char *name; /* in messages */
    struct converter process;
    struct mo_buf pending, lines, diagnostics;
    bool used, finished; /* nothing more goes in */
    bool quit;           /* it reads no more */
    int status;
};

struct pipeline {
    struct pipeline_options options;
    struct stage converter, filter;
    double began, moved;
    double passed_at;        /* when bytes last went in or out */
    double serviced, waited; /* the last time; and how long for the server, in all */
    bool waits;
    long long passed, came;
    bool stopped, late, too_long, lost;
    char fault[256];
};

typedef int (*taker)(struct pipeline *p, struct mo_str line);

static int
take_record(struct pipeline *p, struct mo_str line)
{
    ++p->came;
    return p->options.record(p->options.ctx, line);
}

static int
take_diagnostic(struct pipeline *p, struct mo_str line)
{
    return p->options.diagnostic(p->options.ctx, line);
}

/* What a filter says of nothing is that there is nothing. */
static int
take_diagnostic_of_filter(struct pipeline *p, struct mo_str line)
{
    return p->passed ? take_diagnostic(p, line) : 0;
}

static int
take_line(struct pipeline *p, struct mo_str line)
{
    enum pipeline_line what = p->options.line(p->options.ctx, line);

    if (what != LINE_PASS)
        return what == LINE_KEEP ? 0 : -1;
    if (!p->filter.used)
        return take_record(p, line);
    ++p->passed;
    if (p->filter.quit)
        return 0;
    mo_buf_str(&p->filter.pending, line);
    return mo_buf_byte(&p->filter.pending, '\n');
}

/* ---- Moving bytes ---- */

static void
shut(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* Write what is pending as far as the pipe takes it. */
static void
flush(struct pipeline *p, struct stage *s, double now)
{
    while (s->pending.n && s->process.in >= 0) {
        ssize_t n = write(s->process.in, s->pending.p, s->pending.n);

        if (n >= 0) {
            mo_buf_shift(&s->pending, (size_t)n);
            p->moved = p->passed_at = now;
        } else if (errno == EAGAIN) {
            return;
        } else if (errno != EINTR) {
            s->quit = true;
            mo_buf_clear(&s->pending);
            shut(&s->process.in);
        }
    }
    if (s->finished && s->pending.n == 0)
        shut(&s->process.in);
}

/* Hand over the whole lines of `held`; `searched` bytes of it are known to have no end. */
static void
hand_over(struct pipeline *p, struct mo_buf *held, size_t searched, taker take)
{
    size_t at = 0, end;

    while (!p->stopped && (end = mo_str_find(mo_buf_view(held), mo_str("\n"),
                               searched > at ? searched : at)) < held->n) {
        p->stopped = take(p, mo_str_n(held->p + at, end - at)) != 0;
        at = end + 1;
    }
    mo_buf_shift(held, at);
}

/* Read what there is of a pipe, line by line; at its end it is closed. */
static void
drain(struct pipeline *p, int *fd, struct mo_buf *held, taker take, double now)
{
    for (int i = 0; i < MAX_BLOCKS && *fd >= 0 && !p->stopped; ++i) {
        size_t searched = held->n;
        ssize_t got;

        p->too_long = mo_buf_reserve(held, BLOCK) != 0;
        p->stopped = p->too_long;
        if (p->stopped)
            return;
        got = read(*fd, held->p + held->n, BLOCK);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return;
        if (got <= 0) {
            shut(fd);
            return;
        }
        p->moved = p->passed_at = now;
        held->n += (size_t)got;
        hand_over(p, held, searched, take);
    }
}

static void
service_stage(
    struct pipeline *p, struct stage *s, taker take, taker take_diag, double now)
{
    if (!s->used)
        return;
    flush(p, s, now);
    if (s == &p->filter || p->filter.pending.n < MAX_PASSING)
        drain(p, &s->process.out, &s->lines, take, now);
    drain(p, &s->process.diags, &s->diagnostics, take_diag, now);
}

static bool
has_ended(struct stage *s)
{
    if (!s->used)
        return true;
    return s->process.out < 0 && s->process.diags < 0 &&
           converter_has_ended(&s->process, &s->status);
}

/* What stands by and begins nothing has been stopped. */
static void
look_for_lost(struct pipeline *p, double now)
{
    double most = p->options.patience < MOST_AWAITED ? p->options.patience : MOST_AWAITED;
    bool late = now > p->began + most;
    bool converter = converter_is_lost(&p->converter.process, late);
    bool filter = converter_is_lost(&p->filter.process, late);

    p->lost = converter || filter;
}

void
pipeline_service(struct pipeline *p, double now)
{
    bool busy;

    look_for_lost(p, now);
    service_stage(p, &p->converter, take_line, take_diagnostic, now);
    p->filter.finished = p->converter.process.out < 0;
    service_stage(p, &p->filter, take_record, take_diagnostic_of_filter, now);
    busy = p->converter.pending.n || p->filter.pending.n || p->converter.finished;
    if (!busy)
        p->moved = now; /* it is the server that has nothing to say */
    if (!busy && p->waits)
        p->waited += now - p->serviced;
    p->waits = !busy;
    p->serviced = now;
    p->late = p->late || (now > p->moved + p->options.patience) ||
              (now > p->began + p->options.most);
}

/* ---- Beginning and end ---- */

static void
init_stage(struct stage *s, const char *name)
{
    s->name = name;
    s->process.in = s->process.out = s->process.diags = -1;
    mo_buf_init(&s->pending, MAX_PENDING + MAX_LINE);
    mo_buf_init(&s->lines, MAX_LINE);
    mo_buf_init(&s->diagnostics, MAX_LINE);
}

static void
done_stage(struct stage *s)
{
    converter_kill(&s->process);
    mo_buf_done(&s->pending);
    mo_buf_done(&s->lines);
    mo_buf_done(&s->diagnostics);
}

struct pipeline *
pipeline_new(const struct pipeline_options *o, double now)
{
    struct pipeline *p = calloc(1, sizeof *p);

    if (!p)
        return NULL;
    p->options = *o;
    p->began = p->moved = p->passed_at = now;
    init_stage(&p->converter, "converter");
    init_stage(&p->filter, "filter");
    p->converter.used = converter_start(&p->converter.process, o->converter, o->base,
                            o->charset, o->talks, &o->limits) == 0;
    p->filter.used = p->converter.used && o->filter[0] &&
                     converter_start_filter(&p->filter.process, o->filter, o->cleaner,
                         o->talks, &o->limits) == 0;
    if (p->converter.used && (p->filter.used || !o->filter[0]))
        return p;
    pipeline_free(p);
    return NULL;
}

void
pipeline_free(struct pipeline *p)
{
    if (!p)
        return;
    done_stage(&p->converter);
    done_stage(&p->filter);
    free(p);
}

bool
pipeline_push(struct pipeline *p, struct mo_str bytes)
{
    if (p->converter.quit || p->stopped || p->late ||
        mo_buf_add(&p->converter.pending, bytes.p, bytes.n))
        return false;
    if (pipeline_is_full(p))
        flush(p, &p->converter, p->moved);
    return true;
}

bool
pipeline_is_full(const struct pipeline *p)
{
    return p->converter.pending.n >= BLOCK;
}

bool
pipeline_is_slow(const struct pipeline *p, double now)
{
    return p->waited > SLOW || now > p->passed_at + SLOW;
}

void
pipeline_finish(struct pipeline *p)
{
    p->converter.finished = true;
}

static size_t
stage_fds(const struct pipeline *p, const struct stage *s, struct pollfd *fds)
{
    size_t n = 0;

    if (s->process.in >= 0 && s->pending.n)
        fds[n++] = (struct pollfd){.fd = s->process.in, .events = POLLOUT};
    if (s->process.out >= 0 && (s == &p->filter || p->filter.pending.n < MAX_PASSING))
        fds[n++] = (struct pollfd){.fd = s->process.out, .events = POLLIN};
    if (s->process.diags >= 0)
        fds[n++] = (struct pollfd){.fd = s->process.diags, .events = POLLIN};
    return n;
}

size_t
pipeline_fds(const struct pipeline *p, struct pollfd fds[PIPELINE_FDS])
{
    size_t n = stage_fds(p, &p->converter, fds);

    return n + stage_fds(p, &p->filter, fds + n);
}

bool
pipeline_is_over(struct pipeline *p)
{
    bool converted, filtered;

    if (p->stopped || p->late || p->lost) {
        converter_kill(&p->converter.process);
        converter_kill(&p->filter.process);
        return true;
    }
    converted = has_ended(&p->converter);
    filtered = has_ended(&p->filter);
    p->lost = p->converter.process.lost || p->filter.process.lost;
    return converted && filtered;
}

/* Signals that come from elsewhere, not from what the process did. */
static bool
is_from_outside(int signal)
{
    return signal == SIGKILL || signal == SIGTERM || signal == SIGINT || signal == SIGHUP;
}

static bool
stage_fault(const struct pipeline *p, const struct stage *s, char *why, size_t size,
    bool *outside)
{
    char words[160];

    (void)p;
    if (!s->used)
        return false;
    if (WIFSIGNALED(s->status)) {
        *outside = is_from_outside(WTERMSIG(s->status));
        snprintf(
            why, size, "the %s was stopped by signal %d", s->name, WTERMSIG(s->status));
    } else if (WEXITSTATUS(s->status) > 1) {
        *outside = WEXITSTATUS(s->status) == 128 + SIGKILL; /* as shells say it */
        converter_last_words(&s->process, words, sizeof words);
        snprintf(why, size,
            words[0] ? "the %s ended with status %d: %s" : "the %s ended with status %d",
            s->name, WEXITSTATUS(s->status), words);
    } else if (s->quit && s == &p->converter) {
        snprintf(why, size, "the %s stopped reading", s->name);
    } else {
        return false;
    }
    return true;
}

const char *
pipeline_fault(const struct pipeline *p, bool *outside)
{
    char *why = (char *)p->fault;

    *outside = false;
    if (p->too_long)
        return "the converter wrote a line that is too long";
    if (p->stopped)
        return "what the converter wrote could not be taken";
    *outside = p->lost;
    if (p->lost)
        return "the converter did not begin";
    if (p->late)
        return "the converter did not end (see converter-timeout)";
    if (stage_fault(p, &p->converter, why, sizeof p->fault, outside) ||
        stage_fault(p, &p->filter, why, sizeof p->fault, outside))
        return why;
    return NULL;
}

bool
pipeline_is_lost(const struct pipeline *p)
{
    return p->lost;
}

long long
pipeline_filtered(const struct pipeline *p)
{
    return p->passed > p->came ? p->passed - p->came : 0;
}
