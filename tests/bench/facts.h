/* What the catalogues that are generated for measuring say: the same numbers, the same datasets. */
#ifndef BENCH_FACTS_H
#define BENCH_FACTS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SITE "https://donnees.culture.example/"
#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { DATASETS_OF_AN_OPERATOR = 40, MAX_FILES = 4 };

static const struct {
    const char *name, *insee;
    double longitude, latitude;
} places[] = {{"Rennes", "35238", -1.68, 48.11}, {"Nantes", "44109", -1.55, 47.22},
    {"Bordeaux", "33063", -0.58, 44.84}, {"Toulouse", "31555", 1.44, 43.60},
    {"Montpellier", "34172", 3.88, 43.61}, {"Marseille", "13055", 5.37, 43.30},
    {"Lyon", "69123", 4.84, 45.76}, {"Grenoble", "38185", 5.72, 45.19},
    {"Dijon", "21231", 5.04, 47.32}, {"Besançon", "25056", 6.02, 47.24},
    {"Strasbourg", "67482", 7.75, 48.57}, {"Nancy", "54395", 6.18, 48.69},
    {"Reims", "51454", 4.03, 49.26}, {"Lille", "59350", 3.06, 50.63},
    {"Amiens", "80021", 2.30, 49.89}, {"Rouen", "76540", 1.10, 49.44},
    {"Caen", "14118", -0.37, 49.18}, {"Orléans", "45234", 1.91, 47.90},
    {"Tours", "37261", 0.69, 47.39}, {"Poitiers", "86194", 0.34, 46.58},
    {"Limoges", "87085", 1.26, 45.83}, {"Clermont-Ferrand", "63113", 3.09, 45.78},
    {"Ajaccio", "2A004", 8.74, 41.92},
    {"Saint-Denis de La Réunion", "97411", 55.45, -20.88}};

static const struct {
    const char *fr, *en;
} operators[] = {{"Musée des Beaux-Arts", "Museum of Fine Arts"},
    {"Bibliothèque municipale", "Public Library"},
    {"Archives départementales", "Archives"},
    {"Conservatoire à rayonnement régional", "Conservatory of Music"},
    {"Direction régionale des affaires culturelles",
        "Regional Office for Cultural Affairs"},
    {"Muséum d’histoire naturelle", "Museum of Natural History"},
    {"Scène nationale", "National Stage"}, {"Cinémathèque", "Film Archive"}};

static const struct {
    const char *fr, *en, *theme, *words[4];
} subjects[] = {{"Fréquentation des expositions", "Exhibition attendance", "EDUC",
                    {"fréquentation", "exposition", "visiteurs", "billetterie"}},
    {"Catalogue des œuvres conservées", "Catalogue of works in the collection", "EDUC",
        {"œuvres", "collections", "inventaire", "récolement"}},
    {"Prêts et retours de documents", "Loans and returns of documents", "EDUC",
        {"prêts", "lecture publique", "bibliothèque", "documents"}},
    {"Immeubles protégés au titre des monuments historiques", "Listed historic buildings",
        "REGI", {"patrimoine", "monument historique", "architecture", "protection"}},
    {"Fonds photographique numérisé", "Digitised photographs", "EDUC",
        {"photographie", "numérisation", "fonds", "iconographie"}},
    {"Programmation du spectacle vivant", "Programme of the performing arts", "EDUC",
        {"spectacle vivant", "théâtre", "danse", "musique"}},
    {"Registres paroissiaux et d’état civil", "Parish and civil registers", "SOCI",
        {"archives", "état civil", "généalogie", "registres"}},
    {"Entrées des salles de cinéma", "Cinema admissions", "ECON",
        {"cinéma", "entrées", "films", "art et essai"}},
    {"Subventions versées aux associations culturelles",
        "Grants to cultural associations", "GOVE",
        {"subventions", "associations", "budget", "aides publiques"}},
    {"Sites et opérations archéologiques", "Archaeological sites and operations", "REGI",
        {"archéologie", "fouilles", "sites", "vestiges"}}};

static const char *const sentences[] = {
    "Ce jeu de données rassemble les informations saisies par les équipes depuis "
    "l’ouverture de l’établissement, puis reprises lors du passage à l’outil actuel.",
    "Chaque ligne correspond à un enregistrement ; l’identifiant est stable d’une année "
    "sur l’autre et peut servir de clé de jointure.",
    "Les dates suivent le calendrier grégorien ; une date incertaine est ramenée à "
    "l’année "
    "et signalée dans la colonne « précision ».",
    "Les valeurs manquantes sont laissées vides et ne doivent pas être lues comme des "
    "zéros.",
    "Les noms de personnes suivent la forme retenue par la Bibliothèque nationale de "
    "France lorsqu’elle existe, sinon celle du cartel ou du registre.",
    "La mise à jour est automatique : l’export est produit chaque nuit à partir de la "
    "base "
    "de gestion, contrôlé, puis publié avant sept heures.",
    "Les coordonnées sont données en WGS 84 ; elles désignent l’entrée du public et non "
    "le "
    "centre de la parcelle.",
    "Les comptages antérieurs à 2015 étaient faits à la main aux caisses ; depuis, ils "
    "viennent des portiques & des billets scannés.",
    "Un millier de notices environ restent à vérifier ; elles portent la mention « à "
    "récoler » et seront corrigées au fil des campagnes.",
    "Les images ne font pas partie du jeu : la colonne « vignette » donne leur adresse, "
    "et "
    "leurs conditions de réutilisation peuvent être différentes.",
    "Les effectifs inférieurs à onze ont été masqués afin qu’aucune personne ne puisse "
    "être reconnue.",
    "Le fichier CSV est encodé en UTF-8, avec le point-virgule pour séparateur ; le "
    "fichier "
    "JSON contient les mêmes champs sous les mêmes noms.",
    "Ce travail a été soutenu par la direction régionale des affaires culturelles dans "
    "le "
    "cadre du programme national de numérisation.",
    "Pour signaler une erreur ou proposer un complément, écrivez au contact indiqué ; "
    "une "
    "réponse est apportée sous dix jours ouvrés.",
    "Les périodes de fermeture pour travaux (2018 – 2020) expliquent l’absence de "
    "valeurs "
    "pendant plusieurs mois.",
    "Le vocabulaire contrôlé est celui du thésaurus de la désignation des œuvres "
    "architecturales ; les libellés locaux sont conservés à côté."};

static const char *const english[] = {
    "This dataset holds what the staff has recorded since the institution was opened.",
    "One row is one record; identifiers do not change from one year to the next.",
    "Missing values are left empty and must not be read as zero.",
    "The export is made every night from the collection management system.",
    "Counts below eleven are hidden, so that nobody can be recognised."};

static const struct {
    const char *name, *type, *media;
} formats[] = {{"CSV", "csv", "text/csv"}, {"JSON", "json", "application/json"},
    {"XLSX", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"GEOJSON", "geojson", "application/geo+json"}, {"PDF", "pdf", "application/pdf"}};

static const char *const licences[] = {
    "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
    "https://spdx.org/licenses/etalab-2.0",
    "https://opendatacommons.org/licenses/odbl/1-0/",
    "https://creativecommons.org/licenses/by/4.0/"};

static const char *const frequencies[] = {
    "DAILY", "WEEKLY", "MONTHLY", "ANNUAL", "IRREG"};

/* A number that only `i` and `use` decide (splitmix64). */
static inline uint64_t
mix(uint64_t i, uint64_t use)
{
    uint64_t z =
        i * 0x9e3779b97f4a7c15u + use * 0xd1342543de82ef95u + 0x632be59bd9b4e019u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static inline size_t
operator_of(size_t i)
{
    return i / DATASETS_OF_AN_OPERATOR;
}

static inline size_t
place_of(size_t operator)
{
    return mix(operator, 1) % COUNT(places);
}

static inline size_t
files_of(size_t i)
{
    return 2 + mix(i, 2) % (MAX_FILES - 1);
}

#endif
