#include "protocol.h"

static const struct page_reader readers[] = {
    {"rdfxml", "rdfxml2dcatap"},
    {"jsonld", "jsonld2dcatap"},
    {"turtle", "ttl2dcatap"},
};

const struct protocol protocol_dcat = {
    .type = "dcat",
    .backend = "DCAT",
    .readers = readers,
    .n_readers = sizeof readers / sizeof readers[0],
    .accept = "application/rdf+xml, application/ld+json;q=0.9, application/xml;q=0.8, "
              "text/xml;q=0.7, application/json;q=0.6, */*;q=0.1",
};
