#include <moisson/text.h>

#include "base/ctype.h"
#include "dcat/mend.h"
#include "dcat/values_impl.h"

enum { LONGEST_ADDRESS = 254, LONGEST_LOCAL = 64, MOST_ADDRESSES = 100 }; /* RFC 5321 */

static bool
is_atom(char c)
{
    return mo_is_alpha(c) || mo_is_digit(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~.", c)) ||
           (unsigned char)c >= 0x80;
}

/* Labels of letters, digits and "-", at least two; the last has no digit at its head. */
static bool
is_mail_domain(struct mo_str domain)
{
    size_t label = 0, dots = 0;

    for (size_t i = 0; i < domain.n; ++i) {
        char c = domain.p[i];

        if (c == '.') {
            if (label == 0 || domain.p[i - 1] == '-')
                return false;
            ++dots;
            label = 0;
        } else if (mo_is_alpha(c) || mo_is_digit(c) || (unsigned char)c >= 0x80 ||
                   (c == '-' && label)) {
            ++label;
        } else {
            return false;
        }
    }
    return dots > 0 && label > 1 && !mo_is_digit(domain.p[domain.n - label]) &&
           domain.p[domain.n - 1] != '-';
}

/* One address, "user@host.fr", with what may stand behind "?" in a mailto: (RFC 6068). */
static bool
is_address(struct mo_str s)
{
    size_t at = mo_str_find(s, mo_str("@"), 0), query = mo_str_find(s, mo_str("?"), at);

    if (at == s.n || at == 0 || at > LONGEST_LOCAL || s.n > LONGEST_ADDRESS + 1000 ||
        s.p[0] == '/') /* the rest of a web address */
        return false;
    for (size_t i = 0; i < at; ++i)
        if (!is_atom(s.p[i]) || (s.p[i] == '.' && (i == 0 || s.p[i - 1] == '.')))
            return false;
    for (size_t i = query; i < s.n; ++i)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7F || strchr("<>\"@", s.p[i]))
            return false;
    return s.p[at - 1] != '.' && is_mail_domain(mo_str_n(s.p + at + 1, query - at - 1));
}

/* Without "mailto:" and slashes behind it, however often. */
static struct mo_str
without_scheme(struct mo_str s)
{
    const struct mo_str mailto = mo_str("mailto");

    s = mo_utf8_trim(s);
    while (s.n > mailto.n && mo_str_eq_nocase(mo_str_n(s.p, mailto.n), mailto)) {
        struct mo_str rest = mo_utf8_trim(mo_str_from(s, mailto.n));

        if (rest.n == 0 || rest.p[0] != ':')
            break;
        rest = mo_str_from(rest, 1);
        while (rest.n && (rest.p[0] == ':' || rest.p[0] == '/'))
            rest = mo_str_from(rest, 1);
        s = mo_utf8_trim(rest);
    }
    return s;
}

/* Percent-encoded space and "@" are what they stand for; other escapes stay. */
static void
decode(struct mo_str s, struct mo_buf *out)
{
    for (size_t i = 0; i < s.n; ++i) {
        struct mo_str escape = mo_str_n(s.p + i, s.n - i < 3 ? s.n - i : 3);

        if (mo_str_is(escape, "%20") || mo_str_is(escape, "%40")) {
            mo_buf_byte(out, escape.p[1] == '2' ? ' ' : '@');
            i += 2;
        } else if (mo_str_starts(mo_str_from(s, i), mo_str("\xC2\xA0"))) {
            mo_buf_byte(out, ' ');
            ++i;
        } else {
            mo_buf_byte(out, s.p[i]);
        }
    }
}

/* Spaces beside "@" go: nobody means them. In place. */
static void
close_up(struct mo_buf *text)
{
    size_t n = 0;

    for (size_t i = 0; i < text->n; ++i) {
        size_t next = i, before = n;

        while (next < text->n && text->p[next] == ' ')
            ++next;
        while (before > 0 && text->p[before - 1] == ' ')
            --before;
        if (text->p[i] == ' ' && ((next < text->n && text->p[next] == '@') ||
                                     (before > 0 && text->p[before - 1] == '@')))
            continue;
        text->p[n++] = text->p[i];
    }
    text->n = n;
    if (text->p)
        text->p[n] = '\0';
}

static void
put_address(struct mo_str address, struct mo_buf *out, size_t *n)
{
    const struct mo_str mailto = mo_str("mailto:");
    size_t at = 0, line;

    for (struct mo_str all = mo_buf_view(out); at < all.n; at = line + 1) {
        line = mo_str_find(all, mo_str("\n"), at);
        if (line - at == mailto.n + address.n &&
            mo_str_eq_nocase(mo_str_n(all.p + at + mailto.n, address.n), address))
            return; /* the same again */
    }
    if ((*n)++)
        mo_buf_byte(out, '\n');
    mo_buf_str(out, mailto);
    mo_buf_str(out, address);
}

/* Words between addresses that only join them. */
static bool
is_joint(struct mo_str word)
{
    static const char *const joints[] = {"et", "ou", "and", "or", "&", "/", "-", "|"};

    for (size_t i = 0; i < sizeof joints / sizeof joints[0]; ++i)
        if (mo_str_is(word, joints[i]))
            return true;
    return word.n == 0;
}

static bool
is_separator(char c)
{
    return c == ';' || c == ',' || c == '|' || c == '<' || c == '>' || c == '(' ||
           c == ')' || c == '"' || mo_is_space(c);
}

/* The words of a text that are addresses; others are names, or doubtful with an "@". */
static bool
read_words(struct mo_str s, struct mo_buf *out, size_t *n, bool *names)
{
    size_t at = 0;

    while (at < s.n) {
        struct mo_str word;
        size_t end = at;

        while (end < s.n && !is_separator(s.p[end]))
            ++end;
        word = without_scheme(mo_str_n(s.p + at, end - at));
        while (word.n && strchr(".:", word.p[word.n - 1]))
            --word.n; /* the end of a sentence */
        at = end + 1;
        if (is_address(word)) {
            if (*n == MOST_ADDRESSES)
                return false;
            put_address(word, out, n);
        } else if (memchr(word.p ? word.p : "", '@', word.n)) {
            return false;
        } else if (!is_joint(word)) {
            *names = true;
        }
    }
    return *n > 0;
}

/* "a [at] b.fr", "a(at)b.fr", "a AT b DOT fr", "a arobase b.fr", "a chez b.fr" */
static bool
is_hidden(struct mo_str s)
{
    static const char *const at[] = {"[at]", "(at)", "{at}", " at ", "[arobase]",
        "(arobase)", " arobase ", "[a]", "(a)", " chez ", "[@]", "(@)", "_at_", "-at-"};

    for (size_t from = 1; from < s.n; ++from)
        for (size_t i = 0; strchr("[({ _-", s.p[from]) && i < sizeof at / sizeof at[0];
             ++i) {
            size_t n = strlen(at[i]);

            if (from + n < s.n &&
                mo_str_eq_nocase(mo_str_n(s.p + from, n), mo_str(at[i])))
                return mo_str_find(s, mo_str("."), 0) < s.n && s.n <= LONGEST_ADDRESS;
        }
    return false;
}

/* "jean dupont@x.fr": a space in the local part, or a name without brackets. */
static bool
is_safe(struct mo_str s, bool names)
{
    return !names || mo_str_find(s, mo_str("<"), 0) < s.n ||
           mo_str_find(s, mo_str("("), 0) < s.n || mo_str_find(s, mo_str(":"), 0) < s.n;
}

enum mo_verdict
mo_emails_mend(struct mo_str text, struct mo_buf *out, size_t *n)
{
    struct mo_buf plain;
    size_t from = out->n;
    bool names = false, fine;
    struct mo_str s = without_scheme(text);

    *n = 0;
    if (s.n == 0 || s.n > 20 * LONGEST_ADDRESS)
        return MO_NO;
    mo_buf_init(&plain, 1 << 16);
    decode(s, &plain);
    close_up(&plain);
    s = without_scheme(mo_buf_view(&plain));
    fine = !is_hidden(s) && read_words(s, out, n, &names) && is_safe(s, names);
    if (!fine && out->p) {
        out->n = from;
        out->p[from] = '\0';
    }
    *n = fine ? *n : 0;
    fine = fine || !(is_hidden(s) || memchr(s.p ? s.p : "", '@', s.n));
    mo_buf_done(&plain);
    return *n ? MO_CERTAIN : fine ? MO_NO : MO_DOUBTFUL;
}

bool
mo_email_is_personal(struct mo_str address)
{
    static const char *const posts[] = {"accueil", "admin", "archives", "bibliotheque",
        "catalogue", "communication", "contact", "courrier", "culture", "data",
        "direction", "documentation", "donnees", "dpo", "geomatique", "info", "infos",
        "informations", "infogeo", "mairie", "musee", "open", "opendata", "patrimoine",
        "plateforme", "pole", "projet", "sec", "secretariat", "service", "sig", "support",
        "webmaster", "www", "helpdesk", "hotline", "assistance", "bureau", "team",
        "equipe", "geodienste"};
    struct mo_str s = without_scheme(address);
    size_t at = mo_str_find(s, mo_str("@"), 0), dot = mo_str_find(s, mo_str("."), 0);

    if (at == s.n || dot >= at || dot == 0 || dot + 1 >= at)
        return false;
    if (mo_str_find(s, mo_str("."), dot + 1) < at)
        return false;
    for (size_t i = 0; i < at; ++i)
        if (!mo_is_alpha(s.p[i]) && s.p[i] != '.' && s.p[i] != '-')
            return false;
    for (size_t i = 0; i < sizeof posts / sizeof posts[0]; ++i)
        if (mo_str_eq_nocase(mo_str_n(s.p, dot), mo_str(posts[i])) ||
            mo_str_eq_nocase(mo_str_n(s.p + dot + 1, at - dot - 1), mo_str(posts[i])))
            return false;
    return at - dot > 3;
}
