#include <moisson/flow.h>

int
main(int argc, char *argv[])
{
    static const struct mo_program program = {
        .name = "datagouv2rdfxml",
        .purpose = {"turn data.gouv.fr JSON into DCAT in RDF/XML",
            "convertir du JSON de data.gouv.fr en DCAT en RDF/XML"},
        .dialect = "datagouv",
        .reader = mo_datagouv_reader,
        .writer = mo_rdfxml_writer,
        .text = true,
    };

    return mo_flow_main(&program, argc, argv);
}
