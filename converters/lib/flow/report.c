#include <moisson/report.h>

#include <stdio.h>
#include <string.h>

enum { SHOWN = 5, MAX_LINE = 1 << 20, USUAL_LINE = 4096 };

static void
print(const struct mo_reporter *r, struct mo_buf *line)
{
    if (r->terminal)
        fputs("\r\033[K", stderr);
    fwrite(line->p, 1, line->n, stderr);
    mo_buf_done(line);
}

/* Most lines are short. */
static void
put_json(const struct mo_reporter *r, const struct mo_diag *diag)
{
    char memory[USUAL_LINE];
    struct mo_buf line;

    mo_buf_fixed(&line, memory, sizeof memory);
    mo_diag_json(&line, r->program, diag, r->lang);
    if (!line.failed) {
        mo_output_write(r->json, mo_buf_view(&line));
        return;
    }
    mo_buf_init(&line, MAX_LINE);
    mo_diag_json(&line, r->program, diag, r->lang);
    mo_output_write(r->json, mo_buf_view(&line));
    mo_buf_done(&line);
}

/* Whether one more of this code is shown. */
static bool
is_shown(const struct mo_reporter *r, enum mo_diag_id id)
{
    if (r->quiet && mo_diag_row(id)->level < MO_ERROR)
        return false;
    return r->verbose || r->counts[id] < SHOWN;
}

void
mo_reporter_take(void *ctx, const struct mo_diag *diag)
{
    struct mo_reporter *r = ctx;
    enum mo_level level = mo_diag_row(diag->id)->level;
    struct mo_buf line;

    if (!r->any || level > r->worst)
        r->worst = level;
    r->any = true;
    if (r->json && r->json->fd >= 0)
        put_json(r, diag);
    if (is_shown(r, diag->id)) {
        mo_buf_init(&line, MAX_LINE);
        mo_diag_line(&line, r->program, diag, r->lang);
        print(r, &line);
    }
    ++r->counts[diag->id];
}

void
mo_reporter_rest(const struct mo_reporter *r)
{
    static const char *const more[] = {"more", "de plus"};

    for (size_t id = 0; id < MO_DIAG_COUNT; ++id) {
        const struct mo_diag_row *row = mo_diag_row((enum mo_diag_id)id);
        struct mo_buf line;

        if (r->counts[id] <= SHOWN || r->verbose || (r->quiet && row->level < MO_ERROR))
            continue;
        mo_buf_init(&line, 1 << 12);
        mo_buf_printf(&line, "%s: %s: %s: %zu %s [%s]\n", r->program,
            mo_level_name(row->level), row->text[r->lang], r->counts[id] - SHOWN,
            more[r->lang], row->code);
        print(r, &line);
    }
}

enum mo_exit
mo_reporter_status(const struct mo_reporter *r)
{
    if (!r->any || r->worst < MO_ERROR)
        return MO_EXIT_CLEAN;
    return r->worst == MO_FATAL ? MO_EXIT_TROUBLE : MO_EXIT_FINDINGS;
}
