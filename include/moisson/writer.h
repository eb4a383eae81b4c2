/*
 * A writer: records in, bytes of its format out, through one callback. One thread at
 * a time; any number of writers.
 */
#ifndef MOISSON_WRITER_H
#define MOISSON_WRITER_H

#include <moisson/buf.h>
#include <moisson/diag.h>
#include <moisson/record.h>
#include <moisson/vocab.h>

#ifdef __cplusplus
extern "C" {
#endif

enum mo_put {
    MO_PUT_WRITTEN,
    MO_PUT_PASSED,   /* the format has no place for such records */
    MO_PUT_KEPT,     /* nor has it, but the document keeps all that it says */
    MO_PUT_REJECTED, /* it should have one, and cannot; the reason was reported */
    MO_PUT_TROUBLE   /* memory is short, or the callback failed */
};

enum { MO_MAX_LANGUAGES = 16, MO_MAX_TAGS = 32 };

/* What data.gouv.fr JSON is to hold. */
enum mo_only { MO_ONLY_NO, MO_ONLY_DATASETS, MO_ONLY_SERVICES };

/* The names of keys in DCAT-AP JSON: those of which version of DCAT-AP. */
enum mo_keys { MO_KEYS_3_0_1, MO_KEYS_2_1_1, MO_KEYS_COUNT };

/* "3.0.1" or "2.1.1" as keys. False, with `*keys` untouched, when it is neither. */
MO_API bool mo_keys_named(struct mo_str version, enum mo_keys *keys);

/* What stands in the extras of data.gouv.fr JSON. */
enum mo_extras {
    MO_EXTRAS_USUAL, /* all; of a payload what is known */
    MO_EXTRAS_ALL, /* what data.gouv.fr's own software has there, and all that has no field */
    MO_EXTRAS_KNOWN, /* the former */
    MO_EXTRAS_NONE   /* nothing */
};

/* What is to be sent to the API of data.gouv.fr, in lines, instead of what it holds. */
struct mo_payload {
    bool wanted;
    bool make_private;          /* all records */
    struct mo_str organization; /* id of their owner; empty: the one they have */
    /* Rows KEY TAB ID, and of resources KEY TAB ID TAB URL TAB TITLE; may be empty. */
    struct mo_str ids;
    struct mo_str ids_file; /* its name, for diagnostics */
};

/* The columns of a spreadsheet. */
enum mo_columns {
    MO_COLUMNS_CATALOGUE, /* csv-catalogue: a dataset a row */
    MO_COLUMNS_TEMPLATE /* csv-fields: a resource a row, headings in the first language */
};

/* Files below a folder, several at a time; what `open` gives goes to the others. */
struct mo_files {
    void *ctx;
    void *(*open)(
        void *ctx, struct mo_str path); /* "/" goes into a folder; NULL: failed */
    int (*write)(void *file, struct mo_str bytes);
    int (*close)(void *file);
    void (*done)(void *ctx); /* that was all: the files are whole */
};

/* A catalogue as a folder of files. */
struct mo_site {
    struct mo_files files;
    struct mo_str base; /* address of the folder, with a slash at its end */
    /* Of the catalogue; empty: as the first catalogue among the records says. */
    struct mo_str title, description, publisher;
};

struct mo_writer_options {
    const struct mo_vocab *vocab; /* must outlive the writer */
    const struct mo_sink *sink;   /* told what is wrong; may be NULL */
    struct mo_str file;           /* the input's name, for diagnostics; borrowed */
    /* Takes all output, in order; 0, or -1 to stop. */
    int (*write)(void *ctx, struct mo_str bytes);
    void *ctx;
    bool lines;  /* a record a line, not one document */
    bool pretty; /* indented */
    /* Of DCAT-AP JSON: "inline", "none", a URL, or empty: inline, in lines none. */
    struct mo_str context;
    enum mo_keys keys;
    enum mo_only only;     /* of data.gouv.fr JSON */
    enum mo_extras extras; /* of data.gouv.fr JSON */
    /* Of the files that a platform makes of a dataset on demand, one a format, in the same. */
    bool collapse_exports;
    /* Tags that all records of data.gouv.fr JSON get. */
    struct mo_str tags[MO_MAX_TAGS];
    size_t n_tags;
    struct mo_payload payload;
    enum mo_columns columns; /* of CSV */
    struct mo_site site;
    /*
     * Of data.gouv.fr JSON and of CSV, when not NULL: appends to `out` what is to stand in the
     * place of the object of a dataset or service. Of a payload it is not asked.
     */
    void (*edit)(void *ctx, struct mo_str object, struct mo_buf *out);
    void *edit_ctx;
    /* Languages of text, most wanted first, where the format takes only one. */
    struct mo_str languages[MO_MAX_LANGUAGES];
    size_t n_languages;
    int64_t now; /* seconds since 1970: what is later is in the future */
    /* Told each statement that the format has no place for, when not NULL. */
    void (*lose)(void *ctx, const struct mo_stmt *stmt);
    void *lose_ctx;
    /*
     * Told each value that table `table` does not know, when not NULL: `row` is a row
     * of it, tab-separated, with what is known filled in.
     */
    void (*unmatched)(void *ctx, const char *table, struct mo_str row);
    void *unmatched_ctx;
};

/* "all", "known" or "none"; false, with `*extras` untouched, for another word. */
MO_API bool mo_extras_named(const char *word, enum mo_extras *extras);

struct mo_writer;

/* The formats; each returns a writer that you own, or NULL when memory is short. */
MO_API struct mo_writer *mo_ntriples_writer(const struct mo_writer_options *options);
MO_API struct mo_writer *mo_dcatap_writer(const struct mo_writer_options *options);
MO_API struct mo_writer *mo_datagouv_writer(const struct mo_writer_options *options);

/* A spreadsheet in CSV, whatever `lines` and `pretty` say. */
MO_API struct mo_writer *mo_csv_writer(const struct mo_writer_options *options);

/*
 * A catalogue that people read and others harvest: pages in RDF/XML, JSON-LD and HTML, a search, a
 * feed. All is written at the end, through `site`; `write` is not called.
 */
MO_API struct mo_writer *mo_site_writer(const struct mo_writer_options *options);

/* RDF/XML, one document whatever `lines` and `pretty` say. */
MO_API struct mo_writer *mo_rdfxml_writer(const struct mo_writer_options *options);

/* RDF/XML, each record a document by itself. */
MO_API struct mo_writer *mo_rdfxml_record_writer(const struct mo_writer_options *options);

/* Releases it; what was not ended is left as it is. NULL is fine. */
MO_API void mo_writer_free(struct mo_writer *writer);

/* The records of another input follow; what was put before is written. */
MO_API void mo_writer_file(struct mo_writer *writer, struct mo_str file);

MO_API enum mo_put mo_writer_put(
    struct mo_writer *writer, const struct mo_record *record);

/* Close the document; `incomplete` when an input broke off. 0, or -1. */
MO_API int mo_writer_end(struct mo_writer *writer, bool incomplete);

#ifdef __cplusplus
}
#endif

#endif
