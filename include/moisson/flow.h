/*
 * What all filters share: options, files, diagnostics, rejects, summary, exit status.
 * A filter's main fills in a struct mo_program and calls mo_flow_main.
 */
#ifndef MOISSON_FLOW_H
#define MOISSON_FLOW_H

#include <moisson/clean.h>
#include <moisson/reader.h>
#include <moisson/report.h>
#include <moisson/tables.h>
#include <moisson/writer.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mo_program {
    const char *name;
    const char *purpose[2]; /* a line for --help, in English and French */
    const char *dialect;    /* what it reads, as dialects.tsv calls it */
    struct mo_reader *(*reader)(const struct mo_reader_options *options);
    struct mo_writer *(*writer)(const struct mo_writer_options *options);
    /* Between the two: what repairs each record. NULL: nothing does. */
    struct mo_cleaner *(*cleaner)(const struct mo_clean_options *options);
    /* Writes what it reads: keeps the records that `writer` rejects. NULL: it takes all. */
    struct mo_writer *(*keeper)(const struct mo_writer_options *options);
    bool graph;              /* statements as they come; no records are expected */
    bool text;               /* what it writes has one shape: there is no -l and no -p */
    bool no_default_context; /* see struct mo_reader_options */
    bool site;               /* it writes a folder, which is its first operand */
    bool columns;            /* what it writes has columns to choose: --columns */
    /* Appends an empty input, to be filled in: --template. NULL: there is none. */
    int (*form)(const struct mo_tables *tables, enum mo_lang lang, struct mo_buf *out);
};

/*
 * What an input is that begins with `head`, as dialects.tsv calls it; empty when that does not
 * know it. MO_DIALECT_HEAD bytes, or all that there are, are enough.
 */
enum { MO_DIALECT_HEAD = 8 << 10 };
MO_API const char *mo_dialect(const struct mo_tables *tables, struct mo_str head);

/* Run the filter on the operands, or standard input; returns the exit status. */
MO_API int mo_flow_main(const struct mo_program *program, int argc, char *argv[]);

/* Now, in seconds since 1970: what SOURCE_DATE_EPOCH says, else what the clock does. */
MO_API int64_t mo_present(void);

#ifdef __cplusplus
}
#endif

#endif
