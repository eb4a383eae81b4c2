#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "unit.h"

#include "worker.h"

enum { MANY = 1000 };

struct thing {
    int number, turn; /* which it is, and when it was done */
    bool elsewhere;
};

static struct thing things[MANY];
static atomic_int turns, woken;
static atomic_bool slow;
static pthread_t here;

static void
work(void *ctx)
{
    struct thing *thing = ctx;

    if (slow)
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    thing->elsewhere = !pthread_equal(pthread_self(), here);
    thing->turn = turns++;
}

static void
done(void *ctx)
{
    ++*(atomic_int *)ctx;
}

static struct worker *
begin(bool alone)
{
    struct worker_options o = {
        .work = work, .done = done, .ctx = &woken, .most = MANY, .alone = alone};

    here = pthread_self();
    turns = woken = 0;
    slow = false;
    for (int i = 0; i < MANY; ++i)
        things[i] = (struct thing){.number = i, .turn = -1};
    return worker_new(&o);
}

static struct thing *
take(struct worker *w)
{
    struct thing *thing;

    while (!(thing = worker_take(w)))
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    return thing;
}

static void
all_are_done_in_order(void)
{
    static const char *const names[] = {"in a thread", "alone"};

    for (int alone = 0; alone < 2; ++alone) {
        struct worker *w = begin(alone);

        for (int i = 0; i < MANY; ++i)
            worker_give(w, &things[i]);
        for (int i = 0; i < MANY; ++i) {
            const struct thing *thing = take(w);

            CHECK(thing->number == i && thing->turn == i && thing->elsewhere == !alone,
                names[alone]);
        }
        worker_free(w);
        CHECK(woken == MANY, names[alone]);
    }
}

static void
things_come_again(void)
{
    struct worker *w = begin(false);

    for (int i = 0; i < 200; ++i) {
        const struct thing *thing;

        worker_give(w, &things[i % 7]);
        thing = take(w);
        CHECK(thing == &things[i % 7], "the same");
    }
    worker_free(w);
}

static void
nothing_is_done_at_rest(void)
{
    struct worker *w = begin(false);
    int before;

    slow = true;
    for (int i = 0; i < 5; ++i)
        worker_give(w, &things[i]);
    take(w);
    worker_rest(w);
    before = turns;
    nanosleep(&(struct timespec){.tv_nsec = 60000000}, NULL);
    CHECK(turns == before && before < 5, "at rest");
    worker_go_on(w);
    for (int i = 1; i < 5; ++i) {
        const struct thing *thing = take(w);

        CHECK(thing->number == i, "and on");
    }
    worker_free(w);
}

static void
end_does_not_wait_for_all(void)
{
    struct worker *w = begin(false);

    slow = true;
    for (int i = 0; i < MANY; ++i)
        worker_give(w, &things[i]);
    worker_free(w);
    CHECK(turns < MANY / 10, "the rest is left");
}

static const struct unit_test tests[] = {TEST(all_are_done_in_order),
    TEST(things_come_again), TEST(nothing_is_done_at_rest),
    TEST(end_does_not_wait_for_all)};

UNIT_MAIN("worker", tests)
