#include "flow/flow.h"

#include <moisson/text.h>

#include "base/block.h"
#include "base/ctype.h"
#include "base/split.h"
#include "base/table.h"

/* A cell of the table, with its \xNN as bytes. */
static struct mo_str
unescape(struct mo_str cell, char *memory)
{
    size_t n = 0;

    for (size_t i = 0; i < cell.n; ++i, ++n) {
        memory[n] = cell.p[i];
        if (cell.n - i >= 4 && cell.p[i] == '\\' && cell.p[i + 1] == 'x') {
            memory[n] =
                (char)(mo_hex_digit(cell.p[i + 2]) << 4 | mo_hex_digit(cell.p[i + 3]));
            i += 3;
        }
    }
    return mo_str_n(memory, n);
}

/* A letter in both cases; anything else twice. */
struct letter {
    unsigned char lower, upper;
};

static struct letter
letter_of(char c)
{
    unsigned char lower = (unsigned char)mo_lower(c);

    return (struct letter){lower, mo_is_alpha(c) ? lower ^ 0x20 : lower};
}

/* Offset of the first place from `at` on where `b` stands behind `a`, or of the last byte. */
static size_t
find_pair(struct mo_str s, size_t at, struct letter a, struct letter b)
{
    for (; at + MO_BLOCK < s.n; at += MO_BLOCK) {
        mo_block one = mo_block_at(s.p + at), next = mo_block_at(s.p + at + 1);
        size_t n = mo_block_first((mo_block)(((one == a.lower) | (one == a.upper)) &
                                             ((next == b.lower) | (next == b.upper))));

        if (n < MO_BLOCK)
            return at + n;
    }
    while (at + 1 < s.n && ((unsigned char)mo_lower(s.p[at]) != a.lower ||
                               (unsigned char)mo_lower(s.p[at + 1]) != b.lower))
        ++at;
    return at;
}

static bool
holds(struct mo_str head, struct mo_str needle)
{
    struct letter first = letter_of(needle.p[0]);
    struct letter second = letter_of(needle.p[needle.n > 1]);

    if (needle.n == 1)
        return mo_find_any(head, 0, first.lower, first.upper, first.upper) < head.n;
    for (size_t at = 0; (at = find_pair(head, at, first, second)) + needle.n <= head.n;
         ++at)
        if (mo_str_eq_nocase(mo_str_n(head.p + at, needle.n), needle))
            return true;
    return false;
}

static bool
matches(struct mo_str head, const char *signature)
{
    struct mo_str rest = mo_str(signature);
    char memory[256];
    bool first = true;

    do {
        size_t n = mo_str_find(rest, mo_str(" & "), 0);
        struct mo_str part = mo_str_n(rest.p, n);

        rest = mo_str_from(rest, n + 3);
        if (part.n >= sizeof memory)
            return false;
        part = unescape(part, memory);
        if (first ? part.n > head.n || !mo_str_eq_nocase(mo_str_n(head.p, part.n), part)
                  : !holds(head, part))
            return false;
        first = false;
    } while (rest.n);
    return true;
}

/* The head behind its byte order mark and white space, in UTF-8; in `memory` if need be. */
static struct mo_str
readable(struct mo_str head, struct mo_buf *memory)
{
    struct mo_told told = mo_charset_told(head);
    struct mo_decoder *decoder = told.by_bytes && !mo_charset_is_utf8(told.charset)
                                     ? mo_decoder_new(told.charset, false)
                                     : NULL;

    head = mo_str_from(head, told.mark);
    if (decoder && mo_decoder_push(decoder, head, false, memory) == 0)
        head = mo_buf_view(memory);
    mo_decoder_free(decoder);
    head = mo_str_from(head, mo_json_heading(head));
    while (head.n && mo_is_space(head.p[0]))
        head = mo_str_from(head, 1);
    return head;
}

struct dialect
mo_sniff(const struct mo_tables *tables, struct mo_str head, enum mo_lang lang)
{
    const struct mo_table *t = mo_table(tables, "dialects");
    size_t signature = mo_table_column(t, "signature");
    struct dialect found = {"", "", ""};
    struct mo_buf memory;

    mo_buf_init(&memory, SIZE_MAX);
    head = readable(head, &memory);
    for (size_t i = 0; i < t->rows; ++i) {
        if (!matches(head, mo_table_cell(t, i, signature)))
            continue;
        found.name = mo_table_cell(t, i, mo_table_column(t, "dialect"));
        found.description =
            mo_table_cell(t, i, mo_table_column(t, lang == MO_FR ? "fr" : "en"));
        found.program = mo_table_cell(t, i, mo_table_column(t, "program"));
        break;
    }
    mo_buf_done(&memory);
    return found;
}

const char *
mo_dialect(const struct mo_tables *tables, struct mo_str head)
{
    return mo_sniff(tables, head, MO_EN).name;
}
