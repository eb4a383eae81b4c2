#include "finding.h"

#include <string.h>

#include <cjson/cJSON.h>

enum { MAX_MEMORY = 64 << 20, MAX_DIGITS = 15 };

/* The texts of a finding, in the order of their names. */
enum { TEXTS = 6 };

static const char *const text_names[TEXTS] = {
    "code", "level", "text", "detail", "record", "property"};

static void
list_texts(struct finding_row *row, struct mo_str *texts[TEXTS])
{
    struct mo_str *all[TEXTS] = {
        &row->code, &row->level, &row->text, &row->detail, &row->record, &row->property};

    memcpy(texts, all, sizeof all);
}

static struct mo_str *
text_named(struct finding_row *row, struct mo_str name)
{
    struct mo_str *texts[TEXTS];

    list_texts(row, texts);
    for (int i = 0; i < TEXTS; ++i)
        if (mo_str_is(name, text_names[i]))
            return texts[i];
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

static size_t
find_byte(struct mo_str s, char byte, size_t from)
{
    const char *hit = from < s.n ? memchr(s.p + from, byte, s.n - from) : NULL;

    return hit ? (size_t)(hit - s.p) : s.n;
}

/* There is room in `memory` for all that the line holds, so that texts in it stay. */
static bool
take_text(struct mo_str *rest, struct mo_buf *memory, struct mo_str *text)
{
    size_t from = memory->n, begin = 0, end, slash;
    char c;

    if (!take(rest, '"'))
        return false;
    end = find_byte(*rest, '"', 0);
    while ((slash = find_byte(mo_str_n(rest->p, end), '\\', begin)) < end) {
        if (slash + 1 == rest->n || !(c = escaped(rest->p[slash + 1])))
            return false;
        mo_buf_add(memory, rest->p + begin, slash - begin);
        mo_buf_byte(memory, c);
        begin = slash + 2;
        if (begin > end)
            end = find_byte(*rest, '"', begin);
    }
    if (begin)
        mo_buf_add(memory, rest->p + begin, end - begin);
    *text = begin ? mo_str_n(memory->p + from, memory->n - from) : mo_str_n(rest->p, end);
    *rest = mo_str_from(*rest, end);
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

/* ---- Kept for a while ---- */

/* Behind the texts, as bytes. */
struct numbers {
    int64_t line, column, offset;
};

int
finding_keep(struct spool *spool, const struct finding_row *row)
{
    struct finding_row copy = *row;
    struct numbers numbers = {row->line, row->column, row->offset};
    struct mo_str *texts[TEXTS], all[TEXTS + 1];

    list_texts(&copy, texts);
    for (int i = 0; i < TEXTS; ++i)
        all[i] = *texts[i];
    all[TEXTS] = mo_str_n((const char *)&numbers, sizeof numbers);
    return spool_add_texts(spool, all, TEXTS + 1);
}

static int
recall(struct spool *spool, int64_t *at, struct finding_row *row)
{
    struct numbers numbers;
    struct mo_str *texts[TEXTS], all[TEXTS + 1];

    if (spool_read_texts(spool, at, all, TEXTS + 1))
        return -1;
    list_texts(row, texts);
    for (int i = 0; i < TEXTS; ++i)
        *texts[i] = all[i];
    memcpy(&numbers, all[TEXTS].p, sizeof numbers);
    row->line = numbers.line;
    row->column = numbers.column;
    row->offset = numbers.offset;
    return 0;
}

int
finding_recall(
    struct spool *spool, int64_t *at, struct finding_row rows[], size_t most, size_t *n)
{
    if (spool->file) /* where texts are read over each other */
        most = 1;
    for (*n = 0; *n < most && *at < spool->n; ++*n)
        if (recall(spool, at, &rows[*n]))
            return -1;
    return 0;
}

/* ---- What it means ---- */

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
