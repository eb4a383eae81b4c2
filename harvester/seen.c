#include "seen.h"

#include <moisson/reader.h>

#define DCAT "http://www.w3.org/ns/dcat#"
#define RDF_TYPE "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
#define DCT_TITLE "http://purl.org/dc/terms/title"

int
seen_record(const struct mo_vocab *vocab, struct mo_str line,
    int (*look)(void *ctx, const struct mo_record *record), void *ctx)
{
    struct mo_reader_options options = {.vocab = vocab};
    struct mo_reader *reader = mo_jsonld_reader(&options);
    const struct mo_record *record;
    int result = -1;

    if (reader && mo_reader_push(reader, line) == 0 && mo_reader_end(reader) == 0 &&
        mo_reader_next(reader, &record) == 1)
        result = look(ctx, record);
    mo_reader_free(reader);
    return result;
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

struct mo_str
seen_title(const struct mo_record *record)
{
    const struct mo_term *title = NULL;

    for (const struct mo_stmt *s = record->root->first; s; s = s->next)
        if (mo_str_is(s->p->text, DCT_TITLE) &&
            (!title || (mo_str_is(s->o->lang, "fr") && !mo_str_is(title->lang, "fr"))))
            title = s->o;
    return title ? title->text : mo_str("");
}
