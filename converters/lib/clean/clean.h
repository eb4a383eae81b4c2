/*
 * The cleaner from inside.
 *
 * To add a rule: write a function of one of the two kinds below, in a file of its own; name
 * it in functions.def; and put rows into schemas/rules.tsv, which say for which class and
 * property it is called, in which order, with which argument, and under which code it
 * reports. A sample of each row goes into tests/kit/tables.py, a case into
 * tests/cli/dcatapclean.
 *
 * What a function must keep to:
 * - it changes the graph by the functions below alone, which report what they change;
 * - it says nothing and does nothing where there is nothing to repair;
 * - called again for what it made, it does nothing: it would be called for ever;
 * - its traits in functions.def are true: 0 promises nothing.
 *
 * Rules are applied in runs of one kind, as they stand in the table: a run goes through
 * all nodes of the record, root first, and what is added on the way is visited too.
 */
#ifndef MO_CLEAN_CLEAN_H
#define MO_CLEAN_CLEAN_H

#include <moisson/clean.h>

#include "dcat/concepts.h"
#include "dcat/mend.h"
#include "dcat/values.h"
#include "dcat/vocab.h"
#include "rdf/graph.h"

struct mo_rule;

/* For a statement of a node of the row's class with the row's property. */
typedef void mo_stmt_rule(
    struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt);

/* For a node of the row's class. */
typedef void mo_node_rule(
    struct mo_cleaner *c, const struct mo_rule *rule, struct mo_term *node);

/* The values that a function for statements looks at; of literals those with a datatype are typed. */
enum {
    MO_OF_IRI = 1,
    MO_OF_BLANK = 2,
    MO_OF_NODE = 3,
    MO_OF_PLAIN = 4,
    MO_OF_TYPED = 8,
    MO_OF_TEXT = 12,
    MO_OF_ANY = 15
};

/* What the value of a statement is; of an IRI, whether something is said of it here. */
enum mo_kind_of_value {
    MO_VALUE_IRI,
    MO_VALUE_DESCRIBED,
    MO_VALUE_BLANK,
    MO_VALUE_PLAIN,
    MO_VALUE_TYPED,
    MO_CLEAN_VALUES
};

/* What is known of a function, to spare calls of it. */
enum {
    /* It says what it finds and changes nothing, so it is called in the first round only. */
    MO_SAYS = 1,
    /*
     * Whether it has anything to do with a literal, or an IRI of which nothing is said, shows
     * in that alone, not in what stands beside it.
     */
    MO_BY_VALUE = 2,
    /* Of a property that no table names it looks at the name, whatever the value is. */
    MO_NAMES = 4,
    /* Of rows for any class and property that stand together it goes through all in one call. */
    MO_JOINED = 8,
    /*
     * Whether it has anything to do with a node shows in its shape and those of its values:
     * classes, properties, of which kind their values are and in which language.
     */
    MO_BY_SHAPE = 16,
    /*
     * As MO_BY_VALUE where the value alone shows that there is nothing to do; where it does not,
     * the function says so (mo_clean_heed).
     */
    MO_QUIET_BY_VALUE = 32,
    /* What it made it leaves alone. All are to do so; of this it is sure. */
    MO_ONCE = 64
};

/*
 * Which of its rules a statement needs: in the first round all, or, when its value is known to
 * be fine, those that look at more than that; in others those that change something; and when
 * it has not changed since, only those that may do now what they did not do then.
 */
enum mo_stage {
    MO_FIRST,
    MO_FIRST_FINE,
    MO_AGAIN,
    MO_SETTLED,
    MO_SETTLED_FINE,
    MO_STAGES
};

struct mo_rule_function {
    const char *name;
    mo_stmt_rule *stmt; /* one of the two */
    mo_node_rule *node;
    unsigned values; /* of MO_OF_… */
    int kind; /* of key that the property must have in some class; -1: any, or none */
    unsigned traits;
};

/* A row of rules.tsv. */
struct mo_rule {
    enum mo_diag_id id;
    uint16_t class, property; /* numbers in the lexicon; 0: any */
    const struct mo_rule_function *function;
    size_t more;              /* rows behind it that go with it (MO_JOINED) */
    struct mo_str argument;   /* as it stands */
    struct mo_str head, tail; /* its first word, and what stands behind that */
    struct mo_str iri; /* the same where it is a prefixed name or an IRI; or empty */
    uint16_t number;   /* of that, or 0 */
    unsigned list;     /* the vocabulary of this name, or 0 */
    uint16_t *words;   /* its words as numbers */
    size_t n_words;
};

/* The statement with a property that was met in a round. */
struct mo_seen {
    size_t round;
    struct mo_stmt *stmt;
};

/* The classes of a node, those that they are like for them. */
enum { MO_CLEAN_CLASSES = 16 };
struct mo_classes {
    const struct mo_term *node; /* NULL: not known */
    size_t n;
    uint16_t ids[MO_CLEAN_CLASSES];
};

/* A term that has a number, in the graph of the record in hand. */
struct mo_borrowed {
    size_t record; /* in which it was borrowed last */
    struct mo_term *ours;
};

/* A short text, kept; its memory is used again for another. */
struct mo_kept {
    char *p;
    uint16_t n, room;
};

/* What a value was found to mean, kept for the next that is the same. */
enum { MO_CLEAN_MEANINGS = 512, MO_CLEAN_MEANING_TEXT = 112 };
struct mo_meaning {
    uint64_t hash;
    struct mo_kept text;
    unsigned list; /* 0: free */
    struct mo_str iri;
};

/*
 * A value of a property of which no rule with MO_BY_VALUE had anything to say, kept for the
 * next record that has it.
 */
enum { MO_CLEAN_FINE = 1024, MO_CLEAN_FINE_TEXT = 108 };
struct mo_fine {
    uint64_t hash;
    struct mo_kept text; /* and the language behind it */
    uint16_t property;   /* its number; 0: free */
    uint16_t datatype;   /* its number, or 0 */
    uint16_t n_lang;
    uint8_t kind;
    bool met; /* since another wanted its place */
};

/* mo_stmt.fine: not known; it is, unless something is said of it in this round; it was found so. */
enum { MO_FINE_UNKNOWN, MO_FINE_IF_QUIET, MO_FINE_FOUND };

/* What was found of the address that was looked at last: several rules ask the same. */
struct mo_address {
    const struct mo_term *term; /* NULL: none */
    enum mo_verdict verdict;
    enum mo_reach reach; /* of it as it stands */
    unsigned faults;
    struct mo_buf text; /* mended */
};

/* The same of a geometry. */
struct mo_geometry {
    const struct mo_term *term;
    enum mo_verdict verdict;
    struct mo_place_found found;
    struct mo_buf text;
};

/* The same of a date. */
struct mo_date_found {
    const struct mo_term *term;
    enum mo_verdict verdict;
    enum mo_time kind;
    struct mo_date date;
};

/* Whether a format says nothing, kept for the next that is the same. */
enum { MO_CLEAN_VAGUE = 512 };
struct mo_vague {
    uint64_t hash;
    bool known, vague;
};

/* Those for a property, by kind of value, each ended by NULL; NULL: not made yet. */
struct mo_rule_lists {
    const struct mo_rule *const *all; /* in any of them */
    const struct mo_rule *const *at[MO_STAGES][MO_CLEAN_VALUES];
};

/* Whether any pass has rules for a property, by kind of value. */
enum mo_any { MO_ANY_UNKNOWN, MO_ANY_NONE, MO_ANY_SOME };
struct mo_any_rules {
    uint8_t at[MO_STAGES][MO_CLEAN_VALUES]; /* of MO_ANY_… */
};

/* Rules of one kind that stand together. */
struct mo_pass {
    bool nodes;
    const struct mo_rule *rules;
    size_t n;
    unsigned traits;                    /* that all of them have */
    unsigned shapes;                    /* of mo_cleaner.shapes, when it was begun last */
    struct mo_rule_lists **by_property; /* NULL of one for nodes; 0: no table names it */
};

struct mo_cleaner {
    struct mo_clean_options options;
    const struct mo_vocab *vocab;
    struct mo_values *values;
    struct mo_concepts *concepts;
    struct mo_arena *arena; /* of the rules */
    struct mo_rule *rules;
    size_t n_rules;
    struct mo_pass *passes;
    size_t n_passes;
    const struct mo_rule **listed;   /* room for all */
    struct mo_any_rules *any;        /* by number of the property */
    const struct mo_key **mandatory; /* sorted by class */
    size_t n_mandatory;
    struct mo_meaning *meanings;
    struct mo_vague vague[MO_CLEAN_VAGUE];
    struct mo_fine *fine;
    struct mo_seen *seen; /* by number of the property */
    size_t round;
    struct mo_borrowed *borrowed; /* by number */
    size_t records;               /* so far */

    /* The record in hand, in a graph of its own; its texts are those of what was read. */
    const struct mo_record *from;
    struct mo_record record;
    struct mo_graph *graph;
    struct mo_term *nothing; /* the property of statements that are no more */
    struct mo_term **nodes;  /* body, what stands beside it, what is new */
    size_t n_nodes, cap_nodes, n_from;
    size_t n_blanks;
    struct mo_classes classes; /* of the node that was asked for last */
    struct mo_address address;
    struct mo_geometry geometry;
    struct mo_date_found date;
    const struct mo_term *sound; /* the last text that was found in its own characters */
    bool swept;                  /* statements are no more */
    bool changed;                /* and nodes perhaps neither */
    bool described;              /* nodes are that were not when this round began */
    bool dirty;                  /* a rule changed something in this round */
    uint8_t rounds;              /* the round in hand, from 1 */
    uint8_t unsettled; /* that in which nodes came back or lost what was said of them */
    unsigned said;     /* how often something was said or told */
    unsigned shapes;   /* how often a node got another shape (MO_BY_SHAPE) */
    bool trouble;      /* memory was short */
    struct mo_buf detail, shown, name;
    struct mo_buf text; /* of the rules for texts */
};

/* ---- Looking ---- */

/* Whether it is not the first round. */
static inline bool
mo_clean_again(const struct mo_cleaner *c)
{
    return c->rounds > 1;
}

/* Whether the statement is there; one that was dropped is not, until it is swept. */
static inline bool
mo_clean_is_there(const struct mo_cleaner *c, const struct mo_stmt *stmt)
{
    return stmt->p != c->nothing;
}

/* The classes of the node; valid until the next call, or change of a class. */
const struct mo_classes *mo_clean_classes(
    struct mo_cleaner *c, const struct mo_term *node);

/* The key that the property has in a class of the subject, whatever the value is; or NULL. */
const struct mo_key *mo_clean_key(struct mo_cleaner *c, const struct mo_stmt *stmt);

/* The first statement of the node with this property (its number), or NULL. */
struct mo_stmt *mo_clean_first(const struct mo_term *node, uint16_t property);

/* Whether the property names or numbers what a node stands for. */
bool mo_clean_is_name(const struct mo_term *property);

/* Whether it is the root of a part: most that it says has left already. */
static inline bool
mo_clean_is_part(const struct mo_cleaner *c, const struct mo_term *node)
{
    return c->from->kind == MO_RECORD_PART && node == c->record.root;
}

/* ---- Terms of the graph; NULL, with the record given up, when memory is short ---- */

struct mo_term *mo_clean_iri(struct mo_cleaner *c, struct mo_str iri);

/* `datatype`: an IRI of the graph, or NULL. `lang`: empty for none. */
struct mo_term *mo_clean_literal(struct mo_cleaner *c, struct mo_str text,
    struct mo_term *datatype, struct mo_str lang);

/*
 * A node without a name, of this class (its number; 0: none), that is to become the value of
 * the statement.
 */
struct mo_term *mo_clean_node(
    struct mo_cleaner *c, const struct mo_stmt *stmt, uint16_t class);

/*
 * Whether a label alone makes a node of the class, and then the property to give it by: the
 * one that the class must have, or rdfs:label.
 */
bool mo_clean_may_be_labelled(
    const struct mo_cleaner *c, uint16_t class, uint16_t *label);

/* The IRI of what a literal or IRI means in the vocabulary; or empty. */
struct mo_str mo_clean_meaning(
    struct mo_cleaner *c, unsigned list, const struct mo_term *term);

/*
 * A node of the class that the statement's property asks for, with the value, a text, as its
 * label: by the property with this number, or (0) what the class must have, or rdfs:label.
 */
struct mo_term *mo_clean_labelled(
    struct mo_cleaner *c, const struct mo_stmt *stmt, uint16_t label);

/* The IRI with this number. */
struct mo_term *mo_clean_known(struct mo_cleaner *c, uint16_t number);

/* ---- Changing ---- */

/* From here on the node may be named twice: it and what stands below it need their names. */
void mo_clean_name(struct mo_term *node);

/* Say that the rule found, or changed, this: `before` and `after` may be NULL. */
void mo_clean_say(struct mo_cleaner *c, const struct mo_rule *rule,
    const struct mo_term *property, const struct mo_term *before,
    const struct mo_term *after);

/* Nothing was found, but may be in the same value elsewhere. */
static inline void
mo_clean_heed(struct mo_cleaner *c)
{
    ++c->said;
}

/* Say that the rule misses the property of this node. */
void mo_clean_say_of(struct mo_cleaner *c, const struct mo_rule *rule,
    const struct mo_term *node, const struct mo_term *property);

/* Another value. What was said of the old one goes with it where nothing else leads to it. */
void mo_clean_value(struct mo_cleaner *c, const struct mo_rule *rule,
    struct mo_stmt *stmt, struct mo_term *value);

/* Several values, at least one, in place of one; reported once. */
void mo_clean_values(struct mo_cleaner *c, const struct mo_rule *rule,
    struct mo_stmt *stmt, struct mo_term *const values[], size_t n);

/* Another property with the same value. */
void mo_clean_property(struct mo_cleaner *c, const struct mo_rule *rule,
    struct mo_stmt *stmt, struct mo_term *property);

/* The same, for what is better known by its value than by its property. */
void mo_clean_move(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt,
    struct mo_term *property);

/* The node is of this class (its number). */
void mo_clean_type(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_term *node,
    uint16_t class);

/* The statement is left out. */
void mo_clean_drop(
    struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt);

/* One more statement, reported as a value without one before. */
void mo_clean_add(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_term *s,
    struct mo_term *p, struct mo_term *o);

/* The same in silence: for what a rule says of a node that it made. */
void mo_clean_tell(
    struct mo_cleaner *c, struct mo_term *s, struct mo_term *p, struct mo_term *o);

/* ---- For cleaner.c ---- */

/* Keep `text` with `more` behind it. 0, or -1 without memory: what was kept is. */
int mo_keep(
    struct mo_arena *arena, struct mo_kept *kept, struct mo_str text, struct mo_str more);

/* mo_term.level of a node that is on the list, and of one that was. */
enum { MO_CLEAN_LISTED = 1, MO_CLEAN_GONE };

/* Put a node that has statements of its own now among those of the record. 0, or -1. */
int mo_clean_list(struct mo_cleaner *c, struct mo_term *node);

/* Set `fine` of a statement that was read: found so, or to be kept where all is quiet. */
void mo_fine_look(const struct mo_cleaner *c, struct mo_stmt *stmt);

/* At the end of the first round: keep what was found fine. */
void mo_fine_keep(const struct mo_cleaner *c, const struct mo_stmt *stmt);

/* Whether what the rule does with such a value shows in that alone, by its trait MO_…BY_VALUE. */
static inline bool
mo_rule_is_by_value(
    const struct mo_rule *rule, enum mo_kind_of_value value, unsigned trait)
{
    return (rule->function->traits & trait) && !rule->class &&
           value != MO_VALUE_DESCRIBED && value != MO_VALUE_BLANK;
}

/* Read the table into rules and passes. 0, or -1 (reported). */
int mo_rules_read(struct mo_cleaner *c);

/*
 * The rules of a pass for a property (its number, or 0), a kind of value and a stage, ended
 * by NULL; kept in the pass. NULL when memory is short.
 */
const struct mo_rule *const *mo_rules_for(struct mo_cleaner *c,
    const struct mo_pass *pass, uint16_t property, enum mo_kind_of_value value,
    enum mo_stage stage);

extern const struct mo_rule_function mo_rule_functions[];
#define STMT(name, values, kind, traits) mo_stmt_rule mo_rule_##name;
#define NODE(name, traits) mo_node_rule mo_rule_##name;
#include "clean/functions.def"
#undef STMT
#undef NODE

#endif
