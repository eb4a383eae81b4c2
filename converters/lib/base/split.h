/*
 * Cuts a stream of JSON into records, whatever it is wrapped in: a document whose
 * member `list` is an array (`{"@context":…,"@graph":[ … ]}`), or one with several such
 * lists, a bare array, single objects, or any number of values one after the other, on
 * lines or not. Only brackets and quotes are looked at here, comments too unless reading is
 * strict; mo_json_parse judges the rest.
 */
#ifndef MO_BASE_SPLIT_H
#define MO_BASE_SPLIT_H

#include <stdint.h>

#include <moisson/buf.h>
#include <moisson/str.h>

enum mo_piece_kind {
    MO_PIECE_MORE,     /* nothing yet: push more bytes, or there are none */
    MO_PIECE_RECORD,   /* a value: `text` */
    MO_PIECE_ENVELOPE, /* what a document says before its list: an object, `text` */
    MO_PIECE_BETWEEN,  /* the same between two of its lists */
    MO_PIECE_END       /* the document has ended; `text`: what it said behind its list */
};

enum mo_piece_fault {
    MO_PIECE_FINE,
    MO_PIECE_BROKEN,  /* its brackets or quotes do not match; `at` is where */
    MO_PIECE_TOO_BIG, /* longer than the ceiling: `text` is its head */
    MO_PIECE_TOO_DEEP,
    MO_PIECE_CUT /* the input ended inside */
};

struct mo_piece {
    enum mo_piece_kind kind;
    enum mo_piece_fault fault;
    struct mo_str text;  /* borrowed until the next call */
    struct mo_str key;   /* of the list that follows, as it is spelled; likewise */
    bool alone;          /* a value of its own, not an element of a list */
    bool loose;          /* before it in its list is a comma too few or too many */
    bool around;         /* before it is a prefix of JavaScript */
    bool commented;      /* before it is a comment */
    bool marked;         /* before it is a byte order mark that is not the first */
    uint64_t offset;     /* of its first byte, in the stream */
    size_t line, column; /* of its first byte, from 1 */
    size_t at;           /* offset into the piece at which a fault was seen */
};

struct mo_split;

struct mo_split_options {
    struct mo_str charset; /* of the bytes; empty: UTF-8 (RFC 8259, 8.1). Borrowed */
    bool strict;           /* nothing but JSON is looked for; and see mo_decoder_new */
    const char *list;      /* member whose array is streamed, or NULL for none */
    const char *inner; /* member whose members are taken for the document's, or NULL */
    /*
     * Whether the array that is the member `key`, as it is spelled, of a document may be streamed
     * as well; cheap. And whether it is. `before`, an object: what the document said until
     * there, or since its last list where it is not the `first`. After one refusal of the
     * second there is no question more about the value. Both may be NULL, and the second where
     * what may be one is.
     */
    bool (*may_list)(void *ctx, struct mo_str key);
    bool (*is_list)(void *ctx, struct mo_str key, struct mo_str before, bool first);
    /*
     * Whether a line that begins with a brace is a record as a whole, which saves looking for its
     * end: it is parsed anyway. May be NULL.
     */
    bool (*is_record)(void *ctx, struct mo_str line);
    size_t max_bytes; /* ceiling of a piece */
    size_t max_depth; /* ceiling of nesting inside a piece */
    /* Takes the bytes of a piece over the ceiling, all of them, as they come. May be NULL. */
    void (*overflow)(void *ctx, struct mo_str bytes);
    void *ctx;
};

/* You own it; NULL when memory is short or the character set is not known. */
struct mo_split *mo_split_new(const struct mo_split_options *options);
void mo_split_free(struct mo_split *split);

/* Forget the input, and begin another. 0, or -1 where its bytes are to be decoded. */
int mo_split_again(struct mo_split *split);

/* Hand over bytes (a BOM at the start is dropped). 0, or -1 without memory. */
int mo_split_push(struct mo_split *split, struct mo_str bytes);

/* No more bytes will come. 0, or -1 without memory. */
int mo_split_end(struct mo_split *split);

/* Whether all that was pushed has been given away, up to the head of a line: `*line` then. */
bool mo_split_is_empty(const struct mo_split *split, size_t *line);

/* Length of what stands before the JSON in `head` and is none: space, comments, JavaScript. */
size_t mo_json_heading(struct mo_str head);

/* The character set that the first bytes showed, if it is not UTF-8; else empty. */
struct mo_str mo_split_shown(const struct mo_split *split);

/* What turns the bytes into UTF-8; NULL when nothing has to. */
const struct mo_decoder *mo_split_decoder(const struct mo_split *split);

/* The next piece; after a fault, reading goes on behind it as well as it can. */
void mo_split_next(struct mo_split *split, struct mo_piece *piece);

/* Line and column, from 1, of byte `at` of `text`, whose first byte stands at them. */
void mo_place_in(struct mo_str text, size_t at, size_t *line, size_t *column);

#endif
