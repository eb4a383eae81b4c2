#include "retry.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Nobody asks to wait for so many seconds, but says when it is. */
enum { EPOCH = 1000000000 };

bool
retry_status(long status)
{
    return status == 408 || status == 425 || status == 429 ||
           (status >= 500 && status <= 599);
}

/* splitmix64, of Steele, Lea and Flood: any state will do. */
static double
random_part(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    z ^= z >> 31;
    return (double)(z >> 11) / 9007199254740992.0;
}

double
retry_wait(double first, unsigned failed, uint64_t *random)
{
    double wait = first;

    for (unsigned i = 1; i < failed && wait < RETRY_MOST; ++i)
        wait *= 2;
    if (wait > RETRY_MOST)
        wait = RETRY_MOST;
    return wait * (0.5 + random_part(random) / 2);
}

/* Seconds since 1970 of a date of HTTP, or of ISO 8601 in UTC; false when it is none. */
static bool
read_date(const char *text, int64_t *seconds)
{
    static const char *const forms[] = {"%a, %d %b %Y %H:%M:%S GMT",
        "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y", "%Y-%m-%dT%H:%M:%SZ",
        "%Y-%m-%dT%H:%M:%S+00:00"};

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; ++i) {
        struct tm tm = {.tm_isdst = 0};
        const char *end = strptime(text, forms[i], &tm);

        if (end && *end == '\0') {
            *seconds = (int64_t)timegm(&tm);
            return true;
        }
    }
    return false;
}

double
retry_after(const char *value, const char *date, int64_t now)
{
    int64_t then;

    if (value[0] && value[strspn(value, "0123456789")] == '\0')
        return strlen(value) < 16 ? (double)strtoll(value, NULL, 10) : 1e15;
    if (!value[0] || !read_date(value, &then))
        return -1;
    if (date[0])
        read_date(date, &now);
    return then > now ? (double)(then - now) : 0;
}

double
retry_reset(const char *value, const char *date, int64_t now)
{
    double wait = retry_after(value, date, now);

    if (wait < EPOCH || value[strspn(value, "0123456789")])
        return wait;
    if (date[0])
        read_date(date, &now);
    return wait > (double)now ? wait - (double)now : 0;
}
