/*
 * A reader: bytes of one document in, records out. It is pushed bytes of any
 * number at a time, and asked for records in between:
 *
 *     while (there are bytes) {
 *         mo_reader_push(reader, bytes);
 *         while (mo_reader_next(reader, &record) == 1)
 *             use(record);
 *     }
 *     mo_reader_end(reader);
 *     while (mo_reader_next(reader, &record) == 1)
 *         use(record);
 *
 * One thread at a time; any number of readers.
 */
#ifndef MOISSON_READER_H
#define MOISSON_READER_H

#include <moisson/diag.h>
#include <moisson/record.h>
#include <moisson/vocab.h>

#ifdef __cplusplus
extern "C" {
#endif

enum mo_join {
    MO_JOIN_AUTO,   /* a record waits for nodes whose description is wanted */
    MO_JOIN_ALWAYS, /* all wait for the end of the document */
    MO_JOIN_NEVER   /* none waits */
};

/*
 * Bytes of a rejected record, in a document that can be mended and read again. A record
 * that is too big to be held comes in pieces.
 */
struct mo_reject {
    struct mo_str root;   /* opens the document; empty where it needs none */
    struct mo_str open;   /* opens what the record stands in */
    struct mo_str bytes;  /* the record */
    struct mo_str close;  /* closes what `open` opened */
    struct mo_str finish; /* closes the document */
    bool more;            /* a piece of the same record follows, with its `close` */
};

struct mo_reader_options {
    const struct mo_vocab *vocab; /* must outlive the reader */
    const struct mo_sink *sink;   /* told what is wrong; may be NULL */
    struct mo_str file;           /* name for diagnostics; borrowed */
    struct mo_str base;           /* base IRI; empty: none. Borrowed */
    struct mo_str charset;        /* overrides what the document says. Borrowed */
    enum mo_join join;
    bool strict;             /* no repairs; the first error ends the reading */
    bool graph;              /* statements as they come, not records */
    bool quads;              /* the same, and each record is of one graph, named or not */
    bool no_default_context; /* JSON-LD without a context has none, instead of ours */
    size_t max_bytes;        /* ceiling of a record in the input; 0: 16 MiB */
    size_t max_depth;        /* ceiling of nesting in the input; 0: 100 */
    /* Called for each rejected record when not NULL; 0, or -1 to stop. */
    int (*reject)(void *ctx, const struct mo_reject *reject);
    void *reject_ctx;
    /*
     * Told each statement of which a record cannot hold all when not NULL: that it is of
     * the graph `graph` (NULL: the default graph), or that a text has a direction, which
     * is then its datatype.
     */
    void (*lose)(void *ctx, const struct mo_stmt *stmt, const struct mo_term *graph);
    void *lose_ctx;
    /*
     * Appends the context at `url` (JSON) to `out`: 0, or -1 when there is none. Called
     * for contexts that a document names; NULL: there are none.
     */
    int (*context)(void *ctx, struct mo_str url, struct mo_buf *out);
    void *context_ctx;
};

enum mo_reader_state {
    MO_READER_FINE,
    MO_READER_BROKE_OFF, /* the document ended, or could not be followed, early */
    MO_READER_STOPPED,   /* strict, and something was wrong */
    MO_READER_TROUBLE    /* memory or a temporary file failed; it was reported */
};

struct mo_reader;

/* The formats; each returns a reader that you own, or NULL when memory is short. */
MO_API struct mo_reader *mo_rdfxml_reader(const struct mo_reader_options *options);
MO_API struct mo_reader *mo_turtle_reader(const struct mo_reader_options *options);
MO_API struct mo_reader *mo_jsonld_reader(const struct mo_reader_options *options);
MO_API struct mo_reader *mo_ckan_reader(const struct mo_reader_options *options);
MO_API struct mo_reader *mo_ods_reader(const struct mo_reader_options *options);
MO_API struct mo_reader *mo_datajson_reader(const struct mo_reader_options *options);
MO_API struct mo_reader *mo_datagouv_reader(const struct mo_reader_options *options);
MO_API struct mo_reader *mo_csv_reader(const struct mo_reader_options *options);

/*
 * Append a spreadsheet for mo_csv_reader with nothing but headings and, below each, what is to be
 * written there. 0, or -1 when memory is short.
 */
MO_API int mo_csv_template(
    const struct mo_tables *tables, enum mo_lang lang, struct mo_buf *out);

MO_API void mo_reader_free(struct mo_reader *reader);

/* Returns 0, or -1 when the reader is in trouble. */
MO_API int mo_reader_push(struct mo_reader *reader, struct mo_str bytes);

/* No more bytes will come. */
MO_API int mo_reader_end(struct mo_reader *reader);

/*
 * Forget the input, records that were not taken too, and begin another, as a new reader would that
 * calls its blank nodes otherwise. 0, or -1 where it takes a new one: in trouble, and of other
 * formats than JSON-LD.
 */
MO_API int mo_reader_again(struct mo_reader *reader);

/* 1 with `*record` set, 0 when there is none for now (or any more), -1 in trouble. */
MO_API int mo_reader_next(struct mo_reader *reader, const struct mo_record **record);

MO_API enum mo_reader_state mo_reader_state(const struct mo_reader *reader);

/* Records rejected so far. */
MO_API size_t mo_reader_rejected(const struct mo_reader *reader);

/* Whether the document held a list of records that was there and empty. */
MO_API bool mo_reader_empty_list(const struct mo_reader *reader);

#ifdef __cplusplus
}
#endif

#endif
