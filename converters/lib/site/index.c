#include <stdio.h>

#include <moisson/json.h>

#include "site/site.h"

/* ---- The list ---- */

static void
put_item(struct mo_buf *out, const struct site_entry *entry)
{
    mo_buf_printf(out, "<li><a href=\"datasets/%s.html\"><bdi>", entry->id);
    mo_html_text(out, entry->title);
    mo_buf_c(out, "</bdi></a>");
    if (entry->publisher.n) {
        mo_buf_c(out, " <span class=\"publisher\"><bdi>");
        mo_html_text(out, entry->publisher);
        mo_buf_c(out, "</bdi></span>");
    }
    mo_buf_c(out, "</li>\n");
}

static void
put_list(struct site *s, struct mo_buf *out)
{
    size_t n = 0;

    mo_buf_c(out, "<ul id=\"list\">\n");
    for (size_t i = 0; i < s->n_entries && n < MO_SITE_LISTED; ++i)
        if (s->entries[i].exposed) {
            put_item(out, &s->entries[i]);
            ++n;
        }
    mo_buf_c(out, "</ul>\n");
}

/* ---- What is searched: id, title, publisher and words of each ---- */

static void
put_search(struct site *s)
{
    const char *before = "window.catalogue = [\n";
    struct mo_buf out;

    mo_buf_init(&out, MO_SITE_MAX_TEXT);
    for (size_t i = 0; i < s->n_entries; ++i) {
        const struct site_entry *entry = &s->entries[i];

        if (!entry->exposed)
            continue;
        mo_buf_printf(&out, "%s[\"%s\",", before, entry->id);
        mo_json_string(&out, entry->title);
        mo_buf_byte(&out, ',');
        mo_json_string(&out, entry->publisher);
        mo_buf_byte(&out, ',');
        mo_json_string(&out, entry->words);
        mo_buf_byte(&out, ']');
        before = ",\n";
    }
    mo_buf_c(&out, "\n]\n");
    mo_site_put(s, "search.js", &out);
}

/* ---- The page ---- */

/* The first text of the catalogue's description. */
static void
put_description(struct site *s, struct mo_buf *out)
{
    struct mo_term *own = mo_site_own(s);

    for (const struct mo_stmt *t = own ? own->first : NULL; t; t = t->next)
        if (t->p->known == MO_K_DCT_DESCRIPTION) {
            mo_buf_clear(&s->scratch);
            mo_markdown(s->values, t->o->text, &s->scratch);
            mo_site_prose(s, out, mo_buf_view(&s->scratch), 1);
            break;
        }
}

static void
put_machines(struct site *s, struct mo_buf *out)
{
    mo_buf_printf(out, "<footer><p>%s : ", mo_site_say(s, MO_TEXT_HARVEST));
    mo_buf_c(out, "<a href=\"catalog.rdf\">RDF/XML</a>, "
                  "<a href=\"catalog.jsonld\">JSON-LD</a>, "
                  "<a href=\"datagouv.json\">JSON data.gouv.fr</a>. ");
    mo_buf_printf(
        out, "<a href=\"feed.atom\">%s</a></p></footer>\n", mo_site_say(s, MO_TEXT_NEWS));
}

void
mo_site_index(struct site *s)
{
    struct mo_buf out;

    mo_buf_init(&out, MO_SITE_MAX_TEXT);
    mo_html_head(s, &out, mo_buf_view(&s->title), "", NULL);
    mo_buf_printf(&out, "</head>\n<body>\n<a class=\"skip\" href=\"#main\">%s</a>\n",
        mo_site_say(s, MO_TEXT_SKIP));
    mo_buf_c(&out, "<main id=\"main\">\n<h1 dir=\"auto\">");
    mo_html_text(&out, mo_buf_view(&s->title));
    mo_buf_c(&out, "</h1>\n");
    put_description(s, &out);
    mo_buf_printf(&out,
        "<form role=\"search\" id=\"search\" hidden><label for=\"words\">%s</label>\n"
        "<input type=\"search\" id=\"words\" autocomplete=\"off\"></form>\n",
        mo_site_say(s, MO_TEXT_SEARCH));
    mo_buf_printf(&out, "<p id=\"count\" role=\"status\" data-found=\"%s\">%zu %s",
        mo_site_say(s, MO_TEXT_FOUND), s->n_exposed, mo_site_say(s, MO_TEXT_DATASETS));
    if (s->n_exposed > MO_SITE_LISTED)
        mo_buf_printf(&out, " ; %s", mo_site_say(s, MO_TEXT_MORE));
    mo_buf_c(&out, "</p>\n");
    put_list(s, &out);
    mo_buf_c(&out, "</main>\n");
    put_machines(s, &out);
    mo_buf_c(
        &out, "<script src=\"search.js\"></script>\n<script src=\"site.js\"></script>\n");
    mo_html_foot(s, &out);
    mo_site_put(s, "index.html", &out);
    put_search(s);
}
