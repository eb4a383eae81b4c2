#include "jsonld/known.h"

#include <stdlib.h>

#include <moisson/json.h>

#include "base/ctype.h"

/* ---- Which context a URL means ---- */

static struct mo_str
without_start(struct mo_str text, const char *start)
{
    size_t n = strlen(start);

    if (text.n >= n && mo_str_eq_nocase(mo_str_n(text.p, n), mo_str(start)))
        return mo_str_from(text, n);
    return text;
}

static struct mo_str
without_end(struct mo_str text, const char *end)
{
    size_t n = strlen(end);

    if (text.n >= n && mo_str_eq_nocase(mo_str_from(text, text.n - n), mo_str(end)))
        text.n -= n;
    return text;
}

/* What the ways of writing one address have in common. */
static struct mo_str
core_of(struct mo_str url)
{
    url = without_start(without_start(url, "http://"), "https://");
    url = without_start(url, "www.");
    for (size_t i = 0; i < url.n; ++i)
        if (url.p[i] == '?' || url.p[i] == '#')
            url.n = i;
    url = without_end(url, "/");
    return without_end(without_end(url, ".jsonld"), ".json");
}

static bool
fits(struct mo_str text, struct mo_str pattern)
{
    size_t star = pattern.n, tried = 0, i = 0, k = 0;

    while (i < text.n) {
        if (k < pattern.n && pattern.p[k] == '*') {
            star = k++;
            tried = i;
        } else if (k < pattern.n && mo_lower(text.p[i]) == mo_lower(pattern.p[k])) {
            ++i;
            ++k;
        } else if (star < pattern.n) {
            k = star + 1;
            i = ++tried;
        } else {
            return false;
        }
    }
    while (k < pattern.n && pattern.p[k] == '*')
        ++k;
    return k == pattern.n;
}

/* Its name, or NULL. */
static const char *
context_at(const struct mo_vocab *v, struct mo_str url)
{
    const struct mo_table *t = mo_table(v->tables, "contexts");
    size_t pattern = mo_table_column(t, "url");

    url = core_of(url);
    for (size_t i = 0; url.n && i < t->rows; ++i)
        if (fits(url, core_of(mo_str(mo_table_cell(t, i, pattern)))))
            return mo_table_cell(t, i, mo_table_column(t, "context"));
    return NULL;
}

/* ---- Its terms ---- */

enum column { CONTEXT, SCOPE, TERM, ID, TYPE, CONTAINER, LANGUAGE, N_COLUMNS };

struct terms {
    const struct mo_vocab *vocab;
    const struct mo_table *table;
    size_t columns[N_COLUMNS];
    size_t *rows; /* those of the context in hand */
    size_t n;
    struct mo_buf *out;
};

static const char *
cell(const struct terms *t, size_t i, enum column column)
{
    return mo_table_cell(t->table, t->rows[i], t->columns[column]);
}

static bool
holds_word(const char *words, const char *word)
{
    struct mo_str rest = mo_str(words);

    while (rest.n) {
        size_t n = mo_str_find(rest, mo_str(" "), 0);

        if (mo_str_is(mo_str_n(rest.p, n), word))
            return true;
        rest = mo_str_from(rest, n + 1);
    }
    return false;
}

/* A keyword, "<IRI>", a name with one of our prefixes, or an IRI. */
static void
put_name(const struct terms *t, struct mo_str name)
{
    size_t colon = mo_str_find(name, mo_str(":"), 0);
    struct mo_str space = mo_vocab_namespace(t->vocab, mo_str_n(name.p, colon));
    struct mo_buf iri;

    mo_buf_init(&iri, SIZE_MAX);
    if (name.n > 1 && name.p[0] == '<')
        mo_buf_add(&iri, name.p + 1, name.n - 2);
    else {
        mo_buf_str(&iri, space);
        mo_buf_str(&iri, space.n ? mo_str_from(name, colon + 1) : name);
    }
    mo_json_join(t->out, &iri);
}

static void
put_words(const struct terms *t, struct mo_str words)
{
    bool several = mo_str_find(words, mo_str(" "), 0) < words.n;

    if (several)
        mo_buf_byte(t->out, '[');
    for (const char *before = ""; words.n; before = ",") {
        size_t n = mo_str_find(words, mo_str(" "), 0);

        mo_buf_c(t->out, before);
        mo_json_string(t->out, mo_str_n(words.p, n));
        words = mo_str_from(words, n + 1);
    }
    if (several)
        mo_buf_byte(t->out, ']');
}

static void put_scope(const struct terms *t, const char *scope);

static bool
is_scope(const struct terms *t, const char *term)
{
    for (size_t i = 0; i < t->n; ++i)
        if (strcmp(cell(t, i, SCOPE), term) == 0)
            return true;
    return false;
}

static void
put_definition(const struct terms *t, size_t i, bool is_scoped)
{
    struct mo_str id = mo_str(cell(t, i, ID));
    bool reverse = id.n && id.p[0] == '^';

    mo_buf_c(t->out, reverse ? "{\"@reverse\":" : "{\"@id\":");
    put_name(t, mo_str_from(id, reverse));
    if (cell(t, i, TYPE)[0]) {
        mo_buf_c(t->out, ",\"@type\":");
        put_name(t, mo_str(cell(t, i, TYPE)));
    }
    if (cell(t, i, CONTAINER)[0]) {
        mo_buf_c(t->out, ",\"@container\":");
        put_words(t, mo_str(cell(t, i, CONTAINER)));
    }
    if (strcmp(cell(t, i, LANGUAGE), "null") == 0) {
        mo_buf_c(t->out, ",\"@language\":null");
    } else if (cell(t, i, LANGUAGE)[0]) {
        mo_buf_c(t->out, ",\"@language\":");
        mo_json_string(t->out, mo_str(cell(t, i, LANGUAGE)));
    }
    if (is_scoped) {
        mo_buf_c(t->out, ",\"@context\":");
        put_scope(t, cell(t, i, TERM));
    }
    mo_buf_byte(t->out, '}');
}

static void
put_term(const struct terms *t, size_t i)
{
    const char *term = cell(t, i, TERM), *id = cell(t, i, ID);
    bool scope = cell(t, i, SCOPE)[0] == '\0' && is_scope(t, term);
    bool simple = !scope && id[0] != '^' && !cell(t, i, TYPE)[0] &&
                  !cell(t, i, CONTAINER)[0] && !cell(t, i, LANGUAGE)[0];

    mo_json_string(t->out, mo_str(term));
    mo_buf_byte(t->out, ':');
    if (strcmp(id, "null") == 0)
        mo_buf_c(t->out, "null");
    else if (simple)
        put_name(t, mo_str(id));
    else
        put_definition(t, i, scope);
}

static void
put_scope(const struct terms *t, const char *scope)
{
    const char *before = "";

    mo_buf_byte(t->out, '{');
    for (size_t i = 0; i < t->n; ++i) {
        if (strcmp(cell(t, i, SCOPE), scope) != 0)
            continue;
        mo_buf_c(t->out, before);
        put_term(t, i);
        before = ",";
    }
    mo_buf_byte(t->out, '}');
}

static void
put_context(const struct mo_vocab *v, const char *name, struct mo_buf *out)
{
    static const char *const names[] = {
        "context", "scope", "term", "id", "type", "container", "language"};
    struct terms t = {
        .vocab = v, .table = mo_table(v->tables, "context-terms"), .out = out};

    t.rows = malloc((t.table->rows + 1) * sizeof *t.rows);
    if (!t.rows) {
        out->failed = true;
        return;
    }
    for (size_t i = 0; i < N_COLUMNS; ++i)
        t.columns[i] = mo_table_column(t.table, names[i]);
    for (size_t i = 0; i < t.table->rows; ++i)
        if (holds_word(mo_table_cell(t.table, i, t.columns[CONTEXT]), name))
            t.rows[t.n++] = i;
    mo_buf_c(out, "{\"@context\":");
    put_scope(&t, "");
    mo_buf_byte(out, '}');
    free(t.rows);
}

int
mo_known_context(const struct mo_vocab *v, struct mo_str url, struct mo_buf *out)
{
    const char *name = context_at(v, url);

    if (!name)
        return -1;
    put_context(v, name, out);
    return 0;
}
