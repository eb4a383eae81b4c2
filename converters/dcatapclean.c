#include <moisson/flow.h>

int
main(int argc, char *argv[])
{
    static const struct mo_program program = {
        .name = "dcatapclean",
        .purpose = {"repair DCAT-AP JSON, and say what was repaired",
            "réparer du DCAT-AP JSON, en disant ce qui l'a été"},
        .dialect = "jsonld",
        .reader = mo_jsonld_reader,
        .cleaner = mo_cleaner_new,
        .writer = mo_dcatap_writer,
    };

    return mo_flow_main(&program, argc, argv);
}
