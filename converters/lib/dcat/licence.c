#include "base/ctype.h"
#include "dcat/values_impl.h"

/*
 * What an address may end in and still be that of the licence: pages of Creative Commons
 * in a language, and the forms in which SPDX has each. "*" stands for letters, "-" and "_".
 */
static const char *const tails[] = {
    "/deed", "/deed.*", "/legalcode", "/legalcode.*", ".html", ".json", ".rdf"};

/* Where the tail begins in `url`, whose last letters begin at `word`; its length where it has none. */
static size_t
tail_at(struct mo_str url, size_t word, const char *tail)
{
    struct mo_str head = mo_str(tail);
    size_t n = url.n;

    if (head.p[head.n - 1] == '*') {
        --head.n;
        n = word;
    }
    return mo_str_ends(mo_str_n(url.p, n), head) ? n - head.n : url.n;
}

static void
put_address(struct mo_buf *out, struct mo_str url)
{
    size_t from = out->n, word;
    struct mo_str said;

    mo_forms_put_url(out, url);
    said = mo_str_n(out->p + from, out->n - from);
    word = said.n;
    while (word > 0 && (mo_is_alpha(said.p[word - 1]) || said.p[word - 1] == '-' ||
                           said.p[word - 1] == '_'))
        --word;
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; ++i) {
        size_t at = tail_at(said, word, tails[i]);

        if (at < said.n) {
            out->n = from + at;
            return;
        }
    }
}

/* Of the table. */
struct columns {
    size_t id, iri, kind, form;
};

static void
add_row(const struct mo_values *v, struct known *known, const struct mo_table *t,
    const struct columns *c, size_t row)
{
    const char *id = mo_table_cell(t, row, c->id);
    const char *iri = mo_table_cell(t, row, c->iri);
    struct mo_str form = mo_str(mo_table_cell(t, row, c->form));
    char memory[LONGEST_FORM];
    struct mo_buf address;

    if (!id[0] && !iri[0])
        return; /* still to be completed */
    if (strcmp(mo_table_cell(t, row, c->kind), "url") != 0) {
        mo_forms_add_slug(v, &known->names, form, id, iri);
        return;
    }
    mo_buf_fixed(&address, memory, sizeof memory);
    put_address(&address, form);
    if (!address.failed)
        mo_forms_add(&known->urls, mo_buf_view(&address), id, iri);
}

/* Of two rows of one form the later counts: it was laid over the table. */
static void
read_licences(const struct mo_values *v, struct known *known)
{
    const struct mo_table *t = mo_table(v->vocab->tables, "licences");
    const struct columns c = {mo_table_column(t, "id"), mo_table_column(t, "iri"),
        mo_table_column(t, "kind"), mo_table_column(t, "form")};

    for (size_t i = t->rows; i-- > 0;)
        add_row(v, known, t, &c, i);
}

int
mo_licences_prepare(struct mo_values *v)
{
    v->licences = mo_known_new(v, "licences", read_licences);
    return v->licences ? 0 : -1;
}

/* The next address of the web behind `*at`, without what ends a sentence or a tag. */
static struct mo_str
next_address(struct mo_str text, size_t *at)
{
    struct mo_str url;
    size_t n = 0;

    while (*at < text.n && !mo_is_web(mo_str_from(text, *at)))
        ++*at;
    url = mo_str_from(text, *at);
    while (n < url.n && !mo_is_space(url.p[n]) && !strchr("<>\"'", url.p[n]))
        ++n;
    while (n > 0 && strchr(".,;:)]", url.p[n - 1]))
        --n;
    return mo_str_n(url.p, n);
}

static const struct form *
find_address(const struct mo_values *v, struct mo_str url)
{
    char memory[LONGEST_FORM];
    struct mo_buf address;

    mo_buf_fixed(&address, memory, sizeof memory);
    put_address(&address, url);
    return address.failed
               ? NULL
               : mo_forms_find(&mo_known(v, v->licences)->urls, mo_buf_view(&address));
}

static bool
same_licence(const struct form *a, const struct form *b)
{
    return mo_str_eq(a->id, b->id) && mo_str_eq(a->iri, b->iri);
}

/*
 * The licence that the text's addresses name: NULL when they name none. What is left of the text
 * goes into `rest`. False when there are several licences.
 */
static bool
read_addresses(const struct mo_values *v, struct mo_str text, struct mo_buf *rest,
    const struct form **named)
{
    *named = NULL;
    for (size_t at = 0, from = 0; from < text.n; from = at) {
        struct mo_str url = next_address(text, &at);
        const struct form *f = url.n ? find_address(v, url) : NULL;

        mo_buf_add(rest, text.p + from, at - from);
        mo_buf_byte(rest, ' ');
        at += url.n;
        if (f && *named && !same_licence(f, *named))
            return false;
        *named = f ? f : *named;
    }
    return true;
}

static const struct form *
find_licence(const struct mo_values *v, struct mo_str text)
{
    const struct form *f;
    char memory[LONGEST_FORM];
    struct mo_buf rest;

    text = mo_str_trim(text);
    while (text.n && text.p[text.n - 1] == '.')
        --text.n;
    mo_buf_fixed(&rest, memory, sizeof memory);
    if (!read_addresses(v, text, &rest, &f))
        return NULL;
    return f || rest.failed ? f
                            : mo_forms_find_slug(v, &mo_known(v, v->licences)->names,
                                  mo_buf_view(&rest));
}

/* A row that has an id alone means what the id does. */
static struct mo_str
iri_of(const struct mo_values *v, const struct form *f)
{
    if (f->iri.n == 0 &&
        (f = mo_forms_find_slug(v, &mo_known(v, v->licences)->names, f->id)))
        return f->iri;
    return f ? f->iri : mo_str("");
}

bool
mo_licence_named(
    const struct mo_values *v, struct mo_str text, struct mo_licence *licence)
{
    enum { LONGEST_TEXT = 1 << 20 };
    const struct form *f;
    struct mo_buf plain;

    mo_buf_init(&plain, LONGEST_TEXT);
    if (text.n && memchr(text.p, '<', text.n)) {
        mo_markdown(v, text, &plain);
        text = mo_buf_view(&plain);
    }
    f = find_licence(v, text);
    mo_buf_done(&plain);
    if (!f)
        return false;
    licence->id = f->id;
    licence->iri = iri_of(v, f);
    return true;
}

struct mo_str
mo_licence(const struct mo_values *v, struct mo_str text)
{
    struct mo_licence licence;

    return mo_licence_named(v, text, &licence) ? licence.id : mo_str("");
}
