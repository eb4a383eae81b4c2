#include "fetching.h"

/* Seconds that a page waits for its turn before it is one of the next, and before it has it. */
static const double patience = 10, endurance = 30;

/* Whether the other one, too, waits for its turn, and has it first: by the list, but for long waits. */
static bool
goes_first(
    const struct transfer *other, const struct transfer *t, bool listed, double now)
{
    bool other_long = now > other->waits_since + patience;
    bool long_wait = now > t->waits_since + patience;

    return other->state == RECEIVING && other->paused && !other->pipeline &&
           (other_long == long_wait ? listed : other_long);
}

/*
 * Whether others come first: enough converters are at work, not waiting for slow servers, or
 * pages not kept yet, or it is the turn of another one that waits.
 */
static bool
is_enough(const struct transfer *t, double now)
{
    size_t busy = 0, over = 0;
    bool listed = true; /* before this one */

    for (const struct transfer *other = t->fetcher->first; other; other = other->next) {
        listed = listed && other != t;
        if (other != t && goes_first(other, t, listed, now))
            return true;
        busy += other->pipeline && !pipeline_is_slow(other->pipeline, now);
        over += other->state == OVER;
    }
    return busy >= MAX_CONVERTERS || busy + over >= MAX_PAGES;
}

bool
transfer_must_wait(struct transfer *t)
{
    double now;

    if (t->pipeline || t->lost)
        return false;
    now = t->fetcher->now;
    if (t->waits_since == 0)
        t->waits_since = now;
    return now < t->waits_since + endurance && is_enough(t, now);
}
