#include "csv/reader.h"

#include <stdlib.h>

enum {
    MAX_ARENA = 64 << 20,
    MAX_CEILING = 1 << 28,
    MAX_OF_A_BYTE = 64 /* bytes of memory that one of the rows may take */
};

/* ---- Bytes ---- */

static int
push(struct mo_reader *reader, struct mo_str bytes)
{
    struct csv_reader *r = (struct csv_reader *)reader;
    int failed = 0;

    if (reader->state != MO_READER_FINE)
        return reader->state == MO_READER_TROUBLE ? -1 : 0;
    if (!r->rows) {
        size_t n = MO_CSV_HEAD - r->head.n < bytes.n ? MO_CSV_HEAD - r->head.n : bytes.n;

        failed = mo_buf_add(&r->head, bytes.p, n);
        bytes = mo_str_from(bytes, n);
        if (!failed && r->head.n == MO_CSV_HEAD)
            failed = mo_csv_start(r);
    }
    if (!failed && bytes.n)
        failed = mo_csv_take_text(r, bytes, false);
    if (failed)
        mo_csv_trouble(r);
    return failed ? -1 : 0;
}

static int
end(struct mo_reader *reader)
{
    struct csv_reader *r = (struct csv_reader *)reader;

    if (reader->state == MO_READER_TROUBLE || r->ended)
        return 0;
    r->ended = true;
    if ((!r->rows && mo_csv_start(r)) || mo_csv_take_text(r, mo_str(""), true)) {
        mo_csv_trouble(r);
        return -1;
    }
    mo_reader_bad_bytes(reader, r->decoder);
    mo_rows_end(r->rows);
    return 0;
}

/* ---- Records ---- */

/* Rows until a dataset is whole. False when there are no more for now. */
static bool
read_rows(struct csv_reader *r)
{
    while (r->rows && r->reader.state == MO_READER_FINE) {
        enum mo_row_state state = MO_ROW_READ;

        if (!r->held)
            state = mo_rows_next(r->rows, &r->row);
        r->held = false;
        if (state == MO_ROW_TROUBLE)
            mo_csv_trouble(r);
        if (state == MO_ROW_MORE || state == MO_ROW_TROUBLE)
            break;
        if (state == MO_ROW_FAULT)
            mo_csv_take_fault(r, &r->row);
        else if (state == MO_ROW_REST)
            mo_csv_keep_rejected(r, r->row.bytes, r->row.more);
        else if (mo_csv_is_comment(&r->row))
            continue;
        else if (!r->has_headings)
            mo_csv_take_headings(r, &r->row);
        else if (mo_csv_take_row(r, &r->row))
            return true;
    }
    if (!r->ended || r->finished)
        return false;
    r->finished = true;
    mo_csv_finish_dataset(r);
    if (r->inner)
        mo_reader_end(r->inner);
    return true;
}

static int
next(struct mo_reader *reader, const struct mo_record **record)
{
    struct csv_reader *r = (struct csv_reader *)reader;
    int got;

    do {
        /* cppcheck-suppress knownConditionTrueFalse */
        if (reader->state == MO_READER_TROUBLE) /* as read_rows() may say */
            return -1;
        got = mo_reader_next(r->inner, record);
    } while (got == 0 && read_rows(r));
    reader->rejected = r->n_rejected + mo_reader_rejected(r->inner);
    reader->empty_list = r->has_headings && r->headings.has_title && r->n_places == 0;
    if (reader->state == MO_READER_FINE)
        reader->state = mo_reader_state(r->inner);
    if (got != 1)
        return got;
    r->record = **record;
    if (r->record.place.line && r->record.place.line <= r->n_places)
        r->record.place.line = r->places[r->record.place.line - 1].line;
    r->record.place.column = 0;
    *record = &r->record;
    return 1;
}

static void
release(struct mo_reader *reader)
{
    struct csv_reader *r = (struct csv_reader *)reader;

    mo_reader_free(r->inner);
    mo_rows_free(r->rows);
    mo_decoder_free(r->decoder);
    mo_values_free(r->values);
    mo_arena_free(r->arena);
    mo_arena_free(r->scratch);
    mo_arena_free(r->heading_arena);
    mo_index_done(&r->seen);
    mo_buf_done(&r->head);
    mo_buf_done(&r->heading_row);
    mo_buf_done(&r->scratch_text);
    mo_buf_done(&r->rows_of_dataset);
    mo_buf_done(&r->key);
    free(r->values_of);
    free(r->places);
    free(r);
}

struct mo_reader *
mo_csv_reader(const struct mo_reader_options *options)
{
    static const struct mo_reader_class class = {release, push, end, next, NULL};
    struct mo_reader_options inner = *options;
    struct csv_reader *r = calloc(1, sizeof *r);
    size_t ceiling;

    if (!r)
        return NULL;
    mo_reader_init(&r->reader, &class, options);
    mo_buf_init(&r->head, SIZE_MAX);
    mo_buf_init(&r->heading_row, SIZE_MAX);
    mo_buf_init(&r->scratch_text, SIZE_MAX);
    mo_buf_init(&r->rows_of_dataset, SIZE_MAX);
    mo_buf_init(&r->key, SIZE_MAX);
    for (size_t i = 0; i < MO_CSV_KEYS; ++i)
        r->key_columns[i] = SIZE_MAX; /* none */
    r->hash_key = mo_lexicon_key(options->vocab->lexicon);
    ceiling = r->reader.options.max_bytes < MAX_CEILING ? r->reader.options.max_bytes
                                                        : MAX_CEILING;
    r->arena = mo_arena_new(MAX_ARENA + MAX_OF_A_BYTE * ceiling);
    r->scratch = mo_arena_new(MAX_ARENA + 4 * ceiling);
    r->heading_arena = mo_arena_new(MAX_ARENA);
    r->values = mo_values_new(options->vocab);
    r->sink.report = mo_csv_hear;
    r->sink.ctx = r;
    inner.sink = &r->sink;
    inner.charset = mo_str("");
    inner.reject = mo_csv_take_reject;
    inner.reject_ctx = r;
    /* An object is longer than the rows that it is made of. */
    inner.max_bytes = 4 * ceiling;
    r->inner = mo_datagouv_reader(&inner);
    if (!r->arena || !r->scratch || !r->heading_arena || !r->values || !r->inner ||
        mo_csv_fields(&r->fields, r->values, options->vocab->tables, r->heading_arena,
            options->sink)) {
        mo_reader_free(&r->reader);
        return NULL;
    }
    return &r->reader;
}
