#include <moisson/flow.h>

int
main(int argc, char *argv[])
{
    static const struct mo_program program = {
        .name = "dcatap2datagouv",
        .purpose = {"turn DCAT-AP JSON into data.gouv.fr JSON",
            "convertir du DCAT-AP JSON en JSON de data.gouv.fr"},
        .dialect = "jsonld",
        .reader = mo_jsonld_reader,
        .writer = mo_datagouv_writer,
        .keeper = mo_dcatap_writer,
    };

    return mo_flow_main(&program, argc, argv);
}
