/*
 * The Turtle reader. What comes out does not depend on how the bytes came in; records are the
 * graph that was read, and DCAT-AP JSON of them is read back as the same graph; and what our
 * N-Triples writer writes is read back as the same graph.
 */
#include "convert.h"

static void
check_triples(struct mo_str data, const struct mo_reader_options *in)
{
    struct collected before, after;
    struct conversion there = {.reader = mo_turtle_reader,
        .writer = mo_ntriples_writer,
        .in = *in,
        .look = collected_take,
        .ctx = &before};
    struct conversion back = there;

    collected_init(&before);
    collected_init(&after);
    there.in.graph = back.in.graph = true;
    back.in.max_bytes = 0;
    back.ctx = &after;
    convert_both_ways(&there, data);
    convert(&back, mo_buf_view(&there.out), 0);
    MUST(back.rejected == 0 && back.state == MO_READER_FINE);
    if (back.read_said.n == 0)
        collected_must_equal(&before, &after);
    convert_done(&there);
    convert_done(&back);
    collected_done(&before);
    collected_done(&after);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mo_str text = fuzz_str(data, size);
    uint64_t dice = fuzz_seed(text);
    struct mo_reader_options in = convert_options(&dice, 200);

    convert_to_dcatap(mo_turtle_reader, text, &in, fuzz_roll(&dice, 2));
    check_triples(text, &in);
    in.strict = true;
    check_triples(text, &in);
    return 0;
}
