#include "config.h"

#include <confuse.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "keys.h"
#include "sources/protocol.h"

enum { MAX_LIST = 4096 };

/* libconfuse hands nothing of ours to its callbacks */
static const struct mo_sink *told;
static const char *reading; /* the file */

static void
tell(cfg_t *cfg, enum mo_diag_id id, const char *detail)
{
    struct mo_diag diag = {.id = id,
        .detail = mo_str(detail),
        .file = mo_str(reading),
        .line = cfg && cfg->line > 0 ? (size_t)cfg->line : 0};

    mo_report(told, &diag);
}

/* What libconfuse itself finds. */
static void
complain(cfg_t *cfg, const char *format, va_list args)
{
    char text[512], name[128];
    const char *meant;

    vsnprintf(text, sizeof text, format, args);
    if (sscanf(text, "no such option '%127[^']'", name) != 1) {
        tell(cfg, MO_DIAG_SOURCES_FILE, text);
        return;
    }
    meant = key_nearest(name); /* or itself, where it does not belong */
    snprintf(text, sizeof text, meant && strcmp(meant, name) != 0 ? "%s (%s?)" : "%s",
        name, meant);
    tell(cfg, MO_DIAG_SETTING_UNKNOWN, text);
}

/* The texts of an option, with room for MAX_LIST. */
static size_t
texts_of(cfg_opt_t *opt, const char *texts[])
{
    size_t n = cfg_opt_size(opt);

    for (size_t i = 0; i < n && i < MAX_LIST; ++i)
        texts[i] = cfg_opt_getnstr(opt, (unsigned)i);
    return n < MAX_LIST ? n : MAX_LIST;
}

static int
check(cfg_t *cfg, cfg_opt_t *opt)
{
    const struct key *key = key_named(opt->name);
    const char *texts[MAX_LIST], *wrong;
    struct source scratch = {.name = ""};
    char detail[512];

    wrong = key_set(key, texts, texts_of(opt, texts), &scratch);
    keys_done(&scratch);
    if (!wrong && cfg_opt_size(opt) <= MAX_LIST)
        return 0;
    wrong = wrong ? wrong : "{...}";
    if (key_is_secret(key, wrong))
        snprintf(detail, sizeof detail, "%s (%s?)", key->name, key->example);
    else
        snprintf(
            detail, sizeof detail, "%s = %.200s (%s?)", key->name, wrong, key->example);
    tell(cfg,
        key_is_secret(key, wrong) && key->kind != KEY_WORDS ? MO_DIAG_SETTING_SECRET
                                                            : MO_DIAG_SETTING_VALUE,
        detail);
    return -1;
}

static int
check_source(cfg_t *cfg, cfg_opt_t *opt)
{
    cfg_t *section = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
    const char *name = cfg_title(section);

    if (!name[0] || strpbrk(name, "\n\r\t\033")) {
        tell(cfg, MO_DIAG_SOURCE_NAME, name);
        return -1;
    }
    if (cfg_size(section, "url"))
        return 0;
    tell(cfg, MO_DIAG_SOURCE_URL, name);
    return -1;
}

/* ---- From libconfuse to sources ---- */

/* The options of a source, or the defaults; all are texts, and unset at first. */
static void
list_options(cfg_opt_t options[], bool defaults)
{
    size_t n = 0;

    for (size_t i = 0; i < n_keys; ++i) {
        cfg_opt_t one = CFG_STR("", NULL, CFGF_NODEFAULT);
        cfg_opt_t list = CFG_STR_LIST("", NULL, CFGF_NODEFAULT);

        if (defaults && keys[i].own)
            continue;
        options[n] = keys[i].kind == KEY_WORDS || keys[i].kind == KEY_BLOCKS ? list : one;
        options[n++].name = (char *)(size_t)keys[i].name;
    }
    options[n] = (cfg_opt_t)CFG_END();
}

static void
watch_options(cfg_t *cfg, const char *section, bool defaults)
{
    char path[128];

    for (size_t i = 0; i < n_keys; ++i)
        if (!defaults || !keys[i].own) {
            snprintf(path, sizeof path, "%s|%s", section, keys[i].name);
            cfg_set_validate_func(cfg, path, check);
        }
}

/* What the source says, else what the defaults say, else what the table does. */
static void
read_source(cfg_t *section, cfg_t *defaults, struct source *source)
{
    const char *texts[MAX_LIST];

    for (size_t i = 0; i < n_keys; ++i) {
        const struct key *key = &keys[i];
        cfg_opt_t *opt = section ? cfg_getopt(section, key->name) : NULL;

        if ((!opt || !cfg_opt_size(opt)) && defaults && !key->own)
            opt = cfg_getopt(defaults, key->name);
        if (opt && cfg_opt_size(opt))
            key_set(key, texts, texts_of(opt, texts), source);
        else if (key->initial)
            key_set(key, &key->initial, 1, source);
    }
}

static int
is_settings(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);

    return n > 5 && entry->d_name[0] != '.' &&
           strcmp(entry->d_name + n - 5, ".conf") == 0;
}

static int
parse_file(cfg_t *cfg, const char *file)
{
    struct mo_diag unreadable = {.id = MO_DIAG_CANNOT_READ, .file = mo_str(file)};
    int result;

    reading = file;
    result = cfg_parse(cfg, file);
    if (result == CFG_FILE_ERROR)
        mo_report(told, &unreadable);
    return result == CFG_SUCCESS ? 0 : -1;
}

static int
parse_directory(cfg_t *cfg, const char *directory)
{
    struct dirent **names;
    int n = scandir(directory, &names, is_settings, alphasort), failed = n < 0;
    char file[4096];

    for (int i = 0; i < n; ++i) {
        snprintf(file, sizeof file, "%s/%s", directory, names[i]->d_name);
        failed = failed || parse_file(cfg, file);
        free(names[i]);
    }
    if (n < 0)
        parse_file(cfg, directory);
    else
        free(names);
    return failed ? -1 : 0;
}

static cfg_t *
parse(const char *file, int *failed)
{
    cfg_opt_t source[64], defaults[64]; /* libconfuse copies them */
    struct stat st;
    cfg_t *cfg;

    list_options(source, false);
    list_options(defaults, true);
    {
        cfg_opt_t options[] = {CFG_STR("contact", "", CFGF_NONE),
            CFG_SEC("defaults", defaults, CFGF_NONE),
            CFG_SEC("source", source, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
            CFG_END()};

        cfg = cfg_init(options, CFGF_NONE);
    }
    *failed = -1;
    if (!cfg)
        return NULL;
    cfg_set_error_function(cfg, complain);
    cfg_set_validate_func(cfg, "source", check_source);
    watch_options(cfg, "source", false);
    watch_options(cfg, "defaults", true);
    *failed = stat(file, &st) == 0 && S_ISDIR(st.st_mode) ? parse_directory(cfg, file)
                                                          : parse_file(cfg, file);
    return cfg;
}

int
config_read(const struct mo_sink *sink, const char *file, struct config *config)
{
    int failed;
    cfg_t *cfg;

    memset(config, 0, sizeof *config);
    told = sink;
    cfg = parse(file, &failed);
    config->memory = cfg;
    if (failed)
        return -1;
    config->contact = cfg_getstr(cfg, "contact");
    config->n_sources = cfg_size(cfg, "source");
    config->sources = calloc(config->n_sources + 1, sizeof *config->sources);
    for (unsigned i = 0; config->sources && i < config->n_sources; ++i) {
        cfg_t *section = cfg_getnsec(cfg, "source", i);

        config->sources[i].name = cfg_title(section);
        config->sources[i].position = (long)i + 1;
        read_source(section, cfg_getsec(cfg, "defaults"), &config->sources[i]);
    }
    return config->sources ? 0 : -1;
}

void
config_done(struct config *config)
{
    for (size_t i = 0; config->sources && i < config->n_sources; ++i)
        source_done(&config->sources[i]);
    free(config->sources);
    if (config->memory)
        cfg_free(config->memory);
}

static bool
was_called(const struct source *source, const char *name)
{
    for (size_t i = 0; i < source->was.n; ++i)
        if (strcmp(source->was.text[i], name) == 0)
            return true;
    return false;
}

const struct source *
config_find(const struct config *config, const char *name)
{
    for (size_t i = 0; i < config->n_sources; ++i)
        if (strcmp(config->sources[i].name, name) == 0 ||
            strcmp(config->sources[i].url, name) == 0)
            return &config->sources[i];
    for (size_t i = 0; i < config->n_sources; ++i)
        if (was_called(&config->sources[i], name))
            return &config->sources[i];
    return NULL;
}

bool
config_time(const char *text, long *seconds)
{
    const struct key *key = key_named("grace-period");
    struct source source = {.name = ""};

    if (key_set(key, &text, 1, &source))
        return false;
    *seconds = source.grace_period;
    return true;
}

void
config_bare(const char *url, struct source *source)
{
    memset(source, 0, sizeof *source);
    read_source(NULL, NULL, source);
    source->name = source->url = url;
    source->type = protocol_of(url)->type;
}

void
source_done(struct source *source)
{
    keys_done(source);
}
