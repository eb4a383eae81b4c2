/* The bytes of a page as they came, in a temporary file, up to a ceiling. */
#ifndef HARVESTER_BODY_H
#define HARVESTER_BODY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <moisson/str.h>

enum { BODY_MOST = 256 << 20 };

/* All zeros is an empty one. */
struct body {
    FILE *file;
    int64_t n;
    bool excess; /* more came than is kept */
    bool failed; /* errno */
};

void body_clear(struct body *body);
void body_add(struct body *body, struct mo_str bytes);
void body_done(struct body *body);

/* Call `take` with all bytes, in pieces; it returns -1 to stop. 0, or -1. */
int body_read(struct body *body, int (*take)(void *ctx, struct mo_str bytes), void *ctx);

#endif
