#include "config.h"

#include <confuse.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <moisson/text.h>

#include "keys.h"
#include "nearest.h"
#include "sources/protocol.h"

enum { MAX_LIST = 4096 };

/* libconfuse hands nothing of ours to its callbacks */
static const struct mo_sink *told;
static const char *reading; /* the file */
static bool said;           /* that something is wrong with it */

static void
tell(cfg_t *cfg, enum mo_diag_id id, const char *detail)
{
    struct mo_diag diag = {.id = id,
        .detail = mo_str(detail),
        .file = mo_str(reading),
        .line = cfg && cfg->line > 0 ? (size_t)cfg->line : 0};

    said = true;
    mo_report(told, &diag);
}

/* What may be meant by a name that is not known in this section, or NULL. */
static const char *
meant_by(cfg_t *cfg, const char *name)
{
    static const char *const outside[] = {"contact", "defaults", "source"};
    enum { N_OUTSIDE = sizeof outside / sizeof outside[0] };
    bool inside = strcmp(cfg_name(cfg), "root") != 0;
    const struct key *key = key_named(name);

    if (key)
        return key->own ? "in a source" : "in defaults or a source";
    if (!inside)
        return nearest(name, outside, N_OUTSIDE);
    return nearest(name, outside + 1, N_OUTSIDE - 1) ? "behind a }" : key_nearest(name);
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
    meant = meant_by(cfg, name);
    snprintf(text, sizeof text, meant ? "%s (%s?)" : "%s", name, meant);
    tell(cfg, MO_DIAG_SETTING_UNKNOWN, text);
}

static bool
is_text(cfg_t *cfg, const char *name, const char *text)
{
    char detail[128];
    bool fine = mo_utf8_bad(mo_str(text)) == strlen(text);

    snprintf(detail, sizeof detail, "%s: not UTF-8", name);
    if (!fine)
        tell(cfg, MO_DIAG_SOURCES_FILE, detail);
    return fine;
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
    size_t n = texts_of(opt, texts);

    for (size_t i = 0; i < n; ++i)
        if (!is_text(cfg, key->name, texts[i]))
            return -1;
    wrong = key_set(key, texts, n, &scratch);
    keys_done(&scratch);
    if (!wrong && cfg_opt_size(opt) <= MAX_LIST)
        return 0;
    wrong = wrong ? wrong : "{...}";
    if (key_is_secret(key, wrong))
        snprintf(detail, sizeof detail, "%s (%s?)", key->name, key->example);
    else
        snprintf(detail, sizeof detail, "%s = %.200s (%s?)", key->name, wrong,
            key_example(key, wrong));
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

    if (!is_text(cfg, "source", name))
        return -1;
    if (!name[0] || strpbrk(name, "\n\r\t\033")) {
        tell(cfg, MO_DIAG_SOURCE_NAME, name);
        return -1;
    }
    if (cfg_size(section, "url") && cfg_getstr(section, "url")[0])
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
cannot_read(const char *file)
{
    struct mo_diag diag = {.id = MO_DIAG_CANNOT_READ,
        .detail = mo_str(strerror(errno)),
        .file = mo_str(file)};

    mo_report(told, &diag);
    return -1;
}

/* A file, behind the byte order mark that editors of Windows write. */
static FILE *
open_file(const char *name)
{
    static const unsigned char mark[] = {0xEF, 0xBB, 0xBF};
    FILE *file = fopen(name, "re");
    struct stat st;
    size_t n = 0;
    int c = 0;

    if (file && fstat(fileno(file), &st) == 0 && S_ISDIR(st.st_mode)) {
        fclose(file);
        errno = EISDIR;
        return NULL;
    }
    while (file && n < sizeof mark && (c = getc(file)) == mark[n])
        ++n;
    if (file && n < sizeof mark)
        ungetc(c, file);
    return file;
}

static int
parse_file(cfg_t *cfg, const char *name)
{
    FILE *file = open_file(name);
    int result;

    if (!file)
        return cannot_read(name);
    reading = name;
    said = false;
    cfg->line = 1;
    result = cfg_parse_fp(cfg, file);
    fclose(file);
    if (result != CFG_SUCCESS && !said)
        tell(NULL, MO_DIAG_SOURCES_FILE, "no text");
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
        return cannot_read(directory);
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
