/*
 * Every allocation of a whole conversion fails once: nothing crashes, nothing leaks (the
 * sanitizers look), and trouble is told. Linked with malloc and its kin wrapped.
 */
#include "unit.h"

#include <stdlib.h>

#include <moisson/moisson.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);

static long countdown = -1; /* allocations to go until one fails; below 0: none does */

static bool aborting;

static int
fails_now(void)
{
    if (countdown < 0 || countdown-- != 0)
        return 0;
    if (aborting) /* for a debugger to show where */
        abort();
    return 1;
}

void *
__wrap_malloc(size_t n)
{
    return fails_now() ? NULL : __real_malloc(n);
}

void *
__wrap_calloc(size_t n, size_t size)
{
    return fails_now() ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *p, size_t n)
{
    return fails_now() ? NULL : __real_realloc(p, n);
}

static const char catalogue[] =
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
    " xmlns:dcat='http://www.w3.org/ns/dcat#' xmlns:dct='http://purl.org/dc/terms/'"
    " xmlns:foaf='http://xmlns.com/foaf/0.1/'>"
    "<dcat:Catalog rdf:about='http://e.fr/c' xml:lang='fr'><dct:title>C</dct:title>"
    "<dcat:dataset><dcat:Dataset rdf:about='http://e.fr/1'><dct:title>Un &amp; deux</dct:title>"
    "<dct:description>&lt;p&gt;Un &lt;b&gt;texte&lt;/b&gt;&lt;/p&gt;</dct:description>"
    "<dct:publisher rdf:resource='http://e.fr/a'/><dcat:keyword>L'été</dcat:keyword>"
    "<dct:spatial>-6,40,10,51</dct:spatial><dct:temporal>2016/2017</dct:temporal>"
    "<dct:provenance rdf:parseType='Literal'><b>x</b></dct:provenance>"
    "<dcat:distribution><dcat:Distribution><dcat:accessURL rdf:resource='http://e.fr/f.csv'/>"
    "</dcat:Distribution></dcat:distribution></dcat:Dataset></dcat:dataset></dcat:Catalog>"
    "<foaf:Agent rdf:about='http://e.fr/a'><foaf:name>A</foaf:name></foaf:Agent></rdf:RDF>";

static const char lines[] =
    "{\"@id\":\"http://e.fr/1\",\"@type\":[\"Dataset\"],\"title\":[{\"@value\":\"Un\"}],"
    "\"publisher\":{\"@type\":[\"Agent\"],\"name\":[{\"@value\":\"A\"}]},"
    "\"http://e.fr/p\":[{\"@list\":[1,2.5,true]}]}\n";

static const char nested[] =
    "{\"@context\":\"https://semiceu.github.io/DCAT-AP/releases/3.0.1/context/dcat-ap\","
    "\"@type\":\"Catalogue\",\"title\":[\"C\"],\"dataset\":[{\"@id\":\"http://e.fr/1\","
    "\"@type\":\"Dataset\",\"title\":[\"Un\"],\"title\":[\"Deux\"]},\"http://e.fr/2\"],"
    "\"homepage\":\"http://e.fr/\"}\n";

static size_t written;

static int
take(void *ctx, struct mo_str bytes)
{
    (void)ctx;
    written += bytes.n;
    return 0;
}

static bool told;

static void
hear(void *ctx, const struct mo_diag *diag)
{
    (void)ctx;
    told = told || mo_diag_row(diag->id)->level >= MO_ERROR;
}

typedef struct mo_reader *reader_fn(const struct mo_reader_options *options);
typedef struct mo_writer *writer_fn(const struct mo_writer_options *options);

/* The whole way; true when it went through. */
static bool
convert(reader_fn *make_reader, writer_fn *make_writer, const char *text)
{
    struct mo_sink sink = {hear, NULL};
    struct mo_tables *tables = mo_tables_new();
    struct mo_vocab *vocab = tables ? mo_vocab_new(tables, &sink) : NULL;
    struct mo_reader_options in = {.vocab = vocab, .sink = &sink};
    struct mo_writer_options out = {.vocab = vocab, .sink = &sink, .write = take};
    struct mo_reader *reader = vocab ? make_reader(&in) : NULL;
    struct mo_writer *writer = vocab ? make_writer(&out) : NULL;
    const struct mo_record *record;
    bool fine = reader && writer;

    fine =
        fine && mo_reader_push(reader, mo_str(text)) == 0 && mo_reader_end(reader) == 0;
    while (fine && mo_reader_next(reader, &record) == 1)
        fine = mo_writer_put(writer, record) != MO_PUT_TROUBLE;
    fine = fine && mo_reader_state(reader) != MO_READER_TROUBLE &&
           mo_writer_end(writer, false) == 0;
    mo_reader_free(reader);
    mo_writer_free(writer);
    mo_vocab_free(vocab);
    mo_tables_free(tables);
    return fine;
}

static struct mo_writer *
payload_writer(const struct mo_writer_options *options)
{
    struct mo_writer_options o = *options;

    o.payload.wanted = true;
    o.payload.organization = mo_str("5f8d");
    o.payload.ids =
        mo_str("http://e.fr/1\t6d\nhttp://e.fr/1\tr1\thttp://e.fr/f.csv\tf\n");
    return mo_datagouv_writer(&o);
}

/* Let allocation after allocation fail, until none is left to fail. */
static void
starve(reader_fn *reader, writer_fn *writer, const char *text)
{
    long n = 0;
    size_t whole;

    countdown = -1;
    written = 0;
    CU_ASSERT_FATAL(convert(reader, writer, text));
    whole = written;
    for (;; n += n < 2000 ? 1 : 37) {
        bool fine;

        told = false;
        written = 0;
        countdown = n;
        fine = convert(reader, writer, text);
        if (countdown >= 0) { /* it was not reached any more */
            countdown = -1;
            CU_ASSERT(fine);
            break;
        }
        countdown = -1;
        /* libxml2 and iconv may do with less; then the result is whole or told to be not. */
        if (fine && written != whole && !told) {
            printf("\n  allocation %ld failed, and nobody said so", n);
            CU_FAIL("quiet loss");
            if (getenv("ABORT")) {
                aborting = true;
                countdown = n;
                convert(reader, writer, text);
            }
            break;
        }
    }
    CU_ASSERT(n > 20);
}

static void
rdfxml_to_dcatap_survives_every_failed_allocation(void)
{
    starve(mo_rdfxml_reader, mo_dcatap_writer, catalogue);
}

static void
rdfxml_to_datagouv_survives_every_failed_allocation(void)
{
    starve(mo_rdfxml_reader, mo_datagouv_writer, catalogue);
}

/* An object that keeps its RDF, with fields that were edited. */
static const char kept[] =
    "{\"data\":[{\"title\":\"Deux\",\"description\":\"\",\"tags\":[\"ete\",\"hiver\"],"
    "\"license\":\"lov2\",\"frequency\":\"daily\",\"resources\":[{\"title\":\"R\","
    "\"url\":\"http://e.fr/f.csv\",\"extras\":{\"moisson:rdf\":"
    "\"{\\\"datasetDistribution\\\":[{\\\"@type\\\":[\\\"Distribution\\\"],\\\"fields\\\":"
    "{\\\"accessUrl\\\":\\\"<00000000>\\\"}}]}\"}},{\"title\":\"N\",\"url\":\"http://e.fr/n\"}],"
    "\"extras\":{\"moisson:rdf\":\"{\\\"@id\\\":\\\"http://e.fr/1\\\",\\\"@type\\\":"
    "[\\\"Dataset\\\"],\\\"fields\\\":{\\\"title\\\":[\\\"00000000@fr\\\",\\\" \\\",\\\" \\\"],"
    "\\\"resources\\\":3},\\\"keyword\\\":[{\\\"@value\\\":\\\"L'\\u00e9t\\u00e9\\\"}],"
    "\\\"publisher\\\":{\\\"name\\\":[{\\\"@value\\\":\\\"A\\\"}]}}\"}}],"
    "\"moisson:rdf\":[{\"@id\":\"http://e.fr/c\",\"@type\":[\"Catalogue\"]}]}\n";

static void
kept_rdf_survives_every_failed_allocation(void)
{
    starve(mo_datagouv_reader, mo_ntriples_writer, kept);
}

static void
rdfxml_to_the_api_survives_every_failed_allocation(void)
{
    starve(mo_rdfxml_reader, payload_writer, catalogue);
}

static void
json_to_ntriples_survives_every_failed_allocation(void)
{
    starve(mo_jsonld_reader, mo_ntriples_writer, lines);
}

static void
nested_json_to_dcatap_survives_every_failed_allocation(void)
{
    starve(mo_jsonld_reader, mo_dcatap_writer, nested);
}

static const struct unit_test tests[] = {
    TEST(rdfxml_to_dcatap_survives_every_failed_allocation),
    TEST(rdfxml_to_datagouv_survives_every_failed_allocation),
    TEST(kept_rdf_survives_every_failed_allocation),
    TEST(rdfxml_to_the_api_survives_every_failed_allocation),
    TEST(json_to_ntriples_survives_every_failed_allocation),
    TEST(nested_json_to_dcatap_survives_every_failed_allocation),
};

UNIT_MAIN("memory", tests)
