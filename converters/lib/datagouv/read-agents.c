#include "datagouv/read.h"

static void
say_mail(struct gouv *r, struct mo_term *agent, const char *property, struct mo_str email)
{
    email = mo_str_trim(email);
    if (email.n == 0)
        return;
    mo_buf_clear(&r->scratch);
    mo_buf_c(&r->scratch, "mailto:");
    mo_buf_str(&r->scratch, email);
    mo_gouv_add(r, agent, property, mo_gouv_iri(r, mo_buf_view(&r->scratch)));
}

static void
say_contact(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule, const struct mo_json *contact)
{
    struct mo_str role_name = mo_json_member_text(contact, "role");
    struct mo_str name = mo_json_member_text(contact, "name");
    struct mo_str form = mo_str_trim(mo_json_member_text(contact, "contact_form"));
    const struct read_role *role = &r->roles[0];
    struct rule to;
    struct mo_term *agent;

    for (size_t i = 0; i < r->n_roles; ++i)
        if (mo_str_eq(r->roles[i].name, role_name))
            role = &r->roles[i];
    if (mo_json_kind(contact) != MO_JSON_OBJECT || r->n_roles == 0 ||
        (role_name.n && !mo_str_eq(role->name, role_name))) {
        mo_gouv_tell_of(r, MO_DIAG_FIELD_KIND, role_name, object, rule);
        return;
    }
    to = (struct rule){.property = role->property};
    agent = mo_input_blank(&r->in);
    mo_gouv_type(r, agent, role->vcard ? MO_VCARD "Kind" : MO_FOAF "Agent");
    mo_gouv_say(r, node, &to, agent);
    if (name.n)
        mo_gouv_add(r, agent, role->vcard ? MO_VCARD "fn" : MO_FOAF "name",
            mo_gouv_literal(r, name, NULL));
    say_mail(r, agent, role->vcard ? MO_VCARD "hasEmail" : MO_FOAF "mbox",
        mo_json_member_text(contact, "email"));
    if (form.n)
        mo_gouv_add(r, agent, role->vcard ? MO_VCARD "hasURL" : MO_FOAF "page",
            mo_gouv_iri(r, form));
}

void
mo_rule_contacts(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    const struct mo_json *list = mo_gouv_value(object, &rule->paths);

    if (list && mo_json_kind(list) == MO_JSON_OBJECT)
        say_contact(r, node, object, rule, list);
    else
        for (const struct mo_json *m = mo_json_first(list); m; m = mo_json_next(m))
            say_contact(r, node, object, rule, m);
}

static bool
has_publisher(const struct mo_json *object)
{
    for (const struct mo_json *m =
             mo_json_first(mo_json_member(object, "contact_points"));
         m; m = mo_json_next(m))
        if (mo_str_is(mo_json_member_text(m, "role"), "publisher"))
            return true;
    return false;
}

static void
say_name(struct gouv *r, struct mo_term *agent, const struct mo_json *owner)
{
    struct mo_str name = mo_json_member_text(owner, "name");
    struct mo_str first = mo_json_member_text(owner, "first_name");
    struct mo_str last = mo_json_member_text(owner, "last_name");

    mo_buf_clear(&r->scratch);
    mo_buf_str(&r->scratch, name.n ? name : first);
    if (!name.n && last.n) {
        mo_buf_c(&r->scratch, first.n ? " " : "");
        mo_buf_str(&r->scratch, last);
    }
    if (r->scratch.n)
        mo_gouv_add(
            r, agent, MO_FOAF "name", mo_gouv_literal(r, mo_buf_view(&r->scratch), NULL));
}

/*
 * The organisation, or else the person, who published it. Where a contact point is the
 * publisher, they distribute.
 */
void
mo_rule_owner(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    const struct mo_json *owner = mo_gouv_value(object, &rule->paths);
    bool person =
        mo_json_member(owner, "first_name") || mo_json_member(owner, "last_name");
    struct rule to = {.property = mo_str(MO_GEODCAT "distributor")};
    struct mo_str id = mo_json_member_text(owner, "id");
    struct mo_str acronym = mo_json_member_text(owner, "acronym");
    struct mo_term *agent;

    if (!owner || mo_json_kind(owner) != MO_JSON_OBJECT)
        return;
    agent = mo_gouv_permalink(r, person ? "users" : "organizations", id);
    mo_gouv_type(r, agent, MO_FOAF "Agent");
    mo_gouv_type(r, agent, person ? MO_FOAF "Person" : MO_FOAF "Organization");
    say_name(r, agent, owner);
    if (id.n)
        mo_gouv_add(r, agent, MO_DCT "identifier", mo_gouv_literal(r, id, NULL));
    if (acronym.n)
        mo_gouv_add(r, agent, MO_SKOS "altLabel", mo_gouv_literal(r, acronym, NULL));
    if (agent)
        agent->anonymous = false; /* named twice */
    mo_gouv_say(r, node, has_publisher(object) ? &to : rule, agent);
    mo_gouv_add(
        r, node, person ? MO_DATAGOUV "owner" : MO_DATAGOUV "organization", agent);
}
