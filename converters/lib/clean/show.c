#include "clean/show.h"

#include <moisson/text.h>

enum { LONG_TEXT = 120, DEEP = 3 };

bool
mo_show_name(const struct mo_vocab *v, struct mo_str iri, struct mo_buf *out)
{
    for (size_t i = 0; i < v->n_prefixes; ++i) {
        const struct mo_prefix *p = &v->prefixes[i];

        /* The last letter of a namespace tells soonest. */
        if (iri.n < p->space.n || iri.p[p->space.n - 1] != p->space.p[p->space.n - 1] ||
            !mo_str_starts(iri, p->space))
            continue;
        mo_buf_str(out, p->name);
        mo_buf_byte(out, ':');
        mo_buf_str(out, mo_str_from(iri, p->space.n));
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

/* What fits of it; if that is not all, the buffer fails. */
static void
put_as_fits(struct mo_buf *out, struct mo_str s)
{
    size_t room = out->max - out->n;

    mo_buf_add(out, s.p, s.n < room ? s.n : room);
    if (s.n > room)
        mo_buf_byte(out, s.p[room]);
}

static void
show_literal(const struct mo_vocab *v, const struct mo_term *literal, struct mo_buf *out)
{
    struct mo_str head = mo_utf8_letters(literal->text, LONG_TEXT);

    mo_buf_byte(out, '"');
    for (size_t at = 0; at < head.n; ++at) {
        size_t end = mo_str_find(head, mo_str("\n"), at);

        put_as_fits(out, mo_str_n(head.p + at, end - at));
        if (end < head.n)
            mo_buf_c(out, "\\n");
        at = end;
    }
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
