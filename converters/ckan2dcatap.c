#include <moisson/flow.h>

int
main(int argc, char *argv[])
{
    static const struct mo_program program = {
        .name = "ckan2dcatap",
        .purpose = {"turn CKAN JSON into DCAT-AP JSON",
            "convertir du JSON de CKAN en DCAT-AP JSON"},
        .dialect = "ckan",
        .reader = mo_ckan_reader,
        .writer = mo_dcatap_writer,
    };

    return mo_flow_main(&program, argc, argv);
}
