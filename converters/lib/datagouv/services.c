#include <stdlib.h>

#include "datagouv/payload.h"

#define NAME "\"datasets\":"

/* Stands for the datasets of a service that waits; of several, the last one does. */
#define HOLE NAME "\"\\u0001\""

enum { MAX_LIST = 1 << 30, N_NAME = sizeof NAME - 1, N_HOLE = sizeof HOLE - 1 };

/* A dataset that a service serves. */
struct serves {
    struct mo_str service, dataset;
};

int
mo_note_services(struct datagouv *w, const struct mo_record *record)
{
    for (struct mo_stmt *s = record->root->first_link; s; s = s->next) {
        if (s->p->known != MO_K_DCAT_SERVES)
            continue;
        s->used = true;
        mo_buf_str(&w->served, s->s->text);
        mo_buf_byte(&w->served, '\0');
        if (mo_record_identity(record, &w->served))
            return -1;
        mo_buf_byte(&w->served, '\0');
    }
    return w->served.failed ? -1 : 0;
}

bool
mo_field_served(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    (void)w;
    (void)node;
    (void)field;
    mo_buf_c(out, &HOLE[N_NAME]);
    return true;
}

int
mo_hold_service(struct datagouv *w, struct mo_str iri, const struct mo_buf *item)
{
    size_t n = item->n;

    mo_buf_add(&w->services, &n, sizeof n);
    mo_buf_str(&w->services, iri);
    mo_buf_byte(&w->services, '\0');
    mo_buf_add(&w->services, item->p, n);
    return item->failed || w->services.failed ? -1 : 0;
}

/* By service, then as they came. */
static int
compare(const void *a, const void *b)
{
    const struct serves *x = a, *y = b;
    int order = strcmp(x->service.p, y->service.p);

    return order ? order : (x->service.p > y->service.p) - (x->service.p < y->service.p);
}

/* What was noted, sorted; yours. NULL when memory is short. */
static struct serves *
sort_served(const struct mo_buf *served, size_t *n)
{
    struct serves *pairs;
    size_t zeros = 0;

    for (size_t i = 0; i < served->n; ++i)
        zeros += served->p[i] == '\0';
    pairs = calloc(zeros / 2 + 1, sizeof *pairs);
    *n = 0;
    for (size_t at = 0; pairs && at < served->n; ++*n) {
        struct mo_str service = mo_str(served->p + at);
        struct mo_str dataset = mo_str(served->p + at + service.n + 1);

        pairs[*n] = (struct serves){.service = service, .dataset = dataset};
        at += service.n + dataset.n + 2;
    }
    if (pairs)
        qsort(pairs, *n, sizeof *pairs, compare);
    return pairs;
}

static size_t
first_of(const struct serves *pairs, size_t n, struct mo_str service)
{
    size_t from = 0, to = n;

    while (from < to) {
        size_t middle = from + (to - from) / 2;

        if (strcmp(pairs[middle].service.p, service.p) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* The list of its datasets; nothing for none. */
static void
put_list(struct datagouv *w, const struct serves *pairs, size_t n, struct mo_str service,
    struct mo_buf *out)
{
    const char *before = "[";

    for (size_t i = first_of(pairs, n, service);
         i < n && mo_str_eq(pairs[i].service, service); ++i) {
        struct mo_str id = pairs[i].dataset;

        if (w->payload && !mo_payload_dataset(w, service, &id))
            continue;
        mo_buf_c(out, before);
        mo_json_string(out, id);
        before = ",";
    }
    if (before[0] == ',')
        mo_buf_byte(out, ']');
}

/* Extras, which come before, may hold the same. */
static size_t
find_hole(struct mo_str json)
{
    size_t hole = json.n, at = 0;

    while ((at = mo_str_find(json, mo_str(HOLE), at)) < json.n)
        hole = at++;
    return hole;
}

/* Where none is known, the API keeps those that it has. */
static void
put_service(struct datagouv *w, const struct mo_buf *list, struct mo_str json)
{
    size_t hole = find_hole(json), at = hole + N_NAME, end = at;
    struct mo_buf *out = &w->writer.item;

    if (hole == json.n) {
        mo_buf_str(out, json);
        return;
    }
    if (list->n == 0 && w->payload) {
        end = hole;
        end -= json.p[end - 1] == ',';
    }
    mo_buf_add(out, json.p, end);
    if (list->n == 0 && !w->payload)
        mo_buf_c(out, "[]");
    mo_buf_str(out, mo_buf_view(list));
    mo_buf_str(out, mo_str_from(json, hole + N_HOLE));
    out->failed = out->failed || list->failed;
}

enum mo_put
mo_put_services(struct datagouv *w)
{
    enum mo_put result = MO_PUT_WRITTEN;
    size_t n_pairs, n, at = 0;
    struct serves *pairs = sort_served(&w->served, &n_pairs);
    struct mo_buf list;

    mo_buf_init(&list, MAX_LIST);
    if (!pairs)
        result = MO_PUT_TROUBLE;
    while (result != MO_PUT_TROUBLE && at < w->services.n) {
        struct mo_str iri;

        memcpy(&n, w->services.p + at, sizeof n);
        iri = mo_str(w->services.p + at + sizeof n);
        at += sizeof n + iri.n + 1;
        mo_buf_clear(&list);
        put_list(w, pairs, n_pairs, iri, &list);
        put_service(w, &list, mo_str_n(w->services.p + at, n));
        at += n;
        result = mo_writer_item(&w->writer);
    }
    mo_buf_done(&list);
    free(pairs);
    return result == MO_PUT_TROUBLE ? result : MO_PUT_WRITTEN;
}
