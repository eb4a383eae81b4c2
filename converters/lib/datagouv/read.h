/*
 * The data.gouv.fr reader from inside: reader.c knows the records, read-rules.c walks the
 * table datagouv-dcat, read-fields.c has a function for each kind of field, read-resources.c
 * those of resources and of services, read-agents.c those of people and organisations,
 * read-rdf.c takes what an object keeps of its RDF, edits.c makes it say what was edited
 * since, read-terms.c makes terms.
 */
#ifndef MO_DATAGOUV_READ_H
#define MO_DATAGOUV_READ_H

#include <limits.h>

#include "base/table.h"
#include "dcat/input.h"
#include "dcat/values.h"
#include "datagouv/datagouv.h"
#include "jsonld/simple.h"

enum {
    MAX_RULES = 128,
    MAX_PATHS = 6,
    MAX_STEPS = 4,
    MAX_READ_ROLES = 24,
    MAX_LICENCE_ID = 32,
    READ_LICENCES = 16
};

#define MO_AUTHORITY "http://publications.europa.eu/resource/authority/"
#define MO_IANA "http://www.iana.org/assignments/media-types/"
#define MO_OGC "http://www.opengeospatial.org/standards/"
#define MO_SPDX "http://spdx.org/rdf/terms#"
#define MO_ADMS "http://www.w3.org/ns/adms#"
#define MO_LOCN "http://www.w3.org/ns/locn#"

/* The name of a member, and its tag (base/json.h). */
struct step {
    struct mo_str key;
    uint32_t tag;
};

/* Members in order of precedence: each a way into the object. */
struct paths {
    struct step steps[MAX_PATHS][MAX_STEPS];
    size_t n_steps[MAX_PATHS];
    size_t n;
    uint64_t bits; /* of the first steps (base/json.h) */
};

struct gouv;
struct manner;
struct rule;

/* Say what `rule` makes of `object` about `node`. */
typedef void rule_fn(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule);

/* A row of the table. */
struct rule {
    char object;            /* first letter: 'd'ataset, 'r'esource or 's'ervice */
    struct mo_str property; /* IRI */
    uint16_t known;         /* its number in the lexicon, or 0 */
    rule_fn *say;
    const char *field; /* as it is written, for messages */
    struct paths paths;
    struct mo_str argument;
    struct mo_str argument_iri; /* when it is a name or an IRI */
    struct paths other;         /* when it is a member */
    const struct rule *next;    /* of the same object */
};

/* Tables that are looked up by a column. */
enum list {
    LIST_ACCESS_CATEGORIES,
    LIST_ACCESS_RIGHTS,
    LIST_FILE_TYPES,
    LIST_FREQUENCIES,
    LIST_LICENCES,
    LIST_MEDIA_TYPES,
    LIST_THEMES,
    LIST_ZONES,
    N_LISTS
};

struct read_role {
    struct mo_str name;
    struct mo_str property; /* IRI */
    bool vcard;
};

/* What the table says of a licence; kept, as a catalogue has few. */
struct read_licence {
    char id[MAX_LICENCE_ID];
    size_t n;
    struct mo_str url, title;
};

struct gouv {
    struct mo_input in;
    struct mo_values *values;
    struct mo_arena *arena; /* of the rules */
    struct rule rules[MAX_RULES];
    size_t n_rules;
    const struct rule *first[UCHAR_MAX + 1]; /* by the letter of the object */
    struct read_role roles[MAX_READ_ROLES];
    size_t n_roles;
    struct mo_lookup lists[N_LISTS];
    struct read_licence licences[READ_LICENCES]; /* those that came last, by hash */

    /* The record in hand. */
    const struct mo_json *dataset; /* the object, for its resources; NULL: a service */
    struct mo_buf origin;          /* "https://www.data.gouv.fr", or empty */
    struct mo_term *subject;
    bool hvd;
    const char *protocol; /* of the OGC, of the resource in hand; or NULL */
    struct mo_buf scratch;

    /* What the record in hand keeps of its RDF: read-rdf.c, edits.c. */
    bool dump;               /* it is of several objects, which keep nothing */
    struct mo_writer *again; /* maps it again; made when it is needed */
    const struct manner *manners[MAX_FIELDS]; /* of its fields */
    struct mo_buf made;                       /* a value that it made */
    struct mo_simple simple;
    struct mo_arena *kept_arena; /* of the strings */
    struct kept_node *kept;
    size_t n_kept, cap_kept;
    bool fewer, moved;       /* resources were taken away; or any added or taken away */
    struct mo_str kept_name; /* "@id" of the record as it is kept */
    struct mo_term **body;   /* nodes of the record */
    size_t n_body, cap_body;
};

/* A node that an object is about, and that it keeps. */
struct kept_node {
    struct mo_term *node;
    const struct mo_json *object;
    const char *kind;       /* "dataset", "resource", "service" */
    bool part;              /* a resource that is no distribution */
    bool given[MAX_FIELDS]; /* the field gives a statement: no comparing */
};

/* ---- read-terms.c; NULL, with the record given up, when memory is short ---- */

struct mo_term *mo_gouv_iri(struct gouv *r, struct mo_str iri);
struct mo_term *mo_gouv_c(struct gouv *r, const char *iri);
struct mo_term *mo_gouv_literal(struct gouv *r, struct mo_str text, const char *datatype);

/* NULL terms are passed over. */
void mo_gouv_add(
    struct gouv *r, struct mo_term *s, const char *property, struct mo_term *o);
void mo_gouv_say(
    struct gouv *r, struct mo_term *s, const struct rule *rule, struct mo_term *o);
void mo_gouv_type(struct gouv *r, struct mo_term *node, const char *class);

/* A new blank node of this class that the rule's property leads to. */
struct mo_term *mo_gouv_node(
    struct gouv *r, struct mo_term *s, const struct rule *rule, const char *class);

/* "origin/api/1/KIND/ID/", or a blank node when the origin is not known. */
struct mo_term *mo_gouv_permalink(struct gouv *r, const char *kind, struct mo_str id);

/* `value` as text, JSON of it behind `property`, which keeps it. */
void mo_gouv_keep(struct gouv *r, struct mo_term *node, struct mo_str property,
    const struct mo_json *value);

/* ---- reader.c ---- */

/* Say something about a field of the record in hand. */
void mo_gouv_tell(
    struct gouv *r, enum mo_diag_id id, struct mo_str detail, const char *field);

/* ---- read-rules.c ---- */

/* Walk the rows of `object`, known by its first letter. */
void mo_gouv_walk(
    struct gouv *r, char object, struct mo_term *node, const struct mo_json *json);

/* The tables. 0, or -1 (reported). */
int mo_gouv_prepare(struct gouv *r);

/* The member at the end of a way into the object, or NULL. */
const struct mo_json *mo_gouv_at(
    const struct mo_json *object, const struct step *steps, size_t n);

/* The first of the members that is there and says something, or NULL. */
const struct mo_json *mo_gouv_value(
    const struct mo_json *object, const struct paths *paths);

/* Whether it is null, false-ish text, or an empty array or object. */
bool mo_gouv_says_nothing(const struct mo_json *value);

/* The text of a string or number, or the id of an object {"id": …}; else empty. */
struct mo_str mo_gouv_code(const struct mo_json *value);

/* The cell of column `want` in the first row of the list that is for `value`, or empty. */
struct mo_str mo_gouv_cell(
    const struct gouv *r, enum list list, struct mo_str value, const char *want);

/* The same among the rows of kind `kind` whose cell begins with `head`. */
struct mo_str mo_gouv_cell_of(const struct gouv *r, enum list list, struct mo_str value,
    const char *kind, const char *want, const char *head);

/* Say something about the member of `object` that the rule reads. */
void mo_gouv_tell_of(struct gouv *r, enum mo_diag_id id, struct mo_str detail,
    const struct mo_json *object, const struct rule *rule);

/* ---- read-fields.c ---- */

/* The function of this name, or NULL. */
rule_fn *mo_rule_named(const char *name);

/*
 * The extras that are not made of properties, as an object into r->scratch. False, with
 * nothing there, when there are none.
 */
bool mo_gouv_put_extras(struct gouv *r, const struct mo_json *extras);

/* The licence of the dataset in hand, said about `node` with `property`. */
void mo_gouv_licence(
    struct gouv *r, struct mo_term *node, struct mo_str property, const char *own);

/* A list of texts: IRIs, and nodes of class `class` that they are the labels of. */
void mo_gouv_labels(struct gouv *r, struct mo_term *node, struct mo_str property,
    const struct mo_json *list, const char *class);

/* ---- read-rdf.c ---- */

/*
 * Read a dataset or service that keeps its RDF in its extras: its statements, where no
 * field was edited. NULL, with the graph empty, when it keeps none that can be read.
 */
struct mo_term *mo_gouv_kept(
    struct gouv *r, const struct mo_json *object, const char *kind);

/* Say that a field was edited: its value now. */
void mo_gouv_edited(struct gouv *r, const struct kept_node *k, const struct field *field,
    struct mo_str value);

/* Whether an object that keeps its RDF is about the node. */
bool mo_gouv_is_kept(const struct gouv *r, const struct mo_term *node);

/* What a document keeps besides its records. */
void mo_gouv_beside(struct gouv *r, const struct mo_json *nodes);

void mo_gouv_kept_done(struct gouv *r);

/* ---- edits.c ---- */

/* For each field of r->again, what is done when it was edited. */
void mo_gouv_prepare_edits(struct gouv *r);

/* Make the record say what the fields say that were edited; `record` is as it was. */
void mo_gouv_edit(struct gouv *r, const struct mo_record *record);

/* Take a statement away. */
void mo_gouv_drop(struct mo_stmt *stmt);

/* ---- read-agents.c ---- */

rule_fn mo_rule_contacts, mo_rule_owner;

/* ---- read-resources.c ---- */

/* A resource that keeps nothing, of `dataset`. */
void mo_gouv_resource(struct gouv *r, struct mo_term *dataset,
    const struct mo_json *resource, const struct rule *rule);

rule_fn mo_rule_resources, mo_rule_addresses, mo_rule_access_service, mo_rule_format,
    mo_rule_media_type, mo_rule_size, mo_rule_checksum, mo_rule_resource_licence,
    mo_rule_resource_type, mo_rule_served;

#endif
