/*
 * Text is UTF-8 from the door inward. Here it is checked, walked and, at the
 * door, made from other character sets.
 */
#ifndef MOISSON_TEXT_H
#define MOISSON_TEXT_H

#include <stdint.h>

#include <moisson/buf.h>
#include <moisson/str.h>

enum { MO_LANGUAGE_SIZE = 64 };

#ifdef __cplusplus
extern "C" {
#endif

/* Offset of the first byte that is not well-formed UTF-8 (RFC 3629), or s.n. */
MO_API size_t mo_utf8_bad(struct mo_str s);

/*
 * The code point at `*at`, which moves behind it; a byte that is not UTF-8 gives
 * U+FFFD and moves by one. `*at` must be below s.n.
 */
MO_API uint32_t mo_utf8_next(struct mo_str s, size_t *at);

/* Write `c` as UTF-8 into `out`; returns 1 to 4, or 0 if it is no scalar value. */
MO_API size_t mo_utf8_put(uint32_t c, char out[4]);

/* Append `s` with U+FFFD for each byte that is not UTF-8. */
MO_API void mo_utf8_mend(struct mo_str s, struct mo_buf *out);

/* Number of code points, for limits that are stated in characters. */
MO_API size_t mo_utf8_length(struct mo_str s);

/* The longest head of `s` with at most `n` code points. */
MO_API struct mo_str mo_utf8_head(struct mo_str s, size_t n);

/* The same, but no letter is parted from its accents, and no emoji in two. */
MO_API struct mo_str mo_utf8_letters(struct mo_str s, size_t n);

/* Whether the code point is white space. */
MO_API bool mo_utf8_is_space(uint32_t c);

/*
 * What RDF can hold of a language tag (BCP 47, 2.1, as N-Triples takes it): the tag itself, or
 * with "-" for "_" in `memory`; empty when it is none.
 */
MO_API struct mo_str mo_language(struct mo_str tag, char memory[MO_LANGUAGE_SIZE]);

/* Whether text of this character set, or of none, is UTF-8 as it stands. */
MO_API bool mo_charset_is_utf8(struct mo_str charset);

/* What a document says of its own character set. */
struct mo_told {
    struct mo_str charset; /* empty: nothing. Borrowed from the head */
    size_t mark;           /* bytes of its byte order mark */
    bool by_bytes;         /* said by the mark, or by the zeros of UTF-16 */
};

/*
 * Told by a byte order mark, by the zeros of UTF-16, or by an XML declaration, the first of
 * them that is there (XML 1.0, 4.3.3 and F). `head`: the first bytes, or all.
 */
MO_API struct mo_told mo_charset_told(struct mo_str head);

/*
 * Whether every character takes two bytes or four in it: what says so by an XML declaration
 * that can be read is wrong.
 */
MO_API bool mo_charset_is_wide(struct mo_str charset);

/* Turns bytes of another character set into UTF-8, in pieces of any size. */
struct mo_decoder;

/*
 * `charset` is a name that iconv knows; NULL when it does not, or memory is short.
 * Unless `strict`, ISO-8859-1 is read as Windows-1252: where the one has control codes,
 * which nobody means, the other has letters and quotation marks. You own it.
 */
MO_API struct mo_decoder *mo_decoder_new(struct mo_str charset, bool strict);
MO_API void mo_decoder_free(struct mo_decoder *decoder);

/*
 * Append `bytes` to `out` as UTF-8; what is not valid becomes U+FFFD and is
 * counted. With `last`, a character cut in two at the end counts as invalid.
 * Returns 0, or -1 when `out` is full.
 */
MO_API int mo_decoder_push(
    struct mo_decoder *decoder, struct mo_str bytes, bool last, struct mo_buf *out);

/* How many invalid sequences were met so far. */
MO_API size_t mo_decoder_invalid(const struct mo_decoder *decoder);

/*
 * How many characters beyond ASCII the bytes hold if they are UTF-8 in truth; 0 when they
 * cannot be.
 */
MO_API size_t mo_decoder_in_utf8(const struct mo_decoder *decoder);

/* How many bytes were read as Windows-1252 that ISO-8859-1 has no letter for. */
MO_API size_t mo_decoder_controls(const struct mo_decoder *decoder);

#ifdef __cplusplus
}
#endif

#endif
