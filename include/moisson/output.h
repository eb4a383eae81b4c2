/*
 * Writing a file so that it is there whole or not at all: it grows beside its place and
 * is renamed at the end. Standard output, pipes and devices are written as they are.
 */
#ifndef MOISSON_OUTPUT_H
#define MOISSON_OUTPUT_H

#include <moisson/buf.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mo_output {
    char *target, *beside; /* its place, and where it grows; NULL: written as it is */
    int fd;
    bool own; /* `fd` is to be closed */
    bool failed;
    struct mo_buf held; /* on its way */
};

/*
 * Open `name` (NULL or "-": standard output) to be written. 0, or -1 with errno set.
 */
MO_API int mo_output_open(struct mo_output *output, const char *name);

/* 0, or -1 with errno set. */
MO_API int mo_output_write(struct mo_output *output, struct mo_str bytes);

/*
 * Put it in its place, or (`keep` false) a file away. 0, or -1 with errno set; either
 * way it is closed.
 */
MO_API int mo_output_close(struct mo_output *output, bool keep);

/*
 * Let the pipe that `fd` is take several blocks, so that neither side waits for each; what is no
 * pipe, and where there is no more to be had, stays as it is.
 */
MO_API void mo_output_widen(int fd);

#ifdef __cplusplus
}
#endif

#endif
