#include <moisson/iri.h>
#include <moisson/text.h>

#include "base/block.h"
#include "base/ctype.h"
#include "dcat/mend.h"
#include "dcat/values_impl.h"

/*
 * What schemes are misspelt as, and how they are spelt. The first row that fits counts; behind it goes
 * what is no slash. A backslash counts as a slash, as browsers take it.
 */
static const struct spelling {
    const char *wrong, *right;
} spellings[] = {{"http:///", "http://"}, {"https:///", "https://"},
    {"https://https://", "https://"}, {"http://http://", "http://"},
    {"http://https://", "https://"}, {"https://http://", "http://"},
    {"http:https://", "https://"}, {"http:http://", "http://"},
    {"https:https://", "https://"}, {"http://", "http://"}, {"https://", "https://"},
    {"http:/", "http://"}, {"https:/", "https://"}, {"http//:", "http://"},
    {"https//:", "https://"}, {"http//", "http://"}, {"https//", "https://"},
    {"http;//", "http://"}, {"https;//", "https://"}, {"http:://", "http://"},
    {"https:://", "https://"}, {"http.://", "http://"}, {"ttps://", "https://"},
    {"ttp://", "http://"}, {"tps://", "https://"}, {"htps://", "https://"},
    {"htp://", "http://"}, {"htpps://", "https://"}, {"htpp://", "http://"},
    {"httpss://", "https://"}, {"htttps://", "https://"}, {"htttp://", "http://"},
    {"hhttps://", "https://"}, {"hhttp://", "http://"}, {"hhtps://", "https://"},
    {"hhtp://", "http://"}, {"httpd://", "https://"}, {"htt://", "http://"},
    {"httsp://", "https://"}, {"thtp://", "http://"}, {"thtps://", "https://"},
    {"ftp:///", "ftp://"}, {"ftp://", "ftp://"}, {"ftp:/", "ftp://"},
    {"ftp//", "ftp://"}};

/* Whether `s` begins with `head`, letter case and the kind of slash aside. */
static bool
begins(struct mo_str s, const char *head)
{
    size_t n = strlen(head);

    if (s.n < n)
        return false;
    for (size_t i = 0; i < n; ++i)
        if (mo_lower(s.p[i] == '\\' ? '/' : s.p[i]) != head[i])
            return false;
    return true;
}

static bool
is_web(struct mo_str s)
{
    return begins(s, "http://") || begins(s, "https://") || begins(s, "ftp://");
}

/* The scheme at the head of `*s` as it is spelt right, and `*s` behind it. */
static bool
mend_scheme(struct mo_str *s, struct mo_buf *out)
{
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; ++i) {
        size_t n = strlen(spellings[i].wrong);

        if (!begins(*s, spellings[i].wrong))
            continue;
        while (n < s->n && (s->p[n] == '/' || s->p[n] == '\\'))
            ++n;
        if (n == s->n)
            continue;
        if (strcmp(spellings[i].wrong, spellings[i].right) == 0 &&
            n == strlen(spellings[i].wrong) && !memchr(s->p, '\\', n)) {
            mo_buf_add(out, s->p, n); /* right, in whatever case */
            *s = mo_str_from(*s, n);
            return false;
        }
        mo_buf_c(out, spellings[i].right);
        *s = mo_str_from(*s, n);
        return true;
    }
    return false;
}

/* Space of any kind around it, quotation marks and angle brackets that enclose it. */
static struct mo_str
bare(struct mo_str s)
{
    struct mo_str before;

    do {
        before = s;
        s = mo_utf8_trim(s);
        if (s.n > 2 && ((s.p[0] == '<' && s.p[s.n - 1] == '>') ||
                           (s.p[0] == '"' && s.p[s.n - 1] == '"')))
            s = mo_str_n(s.p + 1, s.n - 2);
    } while (s.n < before.n);
    return s;
}

/* What no URI may hold as it is; brackets stand around the address of a host only. */
static bool
is_unfit(unsigned char c, bool behind_host)
{
    switch (c) {
    case '<':
    case '>':
    case '"':
    case '{':
    case '}':
    case '|':
    case '^':
    case '`':
    case '\\':
    case 0x7F: return true;
    case '[':
    case ']': return behind_host;
    default: return c <= ' ' || (c >= 0x80 && behind_host);
    }
}

/* A host, and a ":" behind it without a port. */
static bool
mend_port(struct mo_str *s, struct mo_buf *out)
{
    size_t n = 0;

    while (n < s->n && !strchr("/?#\\ ", s->p[n]))
        ++n;
    if (n < 2 || s->p[n - 1] != ':' || s->p[n - 2] == ':' || memchr(s->p, '[', n) ||
        memchr(s->p, '%', n) || memchr(s->p, '&', n) ||
        mo_str_starts(mo_str_from(*s, n), mo_str("//")))
        return false;
    if (mo_utf8_trim(mo_str_n(s->p, n - 1)).n < n - 1)
        return false; /* what is left would be trimmed */
    for (size_t i = 0; i < n; ++i)
        if (is_unfit((unsigned char)s->p[i], false))
            return false;
    mo_buf_add(out, s->p, n - 1);
    *s = mo_str_from(*s, n);
    return true;
}

/* Whether another address begins in `s`: behind what cannot be part of the first. */
static bool
holds_another(struct mo_str s)
{
    for (size_t i = 1; i < s.n; ++i)
        if ((mo_is_space(s.p[i - 1]) || s.p[i - 1] == ';' || s.p[i - 1] == ',' ||
                s.p[i - 1] == '|') &&
            is_web(mo_str_from(s, i)))
            return true;
    return false;
}

/* An address that was broken into lines, in one, as browsers take it; whether it was. */
static bool
join_lines(struct mo_str s, struct mo_buf *joined)
{
    for (size_t i = 0; i < s.n; ++i)
        if (s.p[i] != '\t' && s.p[i] != '\n' && s.p[i] != '\r')
            mo_buf_byte(joined, s.p[i]);
    return joined->n < s.n;
}

static void
put_encoded(struct mo_buf *out, unsigned char c)
{
    mo_buf_printf(out, "%%%02X", c);
}

/* The length of "&amp;" at the head of `s`, however often it was escaped; or 0. */
static size_t
escaped_ampersand(struct mo_str s)
{
    size_t n = 1;

    while (mo_str_starts(mo_str_from(s, n), mo_str("amp;")))
        n += 4;
    return n > 1 ? n : 0;
}

/*
 * Host, path, query and fragment, percent-encoded where no URI may hold a byte as it is. A
 * backslash that ends the host is a slash, and those behind it; so are others, when the
 * scheme had some.
 */
static unsigned
put_rest(struct mo_str s, bool backslashes, struct mo_buf *out)
{
    unsigned faults = 0;
    size_t host = 0, path;

    while (host < s.n && !strchr("/?#\\", s.p[host]))
        ++host;
    for (path = host; path < s.n && (s.p[path] == '/' || s.p[path] == '\\'); ++path)
        ;
    if (backslashes)
        path = mo_str_find(s, mo_str("?"), 0);
    for (size_t i = 0; i < s.n; ++i) {
        unsigned char c = (unsigned char)s.p[i];

        if (c == '&' && escaped_ampersand(mo_str_from(s, i))) {
            i += escaped_ampersand(mo_str_from(s, i)) - 1;
            mo_buf_byte(out, '&');
            faults |= MO_ADDRESS_ENTITY;
        } else if (c == '\\' && i >= host && i < path) {
            mo_buf_byte(out, '/');
            faults |= MO_ADDRESS_ENCODING;
        } else if (is_unfit(c, i >= host)) {
            put_encoded(out, c);
            faults |= MO_ADDRESS_ENCODING;
        } else {
            if (c == '%' && (i + 2 >= s.n || mo_hex_digit(s.p[i + 1]) < 0 ||
                                mo_hex_digit(s.p[i + 2]) < 0))
                faults |= MO_ADDRESS_ESCAPE;
            mo_buf_byte(out, (char)c);
        }
    }
    return faults;
}

/* ---- Most are fine as they stand ---- */

/* Whether the byte there may be for one of the steps above. */
static bool
is_mark(struct mo_str s, size_t i)
{
    static const char kinds[0x7F] = {['<'] = 'x',
        ['>'] = 'x',
        ['"'] = 'x',
        ['{'] = 'x',
        ['}'] = 'x',
        ['|'] = 'x',
        ['^'] = 'x',
        ['`'] = 'x',
        ['\\'] = 'x',
        ['['] = 'x',
        [']'] = 'x',
        ['&'] = '&',
        ['%'] = '%',
        [';'] = ';',
        [','] = ';'};
    unsigned char c = (unsigned char)s.p[i];

    if (c <= ' ' || c >= sizeof kinds)
        return true;
    switch (kinds[c]) {
    case 0: return false;
    case '&': return i + 1 < s.n && s.p[i + 1] == 'a';
    case ';': return i + 1 < s.n && strchr("hHfF", s.p[i + 1]);
    case '%':
        return i + 2 >= s.n || mo_hex_digit(s.p[i + 1]) < 0 ||
               mo_hex_digit(s.p[i + 2]) < 0;
    default: return true;
    }
}

/* Where the next byte is from `at` on that may be for one of the steps, or s.n. */
static size_t
next_mark(struct mo_str s, size_t at)
{
    for (; at + MO_BLOCK <= s.n; at += MO_BLOCK) {
        mo_block b = mo_block_at(s.p + at);
        mo_block hits =
            (mo_block)((b <= ' ') | ((mo_block)(b - '"') <= '&' - '"') | (b == ',') |
                       ((mo_block)(b - ';') <= '>' - ';') |
                       ((mo_block)(b - '[') <= '^' - '[') | (b == '`') | (b >= '{'));
        size_t n = mo_block_first(hits);

        if (n < MO_BLOCK)
            return at + n;
    }
    return at;
}

/* The host in an address of the web in which there is nothing to mend; or nothing. */
static struct mo_str
fine_host(struct mo_str s)
{
    size_t from = mo_str_starts(s, mo_str("http://"))    ? 7
                  : mo_str_starts(s, mo_str("https://")) ? 8
                                                         : s.n,
           end = from;

    if (begins(mo_str_from(s, from), "http"))
        return mo_str("");
    while (end < s.n && s.p[end] != '/' && s.p[end] != '?' && s.p[end] != '#')
        ++end;
    for (size_t i = next_mark(s, from); i < s.n; i = next_mark(s, i + 1))
        if (is_mark(s, i))
            return mo_str("");
    return end > from && s.p[end - 1] != ':' ? mo_str_n(s.p + from, end - from)
                                             : mo_str("");
}

/* The same of an address in one line, which is not fine as it stands. */
static unsigned
mend_line(struct mo_str s, struct mo_buf *out)
{
    struct mo_str whole = s;
    unsigned faults = 0;

    for (size_t from = out->n; mend_scheme(&s, out);) {
        faults |= MO_ADDRESS_SCHEME;
        if (!is_web(s))
            break;
        out->n = from; /* one before another: "http://http://https://a" */
        out->p[from] = '\0';
    }
    if (out->n && mend_port(&s, out))
        faults |= MO_ADDRESS_PORT;
    return faults | put_rest(s, memchr(whole.p, '\\', whole.n - s.n) != NULL, out);
}

enum mo_verdict
mo_address_mend(struct mo_str text, struct mo_buf *out, unsigned *faults)
{
    struct mo_str s = bare(text);
    struct mo_buf joined;

    *faults = s.n < text.n ? MO_ADDRESS_SPACE : 0;
    if (s.n == 0)
        return MO_NO;
    if (fine_host(s).n) {
        mo_buf_str(out, s);
        return MO_CERTAIN;
    }
    if (holds_another(s))
        *faults |= MO_ADDRESS_TWO;
    mo_buf_init(&joined, s.n);
    if (join_lines(s, &joined))
        *faults |= MO_ADDRESS_ENCODING;
    *faults |= mend_line(mo_buf_view(&joined), out);
    out->failed |= joined.failed;
    mo_buf_done(&joined);
    return *faults & (MO_ADDRESS_TWO | MO_ADDRESS_ESCAPE) ? MO_DOUBTFUL : MO_CERTAIN;
}

/* ---- Where it leads ---- */

/* Whether this is the host, or the last of its labels, of a network of one's own. */
static bool
is_local(struct mo_str host)
{
#define LABEL(text)                                                                      \
    {                                                                                    \
        text, sizeof text - 1                                                            \
    }
    static const struct mo_str local[] = {LABEL("localhost"), LABEL("localdomain"),
        LABEL("local"), LABEL("lan"), LABEL("intra"), LABEL("intranet"),
        LABEL("internal")};
    size_t from = host.n;

    while (from > 0 && host.p[from - 1] != '.')
        --from;
    for (size_t i = 0; i < sizeof local / sizeof local[0]; ++i)
        if (host.n - from == local[i].n &&
            mo_str_eq_nocase(mo_str_from(host, from), local[i]))
            return true;
    return false;
}

/* Two labels at least of small letters, digits and single hyphens, the last of letters. */
static bool
is_plain_domain(struct mo_str host)
{
    size_t label = 0;
    bool letters = true;

    for (size_t i = 0; i < host.n; ++i) {
        char c = host.p[i];

        if (c >= 'a' && c <= 'z')
            continue;
        if (i == label || (!mo_is_digit(c) && (c != '-' && c != '.')) ||
            (!mo_is_digit(c) && host.p[i - 1] == '-'))
            return false;
        letters = c == '.';
        label = c == '.' ? i + 1 : label;
    }
    return label > 0 && host.n - label >= 2 && letters;
}

/* Whether an address with this host, in which there is nothing to mend, leads to all. */
static bool
is_plainly_public(struct mo_str url, struct mo_str host)
{
    return is_plain_domain(host) && !is_local(host) &&
           (host.p + host.n == url.p + url.n || host.p[host.n] == '/');
}

static enum mo_reach
reach_of(struct mo_str url)
{
    struct mo_iri iri;
    struct mo_str host;

    url = mo_str_trim(url);
    iri = mo_iri_parse(url);
    if (mo_str_eq_nocase(iri.scheme, mo_str("file")) ||
        mo_str_starts(url, mo_str("\\\\")) ||
        (url.n > 2 && mo_is_alpha(url.p[0]) && url.p[1] == ':' &&
            strchr("\\/", url.p[2])))
        return MO_REACH_FILE;
    if (!iri.has_scheme)
        return MO_REACH_RELATIVE;
    if (!is_web(url))
        return MO_REACH_OTHER;
    host = mo_url_host(iri.authority);
    if (is_local(host))
        return MO_REACH_LOCAL;
    if (mo_url_is_public(url))
        return MO_REACH_PUBLIC;
    if (mo_url_is_number(host))
        return mo_str_starts(host, mo_str("127.")) || mo_str_is(host, "[::1]")
                   ? MO_REACH_LOCAL
                   : MO_REACH_PRIVATE;
    return host.n && mo_str_find(host, mo_str("."), 0) == host.n ? MO_REACH_LOCAL
                                                                 : MO_REACH_OTHER;
}

enum mo_reach
mo_address_reach(struct mo_str url)
{
    return is_plainly_public(url, fine_host(url)) ? MO_REACH_PUBLIC : reach_of(url);
}

enum mo_verdict
mo_address_look(
    struct mo_str text, struct mo_buf *out, unsigned *faults, enum mo_reach *reach)
{
    struct mo_str host = fine_host(text);

    *reach = is_plainly_public(text, host) ? MO_REACH_PUBLIC : reach_of(text);
    if (!host.n)
        return mo_address_mend(text, out, faults);
    *faults = 0;
    mo_buf_str(out, text);
    return MO_CERTAIN;
}
