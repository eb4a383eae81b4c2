#include "unit.h"

#include <moisson/arena.h>
#include <moisson/buf.h>
#include <moisson/iri.h>
#include <moisson/text.h>

#include "base/hash.h"
#include "base/spill.h"

static void
arena_honours_its_ceiling(void)
{
    struct mo_arena *arena = mo_arena_new(1000);

    CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
    CU_ASSERT_PTR_NOT_NULL(mo_arena_alloc(arena, 600));
    CU_ASSERT_PTR_NULL(mo_arena_alloc(arena, 600));
    CU_ASSERT_PTR_NULL(mo_arena_alloc(arena, SIZE_MAX));
    CU_ASSERT_PTR_NOT_NULL(mo_arena_alloc(arena, 300));
    mo_arena_reset(arena);
    CU_ASSERT_EQUAL(mo_arena_used(arena), 0);
    CU_ASSERT_PTR_NOT_NULL(mo_arena_alloc(arena, 900));
    mo_arena_free(arena);
    mo_arena_free(NULL);
}

static void
arena_copies_end_with_nul(void)
{
    struct mo_arena *arena = mo_arena_new(1 << 20);
    struct mo_str copy = mo_str("untouched");

    CU_ASSERT_EQUAL(mo_arena_copy(arena, mo_str_n("abcdef", 3), &copy), 0);
    CU_ASSERT_STRING_EQUAL(copy.p, "abc");
    CU_ASSERT_EQUAL(mo_arena_copy(arena, mo_str_n("x", 2 << 20), &copy), -1);
    CU_ASSERT_STRING_EQUAL(copy.p, "abc");
    mo_arena_free(arena);
}

static void
buffer_refuses_all_after_its_ceiling(void)
{
    struct mo_buf buf;

    mo_buf_init(&buf, 10);
    CU_ASSERT_EQUAL(mo_buf_c(&buf, "12345"), 0);
    CU_ASSERT_EQUAL(mo_buf_c(&buf, "123456"), -1);
    CU_ASSERT(buf.failed);
    CU_ASSERT_EQUAL(mo_buf_c(&buf, "1"), -1);
    CU_ASSERT_STRING_EQUAL(buf.p, "12345");
    mo_buf_clear(&buf);
    CU_ASSERT_EQUAL(mo_buf_c(&buf, "1234567890"), 0);
    mo_buf_shift(&buf, 4);
    CU_ASSERT_STRING_EQUAL(buf.p, "567890");
    mo_buf_shift(&buf, 99);
    CU_ASSERT_EQUAL(buf.n, 0);
    mo_buf_number(&buf, 0);
    mo_buf_number(&buf, 1234);
    CU_ASSERT(mo_str_is(mo_buf_view(&buf), "01234"));
    mo_buf_done(&buf);
}

static void
strings_are_found_and_trimmed(void)
{
    struct mo_str s = mo_str("abcabcd");

    CU_ASSERT_EQUAL(mo_str_find(s, mo_str("abcd"), 0), 3);
    CU_ASSERT_EQUAL(mo_str_find(s, mo_str("x"), 0), 7);
    CU_ASSERT_EQUAL(mo_str_find(s, mo_str("abc"), 1), 3);
    CU_ASSERT_EQUAL(mo_str_find(mo_str(""), mo_str("a"), 0), 0);
    CU_ASSERT(mo_str_is(mo_str_trim(mo_str(" \t a b \n")), "a b"));
    CU_ASSERT(mo_str_cmp(mo_str("a"), mo_str("ab")) < 0);
    CU_ASSERT(mo_str_eq_nocase(mo_str("ÉtAt"), mo_str("ÉtaT")));
}

/* RFC 3986, 5.4.1 and 5.4.2 */
static void
iris_resolve_as_the_rfc_says(void)
{
    static const char *const rows[][2] = {{"g:h", "g:h"}, {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"}, {"g/", "http://a/b/c/g/"}, {"/g", "http://a/g"},
        {"//g", "http://g"}, {"?y", "http://a/b/c/d;p?y"}, {"g?y", "http://a/b/c/g?y"},
        {"#s", "http://a/b/c/d;p?q#s"}, {"g#s", "http://a/b/c/g#s"},
        {"g?y#s", "http://a/b/c/g?y#s"}, {";x", "http://a/b/c/;x"},
        {"g;x", "http://a/b/c/g;x"}, {"g;x?y#s", "http://a/b/c/g;x?y#s"},
        {"", "http://a/b/c/d;p?q"}, {".", "http://a/b/c/"}, {"./", "http://a/b/c/"},
        {"..", "http://a/b/"}, {"../", "http://a/b/"}, {"../g", "http://a/b/g"},
        {"../..", "http://a/"}, {"../../", "http://a/"}, {"../../g", "http://a/g"},
        {"../../../g", "http://a/g"}, {"../../../../g", "http://a/g"},
        {"/./g", "http://a/g"}, {"/../g", "http://a/g"}, {"g.", "http://a/b/c/g."},
        {".g", "http://a/b/c/.g"}, {"g..", "http://a/b/c/g.."},
        {"..g", "http://a/b/c/..g"}, {"./../g", "http://a/b/g"},
        {"./g/.", "http://a/b/c/g/"}, {"g/./h", "http://a/b/c/g/h"},
        {"g/../h", "http://a/b/c/h"}, {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
        {"g;x=1/../y", "http://a/b/c/y"}, {"g?y/./x", "http://a/b/c/g?y/./x"},
        {"g?y/../x", "http://a/b/c/g?y/../x"}, {"g#s/./x", "http://a/b/c/g#s/./x"},
        {"g#s/../x", "http://a/b/c/g#s/../x"}, {"http:g", "http:g"}};
    struct mo_arena *arena = mo_arena_new(1 << 20);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_str out;

        CU_ASSERT_EQUAL(
            mo_iri_resolve(arena, mo_str("http://a/b/c/d;p?q"), mo_str(rows[i][0]), &out),
            0);
        CHECK(mo_str_is(out, rows[i][1]), rows[i][0]);
    }
    mo_arena_free(arena);
}

static void
iris_without_a_base_stay_as_written(void)
{
    struct mo_arena *arena = mo_arena_new(1 << 20);
    struct mo_str out;

    mo_iri_resolve(arena, mo_str(""), mo_str("datasets/3"), &out);
    CU_ASSERT(mo_str_is(out, "datasets/3"));
    mo_iri_resolve(arena, mo_str("not absolute"), mo_str("x"), &out);
    CU_ASSERT(mo_str_is(out, "x"));
    mo_iri_resolve(arena, mo_str("http://h"), mo_str("x"), &out);
    CU_ASSERT(mo_str_is(out, "http://h/x"));
    CU_ASSERT_EQUAL(mo_iri_bad_byte(mo_str("http://h/a b")), 10);
    CU_ASSERT_EQUAL(mo_iri_bad_byte(mo_str("http://h/é{")), 11);
    mo_arena_free(arena);
}

static void
utf8_is_judged_as_the_rfc_says(void)
{
    static const struct {
        const char *text;
        size_t bad;
    } rows[] = {{"plain ascii, longer than eight", 30}, {"é€𝄞", 9}, {"a\xC3", 1},
        {"\xC0\xAF", 0}, {"\xED\xA0\x80", 0}, {"\xF4\x90\x80\x80", 0},
        {"abcdefgh\xFF", 8}, {"é and é, then eight more\xFF", 26}, {"é\xC3", 2},
        {"€ab\xE2\x82", 5}, {"\xE0\x9F\xBF", 0}, {"\xEF\xBF\xBD", 3}, {"\x80", 0}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i)
        CHECK(mo_utf8_bad(mo_str(rows[i].text)) == rows[i].bad, rows[i].text);
}

static void
utf8_is_walked_counted_and_cut(void)
{
    struct mo_str s = mo_str("aé€𝄞\xFFz");
    static const uint32_t codes[] = {'a', 0xE9, 0x20AC, 0x1D11E, 0xFFFD, 'z'};
    size_t at = 0;
    char out[4];

    for (size_t i = 0; i < 6; ++i)
        CU_ASSERT_EQUAL(mo_utf8_next(s, &at), codes[i]);
    CU_ASSERT_EQUAL(at, s.n);
    CU_ASSERT_EQUAL(mo_utf8_length(mo_str("aé€𝄞")), 4);
    CU_ASSERT(mo_str_is(mo_utf8_head(mo_str("aé€𝄞"), 3), "aé€"));
    CU_ASSERT(mo_str_is(mo_utf8_letters(mo_str("ae\xCC\x81z"), 4), "ae\xCC\x81z"));
    CU_ASSERT(mo_str_is(mo_utf8_letters(mo_str("ae\xCC\x81z"), 3), "ae\xCC\x81"));
    CU_ASSERT(mo_str_is(mo_utf8_letters(mo_str("ae\xCC\x81z"), 2), "a"));
    CU_ASSERT(mo_str_is(mo_utf8_letters(mo_str("\xCC\x81z"), 0), ""));
    CU_ASSERT_EQUAL(mo_utf8_put(0x1D11E, out), 4);
    CU_ASSERT_EQUAL(mo_utf8_put(0xD800, out), 0);
    CU_ASSERT_EQUAL(mo_utf8_put(0x110000, out), 0);
}

/* Characters cut anywhere between two pushes. */
static void
other_charsets_are_decoded_byte_by_byte(void)
{
    static const struct {
        const char *charset;
        struct mo_str bytes;
        const char *text;
    } rows[] = {{"ISO-8859-1",
                    {"mus\xE9"
                     "e",
                        5},
                    "musée"},
        {"WINDOWS-1252", {"\x80 \x92", 3}, "€ ’"},
        {"UTF-16LE", {"h\0\xE9\0\x34\xD8\x1E\xDD", 8}, "hé𝄞"},
        {"UTF-16BE", {"\0h\0\xE9", 4}, "hé"}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_decoder *decoder = mo_decoder_new(mo_str(rows[i].charset), true);
        struct mo_buf out;

        CU_ASSERT_PTR_NOT_NULL_FATAL(decoder);
        mo_buf_init(&out, 1000);
        for (size_t k = 0; k < rows[i].bytes.n; ++k)
            mo_decoder_push(decoder, mo_str_n(rows[i].bytes.p + k, 1), false, &out);
        mo_decoder_push(decoder, mo_str(""), true, &out);
        CHECK(mo_str_is(mo_buf_view(&out), rows[i].text), rows[i].charset);
        CU_ASSERT_EQUAL(mo_decoder_invalid(decoder), 0);
        mo_buf_done(&out);
        mo_decoder_free(decoder);
    }
    CU_ASSERT_PTR_NULL(mo_decoder_new(mo_str("no-such-charset"), true));
    CU_ASSERT_PTR_NULL(mo_decoder_new(mo_str("UTF-8//IGNORE"), true));
}

static void
a_character_cut_at_the_end_is_counted(void)
{
    struct mo_decoder *decoder = mo_decoder_new(mo_str("UTF-16LE"), true);
    struct mo_buf out;

    mo_buf_init(&out, 1000);
    mo_decoder_push(decoder, mo_str_n("h\0x", 3), true, &out);
    CU_ASSERT(mo_str_is(mo_buf_view(&out), "h\xEF\xBF\xBD"));
    CU_ASSERT_EQUAL(mo_decoder_invalid(decoder), 1);
    mo_buf_done(&out);
    mo_decoder_free(decoder);
}

/* Labels of blank nodes are made of it: "c2" and "c23" once met. */
static void
short_strings_do_not_collide(void)
{
    enum { N = 20000 };
    static uint64_t seen[N];
    char text[16];
    size_t twins = 0;

    for (size_t i = 0; i < N; ++i) {
        snprintf(text, sizeof text, "c%zu", i);
        seen[i] = mo_hash(1, mo_str(text));
    }
    for (size_t i = 0; i < N; ++i)
        for (size_t k = i + 1; k < (i < 200 ? N : i + 2) && k < N; ++k)
            twins += seen[i] == seen[k];
    CU_ASSERT_EQUAL(twins, 0);
    CU_ASSERT_NOT_EQUAL(mo_hash(1, mo_str("x")), mo_hash(2, mo_str("x")));
}

static void
sha256_is_the_standard_one(void)
{
    struct mo_sha256 *sha = mo_sha256_new();
    char hex[65];

    mo_sha256_add(sha, mo_str("a"));
    mo_sha256_add(sha, mo_str("bc"));
    mo_sha256_hex(sha, hex);
    CU_ASSERT_STRING_EQUAL(
        hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    mo_sha256_free(sha);
}

static void
the_spill_gives_back_what_it_took(void)
{
    struct mo_spill *spill = mo_spill_new();
    static char big[600 << 10];
    uint64_t at[4];
    char back[16];

    memset(big, 'x', sizeof big);
    memcpy(big + sizeof big - 4, "end!", 4);
    CU_ASSERT_EQUAL(mo_spill_write(spill, mo_str("first"), &at[0]), 0);
    CU_ASSERT_EQUAL(mo_spill_read(spill, at[0], back, 5), 0);
    CU_ASSERT_EQUAL(mo_spill_write(spill, mo_str_n(big, sizeof big), &at[1]), 0);
    CU_ASSERT_EQUAL(mo_spill_write(spill, mo_str("last"), &at[2]), 0);
    CU_ASSERT_EQUAL(mo_spill_read(spill, at[0], back, 5), 0);
    CU_ASSERT(memcmp(back, "first", 5) == 0);
    CU_ASSERT_EQUAL(mo_spill_read(spill, at[2] - 4, back, 8), 0);
    CU_ASSERT(memcmp(back, "end!last", 8) == 0);
    CU_ASSERT_EQUAL(mo_spill_read(spill, at[2], back, 5), -1);
    CU_ASSERT_EQUAL(mo_spill_read(spill, UINT64_MAX, back, 1), -1);
    mo_spill_free(spill);
}

/* What was read ahead is not taken for what stands elsewhere, or came later. */
static void
the_spill_reads_ahead_what_is_there(void)
{
    static const size_t places[][2] = {{0, 24}, {24, 1000}, {900, 200}, {800, 24},
        {1023, 1}, {1024, 1}, {5000, 4000}, {1024, 24}, {299990, 10}, {299000, 1000},
        {0, 24}};
    struct mo_spill *spill = mo_spill_new();
    static char bytes[300000], back[4000];
    uint64_t at;

    for (size_t turn = 0; turn < 2; ++turn) {
        for (size_t i = 0; i < sizeof bytes; ++i)
            bytes[i] = (char)(i * i / 7 + turn);
        CU_ASSERT_EQUAL(mo_spill_write(spill, mo_str_n(bytes, sizeof bytes), &at), 0);
        for (size_t i = 0; i < sizeof places / sizeof places[0]; ++i) {
            size_t from = places[i][0], n = places[i][1];

            CU_ASSERT_EQUAL(mo_spill_read(spill, from, back, n), 0);
            CU_ASSERT(memcmp(back, bytes + from, n) == 0);
        }
        mo_spill_reset(spill);
    }
    mo_spill_free(spill);
}

/* Each byte, wherever it stands (RFC 3987, 2.2: what no part of an IRI may hold). */
static void
bad_bytes_of_iris_are_found(void)
{
    char text[40];

    for (int c = 0; c < 256; ++c) {
        bool bad = c <= ' ' || c == 0x7F || strchr("<>\"{}|^`\\", c);
        size_t wrong = 0;

        for (size_t n = 1; n <= sizeof text; ++n)
            for (size_t at = 0; at < n; ++at) {
                memset(text, 'a', sizeof text);
                text[at] = (char)c;
                wrong += mo_iri_bad_byte(mo_str_n(text, n)) != (bad ? at : n);
            }
        CHECK(wrong == 0, "a byte");
    }
}

static const struct unit_test tests[] = {
    TEST(bad_bytes_of_iris_are_found),
    TEST(arena_honours_its_ceiling),
    TEST(arena_copies_end_with_nul),
    TEST(buffer_refuses_all_after_its_ceiling),
    TEST(strings_are_found_and_trimmed),
    TEST(iris_resolve_as_the_rfc_says),
    TEST(iris_without_a_base_stay_as_written),
    TEST(utf8_is_judged_as_the_rfc_says),
    TEST(utf8_is_walked_counted_and_cut),
    TEST(other_charsets_are_decoded_byte_by_byte),
    TEST(a_character_cut_at_the_end_is_counted),
    TEST(short_strings_do_not_collide),
    TEST(sha256_is_the_standard_one),
    TEST(the_spill_gives_back_what_it_took),
    TEST(the_spill_reads_ahead_what_is_there),
};

UNIT_MAIN("base", tests)
