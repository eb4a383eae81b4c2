#include <moisson/flow.h>

int
main(int argc, char *argv[])
{
    static const struct mo_program program = {
        .name = "ods2dcatap",
        .purpose = {"turn Opendatasoft JSON into DCAT-AP JSON",
            "convertir du JSON d'Opendatasoft en DCAT-AP JSON"},
        .dialect = "ods",
        .reader = mo_ods_reader,
        .writer = mo_dcatap_writer,
    };

    return mo_flow_main(&program, argc, argv);
}
