#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "address.h"

static struct sockaddr_storage
address(const char *text)
{
    struct sockaddr_storage storage;
    struct sockaddr_in *v4 = (struct sockaddr_in *)&storage;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&storage;

    memset(&storage, 0, sizeof storage);
    if (inet_pton(AF_INET, text, &v4->sin_addr) == 1)
        v4->sin_family = AF_INET;
    else if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1)
        v6->sin6_family = AF_INET6;
    return storage;
}

static void
addresses_are_told_apart(void)
{
    static const char *const public[] = {"8.8.8.8", "172.15.0.1", "172.32.0.1",
        "11.0.0.1", "223.255.255.255", "2a01:e0a::1", "2606:4700::1111",
        "64:ff9b::808:808", "100.63.0.1", "100.128.0.1", "192.167.1.1"};
    static const char *const special[] = {"127.0.0.1", "127.255.0.1", "0.0.0.0",
        "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1",
        "198.18.0.1", "::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1",
        "2001:db8::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:100.64.0.1",
        "::127.0.0.1", "::10.0.0.1", "::ffff:0:127.0.0.1",
        "2002:a00:1::", "2002:a9fe:a9fe::1", "2001:0:7f00:1::1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::808:808", "fd00:ec2::254", "100.100.100.200", "192.0.0.192",
        "239.255.255.250", "ff05::c", "febf::1", "fec0::1", "::ffff:10.0.0.1",
        "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1"};

    for (size_t i = 0; i < sizeof public / sizeof public[0]; ++i) {
        struct sockaddr_storage a = address(public[i]);

        CHECK(address_is_public((struct sockaddr *)&a), public[i]);
    }
    for (size_t i = 0; i < sizeof special / sizeof special[0]; ++i) {
        struct sockaddr_storage a = address(special[i]);

        CHECK(!address_is_public((struct sockaddr *)&a), special[i]);
    }
}

static void
blocks_hold_addresses(void)
{
    static const struct {
        const char *block, *address;
        bool in;
    } rows[] = {{"127.0.0.1/32", "127.0.0.1", true}, {"127.0.0.1/32", "127.0.0.2", false},
        {"127.0.0.1", "127.0.0.1", true}, {"127.0.0.0/8", "127.9.9.9", true},
        {"10.128.0.0/9", "10.127.0.1", false}, {"10.128.0.0/9", "10.200.0.1", true},
        {"0.0.0.0/0", "1.2.3.4", true}, {"0.0.0.0/0", "2001:db8::1", false},
        {"fd00::/8", "fdff::1", true}, {"::1", "::1", true},
        {"127.0.0.0/8", "::ffff:127.0.0.1", true}, {"::/0", "1.2.3.4", true}};
    static const char *const bad[] = {"", "x", "127.0.0.1/33", "127.0.0.1/",
        "127.0.0.1/-1", "::1/129", "127.0.0.1/8x", "1.2.3", "localhost"};
    struct block block;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct sockaddr_storage a = address(rows[i].address);

        CHECK(block_parse(rows[i].block, &block), rows[i].block);
        CHECK(address_in((struct sockaddr *)&a, &block, 1) == rows[i].in, rows[i].block);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i)
        CHECK(!block_parse(bad[i], &block), bad[i]);
}

/* Hosts are numbers in more ways than one; what is a name is left to name servers. */
static void
numbers_are_read_in_all_their_forms(void)
{
    static const char *const loopback[] = {"127.0.0.1", "2130706433", "0x7f000001",
        "017700000001", "127.1", "127.0.1", "0177.0.0.1", "0x7f.0.0.0x1",
        "[::ffff:127.0.0.1]", "::ffff:7f00:1", "[::1]", "[0:0:0:0:0:0:0:1]", "[::1%lo]"};
    static const char *const names[] = {"", "localhost", "127.0.0.1.example", "1.2.3.4.5",
        "256.1.1.1", "0x", "[", "[]", "[::g]", "127.0.0.1 ", "a.b", "4294967296"};
    struct sockaddr_storage a;

    for (size_t i = 0; i < sizeof loopback / sizeof loopback[0]; ++i) {
        CHECK(address_parse(loopback[i], &a), loopback[i]);
        CHECK(!address_is_public((struct sockaddr *)&a), loopback[i]);
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i)
        CHECK(!address_parse(names[i], &a), names[i]);
}

static const struct unit_test tests[] = {
    TEST(addresses_are_told_apart),
    TEST(blocks_hold_addresses),
    TEST(numbers_are_read_in_all_their_forms),
};

UNIT_MAIN("address", tests)
