/* Classes of ASCII characters, the same in every locale. */
#ifndef MO_BASE_CTYPE_H
#define MO_BASE_CTYPE_H

#include <stdbool.h>

static inline bool
mo_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool
mo_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool
mo_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline char
mo_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* 0 to 15, or -1. */
static inline int
mo_hex_digit(char c)
{
    return mo_is_digit(c)         ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

#endif
