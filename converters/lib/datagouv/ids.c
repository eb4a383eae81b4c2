#include "datagouv/ids.h"

#include <stdlib.h>

#include <moisson/buf.h>

#include "base/ctype.h"
#include "base/hash.h"
#include "dcat/index.h"

enum { MAX_CELLS = 4, ID = 1, MAX_ROW = 1 << 20, LONGEST_ID = 255 };
enum { RECORD = 1, RESOURCE, TITLED_RESOURCE }; /* how many cells tell it from others */
enum { SEVERAL = 1 };                           /* flag: resources of that URL */

struct mo_ids {
    uint64_t seed;
    struct mo_str rows;
    struct mo_index index; /* places of ids in the rows */
};

/* Of a record one cell, of a resource two or three; the number of cells counts too. */
static uint64_t
hash_of(const struct mo_ids *ids, const struct mo_str *cells, size_t n)
{
    uint64_t hash = mo_hash(ids->seed, cells[0]);

    for (size_t i = 1; i < n; ++i)
        hash = mo_mix(hash + i) ^ mo_hash(ids->seed, cells[i]);
    return hash;
}

/* As @tsv writes them: tab, line ends and backslash are escaped. */
static void
unescape(struct mo_str cell, struct mo_buf *out)
{
    static const char letters[] = "tnr\\", meant[] = "\t\n\r\\";

    for (size_t i = 0; i < cell.n; ++i) {
        const char *letter = cell.p[i] == '\\' && i + 1 < cell.n && cell.p[i + 1]
                                 ? strchr(letters, cell.p[i + 1])
                                 : NULL;

        mo_buf_byte(out, letter ? meant[letter - letters] : cell.p[i]);
        i += letter != NULL;
    }
}

/* It goes into addresses. */
static bool
is_id(struct mo_str id)
{
    for (size_t i = 0; i < id.n; ++i)
        if (!mo_is_alpha(id.p[i]) && !mo_is_digit(id.p[i]) && id.p[i] != '-' &&
            id.p[i] != '_')
            return false;
    return id.n <= LONGEST_ID;
}

static int
note(struct mo_ids *ids, const struct mo_str *cells, size_t n, struct mo_str id)
{
    struct mo_slot *slot = mo_index_add(&ids->index, hash_of(ids, cells, n));
    uint64_t at = (uint64_t)(id.p - ids->rows.p);

    if (!slot)
        return -1;
    if (n == RESOURCE && slot->at && !mo_str_starts(mo_str_from(ids->rows, slot->at), id))
        slot->flags |= SEVERAL;
    slot->at = at & MO_SLOT_AT;
    return 0;
}

/* The cells of a row but its id, unescaped in `memory`. Returns how many; 0: too many. */
static size_t
split(struct mo_str row, struct mo_buf *memory, struct mo_str *id, struct mo_str *cells)
{
    size_t ends[MAX_CELLS], n = 0;

    mo_buf_clear(memory);
    for (size_t i = 0; i < MAX_CELLS; ++i) {
        size_t end = mo_str_find(row, mo_str("\t"), 0);

        if (i == ID) {
            *id = mo_str_n(row.p, end);
        } else {
            unescape(mo_str_n(row.p, end), memory);
            ends[n++] = memory->n;
        }
        if (end < row.n) {
            row = mo_str_from(row, end + 1);
            continue;
        }
        for (size_t k = 0; k < n; ++k) {
            size_t from = k ? ends[k - 1] : 0;

            cells[k] = mo_str_n(memory->p + from, ends[k] - from);
        }
        return n;
    }
    return 0;
}

/* 1: taken; 0: no row of ours; -1: memory is short. */
static int
take_row(struct mo_ids *ids, struct mo_str row, struct mo_buf *memory)
{
    struct mo_str cells[MAX_CELLS], id = mo_str_n(NULL, 0);
    size_t n = split(row, memory, &id, cells);

    if (memory->failed)
        return -1;
    if (n == 0 || !id.p || cells[0].n == 0 || !is_id(id))
        return 0;
    if (id.n == 0 || mo_str_is(id, "null"))
        return 1;
    for (size_t of = n < RESOURCE ? n : RESOURCE; of <= n; ++of)
        if (note(ids, cells, of, id))
            return -1;
    return 1;
}

struct mo_ids *
mo_ids_new(struct mo_str rows, struct mo_str file, const struct mo_sink *sink)
{
    struct mo_ids *ids = calloc(1, sizeof *ids);
    struct mo_diag diag = {.id = MO_DIAG_IDS, .file = file};
    struct mo_buf memory;
    int taken = ids ? 1 : -1;

    mo_buf_init(&memory, MAX_ROW);
    if (ids) {
        ids->seed = mo_hash_key();
        ids->rows = rows;
    }
    if (mo_str_starts(rows, mo_str("\xEF\xBB\xBF")))
        rows = mo_str_from(rows, 3);
    while (taken == 1 && rows.n) {
        size_t end = mo_str_find(rows, mo_str("\n"), 0);
        struct mo_str row = mo_str_n(rows.p, end);

        ++diag.line;
        if (mo_str_ends(row, mo_str("\r")))
            --row.n;
        rows = mo_str_from(rows, end + 1);
        if (row.n)
            taken = take_row(ids, row, &memory);
        diag.detail = row;
    }
    mo_buf_done(&memory);
    if (taken == 1)
        return ids;
    diag.id = taken ? MO_DIAG_NO_MEMORY : diag.id;
    mo_report(sink, &diag);
    mo_ids_free(ids);
    return NULL;
}

void
mo_ids_free(struct mo_ids *ids)
{
    if (ids)
        mo_index_done(&ids->index);
    free(ids);
}

static struct mo_str
find(const struct mo_ids *ids, const struct mo_str *cells, size_t n)
{
    const struct mo_slot *slot = mo_index_find(&ids->index, hash_of(ids, cells, n));
    struct mo_str id = slot ? mo_str_from(ids->rows, slot->at) : mo_str("");
    size_t end = 0;

    if (n == RESOURCE && slot && slot->flags & SEVERAL)
        return mo_str("");
    while (end < id.n && !strchr("\t\r\n", id.p[end]))
        ++end;
    return mo_str_n(id.p, end);
}

struct mo_str
mo_ids_record(const struct mo_ids *ids, struct mo_str key)
{
    return find(ids, &key, RECORD);
}

struct mo_str
mo_ids_resource(const struct mo_ids *ids, struct mo_str key, struct mo_str url,
    struct mo_str title, bool by_url)
{
    const struct mo_str cells[] = {key, url, title};
    struct mo_str id = find(ids, cells, TITLED_RESOURCE);

    return id.n || !by_url ? id : find(ids, cells, RESOURCE);
}
