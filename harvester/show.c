#include "program.h"

#include <stdlib.h>
#include <string.h>

#include "changes.h"
#include "columns.h"

enum {
    MOST = 50, /* differences of one event that are shown */
    MAX_DETAIL = 60
};

/* ---- Which record ---- */

/* By what is known of it, the surest first. */
static const char *const matches[] = {"identity = ?1", "iri = ?1", "was = ?1",
    "lower(title) = lower(?1)", "title LIKE '%' || ?1 || '%'"};

/* Several have this title: say which there are. */
static int
print_choice(struct run *r, const char *match)
{
    char sql[1024];
    const char *values[] = {r->operands[0]};

    snprintf(sql, sizeof sql,
        "SELECT source, state, kind, coalesce(title, '') AS title, identity FROM v_item"
        " WHERE kind NOT IN ('part', 'loose') AND %s ORDER BY source, item",
        match);
    return columns_print(r->out, store_rows(r->store, sql, values, 1), r->json)
               ? program_store_failed(r)
               : MO_EXIT_FINDINGS;
}

/* How many records match; the way that matched. */
static int64_t
count_matches(const struct run *r, const char **match)
{
    const char *values[] = {r->operands[0]};
    int64_t n = 0;

    for (size_t i = 0; n == 0 && i < sizeof matches / sizeof matches[0]; ++i) {
        char sql[1024];
        struct rows *rows;

        *match = matches[i];
        snprintf(sql, sizeof sql,
            "SELECT count(*) FROM v_item WHERE kind NOT IN ('part', 'loose') AND %s",
            matches[i]);
        rows = store_rows(r->store, sql, values, 1);
        n = rows && rows_next(rows) ? rows_number(rows, 0) : -1;
        if (rows_done(rows))
            return -1;
    }
    return n;
}

static struct rows *
select_one(const struct run *r, const char *columns, const char *match)
{
    const char *values[] = {r->operands[0]};
    char sql[2048];

    snprintf(sql, sizeof sql,
        "SELECT %s FROM v_item WHERE kind NOT IN ('part', 'loose')"
        " AND %s LIMIT 1",
        columns, match);
    return store_rows(r->store, sql, values, 1);
}

/* ---- Its story ---- */

static void
print_line(
    const struct run *r, const char *english, const char *french, const char *value)
{
    size_t width = columns_width(r->out);
    const char *name = program_say(r, english, french);

    if (!value || !value[0])
        return;
    fprintf(r->out, "  %s", name);
    for (size_t n = columns_of(mo_str(name)); n < 14; ++n)
        putc(' ', r->out);
    columns_text(r->out, mo_str(value), width > 20 ? width - 16 : 0);
    putc('\n', r->out);
}

enum {
    SOURCE,
    KIND,
    IDENTITY,
    IRI,
    TITLE,
    STATE,
    FIRST,
    CHANGED,
    LAST,
    MISSING,
    GONE,
    WAS,
    PAGE,
    ITEM,
    WHY,
    CONTACT,
    EVENTS /* of JSON only */
};
#define COLUMNS                                                                           \
    "source, kind, identity, iri, title, state, first_seen, changed, last_seen, missing," \
    " gone, was, page, item, why, (SELECT contact FROM v_source WHERE v_source.source ="  \
    " v_item.source) AS contact"

static void
print_head(const struct run *r, const struct rows *row)
{
    static const struct {
        int column;
        const char *english, *french;
    } lines[] = {{SOURCE, "source", "source"}, {STATE, "state", "état"},
        {WHY, "why", "pourquoi"}, {KIND, "kind", "nature"},
        {IDENTITY, "identity", "identité"}, {IRI, "IRI", "IRI"}, {WAS, "was", "avant"},
        {FIRST, "first seen", "vu d'abord"}, {CHANGED, "changed", "changé"},
        {LAST, "last seen", "vu en dernier"}, {MISSING, "missing since", "manque depuis"},
        {GONE, "gone", "parti"}, {PAGE, "page", "page"}, {CONTACT, "contact", "contact"}};

    fprintf(r->out, "%s\n",
        rows_text(row, TITLE) && rows_text(row, TITLE)[0] ? rows_text(row, TITLE) : "-");
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; ++i)
        print_line(r, lines[i].english, lines[i].french,
            rows_text(row, (size_t)lines[i].column));
}

static int
print_events(const struct run *r, const char *item)
{
    const char *values[] = {item};
    struct rows *rows = store_rows(r->store,
        "SELECT time, job, state, detail FROM v_event WHERE item = ?1 + 0 ORDER BY job",
        values, 1);

    fprintf(r->out, "\n%s\n", program_say(r, "History", "Histoire"));
    while (rows && rows_next(rows)) {
        fprintf(r->out, "  %s  %s %s  %s\n", rows_text(rows, 0),
            program_say(r, "job", "moisson"), rows_text(rows, 1), rows_text(rows, 2));
        if (rows_text(rows, 3))
            changes_print(
                r->out, rows_bytes(rows, 3), "      ", columns_width(r->out), MOST);
    }
    return rows_done(rows);
}

/* What a cleaner finds has the line of a record, which nobody sees. */
static bool
is_of_page(const char *code)
{
    return code[0] != 'C' && code[0] != 'M';
}

static void
print_finding(const struct run *r, const struct rows *row)
{
    enum mo_diag_id id;
    const struct mo_diag_row *diag = mo_diag_find(mo_str(rows_text(row, 0)), &id);
    enum mo_lang lang = r->reporter.lang;

    fprintf(r->out, "  %s %s: %s", rows_text(row, 0), rows_text(row, 1),
        diag ? diag->text[lang] : rows_text(row, 2));
    if (rows_text(row, 3)) {
        fputs(": '", r->out);
        columns_text(r->out, rows_bytes(row, 3), MAX_DETAIL);
        putc('\'', r->out);
    }
    if (rows_text(row, 4))
        fprintf(r->out, " (%s)", rows_text(row, 4));
    if (rows_text(row, 5) && is_of_page(rows_text(row, 0)))
        fprintf(r->out, " (%s %s)", program_say(r, "line", "ligne"), rows_text(row, 5));
    putc('\n', r->out);
    if (!diag)
        return;
    if (diag->why[lang][0])
        fprintf(r->out, "      %s\n", diag->why[lang]);
    if (diag->fix[lang][0])
        fprintf(r->out, "      -> %s\n", diag->fix[lang]);
}

/* What was found in it by the last harvest that told anything of its source. */
static struct rows *
select_findings(const struct run *r, const struct rows *row)
{
    const char *values[] = {
        rows_text(row, SOURCE), rows_text(row, IRI), rows_text(row, IDENTITY)};

    return store_rows(r->store,
        "SELECT DISTINCT code, level, text, detail, property, line, \"column\" FROM"
        " v_finding WHERE source = ?1 AND record IN (?2, ?3) AND job = (SELECT max(job)"
        " FROM v_finding WHERE source = ?1 AND record IN (?2, ?3)) ORDER BY code",
        values, 3);
}

static int
print_findings(const struct run *r, struct rows *rows)
{
    bool any = false;

    while (rows && rows_next(rows)) {
        if (!any)
            fprintf(r->out, "\n%s\n", program_say(r, "Findings", "Constats"));
        any = true;
        print_finding(r, rows);
    }
    return rows_done(rows);
}

static int
print_story(struct run *r, const char *match)
{
    struct rows *row = select_one(r, COLUMNS, match);
    int failed = 0;

    if (row && rows_next(row)) {
        print_head(r, row);
        failed = (rows_text(row, ITEM) && print_events(r, rows_text(row, ITEM))) ||
                 print_findings(r, select_findings(r, row));
    }
    return rows_done(row) || failed ? program_store_failed(r) : MO_EXIT_CLEAN;
}

/* ---- The record itself ---- */

static int
print_record(struct run *r, const char *match)
{
    struct rows *row =
        select_one(r, r->faithful ? "faithful, source" : "json, source", match);
    int status = MO_EXIT_CLEAN;

    if (row && rows_next(row) && rows_text(row, 0)) {
        if (r->format[0])
            status = export_record(r, rows_text(row, 1), rows_bytes(row, 0));
        else
            fprintf(r->out, "%s\n", rows_text(row, 0));
    } else {
        status = MO_EXIT_FINDINGS; /* it was rejected: there is none */
    }
    return rows_done(row) ? program_store_failed(r) : status;
}

static int
write_bytes(void *ctx, struct mo_str bytes)
{
    const struct run *r = ctx;

    return fwrite(bytes.p, 1, bytes.n, r->out) == bytes.n ? 0 : -1;
}

/* A page as it came; `id` 0: it is not there. */
static int
print_kept(struct run *r, const char *url, int64_t id)
{
    if (!id) {
        fprintf(stderr, PROGRAM ": %s: %s\n", url ? url : r->operands[0],
            program_say(r, "the page is not kept as it came (see run --keep-pages)",
                "la page n'est pas gardée telle quelle (voyez run --keep-pages)"));
        return MO_EXIT_FINDINGS;
    }
    if (store_kept_body(r->store, id, write_bytes, r) == 0)
        return MO_EXIT_CLEAN;
    return ferror(r->out) ? program_cannot_write(r) : program_store_failed(r);
}

/* The page that the record stood on. */
static int
print_raw(struct run *r, const char *match)
{
    struct rows *row = select_one(r, "source, page, item", match);
    const char *url = row && rows_next(row) ? rows_text(row, 1) : NULL;
    int64_t id = 0;
    int status;

    if (url && store_find_kept(r->store, rows_text(row, 0), url, !rows_text(row, 2), &id))
        status = program_store_failed(r);
    else
        status = print_kept(r, url, id);
    return rows_done(row) ? program_store_failed(r) : status;
}

/* What is no record may be the address of a page. */
static int
print_page(struct run *r)
{
    int64_t id;

    if (store_find_kept(r->store, NULL, r->operands[0], true, &id))
        return program_store_failed(r);
    return id ? print_kept(r, NULL, id)
              : program_fatal(r, MO_DIAG_NO_SUCH_RECORD, r->operands[0], r->store_file);
}

/* Members behind those of the row, as it is shown to people. */
static void
print_finding_json(const struct run *r, const struct rows *row)
{
    enum mo_diag_id id;
    const struct mo_diag_row *diag = mo_diag_find(mo_str(rows_text(row, 0)), &id);
    enum mo_lang lang = r->reporter.lang;

    for (size_t i = 0; i < rows_width(row); ++i) {
        putc(i ? ',' : '{', r->out);
        columns_member(r->out, row, i);
    }
    fputs(",\"why\":", r->out);
    columns_json(r->out, mo_str(diag ? diag->why[lang] : ""));
    fputs(",\"fix\":", r->out);
    columns_json(r->out, mo_str(diag ? diag->fix[lang] : ""));
    putc('}', r->out);
}

static int
print_findings_json(const struct run *r, struct rows *rows)
{
    fputs(",\n\"findings\":[", r->out);
    for (size_t n = 0; rows && rows_next(rows); ++n) {
        fputs(n ? ",\n" : "\n", r->out);
        print_finding_json(r, rows);
    }
    fputs("]", r->out);
    return rows_done(rows);
}

static int
print_json(struct run *r, const char *match)
{
    struct rows *row = select_one(r,
        COLUMNS
        ", (SELECT json_group_array(json_object('time', time, 'job', job, 'state',"
        " state, 'changes', json(coalesce(detail, '[]')))) FROM (SELECT * FROM"
        " v_event WHERE v_event.item = v_item.item ORDER BY job)) AS events",
        match);
    int failed = 0;

    if (row && rows_next(row)) {
        fputs("[\n{", r->out);
        for (size_t i = 0; i < EVENTS; ++i) {
            columns_member(r->out, row, i);
            putc(',', r->out);
        }
        fprintf(r->out, "\n\"events\":%s", rows_text(row, EVENTS));
        failed = print_findings_json(r, select_findings(r, row));
        fputs("}\n]\n", r->out);
    }
    return rows_done(row) || failed ? program_store_failed(r) : MO_EXIT_CLEAN;
}

int
command_show(struct run *r)
{
    const char *match;
    int64_t n;

    if (r->n_operands == 0)
        return program_misuse("an operand is missing", "KEY|IRI|TITLE");
    if (r->raw + r->faithful + r->clean > 1 || (r->raw && (r->format[0] || r->json)))
        return program_misuse("one of --raw, --faithful, --clean; --raw without -f", "");
    if (program_open_store(r, false))
        return MO_EXIT_TROUBLE;
    n = count_matches(r, &match);
    if (n < 0)
        return program_store_failed(r);
    if (n == 0 && r->raw)
        return print_page(r);
    if (n == 0)
        return program_fatal(r, MO_DIAG_NO_SUCH_RECORD, r->operands[0], r->store_file);
    if (n > 1)
        return print_choice(r, match);
    return r->raw                                    ? print_raw(r, match)
           : r->json                                 ? print_json(r, match)
           : r->faithful || r->clean || r->format[0] ? print_record(r, match)
                                                     : print_story(r, match);
}
