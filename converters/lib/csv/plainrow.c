#include "csv/plainrow.h"

#include <string.h>

#include "base/block.h"

static bool
is_blank(char c, char separator)
{
    return (c == ' ' || c == '\t') && c != separator;
}

static bool
ends(char c, char separator)
{
    return c == separator || c == '\n' || c == '\r' || c == '"';
}

/* How many bytes stand before what may end a cell without quotation marks. */
static size_t
ends_bare(struct mo_str text, char separator)
{
    size_t n = 0;

    for (; n + MO_BLOCK <= text.n; n += MO_BLOCK) {
        mo_block b = mo_block_at(text.p + n);
        size_t first = mo_block_first((mo_block)((b == (unsigned char)separator) |
                                                 (b == '\n') | (b == '\r') | (b == '"')));

        if (first < MO_BLOCK)
            return n + first;
    }
    while (n < text.n && !ends(text.p[n], separator))
        ++n;
    return n;
}

/* A cell without quotation marks: without the white space around it. What ends it, or NULL. */
static const char *
find_bare(const char *p, const char *end, char separator, const char **from, size_t *n)
{
    while (p < end && is_blank(*p, separator))
        ++p;
    *from = p;
    p += ends_bare(mo_str_n(p, (size_t)(end - p)), separator);
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
