/*
 * The cleaner, on what the JSON-LD reader makes of the input. Cleaning what was cleaned
 * changes nothing, and no statement is gone whose property no diagnostic names.
 */
#include "convert.h"

#include "clean/show.h"

struct cleaning {
    struct mo_cleaner *first, *second;
    struct mo_buf said;
};

static void
hear(void *ctx, const struct mo_diag *diag)
{
    struct cleaning *c = ctx;

    mo_buf_byte(&c->said, ' ');
    mo_buf_str(&c->said, diag->property);
    mo_buf_byte(&c->said, ' ');
    mo_buf_str(&c->said, diag->detail);
    mo_buf_byte(&c->said, ' ');
}

static bool
same(const struct mo_term *a, const struct mo_term *b)
{
    return a->kind == b->kind && mo_str_eq(a->text, b->text) &&
           mo_str_eq(a->lang, b->lang) && !a->datatype == !b->datatype &&
           (!a->datatype || mo_str_eq(a->datatype->text, b->datatype->text));
}

static bool
says(const struct mo_record *record, const struct mo_stmt *stmt)
{
    for (size_t i = 0; i < record->n_nodes; ++i)
        if (same(record->nodes[i], stmt->s))
            for (const struct mo_stmt *s = record->nodes[i]->first; s; s = s->next)
                if (same(s->p, stmt->p) && same(s->o, stmt->o))
                    return true;
    return false;
}

static bool
is_named(const struct cleaning *c, const struct mo_stmt *stmt)
{
    struct mo_buf name;
    bool named;

    mo_buf_init(&name, FUZZ_MAX);
    mo_show_iri(fuzz_vocab(), stmt->p->text, &name);
    named = mo_str_find(mo_buf_view(&c->said), mo_buf_view(&name), 0) < c->said.n ||
            mo_str_is(mo_buf_view(&name), "rdf:type"); /* in a node it is shown as "a" */
    mo_buf_done(&name);
    return named;
}

static void
must_be_kept(
    const struct cleaning *c, const struct mo_record *was, const struct mo_record *is)
{
    if (mo_str_find(mo_buf_view(&c->said), mo_str("…"), 0) < c->said.n)
        return; /* it was shown as far as it goes */
    for (size_t i = 0; i < was->n_nodes && i < 50; ++i)
        for (const struct mo_stmt *s = was->nodes[i]->first; s; s = s->next)
            MUST(says(is, s) || is_named(c, s));
}

static void
write_out(const struct mo_record *record, struct mo_buf *out)
{
    struct mo_writer_options o = {
        .vocab = fuzz_vocab(), .write = convert_take, .ctx = out, .lines = true};
    struct mo_writer *writer = mo_dcatap_writer(&o);

    mo_buf_init(out, FUZZ_MAX);
    MUST(writer && mo_writer_put(writer, record) == MO_PUT_WRITTEN);
    MUST(mo_writer_end(writer, false) == 0);
    mo_writer_free(writer);
}

static void
look(void *ctx, const struct mo_record *record)
{
    struct cleaning *c = ctx;
    const struct mo_record *once, *twice;
    struct mo_buf a, b;

    mo_buf_clear(&c->said);
    once = mo_cleaner_put(c->first, record);
    MUST(once);
    must_be_kept(c, record, once);
    twice = mo_cleaner_put(c->second, once);
    MUST(twice);
    write_out(once, &a);
    write_out(twice, &b);
    MUST_EQUAL(mo_buf_view(&a), mo_buf_view(&b));
    mo_buf_done(&a);
    mo_buf_done(&b);
}

/* Made once, as for the records of a catalogue: what came before must not matter. */
static struct cleaning *
fuzz_cleaning(void)
{
    static struct cleaning c;
    static struct mo_sink sink = {hear, &c};
    struct mo_clean_options o = {.vocab = fuzz_vocab(), .sink = &sink, .now = 1767225600};

    if (c.first)
        return &c;
    mo_buf_init(&c.said, FUZZ_MAX);
    c.first = mo_cleaner_new(&o);
    o.sink = NULL;
    c.second = mo_cleaner_new(&o);
    MUST(c.first && c.second);
    return &c;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct conversion conversion = {.reader = mo_jsonld_reader,
        .writer = mo_ntriples_writer,
        .look = look,
        .ctx = fuzz_cleaning()};

    convert(&conversion, fuzz_str(data, size), 0);
    convert_done(&conversion);
    return 0;
}
