#include "turtle/turtle.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <moisson/iri.h>

#include "base/hash.h"
#include "base/split.h"

static struct mo_str
text_of(const SerdNode *node)
{
    return mo_str_n((const char *)node->buf, node->n_bytes);
}

/* What is wrong with the statement in hand. */
static SerdStatus
fault(struct turtle *t, enum mo_diag_id id, struct mo_str text)
{
    if (t->fault != MO_DIAG_TURTLE)
        return SERD_ERR_UNKNOWN;
    t->fault = id;
    snprintf(t->fault_text, sizeof t->fault_text, MO_FMT, MO_ARG(text));
    t->fault_at = 0;
    return SERD_ERR_UNKNOWN;
}

/* ---- Prefixes ---- */

static void
free_prefix(struct prefix *p)
{
    free((char *)p->name.p);
}

void
mo_turtle_prefixes_done(struct turtle *t)
{
    for (size_t i = 0; i < t->n_prefixes; ++i)
        free_prefix(&t->prefixes[i]);
    t->n_prefixes = 0;
}

/* The prefix, moved to the front; or NULL. */
static const struct prefix *
find_prefix(struct turtle *t, struct mo_str name)
{
    for (size_t i = 0; i < t->n_prefixes; ++i) {
        struct prefix found = t->prefixes[i];

        if (!mo_str_eq(found.name, name))
            continue;
        if (i > 8) { /* the most used come first by themselves */
            memmove(&t->prefixes[1], &t->prefixes[0], i * sizeof found);
            t->prefixes[0] = found;
            i = 0;
        }
        return &t->prefixes[i];
    }
    return NULL;
}

static SerdStatus
declare(struct turtle *t, struct mo_str name, struct mo_str space)
{
    struct prefix *old = (struct prefix *)find_prefix(t, name), made;
    char *memory;

    if (!old && t->n_prefixes == MAX_PREFIXES)
        return fault(t, MO_DIAG_TURTLE_PREFIXES, name);
    memory = malloc(name.n + space.n + 1);
    if (!memory) {
        mo_turtle_trouble(t);
        return SERD_ERR_INTERNAL;
    }
    memcpy(memory, name.p, name.n);
    memcpy(memory + name.n, space.p, space.n);
    made = (struct prefix){mo_str_n(memory, name.n), mo_str_n(memory + name.n, space.n)};
    if (old)
        free_prefix(old);
    else
        old = &t->prefixes[t->n_prefixes++];
    *old = made;
    return SERD_SUCCESS;
}

static struct mo_str
base(const struct turtle *t)
{
    return t->base.n ? mo_buf_view(&t->base) : t->reader.options.base;
}

/* Resolved against the base, in the arena of the unit; NULL text in trouble. */
static struct mo_str
resolve(struct turtle *t, struct mo_str iri)
{
    struct mo_str out = iri;

    if (mo_iri_is_absolute(iri))
        return iri;
    if (base(t).n == 0 && !t->relative_said) {
        t->relative_said = true;
        mo_turtle_report(t, MO_DIAG_RELATIVE_IRI, iri, t->start);
    }
    if (mo_iri_resolve(t->graph->arena, base(t), iri, &out))
        mo_turtle_trouble(t);
    return out;
}

/* The IRI as it was written, where Serd was given a number for it. */
static struct mo_str
written(const struct turtle *t, struct mo_str iri)
{
    size_t n = 0;

    if (!mo_str_starts(iri, mo_str(MO_TURTLE_IRI)))
        return iri;
    for (size_t i = strlen(MO_TURTLE_IRI); i < iri.n && n < t->text.n_iris; ++i)
        n = n * 10 + (size_t)(iri.p[i] - '0');
    return n < t->text.n_iris ? mo_turtle_iri(&t->text, n) : iri;
}

static SerdStatus
on_base(void *ctx, const SerdNode *uri)
{
    struct turtle *t = ctx;
    struct mo_str iri = resolve(t, written(t, text_of(uri)));

    mo_buf_clear(&t->base);
    mo_buf_str(&t->base, iri);
    mo_buf_printf(&t->declared, "@base <" MO_FMT "> .\n", MO_ARG(iri));
    if (t->base.failed)
        mo_turtle_trouble(t);
    return SERD_SUCCESS;
}

static SerdStatus
on_prefix(void *ctx, const SerdNode *name, const SerdNode *uri)
{
    struct turtle *t = ctx;
    struct mo_str space = resolve(t, written(t, text_of(uri)));

    mo_buf_printf(&t->declared, "@prefix " MO_FMT ": <" MO_FMT "> .\n",
        MO_ARG(text_of(name)), MO_ARG(space));
    return declare(t, text_of(name), space);
}

/* ---- Terms ---- */

/* A graph takes no more when its ceiling is met. */
static struct mo_term *
must(struct turtle *t, struct mo_term *term)
{
    if (!term)
        fault(t, MO_DIAG_TOO_BIG, mo_str(""));
    return term;
}

/* A name with a prefix; one that is well known need not be declared. */
static struct mo_term *
expand(struct turtle *t, struct mo_str curie)
{
    size_t colon = mo_str_find(curie, mo_str(":"), 0);
    struct mo_str name = mo_str_n(curie.p, colon);
    const struct prefix *p = find_prefix(t, name);
    struct mo_str known = mo_str("");
    struct mo_buf iri;
    struct mo_term *term;

    if (!p && !t->reader.options.strict)
        known = mo_vocab_namespace(t->reader.options.vocab, name);
    if (!p && (known.n == 0 || declare(t, name, known))) {
        fault(t, MO_DIAG_TURTLE_PREFIX, name);
        return NULL;
    }
    if (!p) {
        mo_turtle_report(t, MO_DIAG_TURTLE_PREFIX_REPAIRED, name, t->start);
        p = find_prefix(t, name);
    }
    mo_buf_init(&iri, SIZE_MAX);
    mo_buf_str(&iri, p->space);
    mo_buf_str(&iri, mo_str_from(curie, colon + 1));
    term = iri.failed ? NULL : mo_graph_iri(t->graph, mo_buf_view(&iri));
    mo_buf_done(&iri);
    return must(t, term);
}

/* Labels that Serd made are "b" and a number; those of the document begin with "u". */
static struct mo_term *
blank(struct turtle *t, struct mo_str label)
{
    uint64_t number = 0;
    struct mo_term *term;

    if (label.p[0] == 'u')
        return must(t, mo_graph_blank_numbered(t->graph,
                           mo_mix(mo_hash(t->document, mo_str_from(label, 1)))));
    for (size_t i = 1; i < label.n; ++i)
        number = number * 10 + (uint64_t)(label.p[i] - '0');
    term = must(
        t, mo_graph_blank_numbered(t->graph, mo_mix(t->document + 2 * (number + 1))));
    if (term)
        term->anonymous = true;
    return term;
}

static struct mo_term *
node(struct turtle *t, const SerdNode *n)
{
    struct mo_str text = text_of(n);

    switch (n->type) {
    case SERD_URI: return must(t, mo_graph_iri(t->graph, resolve(t, written(t, text))));
    case SERD_CURIE: return expand(t, text);
    default: return blank(t, text);
    }
}

static struct mo_term *
literal(
    struct turtle *t, const SerdNode *o, const SerdNode *datatype, const SerdNode *lang)
{
    struct mo_str text = text_of(o), tag = mo_str("");
    struct mo_term *type = NULL, *term;
    char memory[MO_LANGUAGE_SIZE];
    struct mo_buf mended;

    if (datatype && datatype->buf && !(type = node(t, datatype)))
        return NULL;
    if (lang && lang->buf) {
        tag = mo_language(text_of(lang), memory);
        if (tag.n == 0)
            mo_turtle_report(t, MO_DIAG_XML_LANG, text_of(lang), t->start);
    }
    if (!t->text.escapes ||
        (mo_utf8_bad(text) == text.n && !memchr(text.p, '\0', text.n)))
        return must(t, mo_graph_literal(t->graph, text, type, tag));
    mo_buf_init(&mended, SIZE_MAX);
    mo_turtle_mend(text, &mended);
    term = mended.failed ? NULL
                         : mo_graph_literal(t->graph, mo_buf_view(&mended), type, tag);
    mo_buf_done(&mended);
    return must(t, term);
}

/* ---- Statements ---- */

static SerdStatus
keep(struct turtle *t, struct mo_term *s, struct mo_term *p, struct mo_term *o)
{
    if (t->n_triples == t->cap_triples) {
        size_t cap = t->cap_triples ? 2 * t->cap_triples : 256;
        struct triple *grown = realloc(t->triples, cap * sizeof *grown);

        if (!grown) {
            mo_turtle_trouble(t);
            return SERD_ERR_INTERNAL;
        }
        t->triples = grown;
        t->cap_triples = cap;
    }
    t->triples[t->n_triples++] = (struct triple){s, p, o};
    return SERD_SUCCESS;
}

enum { MAX_UNIT = 1 << 20 };

/* The first of a statement: the unit in hand goes on when it is about the same subject. */
static void
enter(struct turtle *t, const struct mo_term *s)
{
    if (t->unit_bytes == 0) {
        t->unit_place = t->place;
    } else if (s->anonymous || s->kind != t->subject_kind ||
               !mo_str_eq(s->text, mo_buf_view(&t->subject)) ||
               t->unit_bytes > MAX_UNIT) {
        mo_turtle_end_unit(t);
        t->unit_place = t->place;
    }
}

static SerdStatus
on_statement(void *ctx, SerdStatementFlags flags, const SerdNode *graph,
    const SerdNode *s, const SerdNode *p, const SerdNode *o, const SerdNode *datatype,
    const SerdNode *lang)
{
    struct turtle *t = ctx;
    struct mo_term *subject = node(t, s), *property, *object;

    (void)flags;
    (void)graph;
    if (subject && t->n_triples == 0 && t->reader.state != MO_READER_TROUBLE) {
        enter(t, subject);
        if (!t->graph)
            return SERD_ERR_INTERNAL;
        subject = node(t, s); /* the graph may be another */
    }
    property = subject ? node(t, p) : NULL;
    object = !property                 ? NULL
             : o->type == SERD_LITERAL ? literal(t, o, datatype, lang)
                                       : node(t, o);
    return object ? keep(t, subject, property, object) : SERD_ERR_UNKNOWN;
}

static SerdStatus
on_end(void *ctx, const SerdNode *n)
{
    struct turtle *t = ctx;
    struct mo_term *term = node(t, n);

    return term ? keep(t, term, NULL, NULL) : SERD_ERR_INTERNAL;
}

/* ---- Serd ---- */

static SerdStatus
on_error(void *ctx, const SerdError *e)
{
    struct turtle *t = ctx;
    struct mo_str text = mo_buf_view(&t->text.bytes);
    size_t line = 1, at = 0;

    if (t->fault != MO_DIAG_TURTLE)
        return SERD_SUCCESS; /* ours, of which it only says that there was one */
    vsnprintf(t->fault_text, sizeof t->fault_text, e->fmt, *e->args);
    t->fault_text[strcspn(t->fault_text, "\n")] = '\0';
    while (line < e->line && at < text.n)
        line += text.p[at++] == '\n';
    t->fault_at = at + e->col < text.n ? at + e->col : text.n;
    return SERD_SUCCESS;
}

static size_t
on_read(void *buf, size_t size, size_t n, void *ctx)
{
    struct turtle *t = ctx;

    (void)size;
    if (n > t->unread.n)
        n = t->unread.n;
    if (n)
        memcpy(buf, t->unread.p, n);
    t->unread = mo_str_from(t->unread, n);
    return n;
}

static int
on_read_error(void *ctx)
{
    (void)ctx;
    return 0;
}

SerdReader *
mo_turtle_serd(struct turtle *t)
{
    SerdReader *serd =
        serd_reader_new(SERD_TURTLE, t, NULL, on_base, on_prefix, on_statement, on_end);

    if (serd)
        serd_reader_set_error_sink(serd, on_error, t);
    return serd;
}

int
mo_turtle_parse(struct turtle *t)
{
    enum { PAGE = 4096 };
    /* All in one page: Serd 0.30.16 reads on in the one before when a statement ends with the last. */
    size_t page = (t->text.bytes.n / PAGE + 1) * PAGE;
    SerdStatus status;

    if (t->text.open) /* else Serd 0.30.16 looks for the end of an IRI for ever */
        mo_buf_byte(&t->text.bytes, '>');
    t->n_triples = 0;
    t->unread = mo_buf_view(&t->text.bytes);
    t->fault = MO_DIAG_TURTLE;
    t->fault_text[0] = '\0';
    status = serd_reader_start_source_stream(
        t->serd, on_read, on_read_error, t, (const uint8_t *)"", page);
    while (status == SERD_SUCCESS)
        status = serd_reader_read_chunk(t->serd);
    serd_reader_end_stream(t->serd);
    return status == SERD_FAILURE && t->reader.state != MO_READER_TROUBLE ? 0 : -1;
}
