/*
 * Values through the data.gouv.fr writer, as rows: `key value` says something of the dataset,
 * `key` alone opens a node, and rows that are indented further by a space belong to it;
 * `key@fr value` has a language, `key <value>` is an IRI. Whatever they say, JSON comes out,
 * and lines for the API are whole.
 */
#include "convert.h"

enum { MAX_LEVELS = 12 };

static void
put_value(struct mo_buf *out, struct mo_str value, struct mo_str lang)
{
    bool iri = mo_str_starts(value, mo_str("<")) && mo_str_ends(value, mo_str(">"));

    mo_buf_c(out, iri ? "{\"@id\":" : "{\"@value\":");
    mo_json_string(out, iri && value.n > 1 ? mo_str_n(value.p + 1, value.n - 2) : value);
    if (!iri && lang.n) {
        mo_buf_c(out, ",\"@language\":");
        mo_json_string(out, lang);
    }
    mo_buf_byte(out, '}');
}

/* The rows as DCAT-AP JSON. */
static void
put_rows(struct mo_buf *out, struct mo_str rest)
{
    size_t level = 0;

    mo_buf_c(out, "{\"@id\":\"http://e.fr/d\",\"@type\":\"Dataset\"");
    while (rest.n) {
        struct mo_str line = fuzz_line(&rest), key, lang;
        size_t indent = 0, n;

        while (indent < line.n && indent < level && line.p[indent] == ' ')
            ++indent;
        for (; level > indent; --level)
            mo_buf_byte(out, '}');
        line = mo_str_from(line, indent);
        n = mo_str_find(line, mo_str(" "), 0);
        key = mo_str_n(line.p, n);
        lang = mo_str_from(key, mo_str_find(key, mo_str("@"), 1) + 1);
        key.n = mo_str_find(key, mo_str("@"), 1);
        mo_buf_byte(out, ',');
        mo_json_string(out, key);
        mo_buf_byte(out, ':');
        if (mo_str_is(key, "@type") || mo_str_is(key, "@id")) {
            mo_json_string(out, mo_str_from(line, n + 1));
        } else if (n < line.n || level == MAX_LEVELS) {
            put_value(out, mo_str_from(line, n + 1), lang);
        } else {
            mo_buf_c(out, "{\"http://e.fr/p\":1");
            ++level;
        }
    }
    for (; level; --level)
        mo_buf_byte(out, '}');
    mo_buf_byte(out, '}');
}

/* What moisson:rdf holds is JSON as well. */
static void
check_datasets(struct mo_str text)
{
    struct mo_json_error error;
    struct mo_json *json = mo_json_parse(text, MO_JSON_MAX_DEPTH, &error);

    MUST(json);
    for (const struct mo_json *d = mo_json_first(mo_json_member(json, "data")); d;
         d = mo_json_next(d)) {
        struct mo_str kept =
            mo_json_member_text(mo_json_member(d, "extras"), "moisson:rdf");

        MUST(mo_json_member_text(d, "title").n);
        if (kept.p)
            fuzz_must_be_json(kept);
    }
    mo_json_free(json);
}

/* Each line says what goes where; what the API requires is there. */
static void
check_lines(struct mo_str rest)
{
    while (rest.n) {
        struct mo_json_error error;
        struct mo_json *line = mo_json_parse(fuzz_line(&rest), MO_JSON_MAX_DEPTH, &error);
        const struct mo_json *body = mo_json_member(line, "body");

        MUST(mo_json_member_text(line, "key").n);
        MUST(mo_str_is(mo_json_member_text(line, "method"), "POST"));
        MUST(mo_str_starts(mo_json_member_text(line, "path"), mo_str("/api/1/")));
        MUST(mo_json_member_text(body, "title").n || mo_json_member_text(body, "name").n);
        MUST(mo_utf8_length(mo_json_member_text(body, "title")) <= 350);
        mo_json_free(line);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct conversion c = {.reader = mo_jsonld_reader,
        .writer = mo_datagouv_writer,
        .to = {.languages = {{"fr", 2}, {"en", 2}}, .n_languages = 2}};
    struct mo_buf text, rows;

    fuzz_text(&text, fuzz_str(data, size));
    mo_buf_init(&rows, FUZZ_MAX);
    put_rows(&rows, mo_buf_view(&text));
    convert_both_ways(&c, mo_buf_view(&rows));
    check_datasets(mo_buf_view(&c.out));
    convert_done(&c);
    c.to.payload.wanted = true;
    convert_both_ways(&c, mo_buf_view(&rows));
    check_lines(mo_buf_view(&c.out));
    convert_done(&c);
    mo_buf_done(&rows);
    mo_buf_done(&text);
    return 0;
}
