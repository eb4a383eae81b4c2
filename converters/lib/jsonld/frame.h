/*
 * A document of JSON-LD that comes in pieces: what it says around its lists, put together
 * again as one object, and each element of a list as the object would say it without the
 * others. A list is the array of "@graph", or of a property, such as dcat:dataset.
 */
#ifndef MO_JSONLD_FRAME_H
#define MO_JSONLD_FRAME_H

#include <moisson/buf.h>

enum { MO_MAX_LISTS = 8, MO_MAX_BEGUN = 1000 };

struct mo_frame {
    struct mo_buf members; /* "{" and what the document said, but for its lists */
    struct mo_buf keys;    /* of the lists, as they are spelled, one behind the other */
    size_t ends[MO_MAX_LISTS + 1]; /* "@graph" has room in any case */
    size_t n_lists;
    size_t n_begun;        /* lists of all keys but "@graph" */
    struct mo_buf head;    /* "{" and what an element needs: the name and the types */
    struct mo_buf element; /* the one in hand */
    bool named;            /* the document gives its node a name */
    bool typed;
};

void mo_frame_init(struct mo_frame *frame);
void mo_frame_done(struct mo_frame *frame);
void mo_frame_clear(struct mo_frame *frame);

/* Add the members of an object. */
void mo_frame_add(struct mo_frame *frame, struct mo_str object);

/*
 * A list begins: its number, which is that of the list before whose key was the same. Of other
 * keys than "@graph" there are at most MO_MAX_LISTS, and of their lists MO_MAX_BEGUN.
 */
size_t mo_frame_list(struct mo_frame *frame, struct mo_str key);
struct mo_str mo_frame_key(const struct mo_frame *frame, size_t list);
bool mo_frame_is_graph(const struct mo_frame *frame, size_t list);

/*
 * All that the document said so far, an object; with `more`, a member, behind it. Borrowed
 * until the next call; empty when memory is short.
 */
struct mo_str mo_frame_object(struct mo_frame *frame, struct mo_str more);

/*
 * `value`, an element of a list, as the document says it. `*at` is where it stands in that.
 * Likewise.
 */
struct mo_str mo_frame_element(
    struct mo_frame *frame, size_t list, struct mo_str value, size_t *at);

#endif
