#include "nearest.h"

#include <string.h>

enum { MAX_WORD = 32 };

/* Letters to change, add, remove or swap (optimal string alignment). */
static size_t
distance(const char *a, const char *b)
{
    size_t rows[3][MAX_WORD + 1], n = strlen(a), m = strlen(b);

    for (size_t j = 0; j <= m; ++j)
        rows[0][j] = j;
    for (size_t i = 1; i <= n; ++i) {
        size_t *now = rows[i % 3], *before = rows[(i - 1) % 3];

        now[0] = i;
        for (size_t j = 1; j <= m; ++j) {
            size_t cost = before[j - 1] + (a[i - 1] != b[j - 1]);

            if (before[j] + 1 < cost)
                cost = before[j] + 1;
            if (now[j - 1] + 1 < cost)
                cost = now[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                rows[(i - 2) % 3][j - 2] + 1 < cost)
                cost = rows[(i - 2) % 3][j - 2] + 1;
            now[j] = cost;
        }
    }
    return rows[n % 3][m];
}

const char *
nearest(const char *word, const char *const words[], size_t n)
{
    const char *best = NULL;
    size_t length = strlen(word), least = length / 3 + 2;

    for (size_t i = 0; i < n && length <= MAX_WORD; ++i) {
        size_t d = strlen(words[i]) <= MAX_WORD ? distance(word, words[i]) : least;

        if (d < least) {
            least = d;
            best = words[i];
        }
    }
    return best;
}
