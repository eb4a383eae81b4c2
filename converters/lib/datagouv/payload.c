#include "datagouv/payload.h"

#include <stdlib.h>

enum { MAX_HELD = 1 << 30 };

/* What the API calls the objects, and how they are changed. */
static const struct place {
    const char *object, *path, *method;
} places[] = {
    {"dataset", "/api/1/datasets/", "PUT"},
    {"service", "/api/1/dataservices/", "PATCH"},
    {"contact", "/api/1/contacts/", "PUT"},
};

struct payload *
mo_payload_new(const struct mo_writer_options *options)
{
    struct payload *p = calloc(1, sizeof *p);

    if (!p)
        return NULL;
    p->seed = mo_hash_key();
    mo_buf_init(&p->before, MAX_HELD);
    mo_buf_init(&p->key, MAX_HELD);
    mo_buf_init(&p->organization, MAX_HELD);
    mo_buf_init(&p->url, MAX_HELD);
    mo_buf_init(&p->title, MAX_HELD);
    p->sha = mo_sha256_new();
    p->ids = mo_ids_new(options->payload.ids, options->payload.ids_file, options->sink);
    if (p->sha && p->ids)
        return p;
    mo_payload_free(p);
    return NULL;
}

void
mo_payload_free(struct payload *p)
{
    if (!p)
        return;
    mo_buf_done(&p->before);
    mo_buf_done(&p->key);
    mo_buf_done(&p->organization);
    mo_buf_done(&p->url);
    mo_buf_done(&p->title);
    mo_index_done(&p->seen);
    mo_sha256_free(p->sha);
    mo_ids_free(p->ids);
    free(p);
}

static bool
was_seen(const struct payload *p, struct mo_str key)
{
    return mo_index_find(&p->seen, mo_hash(p->seed, key)) != NULL;
}

/* 0, or -1. */
static int
see(struct payload *p, struct mo_str key)
{
    return mo_index_add(&p->seen, mo_hash(p->seed, key)) ? 0 : -1;
}

static void
put_line(struct payload *p, const char *object, struct mo_str key, struct mo_str body,
    struct mo_buf *out)
{
    const struct place *place = places;
    struct mo_str id = mo_ids_record(p->ids, key);

    while (strcmp(place->object, object) != 0)
        ++place;
    mo_buf_c(out, "{\"key\":");
    mo_json_string(out, key);
    mo_buf_printf(out, ",\"method\":\"%s\",\"path\":\"%s", id.n ? place->method : "POST",
        place->path);
    mo_buf_str(out, id);
    mo_buf_c(out, id.n ? "/\",\"body\":" : "\",\"body\":");
    mo_buf_str(out, body);
    mo_buf_byte(out, '}');
}

/* Whether it is the first record of its key. */
static bool
has_own_key(struct datagouv *w, const struct mo_record *record)
{
    struct payload *p = w->payload;

    mo_buf_clear(&p->key);
    if (mo_record_identity(record, &p->key))
        p->key.failed = true;
    if (!was_seen(p, mo_buf_view(&p->key)))
        return true;
    mo_writer_report(&w->writer, MO_DIAG_SAME_KEY,
        mo_buf_view(w->twin.n ? &w->twin : &p->key), record, "");
    return false;
}

/* The lines that go before the one in hand go out. False: trouble. */
static bool
put_before(struct datagouv *w)
{
    struct mo_str rest = mo_buf_view(&w->payload->before);
    bool fine = true;

    while (fine && rest.n) {
        size_t end = mo_str_find(rest, mo_str("\n"), 0);

        mo_buf_add(&w->writer.item, rest.p, end);
        rest = mo_str_from(rest, end + 1);
        fine = mo_writer_item(&w->writer) != MO_PUT_TROUBLE;
    }
    mo_buf_clear(&w->payload->before);
    return fine;
}

bool
mo_payload_line(struct datagouv *w, const struct mo_record *record, const char *object,
    struct mo_buf *out)
{
    struct payload *p = w->payload;
    struct mo_buf body;
    bool taken;

    if (!has_own_key(w, record))
        return false;
    mo_buf_init(&body, MAX_HELD);
    mo_buf_clear(&p->organization);
    p->refused = false;
    mo_put_object(w, object, record->root, &body);
    taken = !p->refused;
    out->failed =
        out->failed || body.failed || p->key.failed || p->before.failed || !put_before(w);
    if (taken) {
        put_line(p, object, mo_buf_view(&p->key), mo_buf_view(&body), out);
        if (see(p, mo_buf_view(&p->key)))
            out->failed = true;
    }
    mo_buf_done(&body);
    return taken;
}

/* An object inside of another: what it lacks is no fault of the other. */
static bool
put_inner(
    struct datagouv *w, const char *object, struct mo_term *node, struct mo_buf *out)
{
    struct payload *p = w->payload;
    bool refused = p->refused, taken;

    p->refused = false;
    mo_put_object(w, object, node, out);
    taken = !p->refused;
    p->refused = refused;
    return taken;
}

static bool
has_member(struct mo_buf *object, const char *name)
{
    return mo_str_find(mo_buf_view(object), mo_str(name), 0) < object->n;
}

bool
mo_payload_contact(struct datagouv *w, struct mo_term *node, struct mo_str shown,
    const struct field *field, const char *before, struct mo_buf *out)
{
    struct payload *p = w->payload;
    char key[8 + 2 * MO_SHA256_SIZE + 1] = "contact:";
    struct mo_buf body;
    struct mo_str id;
    bool taken;

    mo_buf_init(&body, MAX_HELD);
    taken =
        put_inner(w, "contact", node, &body) &&
        (!has_member(&body, "\"role\":\"contact\"") || has_member(&body, "\"email\":") ||
            has_member(&body, "\"contact_form\":"));
    if (!taken)
        mo_tell(w, MO_DIAG_CONTACT, shown, field);
    mo_sha256_add(p->sha, mo_buf_view(&body));
    mo_sha256_hex(p->sha, key + 8);
    id = mo_ids_record(p->ids, mo_str(key));
    if (taken && !p->refused && id.n == 0) {
        mo_tell(w, MO_DIAG_NO_ID, shown, field);
        if (!was_seen(p, mo_str(key))) {
            if (see(p, mo_str(key)))
                out->failed = true;
            put_line(p, "contact", mo_str(key), mo_buf_view(&body), &p->before);
            mo_buf_byte(&p->before, '\n');
        }
    }
    out->failed = out->failed || body.failed;
    mo_buf_done(&body);
    if (!taken || id.n == 0)
        return false;
    mo_buf_c(out, before);
    mo_json_string(out, id);
    return true;
}

bool
mo_payload_dataset(struct datagouv *w, struct mo_str service, struct mo_str *id)
{
    struct mo_diag diag = {.id = MO_DIAG_NO_ID,
        .detail = *id,
        .record = service,
        .property = mo_str("datasets"),
        .file = w->writer.options.file};
    struct mo_str known = mo_ids_record(w->payload->ids, *id);

    if (known.n == 0)
        mo_report(w->writer.options.sink, &diag);
    else
        *id = known;
    return known.n > 0;
}

bool
mo_payload_resource(
    struct datagouv *w, struct mo_term *node, bool by_title, struct mo_buf *out)
{
    size_t at = out->n;

    w->payload->by_title = by_title;
    w->payload->id = mo_str("");
    if (put_inner(w, "resource", node, out))
        return true;
    out->n = at;
    return false;
}
