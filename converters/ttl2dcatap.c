#include <moisson/flow.h>

int
main(int argc, char *argv[])
{
    static const struct mo_program program = {
        .name = "ttl2dcatap",
        .purpose = {"turn DCAT in Turtle or N-Triples into DCAT-AP JSON",
            "convertir du DCAT en Turtle ou N-Triples en DCAT-AP JSON"},
        .dialect = "turtle",
        .reader = mo_turtle_reader,
        .writer = mo_dcatap_writer,
    };

    return mo_flow_main(&program, argc, argv);
}
