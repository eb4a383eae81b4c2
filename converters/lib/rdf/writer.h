/* What all writers are made of: a class of functions, an output buffer, the frame. */
#ifndef MO_RDF_WRITER_H
#define MO_RDF_WRITER_H

#include <moisson/json.h>
#include <moisson/writer.h>

/* The member with which a document of JSON says that its input broke off. */
#define MO_INCOMPLETE_KEY "incomplete"

struct mo_writer_class {
    void (*free)(struct mo_writer *writer);
    enum mo_put (*put)(struct mo_writer *writer, const struct mo_record *record);
    /* What goes around the items of a document; NULL where there is none. */
    void (*head)(struct mo_writer *writer);
    void (*foot)(struct mo_writer *writer, bool incomplete);
    /* Called at the end, before the foot, for what was held back. May be NULL. */
    enum mo_put (*rest)(struct mo_writer *writer);
};

/* The first member of each writer. */
struct mo_writer {
    const struct mo_writer_class *class;
    struct mo_writer_options options;
    struct mo_buf out;  /* on its way to the callback */
    struct mo_buf item; /* the item in hand, compact */
    size_t n_items;
    bool begun;
};

/* Fill in class and options. */
void mo_writer_init(struct mo_writer *writer, const struct mo_writer_class *class,
    const struct mo_writer_options *options);

/* Release the buffers. */
void mo_writer_done(struct mo_writer *writer);

/* What stands before the first item goes out, once. */
void mo_writer_begin(struct mo_writer *writer);

/* The item in hand is whole: it goes out, with what stands between items. */
enum mo_put mo_writer_item(struct mo_writer *writer);

/* Hand over what is in `out`, when it is much, or `all`. 0, or -1. */
int mo_writer_flush(struct mo_writer *writer, bool all);

/* Report about `record`; NULL: about all of them. */
void mo_writer_report(struct mo_writer *writer, enum mo_diag_id id, struct mo_str detail,
    const struct mo_record *record, const char *property);

#endif
