/*
 * What went wrong, where, and how to mend it. Every message is one row of
 * diag.def: its code is stable, its text exists in English and French.
 *
 * Library code reports to a sink and returns; only programs print or exit.
 */
#ifndef MOISSON_DIAG_H
#define MOISSON_DIAG_H

#include <stdint.h>
#include <stdio.h>

#include <moisson/buf.h>
#include <moisson/str.h>

#ifdef __cplusplus
extern "C" {
#endif

enum mo_level {
    MO_INFO,    /* nothing was changed or lost */
    MO_WARNING, /* something was repaired, left out or is doubtful */
    MO_ERROR,   /* input was rejected, or broke off: exit status 1 */
    MO_FATAL    /* the job cannot be done: exit status 2 */
};

enum mo_diag_id {
#define DIAG(id, level, code, en, fr, why_en, why_fr, fix_en, fix_fr, ref) MO_DIAG_##id,
#define DIAG_FIX(id, platform, en, fr)
#include <moisson/diag.def>
#undef DIAG
#undef DIAG_FIX
    MO_DIAG_COUNT
};

enum mo_lang { MO_EN, MO_FR };

/* A row of the catalogue. Static storage. */
struct mo_diag_row {
    enum mo_level level;
    const char *code;
    const char *text[2]; /* by enum mo_lang; no capital, no full stop */
    const char *why[2];  /* why it matters, a sentence */
    const char *fix[2];  /* what to do, a sentence */
    const char *ref;     /* where it is written, or "" */
};

/* One event. All texts are borrowed for the time of the report. */
struct mo_diag {
    enum mo_diag_id id;
    struct mo_str detail;   /* the culprit: a value, a name, a reason */
    struct mo_str record;   /* the identity of the record concerned */
    struct mo_str property; /* the property or field concerned */
    struct mo_str file;     /* as the user named it; empty for standard input */
    size_t line, column;    /* from 1, columns in bytes; 0 when unknown */
    uint64_t offset;        /* bytes from the start of the input, in UTF-8 */
    bool has_offset;
};

/* Who is told. `report` is never called with a NULL diag. */
struct mo_sink {
    void (*report)(void *ctx, const struct mo_diag *diag);
    void *ctx;
};

/* Nothing happens when `sink` or its function is NULL. */
MO_API void mo_report(const struct mo_sink *sink, const struct mo_diag *diag);

/* `id` must be below MO_DIAG_COUNT. */
MO_API const struct mo_diag_row *mo_diag_row(enum mo_diag_id id);

/* The row with this code (case is ignored), or NULL; `*id` is set when found. */
MO_API const struct mo_diag_row *mo_diag_find(struct mo_str code, enum mo_diag_id *id);

/* "info", "warning", "error", "fatal". */
MO_API const char *mo_level_name(enum mo_level level);

/* French when LC_ALL, LC_MESSAGES or LANG (the first that is set) begins with "fr". */
MO_API enum mo_lang mo_lang_of_user(void);

/*
 * Append `program: file:line:col: level: text: 'detail' [code] in <record> property`
 * and a newline; parts that are unknown are left out, control bytes become `?`.
 */
MO_API void mo_diag_line(struct mo_buf *out, const char *program,
    const struct mo_diag *diag, enum mo_lang lang);

/*
 * Append the same as a JSON object and a newline: program, code, level, text,
 * detail, record, property, file, line, column, offset.
 */
MO_API void mo_diag_json(struct mo_buf *out, const char *program,
    const struct mo_diag *diag, enum mo_lang lang);

/* Append the row in full, as `--explain CODE` prints it. */
MO_API void mo_diag_explain(struct mo_buf *out, enum mo_diag_id id, enum mo_lang lang);

#ifdef __cplusplus
}
#endif

#endif
