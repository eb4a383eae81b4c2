/*
 * CUnit, set up once: a test program lists its tests and hands over to unit_main, which
 * runs those that are named as arguments, or all, and exits with 1 when any failed.
 */
#ifndef TESTS_KIT_UNIT_H
#define TESTS_KIT_UNIT_H

#include <CUnit/Basic.h>
#include <stdio.h>
#include <string.h>

#include <moisson/str.h>

struct unit_test {
    const char *name; /* a sentence */
    void (*run)(void);
};

#define TEST(name)                                                                       \
    {                                                                                    \
#name, name                                                                      \
    }

/* Say which row of a table failed. */
static inline void
unit_row(const char *row)
{
    fputs("\n  row: ", stdout);
    fputs(row ? row : "", stdout);
}

#define CHECK(condition, row)                                                            \
    do {                                                                                 \
        if (!(condition))                                                                \
            unit_row(row);                                                               \
        CU_ASSERT(condition);                                                            \
    } while (0)

static inline int
unit_main(const char *suite_name, const struct unit_test *tests, size_t n, int argc,
    char *argv[])
{
    CU_pSuite suite;
    unsigned failures;

    if (CU_initialize_registry() != CUE_SUCCESS)
        return 2;
    suite = CU_add_suite(suite_name, NULL, NULL);
    for (size_t i = 0; suite && i < n; ++i) {
        bool wanted = argc < 2;

        for (int k = 1; k < argc; ++k)
            wanted = wanted || strcmp(argv[k], tests[i].name) == 0;
        if (wanted)
            CU_add_test(suite, tests[i].name, tests[i].run);
    }
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures ? 1 : 0;
}

#define UNIT_MAIN(suite, tests)                                                          \
    int main(int argc, char *argv[])                                                     \
    {                                                                                    \
        return unit_main(suite, tests, sizeof tests / sizeof tests[0], argc, argv);      \
    }

#endif
