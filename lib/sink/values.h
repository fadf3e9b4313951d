/* The values of a match as one text: each once, in the order of their first
 * appearance, joined by a comma and a space. No state: any thread.
 */
#pragma once

#include "base/record.h"

/* Appends them to OUT, each by APPEND; what stands before the first is FIRST.
 * FALSE where there are none. */
gboolean pf_values_append (GString *out, const PfMatchRecord *record,
                           const char *first,
                           void (*append) (GString *out, PfSpan value));
