#include "rdf/reader.h"

#include <stdio.h>

void
mo_reader_init(struct mo_reader *reader, const struct mo_reader_class *class,
    const struct mo_reader_options *options)
{
    reader->class = class;
    reader->options = *options;
    if (!reader->options.max_bytes)
        reader->options.max_bytes = MO_DEFAULT_MAX_BYTES;
    if (!reader->options.max_depth)
        reader->options.max_depth = MO_DEFAULT_MAX_DEPTH;
}

void
mo_reader_report(struct mo_reader *reader, struct mo_diag *diag)
{
    diag->file = reader->options.file;
    mo_report(reader->options.sink, diag);
    if (mo_diag_row(diag->id)->level >= MO_ERROR && reader->options.strict &&
        reader->state == MO_READER_FINE)
        reader->state = MO_READER_STOPPED;
}

static void
report_count(struct mo_reader *reader, enum mo_diag_id id, size_t n)
{
    struct mo_diag diag = {.id = id};
    char count[32];

    if (n == 0)
        return;
    snprintf(count, sizeof count, "%zu", n);
    diag.detail = mo_str(count);
    mo_reader_report(reader, &diag);
}

void
mo_reader_bad_bytes(struct mo_reader *reader, const struct mo_decoder *decoder)
{
    if (!decoder)
        return;
    report_count(reader, MO_DIAG_BAD_BYTES, mo_decoder_invalid(decoder));
    if (mo_decoder_in_utf8(decoder))
        report_count(reader, MO_DIAG_MOJIBAKE, mo_decoder_in_utf8(decoder));
    else
        report_count(reader, MO_DIAG_WINDOWS_BYTES, mo_decoder_controls(decoder));
}

void
mo_reader_free(struct mo_reader *reader)
{
    if (reader)
        reader->class->free(reader);
}

int
mo_reader_push(struct mo_reader *reader, struct mo_str bytes)
{
    return reader->class->push(reader, bytes);
}

int
mo_reader_end(struct mo_reader *reader)
{
    return reader->class->end(reader);
}

int
mo_reader_again(struct mo_reader *reader)
{
    if (!reader->class->again || reader->state == MO_READER_TROUBLE ||
        reader->class->again(reader))
        return -1;
    reader->state = MO_READER_FINE;
    reader->rejected = 0;
    reader->empty_list = false;
    return 0;
}

int
mo_reader_next(struct mo_reader *reader, const struct mo_record **record)
{
    return reader->class->next(reader, record);
}

enum mo_reader_state
mo_reader_state(const struct mo_reader *reader)
{
    return reader->state;
}

size_t
mo_reader_rejected(const struct mo_reader *reader)
{
    return reader->rejected;
}

bool
mo_reader_empty_list(const struct mo_reader *reader)
{
    return reader->empty_list;
}
