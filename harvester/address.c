#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static void
map_v4(const unsigned char v4[4], unsigned char bytes[16])
{
    memset(bytes, 0, 10);
    bytes[10] = bytes[11] = 0xFF;
    memcpy(bytes + 12, v4, 4);
}

bool
block_parse(const char *text, struct block *block)
{
    char address[64], *end;
    const char *slash = strchr(text, '/');
    size_t n = slash ? (size_t)(slash - text) : strlen(text);
    unsigned char v4[4];
    unsigned long bits, most;

    if (n == 0 || n >= sizeof address)
        return false;
    memcpy(address, text, n);
    address[n] = '\0';
    if (inet_pton(AF_INET, address, v4) == 1) {
        map_v4(v4, block->bytes);
        most = 32;
    } else if (inet_pton(AF_INET6, address, block->bytes) == 1) {
        most = 128;
    } else {
        return false;
    }
    bits = most;
    if (slash) {
        bits = strtoul(slash + 1, &end, 10);
        if (slash[1] < '0' || slash[1] > '9' || *end || bits > most)
            return false;
    }
    block->bits = (unsigned)(bits + 128 - most);
    return true;
}

/* As the C library reads numbers: 2130706433, 0177.1 and 0x7f.0.0.1 are 127.0.0.1. */
bool
address_parse(const char *text, struct sockaddr_storage *address)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    char bare[INET6_ADDRSTRLEN];
    size_t bracket = text[0] == '[', n = strcspn(text + bracket, "]%");

    memset(address, 0, sizeof *address);
    if (n >= sizeof bare || text[strcspn(text, " \t")])
        return false;
    memcpy(bare, text + bracket, n);
    bare[n] = '\0';
    if (inet_pton(AF_INET6, bare, &v6.sin6_addr) == 1)
        memcpy(address, &v6, sizeof v6);
    else if (inet_aton(bare, &v4.sin_addr))
        memcpy(address, &v4, sizeof v4);
    else
        return false;
    return true;
}

static bool
lies_in(const unsigned char bytes[16], const struct block *block)
{
    size_t whole = block->bits / 8;
    unsigned rest = block->bits % 8;

    if (memcmp(bytes, block->bytes, whole) != 0)
        return false;
    return rest == 0 || ((bytes[whole] ^ block->bytes[whole]) >> (8 - rest)) == 0;
}

static bool
read_address(const struct sockaddr *address, unsigned char bytes[16])
{
    if (address->sa_family == AF_INET) {
        struct in_addr in = ((const struct sockaddr_in *)(const void *)address)->sin_addr;
        unsigned char v4[4];

        memcpy(v4, &in, sizeof v4);
        map_v4(v4, bytes);
        return true;
    }
    if (address->sa_family == AF_INET6) {
        struct in6_addr in =
            ((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;

        memcpy(bytes, &in, 16);
        return true;
    }
    return false;
}

bool
address_in(const struct sockaddr *address, const struct block *blocks, size_t n)
{
    unsigned char bytes[16];

    if (!read_address(address, bytes))
        return false;
    for (size_t i = 0; i < n; ++i)
        if (lies_in(bytes, &blocks[i]))
            return true;
    return false;
}

bool
address_is_public(const struct sockaddr *address)
{
    /* IANA's special-purpose registries (RFC 6890 and its updates), and multicast. */
    static const char *const special[] = {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10",
        "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24", "224.0.0.0/3", "::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48",
        "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16",
        "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"};
    unsigned char bytes[16];

    if (!read_address(address, bytes))
        return false;
    for (size_t i = 0; i < sizeof special / sizeof special[0]; ++i) {
        struct block block;

        if (!block_parse(special[i], &block) || lies_in(bytes, &block))
            return false;
    }
    if (memcmp(bytes, "\0\x64\xFF\x9B\0\0\0\0\0\0\0\0", 12) == 0) { /* NAT64 of IPv4 */
        struct sockaddr_in v4 = {.sin_family = AF_INET};

        memcpy(&v4.sin_addr, bytes + 12, 4);
        return address_is_public((const struct sockaddr *)(const void *)&v4);
    }
    return true;
}
