#include <stdio.h>

#include "dcat/input.h"

#define HYDRA "http://www.w3.org/ns/hydra/core#"

static uint64_t
count_of(const struct mo_json *value)
{
    struct mo_str digits = mo_json_text(value);
    uint64_t n = 0;

    for (size_t i = 0; i < digits.n; ++i) {
        if (digits.p[i] < '0' || digits.p[i] > '9' || i == 15)
            return 0;
        n = n * 10 + (uint64_t)(digits.p[i] - '0');
    }
    return n;
}

static void
say(struct mo_input *in, struct mo_term *page, const char *property, struct mo_term *o)
{
    struct mo_term *p =
        page && o ? mo_input_must(in, mo_graph_iri(in->graph, mo_str(property))) : NULL;

    mo_input_add(in, page, p, o);
}

/* What it says of other pages, in the words of DCAT catalogues that are paged. */
static void
say_page(struct mo_input *in)
{
    char digits[24];
    struct mo_term *page;

    if (!mo_input_graph(in))
        return;
    page = in->reader.options.base.n ? mo_input_iri(in, mo_str("")) : mo_input_blank(in);
    say(in, page, MO_RDF "type",
        mo_input_must(in, mo_graph_iri(in->graph, mo_str(HYDRA "PagedCollection"))));
    if (in->total) {
        snprintf(digits, sizeof digits, "%llu", (unsigned long long)in->total);
        say(in, page, HYDRA "totalItems",
            mo_input_literal(in, mo_str(digits), mo_str(MO_XSD "integer"), mo_str("")));
    }
    if (in->next_page.n)
        say(in, page, HYDRA "nextPage", mo_input_iri(in, mo_buf_view(&in->next_page)));
    if (!in->rejected)
        mo_input_hand_over(in, NULL, 0);
    mo_input_drop_graph(in);
}

void
mo_input_page(struct mo_input *in)
{
    const struct mo_dialect *d = in->dialect;

    for (size_t i = 0; i < 2 && d->totals[i]; ++i) {
        const struct mo_json *total = mo_json_member(in->json, d->totals[i]);

        if (total && mo_json_kind(total) == MO_JSON_NUMBER)
            in->total = count_of(total);
    }
    if (d->next_page && in->next_page.n == 0)
        mo_buf_str(
            &in->next_page, mo_str_trim(mo_json_member_text(in->json, d->next_page)));
    if (in->piece.kind != MO_PIECE_END)
        return;
    if (in->next_page.n)
        mo_input_report(
            in, MO_DIAG_NEXT_PAGE, mo_buf_view(&in->next_page), mo_str(d->next_page), 0);
    else if (!d->next_page && in->total > in->on_page)
        mo_input_report(in, MO_DIAG_MORE_DATASETS, mo_str(""), mo_str(""), 0);
    if (in->next_page.n || in->total > in->on_page)
        say_page(in);
    mo_buf_clear(&in->next_page);
    in->total = in->on_page = 0;
}
