#include "unit.h"

#include "fetching.h"

/* A fetcher with `n` transfers, in the order of their list, of which the first bytes have come. */
static void
begin(struct fetcher *f, struct transfer t[], size_t n)
{
    *f = (struct fetcher){.now = 100, .first = t};
    for (size_t i = 0; i < n; ++i)
        t[i] = (struct transfer){.fetcher = f,
            .state = RECEIVING,
            .paused = true,
            .next = i + 1 < n ? &t[i + 1] : NULL};
}

static void
waits(struct transfer *t, bool expected, const char *what)
{
    CHECK(transfer_must_wait(t) == expected, what);
}

static void
the_list_decides(void)
{
    struct fetcher f;
    struct transfer t[2];

    begin(&f, t, 2);
    waits(&t[1], true, "second");
    waits(&t[0], false, "first");
    t[0].paused = false; /* it reads on */
    waits(&t[1], false, "the next");
}

static void
long_waits_go_first(void)
{
    struct fetcher f;
    struct transfer t[2];

    begin(&f, t, 2);
    waits(&t[1], true, "second");
    f.now += 9;
    waits(&t[0], false, "first, though it came later");
    waits(&t[1], true, "not long yet");
    f.now += 2;
    waits(&t[0], true, "the other has waited for long");
    waits(&t[1], false, "long");
    f.now += 10;
    waits(&t[0], false, "both have: the list decides");
    waits(&t[1], true, "both have: the list decides");
}

static void
servers_do_not_wait_for_ever(void)
{
    struct fetcher f;
    struct transfer t[MAX_PAGES + 1];

    begin(&f, t, MAX_PAGES + 1);
    for (size_t i = 0; i < MAX_PAGES; ++i)
        t[i].state = OVER; /* and is not kept yet */
    waits(&t[MAX_PAGES], true, "enough");
    f.now += 29;
    waits(&t[MAX_PAGES], true, "still enough");
    f.now += 2;
    waits(&t[MAX_PAGES], false, "it has its turn");
    f.now -= 2;
    t[0].state = TURN;
    waits(&t[MAX_PAGES], false, "no longer enough");
}

static const struct unit_test tests[] = {TEST(the_list_decides),
    TEST(long_waits_go_first), TEST(servers_do_not_wait_for_ever)};

int
main(int argc, char *argv[])
{
    return unit_main("turns", tests, sizeof tests / sizeof tests[0], argc, argv);
}
