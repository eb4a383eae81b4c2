#include "unit.h"

#include "base/table.h"
#include "dcat/vocab.h"
#include "datagouv/payload.h"
#include "datagouv/read.h"
#include "jsonld/known.h"

static const char *last_code;
static size_t last_line;

static void
hear(void *ctx, const struct mo_diag *diag)
{
    (void)ctx;
    last_code = mo_diag_row(diag->id)->code;
    last_line = diag->line;
}

static const struct mo_sink sink = {hear, NULL};

static int
lay(struct mo_tables *tables, const char *name, const char *text)
{
    last_code = "";
    last_line = 0;
    return mo_tables_overlay(tables, mo_str(name), mo_str(text), mo_str("f"), &sink);
}

static void
rows_are_replaced_and_added(void)
{
    struct mo_tables *tables = mo_tables_new();
    const struct mo_table *t = mo_table(tables, "licences");
    size_t rows = t->rows;

    CU_ASSERT_EQUAL(
        lay(tables, "licences",
            "# mine\n\nform\tkind\tid\nODbL\ttitle\tlov2\nMa licence\ttitle\tfr-lo\r\n"),
        0);
    CU_ASSERT_EQUAL(t->rows, rows + 1);
    CU_ASSERT_STRING_EQUAL(mo_table_cell(t, rows, 0), "fr-lo");
    CU_ASSERT_STRING_EQUAL(mo_table_cell(t, rows, 2), "Ma licence");
    mo_tables_free(tables);
}

static void
a_file_may_hold_several_tables(void)
{
    static const char text[] =
        "# table: frequencies\nkind\tform\tfrequency\ntitle\tsouvent\tdaily\n"
        "# table: licences\nid\tkind\tform\nlov2\ttitle\tMa licence\n"
        "# table: formats\nnothing\tof\tours\textra\n";
    struct mo_tables *tables = mo_tables_new();
    const struct mo_table *t = mo_table(tables, "licences");
    size_t rows = t->rows;

    CU_ASSERT_EQUAL(lay(tables, "licences", text), 0);
    CU_ASSERT_EQUAL(t->rows, rows + 1);
    CU_ASSERT_STRING_EQUAL(mo_table_cell(t, rows, 2), "Ma licence");
    mo_tables_free(tables);
}

static void
bad_overlays_change_nothing(void)
{
    static const struct {
        const char *name, *text, *code;
        size_t line;
    } rows[] = {{"nothing", "a\n", "T006", 0}, {"licences", "id\tcolour\n", "T007", 1},
        {"licences", "id\tkind\n", "T008", 1},
        {"licences", "id\tkind\tform\na\tb\tc\nlov2\ttitle\tx\ty\n", "T009", 3}};
    struct mo_tables *tables = mo_tables_new();
    const struct mo_table *t = mo_table(tables, "licences");
    size_t n = t->rows;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        CHECK(lay(tables, rows[i].name, rows[i].text) == -1, rows[i].text);
        CHECK(strcmp(last_code, rows[i].code) == 0, rows[i].text);
        CHECK(last_line == rows[i].line, rows[i].text);
        CU_ASSERT_EQUAL(t->rows, n);
    }
    mo_tables_free(tables);
}

static void
a_listed_table_can_be_laid_over_itself(void)
{
    for (size_t i = 0; mo_tables_name(i); ++i) {
        struct mo_tables *tables = mo_tables_new();
        struct mo_str name = mo_str(mo_tables_name(i));
        struct mo_buf before, after;

        mo_buf_init(&before, 1 << 22);
        mo_buf_init(&after, 1 << 22);
        CU_ASSERT_EQUAL(mo_tables_list(tables, name, &before), 0);
        CHECK(mo_tables_overlay(tables, name, mo_buf_view(&before), mo_str("f"), &sink) ==
                  0,
            name.p);
        CU_ASSERT_EQUAL(mo_tables_list(tables, name, &after), 0);
        CHECK(mo_str_eq(mo_buf_view(&before), mo_buf_view(&after)), name.p);
        mo_buf_done(&before);
        mo_buf_done(&after);
        mo_tables_free(tables);
    }
}

static void
a_key_that_means_two_things_is_refused(void)
{
    struct mo_tables *tables = mo_tables_new();

    CU_ASSERT_EQUAL(
        lay(tables, "properties",
            "property\tclass\tlink\tkey\tkind\ndct:foo\tdcat:Dataset\t\ttitle\tid\n"),
        0);
    CU_ASSERT_PTR_NULL(mo_vocab_new(tables, &sink));
    CU_ASSERT_STRING_EQUAL(last_code, "T010");
    mo_tables_free(tables);
}

static void
a_key_of_2_1_1_that_means_two_things_is_refused(void)
{
    struct mo_tables *tables = mo_tables_new();

    CU_ASSERT_EQUAL(
        lay(tables, "properties",
            "property\tclass\tlink\tkey_2_1_1\ndct:title\tdcat:Dataset\t\tversion\n"),
        0);
    CU_ASSERT_PTR_NULL(mo_vocab_new(tables, &sink));
    CU_ASSERT_STRING_EQUAL(last_code, "T010");
    mo_tables_free(tables);
}

static void
every_row_of_the_mapping_has_its_function(void)
{
    struct mo_tables *tables = mo_tables_new();
    const struct mo_table *t = mo_table(tables, "datagouv");

    for (size_t i = 0; i < t->rows; ++i) {
        const char *how = mo_table_cell(t, i, mo_table_column(t, "how"));
        const char *take = mo_table_cell(t, i, mo_table_column(t, "payload"));

        CHECK(mo_field_named(how) != NULL, how);
        CHECK(!*take || mo_take_named(mo_str_n(take, strcspn(take, " "))), take);
    }
    mo_tables_free(tables);
}

static void
every_row_of_the_mapping_back_has_its_function(void)
{
    struct mo_tables *tables = mo_tables_new();
    const struct mo_table *t = mo_table(tables, "datagouv-dcat");

    for (size_t i = 0; i < t->rows; ++i) {
        const char *how = mo_table_cell(t, i, mo_table_column(t, "how"));

        CHECK(mo_rule_named(how) != NULL, how);
    }
    mo_tables_free(tables);
}

/* What the reader keeps for a field, the writer has a row for. */
static void
what_is_kept_comes_back(void)
{
    struct mo_tables *tables = mo_tables_new();
    const struct mo_table *there = mo_table(tables, "datagouv-dcat");
    const struct mo_table *back = mo_table(tables, "datagouv");

    for (size_t i = 0; i < there->rows; ++i) {
        const char *object = mo_table_cell(there, i, mo_table_column(there, "object"));
        const char *property =
            mo_table_cell(there, i, mo_table_column(there, "property"));
        bool found = false;

        if (strncmp(property, "datagouv:", 9) != 0)
            continue;
        for (size_t k = 0; k < back->rows; ++k) {
            struct mo_str field =
                mo_str(mo_table_cell(back, k, mo_table_column(back, "field")));

            if (mo_str_ends(field, mo_str(".*")))
                field.n -= 2;
            found = found || (mo_str_is(field, property + 9) &&
                                 strcmp(object, mo_table_cell(back, k, 0)) == 0);
        }
        CHECK(found, property);
    }
    mo_tables_free(tables);
}

static void
formats_and_types_are_unambiguous(void)
{
    struct mo_tables *tables = mo_tables_new();
    const struct mo_table *t = mo_table(tables, "file-types");
    const char *last = "";

    for (size_t i = 0; i < t->rows; ++i) {
        const char *type = mo_table_cell(t, i, mo_table_column(t, "type"));
        struct mo_str form = mo_str(mo_table_cell(t, i, mo_table_column(t, "form")));

        if (strcmp(type, last) != 0)
            CHECK(mo_str_eq_nocase(form, mo_str(type)), type);
        last = type;
    }
    mo_tables_free(tables);
}

static void
every_prefix_of_the_tables_is_known(void)
{
    static const char *const columns[][2] = {{"properties", "property"},
        {"properties", "class"}, {"properties", "range"}, {"classes", "class"},
        {"contact-roles", "property"}, {"datagouv-dcat", "property"}};
    struct mo_tables *tables = mo_tables_new();
    struct mo_vocab *vocab = mo_vocab_new(tables, &sink);

    CU_ASSERT_PTR_NOT_NULL_FATAL(vocab);
    for (size_t k = 0; k < sizeof columns / sizeof columns[0]; ++k) {
        const struct mo_table *t = mo_table(tables, columns[k][0]);

        for (size_t i = 0; i < t->rows; ++i) {
            const char *cell = mo_table_cell(t, i, mo_table_column(t, columns[k][1]));
            size_t n = strcspn(cell, ":");

            CHECK(
                strcmp(cell, "*") == 0 || mo_vocab_namespace(vocab, mo_str_n(cell, n)).n,
                cell);
        }
    }
    mo_vocab_free(vocab);
    mo_tables_free(tables);
}

static void
keys_go_by_the_class_of_the_node(void)
{
    static const struct {
        const char *class, *property, *key;
    } rows[] = {{"http://www.w3.org/ns/dcat#Dataset",
                    "http://purl.org/dc/terms/conformsTo", "conformsTo"},
        {"http://www.w3.org/ns/dcat#Distribution", "http://purl.org/dc/terms/conformsTo",
            "linkedSchemas"},
        {"http://www.w3.org/ns/dcat#CatalogRecord", "http://purl.org/dc/terms/conformsTo",
            "applicationProfile"},
        {"http://www.w3.org/ns/dcat#CatalogRecord", "http://purl.org/dc/terms/issued",
            "listingDate"},
        {"http://xmlns.com/foaf/0.1/Organization", "http://xmlns.com/foaf/0.1/name",
            "name"},
        {"http://e.fr/Unknown", "http://purl.org/dc/terms/issued", "releaseDate"},
        {"http://www.w3.org/ns/dcat#Relationship", "http://purl.org/dc/terms/relation",
            "relation"},
        {"http://www.w3.org/ns/dcat#Dataset", "http://purl.org/dc/terms/relation",
            "relatedResource"},
        {"http://www.w3.org/ns/dcat#Dataset", "http://e.fr/p", NULL}};
    struct mo_tables *tables = mo_tables_new();
    struct mo_vocab *vocab = mo_vocab_new(tables, &sink);
    struct mo_graph *graph = mo_graph_new(vocab->lexicon, 1 << 20);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_term *node, *type, *property;
        const struct mo_key *key;

        mo_graph_reset(graph);
        node = mo_graph_blank(graph, mo_str("b"));
        type = mo_graph_iri(
            graph, mo_str("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"));
        property = mo_graph_iri(graph, mo_str(rows[i].property));
        mo_graph_add(graph, node, type, mo_graph_iri(graph, mo_str(rows[i].class)));
        key = mo_vocab_key(vocab, property, node);
        CHECK(rows[i].key ? key && mo_str_is(key->names[0], rows[i].key) : !key,
            rows[i].property);
    }
    mo_graph_free(graph);
    mo_vocab_free(vocab);
    mo_tables_free(tables);
}

static bool
is_known(const struct mo_vocab *vocab, const char *url)
{
    struct mo_buf out;
    bool known;

    mo_buf_init(&out, SIZE_MAX);
    known = mo_known_context(vocab, mo_str(url), &out) == 0;
    if (known) {
        struct mo_json_error error;
        struct mo_json *json = mo_json_parse(mo_buf_view(&out), 10, &error);

        CHECK(mo_json_first(mo_json_member(json, "@context")) != NULL, url);
        mo_json_free(json);
    }
    mo_buf_done(&out);
    return known;
}

static void
contexts_are_known_under_all_their_addresses(void)
{
    struct mo_tables *tables = mo_tables_new();
    struct mo_vocab *vocab = mo_vocab_new(tables, &sink);
    const struct mo_table *t = mo_table(tables, "contexts");
    static const char *const forms[] = {"https://%s", "http://%s.jsonld", "%s.json#",
        "HTTP://www.%s/", "https://%s.jsonld?v=1#x"};

    for (size_t i = 0; i < t->rows; ++i)
        for (size_t k = 0; k < sizeof forms / sizeof forms[0]; ++k) {
            char pattern[200], url[300];
            const char *star = strchr(mo_table_cell(t, i, 0), '*');
            int n = star ? (int)(star - mo_table_cell(t, i, 0)) : 200;

            snprintf(pattern, sizeof pattern, "%.*s%s%s", n, mo_table_cell(t, i, 0),
                star ? "refs/heads/Main" : "", star ? star + 1 : "");
            snprintf(url, sizeof url, forms[k], pattern);
            CHECK(is_known(vocab, url), url);
        }
    CU_ASSERT(!is_known(vocab, "https://schema.org/Dataset"));
    CU_ASSERT(!is_known(vocab, "https://schema.org.example/"));
    CU_ASSERT(!is_known(vocab, "https://example.org/?https://schema.org/"));
    CU_ASSERT(!is_known(vocab, "") && !is_known(vocab, "https://"));
    mo_vocab_free(vocab);
    mo_tables_free(tables);
}

/* Whether a cell of words holds this one. */
static bool
names(const char *words, const char *word)
{
    size_t n = strlen(word);

    for (const char *hit = words; (hit = strstr(hit, word)); hit += n)
        if ((hit == words || hit[-1] == ' ') && (hit[n] == '\0' || hit[n] == ' '))
            return true;
    return false;
}

static void
contexts_have_terms_and_terms_have_contexts(void)
{
    struct mo_tables *tables = mo_tables_new();
    const struct mo_table *urls = mo_table(tables, "contexts");
    const struct mo_table *terms = mo_table(tables, "context-terms");

    for (size_t i = 0; i < urls->rows; ++i) {
        bool found = false;

        for (size_t k = 0; k < terms->rows; ++k)
            found = found || names(mo_table_cell(terms, k, 0), mo_table_cell(urls, i, 1));
        CHECK(found, mo_table_cell(urls, i, 1));
    }
    for (size_t k = 0; k < terms->rows; ++k) {
        char words[300], *rest = words, *word;

        snprintf(words, sizeof words, "%s", mo_table_cell(terms, k, 0));
        while ((word = strtok_r(rest, " ", &rest))) {
            bool url = false, scope = mo_table_cell(terms, k, 1)[0] == '\0';

            for (size_t i = 0; i < urls->rows; ++i)
                url = url || strcmp(mo_table_cell(urls, i, 1), word) == 0;
            for (size_t i = 0; i < terms->rows; ++i) /* a scope is a term of its own */
                scope = scope || (names(mo_table_cell(terms, i, 0), word) &&
                                     strcmp(mo_table_cell(terms, i, 2),
                                         mo_table_cell(terms, k, 1)) == 0);
            CHECK(url, word);
            CHECK(scope, mo_table_cell(terms, k, 1));
        }
    }
    mo_tables_free(tables);
}

static const struct unit_test tests[] = {
    TEST(rows_are_replaced_and_added),
    TEST(a_file_may_hold_several_tables),
    TEST(bad_overlays_change_nothing),
    TEST(a_listed_table_can_be_laid_over_itself),
    TEST(a_key_that_means_two_things_is_refused),
    TEST(a_key_of_2_1_1_that_means_two_things_is_refused),
    TEST(every_row_of_the_mapping_has_its_function),
    TEST(every_row_of_the_mapping_back_has_its_function),
    TEST(what_is_kept_comes_back),
    TEST(formats_and_types_are_unambiguous),
    TEST(every_prefix_of_the_tables_is_known),
    TEST(keys_go_by_the_class_of_the_node),
    TEST(contexts_are_known_under_all_their_addresses),
    TEST(contexts_have_terms_and_terms_have_contexts),
};

UNIT_MAIN("tables", tests)
