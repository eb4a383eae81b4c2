/* Addresses of the web, where they stand as values: of pages, files, services. */
#include <stdlib.h>

#include "clean/clean.h"

enum { MAX_ADDRESS = 1 << 20, MOST_ADDRESSES = 64 };

/* An address instead of a term; what was said of it is said of that. NULL: no memory. */
static struct mo_term *
moved(struct mo_cleaner *c, const struct mo_term *from, struct mo_str to)
{
    struct mo_term *node = mo_clean_iri(c, to);

    if (node && node != from && mo_is_node(from) && !node->first)
        for (struct mo_stmt *s = from->first; s; s = s->next)
            if (mo_clean_is_there(c, s))
                mo_clean_tell(c, node, s->p, s->o);
    return node;
}

static bool
is_between(char c)
{
    return c && strchr(" \t\r\n;,|", c);
}

/* The next piece of `*s` between what cannot be part of an address. */
static struct mo_str
next_piece(struct mo_str *s)
{
    struct mo_str piece;
    size_t n = 0;

    while (n < s->n && is_between(s->p[n]))
        ++n;
    piece = mo_str_from(*s, n);
    for (n = 0; n < piece.n && !is_between(piece.p[n]); ++n)
        ;
    *s = mo_str_from(piece, n);
    return mo_str_n(piece.p, n);
}

/* Several addresses in one value, when each piece is one. How many; 0: they are not. */
static size_t
part(struct mo_cleaner *c, struct mo_str text, struct mo_term *values[MOST_ADDRESSES])
{
    size_t n = 0;

    while (text.n) {
        struct mo_str piece = next_piece(&text);
        struct mo_buf out;
        unsigned faults;
        bool fine;

        if (!piece.n)
            break;
        mo_buf_init(&out, MAX_ADDRESS);
        fine = n < MOST_ADDRESSES &&
               mo_address_mend(piece, &out, &faults) == MO_CERTAIN &&
               mo_address_reach(mo_buf_view(&out)) == MO_REACH_PUBLIC;
        if (fine)
            values[n++] = mo_clean_iri(c, mo_buf_view(&out));
        mo_buf_done(&out);
        if (!fine)
            return 0;
    }
    return n;
}

/* A text is an address when it leads somewhere. */
static bool
is_address(const struct mo_term *o, struct mo_str mended)
{
    enum mo_reach reach = mo_address_reach(mended);

    return o->kind == MO_IRI || reach == MO_REACH_PUBLIC || reach == MO_REACH_LOCAL ||
           reach == MO_REACH_PRIVATE;
}

/* What is found of the value; what it is mended to is in c->address.text. */
static const struct mo_address *
look_at(struct mo_cleaner *c, const struct mo_term *o)
{
    struct mo_address *a = &c->address;

    if (a->term != o) {
        mo_buf_clear(&a->text);
        a->faults = 0;
        a->verdict = mo_address_look(o->text, &a->text, &a->faults, &a->reach);
        a->term = o;
    }
    return a;
}

void
mo_rule_url(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    struct mo_term *values[MOST_ADDRESSES];
    const struct mo_address *a;
    size_t n;

    if (stmt->o->kind == MO_BLANK)
        return;
    a = look_at(c, stmt->o);
    if (a->verdict == MO_NO || a->text.failed)
        return;
    if (a->faults & MO_ADDRESS_TWO) {
        n = part(c, stmt->o->text, values);
        if (n > 1)
            mo_clean_values(c, rule, stmt, values, n);
    } else if ((stmt->o->kind == MO_IRI ? a->faults : a->faults & ~MO_ADDRESS_SPACE) &&
               is_address(stmt->o, mo_buf_view(&a->text))) {
        mo_clean_value(c, rule, stmt, moved(c, stmt->o, mo_buf_view(&a->text)));
    }
}

void
mo_rule_doubtful_url(
    struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    if (stmt->o->kind != MO_BLANK && look_at(c, stmt->o)->verdict == MO_DOUBTFUL)
        mo_clean_say(c, rule, stmt->p, stmt->o, NULL);
}

/* An address at which nobody else finds anything. */
void
mo_rule_unreachable(
    struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    enum mo_reach reach;

    if (stmt->o->kind == MO_BLANK)
        return;
    reach = look_at(c, stmt->o)->reach;
    if (reach == MO_REACH_LOCAL || reach == MO_REACH_PRIVATE || reach == MO_REACH_FILE)
        mo_clean_say(c, rule, stmt->p, stmt->o, NULL);
}

/* What is an address only to those who know where it stood. */
void
mo_rule_relative(struct mo_cleaner *c, const struct mo_rule *rule, struct mo_stmt *stmt)
{
    if (stmt->o->kind == MO_IRI && stmt->o->text.n &&
        look_at(c, stmt->o)->reach == MO_REACH_RELATIVE)
        mo_clean_say(c, rule, stmt->p, stmt->o, NULL);
}
