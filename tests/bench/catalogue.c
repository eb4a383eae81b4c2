/*
 * A catalogue of any size in RDF/XML, the same bytes every time, as cultural operators
 * publish theirs: for measuring.
 *
 *     catalogue nested N           N datasets inside one catalogue, at least 6 KB each
 *     catalogue flat N             the same, each node by itself and all of them shuffled
 *     catalogue members N before   N members listed by a catalogue that comes before them
 *     catalogue members N after    the same, behind them; these datasets have a title only
 */
#include "facts.h"

#define AUTHORITY "http://publications.europa.eu/resource/authority/"

/* Put `text`, with what XML keeps for itself escaped. */
static void
put(const char *text)
{
    for (size_t n; *text; text += n) {
        n = strcspn(text, "&<");
        fwrite(text, 1, n, stdout);
        if (text[n]) {
            fputs(text[n] == '&' ? "&amp;" : "&lt;", stdout);
            ++n;
        }
    }
}

static void
put_operator_name(size_t operator, bool in_english)
{
    size_t kind = mix(operator, 3) % COUNT(operators);

    printf(in_english ? "%s, %s" : "%s – %s",
        in_english ? operators[kind].en : operators[kind].fr,
        places[place_of(operator)].name);
}

static void
put_title(size_t i, bool in_english)
{
    size_t subject = mix(i, 4) % COUNT(subjects);

    put(in_english ? subjects[subject].en : subjects[subject].fr);
    printf(in_english ? ", %s, %u" : " – %s, %u", places[place_of(operator_of(i))].name,
        (unsigned)(1990 + mix(i, 5) % 36));
}

static void
put_date(const char *property, size_t i, unsigned use)
{
    uint64_t random = mix(i, use);

    printf("    <%s rdf:datatype=\"http://www.w3.org/2001/XMLSchema#dateTime\">"
           "%u-%02u-%02uT%02u:%02u:%02u+00:00</%s>\n",
        property, (unsigned)(2012 + random % 14), (unsigned)(1 + random / 16 % 12),
        (unsigned)(1 + random / 256 % 28), (unsigned)(random / 8192 % 24),
        (unsigned)(random / 262144 % 60), (unsigned)(random / 16777216 % 60), property);
}

static void
put_descriptions(size_t i)
{
    size_t n = 7 + mix(i, 6) % 5, at = mix(i, 7) % COUNT(sentences);

    fputs("    <dct:description xml:lang=\"fr\">", stdout);
    for (size_t k = 0; k < n; ++k) {
        put(sentences[(at + k * 5) % COUNT(sentences)]);
        fputs(k % 3 == 2 ? "\n\n" : " ", stdout);
    }
    fputs("</dct:description>\n    <dct:description xml:lang=\"en\">", stdout);
    for (size_t k = 0; k < 3; ++k) {
        put(english[(at + k) % COUNT(english)]);
        fputs(" ", stdout);
    }
    fputs("</dct:description>\n", stdout);
}

/* ---- Nodes. Inside another they are nested; by themselves they have a name. ---- */

static void
put_operator(size_t operator)
{
    printf("<foaf:Organization rdf:about=\"" SITE "operateurs/%zu\">\n"
           "      <foaf:name xml:lang=\"fr\">",
           operator);
    put_operator_name(operator, false);
    fputs("</foaf:name>\n      <foaf:name xml:lang=\"en\">", stdout);
    put_operator_name(operator, true);
    printf("</foaf:name>\n      <foaf:homepage rdf:resource=\"" SITE
           "operateurs/%zu/accueil\"/>\n"
           "      <dct:type "
           "rdf:resource=\"http://purl.org/adms/publishertype/LocalAuthority\"/>\n"
           "    </foaf:Organization>\n",
           operator);
}

static void
put_place(size_t place)
{
    double x = places[place].longitude, y = places[place].latitude;

    printf("<dct:Location rdf:about=\"http://id.insee.fr/geo/commune/%s\">\n"
           "      <skos:prefLabel xml:lang=\"fr\">%s</skos:prefLabel>\n"
           "      <dcat:bbox "
           "rdf:datatype=\"http://www.opengis.net/ont/geosparql#wktLiteral\">"
           "POLYGON((%.2f %.2f,%.2f %.2f,%.2f %.2f,%.2f %.2f,%.2f %.2f))</dcat:bbox>\n"
           "    </dct:Location>\n",
        places[place].insee, places[place].name, x - .1, y - .1, x + .1, y - .1, x + .1,
        y + .1, x - .1, y + .1, x - .1, y - .1);
}

static void
put_contact(size_t i, bool named)
{
    size_t operator= operator_of(i);

    fputs("<vcard:Organization", stdout);
    if (named)
        printf(" rdf:nodeID=\"contact%zu\"", i);
    fputs(">\n      <vcard:fn xml:lang=\"fr\">Service des données – ", stdout);
    put_operator_name(operator, false);
    printf("</vcard:fn>\n"
           "      <vcard:hasEmail rdf:resource=\"mailto:donnees-%zu@culture.example\"/>\n"
           "      <vcard:hasURL rdf:resource=\"" SITE
           "operateurs/%zu/contact?jeu=%zu\"/>\n"
           "    </vcard:Organization>\n",
           operator, operator, i);
}

static void
put_period(size_t i, bool named)
{
    unsigned first = (unsigned)(1990 + mix(i, 8) % 25);

    fputs("<dct:PeriodOfTime", stdout);
    if (named)
        printf(" rdf:nodeID=\"periode%zu\"", i);
    printf(
        ">\n      <dcat:startDate rdf:datatype=\"http://www.w3.org/2001/XMLSchema#date\">"
        "%u-01-01</dcat:startDate>\n"
        "      <dcat:endDate rdf:datatype=\"http://www.w3.org/2001/XMLSchema#date\">"
        "%u-12-31</dcat:endDate>\n    </dct:PeriodOfTime>\n",
        first, first + (unsigned)(mix(i, 9) % 11));
}

static void
put_file(size_t i, size_t k)
{
    uint64_t random = mix(i, 16 + k);
    size_t format = (mix(i, 10) + k) % COUNT(formats);

    printf("<dcat:Distribution rdf:about=\"" SITE "jeux/%zu/fichiers/%zu\">\n"
           "      <dct:title xml:lang=\"fr\">",
        i, k);
    put_title(i, false);
    printf(" (%s)</dct:title>\n      <dct:title xml:lang=\"en\">", formats[format].name);
    put_title(i, true);
    printf(" (%s)</dct:title>\n"
           "      <dct:description xml:lang=\"fr\">Export complet au format %s, tel que "
           "produit par la base de gestion.</dct:description>\n"
           "      <dcat:accessURL rdf:resource=\"" SITE "jeux/%zu/\"/>\n"
           "      <dcat:downloadURL rdf:resource=\"" SITE
           "jeux/%zu/export.%s?separateur=%%3B&amp;"
           "version=%u\"/>\n",
        formats[format].name, formats[format].name, i, i, formats[format].type,
        (unsigned)(random % 1000));
    printf("      <dct:format rdf:resource=\"" AUTHORITY "file-type/%s\"/>\n"
           "      <dcat:mediaType "
           "rdf:resource=\"https://www.iana.org/assignments/media-types/"
           "%s\"/>\n      <dct:license rdf:resource=\"%s\"/>\n",
        formats[format].name, formats[format].media,
        licences[mix(i, 11) % COUNT(licences)]);
    fputs("  ", stdout);
    put_date("dct:modified", i, 12 + (unsigned)k);
    printf("      <dcat:byteSize "
           "rdf:datatype=\"http://www.w3.org/2001/XMLSchema#decimal\">%u"
           "</dcat:byteSize>\n    </dcat:Distribution>\n",
        (unsigned)(1000 + random % 90000000));
}

static void
put_dataset(size_t i, bool nested)
{
    size_t operator= operator_of(i), place = place_of(operator), subject;

    subject = mix(i, 4) % COUNT(subjects);
    printf("<dcat:Dataset rdf:about=\"" SITE "jeux/%zu\">\n"
           "    <dct:identifier>culture-%016llx</dct:identifier>\n"
           "    <dct:title xml:lang=\"fr\">",
        i, (unsigned long long)mix(i, 13));
    put_title(i, false);
    fputs("</dct:title>\n    <dct:title xml:lang=\"en\">", stdout);
    put_title(i, true);
    fputs("</dct:title>\n", stdout);
    put_descriptions(i);
    for (size_t k = 0; k < COUNT(subjects[subject].words); ++k)
        printf("    <dcat:keyword xml:lang=\"fr\">%s</dcat:keyword>\n",
            subjects[subject].words[k]);
    printf("    <dcat:keyword xml:lang=\"fr\">%s</dcat:keyword>\n"
           "    <dcat:theme rdf:resource=\"" AUTHORITY "data-theme/%s\"/>\n"
           "    <dct:language rdf:resource=\"" AUTHORITY "language/FRA\"/>\n"
           "    <dct:accrualPeriodicity rdf:resource=\"" AUTHORITY "frequency/%s\"/>\n"
           "    <dct:accessRights rdf:resource=\"" AUTHORITY "access-right/PUBLIC\"/>\n"
           "    <dcat:landingPage rdf:resource=\"" SITE "jeux/%zu/\"/>\n",
        places[place].name, subjects[subject].theme,
        frequencies[mix(i, 14) % COUNT(frequencies)], i);
    put_date("dct:issued", i, 15);
    put_date("dct:modified", i, 12);
    if (nested) {
        fputs("    <dct:publisher>", stdout);
        put_operator(operator);
        fputs("    </dct:publisher>\n    <dct:spatial>", stdout);
        put_place(place);
        fputs("    </dct:spatial>\n    <dcat:contactPoint>", stdout);
        put_contact(i, false);
        fputs("    </dcat:contactPoint>\n    <dct:temporal>", stdout);
        put_period(i, false);
        fputs("    </dct:temporal>\n", stdout);
    } else {
        printf("    <dct:publisher rdf:resource=\"" SITE "operateurs/%zu\"/>\n"
               "    <dct:spatial rdf:resource=\"http://id.insee.fr/geo/commune/%s\"/>\n"
               "    <dcat:contactPoint rdf:nodeID=\"contact%zu\"/>\n"
               "    <dct:temporal rdf:nodeID=\"periode%zu\"/>\n",
               operator, places[place].insee, i, i);
    }
    for (size_t k = 0; k < files_of(i); ++k) {
        if (nested) {
            fputs("    <dcat:distribution>", stdout);
            put_file(i, k);
            fputs("    </dcat:distribution>\n", stdout);
        } else {
            printf("    <dcat:distribution rdf:resource=\"" SITE
                   "jeux/%zu/fichiers/%zu\"/>\n",
                i, k);
        }
    }
    fputs("  </dcat:Dataset>\n", stdout);
}

static void
open_catalogue(void)
{
    fputs("<dcat:Catalog rdf:about=\"" SITE "\">\n"
          "  <dct:title xml:lang=\"fr\">Données ouvertes de la culture</dct:title>\n"
          "  <dct:title xml:lang=\"en\">Open data of culture</dct:title>\n"
          "  <dct:description xml:lang=\"fr\">Les jeux de données des musées, "
          "bibliothèques, "
          "archives et théâtres.</dct:description>\n"
          "  <dct:language rdf:resource=\"" AUTHORITY "language/FRA\"/>\n"
          "  <foaf:homepage rdf:resource=\"" SITE "accueil\"/>\n",
        stdout);
}

static void
put_catalogue(size_t n)
{
    open_catalogue();
    for (size_t i = 0; i < n; ++i)
        printf("  <dcat:dataset rdf:resource=\"" SITE "jeux/%zu\"/>\n", i);
    fputs("</dcat:Catalog>\n", stdout);
}

/* ---- Catalogues ---- */

static void
put_nested(size_t n)
{
    open_catalogue();
    for (size_t i = 0; i < n; ++i) {
        fputs("  <dcat:dataset>", stdout);
        put_dataset(i, true);
        fputs("  </dcat:dataset>\n", stdout);
    }
    fputs("</dcat:Catalog>\n", stdout);
}

enum kind {
    DATASET,
    FILE_OF = 1,
    CONTACT = FILE_OF + MAX_FILES,
    PERIOD,
    OPERATOR,
    PLACE,
    CATALOGUE
};

static int
put_flat(size_t n)
{
    uint64_t *nodes = malloc((n * (MAX_FILES + 4) + COUNT(places) + 1) * sizeof *nodes);
    size_t n_nodes = 0;

    if (!nodes)
        return -1;
#define ADD(kind, i) nodes[n_nodes++] = (uint64_t)(i) << 8 | (unsigned)(kind)
    for (size_t i = 0; i < n; ++i) {
        ADD(DATASET, i);
        ADD(CONTACT, i);
        ADD(PERIOD, i);
        for (size_t k = 0; k < files_of(i); ++k)
            ADD(FILE_OF + k, i);
        if (i % DATASETS_OF_AN_OPERATOR == 0)
            ADD(OPERATOR, operator_of(i));
    }
    for (size_t i = 0; i < COUNT(places); ++i)
        for (size_t k = 0; k < n; k += DATASETS_OF_AN_OPERATOR)
            if (place_of(operator_of(k)) == i) {
                ADD(PLACE, i);
                break;
            }
    ADD(CATALOGUE, 0);
#undef ADD
    for (size_t i = n_nodes; i > 1; --i) {
        size_t other = mix(i, 99) % i;
        uint64_t swap = nodes[i - 1];

        nodes[i - 1] = nodes[other];
        nodes[other] = swap;
    }
    for (size_t at = 0; at < n_nodes; ++at) {
        unsigned kind = nodes[at] & 0xff;
        size_t i = (size_t)(nodes[at] >> 8);

        switch (kind) {
        case DATASET: put_dataset(i, false); break;
        case CONTACT: put_contact(i, true); break;
        case PERIOD: put_period(i, true); break;
        case OPERATOR: put_operator(i); break;
        case PLACE: put_place(i); break;
        case CATALOGUE: put_catalogue(n); break;
        default: put_file(i, kind - FILE_OF);
        }
    }
    free(nodes);
    return 0;
}

static void
put_members(size_t n, bool before)
{
    if (before)
        put_catalogue(n);
    for (size_t i = 0; i < n; ++i) {
        printf("<dcat:Dataset rdf:about=\"" SITE "jeux/%zu\"><dct:title xml:lang=\"fr\">",
            i);
        put_title(i, false);
        fputs("</dct:title></dcat:Dataset>\n", stdout);
    }
    if (!before)
        put_catalogue(n);
}

int
main(int argc, char *argv[])
{
    static char buffer[1 << 16];
    size_t n = argc > 2 ? (size_t)strtoull(argv[2], NULL, 10) : 0;
    bool before = argc == 4 && strcmp(argv[3], "before") == 0;
    bool after = argc == 4 && strcmp(argv[3], "after") == 0;

    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\""
          " xmlns:dcat=\"http://www.w3.org/ns/dcat#\" "
          "xmlns:dct=\"http://purl.org/dc/terms/\""
          " xmlns:foaf=\"http://xmlns.com/foaf/0.1/\""
          " xmlns:skos=\"http://www.w3.org/2004/02/skos/core#\""
          " xmlns:vcard=\"http://www.w3.org/2006/vcard/ns#\">\n",
        stdout);
    if (argc == 3 && strcmp(argv[1], "nested") == 0) {
        put_nested(n);
    } else if (argc == 3 && strcmp(argv[1], "flat") == 0) {
        if (put_flat(n))
            return 1;
    } else if (argc == 4 && strcmp(argv[1], "members") == 0 && (before || after)) {
        put_members(n, before);
    } else {
        fputs("usage: catalogue nested|flat N | members N before|after\n", stderr);
        return 2;
    }
    fputs("</rdf:RDF>\n", stdout);
    return fflush(stdout) || ferror(stdout) ? 1 : 0;
}
