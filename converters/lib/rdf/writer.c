#include "rdf/writer.h"

enum { FLUSH_AT = 64 << 10, MAX_ITEM = 1 << 30 };

void
mo_writer_init(struct mo_writer *w, const struct mo_writer_class *class,
    const struct mo_writer_options *options)
{
    w->class = class;
    w->options = *options;
    mo_buf_init(&w->out, MAX_ITEM);
    mo_buf_init(&w->item, MAX_ITEM);
}

void
mo_writer_done(struct mo_writer *w)
{
    mo_buf_done(&w->out);
    mo_buf_done(&w->item);
}

void
mo_writer_free(struct mo_writer *w)
{
    if (w)
        w->class->free(w);
}

void
mo_writer_file(struct mo_writer *w, struct mo_str file)
{
    mo_writer_flush(w, true); /* what fails now, fails again at the end */
    w->options.file = file;
}

int
mo_writer_flush(struct mo_writer *w, bool all)
{
    int failed = 0;

    if (w->out.failed)
        return -1;
    if (w->out.n && (all || w->out.n >= FLUSH_AT)) {
        failed = w->options.write(w->options.ctx, mo_buf_view(&w->out));
        mo_buf_clear(&w->out);
    }
    return failed;
}

void
mo_writer_begin(struct mo_writer *w)
{
    if (!w->begun && !w->options.lines && w->class->head)
        w->class->head(w);
    w->begun = true;
}

/* What is held goes first where it would outgrow its memory with the item. */
static int
make_way(struct mo_writer *w)
{
    return w->out.n + w->item.n + sizeof ",\n\n" > FLUSH_AT ? mo_writer_flush(w, true)
                                                            : 0;
}

enum mo_put
mo_writer_item(struct mo_writer *w)
{
    int failed;

    mo_writer_begin(w);
    failed = make_way(w);
    if (w->n_items++ && !w->options.lines)
        mo_buf_c(&w->out, ",\n");
    if (w->options.pretty)
        mo_json_pretty(&w->out, mo_buf_view(&w->item), 0);
    else
        mo_buf_str(&w->out, mo_buf_view(&w->item));
    if (w->options.lines)
        mo_buf_byte(&w->out, '\n');
    if (w->item.failed)
        w->out.failed = true;
    mo_buf_clear(&w->item);
    return mo_writer_flush(w, false) || failed ? MO_PUT_TROUBLE : MO_PUT_WRITTEN;
}

enum mo_put
mo_writer_put(struct mo_writer *w, const struct mo_record *record)
{
    return w->class->put(w, record);
}

int
mo_writer_end(struct mo_writer *w, bool incomplete)
{
    if (w->class->rest && w->class->rest(w) == MO_PUT_TROUBLE)
        return -1;
    mo_writer_begin(w);
    if (!w->options.lines && w->class->foot)
        w->class->foot(w, incomplete);
    return mo_writer_flush(w, true);
}

void
mo_writer_report(struct mo_writer *w, enum mo_diag_id id, struct mo_str detail,
    const struct mo_record *record, const char *property)
{
    struct mo_diag diag = {.id = id, .detail = detail, .property = mo_str(property)};

    if (record) {
        diag.record = mo_record_name(record);
        diag.file = w->options.file;
        diag.line = record->place.line;
        diag.column = record->place.column;
        diag.offset = record->place.offset;
        diag.has_offset = record->place.line != 0;
    }
    mo_report(w->options.sink, &diag);
}
