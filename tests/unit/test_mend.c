#include "unit.h"

#include "dcat/mend.h"

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
expect_verdict(enum mo_verdict got, enum mo_verdict want, const char *row)
{
    static const char *const names[] = {"no", "doubtful", "certain"};

    if (got != want) {
        fputs("\n  got: ", stdout);
        fputs(names[got], stdout);
    }
    CHECK(got == want, row);
}

/* A row of a function that reads a text and writes one. */
struct row {
    const char *text;
    enum mo_verdict verdict;
    const char *want; /* of what is certain */
};

static void
dates_are_read_and_never_made_up(void)
{
    static const struct {
        const char *text;
        enum mo_verdict verdict;
        enum mo_time kind;
        const char *want;
    } rows[] = {
        {"2023", MO_CERTAIN, MO_DATE, "2023"},
        {"1904", MO_CERTAIN, MO_DATE, "1904"},
        {"2023-01", MO_CERTAIN, MO_DATE, "2023-01"},
        {" 2023-01-02 ", MO_CERTAIN, MO_DATE, "2023-01-02"},
        {"2023-01-02T10:00:00.000Z", MO_CERTAIN, MO_DATE, "2023-01-02T10:00:00Z"},
        {"2023-01-02T10:00:00", MO_CERTAIN, MO_DATE, "2023-01-02T10:00:00"},
        {"2023-01-02 10:00:00 Europe/Brussels", MO_CERTAIN, MO_DATE,
            "2023-01-02T10:00:00+01:00"},
        {"2023-07-02 10:00:00 Europe/Paris", MO_CERTAIN, MO_DATE,
            "2023-07-02T10:00:00+02:00"},
        {"2023-07-02 10:00:00 Indian/Reunion", MO_CERTAIN, MO_DATE,
            "2023-07-02T10:00:00+04:00"},
        {"2023-03-26 03:00:00 Europe/Paris", MO_CERTAIN, MO_DATE,
            "2023-03-26T03:00:00+02:00"},
        {"2023-10-29 03:00:00 Europe/Paris", MO_CERTAIN, MO_DATE,
            "2023-10-29T03:00:00+01:00"},
        {"2023-10-29 02:30:00 Europe/Paris", MO_DOUBTFUL, MO_DATE, NULL},
        {"2023-03-26 02:30:00 Europe/Paris", MO_DOUBTFUL, MO_DATE, NULL},
        {"1980-07-02 10:00:00 Europe/Paris", MO_DOUBTFUL, MO_DATE, NULL},
        {"2023-07-02 10:00:00 Mars/Olympus", MO_DOUBTFUL, MO_DATE, NULL},
        {"2023-01-02T10:00:00+01:00[Europe/Paris]", MO_CERTAIN, MO_DATE,
            "2023-01-02T10:00:00+01:00"},
        {"Mon Jan 02 2023 10:00:00 GMT+0100 (CET)", MO_CERTAIN, MO_DATE,
            "2023-01-02T10:00:00+01:00"},
        {"Mon, 02 Jan 2023 10:00:00 GMT", MO_CERTAIN, MO_DATE, "2023-01-02T10:00:00Z"},
        {"2023-01-02 10:00:00 UTC", MO_CERTAIN, MO_DATE, "2023-01-02T10:00:00Z"},
        {"2023-01-02T10:00:00,5", MO_CERTAIN, MO_DATE, "2023-01-02T10:00:00.5"},
        {"2023-1-2", MO_CERTAIN, MO_DATE, "2023-01-02"},
        {"2023/01/02", MO_CERTAIN, MO_DATE, "2023-01-02"},
        {"2023/01", MO_CERTAIN, MO_DATE, "2023-01"},
        {"01/2023", MO_CERTAIN, MO_DATE, "2023-01"},
        {"20230102", MO_CERTAIN, MO_DATE, "2023-01-02"},
        {"31/12/2023", MO_CERTAIN, MO_DATE, "2023-12-31"},
        {"31-12-2023", MO_CERTAIN, MO_DATE, "2023-12-31"},
        {"12/31/2023", MO_CERTAIN, MO_DATE, "2023-12-31"},
        {"31/12/2023 10:30", MO_CERTAIN, MO_DATE, "2023-12-31T10:30:00"},
        {"02.01.2023", MO_CERTAIN, MO_DATE, "2023-01-02"},
        {"02/02/2023", MO_CERTAIN, MO_DATE, "2023-02-02"},
        {"01/02/2023", MO_DOUBTFUL, MO_DATE, NULL},
        {"2 janvier 2023", MO_CERTAIN, MO_DATE, "2023-01-02"},
        {"1er f\xC3\xA9vrier 2023", MO_CERTAIN, MO_DATE, "2023-02-01"},
        {"mar. 3 janv. 2023", MO_CERTAIN, MO_DATE, "2023-01-03"},
        {"mars 2023", MO_CERTAIN, MO_DATE, "2023-03"},
        {"January 2, 2023", MO_CERTAIN, MO_DATE, "2023-01-02"},
        {"2023-02-29", MO_NO, MO_IMPOSSIBLE, NULL},
        {"2023-21-22T00:00:00", MO_NO, MO_IMPOSSIBLE, NULL},
        {"0000-00-00", MO_NO, MO_IMPOSSIBLE, NULL},
        {"32/12/2023", MO_NO, MO_IMPOSSIBLE, NULL},
        {"Invalid Date", MO_NO, MO_WORDS, NULL},
        {"null", MO_NO, MO_WORDS, NULL},
        {"inconnue", MO_NO, MO_WORDS, NULL},
        {"janvier", MO_NO, MO_WORDS, NULL},
        {"", MO_NO, MO_WORDS, NULL},
        {"R/P1D", MO_NO, MO_REPETITION, NULL},
        {"R5/2020-01-01/P1D", MO_NO, MO_REPETITION, NULL},
        {"P1M", MO_NO, MO_DURATION, NULL},
        {"P1M, P1D", MO_NO, MO_DURATION, NULL},
        {"P1H", MO_NO, MO_DURATION, NULL},
        {"2017/2018", MO_NO, MO_INTERVAL, NULL},
        {"2015-2018", MO_NO, MO_INTERVAL, NULL},
        {"2023-01-02 - 2023-05-06", MO_NO, MO_INTERVAL, NULL},
        {"2004-01-01/292269055-12-02", MO_NO, MO_INTERVAL, NULL},
        {"2023-01-02/2023-01-02", MO_CERTAIN, MO_INTERVAL, "2023-01-02"},
        {"2023-01-02/..", MO_NO, MO_INTERVAL, NULL},
        {"1672531200", MO_DOUBTFUL, MO_EPOCH, NULL},
        {"1672531200000", MO_DOUBTFUL, MO_EPOCH, NULL},
    };

    prepare();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_date date;
        enum mo_time kind;
        enum mo_verdict verdict =
            mo_date_mend(values, mo_str(rows[i].text), &date, &kind);
        struct mo_buf out;

        expect_verdict(verdict, rows[i].verdict, rows[i].text);
        CHECK(kind == rows[i].kind, rows[i].text);
        if (verdict != MO_CERTAIN || !rows[i].want)
            continue;
        mo_buf_init(&out, 100);
        mo_date_put(&out, &date);
        expect(&out, rows[i].want, rows[i].text);
        mo_buf_done(&out);
    }
}

static void
dates_of_xml_schema_are_told_from_others(void)
{
    static const struct {
        const char *text;
        bool lexical;
    } rows[] = {{"2023", true}, {"2023-01", true}, {"2023-01-02", true},
        {"2023-01-02Z", true}, {"2023-01-02T10:00:00", true},
        {"2023-01-02T10:00:00.000Z", true}, {"2023-01-02T10:00:00+01:00", true},
        {"2023-01-02T10:00", false}, {"2023-01-02 10:00:00", false},
        {"2023-01-02T10:00:00+0100", false}, {"2023-01-02t10:00:00z", false},
        {" 2023", false}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_date date;

        CHECK(mo_date_parse(mo_str(rows[i].text), &date), rows[i].text);
        CHECK(mo_date_is_lexical(mo_str(rows[i].text), &date) == rows[i].lexical,
            rows[i].text);
    }
}

static void
periods_are_read(void)
{
    static const struct {
        const char *text;
        enum mo_verdict verdict;
        const char *start, *end;
    } rows[] = {{"2017", MO_CERTAIN, "2017-01-01", "2017-12-31"},
        {"2017/2018", MO_CERTAIN, "2017-01-01", "2018-12-31"},
        {"2015-2018", MO_CERTAIN, "2015-01-01", "2018-12-31"},
        {"2018-2015", MO_NO, "", ""},
        {"2017-06-15", MO_CERTAIN, "2017-06-15", "2017-06-15"},
        {"2023-01-02 - 2023-05-06", MO_CERTAIN, "2023-01-02", "2023-05-06"},
        {"31/12/2017 - 31/12/2018", MO_CERTAIN, "2017-12-31", "2018-12-31"},
        {"2004-01-01/292269055-12-02", MO_CERTAIN, "2004-01-01", ""},
        {"2004-01-01/9999-12-31", MO_CERTAIN, "2004-01-01", ""},
        {"2017-01-01/", MO_CERTAIN, "2017-01-01", ""},
        {"../2017", MO_CERTAIN, "", "2017-12-31"},
        {"2018/2017", MO_CERTAIN, "2017-01-01", "2018-12-31"},
        {"2017-01-01/P1Y", MO_DOUBTFUL, "", ""},
        {"01/02/2017 - 31/12/2018", MO_DOUBTFUL, "", ""},
        {"janvier 2017 - mars 2018", MO_CERTAIN, "2017-01-01", "2018-03-31"},
        {"du 1er janvier 2019 au 31 d\xC3\xA9"
         "cembre 2020",
            MO_CERTAIN, "2019-01-01", "2020-12-31"},
        {"Du 01/01/2019 au 31/12/2020", MO_CERTAIN, "2019-01-01", "2020-12-31"},
        {"2019-01-01 au 2020-12-31", MO_CERTAIN, "2019-01-01", "2020-12-31"},
        {"de 2015 \xC3\xA0 2018", MO_CERTAIN, "2015-01-01", "2018-12-31"},
        {"from 2015 to 2018", MO_CERTAIN, "2015-01-01", "2018-12-31"},
        {"entre 2015 et 2018", MO_CERTAIN, "2015-01-01", "2018-12-31"},
        {"2015 et 2018", MO_NO, "", ""},
        {"2015\xE2\x80\x93"
         "2018",
            MO_CERTAIN, "2015-01-01", "2018-12-31"},
        {"depuis 2010", MO_CERTAIN, "2010-01-01", ""},
        {"\xC3\x80 partir du 1er mars 2010", MO_CERTAIN, "2010-03-01", ""},
        {"jusqu'en 2020", MO_CERTAIN, "", "2020-12-31"},
        {"2010 - present", MO_CERTAIN, "2010-01-01", ""}, {"depuis", MO_NO, "", ""},
        {"depuis toujours", MO_NO, "", ""}, {"du 1 au 31 mars 2020", MO_NO, "", ""},
        {"de 2015", MO_NO, "", ""}, {"toujours", MO_NO, "", ""},
        {"P1M, P1D", MO_NO, "", ""}, {"/", MO_NO, "", ""}, {"../..", MO_NO, "", ""},
        {"2017/x", MO_NO, "", ""}, {"", MO_NO, "", ""}};

    prepare();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_period p = {.has_start = false};
        struct mo_buf start, end;
        enum mo_verdict verdict = mo_period_mend(values, mo_str(rows[i].text), &p);

        expect_verdict(verdict, rows[i].verdict, rows[i].text);
        if (verdict != MO_CERTAIN)
            continue;
        mo_buf_init(&start, 100);
        mo_buf_init(&end, 100);
        if (p.has_start)
            mo_date_put(&start, &p.start);
        if (p.has_end)
            mo_date_put(&end, &p.end);
        mo_buf_add(&start, "", 0);
        mo_buf_add(&end, "", 0);
        expect(&start, rows[i].start, rows[i].text);
        expect(&end, rows[i].end, rows[i].text);
        mo_buf_done(&start);
        mo_buf_done(&end);
    }
}

static void
sizes_are_read(void)
{
    static const struct row rows[] = {{"12323", MO_CERTAIN, "12323"},
        {"12323.0", MO_CERTAIN, "12323"}, {" 0 ", MO_CERTAIN, "0"},
        {"1.2e6", MO_CERTAIN, "1200000"}, {"1E+06", MO_CERTAIN, "1000000"},
        {"120e-1", MO_CERTAIN, "12"}, {"12 Ko", MO_CERTAIN, "12000"},
        {"12Ko", MO_CERTAIN, "12000"}, {"1,5 Mo", MO_CERTAIN, "1500000"},
        {"3.2 MB", MO_CERTAIN, "3200000"}, {"10 KiB", MO_CERTAIN, "10240"},
        {"2 Go", MO_CERTAIN, "2000000000"}, {"15 octets", MO_CERTAIN, "15"},
        {"1 234 567", MO_CERTAIN, "1234567"},
        {"1\xC2\xA0"
         "234 octets",
            MO_CERTAIN, "1234"},
        {"1\xE2\x80\xAF"
         "234,5 ko",
            MO_CERTAIN, "1234500"},
        {"1,234,567", MO_CERTAIN, "1234567"}, {"1.234.567", MO_CERTAIN, "1234567"},
        {"1,234,567.0", MO_CERTAIN, "1234567"}, {"123.000", MO_CERTAIN, "123"},
        {"1,234", MO_DOUBTFUL, NULL}, {"1.234 Mo", MO_DOUBTFUL, NULL},
        {"12 Kb", MO_DOUBTFUL, NULL}, {"12.5", MO_DOUBTFUL, NULL},
        {"1.2345 ko", MO_CERTAIN, "1234"}, {"", MO_NO, NULL}, {"-1", MO_NO, NULL},
        {"inconnu", MO_NO, NULL}, {"env. 12 Mo", MO_NO, NULL}, {"12 km", MO_NO, NULL},
        {"99999999999999999999", MO_NO, NULL}, {"1e99", MO_NO, NULL},
        {"+5", MO_CERTAIN, "5"}, {"+", MO_NO, NULL}, {"++5", MO_NO, NULL},
        {"12'345", MO_CERTAIN, "12345"}, {"12'34", MO_NO, NULL},
        {"1\xE2\x80\x99"
         "234,5 Ko",
            MO_CERTAIN, "1234500"},
        {"5 m\xC3\xA9gaoctets", MO_CERTAIN, "5000000"},
        {"1,5 Megabytes", MO_CERTAIN, "1500000"}, {"2 Octets", MO_CERTAIN, "2"},
        {"NaN", MO_NO, NULL}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        uint64_t bytes = 0;
        enum mo_verdict verdict = mo_bytes_mend(mo_str(rows[i].text), &bytes);
        char memory[32];
        struct mo_buf out;

        expect_verdict(verdict, rows[i].verdict, rows[i].text);
        mo_buf_fixed(&out, memory, sizeof memory);
        mo_buf_printf(&out, "%llu", (unsigned long long)bytes);
        if (verdict == MO_CERTAIN && rows[i].want)
            expect(&out, rows[i].want, rows[i].text);
    }
}

static void
addresses_are_mended(void)
{
    static const struct {
        const char *text;
        enum mo_verdict verdict;
        unsigned faults;
        const char *want;
    } rows[] = {{"https://a.fr/b?c=d#e", MO_CERTAIN, 0, "https://a.fr/b?c=d#e"},
        {"HTTP://A.FR/", MO_CERTAIN, 0, "HTTP://A.FR/"},
        {"urn:uuid:1", MO_CERTAIN, 0, "urn:uuid:1"},
        {" https://a.fr/ ", MO_CERTAIN, MO_ADDRESS_SPACE, "https://a.fr/"},
        {"<https://a.fr/>", MO_CERTAIN, MO_ADDRESS_SPACE, "https://a.fr/"},
        {"https://a.fr/b c", MO_CERTAIN, MO_ADDRESS_ENCODING, "https://a.fr/b%20c"},
        {"https://a.fr/k?LAYER[zoom]=1", MO_CERTAIN, MO_ADDRESS_ENCODING,
            "https://a.fr/k?LAYER%5Bzoom%5D=1"},
        {"https://[2001:db8::1]/a", MO_CERTAIN, 0, "https://[2001:db8::1]/a"},
        {"https://a.fr/?q={\"latestWkid\":3857}", MO_CERTAIN, MO_ADDRESS_ENCODING,
            "https://a.fr/?q=%7B%22latestWkid%22:3857%7D"},
        {"https://a.fr/\xC3\xA9t\xC3\xA9", MO_CERTAIN, MO_ADDRESS_ENCODING,
            "https://a.fr/%C3%A9t%C3%A9"},
        {"https://\xC3\xA9t\xC3\xA9.fr/a", MO_CERTAIN, 0,
            "https://\xC3\xA9t\xC3\xA9.fr/a"},
        {"https://a.fr/b\\c", MO_CERTAIN, MO_ADDRESS_ENCODING, "https://a.fr/b%5Cc"},
        {"http:\\\\a.fr", MO_CERTAIN, MO_ADDRESS_SCHEME, "http://a.fr"},
        {"http:\\\\a.fr\\b\\c", MO_CERTAIN, MO_ADDRESS_SCHEME | MO_ADDRESS_ENCODING,
            "http://a.fr/b/c"},
        {"http://a.fr\\b", MO_CERTAIN, MO_ADDRESS_ENCODING, "http://a.fr/b"},
        {"http:\\\\", MO_CERTAIN, MO_ADDRESS_ENCODING, "http://"},
        {"ttps://a.fr/", MO_CERTAIN, MO_ADDRESS_SCHEME, "https://a.fr/"},
        {"http//a.fr/", MO_CERTAIN, MO_ADDRESS_SCHEME, "http://a.fr/"},
        {"htpp://a.fr/", MO_CERTAIN, MO_ADDRESS_SCHEME, "http://a.fr/"},
        {"http:/a.fr/x", MO_CERTAIN, MO_ADDRESS_SCHEME, "http://a.fr/x"},
        {"https:////a.fr/x", MO_CERTAIN, MO_ADDRESS_SCHEME, "https://a.fr/x"},
        {"http://https://a.fr/", MO_CERTAIN, MO_ADDRESS_SCHEME, "https://a.fr/"},
        {"http://`a.fr:/x", MO_CERTAIN, MO_ADDRESS_ENCODING, "http://%60a.fr:/x"},
        {"https://sig.oreme.org:/geonetwork", MO_CERTAIN, MO_ADDRESS_PORT,
            "https://sig.oreme.org/geonetwork"},
        {"ftp://a.fr/b", MO_CERTAIN, 0, "ftp://a.fr/b"},
        {"ftp:/a.fr/b", MO_CERTAIN, MO_ADDRESS_SCHEME, "ftp://a.fr/b"},
        {"https://a.fr\xC2\xA0:", MO_CERTAIN, 0, "https://a.fr\xC2\xA0:"},
        {"http://a&amp;b:/x", MO_CERTAIN, MO_ADDRESS_ENTITY, "http://a&b:/x"},
        {"https://sig.oreme.org:8080/geonetwork", MO_CERTAIN, 0,
            "https://sig.oreme.org:8080/geonetwork"},
        {"https://[::1]/x", MO_CERTAIN, MO_ADDRESS_ENCODING & 0, "https://[::1]/x"},
        {"https://a.fr/?a=1&amp;b=2", MO_CERTAIN, MO_ADDRESS_ENTITY,
            "https://a.fr/?a=1&b=2"},
        {"https://a.fr/?a=1&amp;amp;b=2", MO_CERTAIN, MO_ADDRESS_ENTITY,
            "https://a.fr/?a=1&b=2"},
        {"https://a.fr/\nb", MO_CERTAIN, MO_ADDRESS_ENCODING, "https://a.fr/b"},
        {"htttp:\t\t//a.fr/b", MO_CERTAIN, MO_ADDRESS_SCHEME | MO_ADDRESS_ENCODING,
            "http://a.fr/b"},
        {"https://a.fr:\n/b?c&am\np;d", MO_CERTAIN,
            MO_ADDRESS_PORT | MO_ADDRESS_ENTITY | MO_ADDRESS_ENCODING,
            "https://a.fr/b?c&d"},
        {"https://a.fr/%3p", MO_DOUBTFUL, MO_ADDRESS_ESCAPE, "https://a.fr/%3p"},
        {"https://a.fr/x https://b.fr/y", MO_DOUBTFUL,
            MO_ADDRESS_TWO | MO_ADDRESS_ENCODING, "https://a.fr/x%20https://b.fr/y"},
        {"https://a.fr/x;https://b.fr/y", MO_DOUBTFUL, MO_ADDRESS_TWO,
            "https://a.fr/x;https://b.fr/y"},
        {"https://web.archive.org/web/2020/https://b.fr/", MO_CERTAIN, 0,
            "https://web.archive.org/web/2020/https://b.fr/"},
        {"datasets/3", MO_CERTAIN, 0, "datasets/3"}, {"", MO_NO, 0, ""},
        {"  ", MO_NO, MO_ADDRESS_SPACE, ""}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_buf out;
        unsigned faults;

        mo_buf_init(&out, 1 << 16);
        mo_buf_add(&out, "", 0);
        expect_verdict(mo_address_mend(mo_str(rows[i].text), &out, &faults),
            rows[i].verdict, rows[i].text);
        CHECK(faults == rows[i].faults, rows[i].text);
        expect(&out, rows[i].want, rows[i].text);
        mo_buf_done(&out);
    }
}

static void
addresses_are_told_by_where_they_lead(void)
{
    static const struct {
        const char *url;
        enum mo_reach reach;
    } rows[] = {{"https://a.fr/", MO_REACH_PUBLIC}, {"datasets/3", MO_REACH_RELATIVE},
        {"/x", MO_REACH_RELATIVE}, {"www.a.fr/x", MO_REACH_RELATIVE},
        {"http://localhost:8080/geonetwork", MO_REACH_LOCAL},
        {"http://127.0.0.1/", MO_REACH_LOCAL}, {"http://geoserver/wms", MO_REACH_LOCAL},
        {"http://sig.intranet/", MO_REACH_LOCAL}, {"http://10.1.2.3/x", MO_REACH_PRIVATE},
        {"http://192.168.0.1:8080/", MO_REACH_PRIVATE},
        {"file:///srv/udata/access/PUBLIC", MO_REACH_FILE},
        {"C:\\x\\y.csv", MO_REACH_FILE}, {"\\\\server\\share", MO_REACH_FILE},
        {"mailto:a@b.fr", MO_REACH_OTHER}, {"urn:uuid:1", MO_REACH_OTHER},
        {"https://a-1.fr", MO_REACH_PUBLIC}, {"https://a.fr#b", MO_REACH_OTHER},
        {"https://a--b.fr/", MO_REACH_OTHER}, {"https://a-.fr/", MO_REACH_OTHER},
        {"https://a..fr/", MO_REACH_OTHER}, {"https://a.f/", MO_REACH_OTHER},
        {"https://a.b.lan", MO_REACH_LOCAL}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i)
        CHECK(mo_address_reach(mo_str(rows[i].url)) == rows[i].reach, rows[i].url);
}

static void
emails_are_mended(void)
{
    static const struct row rows[] = {
        {"mailto:contact@ville.fr", MO_CERTAIN, "mailto:contact@ville.fr"},
        {"contact@ville.fr", MO_CERTAIN, "mailto:contact@ville.fr"},
        {"mailto:mailto:contact@ville.fr", MO_CERTAIN, "mailto:contact@ville.fr"},
        {"MAILTO:contact@ville.fr", MO_CERTAIN, "mailto:contact@ville.fr"},
        {"mailto://contact@ville.fr", MO_CERTAIN, "mailto:contact@ville.fr"},
        {"mailto: contact@ville.fr ", MO_CERTAIN, "mailto:contact@ville.fr"},
        {"mailto:contact@ville.fr?subject=x", MO_CERTAIN,
            "mailto:contact@ville.fr?subject=x"},
        {"a@x.fr;b@y.fr", MO_CERTAIN, "mailto:a@x.fr\nmailto:b@y.fr"},
        {"a@x.fr, mailto:b@y.fr", MO_CERTAIN, "mailto:a@x.fr\nmailto:b@y.fr"},
        {"mailto:a@x.fr;b@y.fr;a@x.fr", MO_CERTAIN, "mailto:a@x.fr\nmailto:b@y.fr"},
        {"a@x.fr et b@y.fr", MO_CERTAIN, "mailto:a@x.fr\nmailto:b@y.fr"},
        {"contact @ ville.fr", MO_CERTAIN, "mailto:contact@ville.fr"},
        {"contact%20@ville.fr", MO_CERTAIN, "mailto:contact@ville.fr"},
        {"Mairie <contact@ville.fr>", MO_CERTAIN, "mailto:contact@ville.fr"},
        {"contact : contact@ville.fr", MO_CERTAIN, "mailto:contact@ville.fr"},
        {"jean dupont@ville.fr", MO_DOUBTFUL, NULL},
        {"contact [at] ville.fr", MO_DOUBTFUL, NULL},
        {"contact(at)ville.fr", MO_DOUBTFUL, NULL}, {"contact@ville", MO_DOUBTFUL, NULL},
        {"@ville.fr", MO_DOUBTFUL, NULL}, {"contact@@ville.fr", MO_DOUBTFUL, NULL},
        {"contact@ville..fr", MO_DOUBTFUL, NULL},
        {"http:\t//a.fr:\t/contact@ville.fr", MO_DOUBTFUL, NULL},
        {"Service des archives", MO_NO, NULL}, {"https://a.fr/contact", MO_NO, NULL},
        {"", MO_NO, NULL}, {"mailto:", MO_NO, NULL}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_buf out;
        size_t n;

        mo_buf_init(&out, 1 << 16);
        mo_buf_add(&out, "", 0);
        expect_verdict(mo_emails_mend(mo_str(rows[i].text), &out, &n), rows[i].verdict,
            rows[i].text);
        expect(&out, rows[i].want ? rows[i].want : "", rows[i].text);
        mo_buf_done(&out);
    }
}

static void
addresses_of_persons_are_told(void)
{
    static const char *const persons[] = {
        "mailto:jean.dupont@ville.fr", "marie-claire.durand@culture.gouv.fr"};
    static const char *const posts[] = {"contact@ville.fr", "service.archives@ville.fr",
        "sig.donnees@ville.fr", "j@ville.fr", "a.b.c@ville.fr", "pole2.x@ville.fr", "x"};

    for (size_t i = 0; i < sizeof persons / sizeof persons[0]; ++i)
        CHECK(mo_email_is_personal(mo_str(persons[i])), persons[i]);
    for (size_t i = 0; i < sizeof posts / sizeof posts[0]; ++i)
        CHECK(!mo_email_is_personal(mo_str(posts[i])), posts[i]);
}

static void
keywords_are_parted_where_that_is_certain(void)
{
    static const struct row rows[] = {{"culture;patrimoine ; ;mus\xC3\xA9"
                                       "e",
                                          MO_CERTAIN,
                                          "culture\npatrimoine\nmus\xC3\xA9"
                                          "e"},
        {"culture|patrimoine", MO_CERTAIN, "culture\npatrimoine"},
        {"culture, patrimoine, archives", MO_CERTAIN, "culture\npatrimoine\narchives"},
        {"culture,patrimoine,archives", MO_CERTAIN, "culture\npatrimoine\narchives"},
        {"culture, patrimoine", MO_DOUBTFUL, NULL},
        {"Agriculture, p\xC3\xAA"
         "che, sylviculture et alimentation",
            MO_DOUBTFUL, NULL},
        {"a,b, c", MO_DOUBTFUL, NULL}, {"1,5,2,5", MO_DOUBTFUL, NULL},
        {"mus\xC3\xA9"
         "e (arts, sciences, techniques)",
            MO_DOUBTFUL, NULL},
        {"un mot", MO_NO, NULL}, {"", MO_NO, NULL}, {";", MO_NO, NULL},
        {"http://a.fr/x;y", MO_NO, NULL}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_buf out;

        mo_buf_init(&out, 1 << 16);
        mo_buf_add(&out, "", 0);
        expect_verdict(
            mo_keywords_mend(mo_str(rows[i].text), &out), rows[i].verdict, rows[i].text);
        expect(&out, rows[i].want ? rows[i].want : "", rows[i].text);
        mo_buf_done(&out);
    }
}

static void
mojibake_is_turned_back_when_all_of_it_can_be(void)
{
    static const struct row rows[] = {{"\xC3\x83\xC2\xA9t\xC3\x83\xC2\xA9", MO_CERTAIN,
                                          "\xC3\xA9t\xC3\xA9"}, /* Ã©tÃ© */
        {"l\xC3\xA2\xE2\x82\xAC\xE2\x84\xA2\x61mi", MO_CERTAIN,
            "l\xE2\x80\x99\x61mi"},                                   /* lâ€™ami */
        {"\xC3\x83\xC6\x92\xC3\x82\xC2\xA9", MO_CERTAIN, "\xC3\xA9"}, /* twice */
        {"\xC3\xAF\xC2\xBB\xC2\xBF\x61\xC3\x83\xC2\xA9", MO_CERTAIN,
            "a\xC3\xA9"}, /* a mark of byte order */
        /* Some of it is right. */
        {"\xC3\xA9t\xC3\x83\xC2\xA9", MO_DOUBTFUL, NULL},
        {"\xC3\x83\xC2\xA9 \xC5\x82", MO_DOUBTFUL, NULL},
        {"perdu\xEF\xBF\xBD", MO_DOUBTFUL, NULL}, {"\xC3\xA9t\xC3\xA9", MO_NO, NULL},
        {"LIBERT\xC3\x89\xC2\xBB", MO_NO, NULL}, {"N\xC3\x8EMES", MO_NO, NULL},
        {"20 \xC2\xB0"
         "C",
            MO_NO, NULL},
        {"\xE2\x82\xAC", MO_NO, NULL}, {"plain", MO_NO, NULL}, {"", MO_NO, NULL}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_buf out;

        mo_buf_init(&out, 1 << 16);
        mo_buf_add(&out, "", 0);
        expect_verdict(
            mo_mojibake_mend(mo_str(rows[i].text), &out), rows[i].verdict, rows[i].text);
        expect(&out, rows[i].want ? rows[i].want : "", rows[i].text);
        mo_buf_done(&out);
    }
}

static void
check_text(const struct row *row,
    enum mo_verdict (*mend)(const struct mo_values *, struct mo_str, struct mo_buf *))
{
    struct mo_buf once, twice;

    mo_buf_init(&once, 1 << 16);
    mo_buf_init(&twice, 1 << 16);
    mo_buf_add(&once, "", 0);
    mo_buf_add(&twice, "", 0);
    expect_verdict(mend(values, mo_str(row->text), &once), row->verdict, row->text);
    expect(&once, row->want, row->text);
    expect_verdict(mend(values, mo_buf_view(&once), &twice), MO_NO, "the same again");
    expect(&twice, row->want, "the same again");
    mo_buf_done(&once);
    mo_buf_done(&twice);
}

static void
texts_are_mended_once_for_all(void)
{
    static const struct row rows[] = {{"plain text", MO_NO, "plain text"},
        {"\xC3\xA9t\xC3\xA9", MO_NO, "\xC3\xA9t\xC3\xA9"},
        {"\xC2\xA0 \xC3\xA9t\xC3\xA9\xE3\x80\x80\t", MO_CERTAIN, "\xC3\xA9t\xC3\xA9"},
        {"a < b and c > d, <a@b.org>", MO_NO, "a < b and c > d, <a@b.org>"},
        {"<p>Entr\xC3\xA9"
         "es par <b>mois</b></p>",
            MO_CERTAIN,
            "Entr\xC3\xA9"
            "es par **mois**"},
        {"&lt;p&gt;L&amp;#39;&amp;eacute;t&amp;eacute;&lt;/p&gt;", MO_CERTAIN,
            "L'\xC3\xA9t\xC3\xA9"},
        {"&lt;a href=&quot;http://a.fr/&quot;&gt;ici&lt;/a&gt;", MO_CERTAIN,
            "[ici](http://a.fr/)"},
        {"utilisez la balise &lt;b&gt; ici", MO_CERTAIN, "utilisez la balise &lt;b> ici"},
        {"&amp;eacute;t&eacute;&nbsp;! AT&amp;T", MO_CERTAIN, "\xC3\xA9t\xC3\xA9 ! AT&T"},
        {"5 &lt; 6 &amp;amp; 7 &gt; 6", MO_CERTAIN, "5 < 6 & 7 > 6"},
        {"l&#146;ami", MO_CERTAIN,
            "l\xE2\x80\x99"
            "ami"},
        {"&nope; & b", MO_NO, "&nope; & b"}, {"<![CDATA[<p>un</p>]]>", MO_CERTAIN, "un"},
        {"a]]> b", MO_NO, "a]]> b"},
        {"a\x01"
         "b\x7F\xC2\x85",
            MO_CERTAIN, "ab"},
        {"\xC2\xA0 a \xC2\xA0", MO_CERTAIN, "a"},
        {"<script>alert(1)</script>x", MO_CERTAIN, "x"},
        {"&lt;script&gt;alert(1)&lt;/script&gt;x", MO_CERTAIN, "x"},
        {"<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", MO_CERTAIN,
            "&lt;script>alert(1)&lt;/script>"},
        {"<a href=\"javascript:alert(1)\">t</a>", MO_CERTAIN, "t"},
        {"<&#112;>", MO_NO, "<&#112;>"},
        {"<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2|3</td></tr></table>",
            MO_CERTAIN, "a | b\n---|---\n1 | 2\\|3"},
        {"<table><tr><td>seul</td></tr></table>", MO_CERTAIN, "seul"}};
    static const struct row lines[] = {{"Un titre", MO_NO, "Un titre"},
        {"Un\n   titre &eacute;t&eacute;", MO_CERTAIN, "Un titre \xC3\xA9t\xC3\xA9"},
        {"<b>Un</b> <i>titre</i>", MO_CERTAIN, "Un titre"},
        {"<ul><li>a</li><li>b</li></ul>", MO_CERTAIN, "a b"}};

    prepare();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i)
        check_text(&rows[i], mo_text_mend);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; ++i)
        check_text(&lines[i], mo_line_mend);
}

static void
unseen_characters_are_found(void)
{
    CU_ASSERT_EQUAL(mo_text_unseen(mo_str("a\xE2\x80\x8B"
                                          "b")),
        0x200B);
    CU_ASSERT_EQUAL(mo_text_unseen(mo_str("a\xE2\x80\xAE"
                                          "b")),
        0x202E);
    CU_ASSERT_EQUAL(mo_text_unseen(mo_str("a\xEF\xBB\xBF"
                                          "b")),
        0xFEFF);
    CU_ASSERT_EQUAL(mo_text_unseen(mo_str("\xC3\xA9t\xC3\xA9 \xE2\x80\x93")), 0);
}

static void
geometries_are_mended(void)
{
    static const struct {
        const char *text;
        enum mo_verdict verdict;
        enum mo_shape shape;
        unsigned faults;
        const char *want;
    } rows[] = {
        {"POLYGON((-6 51,10 51,10 40,-6 40,-6 51))", MO_CERTAIN, MO_SHAPE_AREA, 0,
            "POLYGON((-6 51,10 51,10 40,-6 40,-6 51))"},
        {"POLYGON ((-6 51, 10 51, 10 40, -6 51))", MO_CERTAIN, MO_SHAPE_AREA, 0,
            "POLYGON ((-6 51, 10 51, 10 40, -6 51))"},
        {"polygon((-6 51,10 51,10 40,-6 51))", MO_CERTAIN, MO_SHAPE_AREA, MO_PLACE_FORM,
            "POLYGON((-6 51,10 51,10 40,-6 51))"},
        {"POLYGON((-6 51,10 51,10 40))", MO_CERTAIN, MO_SHAPE_AREA, MO_PLACE_FORM,
            "POLYGON((-6 51,10 51,10 40,-6 51))"},
        {"POLYGON Z((0 0 1,9 0 1,9 9 1))", MO_CERTAIN, MO_SHAPE_AREA, MO_PLACE_FORM,
            "POLYGON Z((0 0 1,9 0 1,9 9 1,0 0 1))"},
        {"SRID=4326;POINT(2.35 48.85)", MO_CERTAIN, MO_SHAPE_POINT, MO_PLACE_FORM,
            "POINT(2.35 48.85)"},
        {"SRID=2154;POINT(650000 6860000)", MO_DOUBTFUL, MO_SHAPE_NONE, MO_PLACE_SYSTEM,
            ""},
        {"<http://www.opengis.net/def/crs/EPSG/0/4326> point(48.85 2.35)", MO_CERTAIN,
            MO_SHAPE_POINT, MO_PLACE_FORM,
            "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(48.85 2.35)"},
        {"<http://www.opengis.net/def/crs/EPSG/0/2154> POINT(650000 6860000)", MO_CERTAIN,
            MO_SHAPE_OTHER, 0,
            "<http://www.opengis.net/def/crs/EPSG/0/2154> POINT(650000 6860000)"},
        {"MULTIPOLYGON(((0 0,1 0,1 1)),((2 2,3 2,3 3,2 2)))", MO_CERTAIN, MO_SHAPE_AREA,
            MO_PLACE_FORM, "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((2 2,3 2,3 3,2 2)))"},
        {"ENVELOPE(-6, 10, 51, 40)", MO_CERTAIN, MO_SHAPE_AREA, MO_PLACE_FORM,
            "POLYGON((-6 40,10 40,10 51,-6 51,-6 40))"},
        {"BOX(-6 40,10 51)", MO_CERTAIN, MO_SHAPE_AREA, MO_PLACE_FORM,
            "POLYGON((-6 40,10 40,10 51,-6 51,-6 40))"},
        {"6.57,46.39,6.60,46.40", MO_CERTAIN, MO_SHAPE_AREA, MO_PLACE_FORM,
            "POLYGON((6.57 46.39,6.60 46.39,6.60 46.40,6.57 46.40,6.57 46.39))"},
        {"[-6, 51, 10, 40]", MO_CERTAIN, MO_SHAPE_AREA, MO_PLACE_FORM,
            "POLYGON((-6 40,10 40,10 51,-6 51,-6 40))"},
        {"46.39,6.57,46.40,6.60", MO_DOUBTFUL, MO_SHAPE_AREA, MO_PLACE_SWAPPED, ""},
        {"48,170,49,171", MO_CERTAIN, MO_SHAPE_AREA,
            MO_PLACE_SWAPPED | MO_PLACE_RANGE | MO_PLACE_FORM,
            "POLYGON((170 48,170 49,171 49,171 48,170 48))"},
        {"48.85,2.35", MO_DOUBTFUL, MO_SHAPE_POINT, MO_PLACE_SWAPPED, ""},
        {"650000,6860000,660000,6870000", MO_DOUBTFUL, MO_SHAPE_AREA, MO_PLACE_RANGE, ""},
        {"northlimit=51; southlimit=40; westlimit=-6; eastlimit=10; name=France",
            MO_CERTAIN, MO_SHAPE_AREA, MO_PLACE_FORM,
            "POLYGON((-6 40,10 40,10 51,-6 51,-6 40))"},
        {"east=2.35; north=48.85", MO_CERTAIN, MO_SHAPE_POINT, MO_PLACE_FORM,
            "POINT(2.35 48.85)"},
        {"{\"type\":\"Polygon\",\"coordinates\":[[[4,45],[4,46],[5,46],[4,45]]]}",
            MO_CERTAIN, MO_SHAPE_AREA, 0,
            "{\"type\":\"Polygon\",\"coordinates\":[[[4,45],[4,46],[5,46],[4,45]]]}"},
        {"{\"type\":\"polygon\",\"coordinates\":[[[4,45],[4,46],[5,46]]]}", MO_CERTAIN,
            MO_SHAPE_AREA, MO_PLACE_FORM,
            "{\"type\":\"Polygon\",\"coordinates\":[[[4,45],[4,46],[5,46],[4,45]]]}"},
        {"{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[2,48]}}",
            MO_CERTAIN, MO_SHAPE_POINT, MO_PLACE_FORM,
            "{\"type\":\"Point\",\"coordinates\":[2,48]}"},
        {"{\"type\":\"envelope\",\"coordinates\":[[-6,51],[10,40]]}", MO_CERTAIN,
            MO_SHAPE_AREA, MO_PLACE_FORM, "POLYGON((-6 40,10 40,10 51,-6 51,-6 40))"},
        {"{\"type\":\"Polygon\",\"coordinates\":[[[4,NaN],[4,46],[5,46],[4,45]]]}", MO_NO,
            MO_SHAPE_NONE, MO_PLACE_NUMBER, ""},
        {"POINT(NaN NaN)", MO_NO, MO_SHAPE_NONE, MO_PLACE_NUMBER, ""},
        {"LINESTRING(0 0,1 1)", MO_CERTAIN, MO_SHAPE_OTHER, 0, "LINESTRING(0 0,1 1)"},
        {"POLYGONZ((0 0 1,9 0 1,9 9 1))", MO_CERTAIN, MO_SHAPE_AREA, MO_PLACE_FORM,
            "POLYGON Z((0 0 1,9 0 1,9 9 1,0 0 1))"},
        {"pointm(2 48 1)", MO_CERTAIN, MO_SHAPE_POINT, MO_PLACE_FORM, "POINT M(2 48 1)"},
        {"GEOMETRYCOLLECTION(POINT(2 48),LINESTRING(0 0,1 1))", MO_CERTAIN,
            MO_SHAPE_OTHER, 0, "GEOMETRYCOLLECTION(POINT(2 48),LINESTRING(0 0,1 1))"},
        {"SRID=4326; TIN(((0 0,0 1,1 1,0 0))) ", MO_CERTAIN, MO_SHAPE_OTHER, 0,
            "TIN(((0 0,0 1,1 1,0 0)))"},
        {"GEOMETRYCOLLECTION", MO_NO, MO_SHAPE_NONE, 0, ""},
        {"{\"type\":\"Feature\",\"geometry\":{\"type\":\"GeometryCollection\","
         "\"geometries\":[{\"type\":\"Point\",\"coordinates\":[2,48]}]}}",
            MO_CERTAIN, MO_SHAPE_OTHER, 0,
            "{\"type\":\"GeometryCollection\",\"geometries\":"
            "[{\"type\":\"Point\",\"coordinates\":[2,48]}]}"},
        {"{\"features\":[{\"type\":\"Feature\"},{\"type\":\"Feature\"}]}", MO_CERTAIN,
            MO_SHAPE_OTHER, 0,
            "{\"features\":[{\"type\":\"Feature\"},{\"type\":\"Feature\"}]}"},
        {"ENVELOPE(-5.14,41.33,9.56,51.09)", MO_DOUBTFUL, MO_SHAPE_AREA, MO_PLACE_SWAPPED,
            ""},
        {"180,90,-180,-90", MO_DOUBTFUL, MO_SHAPE_AREA, MO_PLACE_SWAPPED, ""},
        {"<gml:Point><gml:pos>48 2</gml:pos></gml:Point>", MO_NO, MO_SHAPE_NONE, 0, ""},
        {"Rennes", MO_NO, MO_SHAPE_NONE, 0, ""},
        {"35238", MO_NO, MO_SHAPE_NONE, 0, ""},
        {"POLYGON((0 0,1 1))", MO_NO, MO_SHAPE_NONE, 0, ""},
        {"POLYGON((0 0,1 0,1 1,0 0)) x", MO_NO, MO_SHAPE_NONE, 0, ""},
        {"POLYGON EMPTY", MO_NO, MO_SHAPE_NONE, 0, ""},
        {"", MO_NO, MO_SHAPE_NONE, 0, ""},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mo_place_found found;
        struct mo_buf out;

        mo_buf_init(&out, 1 << 16);
        mo_buf_add(&out, "", 0);
        expect_verdict(mo_place_mend(mo_str(rows[i].text), &out, &found), rows[i].verdict,
            rows[i].text);
        CHECK(
            found.shape == rows[i].shape && found.faults == rows[i].faults, rows[i].text);
        expect(&out, rows[i].want, rows[i].text);
        mo_buf_done(&out);
    }
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
    TEST(dates_are_read_and_never_made_up),
    TEST(dates_of_xml_schema_are_told_from_others),
    TEST(periods_are_read),
    TEST(sizes_are_read),
    TEST(addresses_are_mended),
    TEST(addresses_are_told_by_where_they_lead),
    TEST(emails_are_mended),
    TEST(addresses_of_persons_are_told),
    TEST(keywords_are_parted_where_that_is_certain),
    TEST(mojibake_is_turned_back_when_all_of_it_can_be),
    TEST(texts_are_mended_once_for_all),
    TEST(unseen_characters_are_found),
    TEST(geometries_are_mended),
    {"release", release},
};

UNIT_MAIN("mend", tests)
