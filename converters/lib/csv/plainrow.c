#include "csv/plainrow.h"

#include <string.h>

static bool
is_blank(char c, char separator)
{
    return (c == ' ' || c == '\t') && c != separator;
}

/* A cell without quotation marks: without the white space around it. What ends it, or NULL. */
static const char *
find_bare(const char *p, const char *end, char separator, const char **from, size_t *n)
{
    while (p < end && is_blank(*p, separator))
        ++p;
    *from = p;
    while (p < end && *p != separator && *p != '\n' && *p != '\r' && *p != '"')
        ++p;
    if (p == end || *p == '"')
        return NULL;
    *n = (size_t)(p - *from);
    while (*n && is_blank((*from)[*n - 1], separator))
        --*n;
    return p;
}

/* A cell between quotation marks, of which those inside stand twice. What is behind, or NULL. */
static const char *
find_quoted(const char *p, const char *end, struct mo_plain_cell *cell)
{
    const char *from = p + 1, *hit = from;

    cell->doubled = false;
    while ((hit = memchr(hit, '"', (size_t)(end - hit))) && hit + 1 < end) {
        if (hit[1] != '"') {
            cell->n = (size_t)(hit - from);
            return hit + 1;
        }
        cell->doubled = true;
        hit += 2;
    }
    return NULL;
}

size_t
mo_plain_row(struct mo_str text, char separator, struct mo_plain_cell *cells, size_t *n)
{
    const char *p = text.p, *end = p + text.n, *from;

    for (*n = 0; *n < MO_MAX_CELLS; ++p) {
        struct mo_plain_cell *cell = &cells[(*n)++];

        if (p < end && *p == '"') {
            from = p + 1;
            p = find_quoted(p, end, cell);
        } else {
            cell->doubled = false;
            p = find_bare(p, end, separator, &from, &cell->n);
        }
        if (!p)
            return 0;
        cell->from = (size_t)(from - text.p);
        if (*p == '\n' || *p == '\r')
            return *n == 1 && cell->n == 0 ? 0 : (size_t)(p - text.p) + 1;
        if (*p != separator)
            return 0;
    }
    return 0;
}

void
mo_plain_text(struct mo_str cell, struct mo_buf *out)
{
    while (cell.n) {
        size_t n = mo_str_find(cell, mo_str("\"\""), 0);

        mo_buf_add(out, cell.p, n < cell.n ? n + 1 : n);
        cell = mo_str_from(cell, n + 2);
    }
}
