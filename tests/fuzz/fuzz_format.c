/*
 * Formats: what a text names, the IRI of its type names too; and of a distribution, of which the
 * lines are format, media type, address and title, what is said comes first.
 */
#include "dcat/values.h"
#include "fuzz.h"

static const struct mo_values *
values(void)
{
    static struct mo_values *made;

    if (!made)
        made = mo_values_new(fuzz_vocab());
    MUST(made);
    return made;
}

static void
check(const struct mo_format *format)
{
    struct mo_format again;
    char memory[256];
    struct mo_buf iri;

    MUST(format->name.n && (!format->type.n || !format->protocol.n));
    if (!format->type.n)
        return;
    mo_buf_fixed(&iri, memory, sizeof memory);
    mo_buf_printf(&iri,
        "http://publications.europa.eu/resource/authority/file-type/" MO_FMT,
        MO_ARG(format->type));
    if (mo_format_named(values(), mo_buf_view(&iri), &again) && again.type.n)
        MUST_EQUAL(again.type, format->type);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mo_format format, other;
    struct mo_export export;
    struct mo_buf text, key, again;
    struct mo_said said = {.served = size % 2};
    struct mo_str rest;

    fuzz_text(&text, fuzz_str(data, size));
    rest = mo_buf_view(&text);
    said.format = fuzz_line(&rest);
    said.media_type = fuzz_line(&rest);
    said.url = fuzz_line(&rest);
    said.title = fuzz_line(&rest);
    if (mo_format_named(values(), said.format, &format)) {
        check(&format);
        MUST(mo_format_of(values(), &said, &other));
        if (!format.vague)
            MUST_EQUAL(other.name, format.name);
    }
    if (mo_format_of(values(), &said, &format))
        check(&format);
    MUST(mo_media_type_named(values(), said.media_type).n || !said.media_type.n);
    mo_buf_init(&key, FUZZ_MAX);
    mo_buf_init(&again, FUZZ_MAX);
    if (mo_export_at(values(), said.url, &export, &key)) {
        MUST(export.token.n && key.n);
        MUST(mo_export_at(values(), said.url, &export, &again));
        MUST_EQUAL(mo_buf_view(&key), mo_buf_view(&again));
    }
    mo_buf_done(&text);
    mo_buf_done(&key);
    mo_buf_done(&again);
    return 0;
}
