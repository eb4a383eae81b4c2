#include "flow/flowing.h"

#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"
#include "dcat/vocab.h"
#include "rdf/ntriples.h"

enum { MAX_UNKNOWN = 1 << 16 };

int
mo_flow_put(struct flow *f, enum extra which, struct mo_str bytes)
{
    if (!f->names[which])
        return 0;
    if (mo_output_write(&f->extras[which], bytes) == 0)
        return 0;
    if (!f->extras[which].failed || f->report.counts[MO_DIAG_CANNOT_WRITE] == 0)
        mo_flow_complain(f, MO_DIAG_CANNOT_WRITE, strerror(errno), f->names[which]);
    f->stop = true;
    return -1;
}

/*
 * A rejected record. The file is one document, opened by the first that needs one; a
 * later document of another make has its own beginning and end.
 */
int
mo_flow_take_reject(void *ctx, const struct mo_reject *reject)
{
    struct flow *f = ctx;

    if (!mo_str_eq(mo_buf_view(&f->reject_root), reject->root)) {
        mo_flow_put(f, REJECTS, mo_buf_view(&f->reject_finish));
        mo_flow_put(f, REJECTS, reject->root);
        mo_buf_clear(&f->reject_root);
        mo_buf_str(&f->reject_root, reject->root);
        mo_buf_clear(&f->reject_finish);
        mo_buf_str(&f->reject_finish, reject->finish);
    }
    mo_flow_put(f, REJECTS, reject->open);
    mo_flow_put(f, REJECTS, reject->bytes);
    mo_flow_put(f, REJECTS, mo_str(reject->more ? "" : "\n"));
    return mo_flow_put(f, REJECTS, reject->close);
}

static int
take_kept(void *ctx, struct mo_str bytes)
{
    return mo_flow_put(ctx, REJECTS, bytes);
}

/* A record that the writer rejected, in the dialect that was read. */
void
mo_flow_keep(struct flow *f, const struct mo_record *record)
{
    struct mo_writer_options o = {
        .vocab = f->vocab, .write = take_kept, .ctx = f, .lines = true};
    struct mo_writer *keeper;

    if (!f->names[REJECTS] || !f->program->keeper)
        return;
    mo_flow_put(f, REJECTS, mo_buf_view(&f->reject_finish));
    mo_buf_clear(&f->reject_root);
    mo_buf_clear(&f->reject_finish);
    keeper = f->program->keeper(&o);
    if (!keeper || mo_writer_put(keeper, record) != MO_PUT_WRITTEN ||
        mo_writer_end(keeper, false)) {
        mo_flow_complain(f, MO_DIAG_NO_MEMORY, "", "");
        f->stop = true;
    }
    mo_writer_free(keeper);
}

void
mo_flow_take_loss_of_graph(
    void *ctx, const struct mo_stmt *stmt, const struct mo_term *graph)
{
    struct flow *f = ctx;
    struct mo_buf line;

    mo_buf_init(&line, 64 << 20);
    mo_nt_stmt(&line, stmt, graph);
    mo_flow_put(f, LOSSES, mo_buf_view(&line));
    mo_buf_done(&line);
}

void
mo_flow_take_loss(void *ctx, const struct mo_stmt *stmt)
{
    mo_flow_take_loss_of_graph(ctx, stmt, NULL);
}

void
mo_flow_take_unmatched(void *ctx, const char *table, struct mo_str row)
{
    struct flow *f = ctx;
    uint64_t hash =
        mo_hash(mo_lexicon_key(f->vocab->lexicon), row) ^ mo_mix((uintptr_t)table);
    struct mo_slot *slot = mo_index_find(&f->unknown_index, hash);
    struct unknown *u;

    if (slot) {
        ++f->unknown[slot->at].n;
        return;
    }
    if (f->n_unknown == f->cap_unknown) {
        size_t cap = f->cap_unknown ? 2 * f->cap_unknown : 64;

        u = cap <= MAX_UNKNOWN ? realloc(f->unknown, cap * sizeof *u) : NULL;
        if (!u)
            return;
        f->unknown = u;
        f->cap_unknown = cap;
    }
    u = &f->unknown[f->n_unknown];
    u->table = table;
    u->row = strndup(row.p, row.n);
    u->n = 1;
    slot = u->row ? mo_index_add(&f->unknown_index, hash) : NULL;
    if (slot)
        slot->at = f->n_unknown++ & MO_SLOT_AT;
    else
        free(u->row);
}

void
mo_flow_lose(struct flow *f, const struct mo_record *record)
{
    for (size_t i = 0; f->names[LOSSES] && i < record->n_nodes; ++i) {
        for (const struct mo_stmt *s = record->nodes[i]->first; s; s = s->next)
            mo_flow_take_loss(f, s);
        for (const struct mo_stmt *s = record->nodes[i]->first_link; s; s = s->next)
            mo_flow_take_loss(f, s);
    }
}

/* ---- At the end ---- */

void
mo_flow_summary(struct flow *f)
{
    const char *before = "";
    struct mo_buf out;

    mo_buf_init(&out, 1 << 20);
    mo_buf_printf(&out,
        "{\"program\":\"%s\",\"version\":\"%s\",\"status\":%d,\"inputs\":%zu,",
        f->program->name, MO_VERSION, (int)mo_reporter_status(&f->report), f->inputs);
    mo_buf_printf(&out,
        "\"records\":{\"read\":%zu,\"written\":%zu,\"rejected\":%zu,\"passed\":%zu,"
        "\"parts\":%zu,\"loose\":%zu,\"repeated\":%zu},\"incomplete\":%s,"
        "\"diagnostics\":{",
        f->read, f->written, f->rejected_by_readers + f->rejected_by_writer, f->passed,
        f->parts, f->loose, f->report.counts[MO_DIAG_REPEATED],
        f->incomplete ? "true" : "false");
    for (size_t i = 0; i < MO_DIAG_COUNT; ++i)
        if (f->report.counts[i]) {
            mo_buf_printf(&out, "%s\"%s\":%zu", before,
                mo_diag_row((enum mo_diag_id)i)->code, f->report.counts[i]);
            before = ",";
        }
    mo_buf_c(&out, "}}\n");
    mo_flow_put(f, SUMMARY, mo_buf_view(&out));
    mo_buf_done(&out);
}

/* Sections of tables, each ready for --table. */
void
mo_flow_unmatched(struct flow *f)
{
    for (size_t t = 0; f->names[UNMATCHED] && mo_tables_name(t); ++t) {
        bool headed = false;

        for (size_t i = 0; i < f->n_unknown; ++i) {
            struct unknown *u = &f->unknown[i];
            struct mo_buf out;
            size_t n;

            if (strcmp(u->table, mo_tables_name(t)) != 0)
                continue;
            mo_buf_init(&out, 64 << 20);
            if (!headed) {
                mo_buf_printf(&out, "# table: %s\n", u->table);
                n = out.n;
                mo_tables_list(f->tables, mo_str(u->table), &out);
                out.n = mo_str_find(mo_buf_view(&out), mo_str("\n"), n) + 1;
            }
            headed = true;
            mo_buf_printf(&out, "# %zu times\n%s\n", u->n, u->row);
            mo_flow_put(f, UNMATCHED, mo_buf_view(&out));
            mo_buf_done(&out);
        }
    }
}
