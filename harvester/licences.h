/* The licences that data.gouv.fr knows, by their ids there; from the table "licences". */
#ifndef HARVESTER_LICENCES_H
#define HARVESTER_LICENCES_H

#include <stdbool.h>

bool licence_is_known(const char *id);

/* The known id that is nearest to one that is not, or NULL when none is near. It stays. */
const char *licence_nearest(const char *id);

#endif
