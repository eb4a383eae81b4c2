#include "config.h"

#include <confuse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CONNECT_TIMEOUT = 10,
    IDLE_TIMEOUT = 60,
    TOTAL_TIMEOUT = 3600,
    MAX_PAGES = 10000,
    MAX_BLOCKS = 64
};

#define MAX_BODY "512M"

static const struct mo_sink *told; /* libconfuse hands nothing of ours to `complain` */

static void
complain(cfg_t *cfg, const char *format, va_list args)
{
    char text[512];
    struct mo_diag diag = {.id = MO_DIAG_SOURCES_FILE};

    vsnprintf(text, sizeof text, format, args);
    diag.detail = mo_str(text);
    if (cfg && cfg->filename) {
        diag.file = mo_str(cfg->filename);
        diag.line = (size_t)cfg->line;
    }
    mo_report(told, &diag);
}

/* Bytes, with k, M or G for powers of 1024; -1 for anything else. */
static long long
size_of(const char *text)
{
    static const char units[] = "kMG";
    char *end;
    long long n = strtoll(text, &end, 10);
    const char *unit = *end ? strchr(units, *end) : NULL;

    if (end == text || n <= 0 || n > (1LL << 40) || (*end && (!unit || end[1])))
        return -1;
    for (const char *u = units; unit && u <= unit; ++u)
        n *= 1024;
    return n;
}

static int
check_positive(cfg_t *cfg, cfg_opt_t *opt)
{
    long value = cfg_opt_getnint(opt, cfg_opt_size(opt) - 1);

    if (value > 0)
        return 0;
    cfg_error(cfg, "'%s' must be above 0", opt->name);
    return -1;
}

static int
check_size(cfg_t *cfg, cfg_opt_t *opt)
{
    if (size_of(cfg_opt_getnstr(opt, cfg_opt_size(opt) - 1)) > 0)
        return 0;
    cfg_error(cfg, "'%s' must be a number of bytes, such as 512M", opt->name);
    return -1;
}

static int
check_type(cfg_t *cfg, cfg_opt_t *opt)
{
    const char *type = cfg_opt_getnstr(opt, cfg_opt_size(opt) - 1);

    if (strcmp(type, "dcat") == 0)
        return 0;
    cfg_error(cfg, "there is no type '%s'; there is: dcat", type);
    return -1;
}

static int
check_blocks(cfg_t *cfg, cfg_opt_t *opt)
{
    struct block block;

    for (unsigned i = 0; i < cfg_opt_size(opt); ++i)
        if (!block_parse(cfg_opt_getnstr(opt, i), &block)) {
            cfg_error(cfg, "'%s' is no block of addresses, such as 10.0.0.0/8",
                cfg_opt_getnstr(opt, i));
            return -1;
        }
    return 0;
}

static int
check_source(cfg_t *cfg, cfg_opt_t *opt)
{
    cfg_t *section = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
    const char *url = cfg_getstr(section, "url");

    if (url && (strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0))
        return 0;
    cfg_error(cfg, "source '%s' needs a url that begins with http:// or https://",
        cfg_title(section));
    return -1;
}

static void
read_source(cfg_t *section, struct source *source)
{
    unsigned n = cfg_size(section, "allow-addresses");

    source->name = cfg_title(section);
    source->title = cfg_getstr(section, "title");
    source->type = cfg_getstr(section, "type");
    source->url = cfg_getstr(section, "url");
    source->enabled = cfg_getbool(section, "enabled");
    source->connect_timeout = cfg_getint(section, "connect-timeout");
    source->idle_timeout = cfg_getint(section, "idle-timeout");
    source->total_timeout = cfg_getint(section, "total-timeout");
    source->max_body = size_of(cfg_getstr(section, "max-body"));
    source->max_pages = cfg_getint(section, "max-pages");
    source->allowed = calloc(n + 1, sizeof *source->allowed);
    for (unsigned i = 0; source->allowed && i < n; ++i)
        source->n_allowed += block_parse(cfg_getnstr(section, "allow-addresses", i),
            &source->allowed[source->n_allowed]);
}

static cfg_t *
parse(const struct mo_sink *sink, const char *file, const char *text, int *failed)
{
    cfg_opt_t source[] = {CFG_STR("title", "", CFGF_NONE),
        CFG_STR("type", "dcat", CFGF_NONE), CFG_STR("url", NULL, CFGF_NONE),
        CFG_BOOL("enabled", cfg_true, CFGF_NONE),
        CFG_INT("connect-timeout", CONNECT_TIMEOUT, CFGF_NONE),
        CFG_INT("idle-timeout", IDLE_TIMEOUT, CFGF_NONE),
        CFG_INT("total-timeout", TOTAL_TIMEOUT, CFGF_NONE),
        CFG_STR("max-body", MAX_BODY, CFGF_NONE),
        CFG_INT("max-pages", MAX_PAGES, CFGF_NONE),
        CFG_STR_LIST("allow-addresses", "{}", CFGF_NONE), CFG_END()};
    cfg_opt_t options[] = {CFG_STR("contact", "", CFGF_NONE),
        CFG_SEC("source", source, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
        CFG_END()};
    struct mo_diag unreadable = {.id = MO_DIAG_CANNOT_READ, .file = mo_str(file)};
    cfg_t *cfg = cfg_init(options, CFGF_NONE);
    int result;

    told = sink;
    *failed = -1;
    if (!cfg)
        return NULL;
    cfg_set_error_function(cfg, complain);
    cfg_set_validate_func(cfg, "source", check_source);
    cfg_set_validate_func(cfg, "source|type", check_type);
    cfg_set_validate_func(cfg, "source|connect-timeout", check_positive);
    cfg_set_validate_func(cfg, "source|idle-timeout", check_positive);
    cfg_set_validate_func(cfg, "source|total-timeout", check_positive);
    cfg_set_validate_func(cfg, "source|max-pages", check_positive);
    cfg_set_validate_func(cfg, "source|max-body", check_size);
    cfg_set_validate_func(cfg, "source|allow-addresses", check_blocks);
    result = text ? cfg_parse_buf(cfg, text) : cfg_parse(cfg, file);
    if (result == CFG_FILE_ERROR)
        mo_report(sink, &unreadable);
    *failed = result == CFG_SUCCESS ? 0 : -1;
    return cfg;
}

int
config_read(const struct mo_sink *sink, const char *file, struct config *config)
{
    int failed;
    cfg_t *cfg = parse(sink, file, NULL, &failed);

    memset(config, 0, sizeof *config);
    config->memory = cfg;
    if (failed)
        return -1;
    config->contact = cfg_getstr(cfg, "contact");
    config->n_sources = cfg_size(cfg, "source");
    config->sources = calloc(config->n_sources + 1, sizeof *config->sources);
    for (unsigned i = 0; config->sources && i < config->n_sources; ++i)
        read_source(cfg_getnsec(cfg, "source", i), &config->sources[i]);
    return config->sources ? 0 : -1;
}

void
config_done(struct config *config)
{
    for (size_t i = 0; config->sources && i < config->n_sources; ++i)
        free(config->sources[i].allowed);
    free(config->sources);
    if (config->memory)
        cfg_free(config->memory);
}

const struct source *
config_find(const struct config *config, const char *name)
{
    for (size_t i = 0; i < config->n_sources; ++i)
        if (strcmp(config->sources[i].name, name) == 0 ||
            strcmp(config->sources[i].url, name) == 0)
            return &config->sources[i];
    return NULL;
}

void
config_bare(const char *url, struct source *source)
{
    memset(source, 0, sizeof *source);
    source->name = source->url = url;
    source->title = "";
    source->type = "dcat";
    source->enabled = true;
    source->connect_timeout = CONNECT_TIMEOUT;
    source->idle_timeout = IDLE_TIMEOUT;
    source->total_timeout = TOTAL_TIMEOUT;
    source->max_body = size_of(MAX_BODY);
    source->max_pages = MAX_PAGES;
}
