#include <moisson/iri.h>

#include "base/hash.h"
#include "datagouv/read.h"

/* ---- Values ---- */

/* The text of the field, which must be a string or a number; else an empty one. */
static struct mo_str
text_at(struct gouv *r, const struct mo_json *object, const struct rule *rule)
{
    const struct mo_json *value = mo_gouv_value(object, &rule->paths);
    struct mo_str text = value ? mo_json_text(value) : mo_str("");

    if (value && text.n == 0)
        mo_gouv_tell_of(r, MO_DIAG_FIELD_KIND, mo_str(""), object, rule);
    return text;
}

static bool
is_address(struct mo_str text)
{
    text = mo_str_trim(text);
    return mo_iri_is_absolute(text) && mo_iri_bad_byte(text) == text.n;
}

/* ---- Text ---- */

static void
rule_text(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    struct mo_str text = text_at(r, object, rule);

    if (text.n)
        mo_gouv_say(r, node, rule, mo_gouv_literal(r, text, NULL));
}

/* A text that data.gouv.fr would change if it came in again is kept as it is, too. */
static void
rule_markdown(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    struct mo_str text = text_at(r, object, rule);

    if (!text.n)
        return;
    mo_gouv_say(r, node, rule, mo_gouv_literal(r, text, NULL));
    mo_buf_clear(&r->scratch);
    mo_markdown(r->values, text, &r->scratch);
    if (r->scratch.failed)
        mo_input_trouble(&r->in);
    else if (!mo_str_eq(mo_buf_view(&r->scratch), text))
        mo_gouv_keep(r, node, mo_str(MO_DATAGOUV "description"),
            mo_gouv_value(object, &rule->paths));
}

static void
rule_list(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    const struct mo_json *list = mo_gouv_value(object, &rule->paths);

    for (const struct mo_json *m = mo_json_first(list); m; m = mo_json_next(m))
        if (mo_json_text(m).n)
            mo_gouv_say(r, node, rule, mo_gouv_literal(r, mo_json_text(m), NULL));
        else
            mo_gouv_tell_of(r, MO_DIAG_FIELD_KIND, mo_str(""), object, rule);
}

void
mo_gouv_labels(struct gouv *r, struct mo_term *node, struct mo_str property,
    const struct mo_json *list, const char *class)
{
    const struct rule rule = {.property = property};
    const struct mo_json *m =
        list && mo_json_kind(list) == MO_JSON_ARRAY ? mo_json_first(list) : list;

    for (; m; m = m == list ? NULL : mo_json_next(m)) {
        struct mo_str text = mo_json_text(m);

        if (is_address(text))
            mo_gouv_say(r, node, &rule, mo_gouv_iri(r, text));
        else if (text.n)
            mo_gouv_add(r, mo_gouv_node(r, node, &rule, class),
                "http://www.w3.org/2000/01/rdf-schema#label",
                mo_gouv_literal(r, text, NULL));
    }
}

static bool
same_texts(const struct mo_json *a, const struct mo_json *b)
{
    a = mo_json_first(a);
    b = mo_json_first(b);
    while (a && b && mo_str_eq(mo_json_text(a), mo_json_text(b))) {
        a = mo_json_next(a);
        b = mo_json_next(b);
    }
    return !a && !b;
}

/* Whether it is the list that all resources of the dataset have, which the writer puts there. */
static bool
resources_share(struct gouv *r, const struct rule *rule, const struct mo_json *list)
{
    const struct paths *p = &rule->paths;
    const struct mo_json *resources =
        r->dataset ? mo_json_first(mo_json_member(r->dataset, "resources")) : NULL;

    for (const struct mo_json *m = resources; m; m = mo_json_next(m)) {
        const struct mo_json *own = mo_gouv_at(m, p->steps[0], p->n_steps[0]);

        if (!own || !same_texts(own, list))
            return false;
    }
    return resources != NULL;
}

/* What the resources share stands in the dataset too, and is said of them alone. */
static void
rule_labels(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    const struct mo_json *list = mo_gouv_value(object, &rule->paths);

    if (object != r->dataset || !resources_share(r, rule, list))
        mo_gouv_labels(r, node, rule->property, list, rule->argument_iri.p);
}

static void
rule_kept(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    const struct mo_json *value = mo_gouv_value(object, &rule->paths);

    if (!value)
        return;
    mo_buf_clear(&r->scratch);
    mo_json_put(&r->scratch, value);
    if (!mo_str_eq(mo_buf_view(&r->scratch), rule->argument))
        mo_gouv_keep(r, node, rule->property, value);
}

bool
mo_gouv_put_extras(struct gouv *r, const struct mo_json *extras)
{
    struct mo_buf *out = &r->scratch;

    mo_buf_clear(out);
    if (!extras || mo_json_kind(extras) != MO_JSON_OBJECT)
        return false;
    for (const struct mo_json *m = mo_json_first(extras); m; m = mo_json_next(m)) {
        if (mo_str_is(mo_json_key(m), "dcat") || mo_str_is(mo_json_key(m), MO_KEPT_KEY))
            continue;
        mo_buf_byte(out, out->n ? ',' : '{');
        mo_json_string(out, mo_json_key(m));
        mo_buf_byte(out, ':');
        mo_json_put(out, m);
    }
    if (out->n)
        mo_buf_byte(out, '}');
    return out->n > 0;
}

/* All extras but those that are made from properties. */
static void
rule_extras(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    if (mo_gouv_put_extras(r, mo_gouv_value(object, &rule->paths)))
        mo_gouv_say(
            r, node, rule, mo_gouv_literal(r, mo_buf_view(&r->scratch), MO_RDF "JSON"));
}

/* ---- Dates ---- */

static void
say_date(struct gouv *r, struct mo_term *node, const char *property,
    const struct mo_date *date)
{
    mo_gouv_add(r, node, property, mo_input_date(&r->in, date));
}

static void
rule_date(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    struct mo_str text = text_at(r, object, rule);
    struct mo_date date;

    if (text.n && mo_date_parse(text, &date))
        say_date(r, node, rule->property.p, &date);
    else if (text.n)
        mo_gouv_tell_of(r, MO_DIAG_BAD_DATE, text, object, rule);
}

/* An object {start, end}, or as it was until 2017 a text of both. */
static void
rule_period(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    static const struct {
        const char *member, *property;
    } bounds[] = {{"start", MO_DCAT "startDate"}, {"end", MO_DCAT "endDate"}};
    const struct mo_json *value = mo_gouv_value(object, &rule->paths);
    struct mo_term *period = NULL;
    struct mo_period both;

    if (!value)
        return;
    if (mo_period_parse(mo_json_text(value), &both)) {
        period = mo_gouv_node(r, node, rule, MO_DCT "PeriodOfTime");
        if (both.has_start)
            say_date(r, period, bounds[0].property, &both.start);
        if (both.has_end)
            say_date(r, period, bounds[1].property, &both.end);
    }
    for (size_t i = 0; i < 2; ++i) {
        struct mo_str text = mo_json_member_text(value, bounds[i].member);
        struct mo_date date;

        if (!text.n || !mo_date_parse(text, &date))
            continue;
        if (!period)
            period = mo_gouv_node(r, node, rule, MO_DCT "PeriodOfTime");
        say_date(r, period, bounds[i].property, &date);
    }
    if (!period)
        mo_gouv_tell_of(r, MO_DIAG_TEMPORAL, mo_json_text(value), object, rule);
}

/* ---- Addresses ---- */

static void
say_address(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule, const char *class)
{
    struct mo_str text = text_at(r, object, rule);
    struct mo_term *o;

    if (!is_address(text)) {
        if (text.n)
            mo_gouv_tell_of(r, MO_DIAG_BAD_URL, text, object, rule);
        return;
    }
    o = mo_gouv_iri(r, text);
    if (class)
        mo_gouv_type(r, o, class);
    mo_gouv_say(r, node, rule, o);
}

static void
rule_iri(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    say_address(r, node, object, rule, NULL);
}

static void
rule_document(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    say_address(r, node, object, rule, MO_FOAF "Document");
}

/* The page about the record; its own IRI, which stands there when it has none, is none. */
static void
rule_page(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    struct mo_str text = text_at(r, object, rule);

    if (node->kind != MO_IRI || !mo_str_eq(mo_str_trim(text), node->text))
        say_address(r, node, object, rule, MO_FOAF "Document");
}

/* What holds of all that the platform publishes, which its ids show. */
static void
rule_platform(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    if (mo_gouv_value(object, &rule->paths))
        mo_gouv_say(r, node, rule, mo_gouv_iri(r, rule->argument));
}

/* The platform's own address of a record whose identifier is another's. */
static void
rule_other_identifier(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    static const char *const steps[][2] = {{"harvest", "dct_identifier"},
        {"harvest", "remote_id"}, {"extras", "moisson:key"},
        {"extras", "harvest:remote_id"}};
    const struct mo_json *id = mo_gouv_value(object, &rule->paths);
    const struct mo_json *first = NULL;
    struct mo_str text = mo_gouv_code(id);
    struct mo_term *link, *other;

    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && mo_gouv_says_nothing(first);
         ++i)
        first = mo_json_member(mo_json_member(object, steps[i][0]), steps[i][1]);
    if (!text.n || mo_gouv_says_nothing(first) || mo_str_eq(mo_json_text(first), text))
        return;
    other = mo_gouv_node(r, node, rule, MO_ADMS "Identifier");
    link = mo_gouv_permalink(r, r->dataset ? "datasets" : "dataservices", text);
    mo_gouv_add(r, other, MO_SKOS "notation",
        mo_gouv_literal(r, link && link->kind == MO_IRI ? link->text : text, NULL));
}

/* ---- Codes ---- */

static void
rule_frequency(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    struct mo_str text = mo_gouv_code(mo_gouv_value(object, &rule->paths));
    struct mo_str code = mo_gouv_cell_of(
        r, LIST_FREQUENCIES, mo_frequency(r->values, text), "eu", "form", "");

    if (code.n == 0) {
        if (text.n)
            mo_gouv_tell_of(r, MO_DIAG_FREQUENCY, text, object, rule);
        return;
    }
    mo_buf_clear(&r->scratch);
    mo_buf_c(&r->scratch, MO_AUTHORITY "frequency/");
    mo_buf_str(&r->scratch, code);
    mo_gouv_say(r, node, rule, mo_gouv_iri(r, mo_buf_view(&r->scratch)));
}

/* What the table says of the licence. */
static const struct read_licence *
licence_of(struct gouv *r, struct mo_str id)
{
    struct read_licence *kept = &r->licences[mo_hash(0, id) % READ_LICENCES];

    if (kept->n && mo_str_eq(mo_str_n(kept->id, kept->n), id))
        return kept;
    kept->url = mo_gouv_cell_of(r, LIST_LICENCES, id, "url", "form", MO_AUTHORITY);
    kept->title = mo_gouv_cell_of(r, LIST_LICENCES, id, "title", "form", "");
    if (kept->url.n == 0)
        kept->url = mo_gouv_cell_of(r, LIST_LICENCES, id, "url", "form", "");
    kept->n = id.n <= sizeof kept->id ? id.n : 0;
    memcpy(kept->id, id.p, kept->n);
    return kept;
}

/* The IRI of a licence: the EU's, else its own; one without any is a node with its name. */
static void
say_licence(
    struct gouv *r, struct mo_term *node, const struct rule *rule, struct mo_str id)
{
    const struct read_licence *known = licence_of(r, id);
    struct mo_term *licence;

    if (known->url.n) {
        mo_gouv_say(r, node, rule, mo_gouv_iri(r, known->url));
        return;
    }
    licence = mo_gouv_node(r, node, rule, MO_DCT "LicenseDocument");
    mo_gouv_add(r, licence, "http://www.w3.org/2000/01/rdf-schema#label",
        mo_gouv_literal(r, known->title.n ? known->title : id, NULL));
}

/*
 * What was said upstream, while it still means the field `license`; else the field, which
 * was edited since.
 */
void
mo_gouv_licence(
    struct gouv *r, struct mo_term *node, struct mo_str property, const char *own)
{
    const struct rule rule = {.property = property};
    const struct mo_json *extras = mo_json_member(r->dataset, "extras");
    const struct mo_json *said =
        own ? NULL : mo_json_member(mo_json_member(extras, "dcat"), "license");
    struct mo_str id = mo_gouv_code(mo_json_member(r->dataset, "license"));
    struct mo_str first = mo_gouv_says_nothing(said) ? mo_str("")
                          : mo_json_first(said)      ? mo_json_text(mo_json_first(said))
                                                     : mo_json_text(said);
    struct mo_str meant = first.n ? mo_licence(r->values, first) : mo_str("");

    if (first.n && (id.n == 0 || mo_str_eq(meant, id) ||
                       (meant.n == 0 && mo_str_is(id, "notspecified"))))
        mo_gouv_labels(r, node, property, said, MO_DCT "LicenseDocument");
    else if (id.n && !mo_str_is(id, "notspecified"))
        say_licence(r, node, &rule, id);
}

static bool
has_resources(const struct mo_json *dataset)
{
    const struct mo_json *resources =
        dataset ? mo_json_member(dataset, "resources") : NULL;

    return resources && mo_json_kind(resources) == MO_JSON_ARRAY &&
           mo_json_first(resources);
}

/* In DCAT-AP distributions have licences; a dataset without any has its own. */
static void
rule_licence(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    struct mo_str id = mo_gouv_code(mo_gouv_value(object, &rule->paths));

    if (!r->dataset && id.n && !mo_str_is(id, "notspecified"))
        say_licence(r, node, rule, id);
    else if (r->dataset && !has_resources(r->dataset))
        mo_gouv_licence(r, node, rule->property, NULL);
}

static void
rule_access(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    struct mo_str type = mo_gouv_code(mo_gouv_value(object, &rule->paths));
    struct mo_str right = mo_gouv_cell(r, LIST_ACCESS_RIGHTS, type, "right");
    const struct mo_json *said = mo_gouv_value(object, &rule->other);
    const struct rule labels = {.paths = rule->other};
    bool reason =
        !mo_gouv_says_nothing(mo_json_member(object, "access_type_reason_category"));

    if (said && !resources_share(r, &labels, said))
        mo_gouv_labels(r, node, rule->property, said, MO_DCT "RightsStatement");
    else if (!said && right.n &&
             (!mo_str_is(type, "open") || mo_json_member(object, "id")))
        mo_gouv_say(r, node, rule, mo_gouv_iri(r, right));
    if (type.n && !mo_str_is(type, "open") && !reason)
        mo_gouv_keep(r, node, mo_str(MO_DATAGOUV "access_type"),
            mo_gouv_value(object, &rule->paths));
}

/* The INSPIRE reason, unless the rights say it already. */
static void
rule_access_reason(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    static const char *const said[] = {"accessRights", "rights"};
    struct mo_str id = mo_gouv_code(mo_gouv_value(object, &rule->paths));
    struct mo_str category = mo_gouv_cell(r, LIST_ACCESS_CATEGORIES, id, "category");
    const struct mo_json *dcat = mo_json_member(mo_json_member(object, "extras"), "dcat");
    struct mo_term *o;

    for (size_t i = 0; i < 2 && id.n; ++i)
        for (const struct mo_json *m = mo_json_first(mo_json_member(dcat, said[i])); m;
             m = mo_json_next(m))
            if (mo_str_eq(mo_access_category(r->values, mo_json_text(m)), id))
                return;
    if (category.n == 0)
        return;
    o = mo_gouv_iri(r, category);
    mo_gouv_type(r, o, MO_DCT "RightsStatement");
    mo_gouv_say(r, node, rule, o);
}

/* "50.0 m"; what is no number of metres stays an extra of the platform. */
static void
rule_resolution(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    struct mo_str text = mo_str_trim(text_at(r, object, rule));
    size_t n = 0;

    while (n < text.n && strchr("0123456789.", text.p[n]))
        ++n;
    if (n && mo_str_is(mo_str_from(text, n), " m"))
        mo_gouv_say(
            r, node, rule, mo_gouv_literal(r, mo_str_n(text.p, n), MO_XSD "decimal"));
    else if (text.n) /* a scale, or another unit */
        mo_gouv_keep(r, node, mo_str(MO_DATAGOUV "extras.dcat.spatial_resolution"),
            mo_gouv_value(object, &rule->paths));
}

/* ---- Tags ---- */

static void
rule_themes(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    const struct mo_json *tags = mo_gouv_value(object, &rule->paths);

    /* Without an id it is no record of the platform, and its themes were said already. */
    if (mo_gouv_says_nothing(mo_json_member(object, "id")))
        return;
    for (const struct mo_json *m = mo_json_first(tags); m; m = mo_json_next(m)) {
        struct mo_str theme = mo_gouv_cell(r, LIST_THEMES, mo_json_text(m), "theme");

        if (theme.n == 0)
            continue;
        mo_buf_clear(&r->scratch);
        mo_buf_c(&r->scratch, MO_AUTHORITY "data-theme/");
        mo_buf_str(&r->scratch, theme);
        mo_gouv_say(r, node, rule, mo_gouv_iri(r, mo_buf_view(&r->scratch)));
    }
}

static bool
has_badge(const struct mo_json *object, const char *kind)
{
    for (const struct mo_json *m = mo_json_first(mo_json_member(object, "badges")); m;
         m = mo_json_next(m))
        if (mo_str_is(mo_json_member_text(m, "kind"), kind))
            return true;
    return false;
}

/* A tag that is the name of a category. */
static struct mo_str
category_of(struct gouv *r, struct mo_str tag)
{
    const struct mo_table *t =
        mo_table(r->in.reader.options.vocab->tables, "hvd-categories");

    for (size_t i = 0; i < t->rows; ++i) {
        mo_buf_clear(&r->scratch);
        mo_slug(r->values, mo_str(mo_table_cell(t, i, mo_table_column(t, "name"))),
            &r->scratch);
        if (mo_str_eq(mo_buf_view(&r->scratch), tag))
            return mo_str(mo_table_cell(t, i, mo_table_column(t, "category")));
    }
    return mo_str("");
}

/* High-value datasets have the badge, or the tag that a harvest gives them. */
static void
rule_hvd(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    const struct mo_json *tags = mo_gouv_value(object, &rule->paths);

    r->hvd = has_badge(object, "hvd");
    for (const struct mo_json *m = mo_json_first(tags); m; m = mo_json_next(m))
        r->hvd = r->hvd || mo_str_is(mo_json_text(m), "hvd");
    if (!r->hvd || mo_gouv_says_nothing(mo_json_member(object, "id"))) {
        r->hvd = false;
        return;
    }
    mo_gouv_add(r, node, rule->argument_iri.p,
        mo_gouv_c(r, "http://data.europa.eu/eli/reg_impl/2023/138/oj"));
    for (const struct mo_json *m = mo_json_first(tags); m; m = mo_json_next(m)) {
        struct mo_str category = category_of(r, mo_json_text(m));

        if (category.n)
            mo_gouv_say(r, node, rule, mo_gouv_iri(r, category));
    }
}

/* ---- Places ---- */

static void
say_zone(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule, const struct mo_json *zone)
{
    struct mo_str id = mo_gouv_code(zone);
    struct mo_str iri = mo_gouv_cell(r, LIST_ZONES, id, "place");
    struct mo_str name = mo_json_member_text(zone, "name");
    struct mo_term *place;

    if (id.n == 0) {
        mo_gouv_tell_of(r, MO_DIAG_FIELD_KIND, mo_str(""), object, rule);
        return;
    }
    place = iri.n ? mo_gouv_iri(r, iri) : mo_input_blank(&r->in);
    mo_gouv_type(r, place, MO_DCT "Location");
    mo_gouv_add(
        r, place, MO_SKOS "notation", mo_gouv_literal(r, id, MO_DATAGOUV "zones"));
    if (name.n)
        mo_gouv_add(r, place, MO_SKOS "prefLabel", mo_gouv_literal(r, name, NULL));
    mo_gouv_say(r, node, rule, place);
}

static void
rule_place(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    const struct mo_json *spatial = mo_gouv_value(object, &rule->paths);
    const struct mo_json *geom = mo_json_member(spatial, "geom");
    struct mo_str granularity = mo_gouv_code(mo_json_member(spatial, "granularity"));
    const struct mo_stmt *before = node->last;

    for (const struct mo_json *m = mo_json_first(mo_json_member(spatial, "zones")); m;
         m = mo_json_next(m))
        say_zone(r, node, object, rule, m);
    if (!mo_gouv_says_nothing(geom)) {
        mo_buf_clear(&r->scratch);
        mo_json_put(&r->scratch, geom);
        mo_gouv_add(r, mo_gouv_node(r, node, rule, MO_DCT "Location"), MO_LOCN "geometry",
            mo_gouv_literal(r, mo_buf_view(&r->scratch),
                "http://www.opengis.net/ont/geosparql#geoJSONLiteral"));
    }
    /* That of a place is "other" where nothing is said of it. */
    if (granularity.n && (node->last == before || !mo_str_is(granularity, "other")))
        mo_gouv_add(
            r, node, MO_DATAGOUV "granularity", mo_gouv_literal(r, granularity, NULL));
}

/* ---- Schemas ---- */

/* A schema of the French catalogue is known by its name there. */
static void
rule_schema(struct gouv *r, struct mo_term *node, const struct mo_json *object,
    const struct rule *rule)
{
    const struct mo_json *schema = mo_gouv_value(object, &rule->paths);
    struct mo_str name = mo_json_member_text(schema, "name");
    struct mo_str url = mo_json_member_text(schema, "url");
    struct mo_str version = mo_json_member_text(schema, "version");
    struct mo_term *standard;

    if (!schema || (!name.n && !url.n))
        return;
    mo_buf_clear(&r->scratch);
    if (url.n)
        mo_buf_str(&r->scratch, url);
    else
        mo_buf_printf(
            &r->scratch, "https://schema.data.gouv.fr/" MO_FMT "/", MO_ARG(name));
    standard = mo_gouv_iri(r, mo_buf_view(&r->scratch));
    mo_gouv_type(r, standard, MO_DCT "Standard");
    if (name.n)
        mo_gouv_add(r, standard, MO_DCT "title", mo_gouv_literal(r, name, NULL));
    if (version.n)
        mo_gouv_add(r, standard, MO_DCAT "version", mo_gouv_literal(r, version, NULL));
    mo_gouv_say(r, node, rule, standard);
}

/* ---- By name ---- */

rule_fn *
mo_rule_named(const char *name)
{
    static const struct {
        const char *name;
        rule_fn *say;
    } functions[] = {
        {"access", rule_access},
        {"access_reason", rule_access_reason},
        {"access_service", mo_rule_access_service},
        {"addresses", mo_rule_addresses},
        {"checksum", mo_rule_checksum},
        {"contacts", mo_rule_contacts},
        {"date", rule_date},
        {"document", rule_document},
        {"extras", rule_extras},
        {"format", mo_rule_format},
        {"frequency", rule_frequency},
        {"hvd", rule_hvd},
        {"iri", rule_iri},
        {"kept", rule_kept},
        {"labels", rule_labels},
        {"licence", rule_licence},
        {"list", rule_list},
        {"markdown", rule_markdown},
        {"media_type", mo_rule_media_type},
        {"other_identifier", rule_other_identifier},
        {"owner", mo_rule_owner},
        {"page", rule_page},
        {"period", rule_period},
        {"place", rule_place},
        {"platform", rule_platform},
        {"resolution", rule_resolution},
        {"resource_licence", mo_rule_resource_licence},
        {"resource_type", mo_rule_resource_type},
        {"resources", mo_rule_resources},
        {"schema", rule_schema},
        {"served", mo_rule_served},
        {"size", mo_rule_size},
        {"text", rule_text},
        {"themes", rule_themes},
    };

    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; ++i)
        if (strcmp(name, functions[i].name) == 0)
            return functions[i].say;
    return NULL;
}
