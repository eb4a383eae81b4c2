/*
 * The same catalogue as in catalogue.c, as other platforms give it: for measuring.
 *
 *     dialects ckan N      the answer of CKAN's package_search, in ASCII as CKAN writes it
 *     dialects ods N       the answer of Opendatasoft's Explore API, version 2.1
 *     dialects datajson N  a data.json (DCAT-US 1.1)
 *     dialects csv N       a spreadsheet with the headings of the template, a file a row
 *
 * With "-lines" behind the name a dataset a line: of CKAN as ckanapi dumps them, of the
 * spreadsheet an object a row.
 */
#include <stdarg.h>

#include "facts.h"

/* ---- JSON ---- */

static bool first, ascii;

/* Put the code point at `text`; its bytes. */
static size_t
put_code(const unsigned char *text)
{
    static const unsigned char heads[] = {0, 0, 0x1f, 0x0f, 0x07};
    size_t n = text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
    unsigned code = text[0] & heads[n];

    for (size_t i = 1; i < n; ++i)
        code = code << 6 | (text[i] & 0x3f);
    if (!ascii)
        fwrite(text, 1, n, stdout);
    else if (code < 0x10000)
        printf("\\u%04x", code);
    else
        printf("\\u%04x\\u%04x", 0xd7c0 + (code >> 10), 0xdc00 + (code & 0x3ff));
    return n;
}

static void
put_string(const char *text)
{
    putchar('"');
    for (const unsigned char *at = (const unsigned char *)text; *at;) {
        if (*at >= 0x80) {
            at += put_code(at);
            continue;
        }
        if (*at == '"' || *at == '\\')
            putchar('\\');
        if (*at == '\n')
            fputs("\\n", stdout);
        else
            putchar(*at);
        ++at;
    }
    putchar('"');
}

static void
put_key(const char *key)
{
    if (!first)
        putchar(',');
    first = false;
    if (key) {
        put_string(key);
        putchar(':');
    }
}

/* A member, or with a NULL key an element: an object or array that goes on, or ends; JSON; a text. */
static void
begin(const char *key, char bracket)
{
    put_key(key);
    putchar(bracket);
    first = true;
}

static void
end(char bracket)
{
    putchar(bracket);
    first = false;
}

static void
say(const char *key, const char *json)
{
    put_key(key);
    fputs(json, stdout);
}

__attribute__((format(printf, 2, 3))) static void
text(const char *key, const char *format, ...)
{
    char memory[8192];
    va_list values;

    va_start(values, format);
    vsnprintf(memory, sizeof memory, format, values);
    va_end(values);
    put_key(key);
    put_string(memory);
}

/* Names of members with a value that is the same in all records, up to NULL. */
static void
say_all(const char *const *names, const char *json)
{
    for (; *names; ++names)
        say(*names, json);
}

/* ---- Facts as texts; each stays valid until it is asked for again ---- */

static const char *
title_of(size_t i)
{
    static char memory[256];

    snprintf(memory, sizeof memory, "%s – %s, %u",
        subjects[mix(i, 4) % COUNT(subjects)].fr, places[place_of(operator_of(i))].name,
        (unsigned)(1990 + mix(i, 5) % 36));
    return memory;
}

static const char *
description_of(size_t i)
{
    static char memory[4096];
    size_t n = 7 + mix(i, 6) % 5, at = mix(i, 7) % COUNT(sentences), used = 0;

    for (size_t k = 0; k < n; ++k)
        used += (size_t)snprintf(memory + used, sizeof memory - used, "%s%s",
            sentences[(at + k * 5) % COUNT(sentences)],
            k + 1 == n   ? ""
            : k % 3 == 2 ? "\n\n"
                         : " ");
    return memory;
}

static const char *
operator_name(size_t operator)
{
    static char memory[256];

    snprintf(memory, sizeof memory, "%s – %s",
        operators[mix(operator, 3) % COUNT(operators)].fr,
        places[place_of(operator)].name);
    return memory;
}

/* As ISO 8601 up to the second, or to the day. */
static const char *
time_of(size_t i, unsigned use)
{
    static char memory[64];
    uint64_t random = mix(i, use);

    snprintf(memory, sizeof memory, "%u-%02u-%02uT%02u:%02u:%02u",
        (unsigned)(2012 + random % 14), (unsigned)(1 + random / 16 % 12),
        (unsigned)(1 + random / 256 % 28), (unsigned)(random / 8192 % 24),
        (unsigned)(random / 262144 % 60), (unsigned)(random / 16777216 % 60));
    return memory;
}

static const char *
day_of(size_t i, unsigned use)
{
    static char memory[64];

    snprintf(memory, sizeof memory, "%.10s", time_of(i, use));
    return memory;
}

static unsigned
first_year(size_t i)
{
    return (unsigned)(1990 + mix(i, 8) % 25);
}

static unsigned
last_year(size_t i)
{
    return first_year(i) + (unsigned)(mix(i, 9) % 11);
}

static const char *
id_of(size_t i, unsigned use)
{
    static char memory[64];
    uint64_t a = mix(i, use), b = mix(i, use + 100);

    snprintf(memory, sizeof memory, "%08x-%04x-4%03x-a%03x-%012llx", (unsigned)(a >> 32),
        (unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff), (unsigned)(b >> 52),
        (unsigned long long)(b & 0xffffffffffff));
    return memory;
}

static const char *
size_of(size_t i, size_t k)
{
    static char memory[32];

    snprintf(memory, sizeof memory, "%u", (unsigned)(1000 + mix(i, 16 + k) % 90000000));
    return memory;
}

static size_t
format_of(size_t i, size_t k)
{
    return (mix(i, 10) + k) % COUNT(formats);
}

static const struct {
    const char *ckan, *name, *address;
} terms[] = {{"fr-lo", "Licence Ouverte / Open Licence",
                 "https://www.etalab.gouv.fr/licence-ouverte-open-licence"},
    {"lov2", "Licence Ouverte / Open Licence version 2.0",
        "https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf"},
    {"odc-odbl", "Open Data Commons Open Database License (ODbL)",
        "https://opendatacommons.org/licenses/odbl/1-0/"},
    {"cc-by", "Creative Commons Attribution",
        "https://creativecommons.org/licenses/by/4.0/"}};

static const char *const rates[] = {
    "quotidienne", "hebdomadaire", "mensuelle", "annuelle", "ponctuelle"};

static size_t
subject_of(size_t i)
{
    return mix(i, 4) % COUNT(subjects);
}

static size_t
terms_of(size_t i)
{
    return mix(i, 11) % COUNT(terms);
}

static const char *
rate_of(size_t i)
{
    return rates[mix(i, 14) % COUNT(rates)];
}

/* ---- CKAN ---- */

static void
put_ckan_organization(size_t operator)
{
    begin("organization", '{');
    text("id", "%s", id_of(operator, 30));
    text("name", "operateur-%zu", operator);
    text("title", "%s", operator_name(operator));
    say("type", "\"organization\"");
    text("description", "%s", sentences[operator% COUNT(sentences)]);
    text("image_url", SITE "uploads/group/%zu.png", operator);
    text("created", "%s.120391", time_of(operator, 31));
    say("is_organization", "true");
    say("approval_status", "\"approved\"");
    say("state", "\"active\"");
    end('}');
}

static void
put_ckan_extra(const char *key, const char *value)
{
    begin(NULL, '{');
    text("key", "%s", key);
    text("value", "%s", value);
    end('}');
}

static void
put_ckan_extras(size_t i)
{
    size_t place = place_of(operator_of(i));
    double x = places[place].longitude, y = places[place].latitude;
    char memory[512];

    begin("extras", '[');
    put_ckan_extra("frequency", rate_of(i));
    put_ckan_extra("language", "fr");
    snprintf(memory, sizeof memory, "%u-01-01", first_year(i));
    put_ckan_extra("temporal_start", memory);
    snprintf(memory, sizeof memory, "%u-12-31", last_year(i));
    put_ckan_extra("temporal_end", memory);
    snprintf(memory, sizeof memory,
        "{\"type\":\"Polygon\",\"coordinates\":[[[%.2f,%.2f],[%.2f,%.2f],[%.2f,%.2f],"
        "[%.2f,%.2f],[%.2f,%.2f]]]}",
        x - .1, y - .1, x + .1, y - .1, x + .1, y + .1, x - .1, y + .1, x - .1, y - .1);
    put_ckan_extra("spatial", memory);
    put_ckan_extra("spatial_text", places[place].name);
    put_ckan_extra("Code INSEE", places[place].insee);
    end(']');
}

static void
put_ckan_file(size_t i, size_t k)
{
    static const char *const nothing[] = {"cache_last_updated", "cache_url",
        "mimetype_inner", "resource_type", "webstore_last_updated", NULL};
    size_t format = format_of(i, k);

    begin(NULL, '{');
    text("id", "%s", id_of(i * MAX_FILES + k, 32));
    text("package_id", "%s", id_of(i, 33));
    text("name", "%s (%s)", title_of(i), formats[format].name);
    text("description",
        "Export complet au format %s, tel que produit par la base de gestion.",
        formats[format].name);
    text("url", SITE "dataset/%zu/resource/%zu/download/export.%s", i, k,
        formats[format].type);
    text("url_type", "upload");
    text("format", "%s", formats[format].name);
    text("mimetype", "%s", formats[format].media);
    say("size", size_of(i, k));
    text("hash", "%016llx%016llx", (unsigned long long)mix(i, 40 + k),
        (unsigned long long)mix(i, 50 + k));
    text("created", "%s.551002", time_of(i, 15));
    text("last_modified", "%s.774120", time_of(i, 12 + (unsigned)k));
    text("metadata_modified", "%s.774120", time_of(i, 12 + (unsigned)k));
    put_key("position");
    printf("%zu", k);
    say("datastore_active", format == 0 ? "true" : "false");
    say("state", "\"active\"");
    say_all(nothing, "null");
    end('}');
}

static void
put_ckan_words(size_t i)
{
    begin("groups", '[');
    begin(NULL, '{');
    say("description", "\"\"");
    say("display_name", "\"Culture\"");
    say("id", "\"7a6b0b1c-0b5f-4c67-9f2f-0d5b7d1f6a10\"");
    say("image_display_url", "\"\"");
    say("name", "\"culture\"");
    say("title", "\"Culture\"");
    end('}');
    end(']');
    begin("tags", '[');
    for (size_t k = 0; k < COUNT(subjects[0].words); ++k) {
        const char *word = subjects[subject_of(i)].words[k];

        begin(NULL, '{');
        text("display_name", "%s", word);
        text("id", "%s", id_of(subject_of(i) * 10 + k, 34));
        text("name", "%s", word);
        say("state", "\"active\"");
        say("vocabulary_id", "null");
        end('}');
    }
    end(']');
}

static void
put_ckan(size_t i)
{
    static const char *const nothing[] = {"version", NULL};
    static const char *const none[] = {
        "relationships_as_object", "relationships_as_subject", NULL};

    begin(NULL, '{');
    text("author", "Service des données");
    text("author_email", "donnees-%zu@culture.example", operator_of(i));
    text("creator_user_id", "%s", id_of(operator_of(i), 35));
    text("id", "%s", id_of(i, 33));
    say("isopen", "true");
    text("license_id", "%s", terms[terms_of(i)].ckan);
    text("license_title", "%s", terms[terms_of(i)].name);
    text("license_url", "%s", terms[terms_of(i)].address);
    text("maintainer", "Service des données – %s", operator_name(operator_of(i)));
    text("maintainer_email", "donnees-%zu@culture.example", operator_of(i));
    text("metadata_created", "%s.120391", time_of(i, 15));
    text("metadata_modified", "%s.551002", time_of(i, 12));
    text("name", "jeu-%zu", i);
    text("notes", "%s", description_of(i));
    put_key("num_resources");
    printf("%zu", files_of(i));
    say("num_tags", "4");
    put_ckan_organization(operator_of(i));
    text("owner_org", "%s", id_of(operator_of(i), 30));
    say("private", "false");
    say("state", "\"active\"");
    text("title", "%s", title_of(i));
    say("type", "\"dataset\"");
    text("url", SITE "jeux/%zu/", i);
    say_all(nothing, "null");
    put_ckan_extras(i);
    put_ckan_words(i);
    begin("resources", '[');
    for (size_t k = 0; k < files_of(i); ++k)
        put_ckan_file(i, k);
    end(']');
    say_all(none, "[]");
    end('}');
}

/* ---- Opendatasoft ---- */

static void
put_ods_fields(void)
{
    static const char *const fields[][2] = {{"identifiant", "text"}, {"date", "date"},
        {"titre", "text"}, {"auteur", "text"}, {"lieu", "geo_point_2d"},
        {"nombre", "int"}, {"precision", "text"}, {"vignette", "file"}};

    begin("fields", '[');
    for (size_t k = 0; k < COUNT(fields); ++k) {
        begin(NULL, '{');
        text("name", "%s", fields[k][0]);
        text("label", "%s", fields[k][0]);
        text("type", "%s", fields[k][1]);
        text("description", "%s", k % 2 ? sentences[k] : "");
        begin("annotations", '{');
        if (k == 1) {
            begin("facet", '[');
            end(']');
        }
        end('}');
        end('}');
    }
    end(']');
}

static void
put_ods_default(size_t i)
{
    static const char *const nothing[] = {
        "attributions", "geographic_area", "references", NULL};

    begin("default", '{');
    text("title", "%s", title_of(i));
    text("description", "<p>%s</p>", description_of(i));
    say("theme", "[\"Culture\"]");
    begin("keyword", '[');
    for (size_t k = 0; k < COUNT(subjects[0].words); ++k)
        text(NULL, "%s", subjects[subject_of(i)].words[k]);
    end(']');
    text("license", "%s", terms[terms_of(i)].name);
    text("license_url", "%s", terms[terms_of(i)].address);
    say("language", "\"fr\"");
    say("metadata_languages", "[\"fr\"]");
    text("modified", "%s+00:00", time_of(i, 12));
    text("data_processed", "%s+00:00", time_of(i, 12));
    text("metadata_processed", "%s.102000+00:00", time_of(i, 12));
    text("publisher", "%s", operator_name(operator_of(i)));
    say("records_count", size_of(i, 0));
    say("timezone", "\"Europe/Paris\"");
    say("federated", "false");
    begin("territory", '[');
    text(NULL, "%s", places[place_of(operator_of(i))].name);
    end(']');
    begin("geographic_reference", '[');
    text(NULL, "fr_60_%s", places[place_of(operator_of(i))].insee);
    end(']');
    say("geographic_reference_auto", "false");
    say("modified_updates_on_data_change", "true");
    say("modified_updates_on_metadata_change", "false");
    say_all(nothing, "null");
    end('}');
}

static void
put_ods_dcat(size_t i)
{
    static const char *const nothing[] = {
        "contributor", "granularity", "publisher_type", "relation", NULL};

    begin("dcat", '{');
    text("created", "%s+00:00", time_of(i, 15));
    text("issued", "%s+00:00", time_of(i, 15));
    text("creator", "Service des données");
    text("contact_name", "Service des données – %s", operator_name(operator_of(i)));
    text("contact_email", "donnees-%zu@culture.example", operator_of(i));
    text("accrualperiodicity", "%s", rate_of(i));
    text("spatial", "%s", places[place_of(operator_of(i))].name);
    text("temporal", "%u-01-01/%u-12-31", first_year(i), last_year(i));
    say_all(nothing, "null");
    end('}');
    begin("custom", '{');
    text("code-insee", "%s", places[place_of(operator_of(i))].insee);
    end('}');
}

static void
put_ods(size_t i)
{
    begin(NULL, '{');
    say("visibility", "\"domain\"");
    text("dataset_id", "jeu-%zu", i);
    text("dataset_uid", "da_%06x", (unsigned)(mix(i, 13) & 0xffffff));
    say("has_records", "true");
    begin("features", '[');
    text(NULL, "analyze");
    if (i % 2)
        text(NULL, "geo");
    end(']');
    begin("attachments", '[');
    begin(NULL, '{');
    text("mimetype", "application/pdf");
    text("url", "odsfile://notice-%zu.pdf", i);
    text("id", "notice_%zu_pdf", i);
    text("title", "Notice de lecture");
    end('}');
    end(']');
    say("alternative_exports", "[]");
    say("data_visible", "true");
    put_ods_fields();
    begin("metas", '{');
    put_ods_default(i);
    put_ods_dcat(i);
    end('}');
    end('}');
}

/* ---- DCAT-US ---- */

static void
put_datajson_file(size_t i, size_t k)
{
    size_t format = format_of(i, k);

    begin(NULL, '{');
    say("@type", "\"dcat:Distribution\"");
    text("title", "%s (%s)", title_of(i), formats[format].name);
    text("description",
        "Export complet au format %s, tel que produit par la base de gestion.",
        formats[format].name);
    text("format", "%s", formats[format].name);
    text("mediaType", "%s", formats[format].media);
    text("accessURL", SITE "jeux/%zu/", i);
    text(
        "downloadURL", SITE "jeux/%zu/export.%s?version=%zu", i, formats[format].type, k);
    end('}');
}

static void
put_datajson(size_t i)
{
    size_t place = place_of(operator_of(i));
    double x = places[place].longitude, y = places[place].latitude;

    begin(NULL, '{');
    say("@type", "\"dcat:Dataset\"");
    text("identifier", SITE "jeux/%zu", i);
    text("landingPage", SITE "jeux/%zu/", i);
    text("title", "%s", title_of(i));
    text("description", "<div style='text-align:left'>%s</div>", description_of(i));
    begin("keyword", '[');
    for (size_t k = 0; k < COUNT(subjects[0].words); ++k)
        text(NULL, "%s", subjects[subject_of(i)].words[k]);
    end(']');
    text("issued", "%s.000Z", time_of(i, 15));
    text("modified", "%s.000Z", time_of(i, 12));
    begin("publisher", '{');
    text("name", "%s", operator_name(operator_of(i)));
    end('}');
    begin("contactPoint", '{');
    say("@type", "\"vcard:Contact\"");
    text("fn", "Service des données – %s", operator_name(operator_of(i)));
    text("hasEmail", "mailto:donnees-%zu@culture.example", operator_of(i));
    end('}');
    say("accessLevel", "\"public\"");
    text("accrualPeriodicity", "R/P1%c", "DWMY"[mix(i, 14) % 4]);
    text("spatial", "%.2f,%.2f,%.2f,%.2f", x - .1, y - .1, x + .1, y + .1);
    text("temporal", "%u-01-01/%u-12-31", first_year(i), last_year(i));
    text("license", "%s", terms[terms_of(i)].address);
    say("theme", "[\"Culture\",\"geospatial\"]");
    say("language", "[\"fr-FR\"]");
    begin("distribution", '[');
    for (size_t k = 0; k < files_of(i); ++k)
        put_datajson_file(i, k);
    end(']');
    end('}');
}

/* ---- A spreadsheet ---- */

/* A cell as spreadsheets write it, or with `as_json` a member. */
static void
put_cell(bool as_json, const char *heading, const char *value)
{
    if (as_json) {
        text(heading, "%s", value);
        return;
    }
    if (!first)
        putchar(';');
    first = false;
    if (strpbrk(value, ";\"\n"))
        printf("\"%s\"", value); /* no value has a quotation mark */
    else
        fputs(value, stdout);
}

static void
put_words_cell(bool as_json, size_t i)
{
    char memory[512] = "";

    for (size_t k = 0; k < COUNT(subjects[0].words); ++k) {
        strcat(memory, k ? ", " : "");
        strcat(memory, subjects[subject_of(i)].words[k]);
    }
    put_cell(as_json, "Mots-clés", memory);
}

/* What is said of a dataset in the row of its first file, in those of the others nothing. */
static void
put_dataset_cells(bool as_json, size_t i, bool said)
{
    char memory[256];

    snprintf(memory, sizeof memory, "culture-%016llx", (unsigned long long)mix(i, 13));
    put_cell(as_json, "Identifiant", memory);
    put_cell(as_json, "Titre", said ? title_of(i) : "");
    put_cell(as_json, "Description", said ? description_of(i) : "");
    if (said)
        put_words_cell(as_json, i);
    else
        put_cell(as_json, "Mots-clés", "");
    put_cell(as_json, "Licence", said ? terms[terms_of(i)].name : "");
    put_cell(as_json, "Fréquence", said ? rate_of(i) : "");
    put_cell(as_json, "Producteur", said ? operator_name(operator_of(i)) : "");
    put_cell(as_json, "Contact", said ? "Service des données" : "");
    snprintf(memory, sizeof memory, "donnees-%zu@culture.example", operator_of(i));
    put_cell(as_json, "Courriel", said ? memory : "");
    snprintf(memory, sizeof memory, "01/01/%u", first_year(i));
    put_cell(as_json, "Début de la période", said ? memory : "");
    snprintf(memory, sizeof memory, "31/12/%u", last_year(i));
    put_cell(as_json, "Fin de la période", said ? memory : "");
    snprintf(
        memory, sizeof memory, "fr:commune:%s", places[place_of(operator_of(i))].insee);
    put_cell(as_json, "Territoire", said ? memory : "");
    snprintf(memory, sizeof memory, SITE "jeux/%zu/", i);
    put_cell(as_json, "Page web", said ? memory : "");
    put_cell(as_json, "Date de publication", said ? day_of(i, 15) : "");
    put_cell(as_json, "Date de mise à jour", said ? day_of(i, 12) : "");
}

static void
put_row(bool as_json, size_t i, size_t k)
{
    size_t format = format_of(i, k);
    char memory[256];

    if (as_json)
        begin(NULL, '{');
    first = true;
    put_dataset_cells(as_json, i, k == 0);
    snprintf(memory, sizeof memory, "%s (%s)", title_of(i), formats[format].name);
    put_cell(as_json, "Ressource", memory);
    snprintf(
        memory, sizeof memory, SITE "jeux/%zu/export-%zu.%s", i, k, formats[format].type);
    put_cell(as_json, "Adresse de la ressource", memory);
    put_cell(as_json, "Format", formats[format].type);
    put_cell(as_json, "Taille en octets", size_of(i, k));
    if (as_json)
        end('}');
    putchar('\n');
}

static void
put_csv(size_t n, bool as_json)
{
    if (!as_json)
        puts("Identifiant;Titre;Description;Mots-clés;Licence;Fréquence;Producteur;"
             "Contact;Courriel;Début de la période;Fin de la période;Territoire;Page web;"
             "Date de publication;Date de mise à jour;Ressource;Adresse de la ressource;"
             "Format;Taille en octets");
    for (size_t i = 0; i < n; ++i)
        for (size_t k = 0; k < files_of(i); ++k) {
            first = true;
            put_row(as_json, i, k);
        }
}

/* ---- Catalogues ---- */

static const struct {
    const char *name;
    void (*put)(size_t i);
    bool ascii;
    const char *head, *tail; /* around the datasets; "%zu" is how many there are */
} dialects[] = {
    {"ckan", put_ckan, true,
        "{\"help\": \"" SITE "api/3/action/help_show?name=package_search\", "
        "\"success\": true, \"result\": {\"count\": %zu, \"facets\": {}, \"results\": [",
        "], \"sort\": \"score desc, metadata_modified desc\", \"search_facets\": {}}}\n"},
    {"ods", put_ods, false, "{\"total_count\": %zu, \"results\": [", "]}\n"},
    {"datajson", put_datajson, false,
        "{\"@context\":\"https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld\","
        "\"@type\":\"dcat:Catalog\",\"conformsTo\":"
        "\"https://project-open-data.cio.gov/v1.1/schema\",\"dataset\":[\n",
        "]}\n"},
};

static int
put_dialect(const char *name, bool lines, size_t n)
{
    for (size_t d = 0; d < COUNT(dialects); ++d) {
        if (strcmp(name, dialects[d].name) != 0)
            continue;
        ascii = dialects[d].ascii && !lines;
        if (!lines)
            printf(dialects[d].head, n);
        for (size_t i = 0; i < n; ++i) {
            first = lines || i == 0;
            dialects[d].put(i);
            if (lines)
                putchar('\n');
        }
        if (!lines)
            fputs(dialects[d].tail, stdout);
        return 0;
    }
    fputs("usage: dialects ckan|ods|datajson|csv[-lines] N\n", stderr);
    return 2;
}

int
main(int argc, char *argv[])
{
    static char buffer[1 << 16];
    char name[32] = "";
    char *dash;
    size_t n = argc > 2 ? (size_t)strtoull(argv[2], NULL, 10) : 0;
    int status = 0;

    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    if (argc == 3)
        snprintf(name, sizeof name, "%s", argv[1]);
    dash = strstr(name, "-lines");
    if (dash)
        *dash = '\0';
    if (strcmp(name, "csv") == 0)
        put_csv(n, dash != NULL);
    else
        status = put_dialect(name, dash != NULL, n);
    return fflush(stdout) || ferror(stdout) ? 1 : status;
}
