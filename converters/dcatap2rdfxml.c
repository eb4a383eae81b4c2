#include <moisson/flow.h>

int
main(int argc, char *argv[])
{
    static const struct mo_program program = {
        .name = "dcatap2rdfxml",
        .purpose = {"turn DCAT-AP JSON into DCAT in RDF/XML",
            "convertir du DCAT-AP JSON en DCAT en RDF/XML"},
        .dialect = "jsonld",
        .reader = mo_jsonld_reader,
        .writer = mo_rdfxml_writer,
        .text = true,
    };

    return mo_flow_main(&program, argc, argv);
}
