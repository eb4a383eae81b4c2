#include "finding.h"

#include <string.h>

#include <cjson/cJSON.h>

static void
copy(const cJSON *object, const char *name, char *out, size_t size)
{
    const char *value =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    size_t n = value ? strlen(value) : 0;

    if (n >= size) /* not in the middle of a character */
        for (n = size - 1; n > 0 && ((unsigned char)value[n] & 0xC0) == 0x80;)
            --n;
    if (n > 0)
        memcpy(out, value, n);
    out[n] = '\0';
}

bool
finding_read(struct mo_str line, struct finding *finding)
{
    cJSON *object = cJSON_ParseWithLength(line.p, line.n);
    bool fine = cJSON_IsObject(object);

    if (fine) {
        copy(object, "code", finding->code, sizeof finding->code);
        copy(object, "level", finding->level, sizeof finding->level);
        copy(object, "text", finding->text, sizeof finding->text);
        copy(object, "detail", finding->detail, sizeof finding->detail);
        copy(object, "record", finding->record, sizeof finding->record);
    }
    cJSON_Delete(object);
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
