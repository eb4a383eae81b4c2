#include "base/splitting.h"

#include <stdlib.h>

#include <moisson/text.h>

#include "base/block.h"
#include "ctype.h"

struct mo_split *
mo_split_new(const struct mo_split_options *options)
{
    struct mo_split *s = calloc(1, sizeof *s);
    bool utf8 = mo_charset_is_utf8(options->charset);

    if (!s)
        return NULL;
    s->options = *options;
    s->line = s->column = 1;
    mo_buf_init(&s->store, SIZE_MAX);
    mo_buf_init(&s->scratch, SIZE_MAX);
    s->decoder = utf8 ? NULL : mo_decoder_new(options->charset, options->strict);
    if (utf8 || s->decoder)
        return s;
    mo_split_free(s);
    return NULL;
}

void
mo_split_free(struct mo_split *s)
{
    if (!s)
        return;
    mo_decoder_free(s->decoder);
    mo_buf_done(&s->store);
    mo_buf_done(&s->scratch);
    free(s);
}

int
mo_split_again(struct mo_split *s)
{
    struct mo_split fresh = {.options = s->options,
        .store = s->store,
        .scratch = s->scratch,
        .line = 1,
        .column = 1};

    if (s->decoder)
        return -1;
    *s = fresh;
    mo_buf_clear(&s->store);
    return 0;
}

const struct mo_decoder *
mo_split_decoder(const struct mo_split *s)
{
    return s->decoder;
}

void
mo_place_in(struct mo_str text, size_t at, size_t *line, size_t *column)
{
    const char *last;

    if (at > text.n)
        at = text.n;
    last = at ? memrchr(text.p, '\n', at) : NULL;
    if (last) {
        *line += mo_count(mo_str_n(text.p, (size_t)(last - text.p) + 1), '\n');
        *column = at - (size_t)(last - text.p);
    } else {
        *column += at;
    }
}

/* The first bytes show UTF-16: decode them, and all that come. */
static int
look_at_bytes(struct mo_split *s, bool last)
{
    struct mo_told told = mo_charset_told(mo_buf_view(&s->store));
    struct mo_buf raw;
    int failed;

    s->looked = true;
    if (s->decoder || s->options.strict || !told.by_bytes ||
        mo_charset_is_utf8(told.charset))
        return 0;
    s->decoder = mo_decoder_new(told.charset, false);
    s->shown = told.charset;
    mo_buf_init(&raw, SIZE_MAX);
    mo_buf_str(&raw, mo_str_from(mo_buf_view(&s->store), told.mark));
    mo_buf_clear(&s->store);
    failed = raw.failed || !s->decoder ||
             mo_decoder_push(s->decoder, mo_buf_view(&raw), last, &s->store);
    mo_buf_done(&raw);
    return failed ? -1 : 0;
}

/* Add bytes to what is left of the store. */
static int
store(struct mo_split *s, struct mo_str bytes, bool last)
{
    int failed;

    mo_buf_shift(&s->store, s->store.n - s->in.n);
    failed = s->decoder ? mo_decoder_push(s->decoder, bytes, last, &s->store)
                        : mo_buf_str(&s->store, bytes);
    if (!failed && !s->looked && (s->store.n >= 4 || last))
        failed = look_at_bytes(s, last);
    s->in = mo_buf_view(&s->store);
    return failed;
}

struct mo_str
mo_split_shown(const struct mo_split *s)
{
    return s->shown;
}

int
mo_split_push(struct mo_split *s, struct mo_str bytes)
{
    return store(s, bytes, false);
}

int
mo_split_end(struct mo_split *s)
{
    s->ended = true;
    return store(s, mo_str(""), true);
}

/* Forget the first `n` bytes of the input. */
static void
drop(struct mo_split *s, size_t n)
{
    mo_place_in(s->in, n, &s->line, &s->column);
    s->offset += n;
    s->at -= n;
    s->key_from -= n < s->key_from ? n : s->key_from;
    s->key_to -= n < s->key_to ? n : s->key_to;
    s->in = mo_str_from(s->in, n);
}

static void
begin(struct mo_split *s, enum mode outer)
{
    drop(s, s->at);
    s->first_offset = s->offset;
    s->first_line = s->line;
    s->first_column = s->column;
    s->mode = VALUE;
    s->outer = outer;
    s->depth = 0;
    s->in_string = s->escaped = s->big = s->refused = s->nested = false;
    s->broken_line = false;
    s->comment = '\0';
    s->key_from = s->key_to = 0;
    s->last = '\0';
    s->fault = MO_PIECE_FINE;
    s->fault_at = 0;
}

static void
fill(struct mo_split *s, struct mo_piece *piece, enum mo_piece_kind kind)
{
    piece->kind = kind;
    piece->fault = s->fault;
    piece->at = s->fault_at;
    piece->alone = s->outer == TOP;
    piece->loose = s->loose;
    piece->around = s->around;
    piece->marked = s->marked;
    piece->commented = s->commented;
    s->loose = s->around = s->marked = s->commented = false;
    piece->offset = s->first_offset;
    piece->line = s->first_line;
    piece->column = s->first_column;
    piece->text = s->big ? mo_buf_view(&s->scratch) : mo_str_n(s->in.p, s->at);
    s->spent = s->at;
}

/* Behind what a document says before a list. */
static void
begin_list(struct mo_split *s, struct mo_piece *piece, enum mo_piece_kind kind)
{
    fill(s, piece, kind);
    piece->text = mo_split_members(s, s->key_from);
    s->deep = s->nested;
    piece->key = mo_split_key(s);
    s->spent = ++s->at;
    s->document = true;
    s->mode = LIST;
    s->elements = s->commas = 0;
}

/* A piece past the ceiling: keep its head, and nothing of what was looked at. */
static void
shrink(struct mo_split *s)
{
    size_t head = s->options.max_bytes < KEPT_HEAD ? s->options.max_bytes : KEPT_HEAD;

    if (!mo_split_is_too_big(s))
        return;
    if (!s->big) {
        mo_buf_clear(&s->scratch);
        mo_buf_add(&s->scratch, s->in.p, head);
    }
    s->big = true;
    s->broken_line = false;
    s->fault = MO_PIECE_TOO_BIG;
    s->fault_at = 0;
    if (s->mode == VALUE && s->options.overflow)
        s->options.overflow(s->options.ctx, mo_str_n(s->in.p, s->at));
    drop(s, s->at);
}

/*
 * A value that never ends may be a broken line that took the next ones for its own: then
 * it is looked at again, line by line.
 */
static bool
is_line_after_all(struct mo_split *s)
{
    struct mo_str seen =
        mo_str_n(s->in.p, s->at < s->options.max_bytes ? s->at : s->options.max_bytes);

    if (s->lines || s->big || s->outer != TOP ||
        mo_str_find(seen, mo_str("\n{\""), 0) == seen.n)
        return false;
    s->lines = true;
    s->at = 0;
    begin(s, TOP);
    return true;
}

bool
mo_split_is_empty(const struct mo_split *s, size_t *line)
{
    *line = s->line;
    return s->in.n == 0 && s->mode == TOP && s->column == 1;
}

/* Past the value in hand, whose first byte is next, if all of its line is a record. */
static bool
pass_line(struct mo_split *s)
{
    struct mo_str in = s->in;
    size_t n;

    if (!s->options.is_record || s->at || s->outer != TOP || in.n == 0 ||
        in.p[0] != '{' || (s->tried && !s->lines))
        return false;
    s->tried = true;
    if (in.n > MAX_LINE)
        in.n = MAX_LINE;
    n = mo_str_find(in, mo_str("\n"), 0);
    if (n == in.n && (n < s->in.n || !s->ended))
        return false;
    in = mo_str_trim(mo_str_n(in.p, n));
    if (in.n > s->options.max_bytes || !s->options.is_record(s->options.ctx, in))
        return false;
    s->at = in.n;
    return true;
}

/* In VALUE. True when there is a piece. */
static bool
next_value(struct mo_split *s, struct mo_piece *piece)
{
    enum scanned what = pass_line(s) ? WHOLE : mo_split_scan(s);
    bool cut = what == NEEDS_MORE && s->ended && (s->depth > 0 || s->in_string);

    if ((cut || mo_split_is_too_big(s)) && is_line_after_all(s))
        return false;
    if (cut)
        mo_split_note(s, MO_PIECE_CUT);
    if (what == NEEDS_MORE && s->ended)
        what = WHOLE;
    shrink(s);
    switch (what) {
    case NEEDS_MORE: return false;
    case IS_DOCUMENT: begin_list(s, piece, MO_PIECE_ENVELOPE); return true;
    case IS_BROKEN:
        s->indent = s->first_column - 1;
        s->mode = SKIP;
        break;
    case WHOLE:
        s->one_line =
            s->outer == TOP && !s->big && !s->lines && !memchr(s->in.p, '\n', s->at);
        s->mode = s->outer;
        break;
    }
    fill(s, piece, MO_PIECE_RECORD);
    return true;
}

static bool
ends_in_comma(struct mo_str s)
{
    s = mo_str_trim(s);
    return s.n && s.p[s.n - 1] == ',';
}

/* In TAIL: up to the brace that closes the document, or to its next list. */
static bool
next_tail(struct mo_split *s, struct mo_piece *piece)
{
    enum scanned what = mo_split_scan(s);
    size_t n;

    if (what == NEEDS_MORE && s->ended)
        mo_split_note(s, MO_PIECE_CUT);
    shrink(s);
    if (what == NEEDS_MORE && !s->ended)
        return false;
    if (what == IS_DOCUMENT) {
        begin_list(s, piece, MO_PIECE_BETWEEN);
        return true;
    }
    n = s->at;
    if (what == WHOLE && n)
        --n; /* its closing brace */
    s->loose = s->loose || (!s->big && !s->deep && ends_in_comma(mo_str_n(s->in.p, n)));
    fill(s, piece, MO_PIECE_END);
    piece->text = mo_split_members(s, s->big ? 0 : n);
    s->mode = TOP;
    s->document = false;
    return true;
}

static void
begin_tail(struct mo_split *s)
{
    begin(s, TOP);
    s->mode = TAIL;
    s->outer = LIST;
    mo_split_open(s, false);
    if (s->deep)
        mo_split_open(s, false);
    s->nested = s->deep;
    s->inner_to = SIZE_MAX;
}

enum passed { PASSED, NOT_PASSED, PASS_LATER };

/* Past what stands between values and should not: comments, marks, the rest of a call. */
static enum passed
pass_by(struct mo_split *s, bool list)
{
    struct mo_str rest = mo_str_from(s->in, s->at);
    char c = rest.p[0], next = rest.n > 1 ? rest.p[1] : '\0';

    if (s->comment)
        return mo_split_comment(s) ? PASSED : PASS_LATER;
    if (c == '\xEF') {
        if (rest.n < 3 && !s->ended)
            return PASS_LATER;
        if (!mo_str_starts(rest, mo_str("\xEF\xBB\xBF")))
            return NOT_PASSED;
        s->marked = true;
        s->at += 3;
        return PASSED;
    }
    if (c == '/' && !next && !s->ended)
        return PASS_LATER;
    if (c == '/' && (next == '/' || next == '*')) {
        s->comment = next;
        s->commented = true;
        s->at += 2;
        return PASSED;
    }
    if (list ||
        !((s->wrapped && (c == ')' || c == ';')) || (s->started_values && c == ',')))
        return NOT_PASSED;
    s->parted = s->parted || c == ',';
    ++s->at;
    return PASSED;
}

/* The bytes between values. True when there is a piece. */
static bool
between(struct mo_split *s, struct mo_piece *piece)
{
    while (s->at < s->in.n) {
        bool list = s->mode == LIST;
        char c = s->in.p[s->at];

        if (!s->options.strict &&
            (s->comment || c == '/' || c == '\xEF' || c == ',' || c == ')' || c == ';')) {
            enum passed passed = pass_by(s, list);

            if (passed == PASS_LATER)
                return false;
            if (passed == PASSED)
                continue;
        }
        s->lines = s->lines || (s->one_line && c == '\n');
        s->one_line = s->one_line && (c == ' ' || c == '\t' || c == '\r');
        if (mo_is_space(c) || (c == ',' && list)) {
            s->commas += c == ',';
            ++s->at;
            continue;
        }
        if (c == ']' && list) {
            s->loose = s->commas > 0;
            ++s->at;
            if (s->document) {
                begin_tail(s);
                return false;
            }
            s->mode = TOP;
            begin(s, TOP);
            s->mode = TOP;
            fill(s, piece, MO_PIECE_END);
            piece->text = mo_str("{}");
            return true;
        }
        if (c == '[' && !list) {
            ++s->at;
            begin(s, TOP);
            s->mode = LIST;
            s->document = false;
            s->elements = s->commas = 0;
            continue;
        }
        begin(s, list ? LIST : TOP);
        s->loose = !list && s->parted;
        s->parted = false;
        s->started_values = true;
        if (list) {
            s->loose = s->commas != (s->elements > 0);
            ++s->elements;
            s->commas = 0;
        }
        if (strchr("]},:", c)) {
            mo_split_note(s, MO_PIECE_BROKEN);
            ++s->at;
            s->indent = s->first_column - 1;
            fill(s, piece, MO_PIECE_RECORD);
            s->mode = SKIP;
            return true;
        }
        return false;
    }
    if (s->ended && s->mode == LIST) {
        begin(s, LIST);
        mo_split_note(s, MO_PIECE_CUT);
        fill(s, piece, MO_PIECE_END);
        piece->text = mo_str("{}");
        s->mode = TOP;
        return true;
    }
    return false;
}

/*
 * Behind a broken piece: a value of its own ends with its line; an element of a list
 * ends before a line that begins, under it, with "{" or, left of it, with "]".
 */
static void
skip(struct mo_split *s)
{
    while (s->at < s->in.n) {
        const char *hit = memchr(s->in.p + s->at, '\n', s->in.n - s->at);
        size_t i;

        if (!hit) {
            s->at = s->in.n;
            break;
        }
        s->at = (size_t)(hit - s->in.p) + 1;
        if (s->outer == TOP) {
            s->mode = TOP;
            break;
        }
        for (i = s->at; i < s->in.n && (s->in.p[i] == ' ' || s->in.p[i] == '\t'); ++i)
            ;
        if (i == s->in.n && !s->ended) {
            s->at = (size_t)(hit - s->in.p);
            break; /* the line is not here yet */
        }
        if (i < s->in.n && ((s->in.p[i] == '{' && i - s->at == s->indent) ||
                               (s->in.p[i] == ']' && i - s->at <= s->indent))) {
            s->mode = LIST;
            s->elements = s->commas = 0; /* nobody knows what was skipped */
            break;
        }
    }
    if (s->ended && s->mode == SKIP)
        s->mode = s->outer;
}

/* At the first bytes. False when more are needed. */
static bool
start(struct mo_split *s)
{
    struct mo_str rest;
    size_t blank, n;
    bool waits;

    if ((s->in.n < 3 || !s->looked) && !s->ended)
        return false;
    if (mo_str_starts(s->in, mo_str("\xEF\xBB\xBF"))) {
        s->at = 3;
        drop(s, 3);
        s->column = 1;
    }
    blank = mo_json_blank(s->in);
    rest = mo_str_from(s->in, blank);
    waits = s->in.n < blank + MO_HEADING || mo_str_starts(rest, mo_str("/*"));
    if (waits && !s->ended && s->in.n < MAX_TORN &&
        (rest.n == 0 || !strchr("{[\"", rest.p[0])))
        return false; /* a comment or a call may still go on */
    s->started = true;
    n = mo_json_heading(s->in);
    if (s->options.strict || n == 0)
        return true;
    s->around = n > blank;
    s->commented = !mo_str_blank(mo_str_n(s->in.p, blank));
    s->wrapped =
        s->around && mo_str_trim(mo_str_n(s->in.p, n)).n && s->in.p[n - 1] != '\'';
    s->at = n;
    drop(s, n);
    return true;
}

void
mo_split_next(struct mo_split *s, struct mo_piece *piece)
{
    memset(piece, 0, sizeof *piece);
    if (s->spent) {
        drop(s, s->spent);
        s->spent = 0;
    }
    if (!s->started && !start(s))
        return;
    for (;;) {
        enum mode mode = s->mode;
        size_t at = s->at;
        bool ready = mode == VALUE  ? next_value(s, piece)
                     : mode == TAIL ? next_tail(s, piece)
                     : mode == SKIP ? (skip(s), false)
                                    : between(s, piece);

        if (ready)
            return;
        if (s->mode == mode && s->at == at)
            break;
    }
    if (s->mode != VALUE && s->mode != TAIL)
        drop(s, s->at);
}
