#include "datagouv/payload.h"

#include "base/ctype.h"

static struct mo_str
first_text(struct datagouv *w, struct mo_term *node, const uint16_t *properties, size_t n)
{
    static const uint16_t values[] = {MO_K_VCARD_HAS_VALUE, MO_K_VCARD_VALUE};

    for (size_t i = 0; i < n; ++i) {
        struct mo_str text = mo_one_text(w, node, properties[i], values, 2);

        if (text.n)
            return text;
    }
    return mo_str_n(NULL, 0);
}

static struct mo_term *
node_of(struct mo_term *node, uint16_t property)
{
    struct mo_term *value = mo_first(node, property);

    return value && mo_is_node(value) && mo_said(value) ? value : NULL;
}

static void
read_vcard(struct datagouv *w, struct mo_term *node, struct contact *c)
{
    static const uint16_t names[] = {MO_K_VCARD_FN};
    static const uint16_t organisations[] = {MO_K_VCARD_ORG_NAME, MO_K_VCARD_ORG_NAME_UK};
    static const uint16_t emails[] = {MO_K_VCARD_HAS_EMAIL, MO_K_VCARD_EMAIL};
    static const uint16_t forms[] = {
        MO_K_VCARD_HAS_URL, MO_K_VCARD_URL, MO_K_VCARD_HAS_URL_2};
    struct mo_term *org = node_of(node, MO_K_VCARD_ORG);

    c->person = first_text(w, node, names, 1);
    c->organisation = first_text(w, node, organisations, 2);
    if (!c->organisation.p && org)
        c->organisation = first_text(w, org, organisations, 2);
    c->email = first_text(w, node, emails, 2);
    c->form = first_text(w, node, forms, 3);
}

static struct mo_str
agent_name(struct datagouv *w, struct mo_term *node)
{
    static const uint16_t names[] = {MO_K_FOAF_NAME, MO_K_SKOS_PREF_LABEL};

    return first_text(w, node, names, 2);
}

static struct mo_str
either(struct mo_str a, struct mo_str b)
{
    return a.n ? a : b;
}

static void
read_foaf(struct datagouv *w, struct mo_term *node, struct contact *c)
{
    static const uint16_t mbox[] = {MO_K_FOAF_MBOX}, page[] = {MO_K_FOAF_PAGE};
    struct mo_term *org = node_of(node, MO_K_ORG_MEMBER_OF);
    struct mo_term *member = node_of(node, MO_K_FOAF_MEMBER);

    c->email = first_text(w, node, mbox, 1);
    c->form = first_text(w, node, page, 1);
    c->organisation = mo_str_n(NULL, 0);
    if (org) {
        c->person = agent_name(w, node);
        c->organisation = agent_name(w, org);
        c->email = either(c->email, first_text(w, org, mbox, 1));
    } else if (member) {
        c->person = agent_name(w, member);
        c->organisation = agent_name(w, node);
        c->email = either(first_text(w, member, mbox, 1), c->email);
    } else {
        c->person = agent_name(w, node);
    }
}

static bool
is_empty(const struct contact *c)
{
    return !c->person.n && !c->organisation.n && !c->email.n && !c->form.n;
}

/* "person (organisation)", or the one there is; the API wants a name of everyone. */
bool
mo_field_contact_name(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    const struct contact *c = &w->contact;
    struct mo_buf name;

    (void)node;
    (void)field;
    mo_buf_init(&name, 1 << 20);
    mo_buf_str(&name, either(c->person, c->organisation));
    if (c->person.n && c->organisation.n && !mo_str_eq(c->person, c->organisation)) {
        mo_buf_c(&name, " (");
        mo_buf_str(&name, c->organisation);
        mo_buf_byte(&name, ')');
    }
    if (name.n == 0 && w->payload)
        mo_buf_str(&name, c->email);
    mo_json_join(out, &name);
    return true;
}

bool
mo_field_contact_email(struct datagouv *w, struct mo_term *node,
    const struct field *field, struct mo_buf *out)
{
    (void)node;
    (void)field;
    if (w->contact.email.n)
        mo_json_string(out, w->contact.email);
    return w->contact.email.n > 0;
}

bool
mo_field_contact_form(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    (void)node;
    (void)field;
    if (w->contact.form.n)
        mo_json_string(out, mo_str_trim(w->contact.form));
    return w->contact.form.n > 0;
}

bool
mo_field_contact_role(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    (void)node;
    (void)field;
    mo_json_string(out, w->role->name);
    return true;
}

/* Without "mailto:", however often. */
static struct mo_str
bare_address(struct mo_str email)
{
    const struct mo_str mailto = mo_str("mailto:");

    email = mo_str_trim(email);
    while (email.n >= mailto.n && mo_str_eq_nocase(mo_str_n(email.p, mailto.n), mailto))
        email = mo_str_trim(mo_str_from(email, mailto.n));
    return email;
}

static bool
put_contact(struct datagouv *w, struct mo_term *value, const struct role *role,
    const struct field *field, struct mo_buf *out, const char *before)
{
    struct contact c = {.person = mo_str_n(NULL, 0)};

    if (value->kind == MO_LITERAL) {
        c.person = mo_str_trim(value->text);
    } else {
        if (role->vcard_first)
            read_vcard(w, value, &c);
        else
            read_foaf(w, value, &c);
        if (is_empty(&c) && role->vcard_first)
            read_foaf(w, value, &c);
        else if (is_empty(&c))
            read_vcard(w, value, &c);
    }
    c.email = bare_address(c.email);
    if (c.form.n && !mo_url_is_public(c.form))
        c.form = mo_str_n(NULL, 0);
    if (is_empty(&c) || (mo_str_is(role->name, "contact") && !c.email.n && !c.form.n)) {
        mo_tell(w, MO_DIAG_CONTACT,
            either(c.person, value->kind == MO_BLANK ? mo_str("") : value->text), field);
        return false;
    }
    w->contact = c;
    w->role = role;
    if (w->payload)
        return mo_payload_contact(w, value,
            either(c.person, either(c.organisation, c.email)), field, before, out);
    mo_buf_c(out, before);
    mo_put_object(w, "contact", value, out);
    return true;
}

bool
mo_is_owner(const struct mo_term *node, const struct mo_term *agent)
{
    for (const struct mo_stmt *s = node->first; s; s = s->next)
        if (s->o == agent &&
            (s->p->known == MO_K_GOUV_ORGANIZATION || s->p->known == MO_K_GOUV_OWNER))
            return true;
    return false;
}

bool
mo_field_owner(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    struct mo_term *owner = mo_first(node, field->sources[0]);
    struct mo_str id;

    if (!owner || !mo_is_node(owner))
        return false;
    id = mo_one_text(w, owner, MO_K_DCT_IDENTIFIER, NULL, 0);
    if (!id.n)
        return false;
    mo_buf_c(out, "{\"id\":");
    mo_json_string(out, id);
    mo_buf_c(out, ",\"name\":");
    mo_json_string_or_null(out, agent_name(w, owner));
    mo_buf_byte(out, '}');
    return true;
}

bool
mo_field_contacts(struct datagouv *w, struct mo_term *node, const struct field *field,
    struct mo_buf *out)
{
    const char *before = "[";

    for (size_t i = 0; i < w->n_roles; ++i)
        for (struct mo_stmt *s = node->first; s; s = s->next) {
            if (s->p->known != w->roles[i].property)
                continue;
            s->used = true;
            if (!mo_is_owner(node, s->o) &&
                put_contact(w, s->o, &w->roles[i], field, out, before))
                before = ",";
        }
    if (before[0] == ',')
        mo_buf_byte(out, ']');
    return before[0] == ',';
}
