#include "protocol.h"

#include <string.h>

#include "../nearest.h"

static const struct protocol *const protocols[] = {
    &protocol_dcat,
    &protocol_ckan,
    &protocol_csw,
    &protocol_ods,
    &protocol_datagouv,
    &protocol_datajson,
};

enum { N_PROTOCOLS = sizeof protocols / sizeof protocols[0] };

const struct protocol *
protocol_named(const char *type)
{
    for (size_t i = 0; i < N_PROTOCOLS; ++i)
        if (strcmp(protocols[i]->type, type) == 0)
            return protocols[i];
    return NULL;
}

const char *
protocol_nearest(const char *type)
{
    const char *types[N_PROTOCOLS];

    for (size_t i = 0; i < N_PROTOCOLS; ++i)
        types[i] = protocols[i]->type;
    return nearest(type, types, N_PROTOCOLS);
}

const struct protocol *
protocol_of(const char *url)
{
    for (size_t i = 0; i < N_PROTOCOLS; ++i)
        if (protocols[i]->owns && protocols[i]->owns(url))
            return protocols[i];
    return &protocol_dcat;
}
