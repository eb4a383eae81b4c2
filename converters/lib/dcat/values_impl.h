/* The value functions from inside: their tables, prepared. */
#ifndef MO_DCAT_VALUES_IMPL_H
#define MO_DCAT_VALUES_IMPL_H

#include "dcat/values.h"

/* A form under which something is known, and its id. */
struct form {
    struct mo_str form;
    struct mo_str id;
};

struct forms {
    struct form *at; /* sorted by form */
    size_t n, cap;
};

struct ascii {
    uint32_t code;
    struct mo_str text;
};

struct entity {
    struct mo_str name;
    uint32_t code;
};

struct mo_values {
    const struct mo_vocab *vocab;
    struct mo_arena *arena;
    struct ascii *ascii; /* sorted by code */
    size_t n_ascii;
    struct entity *entities; /* sorted by name */
    size_t n_entities;
    struct forms frequencies, frequency_iris;
    struct forms licence_names, licence_urls;
    struct forms categories, category_iris;
    struct mo_lookup languages[2]; /* by their codes of three letters */
};

/* Prepare the tables of codes.c; the others must be there. 0, or -1. */
int mo_codes_prepare(struct mo_values *values);

/* The same for language.c. */
int mo_languages_prepare(struct mo_values *values);

/* What stands for a character in ASCII; NULL pointer when the table does not say. */
struct mo_str mo_ascii_of(const struct mo_values *values, uint32_t code);

/* Code point of a named character, or 0. */
uint32_t mo_entity(const struct mo_values *values, struct mo_str name);

#endif
