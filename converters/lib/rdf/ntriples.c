#include "rdf/ntriples.h"

#include <moisson/iri.h>
#include <stdlib.h>

#include "base/plain.h"
#include "rdf/graph.h"
#include "rdf/writer.h"

static void
put_code(struct mo_buf *out, unsigned char c)
{
    mo_buf_printf(out, "\\u%04X", c);
}

/* A text that needs no escapes. */
static void
put_between(struct mo_buf *out, char open, struct mo_str text, char close)
{
    char *to;

    if (text.n >= SIZE_MAX - 2 || mo_buf_reserve(out, text.n + 2))
        return;
    to = out->p + out->n;
    to[0] = open;
    memcpy(to + 1, text.p, text.n);
    to[text.n + 1] = close;
    to[text.n + 2] = '\0';
    out->n += text.n + 2;
}

static void
put_iri(struct mo_buf *out, struct mo_str iri)
{
    size_t n = mo_iri_bad_byte(iri);

    if (n == iri.n) {
        put_between(out, '<', iri, '>');
        return;
    }
    mo_buf_byte(out, '<');
    for (; iri.n; n = mo_iri_bad_byte(iri)) {
        mo_buf_add(out, iri.p, n);
        if (n < iri.n && iri.p[n] == 0x7f)
            mo_buf_byte(out, iri.p[n]);
        else if (n < iri.n)
            put_code(out, (unsigned char)iri.p[n]);
        iri = mo_str_from(iri, n + 1);
    }
    mo_buf_byte(out, '>');
}

/* What is written as it is in JSON is so here, too, but for DEL. */
static bool
is_special(char c)
{
    return !mo_is_plain(c) || c == 0x7f;
}

/* Where the next byte is from `at` on that has to be escaped, or s.n. */
static size_t
next_special(struct mo_str s, size_t at)
{
    for (; at + MO_BLOCK <= s.n; at += MO_BLOCK) {
        mo_block block = mo_block_at(s.p + at);
        size_t n = mo_block_first((mo_block)((block < 0x20) | (block == '"') |
                                             (block == '\\') | (block == 0x7f)));

        if (n < MO_BLOCK)
            return at + n;
    }
    while (at < s.n && !is_special(s.p[at]))
        ++at;
    return at;
}

static void
put_string(struct mo_buf *out, struct mo_str s)
{
    static const char letters[] = "btn?fr";
    size_t from = 0, i = next_special(s, 0);

    if (i == s.n) {
        put_between(out, '"', s, '"');
        return;
    }
    mo_buf_byte(out, '"');
    for (; i < s.n; i = next_special(s, i + 1)) {
        unsigned char c = (unsigned char)s.p[i];

        mo_buf_add(out, s.p + from, i - from);
        from = i + 1;
        if (c == '"' || c == '\\')
            mo_buf_printf(out, "\\%c", c);
        else if (c >= '\b' && c <= '\r' && c != '\v')
            mo_buf_printf(out, "\\%c", letters[c - '\b']);
        else
            put_code(out, c);
    }
    mo_buf_add(out, s.p + from, s.n - from);
    mo_buf_byte(out, '"');
}

void
mo_nt_term(struct mo_buf *out, const struct mo_term *term)
{
    switch (term->kind) {
    case MO_IRI: put_iri(out, term->text); break;
    case MO_BLANK:
        mo_buf_c(out, "_:");
        mo_buf_str(out, term->text);
        break;
    case MO_LITERAL:
        put_string(out, term->text);
        if (term->lang.n) {
            mo_buf_byte(out, '@');
            mo_buf_str(out, term->lang);
        } else if (term->datatype) {
            mo_buf_c(out, "^^");
            put_iri(out, term->datatype->text);
        }
        break;
    }
}

void
mo_nt_stmt(struct mo_buf *out, const struct mo_stmt *stmt, const struct mo_term *graph)
{
    mo_nt_term(out, stmt->s);
    mo_buf_byte(out, ' ');
    mo_nt_term(out, stmt->p);
    mo_buf_byte(out, ' ');
    mo_nt_term(out, stmt->o);
    if (graph) {
        mo_buf_byte(out, ' ');
        mo_nt_term(out, graph);
    }
    mo_buf_c(out, " .\n");
}

/* ---- The writer ---- */

static enum mo_put
put(struct mo_writer *w, const struct mo_record *record)
{
    for (size_t i = 0; i < record->n_nodes; ++i) {
        for (const struct mo_stmt *s = record->nodes[i]->first; s; s = s->next)
            mo_nt_stmt(&w->out, s, record->graph);
        for (const struct mo_stmt *s = record->nodes[i]->first_link; s; s = s->next)
            mo_nt_stmt(&w->out, s, record->graph);
    }
    return mo_writer_flush(w, false) ? MO_PUT_TROUBLE : MO_PUT_WRITTEN;
}

static void
destroy(struct mo_writer *w)
{
    mo_writer_done(w);
    free(w);
}

static const struct mo_writer_class ntriples_class = {.free = destroy, .put = put};

struct mo_writer *
mo_ntriples_writer(const struct mo_writer_options *options)
{
    struct mo_writer *w = calloc(1, sizeof *w);

    if (w)
        mo_writer_init(w, &ntriples_class, options);
    return w;
}
