/*
 * Facts as tables: properties, licences, frequencies and so on. They are compiled in
 * from schemas/, and rows of a file in the same columns can be laid over them, so
 * that a domain expert corrects a fact without a compiler.
 */
#ifndef MOISSON_TABLES_H
#define MOISSON_TABLES_H

#include <moisson/buf.h>
#include <moisson/diag.h>
#include <moisson/str.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mo_tables;

/* The tables as compiled in. You own them; NULL when memory is short. */
MO_API struct mo_tables *mo_tables_new(void);
MO_API void mo_tables_free(struct mo_tables *tables);

/* Name of table `i`, counted from 0; NULL behind the last. */
MO_API const char *mo_tables_name(size_t i);

/*
 * Lay `text` (UTF-8, tab-separated, comments with "#", a first line of column names,
 * which may leave columns out) over table `name`: a row whose key columns equal those
 * of a row replaces it, others are added. Behind a line "# table: NAME" only
 * the rows for this table count, up to the next such line. `file` is for diagnostics. Returns 0, or -1
 * with nothing changed and the reason reported.
 */
MO_API int mo_tables_overlay(struct mo_tables *tables, struct mo_str name,
    struct mo_str text, struct mo_str file, const struct mo_sink *sink);

/*
 * Lay what stands in `text` behind each line "# table: NAME" over the table of that name.
 * Returns 0, or -1, with some of them laid over, when one cannot be or no line names a table.
 */
MO_API int mo_tables_overlay_sections(struct mo_tables *tables, struct mo_str text,
    struct mo_str file, const struct mo_sink *sink);

/* Append table `name` as it is now, tab-separated, column names first. 0, or -1. */
MO_API int mo_tables_list(
    const struct mo_tables *tables, struct mo_str name, struct mo_buf *out);

#ifdef __cplusplus
}
#endif

#endif
