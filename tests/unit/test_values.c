#include "unit.h"

#include "dcat/concepts.h"
#include "dcat/values.h"

static struct mo_tables *tables;
static struct mo_vocab *vocab;
static struct mo_values *values;

static void
prepare(void)
{
    if (values)
        return;
    tables = mo_tables_new();
    vocab = mo_vocab_new(tables, NULL);
    values = mo_values_new(vocab);
    CU_ASSERT_PTR_NOT_NULL_FATAL(values);
}

static void
expect(struct mo_buf *out, const char *want, const char *row)
{
    if (!mo_str_is(mo_buf_view(out), want)) {
        fputs("\n  got:  ", stdout);
        fwrite(out->p ? out->p : "", 1, out->n, stdout);
    }
    CHECK(mo_str_is(mo_buf_view(out), want), row);
}

static void
html_becomes_markdown(void)
{
    static const char *const rows[][2] = {{"<p>Entrées par <b>mois</b> depuis 2015.</p>",
                                              "Entrées par **mois** depuis 2015."},
        {"<h1>h1 title</h1><h2>h2 title</h2><b>and bold text</b>",
            "# h1 title\n\n## h2 title\n\n**and bold text**"},
        {"<p>a</p><p>b</p>", "a\n\nb"}, {"<i>it</i> <em>em</em>", "_it_ _em_"},
        {"<ul><li>un</li><li>deux</li></ul>", "* un\n  * deux"},
        {"x<ol><li>un</li><li>deux</li></ol>y", "x\n\n  1. un\n  2. deux\n\ny"},
        {"<ul><li>a<ul><li>b</li></ul></li></ul>", "* a\n    * b"},
        {"<a href=\"http://x.fr/\">t</a>", "[t](http://x.fr/)"},
        {"<a href='http://x.fr/'>http://x.fr/</a>", "<http://x.fr/>"},
        {"<a href=\"javascript:alert(1)\">t</a>", "t"}, {"<a name=x>t</a>", "t"},
        {"un<br>deux<br/>trois", "un  \ndeux  \ntrois"}, {"a<hr>b", "a\n\n* * *\n\nb"},
        {"<script>alert(1)</script>x<style>p{}</style>", "x"},
        {"<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
            "&lt;script>alert(1)&lt;/script>"},
        {"<p>&eacute;t&eacute; &amp; hiver&nbsp;!</p>", "été & hiver !"},
        {"<p>&#233; &#xe9; &nope; & b</p>", "é é &nope; & b"},
        {"<b>unclosed", "unclosed"}, {"a <b></b> b", "a  b"}, {"<P>CAPS</P>", "CAPS"},
        {"<div style=\"a>b\">x</div>", "x"}, {"<!-- a comment --><p>x</p>", "x"},
        {"<blockquote>q<p>r</p></blockquote>", "> q\n> \n> r"},
        {"<pre>a  b\nc</pre>", "a  b\n    c"}, {"<code>x*y</code>", "`x*y`"},
        {"<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>",
            "a | b\n---|---\n1 | 2"},
        {"<p>1. not a list</p><p>- nor this</p>", "1\\. not a list\n\n\\- nor this"},
        {"<img src=\"http://x.fr/i.png\" alt=\"une image\">",
            "![une image](http://x.fr/i.png)"},
        /* What is no HTML stays as it is. */
        {"a < b and c > d", "a < b and c > d"},
        {"contact: <a@b.org>", "contact: <a@b.org>"}, {"<http://x/>", "<http://x/>"},
        {"x &eacute; y", "x &eacute; y"}, {"  spaces  ", "spaces"},
        {"List<String>", "List<String>"}, {"", ""}};

    prepare();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_buf once, twice;

        mo_buf_init(&once, 1 << 16);
        mo_buf_init(&twice, 1 << 16);
        mo_markdown(values, mo_str(rows[i][0]), &once);
        expect(&once, rows[i][1], rows[i][0]);
        mo_markdown(values, mo_buf_view(&once), &twice);
        expect(&twice, rows[i][1], "the same again");
        mo_buf_done(&once);
        mo_buf_done(&twice);
    }
}

static void
keywords_become_slugs(void)
{
    static const char *const rows[][2] = {{"L'été à la plage", "lete-a-la-plage"},
        {"L’été", "lete"}, {"n°2", "ndeg2"}, {"R&D", "r-d"}, {"CO2", "co2"}, {"C++", "c"},
        {"½ tarif", "1-2-tarif"}, {"prix en €", "prix-en-eur"}, {"№5", "no-5"},
        {"œuvres d'art", "oeuvres-dart"}, {"  --a--b--  ", "a-b"}, {"Ελλάδα", "ellada"},
        {"Москва", "moskva"}, {"Київ", "kiyiv"}, {"Ёлка", "iolka"}, {"щука", "shchuka"},
        {"Ψυχή", "psukhe"}, {"Łódź", "lodz"}, {"Straße", "strasse"}, {"Þór", "thor"},
        {"ŞƏKİ", "s-ki"}, {"100 ₽", "100-r"}, {"3½", "3-1-2"},
        {"Ⅳe siècle", "ive-siecle"}, {"①", "1"}, {"ＡＢＣ", "abc"},
        {"«musées»", "musees"}, {"a…b", "a-b"}, {"a—b", "a-b"},
        {"musée 🏛️", "musee"}, {"eau\xCC\x81x", "eaux"}, {"10 ‰", "10-0"},
        {"m²", "m2"}, {"ÇA ALORS", "ca-alors"}, {"日本", ""}, {"é", "e"}, {"", ""}};

    prepare();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_buf out;

        mo_buf_init(&out, 1 << 16);
        mo_slug(values, mo_str(rows[i][0]), &out);
        expect(&out, rows[i][1], rows[i][0]);
        mo_buf_done(&out);
    }
}

static void
frequencies_are_recognised(void)
{
    static const char *const rows[][2] = {
        {"http://publications.europa.eu/resource/authority/frequency/DAILY", "daily"},
        {"https://publications.europa.eu/resource/authority/frequency/ANNUAL_2",
            "semiannual"},
        {"http://purl.org/cld/freq/irregular", "irregular"}, {"DAILY", "daily"},
        {"irreg", "irregular"}, {"as_needed", "punctual"},
        {"threeTimesAWeek", "threeTimesAWeek"}, {"12hrs", "twelveHours"},
        {"1min", "oneMinute"}, {"notPlanned", "notPlanned"}, {"R/P1Y", "annual"},
        {"Annuelle", "annual"}, {"tous les jours", "daily"}, {"continual", "continuous"},
        {"fortnightly", "biweekly"},
        {"http://purl.org/cld/freq/ThisTermDoesNotExist", ""}, {"parfois", ""}, {"", ""}};

    prepare();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i)
        CHECK(
            mo_str_is(mo_frequency(values, mo_str(rows[i][0])), rows[i][1]), rows[i][0]);
}

#define EU_LICENCE "http://publications.europa.eu/resource/authority/licence/"
#define LO_1 "https://www.etalab.gouv.fr/wp-content/uploads/2014/05/Licence_Ouverte.pdf"
#define LO_2 EU_LICENCE "ETALAB_2_0"
#define CC "http://creativecommons.org/licenses/"

/* As they stand in catalogues; what data.gouv.fr calls them, and their IRI. "-": no licence. */
static const char *const licences[][3] = {
    /* Addresses that portals have used for long. */
    {"http://wiki.data.gouv.fr/images/9/9d/Licence_Ouverte.pdf", "fr-lo", LO_1},
    {"http://www.openstreetmap.org/copyright/en", "odc-odbl", EU_LICENCE "ODC_BL"},
    {"https://en.wikipedia.org/wiki/Public_domain", "other-pd", ""},
    /* The Licence Ouverte, whose versions are two licences. */
    {"lov2", "lov2", LO_2}, {"fr-lo", "fr-lo", LO_1}, {"FR-LO", "fr-lo", LO_1},
    {"lov1", "fr-lo", LO_1}, {"Licence Ouverte Version 2.0", "lov2", LO_2},
    {"Licence Ouverte v2.0", "lov2", LO_2},
    {"Licence Ouverte v2.0 (Etalab)", "lov2", LO_2},
    {"Licence Ouverte (Etalab)", "lov2", LO_2},
    {"Licence Ouverte / Open Licence version 2.0", "lov2", LO_2},
    {"Licence Ouverte Etalab V 2.0 ", "lov2", LO_2}, {"etalab-2.0", "lov2", LO_2},
    {"Etalab Open License 2.0", "lov2", LO_2}, {"Licence Ouverte 1.0", "fr-lo", LO_1},
    {"Licence Ouverte Version 1.0", "fr-lo", LO_1},
    {"Licence Ouverte / Open Licence", "fr-lo", LO_1}, {"LO/OL", "fr-lo", LO_1},
    {"lool", "fr-lo", LO_1},
    {"https://www.etalab.gouv.fr/licence-ouverte-open-licence", "lov2", LO_2},
    {"http://www.etalab.gouv.fr/licence-ouverte-open-licence/", "lov2", LO_2},
    {"https://www.ETALAB.gouv.fr/licence-ouverte-open-licence#x", "lov2", LO_2},
    {"https://www.etalab.gouv.fr/wp-content/uploads/2014/05/Open_Licence.pdf", "fr-lo",
        LO_1},
    {"Licence Ouverte version 2.0  https://www.etalab.gouv.fr/wp-content/uploads/2017/04/"
     "ETALAB-Licence-Ouverte-v2.0.pdf",
        "lov2", LO_2},
    {"Licence Ouverte 1.0 http://www.data.gouv.fr/Licence-Ouverte-Open-Licence.", "fr-lo",
        LO_1},
    {"https://github.com/etalab/licence-ouverte/blob/master/LO.md", "lov2", LO_2},
    {"https://spdx.org/licenses/etalab-2.0.html", "lov2", LO_2},
    {"https://spdx.org/licenses/etalab-2.0", "lov2", LO_2},
    {EU_LICENCE "ETALAB_2_0", "lov2", LO_2},
    {"https://publications.europa.eu/resource/authority/licence/ETALAB_2_0", "lov2",
        LO_2},
    /* In markup, as ArcGIS and GeoNetwork have it. */
    {"<DIV STYLE=\"text-align:Left;\"><DIV><P><SPAN>Soumis à la licence Etalab : "
     "https://www.etalab.gouv.fr/licence-ouverte-open-licence/</SPAN></P></DIV></DIV>",
        "lov2", LO_2},
    {"<p>Licence Ouverte v2.0</p>", "lov2", LO_2},
    {"<a href=\"https://opendatacommons.org/licenses/odbl/\">ODbL</a>", "odc-odbl",
        EU_LICENCE "ODC_BL"},
    /* Open Data Commons. */
    {"odc-odbl", "odc-odbl", EU_LICENCE "ODC_BL"},
    {"ODbL", "odc-odbl", EU_LICENCE "ODC_BL"},
    {"Open Database License (ODbL)", "odc-odbl", EU_LICENCE "ODC_BL"},
    {"Open Data Commons Open Database License (ODbL)", "odc-odbl", EU_LICENCE "ODC_BL"},
    {"Open Data Commons - Open Database License (ODbL)", "odc-odbl", EU_LICENCE "ODC_BL"},
    {"ODbL-1.0", "odc-odbl", EU_LICENCE "ODC_BL"},
    {"https://opendatacommons.org/licenses/odbl/1-0/", "odc-odbl", EU_LICENCE "ODC_BL"},
    {"http://opendatacommons.org/licenses/odbl/summary/", "odc-odbl",
        EU_LICENCE "ODC_BL"},
    {"PDDL", "odc-pddl", EU_LICENCE "ODC_PDDL"},
    {"ODC-By-1.0", "odc-by", EU_LICENCE "ODC_BY"},
    /* Creative Commons: the IRI has the version where the text does. */
    {"CC BY", "cc-by", "http://www.opendefinition.org/licenses/cc-by"},
    {"http://www.opendefinition.org/licenses/cc-by", "cc-by",
        "http://www.opendefinition.org/licenses/cc-by"},
    {"CC BY 4.0", "cc-by", EU_LICENCE "CC_BY_4_0"},
    {"CC-BY 4.0", "cc-by", EU_LICENCE "CC_BY_4_0"},
    {"CC_BY_4_0", "cc-by", EU_LICENCE "CC_BY_4_0"},
    {EU_LICENCE "CC_BY", "cc-by", EU_LICENCE "CC_BY_4_0"},
    {"https://creativecommons.org/licenses/by/4.0/", "cc-by", EU_LICENCE "CC_BY_4_0"},
    {"http://creativecommons.org/licenses/by/4.0/legalcode", "cc-by",
        EU_LICENCE "CC_BY_4_0"},
    {"https://creativecommons.org/licenses/by/4.0/deed.fr", "cc-by",
        EU_LICENCE "CC_BY_4_0"},
    {"https://creativecommons.org/licenses/by-sa/4.0/legalcode.fr", "cc-by-sa",
        EU_LICENCE "CC_BYSA_4_0"},
    {"CC BY 3.0", "cc-by", EU_LICENCE "CC_BY_3_0"},
    {"http://creativecommons.org/licenses/by/3.0/", "cc-by", EU_LICENCE "CC_BY_3_0"},
    {"https://creativecommons.org/licenses/by/3.0/fr/", "cc-by", CC "by/3.0/fr/"},
    {"https://creativecommons.org/licenses/by/2.5/dk/", "cc-by", CC "by/2.5/dk/"},
    {"Creative Commons Attribution–ShareAlike 3.0 Unported", "cc-by-sa",
        EU_LICENCE "CC_BYSA_3_0"},
    {"CC0", "cc-zero", EU_LICENCE "CC0"},
    {"http://creativecommons.org/publicdomain/zero/1.0/", "cc-zero", EU_LICENCE "CC0"},
    {"http://dcat-ap.de/def/licenses/cc-zero", "cc-zero", EU_LICENCE "CC0"},
    {"http://creativecommons.org/publicdomain/mark/1.0/", "other-pd",
        EU_LICENCE "CC_PDM_1_0"},
    {"http://www.usa.gov/publicdomain/label/1.0/", "other-pd",
        "http://www.usa.gov/publicdomain/label/1.0/"},
    /* Licences that data.gouv.fr does not have. */
    {"http://creativecommons.org/licenses/by-nc/3.0/", "", EU_LICENCE "CC_BYNC_3_0"},
    {EU_LICENCE "CC_BYNC_4_0", "", EU_LICENCE "CC_BYNC_4_0"},
    {"http://dcat-ap.de/def/licenses/dl-by-de/2_0", "", EU_LICENCE "DLDE_BY_2_0"},
    {"http://dcat-ap.de/def/licenses/dl-zero-de/2.0", "", EU_LICENCE "DLDE_ZERO_2_0"},
    {"Open Government Licence v3.0", "", EU_LICENCE "OGL_3_0"},
    {EU_LICENCE "COM_REUSE", "", EU_LICENCE "COM_REUSE"},
    /* data.gouv.fr says so itself. */
    {"License Not Specified", "notspecified", ""}, {"other-open", "other-open", ""},
    /* A page of a host is not a licence, nor is a word in a sentence, nor two licences. */
    {"https://www.etalab.gouv.fr", "-", ""}, {"https://www.etalab.gouv.fr/", "-", ""},
    {"http://www.opendefinition.org/licenses", "-", ""}, {"Licence", "-", ""},
    {"NONE", "-", ""}, {"", "-", ""}, {"copyright", "-", ""},
    {"https://www.insee.fr/fr/information/2381861", "-", ""},
    {"http://creativecommons.org/publicdomain/zero/2.0/", "-", ""},
    {"http://inspire.ec.europa.eu/metadata-codelist/ConditionsApplyingToAccessAndUse/"
     "noConditionsApply",
        "-", ""},
    {"Licence Ouverte v2.0 (sauf mention contraire)", "-", ""},
    {"Utilisation libre sous réserve de citer « DDT 38 » et l'année", "-", ""},
    {"https://geoportail.example.org/Open%20data%20license%20-%20FLUVIUS", "-", ""},
    {"Licence Ouverte 3.0", "-", ""}, {"CC BY 4", "-", ""},
    {"ODbL (https://opendatacommons.org/licenses/odbl/) ou CC0 "
     "(https://creativecommons.org/publicdomain/zero/1.0/)",
        "-", ""}};

static void
licences_are_recognised_and_never_guessed(void)
{
    prepare();
    for (size_t i = 0; i < sizeof licences / sizeof licences[0]; ++i) {
        struct mo_licence licence = {.id = mo_str("-"), .iri = mo_str("")};

        mo_licence_named(values, mo_str(licences[i][0]), &licence);
        CHECK(mo_str_is(licence.id, licences[i][1]), licences[i][0]);
        CHECK(mo_str_is(licence.iri, licences[i][2]), licences[i][0]);
    }
}

static void
each_row_of_the_licences_names_its_own(void)
{
    const struct mo_table *t;

    prepare();
    t = mo_table(tables, "licences");
    for (size_t i = 0; i < t->rows; ++i) {
        struct mo_licence licence = {.id = mo_str("-"), .iri = mo_str("-")};

        CHECK(mo_licence_named(values, mo_str(mo_table_cell(t, i, 2)), &licence),
            mo_table_cell(t, i, 2));
        CHECK(mo_str_is(licence.id, mo_table_cell(t, i, 0)), mo_table_cell(t, i, 2));
        CHECK(mo_str_is(licence.iri, mo_table_cell(t, i, 3)), mo_table_cell(t, i, 2));
    }
}

/* What is still to be completed says nothing, and a form that was there has a new meaning. */
static void
rows_laid_over_the_licences_count(void)
{
    static const char rows[] =
        "id\tkind\tform\tiri\n\ttitle\todbl\t\n\ttitle\tÀ voir\t\n"
        "fr-lo\ttitle\tLicence ouverte\t\nlov2\ttitle\tLa nôtre\t\n"
        "\turl\thttp://l.example/mine\thttp://l.example/mine\n";
    static const char *const texts[][3] = {{"ODbL", "odc-odbl", EU_LICENCE "ODC_BL"},
        {"A voir", "-", ""}, {"licence ouverte", "fr-lo", LO_1},
        {"La notre", "lov2", LO_2},
        {"https://l.example/Mine/", "", "http://l.example/mine"}};
    struct mo_tables *own = mo_tables_new();
    struct mo_vocab *own_vocab;
    struct mo_values *own_values;

    CU_ASSERT_EQUAL(
        mo_tables_overlay(own, mo_str("licences"), mo_str(rows), mo_str(""), NULL), 0);
    own_vocab = mo_vocab_new(own, NULL);
    own_values = mo_values_new(own_vocab);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        struct mo_licence licence = {.id = mo_str("-"), .iri = mo_str("")};

        mo_licence_named(own_values, mo_str(texts[i][0]), &licence);
        CHECK(mo_str_is(licence.id, texts[i][1]), texts[i][0]);
        CHECK(mo_str_is(licence.iri, texts[i][2]), texts[i][0]);
    }
    mo_values_free(own_values);
    mo_vocab_free(own_vocab);
    mo_tables_free(own);
}

#define EU_FILE "http://publications.europa.eu/resource/authority/file-type/"
#define IANA "https://www.iana.org/assignments/media-types/"

/* As they stand in catalogues; EU file type, protocol, and name. "-": nothing is certain. */
static const char *const formats[][4] = {{"CSV", "CSV", "", "csv"},
    {".csv", "CSV", "", "csv"}, {" csv ", "CSV", "", "csv"}, {"XSLX", "XLSX", "", "XLSX"},
    {"xls", "XLS", "", "xls"}, {EU_FILE "CSV", "CSV", "", "csv"},
    {EU_FILE "csv", "CSV", "", "csv"},
    {"https://publications.europa.eu/resource/authority/file-type/JSON_LD", "JSON_LD", "",
        "json_ld"},
    {"http://publications.europa.eu/mdr/authority/file-type/XML", "XML", "", "xml"},
    {IANA "text/csv", "CSV", "", "CSV"},
    {"http://www.iana.org/assignments/media-types/application/geo+json", "GEOJSON", "",
        "GEOJSON"},
    {"text/csv; charset=utf-8", "CSV", "", "CSV"},
    {"application/x-zip-compressed", "ZIP", "", "ZIP"},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX", "",
        "XLSX"},
    {"vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX", "", "XLSX"},
    {"mime:application/pdf", "PDF", "", "PDF"},
    {"application/pdf https://ep.example.org/2491/003.pdf", "PDF", "", "PDF"},
    {"http://www.w3.org/ns/formats/RDF_XML", "RDF_XML", "", "rdf_xml"},
    {"rdf.nt", "RDF_N_TRIPLES", "", "RDF_N_TRIPLES"}, {"Web Page", "HTML", "", "HTML"},
    {"ESRI Shapefile", "SHP", "", "esri shapefile"}, {"SHP (zip)", "SHP", "", "SHP"},
    {"Spreadsheet (csv)", "CSV", "", "CSV"}, {"OGC:WMS", "", "wms", "wms"},
    {"OGC:WMS-1.3.0-http-get-map", "", "wms", "wms"}, {"WMS", "", "wms", "wms"},
    {"OGC WFS 2.0.0", "", "wfs", "wfs"},
    {"OGC:WFS-1.1.0-http-get-feature", "", "wfs", "wfs"},
    {"application/vnd.ogc.wms_xml", "", "wms", "wms"},
    {"http://www.opengis.net/def/serviceType/ogc/wmts", "", "wmts", "wmts"},
    {EU_FILE "WMS", "", "wms", "wms"},
    {"ArcGIS GeoServices REST API", "", "arcgis geoservices rest api",
        "arcgis geoservices rest api"},
    {"Esri REST", "", "arcgis geoservices rest api", "arcgis geoservices rest api"},
    /* A link has no format, nor has a word. */
    {"WWW:LINK-1.0-http--link", "-", "", ""}, {"www:link-1.0--http-link", "-", "", ""},
    {"WWW:DOWNLOAD-1.0-http--download", "-", "", ""}, {"lien vers", "-", "", ""},
    {"autre", "-", "", ""}, {"uri", "-", "", ""}, {"", "-", "", ""}, {"  ", "-", "", ""},
    {"19 pages", "-", "", ""}, {"http://data.example.org/format/rdf+xml", "-", "", ""}};

static void
formats_are_recognised_and_never_guessed(void)
{
    prepare();
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; ++i) {
        struct mo_format format = {.type = mo_str("-"), .name = mo_str("")};

        mo_format_named(values, mo_str(formats[i][0]), &format);
        CHECK(mo_str_is(format.type, formats[i][1]), formats[i][0]);
        CHECK(mo_str_is(format.protocol, formats[i][2]), formats[i][0]);
        CHECK(mo_str_is(format.name, formats[i][3]), formats[i][0]);
    }
}

#define ODS "https://donnees.example.org/api/explore/v2.1/catalog/datasets/monuments/"

/* What is said of a distribution: format, media type, address, title; and what that makes. */
static void
formats_of_distributions_come_from_what_is_certain(void)
{
    static const char *const rows[][5] = {
        {"csv", "application/zip", "http://x.fr/a.json", "", "csv"},
        {"", "text/csv", "http://x.fr/a.json", "", "CSV"},
        {"", EU_FILE "CSV", "", "", "csv"}, {"", "", "http://x.fr/a.json", "", "json"},
        {"", "", "http://x.fr/a.json?v=1.csv", "", "json"},
        {"", "", "http://x.fr/archive.tar.gz", "", "tar.gz"},
        {"", "", "http://x.fr/v1.0/", "", "-"}, {"", "", "http://x.fr/page.php", "", "-"},
        {"", "", "http://x.fr/a", "CSV", "csv"},
        {"", "", "http://x.fr/a", "Fichier CSV", "CSV"},
        {"", "", "http://x.fr/a", "Liste des musées en CSV", "-"},
        {"", "", "http://x.fr/wms?SERVICE=WMS&REQUEST=GetCapabilities", "", "wms"},
        {"", "", "http://x.fr/wms?SERVICE=WMS&REQUEST=GetMap", "", "-"},
        {"", "", ODS "exports/geojson", "", "GEOJSON"},
        {"", "", ODS "exports/parquet", "", "parquet"},
        {"", "", ODS "exports/inconnu", "", "-"}, {"", "", ODS "records", "", "-"},
        /* What a ZIP carries, when it is certain. */
        {"ZIP", "", "http://x.fr/a.zip", "Export", "zip"},
        {"ZIP", "", "http://x.fr/a.zip", "Shapefile", "zip"},
        {"zip", "application/zip", ODS "exports/shp", "", "zip"},
        {"", "application/zip", ODS "exports/shp", "", "SHP"},
        {"", "application/octet-stream", "http://x.fr/a.shp", "", "shp"},
        {"", "application/octet-stream", "http://x.fr/a", "", "-"},
        {"", "application/zip", "http://x.fr/a", "", "ZIP"},
        {"application/octet-stream", "", "http://x.fr/a.csv", "", "csv"},
        /* What is said and not known is not overruled. */
        {"WWW:LINK-1.0-http--link", "text/csv", "http://x.fr/a.csv", "", "-"}};

    prepare();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_said said = {.format = mo_str(rows[i][0]),
            .media_type = mo_str(rows[i][1]),
            .url = mo_str(rows[i][2]),
            .title = mo_str(rows[i][3])};
        struct mo_format format;
        bool any = mo_format_of(values, &said, &format);

        CHECK(mo_str_is(any ? format.name : mo_str("-"), rows[i][4]), rows[i][2]);
    }
}

static void
media_types_are_named(void)
{
    static const char *const rows[][2] = {{IANA "text/csv", "text/csv"},
        {"http://www.iana.org/assignments/media-types/text/csv", "text/csv"},
        {"text/csv", "text/csv"}, {EU_FILE "CSV", "text/csv"}, {"ZIP", "application/zip"},
        {"pdf", "application/pdf"}, {"application/x-unknown", "application/x-unknown"},
        {"text", "text/plain"}, {"autre", "autre"}, {"", ""}};

    prepare();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i)
        CHECK(mo_str_is(mo_media_type_named(values, mo_str(rows[i][0])), rows[i][1]),
            rows[i][0]);
}

/* What a text means in a list that was not read yet, and in one that was. */
static void
expect_concept(struct mo_concepts *fresh, struct mo_concepts *read, const char *list,
    struct mo_str iri)
{
    unsigned number = mo_concept_list(mo_str(list));

    mo_concept(read, number, mo_str("no such word"));
    CHECK(mo_str_eq(mo_concept(fresh, number, iri), iri), iri.p);
    CHECK(mo_str_eq(mo_concept(read, number, iri), iri), iri.p);
}

static void
iris_of_a_list_mean_themselves_before_it_is_read(void)
{
    static const struct {
        const char *list, *table, *column;
    } codes[] = {
        {"language", "languages", "language"}, {"file-type", "file-types", "type"}};
    struct mo_concepts *fresh, *read;
    const struct mo_table *t;

    prepare();
    fresh = mo_concepts_new(values);
    read = mo_concepts_new(values);
    CU_ASSERT_FATAL(fresh && read);
    t = mo_table(tables, "concepts");
    for (size_t i = 0; i < t->rows; ++i)
        expect_concept(fresh, read, mo_table_cell(t, i, mo_table_column(t, "list")),
            mo_str(mo_table_cell(t, i, mo_table_column(t, "concept"))));
    for (size_t k = 0; k < sizeof codes / sizeof codes[0]; ++k) {
        t = mo_table(tables, codes[k].table);
        for (size_t i = 0; i < t->rows; ++i) {
            char iri[200];

            snprintf(iri, sizeof iri,
                "http://publications.europa.eu/resource/authority/%s/%s", codes[k].list,
                mo_table_cell(t, i, mo_table_column(t, codes[k].column)));
            expect_concept(fresh, read, codes[k].list, mo_str(iri));
        }
    }
    mo_concepts_free(fresh);
    mo_concepts_free(read);
}

static void
rows_laid_over_a_list_count(void)
{
    const struct mo_str iri =
        mo_str("http://publications.europa.eu/resource/authority/language/QQX");
    struct mo_tables *own = mo_tables_new();
    struct mo_vocab *v;
    struct mo_values *its;
    struct mo_concepts *c;
    unsigned list = mo_concept_list(mo_str("language"));

    CU_ASSERT_EQUAL_FATAL(
        mo_tables_overlay(own, mo_str("languages"),
            mo_str("language\tfr\nQQX\tparler du pays\n"), mo_str("mine.tsv"), NULL),
        0);
    v = mo_vocab_new(own, NULL);
    its = mo_values_new(v);
    c = mo_concepts_new(its);
    CU_ASSERT_PTR_NOT_NULL_FATAL(c);
    CU_ASSERT(mo_str_eq(mo_concept(c, list, iri), iri));
    CU_ASSERT(mo_str_eq(mo_concept(c, list, mo_str("Parler du pays")), iri));
    mo_concepts_free(c);
    mo_values_free(its);
    mo_vocab_free(v);
    mo_tables_free(own);
}

static void
access_categories_are_recognised(void)
{
    prepare();
    CU_ASSERT(mo_str_is(
        mo_access_category(values,
            mo_str(
                "http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/"
                "INSPIRE_Directive_Article13_1e")),
        "intellectual_property_rights"));
    CU_ASSERT(mo_str_is(mo_access_category(values,
                            mo_str("L124-5-II-1 du code de l'environnement "
                                   "(Directive 2007/2/CE (INSPIRE), Article 13.1.b)")),
        "international_relations_public_security_or_national_defence"));
    CU_ASSERT_EQUAL(
        mo_access_category(values, mo_str("Pas de restriction d'accès public")).n, 0);
}

static void
periods_are_read(void)
{
    static const char *const rows[][3] = {{"2017", "2017-01-01", "2017-12-31"},
        {"2016-02", "2016-02-01", "2016-02-29"},
        {"2017-06-15", "2017-06-15", "2017-06-15"},
        {"2017-01-01/2017-12-31", "2017-01-01", "2017-12-31"},
        {"2017/2018", "2017-01-01", "2018-12-31"},
        {"2017-01-01T00:00:00Z/2017-03", "2017-01-01", "2017-03-31"},
        {"2017-01-01/", "2017-01-01", ""}, {"/2017", "", "2017-12-31"},
        {"2017/..", "2017-01-01", ""},
        {"2018-01-01/2017-01-01", "2017-01-01", "2018-01-01"}, {"toujours", NULL, NULL},
        {"/", NULL, NULL}, {"2017/x", NULL, NULL}, {"a/b/c", NULL, NULL}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_period p;
        struct mo_buf start, end;
        bool fine = mo_period_parse(mo_str(rows[i][0]), &p);

        CHECK(fine == (rows[i][1] != NULL), rows[i][0]);
        if (!fine || !rows[i][1])
            continue;
        mo_buf_init(&start, 100);
        mo_buf_init(&end, 100);
        if (p.has_start)
            mo_date_put(&start, &p.start);
        if (p.has_end)
            mo_date_put(&end, &p.end);
        expect(&start, rows[i][1], rows[i][0]);
        expect(&end, rows[i][2], rows[i][0]);
        mo_buf_done(&start);
        mo_buf_done(&end);
    }
}

static void
polygons_are_read(void)
{
    static const struct {
        enum mo_notation notation;
        const char *text, *want; /* NULL: none */
    } rows[] = {
        {MO_BBOX, "-6, 40,10,51", "[[[-6,40],[10,40],[10,51],[-6,51],[-6,40]]]"},
        {MO_BBOX, "6.57,46.39,6.60", NULL},
        {MO_BBOX, "1,2,3,4,5", NULL},
        {MO_BBOX, "Rennes", NULL},
        {MO_BBOX, "a,b,c,d", NULL},
        {MO_WKT, "POLYGON((-6 51,10 51,10 40,-6 40,-6 51))",
            "[[[-6,51],[10,51],[10,40],[-6,40],[-6,51]]]"},
        {MO_WKT, "Polygon ((0 0, 1 0, 1 1))", "[[[0,0],[1,0],[1,1],[0,0]]]"},
        {MO_WKT, "SRID=4326;POLYGON Z((0 0 9,1 0 9,1 1 9,0 0 9))",
            "[[[0,0],[1,0],[1,1],[0,0]]]"},
        {MO_WKT,
            "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POLYGON((0 5,1 5,1 6,0 5))",
            "[[[0,5],[1,5],[1,6],[0,5]]]"},
        {MO_WKT,
            "<http://www.opengis.net/def/crs/EPSG/0/4326> POLYGON((5 0,5 1,6 1,5 0))",
            "[[[0,5],[1,5],[1,6],[0,5]]]"},
        {MO_WKT,
            "<http://www.opengis.net/def/crs/EPSG/0/2154> POLYGON((5 0,5 1,6 1,5 0))",
            NULL},
        {MO_WKT,
            "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((2 2,3 2,3 3,2 2),(2.1 2.1,2.2 2.1,2.2 2.2,2.1 2.1)))",
            "[[[0,0],[1,0],[1,1],[0,0]]],[[[2,2],[3,2],[3,3],[2,2]],[[2.1,2.1],[2.2,2.1],[2.2,2.2],[2.1,2.1]]]"},
        {MO_WKT, "ENVELOPE(-6, 10, 51, 40)",
            "[[[-6,40],[10,40],[10,51],[-6,51],[-6,40]]]"},
        {MO_WKT, "POLYGON((+.5 00.50, 1. 1e2, 2 2, .5 .5))",
            "[[[0.5,0.50],[1,1e2],[2,2],[0.5,0.5]]]"},
        {MO_WKT, "POINT(1 2)", NULL},
        {MO_WKT, "wrong wkt", NULL},
        {MO_WKT, "POLYGON((0 0,1 1))", NULL},
        {MO_WKT, "POLYGON((0 0,1 0,1 1,0 0)) x", NULL},
        {MO_WKT, "POLYGON((0 NaN,1 0,1 1,0 0))", NULL},
        {MO_WKT, "", NULL},
        {MO_GEOJSON,
            "{\"type\":\"Polygon\",\"coordinates\":[[[4,45],[4,46],[5,46],[4,45]]]}",
            "[[[4,45],[4,46],[5,46],[4,45]]]"},
        {MO_GEOJSON,
            "{\"type\":\"Polygon\",\"coordinates\":[[[4,NaN],[4,46],[5,46],[4,45]]]}",
            NULL},
        {MO_GEOJSON, "{\"type\":\"Point\",\"coordinates\":[1,2]}", NULL},
        {MO_GEOJSON, "{\"type\":\"MultiPolygon\",\"coordinates\":[]}", NULL},
        {MO_GEOJSON, "not json", NULL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_buf out;
        bool fine;

        mo_buf_init(&out, 1 << 16);
        fine = mo_polygons(mo_str(rows[i].text), rows[i].notation, &out);
        CHECK(fine == (rows[i].want != NULL), rows[i].text);
        expect(&out, rows[i].want ? rows[i].want : "", rows[i].text);
        mo_buf_done(&out);
    }
}

static void
the_same_polygon_comes_once(void)
{
    struct mo_buf out;

    mo_buf_init(&out, 1 << 16);
    CU_ASSERT(mo_polygons(mo_str("POLYGON((0 0,1 0,1 1,0 0))"), MO_WKT, &out));
    CU_ASSERT(mo_polygons(mo_str("POLYGON((0.0 0,1.00 0,1 1,0 0))"), MO_WKT, &out));
    CU_ASSERT(mo_polygons(mo_str("POLYGON((0 0,1 0,1 10,0 0))"), MO_WKT, &out));
    CU_ASSERT(mo_polygons(
        mo_str("MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((0 0,1 0,2 2,0 0)))"), MO_WKT, &out));
    expect(&out,
        "[[[0,0],[1,0],[1,1],[0,0]]],[[[0,0],[1,0],[1,10],[0,0]]],[[[0,0],[1,0],[2,2],[0,0]]]",
        "doubles");
    mo_buf_done(&out);
}

static void
urls_are_judged(void)
{
    static const char *const good[] = {"http://example.org",
        "https://example.org/a?b=c#d", "HTTP://EXAMPLE.ORG", "ftp://example.org/x",
        "//example.org/x", "http://a.b.example.org:8080/", "http://user:pw@example.org/",
        "http://8.8.8.8/x", "http://exämple.org/", " http://example.org/{x} ",
        "http://[2001:db8::1]/", "https://under_score.example.org/",
        "http://a-b.example.org/#c", "http://example.org?q#c"};
    static const char *const bad[] = {"", "example.org", "http://example/",
        "mailto:a@b.org", "urn:uuid:1", "http://localhost/", "http://127.0.0.1/",
        "http://10.1.2.3/", "http://192.168.1.1/", "http://172.20.0.1/",
        "http://169.254.169.254/", "http://224.0.0.1/", "http://[::1]/",
        "http://example.org/a b", "http://example.org:8/", "http://example.org:123456/",
        "http://example.org:x/", "gopher://example.org/", "file:///etc/passwd",
        "http:///x", "http://a..b/", "https://sig.oreme.org:/geonetwork",
        /* None of these passes the expression that data.gouv.fr holds URLs against. */
        "http://example.org#c", "http://example.org./", "http://a--b.example.org/",
        "http://-a.example.org/", "http://a-.example.org/", "http://a_.example.org/",
        "http://example.o-g/", "http://example.org/a\xE2\x80\xA8z"};

    for (size_t i = 0; i < sizeof good / sizeof good[0]; ++i)
        CHECK(mo_url_is_public(mo_str(good[i])), good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i)
        CHECK(!mo_url_is_public(mo_str(bad[i])), bad[i]);
}

static void
release(void)
{
    mo_values_free(values);
    mo_vocab_free(vocab);
    mo_tables_free(tables);
    values = NULL;
}

static const struct unit_test tests[] = {
    TEST(html_becomes_markdown),
    TEST(keywords_become_slugs),
    TEST(frequencies_are_recognised),
    TEST(licences_are_recognised_and_never_guessed),
    TEST(each_row_of_the_licences_names_its_own),
    TEST(rows_laid_over_the_licences_count),
    TEST(formats_are_recognised_and_never_guessed),
    TEST(formats_of_distributions_come_from_what_is_certain),
    TEST(media_types_are_named),
    TEST(iris_of_a_list_mean_themselves_before_it_is_read),
    TEST(rows_laid_over_a_list_count),
    TEST(access_categories_are_recognised),
    TEST(periods_are_read),
    TEST(polygons_are_read),
    TEST(the_same_polygon_comes_once),
    TEST(urls_are_judged),
    {"release", release},
};

UNIT_MAIN("values", tests)
