#include <moisson/flow.h>

int
main(int argc, char *argv[])
{
    static const struct mo_program program = {
        .name = "rdfxml2dcatap",
        .purpose = {"turn DCAT in RDF/XML into DCAT-AP JSON",
            "convertir du DCAT en RDF/XML en DCAT-AP JSON"},
        .dialect = "rdfxml",
        .reader = mo_rdfxml_reader,
        .writer = mo_dcatap_writer,
    };

    return mo_flow_main(&program, argc, argv);
}
