#include "clean/show.h"

#include <moisson/text.h>

enum { LONG_TEXT = 120, DEEP = 3 };

bool
mo_show_name(const struct mo_vocab *v, struct mo_str iri, struct mo_buf *out)
{
    const struct mo_table *t = mo_table(v->tables, "prefixes");

    for (size_t i = 0; i < t->rows; ++i) {
        struct mo_str space = mo_str(mo_table_cell(t, i, 1));

        if (!mo_str_starts(iri, space))
            continue;
        mo_buf_c(out, mo_table_cell(t, i, 0));
        mo_buf_byte(out, ':');
        mo_buf_str(out, mo_str_from(iri, space.n));
        return true;
    }
    return false;
}

void
mo_show_iri(const struct mo_vocab *v, struct mo_str iri, struct mo_buf *out)
{
    if (!mo_show_name(v, iri, out))
        mo_buf_str(out, iri);
}

static void
show_literal(const struct mo_vocab *v, const struct mo_term *literal, struct mo_buf *out)
{
    struct mo_str head = mo_utf8_letters(literal->text, LONG_TEXT);

    mo_buf_byte(out, '"');
    for (size_t i = 0; i < head.n; ++i)
        if (head.p[i] == '\n')
            mo_buf_c(out, "\\n");
        else
            mo_buf_byte(out, head.p[i]);
    mo_buf_c(out, head.n < literal->text.n ? "…\"" : "\"");
    if (literal->lang.n) {
        mo_buf_byte(out, '@');
        mo_buf_str(out, literal->lang);
    } else if (literal->datatype) {
        mo_buf_c(out, "^^");
        if (mo_show_name(v, literal->datatype->text, out))
            return;
        mo_buf_byte(out, '<');
        mo_buf_str(out, literal->datatype->text);
        mo_buf_byte(out, '>');
    }
}

static void show(const struct mo_vocab *v, const struct mo_term *term,
    const struct mo_term *root, struct mo_buf *out, int depth);

static void
show_stmts(const struct mo_vocab *v, const struct mo_term *node,
    const struct mo_term *root, struct mo_buf *out, int depth)
{
    const char *before = "[";

    for (const struct mo_stmt *s = node->first; s; s = s->next) {
        if (s->p->kind != MO_IRI) /* it was dropped */
            continue;
        mo_buf_c(out, before);
        before = "; ";
        if (s->p->known == MO_K_RDF_TYPE && mo_is_node(s->o)) {
            mo_buf_c(out, "a ");
            mo_show_iri(v, s->o->text, out);
            continue;
        }
        mo_show_iri(v, s->p->text, out);
        mo_buf_byte(out, ' ');
        show(v, s->o, root, out, depth + 1);
    }
    mo_buf_c(out, *before == '[' ? "[]" : "]");
}

static void
show(const struct mo_vocab *v, const struct mo_term *term, const struct mo_term *root,
    struct mo_buf *out, int depth)
{
    if (term->kind == MO_LITERAL) {
        show_literal(v, term, out);
        return;
    }
    if (term->kind == MO_IRI) {
        mo_buf_byte(out, '<');
        mo_buf_str(out, term->text);
        mo_buf_byte(out, '>');
    }
    if (term == root || depth > DEEP) {
        mo_buf_c(out, term->kind == MO_BLANK ? "[…]" : "");
        return;
    }
    if (term->kind == MO_BLANK || term->first)
        show_stmts(v, term, root, out, depth);
}

void
mo_show_term(const struct mo_vocab *v, const struct mo_term *term,
    const struct mo_term *root, struct mo_buf *out)
{
    show(v, term, root, out, 0);
}
