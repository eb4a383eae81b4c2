/* Licences: what a text names, its IRI and its id name too, however the text is dressed. */
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
must_name(struct mo_str text, const struct mo_licence *wanted)
{
    struct mo_licence licence;

    MUST(mo_licence_named(values(), text, &licence));
    MUST_EQUAL(licence.id, wanted->id);
    MUST_EQUAL(licence.iri, wanted->iri);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mo_licence licence, own;
    struct mo_buf text, padded;

    fuzz_text(&text, fuzz_str(data, size));
    mo_buf_init(&padded, FUZZ_MAX);
    if (mo_licence_named(values(), mo_buf_view(&text), &licence)) {
        MUST(licence.id.n || licence.iri.n);
        MUST_EQUAL(mo_licence(values(), mo_buf_view(&text)), licence.id);
        if (licence.iri.n) {
            must_name(licence.iri, &licence);
            mo_buf_printf(&padded, "Voir " MO_FMT ".", MO_ARG(licence.iri));
            must_name(mo_buf_view(&padded), &licence);
        }
        if (licence.id.n) {
            MUST(mo_licence_named(values(), licence.id, &own));
            MUST_EQUAL(own.id, licence.id);
        }
        mo_buf_clear(&padded);
        mo_buf_c(&padded, "  ");
        mo_buf_str(&padded, mo_buf_view(&text));
        mo_buf_c(&padded, " \n");
        must_name(mo_buf_view(&padded), &licence);
    }
    mo_buf_done(&text);
    mo_buf_done(&padded);
    return 0;
}
