#include "program.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "columns.h"

/* What has been printed: texts of the settings as rows, as there is no store behind them. */
struct listing {
    const struct run *r;
    size_t n;
};

static void
print_member(FILE *out, const char *name, const char *value)
{
    fprintf(out, ",\"%s\":", name);
    columns_json(out, mo_str(value));
}

static void
begin_object(struct listing *l, const struct source *s)
{
    fputs(l->n++ ? ",\n{\"source\":" : "\n{\"source\":", l->r->out);
    columns_json(l->r->out, mo_str(s->name));
}

static void
print_source(struct listing *l, const struct source *s)
{
    FILE *out = l->r->out;

    if (!l->r->json) {
        fprintf(out, "%s  %s  %s  %s\n", s->name, s->enabled ? "on " : "off", s->type,
            s->url);
        return;
    }
    begin_object(l, s);
    print_member(out, "title", s->title);
    print_member(out, "type", s->type);
    print_member(out, "url", s->url);
    print_member(out, "contact", s->contact);
    fprintf(out, ",\"enabled\":%s}", s->enabled ? "true" : "false");
}

/* ---- What would stop a harvest ---- */

static void
complain(struct listing *l, const struct source *s, const char *key, const char *value,
    const char *problem)
{
    FILE *out = l->r->out;

    if (!l->r->json) {
        ++l->n;
        fprintf(out, "%s: %s = %s: %s\n", s->name, key, value, problem);
        return;
    }
    begin_object(l, s);
    print_member(out, "setting", key);
    print_member(out, "value", value);
    print_member(out, "problem", problem);
    putc('}', out);
}

static bool
is_set(const char *variable)
{
    const char *value = getenv(variable);

    return value && value[0];
}

static void
check_files(struct listing *l, const struct source *s)
{
    const struct {
        const char *key, *file;
    } files[] = {{"password-file", s->password_file}, {"token-file", s->token_file},
        {"ca-file", s->ca_file}};
    const struct {
        const char *key, *name;
    } variables[] = {{"password-env", s->password_env}, {"token-env", s->token_env}};

    for (size_t i = 0; i < sizeof files / sizeof files[0]; ++i)
        if (files[i].file[0] && access(files[i].file, R_OK))
            complain(l, s, files[i].key, files[i].file, strerror(errno));
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; ++i)
        if (variables[i].name[0] && !is_set(variables[i].name))
            complain(l, s, variables[i].key, variables[i].name,
                program_say(l->r, "not set", "n'est pas définie"));
}

/* The same address twice is harvested twice. */
static void
check_twins(struct listing *l, const struct source *s)
{
    char problem[256];

    for (const struct source *other = l->r->config.sources; other < s; ++other)
        if (strcmp(other->url, s->url) == 0) {
            snprintf(problem, sizeof problem, "%s %s",
                program_say(l->r, "the same as of", "la même que celle de"), other->name);
            complain(l, s, "url", s->url, problem);
            return;
        }
}

int
command_sources(struct run *r)
{
    struct listing l = {.r = r};
    const struct source *one = NULL;

    if (program_load_config(r))
        return MO_EXIT_TROUBLE;
    if (r->n_operands && !(one = config_find(&r->config, r->operands[0])))
        return program_fatal(r, MO_DIAG_NO_SOURCE, r->operands[0], r->config_file);
    if (r->json)
        putc('[', r->out);
    for (size_t i = 0; i < r->config.n_sources; ++i) {
        const struct source *s = &r->config.sources[i];

        if (one && s != one)
            continue;
        if (!r->check) {
            print_source(&l, s);
            continue;
        }
        check_files(&l, s);
        check_twins(&l, s);
    }
    if (r->json)
        fputs(l.n ? "\n]\n" : "]\n", r->out);
    return r->check && l.n ? MO_EXIT_FINDINGS : MO_EXIT_CLEAN;
}
