#include <moisson/diag.h>
#include <moisson/json.h>
#include <moisson/text.h>

#include <stdlib.h>

#include "base/ctype.h"

enum { CODE_LENGTH = 4 };

static const struct mo_diag_row rows[] = {
#define DIAG(id, level, code, en, fr, why_en, why_fr, fix_en, fix_fr, ref)               \
    {MO_##level, code, {en, fr}, {why_en, why_fr}, {fix_en, fix_fr}, ref},
#define DIAG_FIX(id, platform, en, fr)
#include <moisson/diag.def>
#undef DIAG
#undef DIAG_FIX
};

/* How to mend it on one platform. */
static const struct platform_fix {
    enum mo_diag_id id;
    const char *platform;
    const char *fix[2];
} platform_fixes[] = {
#define DIAG(id, level, code, en, fr, why_en, why_fr, fix_en, fix_fr, ref)
#define DIAG_FIX(id, platform, en, fr) {MO_DIAG_##id, platform, {en, fr}},
#include <moisson/diag.def>
#undef DIAG
#undef DIAG_FIX
};

#define DIAG(id, level, code, en, fr, why_en, why_fr, fix_en, fix_fr, ref)               \
    _Static_assert(sizeof code == CODE_LENGTH + 1, code);
#define DIAG_FIX(id, platform, en, fr)
#include <moisson/diag.def>
#undef DIAG
#undef DIAG_FIX

static const char *const level_names[] = {"info", "warning", "error", "fatal"};

void
mo_report(const struct mo_sink *sink, const struct mo_diag *diag)
{
    if (sink && sink->report)
        sink->report(sink->ctx, diag);
}

const struct mo_diag_row *
mo_diag_row(enum mo_diag_id id)
{
    return &rows[id];
}

/* A letter, in whatever case, and digits. */
static bool
is_code(const char *code, struct mo_str s)
{
    return memcmp(code + 1, s.p + 1, CODE_LENGTH - 1) == 0 &&
           mo_lower(code[0]) == mo_lower(s.p[0]);
}

const struct mo_diag_row *
mo_diag_find(struct mo_str code, enum mo_diag_id *id)
{
    for (size_t i = 0; code.n == CODE_LENGTH && i < sizeof rows / sizeof rows[0]; ++i)
        if (is_code(rows[i].code, code)) {
            *id = (enum mo_diag_id)i;
            return &rows[i];
        }
    return NULL;
}

const char *
mo_level_name(enum mo_level level)
{
    return level_names[level];
}

enum mo_lang
mo_lang_of_user(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        const char *value = getenv(names[i]);

        if (value && value[0])
            return strncmp(value, "fr", 2) == 0 ? MO_FR : MO_EN;
    }
    return MO_EN;
}

/* Text of the input is shown to a terminal: control bytes and line ends become "?". */
static void
put_safely(struct mo_buf *out, struct mo_str s)
{
    size_t from = out->n;

    if (mo_buf_str(out, s))
        return;
    for (size_t i = from; i < out->n; ++i)
        if ((unsigned char)out->p[i] < ' ' || out->p[i] == 0x7f)
            out->p[i] = '?';
}

void
mo_diag_line(
    struct mo_buf *out, const char *program, const struct mo_diag *d, enum mo_lang lang)
{
    const struct mo_diag_row *row = &rows[d->id];

    mo_buf_printf(out, "%s: ", program);
    if (d->file.n) {
        put_safely(out, d->file);
        mo_buf_byte(out, ':');
    }
    if (d->line)
        mo_buf_printf(out, "%zu:", d->line);
    if (d->line && d->column)
        mo_buf_printf(out, "%zu:", d->column);
    if (d->file.n || d->line)
        mo_buf_byte(out, ' ');
    mo_buf_printf(out, "%s: %s", level_names[row->level], row->text[lang]);
    if (d->detail.n) {
        mo_buf_c(out, ": '");
        put_safely(out, d->detail);
        mo_buf_byte(out, '\'');
    }
    mo_buf_printf(out, " [%s]", row->code);
    if (d->record.n) {
        mo_buf_c(out, " in <");
        put_safely(out, d->record);
        mo_buf_byte(out, '>');
    }
    if (d->property.n) {
        mo_buf_byte(out, ' ');
        put_safely(out, d->property);
    }
    mo_buf_byte(out, '\n');
}

/* `before`: the comma and the name. */
static void
put_member(struct mo_buf *out, const char *before, struct mo_str value)
{
    struct mo_buf text;

    if (value.n == 0)
        return;
    mo_buf_c(out, before);
    if (mo_utf8_bad(value) == value.n) {
        mo_json_string(out, value);
        return;
    }
    mo_buf_init(&text, 1 << 20);
    mo_utf8_mend(value, &text);
    mo_json_string(out, mo_buf_view(&text));
    mo_buf_done(&text);
}

static void
put_number(struct mo_buf *out, const char *before, uint64_t number)
{
    mo_buf_c(out, before);
    mo_buf_number(out, number);
}

void
mo_diag_json(
    struct mo_buf *out, const char *program, const struct mo_diag *d, enum mo_lang lang)
{
    const struct mo_diag_row *row = &rows[d->id];

    mo_buf_c(out, "{\"program\":\"");
    mo_buf_c(out, program);
    mo_buf_c(out, "\",\"code\":\"");
    mo_buf_c(out, row->code);
    mo_buf_c(out, "\",\"level\":\"");
    mo_buf_c(out, level_names[row->level]);
    mo_buf_c(out, "\",\"text\":");
    mo_json_string(out, mo_str(row->text[lang]));
    put_member(out, ",\"detail\":", d->detail);
    put_member(out, ",\"record\":", d->record);
    put_member(out, ",\"property\":", d->property);
    put_member(out, ",\"file\":", d->file);
    if (d->line)
        put_number(out, ",\"line\":", d->line);
    if (d->line && d->column)
        put_number(out, ",\"column\":", d->column);
    if (d->has_offset)
        put_number(out, ",\"offset\":", d->offset);
    mo_buf_c(out, "}\n");
}

void
mo_diag_explain(struct mo_buf *out, enum mo_diag_id id, enum mo_lang lang)
{
    static const char *const heads[2][2] = {
        {"Why: ", "Fix: "}, {"Pourquoi : ", "Remède : "}};
    const struct mo_diag_row *row = &rows[id];

    mo_buf_printf(
        out, "%s %s: %s\n", row->code, level_names[row->level], row->text[lang]);
    mo_buf_printf(out, "%s%s\n", heads[lang][0], row->why[lang]);
    mo_buf_printf(out, "%s%s\n", heads[lang][1], row->fix[lang]);
    for (size_t i = 0; i < sizeof platform_fixes / sizeof platform_fixes[0]; ++i)
        if (platform_fixes[i].id == id)
            mo_buf_printf(out, "  %s: %s\n", platform_fixes[i].platform,
                platform_fixes[i].fix[lang]);
    if (row->ref[0])
        mo_buf_printf(out, "%s\n", row->ref);
}
