#include "facts.h"

#include <string.h>

#include "choice.h"
#include "sources/hydra.h"

void
facts_find(const struct mo_record *record, const struct source *source,
    struct mo_buf *identity, struct facts *facts)
{
    memset(facts, 0, sizeof *facts);
    if (hydra_is_page(record))
        return;
    facts->kind = seen_kind(record);
    facts->whole = record->kind == MO_RECORD_WHOLE;
    facts->why = choice_against(source, record, &facts->state);
    if (mo_record_hash(record, facts->hash))
        facts->hash[0] = '\0';
    seen_likeness(record, facts->likeness);
    mo_buf_clear(identity);
    if (mo_record_identity(record, identity))
        mo_buf_clear(identity);
    facts->identity = mo_buf_view(identity);
    if (record->root->kind == MO_IRI)
        facts->iri = record->root->text;
    facts->title = seen_title(record, source->languages.text, source->languages.n);
}

/* The texts, behind what has no length of its own. */
enum { TEXTS = 4 };

int
facts_keep(struct spool *spool, const struct facts *facts)
{
    const struct mo_str texts[TEXTS] = {mo_str_n((const char *)facts, sizeof *facts),
        facts->identity, facts->iri, facts->title};

    return spool_add_texts(spool, texts, TEXTS);
}

int
facts_recall(struct spool *spool, int64_t *at, struct facts *facts)
{
    struct mo_str texts[TEXTS];

    if (spool_read_texts(spool, at, texts, TEXTS))
        return -1;
    memcpy(facts, texts[0].p, sizeof *facts);
    facts->identity = texts[1];
    facts->iri = texts[2];
    facts->title = texts[3];
    return 0;
}
