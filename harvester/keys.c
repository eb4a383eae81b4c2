#include "keys.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <moisson/str.h>

#include "licences.h"
#include "merge.h"
#include "nearest.h"
#include "sources/protocol.h"

/* Whether an address holds a user or a password, which would be in every log. */
static bool
has_userinfo(const char *text)
{
    const char *host = strstr(text, "://");

    return host && memchr(host + 3, '@', strcspn(host + 3, "/?#"));
}

static bool
is_url(const char *text)
{
    const char *host = strncmp(text, "http://", 7) == 0    ? text + 7
                       : strncmp(text, "https://", 8) == 0 ? text + 8
                                                           : "";

    return strcspn(host, "/?#:") > 0 && !has_userinfo(text);
}

static bool
is_type(const char *text)
{
    return protocol_named(text) != NULL;
}

static bool
is_organization(const char *text)
{
    return text[0] && !text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")];
}

static bool
is_kind(const char *text)
{
    return strcmp(text, "dataset") == 0 || strcmp(text, "service") == 0;
}

/* As titles in records have it: two or three letters, and what may follow them (RFC 5646). */
static bool
is_language(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz");

    return (n == 2 || n == 3) && (text[n] == '\0' || text[n] == '-');
}

static bool
is_date(const char *text)
{
    static const char form[] = "0000-00-00";
    size_t n = strlen(text);

    for (size_t i = 0; i < sizeof form - 1; ++i)
        if (i >= n ||
            (form[i] == '0' ? !isdigit((unsigned char)text[i]) : text[i] != '-'))
            return false;
    return n == 10 || text[10] == 'T';
}

static bool
is_header(const char *text)
{
    const char *colon = strchr(text, ':');

    return colon && colon > text && !strpbrk(text, "\r\n") &&
           strcspn(text, " \t") > (size_t)(colon - text);
}

static bool
is_variable(const char *text)
{
    return text[0] && !strpbrk(text, "= \t$");
}

static bool
is_proxy(const char *text)
{
    return is_url(text) || (strncmp(text, "socks5h://", 10) == 0 && !has_userinfo(text));
}

#define AT(member) offsetof(struct source, member)
#define FOREVER (10LL * 366 * 86400)

/* clang-format off */
const struct key keys[] = {
    {"title", KEY_TEXT, "", "", 0, 0, AT(title), NULL, true, NULL},
    {"type", KEY_TEXT, "dcat", "dcat", 0, 0, AT(type), is_type, false, protocol_nearest},
    {"url", KEY_TEXT, "", "https://data.example.org/catalogue.rdf", 0, 0, AT(url), is_url, true, NULL},
    {"enabled", KEY_FLAG, "true", "true", 0, 0, AT(enabled), NULL, false, NULL},
    {"was", KEY_WORDS, NULL, "{\"old-name\"}", 0, 0, AT(was), NULL, true, NULL},
    {"organization", KEY_TEXT, "", "534fff75a3a7292c64a77de4", 0, 0, AT(organization), is_organization, false, NULL},
    {"contact", KEY_TEXT, "", "", 0, 0, AT(contact), NULL, false, NULL},
    {"tags", KEY_WORDS, NULL, "{\"culture\"}", 0, 0, AT(tags), NULL, false, NULL},
    {"licence", KEY_TEXT, "", "lov2", 0, 0, AT(licence), licence_is_known, false, licence_nearest},
    {"languages", KEY_WORDS, NULL, "{\"fr\", \"en\"}", 0, 0, AT(languages), is_language, false, NULL},
    {"only-tags", KEY_WORDS, NULL, "{\"muse*\"}", 0, 0, AT(only_tags), NULL, false, NULL},
    {"only-titles", KEY_WORDS, NULL, "{\"Musée*\"}", 0, 0, AT(only_titles), NULL, false, NULL},
    {"only-publishers", KEY_WORDS, NULL, "{\"Ville de *\"}", 0, 0, AT(only_publishers), NULL, false, NULL},
    {"only-types", KEY_WORDS, NULL, "{\"dataset\"}", 0, 0, AT(only_types), is_kind, false, NULL},
    {"modified-since", KEY_TEXT, "", "2025-01-31", 0, 0, AT(modified_since), is_date, false, NULL},
    {"take-foreign", KEY_FLAG, "false", "true", 0, 0, AT(take_foreign), NULL, false, NULL},
    {"max-items", KEY_NUMBER, "0", "500", 0, 1 << 30, AT(max_items), NULL, false, NULL},
    {"min-delay", KEY_FRACTION, "1", "0.5", 0, 3600, AT(min_delay), NULL, false, NULL},
    {"connect-timeout", KEY_NUMBER, "10", "10", 1, 3600, AT(connect_timeout), NULL, false, NULL},
    {"idle-timeout", KEY_NUMBER, "60", "60", 1, 86400, AT(idle_timeout), NULL, false, NULL},
    {"total-timeout", KEY_NUMBER, "3600", "3600", 1, 86400, AT(total_timeout), NULL, false, NULL},
    {"retries", KEY_NUMBER, "3", "3", 0, 100, AT(retries), NULL, false, NULL},
    {"retry-delay", KEY_FRACTION, "2", "2", 0, 3600, AT(retry_delay), NULL, false, NULL},
    {"max-wait", KEY_TIME, "10m", "10m", 0, 86400, AT(max_wait), NULL, false, NULL},
    {"max-time", KEY_TIME, "12h", "12h", 1, FOREVER, AT(max_time), NULL, false, NULL},
    {"full-every", KEY_TIME, "7d", "7d", 0, FOREVER, AT(full_every), NULL, false, NULL},
    {"robots", KEY_FLAG, "true", "false", 0, 0, AT(robots), NULL, false, NULL},
    {"max-body", KEY_SIZE, "512M", "512M", 1, 1LL << 40, AT(max_body), NULL, false, NULL},
    {"max-pages", KEY_NUMBER, "10000", "10000", 1, 1 << 30, AT(max_pages), NULL, false, NULL},
    {"headers", KEY_WORDS, NULL, "{\"X-Name: value\"}", 0, 0, AT(headers), is_header, false, NULL},
    {"user", KEY_TEXT, "", "", 0, 0, AT(user), NULL, false, NULL},
    {"password-file", KEY_TEXT, "", "", 0, 0, AT(password_file), NULL, false, NULL},
    {"password-env", KEY_TEXT, "", "MUSEUM_PASSWORD", 0, 0, AT(password_env), is_variable, false, NULL},
    {"token-file", KEY_TEXT, "", "", 0, 0, AT(token_file), NULL, false, NULL},
    {"token-env", KEY_TEXT, "", "MUSEUM_TOKEN", 0, 0, AT(token_env), is_variable, false, NULL},
    {"password", KEY_SECRET, NULL, "password-file, password-env", 0, 0, 0, NULL, false, NULL},
    {"token", KEY_SECRET, NULL, "token-file, token-env", 0, 0, 0, NULL, false, NULL},
    {"ca-file", KEY_TEXT, "", "", 0, 0, AT(ca_file), NULL, false, NULL},
    {"proxy", KEY_TEXT, "", "http://proxy.example.org:3128", 0, 0, AT(proxy), is_proxy, false, NULL},
    {"allow-addresses", KEY_BLOCKS, NULL, "{\"10.0.0.0/8\"}", 0, 0, AT(allowed), NULL, false, NULL},
    {"filter", KEY_TEXT, "dcatapclean", "dcatapclean", 0, 0, AT(filter), NULL, false, NULL},
    {"converter-timeout", KEY_TIME, "2m", "2m", 1, 86400, AT(converter_timeout), NULL, false, NULL},
    {"converter-memory", KEY_SIZE, "1G", "1G", 1 << 26, 1LL << 40, AT(converter_memory), NULL, false, NULL},
    {"grace-period", KEY_TIME, "7d", "7d", 0, FOREVER, AT(grace_period), NULL, false, NULL},
    {"shrink-guard", KEY_NUMBER, "30", "30", 0, 100, AT(shrink_guard), NULL, false, NULL},
    {"keep", KEY_WORDS, NULL, "{\"frequency\"}", 0, 0, AT(keep), merge_keeps, false, NULL},
    {"union", KEY_WORDS, NULL, "{\"tags\"}", 0, 0, AT(unite), merge_unites, false, NULL},
};
/* clang-format on */

const size_t n_keys = sizeof keys / sizeof keys[0];

const struct key *
key_named(const char *name)
{
    for (size_t i = 0; i < n_keys; ++i)
        if (strcmp(keys[i].name, name) == 0)
            return &keys[i];
    return NULL;
}

const char *
key_nearest(const char *name)
{
    const char *names[sizeof keys / sizeof keys[0]];
    size_t n = 0;

    for (size_t i = 0; i < n_keys; ++i)
        if (keys[i].kind != KEY_SECRET)
            names[n++] = keys[i].name;
    return nearest(name, names, n);
}

const char *
key_example(const struct key *key, const char *wrong)
{
    const char *meant = key->nearest ? key->nearest(wrong) : NULL;

    return meant ? meant : key->example;
}

bool
key_is_secret(const struct key *key, const char *text)
{
    return key->kind == KEY_SECRET || key->fits == is_header || has_userinfo(text);
}

/* ---- Values ---- */

/* A number with one of `units` behind it, each worth `worth` of the same place. */
static bool
number_of(const char *text, const char *units, const long long worth[], long long *n)
{
    char *end;
    const char *unit;

    if (!isdigit((unsigned char)text[0]))
        return false;
    errno = 0;
    *n = strtoll(text, &end, 10);
    if (errno || *n > 1LL << 40)
        return false;
    if (!*end)
        return true;
    unit = strchr(units, *end);
    if (!unit || end[1])
        return false;
    *n *= worth[unit - units];
    return true;
}

static bool
set_number(const struct key *key, const char *text, void *target)
{
    static const long long bytes[] = {1 << 10, 1 << 20, 1 << 30};
    static const long long seconds[] = {1, 60, 3600, 86400};
    long long n;

    if (!number_of(text,
            key->kind == KEY_SIZE   ? "kMG"
            : key->kind == KEY_TIME ? "smhd"
                                    : "",
            key->kind == KEY_SIZE ? bytes : seconds, &n) ||
        n < key->least || n > key->most)
        return false;
    if (key->kind == KEY_SIZE)
        *(long long *)target = n;
    else
        *(long *)target = (long)n;
    return true;
}

static bool
set_fraction(const struct key *key, const char *text, double *target)
{
    char *end;
    double n;

    if (!text[0] || text[strspn(text, "0123456789.")])
        return false;
    n = strtod(text, &end);
    if (end == text || *end || n < (double)key->least || n > (double)key->most)
        return false;
    *target = n;
    return true;
}

static bool
set_flag(const char *text, bool *target)
{
    static const struct {
        const char *text;
        bool means;
    } flags[] = {{"true", true}, {"false", false}, {"yes", true}, {"no", false},
        {"on", true}, {"off", false}};

    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; ++i)
        if (mo_str_eq_nocase(mo_str(flags[i].text), mo_str(text))) {
            *target = flags[i].means;
            return true;
        }
    return false;
}

static const char *
set_words(const struct key *key, const char *const texts[], size_t n, struct words *words)
{
    for (size_t i = 0; i < n; ++i)
        if (!texts[i][0] || (key->fits && !key->fits(texts[i])))
            return texts[i];
    free(words->text);
    words->text = calloc(n + 1, sizeof *words->text);
    words->n = words->text ? n : 0;
    for (size_t i = 0; i < words->n; ++i)
        words->text[i] = texts[i];
    return NULL;
}

static const char *
set_blocks(const char *const texts[], size_t n, struct source *source)
{
    struct block *blocks = calloc(n + 1, sizeof *blocks);

    for (size_t i = 0; blocks && i < n; ++i)
        if (!block_parse(texts[i], &blocks[i])) {
            free(blocks);
            return texts[i];
        }
    free(source->allowed);
    source->allowed = blocks;
    source->n_allowed = blocks ? n : 0;
    return NULL;
}

const char *
key_set(const struct key *key, const char *const texts[], size_t n, struct source *source)
{
    const char *text = n ? texts[0] : "";
    void *target = (char *)source + key->target;
    bool fine = true;

    switch (key->kind) {
    case KEY_WORDS: return set_words(key, texts, n, target);
    case KEY_BLOCKS: return set_blocks(texts, n, source);
    case KEY_FLAG: fine = set_flag(text, target); break;
    case KEY_NUMBER:
    case KEY_SIZE:
    case KEY_TIME: fine = set_number(key, text, target); break;
    case KEY_FRACTION: fine = set_fraction(key, text, target); break;
    case KEY_SECRET: fine = false; break;
    case KEY_TEXT:
        fine = !text[0] || !key->fits || key->fits(text);
        if (fine)
            *(const char **)target = text;
        break;
    }
    return fine ? NULL : text;
}

void
keys_done(struct source *source)
{
    for (size_t i = 0; i < n_keys; ++i)
        if (keys[i].kind == KEY_WORDS)
            free(((struct words *)(void *)((char *)source + keys[i].target))->text);
    free(source->allowed);
}
