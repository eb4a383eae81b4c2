/*
 * JSON that is not quite JSON (RFC 8259), put right where that can mean one thing only:
 * comments, commas too few or too many, control characters in texts, single quotes, names
 * without quotes, words and numbers as programming languages write them, bytes that are not
 * UTF-8.
 */
#ifndef MO_BASE_MEND_H
#define MO_BASE_MEND_H

#include <moisson/buf.h>
#include <moisson/diag.h>
#include <moisson/str.h>

struct mo_mend {
    enum mo_diag_id id;
    size_t at;            /* offset into the text */
    struct mo_str detail; /* of the text, or static */
};

enum { MO_MEND_MAX = 1000 /* repairs in one text */ };

struct mo_mending {
    struct mo_buf text; /* in UTF-8, with all repairs made */
    struct mo_buf utf8; /* the text before them, where it was not UTF-8 */
    struct mo_mend repairs[MO_MEND_MAX];
    size_t n;
    char byte[8]; /* the first that was not UTF-8, to show it */
};

/* You own it; NULL when memory is short. `max`: ceiling of the text in bytes. */
struct mo_mending *mo_mending_new(size_t max);
void mo_mending_free(struct mo_mending *m);

/*
 * Mend `text`, which must live as long as what is said of it. 0, or -1 when it cannot be done
 * with certainty. What comes out may still be no JSON.
 */
int mo_json_mend(struct mo_mending *m, struct mo_str text);

#endif
