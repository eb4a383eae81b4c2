/* Texts of files that are the same in each site: site.css, site.js. */
#ifndef MO_SITE_ASSETS_H
#define MO_SITE_ASSETS_H

extern const char site_css[], site_js[];

#endif
