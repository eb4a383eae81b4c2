#include <moisson/text.h>

#include "base/ctype.h"
#include "dcat/mend.h"
#include "dcat/values_impl.h"

enum { LONGEST_KEYWORD = 60, MOST_WORDS = 5, MOST_KEYWORDS = 500 };

/* The next piece of `*s` up to the separator, trimmed. */
static struct mo_str
next_piece(struct mo_str *s, char separator)
{
    size_t n = mo_str_find(*s, mo_str_n(&separator, 1), 0);
    struct mo_str piece = mo_utf8_trim(mo_str_n(s->p, n));

    *s = mo_str_from(*s, n + 1);
    return piece;
}

static size_t
words_of(struct mo_str s)
{
    size_t words = 0;

    for (size_t i = 0; i < s.n; ++i)
        words += !mo_is_space(s.p[i]) && (i == 0 || mo_is_space(s.p[i - 1]));
    return words;
}

static size_t
count(struct mo_str s, char c)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; ++i)
        n += s.p[i] == c;
    return n;
}

/* "peinture et sculpture": the end of an enumeration, in which commas part no keywords. */
static bool
has_joint(struct mo_str s)
{
    static const char *const joints[] = {" et ", " ou ", " and ", " or ", " & "};

    for (size_t i = 0; i < sizeof joints / sizeof joints[0]; ++i)
        if (mo_str_find(s, mo_str(joints[i]), 0) < s.n)
            return true;
    return false;
}

/* Whether each comma has a space behind it, or none has; and none stands between digits. */
static bool
commas_agree(struct mo_str s)
{
    size_t spaced = 0, tight = 0;

    for (size_t i = 0; i < s.n; ++i) {
        if (s.p[i] != ',')
            continue;
        if (i + 1 < s.n && mo_is_space(s.p[i + 1]))
            ++spaced;
        else if (i + 1 < s.n)
            ++tight;
        if (i > 0 && i + 1 < s.n && mo_is_digit(s.p[i - 1]) && mo_is_digit(s.p[i + 1]))
            return false;
    }
    return spaced == 0 || tight == 0;
}

/* Whether the pieces are keywords, each by itself. */
static bool
are_keywords(struct mo_str s, char separator)
{
    size_t pieces = 0;
    struct mo_str piece = mo_str("");

    while (s.n) {
        piece = next_piece(&s, separator);
        if (piece.n == 0)
            continue;
        if (mo_utf8_length(piece) > LONGEST_KEYWORD || words_of(piece) > MOST_WORDS ||
            ++pieces > MOST_KEYWORDS)
            return false;
        if (separator == ',' &&
            (memchr(piece.p, '(', piece.n) || memchr(piece.p, ')', piece.n)))
            return false;
    }
    return separator != ',' || (pieces > 2 && !has_joint(piece));
}

enum mo_verdict
mo_keywords_mend(struct mo_str text, struct mo_buf *out)
{
    static const char separators[] = ";|,";
    const char *separator = separators;
    struct mo_str s = mo_utf8_trim(text);
    size_t n = 0;

    while (*separator && !count(s, *separator))
        ++separator;
    if (!*separator || mo_str_find(s, mo_str("://"), 0) < s.n)
        return MO_NO;
    if (!are_keywords(s, *separator) || (*separator == ',' && !commas_agree(s)))
        return MO_DOUBTFUL;
    while (s.n) {
        struct mo_str piece = next_piece(&s, *separator);

        if (piece.n == 0)
            continue;
        if (n++)
            mo_buf_byte(out, '\n');
        for (size_t i = 0; i < piece.n; ++i)
            mo_buf_byte(out, piece.p[i] == '\n' ? ' ' : piece.p[i]);
    }
    return n ? MO_CERTAIN : MO_NO;
}
