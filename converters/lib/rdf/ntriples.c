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

static void
put_iri(struct mo_buf *out, struct mo_str iri)
{
    mo_buf_byte(out, '<');
    while (iri.n) {
        size_t n = mo_iri_bad_byte(iri);

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
static size_t
next_special(struct mo_str s, size_t i)
{
    size_t n = mo_plain(s, i);
    const char *del = n ? memchr(s.p + i, 0x7f, n) : NULL;

    return del ? (size_t)(del - s.p) : i + n;
}

static void
put_string(struct mo_buf *out, struct mo_str s)
{
    static const char letters[] = "btn?fr";
    size_t from = 0;

    mo_buf_byte(out, '"');
    for (size_t i = next_special(s, 0); i < s.n; i = next_special(s, i + 1)) {
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
