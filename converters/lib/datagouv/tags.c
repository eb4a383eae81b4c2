#include "datagouv/tags.h"

#include <stdio.h>
#include <stdlib.h>

#include <moisson/text.h>

#include "datagouv/datagouv.h"

enum { SHORTEST_TAG = 3, LONGEST_TAG = 96, FEWEST = 2, MOST = 6 };

/* ---- A set of tags ---- */

/* Where it stands, or belongs. */
static size_t
place_of(const struct mo_tags *tags, const char *slug)
{
    size_t from = 0, to = tags->n;

    while (from < to) {
        size_t middle = from + (to - from) / 2;

        if (strcmp(tags->at[middle], slug) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static bool
has_room(struct mo_tags *tags)
{
    size_t cap = tags->cap ? 2 * tags->cap : 32;
    char **grown;

    if (tags->n < tags->cap)
        return true;
    grown = realloc(tags->at, cap * sizeof *grown);
    if (!grown)
        return false;
    tags->at = grown;
    tags->cap = cap;
    return true;
}

/* False when it was there before. */
static bool
add_slug(struct mo_tags *tags, const char *slug)
{
    size_t i = place_of(tags, slug);
    char *copy;

    if (i < tags->n && strcmp(tags->at[i], slug) == 0)
        return false;
    copy = has_room(tags) ? strdup(slug) : NULL;
    if (!copy) {
        tags->failed = true;
        return true;
    }
    memmove(tags->at + i + 1, tags->at + i, (tags->n - i) * sizeof tags->at[0]);
    tags->at[i] = copy;
    ++tags->n;
    return true;
}

void
mo_tags_done(struct mo_tags *tags)
{
    while (tags->n)
        free(tags->at[--tags->n]);
    free(tags->at);
    tags->at = NULL;
    tags->cap = 0;
}

/* ---- The ministry's list ---- */

/* How the ministry of Culture uses the tag; or NULL. */
static const char *
ministry_use(const struct mo_vocab *v, const char *slug)
{
    const struct mo_table *t = mo_table(v->tables, "ministry-tags");

    for (size_t i = 0; i < t->rows; ++i)
        if (strcmp(mo_table_cell(t, i, 0), slug) == 0)
            return mo_table_cell(t, i, 1);
    return NULL;
}

bool
mo_tag_of(const struct mo_values *values, const struct mo_vocab *vocab,
    struct mo_str text, struct mo_buf *slug)
{
    return mo_slug(values, text, slug) && !slug->failed && slug->n <= LONGEST_TAG &&
           (slug->n >= SHORTEST_TAG || (slug->n && ministry_use(vocab, slug->p)));
}

/* ---- Keywords and themes ---- */

static void
cut(struct mo_buf *slug)
{
    slug->n = LONGEST_TAG;
    while (slug->p[slug->n - 1] == '-')
        --slug->n;
    slug->p[slug->n] = '\0';
}

/* One keyword; what becomes of it is said where that is not a tag of its own. */
static void
add_tag(struct datagouv *w, struct mo_tags *tags, struct mo_str text,
    const struct field *field)
{
    const struct mo_vocab *v = w->writer.options.vocab;
    bool whole;

    if (w->scratch.failed)
        return; /* told at the end */
    mo_buf_clear(&w->scratch);
    whole = mo_slug(w->values, text, &w->scratch);
    if (!whole) {
        mo_tell(w, MO_DIAG_TAG_SCRIPT, text, field);
        return;
    }
    if (w->scratch.n < SHORTEST_TAG && !(w->scratch.n && ministry_use(v, w->scratch.p))) {
        mo_tell(w, MO_DIAG_TAG, text, field);
        return;
    }
    if (w->scratch.n < SHORTEST_TAG)
        mo_tell(w, MO_DIAG_TAG_SHORT, text, field);
    if (w->scratch.n > LONGEST_TAG) {
        mo_tell(w, MO_DIAG_TOO_LONG, text, field);
        cut(&w->scratch);
    }
    if (!add_slug(tags, w->scratch.p))
        mo_tell(w, MO_DIAG_TAG_TWICE, text, field);
}

/* A tag that a theme implies: it may be a keyword too. */
static void
add_implied(struct datagouv *w, struct mo_tags *tags, const char *tag)
{
    (void)w;
    add_slug(tags, tag);
}

/* Whether the theme is one of the INSPIRE directive, by its IRI or its scheme. */
static bool
is_inspire(struct datagouv *w, struct mo_term *theme)
{
    static const uint16_t names[] = {
        MO_K_DCT_TITLE, MO_K_SKOS_PREF_LABEL, MO_K_RDFS_LABEL};
    struct mo_term *scheme = mo_first(theme, MO_K_SKOS_IN_SCHEME);

    if (mo_str_starts(theme->text, mo_str("http://inspire.ec.europa.eu/theme")) &&
        theme->kind == MO_IRI)
        return true;
    if (!scheme)
        return false;
    if (mo_is_inspire_scheme(scheme->text))
        return true;
    for (size_t i = 0; i < 3 && mo_is_node(scheme); ++i)
        if (mo_is_inspire_scheme(mo_one_text(w, scheme, names[i], NULL, 0)))
            return true;
    return false;
}

static void
add_theme(struct datagouv *w, struct mo_tags *tags, struct mo_term *theme,
    const struct field *field)
{
    struct mo_str hvd = mo_hvd_category(w->values, theme->text);
    struct mo_str label = mo_one_text(w, theme, MO_K_SKOS_PREF_LABEL, NULL, 0);

    if (theme->kind == MO_IRI && hvd.n) {
        add_implied(w, tags, "hvd");
        label = hvd;
    }
    if (label.n)
        add_tag(w, tags, label, field);
    if (is_inspire(w, theme))
        add_implied(w, tags, "inspire");
}

static void
read_tags(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_tags *tags)
{
    for (size_t i = 0; i < field->n_sources; ++i)
        for (struct mo_stmt *s = node->first; s; s = s->next) {
            if (s->p->known != field->sources[i])
                continue;
            if (s->o->kind == MO_LITERAL) {
                s->used = true;
                add_tag(w, tags, s->o->text, field);
            } else if (field->sources[i] == MO_K_DCAT_THEME) {
                size_t before = tags->n;

                add_theme(w, tags, s->o, field);
                s->used = tags->n > before;
            }
        }
}

/* Those of the options, which are tags (mo_tag_of). */
static void
add_asked_for(struct datagouv *w, struct mo_tags *tags)
{
    const struct mo_writer_options *o = &w->writer.options;

    for (size_t i = 0; i < o->n_tags && !w->scratch.failed; ++i) {
        mo_buf_clear(&w->scratch);
        mo_slug(w->values, o->tags[i], &w->scratch);
        if (w->scratch.n)
            add_slug(tags, w->scratch.p);
    }
}

/* What the ministry says of the number of tags counts for what bears its tags. */
static void
judge(struct datagouv *w, const struct mo_tags *tags, const struct field *field)
{
    const struct mo_vocab *v = w->writer.options.vocab;
    bool concerned = false;
    char count[32];

    for (size_t i = 0; i < tags->n && !concerned; ++i) {
        const char *use = ministry_use(v, tags->at[i]);

        concerned = use && strcmp(use, "theme") != 0;
    }
    if (!concerned || (tags->n >= FEWEST && tags->n <= MOST))
        return;
    snprintf(count, sizeof count, "%zu", tags->n);
    mo_tell(w, MO_DIAG_TAG_COUNT, mo_str(count), field);
}

bool
mo_field_tags(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    struct mo_tags tags = {.at = NULL};
    bool any;

    mo_buf_clear(&w->scratch);
    read_tags(w, node, field, &tags);
    add_asked_for(w, &tags);
    judge(w, &tags, field);
    for (size_t i = 0; i < tags.n; ++i) {
        mo_buf_byte(out, i ? ',' : '[');
        mo_json_string(out, mo_str(tags.at[i]));
        mo_tag_count(&w->tag_counts, tags.at[i]);
    }
    any = tags.n > 0;
    if (any)
        mo_buf_byte(out, ']');
    if (tags.failed || w->scratch.failed || w->tag_counts.failed)
        out->failed = true;
    mo_tags_done(&tags);
    return any;
}
