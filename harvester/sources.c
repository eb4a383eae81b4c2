#include "program.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "columns.h"

/* Texts of the settings as rows: there is no store behind them. */
static void
print_row(const struct run *r, const struct source *s, bool first)
{
    FILE *out = r->out;

    if (!r->json) {
        fprintf(out, "%s  %s  %s  %s\n", s->name, s->enabled ? "on " : "off", s->type,
            s->url);
        return;
    }
    fputs(first ? "\n{\"source\":" : ",\n{\"source\":", out);
    columns_json(out, mo_str(s->name));
    fputs(",\"title\":", out);
    columns_json(out, mo_str(s->title));
    fputs(",\"type\":", out);
    columns_json(out, mo_str(s->type));
    fputs(",\"url\":", out);
    columns_json(out, mo_str(s->url));
    fputs(",\"contact\":", out);
    columns_json(out, mo_str(s->contact));
    fprintf(out, ",\"enabled\":%s}", s->enabled ? "true" : "false");
}

/* ---- What would stop a harvest ---- */

static int
complain(const struct run *r, const struct source *s, const char *key, const char *value)
{
    fprintf(r->out, "%s: %s = %s: %s\n", s->name, key, value,
        program_say(r, "cannot be used", "inutilisable"));
    return 1;
}

static int
complain_of_twin(const struct run *r, const struct source *s, const struct source *other)
{
    fprintf(r->out, "%s: url: %s %s\n", s->name,
        program_say(r, "the same as of", "la même que celle de"), other->name);
    return 1;
}

static int
check_files(const struct run *r, const struct source *s)
{
    const struct {
        const char *key, *file;
    } files[] = {{"password-file", s->password_file}, {"token-file", s->token_file},
        {"ca-file", s->ca_file}};
    int bad = 0;

    for (size_t i = 0; i < sizeof files / sizeof files[0]; ++i)
        if (files[i].file[0] && access(files[i].file, R_OK))
            bad |= complain(r, s, files[i].key, files[i].file);
    if (s->password_env[0] && !getenv(s->password_env))
        bad |= complain(r, s, "password-env", s->password_env);
    if (s->token_env[0] && !getenv(s->token_env))
        bad |= complain(r, s, "token-env", s->token_env);
    return bad;
}

/* The same address twice is harvested twice. */
static int
check_twins(const struct run *r, const struct source *s)
{
    for (const struct source *other = r->config.sources; other < s; ++other)
        if (strcmp(other->url, s->url) == 0)
            return complain_of_twin(r, s, other);
    return 0;
}

int
command_sources(struct run *r)
{
    int bad = 0;
    bool first = true;

    if (program_load_config(r))
        return MO_EXIT_TROUBLE;
    if (r->n_operands && !config_find(&r->config, r->operands[0]))
        return program_fatal(r, MO_DIAG_NO_SOURCE, r->operands[0], r->config_file);
    if (r->json)
        putc('[', r->out);
    for (size_t i = 0; i < r->config.n_sources; ++i) {
        const struct source *s = &r->config.sources[i];

        if (r->n_operands && s != config_find(&r->config, r->operands[0]))
            continue;
        if (r->check)
            bad |= check_files(r, s) | check_twins(r, s);
        else
            print_row(r, s, first);
        first = false;
    }
    if (r->json)
        fputs(first ? "]\n" : "\n]\n", r->out);
    return bad ? MO_EXIT_FINDINGS : MO_EXIT_CLEAN;
}
