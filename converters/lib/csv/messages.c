#include "csv/reader.h"

static void
report(struct csv_reader *r, struct mo_diag *diag)
{
    mo_reader_report(&r->reader, diag);
}

void
mo_csv_tell(struct csv_reader *r, enum mo_diag_id id, struct mo_str detail, size_t column,
    const struct mo_row *row)
{
    char memory[512];
    struct mo_buf cell;
    struct mo_diag diag = {.id = id,
        .detail = detail,
        .record = mo_str(r->name),
        .line = row->line,
        .offset = row->offset,
        .has_offset = true};

    mo_buf_fixed(&cell, memory, sizeof memory);
    if (column < MO_MAX_CELLS) {
        mo_csv_cell_name(&cell, column, row->number);
        if (column < r->headings.n)
            mo_buf_printf(&cell, " (" MO_FMT ")",
                MO_ARG(mo_utf8_head(r->headings.columns[column].heading, 60)));
    } else {
        mo_csv_cell_name(&cell, 0, row->number);
    }
    diag.property = mo_buf_view(&cell);
    report(r, &diag);
}

void
mo_csv_hear(void *ctx, const struct mo_diag *said)
{
    struct csv_reader *r = ctx;
    struct mo_diag diag = *said;
    size_t line = said->line;
    char memory[512];
    struct mo_buf cell;

    /* Of an address that is none, the cell was told of. */
    if (said->id == MO_DIAG_BAD_URL && said->detail.n == 0 && r->no_address)
        return;
    mo_buf_fixed(&cell, memory, sizeof memory);
    diag.line = line && line <= r->n_places ? r->places[line - 1].line : 0;
    diag.column = 0;
    diag.has_offset = false;
    for (size_t i = 0; diag.line && i < r->headings.n; ++i) {
        const struct csv_column *column = &r->headings.columns[i];

        if (!column->field || !mo_str_is(said->property, column->field->name))
            continue;
        mo_csv_cell_name(
            &cell, i, column->field->resource ? 0 : r->places[line - 1].number);
        mo_buf_printf(&cell, " (" MO_FMT ")", MO_ARG(mo_utf8_head(column->heading, 60)));
        diag.property = mo_buf_view(&cell);
        break;
    }
    report(r, &diag);
}

void
mo_csv_trouble(struct csv_reader *r)
{
    struct mo_diag diag = {.id = MO_DIAG_NO_MEMORY};

    if (r->reader.state != MO_READER_TROUBLE)
        report(r, &diag);
    r->reader.state = MO_READER_TROUBLE;
}

/* ---- Rejects: a spreadsheet with the same headings ---- */

void
mo_csv_keep_rejected(struct csv_reader *r, struct mo_str rows, bool more)
{
    const struct mo_reader_options *o = &r->reader.options;
    struct mo_reject reject = {
        .root = mo_buf_view(&r->heading_row), .bytes = rows, .more = more};

    while (!more && reject.bytes.n && strchr("\r\n", reject.bytes.p[reject.bytes.n - 1]))
        --reject.bytes.n;
    if (o->reject && o->reject(o->reject_ctx, &reject))
        r->reader.state = MO_READER_STOPPED;
}

void
mo_csv_reject_row(struct csv_reader *r, enum mo_diag_id id, struct mo_str detail,
    size_t column, const struct mo_row *row)
{
    mo_csv_tell(r, id, detail, column, row);
    ++r->n_rejected;
    mo_csv_keep_rejected(r, row->bytes, row->more);
}

/* The object was refused: the rows that it was made of are. */
int
mo_csv_take_reject(void *ctx, const struct mo_reject *reject)
{
    struct csv_reader *r = ctx;

    (void)reject;
    mo_csv_keep_rejected(r, mo_buf_view(&r->rows_of_dataset), false);
    return 0;
}
