#include "rdf/writer.h"
struct mo_writer *mo_datagouv_writer(const struct mo_writer_options *o){(void)o;return NULL;}
