/*
 * What DCAT-AP knows, from the tables: which IRIs have a key in JSON and of what
 * shape, which classes make records, which properties are links between records.
 * Immutable once made; any number of readers and writers share one.
 */
#ifndef MO_DCAT_VOCAB_H
#define MO_DCAT_VOCAB_H

#include <moisson/tables.h>
#include <moisson/term.h>
#include <moisson/vocab.h>
#include <moisson/writer.h>

#include "base/table.h"
#include "rdf/graph.h"
#include "rdf/lexicon.h"

#define MO_DCAT "http://www.w3.org/ns/dcat#"
#define MO_DCT "http://purl.org/dc/terms/"
#define MO_FOAF "http://xmlns.com/foaf/0.1/"
#define MO_VCARD "http://www.w3.org/2006/vcard/ns#"
#define MO_SKOS "http://www.w3.org/2004/02/skos/core#"
#define MO_GEODCAT "http://data.europa.eu/930/"

/* Fields of data.gouv.fr that DCAT-AP has no property for. */
#define MO_DATAGOUV                                                                      \
    "https://www.data.gouv.fr/api/1/swagger.json#/definitions/Dataset/properties/"

/* Numbers in the lexicon of the IRIs that code names; those of tables follow. */
enum mo_known {
    MO_K_NONE,
#define KNOWN(name, iri) MO_K_##name,
#include "dcat/known.def"
#undef KNOWN
    MO_K_COUNT
};

enum mo_kind { MO_KIND_TEXT, MO_KIND_ID, MO_KIND_TYPED };

/* A row of properties.tsv. */
struct mo_key {
    struct mo_str names[MO_KEYS_COUNT]; /* in each set of keys; empty: it has none */
    unsigned rank;                      /* place among the keys of an object */
    uint16_t property;                  /* number in the lexicon */
    uint16_t on;                        /* class of its subject, 0: any */
    uint16_t range;                     /* class of its values */
    uint16_t datatype;                  /* of MO_KIND_TYPED */
    enum mo_kind kind;
    bool many;              /* always an array */
    bool in_full;           /* with the keys of 2.1.1, its values name their datatype */
    bool reverse;           /* the object's key for a statement about it */
    bool mandatory, single; /* DCAT-AP asks for one at least, takes one at most */
    const struct mo_key *next;  /* other keys of the property, same direction */
    bool one_name;              /* this one and those after it are called the same */
    const struct mo_key *usual; /* of those, the one for nodes of no known class */
};

/* What nodes of a class are for us; of a node's classes, the first here decides. */
enum mo_role {
    MO_ROLE_PLAIN,
    MO_ROLE_ROOT,
    MO_ROLE_SERVICE,
    MO_ROLE_RECORD,
    MO_ROLE_VOCABULARY,
    MO_ROLE_SHARED
};

/* A row of classes.tsv. */
struct mo_class {
    struct mo_str key; /* in JSON; empty: none */
    enum mo_role role;
    bool wanted;   /* records wait for the description of its nodes */
    uint16_t id;   /* number in the lexicon */
    uint16_t like; /* class whose properties it has */
};

/* A name of a key. */
struct mo_key_name {
    struct mo_str text;
    const struct mo_key *key;
    bool in[MO_KEYS_COUNT]; /* these sets of keys */
};

/* A row of prefixes.tsv. */
struct mo_prefix {
    struct mo_str name, space;
    const struct mo_prefix *next; /* in its chain */
};
enum { MO_PREFIX_CHAINS = 64 };

struct mo_vocab {
    const struct mo_tables *tables;
    struct mo_arena *arena;
    struct mo_prefix *prefixes;
    size_t n_prefixes;
    const struct mo_prefix
        *prefix_chains[MO_PREFIX_CHAINS]; /* in the order of the table */
    struct mo_lexicon *lexicon;
    struct mo_key *keys;
    size_t n_keys;
    const struct mo_key **forward; /* by number of the property; NULL: none */
    const struct mo_key **reverse;
    const struct mo_class **classes; /* by number of the class */
    struct mo_key_name *names;       /* sorted, forward and reverse */
    size_t n_names, n_in[MO_KEYS_COUNT];
    uint16_t *name_slots; /* of names by their hash: number, from 1; open addressing */
    size_t name_mask;
    const struct mo_class **class_names; /* sorted by key */
    size_t n_class_names;
};

/* "dct:title" as an IRI, in `arena`; an IRI stays itself; NULL when it is neither. */
const char *mo_vocab_expand(
    const struct mo_vocab *vocab, struct mo_arena *arena, const char *name);

/* Number of an IRI in the lexicon, or 0. */
uint16_t mo_vocab_number(const struct mo_vocab *vocab, const char *iri);

/* The same of a name as above; false when it is none. */
bool mo_vocab_named(const struct mo_vocab *vocab, struct mo_str name, uint16_t *number);

/* Namespace of a well-known prefix, or empty. */
struct mo_str mo_vocab_namespace(const struct mo_vocab *vocab, struct mo_str prefix);

/* The key for this property of `node` (by its types), or NULL. */
const struct mo_key *mo_vocab_key(const struct mo_vocab *vocab,
    const struct mo_term *property, const struct mo_term *node);

/* Whether one of the node's types is this class, or is like it. */
bool mo_vocab_has_class(
    const struct mo_vocab *vocab, const struct mo_term *node, uint16_t class);

/*
 * The key under which this statement stands, or NULL: a key has one JSON type, and what
 * does not fit goes under the IRI of its property.
 */
const struct mo_key *mo_vocab_key_of(
    const struct mo_vocab *vocab, const struct mo_stmt *stmt);

/*
 * The key for this property of nodes of one class alone (its number), or of all nodes; NULL
 * when there is none.
 */
const struct mo_key *mo_vocab_key_on(
    const struct mo_vocab *vocab, const struct mo_term *property, uint16_t class);

/* The key of a link whose property this is, or NULL. */
const struct mo_key *mo_vocab_link(
    const struct mo_vocab *vocab, const struct mo_term *property);

/* What a node is, by its types. */
enum mo_role mo_vocab_role(const struct mo_vocab *vocab, const struct mo_term *node);

/* Whether the statement lists its object in a catalogue, which makes it a record. */
bool mo_vocab_lists(const struct mo_vocab *vocab, const struct mo_stmt *stmt);

/* The class, or NULL when the table has none. */
const struct mo_class *mo_vocab_class(
    const struct mo_vocab *vocab, const struct mo_term *iri);

/* By JSON key, of whatever set; NULL when there is none. */
const struct mo_key *mo_vocab_key_named(const struct mo_vocab *vocab, struct mo_str name);
const struct mo_class *mo_vocab_class_named(
    const struct mo_vocab *vocab, struct mo_str key);

#endif
