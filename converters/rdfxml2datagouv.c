#include <moisson/flow.h>

int
main(int argc, char *argv[])
{
    static const struct mo_program program = {
        .name = "rdfxml2datagouv",
        .purpose = {"turn DCAT in RDF/XML into data.gouv.fr JSON",
            "convertir du DCAT en RDF/XML en JSON de data.gouv.fr"},
        .dialect = "rdfxml",
        .reader = mo_rdfxml_reader,
        .writer = mo_datagouv_writer,
        .keeper = mo_rdfxml_record_writer,
    };

    return mo_flow_main(&program, argc, argv);
}
