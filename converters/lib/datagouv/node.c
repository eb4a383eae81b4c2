#include "datagouv/datagouv.h"

#include <moisson/text.h>
#include <stdio.h>

const uint16_t mo_labels[2] = {MO_K_RDFS_LABEL, MO_K_DCT_DESCRIPTION};

static struct mo_stmt *
first_of(struct mo_term *node, uint16_t property)
{
    struct mo_stmt *s = mo_said(node);

    while (s && s->p->known != property)
        s = s->next;
    return s;
}

struct mo_term *
mo_first(struct mo_term *node, uint16_t property)
{
    struct mo_stmt *s = first_of(node, property);

    if (!s)
        return NULL;
    s->used = true;
    return s->o;
}

/* Whether a tag is of the language, whichever code of it the tag has. */
static bool
speaks(const struct datagouv *w, struct mo_str tag, struct mo_str language)
{
    struct mo_str code = mo_str_n(tag.p, mo_str_find(tag, mo_str("-"), 0));

    return mo_str_eq_nocase(tag, language) ||
           (tag.n > language.n && tag.p[language.n] == '-' &&
               mo_str_eq_nocase(mo_str_n(tag.p, language.n), language)) ||
           (code.n == 3 &&
               mo_str_eq_nocase(mo_language_of_code(w->values, code), language));
}

/* Of a value: the smaller, the more its language is wanted. */
enum { RANK_NONE = 2, RANK_OTHER = 4 + 2 * MO_MAX_LANGUAGES };

/*
 * The first of the list, then no language, which is the catalogue's own, then the others of the
 * list; in each a tag without a country goes before one with.
 */
static size_t
rank_of(const struct datagouv *w, const struct mo_term *value)
{
    const struct mo_writer_options *o = &w->writer.options;

    if (!value->lang.n)
        return RANK_NONE;
    for (size_t i = 0; i < o->n_languages; ++i)
        if (speaks(w, value->lang, o->languages[i]))
            return 2 * i + (i > 0) + (memchr(value->lang.p, '-', value->lang.n) != NULL);
    return RANK_OTHER;
}

struct mo_term *
mo_one(struct datagouv *w, struct mo_term *node, uint16_t property)
{
    struct mo_stmt *best = NULL;
    size_t least = 0;

    for (struct mo_stmt *s = mo_said(node); s; s = s->next) {
        size_t rank;

        if (s->p->known != property)
            continue;
        rank = rank_of(w, s->o);
        if (best &&
            (rank > least ||
                (rank == least &&
                    (rank != RANK_OTHER || mo_str_cmp(s->o->lang, best->o->lang) >= 0))))
            continue;
        best = s;
        least = rank;
    }
    if (!best)
        return NULL;
    best->used = true;
    return best->o;
}

struct mo_str
mo_text_of(
    struct datagouv *w, struct mo_term *value, const uint16_t *unwrap, size_t n_unwrap)
{
    if (value->kind == MO_LITERAL)
        return value->text;
    for (size_t i = 0; i < n_unwrap; ++i) {
        struct mo_term *label = mo_one(w, value, unwrap[i]);

        if (label && label->kind != MO_BLANK && label->text.n)
            return label->text;
    }
    return value->kind == MO_IRI ? value->text : mo_str_n(NULL, 0);
}

struct mo_str
mo_one_text(struct datagouv *w, struct mo_term *node, uint16_t property,
    const uint16_t *unwrap, size_t n_unwrap)
{
    struct mo_term *value = mo_one(w, node, property);

    return value ? mo_text_of(w, value, unwrap, n_unwrap) : mo_str_n(NULL, 0);
}

void
mo_tell(struct datagouv *w, enum mo_diag_id id, struct mo_str detail,
    const struct field *field)
{
    char path[64];

    snprintf(path, sizeof path, MO_FMT, MO_ARG(field->path));
    mo_writer_report(&w->writer, id, mo_utf8_head(detail, 120), w->record, path);
}
