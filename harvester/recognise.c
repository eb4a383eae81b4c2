/* moisson probe: what an address is, and the source that it makes. */
#include "program.h"

#include <stdlib.h>
#include <string.h>

#include <moisson/arena.h>
#include <moisson/iri.h>

#include "columns.h"
#include "credentials.h"
#include "probe.h"
#include "sources/query.h"

enum {
    MAX_TRIED = 64,
    COLUMNS = 6,
    SHOWN = 10,            /* codes */
    MOST_BYTES = 32 << 20, /* of an answer */
    MOST_SECONDS = 60
};

/* A row of probes.tsv. */
struct guess {
    const char *platform, *how, *ask, *dialect, *holds, *type;
};

struct search {
    struct run *run;
    struct crawler crawler;
    struct crawler_options options;
    struct source source; /* as it is fetched here */
    struct credentials credentials;
    struct mo_arena *arena;
    struct links links; /* of the page at the address itself */
    struct mo_buf table;
    struct {
        char *url, *what;
    } tried[MAX_TRIED];
    size_t n_tried;

    struct probe probe;
    const char *asked;         /* for it */
    const struct guess *found; /* what `probe` is the answer to */
    struct guess guess;
    char *url; /* of the source that it makes */
};

/* ---- Asking ---- */

/* What servers say, for a terminal. */
static void
tame(char *text)
{
    for (; *text; ++text)
        if ((unsigned char)*text < ' ' || *text == 127)
            *text = '?';
}

static char *
keep(struct search *s, struct mo_str text)
{
    struct mo_str copy;

    if (mo_arena_copy(s->arena, text, &copy)) {
        crawl_trouble(&s->crawler, "out of memory");
        return NULL;
    }
    return (char *)(size_t)copy.p;
}

static bool
was_tried(const struct search *s, const char *url)
{
    for (size_t i = 0; i < s->n_tried; ++i)
        if (strcmp(s->tried[i].url, url) == 0)
            return true;
    return s->n_tried == MAX_TRIED;
}

/* What the last answer was, for people. */
static void
note(struct search *s, char *url)
{
    const struct probe *p = &s->probe;
    char text[1024];

    if (p->dialect[0] && p->members == 0 &&
        (!p->why[0] || strcmp(p->dialect, "html") == 0))
        snprintf(text, sizeof text, "%s", p->dialect);
    else if (p->why[0])
        snprintf(text, sizeof text, "%s", p->why);
    else
        snprintf(text, sizeof text, "%s", p->dialect);
    tame(text);
    s->tried[s->n_tried].url = url;
    s->tried[s->n_tried].what = keep(s, mo_str(text));
    s->n_tried += s->tried[s->n_tried].what != NULL;
}

/* The address, resolved and as HTTP wants it, which is also as a setting may hold it. */
static char *
resolved(struct search *s, const char *reference)
{
    struct mo_str base = mo_str(s->source.url), made = base;
    char *address, *kept;

    if (strcmp(reference, ".") != 0 &&
        mo_iri_resolve(s->arena, base, mo_str(reference), &made))
        return NULL;
    address = query_address(mo_str_n(made.p, mo_str_find(made, mo_str("#"), 0)));
    kept = address ? keep(s, mo_str(address)) : NULL;
    free(address);
    return kept;
}

/* Ask for `url` as one of a protocol. False when it was tried, or in trouble. */
static bool
ask(struct search *s, const struct protocol *protocol, const char *url, bool linked)
{
    char *first = protocol->first ? protocol->first(url) : strdup(url);
    char *kept = first ? keep(s, mo_str(first)) : NULL;

    free(first);
    if (!kept || was_tried(s, kept))
        return false;
    s->asked = kept;
    s->probe = (struct probe){.crawler = &s->crawler,
        .source = &s->source,
        .credentials = &s->credentials,
        .protocol = protocol};
    if (probe_ask(&s->probe, kept, linked))
        return false;
    note(s, kept);
    return true;
}

/* Whether the answer is what a row wants. */
static bool
fits(const struct probe *p, const struct guess *g)
{
    return strcmp(p->dialect, g->dialect) == 0 &&
           (!g->holds[0] || strstr(p->head, g->holds));
}

/* And holds records, or says that there are none. */
static bool
is_good(const struct search *s)
{
    const struct probe *p = &s->probe;

    return p->members > 0 || (!p->why[0] && p->total == 0);
}

static void
find(struct search *s, const struct guess *g, char *url)
{
    s->guess = *g;
    s->found = &s->guess;
    s->url = url;
}

/* ---- The rows of the table ---- */

/* The address itself has answered so; its service may be asked at another. */
static void
try_self(struct search *s, const struct guess *g, const struct protocol *protocol)
{
    char *url = resolved(s, ".");

    if (url && (ask(s, protocol, url, false) || is_good(s)) && fits(&s->probe, g) &&
        is_good(s))
        find(s, g, url);
}

static void
try_path(struct search *s, const struct guess *g, const struct protocol *protocol)
{
    char *url = resolved(s, g->ask);

    if (url && ask(s, protocol, url, false) && fits(&s->probe, g) && is_good(s))
        find(s, g, url);
}

static void
try_links(struct search *s, const struct guess *g, const struct protocol *protocol)
{
    for (size_t i = 0; i < s->links.n && !s->found; ++i) {
        char *url;

        if (!mo_str_eq_nocase(mo_str(s->links.of[i].type), mo_str(g->ask)))
            continue;
        url = resolved(s, s->links.of[i].url);
        if (url && ask(s, protocol, url, true) && fits(&s->probe, g) && is_good(s))
            find(s, g, url);
    }
}

/* The next row of the table at `*at`; false behind the last. The text is cut up. */
static bool
next_row(char **at, struct guess *g)
{
    const char **cells[COLUMNS] = {
        &g->platform, &g->how, &g->ask, &g->dialect, &g->holds, &g->type};
    char *end = strchr(*at, '\n'), *line = *at;

    if (!end)
        return false;
    *end = '\0';
    *at = end + 1;
    for (size_t i = 0; i < COLUMNS; ++i) {
        *cells[i] = line ? line : "";
        line = line ? strchr(line, '\t') : NULL;
        if (line)
            *line++ = '\0';
    }
    return true;
}

/* How each kind of row is tried. */
static const struct {
    const char *how;
    void (*try)(struct search *s, const struct guess *g, const struct protocol *protocol);
} ways[] = {{"self", try_self}, {"path", try_path}, {"link", try_links}};

static void
try_row(struct search *s, const struct guess *g, const struct probe *self)
{
    const struct protocol *protocol = protocol_named(g->type);

    for (size_t i = 0; protocol && i < sizeof ways / sizeof ways[0]; ++i) {
        if (strcmp(g->how, ways[i].how) != 0)
            continue;
        if (ways[i].try != try_self)
            ways[i].try(s, g, protocol);
        else if (fits(self, g)) {
            s->probe = *self;
            s->asked = s->tried[0].url;
            try_self(s, g, protocol);
        }
    }
}

/* All readers there are, for an address of which nothing is known. */
static const struct page_reader any_reader[] = {{"rdfxml", "rdfxml2dcatap"},
    {"jsonld", "jsonld2dcatap"}, {"turtle", "ttl2dcatap"}, {"ckan", "ckan2dcatap"},
    {"ods", "ods2dcatap"}, {"datagouv", "datagouv2dcatap"},
    {"datajson", "datajson2dcatap"}};
static const struct protocol anything = {.type = "",
    .readers = any_reader,
    .n_readers = sizeof any_reader / sizeof any_reader[0],
    .accept = "application/rdf+xml, application/ld+json;q=0.9, application/xml;q=0.8, "
              "text/turtle;q=0.8, application/json;q=0.7, text/html;q=0.6, */*;q=0.1"};

static void
search(struct search *s)
{
    struct guess g;
    struct probe *self;
    char *at;

    char *url = resolved(s, ".");

    if (!url || !ask(s, &anything, url, false) || !s->probe.answered)
        return;
    self = malloc(sizeof *self);
    if (!self) {
        crawl_trouble(&s->crawler, "out of memory");
        return;
    }
    *self = s->probe;
    s->links = self->links;
    at = s->table.p;
    next_row(&at, &g); /* the names of the columns */
    while (!s->found && !s->crawler.trouble && next_row(&at, &g))
        try_row(s, &g, self);
    free(self);
}

/* ---- Telling ---- */

static int
by_weight(const void *a, const void *b)
{
    const struct probe_code *x = a, *y = b;
    int rejects = (int)finding_rejects(&y->first) - (int)finding_rejects(&x->first);

    return rejects        ? rejects
           : x->n != y->n ? (x->n < y->n ? 1 : -1)
                          : strcmp(x->first.code, y->first.code);
}

/* The host, which is what the section is called. */
static struct mo_str
host_of(const char *url)
{
    struct mo_iri parts = mo_iri_parse(mo_str(url));

    return mo_str_n(parts.authority.p, mo_str_find(parts.authority, mo_str(":"), 0));
}

static void
put_section(struct mo_buf *out, const struct search *s)
{
    struct mo_str host = host_of(s->url);

    mo_buf_printf(out,
        "source \"" MO_FMT "\" {\n    type = \"%s\"\n    url = \"%s\"\n}\n", MO_ARG(host),
        s->found->type, s->url);
}

static void
print_count(const struct search *s)
{
    const struct probe *p = &s->probe;
    FILE *out = s->run->out;

    if (p->total >= 0)
        fprintf(out,
            program_say(s->run, "# records: %lld, %lld of them on the first page",
                "# fiches : %lld, dont %lld sur la première page"),
            (long long)p->total, (long long)(p->members + p->rejected));
    else
        fprintf(out,
            p->more ? program_say(s->run,
                          "# records: %lld on the first page, and more behind it",
                          "# fiches : %lld sur la première page, et d'autres derrière")
                    : program_say(s->run, "# records: %lld", "# fiches : %lld"),
            (long long)(p->members + p->rejected));
    if (p->rejected)
        fprintf(out, program_say(s->run, ", %lld rejected", ", %lld rejetées"),
            (long long)p->rejected);
    fputc('\n', out);
}

static void
print_found(const struct search *s)
{
    const struct probe *p = &s->probe;
    FILE *out = s->run->out;
    struct mo_buf section;

    fprintf(out, "# %s: %s\n", s->found->platform, s->asked);
    print_count(s);
    for (size_t i = 0; i < p->n_codes && i < SHOWN; ++i)
        fprintf(out, "#   %s %6lld  %s: %s\n", p->codes[i].first.code,
            (long long)p->codes[i].n, p->codes[i].first.level, p->codes[i].first.text);
    if (p->n_codes > SHOWN)
        fprintf(out,
            program_say(s->run, "#   and %zu codes more\n", "#   et %zu autres codes\n"),
            p->n_codes - SHOWN);
    mo_buf_init(&section, 1 << 20);
    put_section(&section, s);
    fwrite(section.p, 1, section.n, out);
    mo_buf_done(&section);
}

static void
print_member(FILE *out, const char *before, const char *text)
{
    fputs(before, out);
    columns_json(out, mo_str(text));
}

static void
print_json_findings(FILE *out, const struct probe *p)
{
    for (size_t i = 0; i < p->n_codes; ++i) {
        const struct probe_code *c = &p->codes[i];

        print_member(out, i ? ",\n{\"code\":" : "\n{\"code\":", c->first.code);
        fprintf(out, ",\"count\":%lld", (long long)c->n);
        print_member(out, ",\"level\":", c->first.level);
        print_member(out, ",\"text\":", c->first.text);
        print_member(out, ",\"detail\":", c->first.detail);
        fputc('}', out);
    }
}

static void
print_json_found(FILE *out, const struct search *s)
{
    const struct probe *p = &s->probe;
    struct mo_buf section;

    print_member(out, ",\n\"platform\":", s->found->platform);
    print_member(out, ",\"type\":", s->found->type);
    print_member(out, ",\"endpoint\":", s->url);
    print_member(out, ",\"first\":", s->asked);
    if (p->total >= 0)
        fprintf(out, ",\"total\":%lld", (long long)p->total);
    fprintf(out, ",\"records\":%lld,\"rejected\":%lld,\"more\":%s,\"findings\":[",
        (long long)p->members, (long long)p->rejected,
        p->more || p->total > p->members + p->rejected ? "true" : "false");
    print_json_findings(out, p);
    mo_buf_init(&section, 1 << 20);
    put_section(&section, s);
    mo_buf_byte(&section, '\0');
    print_member(out, "],\n\"section\":", section.p);
    mo_buf_done(&section);
}

static void
print_json(const struct search *s)
{
    FILE *out = s->run->out;

    print_member(out, "{\"url\":", s->source.url);
    fputs(",\"tried\":[", out);
    for (size_t i = 0; i < s->n_tried; ++i) {
        print_member(out, i ? ",\n{\"url\":" : "\n{\"url\":", s->tried[i].url);
        print_member(out, ",\"answer\":", s->tried[i].what);
        fputc('}', out);
    }
    fputc(']', out);
    if (s->found)
        print_json_found(out, s);
    fputs("}\n", out);
}

static void
print_tried(const struct search *s)
{
    fprintf(stderr, PROGRAM ": %s: %s\n", s->source.url,
        program_say(
            s->run, "nothing was recognised; tried:", "rien n'a été reconnu ; essayé :"));
    for (size_t i = 0; i < s->n_tried; ++i)
        fprintf(stderr, "    %s: %s\n", s->tried[i].url, s->tried[i].what);
}

/* ---- The command ---- */

static int
begin(struct search *s)
{
    char why[512];
    const char *wrong = credentials_read(&s->source, &s->credentials, why, sizeof why);

    if (wrong) {
        fprintf(stderr, PROGRAM ": %s: %s\n", s->source.name, wrong);
        return -1;
    }
    s->options = (struct crawler_options){.sink = &s->run->sink,
        .program = PROGRAM,
        .version = MO_VERSION,
        .contact = s->run->config.contact ? s->run->config.contact : "",
        .tables = s->run->tables,
        .vocab = s->run->vocab};
    s->crawler.options = &s->options;
    s->arena = mo_arena_new(16 << 20);
    mo_buf_init(&s->table, 1 << 20);
    if (!s->arena || mo_tables_list(s->run->tables, mo_str("probes"), &s->table) ||
        mo_buf_byte(&s->table, '\0'))
        return crawl_trouble(&s->crawler, "out of memory");
    if (crawl_open(&s->crawler))
        return -1;
    return crawl_tool(&s->crawler, "dcatapclean") ? 0 : -1;
}

static void
release(struct search *s)
{
    crawl_close(&s->crawler);
    credentials_done(&s->credentials);
    mo_arena_free(s->arena);
    mo_buf_done(&s->table);
}

static int
run_search(struct search *s)
{
    int status = MO_EXIT_TROUBLE;

    if (begin(s) == 0)
        search(s);
    if (s->crawler.fetcher && !s->crawler.trouble && s->n_tried) {
        qsort(s->probe.codes, s->probe.n_codes, sizeof s->probe.codes[0], by_weight);
        if (s->run->json)
            print_json(s);
        else if (s->found)
            print_found(s);
        if (!s->found && !s->run->json)
            print_tried(s);
        status = s->found ? MO_EXIT_CLEAN : MO_EXIT_FINDINGS;
    }
    release(s);
    return status;
}

int
command_probe(struct run *r)
{
    struct search *s;
    struct source bare;
    const struct source *source = NULL;
    int status;

    if (r->n_operands == 0)
        return program_misuse("probe takes a URL or a source", "");
    if (program_find_source(r, &source, &bare) || program_load_vocab(r))
        return MO_EXIT_TROUBLE;
    s = calloc(1, sizeof *s);
    if (!s)
        return program_fatal(r, MO_DIAG_NO_MEMORY, "", "");
    s->run = r;
    s->source = *source;
    s->source.retries = s->source.retries > 1 ? 1 : s->source.retries;
    s->source.max_wait = s->source.max_wait > 30 ? 30 : s->source.max_wait;
    if (s->source.max_body > MOST_BYTES)
        s->source.max_body = MOST_BYTES;
    if (s->source.total_timeout > MOST_SECONDS)
        s->source.total_timeout = MOST_SECONDS;
    status = run_search(s);
    free(s);
    if (source == &bare)
        source_done(&bare);
    return status;
}
