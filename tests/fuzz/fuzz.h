/* What the fuzz targets share. Each asserts properties with MUST. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include <moisson/moisson.h>

#include "base/hash.h"
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                                  \
    do {                                                                                 \
        if (!(condition)) {                                                              \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition);      \
            abort();                                                                     \
        }                                                                                \
    } while (0)

/* Both texts are shown when they differ. */
#define MUST_EQUAL(a, b)                                                                 \
    do {                                                                                 \
        if (!mo_str_eq(a, b)) {                                                          \
            fprintf(stderr, "---- " MO_FMT "\n---- " MO_FMT "\n", MO_ARG(a), MO_ARG(b)); \
            MUST(mo_str_eq(a, b));                                                       \
        }                                                                                \
    } while (0)

enum { FUZZ_MAX = 16 << 20 };

static inline struct mo_str
fuzz_str(const uint8_t *data, size_t size)
{
    return mo_str_n((const char *)data, size);
}

/* The input, or what of it is UTF-8: text behind the door is. */
static inline void
fuzz_text(struct mo_buf *text, struct mo_str data)
{
    mo_buf_init(text, FUZZ_MAX);
    mo_utf8_mend(data, text);
}

/* The first line of `*rest`, without its end, which moves behind it. */
static inline struct mo_str
fuzz_line(struct mo_str *rest)
{
    struct mo_str line = mo_str_n(rest->p, mo_str_find(*rest, mo_str("\n"), 0));

    *rest = mo_str_from(*rest, line.n + 1);
    return line;
}

/* Numbers below `n` that depend on the input and on nothing else. */
static inline uint64_t
fuzz_seed(struct mo_str data)
{
    return mo_hash(1, data);
}

static inline size_t
fuzz_roll(uint64_t *dice, size_t n)
{
    *dice = mo_mix(*dice + 1);
    return (size_t)(*dice % n);
}

/* The next piece of `*rest`, of one byte or of hundreds. */
static inline struct mo_str
fuzz_chunk(uint64_t *dice, struct mo_str *rest)
{
    size_t n = 1 + fuzz_roll(dice, (size_t)1 << fuzz_roll(dice, 10));
    struct mo_str chunk = mo_str_n(rest->p, n < rest->n ? n : rest->n);

    *rest = mo_str_from(*rest, chunk.n);
    return chunk;
}

/* Made once; the targets never change it. */
static inline const struct mo_vocab *
fuzz_vocab(void)
{
    static struct mo_tables *tables;
    static struct mo_vocab *vocab;

    if (!tables) {
        tables = mo_tables_new();
        vocab = mo_vocab_new(tables, NULL);
        MUST(vocab);
    }
    return vocab;
}

static inline void
fuzz_must_be_json(struct mo_str text)
{
    struct mo_json_error error = {.fault = MO_JSON_FINE};
    struct mo_json *json = mo_json_parse(text, MO_JSON_MAX_DEPTH, &error);

    if (!json)
        fprintf(stderr, "---- at %zu: " MO_FMT "\n", error.offset, MO_ARG(text));
    MUST(json);
    mo_json_free(json);
}

#endif
