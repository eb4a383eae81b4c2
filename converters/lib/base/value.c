#include <string.h>

#include "base/plain.h"
#include "base/splitting.h"
#include "ctype.h"

void
mo_split_open(struct mo_split *s, bool array)
{
    if (s->depth < TYPED_LEVELS) {
        unsigned char bit = (unsigned char)(1u << (s->depth % 8));

        if (array)
            s->arrays[s->depth / 8] |= bit;
        else
            s->arrays[s->depth / 8] &= (unsigned char)~bit;
    }
    if (++s->depth > s->options.max_depth)
        mo_split_note(s, MO_PIECE_TOO_DEEP);
}

/* False when the bracket is not the one that was to come. */
static bool
close_level(struct mo_split *s, bool array)
{
    size_t level = s->depth - 1;

    if (s->depth == 0)
        return false;
    if (level < TYPED_LEVELS && ((s->arrays[level / 8] >> (level % 8)) & 1) != array)
        return false;
    --s->depth;
    return true;
}

/* Put what stands in an object behind what is in hand already. */
static void
put_members(struct mo_split *s, struct mo_str members)
{
    members = mo_str_trim(members);
    if (members.n && (members.p[0] == '{' || members.p[0] == ','))
        members = mo_str_from(members, 1);
    members = mo_str_trim(members);
    if (members.n && members.p[members.n - 1] == ',')
        --members.n;
    if (s->scratch.n > 1 && members.n)
        mo_buf_byte(&s->scratch, ',');
    mo_buf_str(&s->scratch, members);
    if (mo_str_find(members, mo_str("//"), 0) < members.n)
        mo_buf_byte(&s->scratch, '\n'); /* a comment may end there */
}

/* An object of what stands in one, and in the one inside of it. */
static struct mo_str
object_of(struct mo_split *s, struct mo_str outer, struct mo_str inner)
{
    mo_buf_clear(&s->scratch);
    mo_buf_byte(&s->scratch, '{');
    put_members(s, outer);
    put_members(s, inner);
    mo_buf_byte(&s->scratch, '}');
    return mo_buf_view(&s->scratch);
}

struct mo_str
mo_split_members(struct mo_split *s, size_t n)
{
    struct mo_str text = mo_str_n(s->in.p, n);
    bool inside = s->mode == TAIL && s->deep; /* where the last list was */

    if (inside && !s->nested && s->inner_to < n)
        return object_of(
            s, mo_str_from(text, s->inner_to + 1), mo_str_n(text.p, s->inner_to));
    if (!inside && s->nested)
        return object_of(
            s, mo_str_n(text.p, s->inner_from), mo_str_from(text, s->inner_at));
    return object_of(s, text, mo_str(""));
}

/* Whether the "[" in hand opens a list of a document. */
static bool
opens_list(struct mo_split *s)
{
    const struct mo_split_options *o = &s->options;

    if (s->depth != (s->nested ? 2 : 1) || s->last != ':' ||
        (s->outer != TOP && s->mode != TAIL) || mo_split_is_too_big(s) ||
        s->key_to - s->key_from < 2)
        return false;
    if (o->list && mo_str_is(mo_split_key(s), o->list))
        return true;
    if (!o->may_list || s->refused || s->fault != MO_PIECE_FINE ||
        !o->may_list(o->ctx, mo_split_key(s)))
        return false;
    if (!o->is_list)
        return true;
    s->refused = !o->is_list(
        o->ctx, mo_split_key(s), mo_split_members(s, s->key_from), s->mode != TAIL);
    return !s->refused;
}

/* The "{" in hand may open the member whose members are the document's. */
static void
enter_inner(struct mo_split *s)
{
    if (!s->options.inner || s->nested || s->depth != 1 || s->last != ':' ||
        (s->outer != TOP && s->mode != TAIL) || s->key_to - s->key_from < 2 ||
        !mo_str_is(mo_split_key(s), s->options.inner))
        return;
    s->nested = true;
    s->inner_from = s->key_from;
    s->inner_at = s->at + 1;
}

/*
 * A line ends in a string. It may go on, where values do not stand on a line each: what stands
 * behind its quote will tell. False when it must not.
 */
static bool
goes_on(struct mo_split *s)
{
    if (s->broken_line)
        return s->at - s->line_end < MAX_TORN;
    if (s->options.strict || s->torn == MAX_TORNS || s->escaped ||
        (s->lines && s->outer == TOP))
        return false;
    s->broken_line = true;
    s->line_end = s->at;
    return true;
}

/* Through a string; true when its end was met. A line end inside may be a fault. */
static bool
scan_string(struct mo_split *s)
{
    for (; s->at < s->in.n; ++s->at) {
        char c;

        if (!s->escaped)
            s->at += mo_plain(s->in, s->at);
        if (s->at == s->in.n)
            break;
        c = s->in.p[s->at];
        if (s->escaped)
            s->escaped = false;
        else if (c == '"')
            return true;
        else if (c == '\\' && s->at + 1 < s->in.n && s->in.p[s->at + 1] != '\n')
            ++s->at; /* what it escapes is passed over with it */
        else if (c == '\\')
            s->escaped = true;
        if (c == '\n' && !goes_on(s)) {
            mo_split_note(s, MO_PIECE_BROKEN);
            return false;
        }
    }
    return false;
}

/* The same of a string in single quotes, which knows no line ends. */
static bool
scan_quoted(struct mo_split *s)
{
    for (; s->at < s->in.n; ++s->at) {
        char c = s->in.p[s->at];

        if (c == '\n') {
            mo_split_note(s, MO_PIECE_BROKEN);
            return false;
        }
        if (!s->escaped && c == '\'')
            return true;
        s->escaped = !s->escaped && c == '\\';
    }
    return false;
}

bool
mo_split_comment(struct mo_split *s)
{
    bool line = s->comment == '/';
    const char *hit = memchr(s->in.p + s->at, line ? '\n' : '*', s->in.n - s->at);

    while (!line && hit && hit + 1 < s->in.p + s->in.n && hit[1] != '/')
        hit = memchr(hit + 1, '*', (size_t)(s->in.p + s->in.n - hit - 1));
    if (!hit || (!line && hit + 1 == s->in.p + s->in.n)) {
        s->at = hit ? (size_t)(hit - s->in.p) : s->in.n;
        return false;
    }
    s->at = (size_t)(hit - s->in.p) + (line ? 0 : 2);
    s->comment = '\0';
    return true;
}

/*
 * Whether the "/" in hand opens a comment; it does not behind a word, where a quote was
 * forgotten before an address. True also when that is not known yet.
 */
static bool
opens_comment(struct mo_split *s)
{
    size_t before = s->at;
    char next = s->at + 1 < s->in.n ? s->in.p[s->at + 1] : '\0';

    if (s->options.strict || (next != '/' && next != '*' && (next || s->ended)))
        return false;
    if (s->last == ':') {
        while (before && s->in.p[before - 1] != ':')
            --before;
        before -= before > 0;
        while (before && mo_is_space(s->in.p[before - 1]))
            --before;
        if (before == 0 || s->in.p[before - 1] != '"')
            return false;
    } else if (s->last && !strchr("{[,}]\"", s->last)) {
        return false;
    }
    if (next) {
        s->comment = next;
        s->at += 2;
    }
    return true;
}

/* Whether `c` ends a number or a word: alone, it goes on to the end of its line. */
static bool
ends_word(const struct mo_split *s, char c)
{
    return c == '\n' || (s->outer != TOP && (mo_is_space(c) || c == ',' || c == ']'));
}

/* At the end of a line that ends no value: where values stand on a line each, the next
 * one may begin here. */
static enum scanned
look_behind_line(struct mo_split *s)
{
    if (!s->lines || s->outer != TOP)
        return WHOLE;
    if (s->in.n - s->at < 3 && !s->ended)
        return NEEDS_MORE;
    if (!mo_str_starts(mo_str_from(s->in, s->at), mo_str("\n{\"")))
        return WHOLE;
    mo_split_note(s, MO_PIECE_BROKEN);
    return IS_BROKEN;
}

/*
 * Behind a string in which a line ended: it was one only if what may follow a string does. Else
 * its quote was forgotten, and the value is broken where the line ended.
 */
static enum scanned
look_behind_string(struct mo_split *s)
{
    size_t next = s->at + 1;

    if (mo_split_is_too_big(s)) { /* whatever it is */
        s->broken_line = false;
        return WHOLE;
    }
    while (next < s->in.n && mo_is_space(s->in.p[next]))
        ++next;
    if (next == s->in.n && !s->ended)
        return NEEDS_MORE;
    s->broken_line = false;
    if (next < s->in.n && strchr(",:]}", s->in.p[next]))
        return WHOLE;
    ++s->torn;
    s->at = s->line_end;
    mo_split_note(s, MO_PIECE_BROKEN);
    return IS_BROKEN;
}

/* At the quote that ends a string. */
static void
end_string(struct mo_split *s)
{
    if (s->depth == (s->nested ? 2 : 1)) {
        s->key_from = s->string_from;
        s->key_to = s->at + 1;
    }
    s->last = '"';
    ++s->at;
}

/* What is behind the string that begins at `at`, if it is here as a whole and on one line; or 0. */
static inline size_t
behind_string(struct mo_str in, size_t at)
{
    for (++at;; ++at) {
        at += mo_plain(in, at);
        if (at == in.n || in.p[at] == '\n')
            return 0;
        if (in.p[at] == '"')
            return at + 1;
        if (in.p[at] == '\\' && (++at == in.n || in.p[at] == '\n'))
            return 0;
    }
}

/* Inside of a value, past whole strings, and past what opens, closes or ends nothing. */
static void
pass_easy(struct mo_split *s)
{
    static const bool hard[256] = {['\''] = true,
        ['/'] = true,
        ['['] = true,
        [']'] = true,
        ['{'] = true,
        ['}'] = true,
        ['\n'] = true};
    bool keys = s->depth == (s->nested ? 2 : 1);
    struct mo_str in = s->in;
    size_t at = s->at;
    char last = s->last;

    while (at < in.n && !hard[(unsigned char)in.p[at]]) {
        char c = in.p[at];

        if (c == '"') {
            size_t to = behind_string(in, at);

            if (to == 0)
                break;
            if (keys) {
                s->key_from = at;
                s->key_to = to;
            }
            at = to - 1;
        }
        if (!mo_is_space(c))
            last = c;
        ++at;
    }
    s->at = at;
    s->last = last;
}

enum scanned
mo_split_scan(struct mo_split *s)
{
    while (s->at < s->in.n) {
        char c;

        if (s->depth && !s->comment && !s->in_string) {
            pass_easy(s);
            if (s->at == s->in.n)
                break;
        }
        c = s->in.p[s->at];

        if (s->comment) {
            if (!mo_split_comment(s))
                return NEEDS_MORE;
            continue;
        }
        if (s->in_string) {
            if (!(s->quote == '"' ? scan_string(s) : scan_quoted(s)))
                return s->at < s->in.n ? IS_BROKEN : NEEDS_MORE;
            if (s->broken_line) {
                enum scanned seam = look_behind_string(s);

                if (seam != WHOLE)
                    return seam;
            }
            s->in_string = false;
            end_string(s);
            if (s->depth == 0)
                return WHOLE;
            continue;
        }
        if (s->depth == 0 && s->last && ends_word(s, c))
            return WHOLE;
        switch (c) {
        case ':':
        case ',':
            s->last = c;
            ++s->at;
            continue;
        case '\'':
            if (s->options.strict || (s->last && !strchr("{[,:", s->last)))
                break;
            /* fallthrough */
        case '"':
            s->string_from = s->at;
            s->in_string = true;
            s->quote = c;
            ++s->at;
            continue;
        case '/':
            if (!opens_comment(s))
                break;
            if (!s->comment)
                return NEEDS_MORE;
            continue;
        case '[':
            if (opens_list(s))
                return IS_DOCUMENT;
            mo_split_open(s, true);
            break;
        case '{':
            enter_inner(s);
            mo_split_open(s, false);
            break;
        case '\n': {
            enum scanned next = s->depth ? look_behind_line(s) : WHOLE;

            if (next != WHOLE)
                return next;
            break;
        }
        case ']':
        case '}':
            if (!close_level(s, c == ']')) {
                mo_split_note(s, MO_PIECE_BROKEN);
                return IS_BROKEN;
            }
            if (s->nested && s->depth == 1) {
                s->nested = false;
                s->inner_to = s->at;
            }
            if (s->depth == 0) {
                ++s->at;
                return WHOLE;
            }
            break;
        default: break;
        }
        if (!mo_is_space(c))
            s->last = c;
        ++s->at;
    }
    return NEEDS_MORE;
}
