#include "finding.h"

#include <string.h>

#include <cjson/cJSON.h>

enum { MAX_MEMORY = 64 << 20, MAX_DIGITS = 15 };

static struct mo_str *
text_named(struct finding_row *row, struct mo_str name)
{
    const struct {
        const char *name;
        struct mo_str *text;
    } texts[] = {{"code", &row->code}, {"level", &row->level}, {"text", &row->text},
        {"detail", &row->detail}, {"record", &row->record}, {"property", &row->property}};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i)
        if (mo_str_is(name, texts[i].name))
            return texts[i].text;
    return NULL;
}

static int64_t *
number_named(struct finding_row *row, struct mo_str name)
{
    return mo_str_is(name, "line")     ? &row->line
           : mo_str_is(name, "column") ? &row->column
           : mo_str_is(name, "offset") ? &row->offset
                                       : NULL;
}

/* ---- As our own programs write it: flat, and without a space ---- */

/* What stands behind a backslash, but for "u"; 0: nothing that is known. */
static char
escaped(char c)
{
    switch (c) {
    case '"':
    case '\\':
    case '/': return c;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return 0;
    }
}

static bool
take(struct mo_str *rest, char c)
{
    if (rest->n == 0 || rest->p[0] != c)
        return false;
    *rest = mo_str_from(*rest, 1);
    return true;
}

/* There is room in `memory` for all that the line holds, so that texts in it stay. */
static bool
take_text(struct mo_str *rest, struct mo_buf *memory, struct mo_str *text)
{
    size_t from = memory->n, begin = 0, i = 0;

    if (!take(rest, '"'))
        return false;
    for (; i < rest->n && rest->p[i] != '"'; ++i) {
        char c = rest->p[i];

        if ((unsigned char)c < ' ')
            return false;
        if (c != '\\')
            continue;
        if (i + 1 == rest->n || !(c = escaped(rest->p[i + 1])))
            return false;
        mo_buf_add(memory, rest->p + begin, i - begin);
        mo_buf_byte(memory, c);
        begin = ++i + 1;
    }
    if (begin)
        mo_buf_add(memory, rest->p + begin, i - begin);
    *text = begin ? mo_str_n(memory->p + from, memory->n - from) : mo_str_n(rest->p, i);
    *rest = mo_str_from(*rest, i);
    return take(rest, '"');
}

static bool
take_number(struct mo_str *rest, int64_t *number)
{
    size_t n = 0;

    *number = 0;
    while (n < rest->n && n < MAX_DIGITS && rest->p[n] >= '0' && rest->p[n] <= '9')
        *number = 10 * *number + (rest->p[n++] - '0');
    *rest = mo_str_from(*rest, n);
    return n > 0;
}

static bool
take_member(struct mo_str *rest, struct mo_buf *memory, struct finding_row *row)
{
    struct mo_str name, *text, other;
    int64_t *number, n;

    if (!take_text(rest, memory, &name) || !take(rest, ':'))
        return false;
    text = text_named(row, name);
    number = number_named(row, name);
    if (rest->n && rest->p[0] == '"')
        return !number && take_text(rest, memory, text && !text->p ? text : &other);
    return !text && take_number(rest, number && *number < 0 ? number : &n);
}

static bool
read_flat(struct mo_str rest, struct mo_buf *memory, struct finding_row *row)
{
    bool fine = take(&rest, '{');

    do
        fine = fine && take_member(&rest, memory, row);
    while (fine && take(&rest, ','));
    return fine && take(&rest, '}') && rest.n == 0;
}

/* ---- As others may ---- */

static bool
read_any(struct mo_str line, struct mo_buf *memory, struct finding_row *row)
{
    cJSON *object = cJSON_ParseWithLength(line.p, line.n);
    bool fine = cJSON_IsObject(object);

    for (const cJSON *v = fine ? object->child : NULL; v; v = v->next) {
        struct mo_str *text = text_named(row, mo_str(v->string));
        int64_t *number = number_named(row, mo_str(v->string));
        size_t from = memory->n;

        if (text && !text->p && cJSON_IsString(v)) {
            mo_buf_c(memory, v->valuestring);
            *text = mo_str_n(memory->p + from, memory->n - from);
        } else if (number && *number < 0 && cJSON_IsNumber(v)) {
            *number = v->valueint;
        }
    }
    cJSON_Delete(object);
    return fine;
}

/* ---- Either ---- */

static void
clear(struct mo_buf *memory, struct finding_row *row)
{
    mo_buf_clear(memory);
    memset(row, 0, sizeof *row);
    row->line = row->column = row->offset = -1;
}

bool
finding_parse(struct mo_str line, struct mo_buf *memory, struct finding_row *row)
{
    clear(memory, row);
    if (mo_buf_reserve(memory, line.n))
        return false;
    if (read_flat(line, memory, row))
        return true;
    clear(memory, row);
    return read_any(line, memory, row);
}

static void
copy(struct mo_str value, char *out, size_t size)
{
    size_t n = value.n;

    if (n >= size) /* not in the middle of a character */
        for (n = size - 1; n > 0 && ((unsigned char)value.p[n] & 0xC0) == 0x80;)
            --n;
    if (n > 0)
        memcpy(out, value.p, n);
    out[n] = '\0';
}

void
finding_cut(const struct finding_row *row, struct finding *finding)
{
    copy(row->code, finding->code, sizeof finding->code);
    copy(row->level, finding->level, sizeof finding->level);
    copy(row->text, finding->text, sizeof finding->text);
    copy(row->detail, finding->detail, sizeof finding->detail);
    copy(row->record, finding->record, sizeof finding->record);
}

bool
finding_read(struct mo_str line, struct finding *finding)
{
    struct finding_row row;
    struct mo_buf memory;
    bool fine;

    mo_buf_init(&memory, MAX_MEMORY);
    fine = finding_parse(line, &memory, &row);
    if (fine)
        finding_cut(&row, finding);
    mo_buf_done(&memory);
    return fine;
}

static bool
is_one_of(const char *code, const char *const codes[], size_t n)
{
    for (size_t i = 0; i < n; ++i)
        if (strcmp(code, codes[i]) == 0)
            return true;
    return false;
}

#define IS_ONE_OF(code, codes) is_one_of(code, codes, sizeof(codes) / sizeof *(codes))

/* A context that is not known, so that nothing can be read; answers of a platform that failed. */
static const char *const of_page[] = {"J104", "K102", "M202"};

static const char *const of_paging[] = {"K106", "M204"};

bool
finding_is_of_page(const struct finding *f)
{
    return f->code[0] == 'D' || IS_ONE_OF(f->code, of_page);
}

bool
finding_is_of_paging(const struct finding *f)
{
    return IS_ONE_OF(f->code, of_paging);
}

bool
finding_rejects(const struct finding *f)
{
    return strcmp(f->level, "error") == 0 && !finding_is_of_page(f);
}

bool
finding_is_empty(const struct finding *f)
{
    return strcmp(f->code, "D101") == 0 || strcmp(f->code, "D103") == 0;
}
