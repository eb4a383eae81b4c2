/*
 * A converter process: bytes of a page go in, lines of DCAT-AP JSON and of diagnostics
 * come out. It is found beside the running program, else where it was installed, never
 * by PATH.
 */
#ifndef HARVESTER_CONVERTER_H
#define HARVESTER_CONVERTER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct converter {
    pid_t pid;      /* 0: not running */
    int in;         /* where its input is written; -1: closed */
    int out, diags; /* where its output is read; -1: at its end */
};

/* Full name of the program `name`, yours to free(); NULL when there is none. */
char *converter_find(const char *name);

/* Whether the program at `path` is of this version. */
bool converter_is_of_version(const char *path, const char *version);

/*
 * Run it; all ends are non-blocking. With `talks`, its own messages go to standard
 * error. 0, or -1 with errno set.
 */
int converter_start(struct converter *converter, const char *path, const char *base,
    const char *charset, bool talks);

/* Close what is open and wait for its end: the status of waitpid. */
int converter_finish(struct converter *converter);

/* The same at once, whatever it is doing. */
void converter_kill(struct converter *converter);

#endif
