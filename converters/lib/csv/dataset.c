#include "csv/csv.h"

/* The name of the object that the member is in, at this depth; empty when it is in none. */
static struct mo_str
head_of(const char *name)
{
    const char *dot = strchr(name, '.');

    return dot ? mo_str_n(name, (size_t)(dot - name)) : mo_str("");
}

/* How many of the members stand in the same object as the first. */
static size_t
run_of(const struct csv_member *members, size_t n, size_t skip)
{
    struct mo_str head = head_of(members[0].name + skip);
    size_t end = 1;

    while (end < n && mo_str_eq(head_of(members[end].name + skip), head))
        ++end;
    return end;
}

/* What an object is made with. */
struct making {
    struct mo_arena *arena;
    bool twice, failed;
};

static void put_members(struct making *m, struct mo_json *object, struct mo_json **end,
    const struct csv_member *members, size_t n, size_t skip);

static struct mo_json *
new_value(struct making *m, enum mo_json_kind kind)
{
    struct mo_json *value = mo_json_new(m->arena, kind);

    m->failed = m->failed || !value;
    return value;
}

/* Contact points are a list, in which their role tells them apart. */
static struct mo_json *
contacts(struct making *m, const struct csv_member *members, size_t n, size_t skip)
{
    struct mo_json *list = new_value(m, MO_JSON_ARRAY),
                   **end = list ? &list->first : NULL;

    for (size_t i = 0, run; i < n && !m->failed; i += run) {
        struct mo_json *contact = new_value(m, MO_JSON_OBJECT), **next;
        struct mo_json *role = new_value(m, MO_JSON_STRING);

        run = run_of(members + i, n - i, skip);
        if (m->failed)
            break;
        role->text = head_of(members[i].name + skip);
        next = &contact->first;
        mo_json_append(contact, &next, mo_str("role"), role);
        put_members(m, contact, next, members + i, run, skip + role->text.n + 1);
        mo_json_append(list, &end, mo_str(""), contact);
    }
    return list;
}

static struct mo_json *
nested(struct making *m, const struct csv_member *members, size_t n, size_t skip)
{
    struct mo_json *object = new_value(m, MO_JSON_OBJECT);

    if (object)
        put_members(m, object, &object->first, members, n, skip);
    return object;
}

/* The members behind `*end`, where the first of them goes. */
static void
put_members(struct making *m, struct mo_json *object, struct mo_json **end,
    const struct csv_member *members, size_t n, size_t skip)
{
    for (size_t i = 0, run; i < n && !m->failed; i += run) {
        const char *name = members[i].name + skip;
        struct mo_str head = head_of(name);
        struct mo_json *value;

        run = head.n ? run_of(members + i, n - i, skip) : 1;
        if (!head.n)
            value = members[i].value;
        else if (mo_str_is(head, "contact_points"))
            value = contacts(m, members + i, run, skip + head.n + 1);
        else
            value = nested(m, members + i, run, skip + head.n + 1);
        if (value && mo_json_append(object, &end, head.n ? head : mo_str(name), value))
            m->twice = true;
    }
}

struct mo_json *
mo_csv_object(
    struct mo_arena *arena, const struct csv_member *members, size_t n, bool *twice)
{
    struct making m = {.arena = arena};
    struct mo_json *object = nested(&m, members, n, 0);

    *twice = *twice || m.twice;
    return m.failed ? NULL : object;
}
