/* The links of an HTML page to other forms of what it shows. */
#ifndef HARVESTER_LINKS_H
#define HARVESTER_LINKS_H

#include <moisson/str.h>

enum { MAX_LINKS = 16, MAX_LINK = 2048 };

struct links {
    struct {
        char type[128], url[MAX_LINK];
    } of[MAX_LINKS];
    size_t n;
};

/* All <link rel="alternate" type="..." href="..."> in `html`, as far as there is room. */
void links_read(struct mo_str html, struct links *links);

#endif
