#include <moisson/reader.h>

#include "csv/columns.h"

/* An apostrophe keeps spreadsheets from computing what came from elsewhere. */
void
mo_csv_put_cell(struct mo_buf *out, struct mo_str text)
{
    size_t from = 0;

    mo_buf_c(out, mo_csv_is_formula(text) ? "\"'" : "\"");
    for (size_t i = 0; i < text.n; ++i)
        if (text.p[i] == '"') {
            mo_buf_add(out, text.p + from, i + 1 - from);
            from = i;
        }
    mo_buf_str(out, mo_str_from(text, from));
    mo_buf_byte(out, '"');
}

static void
put_row(struct mo_buf *out, const struct mo_table *t, const char *column, bool comment)
{
    size_t heading = mo_table_column(t, "fr"), at = mo_table_column(t, column), n = 0;
    char memory[512];
    struct mo_buf text;

    for (size_t i = 0; i < t->rows; ++i) {
        if (!mo_table_cell(t, i, heading)[0])
            continue;
        mo_buf_fixed(&text, memory, sizeof memory);
        if (comment && n == 0)
            mo_buf_c(&text, "# ");
        mo_buf_c(&text, mo_table_cell(t, i, at));
        if (n++)
            mo_buf_byte(out, ';');
        mo_csv_put_cell(out, mo_buf_view(&text));
    }
    mo_buf_c(out, "\n");
}

/* With a byte order mark, without which some spreadsheets do not take it for UTF-8. */
int
mo_csv_template(const struct mo_tables *tables, enum mo_lang lang, struct mo_buf *out)
{
    const struct mo_table *t = mo_table(tables, "csv-fields");

    mo_buf_c(out, "\xEF\xBB\xBF");
    put_row(out, t, lang == MO_FR ? "fr" : "en", false);
    put_row(out, t, lang == MO_FR ? "note_fr" : "note_en", true);
    return out->failed ? -1 : 0;
}
