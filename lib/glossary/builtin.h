/* The built-in glossary of common misspellings, embedded at build time as the
 * text of a tsv file. */
#pragma once

#include "base/types.h"

/* Static; any thread. */
PfSpan pf_builtin_text (void);
