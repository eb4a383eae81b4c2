#include <moisson/flow.h>

int
main(int argc, char *argv[])
{
    static const struct mo_program program = {
        .name = "rdfxml2nt",
        .purpose = {"turn RDF/XML into N-Triples", "convertir du RDF/XML en N-Triples"},
        .dialect = "rdfxml",
        .reader = mo_rdfxml_reader,
        .writer = mo_ntriples_writer,
        .graph = true,
        .text = true,
    };

    return mo_flow_main(&program, argc, argv);
}
