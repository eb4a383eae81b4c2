/*
 * The canonical form. Three bytes are a statement: small letters are blank nodes, digits and
 * signs are literals (as objects), all others IRIs. Order and labels must not matter.
 */
#include "fuzz.h"
#include "rdf/canon.h"
#include "rdf/graph.h"

enum { MAX_STMTS = 64, WORK = 3000 };

/* `names` maps letters to the labels of this version of the graph. */
static struct mo_term *
term(struct mo_graph *graph, unsigned char c, const unsigned char names[26], bool object)
{
    static const char *const texts[] = {
        "a \"b\"\\", "line\nline\r", "\x01\x7f\t", "é", ""};
    char name[16];

    if (c >= 'a' && c <= 'z') {
        snprintf(name, sizeof name, "b%d", names[c - 'a']);
        return mo_graph_blank(graph, mo_str(name));
    }
    if (object && c < 'A')
        return mo_graph_literal(graph, mo_str(texts[c % 5]),
            c % 3 == 1 ? mo_graph_iri(graph, mo_str("http://e.fr/type")) : NULL,
            mo_str(c % 3 == 2 ? "fr" : ""));
    snprintf(name, sizeof name, "http://e.fr/%02x", c);
    return mo_graph_iri(graph, mo_str(name));
}

static enum mo_canon_result
canon(struct mo_str data, uint64_t dice, struct mo_buf *out, char hex[65])
{
    struct mo_lexicon *lexicon = mo_lexicon_new(4);
    struct mo_graph *graph = mo_graph_new(lexicon, FUZZ_MAX);
    const struct mo_stmt *stmts[MAX_STMTS];
    unsigned char names[26], order[MAX_STMTS];
    size_t n = data.n / 3, n_stmts = 0;
    enum mo_canon_result result;

    if (n > MAX_STMTS)
        n = MAX_STMTS;
    for (size_t i = 0; i < 26; ++i)
        names[i] = (unsigned char)i;
    for (size_t i = 0; i < n; ++i)
        order[i] = (unsigned char)i;
    for (size_t i = 25; dice && i > 0; --i) {
        size_t k = fuzz_roll(&dice, i + 1);
        unsigned char kept = names[i];

        names[i] = names[k];
        names[k] = kept;
    }
    for (size_t i = n; dice && i > 1; --i) {
        size_t k = fuzz_roll(&dice, i);
        unsigned char kept = order[i - 1];

        order[i - 1] = order[k];
        order[k] = kept;
    }
    for (size_t i = 0; i < n; ++i) {
        const unsigned char *c = (const unsigned char *)data.p + 3 * (size_t)order[i];

        mo_graph_add(graph, term(graph, c[0], names, false),
            term(graph, (unsigned char)(c[1] & 0x5F), names, false),
            term(graph, c[2], names, true));
    }
    for (struct mo_term *s = graph->subjects; s; s = s->next_subject)
        for (const struct mo_stmt *stmt = s->first; stmt; stmt = stmt->next)
            stmts[n_stmts++] = stmt;
    mo_buf_init(out, FUZZ_MAX);
    result = mo_canon(stmts, n_stmts, WORK, out);
    MUST(mo_canon_hash(stmts, n_stmts, WORK, hex) == result);
    mo_graph_free(graph);
    mo_lexicon_free(lexicon);
    return result;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mo_str text = fuzz_str(data, size);
    struct mo_buf one, other;
    char hex[65], other_hex[65];
    enum mo_canon_result first = canon(text, 0, &one, hex);
    enum mo_canon_result second = canon(text, fuzz_seed(text) | 1, &other, other_hex);

    MUST(first != MO_CANON_NO_MEMORY && second != MO_CANON_NO_MEMORY);
    if (first == MO_CANON_OK && second == MO_CANON_OK) {
        MUST_EQUAL(mo_buf_view(&one), mo_buf_view(&other));
        MUST(strlen(hex) == 64 && strcmp(hex, other_hex) == 0);
    }
    mo_buf_done(&one);
    mo_buf_done(&other);
    return 0;
}
