/* What all readers are made of: a class of functions, and what the caller may ask. */
#ifndef MO_RDF_READER_H
#define MO_RDF_READER_H

#include <moisson/reader.h>
#include <moisson/text.h>

struct mo_reader_class {
    void (*free)(struct mo_reader *reader);
    int (*push)(struct mo_reader *reader, struct mo_str bytes);
    int (*end)(struct mo_reader *reader);
    int (*next)(struct mo_reader *reader, const struct mo_record **record);
    int (*again)(struct mo_reader *reader); /* NULL: it cannot */
};

/* The first member of each reader. */
struct mo_reader {
    const struct mo_reader_class *class;
    struct mo_reader_options options;
    enum mo_reader_state state;
    size_t rejected;
    bool empty_list;
};

enum { MO_DEFAULT_MAX_BYTES = 16 << 20, MO_DEFAULT_MAX_DEPTH = 100 };

/* Fill in class, options and their defaults. */
void mo_reader_init(struct mo_reader *reader, const struct mo_reader_class *class,
    const struct mo_reader_options *options);

/* Report `diag`, with the file named; in strict mode an error stops the reader. */
void mo_reader_report(struct mo_reader *reader, struct mo_diag *diag);

/* Say how many bytes were not what the character set says, if any; `decoder` may be NULL. */
void mo_reader_bad_bytes(struct mo_reader *reader, const struct mo_decoder *decoder);

#endif
