#include "base/split.h"

#include <stdlib.h>

#include <moisson/text.h>

#include "base/plain.h"
#include "ctype.h"

enum {
    TYPED_LEVELS = 1024,
    KEPT_HEAD = 512,
    MAX_TORN = 1 << 20, /* bytes of a string behind a line end in it */
    MAX_TORNS = 100,    /* such strings that were none */
    HEADING = 256       /* where the JSON begins at the latest */
};

enum mode {
    TOP,  /* between values */
    LIST, /* between the elements of an array */
    VALUE,
    TAIL, /* behind the list of a document */
    SKIP  /* behind a broken piece, looking for the next */
};

struct mo_split {
    struct mo_split_options options;
    struct mo_decoder *decoder; /* NULL: the bytes are UTF-8 */
    struct mo_buf store;        /* what was pushed */
    struct mo_str in;           /* of it, from the piece in hand on */
    struct mo_buf scratch;      /* a piece that is not a slice of the input */
    size_t at;                  /* next byte of `in` to look at */
    size_t spent;               /* bytes of `in` that the last piece gave away */
    uint64_t offset;            /* of in.p[0] */
    size_t line, column;        /* of in.p[0] */
    uint64_t first_offset;      /* of the first byte of the piece in hand */
    size_t first_line, first_column;
    bool ended, started, big;
    bool around, marked; /* as for the piece */
    bool wrapped;        /* the values stand in a call */
    size_t torn;         /* strings that did not go on behind a line end */
    struct mo_str shown; /* see mo_split_shown */
    bool looked;         /* for it */
    bool commented;      /* as for the piece */
    bool parted;         /* by a comma, outside of lists */
    bool started_values; /* outside of lists there was one */
    bool lines;          /* values stand on a line each */
    bool one_line;       /* the last value did, unless more stands behind it */

    enum mode mode, outer; /* `outer`: where a value ends up, TOP or LIST */
    bool document;         /* the list is a member of an object */
    size_t elements;       /* of the list so far */
    size_t commas;         /* since the last one */
    size_t indent;         /* columns before the broken piece */

    /* The value in hand. */
    size_t depth;
    unsigned char arrays[TYPED_LEVELS / 8]; /* which levels are arrays */
    bool in_string, escaped;
    char quote;                /* of the string in hand */
    char comment;              /* '/' or '*': in a comment that ends so; else 0 */
    bool broken_line;          /* a line has ended in the string in hand, */
    size_t line_end;           /* here */
    size_t string_from;        /* of the string in hand */
    size_t key_from, key_to;   /* the last string at depth 1, with quotes */
    bool nested;               /* inside of the member `inner` of a document */
    size_t inner_from;         /* its key */
    size_t inner_at, inner_to; /* what stands in it */
    bool deep;                 /* the list in hand is there */
    bool refused;              /* an array that might have been a list was none */
    char last;                 /* last byte that was no white space */
    bool loose;                /* as for the piece */
    enum mo_piece_fault fault; /* the first one seen */
    size_t fault_at;
};

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

const struct mo_decoder *
mo_split_decoder(const struct mo_split *s)
{
    return s->decoder;
}

void
mo_place_in(struct mo_str text, size_t at, size_t *line, size_t *column)
{
    size_t from = 0;

    if (at > text.n)
        at = text.n;
    for (;;) {
        const char *hit = at > from ? memchr(text.p + from, '\n', at - from) : NULL;

        if (!hit)
            break;
        ++*line;
        *column = 1;
        from = (size_t)(hit - text.p) + 1;
    }
    *column += at - from;
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

static bool
is_too_big(const struct mo_split *s)
{
    return s->big || s->at > s->options.max_bytes;
}

static void
note(struct mo_split *s, enum mo_piece_fault fault)
{
    if (s->fault != MO_PIECE_FINE)
        return;
    s->fault = fault;
    s->fault_at = s->at;
}

static void
open_level(struct mo_split *s, bool array)
{
    if (s->depth < TYPED_LEVELS) {
        unsigned char bit = (unsigned char)(1u << (s->depth % 8));

        if (array)
            s->arrays[s->depth / 8] |= bit;
        else
            s->arrays[s->depth / 8] &= (unsigned char)~bit;
    }
    if (++s->depth > s->options.max_depth)
        note(s, MO_PIECE_TOO_DEEP);
}

/* False when the bracket is not the one that was to come. */
static bool
close_level(struct mo_split *s, bool array)
{
    size_t level = s->depth - 1;

    if (s->depth == 0)
        return false;
    if (level < TYPED_LEVELS && ((s->arrays[level / 8] >> (level % 8)) & 1) != array)
        return false;
    --s->depth;
    return true;
}

/* Put what stands in an object behind what is in hand already. */
static void
put_members(struct mo_split *s, struct mo_str members)
{
    members = mo_str_trim(members);
    if (members.n && (members.p[0] == '{' || members.p[0] == ','))
        members = mo_str_from(members, 1);
    members = mo_str_trim(members);
    if (members.n && members.p[members.n - 1] == ',')
        --members.n;
    if (s->scratch.n > 1 && members.n)
        mo_buf_byte(&s->scratch, ',');
    mo_buf_str(&s->scratch, members);
    if (mo_str_find(members, mo_str("//"), 0) < members.n)
        mo_buf_byte(&s->scratch, '\n'); /* a comment may end there */
}

/* An object of what stands in one, and in the one inside of it. */
static struct mo_str
object_of(struct mo_split *s, struct mo_str outer, struct mo_str inner)
{
    mo_buf_clear(&s->scratch);
    mo_buf_byte(&s->scratch, '{');
    put_members(s, outer);
    put_members(s, inner);
    mo_buf_byte(&s->scratch, '}');
    return mo_buf_view(&s->scratch);
}

/* What the document has said in the first `n` bytes in hand, since its last list if it had one. */
static struct mo_str
members_before(struct mo_split *s, size_t n)
{
    struct mo_str text = mo_str_n(s->in.p, n);
    bool inside = s->mode == TAIL && s->deep; /* where the last list was */

    if (inside && !s->nested && s->inner_to < n)
        return object_of(
            s, mo_str_from(text, s->inner_to + 1), mo_str_n(text.p, s->inner_to));
    if (!inside && s->nested)
        return object_of(
            s, mo_str_n(text.p, s->inner_from), mo_str_from(text, s->inner_at));
    return object_of(s, text, mo_str(""));
}

static struct mo_str
key_of(const struct mo_split *s)
{
    return mo_str_n(s->in.p + s->key_from + 1, s->key_to - s->key_from - 2);
}

/* Whether the "[" in hand opens a list of a document. */
static bool
opens_list(struct mo_split *s)
{
    const struct mo_split_options *o = &s->options;

    if (s->depth != (s->nested ? 2 : 1) || s->last != ':' ||
        (s->outer != TOP && s->mode != TAIL) || is_too_big(s) ||
        s->key_to - s->key_from < 2)
        return false;
    if (o->list && mo_str_is(key_of(s), o->list))
        return true;
    if (!o->may_list || s->refused || s->fault != MO_PIECE_FINE ||
        !o->may_list(o->ctx, key_of(s)))
        return false;
    if (!o->is_list)
        return true;
    s->refused =
        !o->is_list(o->ctx, key_of(s), members_before(s, s->key_from), s->mode != TAIL);
    return !s->refused;
}

/* The "{" in hand may open the member whose members are the document's. */
static void
enter_inner(struct mo_split *s)
{
    if (!s->options.inner || s->nested || s->depth != 1 || s->last != ':' ||
        (s->outer != TOP && s->mode != TAIL) || s->key_to - s->key_from < 2 ||
        !mo_str_is(key_of(s), s->options.inner))
        return;
    s->nested = true;
    s->inner_from = s->key_from;
    s->inner_at = s->at + 1;
}

/*
 * A line ends in a string. It may go on, where values do not stand on a line each: what stands
 * behind its quote will tell. False when it must not.
 */
static bool
goes_on(struct mo_split *s)
{
    if (s->broken_line)
        return s->at - s->line_end < MAX_TORN;
    if (s->options.strict || s->torn == MAX_TORNS || s->escaped ||
        (s->lines && s->outer == TOP))
        return false;
    s->broken_line = true;
    s->line_end = s->at;
    return true;
}

/* Through a string; true when its end was met. A line end inside may be a fault. */
static bool
scan_string(struct mo_split *s)
{
    for (; s->at < s->in.n; ++s->at) {
        char c;

        if (!s->escaped)
            s->at += mo_plain(s->in, s->at);
        if (s->at == s->in.n)
            break;
        c = s->in.p[s->at];
        if (s->escaped)
            s->escaped = false;
        else if (c == '"')
            return true;
        else if (c == '\\' && s->at + 1 < s->in.n && s->in.p[s->at + 1] != '\n')
            ++s->at; /* what it escapes is passed over with it */
        else if (c == '\\')
            s->escaped = true;
        if (c == '\n' && !goes_on(s)) {
            note(s, MO_PIECE_BROKEN);
            return false;
        }
    }
    return false;
}

/* The same of a string in single quotes, which knows no line ends. */
static bool
scan_quoted(struct mo_split *s)
{
    for (; s->at < s->in.n; ++s->at) {
        char c = s->in.p[s->at];

        if (c == '\n') {
            note(s, MO_PIECE_BROKEN);
            return false;
        }
        if (!s->escaped && c == '\'')
            return true;
        s->escaped = !s->escaped && c == '\\';
    }
    return false;
}

/* Through a comment; true when its end was met. */
static bool
scan_comment(struct mo_split *s)
{
    bool line = s->comment == '/';
    const char *hit = memchr(s->in.p + s->at, line ? '\n' : '*', s->in.n - s->at);

    while (!line && hit && hit + 1 < s->in.p + s->in.n && hit[1] != '/')
        hit = memchr(hit + 1, '*', (size_t)(s->in.p + s->in.n - hit - 1));
    if (!hit || (!line && hit + 1 == s->in.p + s->in.n)) {
        s->at = hit ? (size_t)(hit - s->in.p) : s->in.n;
        return false;
    }
    s->at = (size_t)(hit - s->in.p) + (line ? 0 : 2);
    s->comment = '\0';
    return true;
}

/*
 * Whether the "/" in hand opens a comment; it does not behind a word, where a quote was
 * forgotten before an address. True also when that is not known yet.
 */
static bool
opens_comment(struct mo_split *s)
{
    size_t before = s->at;
    char next = s->at + 1 < s->in.n ? s->in.p[s->at + 1] : '\0';

    if (s->options.strict || (next != '/' && next != '*' && (next || s->ended)))
        return false;
    if (s->last == ':') {
        while (before && s->in.p[before - 1] != ':')
            --before;
        before -= before > 0;
        while (before && mo_is_space(s->in.p[before - 1]))
            --before;
        if (before == 0 || s->in.p[before - 1] != '"')
            return false;
    } else if (s->last && !strchr("{[,}]\"", s->last)) {
        return false;
    }
    if (next) {
        s->comment = next;
        s->at += 2;
    }
    return true;
}

/* Whether `c` ends a number or a word: alone, it goes on to the end of its line. */
static bool
ends_word(const struct mo_split *s, char c)
{
    return c == '\n' || (s->outer != TOP && (mo_is_space(c) || c == ',' || c == ']'));
}

enum scanned { NEEDS_MORE, WHOLE, IS_DOCUMENT, IS_BROKEN };

/* At the end of a line that ends no value: where values stand on a line each, the next
 * one may begin here. */
static enum scanned
look_behind_line(struct mo_split *s)
{
    if (!s->lines || s->outer != TOP)
        return WHOLE;
    if (s->in.n - s->at < 3 && !s->ended)
        return NEEDS_MORE;
    if (!mo_str_starts(mo_str_from(s->in, s->at), mo_str("\n{\"")))
        return WHOLE;
    note(s, MO_PIECE_BROKEN);
    return IS_BROKEN;
}

/*
 * Behind a string in which a line ended: it was one only if what may follow a string does. Else
 * its quote was forgotten, and the value is broken where the line ended.
 */
static enum scanned
look_behind_string(struct mo_split *s)
{
    size_t next = s->at + 1;

    if (is_too_big(s)) { /* whatever it is */
        s->broken_line = false;
        return WHOLE;
    }
    while (next < s->in.n && mo_is_space(s->in.p[next]))
        ++next;
    if (next == s->in.n && !s->ended)
        return NEEDS_MORE;
    s->broken_line = false;
    if (next < s->in.n && strchr(",:]}", s->in.p[next]))
        return WHOLE;
    ++s->torn;
    s->at = s->line_end;
    note(s, MO_PIECE_BROKEN);
    return IS_BROKEN;
}

/* Through a value, up to its end as far as the bytes go. */
static enum scanned
scan(struct mo_split *s)
{
    while (s->at < s->in.n) {
        char c = s->in.p[s->at];

        if (s->comment) {
            if (!scan_comment(s))
                return NEEDS_MORE;
            continue;
        }
        if (s->in_string) {
            if (!(s->quote == '"' ? scan_string(s) : scan_quoted(s)))
                return s->at < s->in.n ? IS_BROKEN : NEEDS_MORE;
            if (s->broken_line) {
                enum scanned seam = look_behind_string(s);

                if (seam != WHOLE)
                    return seam;
            }
            s->in_string = false;
            if (s->depth == (s->nested ? 2 : 1)) {
                s->key_from = s->string_from;
                s->key_to = s->at + 1;
            }
            s->last = '"';
            ++s->at;
            if (s->depth == 0)
                return WHOLE;
            continue;
        }
        if (s->depth == 0 && s->last && ends_word(s, c))
            return WHOLE;
        switch (c) {
        case ':':
        case ',':
            s->last = c;
            ++s->at;
            continue;
        case '\'':
            if (s->options.strict || (s->last && !strchr("{[,:", s->last)))
                break;
            /* fallthrough */
        case '"':
            s->in_string = true;
            s->quote = c;
            s->string_from = s->at++;
            continue;
        case '/':
            if (!opens_comment(s))
                break;
            if (!s->comment)
                return NEEDS_MORE;
            continue;
        case '[':
            if (opens_list(s))
                return IS_DOCUMENT;
            open_level(s, true);
            break;
        case '{':
            enter_inner(s);
            open_level(s, false);
            break;
        case '\n': {
            enum scanned next = s->depth ? look_behind_line(s) : WHOLE;

            if (next != WHOLE)
                return next;
            break;
        }
        case ']':
        case '}':
            if (!close_level(s, c == ']')) {
                note(s, MO_PIECE_BROKEN);
                return IS_BROKEN;
            }
            if (s->nested && s->depth == 1) {
                s->nested = false;
                s->inner_to = s->at;
            }
            if (s->depth == 0) {
                ++s->at;
                return WHOLE;
            }
            break;
        default: break;
        }
        if (!mo_is_space(c))
            s->last = c;
        ++s->at;
    }
    return NEEDS_MORE;
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
    piece->text = members_before(s, s->key_from);
    s->deep = s->nested;
    piece->key = key_of(s);
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

    if (!is_too_big(s))
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

/* In VALUE. True when there is a piece. */
static bool
next_value(struct mo_split *s, struct mo_piece *piece)
{
    enum scanned what = scan(s);
    bool cut = what == NEEDS_MORE && s->ended && (s->depth > 0 || s->in_string);

    if ((cut || is_too_big(s)) && is_line_after_all(s))
        return false;
    if (cut)
        note(s, MO_PIECE_CUT);
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
    enum scanned what = scan(s);
    size_t n;

    if (what == NEEDS_MORE && s->ended)
        note(s, MO_PIECE_CUT);
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
    piece->text = members_before(s, s->big ? 0 : n);
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
    open_level(s, false);
    if (s->deep)
        open_level(s, false);
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
        return scan_comment(s) ? PASSED : PASS_LATER;
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
            note(s, MO_PIECE_BROKEN);
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
        note(s, MO_PIECE_CUT);
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

/* Length of white space and comments at the head of `s`. */
static size_t
blank_length(struct mo_str s)
{
    size_t n = 0;

    for (;;) {
        struct mo_str rest = mo_str_from(s, n);

        if (rest.n && mo_is_space(rest.p[0]))
            ++n;
        else if (mo_str_starts(rest, mo_str("/*")) &&
                 mo_str_find(rest, mo_str("*/"), 2) < rest.n)
            n += mo_str_find(rest, mo_str("*/"), 2) + 2;
        else if (mo_str_starts(rest, mo_str("//")))
            n += mo_str_find(rest, mo_str("\n"), 0);
        else
            return n;
    }
}

/* Whether `s` may stand before JSON: against its use in other pages, a call, an assignment. */
static bool
is_javascript(struct mo_str s)
{
    static const char *const guards[] = {
        ")]}'", ")]}',", "while(1);", "while (1);", "for(;;);", "for (;;);"};

    s = mo_str_trim(s);
    for (size_t i = 0; i < sizeof guards / sizeof guards[0]; ++i)
        if (mo_str_is(s, guards[i]))
            return true;
    if (s.n == 0 || (s.p[s.n - 1] != '(' && s.p[s.n - 1] != '=') ||
        !(mo_is_alpha(s.p[0]) || s.p[0] == '_' || s.p[0] == '$'))
        return false;
    for (size_t i = 0; i < s.n; ++i)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == '<' || s.p[i] == '@')
            return false;
    return true;
}

size_t
mo_json_heading(struct mo_str head)
{
    size_t blank = blank_length(head), n;
    struct mo_str s = mo_str_from(head, blank);

    if (s.n > HEADING)
        s.n = HEADING;
    for (n = 0; n < s.n && s.p[n] != '{' && s.p[n] != '['; ++n)
        ;
    return blank + (n < s.n && is_javascript(mo_str_n(s.p, n)) ? n : 0);
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
    blank = blank_length(s->in);
    rest = mo_str_from(s->in, blank);
    waits = s->in.n < blank + HEADING || mo_str_starts(rest, mo_str("/*"));
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
