#include <moisson/flow.h>

int
main(int argc, char *argv[])
{
    static const struct mo_program program = {
        .name = "dcatap2csv",
        .purpose = {"turn DCAT-AP JSON into a spreadsheet in CSV",
            "convertir du DCAT-AP JSON en tableau CSV"},
        .dialect = "jsonld",
        .reader = mo_jsonld_reader,
        .writer = mo_csv_writer,
        .keeper = mo_dcatap_writer,
        .text = true,
        .columns = true,
    };

    return mo_flow_main(&program, argc, argv);
}
