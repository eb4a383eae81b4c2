#include <moisson/flow.h>

int
main(int argc, char *argv[])
{
    static const struct mo_program program = {
        .name = "datagouv2dcatap",
        .purpose = {"turn data.gouv.fr JSON into DCAT-AP JSON",
            "convertir du JSON de data.gouv.fr en DCAT-AP JSON"},
        .dialect = "datagouv",
        .reader = mo_datagouv_reader,
        .writer = mo_dcatap_writer,
    };

    return mo_flow_main(&program, argc, argv);
}
