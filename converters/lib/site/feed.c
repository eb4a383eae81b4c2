#include <stdio.h>
#include <stdlib.h>

#include <moisson/date.h>

#include "site/site.h"

/* ---- The site map (sitemaps.org, protocol 0.9) ---- */

#define MAPS "http://www.sitemaps.org/schemas/sitemap/0.9"

static void
put_address(struct site *s, struct mo_buf *out, const char *path)
{
    struct mo_buf address;

    mo_buf_init(&address, MO_SITE_MAX_TEXT);
    mo_site_address(s, &address, path);
    mo_html_text(out, mo_buf_view(&address));
    out->failed = out->failed || address.failed;
    mo_buf_done(&address);
}

static void
put_location(struct site *s, struct mo_buf *out, const char *path, struct mo_str date)
{
    mo_buf_c(out, "<url><loc>");
    put_address(s, out, path);
    mo_buf_c(out, "</loc>");
    if (date.n >= 10) {
        mo_buf_c(out, "<lastmod>");
        mo_html_text(out, mo_str_n(date.p, 10));
        mo_buf_c(out, "</lastmod>");
    }
    mo_buf_c(out, "</url>\n");
}

/* One map of entries from `*at` on; the first has the index page as well. */
static void
put_map(struct site *s, const char *path, size_t *at)
{
    size_t n = *at == 0;
    struct mo_buf out;

    mo_buf_init(&out, MO_SITE_MAX_TEXT);
    mo_buf_c(&out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"" MAPS "\">\n");
    if (n)
        put_location(s, &out, "index.html", mo_str(""));
    for (; *at < s->n_entries && n < MO_SITE_MAP; ++*at) {
        const struct site_entry *entry = &s->entries[*at];
        char page[2 * MO_SITE_ID];

        if (!entry->exposed)
            continue;
        snprintf(page, sizeof page, "datasets/%s.html", entry->id);
        put_location(s, &out, page, entry->date);
        ++n;
    }
    mo_buf_c(&out, "</urlset>\n");
    mo_site_put(s, path, &out);
}

static void
put_maps(struct site *s)
{
    size_t at = 0, maps = 0;
    struct mo_buf out;
    char path[64];

    if (s->n_exposed < MO_SITE_MAP) {
        put_map(s, "sitemap.xml", &at);
        return;
    }
    mo_buf_init(&out, MO_SITE_MAX_TEXT);
    mo_buf_c(&out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"" MAPS
        "\">\n");
    while (at < s->n_entries && !s->trouble) {
        snprintf(path, sizeof path, "sitemap-%zu.xml", ++maps);
        put_map(s, path, &at);
        mo_buf_c(&out, "<sitemap><loc>");
        put_address(s, &out, path);
        mo_buf_c(&out, "</loc></sitemap>\n");
    }
    mo_buf_c(&out, "</sitemapindex>\n");
    mo_site_put(s, "sitemap.xml", &out);
}

/* ---- The feed (RFC 4287) ---- */

/* The newest first; of one day, as they came. */
static int
by_date(const void *a, const void *b)
{
    const struct site_entry *x = *(const struct site_entry *const *)a;
    const struct site_entry *y = *(const struct site_entry *const *)b;
    int order = mo_str_cmp(y->date, x->date);

    return order ? order : (x > y) - (x < y);
}

static void
put_time(struct mo_buf *out, struct mo_str text)
{
    struct mo_date date = {0};
    struct mo_buf put;
    char memory[64];

    mo_date_parse(text, &date);
    date.precision = MO_TIME;
    if (!date.has_zone) {
        date.has_zone = true;
        date.zone = 0;
    }
    mo_buf_fixed(&put, memory, sizeof memory);
    mo_date_put(&put, &date);
    mo_buf_str(out, mo_buf_view(&put));
}

static void
put_entry(struct site *s, struct mo_buf *out, const struct site_entry *entry)
{
    char page[2 * MO_SITE_ID];

    snprintf(page, sizeof page, "datasets/%s.html", entry->id);
    mo_buf_c(out, "<entry><id>");
    put_address(s, out, page);
    mo_buf_c(out, "</id><title>");
    mo_html_text(out, entry->title);
    mo_buf_c(out, "</title><link href=\"");
    put_address(s, out, page);
    mo_buf_c(out, "\"/><updated>");
    put_time(out, entry->date);
    mo_buf_c(out, "</updated>");
    if (entry->publisher.n) {
        mo_buf_c(out, "<author><name>");
        mo_html_text(out, entry->publisher);
        mo_buf_c(out, "</name></author>");
    }
    mo_buf_c(out, "</entry>\n");
}

static void
put_feed(struct site *s, const struct site_entry *const *newest, size_t n)
{
    struct mo_buf out;

    mo_buf_init(&out, MO_SITE_MAX_TEXT);
    mo_buf_printf(&out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"%s\">\n<id>",
        s->lang);
    put_address(s, &out, "feed.atom");
    mo_buf_c(&out, "</id><title>");
    mo_html_text(&out, mo_buf_view(&s->title));
    mo_buf_c(&out, "</title>\n<link rel=\"self\" href=\"");
    put_address(s, &out, "feed.atom");
    mo_buf_c(&out, "\"/><link href=\"");
    put_address(s, &out, "index.html");
    mo_buf_c(&out, "\"/>\n<author><name>");
    mo_html_text(&out, mo_buf_view(&s->title));
    mo_buf_c(&out, "</name></author>\n<updated>");
    if (n)
        put_time(&out, newest[0]->date);
    else
        mo_buf_c(&out, "1970-01-01T00:00:00Z");
    mo_buf_c(&out, "</updated>\n");
    for (size_t i = 0; i < n && i < MO_SITE_NEWS; ++i)
        put_entry(s, &out, newest[i]);
    mo_buf_c(&out, "</feed>\n");
    mo_site_put(s, "feed.atom", &out);
}

void
mo_site_feeds(struct site *s)
{
    const struct site_entry **newest =
        malloc((s->n_entries + 1) * sizeof(const struct site_entry *));
    struct mo_date date;
    size_t n = 0;

    put_maps(s);
    if (!newest) {
        s->trouble = true;
        return;
    }
    for (size_t i = 0; i < s->n_entries; ++i)
        if (s->entries[i].exposed && mo_date_parse(s->entries[i].date, &date))
            newest[n++] = &s->entries[i];
    qsort(newest, n, sizeof(const struct site_entry *), by_date);
    put_feed(s, newest, n);
    free(newest);
}
