#include <moisson/flow.h>

int
main(int argc, char *argv[])
{
    static const struct mo_program program = {
        .name = "jsonld2dcatap",
        .purpose = {"turn JSON-LD into DCAT-AP JSON",
            "convertir du JSON-LD en DCAT-AP JSON"},
        .dialect = "jsonld",
        .reader = mo_jsonld_reader,
        .writer = mo_dcatap_writer,
        .no_default_context = true,
    };

    return mo_flow_main(&program, argc, argv);
}
