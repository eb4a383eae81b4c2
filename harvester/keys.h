/* The keys of a source in sources.conf: names, kinds, defaults and ranges, in a table. */
#ifndef HARVESTER_KEYS_H
#define HARVESTER_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"

enum key_kind {
    KEY_TEXT,
    KEY_FLAG,     /* true or false */
    KEY_NUMBER,   /* a whole number, least to most */
    KEY_FRACTION, /* a number, least to most */
    KEY_SIZE,     /* bytes; k, M and G are powers of 1024 */
    KEY_TIME,     /* seconds; m, h and d may follow */
    KEY_WORDS,    /* a list of texts */
    KEY_BLOCKS,   /* a list of blocks of addresses */
    KEY_SECRET    /* must not be there */
};

struct key {
    const char *name;
    enum key_kind kind;
    const char *initial; /* the default; of lists always the empty one */
    const char *example; /* a value that is right, for messages */
    long long least, most;
    size_t target;                  /* offset in struct source */
    bool (*fits)(const char *text); /* NULL: every text does */
    bool own;                       /* each source has its own: not among the defaults */
    const char *(*nearest)(const char *wrong); /* NULL: the example is as good */
};

extern const struct key keys[];
extern const size_t n_keys;

/* The key of this name, or NULL. */
const struct key *key_named(const char *name);

/* The known name that is nearest to `name`, or NULL when none is near. */
const char *key_nearest(const char *name);

/* What may be meant by a wrong value, or one that is right. */
const char *key_example(const struct key *key, const char *wrong);

/* Whether the text may hold a secret: it is not to be shown. */
bool key_is_secret(const struct key *key, const char *text);

/*
 * Set the key's place in `source` from one text, or from all of a list. The texts are
 * borrowed. The text that is wrong, or NULL when it is set.
 */
const char *key_set(
    const struct key *key, const char *const texts[], size_t n, struct source *source);

/* Free what key_set has allocated. */
void keys_done(struct source *source);

#endif
