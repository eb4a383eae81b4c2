/*
 * What the readers of other platforms' JSON have in common: a table says which member of which
 * object becomes which property. rules.c reads the table and walks it, values.c has a function
 * for each kind of value, nodes.c those that make nodes, terms.c makes terms. What no row
 * takes is kept as JSON behind a property of the platform's own, and so is what a row cannot
 * use, which is said.
 */
#ifndef MO_MAPPING_MAPPING_H
#define MO_MAPPING_MAPPING_H

#include <moisson/date.h>

#include "base/table.h"
#include "dcat/concepts.h"
#include "dcat/input.h"
#include "dcat/values.h"

enum {
    MAX_MAP_RULES = 160,
    MAX_MAP_NAMES = 256,
    MAP_NAME_SLOTS = 1024, /* a power of two */
    MAX_MAP_OBJECTS = 16,
    MAX_MAP_FIELDS = 8,
    MAP_FORMATS = 64, /* that are remembered */
    MAP_FORMAT_SIZE = 24,
    MAP_LICENCES = 32, /* likewise */
    MAP_LICENCE_SIZE = 96
};

#define MO_AUTHORITY "http://publications.europa.eu/resource/authority/"
#define MO_IANA "http://www.iana.org/assignments/media-types/"
#define MO_SPDX "http://spdx.org/rdf/terms#"
#define MO_ADMS "http://www.w3.org/ns/adms#"
#define MO_LOCN "http://www.w3.org/ns/locn#"
#define MO_RDFS_LABEL "http://www.w3.org/2000/01/rdf-schema#label"

struct map;
struct map_rule;
struct map_view;

/* Say what one value means about `node`; false when it is not of the kind that is meant. */
typedef bool map_value_fn(struct map *m, struct mo_term *node,
    const struct map_rule *rule, const struct mo_json *value);

/* The same of several members at once. */
typedef void map_view_fn(struct map *m, struct mo_term *node, const struct map_rule *rule,
    struct map_view *view);

struct map_kind {
    const char *name;
    map_value_fn *value; /* of each element of an array; or */
    map_view_fn *view;
    bool decode; /* JSON in a string is read */
    bool whole;  /* an array is one value */
};

struct map_names {
    size_t
        at[MAX_MAP_FIELDS]; /* numbers of names of the object, in order of precedence */
    size_t n;
};

/* A row of the table. */
struct map_rule {
    const struct map_object *object;
    const struct mo_key *key; /* NULL: none */
    struct mo_str property;   /* IRI */
    uint16_t known;           /* its number in the lexicon, or 0 */
    const struct map_kind *kind;
    struct map_names fields, others; /* others: of the argument, where it names members */
    struct mo_str argument;
    struct map_object *part; /* the object that the argument names first; or NULL */
    const char *class;       /* the class that it names then, an IRI */
    uint16_t *flat; /* of a flat part: the numbers that its names have around it */
    size_t n_flat;
};

/* What the table calls an object, and the names of members that its rows read. */
struct map_object {
    struct mo_str name;
    struct map_rule *rules[MAX_MAP_RULES];
    size_t n_rules;
    struct mo_str names[MAX_MAP_NAMES];
    size_t n_names;
    uint16_t slots[MAP_NAME_SLOTS]; /* numbers of names, from 1, by hash */
    size_t uri, id, called; /* numbers of "uri", "@id", "name"; MAX_MAP_NAMES: none */
};

/* A member that no row reads. */
struct map_rest {
    struct mo_str key;
    const struct mo_json *value;
    struct map_rest *next;
};

/* The members of an object in hand, or of several that are taken for one. */
struct map_view {
    const struct map_object *object;
    const struct mo_json *value[MAX_MAP_NAMES];
    bool used[MAX_MAP_NAMES];
    bool odd[MAX_MAP_NAMES]; /* a row could not use it */
    struct map_rest *rest, **rest_end;
};

/* The name of a format, and its EU file type; empty: none. */
struct map_format {
    char name[MAP_FORMAT_SIZE];
    size_t n;
    struct mo_str type;
};

/* The name or address of a licence, and the IRI of what it means; empty: none is known. */
struct map_licence {
    char text[MAP_LICENCE_SIZE];
    size_t n;
    struct mo_str iri;
};

/* The first member of each such reader. */
struct map {
    struct mo_input in;
    struct mo_values *values;
    struct mo_arena *arena; /* of the rules */
    struct map_rule rules[MAX_MAP_RULES];
    size_t n_rules;
    struct map_object objects[MAX_MAP_OBJECTS];
    size_t n_objects;
    struct mo_lookup themes;
    struct mo_concepts *concepts;              /* made when they are needed */
    struct map_format formats[MAP_FORMATS];    /* those that came last, by hash */
    struct map_licence licences[MAP_LICENCES]; /* likewise */
    const char *space;    /* namespace of the properties that keep members */
    struct mo_buf origin; /* scheme and host of the platform, from the base; or empty */
    struct mo_buf scratch;
    unsigned level;

    /* The record in hand. */
    struct mo_term *subject;
    const struct map_view *dataset; /* its members, for its resources */
    struct mo_term *licence; /* what these say, once it was looked for and is known */
    bool licence_said
        [MAX_MAP_FIELDS]; /* which of its texts say the licence of a resource */
};

/* `table` by name, `space` as above. 0, or -1 (reported, but for memory). */
int mo_map_init(struct map *m, const struct mo_dialect *dialect,
    const struct mo_reader_options *options, const char *table, const char *space);
void mo_map_done(struct map *m);

/* ---- rules.c ---- */

/* The object of this name; asserts that there is one. */
const struct map_object *mo_map_object(const struct map *m, const char *name);

/* No members yet. */
void mo_map_view(struct map_view *view, const struct map_object *object);

/* Add a member, unless there is one of its name that says something. */
void mo_map_member(
    struct map *m, struct map_view *view, struct mo_str key, const struct mo_json *value);

/* Add all members, with `prefix` before their names. */
void mo_map_members(struct map *m, struct map_view *view, const char *prefix,
    const struct mo_json *object);

/* The dataset in hand is about this node, and its members are these. */
void mo_map_begin(struct map *m, struct mo_term *node, const struct map_view *view);

/* Say what the members mean about `node`, and keep the others. */
void mo_map_walk(struct map *m, struct mo_term *node, struct map_view *view);

/* The dataset `node` is whole: hand it over, unless it was given up. */
void mo_map_finish(struct map *m, struct mo_term *node);

/* The member of this name, or NULL. */
const struct mo_json *mo_map_peek(const struct map_view *view, const char *name);

/* JSON that stands in a string, as it means; other values as they are. */
const struct mo_json *mo_map_decode(struct map *m, const struct mo_json *value);

/* Whether the node has a statement with this property. */
bool mo_map_has(struct map *m, const struct mo_term *node, struct mo_str property);

/* The same of the rule's property. */
bool mo_map_says(struct map *m, const struct mo_term *node, const struct map_rule *rule);

/* ---- terms.c; NULL, with the record given up, when memory is short ---- */

struct mo_term *mo_map_iri(struct map *m, struct mo_str iri);
struct mo_term *mo_map_c(struct map *m, const char *iri);
struct mo_term *mo_map_literal(struct map *m, struct mo_str text, const char *datatype);

/* NULL terms are passed over. The property is a constant, or of a table. */
void mo_map_add(
    struct map *m, struct mo_term *s, struct mo_str property, struct mo_term *o);
void mo_map_type(struct map *m, struct mo_term *node, const char *class);

/* The same with the rule's property. */
void mo_map_say(
    struct map *m, struct mo_term *s, const struct map_rule *rule, struct mo_term *o);

/* A new blank node of this class that the property leads to. */
struct mo_term *mo_map_node(
    struct map *m, struct mo_term *s, struct mo_str property, const char *class);

/* "origin/KIND/ID", with what no IRI may hold in ID encoded; or a blank node when the origin is not known. */
struct mo_term *mo_map_permalink(struct map *m, const char *kind, struct mo_str id);

/* Whether it is an absolute IRI without odd characters. */
bool mo_map_is_address(struct mo_str text);

/* `head` and `tail` as one IRI. */
struct mo_term *mo_map_joined(struct map *m, const char *head, struct mo_str tail);

/* ---- values.c, nodes.c ---- */

/* By name, or NULL. */
const struct map_kind *mo_map_kind(const char *name);
const struct map_kind *mo_map_node_kind(const char *name);

/* Say it; where the property is dcat:theme and the concept has no IRI, with dct:subject. */
void mo_map_theme(struct map *m, struct mo_term *node, const struct map_rule *rule,
    struct mo_term *concept);

/*
 * Say the first of `texts` that means a licence, or else an address and a name among them;
 * false where there is none. `*known` is the licence where it is a known one, else NULL.
 * `said[i]` becomes true where what is said now says what the text does.
 */
bool mo_map_licence(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *const *texts, size_t n, bool *said, struct mo_term **known);

/* Set `said[i]` where the text means this licence; and all where one says that there is none. */
void mo_map_licence_same(struct map *m, const struct mo_json *const *texts, size_t n,
    const struct mo_term *licence, bool *said);

#endif
