#include <moisson/flow.h>

int
main(int argc, char *argv[])
{
    static const struct mo_program program = {
        .name = "datajson2dcatap",
        .purpose = {"turn a data.json (DCAT-US) into DCAT-AP JSON",
            "convertir un data.json (DCAT-US) en DCAT-AP JSON"},
        .dialect = "datajson",
        .reader = mo_datajson_reader,
        .writer = mo_dcatap_writer,
    };

    return mo_flow_main(&program, argc, argv);
}
