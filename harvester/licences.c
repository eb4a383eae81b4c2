#include "licences.h"

#include <string.h>

#include <moisson/tables.h>

#include "nearest.h"

enum { MAX_LICENCES = 64, MAX_ID = 32, MAX_TABLE = 1 << 20 };

struct licences {
    char id[MAX_LICENCES][MAX_ID];
    size_t n;
};

/* Of the rows that are an id of data.gouv.fr. */
static void
take_row(struct licences *known, struct mo_str row)
{
    size_t n = mo_str_find(row, mo_str("\tid\t"), 0);

    if (n == 0 || n >= row.n || n >= MAX_ID || known->n == MAX_LICENCES)
        return;
    memcpy(known->id[known->n], row.p, n);
    known->id[known->n++][n] = '\0';
}

/* Read when first asked for. */
static const struct licences *
licences(void)
{
    static struct licences known;
    struct mo_tables *tables = known.n ? NULL : mo_tables_new();
    struct mo_buf text;
    struct mo_str rest;

    mo_buf_init(&text, MAX_TABLE);
    if (tables && mo_tables_list(tables, mo_str("licences"), &text) == 0)
        for (rest = mo_buf_view(&text); rest.n;) {
            size_t end = mo_str_find(rest, mo_str("\n"), 0);

            take_row(&known, mo_str_n(rest.p, end));
            rest = mo_str_from(rest, end < rest.n ? end + 1 : end);
        }
    mo_buf_done(&text);
    mo_tables_free(tables);
    return &known;
}

bool
licence_is_known(const char *id)
{
    const struct licences *known = licences();

    for (size_t i = 0; i < known->n; ++i)
        if (strcmp(known->id[i], id) == 0)
            return true;
    return false;
}

const char *
licence_nearest(const char *id)
{
    const struct licences *known = licences();
    const char *ids[MAX_LICENCES];

    for (size_t i = 0; i < known->n; ++i)
        ids[i] = known->id[i];
    return nearest(id, ids, known->n);
}
