/*
 * A fast keyed hash for tables, and SHA-256 (by Nettle) for what is compared
 * between runs and machines.
 */
#ifndef MO_BASE_HASH_H
#define MO_BASE_HASH_H

#include <stdint.h>

#include <moisson/str.h>

/* Odd constants without structure: the fractional parts of the square roots of 2 and 3. */
#define MO_HASH_1 UINT64_C(0x6A09E667F3BCC909)
#define MO_HASH_2 UINT64_C(0xBB67AE8584CAA73B)

/* A key that differs from run to run, so that no input can be made to collide. */
uint64_t mo_hash_key(void);

/* Keyed hash of `s`; the same within one run only, when the key is random. */
uint64_t mo_hash(uint64_t key, struct mo_str s);

/* A permutation of 64 bits: different inputs never meet. */
static inline uint64_t
mo_mix(uint64_t x)
{
    x ^= x >> 32;
    x *= MO_HASH_1 | 1;
    x ^= x >> 29;
    x *= MO_HASH_2 | 1;
    x ^= x >> 32;
    return x;
}

struct mo_sha256;
enum { MO_SHA256_SIZE = 32 };

/* You own it; NULL when memory is short. */
struct mo_sha256 *mo_sha256_new(void);
void mo_sha256_free(struct mo_sha256 *sha);
void mo_sha256_add(struct mo_sha256 *sha, struct mo_str bytes);

/* The digest of all that was added, as 64 lower-case hex digits and a NUL; starts afresh. */
void mo_sha256_hex(struct mo_sha256 *sha, char hex[2 * MO_SHA256_SIZE + 1]);

/*
 * A number for a document, from its base IRI and its first bytes (64 KiB, or all), by
 * which its blank nodes are named. Reports nothing; 0 when memory is short.
 */
enum { MO_DOCUMENT_HEAD = 64 << 10 };
uint64_t mo_document_key(struct mo_str base, struct mo_str head);

/* The same of bytes that come one after the other. */
struct mo_document {
    struct mo_sha256 *sha; /* NULL: memory was short */
    size_t n;              /* bytes so far, up to MO_DOCUMENT_HEAD */
};

void mo_document_begin(struct mo_document *document, struct mo_str base);
void mo_document_add(struct mo_document *document, struct mo_str bytes);
uint64_t mo_document_end(struct mo_document *document); /* and what it owns is freed */

#endif
