/*
 * What the API of data.gouv.fr is to be sent, instead of what it returns: payload.c makes
 * lines, takes.c sees to it that bodies hold only what the API takes.
 */
#ifndef MO_DATAGOUV_PAYLOAD_H
#define MO_DATAGOUV_PAYLOAD_H

#include "base/hash.h"
#include "datagouv/datagouv.h"
#include "datagouv/ids.h"
#include "dcat/index.h"

struct payload {
    struct mo_ids *ids;
    struct mo_index seen; /* keys of records and contact points, by hash */
    uint64_t seed;
    struct mo_sha256 *sha;
    struct mo_buf before;       /* lines that go before the record's, each with its end */
    struct mo_buf key;          /* of the record in hand */
    struct mo_buf organization; /* its id, of the record in hand; empty: none */
    struct mo_buf url, title;   /* of the resource in hand */
    struct mo_str id;           /* of the resource in hand; empty: none yet */
    bool by_title;              /* other resources may have its URL */
    bool refused;               /* the object in hand lacks what the API requires */
};

/* You own it; NULL when memory is short or the ids cannot be used, which was reported. */
struct payload *mo_payload_new(const struct mo_writer_options *options);
void mo_payload_free(struct payload *payload);

/*
 * Append the line for the record, an `object`; lines of its contact points have gone out
 * before. False when the API cannot take it, which was reported.
 */
bool mo_payload_line(struct datagouv *w, const struct mo_record *record,
    const char *object, struct mo_buf *out);

/*
 * Append `before` and the id of the contact point in hand, `shown` in messages, whose line
 * goes out when it has none yet. False, with nothing appended, when there is no id to write.
 */
bool mo_payload_contact(struct datagouv *w, struct mo_term *node, struct mo_str shown,
    const struct field *field, const char *before, struct mo_buf *out);

/*
 * The id of a dataset that a service serves, in place of its key. False, which is told, when
 * it has none yet.
 */
bool mo_payload_dataset(struct datagouv *w, struct mo_str service, struct mo_str *id);

/*
 * Append the resource as an object. False, with nothing appended, when the API cannot take
 * it. `by_title`: its title tells it from others of its URL.
 */
bool mo_payload_resource(
    struct datagouv *w, struct mo_term *node, bool by_title, struct mo_buf *out);

/* ---- takes.c ---- */

/*
 * Make of a value (JSON; empty: none) what the API takes, or leave it out: false. What is
 * changed or left out is told.
 */
typedef bool take_fn(struct datagouv *w, const struct field *field, struct mo_buf *value);

/* The function of this name, or NULL. */
take_fn *mo_take_named(struct mo_str name);

/* What the field's own function makes of a value, of which null and "" are none. */
bool mo_take(struct datagouv *w, const struct field *field, struct mo_buf *value);

/* Whether the field is put together from other nodes, and nothing that was kept counts. */
bool mo_take_is_made(const struct field *field);

/*
 * Cut a JSON string to `max` characters, the last of which says so, between letters; an
 * accent stays with its letter.
 */
void mo_cut(
    struct datagouv *w, const struct field *field, size_t max, struct mo_buf *string);

#endif
