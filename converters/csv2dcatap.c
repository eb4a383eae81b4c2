#include <moisson/flow.h>

int
main(int argc, char *argv[])
{
    static const struct mo_program program = {
        .name = "csv2dcatap",
        .purpose = {"turn a spreadsheet saved as CSV into DCAT-AP JSON",
            "convertir un tableau enregistré en CSV en DCAT-AP JSON"},
        .dialect = "csv",
        .reader = mo_csv_reader,
        .writer = mo_dcatap_writer,
        .form = mo_csv_template,
    };

    return mo_flow_main(&program, argc, argv);
}
