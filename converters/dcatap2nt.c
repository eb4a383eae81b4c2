#include <moisson/flow.h>

int
main(int argc, char *argv[])
{
    static const struct mo_program program = {
        .name = "dcatap2nt",
        .purpose = {"turn JSON-LD into N-Triples", "convertir du JSON-LD en N-Triples"},
        .dialect = "jsonld",
        .reader = mo_jsonld_reader,
        .writer = mo_ntriples_writer,
        .graph = true,
        .text = true,
    };

    return mo_flow_main(&program, argc, argv);
}
