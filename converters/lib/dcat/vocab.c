#include "dcat/vocab.h"

#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"

enum { MAX_KNOWN = 4096, PREFIX_MAX = 64 };

static const char *const known_iris[] = {
    NULL,
#define KNOWN(name, iri) iri,
#include "dcat/known.def"
#undef KNOWN
};

/* Of 32 prefixes few share one. */
static size_t
chain_of(struct mo_str prefix)
{
    size_t n = prefix.n;

    return n ? ((unsigned char)prefix.p[0] + (unsigned char)prefix.p[n / 2] +
                   5u * (unsigned char)prefix.p[n - 1] + n) %
                   MO_PREFIX_CHAINS
             : 0;
}

static int
read_prefixes(struct mo_vocab *v)
{
    const struct mo_table *t = mo_table(v->tables, "prefixes");

    v->prefixes = mo_arena_alloc(v->arena, (t->rows + 1) * sizeof *v->prefixes);
    for (size_t i = t->rows; v->prefixes && i-- > 0;) {
        struct mo_prefix *prefix = &v->prefixes[i];
        const struct mo_prefix **chain;

        prefix->name = mo_str(mo_table_cell(t, i, 0));
        prefix->space = mo_str(mo_table_cell(t, i, 1));
        chain = &v->prefix_chains[chain_of(prefix->name)];
        prefix->next = *chain;
        *chain = prefix;
    }
    v->n_prefixes = t->rows;
    return v->prefixes ? 0 : -1;
}

struct mo_str
mo_vocab_namespace(const struct mo_vocab *v, struct mo_str prefix)
{
    const struct mo_prefix *one = v->prefix_chains[chain_of(prefix)];

    while (one && !mo_str_eq(one->name, prefix))
        one = one->next;
    return one ? one->space : mo_str("");
}

/* The two parts of what the name stands for. False when it is neither prefixed nor an IRI. */
static bool
parts_of(const struct mo_vocab *v, struct mo_str name, struct mo_str parts[2])
{
    const char *colon = name.n ? memchr(name.p, ':', name.n) : NULL;

    if (!colon)
        return false;
    parts[0] = mo_vocab_namespace(v, mo_str_n(name.p, (size_t)(colon - name.p)));
    parts[1] = parts[0].n ? mo_str_from(name, (size_t)(colon - name.p) + 1) : name;
    return true;
}

static const char *
joined(struct mo_arena *arena, const struct mo_str parts[2])
{
    char *iri = mo_arena_alloc(arena, parts[0].n + parts[1].n + 1);

    if (!iri)
        return NULL;
    if (parts[0].n)
        memcpy(iri, parts[0].p, parts[0].n);
    if (parts[1].n)
        memcpy(iri + parts[0].n, parts[1].p, parts[1].n);
    iri[parts[0].n + parts[1].n] = '\0';
    return iri;
}

const char *
mo_vocab_expand(const struct mo_vocab *v, struct mo_arena *arena, const char *name)
{
    struct mo_str parts[2];

    return parts_of(v, mo_str(name), parts) ? joined(arena, parts) : NULL;
}

static uint16_t
number_of(const struct mo_vocab *v, struct mo_str iri)
{
    return mo_lexicon_find(v->lexicon, mo_node_hash(v->lexicon, MO_IRI, iri), iri);
}

uint16_t
mo_vocab_number(const struct mo_vocab *v, const char *iri)
{
    return number_of(v, mo_str(iri));
}

/* The number of what the parts make, or 0. */
static uint16_t
number_of_parts(const struct mo_vocab *v, const struct mo_str parts[2])
{
    char memory[256];
    struct mo_buf iri;
    uint16_t known;

    mo_buf_fixed(&iri, memory, sizeof memory);
    if (parts[0].n + parts[1].n >= sizeof memory)
        mo_buf_init(&iri, SIZE_MAX);
    mo_buf_str(&iri, parts[0]);
    mo_buf_str(&iri, parts[1]);
    known = iri.failed ? 0 : number_of(v, mo_buf_view(&iri));
    if (iri.p != memory)
        mo_buf_done(&iri);
    return known;
}

bool
mo_vocab_named(const struct mo_vocab *v, struct mo_str name, uint16_t *known)
{
    struct mo_str parts[2];

    if (!parts_of(v, name, parts))
        return false;
    *known = number_of_parts(v, parts);
    return true;
}

/* The number of what the parts make, which is added when it is new. */
static uint16_t
add(struct mo_vocab *v, const struct mo_str parts[2])
{
    uint16_t known = number_of_parts(v, parts);
    const char *iri = known ? NULL : joined(v->arena, parts);

    return iri ? mo_lexicon_add(v->lexicon, iri) : known;
}

/* Number of a prefixed name; 0 for an empty one, "*" and what cannot be expanded. */
static uint16_t
number(struct mo_vocab *v, struct mo_str name)
{
    struct mo_str parts[2];

    return parts_of(v, name, parts) ? add(v, parts) : 0;
}

/* Where DCAT-AP 2.1.1 has no name for it, ours, unless that means something else there. */
static struct mo_str
old_name(struct mo_str old, struct mo_str ours)
{
    return !old.n ? ours : mo_str_is(old, "-") ? mo_str("") : old;
}

/* The columns of properties.tsv that are read. */
enum column {
    KEY,
    PROPERTY,
    CLASS,
    KIND,
    NUMBER,
    MIN,
    MAX,
    RANGE,
    LINK,
    OLD_KEY,
    OLD_KIND,
    N_COLUMNS
};

static const char *const column_names[] = {"key", "property", "class", "kind", "number",
    "min", "max", "range", "link", "key_2_1_1", "kind_2_1_1"};

static int
read_key(struct mo_vocab *v, const char *const cells[N_COLUMNS], struct mo_key *key)
{
    const char *kind = cells[KIND];

    key->names[MO_KEYS_3_0_1] = mo_str(cells[KEY]);
    key->names[MO_KEYS_2_1_1] =
        old_name(mo_str(cells[OLD_KEY]), key->names[MO_KEYS_3_0_1]);
    key->property = number(v, mo_str(cells[PROPERTY]));
    key->on = number(v, mo_str(cells[CLASS]));
    key->range = number(v, mo_str(cells[RANGE]));
    key->many = strcmp(cells[NUMBER], "many") == 0;
    key->reverse = strcmp(cells[LINK], "reverse") == 0;
    key->kind = strcmp(kind, "text") == 0 ? MO_KIND_TEXT
                : strcmp(kind, "id") == 0 ? MO_KIND_ID
                                          : MO_KIND_TYPED;
    if (key->kind == MO_KIND_TYPED)
        key->datatype = number(v, mo_str(kind));
    key->mandatory = cells[MIN][0] == '1';
    key->single = cells[MAX][0] == '1';
    key->in_full = cells[OLD_KIND][0] != '\0';
    return key->property && key->names[0].n ? 0 : -1;
}

static int
by_name(const void *a, const void *b)
{
    return mo_str_cmp(
        ((const struct mo_key_name *)a)->text, ((const struct mo_key_name *)b)->text);
}

static int
by_class_key(const void *a, const void *b)
{
    return mo_str_cmp((*(const struct mo_class *const *)a)->key,
        (*(const struct mo_class *const *)b)->key);
}

static bool
same_meaning(const struct mo_key *a, const struct mo_key *b)
{
    return a->property == b->property && a->kind == b->kind &&
           a->datatype == b->datatype && a->many == b->many && a->reverse == b->reverse;
}

/* The slot of the name, or the free one where it belongs. */
static size_t
slot_of(const struct mo_vocab *v, struct mo_str name)
{
    size_t slot = mo_hash(mo_lexicon_key(v->lexicon), name) & v->name_mask;

    while (
        v->name_slots[slot] && !mo_str_eq(v->names[v->name_slots[slot] - 1].text, name))
        slot = (slot + 1) & v->name_mask;
    return slot;
}

/* A name means one thing wherever it stands, in each set of keys. */
static int
name_key(struct mo_vocab *v, const struct mo_key *key, enum mo_keys set)
{
    struct mo_key_name *name;
    size_t slot;

    if (!key->names[set].n)
        return 0;
    slot = slot_of(v, key->names[set]);
    if (!v->name_slots[slot]) {
        v->name_slots[slot] = (uint16_t)++v->n_names;
        v->names[v->n_names - 1].text = key->names[set];
        v->names[v->n_names - 1].key = key;
    }
    name = &v->names[v->name_slots[slot] - 1];
    if (!same_meaning(name->key, key))
        return -1;
    v->n_in[set] += !name->in[set];
    name->in[set] = true;
    return 0;
}

static void
sort_names(struct mo_vocab *v)
{
    qsort(v->names, v->n_names, sizeof *v->names, by_name);
    memset(v->name_slots, 0, (v->name_mask + 1) * sizeof *v->name_slots);
    for (size_t i = 0; i < v->n_names; ++i)
        v->name_slots[slot_of(v, v->names[i].text)] = (uint16_t)(i + 1);
}

/* Rank by first appearance of the name; rows of one name mostly stand together. */
static void
rank_key(const struct mo_vocab *v, struct mo_key *key)
{
    const struct mo_key *first = v->keys;

    if (key > first && mo_str_eq(key[-1].names[0], key->names[0])) {
        key->rank = key[-1].rank;
        return;
    }
    while (!mo_str_eq(first->names[0], key->names[0]))
        ++first;
    key->rank = (unsigned)(first - v->keys) + 1;
}

/* Room for the keys of `rows` rows, and their names in all sets. */
static int
make_room(struct mo_vocab *v, size_t rows)
{
    size_t names = MO_KEYS_COUNT * rows + 1, slots = 16;

    while (slots < 2 * names)
        slots *= 2;
    v->name_mask = slots - 1;
    v->keys = mo_arena_zero(v->arena, (rows + 1) * sizeof *v->keys);
    v->names = mo_arena_zero(v->arena, names * sizeof *v->names);
    v->name_slots = mo_arena_zero(v->arena, slots * sizeof *v->name_slots);
    return v->keys && v->names && v->name_slots ? 0 : -1;
}

static int
read_keys(struct mo_vocab *v, const struct mo_sink *sink)
{
    const struct mo_table *t = mo_table(v->tables, "properties");
    size_t columns[N_COLUMNS];

    for (size_t c = 0; c < N_COLUMNS; ++c)
        columns[c] = mo_table_column(t, column_names[c]);
    if (make_room(v, t->rows))
        return -1;
    for (size_t i = 0; i < t->rows; ++i) {
        struct mo_key *key = &v->keys[v->n_keys++];
        const char *cells[N_COLUMNS];

        for (size_t c = 0; c < N_COLUMNS; ++c)
            cells[c] = mo_table_cell(t, i, columns[c]);
        if (read_key(v, cells, key) || name_key(v, key, MO_KEYS_3_0_1) ||
            name_key(v, key, MO_KEYS_2_1_1)) {
            struct mo_diag diag = {
                .id = MO_DIAG_TABLE_KEY_CLASH, .detail = key->names[0]};

            mo_report(sink, &diag);
            return -1;
        }
        rank_key(v, key);
    }
    sort_names(v);
    return 0;
}

static enum mo_role
role_named(const char *name)
{
    static const char *const names[] = {
        [MO_ROLE_PLAIN] = "plain",
        [MO_ROLE_ROOT] = "root",
        [MO_ROLE_SERVICE] = "service",
        [MO_ROLE_RECORD] = "record",
        [MO_ROLE_VOCABULARY] = "vocabulary",
        [MO_ROLE_SHARED] = "shared",
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i)
        if (strcmp(name, names[i]) == 0)
            return (enum mo_role)i;
    return MO_ROLE_PLAIN;
}

/* The properties that other tables name must have numbers as well. */
static void
number_cells(struct mo_vocab *v, const char *table, const char *column)
{
    const struct mo_table *t = mo_table(v->tables, table);
    size_t c = mo_table_column(t, column);

    const char *last = "";

    for (size_t i = 0; i < t->rows; ++i) {
        const char *cell = mo_table_cell(t, i, c);

        if (cell == last) /* texts are in the tables once */
            continue;
        last = cell;
        for (struct mo_str rest = mo_str(cell); rest.n;) {
            size_t n = mo_str_find(rest, mo_str(" "), 0);

            number(v, mo_str_n(rest.p, n));
            rest = mo_str_from(rest, n + 1);
        }
    }
}

/* What a field of data.gouv.fr keeps its value under has a number as well. */
static void
number_fields(struct mo_vocab *v)
{
    const struct mo_table *t = mo_table(v->tables, "datagouv");
    size_t fields = mo_table_column(t, "field");

    for (size_t i = 0; i < t->rows; ++i) {
        struct mo_str field = mo_str(mo_table_cell(t, i, fields));

        if (mo_str_ends(field, mo_str(".*")))
            field.n -= 2;
        add(v, (const struct mo_str[]){mo_str(MO_DATAGOUV), field});
    }
}

static struct mo_class *
read_classes(struct mo_vocab *v, size_t *n)
{
    const struct mo_table *t = mo_table(v->tables, "classes");
    size_t id = mo_table_column(t, "class"), like = mo_table_column(t, "like"),
           key = mo_table_column(t, "key"), role = mo_table_column(t, "role"),
           wanted = mo_table_column(t, "wanted");
    struct mo_class *classes = mo_arena_zero(v->arena, (t->rows + 1) * sizeof *classes);

    v->class_names = mo_arena_zero(v->arena, (t->rows + 1) * sizeof(struct mo_class *));
    if (!classes || !v->class_names)
        return NULL;
    for (size_t i = 0; i < t->rows; ++i) {
        struct mo_class *class = &classes[i];

        class->id = number(v, mo_str(mo_table_cell(t, i, id)));
        class->like = number(v, mo_str(mo_table_cell(t, i, like)));
        class->key = mo_str(mo_table_cell(t, i, key));
        class->role = role_named(mo_table_cell(t, i, role));
        class->wanted = strcmp(mo_table_cell(t, i, wanted), "yes") == 0;
        if (class->key.n)
            v->class_names[v->n_class_names++] = class;
    }
    qsort(v->class_names, v->n_class_names, sizeof(struct mo_class *), by_class_key);
    *n = t->rows;
    return classes;
}

/* Keys by property, in the order of the table. */
static int
index_by_number(struct mo_vocab *v, struct mo_class *classes, size_t n_classes)
{
    size_t n = (size_t)mo_lexicon_size(v->lexicon) + 1;

    v->forward = mo_arena_zero(v->arena, n * sizeof(struct mo_key *));
    v->reverse = mo_arena_zero(v->arena, n * sizeof(struct mo_key *));
    v->classes = mo_arena_zero(v->arena, n * sizeof(struct mo_class *));
    if (!v->forward || !v->reverse || !v->classes)
        return -1;
    for (size_t i = v->n_keys; i > 0; --i) {
        struct mo_key *key = &v->keys[i - 1];
        const struct mo_key **head =
            (key->reverse ? v->reverse : v->forward) + key->property;

        key->next = *head;
        key->one_name = !key->next || (key->next->one_name &&
                                          mo_str_eq(key->next->names[0], key->names[0]));
        key->usual = key->next && key->next->usual              ? key->next->usual
                     : key->on == MO_K_DCAT_DATASET || !key->on ? key
                                                                : NULL;
        *head = key;
    }
    for (size_t i = 0; i < n_classes; ++i)
        v->classes[classes[i].id] = &classes[i];
    return 0;
}

struct mo_vocab *
mo_vocab_new(const struct mo_tables *tables, const struct mo_sink *sink)
{
    struct mo_vocab *v = calloc(1, sizeof *v);
    struct mo_class *classes = NULL;
    size_t n_classes = 0;
    bool fine;

    if (!v)
        return NULL;
    v->tables = tables;
    v->arena = mo_arena_new(64u << 20);
    v->lexicon = mo_lexicon_new(MAX_KNOWN);
    fine = v->arena && v->lexicon && read_prefixes(v) == 0;
    for (size_t i = 1; fine && i < MO_K_COUNT; ++i) {
        uint16_t k = mo_lexicon_add(v->lexicon, known_iris[i]);

        assert(k == i);
        fine = k == i;
    }
    if (!fine || read_keys(v, sink) || !(classes = read_classes(v, &n_classes)) ||
        (number_cells(v, "datagouv", "sources"),
            number_cells(v, "contact-roles", "property"), number_fields(v),
            number_cells(v, "rules", "class"), number_cells(v, "rules", "property"),
            number_cells(v, "rules", "argument"),
            index_by_number(v, classes, n_classes))) {
        mo_vocab_free(v);
        return NULL;
    }
    return v;
}

void
mo_vocab_free(struct mo_vocab *v)
{
    if (!v)
        return;
    mo_lexicon_free(v->lexicon);
    mo_arena_free(v->arena);
    free(v);
}

const struct mo_class *
mo_vocab_class(const struct mo_vocab *v, const struct mo_term *iri)
{
    return iri->known ? v->classes[iri->known] : NULL;
}

bool
mo_vocab_has_class(const struct mo_vocab *v, const struct mo_term *node, uint16_t class)
{
    for (const struct mo_stmt *s = node->first; s; s = s->next) {
        const struct mo_class *type;

        if (s->p->known != MO_K_RDF_TYPE)
            continue;
        type = mo_vocab_class(v, s->o);
        if (s->o->known == class || (type && type->like == class))
            return true;
    }
    return false;
}

const struct mo_key *
mo_vocab_key(
    const struct mo_vocab *v, const struct mo_term *property, const struct mo_term *node)
{
    const struct mo_key *key = property->known ? v->forward[property->known] : NULL;

    if (!key || key->one_name)
        return key;
    for (const struct mo_key *other = key; other; other = other->next)
        if (other->on && mo_vocab_has_class(v, node, other->on))
            return other;
    return key->usual ? key->usual : key;
}

const struct mo_key *
mo_vocab_key_on(const struct mo_vocab *v, const struct mo_term *property, uint16_t class)
{
    const struct mo_key *key = property->known ? v->forward[property->known] : NULL;

    while (key && key->on && key->on != class)
        key = key->next;
    return key;
}

const struct mo_key *
mo_vocab_key_of(const struct mo_vocab *v, const struct mo_stmt *stmt)
{
    const struct mo_key *key = mo_vocab_key(v, stmt->p, stmt->s);
    const struct mo_term *o = stmt->o;
    bool fits = key && (key->kind == MO_KIND_TEXT ? o->kind == MO_LITERAL
                           : key->kind == MO_KIND_ID
                               ? o->kind != MO_LITERAL
                               : o->datatype && o->datatype->known == key->datatype);

    return fits ? key : NULL;
}

const struct mo_key *
mo_vocab_link(const struct mo_vocab *v, const struct mo_term *property)
{
    return property->known ? v->reverse[property->known] : NULL;
}

enum mo_role
mo_vocab_role(const struct mo_vocab *v, const struct mo_term *node)
{
    enum mo_role role = MO_ROLE_PLAIN;

    for (const struct mo_stmt *s = node->first; s; s = s->next) {
        const struct mo_class *class;

        if (s->p->known == MO_K_RDF_TYPE && (class = mo_vocab_class(v, s->o)) &&
            (role == MO_ROLE_PLAIN || (class->role && class->role < role)))
            role = class->role;
    }
    return role;
}

bool
mo_vocab_lists(const struct mo_vocab *v, const struct mo_stmt *stmt)
{
    return (stmt->p->known == MO_K_DCAT_HAS_DATASET ||
               stmt->p->known == MO_K_DCAT_HAS_SERVICE ||
               stmt->p->known == MO_K_DCAT_HAS_CATALOG) &&
           mo_vocab_role(v, stmt->o) != MO_ROLE_RECORD;
}

const struct mo_key *
mo_vocab_key_named(const struct mo_vocab *v, struct mo_str name)
{
    uint16_t number = v->name_slots[slot_of(v, name)];

    return number ? v->names[number - 1].key : NULL;
}

const struct mo_class *
mo_vocab_class_named(const struct mo_vocab *v, struct mo_str name)
{
    const struct mo_class key = {.key = name}, *p = &key;
    const struct mo_class *const *hit = bsearch(
        &p, v->class_names, v->n_class_names, sizeof(struct mo_class *), by_class_key);

    return hit ? *hit : NULL;
}
