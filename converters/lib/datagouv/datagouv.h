/*
 * The data.gouv.fr writer from inside: writer.c walks the mapping table, fields.c has
 * a function for each kind of value, resources.c those of distributions, tags.c and plurals.c those of tags, contacts.c
 * those of contact points, kept.c what has no property, rdf.c what has no field, node.c
 * reads nodes, services.c holds services until their datasets have come, payload.c and takes.c make of it what the API takes.
 */
#ifndef MO_DATAGOUV_DATAGOUV_H
#define MO_DATAGOUV_DATAGOUV_H

#include "datagouv/tags.h"
#include "dcat/values.h"
#include "dcat/index.h"
#include "jsonld/nodes.h"
#include "rdf/writer.h"

enum { MAX_SOURCES = 8, MAX_FIELDS = 96, MAX_ROLES = 24, MAX_GIVEN = 8, MAX_NESTING = 8 };

#define MO_KEPT_KEY "moisson:rdf" /* in extras, and in the document */

struct datagouv;
struct field;
struct payload;

/* Append the value of a field of `node`. False, with nothing appended, for none. */
typedef bool field_fn(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out);

/* A row of the mapping table. */
struct field {
    const char *object; /* known by its first letter */
    size_t run;         /* how many fields of the object stand from here on */
    struct mo_str path; /* "extras.dcat.rights" */
    struct mo_str steps[MAX_NESTING]; /* the names in it */
    size_t n_steps;
    const char *how; /* name of the function */
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

#define MO_LANGUAGES_KEY "languages"

/* The values of a node that fields hold as they stand. */
struct given {
    const struct mo_term *values[MAX_GIVEN];
    bool trimmed[MAX_GIVEN];
    const struct field *fields[MAX_GIVEN];
    size_t n;
};

/* An object that is being written. */
struct layer {
    struct given given;
    struct mo_buf value; /* of the field in hand */
};

/* A resource, and the statement by which the dataset has it. */
struct slot {
    struct mo_term *node;
    struct mo_stmt *stmt;
    size_t from, to; /* its nodes, in struct telling */
};

/* Which string each node of the record is told in. */
struct telling {
    struct slot *slots;
    size_t n, cap;
    size_t at; /* the resource in hand */
    struct mo_term **nodes;
    size_t n_nodes, cap_nodes;
    bool shared_out; /* the nodes of the record in hand were */
};

/* What is known of a contact; empty texts have a NULL pointer. */
struct contact {
    struct mo_str person, organisation;
    struct mo_str email, form;
};

/* Where the first record of an identity stood. */
struct mo_first {
    uint32_t file; /* its number */
    uint32_t line, column;
};

/* The identities of a run. Zeroed storage is empty. */
struct mo_twins {
    struct mo_index index; /* by hash */
    struct mo_first *at;
    size_t n, cap;
    char **files;
    size_t n_files; /* the last is the one in hand */
    uint64_t seed;
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
    const struct mo_term *looked_at; /* for kept fields, */
    bool keeps;                      /* and whether it has some */

    /* What has no field: rdf.c. */
    /* Set by a field that is the text of this term, or that without white space around. */
    const struct mo_term *verbatim;
    bool trimmed;
    struct layer
        layers[3]; /* the record's object, the resource's and the contact's in it */
    struct telling telling;
    struct mo_nodes nodes;
    struct mo_buf told, told_fields;
    struct mo_buf beside; /* what belongs to no dataset or service: objects */

    struct mo_tag_counts tag_counts; /* of all records */
    struct mo_twins twins;
    struct mo_buf
        twin; /* identity and place of the first record with that in hand; or empty */

    /* Data services wait for the datasets that they serve. */
    struct mo_buf services; /* items, each with its length and IRI before it */
    struct mo_buf served;   /* pairs of a service's IRI and a dataset's identity */
};

/* ---- writer.c ---- */

/* mo_datagouv_writer, which shares these values; NULL: it has its own. */
struct mo_writer *mo_datagouv_writer_with(
    const struct mo_writer_options *options, struct mo_values *values);

/* ---- node.c: reading values; what is read counts as used ---- */

/*
 * mo_term.written of the nodes of the record in hand, besides those of nodes.h: from here on.
 * Others in its graph belong to other records.
 */
enum { MO_IN_RECORD = MO_WRITTEN + 1 };

/* What the record says of a term. */
static inline struct mo_stmt *
mo_said(const struct mo_term *term)
{
    return term->written ? term->first : NULL;
}

/* First value of the property, in document order, or NULL. */
struct mo_term *mo_first(struct mo_term *node, uint16_t property);

/*
 * The value of the property in the language most wanted, whatever the order of languages: of
 * the list, none, or the first by its tag; of several in one language the first value. NULL
 * when there is none.
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

/* Begin with a record: its values are put in order, and none is used yet. */
void mo_put_prepare(struct datagouv *w, const struct mo_record *record);

/* And end with it. */
void mo_put_finish(const struct mo_record *record);

/* Append the value of a field, JSON, from what is kept or from properties. False: none. */
bool mo_make_value(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *value);

/* The fields of this kind of object; `*n` of them. */
const struct field *mo_fields_of(const struct datagouv *w, const char *object, size_t *n);

/* Walk the rows of `object` for `node`, as a JSON object. */
void mo_put_object(
    struct datagouv *w, const char *object, struct mo_term *node, struct mo_buf *out);

/* ---- rdf.c: what has no field ---- */

/* Begin with a record. */
void mo_tell_begin(struct datagouv *w);

/* A resource that will be written; `stmt` is what the dataset says of it. 0, or -1. */
int mo_tell_slot(struct datagouv *w, struct mo_stmt *stmt);

/*
 * Keep a record that has no object, in the document: MO_PUT_KEPT, or MO_PUT_PASSED when that
 * has no room (in lines, or beyond 8 MiB), or MO_PUT_TROUBLE.
 */
enum mo_put mo_tell_beside(struct datagouv *w, const struct mo_record *record);

/* A digest of a text, to see later whether it was edited. */
uint32_t mo_tell_digest(struct mo_str text);

void mo_tell_done(struct datagouv *w);

/* ---- twins.c ---- */

/*
 * Note the identity of the record, and say when another of the input has it: both are written,
 * but not as requests. 0, or -1.
 */
int mo_tell_twin(struct datagouv *w, const struct mo_record *record);

/*
 * Where the first record of this identity stood: NULL when this is it. 0, or -1 when memory is
 * short.
 */
int mo_twins_look(struct mo_twins *twins, struct mo_str identity, struct mo_str file,
    const struct mo_place *place, const struct mo_first **first);

/* Append "FILE:LINE:COLUMN". */
void mo_twins_put_place(
    const struct mo_twins *twins, const struct mo_first *first, struct mo_buf *out);
void mo_twins_done(struct mo_twins *twins);

/* ---- services.c ---- */

/* Note which services serve the dataset that the record is of. 0, or -1. */
int mo_note_services(struct datagouv *w, const struct mo_record *record);

/* Hold the JSON of a service until the end. 0, or -1. */
int mo_hold_service(struct datagouv *w, struct mo_str iri, const struct mo_buf *item);

/* Write the services that were held, each with its datasets. */
enum mo_put mo_put_services(struct datagouv *w);

/* ---- contacts.c ---- */

/* Whether the agent owns the record on data.gouv.fr, which is a field by itself. */
bool mo_is_owner(const struct mo_term *node, const struct mo_term *agent);

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
bool mo_field_rdf(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out);
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
bool mo_field_served(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out);
bool mo_field_tags(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out);
bool mo_field_area(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out);
bool mo_field_resolution(struct datagouv *w, struct mo_term *node,
    const struct field *field, struct mo_buf *out);

#endif
