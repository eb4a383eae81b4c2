#include <stdlib.h>

#include "jsonld/context.h"
#include "jsonld/nodes.h"
#include "rdf/list.h"
#include "rdf/writer.h"

struct dcatap {
    struct mo_writer writer;
    struct mo_nodes nodes;
    struct mo_buf context; /* the value of "@context"; empty: it is not written */
};

static enum mo_put
put(struct mo_writer *writer, const struct mo_record *record)
{
    struct dcatap *w = (struct dcatap *)writer;
    enum mo_put result = MO_PUT_WRITTEN;

    w->nodes.root = record->root;
    for (size_t i = 0; i < record->n_nodes; ++i)
        record->nodes[i]->written = MO_TO_WRITE;
    for (size_t i = 0; result == MO_PUT_WRITTEN && i < record->n_nodes; ++i) {
        if (!mo_is_to_write(record->nodes[i]))
            continue;
        if (i > 0) /* nothing in the record leads to it: it needs its name */
            record->nodes[i]->anonymous = false;
        mo_nodes_put(&w->nodes, record->nodes[i],
            i == 0 && record->kind == MO_RECORD_PART ? MO_ALONE_AS_PART : MO_ALONE);
        result = w->nodes.trouble || w->context.failed ? MO_PUT_TROUBLE
                                                       : mo_writer_item(writer);
    }
    for (size_t i = 0; i < record->n_nodes; ++i)
        record->nodes[i]->written = MO_NOT_OURS;
    return result;
}

static void
head(struct mo_writer *writer)
{
    struct dcatap *w = (struct dcatap *)writer;
    struct mo_buf *out = &writer->out;

    mo_buf_byte(out, '{');
    if (w->context.n) {
        mo_buf_c(out, "\"@context\":");
        if (writer->options.pretty)
            mo_json_pretty(out, mo_buf_view(&w->context), 0);
        else
            mo_buf_str(out, mo_buf_view(&w->context));
        mo_buf_byte(out, ',');
    }
    mo_buf_c(out, "\"@graph\":[\n");
}

static void
foot(struct mo_writer *w, bool incomplete)
{
    mo_buf_c(&w->out, w->n_items ? "\n]" : "]");
    if (incomplete)
        mo_buf_c(&w->out, ",\"" MO_INCOMPLETE_KEY "\":true");
    mo_buf_c(&w->out, "}\n");
}

static void
destroy(struct mo_writer *writer)
{
    struct dcatap *w = (struct dcatap *)writer;

    mo_nodes_done(&w->nodes);
    mo_buf_done(&w->context);
    mo_writer_done(writer);
    free(w);
}

static const struct mo_writer_class dcatap_class = {
    .free = destroy, .put = put, .head = head, .foot = foot};

/* By default lines do without: our readers know what their keys mean. */
static void
prepare_context(struct dcatap *w)
{
    const struct mo_writer_options *o = &w->writer.options;
    struct mo_str wanted = o->context;

    if (wanted.n == 0)
        wanted = mo_str(o->lines ? "none" : "inline");
    if (mo_str_is(wanted, "inline"))
        mo_context_put(o->vocab, o->keys, &w->context);
    else if (!mo_str_is(wanted, "none"))
        mo_json_string(&w->context, wanted);
}

struct mo_writer *
mo_dcatap_writer(const struct mo_writer_options *options)
{
    struct dcatap *w = calloc(1, sizeof *w);

    if (!w)
        return NULL;
    mo_writer_init(&w->writer, &dcatap_class, options);
    mo_buf_init(&w->context, 1 << 20);
    prepare_context(w);
    w->nodes.vocab = options->vocab;
    w->nodes.keys = options->keys;
    w->nodes.out = &w->writer.item;
    if (options->lines)
        w->nodes.context = mo_buf_view(&w->context);
    return &w->writer;
}
