#include "rdfxml/rdfxml.h"

#include <stdlib.h>

#include "base/ctype.h"
#include "base/hash.h"
#include "base/split.h"
#include "rdfxml/envelope.h"

enum {
    TRIMMED = 32 << 10,   /* bytes that are worth being forgotten */
    DECLARATION = 1024,   /* where the character set is looked for */
    MAX_REPAIRS = 10000,  /* in a unit */
    MAX_PROLOG = 64 << 10 /* of what stands before the root element */
};

/* ---- Where things stand ---- */

uint64_t
mo_rdfxml_offset(const struct rdfxml *r)
{
    const xmlParserInput *in = r->parser->inputNr ? r->parser->inputTab[0] : NULL;
    uint64_t parsed = in ? in->consumed + (uint64_t)(in->cur - in->base) : 0;
    size_t i = r->n_shifts;
    int64_t at;

    if (r->past)
        return r->offset + r->fed;
    while (i > 1 && r->shifts[i - 1].parsed > parsed)
        --i;
    at = (int64_t)parsed + (i ? r->shifts[i - 1].add : 0);
    if (r->fatal && at < (int64_t)r->fatal_at) /* it has forgotten where it stands */
        return r->fatal_at;
    if (at < (int64_t)r->offset)
        return r->offset;
    return (uint64_t)at < r->offset + r->fed ? (uint64_t)at : r->offset + r->fed;
}

uint64_t
mo_rdfxml_tag(const struct rdfxml *r)
{
    size_t n = (size_t)(mo_rdfxml_offset(r) - r->offset);

    while (n > 0 && r->window.p[--n] != '<')
        ;
    return r->offset + n;
}

struct mo_place
mo_rdfxml_place(struct rdfxml *r, uint64_t offset)
{
    struct mo_place place = {.offset = r->offset, .line = r->line, .column = r->column};

    /* From the nearest one before it that is known. */
    if (r->in_unit && r->unit.at.offset > place.offset && r->unit.at.offset <= offset)
        place = r->unit.at;
    if (r->place.offset > place.offset && r->place.offset <= offset)
        place = r->place;
    mo_place_in(mo_str_from(mo_buf_view(&r->window), (size_t)(place.offset - r->offset)),
        (size_t)(offset - place.offset), &place.line, &place.column);
    place.offset = offset;
    r->place = place;
    return place;
}

/* ---- Saying what is wrong ---- */

/* The record that is being read: the unit's, or the kept node around it. */
static struct mo_str
record_name(const struct rdfxml *r)
{
    if (r->in_unit && r->unit.record[0])
        return mo_str(r->unit.record);
    for (size_t i = r->n_frames; i > 0; --i)
        if (r->frames[i - 1].node_text)
            return mo_str(r->frames[i - 1].node_text);
    return mo_str("");
}

static void
report_at(struct rdfxml *r, enum mo_diag_id id, struct mo_str detail,
    struct mo_str property, uint64_t offset)
{
    struct mo_place place = mo_rdfxml_place(r, offset);
    struct mo_diag diag = {.id = id,
        .detail = mo_utf8_head(detail, 200),
        .record = record_name(r),
        .property = property,
        .line = place.line,
        .column = place.column,
        .offset = place.offset,
        .has_offset = true};

    if (r->in_unit && r->unit.rejected)
        return;
    if (r->in_unit && r->unit.said < offset)
        r->unit.said = offset;
    mo_reader_report(&r->reader, &diag);
}

void
mo_rdfxml_report(struct rdfxml *r, enum mo_diag_id id, struct mo_str detail,
    struct mo_str property, uint64_t offset)
{
    if (!r->careful || offset > r->said_to)
        report_at(r, id, detail, property, offset);
}

void
mo_rdfxml_count_repair(struct rdfxml *r)
{
    if (r->in_unit && ++r->unit.repairs == MAX_REPAIRS)
        mo_rdfxml_reject(r, MO_DIAG_TOO_MANY_REPAIRS, mo_str(""), mo_str(""));
}

void
mo_rdfxml_report_repair(struct rdfxml *r, enum mo_diag_id id, struct mo_str detail)
{
    report_at(r, id, detail, mo_str(""), r->offset + r->fed);
    mo_rdfxml_count_repair(r);
}

void
mo_rdfxml_break(struct rdfxml *r, enum mo_diag_id id, const char *text, uint64_t at)
{
    r->fatal_at = at;
    r->fatal = XML_ERR_INTERNAL_ERROR;
    r->fatal_id = id;
    snprintf(r->fatal_text, sizeof r->fatal_text, "%s", text);
    xmlStopParser(r->parser);
}

/* The unit is rejected, for this reason, which stands at `offset`. */
static void
reject_at(struct rdfxml *r, enum mo_diag_id id, struct mo_str detail,
    struct mo_str property, uint64_t offset)
{
    if (r->in_unit && r->unit.rejected)
        return;
    report_at(r, id, detail, property, offset);
    ++r->reader.rejected;
    if (r->in_unit) {
        r->unit.rejected = true;
        mo_rdfxml_pop_frames(r, r->unit.frame);
    }
}

void
mo_rdfxml_too_big(struct rdfxml *r)
{
    reject_at(r, MO_DIAG_TOO_BIG, mo_str(""), mo_str(""),
        r->in_unit ? r->unit.place.offset : mo_rdfxml_tag(r));
}

void
mo_rdfxml_reject(
    struct rdfxml *r, enum mo_diag_id id, struct mo_str detail, struct mo_str property)
{
    reject_at(r, id, detail, property, mo_rdfxml_tag(r));
}

void
mo_rdfxml_incomplete(struct rdfxml *r)
{
    if (!r->incomplete)
        mo_rdfxml_report(
            r, MO_DIAG_INCOMPLETE, mo_str(""), mo_str(""), mo_rdfxml_offset(r));
    r->incomplete = true;
}

void
mo_rdfxml_trouble(struct rdfxml *r)
{
    struct mo_diag diag = {.id = MO_DIAG_NO_MEMORY};

    if (r->reader.state != MO_READER_TROUBLE)
        mo_reader_report(&r->reader, &diag);
    r->reader.state = MO_READER_TROUBLE;
}

/* ---- Units ---- */

/* The root element's start tag, which opens the document of rejects. */
static struct mo_str
root_tag(const struct rdfxml *r)
{
    return mo_str(r->n_frames > 1 && (r->frames[1].kind == IN_RDF ||
                                         r->frames[1].kind == IN_ENVELOPE)
                      ? r->frames[1].tag
                      : NULL);
}

/* The name at the head of a tag, behind its "<" or "</". */
static struct mo_str
tag_name(struct mo_str tag)
{
    size_t n = 0;

    while (n < tag.n && !strchr(" \t\r\n<>/", tag.p[n]))
        ++n;
    return mo_str_n(tag.p, n);
}

static void
put_close(struct mo_buf *out, struct mo_str tag)
{
    mo_buf_c(out, "</");
    mo_buf_str(out, tag_name(mo_str_from(tag, 1)));
    mo_buf_c(out, ">\n");
}

/* The document type declaration and what follows it, before the root; empty for none. */
static struct mo_str
document_type(const struct rdfxml *r)
{
    struct mo_str prolog = mo_buf_view(&r->prolog);

    return mo_str_from(prolog, mo_str_find(prolog, mo_str("<!DOCTYPE"), 0));
}

/* Hand the bytes of the unit up to `end` to whoever keeps rejects; `last`: there it ends. */
static void
put_reject(struct rdfxml *r, uint64_t end, bool last)
{
    const struct mo_reader_options *o = &r->reader.options;
    struct mo_str tag = root_tag(r);
    size_t first = tag.n ? 2 : 1; /* frame inside the root */
    bool begun = r->unit.kept > r->unit.start;
    uint64_t from = begun ? r->unit.kept : r->unit.start;
    struct mo_reject reject = {.more = !last};
    struct mo_buf buf[4];

    if (!o->reject || r->unit.aside)
        return;
    for (size_t i = 0; i < 4; ++i)
        mo_buf_init(&buf[i], 1 << 20);
    if (tag.n) {
        mo_buf_str(&buf[0], document_type(r));
        mo_buf_str(&buf[0], tag);
        mo_buf_c(&buf[0], ">\n");
        put_close(&buf[3], tag);
    }
    for (size_t i = first; !begun && i < r->unit.frame; ++i) {
        mo_buf_c(&buf[1], r->frames[i].tag);
        mo_buf_c(&buf[1], ">\n");
    }
    for (size_t i = r->unit.frame; last && i > first; --i)
        put_close(&buf[2], mo_str(r->frames[i - 1].tag));
    reject.root = mo_buf_view(&buf[0]);
    reject.open = mo_buf_view(&buf[1]);
    reject.bytes = mo_str_n(r->window.p + (from - r->offset), (size_t)(end - from));
    r->unit.kept = end;
    reject.close = mo_buf_view(&buf[2]);
    reject.finish = mo_buf_view(&buf[3]);
    if (o->reject(o->reject_ctx, &reject))
        r->reader.state = MO_READER_TROUBLE;
    for (size_t i = 0; i < 4; ++i)
        mo_buf_done(&buf[i]);
}

void
mo_rdfxml_end_unit(struct rdfxml *r, uint64_t end)
{
    struct mo_graph *graph = r->unit.graph;

    if (end - r->unit.start > r->reader.options.max_bytes)
        mo_rdfxml_too_big(r);
    if (r->unit.aside)
        mo_rdfxml_end_aside(r);
    if (r->unit.aside || r->unit.rejected) {
        put_reject(r, end, true);
        if (graph)
            mo_gather_release(r->gather, graph);
    } else if (mo_gather_unit(r->gather, graph, NULL, &r->unit.place, 0)) {
        r->reader.state = MO_READER_TROUBLE;
    }
    r->unit.graph = NULL;
    r->unit.rejected = false;
    r->in_unit = false;
    r->careful = NOT_CAREFUL;
}

/* ---- The parser ---- */

static int
new_parser(struct rdfxml *r)
{
    xmlSAXHandler sax;

    if (r->parser) {
        if (r->parser->myDoc)
            xmlFreeDoc(r->parser->myDoc);
        r->parser->myDoc = NULL;
        xmlFreeParserCtxt(r->parser);
    }
    mo_names_reset(r->names);
    mo_passing_reset(r->passing);
    mo_rdfxml_handlers(&sax);
    r->parser = xmlCreatePushParserCtxt(&sax, r, NULL, 0, NULL);
    if (r->parser)
        r->xml_space = xmlDictLookup(r->parser->dict, XML_XML_NAMESPACE, -1);
    if (!r->parser || !r->xml_space) {
        mo_rdfxml_trouble(r);
        return -1;
    }
    xmlCtxtUseOptions(r->parser,
        XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_BIG_LINES | XML_PARSE_IGNORE_ENC);
    r->declares = false;
    r->checked = 0;
    r->fatal = 0;
    r->parsed = 0;
    r->n_shifts = 0;
    r->lexed = 0;
    return 0;
}

/* Tell the parser what it would know here, had it read all that came before. */
static void
remind(struct rdfxml *r)
{
    for (size_t i = 1; i < r->n_frames; ++i)
        if (r->frames[i].tag)
            ++r->ghosts;
    if (r->prolog.n) {
        r->parsed += r->prolog.n;
        xmlParseChunk(r->parser, r->prolog.p, (int)r->prolog.n, 0);
    }
    for (size_t i = 1; !r->fatal && i < r->n_frames; ++i)
        if (r->frames[i].tag) {
            size_t n = strlen(r->frames[i].tag);

            r->parsed += n + 1;
            xmlParseChunk(r->parser, r->frames[i].tag, (int)n, 0);
            xmlParseChunk(r->parser, ">", 1, 0);
        }
}

/* ---- The character set ---- */

static int
add_bytes(struct rdfxml *r, struct mo_str bytes, bool last)
{
    if (r->decoder ? mo_decoder_push(r->decoder, bytes, last, &r->window)
                   : mo_buf_str(&r->window, bytes)) {
        mo_rdfxml_trouble(r);
        return -1;
    }
    return 0;
}

/* `head`: all that has come. */
static void
choose_charset(struct rdfxml *r, struct mo_str head)
{
    struct mo_told told = mo_charset_told(head);
    struct mo_str charset = r->reader.options.charset;
    size_t mark = told.mark;

    if (charset.n == 0)
        charset = told.charset;
    if (charset.p == told.charset.p && !told.by_bytes && !r->reader.options.strict &&
        mo_charset_is_wide(charset)) {
        mo_rdfxml_report(r, MO_DIAG_NOT_WIDE, charset, mo_str(""), 0);
        charset = mo_str("");
    }
    if (!mo_charset_is_utf8(charset)) {
        r->decoder = mo_decoder_new(charset, r->reader.options.strict);
        if (!r->decoder) {
            mo_rdfxml_report(r, MO_DIAG_CHARSET, charset, mo_str(""), 0);
            r->reader.state = MO_READER_BROKE_OFF;
            return;
        }
    }
    r->chosen = true;
    r->offset = r->place.offset = r->decoder ? 0 : mark;
    mo_rdfxml_shift_here(r);
    add_bytes(r, mo_str_from(head, mark), r->ended);
    mo_buf_done(&r->raw);
}

/* ---- Going on behind what cannot be parsed ---- */

/* The kept frame whose element has this name, or 0. */
static size_t
kept_frame(const struct rdfxml *r, struct mo_str name)
{
    for (size_t i = r->n_frames; i > 1; --i)
        if (r->frames[i - 1].tag &&
            mo_str_eq(name, tag_name(mo_str(r->frames[i - 1].tag + 1))))
            return i - 1;
    return 0;
}

/* Parse on from `at` of the window, inside the first `n_frames` frames. */
static void
parse_from(struct rdfxml *r, size_t at, size_t n_frames)
{
    mo_rdfxml_pop_frames(r, n_frames);
    r->lost = false;
    r->depth = n_frames - 1;
    mo_xml_reset(r);
    mo_buf_clear(&r->text);
    if (new_parser(r))
        return;
    remind(r);
    if (r->fatal || r->ghosts) { /* it is the elements around that are wrong */
        r->reader.state = MO_READER_BROKE_OFF;
        return;
    }
    r->fed = at;
    mo_rdfxml_shift_here(r);
}

/* The same behind the unit in hand. */
static void
resume(struct rdfxml *r, size_t at, size_t n_frames)
{
    if (r->in_unit)
        mo_rdfxml_end_unit(r, r->offset + at);
    parse_from(r, at, n_frames);
}

/* Read the unit in hand once more, with care. False when that would be in vain. */
static bool
try_again(struct rdfxml *r)
{
    bool html = r->fatal_id == MO_DIAG_NO_NAMESPACE;
    enum careful careful = html ? CAREFUL_HTML : CAREFUL;

    if (r->reader.options.strict || !r->in_unit || r->unit.rejected || r->unit.lost ||
        r->careful >= careful || r->fatal_id == MO_DIAG_NOT_CLOSED ||
        r->fatal_id == MO_DIAG_ATTRIBUTES)
        return false;
    if (r->unit.said > r->said_to || !r->careful)
        r->said_to = r->unit.said > r->unit.start ? r->unit.said : r->unit.start;
    r->careful = careful;
    r->html_said = false;
    r->in_unit = false;
    r->blanks = r->unit.blanks;
    if (r->unit.graph)
        mo_gather_release(r->gather, r->unit.graph);
    r->unit.graph = NULL;
    parse_from(r, (size_t)(r->unit.start - r->offset), r->unit.frame);
    return true;
}

/*
 * Look for the end of the unit that broke, the start of the next one of its name, or
 * the end of an element around. False when more bytes are needed.
 */
static bool
find_way(struct rdfxml *r)
{
    struct mo_str w = mo_buf_view(&r->window), unit = mo_str(r->unit_name);
    size_t close = 0; /* the next ">", or w.n */

    for (;; ++r->search) {
        struct mo_str s, name;
        size_t frame;
        bool end;

        r->search = mo_str_find(w, mo_str("<"), r->search);
        s = mo_str_from(w, r->search);
        if (close <= r->search)
            close = mo_str_find(w, mo_str(">"), r->search);
        if (s.n == 0 || (close == w.n && !r->ended))
            return false;
        end = s.n > 1 && s.p[1] == '/';
        name = tag_name(mo_str_from(s, end ? 2 : 1));
        if (unit.n && mo_str_eq(name, unit)) {
            size_t n = end ? mo_str_find(s, mo_str(">"), 0) + 1 : 0;

            resume(r, r->search + n, r->in_unit ? r->unit.frame : r->n_frames);
            return true;
        }
        frame = end ? kept_frame(r, name) : 0;
        if (frame) {
            resume(r, r->search, frame + 1);
            return true;
        }
    }
}

/* A start tag that libxml2 refused, before the grammar saw it: a unit all the same. */
static void
begin_broken_unit(struct rdfxml *r, uint64_t tag)
{
    struct mo_str s = mo_str_from(mo_buf_view(&r->window), (size_t)(tag - r->offset) + 1);
    struct mo_str name = tag_name(s);

    if (name.n == 0 || !(mo_is_alpha(name.p[0]) || (unsigned char)name.p[0] >= 0x80))
        return;
    memset(&r->unit, 0, sizeof r->unit);
    r->in_unit = true;
    r->unit.blanks = r->blanks;
    r->unit.start = tag;
    r->unit.place = r->unit.at = mo_rdfxml_place(r, tag);
    r->unit.frame = r->n_frames;
    snprintf(r->unit_name, sizeof r->unit_name, MO_FMT, MO_ARG(name));
}

/* Drop what stands before `offset`. */
static void
forget(struct rdfxml *r, uint64_t offset)
{
    size_t n = (size_t)(offset - r->offset);
    struct mo_place place = mo_rdfxml_place(r, offset);

    r->line = place.line;
    r->column = place.column;
    r->offset = offset;
    r->fed = r->fed > n ? r->fed - n : 0;
    r->search = r->search > n ? r->search - n : 0;
    mo_buf_shift(&r->window, n);
}

/* Another document follows, as `cat` leaves them: read it like the first. */
static void
next_document(struct rdfxml *r, uint64_t at)
{
    forget(r, at);
    r->fed = r->root_end = 0;
    r->depth = 0;
    r->behind = r->behind_said = r->started = false;
    r->relative_said = r->beyond_ascii = false;
    if (new_parser(r) == 0)
        mo_rdfxml_shift_here(r);
}

/* Behind the root element: look for another document. False when more bytes are needed. */
static bool
pass_behind(struct rdfxml *r)
{
    uint64_t from = r->root_end > r->offset ? r->root_end : r->offset;
    size_t n = (size_t)(from - r->offset);
    bool found = mo_rdfxml_behind(r, mo_str_from(mo_buf_view(&r->window), n), &n);

    from += n;
    if (found) {
        next_document(r, from);
    } else {
        forget(r, from);
        r->root_end = from;
    }
    return found;
}

/* The document is not well-formed here. */
static void
lose_way(struct rdfxml *r)
{
    uint64_t at = mo_rdfxml_offset(r), tag = mo_rdfxml_tag(r);
    bool in_tag =
        r->fatal == XML_ERR_TAG_NAME_MISMATCH || r->fatal == XML_ERR_INTERNAL_ERROR;

    if (r->root_end && !r->reader.options.strict) {
        r->behind = true;
        r->fatal = 0;
        return;
    }
    if (!r->in_unit && r->n_frames > 1)
        begin_broken_unit(r, tag);
    if (try_again(r))
        return;
    if (!r->in_unit || !r->unit.rejected)
        ++r->reader.rejected;
    report_at(r, r->fatal_id, mo_str(r->fatal_text), mo_str(""), in_tag ? tag : at);
    if (r->in_unit) {
        r->unit.rejected = true;
        mo_rdfxml_pop_frames(r, r->unit.frame);
    }
    if (r->reader.state != MO_READER_FINE)
        return;
    if (r->n_frames < 2) { /* there is nothing to go on in */
        r->reader.state = MO_READER_BROKE_OFF;
        return;
    }
    r->lost = true;
    r->search = (size_t)(tag - r->offset);
    if (!r->in_unit || tag == r->unit.start)
        ++r->search;
}

/* ---- The stream ---- */

static int
push(struct mo_reader *reader, struct mo_str bytes)
{
    struct rdfxml *r = (struct rdfxml *)reader;

    if (reader->state == MO_READER_TROUBLE)
        return -1;
    if (r->finished || reader->state != MO_READER_FINE)
        return 0;
    if (r->chosen)
        return add_bytes(r, bytes, false);
    if (r->raw.n == 0 && bytes.n >= DECLARATION)
        choose_charset(r, bytes);
    else if (mo_buf_str(&r->raw, bytes))
        mo_rdfxml_trouble(r);
    else if (r->raw.n >= DECLARATION)
        choose_charset(r, mo_buf_view(&r->raw));
    /* cppcheck-suppress knownConditionTrueFalse */
    return reader->state == MO_READER_TROUBLE ? -1 : 0;
}

static int
end(struct mo_reader *reader)
{
    struct rdfxml *r = (struct rdfxml *)reader;

    r->ended = true;
    if (reader->state != MO_READER_FINE)
        return 0;
    if (r->chosen)
        return add_bytes(r, mo_str(""), true);
    choose_charset(r, mo_buf_view(&r->raw));
    /* cppcheck-suppress knownConditionTrueFalse */
    return reader->state == MO_READER_TROUBLE ? -1 : 0;
}

/* Forget bytes that neither the parser nor a reject needs any more. */
static void
trim(struct rdfxml *r)
{
    uint64_t keep = r->in_unit && !r->unit.lost ? r->unit.start
                    : r->lost                   ? r->offset + r->search
                                                : mo_rdfxml_offset(r);
    size_t n = 0;

    if (r->n_frames < 2 && !r->in_unit && r->window.n < MAX_PROLOG)
        return;
    if (keep - r->offset < TRIMMED)
        return;
    if (r->in_unit && r->unit.lost)
        put_reject(r, keep, false);
    forget(r, keep);
    while (n + 1 < r->n_shifts &&
           r->shifts[n + 1].parsed + (uint64_t)r->shifts[n + 1].add <= keep)
        ++n;
    r->n_shifts -= n;
    memmove(r->shifts, r->shifts + n, r->n_shifts * sizeof *r->shifts);
}

/* A unit that is longer than the ceiling is held no longer. */
static void
check_size(struct rdfxml *r)
{
    uint64_t end = r->offset + (r->lost ? r->window.n : r->fed);

    if (!r->in_unit || r->unit.lost || end - r->unit.start <= r->reader.options.max_bytes)
        return;
    mo_rdfxml_too_big(r);
    r->unit.lost = true;
}

static bool
is_without_root(int error)
{
    return error == XML_ERR_DOCUMENT_EMPTY || error == XML_ERR_DOCUMENT_END;
}

/*
 * What libxml2 found wrong only at the end: something before it, of which it had waited
 * for the rest, or that the document ends before its root does, or begins none.
 */
static void
say_cut(struct rdfxml *r)
{
    uint64_t end = r->offset + r->window.n;

    if (r->fatal_at + 1 < end)
        mo_rdfxml_report(r, r->fatal_id, mo_str(r->fatal_text), mo_str(""), r->fatal_at);
    else if (r->n_frames <= 1 && !r->in_unit && is_without_root(r->fatal))
        mo_rdfxml_report(r, MO_DIAG_XML, mo_str(r->fatal_text), mo_str(""), end);
    else
        mo_rdfxml_report(r, MO_DIAG_CUT, mo_str(""), mo_str(""), end);
}

/* The document has ended. */
static void
finish(struct rdfxml *r)
{
    if (r->reader.state == MO_READER_FINE && !r->lost && !r->behind)
        xmlParseChunk(r->parser, "", 0, 1);
    if (r->reader.state == MO_READER_FINE && (r->fatal || r->lost)) {
        if (!r->lost)
            say_cut(r);
        if (r->reader.state == MO_READER_FINE)
            r->reader.state = MO_READER_BROKE_OFF;
    }
    if (r->incomplete && r->reader.state == MO_READER_FINE)
        r->reader.state = MO_READER_BROKE_OFF;
    if (r->in_unit) {
        if (!r->unit.rejected)
            ++r->reader.rejected;
        r->unit.rejected = true;
        mo_rdfxml_end_unit(r, r->offset + r->window.n);
    }
    mo_rdfxml_pop_frames(r, 1);
    mo_reader_bad_bytes(&r->reader, r->decoder);
    r->finished = true;
    if (r->reader.state != MO_READER_TROUBLE && mo_gather_end(r->gather))
        r->reader.state = MO_READER_TROUBLE;
}

/* Give the parser a slice. False when it needs more bytes first. */
static bool
parse_slice(struct rdfxml *r)
{
    uint64_t from = r->offset + r->fed;

    if (r->careful == CAREFUL || r->careful == CAREFUL_HTML)
        mo_rdfxml_feed_careful(r, r->ended);
    if (!r->careful || r->careful == GIVEN_UP)
        mo_rdfxml_feed_slice(r);
    if (r->fatal && r->reader.state == MO_READER_FINE)
        lose_way(r);
    check_size(r);
    trim(r);
    return r->offset + r->fed != from || r->lost || r->behind ||
           r->reader.state != MO_READER_FINE;
}

/* One step. False when more bytes are needed, or there is nothing left to do. */
static bool
advance(struct mo_reader *reader)
{
    struct rdfxml *r = (struct rdfxml *)reader;

    if (r->finished || (!r->chosen && r->reader.state == MO_READER_FINE))
        return false;
    if (r->reader.state != MO_READER_FINE) {
        finish(r);
        return true;
    }
    if (!r->started) {
        if (!r->ended && r->window.n < MO_DOCUMENT_HEAD)
            return false;
        r->document = mo_document_key(r->reader.options.base, mo_buf_view(&r->window));
        r->envelope = r->document;
        r->started = true;
        if (!r->reader.options.strict)
            mo_rdfxml_heading(r);
    }
    if ((r->lost && find_way(r)) || (r->behind && pass_behind(r)))
        return true;
    if (r->lost) {
        check_size(r);
        trim(r);
    } else if (!r->behind && r->fed < r->window.n) {
        return parse_slice(r);
    }
    if (r->ended)
        finish(r);
    return r->ended;
}

static int
next(struct mo_reader *reader, const struct mo_record **record)
{
    return mo_gather_pull(((struct rdfxml *)reader)->gather, reader, advance, record);
}

static void
destroy(struct mo_reader *reader)
{
    struct rdfxml *r = (struct rdfxml *)reader;

    if (r->in_unit && r->unit.graph)
        mo_gather_release(r->gather, r->unit.graph);
    for (size_t i = 0; i < r->n_frames; ++i)
        r->frames[i].opened = false;
    mo_rdfxml_pop_frames(r, 0);
    free(r->frames);
    free(r->shifts);
    if (r->parser) {
        if (r->parser->myDoc)
            xmlFreeDoc(r->parser->myDoc);
        xmlFreeParserCtxt(r->parser);
    }
    mo_decoder_free(r->decoder);
    mo_buf_done(&r->raw);
    mo_buf_done(&r->window);
    mo_buf_done(&r->prolog);
    mo_buf_done(&r->text);
    mo_index_done(&r->ids);
    for (size_t i = 0; i < r->n_languages; ++i)
        free(r->languages[i]);
    mo_names_free(r->names);
    mo_passing_free(r->passing);
    mo_xml_free(r->xml);
    mo_gather_free(r->gather);
    free(r);
}

static const struct mo_reader_class rdfxml_class = {destroy, push, end, next, NULL};

struct mo_reader *
mo_rdfxml_reader(const struct mo_reader_options *options)
{
    struct rdfxml *r = calloc(1, sizeof *r);

    if (!r)
        return NULL;
    mo_reader_init(&r->reader, &rdfxml_class, options);
    mo_buf_init(&r->raw, SIZE_MAX);
    mo_buf_init(&r->window, SIZE_MAX);
    mo_buf_init(&r->prolog, MAX_PROLOG);
    mo_buf_init(&r->text, r->reader.options.max_bytes);
    r->line = r->column = 1;
    r->place.line = r->place.column = 1;
    r->gather = mo_gather_new(&r->reader.options);
    r->names = mo_names_new(options->vocab);
    r->passing = mo_passing_new();
    r->xml = mo_xml_new();
    if (!r->gather || !r->names || !r->passing || !r->xml || new_parser(r) ||
        mo_rdfxml_first_frame(r)) {
        destroy(&r->reader);
        return NULL;
    }
    return &r->reader;
}
