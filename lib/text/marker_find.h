/* Where in a text "pfproc:" stands: nearly never, and in as little time as a
 * look at each byte takes.
 *
 * Pure functions: any thread. Every ISA, which must be supported, gives the
 * same.
 */
#pragma once

#include "base/isa.h"
#include "base/types.h"

#define PF_MARKER_WORD "pfproc:"
#define PF_MARKER_WORD_LEN 7

/* The first place before N, or N where there is none, at which the word stands
 * wholly in TEXT. N <= text.len. */
gsize pf_marker_find (PfSpan text, gsize n, PfIsa isa);
