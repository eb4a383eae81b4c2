/* The splitter: the same pieces however the bytes came in, each a part of the input. */
#include "base/split.h"
#include "fuzz.h"

enum { MAX_PIECE = 200, MAX_DEPTH = 8 };

static bool
may_list(void *ctx, struct mo_str key)
{
    (void)ctx;
    return key.n < 4;
}

static bool
is_list(void *ctx, struct mo_str key, struct mo_str before, bool first)
{
    (void)ctx;
    return before.n >= 2 && key.n % 2 == first;
}

static void
split(struct mo_str data, uint64_t dice, const char *list, struct mo_buf *out)
{
    struct mo_split_options options = {.list = list,
        .max_bytes = MAX_PIECE,
        .max_depth = MAX_DEPTH,
        .may_list = may_list,
        .is_list = list ? is_list : NULL};
    struct mo_split *s = mo_split_new(&options);
    struct mo_str rest = data;
    struct mo_piece piece;
    uint64_t end = 0;
    bool last;

    MUST(s);
    mo_buf_init(out, FUZZ_MAX);
    do {
        struct mo_str chunk = rest;

        last = rest.n == 0;
        if (last)
            mo_split_end(s);
        else if (dice)
            chunk = fuzz_chunk(&dice, &rest);
        else
            rest = mo_str_from(rest, rest.n);
        MUST(mo_split_push(s, chunk) == 0);
        for (mo_split_next(s, &piece); piece.kind != MO_PIECE_MORE;
             mo_split_next(s, &piece)) {
            mo_buf_printf(out,
                "%d %d %d %d %d %d %d %llu %zu:%zu %zu " MO_FMT MO_FMT "\n",
                (int)piece.kind, (int)piece.fault, piece.alone, piece.loose, piece.around,
                piece.commented, piece.marked, (unsigned long long)piece.offset,
                piece.line, piece.column, piece.at, MO_ARG(piece.key),
                MO_ARG(piece.text));
            MUST(piece.line && piece.column);
            if (piece.kind != MO_PIECE_RECORD || mo_split_shown(s).n)
                continue; /* decoded bytes stand elsewhere */
            MUST(piece.text.n && piece.text.n <= MAX_PIECE && piece.at <= piece.text.n);
            MUST(piece.offset >= end && piece.offset + piece.text.n <= data.n);
            MUST_EQUAL(piece.text, mo_str_n(data.p + piece.offset, piece.text.n));
            end = piece.offset + piece.text.n;
        }
    } while (!last);
    mo_split_free(s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mo_str text = fuzz_str(data, size);
    struct mo_buf whole, pieces;

    for (int list = 0; list < 2; ++list) {
        split(text, 0, list ? "@graph" : NULL, &whole);
        split(text, fuzz_seed(text) | 1, list ? "@graph" : NULL, &pieces);
        MUST_EQUAL(mo_buf_view(&whole), mo_buf_view(&pieces));
        mo_buf_done(&whole);
        mo_buf_done(&pieces);
    }
    return 0;
}
