#include "flow/flow.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <moisson/date.h>
#include <moisson/iri.h>
#include <moisson/text.h>

#include "base/ctype.h"

struct reading {
    const struct mo_program *program;
    struct options *options;
    enum mo_lang lang;
    int *status;
};

/* What an option does with its argument; false when the argument is no good. */
typedef bool read_fn(struct reading *r, void *target, const char *argument);

static bool
set_flag(struct reading *r, void *target, const char *argument)
{
    (void)r;
    (void)argument;
    *(bool *)target = true;
    return true;
}

static bool
set_text(struct reading *r, void *target, const char *argument)
{
    (void)r;
    *(const char **)target = argument;
    return true;
}

static bool
read_count(const char *text, size_t *count)
{
    char *end;
    unsigned long long n;

    errno = 0;
    n = strtoull(text, &end, 10);
    if (!mo_is_digit(text[0]) || *end || errno || n > SIZE_MAX / 4)
        return false;
    *count = (size_t)n;
    return true;
}

/* Bytes, with k, M or G for powers of 1024. */
static bool
set_size(struct reading *r, void *target, const char *argument)
{
    static const char units[] = "kMG";
    size_t n = strlen(argument), count;
    char number[24];
    const char *unit = n ? strchr(units, argument[n - 1]) : NULL;

    (void)r;
    if (n == 0 || n >= sizeof number)
        return false;
    memcpy(number, argument, n + 1);
    if (unit && *unit)
        number[n - 1] = '\0';
    if (!read_count(number, &count) || count == 0)
        return false;
    for (const char *u = units; unit && *unit && u <= unit; ++u)
        if (count > SIZE_MAX / 4096)
            return false;
        else
            count *= 1024;
    *(size_t *)target = count;
    return true;
}

static bool
set_depth(struct reading *r, void *target, const char *argument)
{
    size_t depth;

    (void)r;
    if (!read_count(argument, &depth) || depth == 0 || depth > 250)
        return false;
    *(size_t *)target = depth;
    return true;
}

static bool
set_base(struct reading *r, void *target, const char *argument)
{
    return mo_iri_is_absolute(mo_str(argument)) && set_text(r, target, argument);
}

static bool
set_folder_url(struct reading *r, void *target, const char *argument)
{
    struct mo_str url = mo_str(argument);

    return (mo_str_starts(url, mo_str("https://")) ||
               mo_str_starts(url, mo_str("http://"))) &&
           mo_iri_bad_byte(url) == url.n && !strpbrk(argument, "?#") &&
           set_text(r, target, argument);
}

/* Of data.gouv.fr: letters, digits, "-" and "_". */
static bool
set_id(struct reading *r, void *target, const char *argument)
{
    for (const char *c = argument; *c; ++c)
        if (!mo_is_alpha(*c) && !mo_is_digit(*c) && *c != '-' && *c != '_')
            return false;
    return argument[0] && set_text(r, target, argument);
}

static bool
set_charset(struct reading *r, void *target, const char *argument)
{
    struct mo_decoder *decoder = mo_decoder_new(mo_str(argument), true);
    bool known = decoder != NULL;

    mo_decoder_free(decoder);
    return known && set_text(r, target, argument);
}

static bool
set_context(struct reading *r, void *target, const char *argument)
{
    bool word = strcmp(argument, "inline") == 0 || strcmp(argument, "none") == 0;

    return (word || mo_iri_is_absolute(mo_str(argument))) &&
           set_text(r, target, argument);
}

static bool
set_max_rejects(struct reading *r, void *target, const char *argument)
{
    size_t n = strlen(argument);
    char number[24];

    (void)target;
    if (n == 0 || n >= sizeof number)
        return false;
    memcpy(number, argument, n + 1);
    r->options->max_rejects_percent = argument[n - 1] == '%';
    if (r->options->max_rejects_percent)
        number[n - 1] = '\0';
    return read_count(number, &r->options->max_rejects) &&
           !(r->options->max_rejects_percent && r->options->max_rejects > 100);
}

/* Where the argument stands among `n` words; -1: nowhere. */
static int
word_of(const char *argument, const char *const words[], int n)
{
    while (--n >= 0 && strcmp(argument, words[n]) != 0)
        ;
    return n;
}

static bool
set_join(struct reading *r, void *target, const char *argument)
{
    static const char *const words[] = {
        [MO_JOIN_AUTO] = "auto", [MO_JOIN_ALWAYS] = "always", [MO_JOIN_NEVER] = "never"};
    int word = word_of(argument, words, 3);

    (void)r;
    if (word < 0)
        return false;
    *(enum mo_join *)target = (enum mo_join)word;
    return true;
}

static bool
set_only(struct reading *r, void *target, const char *argument)
{
    static const char *const words[] = {"datasets", "services"};
    int word = word_of(argument, words, 2);

    (void)r;
    if (word < 0)
        return false;
    *(enum mo_only *)target = word ? MO_ONLY_SERVICES : MO_ONLY_DATASETS;
    return true;
}

/* Codes of diagnostics, with commas between. */
static bool
set_codes(struct reading *r, void *target, const char *argument)
{
    struct mo_str rest = mo_str(argument);
    enum mo_diag_id id;

    while (rest.n) {
        size_t n = mo_str_find(rest, mo_str(","), 0);

        if (!mo_diag_find(mo_str_trim(mo_str_n(rest.p, n)), &id))
            return false;
        rest = mo_str_from(rest, n + 1);
    }
    return argument[0] && set_text(r, target, argument);
}

static bool
set_keys(struct reading *r, void *target, const char *argument)
{
    (void)r;
    return mo_keys_named(mo_str(argument), target);
}

static bool
set_extras(struct reading *r, void *target, const char *argument)
{
    (void)r;
    return mo_extras_named(argument, target);
}

static bool
set_columns(struct reading *r, void *target, const char *argument)
{
    static const char *const words[] = {
        [MO_COLUMNS_CATALOGUE] = "catalogue", [MO_COLUMNS_TEMPLATE] = "template"};
    int word = word_of(argument, words, 2);

    (void)r;
    if (word < 0)
        return false;
    *(enum mo_columns *)target = (enum mo_columns)word;
    return true;
}

static bool
set_now(struct reading *r, void *target, const char *argument)
{
    struct mo_date date;
    size_t seconds;

    (void)r;
    if (mo_date_parse(mo_str(argument), &date) && date.precision >= MO_DAY)
        *(int64_t *)target = mo_date_seconds(&date);
    else if (read_count(argument, &seconds))
        *(int64_t *)target = (int64_t)seconds;
    else
        return false;
    return true;
}

static bool
add_table(struct reading *r, void *target, const char *argument)
{
    const char *equals = strchr(argument, '=');
    struct options *o = r->options;

    (void)target;
    if (!argument[0] || equals == argument || (equals && !equals[1]) ||
        o->n_overlays == MAX_OVERLAYS)
        return false;
    o->overlays[o->n_overlays].name =
        equals ? mo_str_n(argument, (size_t)(equals - argument)) : mo_str("");
    o->overlays[o->n_overlays++].file = equals ? equals + 1 : argument;
    return true;
}

/* The last "=" divides: a URL may hold others. */
static bool
add_context_map(struct reading *r, void *target, const char *argument)
{
    const char *equals = strrchr(argument, '=');
    struct options *o = r->options;
    struct context_map *map = &o->context_maps[o->n_context_maps];

    (void)target;
    if (!equals || equals == argument || !equals[1] ||
        o->n_context_maps == MAX_CONTEXT_MAPS)
        return false;
    map->prefix = mo_str_n(argument, (size_t)(equals - argument));
    map->folder = equals + 1;
    ++o->n_context_maps;
    return true;
}

static bool
add_a_tag(struct reading *r, void *target, const char *argument)
{
    struct options *o = r->options;

    (void)target;
    if (o->n_tags == MO_MAX_TAGS)
        return false;
    o->tags[o->n_tags++] = argument;
    return true;
}

static bool
explain(struct reading *r, void *target, const char *argument)
{
    struct mo_buf out;
    enum mo_diag_id id;

    (void)target;
    if (!mo_diag_find(mo_str(argument), &id)) {
        struct mo_diag diag = {.id = MO_DIAG_EXPLAIN, .detail = mo_str(argument)};

        mo_buf_init(&out, 1 << 16);
        mo_diag_line(&out, r->program->name, &diag, r->lang);
        fputs(out.p, stderr);
        *r->status = MO_EXIT_TROUBLE;
    } else {
        mo_buf_init(&out, 1 << 16);
        mo_diag_explain(&out, id, r->lang);
        fputs(out.p, stdout);
        *r->status = MO_EXIT_CLEAN;
    }
    mo_buf_done(&out);
    return true;
}

static bool
print_table_names(struct reading *r, void *target, const char *argument)
{
    (void)target;
    (void)argument;
    for (size_t i = 0; mo_tables_name(i); ++i)
        puts(mo_tables_name(i));
    *r->status = MO_EXIT_CLEAN;
    return true;
}

static bool print_help(struct reading *r, void *target, const char *argument);

static bool
print_version(struct reading *r, void *target, const char *argument)
{
    (void)target;
    (void)argument;
    printf("%s (moisson) %s\n", r->program->name, MO_VERSION);
    *r->status = MO_EXIT_CLEAN;
    return true;
}

/* For which programs an option makes sense. */
enum scope {
    ALL,
    JSON_ONLY,
    DCATAP_ONLY,
    DATAGOUV_ONLY,
    CLEANER,
    JSONLD,
    QUADS,
    SITE,
    COLUMNS,
    FORM
};

static const struct option_row {
    char letter;
    const char *name;
    const char *argument; /* its name in --help; NULL: none */
    read_fn *read;
    size_t target; /* in struct options */
    enum scope scope;
    const char *help[2];
} rows[] = {
#define TARGET(member) offsetof(struct options, member)
    {'l', "lines", NULL, set_flag, TARGET(lines), JSON_ONLY,
        {"a record a line, instead of one document",
            "un enregistrement par ligne, au lieu d'un document"}},
    {'p', "pretty", NULL, set_flag, TARGET(pretty), JSON_ONLY,
        {"indent the output", "indenter la sortie"}},
    {'o', "output", "FILE", set_text, TARGET(output), ALL,
        {"write FILE, put in place once it is whole",
            "écrire FILE, mis en place une fois entier"}},
    {'b', "base", "IRI", set_base, TARGET(base), ALL,
        {"base IRI of the input", "IRI de base de l'entrée"}},
    {'L', "language", "LIST", set_text, TARGET(languages), ALL,
        {"languages of text, most wanted first (fr,en)",
            "langues des textes, par préférence (fr,en)"}},
    {'s', "strict", NULL, set_flag, TARGET(strict), ALL,
        {"no repairs; stop at the first error",
            "sans réparation ; arrêt à la première erreur"}},
    {'q', "quiet", NULL, set_flag, TARGET(quiet), ALL,
        {"say only what rejected something", "ne dire que ce qui a causé un rejet"}},
    {'v', "verbose", NULL, set_flag, TARGET(verbose), ALL,
        {"say everything, not five of a kind",
            "tout dire, pas seulement cinq fois chaque chose"}},
    {0, "context", "inline|none|URL", set_context, TARGET(context), DCATAP_ONLY,
        {"the context to write (inline; in lines none)",
            "le contexte à écrire (inline ; en lignes none)"}},
    {0, "keys", "3.0.1|2.1.1", set_keys, TARGET(keys), DCATAP_ONLY,
        {"the keys of which DCAT-AP to write (3.0.1)",
            "les clés de quel DCAT-AP écrire (3.0.1)"}},
    {0, "only", "CODES", set_codes, TARGET(only_rules), CLEANER,
        {"apply the rules with these codes alone (C101,C102)",
            "n'appliquer que les règles de ces codes (C101,C102)"}},
    {0, "except", "CODES", set_codes, TARGET(except_rules), CLEANER,
        {"apply all rules but those with these codes",
            "appliquer toutes les règles sauf celles de ces codes"}},
    {0, "only", "datasets|services", set_only, TARGET(only), DATAGOUV_ONLY,
        {"write nothing else", "n'écrire rien d'autre"}},
    {0, "extras", "all|known|none", set_extras, TARGET(extras), DATAGOUV_ONLY,
        {"what to keep in extras (all: what has no field too)",
            "que garder dans extras (all : aussi ce qui n'a pas de champ)"}},
    {0, "add-tag", "TAG", add_a_tag, 0, DATAGOUV_ONLY,
        {"a tag for all records", "une étiquette pour tous les enregistrements"}},
    {0, "collapse-exports", NULL, set_flag, TARGET(collapse_exports), DATAGOUV_ONLY,
        {"of files made on demand, one a format",
            "un fichier par format parmi ceux produits à la demande"}},
    {0, "payload", NULL, set_flag, TARGET(payload), DATAGOUV_ONLY,
        {"write what the API takes, not what it returns",
            "écrire ce que l'API accepte, non ce qu'elle rend"}},
    {0, "organization", "ID", set_id, TARGET(organization), DATAGOUV_ONLY,
        {"the owner of all records, for --payload",
            "le propriétaire de tout, pour --payload"}},
    {0, "private", NULL, set_flag, TARGET(make_private), DATAGOUV_ONLY,
        {"records are private, for --payload",
            "les enregistrements sont privés, pour --payload"}},
    {0, "ids", "FILE", set_text, TARGET(ids), DATAGOUV_ONLY,
        {"ids of what is there already, for --payload",
            "les id de ce qui existe déjà, pour --payload"}},
    {0, "base-url", "URL", set_folder_url, TARGET(base_url), SITE,
        {"the address at which the folder is served",
            "l'adresse à laquelle le dossier est servi"}},
    {0, "catalog", "FILE", set_text, TARGET(catalogue), SITE,
        {"DCAT-AP JSON that describes the catalogue",
            "du DCAT-AP JSON qui décrit le catalogue"}},
    {0, "title", "TEXT", set_text, TARGET(title), SITE,
        {"title of the catalogue", "titre du catalogue"}},
    {0, "description", "TEXT", set_text, TARGET(description), SITE,
        {"description of the catalogue", "description du catalogue"}},
    {0, "publisher", "TEXT", set_text, TARGET(publisher), SITE,
        {"publisher of the catalogue", "éditeur du catalogue"}},
    {0, "columns", "catalogue|template", set_columns, TARGET(columns), COLUMNS,
        {"the columns to write (catalogue: a dataset a row)",
            "les colonnes à écrire (catalogue : un jeu par ligne)"}},
    {0, "template", NULL, set_flag, TARGET(form), FORM,
        {"print an empty spreadsheet with its headings",
            "afficher un tableau vide avec ses en-têtes"}},
    {0, "rejects", "FILE", set_text, TARGET(rejects), ALL,
        {"keep what was rejected in FILE", "garder dans FILE ce qui est rejeté"}},
    {0, "diagnostics", "FILE", set_text, TARGET(diagnostics), ALL,
        {"write all diagnostics to FILE, as JSON lines",
            "écrire tous les diagnostics dans FILE, en lignes JSON"}},
    {0, "summary", "FILE", set_text, TARGET(summary), ALL,
        {"write counts to FILE, as JSON", "écrire les décomptes dans FILE, en JSON"}},
    {0, "losses", "FILE", set_text, TARGET(losses), ALL,
        {"write to FILE the statements that the output cannot hold",
            "écrire dans FILE les énoncés sans place dans la sortie"}},
    {0, "unmatched", "FILE", set_text, TARGET(unmatched), ALL,
        {"write to FILE the values that no table knows",
            "écrire dans FILE les valeurs inconnues des tables"}},
    {0, "max-rejects", "N|N%", set_max_rejects, 0, ALL,
        {"give up when more are rejected (N% from record 50 on)",
            "abandonner au-delà de N rejets (N % dès le 50e)"}},
    {0, "max-bytes", "SIZE", set_size, TARGET(max_bytes), ALL,
        {"ceiling of one record (16M)", "taille maximale d'un enregistrement (16M)"}},
    {0, "max-depth", "N", set_depth, TARGET(max_depth), ALL,
        {"ceiling of nesting (100, at most 250)",
            "imbrication maximale (100, au plus 250)"}},
    {0, "charset", "NAME", set_charset, TARGET(charset), ALL,
        {"character set of the input, whatever it says",
            "jeu de caractères de l'entrée, quoi qu'elle dise"}},
    {0, "now", "TIME", set_now, TARGET(now), ALL,
        {"take this for the present time", "prendre cette date pour maintenant"}},
    {0, "join", "auto|always|never", set_join, TARGET(join), ALL,
        {"which records wait for nodes described elsewhere",
            "quels enregistrements attendent les nœuds décrits ailleurs"}},
    {0, "table", "[NAME=]FILE", add_table, 0, ALL,
        {"lay the rows of FILE over a table, or those that it names",
            "superposer les lignes de FILE à une table, ou à celles qu'il nomme"}},
    {0, "context-map", "PREFIX=DIR", add_context_map, 0, JSONLD,
        {"take contexts whose URL begins so from DIR",
            "prendre dans DIR les contextes dont l'URL commence ainsi"}},
    {0, "quads", NULL, set_flag, TARGET(quads), QUADS,
        {"keep the names of graphs (N-Quads)", "garder les noms de graphes (N-Quads)"}},
    {0, "progress", NULL, set_flag, TARGET(progress), ALL,
        {"show progress on standard error",
            "montrer l'avancement sur la sortie d'erreur"}},
    {0, "standby", NULL, set_flag, TARGET(standby), ALL,
        {"convert what other programs ask for, in a process each",
            "convertir ce que d'autres programmes demandent"}},
    {0, "explain", "CODE", explain, 0, ALL,
        {"explain a diagnostic and exit", "expliquer un diagnostic et quitter"}},
    {0, "list-tables", NULL, print_table_names, 0, ALL,
        {"print the names of the tables; --list-NAME prints one",
            "afficher les noms des tables ; --list-NOM en affiche une"}},
    {'h', "help", NULL, print_help, 0, ALL,
        {"show this and exit", "afficher ceci et quitter"}},
    {'V', "version", NULL, print_version, 0, ALL,
        {"show the version and exit", "afficher la version et quitter"}},
#undef TARGET
};

enum { N_ROWS = sizeof rows / sizeof rows[0], LIST = 1000, MAX_LISTS = 64 };

static bool
applies(const struct mo_program *program, const struct option_row *row)
{
    bool jsonld = strcmp(program->dialect, "jsonld") == 0;

    switch (row->scope) {
    case ALL: return true;
    case JSON_ONLY: return !program->text;
    case DCATAP_ONLY: return program->writer == mo_dcatap_writer;
    case DATAGOUV_ONLY: return program->writer == mo_datagouv_writer;
    case CLEANER: return program->cleaner != NULL;
    case JSONLD: return jsonld;
    case QUADS: return jsonld && program->graph;
    case SITE: return program->site;
    case COLUMNS: return program->columns;
    case FORM: return program->form != NULL;
    }
    return false;
}

static bool
print_help(struct reading *r, void *target, const char *argument)
{
    static const char *const usage[] = {"usage: %s [options] [file ...]\n\n%s\n\n",
        "usage : %s [options] [fichier ...]\n\n%s\n\n"};

    (void)target;
    (void)argument;
    printf(usage[r->lang], r->program->name, r->program->purpose[r->lang]);
    for (size_t i = 0; i < N_ROWS; ++i) {
        const struct option_row *row = &rows[i];
        char left[48];

        if (!applies(r->program, row))
            continue;
        snprintf(left, sizeof left, row->letter ? "-%c, --%s%s%s" : "%c   --%s%s%s",
            row->letter ? row->letter : ' ', row->name, row->argument ? " " : "",
            row->argument ? row->argument : "");
        printf("  %-30s %s\n", left, row->help[r->lang]);
    }
    *r->status = MO_EXIT_CLEAN;
    return true;
}

/* Standard output may be a full disk, even for --help. */
static void
finish_stdout(struct reading *r)
{
    if (fflush(stdout) || ferror(stdout)) {
        fprintf(stderr, "%s: fatal: %s\n", r->program->name, strerror(errno));
        *r->status = MO_EXIT_TROUBLE;
    }
}

static int
misuse(struct reading *r)
{
    static const char *const hint[] = {"try '%s --help'\n", "essayez « %s --help »\n"};

    fprintf(stderr, hint[r->lang], r->program->name);
    *r->status = MO_EXIT_TROUBLE;
    return -1;
}

int64_t
mo_present(void)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    size_t seconds;

    return epoch && read_count(epoch, &seconds) ? (int64_t)seconds : (int64_t)time(NULL);
}

int
mo_options_read(const struct mo_program *program, int argc, char *argv[],
    struct options *o, int *status)
{
    struct reading r = {
        .program = program, .options = o, .lang = mo_lang_of_user(), .status = status};
    struct option longs[N_ROWS + MAX_LISTS + 1] = {{NULL, 0, NULL, 0}};
    char letters[2 * N_ROWS + 2] = ":", names[MAX_LISTS][48], *l = letters + 1;
    size_t n = 0;
    int c;

    memset(o, 0, sizeof *o);
    o->max_rejects = SIZE_MAX;
    o->now = mo_present();
    *status = -1;
    for (size_t i = 0; i < N_ROWS; ++i) {
        if (!applies(program, &rows[i]))
            continue;
        longs[n].name = rows[i].name;
        longs[n].has_arg = rows[i].argument ? required_argument : no_argument;
        longs[n++].val = (int)(256 + i);
        if (rows[i].letter) {
            *l++ = rows[i].letter;
            if (rows[i].argument)
                *l++ = ':';
        }
    }
    for (size_t i = 0; mo_tables_name(i) && i < MAX_LISTS; ++i) {
        snprintf(names[i], sizeof names[i], "list-%s", mo_tables_name(i));
        longs[n].name = names[i];
        longs[n++].val = (int)(LIST + i);
    }
    opterr = optind = 0; /* it may have read another command line */
    while (*status < 0 && (c = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
        const struct option_row *row = NULL;

        if (c >= LIST) {
            o->list = mo_tables_name((size_t)(c - LIST));
            continue;
        }
        for (size_t i = 0; i < N_ROWS && !row; ++i)
            if (c == (int)(256 + i) || (c == rows[i].letter && c < 256))
                row = &rows[i];
        if (c == '?' || c == ':' || !row) {
            static const char *const unknown[] = {"unknown option", "option inconnue"};
            static const char *const missing[] = {
                "option needs an argument", "il manque un argument à l'option"};
            const char *word = optind > 0 && optind <= argc ? argv[optind - 1] : "";
            char letter[3] = {'-', (char)optopt, '\0'};

            fprintf(stderr, "%s: fatal: %s: '%s'\n", program->name,
                c == ':' ? missing[r.lang] : unknown[r.lang],
                optopt > 0 && optopt < 256 ? letter : word);
            return misuse(&r);
        }
        if (!row->read(&r, (char *)o + row->target, optarg)) {
            static const char *const bad[] = {
                "option does not take this", "valeur refusée par l'option"};

            fprintf(stderr, "%s: fatal: %s: '--%s %s'\n", program->name, bad[r.lang],
                row->name, optarg);
            return misuse(&r);
        }
    }
    if (*status < 0 && !o->payload && (o->organization || o->make_private || o->ids)) {
        static const char *const alone[] = {"--organization, --private and --ids go "
                                            "with --payload",
            "--organization, --private et --ids vont avec --payload"};

        fprintf(stderr, "%s: fatal: %s\n", program->name, alone[r.lang]);
        return misuse(&r);
    }
    if (*status >= 0) {
        finish_stdout(&r);
        return -1;
    }
    o->operands = (const char **)(argv + optind);
    o->n_operands = (size_t)(argc - optind);
    return 0;
}
