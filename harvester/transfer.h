/*
 * A transfer: one page, from a server through a converter into lines. Bytes go from
 * libcurl (met in transfer.c only) straight into the pipe of the converter. One thread.
 */
#ifndef HARVESTER_TRANSFER_H
#define HARVESTER_TRANSFER_H

#include <stdbool.h>
#include <stdint.h>

#include <moisson/str.h>

#include "config.h"

/* What all transfers share. */
struct http;

/* NULL when libcurl cannot be used. All strings are borrowed. */
struct http *http_new(const char *user_agent);
void http_free(struct http *http);

/* Move what can be moved, of all transfers. */
void http_perform(struct http *http);

/* Sleep until there is more to move. */
void http_wait(struct http *http);

struct transfer_options {
    const struct source *source;
    const char *accept; /* of the request */
    bool talks;         /* messages of the converter go to standard error too */
    /* Full name of the program that reads what begins with `head`, borrowed; NULL: none. */
    const char *(*converter)(void *ctx, struct mo_str head);
    /* Take a record, or a diagnostic, each a JSON object; -1 to stop. */
    int (*line)(void *ctx, struct mo_str json);
    int (*diagnostic)(void *ctx, struct mo_str json);
    void *ctx;
};

struct transfer;

/* Begin; the options and the address are borrowed. NULL when memory is short. */
struct transfer *transfer_new(
    struct http *http, const struct transfer_options *options, const char *url);
void transfer_free(struct transfer *transfer);

/* Whether the server and the converter have both said all they will. */
bool transfer_is_over(struct transfer *transfer);

enum transfer_end {
    TRANSFER_FINE,
    TRANSFER_BROKEN,       /* by the server, the network or a ceiling */
    TRANSFER_NOT_CONVERTED /* by the converter; its diagnostics may say more */
};

/* How it ended, once it is over; `*why` in English, borrowed. */
enum transfer_end transfer_end(struct transfer *transfer, const char **why);

/* The address behind all redirects, without fragment; NULL before the first byte. */
const char *transfer_came_from(const struct transfer *transfer);

/* Bytes of the body, decompressed. */
int64_t transfer_bytes(const struct transfer *transfer);

#endif
