#include "unit.h"

#include "rdf/canon.h"
#include "rdf/graph.h"

/* A graph as a text: one statement after the other, "s p o" of single letters; letters
 * from "a" to "m" are blank nodes, the rest IRIs. */
static enum mo_canon_result
canon(const char *text, size_t work, struct mo_buf *out)
{
    struct mo_lexicon *lexicon = mo_lexicon_new(4);
    struct mo_graph *graph = mo_graph_new(lexicon, 1 << 24);
    const struct mo_stmt *stmts[512];
    enum mo_canon_result result;
    size_t n = 0;

    for (; text[0]; text += text[5] ? 6 : 5) {
        struct mo_term *t[3];

        for (int i = 0; i < 3; ++i) {
            struct mo_str name = mo_str_n(text + 2 * i, 1);

            t[i] = name.p[0] <= 'm' ? mo_graph_blank(graph, name)
                                    : mo_graph_iri(graph, name);
        }
        mo_graph_add(graph, t[0], t[1], t[2]);
    }
    for (struct mo_term *s = graph->subjects; s; s = s->next_subject)
        for (const struct mo_stmt *stmt = s->first; stmt; stmt = stmt->next)
            stmts[n++] = stmt;
    result = mo_canon(stmts, n, work, out);
    mo_graph_free(graph);
    mo_lexicon_free(lexicon);
    return result;
}

static bool
same(const char *a, const char *b)
{
    struct mo_buf x, y;
    bool equal;

    mo_buf_init(&x, 1 << 20);
    mo_buf_init(&y, 1 << 20);
    CU_ASSERT_EQUAL(canon(a, 100000, &x), MO_CANON_OK);
    CU_ASSERT_EQUAL(canon(b, 100000, &y), MO_CANON_OK);
    equal = mo_str_eq(mo_buf_view(&x), mo_buf_view(&y));
    mo_buf_done(&x);
    mo_buf_done(&y);
    return equal;
}

static void
labels_and_order_do_not_matter(void)
{
    static const char *const equal[][2] = {{"x p a,a q y", "b q y,x p b"},
        {"a p b,b p a", "c p d,d p c"}, {"a p b,b p c,c p a", "a p c,c p b,b p a"},
        {"x p a,x p b,a p c,b p d", "x p c,c p a,x p d,d p b"},
        {"a p b,c p d,d q y", "b p a,d p c,a q y"}, {"x p y,x p y", "x p y"},
        {"a p a,b p b", "c p c,d p d"},
        {"a p b,b p c,c p d,d p a,a p c", "b p c,c p d,d p a,a p b,b p d"}};
    static const char *const different[][2] = {{"a p b,b p a", "a p a,b p b"},
        {"a p b,b p c,c p a,d p e,e p f,f p d", "a p b,b p c,c p d,d p e,e p f,f p a"},
        {"x p a,a q y", "x p a,b q y"}, {"x p y", "y p x"}};

    for (size_t i = 0; i < sizeof equal / sizeof equal[0]; ++i)
        CHECK(same(equal[i][0], equal[i][1]), equal[i][0]);
    for (size_t i = 0; i < sizeof different / sizeof different[0]; ++i)
        CHECK(!same(different[i][0], different[i][1]), different[i][0]);
}

static void
the_form_is_that_of_the_specification(void)
{
    struct mo_buf out;

    mo_buf_init(&out, 1 << 20);
    CU_ASSERT_EQUAL(canon("x p a,a q y,a q b", 1000, &out), MO_CANON_OK);
    CU_ASSERT(mo_str_is(mo_buf_view(&out),
                  "<x> <p> _:c14n1 .\n_:c14n1 <q> <y> .\n_:c14n1 <q> _:c14n0 .\n") ||
              mo_str_is(mo_buf_view(&out),
                  "<x> <p> _:c14n0 .\n_:c14n0 <q> <y> .\n_:c14n0 <q> _:c14n1 .\n"));
    mo_buf_done(&out);
}

/* Nodes that all look alike, each linked with each: factorially many orders. */
static void
a_hostile_graph_is_given_up(void)
{
    char text[12 * 11 * 6 + 1], *p = text;
    struct mo_buf out;

    for (char s = 'a'; s <= 'l'; ++s)
        for (char o = 'a'; o <= 'l'; ++o)
            if (s != o)
                p += sprintf(p, "%c p %c,", s, o);
    p[-1] = '\0';
    mo_buf_init(&out, 1 << 20);
    CU_ASSERT_EQUAL(canon(text, 2000, &out), MO_CANON_TOO_HARD);
    mo_buf_done(&out);
}

static const struct unit_test tests[] = {
    TEST(labels_and_order_do_not_matter),
    TEST(the_form_is_that_of_the_specification),
    TEST(a_hostile_graph_is_given_up),
};

UNIT_MAIN("canon", tests)
