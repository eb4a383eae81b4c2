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

/* Of a document whose context is not known nothing can be read. */
bool
finding_is_of_page(const struct finding *f)
{
    return f->code[0] == 'D' || strcmp(f->code, "J104") == 0;
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
