/* Values that were found fine in records before: most come again and again. */
#include "clean/clean.h"

int
mo_keep(
    struct mo_arena *arena, struct mo_kept *kept, struct mo_str text, struct mo_str more)
{
    size_t n = text.n + more.n, room = n > kept->room ? (n + 15) & ~(size_t)15 : 0;
    char *p = room ? mo_arena_alloc(arena, room) : kept->p;

    if (room && !p)
        return -1;
    if (text.n)
        memcpy(p, text.p, text.n);
    if (more.n)
        memcpy(p + text.n, more.p, more.n);
    kept->p = p;
    kept->n = (uint16_t)n;
    kept->room = room ? (uint16_t)room : kept->room;
    return 0;
}

/* The first of the two places where it may stand. */
static struct mo_fine *
places_of(const struct mo_cleaner *c, const struct mo_stmt *stmt)
{
    return &c->fine[(stmt->o->hash + stmt->p->known) & (MO_CLEAN_FINE - 1) & ~(size_t)1];
}

static uint16_t
datatype_of(const struct mo_term *o)
{
    return o->datatype ? o->datatype->known : 0;
}

/* What has a number, and is short enough. */
static bool
may_be_kept(const struct mo_stmt *stmt)
{
    const struct mo_term *o = stmt->o;

    return stmt->p->known && o->kind != MO_BLANK && o->text.n <= MO_CLEAN_FINE_TEXT &&
           o->lang.n <= MO_CLEAN_FINE_TEXT - o->text.n &&
           (!o->datatype || o->datatype->known);
}

static bool
is_same(const struct mo_fine *fine, const struct mo_stmt *stmt)
{
    const struct mo_term *o = stmt->o;

    return fine->hash == o->hash && fine->property == stmt->p->known &&
           fine->kind == o->kind && fine->datatype == datatype_of(o) &&
           fine->n_lang == o->lang.n && fine->text.n == o->text.n + o->lang.n &&
           mo_str_eq(mo_str_n(fine->text.p, o->text.n), o->text) &&
           mo_str_eq(mo_str_n(fine->text.p + o->text.n, o->lang.n), o->lang);
}

void
mo_fine_look(const struct mo_cleaner *c, struct mo_stmt *stmt)
{
    struct mo_fine *fine = places_of(c, stmt);

    if (!may_be_kept(stmt))
        return;
    if (!is_same(fine, stmt))
        ++fine;
    stmt->fine = is_same(fine, stmt) ? MO_FINE_FOUND : MO_FINE_IF_QUIET;
    fine->met = fine->met || stmt->fine == MO_FINE_FOUND;
}

/* What was met again stays, until two others in turn want its place. */
void
mo_fine_keep(const struct mo_cleaner *c, const struct mo_stmt *stmt)
{
    struct mo_fine *fine = places_of(c, stmt);
    const struct mo_term *o = stmt->o;

    if (fine[0].met && fine[1].met) {
        fine[0].met = fine[1].met = false;
        return;
    }
    fine += fine->met;
    if (mo_keep(c->arena, &fine->text, o->text, o->lang))
        return;
    fine->hash = o->hash;
    fine->property = stmt->p->known;
    fine->kind = (uint8_t)o->kind;
    fine->datatype = datatype_of(o);
    fine->n_lang = (uint16_t)o->lang.n;
}
