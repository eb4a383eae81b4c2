/* Everything: the library of the Moisson filters. */
#ifndef MOISSON_H
#define MOISSON_H

#include <moisson/arena.h>
#include <moisson/buf.h>
#include <moisson/clean.h>
#include <moisson/date.h>
#include <moisson/diag.h>
#include <moisson/flow.h>
#include <moisson/iri.h>
#include <moisson/json.h>
#include <moisson/output.h>
#include <moisson/reader.h>
#include <moisson/record.h>
#include <moisson/report.h>
#include <moisson/standby.h>
#include <moisson/str.h>
#include <moisson/tables.h>
#include <moisson/term.h>
#include <moisson/text.h>
#include <moisson/vocab.h>
#include <moisson/writer.h>

#endif
