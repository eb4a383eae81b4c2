/*
 * The data.gouv.fr writer from inside: writer.c walks the mapping table, fields.c has
 * a function for each kind of value, resources.c those of distributions, contacts.c
 * those of contact points, kept.c what has no property, node.c reads nodes, payload.c
 * and takes.c make of it what the API takes.
 */
#ifndef MO_DATAGOUV_DATAGOUV_H
#define MO_DATAGOUV_DATAGOUV_H

#include "dcat/values.h"
#include "rdf/writer.h"

enum { MAX_SOURCES = 8, MAX_FIELDS = 96, MAX_ROLES = 24 };

struct datagouv;
struct field;
struct payload;

/* Append the value of a field of `node`. False, with nothing appended, for none. */
typedef bool field_fn(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out);

/* A row of the mapping table. */
struct field {
    const char *object;
    size_t run;         /* how many fields of the object stand from here on */
    struct mo_str path; /* "extras.dcat.rights" */
    field_fn *make;
    uint16_t sources[MAX_SOURCES]; /* properties, by number */
    size_t n_sources;
    const char *argument; /* the sources as they are written */
    const char *empty;    /* NULL: the member is left out */
    uint16_t kept; /* property that keeps the value where nothing else gives it back */
    /* What the API takes of it; NULL: nothing. */
    bool (*take)(struct datagouv *w, const struct field *field, struct mo_buf *value);
    const char *take_argument;
};

/* A contact role: its property, and whether vCard is tried before FOAF. */
struct role {
    struct mo_str name;
    uint16_t property;
    bool vcard_first;
};

/* What is known of a contact; empty texts have a NULL pointer. */
struct contact {
    struct mo_str person, organisation;
    struct mo_str email, form;
};

struct datagouv {
    struct mo_writer writer;
    struct mo_values *values;
    struct mo_arena *arena;
    struct field fields[MAX_FIELDS];
    size_t n_fields;
    struct role roles[MAX_ROLES];
    size_t n_roles;
    const struct mo_record *record; /* in hand */
    bool part;                      /* the resource in hand is no distribution */
    struct contact contact;         /* in hand, */
    const struct role *role;        /* and its role */
    struct payload *payload;        /* NULL: not asked for */
    struct mo_buf scratch;

    /* Data services wait for the datasets that they serve. */
    struct mo_buf services; /* items, each with its length and IRI before it */
    struct mo_buf served;   /* pairs of a service's IRI and a dataset's identity */
    bool ended;             /* all of them have come */
};

/* ---- node.c: reading values; what is read counts as used ---- */

/* First value of the property, in document order, or NULL. */
struct mo_term *mo_first(struct mo_term *node, uint16_t property);

/*
 * The value of the property in the language most wanted: a literal of the first
 * language of the list that there is, else the first value. NULL when there is none.
 */
struct mo_term *mo_one(struct datagouv *w, struct mo_term *node, uint16_t property);

/*
 * The text of a value: a literal's, or of a node the first of these properties' that
 * it has, else its IRI. An empty text with a NULL pointer for a nameless node.
 */
struct mo_str mo_text_of(
    struct datagouv *w, struct mo_term *value, const uint16_t *unwrap, size_t n_unwrap);

/* The same of mo_one; NULL pointer when there is no value. */
struct mo_str mo_one_text(struct datagouv *w, struct mo_term *node, uint16_t property,
    const uint16_t *unwrap, size_t n_unwrap);

/* rdfs:label, dct:description: what rights, licences and provenance are called. */
extern const uint16_t mo_labels[2];

/* Say something about a field of the record in hand. */
void mo_tell(struct datagouv *w, enum mo_diag_id id, struct mo_str detail,
    const struct field *field);

/* Walk the rows of `object` for `node`, as a JSON object. */
void mo_put_object(
    struct datagouv *w, const char *object, struct mo_term *node, struct mo_buf *out);

/* ---- kept.c ---- */

/*
 * Append the value that the node keeps for the field, when it does, and when it still means
 * what the properties give (`made`, JSON): JSON, on one line. Of an object for "extras.*",
 * its members alone.
 */
bool mo_kept(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_str made, struct mo_buf *out);

/* ---- fields.c ---- */

/* The function of this name, or NULL. */
field_fn *mo_field_named(const char *name);

/* "dataset", "service" or "resource" functions that stand in other files. */
bool mo_field_resources(struct datagouv *w, struct mo_term *node,
    const struct field *field, struct mo_buf *out);
bool mo_field_contacts(struct datagouv *w, struct mo_term *node,
    const struct field *field, struct mo_buf *out);
bool mo_field_resource_title(struct datagouv *w, struct mo_term *node,
    const struct field *field, struct mo_buf *out);
bool mo_field_resource_url(struct datagouv *w, struct mo_term *node,
    const struct field *field, struct mo_buf *out);
bool mo_field_resource_type(struct datagouv *w, struct mo_term *node,
    const struct field *field, struct mo_buf *out);
bool mo_field_format(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out);
bool mo_field_media_type(struct datagouv *w, struct mo_term *node,
    const struct field *field, struct mo_buf *out);
bool mo_field_size(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out);
bool mo_field_checksum(struct datagouv *w, struct mo_term *node,
    const struct field *field, struct mo_buf *out);
bool mo_field_contact_name(struct datagouv *w, struct mo_term *node,
    const struct field *field, struct mo_buf *out);
bool mo_field_contact_email(struct datagouv *w, struct mo_term *node,
    const struct field *field, struct mo_buf *out);
bool mo_field_contact_form(struct datagouv *w, struct mo_term *node,
    const struct field *field, struct mo_buf *out);
bool mo_field_contact_role(struct datagouv *w, struct mo_term *node,
    const struct field *field, struct mo_buf *out);
bool mo_field_owner(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out);
bool mo_field_tags(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out);
bool mo_field_area(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out);
bool mo_field_resolution(struct datagouv *w, struct mo_term *node,
    const struct field *field, struct mo_buf *out);

#endif
