/*
 * A filter for the tests of hashes: RDF/XML in, or JSON-LD where the last argument is a file
 * *.json; out, of each record a line "# HASH" and the statements that the hash is of, as
 * N-Triples.
 */
#include <moisson/flow.h>

#include <stdlib.h>

#include "rdf/ntriples.h"
#include "rdf/writer.h"

static enum mo_put
put(struct mo_writer *w, const struct mo_record *record)
{
    char hex[65] = "none";

    if (record->kind != MO_RECORD_WHOLE)
        return MO_PUT_PASSED;
    mo_record_hash(record, hex);
    mo_buf_printf(&w->out, "# %s\n", hex);
    for (size_t i = 0; i < record->n_body; ++i)
        for (const struct mo_stmt *s = record->nodes[i]->first; s; s = s->next)
            mo_nt_stmt(&w->out, s, NULL);
    return mo_writer_flush(w, false) ? MO_PUT_TROUBLE : MO_PUT_WRITTEN;
}

static void
destroy(struct mo_writer *w)
{
    mo_writer_done(w);
    free(w);
}

static struct mo_writer *
new_writer(const struct mo_writer_options *options)
{
    static const struct mo_writer_class class = {.free = destroy, .put = put};
    struct mo_writer *w = calloc(1, sizeof *w);

    if (w)
        mo_writer_init(w, &class, options);
    return w;
}

int
main(int argc, char *argv[])
{
    struct mo_program program = {
        .name = "records",
        .purpose = {"show records and their hashes",
            "montrer les fiches et leurs empreintes"},
        .dialect = "rdfxml",
        .reader = mo_rdfxml_reader,
        .writer = new_writer,
        .text = true,
    };

    if (mo_str_ends(mo_str(argv[argc - 1]), mo_str(".json"))) {
        program.dialect = "jsonld";
        program.reader = mo_jsonld_reader;
    }
    return mo_flow_main(&program, argc, argv);
}
