#include "csv/csv.h"

#include <moisson/iri.h>
#include <moisson/text.h>

#include "base/ctype.h"

enum { MAX_GEOMETRY_DEPTH = 32, SHORT = 64 };

/* What is allocated, or a failure. */
static struct mo_json *
made(struct csv_cell *cell, struct mo_json *value)
{
    cell->failed = cell->failed || !value;
    return value;
}

/* A string or number with this text, which is in the arena if it `lasts`. */
static struct mo_json *
scalar(struct csv_cell *cell, enum mo_json_kind kind, struct mo_str text, bool lasts)
{
    struct mo_json *value = made(cell, mo_json_new(cell->arena, kind));

    if (!value)
        return NULL;
    if (lasts)
        value->text = text;
    else if (mo_arena_copy(cell->arena, text, &value->text))
        cell->failed = true;
    return value;
}

/* A text in which U+0000 is what the reader of JSON makes of it. */
static struct mo_json *
string(struct csv_cell *cell, struct mo_str text, bool lasts)
{
    struct mo_json *value;
    struct mo_buf out;

    if (!memchr(text.p, '\0', text.n))
        return scalar(cell, MO_JSON_STRING, text, lasts);
    mo_buf_init(&out, SIZE_MAX);
    for (size_t i = 0; i < text.n; ++i)
        if (text.p[i])
            mo_buf_byte(&out, text.p[i]);
        else
            mo_buf_c(&out, "\xEF\xBF\xBD");
    value = scalar(cell, MO_JSON_STRING, mo_buf_view(&out), false);
    cell->failed = cell->failed || out.failed;
    mo_buf_done(&out);
    return value;
}

struct mo_json *
mo_csv_string(struct csv_cell *cell, struct mo_str text)
{
    return string(cell, text, false);
}

static bool
read_text(struct csv_cell *cell, struct mo_str text)
{
    cell->value = string(cell, text, cell->lasts);
    return true;
}

/* The character ends an item of a list. */
static bool
parts(char c)
{
    return c == ',' || c == ';' || c == '|' || c == '\n' || c == '\r';
}

static bool
read_list(struct csv_cell *cell, struct mo_str text)
{
    struct mo_json *list = NULL, **end = NULL;

    while (text.n && !cell->failed) {
        struct mo_str item = text;
        struct mo_json *value;

        for (item.n = 0; item.n < text.n && !parts(text.p[item.n]); ++item.n)
            ;
        text = mo_str_from(text, item.n + 1);
        item = mo_str_trim(item);
        if (item.n == 0)
            continue;
        if (!list) {
            list = made(cell, mo_json_new(cell->arena, MO_JSON_ARRAY));
            end = list ? &list->first : NULL;
        }
        value = string(cell, item, cell->lasts);
        if (list && value)
            mo_json_append(list, &end, mo_str(""), value);
    }
    cell->value = list;
    return true;
}

static bool
put_id(struct csv_cell *cell, struct mo_str id)
{
    if (id.n)
        cell->value = mo_csv_string(cell, id);
    return id.n > 0;
}

static bool
read_licence(struct csv_cell *cell, struct mo_str text)
{
    return put_id(cell, mo_licence(cell->values, text));
}

static bool
read_frequency(struct csv_cell *cell, struct mo_str text)
{
    return put_id(cell, mo_frequency(cell->values, text));
}

/* Digits up to one of these; -1 when there are none or too many. */
static int
number_before(struct mo_str *text, const char *ends)
{
    size_t n = 0;
    int value = 0;

    for (; n < text->n && n < 4 && mo_is_digit(text->p[n]); ++n)
        value = 10 * value + (text->p[n] - '0');
    if (n == 0 || (n < text->n ? !strchr(ends, text->p[n]) : *ends != '\0'))
        return -1;
    *text = mo_str_from(*text, n + 1);
    return value;
}

/* A number in front of `end`, over the zeros there. */
static void
put_digits(char *end, int number)
{
    for (; number; number /= 10)
        *--end = (char)('0' + number % 10);
}

/* 31/12/2020, as French spreadsheets have it, as 2020-12-31. */
static bool
read_french_date(struct mo_str text, struct mo_date *date)
{
    int day = number_before(&text, "/.-"), month = number_before(&text, "/.-");
    int year = number_before(&text, "");
    char iso[] = "0000-00-00";

    if (text.n || day < 1 || month < 1 || year < 1000 || day > 99 || month > 99)
        return false;
    put_digits(iso + 4, year);
    put_digits(iso + 7, month);
    put_digits(iso + 10, day);
    return mo_date_parse(mo_str(iso), date);
}

static bool
read_date(struct csv_cell *cell, struct mo_str text)
{
    char memory[SHORT];
    struct mo_buf iso;
    struct mo_date date;

    if (!mo_date_parse(text, &date) && !read_french_date(text, &date))
        return false;
    mo_buf_fixed(&iso, memory, sizeof memory);
    mo_date_put(&iso, &date);
    cell->value = mo_csv_string(cell, mo_buf_view(&iso));
    return true;
}

/* A whole number, perhaps with spaces between the thousands. */
static bool
read_number(struct csv_cell *cell, struct mo_str text)
{
    char digits[SHORT];
    size_t n = 0;

    for (size_t i = 0; i < text.n;) {
        uint32_t c = mo_utf8_next(text, &i);

        if (c < 128 && mo_is_digit((char)c) && n + 1 < sizeof digits)
            digits[n++] = (char)c;
        else if (!mo_utf8_is_space(c))
            return false;
    }
    while (n > 1 && digits[0] == '0')
        memmove(digits, digits + 1, --n);
    if (n)
        cell->value = scalar(cell, MO_JSON_NUMBER, mo_str_n(digits, n), false);
    return n > 0;
}

/* Yes says true; no says nothing, as an empty cell does. */
static bool
read_flag(struct csv_cell *cell, struct mo_str text)
{
    static const char *const yes[] = {"true", "vrai", "oui", "yes", "1", "x"};
    static const char *const no[] = {"false", "faux", "non", "no", "0"};
    struct mo_date date;

    for (size_t i = 0; i < sizeof no / sizeof no[0]; ++i)
        if (mo_str_eq_nocase(text, mo_str(no[i])))
            return true;
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; ++i)
        if (mo_str_eq_nocase(text, mo_str(yes[i]))) {
            cell->value = made(cell, mo_json_new(cell->arena, MO_JSON_TRUE));
            return true;
        }
    return mo_date_parse(text, &date) && read_text(cell, text);
}

static bool
read_url(struct csv_cell *cell, struct mo_str text)
{
    struct mo_iri iri = mo_iri_parse(text);

    if (!iri.has_scheme || iri.authority.n == 0)
        return false;
    for (size_t i = 0; i < text.n; ++i)
        if (mo_is_space(text.p[i]))
            return false;
    return read_text(cell, text);
}

static bool
read_email(struct csv_cell *cell, struct mo_str text)
{
    size_t at, dot;

    if (mo_str_starts(text, mo_str("mailto:")))
        text = mo_str_from(text, 7);
    at = mo_str_find(text, mo_str("@"), 0);
    dot = mo_str_find(text, mo_str("."), at);
    if (at == 0 || dot <= at + 1 || dot + 1 >= text.n ||
        mo_str_find(text, mo_str("@"), at + 1) < text.n)
        return false;
    for (size_t i = 0; i < text.n; ++i)
        if (mo_is_space(text.p[i]) || parts(text.p[i]))
            return false;
    return read_text(cell, text);
}

static bool
read_json(struct csv_cell *cell, struct mo_str text)
{
    struct mo_json_error error;

    if (!cell->lasts && mo_arena_copy(cell->arena, text, &text)) {
        cell->failed = true;
        return false;
    }
    cell->value = mo_json_parse_in(cell->arena, text, MAX_GEOMETRY_DEPTH, &error);
    cell->twice = cell->value && error.twice;
    return cell->value != NULL;
}

static const struct {
    const char *name;
    cell_fn *read;
    enum mo_diag_id complaint;
} kinds[] = {
    {"text", read_text, MO_DIAG_NO_MEMORY},
    {"list", read_list, MO_DIAG_NO_MEMORY},
    {"licence", read_licence, MO_DIAG_CELL_LICENCE},
    {"frequency", read_frequency, MO_DIAG_CELL_FREQUENCY},
    {"date", read_date, MO_DIAG_CELL_DATE},
    {"number", read_number, MO_DIAG_CELL_NUMBER},
    {"flag", read_flag, MO_DIAG_CELL_FLAG},
    {"url", read_url, MO_DIAG_CELL_URL},
    {"email", read_email, MO_DIAG_CELL_EMAIL},
    {"json", read_json, MO_DIAG_CELL_JSON},
    {"-", NULL, MO_DIAG_NO_MEMORY},
};

bool
mo_cell_kind(const char *name, struct csv_field *field)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i)
        if (strcmp(kinds[i].name, name) == 0) {
            field->read = kinds[i].read;
            field->complaint = kinds[i].complaint;
            field->list = kinds[i].read == read_list;
            field->looked_up =
                kinds[i].read == read_licence || kinds[i].read == read_frequency;
            field->verbatim = kinds[i].read == read_text;
            return true;
        }
    return false;
}

bool
mo_csv_is_formula(struct mo_str text)
{
    bool item = text.n > 1 && strchr("+-", text.p[0]) && text.p[1] == ' ';
    bool calls = mo_str_find(text, mo_str("|"), 0) < text.n ||
                 mo_str_find(text, mo_str("(\""), 0) < text.n;

    return text.n && strchr("=+-@\t", text.p[0]) && (!item || calls);
}
