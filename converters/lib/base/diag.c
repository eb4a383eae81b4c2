#include <moisson/diag.h>
#include <moisson/json.h>
#include <moisson/text.h>

#include <inttypes.h>
#include <stdlib.h>

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

const struct mo_diag_row *
mo_diag_find(struct mo_str code, enum mo_diag_id *id)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i)
        if (mo_str_eq_nocase(code, mo_str(rows[i].code))) {
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

static void
put_member(struct mo_buf *out, const char *name, struct mo_str value)
{
    struct mo_buf text;

    if (value.n == 0)
        return;
    mo_buf_init(&text, 1 << 20);
    mo_utf8_mend(value, &text);
    mo_buf_printf(out, ",\"%s\":", name);
    mo_json_string(out, mo_buf_view(&text));
    mo_buf_done(&text);
}

void
mo_diag_json(
    struct mo_buf *out, const char *program, const struct mo_diag *d, enum mo_lang lang)
{
    const struct mo_diag_row *row = &rows[d->id];

    mo_buf_printf(out, "{\"program\":\"%s\",\"code\":\"%s\",\"level\":\"%s\"", program,
        row->code, level_names[row->level]);
    put_member(out, "text", mo_str(row->text[lang]));
    put_member(out, "detail", d->detail);
    put_member(out, "record", d->record);
    put_member(out, "property", d->property);
    put_member(out, "file", d->file);
    if (d->line)
        mo_buf_printf(out, ",\"line\":%zu", d->line);
    if (d->line && d->column)
        mo_buf_printf(out, ",\"column\":%zu", d->column);
    if (d->has_offset)
        mo_buf_printf(out, ",\"offset\":%" PRIu64, d->offset);
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
