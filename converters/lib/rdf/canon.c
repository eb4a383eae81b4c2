#include "rdf/canon.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/block.h"
#include "base/hash.h"
#include "rdf/ntriples.h"

enum {
    HEX = 2 * MO_SHA256_SIZE,
    NOT_ISSUED = -1,
    USUAL_LINE = 160,
    WRITTEN = 64 /* nodes whose text is kept for the statements that follow */
};

/* A blank node and the statements that mention it (4.2, blank node to quads map). */
struct blank {
    const struct mo_term *term;
    size_t *stmts;
    size_t n_stmts;
    char hash[HEX + 1]; /* of its first degree */
};

/* An identifier issuer (4.3): numbers by blank node, and the order they came in. */
struct issuer {
    int *number;
    size_t *order;
    size_t n;
};

/* Statements in a row that have one subject, as lines: what stands behind it, and a space. */
struct run {
    struct mo_str subject, *lines;
    size_t n;
};

struct canon {
    const struct mo_stmt **stmts;
    size_t n_stmts;
    struct blank *blanks; /* in order of their terms' addresses */
    size_t n_blanks;
    size_t *lists;        /* memory of all stmts lists */
    struct mo_buf text;   /* of the lines in hand */
    struct run *runs;     /* as many as there are statements */
    struct mo_str *lines; /* the same twice: of the runs, and sorted */
    struct issuer canonical;
    struct mo_sha256 *sha;
    size_t work;
    enum mo_canon_result result;
};

/* A blank node next to the one in hand, under the hash that relates them (4.7). */
struct related {
    char hash[HEX + 1];
    size_t blank;
};

static enum mo_canon_result
fail(struct canon *c, enum mo_canon_result result)
{
    if (c->result == MO_CANON_OK)
        c->result = result;
    return c->result;
}

static int
by_text(const void *a, const void *b)
{
    return mo_str_cmp(*(const struct mo_str *)a, *(const struct mo_str *)b);
}

static int
by_subject(const void *a, const void *b)
{
    return mo_str_cmp(((const struct run *)a)->subject, ((const struct run *)b)->subject);
}

static int
by_term(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t)((const struct blank *)a)->term;
    uintptr_t y = (uintptr_t)((const struct blank *)b)->term;

    return (x > y) - (x < y);
}

static int
by_hash(const void *a, const void *b)
{
    return strcmp(((const struct related *)a)->hash, ((const struct related *)b)->hash);
}

static size_t
index_of(const struct canon *c, const struct mo_term *term)
{
    struct blank key = {.term = term};
    const struct blank *hit =
        bsearch(&key, c->blanks, c->n_blanks, sizeof *c->blanks, by_term);

    return (size_t)(hit - c->blanks);
}

static int
issuer_init(struct issuer *issuer, size_t n_blanks)
{
    issuer->n = 0;
    issuer->number = malloc((n_blanks + 1) * sizeof *issuer->number);
    issuer->order = malloc((n_blanks + 1) * sizeof *issuer->order);
    if (!issuer->number || !issuer->order) {
        free(issuer->number);
        free(issuer->order);
        issuer->number = NULL;
        issuer->order = NULL;
        return -1;
    }
    for (size_t i = 0; i < n_blanks; ++i)
        issuer->number[i] = NOT_ISSUED;
    return 0;
}

static int
issuer_copy(struct issuer *to, const struct issuer *from, size_t n_blanks)
{
    if (issuer_init(to, n_blanks))
        return -1;
    memcpy(to->number, from->number, n_blanks * sizeof *to->number);
    memcpy(to->order, from->order, from->n * sizeof *to->order);
    to->n = from->n;
    return 0;
}

static void
issuer_done(struct issuer *issuer)
{
    free(issuer->number);
    free(issuer->order);
    issuer->number = NULL;
    issuer->order = NULL;
}

static int
issue(struct issuer *issuer, size_t blank)
{
    if (issuer->number[blank] == NOT_ISSUED) {
        issuer->number[blank] = (int)issuer->n;
        issuer->order[issuer->n++] = blank;
    }
    return issuer->number[blank];
}

static void
put_number(struct mo_buf *out, const char *before, int number)
{
    mo_buf_c(out, before);
    mo_buf_number(out, (uint64_t)number);
}

/* Statements as lines, blank nodes named by `name`, sorted and without doubles. */
typedef void name_fn(
    struct mo_buf *out, const struct canon *c, const struct mo_term *term, size_t of);

static void
put_named(struct mo_buf *out, const struct canon *c, const struct mo_term *term,
    name_fn *name, size_t of)
{
    if (term->kind == MO_BLANK)
        name(out, c, term, of);
    else
        mo_nt_term(out, term);
}

static void
name_first_degree(
    struct mo_buf *out, const struct canon *c, const struct mo_term *term, size_t of)
{
    mo_buf_c(out, term == c->blanks[of].term ? "_:a" : "_:z");
}

static void
name_canonical(
    struct mo_buf *out, const struct canon *c, const struct mo_term *term, size_t of)
{
    (void)of;
    put_number(out, "_:c14n", c->canonical.number[index_of(c, term)]);
}

/* Where the text holds a node with the space behind it. */
struct written {
    const struct mo_term *term;
    size_t from, n;
};

/* A term and the space behind it. Most nodes of a record stand in several statements. */
static void
put_term(struct canon *c, const struct mo_term *term, name_fn *name, size_t of,
    struct written written[WRITTEN])
{
    struct written *last = &written[(uintptr_t)term / MO_BLOCK % WRITTEN];
    struct mo_buf *text = &c->text;
    size_t from = text->n;

    if (term == last->term &&
        (text->cap - from > last->n || mo_buf_reserve(text, last->n) == 0)) {
        mo_buf_add(text, text->p + last->from, last->n);
        return;
    }
    put_named(text, c, term, name, of);
    mo_buf_byte(text, ' ');
    if (mo_is_node(term))
        *last = (struct written){term, from, text->n - from};
}

/* Write the statements of `list` (all when NULL) to c->text. Returns how many runs they are. */
static size_t
put_runs(struct canon *c, const size_t *list, size_t n, name_fn *name, size_t of)
{
    struct written written[WRITTEN] = {{NULL, 0, 0}};
    struct mo_buf *text = &c->text;
    struct run *run = c->runs;
    size_t n_runs = 0;
    const char *p;

    mo_buf_clear(text);
    mo_buf_reserve(text, n * USUAL_LINE);
    for (size_t i = 0; i < n; ++i) {
        const struct mo_stmt *stmt = c->stmts[list ? list[i] : i];
        size_t from = text->n;

        if (i == 0 || stmt->s != c->stmts[list ? list[i - 1] : i - 1]->s) {
            put_term(c, stmt->s, name, of, written);
            run = &c->runs[n_runs++];
            *run = (struct run){{NULL, text->n - from}, c->lines + i, 0};
            from = text->n;
        }
        put_term(c, stmt->p, name, of, written);
        put_term(c, stmt->o, name, of, written);
        mo_buf_c(text, ".\n");
        run->lines[run->n++].n = text->n - from;
    }
    if (text->failed)
        return 0;
    p = text->p; /* where it stays */
    for (run = c->runs; run < c->runs + n_runs; ++run) {
        run->subject.p = p;
        p += run->subject.n;
        for (size_t i = 0; i < run->n; p += run->lines[i++].n)
            run->lines[i].p = p;
    }
    return n_runs;
}

/* Write the lines of `list` (all statements when NULL) to `out`, sorted. */
static void
put_sorted(struct canon *c, const size_t *list, size_t n, name_fn *name, size_t of,
    struct mo_buf *out)
{
    size_t n_runs = put_runs(c, list, n, name, of), room = c->text.n, end;
    struct mo_str *lines = c->lines + c->n_stmts;

    if (c->text.failed) {
        fail(c, MO_CANON_NO_MEMORY);
        return;
    }
    for (size_t i = 0; i < n_runs; ++i)
        room += (c->runs[i].n - 1) * c->runs[i].subject.n;
    mo_buf_reserve(out, room);
    qsort(c->runs, n_runs, sizeof *c->runs, by_subject);
    for (size_t i = 0; i < n_runs; i = end) {
        size_t n_lines = 0;

        for (end = i; end < n_runs && by_subject(c->runs + i, c->runs + end) == 0; ++end)
            for (size_t k = 0; k < c->runs[end].n; ++k)
                lines[n_lines++] = c->runs[end].lines[k];
        qsort(lines, n_lines, sizeof *lines, by_text);
        for (size_t k = 0; k < n_lines; ++k) {
            mo_buf_str(out, c->runs[i].subject);
            mo_buf_str(out, lines[k]);
        }
    }
    if (out->failed)
        fail(c, MO_CANON_NO_MEMORY);
}

static void
digest(struct canon *c, const struct mo_buf *text, char hex[HEX + 1])
{
    mo_sha256_add(c->sha, mo_buf_view(text));
    mo_sha256_hex(c->sha, hex);
}

/* 4.6 Hash First Degree Quads */
static void
hash_first_degree(struct canon *c, size_t blank)
{
    struct mo_buf text;

    mo_buf_init(&text, SIZE_MAX);
    put_sorted(c, c->blanks[blank].stmts, c->blanks[blank].n_stmts, name_first_degree,
        blank, &text);
    digest(c, &text, c->blanks[blank].hash);
    mo_buf_done(&text);
}

/* 4.7 Hash Related Blank Node */
static void
hash_related(struct canon *c, const struct issuer *issuer, const struct mo_stmt *stmt,
    char position, struct related *related)
{
    size_t blank = related->blank;
    struct mo_buf text;

    mo_buf_init(&text, SIZE_MAX);
    mo_buf_printf(&text, "%c<", position);
    mo_buf_str(&text, stmt->p->text);
    mo_buf_byte(&text, '>');
    if (c->canonical.number[blank] != NOT_ISSUED)
        put_number(&text, "_:c14n", c->canonical.number[blank]);
    else if (issuer->number[blank] != NOT_ISSUED)
        put_number(&text, "_:b", issuer->number[blank]);
    else
        mo_buf_c(&text, c->blanks[blank].hash);
    if (text.failed)
        fail(c, MO_CANON_NO_MEMORY);
    digest(c, &text, related->hash);
    mo_buf_done(&text);
}

/* All neighbours of `blank`, sorted by the hash that relates them. */
static struct related *
find_related(struct canon *c, size_t blank, const struct issuer *issuer, size_t *n)
{
    const struct blank *b = &c->blanks[blank];
    struct related *list = malloc((2 * b->n_stmts + 1) * sizeof *list);

    *n = 0;
    if (!list) {
        fail(c, MO_CANON_NO_MEMORY);
        return NULL;
    }
    for (size_t i = 0; i < b->n_stmts; ++i) {
        const struct mo_stmt *stmt = c->stmts[b->stmts[i]];
        const struct mo_term *ends[] = {stmt->s, stmt->o};

        for (size_t k = 0; k < 2; ++k) {
            if (ends[k]->kind != MO_BLANK || ends[k] == b->term)
                continue;
            list[*n].blank = index_of(c, ends[k]);
            hash_related(c, issuer, stmt, "so"[k], &list[*n]);
            ++*n;
        }
    }
    qsort(list, *n, sizeof *list, by_hash);
    return list;
}

static bool
next_permutation(size_t *a, size_t n)
{
    size_t i = n, j = n;

    while (i > 1 && a[i - 2] >= a[i - 1])
        --i;
    if (i <= 1)
        return false;
    while (a[j - 1] <= a[i - 2])
        --j;
    size_t swap = a[i - 2];
    a[i - 2] = a[j - 1];
    a[j - 1] = swap;
    for (size_t l = i - 1, r = n - 1; l < r; ++l, --r) {
        swap = a[l];
        a[l] = a[r];
        a[r] = swap;
    }
    return true;
}

static void hash_n_degree(
    struct canon *c, size_t blank, struct issuer *issuer, char hex[HEX + 1]);

static bool
is_worse(const struct mo_buf *path, const struct mo_buf *chosen)
{
    return chosen->n && path->n >= chosen->n &&
           mo_str_cmp(mo_buf_view(path), mo_buf_view(chosen)) > 0;
}

/*
 * 4.8, 5.4: the path of one order of the group; false when a better one is known.
 * `issuer` goes on from the copy it is given.
 */
static bool
walk_order(struct canon *c, const size_t *order, size_t n, struct issuer *issuer,
    struct mo_buf *path, const struct mo_buf *chosen)
{
    size_t *recurse = malloc((n + 1) * sizeof *recurse), n_recurse = 0;
    bool good = recurse != NULL;
    char hex[HEX + 1];

    if (!recurse)
        fail(c, MO_CANON_NO_MEMORY);
    for (size_t i = 0; good && i < n; ++i) {
        if (c->canonical.number[order[i]] != NOT_ISSUED) {
            put_number(path, "_:c14n", c->canonical.number[order[i]]);
        } else {
            if (issuer->number[order[i]] == NOT_ISSUED)
                recurse[n_recurse++] = order[i];
            put_number(path, "_:b", issue(issuer, order[i]));
        }
        good = !is_worse(path, chosen);
    }
    for (size_t i = 0; good && i < n_recurse; ++i) {
        hash_n_degree(c, recurse[i], issuer, hex);
        if (c->result != MO_CANON_OK)
            good = false;
        else {
            mo_buf_printf(path, "_:b%d<%s>", issue(issuer, recurse[i]), hex);
            good = !is_worse(path, chosen);
        }
    }
    free(recurse);
    return good && !path->failed;
}

/* 4.8, 5: the best path through one group of neighbours, appended to `data`. */
static void
choose_path(
    struct canon *c, size_t *group, size_t n, struct issuer *issuer, struct mo_buf *data)
{
    struct issuer best = {0};
    struct mo_buf path, chosen;

    mo_buf_init(&path, SIZE_MAX);
    mo_buf_init(&chosen, SIZE_MAX);
    do {
        struct issuer copy;

        if (c->work-- == 0) {
            c->work = 0;
            fail(c, MO_CANON_TOO_HARD);
            break;
        }
        if (issuer_copy(&copy, issuer, c->n_blanks)) {
            fail(c, MO_CANON_NO_MEMORY);
            break;
        }
        mo_buf_clear(&path);
        if (walk_order(c, group, n, &copy, &path, &chosen) &&
            (chosen.n == 0 || mo_str_cmp(mo_buf_view(&path), mo_buf_view(&chosen)) < 0)) {
            struct mo_buf swap = chosen;

            chosen = path;
            path = swap;
            issuer_done(&best);
            best = copy;
        } else {
            issuer_done(&copy);
        }
    } while (c->result == MO_CANON_OK && next_permutation(group, n));
    mo_buf_str(data, mo_buf_view(&chosen));
    if (best.number) {
        issuer_done(issuer);
        *issuer = best;
    }
    mo_buf_done(&path);
    mo_buf_done(&chosen);
}

/* 4.8 Hash N-Degree Quads; `issuer` becomes the one that the result chose. */
static void
hash_n_degree(struct canon *c, size_t blank, struct issuer *issuer, char hex[HEX + 1])
{
    size_t n, group_size;
    struct related *related = find_related(c, blank, issuer, &n);
    size_t *group = related ? malloc((n + 1) * sizeof *group) : NULL;
    struct mo_buf data;

    mo_buf_init(&data, SIZE_MAX);
    if (related && !group)
        fail(c, MO_CANON_NO_MEMORY);
    for (size_t i = 0; c->result == MO_CANON_OK && i < n; i += group_size) {
        group_size = 0;
        while (
            i + group_size < n && by_hash(&related[i], &related[i + group_size]) == 0) {
            group[group_size] = related[i + group_size].blank;
            ++group_size;
        }
        for (size_t k = 1; k < group_size; ++k) /* sorted, to begin its permutations */
            for (size_t l = k; l > 0 && group[l - 1] > group[l]; --l) {
                size_t swap = group[l];

                group[l] = group[l - 1];
                group[l - 1] = swap;
            }
        mo_buf_c(&data, related[i].hash);
        choose_path(c, group, group_size, issuer, &data);
    }
    if (data.failed)
        fail(c, MO_CANON_NO_MEMORY);
    digest(c, &data, hex);
    mo_buf_done(&data);
    free(group);
    free(related);
}

static void
mention(struct canon *c, const struct mo_term *term, size_t stmt, bool count)
{
    struct blank *b;

    if (term->kind != MO_BLANK)
        return;
    b = &c->blanks[index_of(c, term)];
    if (count)
        ++b->n_stmts;
    else if (b->n_stmts == 0 || b->stmts[b->n_stmts - 1] != stmt)
        b->stmts[b->n_stmts++] = stmt;
}

/* 4.4, 2: which statements mention which blank node. */
static int
collect(struct canon *c)
{
    size_t n = 0, used = 0;

    for (size_t i = 0; i < c->n_stmts; ++i)
        n += (c->stmts[i]->s->kind == MO_BLANK) + (c->stmts[i]->o->kind == MO_BLANK);
    c->blanks = calloc(n + 1, sizeof *c->blanks);
    c->lists = calloc(n + 1, sizeof *c->lists);
    if (!c->blanks || !c->lists)
        return -1;
    n = 0;
    for (size_t i = 0; i < c->n_stmts; ++i) {
        if (c->stmts[i]->s->kind == MO_BLANK)
            c->blanks[n++].term = c->stmts[i]->s;
        if (c->stmts[i]->o->kind == MO_BLANK)
            c->blanks[n++].term = c->stmts[i]->o;
    }
    qsort(c->blanks, n, sizeof *c->blanks, by_term);
    for (size_t i = 0; i < n; ++i)
        if (i == 0 || c->blanks[i].term != c->blanks[c->n_blanks - 1].term)
            c->blanks[c->n_blanks++].term = c->blanks[i].term;
    for (size_t i = 0; i < c->n_stmts; ++i) {
        mention(c, c->stmts[i]->s, i, true);
        mention(c, c->stmts[i]->o, i, true);
    }
    for (size_t i = 0; i < c->n_blanks; ++i) {
        c->blanks[i].stmts = c->lists + used;
        used += c->blanks[i].n_stmts;
        c->blanks[i].n_stmts = 0;
    }
    for (size_t i = 0; i < c->n_stmts; ++i) {
        mention(c, c->stmts[i]->s, i, false);
        mention(c, c->stmts[i]->o, i, false);
    }
    return issuer_init(&c->canonical, c->n_blanks);
}

static int
by_first_degree(const void *a, const void *b)
{
    return strcmp(
        (*(const struct blank *const *)a)->hash, (*(const struct blank *const *)b)->hash);
}

/* A way through the blank nodes around one of several that look alike. */
struct way {
    char hash[HEX + 1];
    struct issuer issuer;
};

static int
by_way(const void *a, const void *b)
{
    return strcmp(((const struct way *)a)->hash, ((const struct way *)b)->hash);
}

/* 4.4, 5: number the blank nodes that share one first-degree hash. */
static void
number_alike(struct canon *c, struct blank *const *alike, size_t n)
{
    struct way *ways = calloc(n, sizeof *ways);
    size_t n_ways = 0;

    if (!ways)
        fail(c, MO_CANON_NO_MEMORY);
    for (size_t i = 0; c->result == MO_CANON_OK && i < n; ++i) {
        size_t blank = (size_t)(alike[i] - c->blanks);
        struct way *way = &ways[n_ways];

        if (c->canonical.number[blank] != NOT_ISSUED)
            continue;
        if (c->work-- == 0) {
            c->work = 0;
            fail(c, MO_CANON_TOO_HARD);
            break;
        }
        if (issuer_init(&way->issuer, c->n_blanks)) {
            fail(c, MO_CANON_NO_MEMORY);
            break;
        }
        ++n_ways;
        issue(&way->issuer, blank);
        hash_n_degree(c, blank, &way->issuer, way->hash);
    }
    if (c->result == MO_CANON_OK) {
        qsort(ways, n_ways, sizeof *ways, by_way);
        for (size_t i = 0; i < n_ways; ++i)
            for (size_t k = 0; k < ways[i].issuer.n; ++k)
                issue(&c->canonical, ways[i].issuer.order[k]);
    }
    for (size_t i = 0; i < n_ways; ++i)
        issuer_done(&ways[i].issuer);
    free(ways);
}

/* 4.4, 3 to 5 */
static void
number_blanks(struct canon *c)
{
    struct blank **order = malloc((c->n_blanks + 1) * sizeof(struct blank *));
    size_t same;

    if (!order) {
        fail(c, MO_CANON_NO_MEMORY);
        return;
    }
    for (size_t i = 0; i < c->n_blanks; ++i) {
        hash_first_degree(c, i);
        order[i] = &c->blanks[i];
    }
    qsort(order, c->n_blanks, sizeof(struct blank *), by_first_degree);
    for (int alike = 0; alike <= 1; ++alike)
        for (size_t i = 0; c->result == MO_CANON_OK && i < c->n_blanks; i += same) {
            same = 1;
            while (i + same < c->n_blanks &&
                   by_first_degree(&order[i], &order[i + same]) == 0)
                ++same;
            if (same == 1 && !alike)
                issue(&c->canonical, (size_t)(order[i] - c->blanks));
            else if (same > 1 && alike)
                number_alike(c, order + i, same);
        }
    free(order);
}

/* The slot of a statement among `seen`, or the free one where it belongs. */
static size_t
place_of(const struct mo_stmt *const *seen, size_t mask, const struct mo_stmt *stmt)
{
    uint64_t hash = mo_mix((uintptr_t)stmt->o);
    size_t slot;

    hash = mo_mix((uintptr_t)stmt->s ^ mo_mix((uintptr_t)stmt->p ^ hash));
    for (slot = hash & mask; seen[slot]; slot = (slot + 1) & mask)
        if (seen[slot]->s == stmt->s && seen[slot]->p == stmt->p &&
            seen[slot]->o == stmt->o)
            break;
    return slot;
}

/* A graph is a set: take each statement once. */
static int
take_once(struct canon *c, const struct mo_stmt *const stmts[], size_t n)
{
    const struct mo_stmt **seen;
    size_t size = 16;

    while (size < 2 * n)
        size *= 2;
    c->stmts = malloc((n + 1) * sizeof(struct mo_stmt *));
    c->lines = malloc((2 * n + 1) * sizeof *c->lines);
    c->runs = malloc((n + 1) * sizeof *c->runs);
    seen = calloc(size, sizeof(struct mo_stmt *));
    for (size_t i = 0; c->stmts && seen && i < n; ++i) {
        size_t place = place_of(seen, size - 1, stmts[i]);

        if (!seen[place])
            c->stmts[c->n_stmts++] = seen[place] = stmts[i];
    }
    free(seen);
    return c->stmts && c->lines && c->runs && seen ? 0 : -1;
}

enum mo_canon_result
mo_canon(const struct mo_stmt *const stmts[], size_t n, size_t work, struct mo_buf *out)
{
    struct canon c = {.work = work};

    mo_buf_init(&c.text, SIZE_MAX);
    c.sha = mo_sha256_new();
    if (!c.sha || take_once(&c, stmts, n) || collect(&c))
        fail(&c, MO_CANON_NO_MEMORY);
    if (c.result == MO_CANON_OK)
        number_blanks(&c);
    if (c.result == MO_CANON_OK)
        put_sorted(&c, NULL, c.n_stmts, name_canonical, 0, out);
    issuer_done(&c.canonical);
    mo_sha256_free(c.sha);
    mo_buf_done(&c.text);
    free(c.lines);
    free(c.runs);
    free(c.stmts);
    free(c.blanks);
    free(c.lists);
    return c.result;
}

enum mo_canon_result
mo_canon_hash(const struct mo_stmt *const stmts[], size_t n, size_t work, char hex[65])
{
    struct mo_sha256 *sha = mo_sha256_new();
    enum mo_canon_result result = MO_CANON_NO_MEMORY;
    struct mo_buf text;

    mo_buf_init(&text, SIZE_MAX);
    if (sha)
        result = mo_canon(stmts, n, work, &text);
    if (result == MO_CANON_OK) {
        mo_sha256_add(sha, mo_buf_view(&text));
        mo_sha256_hex(sha, hex);
    }
    mo_sha256_free(sha);
    mo_buf_done(&text);
    return result;
}
