/*
 * The library in a program of one's own: RDF/XML comes on standard input, a line of
 * DCAT-AP JSON for each record goes to standard output. With the library installed:
 *
 *     cc embed.c $(pkg-config --cflags --libs moisson)
 */
#include <stdio.h>

#include <moisson/moisson.h>

static int
write_out(void *file, struct mo_str bytes)
{
    return fwrite(bytes.p, 1, bytes.n, (FILE *)file) == bytes.n ? 0 : -1;
}

static void
convert(struct mo_reader *reader, struct mo_writer *writer)
{
    const struct mo_record *record;

    while (mo_reader_next(reader, &record) == 1)
        mo_writer_put(writer, record);
}

int
main(void)
{
    static struct mo_reader_options in;
    static struct mo_writer_options out;
    struct mo_tables *tables = mo_tables_new();
    struct mo_vocab *vocab = tables ? mo_vocab_new(tables, NULL) : NULL;
    struct mo_reader *reader;
    struct mo_writer *writer;
    char bytes[4096];
    size_t n;
    bool good;

    if (!vocab)
        return 2;
    in.vocab = out.vocab = vocab;
    out.write = write_out;
    out.ctx = stdout;
    out.lines = true;
    reader = mo_rdfxml_reader(&in);
    writer = mo_dcatap_writer(&out);
    if (!reader || !writer)
        return 2;
    while ((n = fread(bytes, 1, sizeof bytes, stdin)) > 0) {
        mo_reader_push(reader, mo_str_n(bytes, n));
        convert(reader, writer);
    }
    mo_reader_end(reader);
    convert(reader, writer);
    good = mo_reader_state(reader) == MO_READER_FINE && !mo_reader_rejected(reader) &&
           !mo_writer_end(writer, false);

    mo_writer_free(writer);
    mo_reader_free(reader);
    mo_vocab_free(vocab);
    mo_tables_free(tables);
    return good ? 0 : 1;
}
