/* Texts of files that are the same in each site: site.css, site.js. */
#ifndef MO_SITE_ASSETS_H
#define MO_SITE_ASSETS_H

extern const char mo_site_css[], mo_site_js[];

#endif
