#include <stdio.h>

#include <moisson/json.h>

#include "site/site.h"

/* ---- Labels ---- */

struct mo_str
mo_site_label(const struct site *s, const char *table, const char *kind, struct mo_str id)
{
    const struct mo_table *t = mo_table(s->writer.options.vocab->tables, table);
    size_t ids = mo_table_column(t, "id"), kinds = mo_table_column(t, "kind");

    for (size_t i = 0; i < t->rows; ++i)
        if (mo_str_is(id, mo_table_cell(t, i, ids)) &&
            strcmp(mo_table_cell(t, i, kinds), kind) == 0)
            return mo_str(mo_table_cell(t, i, mo_table_column(t, "form")));
    return id;
}

struct mo_str
mo_site_publisher(const struct mo_json *fields)
{
    const struct mo_json *m = mo_json_first(mo_json_member(fields, "contact_points"));
    struct mo_str name =
        mo_json_member_text(mo_json_member(fields, "organization"), "name");

    for (; m && name.n == 0; m = mo_json_next(m))
        if (mo_str_is(mo_json_member_text(m, "role"), "publisher"))
            name = mo_json_member_text(m, "name");
    return name;
}

/* ---- Facts ---- */

static void
begin_fact(struct site *s, struct mo_buf *out, enum mo_site_text name)
{
    mo_buf_printf(out, "<div><dt>%s</dt><dd dir=\"auto\">", mo_site_say(s, name));
}

static void
put_fact(struct site *s, struct mo_buf *out, enum mo_site_text name, struct mo_str text)
{
    if (text.n == 0)
        return;
    begin_fact(s, out, name);
    mo_html_text(out, text);
    mo_buf_c(out, "</dd></div>\n");
}

static void
put_link(struct mo_buf *out, struct mo_str url, struct mo_str text)
{
    if (mo_html_is_link(url)) {
        mo_html_open_link(out, url);
        mo_buf_c(out, "<bdi>");
    } else {
        mo_buf_c(out, "<span><bdi>");
    }
    mo_html_text(out, text.n ? text : url);
    mo_buf_c(out, mo_html_is_link(url) ? "</bdi></a>" : "</bdi></span>");
}

static void
put_url(struct site *s, struct mo_buf *out, enum mo_site_text name, struct mo_str url)
{
    if (url.n == 0)
        return;
    begin_fact(s, out, name);
    put_link(out, url, mo_str(""));
    mo_buf_c(out, "</dd></div>\n");
}

static struct mo_str
day_of(struct mo_str date)
{
    return mo_str_n(date.p, date.n > 10 ? 10 : date.n);
}

static void
put_period(struct site *s, struct mo_buf *out, const struct mo_json *period)
{
    struct mo_str start = mo_json_member_text(period, "start");
    struct mo_str end = mo_json_member_text(period, "end");

    if (start.n + end.n == 0)
        return;
    begin_fact(s, out, MO_TEXT_PERIOD);
    mo_html_text(out, day_of(start));
    mo_buf_c(out, " – ");
    mo_html_text(out, day_of(end));
    mo_buf_c(out, "</dd></div>\n");
}

static void
put_keywords(struct site *s, struct mo_buf *out, const struct mo_json *tags)
{
    const struct mo_json *tag = mo_json_first(tags);

    if (!tag)
        return;
    begin_fact(s, out, MO_TEXT_KEYWORDS);
    mo_buf_c(out, "<ul class=\"tags\">");
    for (; tag; tag = mo_json_next(tag)) {
        mo_buf_c(out, "<li><bdi>");
        mo_html_text(out, mo_json_text(tag));
        mo_buf_c(out, "</bdi></li>");
    }
    mo_buf_c(out, "</ul></dd></div>\n");
}

static void
put_contacts(struct site *s, struct mo_buf *out, const struct mo_json *contacts)
{
    for (const struct mo_json *m = mo_json_first(contacts); m; m = mo_json_next(m)) {
        struct mo_str email = mo_json_member_text(m, "email");
        struct mo_str form = mo_json_member_text(m, "contact_form");

        if (!mo_str_is(mo_json_member_text(m, "role"), "contact"))
            continue;
        begin_fact(s, out, MO_TEXT_CONTACT);
        mo_html_text(out, mo_json_member_text(m, "name"));
        if (email.n) {
            mo_buf_c(out, " <a href=\"mailto:");
            mo_html_text(out, email);
            mo_buf_c(out, "\">");
            mo_html_text(out, email);
            mo_buf_c(out, "</a>");
        }
        if (form.n) {
            mo_buf_byte(out, ' ');
            put_link(out, form, mo_str(""));
        }
        mo_buf_c(out, "</dd></div>\n");
    }
}

/* The address of a licence: the first that the table has. */
static struct mo_str
licence_url(const struct site *s, struct mo_str id)
{
    struct mo_str url = mo_site_label(s, "licences", "url", id);

    return mo_html_is_link(url) ? url : mo_str("");
}

static void
put_licence(struct site *s, struct mo_buf *out, struct mo_str id)
{
    if (id.n == 0)
        return;
    begin_fact(s, out, MO_TEXT_LICENCE);
    put_link(out, licence_url(s, id), mo_site_label(s, "licences", "title", id));
    mo_buf_c(out, "</dd></div>\n");
}

static void
put_facts(struct site *s, struct mo_buf *out, const struct mo_json *fields)
{
    const struct mo_json *harvest = mo_json_member(fields, "harvest");
    struct mo_str licence = mo_json_member_text(fields, "license");

    mo_buf_printf(out, "<h2>%s</h2>\n<dl>\n", mo_site_say(s, MO_TEXT_ABOUT));
    put_fact(s, out, MO_TEXT_PUBLISHER, mo_site_publisher(fields));
    if (!mo_str_is(licence, "notspecified"))
        put_licence(s, out, licence);
    put_fact(s, out, MO_TEXT_FREQUENCY,
        mo_site_label(
            s, "frequencies", s->lang, mo_json_member_text(fields, "frequency")));
    put_fact(s, out, MO_TEXT_RELEASED, day_of(mo_json_member_text(harvest, "issued_at")));
    put_fact(
        s, out, MO_TEXT_MODIFIED, day_of(mo_json_member_text(harvest, "modified_at")));
    put_period(s, out, mo_json_member(fields, "temporal_coverage"));
    put_keywords(s, out, mo_json_member(fields, "tags"));
    put_contacts(s, out, mo_json_member(fields, "contact_points"));
    put_url(s, out, MO_TEXT_ENDPOINT, mo_json_member_text(fields, "base_api_url"));
    put_url(s, out, MO_TEXT_LANDING, mo_json_member_text(harvest, "remote_url"));
    mo_buf_c(out, "</dl>\n");
}

/* ---- Files ---- */

static void
put_size(const struct site *s, struct mo_buf *out, struct mo_str bytes)
{
    static const char *const units[2][5] = {
        {"o", "Ko", "Mo", "Go", "To"}, {"B", "kB", "MB", "GB", "TB"}};
    double size = 0;
    size_t unit = 0;

    for (size_t i = 0; i < bytes.n && i < 18; ++i)
        size = 10 * size + (bytes.p[i] - '0');
    for (; size >= 1000 && unit < 4; ++unit)
        size /= 1000;
    mo_buf_printf(out, " <span class=\"size\">%.*f %s</span>", size < 10 && unit ? 1 : 0,
        size, units[s->lang[0] == 'e'][unit]);
}

static void
put_resource(const struct site *s, struct mo_buf *out, const struct mo_json *resource)
{
    struct mo_str format = mo_json_member_text(resource, "format");
    struct mo_str size = mo_json_text(mo_json_member(resource, "filesize"));

    mo_buf_c(out, "<li>");
    put_link(out, mo_json_member_text(resource, "url"),
        mo_json_member_text(resource, "title"));
    if (format.n) {
        mo_buf_c(out, " <span class=\"format\">");
        mo_html_text(out, format);
        mo_buf_c(out, "</span>");
    }
    if (size.n)
        put_size(s, out, size);
    mo_site_prose(s, out, mo_json_member_text(resource, "description"), 2);
    mo_buf_c(out, "</li>\n");
}

static void
put_resources(struct site *s, struct mo_buf *out, const struct mo_json *resources)
{
    const struct mo_json *resource = mo_json_first(resources);

    mo_buf_printf(out, "<h2>%s</h2>\n", mo_site_say(s, MO_TEXT_FILES));
    if (!resource)
        mo_buf_printf(out, "<p>%s</p>\n", mo_site_say(s, MO_TEXT_NO_FILES));
    else
        mo_buf_c(out, "<ul class=\"files\">\n");
    for (; resource; resource = mo_json_next(resource))
        put_resource(s, out, resource);
    if (mo_json_first(resources))
        mo_buf_c(out, "</ul>\n");
}

/* ---- The page ---- */

void
mo_site_page(struct site *s, const struct site_entry *entry, const struct mo_json *fields)
{
    struct mo_buf out, schema;
    char path[2 * MO_SITE_ID];

    mo_buf_init(&out, MO_SITE_MAX_TEXT);
    mo_buf_init(&schema, MO_SITE_MAX_TEXT);
    mo_html_head(s, &out, entry->title, "../", entry->id);
    mo_site_schema_org(s, entry, fields, &schema);
    mo_buf_c(&out, "<script type=\"application/ld+json\">");
    mo_html_json(&out, mo_buf_view(&schema));
    out.failed = out.failed || schema.failed;
    mo_buf_done(&schema);
    mo_buf_printf(&out,
        "</script>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">%s</a>\n"
        "<header><p><a href=\"../index.html\"><bdi>",
        mo_site_say(s, MO_TEXT_SKIP));
    mo_html_text(&out, mo_buf_view(&s->title));
    mo_buf_c(&out, "</bdi></a></p></header>\n<main id=\"main\">\n<h1 dir=\"auto\">");
    mo_html_text(&out, entry->title);
    mo_buf_c(&out, "</h1>\n");
    mo_site_prose(s, &out, mo_json_member_text(fields, "description"), 1);
    if (!entry->service)
        put_resources(s, &out, mo_json_member(fields, "resources"));
    put_facts(s, &out, fields);
    mo_buf_printf(&out,
        "</main>\n<footer><p>%s : <a href=\"%s.rdf\">RDF/XML</a>, "
        "<a href=\"%s.jsonld\">JSON-LD</a></p></footer>\n",
        mo_site_say(s, MO_TEXT_MACHINES), entry->id, entry->id);
    mo_html_foot(s, &out);
    snprintf(path, sizeof path, "datasets/%s.html", entry->id);
    mo_site_put(s, path, &out);
}

/* ---- schema.org ---- */

static void
put_member(struct mo_buf *out, const char *name, struct mo_str text)
{
    if (text.n == 0)
        return;
    mo_buf_printf(out, ",\"%s\":", name);
    mo_json_string(out, text);
}

static void
put_texts(struct mo_buf *out, const char *name, const struct mo_json *list)
{
    const struct mo_json *item = mo_json_first(list);

    if (!item)
        return;
    mo_buf_printf(out, ",\"%s\":[", name);
    for (; item; item = mo_json_next(item)) {
        mo_json_string(out, mo_json_text(item));
        mo_buf_c(out, mo_json_next(item) ? "," : "]");
    }
}

static void
put_downloads(struct mo_buf *out, const struct mo_json *resources)
{
    const char *before = ",\"distribution\":[";

    for (const struct mo_json *r = mo_json_first(resources); r; r = mo_json_next(r)) {
        mo_buf_printf(out, "%s{\"@type\":\"DataDownload\"", before);
        put_member(out, "name", mo_json_member_text(r, "title"));
        put_member(out, "contentUrl", mo_json_member_text(r, "url"));
        put_member(out, "encodingFormat",
            mo_json_member_text(r, mo_json_member_text(r, "mime").n ? "mime" : "format"));
        mo_buf_byte(out, '}');
        before = ",";
    }
    if (before[1] == '\0')
        mo_buf_byte(out, ']');
}

void
mo_site_schema_org(struct site *s, const struct site_entry *entry,
    const struct mo_json *fields, struct mo_buf *out)
{
    const struct mo_json *harvest = mo_json_member(fields, "harvest");
    const struct mo_json *period = mo_json_member(fields, "temporal_coverage");
    struct mo_str start = mo_json_member_text(period, "start");
    struct mo_str publisher = mo_site_publisher(fields);
    struct mo_buf url;

    mo_buf_printf(out, "{\"@context\":\"https://schema.org/\",\"@type\":\"%s\"",
        entry->service ? "WebAPI" : "Dataset");
    put_member(out, "name", entry->title);
    put_member(out, "description", mo_json_member_text(fields, "description"));
    mo_buf_init(&url, MO_SITE_MAX_TEXT);
    mo_site_address(s, &url, "datasets/");
    mo_buf_printf(&url, "%s.html", entry->id);
    put_member(out, "url", mo_buf_view(&url));
    mo_buf_done(&url);
    put_member(out, "identifier", mo_json_member_text(harvest, "remote_id"));
    put_member(out, "license", licence_url(s, mo_json_member_text(fields, "license")));
    put_member(out, "datePublished", mo_json_member_text(harvest, "issued_at"));
    put_member(out, "dateModified", mo_json_member_text(harvest, "modified_at"));
    if (start.n) {
        mo_buf_clear(&s->scratch);
        mo_buf_str(&s->scratch, start);
        mo_buf_byte(&s->scratch, '/');
        mo_buf_str(&s->scratch, mo_json_member_text(period, "end").n
                                    ? mo_json_member_text(period, "end")
                                    : mo_str(".."));
        put_member(out, "temporalCoverage", mo_buf_view(&s->scratch));
    }
    put_texts(out, "keywords", mo_json_member(fields, "tags"));
    if (publisher.n) {
        mo_buf_c(out, ",\"publisher\":{\"@type\":\"Organization\"");
        put_member(out, "name", publisher);
        mo_buf_byte(out, '}');
    }
    if (!entry->service)
        put_downloads(out, mo_json_member(fields, "resources"));
    mo_buf_byte(out, '}');
}
