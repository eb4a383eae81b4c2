#include "unit.h"

#include <locale.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/split.h"

static struct mo_json *
parse(const char *text, struct mo_json_error *error)
{
    return mo_json_parse(mo_str(text), 50, error);
}

static void
lexical_forms_of_numbers_are_kept(void)
{
    static const char *const numbers[] = {"0", "-0", "12345678901234567890", "1.50",
        "1e400", "-1.0E-7", "9007199254740993"};
    struct mo_json_error error;

    setlocale(LC_ALL, "");
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; ++i) {
        struct mo_json *json = parse(numbers[i], &error);

        CU_ASSERT_PTR_NOT_NULL_FATAL(json);
        CU_ASSERT_EQUAL(mo_json_kind(json), MO_JSON_NUMBER);
        CHECK(mo_str_is(mo_json_text(json), numbers[i]), numbers[i]);
        mo_json_free(json);
    }
}

static void
strings_are_unescaped(void)
{
    static const char *const rows[][2] = {{"\"a\\n\\\"b\\/\"", "a\n\"b/"},
        {"\"\\u00e9\\u20ac\"", "é€"}, {"\"\\ud834\\udd1e\"", "𝄞"}, {"\"123\"", "123"},
        {"\"\\u0000x\"", "\xEF\xBF\xBDx"}, {"\"\"", ""}};
    struct mo_json_error error;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_json *json = parse(rows[i][0], &error);

        CU_ASSERT_PTR_NOT_NULL_FATAL(json);
        CU_ASSERT_EQUAL(mo_json_kind(json), MO_JSON_STRING);
        CHECK(mo_str_is(mo_json_text(json), rows[i][1]), rows[i][0]);
        mo_json_free(json);
    }
}

static void
faults_are_located(void)
{
    static const struct {
        const char *text;
        size_t offset;
    } rows[] = {{"{\"a\":01}", 6}, {"{\"a\":1,}", 7}, {"[1 2]", 3}, {"\"a\nb\"", 2},
        {"\"\\x\"", 1}, {"\"\\ud800\"", 1 + 6}, {"\"\\udc00\"", 1}, {"\"\xFF\"", 1},
        {"{\"a\" 1}", 5}, {"[", 1}, {"", 0}, {"nul", 0}, {"1.e5", 2}, {"-", 1},
        {"{} x", 3}, {"NaN", 0}};
    struct mo_json_error error;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_json *json = parse(rows[i].text, &error);

        CHECK(json == NULL, rows[i].text);
        CHECK(error.fault == MO_JSON_SYNTAX, rows[i].text);
        if (error.offset != rows[i].offset)
            printf("\n  %zu, not %zu", error.offset, rows[i].offset);
        CHECK(error.offset == rows[i].offset, rows[i].text);
        mo_json_free(json);
    }
}

static void
depth_has_a_ceiling(void)
{
    char deep[210];
    struct mo_json_error error;
    struct mo_json *json;

    memset(deep, '[', 60);
    memset(deep + 60, ']', 60);
    deep[120] = '\0';
    CU_ASSERT_PTR_NULL(parse(deep, &error));
    CU_ASSERT_EQUAL(error.fault, MO_JSON_TOO_DEEP);
    CU_ASSERT_EQUAL(error.offset, 50);
    memset(deep, '[', 50);
    memset(deep + 50, ']', 50);
    deep[100] = '\0';
    json = parse(deep, &error);
    CU_ASSERT_PTR_NOT_NULL(json);
    mo_json_free(json);
}

static void
the_last_of_two_members_counts(void)
{
    struct mo_json_error error;
    struct mo_json *json = parse("{\"a\":1,\"b\":\"x\",\"a\":2}", &error);

    CU_ASSERT(mo_str_is(mo_json_text(mo_json_member(json, "a")), "2"));
    CU_ASSERT(mo_str_is(mo_json_member_text(json, "b"), "x"));
    CU_ASSERT_PTR_NULL(mo_json_member(json, "c"));
    CU_ASSERT_PTR_NULL(mo_json_member_text(json, "a").p);
    mo_json_free(json);
}

static void
strings_are_written_with_the_least_escapes(void)
{
    static const struct {
        struct mo_str text;
        const char *json;
    } rows[] = {{{"plain", 5}, "\"plain\""},
        {{"é\"\\\n\t\x01/", 8}, "\"é\\\"\\\\\\n\\t\\u0001/\""},
        {{"a long one with a \" far behind", 30},
            "\"a long one with a \\\" far behind\""},
        {{"", 0}, "\"\""}, {{"\0", 1}, "\"\\u0000\""}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_buf out;

        mo_buf_init(&out, 1000);
        mo_json_string(&out, rows[i].text);
        CHECK(mo_str_is(mo_buf_view(&out), rows[i].json), rows[i].json);
        mo_buf_done(&out);
    }
}

/* JSON of `text` in a string of JSON, made in one go and in two; it reads as `text`. */
static void
check_within(struct mo_str text)
{
    struct mo_json_error error;
    struct mo_json *outer, *inner;
    struct mo_buf once, twice, within;

    mo_buf_init(&once, 1000);
    mo_buf_init(&twice, 1000);
    mo_buf_init(&within, 1000);
    mo_json_string(&once, text);
    mo_json_string(&twice, mo_buf_view(&once));
    mo_buf_byte(&within, '"');
    mo_json_string_within(&within, text);
    mo_buf_byte(&within, '"');
    CHECK(mo_str_eq(mo_buf_view(&within), mo_buf_view(&twice)), within.p);
    outer = mo_json_parse(mo_buf_view(&within), 1, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(outer);
    inner = mo_json_parse(mo_json_text(outer), 1, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(inner);
    CHECK(mo_str_eq(mo_json_text(inner), text), once.p);
    mo_json_free(inner);
    mo_json_free(outer);
    mo_buf_done(&once);
    mo_buf_done(&twice);
    mo_buf_done(&within);
}

/* At each place of texts of each length: in a block of them, and behind the last. */
static void
strings_are_escaped_wherever_the_byte_stands(void)
{
    static const char *const bytes[] = {
        "\"", "\\", "\n", "\x01", "\x1f", " ", "é", "\x7f", "\"\\\"", ""};
    char text[64];

    for (size_t n = 0; n < 50; ++n)
        for (size_t at = 0; at <= n; ++at)
            for (size_t k = 0; k < sizeof bytes / sizeof bytes[0]; ++k) {
                memset(text, 'a', sizeof text);
                memcpy(text + at, bytes[k], strlen(bytes[k]));
                check_within(mo_str_n(text, n + strlen(bytes[k])));
            }
}

static void
strings_need_no_more_room_than_they_take(void)
{
    struct mo_str text = mo_str("a \"quoted\" \x01 text of more than a block");
    struct mo_buf whole;

    mo_buf_init(&whole, 1000);
    mo_json_string(&whole, text);
    for (size_t max = 0; max < 60; ++max) {
        char memory[64];
        struct mo_buf out;

        mo_buf_fixed(&out, memory, max + 1);
        mo_json_string(&out, text);
        CU_ASSERT_EQUAL(out.failed, max < whole.n);
        CU_ASSERT(out.failed || mo_str_eq(mo_buf_view(&out), mo_buf_view(&whole)));
    }
    mo_buf_done(&whole);
}

static void
pretty_output_is_the_same_value(void)
{
    struct mo_buf out;

    mo_buf_init(&out, 1000);
    mo_json_pretty(&out, mo_str("{\"a\":[1,{}],\"b\":\"x,{\\\"\",\"c\":[]}"), 0);
    CU_ASSERT(mo_str_is(mo_buf_view(&out),
        "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": \"x,{\\\"\",\n  \"c\": []\n}"));
    mo_buf_done(&out);
}

/* ---- The splitter ---- */

/* Pieces as a text: K(text)fault, K being R, E (envelope) or . (end). */
static void
split(const char *text, size_t step, struct mo_buf *out)
{
    static const char kinds[] = "?RE/.", faults[] = " !BDC";
    struct mo_split_options options = {.list = "@graph", .max_bytes = 60, .max_depth = 8};
    struct mo_split *s = mo_split_new(&options);
    struct mo_str rest = mo_str(text);
    struct mo_piece piece;

    for (;;) {
        struct mo_str head = mo_str_n(rest.p, rest.n < step ? rest.n : step);

        mo_split_push(s, head);
        rest = mo_str_from(rest, head.n);
        if (head.n == 0)
            mo_split_end(s);
        for (mo_split_next(s, &piece); piece.kind != MO_PIECE_MORE;
             mo_split_next(s, &piece)) {
            mo_buf_byte(out, kinds[piece.kind]);
            if (piece.kind == MO_PIECE_RECORD && !piece.alone)
                mo_buf_byte(out, 'l');
            mo_buf_printf(out, "(" MO_FMT ")",
                MO_ARG(mo_str_n(piece.text.p, piece.text.n < 40 ? piece.text.n : 40)));
            if (piece.fault)
                mo_buf_byte(out, faults[piece.fault]);
        }
        if (head.n == 0)
            break;
    }
    mo_split_free(s);
}

static void
records_are_cut_out_of_whatever_is_around(void)
{
    static const char *const rows[][2] = {{"{\"a\":1}", "R({\"a\":1})"},
        {"{\"a\":1}\n{\"b\":[2]}\r\n", "R({\"a\":1})R({\"b\":[2]})"},
        {"{\"a\":1}{\"b\":2}", "R({\"a\":1})R({\"b\":2})"},
        {"[{\"a\":1},{\"b\":\"]\"}]", "Rl({\"a\":1})Rl({\"b\":\"]\"}).({})"},
        {"[]", ".({})"}, {"", ""}, {"\xEF\xBB\xBF{}", "R({})"},
        {"{\"@context\":{\"x\":[1]},\"@graph\":[{\"a\":1},\n{\"b\":2}],\"incomplete\":true}",
            "E({\"@context\":{\"x\":[1]}})Rl({\"a\":1})Rl({\"b\":2}).({\"incomplete\":true})"},
        {"{\"@graph\":[],\"@context\":{}}", "E({}).({\"@context\":{}})"},
        {"{\"x\":{\"@graph\":[1]}}", "R({\"x\":{\"@graph\":[1]}})"},
        {"{\"a\":1}\nnonsense here\n{\"b\":2}\n",
            "R({\"a\":1})R(nonsense here)R({\"b\":2})"},
        {"{\"a\":[1}\n{\"b\":2}\n", "R({\"a\":[1)!R({\"b\":2})"},
        {"{\"a\":\"x\n{\"b\":2}\n", "R({\"a\":\"x)!R({\"b\":2})"},
        {"{\"a\":1}\n{\"b\":\n{\"c\":3}\n{\"d\":4}\n",
            "R({\"a\":1})R({\"b\":)!R({\"c\":3})R({\"d\":4})"},
        {"{\"b\":\n{\"c\":3}\n{\"d\":4}\n", "R({\"b\":)!R({\"c\":3})R({\"d\":4})"},
        {"{\"b\":\n{\"c\":3},\n\"d\":4}\n{\"e\":5}\n",
            "R({\"b\":\n{\"c\":3},\n\"d\":4})R({\"e\":5})"},
        {"{\"b\":[\n{\"c\":\"0123456789\"}\n{\"d\":\"0123456789\"}\n{\"e\":\"0123456789\"}\n{\"f\":5}\n",
            "R({\"b\":[)!R({\"c\":\"0123456789\"})R({\"d\":\"0123456789\"})R({\"e\":\"0123456789\"})R({\"f\":5})"},
        {"[\n{\"a\":]},\n{\"b\":2}\n]", "Rl({\"a\":)!Rl({\"b\":2}).({})"},
        {"{\"@graph\":[{\"a\":1},{\"b", "E({})Rl({\"a\":1})Rl({\"b)C.({})C"},
        {"{\"a\":1", "R({\"a\":1)C"},
        {"[[[[[[[[[[1]]]]]]]]]]{}", "Rl([[[[[[[[[1]]]]]]]]])D.({})R({})"},
        {"{\"a\":\"0123456789012345678901234567890123456789012345678901234567890\"}\n{}",
            "R({\"a\":\"0123456789012345678901234567890123)BR({})"}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i)
        for (size_t step = 1; step < 200; step += step < 4 ? 1 : 60) {
            struct mo_buf out;

            mo_buf_init(&out, 4096);
            split(rows[i][0], step, &out);
            if (!mo_str_is(mo_buf_view(&out), rows[i][1]))
                printf("\n  step %zu: " MO_FMT, step, MO_ARG(mo_buf_view(&out)));
            CHECK(mo_str_is(mo_buf_view(&out), rows[i][1]), rows[i][0]);
            mo_buf_done(&out);
        }
}

static void
pieces_say_where_they_stand(void)
{
    struct mo_split_options options = {
        .list = "@graph", .max_bytes = 1000, .max_depth = 8};
    struct mo_split *s = mo_split_new(&options);
    struct mo_piece piece;
    size_t line = 3, column = 4;

    mo_split_push(s, mo_str("[\n  {},\n{\"é\":1}]\n"));
    mo_split_end(s);
    mo_split_next(s, &piece);
    CU_ASSERT(piece.line == 2 && piece.column == 3 && piece.offset == 4);
    mo_split_next(s, &piece);
    CU_ASSERT(piece.line == 3 && piece.column == 1 && piece.offset == 8);
    mo_split_free(s);
    mo_place_in(mo_str("ab\ncd"), 4, &line, &column);
    CU_ASSERT(line == 4 && column == 2);
}

static void
what_is_too_big_moves_nothing(void)
{
    struct mo_split_options options = {.list = "@graph", .max_bytes = 60, .max_depth = 8};

    for (size_t step = 1; step < 200; step += 99) {
        struct mo_str rest =
            mo_str("{\"a\":\"0123456789012345678901234567890123456789\",\n\n"
                   "\"b\":\"0123456789012345678901234567890\"}\n{}");
        struct mo_split *s = mo_split_new(&options);
        struct mo_piece pieces[2] = {{.kind = MO_PIECE_MORE}}, piece;

        for (size_t n = 0; rest.n; rest = mo_str_from(rest, step)) {
            mo_split_push(s, mo_str_n(rest.p, rest.n < step ? rest.n : step));
            for (mo_split_next(s, &piece); piece.kind && n < 2; mo_split_next(s, &piece))
                pieces[n++] = piece;
        }
        CU_ASSERT(pieces[0].fault == MO_PIECE_TOO_BIG && pieces[0].offset == 0);
        CU_ASSERT(pieces[0].line == 1 && pieces[0].column == 1 && pieces[0].at == 0);
        CU_ASSERT(pieces[1].fault == MO_PIECE_FINE && pieces[1].offset == 89);
        CU_ASSERT(pieces[1].line == 4 && pieces[1].column == 1);
        mo_split_free(s);
    }
}

static void
what_is_too_deep_holds_nothing_up(void)
{
    struct mo_split_options options = {.list = "@graph", .max_bytes = 60, .max_depth = 2};
    struct mo_split *s = mo_split_new(&options);
    struct mo_piece piece;

    mo_split_push(s, mo_str("{\"a\":[[1]],\"b\":\"x\n{\"c\":1}\n"));
    mo_split_next(s, &piece);
    CU_ASSERT(piece.kind == MO_PIECE_RECORD && piece.fault == MO_PIECE_TOO_DEEP);
    mo_split_next(s, &piece);
    CU_ASSERT(piece.kind == MO_PIECE_RECORD && mo_str_is(piece.text, "{\"c\":1}"));
    mo_split_free(s);
}

static void
note_key(void *ctx, struct mo_str key)
{
    struct mo_buf *out = ctx;

    mo_buf_str(out, key);
    mo_buf_byte(out, ' ');
}

static void
of_members_with_one_key_the_last_stays(void)
{
    static const char *const rows[][3] = {
        {"{\"a\":1,\"b\":2,\"a\":3}", "{\"b\":2,\"a\":3}", "a "},
        {"{\"a\":1,\"a\":2,\"a\":3}", "{\"a\":3}", "a a "},
        {"[{\"a\":{\"\":1,\"\":[{\"x\":1,\"x\":2}]}}]", "[{\"a\":{\"\":[{\"x\":2}]}}]",
            " x "},
        {"{\"ab\":1,\"ba\":2,\"aab\":3}", "{\"ab\":1,\"ba\":2,\"aab\":3}", ""},
        {"{\"a\":1,\"\\u0061\":2}", "{\"a\":2}", "a "},
        {"7", "7", ""},
    };
    struct mo_arena *arena = mo_arena_new(SIZE_MAX);
    struct mo_json_error error;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_json *json = mo_json_parse_in(arena, mo_str(rows[i][0]), 50, &error);
        struct mo_buf out, said;

        mo_buf_init(&out, 1000);
        mo_buf_init(&said, 1000);
        CHECK(error.twice == (rows[i][2][0] != '\0'), rows[i][0]);
        CU_ASSERT_EQUAL(mo_json_settle(arena, json, note_key, &said), 0);
        mo_json_put(&out, json);
        CHECK(mo_str_is(mo_buf_view(&out), rows[i][1]), rows[i][0]);
        CHECK(mo_str_is(mo_buf_view(&said), rows[i][2]), rows[i][0]);
        mo_buf_done(&out);
        mo_buf_done(&said);
    }
    mo_arena_free(arena);
}

/* However many there are: that would take for ever if each were compared with each. */
static void
twins_are_found_among_many_keys(void)
{
    struct mo_arena *arena = mo_arena_new(SIZE_MAX);
    struct mo_json_error error;
    struct mo_json *json;
    struct mo_buf text, said;

    mo_buf_init(&text, SIZE_MAX);
    mo_buf_init(&said, 1000);
    for (int i = 0; i < 300000; ++i)
        mo_buf_printf(&text, "%c\"%d\":0", i ? ',' : '{', i);
    mo_buf_c(&text, ",\"7\":1}");
    json = mo_json_parse_in(arena, mo_buf_view(&text), 5, &error);
    CU_ASSERT(error.twice);
    CU_ASSERT_EQUAL(mo_json_settle(arena, json, note_key, &said), 0);
    CU_ASSERT(mo_str_is(mo_buf_view(&said), "7 "));
    CU_ASSERT(mo_str_is(mo_json_text(mo_json_member(json, "7")), "1"));
    mo_buf_done(&text);
    mo_buf_done(&said);
    mo_arena_free(arena);
}

static bool
is_short(void *ctx, struct mo_str key)
{
    (void)ctx;
    return key.n == 1;
}

static bool
is_upper(void *ctx, struct mo_str key, struct mo_str before, bool first)
{
    struct mo_buf *out = ctx;

    mo_buf_printf(
        out, "?" MO_FMT MO_FMT "%s ", MO_ARG(key), MO_ARG(before), first ? "" : "+");
    return key.n && key.p[0] >= 'A' && key.p[0] <= 'Z';
}

static void
a_document_may_have_several_lists(void)
{
    static const char *const kinds[] = {[MO_PIECE_RECORD] = "r",
        [MO_PIECE_ENVELOPE] = "(",
        [MO_PIECE_BETWEEN] = "/",
        [MO_PIECE_END] = ")"};
    static const char *const rows[][2] = {
        {"{\"a\":1,\"B\":[1,2],\"c\":[3],\"D\":[4],\"e\":5}",
            "?B{\"a\":1} (B{\"a\":1}r1r2?c{}+ ){\"c\":[3],\"D\":[4],\"e\":5}"},
        {"{\"B\":[1],\"long\":[2],\"D\":[3]}",
            "?B{} (B{}r1?D{\"long\":[2]}+ /D{\"long\":[2]}r3){}"},
        {"{\"B\":[],\"C\":[]}", "?B{} (B{}?C{}+ /C{}){}"},
        {"{\"a\":{\"B\":[1]},\"x\":[{\"B\":[1]}]}",
            "?x{\"a\":{\"B\":[1]}} r{\"a\":{\"B\":[1]},\"x\":[{\"B\":[1]}]}"},
        {"{\"l\":[1] \"B\":[2]}", "(l{}r1?B{}+ /B{}r2){}"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i)
        for (size_t step = 1; step < 100; step += 98) {
            struct mo_buf out;
            struct mo_split_options options = {.list = "l",
                .max_bytes = 1000,
                .max_depth = 8,
                .may_list = is_short,
                .is_list = is_upper,
                .ctx = &out};
            struct mo_split *s = mo_split_new(&options);
            struct mo_str rest = mo_str(rows[i][0]);
            struct mo_piece piece;

            mo_buf_init(&out, 1000);
            for (; rest.n; rest = mo_str_from(rest, step)) {
                mo_split_push(s, mo_str_n(rest.p, rest.n < step ? rest.n : step));
                if (rest.n <= step)
                    mo_split_end(s);
                for (mo_split_next(s, &piece); piece.kind; mo_split_next(s, &piece))
                    mo_buf_printf(&out, "%s" MO_FMT MO_FMT, kinds[piece.kind],
                        MO_ARG(piece.key), MO_ARG(piece.text));
            }
            CHECK(mo_str_is(mo_buf_view(&out), rows[i][1]), rows[i][0]);
            mo_buf_done(&out);
            mo_split_free(s);
        }
}

static void
commas_are_counted(void)
{
    static const struct {
        const char *text;
        const char *loose; /* a digit for each piece */
    } rows[] = {{"[1,2]", "000"}, {"[1 2]", "010"}, {"[,1,,2,]", "111"}, {"[]", "0"},
        {"[,]", "1"}, {"{\"l\":[1 2,3]}", "00100"}, {"1\n2", "00"}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_split_options options = {.list = "l", .max_bytes = 100, .max_depth = 8};
        struct mo_split *s = mo_split_new(&options);
        char said[16] = "";
        struct mo_piece piece;

        mo_split_push(s, mo_str(rows[i].text));
        mo_split_end(s);
        for (mo_split_next(s, &piece); piece.kind; mo_split_next(s, &piece))
            strcat(said, piece.loose ? "1" : "0");
        CHECK(strcmp(said, rows[i].loose) == 0, rows[i].text);
        mo_split_free(s);
    }
}

static const struct unit_test tests[] = {
    TEST(lexical_forms_of_numbers_are_kept),
    TEST(strings_are_unescaped),
    TEST(faults_are_located),
    TEST(depth_has_a_ceiling),
    TEST(the_last_of_two_members_counts),
    TEST(strings_are_written_with_the_least_escapes),
    TEST(strings_are_escaped_wherever_the_byte_stands),
    TEST(strings_need_no_more_room_than_they_take),
    TEST(pretty_output_is_the_same_value),
    TEST(records_are_cut_out_of_whatever_is_around),
    TEST(pieces_say_where_they_stand),
    TEST(what_is_too_big_moves_nothing),
    TEST(what_is_too_deep_holds_nothing_up),
    TEST(of_members_with_one_key_the_last_stays),
    TEST(twins_are_found_among_many_keys),
    TEST(a_document_may_have_several_lists),
    TEST(commas_are_counted),
};

UNIT_MAIN("json", tests)
