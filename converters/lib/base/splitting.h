/*
 * The splitter of JSON from inside: split.c cuts the stream, value.c goes through one value, and
 * jsonhead.c knows what may stand before all.
 */
#ifndef MO_BASE_SPLITTING_H
#define MO_BASE_SPLITTING_H

#include "base/split.h"

enum {
    TYPED_LEVELS = 1024,
    KEPT_HEAD = 512,
    MAX_TORN = 1 << 20, /* bytes of a string behind a line end in it */
    MAX_TORNS = 100,    /* such strings that were none */
    MO_HEADING = 256,   /* where the JSON begins at the latest */
    MAX_LINE = 1 << 18  /* bytes of a line that may be a record as a whole */
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
    bool tried;          /* whether the first one is a line */

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

static inline bool
mo_split_is_too_big(const struct mo_split *s)
{
    return s->big || s->at > s->options.max_bytes;
}

/* The first fault of the piece in hand counts. */
static inline void
mo_split_note(struct mo_split *s, enum mo_piece_fault fault)
{
    if (s->fault != MO_PIECE_FINE)
        return;
    s->fault = fault;
    s->fault_at = s->at;
}

/* The last string at depth 1, without its quotes. */
static inline struct mo_str
mo_split_key(const struct mo_split *s)
{
    return mo_str_n(s->in.p + s->key_from + 1, s->key_to - s->key_from - 2);
}

/* ---- value.c ---- */

enum scanned { NEEDS_MORE, WHOLE, IS_DOCUMENT, IS_BROKEN };

/* Through a value, up to its end as far as the bytes go. */
enum scanned mo_split_scan(struct mo_split *s);

/* Through a comment; true when its end was met. */
bool mo_split_comment(struct mo_split *s);

/* A bracket opens. */
void mo_split_open(struct mo_split *s, bool array);

/*
 * What the document has said in the first `n` bytes in hand, since its last list if it had one, as
 * an object of its own.
 */
struct mo_str mo_split_members(struct mo_split *s, size_t n);

/* ---- jsonhead.c ---- */

/* Length of white space and comments at the head of `s`. */
size_t mo_json_blank(struct mo_str s);

#endif
