/*
 * A filter that stands by (`--standby`) has been loaded, and waits on its standard input, a
 * socket, for tasks. For each it starts a process, as if that had been started by who
 * asks, and as that one's child: by clone(2) of itself, which takes a fraction of the time.
 * Linux only.
 */
#ifndef MOISSON_STANDBY_H
#define MOISSON_STANDBY_H

#include <stddef.h>

#include <moisson/str.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    MO_STANDBY_FILES = 4,
    MO_STANDBY_BOUNDS = 8,
    MO_STANDBY_ARGUMENTS = 32,
    MO_STANDBY_TEXT = 16 << 10 /* bytes of them */
};

/* A limit of the process, as of setrlimit(2). */
struct mo_bound {
    int resource;
    long long most;
};

struct mo_task {
    const char *const *arguments; /* as main() gets them, up to a NULL */
    int files[MO_STANDBY_FILES];  /* that become its descriptors 0 to 3 */
    const struct mo_bound *bounds;
    size_t n_bounds;
};

/* A socket for both: one end to ask, the other for the filter. 0, or -1 with errno set. */
MO_API int mo_standby_open(int ends[2]);

/* Ask; the files may be closed then. 0, or -1 with errno set. */
MO_API int mo_standby_ask(int end, const struct mo_task *task);

/*
 * Its answer, which is waited for. The first is 0: it stands by. Then comes one for each task, in
 * order: the number of the process that runs it, in a group of its own. -1 with errno set
 * when that could not be started, or nobody answers.
 */
MO_API int mo_standby_answer(int end);

#ifdef __cplusplus
}
#endif

#endif
