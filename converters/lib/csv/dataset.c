#include "csv/csv.h"

#include <moisson/json.h>

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

static void put_members(
    struct mo_buf *out, const struct csv_member *members, size_t n, size_t skip);

/* Contact points are a list, in which their role tells them apart. */
static void
put_contacts(struct mo_buf *out, const struct csv_member *members, size_t n, size_t skip)
{
    mo_buf_byte(out, '[');
    for (size_t i = 0, run; i < n; i += run) {
        struct mo_str role = head_of(members[i].name + skip);

        run = run_of(members + i, n - i, skip);
        mo_buf_c(out, i ? ",{\"role\":" : "{\"role\":");
        mo_json_string(out, role);
        mo_buf_byte(out, ',');
        put_members(out, members + i, run, skip + role.n + 1);
        mo_buf_byte(out, '}');
    }
    mo_buf_byte(out, ']');
}

static void
put_members(struct mo_buf *out, const struct csv_member *members, size_t n, size_t skip)
{
    for (size_t i = 0, run; i < n; i += run) {
        const char *name = members[i].name + skip;
        struct mo_str head = head_of(name);

        run = head.n ? run_of(members + i, n - i, skip) : 1;
        if (i)
            mo_buf_byte(out, ',');
        mo_json_string(out, head.n ? head : mo_str(name));
        mo_buf_byte(out, ':');
        if (mo_str_is(head, "contact_points")) {
            put_contacts(out, members + i, run, skip + head.n + 1);
        } else if (head.n) {
            mo_buf_byte(out, '{');
            put_members(out, members + i, run, skip + head.n + 1);
            mo_buf_byte(out, '}');
        } else {
            mo_buf_str(out, members[i].json);
        }
    }
}

void
mo_csv_put_object(struct mo_buf *out, const struct csv_member *members, size_t n)
{
    mo_buf_byte(out, '{');
    put_members(out, members, n, 0);
    mo_buf_byte(out, '}');
}
