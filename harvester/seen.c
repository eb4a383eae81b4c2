#include "seen.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <moisson/reader.h>

#define DCAT "http://www.w3.org/ns/dcat#"
#define RDF_TYPE "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
#define DCT "http://purl.org/dc/terms/"
#define DCT_TITLE DCT "title"

struct seen {
    const struct mo_vocab *vocab;
    struct mo_reader *reader; /* NULL: the next line needs one */
};

struct seen *
seen_new(const struct mo_vocab *vocab)
{
    struct seen *seen = calloc(1, sizeof *seen);

    if (seen)
        seen->vocab = vocab;
    return seen;
}

void
seen_free(struct seen *seen)
{
    if (seen)
        mo_reader_free(seen->reader);
    free(seen);
}

/* A reader that knows of no line before. NULL: no memory. */
static struct mo_reader *
reader_for(struct seen *seen)
{
    struct mo_reader_options options = {.vocab = seen->vocab};

    if (seen->reader && mo_reader_again(seen->reader)) {
        mo_reader_free(seen->reader);
        seen->reader = NULL;
    }
    if (!seen->reader)
        seen->reader = mo_jsonld_reader(&options);
    return seen->reader;
}

int
seen_line(struct seen *seen, struct mo_str line,
    int (*look)(void *ctx, const struct mo_record *record), void *ctx)
{
    struct mo_reader *reader = reader_for(seen);
    const struct mo_record *record;

    return reader && mo_reader_push(reader, line) == 0 && mo_reader_end(reader) == 0 &&
                   mo_reader_next(reader, &record) == 1
               ? look(ctx, record)
               : -1;
}

int
seen_record(const struct mo_vocab *vocab, struct mo_str line,
    int (*look)(void *ctx, const struct mo_record *record), void *ctx)
{
    struct seen seen = {.vocab = vocab};
    int result = seen_line(&seen, line, look, ctx);

    mo_reader_free(seen.reader);
    return result;
}

bool
seen_is_member(struct mo_str line)
{
    static const char *const types[] = {
        "\"Dataset\"", "\"DatasetSeries\"", "\"DataService\""};
    size_t at = mo_str_find(line, mo_str("\"@type\":["), 0);
    struct mo_str said = mo_str_from(line, at);
    bool found = false;

    said.n = mo_str_find(said, mo_str("]"), 0);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; ++i)
        found = found || mo_str_find(said, mo_str(types[i]), 0) < said.n;
    line.n = at; /* it stands before them */
    return found && mo_str_find(line, mo_str("\"partOfRecord\":true"), 0) == line.n;
}

static bool
has_type(const struct mo_term *node, const char *type)
{
    for (const struct mo_stmt *s = node->first; s; s = s->next)
        if (mo_str_is(s->p->text, RDF_TYPE) && mo_str_is(s->o->text, type))
            return true;
    return false;
}

const char *
seen_kind(const struct mo_record *record)
{
    if (record->kind == MO_RECORD_PART)
        return "part";
    if (record->kind == MO_RECORD_LOOSE)
        return "loose";
    return has_type(record->root, DCAT "Catalog")       ? "catalogue"
           : has_type(record->root, DCAT "DataService") ? "service"
                                                        : "dataset";
}

bool
seen_any(const struct mo_record *record, const char *property,
    bool (*look)(void *ctx, const struct mo_term *value), void *ctx)
{
    for (const struct mo_stmt *s = record->root->first; s; s = s->next)
        if (mo_str_is(s->p->text, property) && look(ctx, s->o))
            return true;
    return false;
}

struct mo_str
seen_title(const struct mo_record *record, const char *const languages[], size_t n)
{
    static const char *const french[] = {"fr"};
    const struct mo_term *title = NULL;
    size_t best = n ? n : 1;

    if (n == 0)
        languages = french;
    for (const struct mo_stmt *s = record->root->first; s; s = s->next) {
        size_t rank = 0;

        if (!mo_str_is(s->p->text, DCT_TITLE))
            continue;
        while (rank < (n ? n : 1) && !mo_str_is(s->o->lang, languages[rank]))
            ++rank;
        if (!title || rank < best) {
            title = s->o;
            best = rank;
        }
    }
    return title ? title->text : mo_str("");
}

/* ---- Likeness ---- */

enum { SUMS = 2 };

/* FNV-1a of the text, from several beginnings at a time. */
static void
mix(uint64_t hashes[SUMS], struct mo_str text)
{
    uint64_t a = hashes[0], b = hashes[1];

    for (size_t i = 0; i < text.n; ++i) {
        unsigned char byte = (unsigned char)text.p[i];

        a = (a ^ byte) * 0x100000001B3;
        b = (b ^ byte) * 0x100000001B3;
    }
    hashes[0] = (a ^ 0xFF) * 0x100000001B3;
    hashes[1] = (b ^ 0xFF) * 0x100000001B3;
}

static uint64_t
spread(uint64_t hash) /* the end of MurmurHash3 */
{
    hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
    hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53;
    return hash ^ (hash >> 33);
}

/* A text that would not change if the record moved. */
static bool
stays(const struct mo_stmt *s)
{
    struct mo_str text = s->o->text;

    return s->o->kind == MO_LITERAL && !mo_str_is(s->p->text, DCT "identifier") &&
           !mo_str_is(s->p->text, DCT "modified") &&
           mo_str_find(text, mo_str("://"), 0) == text.n;
}

static void
add_stmt(uint64_t sums[SUMS], const struct mo_stmt *s)
{
    uint64_t hashes[SUMS] = {0xCBF29CE484222325, 0xCBF29CE484222326};

    mix(hashes, s->p->text);
    mix(hashes, s->o->text);
    mix(hashes, s->o->lang);
    for (int i = 0; i < SUMS; ++i)
        sums[i] += spread(hashes[i]);
}

/* The order of statements says nothing, so sums are taken. */
void
seen_likeness(const struct mo_record *record, char likeness[SEEN_LIKENESS])
{
    uint64_t sums[SUMS] = {0, 0};

    for (size_t i = 0; i < record->n_body; ++i)
        for (const struct mo_stmt *s = record->nodes[i]->first; s; s = s->next)
            if (stays(s))
                add_stmt(sums, s);
    likeness[0] = '\0';
    if (seen_title(record, NULL, 0).n)
        snprintf(likeness, SEEN_LIKENESS, "%016llx%016llx", (unsigned long long)sums[0],
            (unsigned long long)sums[1]);
}
