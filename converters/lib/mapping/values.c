#include <moisson/iri.h>
#include <moisson/text.h>

#include "base/ctype.h"
#include "base/hash.h"
#include "mapping/mapping.h"

static struct mo_str
text_of(const struct mo_json *value)
{
    return mo_str_trim(mo_json_text(value));
}

/* ---- Texts ---- */

/* {"fr": "…", "en": ["…"]}: every key a language. */
static bool
say_translated(struct map *m, struct mo_term *node, struct mo_str property,
    const struct mo_json *object)
{
    char memory[MO_LANGUAGE_SIZE];

    for (const struct mo_json *e = mo_json_first(object); e; e = mo_json_next(e))
        if (mo_json_key(e).n > 8 || mo_language(mo_json_key(e), memory).n == 0)
            return false;
    for (const struct mo_json *e = mo_json_first(object); e; e = mo_json_next(e)) {
        bool list = mo_json_kind(e) == MO_JSON_ARRAY;

        for (const struct mo_json *t = list ? mo_json_first(e) : e; t;
             t = list ? mo_json_next(t) : NULL)
            if (mo_json_text(t).n)
                mo_map_add(m, node, property,
                    mo_input_literal(&m->in, mo_json_text(t), mo_str(""),
                        mo_language(mo_json_key(e), memory)));
    }
    return true;
}

static bool
kind_text(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *value)
{
    struct mo_str text = mo_json_text(value);

    if (mo_json_kind(value) == MO_JSON_OBJECT)
        return say_translated(m, node, rule->property, value);
    if (text.n)
        mo_map_say(m, node, rule, mo_map_literal(m, text, NULL));
    return text.n > 0;
}

/* A list, or several words in one text with commas or semicolons between. */
static bool
kind_words(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *value)
{
    struct mo_str text = mo_json_text(value);
    const char *mark = text.n && memchr(text.p, ';', text.n) ? ";" : ",";
    bool good = true;

    for (const struct mo_json *e =
             mo_json_kind(value) == MO_JSON_ARRAY ? mo_json_first(value) : NULL;
         e; e = mo_json_next(e))
        good = (mo_json_says_nothing(e) || kind_text(m, node, rule, e)) && good;
    if (mo_json_kind(value) == MO_JSON_ARRAY)
        return good;
    if (mo_json_kind(value) == MO_JSON_OBJECT)
        return say_translated(m, node, rule->property, value);
    while (text.n) {
        size_t n = mo_str_find(text, mo_str(mark), 0);
        struct mo_str word = mo_str_trim(mo_str_n(text.p, n));

        if (word.n)
            mo_map_say(m, node, rule, mo_map_literal(m, word, NULL));
        text = mo_str_from(text, n + 1);
    }
    return mo_json_text(value).n > 0;
}

/* {"name": "…"}, of which the other members say nothing more about the word; or a text. */
static bool
kind_name(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *value)
{
    struct mo_str name = mo_json_member_text(value, "display_name");

    if (mo_json_kind(value) != MO_JSON_OBJECT)
        return kind_text(m, node, rule, value);
    if (name.n == 0)
        name = mo_json_member_text(value, "name");
    if (name.n == 0)
        return say_translated(m, node, rule->property, value);
    mo_map_say(m, node, rule, mo_map_literal(m, name, NULL));
    return true;
}

/* ---- Numbers and dates ---- */

/* "2019-03-12T21:04" has no seconds, and means them to be none. */
static bool
parse_date(struct mo_str text, struct mo_date *date)
{
    char whole[20];

    if (mo_date_parse(text, date))
        return true;
    if (text.n != 16)
        return false;
    memcpy(whole, text.p, 16);
    memcpy(whole + 16, ":00", 4);
    return mo_date_parse(mo_str(whole), date);
}

static bool
kind_date(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *value)
{
    struct mo_date date;

    if (!parse_date(text_of(value), &date))
        return false;
    mo_map_say(m, node, rule, mo_input_date(&m->in, &date));
    return true;
}

static bool
is_number(struct mo_str text, bool fraction)
{
    size_t points = 0;

    for (size_t i = 0; i < text.n; ++i)
        if (text.p[i] == '.')
            ++points;
        else if (!mo_is_digit(text.p[i]))
            return false;
    return text.n > points && points <= fraction;
}

static bool
kind_decimal(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *value)
{
    struct mo_str text = text_of(value);

    if (!is_number(text, true))
        return false;
    mo_map_say(m, node, rule, mo_map_literal(m, text, MO_XSD "decimal"));
    return true;
}

static bool
kind_size(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *value)
{
    struct mo_str text = text_of(value);

    if (mo_str_ends(text, mo_str(".0"))) /* as some programs write it */
        text.n -= 2;
    if (!is_number(text, false))
        return false;
    mo_map_say(m, node, rule, mo_map_literal(m, text, MO_XSD "nonNegativeInteger"));
    return true;
}

/* P1Y, PT15M */
static bool
kind_duration(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *value)
{
    struct mo_str text = text_of(value);

    if (text.n < 3 || text.p[0] != 'P' || !mo_is_alpha(text.p[text.n - 1]))
        return false;
    mo_map_say(m, node, rule, mo_map_literal(m, text, MO_XSD "duration"));
    return true;
}

/* ---- Addresses ---- */

static bool
kind_iri(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *value)
{
    struct mo_str text = text_of(value);

    if (!mo_map_is_address(text))
        return false;
    mo_map_say(m, node, rule, mo_map_iri(m, text));
    return true;
}

static bool
kind_document(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *value)
{
    struct mo_str text = text_of(value);
    struct mo_term *page;

    if (!mo_map_is_address(text))
        return false;
    page = mo_map_iri(m, text);
    if (page != node)
        mo_map_type(m, page, MO_FOAF "Document");
    mo_map_say(m, node, rule, page);
    return true;
}

static bool
kind_email(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *value)
{
    struct mo_str text = text_of(value);

    while (mo_str_eq_nocase(mo_str_n(text.p, text.n < 7 ? text.n : 7), mo_str("mailto:")))
        text = mo_str_trim(mo_str_from(text, 7));
    if (mo_str_find(text, mo_str("@"), 0) == text.n || mo_iri_bad_byte(text) < text.n)
        return false;
    mo_map_say(m, node, rule, mo_map_joined(m, "mailto:", text));
    return true;
}

/* What a text is to a node of a class. */
static struct mo_str label_of(struct mo_str class)
{
    static const struct {
        const char *class, *property;
    } labels[] = {{"adms:Identifier", MO_SKOS "notation"},
        {"dct:Location", MO_SKOS "prefLabel"}, {"foaf:Agent", MO_FOAF "name"},
        {"skos:Concept", MO_SKOS "prefLabel"}, {"vcard:Kind", MO_VCARD "fn"}};

    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; ++i)
        if (mo_str_is(class, labels[i].class))
            return mo_str(labels[i].property);
    return mo_str(MO_RDFS_LABEL);
}

/* An IRI, or a node of the class in the argument that the text is the label of. */
static bool
kind_label(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *value)
{
    const struct map_rule label = {.property = label_of(rule->argument)};

    if (kind_iri(m, node, rule, value))
        return true;
    if (mo_json_text(value).n == 0 && mo_json_kind(value) != MO_JSON_OBJECT)
        return false;
    return kind_text(m, mo_map_node(m, node, rule->property, rule->class), &label, value);
}

/* "word=tail ...": the IRI below the authority's that a word stands for. */
static bool
kind_word(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *value)
{
    struct mo_str text = text_of(value), rest = rule->argument;

    while (rest.n) {
        size_t n = mo_str_find(rest, mo_str(";"), 0);
        struct mo_str pair = mo_str_n(rest.p, n);
        size_t equals = mo_str_find(pair, mo_str("="), 0);

        if (mo_str_eq_nocase(text, mo_str_n(pair.p, equals))) {
            mo_map_say(m, node, rule,
                mo_map_joined(m, MO_AUTHORITY, mo_str_from(pair, equals + 1)));
            return true;
        }
        rest = mo_str_from(rest, n + 1);
    }
    return false;
}

/* ---- Codes ---- */

/* The IRI of what a text means in a vocabulary of mo_concepts; or empty. */
static struct mo_str concept(struct map *m, const char *list, struct mo_str text)
{
    struct mo_str iri;

    if (!m->concepts && !(m->concepts = mo_concepts_new(m->values))) {
        mo_input_trouble(&m->in);
        return mo_str("");
    }
    iri = mo_concept(m->concepts, mo_concept_list(mo_str(list)), text);
    if (mo_concepts_failed(m->concepts))
        mo_input_trouble(&m->in);
    return iri;
}

static bool
kind_frequency(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *value)
{
    struct mo_str text = text_of(value);
    struct mo_str iri = text.n ? concept(m, "frequency", text) : text;

    if (iri.n)
        mo_map_say(m, node, rule, mo_map_iri(m, iri));
    return iri.n || kind_iri(m, node, rule, value);
}

/* "fr", "fr-FR", "fra", "French": the EU's IRI. */
static bool
say_language(
    struct map *m, struct mo_term *node, struct mo_str property, struct mo_str text)
{
    struct mo_str iri = concept(m, "language", text);
    size_t dash = mo_str_find(text, mo_str("-"), 0);

    if (iri.n == 0 && dash < text.n)
    iri = concept(m, "language", mo_str_n(text.p, dash));
    if (iri.n)
        mo_map_add(m, node, property, mo_map_iri(m, iri));
    return iri.n > 0;
}

static bool
kind_language(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *value)
{
    struct mo_str text = text_of(value);
    bool good = text.n > 0;

    if (kind_iri(m, node, rule, value))
        return true;
    while (text.n) {
        size_t n = mo_str_find(text, mo_str(","), 0);
        struct mo_str word = mo_str_trim(mo_str_n(text.p, n));

        good = (word.n == 0 || say_language(m, node, rule->property, word)) && good;
        text = mo_str_from(text, n + 1);
    }
    return good;
}

void
mo_map_theme(struct map *m, struct mo_term *node, const struct map_rule *rule,
    struct mo_term *concept)
{
    if (rule->known == MO_K_DCAT_THEME && concept && concept->kind == MO_BLANK)
        mo_map_add(m, node, mo_str(MO_DCT "subject"), concept);
    else
        mo_map_say(m, node, rule, concept);
}

/* The EU's theme whose name, or a word that means it, the text is. */
static void
say_eu_theme(
    struct map *m, struct mo_term *node, const struct map_rule *rule, struct mo_str text)
{
    char memory[256];
    struct mo_buf slug;
    size_t row = 0;

    mo_buf_fixed(&slug, memory, sizeof memory);
    mo_slug(m->values, text, &slug);
    if (!slug.failed && mo_lookup_next(&m->themes, mo_buf_view(&slug), &row))
        mo_map_say(m, node, rule,
            mo_map_joined(m, MO_AUTHORITY "data-theme/",
                mo_str(mo_lookup_cell(
                    &m->themes, row, mo_table_column(m->themes.table, "theme")))));
}

/*
 * A concept with this name: at the address that the argument makes of it on the platform, as
 * a theme; without an address, which DCAT-AP asks of themes, as a subject. And the EU's theme
 * where the name means one.
 */
static bool
kind_theme(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *value)
{
    struct mo_str text = text_of(value);
    struct mo_term *concept;

    if (text.n == 0 || kind_iri(m, node, rule, value))
        return text.n > 0;
    concept = rule->argument.n ? mo_map_permalink(m, rule->argument.p, text)
                               : mo_input_blank(&m->in);
    mo_map_type(m, concept, MO_SKOS "Concept");
    mo_map_add(m, concept, mo_str(MO_SKOS "prefLabel"), mo_map_literal(m, text, NULL));
    mo_map_theme(m, node, rule, concept);
    say_eu_theme(m, node, rule, text);
    return true;
}

/* The EU's file type of this name, or empty. Few are in a catalogue: they are remembered. */
static struct mo_str
file_type(struct map *m, struct mo_str name)
{
    struct map_format *kept = &m->formats[(size_t)mo_hash(0, name) % MAP_FORMATS];
    struct mo_format format = {.carrier = false};

    if (mo_str_eq(mo_str_n(kept->name, kept->n), name))
        return kept->type;
    if (!mo_format_named(m->values, name, &format))
        format.type = mo_str("");
    if (name.n <= sizeof kept->name) {
        memcpy(kept->name, name.p, name.n);
        kept->n = name.n;
        kept->type = format.type;
    }
    return format.type;
}

static bool
kind_format(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *value)
{
    struct mo_str text = text_of(value), type = mo_str("");

    if (text.n && !mo_map_is_address(text))
        type = file_type(m, text);
    if (type.n == 0)
        return kind_label(m, node, rule, value);
    mo_map_say(m, node, rule, mo_map_joined(m, MO_AUTHORITY "file-type/", type));
    return true;
}

/* type "/" subtype of RFC 6838, 4.2 */
static bool
is_media_type(struct mo_str text)
{
    size_t slash = mo_str_find(text, mo_str("/"), 0);

    for (size_t i = 0; i < text.n; ++i)
        if (i != slash && !mo_is_digit(text.p[i]) && !mo_is_alpha(text.p[i]) &&
            !strchr("!#$&-^_.+", text.p[i]))
            return false;
    return slash > 0 && slash + 1 < text.n;
}

static bool
kind_media_type(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *value)
{
    struct mo_str text = text_of(value);
    struct mo_str type = text.n ? mo_media_type_named(m->values, text) : text;

    if (kind_iri(m, node, rule, value))
        return true;
    if (!is_media_type(type))
        return false;
    mo_map_say(m, node, rule, mo_map_joined(m, MO_IANA, type));
    return true;
}

/* ---- Licences ---- */

#define UNSPECIFIED "notspecified" /* of CKAN */

/* The IRI of the licence that is called so, or empty; remembered as formats are. */
static struct mo_str
known_licence(struct map *m, struct mo_str text)
{
    struct map_licence *kept = &m->licences[(size_t)mo_hash(0, text) % MAP_LICENCES];
    struct mo_licence meant;
    struct mo_str iri = mo_str("");

    if (mo_str_eq(mo_str_n(kept->text, kept->n), text))
        return kept->iri;
    if (mo_licence_named(m->values, text, &meant))
        iri = meant.iri;
    if (text.n <= sizeof kept->text) {
        memcpy(kept->text, text.p, text.n);
        kept->n = text.n;
        kept->iri = iri;
    }
    return iri;
}

/* The text of a licence, if it is there; and the IRI of what it means, or empty. */
static struct mo_str
licence_text(struct map *m, const struct mo_json *value, struct mo_str *iri)
{
    struct mo_str text = value ? text_of(value) : mo_str("");

    *iri = text.n ? known_licence(m, text) : mo_str("");
    return text;
}

void
mo_map_licence_same(struct map *m, const struct mo_json *const *texts, size_t n,
    const struct mo_term *licence, bool *said)
{
    for (size_t i = 0; i < n; ++i) {
        struct mo_str iri, text = licence_text(m, texts[i], &iri);

        if (mo_str_is(text, UNSPECIFIED)) /* and its title says so too */
            memset(said, true, n * sizeof *said);
        else if (iri.n && mo_map_iri(m, iri) == licence)
            said[i] = true;
    }
}

/* Say a licence that no table knows by its first address and its last name. */
static bool
say_unknown_licence(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *const *texts, size_t n, bool *said)
{
    size_t address = n, name = n;
    struct mo_term *licence;

    for (size_t i = 0; i < n; ++i) {
        struct mo_str text = texts[i] ? text_of(texts[i]) : mo_str("");

        if (text.n && !mo_map_is_address(text))
            name = i;
        else if (text.n && address == n)
            address = i;
    }
    if (address == n && name == n)
        return false;
    licence =
        address < n ? mo_map_iri(m, text_of(texts[address])) : mo_input_blank(&m->in);
    if (address < n)
        said[address] = true;
    if (name < n) {
        mo_map_type(m, licence, MO_DCT "LicenseDocument");
        mo_map_add(m, licence, mo_str(MO_RDFS_LABEL),
            mo_map_literal(m, text_of(texts[name]), NULL));
        said[name] = true;
    }
    mo_map_say(m, node, rule, licence);
    return true;
}

bool
mo_map_licence(struct map *m, struct mo_term *node, const struct map_rule *rule,
    const struct mo_json *const *texts, size_t n, bool *said, struct mo_term **known)
{
    *known = NULL;
    for (size_t i = 0; i < n && !*known; ++i) {
        struct mo_str iri, text = licence_text(m, texts[i], &iri);

        if (mo_str_is(text, UNSPECIFIED)) {
            mo_map_licence_same(m, texts, n, NULL, said);
            return false;
        }
        *known = iri.n ? mo_map_iri(m, iri) : NULL;
    }
    if (!*known)
        return say_unknown_licence(m, node, rule, texts, n, said);
    mo_map_say(m, node, rule, *known);
    mo_map_licence_same(m, texts, n, *known, said);
    return true;
}

/* ---- By name ---- */

const struct map_kind *
mo_map_kind(const char *name)
{
    static const struct map_kind kinds[] = {
        {"date", kind_date, NULL, false, false},
        {"decimal", kind_decimal, NULL, false, false},
        {"document", kind_document, NULL, true, false},
        {"duration", kind_duration, NULL, false, false},
        {"email", kind_email, NULL, false, false},
        {"format", kind_format, NULL, false, false},
        {"frequency", kind_frequency, NULL, false, false},
        {"iri", kind_iri, NULL, true, false},
        {"label", kind_label, NULL, true, false},
        {"language", kind_language, NULL, true, false},
        {"media_type", kind_media_type, NULL, false, false},
        {"name", kind_name, NULL, true, false},
        {"size", kind_size, NULL, false, false},
        {"text", kind_text, NULL, false, false},
        {"texts", kind_text, NULL, true, false},
        {"theme", kind_theme, NULL, true, false},
        {"word", kind_word, NULL, false, false},
        {"words", kind_words, NULL, true, true},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i)
        if (strcmp(name, kinds[i].name) == 0)
            return &kinds[i];
    return mo_map_node_kind(name);
}
