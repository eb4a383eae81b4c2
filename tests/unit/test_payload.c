/* What --payload writes: the limits of the API, met from both sides, and ids by key. */
#include "unit.h"

#include <moisson/moisson.h>

#include "base/json.h"
#include "datagouv/ids.h"

static struct mo_vocab *vocab;
static char said[256]; /* codes, each with a space behind it */
static size_t said_line;

static void
hear(void *ctx, const struct mo_diag *diag)
{
    (void)ctx;
    said_line = diag->line;
    if (strlen(said) + 6 < sizeof said) {
        strcat(said, mo_diag_row(diag->id)->code);
        strcat(said, " ");
    }
}

static const struct mo_sink sink = {hear, NULL};

static int
take(void *ctx, struct mo_str bytes)
{
    return mo_buf_str(ctx, bytes);
}

/* The lines that a document becomes, with `ids`; what is said of it is in `said`. */
static void
convert(struct mo_str document, const char *ids, struct mo_buf *out)
{
    const struct mo_record *record;
    struct mo_writer_options to = {.sink = &sink,
        .write = take,
        .ctx = out,
        .languages = {mo_str("fr")},
        .n_languages = 1,
        .payload = {.wanted = true, .ids = mo_str(ids)}};
    struct mo_reader_options from = {.max_bytes = 1 << 24};
    struct mo_reader *reader;
    struct mo_writer *writer;

    if (!vocab)
        vocab = mo_vocab_new(mo_tables_new(), NULL);
    to.vocab = from.vocab = vocab;
    reader = mo_jsonld_reader(&from);
    writer = mo_datagouv_writer(&to);
    CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
    CU_ASSERT_PTR_NOT_NULL_FATAL(writer);
    said[0] = '\0';
    mo_buf_init(out, 1 << 24);
    mo_reader_push(reader, document);
    mo_reader_end(reader);
    while (mo_reader_next(reader, &record) == 1)
        mo_writer_put(writer, record);
    mo_writer_end(writer, false);
    mo_reader_free(reader);
    mo_writer_free(writer);
}

/* The text of a member by its path below "body"; "0" is the first of a list. */
static struct mo_str
member(const struct mo_json *line, const char *path)
{
    const struct mo_json *value = mo_json_member(line, "body");
    char copy[128], *name;

    snprintf(copy, sizeof copy, "%s", path);
    for (name = strtok(copy, "."); name && value; name = strtok(NULL, "."))
        value =
            strcmp(name, "0") == 0 ? mo_json_first(value) : mo_json_member(value, name);
    return value ? mo_json_text(value) : mo_str_n(NULL, 0);
}

/* A dataset: `n` times `letter`, and `last` behind them, in the place of ~ in its JSON. */
static void
put_document(
    struct mo_buf *out, const char *json, const char *letter, size_t n, const char *last)
{
    static const char head[] = "{\"@id\":\"http://e.fr/d\",\"@type\":\"Dataset\",";
    size_t at = strcspn(json, "~");

    mo_buf_init(out, 1 << 24);
    mo_buf_c(out, head);
    mo_buf_add(out, json, at);
    for (size_t i = 0; i < n; ++i)
        mo_buf_c(out, letter);
    mo_buf_c(out, last);
    mo_buf_c(out, json + at + (json[at] == '~'));
    mo_buf_byte(out, '}');
}

#define TITLE "\"title\":[{\"@value\":\"T\"}]"
#define DESCRIPTION "\"description\":[{\"@value\":\"D\"}]"
#define RESOURCE                                                                         \
    TITLE "," DESCRIPTION ",\"datasetDistribution\":[{\"@type\":\"Distribution\","       \
          "\"accessUrl\":[\"http://e.fr/f\"],"

static void
limits_are_met_from_both_sides(void)
{
    static const struct {
        const char *path;
        size_t max;
        const char *json;
    } rows[] = {
        {"title", 350, DESCRIPTION ",\"title\":[{\"@value\":\"~\"}]"},
        {"description", 100000, TITLE ",\"description\":[{\"@value\":\"~\"}]"},
        {"acronym", 128,
            TITLE "," DESCRIPTION
                  ",\"http://www.w3.org/2004/02/skos/core#altLabel\":[{\"@value\":"
                  "\"~\"}]"},
        {"resources.0.title", 350, RESOURCE "\"title\":[{\"@value\":\"~\"}]}]"},
        {"resources.0.description", 100000,
            RESOURCE "\"description\":[{\"@value\":\"~\"}]}]"},
        {"tags.0", 96, TITLE "," DESCRIPTION ",\"keyword\":[{\"@value\":\"~\"}]"},
    };
    static const char *const letters[] = {"x", "é", "\\\"", "𝄞"};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i)
        for (size_t k = 0; k < (rows[i].max > 96 ? 4 : 1); ++k)
            for (size_t more = 0; more < 2; ++more) {
                struct mo_buf document, out;
                struct mo_json_error error;
                struct mo_json *line;
                struct mo_str text;

                put_document(&document, rows[i].json, letters[k], rows[i].max + more, "");
                convert(mo_buf_view(&document), "", &out);
                line = mo_json_parse(mo_buf_view(&out), 100, &error);
                text = member(line, rows[i].path);
                CHECK(mo_utf8_length(text) == rows[i].max, rows[i].path);
                CHECK(strcmp(said, more ? "M301 " : "") == 0, rows[i].path);
                CHECK(rows[i].max == 96 || mo_str_ends(text, mo_str("…")) == (more == 1),
                    rows[i].path);
                mo_json_free(line);
                mo_buf_done(&out);
                mo_buf_done(&document);
            }
}

/* The 350th and 351st character belong together: neither stays without the other. */
static void
letters_are_not_cut_apart(void)
{
    static const char *const last[] = {"e\xCC\x81yy", "\xF0\x9F\x91\xA9\xE2\x80\x8D"
                                                      "\xF0\x9F\x94\xACy"};

    for (size_t i = 0; i < 2; ++i) {
        struct mo_buf document, out;
        struct mo_json_error error;
        struct mo_json *line;
        struct mo_str title;

        put_document(
            &document, DESCRIPTION ",\"title\":[{\"@value\":\"~\"}]", "x", 348, last[i]);
        convert(mo_buf_view(&document), "", &out);
        line = mo_json_parse(mo_buf_view(&out), 100, &error);
        title = member(line, "title");
        CHECK(mo_utf8_length(title) == 349, last[i]);
        CHECK(mo_str_ends(title, mo_str("xx…")), last[i]);
        mo_json_free(line);
        mo_buf_done(&out);
        mo_buf_done(&document);
    }
}

static void
what_is_required_is_required(void)
{
    static const struct {
        const char *json, *code;
    } rows[] = {{TITLE, "M302 "},
        {TITLE ",\"description\":[{\"@value\":\" \"}]", "M302 "}, {DESCRIPTION, "M101 "},
        {TITLE "," DESCRIPTION, ""}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_buf document, out;

        put_document(&document, rows[i].json, "", 0, "");
        convert(mo_buf_view(&document), "", &out);
        CHECK(strcmp(said, rows[i].code) == 0, rows[i].json);
        CHECK((out.n == 0) == (rows[i].code[0] != '\0'), rows[i].json);
        mo_buf_done(&out);
        mo_buf_done(&document);
    }
}

/* ---- Ids ---- */

static void
ids_are_found_by_key(void)
{
    static const char rows[] = "\xEF\xBB\xBF"
                               "a\t1\r\n"
                               "b\told\nb\t2\n"
                               "none\t\nnull\tnull\nb\t\n\n"
                               "with\\ttab\\\\\t3\n"
                               "a\tr1\thttp://e.fr/1\tUn\n"
                               "a\tr2\thttp://e.fr/2\tDeux\n"
                               "a\tr3\thttp://e.fr/2\tTrois\n"
                               "a\tr4\thttp://e.fr/4";
    static const char *const records[][2] = {{"a", "1"}, {"b", "2"}, {"none", ""},
        {"null", ""}, {"with\ttab\\", "3"}, {"c", ""}, {"", ""}};
    static const struct {
        const char *url, *title;
        bool by_url;
        const char *id;
    } resources[] = {{"http://e.fr/1", "Un", true, "r1"},
        {"http://e.fr/1", "Un autre", true, "r1"},
        {"http://e.fr/1", "Un autre", false, ""}, {"http://e.fr/2", "Deux", true, "r2"},
        {"http://e.fr/2", "Trois", false, "r3"}, {"http://e.fr/2", "Quatre", true, ""},
        {"http://e.fr/4", "", false, ""}, {"http://e.fr/4", "", true, "r4"},
        {"http://e.fr/5", "Un", true, ""}};
    struct mo_ids *ids = mo_ids_new(mo_str(rows), mo_str("ids"), &sink);

    CU_ASSERT_PTR_NOT_NULL_FATAL(ids);
    for (size_t i = 0; i < sizeof records / sizeof records[0]; ++i)
        CHECK(mo_str_is(mo_ids_record(ids, mo_str(records[i][0])), records[i][1]),
            records[i][0]);
    for (size_t i = 0; i < sizeof resources / sizeof resources[0]; ++i)
        CHECK(mo_str_is(mo_ids_resource(ids, mo_str("a"), mo_str(resources[i].url),
                            mo_str(resources[i].title), resources[i].by_url),
                  resources[i].id),
            resources[i].title);
    CU_ASSERT_EQUAL(
        mo_ids_resource(ids, mo_str("b"), mo_str("http://e.fr/1"), mo_str("Un"), true).n,
        0);
    mo_ids_free(ids);
}

static void
rows_of_another_make_are_refused(void)
{
    static const char *const rows[] = {"a\t1\nb\n", "a\t1\n\t2\n", "a\t1\nb\t2/../3\n",
        "a\t1\nb\t2\tu\tt\tmore\n", "a\t1\n{\"key\":\"b\",\"id\":\"2\"}\n",
        "a\t1\nb\ta b\n"};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        said[0] = '\0';
        CU_ASSERT_PTR_NULL(mo_ids_new(mo_str(rows[i]), mo_str("ids"), &sink));
        CHECK(strcmp(said, "T013 ") == 0, rows[i]);
        CHECK(said_line == 2, rows[i]);
    }
}

static const struct unit_test tests[] = {
    TEST(limits_are_met_from_both_sides),
    TEST(letters_are_not_cut_apart),
    TEST(what_is_required_is_required),
    TEST(ids_are_found_by_key),
    TEST(rows_of_another_make_are_refused),
};

UNIT_MAIN("payload", tests)
