#include "jsonld/active.h"

#include <stdlib.h>

#include "base/hash.h"
#include "jsonld/defining.h"

enum {
    FIRST_SLOTS = 32,
    MAX_REMOTES = 64,
    MAX_REMOTE_BYTES = 4 << 20,
    MAX_CONTEXTS = 64
};

/* A context that was made from another, and how. */
struct mo_derived {
    const struct mo_json *local;
    unsigned flags;
    const struct mo_active *active;
    struct mo_derived *next;
};

/* ---- Saying what is wrong ---- */

int
mo_ld_invalid(struct mo_ld *ld, const char *code, struct mo_str culprit)
{
    ld->error = MO_LD_INVALID;
    ld->code = code;
    ld->culprit = culprit;
    return -1;
}

int
mo_ld_overflow(struct mo_ld *ld, struct mo_str culprit)
{
    mo_ld_invalid(ld, "context overflow", culprit);
    ld->error = MO_LD_CEILING;
    return -1;
}

int
mo_ld_memory(struct mo_ld *ld)
{
    bool full = mo_arena_used(ld->record) > MO_LD_RECORD / 2 ||
                mo_arena_used(ld->keep) > MO_LD_KEEP / 2 ||
                mo_arena_used(ld->lasting) > MO_LD_KEEP / 2;

    ld->error = full ? MO_LD_CEILING : MO_LD_NO_MEMORY;
    ld->code = ld->target ? "context overflow" : "";
    ld->culprit = mo_str("");
    return -1;
}

void
mo_ld_done(struct mo_ld *ld)
{
    while (ld->remotes) {
        struct mo_remote *remote = ld->remotes;

        ld->remotes = remote->next;
        mo_json_free(remote->json);
        free(remote);
    }
}

/* ---- The table of terms ---- */

static const struct mo_definition **
slot_of(const struct mo_active *a, uint64_t hash, struct mo_str term)
{
    size_t i = hash & a->mask;

    while (
        a->slots[i] && (a->slots[i]->hash != hash || !mo_str_eq(a->slots[i]->term, term)))
        i = (i + 1) & a->mask;
    return &a->slots[i];
}

const struct mo_definition *
mo_active_find(const struct mo_active *a, struct mo_str term)
{
    return a->slots ? *slot_of(a, mo_hash(a->key, term), term) : NULL;
}

static int
resize(struct mo_ld *ld, struct mo_active *a, size_t size)
{
    struct mo_active old = *a;

    a->slots = mo_arena_zero(ld->target, size * sizeof(void *));
    if (!a->slots) {
        *a = old;
        return mo_ld_memory(ld);
    }
    a->mask = size - 1;
    a->owned = true;
    for (size_t i = 0; old.slots && i <= old.mask; ++i)
        if (old.slots[i])
            *slot_of(a, old.slots[i]->hash, old.slots[i]->term) = old.slots[i];
    return 0;
}

int
mo_active_define(struct mo_ld *ld, struct mo_active *a, const struct mo_definition *d)
{
    size_t size = a->slots ? a->mask + 1 : FIRST_SLOTS;
    const struct mo_definition **slot;

    if (!a->owned || 2 * (a->n + 1) > size) {
        while (2 * (a->n + 1) > size)
            size *= 2;
        if (resize(ld, a, size))
            return -1;
    }
    slot = slot_of(a, d->hash, d->term);
    if (!*slot && ++a->n > MO_MAX_TERMS)
        return mo_ld_overflow(ld, d->term);
    *slot = d;
    return 0;
}

static bool
holds_protected(const struct mo_active *a)
{
    for (size_t i = 0; a->slots && i <= a->mask; ++i)
        if (a->slots[i] && a->slots[i]->protected)
            return true;
    return false;
}

/* ---- Making contexts ---- */

static struct mo_active *
blank_context(struct mo_ld *ld, struct mo_arena *arena)
{
    struct mo_active *a = mo_arena_zero(arena, sizeof *a);

    if (!a) {
        mo_ld_memory(ld);
        return NULL;
    }
    a->key = ld->key;
    a->base = ld->base;
    a->arena = arena;
    return a;
}

struct mo_active *
mo_active_new(struct mo_ld *ld)
{
    return blank_context(ld, ld->lasting);
}

static struct mo_active *
copy_of(struct mo_ld *ld, const struct mo_active *from)
{
    struct mo_active *a = blank_context(ld, ld->target);

    if (!a)
        return NULL;
    *a = *from;
    a->arena = ld->target;
    a->owned = a->shared = false;
    a->derived = NULL;
    return a;
}

/* ---- Remote contexts ---- */

/* What is no JSON is kept as such: nothing is asked for twice. */
static struct mo_remote *
keep_remote(struct mo_ld *ld, struct mo_str url, const struct mo_buf *text)
{
    struct mo_remote *remote = calloc(1, sizeof *remote + url.n);
    struct mo_json_error error = {.fault = MO_JSON_FINE};
    char *copy;

    if (remote && !text->failed)
        remote->json = mo_json_parse(mo_buf_view(text), ld->max_depth, &error);
    if (!remote || text->failed || error.fault == MO_JSON_NO_MEMORY) {
        free(remote);
        mo_ld_memory(ld);
        return NULL;
    }
    copy = (char *)(remote + 1);
    memcpy(copy, url.p, url.n);
    remote->url = mo_str_n(copy, url.n);
    remote->next = ld->remotes;
    ld->remotes = remote;
    ++ld->n_remotes;
    return remote;
}

static struct mo_remote *
read_remote(struct mo_ld *ld, struct mo_str url)
{
    struct mo_remote *remote;
    enum mo_found found;
    struct mo_buf text;

    for (remote = ld->remotes; remote; remote = remote->next)
        if (mo_str_eq(remote->url, url))
            return remote;
    if (ld->n_remotes == MAX_REMOTES) {
        mo_ld_overflow(ld, url);
        return NULL;
    }
    mo_buf_init(&text, MAX_REMOTE_BYTES);
    found = ld->load(ld->load_ctx, url, &text);
    if (found == MO_FOUND_NOWHERE) {
        mo_buf_done(&text);
        mo_ld_invalid(ld, "loading remote context failed", url);
        ld->error = MO_LD_NO_REMOTE;
        return NULL;
    }
    remote = keep_remote(ld, url, &text);
    if (remote)
        remote->known = found == MO_FOUND_KNOWN;
    mo_buf_done(&text);
    return remote;
}

/*
 * The document at `reference`, whose URL is `*url`. Without its scheme a URL is a relative
 * reference, and many have been written so: such a one is looked for as it stands, too.
 */
static struct mo_remote *
find_remote(
    struct mo_ld *ld, struct mo_str base, struct mo_str reference, struct mo_str *url)
{
    struct mo_remote *remote;

    if (mo_iri_resolve(ld->target, base, reference, url)) {
        mo_ld_memory(ld);
        return NULL;
    }
    if (!mo_iri_is_absolute(*url) && ld->strict) {
        mo_ld_invalid(ld, "loading document failed", reference);
        ld->error = MO_LD_NO_REMOTE;
        return NULL;
    }
    remote = read_remote(ld, *url);
    if (remote || ld->error != MO_LD_NO_REMOTE || mo_str_eq(*url, reference) ||
        ld->strict)
        return remote;
    remote = read_remote(ld, reference);
    ld->culprit = *url;
    return remote;
}

/* The "@context" of what was read there. */
static const struct mo_json *
context_of(struct mo_ld *ld, const struct mo_remote *remote)
{
    const struct mo_json *context =
        remote->json ? mo_json_member(remote->json, "@context") : NULL;

    if (!context)
        mo_ld_invalid(ld, "invalid remote context", remote->url);
    return context;
}

static bool
is_being_read(const struct mo_process_run *run, struct mo_str url)
{
    for (const struct mo_process_run *r = run; r; r = r->outer)
        if (mo_str_eq(r->url, url))
            return true;
    return false;
}

/* ---- One context ---- */

static int process(struct mo_ld *ld, const struct mo_process_run *run,
    const struct mo_active *active, const struct mo_json *local,
    const struct mo_active **out);

/* Whether nothing has been said yet. */
static bool
is_blank(const struct mo_ld *ld, const struct mo_active *a)
{
    return a->n == 0 && !a->vocab.p && !a->lang.p && a->direction == MO_DIR_UNSET &&
           !a->previous && a->base.p == ld->base.p;
}

/* What most documents begin with is made once. */
static int
make_alone(struct mo_ld *ld, const struct mo_process_run *run, struct mo_remote *remote,
    const struct mo_json *context)
{
    struct mo_arena *before = ld->target;
    const struct mo_active *made = NULL;
    struct mo_active *blank, *alone;

    ld->target = ld->lasting;
    blank = blank_context(ld, ld->target);
    if (blank && process(ld, run, blank, context, &made) == 0) {
        alone = copy_of(ld, made);
        if (alone)
            alone->shared = true;
        remote->alone = alone;
    }
    ld->target = before;
    return remote->alone ? 0 : -1;
}

static int
add_remote(struct mo_ld *ld, const struct mo_process_run *run, struct mo_active **result,
    struct mo_str reference)
{
    struct mo_process_run inner = *run;
    const struct mo_json *context;
    const struct mo_active *made;
    struct mo_remote *remote;
    struct mo_str url;

    if (mo_iri_resolve(ld->target, run->base, reference, &url))
        return mo_ld_memory(ld);
    if (is_being_read(run, url))
        return run->scoped ? 0 : mo_ld_overflow(ld, url);
    remote = find_remote(ld, run->base, reference, &url);
    context = remote ? context_of(ld, remote) : NULL;
    if (!context)
        return -1;
    inner.url = inner.base = remote->url;
    inner.known = remote->known;
    inner.outer = run;
    inner.flags &= ~(unsigned)MO_PROCESS_NO_PROPAGATE;
    if (is_blank(ld, *result)) {
        if (!remote->alone && make_alone(ld, &inner, remote, context))
            return -1;
        *result =
            (struct mo_active *)remote->alone; /* add_object copies what is shared */
        return 0;
    }
    if (process(ld, &inner, *result, context, &made))
        return -1;
    *result = copy_of(ld, made);
    return *result ? 0 : -1;
}

static int
set_base(struct mo_ld *ld, struct mo_active *a, const struct mo_json *value)
{
    struct mo_str text = mo_json_text(value);

    if (mo_json_kind(value) == MO_JSON_NULL) {
        a->base = mo_str_n(NULL, 0);
        return 0;
    }
    if (mo_json_kind(value) != MO_JSON_STRING ||
        (!mo_iri_is_absolute(text) && !mo_iri_is_absolute(a->base) && ld->strict))
        return mo_ld_invalid(ld, "invalid base IRI", text);
    return mo_iri_resolve(ld->target, a->base, text, &a->base) ? mo_ld_memory(ld) : 0;
}

static int
set_vocab(struct mo_ld *ld, struct mo_active *a, const struct mo_json *value)
{
    struct mo_str text = mo_json_text(value), vocab = {NULL, 0};

    if (mo_json_kind(value) != MO_JSON_NULL && mo_json_kind(value) != MO_JSON_STRING)
        return mo_ld_invalid(ld, "invalid vocab mapping", text);
    if (mo_json_kind(value) == MO_JSON_STRING &&
        mo_active_iri(ld, a, text, MO_EXPAND_VOCAB | MO_EXPAND_DOCUMENT, &vocab))
        return -1;
    a->vocab = vocab;
    return 0;
}

static int
set_language(struct mo_ld *ld, struct mo_active *a, const struct mo_json *value)
{
    a->lang = mo_str_n(NULL, 0);
    if (mo_json_kind(value) == MO_JSON_NULL)
        return 0;
    if (mo_json_kind(value) != MO_JSON_STRING)
        return mo_ld_invalid(ld, "invalid default language", mo_json_text(value));
    a->lang = mo_json_text(value);
    return 0;
}

static int
set_direction(struct mo_ld *ld, struct mo_active *a, const struct mo_json *value)
{
    return mo_read_direction(ld, value, &a->direction);
}

static int
check_version(struct mo_ld *ld, struct mo_active *a, const struct mo_json *value)
{
    (void)a;
    if (mo_json_kind(value) == MO_JSON_NUMBER && mo_str_is(mo_json_text(value), "1.1"))
        return 0;
    return mo_ld_invalid(ld, "invalid @version value", mo_json_text(value));
}

static int
check_propagate(struct mo_ld *ld, struct mo_active *a, const struct mo_json *value)
{
    (void)a;
    return mo_json_is_bool(value)
               ? 0
               : mo_ld_invalid(ld, "invalid @propagate value", mo_json_text(value));
}

/* The members that say something about the context itself, in the order of 4.1.2. */
static int
set_members(struct mo_ld *ld, const struct mo_process_run *run, struct mo_active *a,
    const struct mo_json *context, const struct mo_json *imported)
{
    static const struct {
        const char *name;
        int (*set)(struct mo_ld *ld, struct mo_active *a, const struct mo_json *value);
    } rows[] = {
        {"@version", check_version},
        {"@base", set_base},
        {"@vocab", set_vocab},
        {"@language", set_language},
        {"@direction", set_direction},
        {"@propagate", check_propagate},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        const struct mo_json *value = mo_json_member(context, rows[i].name);

        if (!value && imported)
            value = mo_json_member(imported, rows[i].name);
        if (!value || (rows[i].set == set_base && run->url.n))
            continue; /* a remote context's base is its own affair */
        if (rows[i].set(ld, a, value))
            return -1;
    }
    return 0;
}

static int
import_of(struct mo_ld *ld, const struct mo_process_run *run,
    const struct mo_json *context, const struct mo_json **imported)
{
    const struct mo_json *import = mo_json_member(context, "@import");
    struct mo_remote *remote;
    struct mo_str url;

    *imported = NULL;
    if (!import)
        return 0;
    if (mo_json_kind(import) != MO_JSON_STRING)
        return mo_ld_invalid(ld, "invalid @import value", mo_json_text(import));
    remote = find_remote(ld, run->base, mo_json_text(import), &url);
    *imported = remote ? context_of(ld, remote) : NULL;
    if (!*imported)
        return -1;
    if (mo_json_kind(*imported) != MO_JSON_OBJECT)
        return mo_ld_invalid(ld, "invalid remote context", url);
    if (mo_json_member(*imported, "@import"))
        return mo_ld_invalid(ld, "invalid context entry", mo_str("@import"));
    return 0;
}

static int
add_object(struct mo_ld *ld, const struct mo_process_run *run, struct mo_active **active,
    const struct mo_json *context)
{
    struct mo_active *result = (*active)->shared ? copy_of(ld, *active) : *active;
    const struct mo_json *imported, *protected;
    struct mo_local local = {.run = run, .active = result};

    if (!result)
        return -1;
    *active = result;
    if (import_of(ld, run, context, &imported) ||
        set_members(ld, run, result, context, imported))
        return -1;
    protected = mo_json_member(context, "@protected");
    if (!protected && imported)
    protected = mo_json_member(imported, "@protected");
    if (protected && !mo_json_is_bool(protected))
        return mo_ld_invalid(ld, "invalid @protected value", mo_json_text(protected));
    local.protected = protected && mo_json_kind(protected) == MO_JSON_TRUE;
    return mo_define_terms(ld, &local, context, imported);
}

static int
nullify(struct mo_ld *ld, const struct mo_process_run *run, struct mo_active **result)
{
    struct mo_active *fresh;

    if (!(run->flags & MO_PROCESS_OVERRIDE) && holds_protected(*result))
        return mo_ld_invalid(ld, "invalid context nullification", mo_str(""));
    fresh = blank_context(ld, ld->target);
    if (!fresh)
        return -1;
    if (run->flags & MO_PROCESS_NO_PROPAGATE)
        fresh->previous = *result;
    *result = fresh;
    return 0;
}

static int
add_context(struct mo_ld *ld, const struct mo_process_run *run, struct mo_active **result,
    const struct mo_json *context)
{
    switch (mo_json_kind(context)) {
    case MO_JSON_NULL: return nullify(ld, run, result);
    case MO_JSON_STRING: return add_remote(ld, run, result, mo_json_text(context));
    case MO_JSON_OBJECT: return add_object(ld, run, result, context);
    default: return mo_ld_invalid(ld, "invalid local context", mo_json_text(context));
    }
}

/* 4.1.2 */
static int
process(struct mo_ld *ld, const struct mo_process_run *run,
    const struct mo_active *active, const struct mo_json *local,
    const struct mo_active **out)
{
    struct mo_process_run mine = *run;
    struct mo_active *result = copy_of(ld, active);
    const struct mo_json *propagate = mo_json_member(local, "@propagate");
    bool array = mo_json_kind(local) == MO_JSON_ARRAY;
    int failed = 0;

    if (!result)
        return -1;
    if (ld->depth >= MAX_CONTEXTS)
        return mo_ld_overflow(ld, run->url);
    if (propagate && check_propagate(ld, result, propagate))
        return -1;
    if (propagate && mo_json_kind(propagate) == MO_JSON_TRUE)
        mine.flags &= ~(unsigned)MO_PROCESS_NO_PROPAGATE;
    if (propagate && mo_json_kind(propagate) == MO_JSON_FALSE)
        mine.flags |= MO_PROCESS_NO_PROPAGATE;
    if ((mine.flags & MO_PROCESS_NO_PROPAGATE) && !result->previous)
        result->previous = active;
    ++ld->depth;
    for (const struct mo_json *c = array ? mo_json_first(local) : local; c && !failed;
         c = array ? mo_json_next(c) : NULL)
        failed = add_context(ld, &mine, &result, c);
    --ld->depth;
    if (!failed)
        *out = result;
    return failed;
}

/* The same, in `arena`. */
static int
process_in(struct mo_ld *ld, struct mo_arena *arena, const struct mo_active *active,
    const struct mo_json *local, struct mo_str base, unsigned flags,
    const struct mo_active **out)
{
    struct mo_process_run run = {.base = base, .flags = flags};
    struct mo_arena *before = ld->target;
    int failed;

    ld->target = arena;
    failed = process(ld, &run, active, local, out);
    ld->target = before;
    return failed;
}

int
mo_active_process(struct mo_ld *ld, const struct mo_active *active,
    const struct mo_json *local, struct mo_str base, unsigned flags,
    const struct mo_active **out)
{
    struct mo_arena *arena = flags & MO_PROCESS_LAST   ? ld->lasting
                             : flags & MO_PROCESS_KEEP ? ld->keep
                                                       : ld->record;

    return process_in(ld, arena, active, local, base, flags, out);
}

int
mo_active_check_scoped(struct mo_ld *ld, const struct mo_process_run *outer,
    const struct mo_active *active, const struct mo_json *context)
{
    struct mo_process_run run = *outer;
    const struct mo_active *unused;

    run.flags = MO_PROCESS_OVERRIDE;
    run.scoped = true;
    return process(ld, &run, active, context, &unused);
}

int
mo_active_scoped(struct mo_ld *ld, const struct mo_active *active,
    const struct mo_definition *definition, unsigned flags, const struct mo_active **out)
{
    struct mo_derived *derived = active->derived;
    struct mo_active *parent = (struct mo_active *)active; /* a cache is no change */

    while (derived && (derived->local != definition->context || derived->flags != flags))
        derived = derived->next;
    if (!derived) {
        bool full =
            active->arena != ld->record && mo_arena_used(active->arena) >= MO_LD_KEEP / 2;
        const struct mo_active *made;

        if (process_in(ld, full ? ld->record : active->arena, active, definition->context,
                definition->base, flags, &made))
            return -1;
        if (full) {
            *out = made;
            return 0;
        }
        derived = mo_arena_zero(active->arena, sizeof *derived);
        if (!derived)
            return mo_ld_memory(ld);
        derived->local = definition->context;
        derived->flags = flags;
        derived->active = made;
        derived->next = parent->derived;
        parent->derived = derived;
    }
    *out = derived->active;
    return 0;
}
