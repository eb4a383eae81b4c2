#include "jsonld/frame.h"

#include <stdint.h>

void
mo_frame_init(struct mo_frame *f)
{
    mo_buf_init(&f->members, SIZE_MAX);
    mo_buf_init(&f->keys, SIZE_MAX);
    mo_buf_init(&f->head, SIZE_MAX);
    mo_buf_init(&f->element, SIZE_MAX);
    mo_frame_clear(f);
}

void
mo_frame_done(struct mo_frame *f)
{
    mo_buf_done(&f->members);
    mo_buf_done(&f->keys);
    mo_buf_done(&f->head);
    mo_buf_done(&f->element);
}

void
mo_frame_clear(struct mo_frame *f)
{
    mo_buf_clear(&f->members);
    mo_buf_clear(&f->keys);
    mo_buf_clear(&f->head);
    f->n_lists = f->n_begun = 0;
    f->named = f->typed = false;
}

static void
separate(struct mo_buf *members)
{
    mo_buf_byte(members, members->n ? ',' : '{');
}

void
mo_frame_add(struct mo_frame *f, struct mo_str object)
{
    struct mo_str members;

    if (object.n < 2) { /* memory was short */
        f->members.failed = true;
        return;
    }
    members = mo_str_trim(mo_str_n(object.p + 1, object.n - 2));
    if (!members.n)
        return;
    separate(&f->members);
    mo_buf_str(&f->members, members);
}

size_t
mo_frame_list(struct mo_frame *f, struct mo_str key)
{
    size_t i = 0;

    while (i < f->n_lists && !mo_str_eq(mo_frame_key(f, i), key))
        ++i;
    if (i == f->n_lists) {
        mo_buf_str(&f->keys, key);
        f->ends[f->n_lists++] = f->keys.n;
    }
    f->n_begun += !mo_frame_is_graph(f, i);
    return i;
}

struct mo_str
mo_frame_key(const struct mo_frame *f, size_t list)
{
    size_t begin = list ? f->ends[list - 1] : 0;

    return mo_str_n(f->keys.p + begin, f->ends[list] - begin);
}

bool
mo_frame_is_graph(const struct mo_frame *f, size_t list)
{
    return mo_str_is(mo_frame_key(f, list), "@graph");
}

/* A member goes behind those in `members`, the object is whole, and they are as before. */
static struct mo_str
whole(struct mo_buf *to, const struct mo_buf *members, struct mo_str more)
{
    mo_buf_clear(to);
    mo_buf_str(to, mo_buf_view(members));
    if (more.n || !to->n)
        separate(to);
    mo_buf_str(to, more);
    mo_buf_byte(to, '}');
    return to->failed || members->failed ? mo_str("") : mo_buf_view(to);
}

struct mo_str
mo_frame_object(struct mo_frame *f, struct mo_str more)
{
    return whole(&f->element, &f->members, more);
}

struct mo_str
mo_frame_element(struct mo_frame *f, size_t list, struct mo_str value, size_t *at)
{
    struct mo_buf *to = &f->element;

    mo_buf_clear(to);
    mo_buf_str(to, mo_buf_view(&f->head));
    separate(to);
    mo_buf_byte(to, '"');
    mo_buf_str(to, mo_frame_key(f, list));
    mo_buf_c(to, "\":[");
    *at = to->n;
    mo_buf_str(to, value);
    mo_buf_c(to, "]}");
    return to->failed || f->head.failed || f->keys.failed ? mo_str("") : mo_buf_view(to);
}
