#include "probe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <moisson/flow.h>

#include "fetching.h"
#include "seen.h"
#include "sources/hydra.h"

static struct tool *
converter(void *ctx, struct mo_str head)
{
    struct probe *p = ctx;
    size_t n = head.n < sizeof p->head ? head.n : sizeof p->head - 1;

    p->dialect = mo_dialect(p->crawler->options->tables, head);
    memcpy(p->head, head.p, n);
    p->head[n] = '\0';
    if (strcmp(p->dialect, "html") == 0)
        links_read(head, &p->links);
    for (size_t i = 0; i < p->protocol->n_readers; ++i)
        if (strcmp(p->protocol->readers[i].dialect, p->dialect) == 0)
            return crawl_tool(p->crawler, p->protocol->readers[i].program);
    return NULL;
}

static void
begin(void *ctx)
{
    struct probe *p = ctx;

    p->dialect = "";
    p->head[0] = p->why[0] = '\0';
    p->links.n = p->n_codes = 0;
    p->members = p->rejected = 0;
    p->total = -1;
    p->more = false;
}

static const char *
broken(void *ctx)
{
    const struct probe *p = ctx;

    return p->why[0] ? p->why : NULL;
}

static int
take_page(void *ctx, const struct mo_record *record)
{
    struct probe *p = ctx;

    p->total = hydra_total(record) >= 0 ? hydra_total(record) : p->total;
    p->more = p->more || hydra_next(record).n || hydra_next_record(record) > 0;
    return hydra_is_page(record) ? 1 : 0;
}

static enum pipeline_line
take_line(void *ctx, struct mo_str line)
{
    struct probe *p = ctx;

    p->members += seen_is_member(line);
    return hydra_may_be_in(line) &&
                   seen_record(p->crawler->options->vocab, line, take_page, p) == 1
               ? LINE_KEEP
               : LINE_PASS;
}

static int
take_record(void *ctx, struct mo_str line)
{
    (void)ctx;
    (void)line;
    return 0;
}

static void
count(struct probe *p, const struct finding *f)
{
    size_t i = 0;

    while (i < p->n_codes && strcmp(p->codes[i].first.code, f->code) != 0)
        ++i;
    if (i == p->n_codes) {
        if (i == MAX_CODES)
            return;
        p->codes[p->n_codes++] = (struct probe_code){.first = *f};
    }
    ++p->codes[i].n;
}

static int
take_diagnostic(void *ctx, struct mo_str json)
{
    struct probe *p = ctx;
    struct finding f;

    if (!finding_read(json, &f) || finding_is_of_paging(&f))
        return 0;
    count(p, &f);
    p->rejected += finding_rejects(&f);
    if (strcmp(f.level, "fatal") == 0 ||
        (strcmp(f.level, "error") == 0 && finding_is_of_page(&f)))
        snprintf(p->why, sizeof p->why, "%s%s%s%s [%s]", f.text, f.detail[0] ? ": '" : "",
            f.detail, f.detail[0] ? "'" : "", f.code);
    return 0;
}

int
probe_ask(struct probe *p, const char *url, bool linked)
{
    struct transfer_options options = {.source = p->source,
        .credentials = p->credentials,
        .filter = "dcatapclean",
        .cleaner = crawl_tool(p->crawler, "dcatapclean"),
        .accept = p->protocol->accept,
        .head = PROBE_HEAD,
        .converter = converter,
        .begin = begin,
        .broken = broken,
        .line = take_line,
        .record = take_record,
        .diagnostic = take_diagnostic,
        .ctx = p};
    struct transfer *transfer;
    struct transfer_facts facts;
    enum transfer_end end;
    const char *why;

    begin(p);
    transfer = transfer_new(p->crawler->fetcher, &options, url, linked);
    if (!transfer)
        return crawl_trouble(p->crawler, "cannot prepare a page");
    for (;;) {
        fetcher_perform(p->crawler->fetcher);
        if (p->crawler->trouble || transfer_is_over(transfer))
            break;
        fetcher_wait(p->crawler->fetcher);
    }
    end = transfer_end(transfer, &why);
    transfer_facts(transfer, &facts);
    p->answered = facts.status != 0;
    if (end != TRANSFER_FINE && !p->why[0] && p->members == 0)
        snprintf(p->why, sizeof p->why, "%s", why);
    transfer_free(transfer);
    return p->crawler->trouble;
}
