/*
 * peak FILE COMMAND [ARGUMENT ...]: run the command, and append to FILE a line with its
 * peak of resident memory in kB, its CPU time (user and system) and its wall time in
 * seconds. The exit status is the command's.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int
main(int argc, char *argv[])
{
    struct rusage usage;
    double start = now();
    int status;
    FILE *out;
    pid_t child;

    if (argc < 3) {
        fputs("usage: peak FILE COMMAND [ARGUMENT ...]\n", stderr);
        return 2;
    }
    child = fork();
    if (child == 0) {
        execvp(argv[2], argv + 2);
        fprintf(stderr, "peak: %s: %s\n", argv[2], strerror(errno));
        _exit(127);
    }
    while (child > 0 && wait4(child, &status, 0, &usage) < 0)
        if (errno != EINTR)
            child = -1;
    out = child > 0 ? fopen(argv[1], "a") : NULL;
    if (!out) {
        perror("peak");
        return 2;
    }
    fprintf(out, "%ld %.4f %.4f\n", usage.ru_maxrss,
        seconds(usage.ru_utime) + seconds(usage.ru_stime), now() - start);
    if (fclose(out)) {
        perror("peak");
        return 2;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
