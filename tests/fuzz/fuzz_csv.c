/*
 * A spreadsheet: whole and in pieces it gives the same, what is said is text, every record has
 * a title, and a spreadsheet that is written of the records is one that is read.
 */
#include "convert.h"

#define TITLE "\"title\":[{\"@value\":"

static void
check_records(struct mo_str lines)
{
    while (lines.n) {
        struct mo_str line = fuzz_line(&lines);

        fuzz_must_be_json(line);
        MUST(mo_str_find(line, mo_str(TITLE), 0) < line.n ||
             mo_str_find(line, mo_str("\"@type\":[\"Dataset\"]"), 0) == line.n);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct conversion c = {.reader = mo_csv_reader,
        .writer = mo_dcatap_writer,
        .in = {.max_bytes = 4 << 10},
        .to = {.lines = true}};
    struct conversion back = {.reader = mo_csv_reader, .writer = mo_ntriples_writer};

    convert_both_ways(&c, fuzz_str(data, size));
    check_records(mo_buf_view(&c.out));
    convert_done(&c);
    c.writer = mo_csv_writer;
    c.to.columns = size % 2 ? MO_COLUMNS_CATALOGUE : MO_COLUMNS_TEMPLATE;
    convert(&c, fuzz_str(data, size), 0);
    convert(&back, mo_buf_view(&c.out), 0);
    MUST(c.trouble || back.state == MO_READER_FINE);
    MUST(c.trouble || back.rejected == 0);
    convert_done(&back);
    convert_done(&c);
    return 0;
}
