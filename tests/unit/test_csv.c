#include "unit.h"

#include <moisson/reader.h>

#include "csv/csv.h"

/*
 * Rows as text: cells between bars, a row a line; `!` and a digit for a fault; with `places` where
 * a row is and how it is written.
 */
static void
put_rows(struct mo_buf *out, const char *text, char separator, size_t piece, bool places)
{
    struct mo_rows *rows = mo_rows_new(separator, false, 64);
    struct mo_str rest = mo_str(text);
    struct mo_row row = {0};
    enum mo_row_state state;

    for (;;) {
        while ((state = mo_rows_next(rows, &row)) != MO_ROW_MORE) {
            if (state == MO_ROW_REST)
                continue;
            mo_buf_printf(out, "%zu,%zu", row.number, row.line);
            if (state == MO_ROW_FAULT)
                mo_buf_printf(out, "!%d", (int)row.fault);
            if (places)
                mo_buf_printf(out, "@%d'" MO_FMT "'", (int)row.offset, MO_ARG(row.bytes));
            for (size_t i = 0; state == MO_ROW_READ && i < row.n; ++i)
                mo_buf_printf(out, "|" MO_FMT, MO_ARG(row.cells[i]));
            mo_buf_byte(out, '\n');
        }
        if (rest.n == 0)
            break;
        mo_rows_push(rows, mo_str_n(rest.p, piece < rest.n ? piece : rest.n));
        rest = mo_str_from(rest, piece);
        if (rest.n == 0)
            mo_rows_end(rows);
    }
    mo_rows_free(rows);
}

static void
rows_are_cut_whatever_the_pieces(void)
{
    static const struct {
        const char *text;
        char separator;
        const char *rows;
    } cases[] = {
        {"a;b\nc;d\n", ';', "1,1|a|b\n2,2|c|d\n"},
        {"a,b\r\nc,d", ',', "1,1|a|b\n2,2|c|d\n"},
        {"a\tb\rc\td\r", '\t', "1,1|a|b\n2,2|c|d\n"},
        {"a;\"b\nb\"\nc\n", ';', "1,1|a|b\nb\n2,3|c\n"},
        {"a;\"b\r\nb\"\r\nc\r\n", ';', "1,1|a|b\r\nb\n2,3|c\n"},
        {"a\n\n\r\nb\n", ';', "1,1|a\n4,4|b\n"},
        {"\"a\"\"b\";\" c \"; d \n", ';', "1,1|a\"b| c |d\n"},
        {"a\n\"b;c\nd\n", ';', "1,1|a\n2,2!0\n3,3|d\n"},
        {"a;0123456789012345678901234567890123456789012345678901234567890123456789\nb\n",
            ';', "1,1!1\n2,2|b\n"},
        {"", ';', ""},
        {"\n\n", ';', ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i)
        for (size_t piece = 1; piece < 9; ++piece) {
            struct mo_buf out;

            mo_buf_init(&out, 1 << 20);
            put_rows(&out, cases[i].text, cases[i].separator, piece, false);
            CHECK(mo_str_is(mo_buf_view(&out), cases[i].rows), cases[i].text);
            mo_buf_done(&out);
        }
}

/* A row that is there as a whole is cut without libcsv, another by it. */
static void
rows_are_the_same_in_bytes_and_as_a_whole(void)
{
    static const char letters[] = "ab\"\"\"; \t,;\n\n\r";
    uint64_t random = 1;

    for (size_t round = 0; round < 20000; ++round) {
        char text[40], separator = ";,\t"[round % 3];
        size_t n = round % (sizeof text - 1);
        struct mo_buf whole, bytes;

        for (size_t i = 0; i < n; ++i) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            text[i] = letters[(random >> 33) % (sizeof letters - 1)];
        }
        text[n] = '\0';
        mo_buf_init(&whole, 1 << 12);
        mo_buf_init(&bytes, 1 << 12);
        put_rows(&whole, text, separator, sizeof text, true);
        put_rows(&bytes, text, separator, 1, true);
        CHECK(mo_str_eq(mo_buf_view(&whole), mo_buf_view(&bytes)), text);
        mo_buf_done(&whole);
        mo_buf_done(&bytes);
    }
}

static void
cells_are_called_as_spreadsheets_do(void)
{
    static const struct {
        size_t column, row;
        const char *name;
    } rows[] = {{0, 1, "A1"}, {25, 3, "Z3"}, {26, 3, "AA3"}, {701, 9, "ZZ9"},
        {702, 9, "AAA9"}, {4, 0, "E"}};
    char memory[32];
    struct mo_buf out;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        mo_buf_fixed(&out, memory, sizeof memory);
        mo_csv_cell_name(&out, rows[i].column, rows[i].row);
        CHECK(mo_str_is(mo_buf_view(&out), rows[i].name), rows[i].name);
    }
}

static void
formulas_are_known(void)
{
    static const char *const formulas[] = {
        "=1", "+1", "-1", "@a", "\t=1", "- a|b", "+ HYPERLINK(\"x\")"};
    static const char *const texts[] = {"", "a", "- un\n- deux", "+ (a)", "1-1"};

    for (size_t i = 0; i < sizeof formulas / sizeof formulas[0]; ++i)
        CHECK(mo_csv_is_formula(mo_str(formulas[i])), formulas[i]);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i)
        CHECK(!mo_csv_is_formula(mo_str(texts[i])), texts[i]);
}

static void
members_are_nested(void)
{
    static const char *const names[] = {"a", "contact_points.contact.email",
        "contact_points.contact.name", "contact_points.publisher.name", "harvest.uri",
        "title"};
    static const char letters[] = "1mnput";
    struct csv_member members[sizeof names / sizeof names[0]];
    struct mo_arena *arena = mo_arena_new(SIZE_MAX);
    struct mo_buf out;
    bool twice = false;

    mo_buf_init(&out, 1 << 10);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        members[i].name = names[i];
        members[i].value = mo_json_new(arena, i ? MO_JSON_STRING : MO_JSON_NUMBER);
        members[i].value->text = mo_str_n(letters + i, 1);
    }
    mo_json_put(
        &out, mo_csv_object(arena, members, sizeof members / sizeof members[0], &twice));
    CU_ASSERT(!twice);
    CU_ASSERT_STRING_EQUAL(out.p,
        "{\"a\":1,\"contact_points\":[{\"role\":\"contact\",\"email\":\"m\",\"name\":\"n\"},"
        "{\"role\":\"publisher\",\"name\":\"p\"}],\"harvest\":{\"uri\":\"u\"},\"title\":\"t\"}");
    mo_buf_done(&out);
    mo_arena_free(arena);
}

/* One that is given up in the middle of its rows takes nobody's place. */
static void
records_say_where_they_begin(void)
{
    static const char text[] =
        "Titre;Nom de la ressource;URL de la ressource\n"
        "Un;a;https://x.example/a\n"
        "Long;b;https://x.example/b\n"
        "Long;c;https://x.example/0123456789012345678901234567890\n"
        "Trois;d;https://x.example/d\n"
        "Quatre;e;https://x.example/e\n";
    struct mo_tables *tables = mo_tables_new();
    struct mo_vocab *vocab = mo_vocab_new(tables, NULL);
    struct mo_reader_options options = {.vocab = vocab, .max_bytes = 80};
    struct mo_reader *reader = mo_csv_reader(&options);
    const struct mo_record *record;
    struct mo_buf lines;

    mo_buf_init(&lines, 1000);
    mo_reader_push(reader, mo_str(text));
    mo_reader_end(reader);
    while (mo_reader_next(reader, &record) == 1)
        mo_buf_printf(&lines, "%zu ", (size_t)record->place.line);
    CU_ASSERT_STRING_EQUAL(lines.p, "2 5 6 ");
    CU_ASSERT_EQUAL(mo_reader_rejected(reader), 1);
    mo_buf_done(&lines);
    mo_reader_free(reader);
    mo_vocab_free(vocab);
    mo_tables_free(tables);
}

static const struct unit_test tests[] = {TEST(rows_are_cut_whatever_the_pieces),
    TEST(rows_are_the_same_in_bytes_and_as_a_whole),
    TEST(cells_are_called_as_spreadsheets_do), TEST(formulas_are_known),
    TEST(members_are_nested), TEST(records_say_where_they_begin)};

UNIT_MAIN("csv", tests)
