/*
 * What stands before and behind a document that should not: programs print warnings and empty
 * lines, servers put a page behind, and files are glued together.
 */
#include "rdfxml/rdfxml.h"

#include "base/ctype.h"

#define MARK "\xEF\xBB\xBF"

enum {
    FAR = 4096,              /* how far a document may begin from where it should */
    LONGEST_COMMENT = 64000, /* that is looked at between two documents */
    ENOUGH = 16              /* bytes that show how a document begins */
};

static bool
is_declaration_head(struct mo_str s)
{
    return mo_str_starts(s, mo_str("<?xml")) && s.n > 5 && mo_is_space(s.p[5]);
}

/* The next place where an XML declaration begins, or s.n. */
static size_t
find_declaration(struct mo_str s)
{
    size_t n = 0;

    for (;; ++n) {
        n = mo_str_find(s, mo_str("<?xml"), n);
        if (n == s.n || is_declaration_head(mo_str_from(s, n)))
            return n;
    }
}

static struct mo_str
first_line(struct mo_str s)
{
    s = mo_str_trim(s);
    return mo_str_trim(mo_str_n(s.p, mo_str_find(s, mo_str("\n"), 0)));
}

/* Length of white space and byte order marks at the head of `s`. */
static size_t
blank_length(struct mo_str s)
{
    size_t n = 0;

    for (;;)
        if (n < s.n && mo_is_space(s.p[n]))
            ++n;
        else if (mo_str_starts(mo_str_from(s, n), mo_str(MARK)))
            n += sizeof MARK - 1;
        else
            return n;
}

/* Length of what may stand around a root element: space, comments, instructions. */
static size_t
misc_length(struct mo_str s)
{
    size_t n = 0;

    for (;;) {
        struct mo_str rest = mo_str_from(s, n += blank_length(mo_str_from(s, n)));
        const char *close =
            mo_str_starts(rest, mo_str("<!--"))                               ? "-->"
            : mo_str_starts(rest, mo_str("<?")) && !is_declaration_head(rest) ? "?>"
                                                                              : NULL;
        size_t end = close ? mo_str_find(rest, mo_str(close), 0) : rest.n;

        if (end == rest.n)
            return n;
        n += end + strlen(close);
    }
}

/* ---- Before ---- */

/* A name="value" off the head of `s`, behind white space. */
static bool
take_pair(struct mo_str *s, struct mo_str *name)
{
    struct mo_str rest = mo_str_trim(*s);
    size_t equals = mo_str_find(rest, mo_str("="), 0), n = 1;
    char quote;

    if (!mo_is_space(s->p[0]))
        return false;
    *name = mo_str_trim(mo_str_n(rest.p, equals));
    rest = mo_str_trim(mo_str_from(rest, equals + 1));
    quote = rest.n ? rest.p[0] : '\0';
    while (n < rest.n && (mo_is_alpha(rest.p[n]) || mo_is_digit(rest.p[n]) ||
                             (rest.p[n] && strchr("._-:", rest.p[n]))))
        ++n;
    if ((quote != '"' && quote != '\'') || n < 2 || n == rest.n || rest.p[n] != quote)
        return false;
    *s = mo_str_from(rest, n + 1);
    return true;
}

/* Whether `s` is what may stand between "<?xml" and "?>". XML 1.0, 2.8 [23] */
static bool
is_declaration(struct mo_str s)
{
    static const char *const names[] = {"version", "encoding", "standalone"};
    struct mo_str name;
    size_t next = 0;

    while (!mo_str_blank(s)) {
        size_t i = next;

        if (!take_pair(&s, &name))
            return false;
        while (i < 3 && !mo_str_is(name, names[i]))
            ++i;
        if (i == 3 || (next == 0 && i > 0))
            return false;
        next = i + 1;
    }
    return next > 0;
}

/* How much stands before the document that begins in `w`; `*what`: of it, what to show. */
static size_t
junk_length(struct mo_str w, struct mo_str *what)
{
    size_t blank = blank_length(w);
    struct mo_str s = mo_str_from(w, blank), near = mo_str_n(s.p, s.n < FAR ? s.n : FAR);
    size_t declaration = find_declaration(near);
    size_t root = mo_str_find(near, mo_str("<rdf:RDF"), 0);
    size_t n = declaration < root ? declaration : near.n;

    if (n == near.n && near.n && near.p[0] != '<')
        n = root;
    if (n == near.n || mo_str_find(mo_str_n(s.p, n), mo_str("<!DOCTYPE"), 0) < n)
        return near.n && near.p[0] == '<' && mo_str_starts(w, mo_str(MARK)) ? blank : 0;
    *what = mo_str_n(s.p, n);
    return blank + n;
}

/* What is left out, up to `n` bytes into the window, is not missed when all is read again. */
static void
leave_out(struct rdfxml *r, size_t n)
{
    r->fed = n;
    r->prolog_from = r->offset + n;
    mo_rdfxml_shift_here(r);
}

void
mo_rdfxml_heading(struct rdfxml *r)
{
    struct mo_str w = mo_buf_view(&r->window), what = mo_str(""), declaration;
    size_t n = junk_length(w, &what), marks = 0;

    while (mo_str_starts(mo_str_from(w, marks), mo_str(MARK)))
        marks += sizeof MARK - 1;
    if (n > marks)
        mo_rdfxml_report(
            r, MO_DIAG_HEADING, first_line(what), mo_str(""), r->offset + marks);
    if (n)
        leave_out(r, n);
    for (bool first = true;; first = false) {
        size_t misc = first ? 0 : misc_length(mo_str_from(w, n));
        struct mo_str s = mo_str_from(w, n + misc);
        size_t end = mo_str_find(s, mo_str("?>"), 0);

        if (!is_declaration_head(s) || end == s.n || end > FAR)
            return;
        declaration = mo_str_n(s.p, end + 2);
        if (!first || !is_declaration(mo_str_n(s.p + 5, end - 5))) {
            mo_rdfxml_report(r, MO_DIAG_XML_DECLARATION, declaration, mo_str(""),
                r->offset + (size_t)(s.p - w.p));
            leave_out(r, (size_t)(s.p - w.p) + end + 2);
        }
        n = (size_t)(s.p - w.p) + end + 2;
    }
}

/* ---- Behind ---- */

static bool
begins_document(struct mo_str s)
{
    size_t n = 1;

    if (is_declaration_head(s))
        return true;
    if (s.n < 2 || s.p[0] != '<')
        return false;
    if (mo_str_starts(s, mo_str("<!DOCTYPE")))
        return !mo_str_eq_nocase(
            mo_str_n(s.p, s.n < 14 ? s.n : 14), mo_str("<!DOCTYPE html"));
    if (mo_str_starts(s, mo_str("<RDF")))
        return true;
    while (n < s.n && (mo_is_alpha(s.p[n]) || mo_is_digit(s.p[n])))
        ++n;
    return n > 1 && n < s.n && s.p[n] == ':';
}

bool
mo_rdfxml_behind(struct rdfxml *r, struct mo_str s, size_t *n)
{
    size_t declaration, root;

    *n = 0;
    if (!r->behind_said) {
        *n = misc_length(s);
        s = mo_str_from(s, *n);
        if (s.n == 0 ||
            (!r->ended && (s.n < ENOUGH || (mo_str_starts(s, mo_str("<!--")) &&
                                               s.n < LONGEST_COMMENT))))
            return false;
        if (begins_document(s))
            return true;
        mo_rdfxml_report(r, MO_DIAG_BEHIND, first_line(s), mo_str(""),
            r->offset + (size_t)(s.p - r->window.p));
        r->behind_said = true;
    }
    declaration = find_declaration(s);
    root = mo_str_find(s, mo_str("<rdf:RDF"), 0);
    if (root < declaration)
        declaration = root;
    if (declaration < s.n) {
        *n += declaration;
        return true;
    }
    *n += s.n < ENOUGH ? 0 : s.n - ENOUGH;
    return false;
}
