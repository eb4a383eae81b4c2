#include "hash.h"

#include <nettle/sha2.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

uint64_t
mo_hash_key(void)
{
    uint64_t key;

    if (getrandom(&key, sizeof key, 0) != (ssize_t)sizeof key)
        key = mo_mix((uint64_t)time(NULL) ^ (uint64_t)(uintptr_t)&key);
    return key;
}

/* The two halves of a 128-bit product, folded. */
static uint64_t
fold(uint64_t a, uint64_t b)
{
#if defined(__SIZEOF_INT128__)
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
    return mo_mix(a + mo_mix(b));
#endif
}

static uint64_t
read64(const char *p)
{
    uint64_t w;

    memcpy(&w, p, sizeof w);
    return w;
}

static uint64_t
read32(const char *p)
{
    uint32_t w;

    memcpy(&w, p, sizeof w);
    return w;
}

/* Up to 8 bytes as a number. */
static uint64_t
read_few(const char *p, size_t n)
{
    if (n >= 4)
        return read32(p) << 32 | read32(p + n - 4);
    if (n == 0)
        return 0;
    return (uint64_t)(unsigned char)p[0] << 16 | (uint64_t)(unsigned char)p[n / 2] << 8 |
           (unsigned char)p[n - 1];
}

uint64_t
mo_hash(uint64_t key, struct mo_str s)
{
    uint64_t h =
        key ^ (MO_HASH_1 + s.n * MO_HASH_2); /* the length, away from the bytes */
    const char *p = s.p;
    size_t n = s.n;

    for (; n > 16; n -= 16, p += 16)
        h = fold(h ^ read64(p), MO_HASH_2 ^ key ^ read64(p + 8));
    if (n > 8)
        h = fold(h ^ read64(p), MO_HASH_2 ^ key ^ read64(p + n - 8));
    else
        h = fold(h ^ read_few(p, n), MO_HASH_2 ^ key);
    return mo_mix(h);
}

struct mo_sha256 {
    struct sha256_ctx ctx;
};

struct mo_sha256 *
mo_sha256_new(void)
{
    struct mo_sha256 *sha = malloc(sizeof *sha);

    if (sha)
        sha256_init(&sha->ctx);
    return sha;
}

void
mo_sha256_free(struct mo_sha256 *sha)
{
    free(sha);
}

void
mo_sha256_add(struct mo_sha256 *sha, struct mo_str bytes)
{
    if (bytes.n)
        sha256_update(&sha->ctx, bytes.n, (const uint8_t *)bytes.p);
}

void
mo_sha256_hex(struct mo_sha256 *sha, char hex[2 * MO_SHA256_SIZE + 1])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t digest[SHA256_DIGEST_SIZE];

    sha256_digest(&sha->ctx, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; ++i) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[2 * MO_SHA256_SIZE] = '\0';
}

void
mo_document_begin(struct mo_document *d, struct mo_str base)
{
    d->sha = mo_sha256_new();
    d->n = 0;
    if (!d->sha)
        return;
    mo_sha256_add(d->sha, base);
    mo_sha256_add(d->sha, mo_str_n("", 1));
}

void
mo_document_add(struct mo_document *d, struct mo_str bytes)
{
    if (bytes.n > MO_DOCUMENT_HEAD - d->n)
        bytes.n = MO_DOCUMENT_HEAD - d->n;
    if (d->sha)
        mo_sha256_add(d->sha, bytes);
    d->n += bytes.n;
}

uint64_t
mo_document_end(struct mo_document *d)
{
    char hex[2 * MO_SHA256_SIZE + 1] = "";

    if (d->sha)
        mo_sha256_hex(d->sha, hex);
    mo_sha256_free(d->sha);
    d->sha = NULL;
    hex[16] = '\0';
    return strtoull(hex, NULL, 16);
}

uint64_t
mo_document_key(struct mo_str base, struct mo_str head)
{
    struct mo_document document;

    mo_document_begin(&document, base);
    mo_document_add(&document, head);
    return mo_document_end(&document);
}
