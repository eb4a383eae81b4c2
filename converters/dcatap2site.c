#include <moisson/flow.h>

int
main(int argc, char *argv[])
{
    static const struct mo_program program = {
        .name = "dcatap2site",
        .purpose = {"turn DCAT-AP JSON into a catalogue that a web server can serve",
            "convertir du DCAT-AP JSON en un catalogue qu'un serveur web peut servir"},
        .dialect = "jsonld",
        .reader = mo_jsonld_reader,
        .writer = mo_site_writer,
        .text = true,
        .site = true,
    };

    return mo_flow_main(&program, argc, argv);
}
