/*
 * A converter process: bytes of a page go in, lines of DCAT-AP JSON and of diagnostics
 * come out.
 */
#ifndef HARVESTER_CONVERTER_H
#define HARVESTER_CONVERTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "tool.h"

struct converter {
    struct tool *tool; /* that was asked for it; NULL: none was */
    pid_t pid;         /* 0: not running; see tool.h */
    int in;            /* where its input is written; -1: closed */
    int out, diags;    /* where its output is read; -1: at its end */
    FILE *said;        /* what a filter writes to standard error, or NULL */
    bool lost;         /* it never began, for who should have begun it has ended */
};

/* What one may use. Files that it writes, files that it opens and dumps are bounded too. */
struct converter_limits {
    long long memory; /* bytes */
    long cpu;         /* seconds */
};

/* Whether the program at `path` is of this version. */
bool converter_is_of_version(const char *path, const char *version);

/*
 * Run it, in a process group of its own; all ends are non-blocking. With `talks`, its own
 * messages go to standard error. It stays where it is in memory, as does the tool. 0, or
 * -1 with errno set.
 */
int converter_start(struct converter *converter, struct tool *tool, const char *base,
    const char *charset, bool talks, const struct converter_limits *limits);

/*
 * The same for a filter of records, lines in and out: a command of the shell, in which
 * dcatapclean and the other programs are those beside the running one. The tool `cleaner`,
 * where there is one, is what the command is that has its name alone.
 */
int converter_start_filter(struct converter *converter, const char *command,
    struct tool *cleaner, bool talks, const struct converter_limits *limits);

/*
 * The last line that a filter wrote to standard error and that is no advice to try something
 * else; empty: none. UTF-8, cut at `size`.
 */
void converter_last_words(const struct converter *converter, char *text, size_t size);

/* Whether it has ended, with the status of waitpid; its ends are closed then. */
bool converter_has_ended(struct converter *converter, int *status);

/* Whether it is lost. With `now`, it is when it was asked for and has not begun yet. */
bool converter_is_lost(struct converter *converter, bool now);

/* End it at once, whatever it is doing, and all that it started. */
void converter_kill(struct converter *converter);

#endif
