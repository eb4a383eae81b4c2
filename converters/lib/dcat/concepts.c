#include "dcat/concepts.h"

#include <stdlib.h>

#include <moisson/iri.h>
#include <moisson/text.h>

#include "base/ctype.h"
#include "base/hash.h"
#include "dcat/values_impl.h"

#define EU "http://publications.europa.eu/resource/authority/"
#define IANA "http://www.iana.org/assignments/media-types/"

enum { LONGEST = 1024, LONGEST_SHOWN = 250, FIRST_FORMS = 4096 };

/* A form, as it is compared, and what it means. */
struct concept {
    uint64_t hash; /* of list and form; 0: free */
    struct mo_str form;
    struct mo_str iri;
};

struct mo_concepts {
    const struct mo_values *values;
    struct mo_arena *arena;
    uint64_t key;
    struct concept *at; /* open addressing */
    size_t mask, n;
    unsigned read; /* a bit for each list that was */
    bool trouble;
};

/* A controlled vocabulary: how its table says what a form means. */
struct list {
    const char *name;
    const char *space; /* of its IRIs */
    const char *table;
    const char *before[2]; /* in a row of that: what stands before words, and addresses */
    void (*read)(struct mo_concepts *c, unsigned list);
    struct {
        const char *table, *column;
        const char *which, *value; /* the rows that have this in that column; NULL: all */
        bool codes;                /* the ends of IRIs, below the space */
    } own;                         /* where its IRIs stand */
};

static void read_concepts(struct mo_concepts *c, unsigned list);
static void read_file_types(struct mo_concepts *c, unsigned list);
static void read_frequencies(struct mo_concepts *c, unsigned list);
static void read_languages(struct mo_concepts *c, unsigned list);
static void read_media_types(struct mo_concepts *c, unsigned list);
static void read_themes(struct mo_concepts *c, unsigned list);

/* What concepts.tsv says of a list: most are there and nowhere else. */
#define ROWS(name)                                                                       \
    {                                                                                    \
        name "\t\t", name "\t\t"                                                         \
    }
#define IRIS(name)                                                                       \
    {                                                                                    \
        "concepts", "concept", "list", name, false                                       \
    }
#define CONCEPTS(name, space)                                                            \
    {                                                                                    \
        name, space, "concepts", ROWS(name), read_concepts, IRIS(name)                   \
    }

static const struct list lists[] = {
    {.name = NULL},
    CONCEPTS("access-right", EU "access-right/"),
    CONCEPTS("availability", EU "planned-availability/"),
    CONCEPTS("checksum-algorithm", "http://spdx.org/rdf/terms#checksumAlgorithm_"),
    CONCEPTS("hvd-category", "http://data.europa.eu/bna/"),
    CONCEPTS("inspire-theme", "http://inspire.ec.europa.eu/theme/"),
    CONCEPTS("status", EU "distribution-status/"),
    {"file-type", EU "file-type/", "file-types", {"\tformat\t", "\tformat\t"},
        read_file_types, {"file-types", "type", NULL, NULL, true}},
    {"frequency", EU "frequency/", "frequencies", {"\tfr\t", "\turl\t"}, read_frequencies,
        {"frequencies", "form", "kind", "eu", true}},
    {"language", EU "language/", "concepts", ROWS("language"), read_languages,
        {"languages", "language", NULL, NULL, true}},
    {.name = "licence",
        .space = EU "licence/",
        .table = "licences",
        .before = {"\ttitle\t", "\turl\t"}},
    {"media-type", IANA, "concepts", ROWS("media-type"), read_media_types,
        IRIS("media-type")},
    {"theme", EU "data-theme/", "concepts", ROWS("theme"), read_themes, IRIS("theme")},
};

enum { N_LISTS = sizeof lists / sizeof lists[0] };

unsigned
mo_concept_list(struct mo_str name)
{
    for (unsigned i = 1; i < N_LISTS && name.n; ++i)
        if (name.p[0] == lists[i].name[0] && mo_str_is(name, lists[i].name))
            return i;
    return 0;
}

bool
mo_concept_is_of(unsigned list, struct mo_str iri)
{
    return mo_str_starts(iri, mo_str(lists[list].space));
}

const char *
mo_concept_row(unsigned list, struct mo_str form, struct mo_buf *row)
{
    form = mo_utf8_head(form, LONGEST_SHOWN);
    mo_buf_c(row, lists[list].before[mo_is_web(form)]);
    for (size_t i = 0; i < form.n; ++i)
        mo_buf_byte(row, strchr("\t\r\n", form.p[i]) ? ' ' : form.p[i]);
    return lists[list].table;
}

/* ---- Forms ---- */

/* As it is compared: host, path and fragment, or a slug. */
static void
put_form(const struct mo_values *v, struct mo_str text, struct mo_buf *out)
{
    if (mo_is_web(text)) {
        struct mo_iri iri = mo_iri_parse(text);

        mo_buf_c(out, "//");
        mo_forms_put_iri(out, &iri);
        mo_buf_byte(out, '#');
        mo_buf_str(out, iri.fragment);
    } else {
        mo_slug(v, text, out);
    }
}

static uint64_t
hash_of(const struct mo_concepts *c, unsigned list, struct mo_str form)
{
    return mo_hash(c->key + list, form) | 1;
}

/* The concept, or the free slot where it belongs. */
static struct concept *
slot(const struct mo_concepts *c, uint64_t hash, struct mo_str form)
{
    size_t i = hash & c->mask;

    while (c->at[i].hash && (c->at[i].hash != hash || !mo_str_eq(c->at[i].form, form)))
        i = (i + 1) & c->mask;
    return &c->at[i];
}

static void
widen(struct mo_concepts *c)
{
    struct concept *old = c->at;
    size_t n = old ? c->mask + 1 : 0, size = old ? 2 * n : FIRST_FORMS;

    c->at = calloc(size, sizeof *c->at);
    if (!c->at) {
        c->at = old;
        c->trouble = true;
        return;
    }
    c->mask = size - 1;
    for (size_t i = 0; i < n; ++i) {
        size_t k = old[i].hash & c->mask;

        while (old[i].hash && c->at[k].hash)
            k = (k + 1) & c->mask;
        if (old[i].hash)
            c->at[k] = old[i];
    }
    free(old);
}

/* The first that says what a form means counts. */
static void
add_form(struct mo_concepts *c, unsigned list, struct mo_str form, struct mo_str iri)
{
    uint64_t hash = hash_of(c, list, form);
    struct concept *s;

    if (c->n >= c->mask / 2)
        widen(c);
    if (c->trouble || !form.n || !iri.n)
        return;
    s = slot(c, hash, form);
    if (s->hash)
        return;
    if (mo_arena_copy(c->arena, form, &s->form)) {
        c->trouble = true;
        return;
    }
    s->hash = hash;
    s->iri = iri;
    ++c->n;
}

static void
add(struct mo_concepts *c, unsigned list, struct mo_str text, struct mo_str iri)
{
    char memory[LONGEST];
    struct mo_buf form;

    mo_buf_fixed(&form, memory, sizeof memory);
    put_form(c->values, text, &form);
    if (!form.failed)
        add_form(c, list, mo_buf_view(&form), iri);
}

/* Two texts, one behind the other. */
static struct mo_str
joined(struct mo_concepts *c, const char *head, struct mo_str tail)
{
    size_t n = strlen(head);
    char *p = mo_arena_alloc(c->arena, n + tail.n + 1);

    if (!p) {
        c->trouble = true;
        return mo_str("");
    }
    memcpy(p, head, n);
    memcpy(p + n, tail.p, tail.n);
    p[n + tail.n] = '\0';
    return mo_str_n(p, n + tail.n);
}

/* A namespace, and what the forms of addresses in it begin with. */
struct space {
    const char *iri; /* empty: none, for codes by themselves */
    char memory[128];
    struct mo_str head;
};

static void
open_space(const struct mo_concepts *c, struct space *space, const char *iri)
{
    char memory[128];
    struct mo_buf text, form;

    mo_buf_fixed(&text, memory, sizeof memory);
    mo_buf_fixed(&form, space->memory, sizeof space->memory);
    mo_buf_c(&text, iri);
    mo_buf_c(&text, "x");
    put_form(c->values, mo_buf_view(&text), &form);
    space->iri = iri;
    space->head = mo_str_n(form.p, iri[0] ? form.n - strlen("x#") : 0);
}

/* Whether an address that ends in the code has a form that does, but for letter case. */
static bool
is_simple(struct mo_str code)
{
    return code.n && code.p[code.n - 1] != '/' && !memchr(code.p, '?', code.n) &&
           !memchr(code.p, '#', code.n);
}

/* A code in a namespace. */
static void
add_code(struct mo_concepts *c, unsigned list, const struct space *space,
    struct mo_str code, struct mo_str iri)
{
    bool simple = space->head.n && is_simple(code);
    char memory[LONGEST];
    struct mo_buf text;

    if (!code.n)
        return;
    mo_buf_fixed(&text, memory, sizeof memory);
    mo_buf_str(&text, simple ? space->head : mo_str(space->iri));
    mo_buf_str(&text, code);
    if (!simple) {
        add(c, list, mo_buf_view(&text), iri);
        return;
    }
    for (size_t i = space->head.n; i < text.n; ++i)
        text.p[i] = mo_lower(text.p[i]);
    mo_buf_byte(&text, '#');
    if (!text.failed)
        add_form(c, list, mo_buf_view(&text), iri);
}

/* Without the parameters of a media type. */
static struct mo_str
without_parameters(struct mo_str text)
{
    size_t slash = mo_str_find(text, mo_str("/"), 0);

    text.n = slash < text.n ? mo_str_find(text, mo_str(";"), slash) : text.n;
    return text;
}

/*
 * The text, when it is an IRI of the list as the table has it; or empty. Nothing else means that:
 * so it can be told without reading the list, unless rows were laid over its table.
 */
static struct mo_str
own_iri(struct mo_concepts *c, unsigned list, struct mo_str text)
{
    const struct list *l = &lists[list];
    const struct mo_table *t = mo_table(c->values->vocab->tables, l->own.table);
    struct mo_str space = mo_str(l->space);
    struct mo_str wanted = l->own.codes ? mo_str_from(text, space.n) : text;
    size_t column = mo_table_column(t, l->own.column),
           which = l->own.which ? mo_table_column(t, l->own.which) : column;

    if (t->cells || !mo_str_starts(text, space) || !wanted.n)
        return mo_str("");
    for (size_t i = 0; i < t->rows; ++i) {
        const char *iri = mo_table_cell(t, i, column);

        if (iri[0] == wanted.p[0] &&
            (!l->own.which || strcmp(mo_table_cell(t, i, which), l->own.value) == 0) &&
            mo_str_is(wanted, iri))
            return l->own.codes ? joined(c, l->space, wanted) : mo_str(iri);
    }
    return mo_str("");
}

/*
 * The concept of a text that has this form, or a free slot. The list's tables are read when one
 * is asked for that is no IRI of the list.
 */
static const struct concept *
find(struct mo_concepts *c, unsigned list, struct mo_str text, struct mo_str form)
{
    uint64_t hash = hash_of(c, list, form);
    const struct concept *s = slot(c, hash, form);

    if (s->hash || c->read & 1u << list)
        return s;
    add_form(c, list, form, own_iri(c, list, text));
    s = slot(c, hash, form);
    if (s->hash)
        return s;
    c->read |= 1u << list;
    lists[list].read(c, list);
    return slot(c, hash, form);
}

void
mo_concepts_read(struct mo_concepts *c)
{
    for (unsigned i = 1; i < N_LISTS; ++i)
        if (lists[i].read && !(c->read & 1u << i)) {
            c->read |= 1u << i;
            lists[i].read(c, i);
        }
}

bool
mo_concepts_failed(const struct mo_concepts *c)
{
    return c->trouble;
}

struct mo_str
mo_concept(struct mo_concepts *c, unsigned list, struct mo_str text)
{
    char memory[LONGEST];
    struct mo_buf form;
    const struct concept *s;
    struct mo_licence licence;

    if (!lists[list].read) /* the only one whose names stand in sentences */
        return mo_licence_named(c->values, text, &licence) ? licence.iri : mo_str("");
    text = mo_str_trim(without_parameters(text));
    mo_buf_fixed(&form, memory, sizeof memory);
    put_form(c->values, text, &form);
    if (form.failed || !form.n)
        return mo_str("");
    s = find(c, list, text, mo_buf_view(&form));
    return s->hash ? s->iri : mo_str("");
}

bool
mo_concept_is_known(struct mo_concepts *c, unsigned list, struct mo_str text)
{
    return (!lists[list].read && mo_licence(c->values, text).n) ||
           mo_concept(c, list, text).n;
}

/* ---- Tables ---- */

static struct mo_str
cell(const struct mo_table *t, size_t row, size_t column)
{
    return mo_str(mo_table_cell(t, row, column));
}

/* The EU's code for what data.gouv.fr calls so: of several the first. */
static struct mo_str
code_of(const struct mo_table *t, struct mo_str id)
{
    size_t kind = mo_table_column(t, "kind"), ids = mo_table_column(t, "id"),
           form = mo_table_column(t, "form");

    for (size_t i = 0; i < t->rows; ++i)
        if (mo_str_eq(cell(t, i, ids), id) && mo_str_is(cell(t, i, kind), "eu"))
            return cell(t, i, form);
    return mo_str("");
}

/* Rows of one id stand together. */
static void
read_frequencies(struct mo_concepts *c, unsigned list)
{
    static const struct {
        const char *kind, *space;
    } kinds[] = {{"eu", EU "frequency/"}, {"cld", "http://purl.org/cld/freq/"},
        {"inspire",
            "http://inspire.ec.europa.eu/metadata-codelist/MaintenanceFrequency/"},
        {"url", ""}};
    enum { N_KINDS = sizeof kinds / sizeof kinds[0] };
    const struct mo_table *t = mo_table(c->values->vocab->tables, "frequencies");
    size_t kind = mo_table_column(t, "kind"), forms = mo_table_column(t, "form"),
           ids = mo_table_column(t, "id");
    struct mo_str id = mo_str(""), usual = mo_str("");
    struct space spaces[N_KINDS];

    for (size_t k = 0; k < N_KINDS; ++k)
        open_space(c, &spaces[k], kinds[k].space);
    for (size_t i = 0; i < t->rows; ++i) {
        struct mo_str form = cell(t, i, forms), code, iri;

        if (i == 0 || !mo_str_eq(cell(t, i, ids), id)) {
            id = cell(t, i, ids);
            usual = code_of(t, id);
        }
        code = mo_str_is(cell(t, i, kind), "eu") ? form : usual;
        if (!code.n)
            continue;
        iri = joined(c, EU "frequency/", code);
        for (size_t k = 0; k < N_KINDS; ++k)
            if (mo_str_is(cell(t, i, kind), kinds[k].kind))
                add_code(c, list, &spaces[k], form, iri);
        add(c, list, form, iri);
    }
}

static void
read_languages(struct mo_concepts *c, unsigned list)
{
    static const struct {
        const char *column, *space;
    } codes[] = {{"language", EU "language/"}, {"language", ""}, {"iso639_1", ""},
        {"iso639_3", ""}, {"iso639_2b", ""},
        {"iso639_1", "http://id.loc.gov/vocabulary/iso639-1/"},
        {"iso639_3", "http://id.loc.gov/vocabulary/iso639-2/"},
        {"iso639_2b", "http://id.loc.gov/vocabulary/iso639-2/"},
        {"iso639_3", "http://id.loc.gov/vocabulary/languages/"},
        {"iso639_2b", "http://id.loc.gov/vocabulary/languages/"},
        {"iso639_3", "http://id.loc.gov/vocabulary/iso639-3/"},
        {"iso639_1", "http://lexvo.org/id/iso639-1/"},
        {"iso639_3", "http://lexvo.org/id/iso639-3/"}, {"fr", ""}, {"en", ""}};
    const struct mo_table *t = mo_table(c->values->vocab->tables, "languages");
    size_t language = mo_table_column(t, "language");
    struct mo_str *iris = mo_arena_alloc(c->arena, (t->rows + 1) * sizeof *iris);

    c->trouble = c->trouble || !iris;
    for (size_t i = 0; iris && i < t->rows; ++i)
        iris[i] = joined(c, EU "language/", cell(t, i, language));
    for (size_t k = 0; iris && k < sizeof codes / sizeof codes[0]; ++k) {
        size_t column = mo_table_column(t, codes[k].column);
        struct space space;

        open_space(c, &space, codes[k].space);
        for (size_t i = 0; i < t->rows; ++i)
            add_code(c, list, &space, cell(t, i, column), iris[i]);
    }
    read_concepts(c, list);
}

/* The rows of concepts.tsv for the list. Those of one concept stand together. */
static void
read_concepts(struct mo_concepts *c, unsigned list)
{
    const struct mo_table *t = mo_table(c->values->vocab->tables, "concepts");
    size_t names = mo_table_column(t, "list"), concepts = mo_table_column(t, "concept"),
           form = mo_table_column(t, "form");
    struct mo_str last = mo_str("");

    for (size_t i = 0; i < t->rows; ++i)
        if (mo_str_is(cell(t, i, names), lists[list].name)) {
            struct mo_str concept = cell(t, i, concepts);

            if (!mo_str_eq(concept, last))
                add(c, list, concept, concept);
            add(c, list, cell(t, i, form), concept);
            last = concept;
        }
}

static void
read_themes(struct mo_concepts *c, unsigned list)
{
    const struct mo_table *t = mo_table(c->values->vocab->tables, "themes");
    size_t tag = mo_table_column(t, "tag"), theme = mo_table_column(t, "theme");

    read_concepts(c, list);
    for (size_t i = 0; i < t->rows; ++i)
        add(c, list, cell(t, i, tag), joined(c, EU "data-theme/", cell(t, i, theme)));
}

static void
read_file_types(struct mo_concepts *c, unsigned list)
{
    const struct mo_table *t = mo_table(c->values->vocab->tables, "file-types");
    size_t forms = mo_table_column(t, "form"), types = mo_table_column(t, "type"),
           kind = mo_table_column(t, "kind");
    struct space ours, media;

    open_space(c, &ours, EU "file-type/");
    open_space(c, &media, IANA);
    for (size_t i = 0; i < t->rows; ++i) {
        struct mo_str form = cell(t, i, forms), type = cell(t, i, types);
        struct mo_str iri = joined(c, EU "file-type/", type);

        add_code(c, list, &ours, type, iri);
        add(c, list, form, iri);
        if (mo_str_is(cell(t, i, kind), "mime"))
            add_code(c, list, &media, form, iri);
    }
    read_concepts(c, list);
}

/* Those that are registered, others that mean one of them, and formats that have one. */
static void
read_media_types(struct mo_concepts *c, unsigned list)
{
    const struct mo_table *t = mo_table(c->values->vocab->tables, "media-types");
    const struct mo_table *types = mo_table(c->values->vocab->tables, "file-types");
    size_t form = mo_table_column(types, "form"), type = mo_table_column(types, "type"),
           kind = mo_table_column(types, "kind"), name = mo_table_column(t, "form"),
           meant = mo_table_column(t, "type");
    struct space media, file_types;

    open_space(c, &media, IANA);
    open_space(c, &file_types, EU "file-type/");
    read_concepts(c, list);
    for (size_t i = 0; i < t->rows; ++i) {
        struct mo_str iri = joined(c, IANA, cell(t, i, meant));

        add_code(c, list, &media, cell(t, i, name), iri);
        add(c, list, cell(t, i, name), iri);
    }
    for (size_t i = 0; i < types->rows; ++i)
        if (mo_str_is(cell(types, i, kind), "mime"))
            add_code(c, list, &file_types, cell(types, i, type),
                mo_concept(c, list, cell(types, i, form)));
    for (size_t i = 0; i < types->rows; ++i) {
        struct mo_str iri = joined(c, EU "file-type/", cell(types, i, type));

        if (mo_str_is(cell(types, i, kind), "format"))
            add(c, list, cell(types, i, form), mo_concept(c, list, iri));
    }
}

/* ---- Making it ---- */

struct mo_concepts *
mo_concepts_new(const struct mo_values *values)
{
    struct mo_concepts *c = calloc(1, sizeof *c);

    if (!c)
        return NULL;
    c->values = values;
    c->key = mo_lexicon_key(values->vocab->lexicon);
    c->arena = mo_arena_new(64u << 20);
    widen(c);
    if (!c->arena || c->trouble) {
        mo_concepts_free(c);
        return NULL;
    }
    return c;
}

void
mo_concepts_free(struct mo_concepts *c)
{
    if (!c)
        return;
    mo_arena_free(c->arena);
    free(c->at);
    free(c);
}
