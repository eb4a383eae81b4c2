#include "links.h"

#include <string.h>

/* The next attribute of the tag at `*tag`, which goes behind it. False at its end. */
static bool
attribute(struct mo_str *tag, struct mo_str *name, struct mo_str *value)
{
    size_t n = 0;
    char quote;

    while (tag->n && strchr(" \t\r\n/", tag->p[0]))
        *tag = mo_str_from(*tag, 1);
    while (n < tag->n && !strchr(" \t\r\n/=>", tag->p[n]))
        ++n;
    *name = mo_str_n(tag->p, n);
    *value = mo_str("");
    if (n == 0)
        return false;
    *tag = mo_str_trim(mo_str_from(*tag, n));
    if (tag->n == 0 || tag->p[0] != '=')
        return true;
    *tag = mo_str_trim(mo_str_from(*tag, 1));
    quote = tag->n ? tag->p[0] : ' ';
    if (quote == '"' || quote == '\'') {
        *tag = mo_str_from(*tag, 1);
        *value = mo_str_n(tag->p, mo_str_find(*tag, mo_str_n(&quote, 1), 0));
        *tag = mo_str_from(*tag, value->n + 1);
        return true;
    }
    for (n = 0; n < tag->n && !strchr(" \t\r\n>", tag->p[n]);)
        ++n;
    *value = mo_str_n(tag->p, n);
    *tag = mo_str_from(*tag, n);
    return true;
}

/* With "&amp;", which addresses have, as "&". */
static void
copy(char *out, size_t size, struct mo_str value)
{
    static const struct mo_str ampersand = {"&amp;", 5};
    size_t n = 0;

    value = mo_str_trim(value);
    for (size_t i = 0; i < value.n && n + 1 < size; ++i) {
        out[n++] = value.p[i];
        if (mo_str_starts(mo_str_from(value, i), ampersand))
            i += ampersand.n - 1;
    }
    out[value.n < size ? n : 0] = '\0'; /* half an address is none */
}

static void
read_link(struct mo_str tag, struct links *links)
{
    struct mo_str name, value;
    bool alternate = false;
    char *type = links->of[links->n].type, *url = links->of[links->n].url;

    *type = *url = '\0';
    while (attribute(&tag, &name, &value))
        if (mo_str_eq_nocase(name, mo_str("rel")))
            alternate = mo_str_eq_nocase(mo_str_trim(value), mo_str("alternate"));
        else if (mo_str_eq_nocase(name, mo_str("type")))
            copy(type, sizeof links->of[0].type,
                mo_str_n(value.p, mo_str_find(value, mo_str(";"), 0)));
        else if (mo_str_eq_nocase(name, mo_str("href")))
            copy(url, sizeof links->of[0].url, value);
    links->n += alternate && *type && *url;
}

void
links_read(struct mo_str html, struct links *links)
{
    static const char head[] = "<link";
    size_t at = 0;

    links->n = 0;
    while (links->n < MAX_LINKS && (at = mo_str_find(html, mo_str("<"), at)) < html.n) {
        struct mo_str tag = mo_str_from(html, at++);

        if (tag.n < sizeof head ||
            !mo_str_eq_nocase(mo_str_n(tag.p, sizeof head - 1), mo_str(head)) ||
            !strchr(" \t\r\n/", tag.p[sizeof head - 1]))
            continue;
        read_link(mo_str_from(tag, sizeof head - 1), links);
    }
}
