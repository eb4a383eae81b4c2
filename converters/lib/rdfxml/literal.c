#include "rdfxml/rdfxml.h"

#include <stdlib.h>

/* A prefix as an element that is still open declared it in the output. */
struct binding {
    char *prefix, *space;
    int depth;
};

struct mo_xml {
    struct binding *bindings;
    size_t n, cap;
};

static void
put_text(struct mo_buf *out, struct mo_str s, bool attribute)
{
    for (size_t i = 0; i < s.n; ++i) {
        switch (s.p[i]) {
        case '&': mo_buf_c(out, "&amp;"); break;
        case '<': mo_buf_c(out, "&lt;"); break;
        case '\r': mo_buf_c(out, "&#xD;"); break;
        case '>': mo_buf_c(out, attribute ? ">" : "&gt;"); break;
        case '"': mo_buf_c(out, attribute ? "&quot;" : "\""); break;
        case '\t': mo_buf_c(out, attribute ? "&#x9;" : "\t"); break;
        case '\n': mo_buf_c(out, attribute ? "&#xA;" : "\n"); break;
        default: mo_buf_byte(out, s.p[i]); break;
        }
    }
}

static void
put_name(struct mo_buf *out, const xmlChar *prefix, const xmlChar *local)
{
    if (prefix) {
        mo_buf_c(out, (const char *)prefix);
        mo_buf_byte(out, ':');
    }
    mo_buf_c(out, (const char *)local);
}

/* What the output has `prefix` stand for; "" for nothing. */
static const char *
space_of(const struct mo_xml *xml, const char *prefix)
{
    for (size_t i = xml->n; i > 0; --i)
        if (strcmp(xml->bindings[i - 1].prefix, prefix) == 0)
            return xml->bindings[i - 1].space;
    return "";
}

static int
bind(struct mo_xml *xml, const char *prefix, const char *space, int depth)
{
    struct binding *b;

    if (xml->n == xml->cap) {
        size_t cap = xml->cap ? 2 * xml->cap : 8;

        b = realloc(xml->bindings, cap * sizeof *b);
        if (!b)
            return -1;
        xml->bindings = b;
        xml->cap = cap;
    }
    b = &xml->bindings[xml->n];
    b->prefix = strdup(prefix);
    b->space = strdup(space);
    b->depth = depth;
    if (!b->prefix || !b->space) {
        free(b->prefix);
        free(b->space);
        return -1;
    }
    ++xml->n;
    return 0;
}

static void
unbind(struct mo_xml *xml, int depth)
{
    while (xml->n && xml->bindings[xml->n - 1].depth >= depth) {
        --xml->n;
        free(xml->bindings[xml->n].prefix);
        free(xml->bindings[xml->n].space);
    }
}

static int
by_prefix(const void *a, const void *b)
{
    return strcmp(
        ((const struct binding *)a)->prefix, ((const struct binding *)b)->prefix);
}

struct attribute {
    const xmlChar **at; /* local, prefix, namespace, value, end */
};

static int
by_space_and_name(const void *a, const void *b)
{
    const xmlChar **x = ((const struct attribute *)a)->at;
    const xmlChar **y = ((const struct attribute *)b)->at;
    int order = strcmp(x[2] ? (const char *)x[2] : "", y[2] ? (const char *)y[2] : "");

    return order ? order : strcmp((const char *)x[0], (const char *)y[0]);
}

/* Declare what the element and its attributes use, unless an element around has. */
static int
declare(struct rdfxml *r, struct mo_xml *xml, const xmlChar *prefix, const xmlChar *space)
{
    const char *p = prefix ? (const char *)prefix : "";
    const char *s = space ? (const char *)space : "";

    if (strcmp(p, "xml") == 0 || strcmp(space_of(xml, p), s) == 0)
        return 0;
    return bind(xml, p, s, r->xml_depth);
}

void
mo_xml_start(struct rdfxml *r, const xmlChar *local, const xmlChar *prefix,
    const xmlChar *space, int n_attributes, const xmlChar **attributes)
{
    struct mo_xml *xml = r->xml;
    size_t n = (size_t)n_attributes, first;
    struct attribute *sorted = malloc((n + 1) * sizeof *sorted);
    int failed = !sorted;

    ++r->xml_depth;
    first = xml->n;
    failed = failed || declare(r, xml, prefix, space);
    for (size_t i = 0; !failed && i < n; ++i) {
        sorted[i].at = attributes + 5 * i;
        if (sorted[i].at[1])
            failed = declare(r, xml, sorted[i].at[1], sorted[i].at[2]);
    }
    if (failed) {
        free(sorted);
        mo_rdfxml_trouble(r);
        return;
    }
    if (xml->n > first + 1)
        qsort(xml->bindings + first, xml->n - first, sizeof *xml->bindings, by_prefix);
    qsort(sorted, n, sizeof *sorted, by_space_and_name);
    mo_buf_byte(&r->text, '<');
    put_name(&r->text, prefix, local);
    for (size_t i = first; i < xml->n; ++i) {
        mo_buf_c(&r->text, xml->bindings[i].prefix[0] ? " xmlns:" : " xmlns");
        mo_buf_c(&r->text, xml->bindings[i].prefix);
        mo_buf_c(&r->text, "=\"");
        put_text(&r->text, mo_str(xml->bindings[i].space), true);
        mo_buf_byte(&r->text, '"');
    }
    for (size_t i = 0; i < n; ++i) {
        const xmlChar **at = sorted[i].at;

        mo_buf_byte(&r->text, ' ');
        put_name(&r->text, at[1], at[0]);
        mo_buf_c(&r->text, "=\"");
        put_text(&r->text, mo_str_n((const char *)at[3], (size_t)(at[4] - at[3])), true);
        mo_buf_byte(&r->text, '"');
    }
    mo_buf_byte(&r->text, '>');
    free(sorted);
}

void
mo_xml_end(struct rdfxml *r, const xmlChar *local, const xmlChar *prefix)
{
    mo_buf_c(&r->text, "</");
    put_name(&r->text, prefix, local);
    mo_buf_byte(&r->text, '>');
    unbind(r->xml, r->xml_depth--);
}

void
mo_xml_text(struct rdfxml *r, struct mo_str text)
{
    put_text(&r->text, text, false);
}

void
mo_xml_comment(struct rdfxml *r, const xmlChar *text)
{
    mo_buf_printf(&r->text, "<!--%s-->", (const char *)text);
}

void
mo_xml_instruction(struct rdfxml *r, const xmlChar *target, const xmlChar *data)
{
    mo_buf_printf(&r->text, "<?%s", (const char *)target);
    if (data)
        mo_buf_printf(&r->text, " %s", (const char *)data);
    mo_buf_c(&r->text, "?>");
}

struct mo_xml *
mo_xml_new(void)
{
    return calloc(1, sizeof(struct mo_xml));
}

void
mo_xml_reset(struct rdfxml *r)
{
    unbind(r->xml, 0);
    r->xml_depth = 0;
}

void
mo_xml_free(struct mo_xml *xml)
{
    if (!xml)
        return;
    unbind(xml, 0);
    free(xml->bindings);
    free(xml);
}
