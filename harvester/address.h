/*
 * Which addresses a harvester may talk to: public ones, and those that the user lists.
 * Pure functions; nothing is resolved here.
 */
#ifndef HARVESTER_ADDRESS_H
#define HARVESTER_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

/* A block of addresses: IPv4 ones as IPv6 does (::ffff:a.b.c.d). */
struct block {
    unsigned char bytes[16];
    unsigned bits; /* that count */
};

/* Read "127.0.0.0/8", "10.1.2.3", "fd00::/8". False for anything else. */
bool block_parse(const char *text, struct block *block);

/* Read an address as a number, in brackets or not. False for a name. */
bool address_parse(const char *text, struct sockaddr_storage *address);

/* Whether the address lies in one of the blocks. */
bool address_in(const struct sockaddr *address, const struct block *blocks, size_t n);

/*
 * Whether everyone can reach it: no loopback, private, link-local, carrier-grade,
 * documentation, multicast or reserved address (RFC 6890), nor an IPv6 form of one.
 */
bool address_is_public(const struct sockaddr *address);

#endif
