#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "digest.h"
#include "spool.h"

enum { LINES = 20000, MANY = 3 << 20 };

static struct spool spool;
static char text[64];
static size_t n_lines, n_bytes;

static int
take(void *ctx, struct mo_str bytes)
{
    (void)ctx;
    strncat(text, bytes.p, bytes.n);
    return 0;
}

static const char *
what_is_kept(void)
{
    text[0] = '\0';
    return spool_pieces(&spool, take, NULL) ? NULL : text;
}

static void
bytes_come_back(void)
{
    spool_add(&spool, mo_str("one "));
    spool_add(&spool, mo_str("two"));
    CHECK(spool.n == 7 && strcmp(what_is_kept(), "one two") == 0, text);
    spool_clear(&spool);
    spool_add(&spool, mo_str("three"));
    CHECK(spool.n == 5 && strcmp(what_is_kept(), "three") == 0, text);
    spool_done(&spool);
    CHECK(spool.n == 0 && strcmp(what_is_kept(), "") == 0, "done");
}

static void
ceiling_is_honoured(void)
{
    spool.most = 6;
    spool_add(&spool, mo_str("one"));
    spool_add(&spool, mo_str("two"));
    CHECK(!spool.excess && spool.n == 6, "up to it");
    spool_add(&spool, mo_str("x"));
    CHECK(spool.excess && spool.n == 6, "beyond it");
    CHECK(strcmp(what_is_kept(), "onetwo") == 0, text);
    spool_clear(&spool);
    CHECK(!spool.excess && spool.n == 0, "a further try");
    spool_done(&spool);
    spool.most = 0;
}

/* Each line says which it is, and the first of all that is wrong stops the reading. */
static int
count_line(void *ctx, struct mo_str line)
{
    char expected[200];

    (void)ctx;
    snprintf(expected, sizeof expected, "line %zu of many %0100d", n_lines, 0);
    ++n_lines;
    return mo_str_is(line, expected) ? 0 : -1;
}

static int
count_bytes(void *ctx, struct mo_str bytes)
{
    (void)ctx;
    n_bytes += bytes.n;
    return 0;
}

/* In memory, and in the file that follows. */
static void
lines_come_back(void)
{
    for (int round = 0; round < 2; ++round) {
        size_t n = round ? LINES : 100;

        spool_clear(&spool);
        for (size_t i = 0; i < n; ++i) {
            char line[200];

            snprintf(line, sizeof line, "line %zu of many %0100d\n", i, 0);
            spool_add(&spool, mo_str(line));
        }
        n_lines = n_bytes = 0;
        CHECK((spool.file != NULL) == (round == 1), "where they are");
        if (spool_lines(&spool, count_line, NULL) ||
            spool_pieces(&spool, count_bytes, NULL))
            n_lines = 0;
        CHECK(n_lines == n && n_bytes == (size_t)spool.n, "all that was put in");
    }
    spool_done(&spool);
}

/* Memory goes from one to the next; what stood there does not, nor is it shared. */
static void
blocks_come_again(void)
{
    static struct spool others[3];
    static char bytes[300 << 10];

    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 3; ++i) {
            memset(bytes, 'a' + 3 * round + i, sizeof bytes);
            spool_add(&others[i], mo_str("first "));
            spool_add(&others[i], mo_str_n(bytes, sizeof bytes));
        }
        for (int i = 0; i < 3; ++i) {
            struct mo_str got = mo_str("");

            memset(bytes, 'a' + 3 * round + i, sizeof bytes);
            CHECK(others[i].n == 6 + (int64_t)sizeof bytes, "its own bytes alone");
            CHECK(spool_read(&others[i], 0, (size_t)others[i].n, &got) == 0 &&
                      mo_str_starts(got, mo_str("first ")) &&
                      memcmp(got.p + 6, bytes, sizeof bytes) == 0,
                "as they came");
            spool_done(&others[i]);
        }
    }
}

static void
bytes_are_found_where_they_are(void)
{
    static const size_t sizes[] = {100, MANY};
    char *bytes = malloc(MANY);
    struct mo_str got;

    for (size_t i = 0; i < MANY; ++i)
        bytes[i] = (char)(i * i % 251);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        size_t n = sizes[i];

        spool_add(&spool, mo_str_n(bytes, n / 2));
        spool_add(&spool, mo_str_n(bytes + n / 2, n - n / 2));
        for (size_t at = 0; at < n; at += n / 7)
            CHECK(spool_read(&spool, (int64_t)at, n - at, &got) == 0 && got.n == n - at &&
                      memcmp(got.p, bytes + at, n - at) == 0,
                "from the middle");
        spool_clear(&spool);
    }
    spool_done(&spool);
    free(bytes);
}

/* In whatever pieces they come. */
static void
digest_is_of_bytes(void)
{
    static const char all[] = "the quick brown fox jumps over the lazy dog";
    struct digest whole = {0}, other = {0};

    digest_add(&whole, mo_str(all));
    for (size_t i = 0; i < sizeof all; ++i) {
        struct digest two = {0}, longer = {0};

        digest_add(&two, mo_str_n(all, i));
        digest_add(&longer, mo_str_n(all, i));
        digest_add(&two, mo_str_from(mo_str(all), i));
        CHECK(digest_value(&two) == digest_value(&whole), "in two pieces");
        CHECK(
            i == sizeof all - 1 || digest_value(&longer) != digest_value(&whole), "less");
    }
    digest_add(&other, mo_str_n(all, sizeof all)); /* with the NUL */
    CHECK(digest_value(&other) != digest_value(&whole), "a byte of zeros counts");
}

static const struct unit_test tests[] = {TEST(bytes_come_back), TEST(ceiling_is_honoured),
    TEST(lines_come_back), TEST(blocks_come_again), TEST(bytes_are_found_where_they_are),
    TEST(digest_is_of_bytes)};

UNIT_MAIN("spool", tests)
