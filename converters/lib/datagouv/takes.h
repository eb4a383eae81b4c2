/* What the API takes, from inside: takes.c has texts and codes, take-objects.c the rest. */
#ifndef MO_DATAGOUV_TAKES_H
#define MO_DATAGOUV_TAKES_H

#include "base/json.h"
#include "datagouv/payload.h"

enum { MAX_TAKEN = 64 << 20 };

/* What stands between the quotes of a JSON string; of other values, the value. */
struct mo_str mo_take_bare(const struct mo_buf *value);

bool mo_take_is_string(const struct mo_buf *value);
bool mo_take_is_date(struct mo_str text);

/* Whether it is one of the words, which have spaces between. */
bool mo_take_is_one_of(struct mo_str word, const char *words);

/* The numbers of "1-350", the argument of the rule. */
void mo_take_range(const struct field *field, size_t *min, size_t *max);

/* Say that the value is not taken, if there is one. False. */
bool mo_take_refuse(
    struct datagouv *w, const struct field *field, const struct mo_buf *value);

/* The value as a tree, which is yours; NULL for none, and when memory is short. */
struct mo_json *mo_take_tree(struct mo_buf *value);

/* Of a string or number; empty for others and NULL. */
struct mo_str mo_take_text(const struct mo_json *json);

/* No value; what failed stays failed. */
void mo_take_empty(struct mo_buf *value);

/* Another value, which is released. */
void mo_take_replace(struct mo_buf *value, struct mo_buf *by);

/* Scheme and host in small letters, which mean the same; the API refuses others. */
void mo_take_lower_host(struct mo_buf *string);

/* ---- take-objects.c ---- */

take_fn mo_take_area, mo_take_audiences, mo_take_checksum, mo_take_members,
    mo_take_period, mo_take_schema, mo_take_tags;

#endif
